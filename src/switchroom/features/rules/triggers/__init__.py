"""What can start a rule: one file a trigger, which calls `declare`. Importing this package declares them all."""

import importlib
import pkgutil
from dataclasses import dataclass

from switchroom.features.rules.language import AT_LEAST, AT_MOST, CONTAINS, CONTAINS_ANY, EQUALS, BadFunction, Condition

NUMBERS = (AT_LEAST, AT_MOST)
ANY_OPERATOR = (EQUALS, CONTAINS, CONTAINS_ANY, *NUMBERS)


@dataclass(frozen=True, slots=True)
class Field:
    """A fact that conditions can look at, with the operators that suit it and its values where they are known.

    A `free` field goes on with a dot and a name of one's own.
    """

    name: str
    label: str
    operators: tuple[str, ...] = (EQUALS,)
    values: tuple[str, ...] = ()
    free: bool = False


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A fact that texts of actions can hold."""

    name: str
    label: str


@dataclass(frozen=True, slots=True)
class Trigger:
    """An event source. `prefixes` begin its references, the first is written by the pages.

    Rules of a trigger that does not run are kept and checked by name, and do nothing. `matched` and `failed` name it
    in events: the detail type of a rule that matched, and the `triggerEvent` of an action that failed.
    """

    name: str
    label: str
    prefixes: tuple[str, ...]
    actions: tuple[str, ...]
    runs: bool = False
    application: str | None = None
    fields: tuple[Field, ...] = ()
    placeholders: tuple[Placeholder, ...] = ()
    matched: str = "External Rules Matched"
    failed: str = "THIRD_PARTY"

    def name_of(self, reference: str) -> str | None:
        """The name of the fact that a reference means; None if it is no reference to one."""
        prefix = next((one for one in self.prefixes if reference.startswith(one)), None)
        return reference.removeprefix(prefix) if prefix else None

    def reference(self, field: Field) -> str:
        """How conditions name a field."""
        return (self.prefixes[0] + field.name).rstrip(".")

    def check(self, condition: Condition) -> None:
        """Raise BadFunction for a condition this trigger cannot decide."""
        if not self.runs:
            return
        name = self.name_of(condition.value)
        field = next((one for one in self.fields if name and _is(one, name)), None)
        if field is None:
            known = ", ".join(self.reference(one) + (".NAME" if one.free else "") for one in self.fields)
            raise BadFunction(f"{condition.path}.ComparisonValue", f"{self.name} has {known}")
        if condition.operator not in field.operators:
            raise BadFunction(f"{condition.path}.Operator", f"{field.name} takes {' or '.join(field.operators)}")
        if condition.operator == EQUALS and len(condition.operands) > 1:
            raise BadFunction(f"{condition.path}.Operands", "EQUALS has one operand")
        if condition.filters:
            raise BadFunction(f"{condition.path}.FilterClause", f"{self.name} has no filters")


def _is(field: Field, name: str) -> bool:
    if field.free:
        beginning = f"{field.name}." if field.name else ""
        return name.startswith(beginning) and len(name) > len(beginning)
    return name == field.name


TRIGGERS: dict[str, Trigger] = {}


def declare(trigger: Trigger) -> Trigger:
    """Make a trigger known."""
    if trigger.name in TRIGGERS:
        raise ValueError(f"trigger {trigger.name} is declared twice")
    TRIGGERS[trigger.name] = trigger
    return trigger


for _module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{_module.name}")
