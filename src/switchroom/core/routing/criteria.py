"""Routing criteria: what the steps ask of an agent, and what becomes of the steps over time (ROUT-47..55).

A contact keeps the list of all sets it ever had, the last one in force. All functions are pure: they give a new
set or list. Times are epoch milliseconds.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from switchroom.base.clock import SECOND
from switchroom.base.errors import ServiceError, invalid_parameter, limit_exceeded

GREATER_OR_EQUAL = "NumberGreaterOrEqualTo"

MAX_SETS = 3
MAX_STEPS = 5
MAX_AND = 8
OR_SIZE = 2

StepStatus = Literal["INACTIVE", "ACTIVE", "EXPIRED", "JOINED", "INTERRUPTED", "DEACTIVATED"]
Levels = Mapping[tuple[str, str], float]
"""Proficiency levels of a user by (attribute name, value)."""


class AttributeCondition(Struct, frozen=True, rename="pascal", cache_hash=True):
    """The user has proficiency (`name`, `value`) at `proficiency_level` or above."""

    name: str
    value: str
    proficiency_level: float
    comparison_operator: str = GREATER_OR_EQUAL


class Expression(Struct, frozen=True, rename="pascal", omit_defaults=True, cache_hash=True):
    """One of the three; an expression read from elsewhere that carries several means all of them."""

    attribute_condition: AttributeCondition | None = None
    and_expression: tuple[Expression, ...] | None = None
    or_expression: tuple[Expression, ...] | None = None

    def satisfied_by(self, levels: Levels) -> bool:
        """Whether a user with these levels fulfils the expression."""
        condition = self.attribute_condition
        if condition is not None:
            level = levels.get((condition.name, condition.value))
            if level is None or level < condition.proficiency_level:
                return False
        if self.and_expression is not None and not all(part.satisfied_by(levels) for part in self.and_expression):
            return False
        return self.or_expression is None or any(part.satisfied_by(levels) for part in self.or_expression)

    def conditions(self) -> Iterator[AttributeCondition]:
        """Every condition in it, in order."""
        if self.attribute_condition is not None:
            yield self.attribute_condition
        for part in (*(self.and_expression or ()), *(self.or_expression or ())):
            yield from part.conditions()


class Step(Struct, frozen=True, omit_defaults=True):
    """A step: `duration` in seconds, None for one that never expires; `expires_at` is set once it is active."""

    expression: Expression
    duration: int | None = None
    status: StepStatus = "INACTIVE"
    expires_at: int | None = None


class RoutingCriteria(Struct, frozen=True, omit_defaults=True):
    """One set of criteria; `index` counts the sets of the contact from 0."""

    steps: tuple[Step, ...]
    index: int = 0
    activated_at: int | None = None

    @property
    def active(self) -> Step | None:
        """The step in force."""
        return next((step for step in self.steps if step.status == "ACTIVE"), None)

    @property
    def requirement(self) -> Expression | None:
        """What an agent must fulfil now; None when any agent of the queue will do (ROUT-50)."""
        active = self.active
        return active.expression if active else None

    @property
    def expires_at(self) -> int | None:
        """When the active step ends by itself; None when there is none or it never expires (ROUT-51)."""
        active = self.active
        return active.expires_at if active else None

    @property
    def over(self) -> bool:
        """An agent joined, or the criteria were given up: nothing moves any more."""
        return any(step.status in ("JOINED", "INTERRUPTED", "DEACTIVATED") for step in self.steps)


def apply(
    history: Sequence[RoutingCriteria], steps: Sequence[Step], now: int, *, in_queue: bool
) -> list[RoutingCriteria]:
    """A new set for the contact (ROUT-52): the one before is interrupted; in a standard queue step 1 is active at once.

    Raises LimitExceededException for the fourth set of a contact.
    """
    if len(history) >= MAX_SETS:
        raise limit_exceeded(f"the routing criteria of a contact can be set at most {MAX_SETS} times")
    before = list(history)
    if before:
        before[-1] = interrupt(before[-1])
    criteria = RoutingCriteria(tuple(steps), len(before))
    return [*before, activate(criteria, now) if in_queue else criteria]


def activate(criteria: RoutingCriteria, now: int) -> RoutingCriteria:
    """The contact enters a standard queue (ROUT-49): step 1 becomes active. Nothing if the criteria are under way."""
    if any(step.status != "INACTIVE" for step in criteria.steps):
        return criteria
    first, *rest = criteria.steps
    return replace(criteria, steps=(_started(first, now), *rest), activated_at=now)


def activate_without_effect(criteria: RoutingCriteria, now: int) -> RoutingCriteria:
    """The contact enters an agent queue: the time is recorded, the steps stay inert."""
    return criteria if criteria.activated_at is not None else replace(criteria, activated_at=now)


def expire(criteria: RoutingCriteria, now: int) -> RoutingCriteria:
    """Steps whose time is over expire, each next one starting at the moment the one before ended (ROUT-50)."""
    steps = list(criteria.steps)
    for place, step in enumerate(steps):
        if step.status == "ACTIVE" and step.expires_at is not None and step.expires_at <= now:
            steps[place] = replace(step, status="EXPIRED")
            if place + 1 < len(steps):
                steps[place + 1] = _started(steps[place + 1], step.expires_at)
    return replace(criteria, steps=tuple(steps))


def join(criteria: RoutingCriteria) -> RoutingCriteria:
    """An agent accepted while a step was active."""
    return _end_active(criteria, "JOINED")


def interrupt(criteria: RoutingCriteria) -> RoutingCriteria:
    """The criteria were replaced or removed while a step was active."""
    return _end_active(criteria, "INTERRUPTED")


def deactivate(criteria: RoutingCriteria) -> RoutingCriteria:
    """The customer left: every open step is given up."""
    if criteria.over:
        return criteria
    steps = tuple(
        replace(step, status="DEACTIVATED") if step.status in ("INACTIVE", "ACTIVE") else step
        for step in criteria.steps
    )
    return replace(criteria, steps=steps)


def restart(criteria: RoutingCriteria) -> RoutingCriteria:
    """Transferred to another queue before an agent joined: all steps are inactive again (ROUT-53)."""
    steps = tuple(Step(step.expression, step.duration) for step in criteria.steps)
    return replace(criteria, steps=steps, activated_at=None)


def _started(step: Step, now: int) -> Step:
    end = None if step.duration is None else now + step.duration * SECOND
    return replace(step, status="ACTIVE", expires_at=end)


def _end_active(criteria: RoutingCriteria, status: StepStatus) -> RoutingCriteria:
    steps = tuple(replace(step, status=status) if step.status == "ACTIVE" else step for step in criteria.steps)
    return replace(criteria, steps=steps)


# JSON


def parse(document: Any, *, dynamic: bool = True) -> tuple[Step, ...]:
    """Steps of the JSON that `UpdateContactRoutingData`, a flow action or a function gives: `{"Steps": [...]}`.

    `dynamic` False is the flow block's manual form, which knows no OR (ROUT-47, ROUT-48). Raises
    InvalidParameterException when there are not 1..5 steps, a step other than the last has no expiry, an AND has
    more than 8 or an OR other than 2 parts, a level is outside 1..5 or the operator is unknown.
    """
    listed = _member(document, "Steps", "routing criteria")
    if not isinstance(listed, list | tuple) or not 1 <= len(listed) <= MAX_STEPS:
        raise invalid_parameter(f"routing criteria have 1 to {MAX_STEPS} steps")
    steps = tuple(_step(item) for item in listed)
    for number, step in enumerate(steps, start=1):
        if step.duration is None and number < len(steps):
            raise invalid_parameter(f"step {number} needs an expiry: only the last step may never expire")
        alternatives = _alternatives(step.expression)
        if alternatives and not dynamic:
            raise invalid_parameter(f"step {number}: OrExpression is available in dynamic criteria only")
        if alternatives > 1:
            raise invalid_parameter(f"step {number} has more than one OrExpression")
    return steps


def check_attributes(steps: Sequence[Step], attributes: Mapping[str, Container[str]]) -> None:
    """Raises InvalidParameterException when a step names a predefined attribute or value that is not defined."""
    for step in steps:
        for condition in step.expression.conditions():
            if condition.value not in attributes.get(condition.name, ()):
                raise invalid_parameter(f"{condition.name}={condition.value} is not a predefined attribute value")


def expression_form(expression: Expression) -> dict[str, Any]:
    """The API's JSON form of an expression."""
    form: dict[str, Any] = {}
    condition = expression.attribute_condition
    if condition is not None:
        form["AttributeCondition"] = {
            "Name": condition.name,
            "Value": condition.value,
            "ProficiencyLevel": condition.proficiency_level,
            "ComparisonOperator": condition.comparison_operator,
        }
    if expression.and_expression is not None:
        form["AndExpression"] = [expression_form(part) for part in expression.and_expression]
    if expression.or_expression is not None:
        form["OrExpression"] = [expression_form(part) for part in expression.or_expression]
    return form


def _step(document: Any) -> Step:
    expression = _expression(_member(document, "Expression", "a step"), depth=0)
    expiry = document.get("Expiry")
    return Step(expression, None if expiry is None else _duration(expiry))


def _duration(expiry: Any) -> int | None:
    value = expiry.get("DurationInSeconds") if isinstance(expiry, Mapping) else expiry
    if value is None:
        return None
    if isinstance(value, str) and value.isascii() and value.isdigit():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise invalid_parameter("DurationInSeconds is a whole number of seconds, 1 or more")
    return value


def _expression(document: Any, depth: int) -> Expression:
    if not isinstance(document, Mapping) or depth > 2:
        raise invalid_parameter("an Expression is a condition, an AND or an OR of conditions")
    condition = document.get("AttributeCondition")
    parts_and, parts_or = document.get("AndExpression") or None, document.get("OrExpression") or None
    expression = Expression(
        None if condition is None else _condition(condition),
        None if parts_and is None else _parts(parts_and, depth),
        None if parts_or is None else _parts(parts_or, depth),
    )
    if expression == Expression():
        raise invalid_parameter("an Expression has an AttributeCondition, an AndExpression or an OrExpression")
    if len(expression.and_expression or ()) > MAX_AND:
        raise invalid_parameter(f"an AndExpression has at most {MAX_AND} parts")
    if expression.or_expression is not None and len(expression.or_expression) != OR_SIZE:
        raise invalid_parameter(f"an OrExpression has exactly {OR_SIZE} parts")
    return expression


def _parts(items: Any, depth: int) -> tuple[Expression, ...]:
    if not isinstance(items, list | tuple):
        raise invalid_parameter("AndExpression and OrExpression are lists")
    return tuple(_expression(item, depth + 1) for item in items)


def _condition(document: Any) -> AttributeCondition:
    name, value = _member(document, "Name", "a condition"), _member(document, "Value", "a condition")
    operator = document.get("ComparisonOperator", GREATER_OR_EQUAL)
    if operator != GREATER_OR_EQUAL:
        raise invalid_parameter(f"ComparisonOperator is {GREATER_OR_EQUAL}")
    if not isinstance(name, str) or not isinstance(value, str) or not name or not value:
        raise invalid_parameter("Name and Value of a condition are texts")
    return AttributeCondition(name, value, _level(document.get("ProficiencyLevel")))


def _level(value: Any) -> float:
    try:
        level = float(value) if not isinstance(value, bool) else 0.0
    except (TypeError, ValueError):
        level = 0.0
    if not 1 <= level <= 5:
        raise invalid_parameter("ProficiencyLevel is a number from 1 to 5")
    return level


def _alternatives(expression: Expression) -> int:
    parts = (*(expression.and_expression or ()), *(expression.or_expression or ()))
    return (expression.or_expression is not None) + sum(_alternatives(part) for part in parts)


def _member(document: Any, name: str, where: str) -> Any:
    if not isinstance(document, Mapping) or document.get(name) is None:
        raise _missing(name, where)
    return document[name]


def _missing(name: str, where: str) -> ServiceError:
    return invalid_parameter(f"{where}: {name} is missing")
