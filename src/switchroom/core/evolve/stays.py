"""Stays that end: in a queue, on a call, at a supervisor's post."""

from msgspec.structs import replace

from switchroom.core.contact import Contact
from switchroom.core.evolve.fold import Fold


def leave_queue(fold: Fold, contact: Contact, at: int) -> None:
    """The contact waits no longer."""
    stay = contact.stay
    if contact.place == "queue" and stay is not None and stay.dequeued_at is None:
        stay.dequeued_at = at
        fold.indexes.left(stay.queue, contact.id)


def leave_call(fold: Fold, contact: Contact) -> None:
    """The contact is no segment of its call any more."""
    call = fold.state.call_of(contact)
    if call is not None and contact.id in call.contacts:
        call.contacts.remove(contact.id)


def close_monitor_stay(contact: Contact, at: int) -> None:
    """The supervisor's present state ends."""
    if contact.monitor_stays and contact.monitor_stays[-1].ended_at is None:
        contact.monitor_stays = [*contact.monitor_stays[:-1], replace(contact.monitor_stays[-1], ended_at=at)]
