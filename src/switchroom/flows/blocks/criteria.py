"""Routing criteria as a flow gives them (table D4)."""

from collections.abc import Mapping
from typing import Any

from switchroom.flows.blocks.step import number, whole_number
from switchroom.flows.world import FlowError

MAXIMUM_STEPS = 5


def checked_criteria(raw: Any, *, dynamic: bool, resolved: bool = True) -> dict[str, Any]:
    """Criteria with numbers as numbers: `{"Steps": [{"Expression", "Expiry"?}]}`. Raises FlowError.

    One to five steps; every step but the last has an expiry; AND joins 2 to 8 attributes; OR joins two, and only in
    criteria that a function returned (`dynamic`). Until it is `resolved`, a reference stands for any value.
    """
    if not resolved:
        raw = _stand_ins(raw)
    steps = raw.get("Steps") if isinstance(raw, Mapping) else None
    if not isinstance(steps, list) or not 1 <= len(steps) <= MAXIMUM_STEPS:
        raise FlowError(f"Routing criteria have 1 to {MAXIMUM_STEPS} steps")
    made = [_step(step, last=index == len(steps) - 1, dynamic=dynamic) for index, step in enumerate(steps)]
    return {"Steps": made}


def _step(raw: Any, *, last: bool, dynamic: bool) -> dict[str, Any]:
    if not isinstance(raw, Mapping) or not isinstance(raw.get("Expression"), Mapping):
        raise FlowError("A routing step needs an Expression")
    made: dict[str, Any] = {"Expression": _expression(raw["Expression"], dynamic=dynamic)}
    expiry = raw.get("Expiry")
    if isinstance(expiry, Mapping) and expiry.get("DurationInSeconds") not in (None, ""):
        seconds = whole_number(expiry["DurationInSeconds"], "DurationInSeconds", 1, 604_800)
        made["Expiry"] = {"DurationInSeconds": seconds}
    elif not last:
        raise FlowError("Every routing step but the last needs an Expiry")
    return made


def _expression(raw: Mapping[str, Any], *, dynamic: bool) -> dict[str, Any]:
    if "AttributeCondition" in raw:
        return {"AttributeCondition": _condition(raw["AttributeCondition"])}
    if "AndExpression" in raw:
        return {"AndExpression": _joined(raw["AndExpression"], 2, 8, dynamic=dynamic)}
    if "OrExpression" in raw:
        if not dynamic:
            raise FlowError("OR is only for routing criteria that a function returns")
        return {"OrExpression": _joined(raw["OrExpression"], 2, 2, dynamic=dynamic)}
    raise FlowError("An Expression is an AttributeCondition, an AndExpression or an OrExpression")


def _joined(raw: Any, low: int, high: int, *, dynamic: bool) -> list[dict[str, Any]]:
    if not isinstance(raw, list) or not low <= len(raw) <= high or not all(isinstance(r, Mapping) for r in raw):
        raise FlowError(f"An expression joins {low} to {high} attributes")
    return [_expression(part, dynamic=dynamic) for part in raw]


def _condition(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, Mapping):
        raise FlowError("An AttributeCondition is an object")
    name, value = raw.get("Name"), raw.get("Value")
    level = number(raw.get("ProficiencyLevel"))
    operator = raw.get("ComparisonOperator", "NumberGreaterOrEqualTo")
    if not isinstance(name, str) or not name or not isinstance(value, str) or not value:
        raise FlowError("An AttributeCondition needs Name and Value")
    if level is None or not 1 <= level <= 5:
        raise FlowError("ProficiencyLevel is a number from 1 to 5")
    if operator != "NumberGreaterOrEqualTo":
        raise FlowError("ComparisonOperator is NumberGreaterOrEqualTo")
    return {"Name": name, "Value": value, "ProficiencyLevel": level, "ComparisonOperator": operator}


def _stand_ins(raw: Any) -> Any:
    """The criteria with values that are always right in place of references."""
    if isinstance(raw, Mapping):
        return {
            key: 1 if key in ("ProficiencyLevel", "DurationInSeconds") and _dynamic(value) else _stand_ins(value)
            for key, value in raw.items()
        }
    return [_stand_ins(item) for item in raw] if isinstance(raw, list) else raw


def _dynamic(value: Any) -> bool:
    return isinstance(value, str) and "$" in value
