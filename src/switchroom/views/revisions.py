"""The projection that changes records of contacts which are over, and lets them go out again (REC-28)."""

from typing import TYPE_CHECKING

import msgspec

from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.storage import contacts, outbox
from switchroom.storage.contacts import ContactRow
from switchroom.views.contact_events import revised
from switchroom.views.facts import facts_of
from switchroom.views.streams import CONTACT_EVENTS, message, record_message

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection


class Revisions:
    """Attributes and tags of records; each change is told as contact event and as a newer copy of the record."""

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One record after the other: they are few."""
        for seq, event in batch.events:
            if not isinstance(event, e.RecordRevised):
                continue
            row = await contacts.lock(connection, batch.instance, event.contact)
            if row is None:
                continue
            changed = _changed(row, event)
            await contacts.save(connection, [changed])
            facts = facts_of(batch.config.site, changed)
            told = message(
                CONTACT_EVENTS,
                batch.instance,
                f"contact/{batch.instance}/{seq}",
                revised(batch, seq, event, facts.contact),
            )
            await outbox.put(connection, [told, record_message(facts, seq)])


def _changed(row: ContactRow, event: e.RecordRevised) -> ContactRow:
    attributes = {**row.attributes, **(event.attributes or {})}
    return msgspec.structs.replace(
        row,
        attributes={name: value for name, value in attributes.items() if value},
        tags=row.tags if event.tags is None else event.tags,
        updated_at=max(row.updated_at, event.at),
    )
