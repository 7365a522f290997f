"""The state with its indexes, and the one way to change it."""

from collections.abc import Callable
from typing import Any, TypeVar

from switchroom.core import events as e
from switchroom.core.indexes import Indexes
from switchroom.core.state import State

_Event = TypeVar("_Event", bound=e.Event)
_FOLDS: dict[type[e.Event], Callable[["Fold", Any], None]] = {}


class Fold:
    """A state with its indexes, and the one way to change it: `apply`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.indexes = Indexes(state)

    def apply(self, event: e.Event) -> None:
        """Change the state by one event."""
        fold = _FOLDS.get(type(event))
        if fold is not None:
            fold(self, event)
        contact = self.state.contacts.get(e.contact_of(event) or "")
        if contact is not None and type(event) not in _SILENT:
            contact.updated_at = event.at
        self.indexes.tallies.note(event)

    def arm(self, key: str, due: int | None) -> None:
        """Set, move or (None) cancel a timer."""
        if due is None:
            self.state.timers.pop(key, None)
        else:
            self.state.timers[key] = due
            self.indexes.armed(key, due)


_SILENT: set[type[e.Event]] = {e.FlowMoved, e.FlowLogged, e.FlowStepped, e.LoopsCounted, e.ItemSent, e.ReceiptGiven}


def folds(kind: type[_Event]) -> Callable[[Callable[[Fold, _Event], None]], Callable[[Fold, _Event], None]]:
    """Bind the function that changes the state by a kind of event."""

    def register(function: Callable[[Fold, _Event], None]) -> Callable[[Fold, _Event], None]:
        _FOLDS[kind] = function
        return function

    return register
