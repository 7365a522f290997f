"""Contact attributes by JSONPath: tables A1 to A10, bracket notation, and references inside text.

A reference is `$.Namespace.key`, `$['Namespace']['key']` or a mixture (`$.Attributes.['user key']`). A reference that
leads nowhere is `MISSING`; a block that needs it takes its Error branch (FLOW-142).
"""

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any, Final

from switchroom.flows.language import text_of
from switchroom.flows.state import Frame
from switchroom.flows.world import AgentView, Endpoint, FlowError, Named, World


class _Missing:
    def __repr__(self) -> str:
        return "MISSING"


MISSING: Final = _Missing()

MAXIMUM_BYTES = 32 * 1024
"""Contact attributes, and the flow attributes of one run, each together."""

_SEGMENT = r"\.?\['[^']*'\]|\.?\[\"[^\"]*\"\]|\.[A-Za-z0-9_\-]+"
_REFERENCE = re.compile(rf"\$(?:{_SEGMENT})+")
_SEGMENTS = re.compile(r"\.?\['([^']*)'\]|\.?\[\"([^\"]*)\"\]|\.([A-Za-z0-9_\-]+)")
_WHOLE = re.compile(rf"\$(?:{_SEGMENT}|\.[^\s.\[\]]+)+")


@lru_cache(maxsize=8192)
def path_of(text: str) -> tuple[str, ...] | None:
    """The keys of a text that is one reference and nothing else; None for any other text.

    Outside running text a plain key may hold any character but white space, `.` and brackets.
    """
    if not text.startswith("$") or not _WHOLE.fullmatch(text):
        return None
    keys: list[str] = []
    rest = text[1:]
    while rest:
        found = _SEGMENTS.match(rest) or re.match(r"()()\.([^\s.\[\]]+)", rest)
        if found is None:
            return None
        wider = re.match(r"()()\.([^\s.\[\]]+)", rest)
        if wider is not None and wider.end() > found.end():
            found = wider
        keys.append(next((group for group in found.groups() if group), ""))
        rest = rest[found.end() :]
    return tuple(keys) if keys[0] in _ROOTS else None


@lru_cache(maxsize=4096)
def _parts(text: str) -> tuple[str | tuple[tuple[str, ...], tuple[str, ...]], ...] | None:
    """Literal texts and references (keys, spelling of each key) of a text; None when it holds no reference."""
    parts: list[str | tuple[tuple[str, ...], tuple[str, ...]]] = []
    end = 0
    for found in _REFERENCE.finditer(text):
        segments = list(_SEGMENTS.finditer(found.group()[1:]))
        keys = tuple(next((group for group in s.groups() if group is not None), "") for s in segments)
        if keys[0] not in _ROOTS:
            continue
        parts.append(text[end : found.start()])
        parts.append((keys, tuple(s.group() for s in segments)))
        end = found.end()
    return (*parts, text[end:]) if parts else None


def resolve(path: tuple[str, ...], frame: Frame, world: World) -> Any:
    """The value at a path, of any JSON type; MISSING when there is none. A null is MISSING too."""
    value = _ROOTS[path[0]](frame, world) if path[0] in _ROOTS else MISSING
    for key in path[1:]:
        if not isinstance(value, Mapping):
            return MISSING
        value = value.get(key, MISSING)
    return MISSING if value is None else value


def interpolate(text: str, frame: Frame, world: World) -> str:
    """A text with its references replaced. Raises FlowError for a reference that leads nowhere.

    The longest path that exists wins and the rest stays text, so `$.Attributes.company.inc.` reads the attribute
    `company` followed by `.inc.` unless there is something at `company.inc`.
    """
    parts = _parts(text)
    if parts is None:
        return text
    return "".join(part if isinstance(part, str) else _longest(*part, frame, world) for part in parts)


def _longest(keys: tuple[str, ...], spelled: tuple[str, ...], frame: Frame, world: World) -> str:
    for length in range(len(keys), 0, -1):
        value = resolve(keys[:length], frame, world)
        if value is not MISSING and not isinstance(value, (Mapping, list)):
            return text_of(value) + "".join(spelled[length:])
    raise FlowError(f"There is no value at ${''.join(spelled)}")


def value_of(value: Any, frame: Frame, world: World) -> Any:
    """A parameter as the block gets it. Raises FlowError for a reference that leads nowhere.

    One reference keeps the type of what it refers to, text is interpolated, lists and objects are taken apart,
    anything else stays.
    """
    if isinstance(value, str):
        if "$" not in value:
            return value
        path = path_of(value)
        if path is None:
            return interpolate(value, frame, world)
        found = resolve(path, frame, world)
        if found is MISSING:
            raise FlowError(f"There is no value at {value}")
        return found
    if isinstance(value, dict):
        return {key: value_of(item, frame, world) for key, item in value.items()}
    if isinstance(value, list):
        return [value_of(item, frame, world) for item in value]
    return value


def check_key(key: str) -> None:
    """Keys of user-defined and flow attributes hold neither `$` nor `.` (BLK-117). Raises FlowError."""
    if not key or "$" in key or "." in key:
        raise FlowError(f"The attribute key {key!r} is not allowed: a key is not empty and holds no '$' and no '.'")


def size_of(attributes: Mapping[str, str]) -> int:
    """Bytes of attributes in UTF-8, keys and values."""
    return sum(len(key.encode()) + len(value.encode()) for key, value in attributes.items())


def _endpoint(endpoint: Endpoint | None) -> dict[str, str] | None:
    return None if endpoint is None else {"Address": endpoint.address, "Type": endpoint.type}


def _queue(frame: Frame, world: World) -> dict[str, Any] | None:
    queue: Named | None = world.contact.queue
    if queue is None:
        return None
    caller = _endpoint(world.contact.outbound_caller_id)
    return {"Name": queue.name, "ARN": queue.arn, "OutboundCallerId": caller}


def _agent(frame: Frame, world: World) -> dict[str, str] | None:
    agent: AgentView | None = world.contact.agent
    if agent is None:
        return None
    return {
        "UserName": agent.user_name,
        "FirstName": agent.first_name,
        "LastName": agent.last_name,
        "ARN": agent.arn,
    }


def _references(frame: Frame, world: World) -> dict[str, dict[str, str]]:
    return {key: {"Value": r.value, "Type": r.type} for key, r in world.contact.references.items()}


def _callback_number(frame: Frame, world: World) -> str | None:
    contact = world.contact
    return contact.callback_number or (contact.customer_endpoint.address if contact.customer_endpoint else None)


Root = Callable[[Frame, World], Any]

_ROOTS: dict[str, Root] = {
    "Attributes": lambda frame, world: world.contact.attributes,
    "External": lambda frame, world: frame.external,
    "FlowAttributes": lambda frame, world: frame.flow_attributes,
    "Lex": lambda frame, world: frame.lex,
    "Customer": lambda frame, world: frame.customer,
    "Case": lambda frame, world: frame.case,
    "Views": lambda frame, world: frame.views,
    "Metrics": lambda frame, world: frame.metrics,
    "StoredCustomerInput": lambda frame, world: frame.stored_input,
    "AwsRegion": lambda frame, world: world.region,
    "InstanceARN": lambda frame, world: world.instance_arn,
    "ContactId": lambda frame, world: world.contact.id,
    "InitialContactId": lambda frame, world: world.contact.initial_id,
    "PreviousContactId": lambda frame, world: world.contact.previous_id,
    "Task": lambda frame, world: {"ContactId": world.contact.task_id},
    "Channel": lambda frame, world: world.contact.channel,
    "InitiationMethod": lambda frame, world: world.contact.initiation_method,
    "Name": lambda frame, world: world.contact.name,
    "Description": lambda frame, world: world.contact.description,
    "References": _references,
    "LanguageCode": lambda frame, world: world.contact.language,
    "CustomerId": lambda frame, world: world.contact.customer_id,
    "CustomerEndpoint": lambda frame, world: _endpoint(world.contact.customer_endpoint),
    "SystemEndpoint": lambda frame, world: _endpoint(world.contact.system_endpoint),
    "CustomerCallbackNumber": _callback_number,
    "Queue": _queue,
    "Agent": _agent,
    "Tags": lambda frame, world: world.contact.tags,
    "SegmentAttributes": lambda frame, world: world.contact.segment_attributes,
    "TextToSpeechVoiceId": lambda frame, world: world.contact.voice[0],
    "Media": lambda frame, world: {
        "Sip": {"Headers": world.contact.sip_headers},
        "InitialMessage": world.contact.initial_message,
    },
    "MediaStreams": lambda frame, world: world.contact.media_streams,
}

ROOTS: Final = tuple(_ROOTS)
"""What may stand behind `$.`."""
