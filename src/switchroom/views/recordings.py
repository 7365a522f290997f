"""The projection that notes a stored recording in its contact's record (REC-34), also when that is complete already."""

from typing import TYPE_CHECKING, Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.events import AnyEvent
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts, outbox, timelines
from switchroom.storage.postgres import Database
from switchroom.views.facts import facts_of
from switchroom.views.streams import record_message

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

_decoder = msgspec.json.Decoder(AnyEvent)
BUCKET = "switchroom"
"""How our own store is called in locations when the instance names no bucket."""
SIDES: dict[tuple[str, ...], str] = {("Agent",): "AGENT", ("Customer",): "CUSTOMER"}


class RecordingRows:
    """One entry of `Recordings` for each file; a record that was out already goes out once more, now with it."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """They are few: one after the other."""
        completed = {event.contact for _, event in batch.events if isinstance(event, e.Completed)}
        for seq, event in batch.events:
            if not isinstance(event, v.RecordingKept) or event.failed is not None:
                continue
            entry = recording_entry(self._bucket(batch.instance), event)
            await contacts.add_recording(connection, batch.instance, event.contact, entry, event.at)
            if event.contact in completed:
                continue
            row = await contacts.lock(connection, batch.instance, event.contact)
            if row is not None and row.completed_at is not None:
                await outbox.put(connection, [record_message(facts_of(batch.config.site, row), f"recording/{seq}")])

    def _bucket(self, instance: str) -> str:
        document = self._catalogue.by_name(instance, "storage-config", "CALL_RECORDINGS")
        config = (document.body.get("S3Config") or {}) if document is not None else {}
        return config.get("BucketName") or BUCKET


def recording_entry(bucket: str, event: v.RecordingKept) -> dict[str, Any]:
    """The `RecordingsInfo` of an audio file."""
    return {
        "StorageType": "S3",
        "Location": f"{bucket}/{event.key}",
        "MediaStreamType": "AUDIO",
        "ParticipantType": SIDES.get(tuple(event.participants), "ALL"),
        "FragmentStartNumber": None,
        "FragmentStopNumber": None,
        "StartTimestamp": iso_s(event.started_at),
        "StopTimestamp": iso_s(event.stopped_at),
        "Status": "AVAILABLE",
        "DeletionReason": None,
    }


async def awaited(database: Database, instance: str, contact: str) -> bool:
    """Whether a recording of the contact was begun whose file is not there yet."""
    kinds = (v.RecordingStarted.__name__, v.RecordingKept.__name__)
    found = await timelines.of_contact(database, instance, contact, kinds, 0, 100)
    events = [_decoder.decode(body) for _, body in found]
    begun = {event.recording.key for event in events if isinstance(event, v.RecordingStarted)}
    return bool(begun - {event.key for event in events if isinstance(event, v.RecordingKept)})


async def mark_deleted(
    database: Database, site: Site, instance: str, contact: str, location: str, reason: str, at: int
) -> None:
    """The record says that there was a recording (QUAL-140); a record that was out goes out once more."""
    async with database.pool.acquire() as connection, connection.transaction():
        row = await contacts.lock(connection, instance, contact)
        entry = next((one for one in row.recordings if one["Location"] == location), None) if row is not None else None
        if row is None or entry is None:
            return
        gone = {**entry, "Status": "DELETED", "DeletionReason": reason}
        await contacts.add_recording(connection, instance, contact, gone, at)
        changed = await contacts.lock(connection, instance, contact)
        if changed is not None and changed.completed_at is not None:
            await outbox.put(connection, [record_message(facts_of(site, changed), f"deleted/{at}")])
