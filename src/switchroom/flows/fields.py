"""What the checker finds in the properties of a block, by the kind of the property."""

import json
from collections.abc import Callable, Mapping
from typing import Any, Protocol

from switchroom.flows.attributes import path_of
from switchroom.flows.blocks.criteria import checked_criteria
from switchroom.flows.blocks.declare import PROMPT_PATHS, Field, at
from switchroom.flows.blocks.phone import E164
from switchroom.flows.blocks.prompt import MAXIMUM_TEXT
from switchroom.flows.blocks.registry import Spot
from switchroom.flows.blocks.step import number
from switchroom.flows.language import text_of
from switchroom.flows.world import FlowError

STORED = {
    "queue",
    "user",
    "hours-of-operation",
    "prompt",
    "contact-flow",
    "contact-flow-module",
    "task-template",
}
"""Kinds of resources that must be there for a flow that needs them to be published."""

LOOKED_UP = STORED | {"lambda-function", "phone-number"}


class Place(Spot, Protocol):
    """A spot that can look resources up."""

    def exists(self, kind: str, reference: str) -> bool:
        """Whether a resource is there; True when nobody can tell."""


def check_fields(spot: Place, fields: tuple[Field, ...], parameters: Mapping[str, Any], where: str) -> None:
    """Note what is wrong with the properties of an action, or of one row of it; `where` is the path to them."""
    groups: dict[str, list[Field]] = {}
    for field in fields:
        if not field.shown(parameters):
            continue
        value = at(parameters, field.path)
        if field.one_of:
            groups.setdefault(field.one_of, []).append(field)
        elif field.required and _empty(value):
            spot.problem("missing-parameter", _join(where, field.path), parameter=field.path)
            continue
        if not _empty(value):
            _check(spot, field, value, _join(where, field.path))
    for group in groups.values():
        names = ", ".join(field.path for field in group)
        given = sum(not _empty(at(parameters, field.path)) for field in group)
        if given == 0 and any(field.required for field in group):
            spot.problem("missing-one-of", where, parameters=names)
        if given > 1:
            spot.problem("only-one-of", where, parameters=names)


def _check(spot: Place, field: Field, value: Any, where: str) -> None:
    if isinstance(value, str) and "$" in value:
        _dynamic(spot, field, value, where)
        return
    if field.mode == "D":
        spot.problem("must-be-dynamic", where, parameter=field.path)
        return
    check = _BY_KIND.get(field.kind)
    if check is not None:
        check(spot, field, value, where)


def _dynamic(spot: Place, field: Field, value: str, where: str) -> None:
    """A reference, or a text with references in it."""
    if field.mode == "D" and path_of(value) is None:
        spot.problem("must-be-dynamic", where, parameter=field.path)
    elif field.mode == "M" and path_of(value) is not None:
        structural = field.kind in ("FLAG", "CHOICE", "CHOICES")
        spot.problem("must-be-static", where, warning=not structural, parameter=field.path)
    elif field.kind in ("NUMBER", "DURATION", "RESOURCE", "CHOICE", "PHONE", "TIME") and path_of(value) is None:
        spot.problem("one-reference", where, warning=True, parameter=field.path)


def _text(spot: Place, field: Field, value: Any, where: str) -> None:
    if field.high is not None and len(text_of(value)) > field.high:
        spot.problem("text-too-long", where, maximum=field.high)


def _number(spot: Place, field: Field, value: Any, where: str) -> None:
    found = number(value)
    low, high = field.low, field.high
    whole = found is not None and not isinstance(value, bool) and found == int(found)
    if not whole or (low is not None and found < low) or (high is not None and found > high):  # type: ignore[operator]
        spot.problem("out-of-range", where, parameter=field.path, low=low, high=high, value=_short(value))


def _flag(spot: Place, field: Field, value: Any, where: str) -> None:
    if text_of(value).lower() not in ("true", "false"):
        _not_allowed(spot, field, value, where, ("True", "False"))


def _choice(spot: Place, field: Field, value: Any, where: str) -> None:
    if text_of(value).lower() not in {choice.value.lower() for choice in field.choices}:
        _not_allowed(spot, field, value, where, tuple(choice.value for choice in field.choices))


def _choices(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, list):
        spot.problem("wrong-shape", where, parameter=field.path, expected="[...]")
        return
    for item in value:
        _choice(spot, field, item, where)


def _not_allowed(spot: Place, field: Field, value: Any, where: str, allowed: tuple[str, ...]) -> None:
    spot.problem(
        "not-allowed-value",
        where,
        warning=field.mode != "M" or field.kind == "CHOICES",
        parameter=field.path,
        choices=", ".join(allowed),
        value=_short(value),
    )


def _resource(spot: Place, field: Field, value: Any, where: str) -> None:
    mandatory = field.required or field.one_of is not None
    look_up(spot, str(field.resource), text_of(value), where, mandatory=mandatory)


def look_up(spot: Place, kind: str, reference: str, where: str, *, mandatory: bool) -> None:
    """FLOW-35: an unknown resource refuses publishing where the block needs it."""
    if kind in LOOKED_UP and not spot.exists(kind, reference):
        warning = not mandatory or kind not in STORED
        spot.problem("unknown-reference", where, warning=warning, kind=kind, value=_short(reference))


def _pairs(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, dict):
        spot.problem("wrong-shape", where, parameter=field.path, expected="{...}")
        return
    if field.high is not None and len(value) > field.high:
        spot.problem("too-many", where, maximum=field.high)
    for key, item in value.items():
        if field.attribute_keys and (not key or "$" in key or "." in key):
            spot.problem("forbidden-key", where, key=repr(key))
        if isinstance(item, dict) and field.fields:
            check_fields(spot, field.fields, item, f"{where}.{key}")


def _names(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        spot.problem("wrong-shape", where, parameter=field.path, expected='["...", ...]')


def _prompt(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, dict):
        spot.problem("wrong-shape", where, parameter=field.path or "Parameters", expected="{...}")
        return
    given = [path for path in PROMPT_PATHS if not _empty(value.get(path))]
    names = ", ".join(PROMPT_PATHS)
    if not given and field.required:
        spot.problem("missing-one-of", where, parameters=names)
    if len(given) > 1:
        spot.problem("only-one-of", where, parameters=names)
    prompt = value.get("PromptId")
    if isinstance(prompt, str) and prompt and "$" not in prompt:
        look_up(spot, "prompt", prompt, f"{where}.PromptId", mandatory=True)
    for key in ("Text", "SSML"):
        if len(text_of(value.get(key) or "")) > MAXIMUM_TEXT:
            spot.problem("text-too-long", f"{where}.{key}", maximum=MAXIMUM_TEXT)


def _messages(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, list):
        spot.problem("wrong-shape", where, parameter=field.path, expected="[{...}, ...]")
        return
    for index, item in enumerate(value):
        _prompt(spot, field, item, f"{where}[{index}]")


def _references(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, dict):
        spot.problem("wrong-shape", where, parameter=field.path, expected="{...}")


def _criteria(spot: Place, field: Field, value: Any, where: str) -> None:
    try:
        checked_criteria(value, dynamic=False, resolved=False)
    except FlowError as wrong:
        spot.problem("bad-criteria", where, detail=wrong.text)


def _json(spot: Place, field: Field, value: Any, where: str) -> None:
    if isinstance(value, str):
        try:
            json.loads(value)
        except (ValueError, RecursionError):
            spot.problem("invalid-json", where)


def _phone(spot: Place, field: Field, value: Any, where: str) -> None:
    if E164.fullmatch(text_of(value)):
        return
    if field.resource is not None:
        _resource(spot, field, value, where)
    else:
        spot.problem("bad-phone", where, value=_short(value))


def _rows(spot: Place, field: Field, value: Any, where: str) -> None:
    if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
        spot.problem("wrong-shape", where, parameter=field.path, expected="[{...}, ...]")
        return
    if field.high is not None and len(value) > field.high:
        spot.problem("too-many", where, maximum=field.high)
    for index, row in enumerate(value):
        check_fields(spot, field.fields, row, f"{where}[{index}]")


def _empty(value: Any) -> bool:
    return value is None or value in ("", {}, [])


def _join(where: str, path: str) -> str:
    return f"{where}.{path}" if path else where


def _short(value: Any) -> str:
    text = text_of(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


_BY_KIND: dict[str, Callable[[Place, Field, Any, str], None]] = {
    "TEXT": _text,
    "LONG_TEXT": _text,
    "NUMBER": _number,
    "DURATION": _number,
    "FLAG": _flag,
    "CHOICE": _choice,
    "CHOICES": _choices,
    "RESOURCE": _resource,
    "PAIRS": _pairs,
    "NAMES": _names,
    "PROMPT": _prompt,
    "MESSAGES": _messages,
    "REFERENCES": _references,
    "CRITERIA": _criteria,
    "JSON": _json,
    "PHONE": _phone,
    "ROWS": _rows,
}
