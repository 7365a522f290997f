"""The flow language: a JSON document becomes a flow whose steps are dictionary lookups.

`parse` reads any exported flow. Unknown action types and unknown keys are kept; `CompiledFlow.document` is what was
read, so that `dump` gives back every key (BLK-007). Flows of the old language are converted on the way (FLOW-51).
"""

import json
import re
from typing import Any, NoReturn

import msgspec

from switchroom.flows import legacy

VERSION = "2019-10-30"
MAXIMUM_BYTES = 4_000_000
MAXIMUM_DEPTH = 100
"""What is larger, in UTF-8, or goes deeper is not looked into; the checker allows less."""
NO_MATCHING_ERROR = "NoMatchingError"
NO_MATCHING_CONDITION = "NoMatchingCondition"


class FlowSyntaxError(Exception):
    """The text is not a flow at all: not JSON, or not of the shape Version, StartAction, Actions."""


class Condition(msgspec.Struct, frozen=True):
    """One branch of an action: where to go when `operator` holds between the action's value and the operand.

    `nested` holds the parts of an `And` / `Or` condition.
    """

    operator: str
    operand: str
    next: str
    nested: tuple["Condition", ...] = ()


class Action(msgspec.Struct, frozen=True):
    """One action. `errors` maps an error type to the action that follows it."""

    id: str
    type: str
    parameters: dict[str, Any]
    next: str | None
    conditions: tuple[Condition, ...]
    errors: dict[str, str]
    name: str
    """The custom block name if the designer gave one, else the identifier."""


class CompiledFlow(msgspec.Struct, frozen=True):
    """A flow ready to run. `type` is one of `state.FLOW_TYPES` or `MODULE`; `version` counts its published versions."""

    id: str
    arn: str
    name: str
    type: str
    version: int
    start: str
    actions: dict[str, Action]
    document: dict[str, Any]


def parse(
    content: str | bytes, *, id: str = "", arn: str = "", name: str = "", type: str = "CONTACT_FLOW", version: int = 1
) -> CompiledFlow:
    """Compile a flow document. Raises `FlowSyntaxError` when it is not one; the checker finds everything finer."""
    document = load(content)
    metadata = _mapping(_mapping(document.get("Metadata")).get("ActionMetadata"))
    actions: dict[str, Action] = {}
    for position, raw in enumerate(document["Actions"]):
        action = _action(raw, position, metadata)
        actions.setdefault(action.id, action)
    return CompiledFlow(id, arn or id, name, type, version, document["StartAction"], actions, document)


def load(content: str | bytes) -> dict[str, Any]:
    """The document as plain data in the current language, its outer shape checked. Raises `FlowSyntaxError`."""
    document = _read(content)
    if legacy.is_legacy(document):
        try:
            document = legacy.convert(document)
        except ValueError as wrong:
            raise FlowSyntaxError(f"The flow of the old language cannot be converted: {wrong}") from None
    if not isinstance(document, dict):
        raise FlowSyntaxError("The content is not a JSON object")
    if document.get("Version") != VERSION:
        raise FlowSyntaxError(f'"Version" must be "{VERSION}"')
    if not isinstance(document.get("StartAction"), str):
        raise FlowSyntaxError('"StartAction" must be the identifier of an action')
    if not isinstance(document.get("Actions"), list):
        raise FlowSyntaxError('"Actions" must be a list')
    return document


def current(content: str) -> str:
    """A flow's text as it is to be stored: unchanged, or converted from the old language."""
    return write(load(content)) if '"modules"' in content and legacy.is_legacy(_read(content)) else content


def write(document: dict[str, Any]) -> str:
    """A document as text, every key kept, in the order it has."""
    return json.dumps(document, ensure_ascii=False)


def _read(content: str | bytes) -> Any:
    size = len(content) if isinstance(content, bytes) else len(content.encode(errors="surrogatepass"))
    if size > MAXIMUM_BYTES:
        raise FlowSyntaxError(f"The content has {size} bytes; at most {MAXIMUM_BYTES} are allowed")
    try:
        document = json.loads(content, parse_constant=_refuse)
        if _SURROGATE.search(content if isinstance(content, str) else content.decode()):
            write(document).encode()
    except RecursionError:
        raise FlowSyntaxError(f"The content is nested deeper than {MAXIMUM_DEPTH} levels") from None
    except ValueError as wrong:
        raise FlowSyntaxError(f"The content is not JSON: {wrong}") from None
    place = _too_deep(document)
    if place is not None:
        raise FlowSyntaxError(f"The content is nested deeper than {MAXIMUM_DEPTH} levels at {place}")
    return document


_SURROGATE = re.compile(r"\\u[dD][89a-fA-F]|[\ud800-\udfff]")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is not a number of JSON")


def _too_deep(document: Any) -> str | None:
    """Where the document goes below `MAXIMUM_DEPTH`, found without recursion."""
    level: list[tuple[str, Any]] = [("", document)]
    for _ in range(MAXIMUM_DEPTH):
        below: list[tuple[str, Any]] = []
        for place, value in level:
            if isinstance(value, dict):
                below += [(f"{place}.{key}" if place else str(key), item) for key, item in value.items()]
            elif isinstance(value, list):
                below += [(f"{place}[{index}]", item) for index, item in enumerate(value)]
        level = [(place, value) for place, value in below if isinstance(value, (dict, list))]
        if not level:
            return None
    return level[0][0][:200]


def dump(flow: CompiledFlow) -> str:
    """The document again, every key kept, in the order it had."""
    return write(flow.document)


def _action(raw: Any, position: int, metadata: dict[str, Any]) -> Action:
    if not isinstance(raw, dict) or not isinstance(raw.get("Identifier"), str) or not isinstance(raw.get("Type"), str):
        raise FlowSyntaxError(f'Action {position} needs "Identifier" and "Type"')
    transitions = _mapping(raw.get("Transitions"))
    following = transitions.get("NextAction")
    identifier = raw["Identifier"]
    given = _mapping(metadata.get(identifier)).get("friendlyName") or identifier
    return Action(
        id=identifier,
        type=raw["Type"],
        parameters=_mapping(raw.get("Parameters")),
        next=following if isinstance(following, str) and following else None,
        conditions=tuple(
            _condition(_mapping(c.get("Condition")), str(c.get("NextAction", "")))
            for c in _list(transitions.get("Conditions"))
            if isinstance(c, dict)
        ),
        errors={
            str(e.get("ErrorType", NO_MATCHING_ERROR)): str(e.get("NextAction", ""))
            for e in reversed(_list(transitions.get("Errors")))
            if isinstance(e, dict)
        },
        name=str(given),
    )


def _condition(raw: dict[str, Any], following: str, depth: int = 0) -> Condition:
    operator = str(raw.get("Operator", ""))
    operands = _list(raw.get("Operands"))
    if operator in ("And", "Or") and depth < 5:
        parts = [_mapping(o.get("Condition", o)) for o in operands if isinstance(o, dict)]
        return Condition(operator, "", following, tuple(_condition(p, following, depth + 1) for p in parts))
    return Condition(operator, text_of(operands[0]) if operands else "", following)


def text_of(value: Any) -> str:
    """A JSON scalar as the text a flow compares and speaks: `true`, `3`, `3.5`, `word`."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    return json.dumps(value, ensure_ascii=False) if isinstance(value, (dict, list)) else str(value)


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
