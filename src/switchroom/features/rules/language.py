"""The rule function language (LENS-111): parsed with errors that name a place, decided on the facts of an event.

{"Version": "2022-11-25", "RuleFunction": {"Operator": "AND" | "OR", "Operands": [condition or group, ...]}}
"""

import math
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import msgspec

VERSION = "2022-11-25"
GROUPS = ("AND", "OR")
CONTAINS_ANY = "CONTAINS_ANY"
CONTAINS = "CONTAINS"
EQUALS = "EQUALS"
AT_MOST = "NumberLessOrEqualTo"
AT_LEAST = "NumberGreaterOrEqualTo"
OPERATORS = (EQUALS, CONTAINS, CONTAINS_ANY, AT_MOST, AT_LEAST)
MOST_CONDITIONS = 20
MOST_DEPTH = 10
MOST_OPERANDS = 1_000
LONGEST = 100_000
"""Characters of a function."""


class BadFunction(ValueError):
    """A function that is none. `path` is where, `reason` what is wrong there."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(f"Function: {path}: {reason}")
        self.path = path
        self.reason = reason


class Filter(msgspec.Struct, frozen=True):
    """A part of a FilterClause; what it narrows is up to the trigger."""

    type: str
    data: Any


class Condition(msgspec.Struct, frozen=True):
    """One comparison of the value named `value` with `operands`."""

    operator: str
    operands: tuple[Any, ...]
    value: str
    negate: bool = False
    filters: tuple[Filter, ...] = ()
    path: str = ""


class Group(msgspec.Struct, frozen=True):
    """All (AND) or any (OR) of its parts."""

    operator: str
    parts: tuple["Condition | Group", ...]


Facts = Callable[[Condition], Any]
"""The value a condition names: a text, number, flag, list of texts, or None where the event has none."""


def parse(text: str) -> Group:
    """The function. Raises BadFunction."""
    if len(text) > LONGEST:
        raise BadFunction("$", f"has more than {LONGEST} characters")
    try:
        document = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError) as error:
        raise BadFunction("$", f"is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise BadFunction("$", "must be an object with Version and RuleFunction")
    if document.get("Version") != VERSION:
        raise BadFunction("Version", f'must be "{VERSION}"')
    _known(document, {"Version", "RuleFunction"}, "$")
    group = _group(document.get("RuleFunction"), "RuleFunction", 1)
    if (count := sum(1 for _ in conditions(group))) > MOST_CONDITIONS:
        raise BadFunction("RuleFunction", f"has {count} conditions; at most {MOST_CONDITIONS} are possible")
    return group


def conditions(group: Group) -> Iterator[Condition]:
    """Every condition, in order."""
    for part in group.parts:
        if isinstance(part, Group):
            yield from conditions(part)
        else:
            yield part


def holds(part: Group | Condition, facts: Facts) -> bool:
    """Whether the facts fit."""
    if isinstance(part, Group):
        decide = all if part.operator == "AND" else any
        return decide(holds(one, facts) for one in part.parts)
    return _fits(part, facts(part)) != part.negate


def _group(given: Any, path: str, depth: int) -> Group:
    if not isinstance(given, dict):
        raise BadFunction(path, "must be an object with Operator and Operands")
    if given.get("Operator") not in GROUPS:
        raise BadFunction(f"{path}.Operator", "must be AND or OR")
    if depth > MOST_DEPTH:
        raise BadFunction(path, f"groups may stand in each other {MOST_DEPTH} deep")
    _known(given, {"Operator", "Operands"}, path)
    parts = given.get("Operands")
    always = depth == 1 and given["Operator"] == "AND"
    if not isinstance(parts, list) or not (parts or always):
        raise BadFunction(f"{path}.Operands", "must be a list with at least one condition")
    return Group(given["Operator"], tuple(_part(one, f"{path}.Operands[{i}]", depth) for i, one in enumerate(parts)))


def _part(given: Any, path: str, depth: int) -> Condition | Group:
    if isinstance(given, dict) and given.get("Operator") in GROUPS:
        return _group(given, path, depth + 1)
    return _condition(given, path)


def _condition(given: Any, path: str) -> Condition:
    if not isinstance(given, dict):
        raise BadFunction(path, "must be a condition with Operator, Operands and ComparisonValue")
    operator, value = given.get("Operator"), given.get("ComparisonValue")
    if operator not in OPERATORS:
        raise BadFunction(f"{path}.Operator", f"must be one of {', '.join((*GROUPS, *OPERATORS))}")
    _known(given, {"Operator", "Operands", "ComparisonValue", "Negate", "FilterClause"}, path)
    if not isinstance(value, str) or not value.startswith("$."):
        raise BadFunction(f"{path}.ComparisonValue", "must be a reference that begins with $.")
    if not isinstance(given.get("Negate", False), bool):
        raise BadFunction(f"{path}.Negate", "must be true or false")
    return Condition(
        operator=operator,
        operands=_operands(given.get("Operands"), operator, f"{path}.Operands"),
        value=value,
        negate=given.get("Negate", False),
        filters=_filters(given.get("FilterClause"), f"{path}.FilterClause"),
        path=path,
    )


def _operands(given: Any, operator: str, path: str) -> tuple[Any, ...]:
    if not isinstance(given, list):
        raise BadFunction(path, "must be a list")
    if len(given) > MOST_OPERANDS:
        raise BadFunction(path, f"may have at most {MOST_OPERANDS} entries")
    if operator in (AT_MOST, AT_LEAST):
        if len(given) != 1 or _number(given[0]) is None:
            raise BadFunction(path, f"{operator} compares with one number or date")
    elif operator == CONTAINS and len(given) != 1:
        raise BadFunction(path, "CONTAINS has one operand")
    elif operator == CONTAINS_ANY and not given:
        raise BadFunction(path, "CONTAINS_ANY needs at least one operand")
    if any(isinstance(one, (dict, bool)) for one in given):
        raise BadFunction(path, "must hold texts or numbers")
    return tuple(given)


def _filters(given: Any, path: str) -> tuple[Filter, ...]:
    if given is None:
        return ()
    if not isinstance(given, dict) or given.get("LogicOperator") != "AND":
        raise BadFunction(f"{path}.LogicOperator", "must be AND")
    filters = given.get("Filters")
    if not isinstance(filters, list):
        raise BadFunction(f"{path}.Filters", "must be a list")
    for i, one in enumerate(filters):
        if not isinstance(one, dict) or not isinstance(one.get("Type"), str) or "Data" not in one:
            raise BadFunction(f"{path}.Filters[{i}]", "must have Type and Data")
    return tuple(Filter(one["Type"], one["Data"]) for one in filters)


def _known(given: dict[str, Any], members: set[str], path: str) -> None:
    for name in given:
        if name not in members:
            raise BadFunction(f"{path}.{name}", f"is not known here; there are {', '.join(sorted(members))}")


# deciding


def _fits(condition: Condition, value: Any) -> bool:
    if condition.operator in (AT_MOST, AT_LEAST):
        left, right = _number(value), _number(condition.operands[0])
        if left is None or right is None:
            return False
        return left <= right if condition.operator == AT_MOST else left >= right
    values = _texts(value)
    wanted = [_text(one) for one in condition.operands]
    if condition.operator == EQUALS:
        return any(one in values for one in wanted) if any(wanted) else not any(values)
    if isinstance(value, (list, tuple)):
        return any(one in values for one in wanted)
    return any(one and one in text for one in wanted for text in values)


def _texts(value: Any) -> list[str]:
    if value is None:
        return []
    return [_text(one) for one in value] if isinstance(value, (list, tuple)) else [_text(value)]


def _text(value: Any) -> str:
    """Texts are compared without regard to case."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return str(value).casefold()


def _number(value: Any) -> float | None:
    """A number, or the epoch seconds of a date; None for what is neither."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str)):
        return None
    try:
        number = float(value)
        return number if math.isfinite(number) else None
    except (ValueError, OverflowError):
        pass
    try:
        parsed = datetime.fromisoformat(str(value))
    except ValueError:
        return None
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
