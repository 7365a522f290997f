"""The base of all events."""

from typing import ClassVar

import msgspec


class Event(msgspec.Struct, tag=True, omit_defaults=True, kw_only=True):
    """Base of all events: when it happened, in epoch milliseconds."""

    at: int
    updates: ClassVar[str | None] = None
    """The contact event's `updatedProperties` entry that this event causes (REC-08)."""
