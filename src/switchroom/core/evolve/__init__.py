"""Folding: how each event changes the state. The same code runs live and when the journal is read again.

It reads the event and the state alone, never the configuration, so that a replay gives the state there was; and it
leaves the event as it is, so what it takes from one into the state is copied.
"""

from switchroom.core.evolve import agents, calls, chats, contacts, flows
from switchroom.core.evolve.fold import Fold

BOUND = (agents, calls, chats, contacts, flows)
"""Importing them binds their folds."""

__all__ = ["BOUND", "Fold"]
