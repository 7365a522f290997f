"""Parts that records, events and descriptions have in common."""

from collections.abc import Callable
from typing import Any

from switchroom.core.routing.criteria import RoutingCriteria, expression_form

Moment = Callable[[int], Any]
"""How a time is written: `iso_s` in records, `iso_ms` in events, `seconds` in API answers."""


def at(moment: Moment, time: int | None) -> Any:
    """A time in its form, or None."""
    return None if time is None else moment(time)


def whole(milliseconds: int | None) -> int | None:
    """Whole seconds of a duration, or None."""
    return None if milliseconds is None else max(0, milliseconds // 1000)


def criteria_form(criteria: RoutingCriteria, moment: Moment) -> dict[str, Any]:
    """A set of routing criteria with PascalCase members (ROUT-56)."""
    steps: list[dict[str, Any]] = []
    for step in criteria.steps:
        form: dict[str, Any] = {"Status": step.status, "Expression": expression_form(step.expression)}
        if step.duration is not None:
            form["Expiry"] = {"DurationInSeconds": step.duration}
            if step.expires_at is not None:
                form["Expiry"]["ExpiryTimestamp"] = moment(step.expires_at)
        steps.append(form)
    form = {"Index": criteria.index, "Steps": steps}
    if criteria.activated_at is not None:
        form["ActivationTimestamp"] = moment(criteria.activated_at)
    return form


def lowered(value: Any) -> Any:
    """The same with member names that begin with a small letter, as contact events have them."""
    if isinstance(value, dict):
        return {key[0].lower() + key[1:]: lowered(item) for key, item in value.items()}
    return [lowered(item) for item in value] if isinstance(value, list) else value


def present(form: dict[str, Any]) -> dict[str, Any]:
    """Without the members that do not apply."""
    return {key: value for key, value in form.items() if value is not None}


LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")


def numbered(items: list[Any], prefix: str = "Level") -> dict[str, Any]:
    """`Level1`, `Level2`, ... of the levels that exist."""
    return {f"{prefix}{number}": item for number, item in enumerate(items, start=1)}
