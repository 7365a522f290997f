"""Checkers: shapes of a model compiled into functions that take decoded JSON and return checked input.

A checker has the form `check(value, problems, path)`; it returns the value as handlers get it and notes in `problems`
what is wrong, with the path the public services print (`securityProfileIds.1.member`). Members that the model does
not know are left out, as are members of null.
"""

import math
from base64 import b64decode
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from switchroom.wire.service_model import ServiceModel
from switchroom.wire.shapes.patterns import matcher
from switchroom.wire.shapes.timestamps import parse_timestamp

_SHOWN = 256
_INT32 = (-(2**31), 2**31 - 1)
_INT64 = (-(2**63), 2**63 - 1)


class Problems:
    """What is wrong with an input: values of a wrong type (`malformed`) and broken constraints (`violations`)."""

    __slots__ = ("malformed", "violations")

    def __init__(self) -> None:
        self.malformed: list[str] = []
        self.violations: list[str] = []

    def violate(self, value: str, path: str, constraint: str) -> None:
        self.violations.append(f"Value {value} at '{path}' failed to satisfy constraint: {constraint}")

    def wrong_type(self, path: str, expected: str, value: Any) -> None:
        self.malformed.append(f"Value at '{path}' must be {expected}, not {_json_type(value)}")

    def message(self) -> str:
        """The violations as the public services word them."""
        count = len(self.violations)
        return f"{count} validation error{'s' if count > 1 else ''} detected: {'; '.join(self.violations)}"


Check = Callable[[Any, Problems, str], Any]


class CheckerCompiler:
    """Compiles the shapes of one service, each once; shapes may refer to themselves."""

    def __init__(self, model: ServiceModel) -> None:
        self._model = model
        self._done: dict[str, Check] = {}

    def compile(self, name: str) -> Check:
        """The checker of shape `name`."""
        if name not in self._done:
            self._done[name] = self._later(name)
            self._done[name] = self._build(self._model.shape(name))
        return self._done[name]

    def _later(self, name: str) -> Check:
        def check(value: Any, problems: Problems, path: str) -> Any:
            return self._done[name](value, problems, path)

        return check

    def _build(self, shape: dict[str, Any]) -> Check:
        builder = _SCALARS.get(shape["type"])
        if builder is not None:
            return builder(shape)
        return {"structure": self._structure, "list": self._list, "map": self._map}[shape["type"]](shape)

    def _structure(self, shape: dict[str, Any]) -> Check:
        members = {
            member.get("locationName", name): (name, self.compile(member["shape"]), label(name))
            for name, member in shape["members"].items()
        }
        required = [(name, label(name)) for name in shape.get("required", ())]
        check = check_members(members, required)
        return _union(check, list(shape["members"])) if shape.get("union") else check

    def _list(self, shape: dict[str, Any]) -> Check:
        element = self.compile(shape["member"]["shape"])
        size = _size(shape)

        def check(value: Any, problems: Problems, path: str) -> Any:
            if type(value) is not list:
                problems.wrong_type(path, "a list", value)
                return value
            if size is not None:
                size(value, problems, path)
            return [element(item, problems, f"{path}.{index}.member") for index, item in enumerate(value, 1)]

        return check

    def _map(self, shape: dict[str, Any]) -> Check:
        check_key = self.compile(shape["key"]["shape"])
        check_value = self.compile(shape["value"]["shape"])
        size = _size(shape)

        def check(value: Any, problems: Problems, path: str) -> Any:
            if type(value) is not dict:
                problems.wrong_type(path, "an object", value)
                return value
            if size is not None:
                size(value, problems, path)
            return {
                check_key(key, problems, f"{path}.key"): check_value(item, problems, f"{path}.{key[:_SHOWN]}.member")
                for key, item in value.items()
                if item is not None
            }

        return check


def label(name: str) -> str:
    """A member name as messages print it: `instanceId` for `InstanceId`."""
    return name[:1].lower() + name[1:]


def check_members(members: dict[str, tuple[str, Check, str]], required: list[tuple[str, str]]) -> Check:
    def check(value: Any, problems: Problems, path: str) -> Any:
        if type(value) is not dict:
            problems.wrong_type(path or "body", "an object", value)
            return value
        prefix = path + "." if path else ""
        result = {}
        for key, item in value.items():
            member = members.get(key)
            if member is not None and item is not None:
                result[member[0]] = member[1](item, problems, prefix + member[2])
        for name, shown in required:
            if name not in result:
                problems.violate("null", prefix + shown, "Member must not be null")
        return result

    return check


def _union(check_structure: Check, names: list[str]) -> Check:
    def check(value: Any, problems: Problems, path: str) -> Any:
        result = check_structure(value, problems, path)
        if type(result) is dict and len(result) != 1:
            wanted = ", ".join(names)
            problems.violate(f"with {len(result)} members", path, f"Member must have exactly one of: {wanted}")
        return result

    return check


def _size(shape: dict[str, Any]) -> Callable[[Any, Problems, str], None] | None:
    low, high = shape.get("min", 0), shape.get("max", math.inf)
    if low == 0 and high == math.inf:
        return None

    def check(value: Any, problems: Problems, path: str) -> None:
        if len(value) < low:
            problems.violate(_shown(value, False), path, f"Member must have length greater than or equal to {low}")
        elif len(value) > high:
            problems.violate(
                f"with {len(value)} members", path, f"Member must have length less than or equal to {high}"
            )

    return check


def _string(shape: dict[str, Any]) -> Check:
    low, high = shape.get("min", 0), shape.get("max", math.inf)
    pattern, enum = shape.get("pattern"), shape.get("enum", ())
    hidden = bool(shape.get("sensitive"))
    matches = matcher(pattern) if pattern else None
    allowed = frozenset(enum) if enum else None

    def check(value: Any, problems: Problems, path: str) -> Any:
        if type(value) is not str:
            problems.wrong_type(path, "a string", value)
        elif len(value) < low:
            problems.violate(_shown(value, hidden), path, f"Member must have length greater than or equal to {low}")
        elif len(value) > high:
            problems.violate(_shown(value, hidden), path, f"Member must have length less than or equal to {high}")
        elif allowed is not None and value not in allowed:
            problems.violate(_shown(value, hidden), path, f"Member must satisfy enum value set: [{', '.join(enum)}]")
        elif matches is not None and not matches(value):
            problems.violate(_shown(value, hidden), path, f"Member must satisfy regular expression pattern: {pattern}")
        return value

    return check


def _whole(bounds: tuple[int, int]) -> Callable[[dict[str, Any]], Check]:
    def build(shape: dict[str, Any]) -> Check:
        in_range = _range(shape)
        lowest, highest = bounds

        def check(value: Any, problems: Problems, path: str) -> Any:
            if type(value) is float and value.is_integer():
                value = int(value)
            if type(value) is not int or not lowest <= value <= highest:
                problems.wrong_type(path, f"an integer from {lowest} to {highest}", value)
            elif in_range is not None:
                in_range(value, problems, path)
            return value

        return check

    return build


def _real(shape: dict[str, Any]) -> Check:
    in_range = _range(shape)

    def check(value: Any, problems: Problems, path: str) -> Any:
        if type(value) is int and abs(value) <= _INT64[1]:
            value = float(value)
        if type(value) is not float or not math.isfinite(value):
            problems.wrong_type(path, "a number", value)
        elif in_range is not None:
            in_range(value, problems, path)
        return value

    return check


def _range(shape: dict[str, Any]) -> Callable[[Any, Problems, str], None] | None:
    low, high = shape.get("min", -math.inf), shape.get("max", math.inf)
    if low == -math.inf and high == math.inf:
        return None

    def check(value: Any, problems: Problems, path: str) -> None:
        if value < low:
            problems.violate(f"'{value}'", path, f"Member must have value greater than or equal to {low}")
        elif value > high:
            problems.violate(f"'{value}'", path, f"Member must have value less than or equal to {high}")

    return check


def _boolean(shape: dict[str, Any]) -> Check:
    def check(value: Any, problems: Problems, path: str) -> Any:
        if type(value) is not bool:
            problems.wrong_type(path, "true or false", value)
        return value

    return check


def _blob(shape: dict[str, Any]) -> Check:
    size = _size(shape)

    def check(value: Any, problems: Problems, path: str) -> Any:
        if type(value) is str:
            with suppress(ValueError):
                value = b64decode(value, validate=True)
        if type(value) is not bytes:
            problems.wrong_type(path, "base64 text", value)
        elif size is not None:
            size(value, problems, path)
        return value

    return check


def _timestamp(shape: dict[str, Any]) -> Check:
    def check(value: Any, problems: Problems, path: str) -> Any:
        moment = parse_timestamp(value)
        if moment is None:
            problems.wrong_type(path, "a timestamp", value)
        return moment

    return check


_SCALARS: dict[str, Callable[[dict[str, Any]], Check]] = {
    "string": _string,
    "character": _string,
    "integer": _whole(_INT32),
    "long": _whole(_INT64),
    "float": _real,
    "double": _real,
    "boolean": _boolean,
    "blob": _blob,
    "timestamp": _timestamp,
}


def _shown(value: Any, hidden: bool) -> str:
    if hidden:
        return "***"
    text = str(value)
    return f"'{text if len(text) <= _SHOWN else text[:_SHOWN] + '...'}'"


def _json_type(value: Any) -> str:
    if value is None:
        return "null"
    names = {bool: "a boolean", int: "a number", float: "a number", str: "a string", list: "a list", dict: "an object"}
    return names.get(type(value), "something else")
