"""The projection that notes a stored recording in its contact's record (REC-34), also when that is complete already."""

from typing import TYPE_CHECKING, Any

from switchroom.base.clock import iso_s
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts, outbox
from switchroom.views.facts import facts_of
from switchroom.views.streams import record_message

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

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
