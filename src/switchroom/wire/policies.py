"""Identity policies of API keys: Allow and Deny statements over actions, resources and conditions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError

Values = tuple[str, ...]
Context = Mapping[str, Values]
"""Condition keys in lower case (`connect:instanceid`, `aws:resourcetag/department`) -> values of the request."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement. `conditions`: (operator, key in lower case, accepted values)."""

    allow: bool
    actions: Values
    not_actions: Values
    resources: Values
    not_resources: Values
    conditions: tuple[tuple[str, str, Values], ...]

    def covers(self, action: str, resource: str, context: Context) -> bool:
        """Whether this statement speaks about the request."""
        if self.not_actions:
            if any(_action_matches(pattern, action) for pattern in self.not_actions):
                return False
        elif not any(_action_matches(pattern, action) for pattern in self.actions):
            return False
        if self.not_resources:
            if any(arn_matches(pattern, resource) for pattern in self.not_resources):
                return False
        elif not any(arn_matches(pattern, resource) for pattern in self.resources):
            return False
        return all(_holds(operator, context.get(key), wanted) for operator, key, wanted in self.conditions)


@dataclass(frozen=True, slots=True)
class Policy:
    """An identity policy."""

    statements: tuple[Statement, ...]

    def allows(self, action: str, resources: list[str], context: Context) -> bool:
        """Whether every resource is allowed and none denied."""
        return all(self._allows_one(action, resource, context) for resource in resources)

    def _allows_one(self, action: str, resource: str, context: Context) -> bool:
        covering = [statement for statement in self.statements if statement.covers(action, resource, context)]
        return bool(covering) and all(statement.allow for statement in covering)


@lru_cache(maxsize=256)
def parse_policy(text: str) -> Policy:
    """Read a policy document. Raises InvalidParameterException if it is malformed."""
    try:
        document = msgspec.json.decode(text)
        statements = document["Statement"]
        listed = [statements] if isinstance(statements, dict) else statements
        return Policy(tuple(_statement(item) for item in listed))
    except (msgspec.DecodeError, KeyError, TypeError, AttributeError, ValueError) as error:
        raise ServiceError("InvalidParameterException", f"Malformed policy document: {error}") from None


def arn_matches(pattern: str, arn: str) -> bool:
    """`*` and `?` match within a colon-separated segment; a `*` that ends a segment may run past the next colon."""
    return pattern == "*" or _arn_pattern(pattern).fullmatch(arn) is not None


def _statement(item: dict[str, Any]) -> Statement:
    effect = item["Effect"]
    if effect not in ("Allow", "Deny"):
        raise ValueError(f"Effect {effect}")
    conditions = tuple(
        (operator, key.lower(), _values(wanted))
        for operator, keys in item.get("Condition", {}).items()
        for key, wanted in keys.items()
    )
    for operator, _, _ in conditions:
        _split(operator)
    return Statement(
        allow=effect == "Allow",
        actions=_values(item.get("Action", [])),
        not_actions=_values(item.get("NotAction", [])),
        resources=_values(item.get("Resource", [])),
        not_resources=_values(item.get("NotResource", [])),
        conditions=conditions,
    )


def _values(value: Any) -> Values:
    return tuple(str(item) for item in value) if isinstance(value, list) else (str(value),)


@lru_cache(maxsize=1024)
def _arn_pattern(pattern: str) -> re.Pattern[str]:
    parts = []
    for index, char in enumerate(pattern):
        if char == "*":
            ends_segment = index + 1 == len(pattern) or pattern[index + 1] == ":"
            parts.append(".*" if ends_segment else "[^:]*")
        else:
            parts.append("[^:]" if char == "?" else re.escape(char))
    return re.compile("".join(parts), re.DOTALL)


@lru_cache(maxsize=1024)
def _wildcard(pattern: str) -> re.Pattern[str]:
    text = "".join(".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.compile(text, re.DOTALL)


def _action_matches(pattern: str, action: str) -> bool:
    return _wildcard(pattern.lower()).fullmatch(action.lower()) is not None


def _equals(actual: str, wanted: str) -> bool:
    return actual == wanted


def _equals_ignoring_case(actual: str, wanted: str) -> bool:
    return actual.casefold() == wanted.casefold()


def _like(actual: str, wanted: str) -> bool:
    return _wildcard(wanted).fullmatch(actual) is not None


def _arn_like(actual: str, wanted: str) -> bool:
    return arn_matches(wanted, actual)


_COMPARE = {
    "StringEquals": _equals,
    "StringEqualsIgnoreCase": _equals_ignoring_case,
    "StringLike": _like,
    "ArnEquals": _arn_like,
    "ArnLike": _arn_like,
    "Bool": _equals_ignoring_case,
}
_NEGATED = {
    "StringNotEquals": "StringEquals",
    "StringNotEqualsIgnoreCase": "StringEqualsIgnoreCase",
    "StringNotLike": "StringLike",
    "ArnNotEquals": "ArnEquals",
    "ArnNotLike": "ArnLike",
}


@lru_cache(maxsize=256)
def _split(operator: str) -> tuple[str, str, bool, bool]:
    """(quantifier, positive operator, negated, if exists). Raises ValueError for one we do not have."""
    quantifier, colon, name = operator.rpartition(":")
    if colon and quantifier not in ("ForAnyValue", "ForAllValues"):
        raise ValueError(f"condition operator {operator}")
    if_exists = name.endswith("IfExists")
    name = name.removesuffix("IfExists")
    negated = name in _NEGATED
    name = _NEGATED.get(name, name)
    if name not in _COMPARE and name != "Null":
        raise ValueError(f"condition operator {operator}")
    return quantifier, name, negated, if_exists


def _holds(operator: str, actual: Values | None, wanted: Values) -> bool:
    quantifier, name, negated, if_exists = _split(operator)
    if name == "Null":
        return (actual is None) == (wanted[0].lower() == "true")
    if actual is None:
        return if_exists or negated or quantifier == "ForAllValues"
    compare = _COMPARE[name]
    matches = [any(compare(value, candidate) for candidate in wanted) != negated for value in actual]
    return any(matches) if quantifier == "ForAnyValue" else all(matches)
