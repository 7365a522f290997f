"""The projection that keeps the table of contacts."""

from typing import TYPE_CHECKING

from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.contact import Contact
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow
from switchroom.views.facts import label, row_of

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

QUIET: frozenset[type[e.Event]] = frozenset(
    {
        *(e.FlowMoved, e.FlowLogged, e.FlowStepped, e.LoopsCounted, e.ItemSent, e.ReceiptGiven, e.RoleSpoke),
        *(e.ParticipantJoined, e.ParticipantLeft, e.TimersSet, e.TimersStarted, e.TimersStopped, e.RoleIdled),
        *(e.UploadStarted, e.UploadFinished, e.ChatContinued, e.ChatOpened, e.ChatClosed, e.CustomerConnected),
        *(v.CallOpened, v.CallClosed, v.LegAdded, v.LegRang, v.LegConnected, v.LegDropped, v.LegMoved),
        *(v.LegsJoined, v.LegsParted, v.LegHeld, v.LegResumed, v.LegMuted, v.DigitsSent, v.KeysPressed),
        *(v.PartyChanged, v.RecordingStarted, v.RecordingStateChanged, v.StreamStarted, v.StreamStopped),
    }
)
"""Events that change nothing a contact's row holds."""


class ContactRows:
    """Writes the row of each contact that a commit changes."""

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One statement for all of them."""
        rows = rows_of(batch)
        if rows:
            await contacts.save(connection, rows)


def rows_of(batch: Batch) -> list[ContactRow]:
    """The rows that a batch changes, as they are after it."""
    changed: dict[str, int | None] = {}
    for _, event in batch.events:
        identifier = e.contact_of(event)
        if identifier is not None and type(event) not in QUIET:
            changed[identifier] = event.at if isinstance(event, e.Completed) else changed.get(identifier)
    return [
        _row(batch, contact, completed_at)
        for identifier, completed_at in changed.items()
        if (contact := batch.contacts.get(identifier)) is not None
    ]


def _row(batch: Batch, contact: Contact, completed_at: int | None) -> ContactRow:
    queue = label(batch.config, contact.stay.queue if contact.stay else None)
    return row_of(batch.instance, contact, batch.attributes_of(contact), queue, completed_at)
