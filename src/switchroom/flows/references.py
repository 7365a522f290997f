"""What a flow refers to, by ARN and by name: export with names, and resolution on import (FLOW-52, FLOW-53).

A reference is resolved by its ARN if that resource is here, else by the name that the export noted of it, else not at
all; then the block shows it, and the flow cannot be published where the block needs it.
"""

import copy
import re
from collections.abc import Iterator, Mapping
from typing import Any, Literal, Protocol

import msgspec

from switchroom.flows.blocks import registry
from switchroom.flows.blocks.declare import Field, at
from switchroom.flows.language import Action, CompiledFlow, parse, write

EXPORT_BLOCKS = 100
"""A flow of as many blocks or more is not exported; nor one of as many bytes."""
EXPORT_BYTES = 1_000_000

TYPES = {
    "CONTACT_FLOW": "contactFlow",
    "CUSTOMER_QUEUE": "customerQueue",
    "CUSTOMER_HOLD": "customerHold",
    "CUSTOMER_WHISPER": "customerWhisper",
    "OUTBOUND_WHISPER": "outboundWhisper",
    "AGENT_HOLD": "agentHold",
    "AGENT_WHISPER": "agentWhisper",
    "AGENT_TRANSFER": "agentTransfer",
    "QUEUE_TRANSFER": "queueTransfer",
    "MODULE": "contactFlowModule",
}
"""How a file says what type its flow is."""

BOT_ALIAS = "bot-alias"

_OLD_NAMES = {
    "QueueId": ("queue",),
    "AgentId": ("queue",),
    "ContactFlowId": ("ContactFlow", "contactFlow"),
    "EventHooks": ("contactFlow", "ContactFlow"),
    "FlowModuleId": ("contactFlowModuleName",),
    "PromptId": ("promptName",),
}
"""Where older exports note the name of a resource, by the first key of its place."""


class Target(Protocol):
    """A configured resource."""

    @property
    def arn(self) -> str: ...
    @property
    def name(self) -> str: ...


class Directory(Protocol):
    """The resources of an instance."""

    def known(self, kind: str, reference: str) -> Target | None:
        """What an id or ARN names here."""

    def named(self, kind: str, name: str) -> Target | None:
        """The resource of a kind with a name."""


class Reference(msgspec.Struct, frozen=True):
    """One reference of a flow. `path` is below the action's parameters (`Messages[0].PromptId`)."""

    action: str
    path: str
    kind: str
    value: str
    name: str
    mandatory: bool


class Resolution(msgspec.Struct, frozen=True):
    """What became of a reference. `arn` and `name` are those of the resource here, empty when there is none."""

    reference: Reference
    how: Literal["ARN", "NAME", "UNRESOLVED"]
    arn: str = ""
    name: str = ""


def api_type(written: str) -> str | None:
    """The type of a flow by how a file writes it; None for one nobody knows."""
    return next((type for type, known in TYPES.items() if written in (known, type)), None)


def references(flow: CompiledFlow) -> list[Reference]:
    """Every reference that is not dynamic, in the order of the blocks."""
    described = _mapping(_mapping(flow.document.get("Metadata")).get("ActionMetadata"))
    found: list[Reference] = []
    for action in flow.actions.values():
        metadata = _mapping(described.get(action.id))
        for kind, path, mandatory in _places(action):
            value = _at(action.parameters, path)
            name = _name(metadata, path)
            if isinstance(value, str) and "$" not in value and (value or name):
                found.append(Reference(action.id, path, kind, value, name, mandatory))
    return found


def _places(action: Action) -> Iterator[tuple[str, str, bool]]:
    """(kind, path, whether the block needs it) of each property that names a resource."""
    form = registry.form_of(action.type, action.parameters)
    if form is not None:
        yield from _of_fields(form.fields, action.parameters, "")


def _of_fields(fields: tuple[Field, ...], parameters: Mapping[str, Any], where: str) -> Iterator[tuple[str, str, bool]]:
    for field in fields:
        if not field.shown(parameters):
            continue
        path = f"{where}{field.path}"
        if field.kind == "RESOURCE":
            yield str(field.resource), path, field.required or field.one_of is not None
        elif field.kind == "PROMPT":
            yield "prompt", f"{path}.PromptId" if path else "PromptId", True
        elif field.kind in ("MESSAGES", "ROWS"):
            for index, row in enumerate(_list(at(parameters, field.path))):
                if field.kind == "MESSAGES":
                    yield "prompt", f"{path}[{index}].PromptId", True
                else:
                    yield from _of_fields(field.fields, _mapping(row), f"{path}[{index}].")


def resolved(content: str, type: str, directory: Directory) -> tuple[str, list[Resolution]]:
    """A flow with its references turned to the resources of this instance, and what became of each."""
    flow = parse(content, type=type)
    document = copy.deepcopy(flow.document)
    actions = {raw["Identifier"]: raw for raw in reversed(document["Actions"])}
    outcome: list[Resolution] = []
    for reference in references(flow):
        found = _resolve(reference, directory)
        outcome.append(found)
        if found.how == "NAME":
            _put(actions[reference.action]["Parameters"], reference.path, found.arn)
    changed = any(found.how == "NAME" for found in outcome)
    return write(document) if changed else content, outcome


def exported(content: str, type: str, name: str, description: str, status: str, directory: Directory) -> str:
    """A flow as a file: the document with the names and ARNs of what it refers to.

    Raises ValueError at 100 blocks or 1 MB.
    """
    flow = parse(content, type=type)
    document = copy.deepcopy(flow.document)
    metadata = _object(document, "Metadata")
    metadata |= {"name": name, "description": description, "type": TYPES.get(type, type), "status": status}
    metadata.setdefault("hash", {})
    described = _object(metadata, "ActionMetadata")
    blocks = len(flow.actions) - _companions(described)
    if blocks >= EXPORT_BLOCKS:
        raise ValueError(f"The flow has {blocks} blocks; one of {EXPORT_BLOCKS} or more cannot be exported")
    actions = {raw["Identifier"]: raw for raw in reversed(document["Actions"])}
    for reference in references(flow):
        found = directory.known(reference.kind, reference.value)
        if found is not None:
            _put(actions[reference.action]["Parameters"], reference.path, found.arn)
            _describe(_object(_object(described, reference.action), "parameters"), reference, found.name)
    text = write(document)
    if len(text.encode()) >= EXPORT_BYTES:
        raise ValueError(f"The flow has {len(text.encode())} bytes; one of {EXPORT_BYTES} or more cannot be exported")
    return text


def _describe(parameters: dict[str, Any], reference: Reference, name: str) -> None:
    """Note the name of a resource; that of a bot alias is two names, `Bot:Alias`."""
    bot, _, alias = name.rpartition(":") if reference.kind == BOT_ALIAS else ("", "", name)
    _put(parameters, f"{reference.path}.displayName", alias)
    if bot:
        _put(parameters, f"{reference.path}.lexV2BotName", bot)


def _resolve(reference: Reference, directory: Directory) -> Resolution:
    found = directory.known(reference.kind, reference.value) if reference.value else None
    if found is not None:
        return Resolution(reference, "ARN", found.arn, found.name)
    found = directory.named(reference.kind, reference.name) if reference.name else None
    if found is not None:
        return Resolution(reference, "NAME", found.arn, found.name)
    return Resolution(reference, "UNRESOLVED")


def _companions(described: dict[str, Any]) -> int:
    """Actions that are drawn as part of another block."""
    parts = {str(part) for one in described.values() for part in _list(_mapping(one).get("children"))}
    return len(parts & set(described))


def _name(metadata: dict[str, Any], path: str) -> str:
    """The name an export noted for a place, in the newer or the older way; of a bot alias `Bot:Alias`."""
    place = _mapping(_at(_mapping(metadata.get("parameters")), path))
    bot = place.get("lexV2BotName") or metadata.get("lexV2BotName")
    if isinstance(bot, str) and path.endswith("AliasArn"):
        return f"{bot}:{place.get('displayName') or metadata.get('lexV2BotAliasName') or ''}"
    if isinstance(place.get("displayName"), str):
        return str(place["displayName"])
    keys = list(_keys(path))
    if keys[0] == "Messages" and isinstance(keys[1], int):
        sounds = _list(metadata.get("audio"))
        sound = _mapping(sounds[keys[1]]) if keys[1] < len(sounds) else {}
        return str(sound.get("text") or "") if sound.get("type") == "Prompt" else ""
    for older in _OLD_NAMES.get(str(keys[0]), ()):
        noted = metadata.get(older)
        if isinstance(noted, dict) and isinstance(noted.get("text"), str):
            return str(noted["text"])
        if isinstance(noted, str) and older.endswith("Name"):
            return noted
    return ""


_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")


def _keys(path: str) -> Iterator[str | int]:
    """`Messages[0].PromptId` key by key."""
    for key, index in _STEP.findall(path):
        yield key or int(index)


def _at(value: Any, path: str) -> Any:
    for key in _keys(path):
        if isinstance(value, list):
            value = value[key] if isinstance(key, int) and key < len(value) else None
        else:
            value = value.get(str(key)) if isinstance(value, dict) else None
    return value


def _put(node: dict[str, Any], path: str, value: str) -> None:
    """Set a place, making the objects on the way; where a list is missing, objects by position stand in for it."""
    *way, last = _keys(path)
    inner: Any = node
    for key in way:
        if isinstance(inner, list) and isinstance(key, int) and key < len(inner):
            inner = inner[key]
        elif isinstance(inner, dict):
            following = inner.get(str(key))
            inner[str(key)] = inner = following if isinstance(following, (dict, list)) else {}
        else:
            return
    if isinstance(inner, dict):
        inner[str(last)] = value


def _object(node: dict[str, Any], key: str) -> dict[str, Any]:
    """The object at a key, made if there is none."""
    found = node.get(key)
    if not isinstance(found, dict):
        found = node[key] = {}
    return found


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
