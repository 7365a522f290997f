"""How a block is written: it gets a `Step`, and answers with the way out."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from switchroom.flows.attributes import interpolate, path_of, value_of
from switchroom.flows.language import NO_MATCHING_CONDITION, NO_MATCHING_ERROR, Action, CompiledFlow, Condition, text_of
from switchroom.flows.shelf import Library
from switchroom.flows.state import Effect, Ended, EndReason, FlowRun, Frame, Signal
from switchroom.flows.world import FlowError, World


class Go:
    """On to an action of the flow that is on top. `target` of None: the outcome leads nowhere."""

    __slots__ = ("outcome", "target")

    def __init__(self, target: str | None, outcome: str) -> None:
        self.target = target or None
        self.outcome = outcome


class Stand:
    """Stop here until a signal comes."""

    __slots__ = ("effect", "until")

    def __init__(self, effect: Effect, until: int | None) -> None:
        self.effect = effect
        self.until = until


Move = Go | Stand | Ended


class Step:
    """One block at work: the action, the run it moves, and the world it works on.

    `logged` and `results` become `Parameters` and `Results` of the flow log entry, `failed` is set when an error branch
    was taken; `run` and its frames may be changed.
    """

    __slots__ = ("action", "failed", "flow", "library", "logged", "results", "run", "world")

    def __init__(self, run: FlowRun, flow: CompiledFlow, action: Action, library: Library, world: World) -> None:
        self.run = run
        self.flow = flow
        self.action = action
        self.library = library
        self.world = world
        self.logged: dict[str, Any] = {}
        self.results: Any = None
        self.failed = False

    @property
    def frame(self) -> Frame:
        """The flow or module on top, with its namespaces."""
        return self.run.frames[-1]

    @property
    def parameters(self) -> dict[str, Any]:
        """The parameters as stored."""
        return self.action.parameters

    def value(self, raw: Any) -> Any:
        """A parameter with its references resolved; raises FlowError if one leads nowhere."""
        return value_of(raw, self.frame, self.world)

    def get(self, name: str) -> Any:
        """The resolved parameter of a name, None if it is absent or empty."""
        raw = self.action.parameters.get(name)
        return None if raw is None or raw == "" else self.value(raw)

    def text(self, name: str) -> str | None:
        """Like `get`, as text."""
        value = self.get(name)
        return None if value is None else text_of(value)

    def scalar(self, raw: Any) -> str:
        """A resolved parameter as text; raises FlowError for a list or an object."""
        value = self.value(raw)
        if isinstance(value, (dict, list)):
            raise FlowError("A list or an object cannot be used here")
        return text_of(value)

    def free_text(self, name: str) -> str | None:
        """A parameter that mixes text and references freely, as text."""
        raw = self.action.parameters.get(name)
        return None if raw is None else interpolate(text_of(raw), self.frame, self.world)

    def integer(self, name: str, low: int, high: int, default: int | None = None) -> int:
        """A whole number between `low` and `high`, stored as number or text; raises FlowError."""
        value = self.get(name)
        if value is None:
            if default is None:
                raise FlowError(f"{name} is missing")
            return default
        return whole_number(value, name, low, high)

    def next(self) -> Go:
        """The success branch."""
        return Go(self.action.next, "Success")

    def fail(self, kind: str, text: str = "") -> Go:
        """The branch of an error type, else of NoMatchingError, else (old blocks without it) success."""
        errors = self.action.errors
        self.results = text or kind
        self.failed = True
        if kind in errors:
            return Go(errors[kind], kind)
        if NO_MATCHING_ERROR in errors:
            return Go(errors[NO_MATCHING_ERROR], NO_MATCHING_ERROR)
        return Go(self.action.next, kind)

    def choose(self, value: Any) -> Go:
        """The branch of the first condition that holds for a value, else NoMatchingCondition (BLK-031)."""
        self.results = None if value is None else text_of(value)
        for condition in self.action.conditions:
            if self._holds(condition, value):
                return Go(condition.next, condition.operand)
        target = self.action.errors.get(NO_MATCHING_CONDITION)
        if target is None and not self.action.conditions:
            return Go(self.action.next, "Success")
        if target is None:
            target = self.action.errors.get(NO_MATCHING_ERROR) or self.action.next
        return Go(target, NO_MATCHING_CONDITION)

    def stand(self, effect: Effect, until: int | None = None) -> Stand:
        """Wait for a signal, or for the moment `until` (epoch ms)."""
        self.run.turned_away = False
        return Stand(effect, until)

    def end(self, reason: EndReason, text: str = "") -> Ended:
        """End the run."""
        return Ended(reason, text)

    def _holds(self, condition: Condition, value: Any) -> bool:
        if condition.operator == "And":
            return all(self._holds(part, value) for part in condition.nested)
        if condition.operator == "Or":
            return any(self._holds(part, value) for part in condition.nested)
        compare = OPERATORS.get(condition.operator)
        if compare is None or value is None:
            return False
        operand = condition.operand
        if "$" in operand and path_of(operand) is not None:
            try:
                operand = text_of(self.value(operand))
            except FlowError:
                return False
        return compare(text_of(value), operand)


def number(text: Any) -> float | None:
    """The number in a text, None if it is none."""
    try:
        found = float(text)
    except (TypeError, ValueError):
        return None
    return found if found == found and abs(found) != float("inf") else None


def whole_number(value: Any, name: str, low: int, high: int) -> int:
    """A whole number in a range, given as number or text; raises FlowError."""
    found = number(value)
    if found is None or found != int(found) or not low <= found <= high or isinstance(value, bool):
        raise FlowError(f"{name} must be a whole number from {low} to {high}, not {value!r}")
    return int(found)


def truth(value: Any) -> bool:
    """A flag stored as boolean or as the designer's text `True` / `False`."""
    return value is True or (isinstance(value, str) and value.lower() == "true")


def _numeric(compare: Callable[[float, float], bool]) -> Callable[[str, str], bool]:
    def check(left: str, right: str) -> bool:
        a, b = number(left), number(right)
        return a is not None and b is not None and compare(a, b)

    return check


OPERATORS: Final[Mapping[str, Callable[[str, str], bool]]] = {
    "Equals": lambda left, right: left == right,
    "TextStartsWith": lambda left, right: left.startswith(right),
    "TextEndsWith": lambda left, right: left.endswith(right),
    "TextContains": lambda left, right: right in left,
    "NumberGreaterThan": _numeric(lambda a, b: a > b),
    "NumberGreaterOrEqualTo": _numeric(lambda a, b: a >= b),
    "NumberLessThan": _numeric(lambda a, b: a < b),
    "NumberLessOrEqualTo": _numeric(lambda a, b: a <= b),
}

Begin = Callable[[Step], Move]
Resume = Callable[[Step, Signal], Move]
