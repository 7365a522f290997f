"""Routing criteria: what a step asks of an agent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from msgspec import Struct

GREATER_OR_EQUAL = "NumberGreaterOrEqualTo"


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

    def satisfied_by(self, proficiencies: Mapping[tuple[str, str], float]) -> bool:
        """Whether a user with these levels by (name, value) fulfils the expression."""
        condition = self.attribute_condition
        if condition is not None:
            level = proficiencies.get((condition.name, condition.value))
            if level is None or level < condition.proficiency_level:
                return False
        if self.and_expression is not None and not all(part.satisfied_by(proficiencies) for part in self.and_expression):
            return False
        return self.or_expression is None or any(part.satisfied_by(proficiencies) for part in self.or_expression)

    def conditions(self) -> Iterator[AttributeCondition]:
        """Every condition in it, in order."""
        if self.attribute_condition is not None:
            yield self.attribute_condition
        for part in (*(self.and_expression or ()), *(self.or_expression or ())):
            yield from part.conditions()
