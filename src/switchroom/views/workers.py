"""What is done after commits: sending what is owed to streams, heartbeats, transcript files."""

import asyncio
from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import DAY, HOUR, SECOND, iso_s
from switchroom.centre.configuration import read as read_configuration
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import agent_snapshots, contacts, outbox, transcripts
from switchroom.storage.bus import Bus
from switchroom.storage.flow_logs import FlowLogs
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.storage.transcripts import FileRow, ItemRow
from switchroom.views.agent_events import agent_event, configuration
from switchroom.views.facts import facts_of
from switchroom.views.items import item_form, read_item
from switchroom.views.streams import AGENT_EVENTS, message, record_message

HEARTBEAT = 120 * SECOND
BUCKET = "switchroom"
"""How our own store is called in locations when the instance names no bucket."""
TRANSCRIPT_VERSION = "2019-08-26"
KEPT = 730 * DAY
"""How long records are kept (REC-29): 24 months."""
FORGET_AT_ONCE = 500
_BATCH = 64
_UNDER_WAY = 64
"""Messages sent before the first of them is confirmed."""


class Publisher:
    """Moves messages from the outbox into their streams, in order, at least once (REC-22, REC-28)."""

    def __init__(self, database: Database, bus: Bus) -> None:
        self._database = database
        self._bus = bus

    async def work(self) -> bool:
        """Send some; whether there is more."""
        async with self._database.pool.acquire() as connection, connection.transaction():
            if not await outbox.lead(connection):
                return False
            rows = await outbox.owed(connection, _BATCH)
            owed = [message for _, messages in rows for message in messages]
            for start in range(0, len(owed), _UNDER_WAY):
                await asyncio.gather(*(self._send(each) for each in owed[start : start + _UNDER_WAY]))
            if rows:
                await outbox.paid(connection, [row for row, _ in rows])
            return len(rows) == _BATCH

    async def _send(self, owed: outbox.Message) -> None:
        await self._bus.append(owed.subject, owed.payload, owed.id)


class Heartbeat:
    """HEART_BEAT for agents of whom nothing was heard for 120 s, until one hour after they logged out."""

    def __init__(self, site: Site, database: Database, clock: Callable[[], int]) -> None:
        self._site = site
        self._database = database
        self._clock = clock

    async def work(self) -> bool:
        """Send those that are due; whether there are more."""
        now = self._clock()
        async with self._database.pool.acquire() as connection, connection.transaction():
            rows = await agent_snapshots.silent(connection, now - HEARTBEAT, now - HOUR, _BATCH)
            messages = []
            for instance, (agent, _, _, stored) in rows:
                snapshot = msgspec.json.decode(stored)
                name = f"{instance}/{agent}/heartbeat/{now}"
                event = agent_event(self._site, instance, agent, "HEART_BEAT", now, name, snapshot, snapshot)
                messages.append(message(AGENT_EVENTS, instance, name, event))
            if rows:
                await agent_snapshots.touch(connection, [(instance, row[0]) for instance, row in rows], now)
                await outbox.put(connection, messages)
            return len(rows) == _BATCH


class Reconfigured:
    """STATE_CHANGE for agents whose profile, queues, hierarchy or proficiencies were edited (metrics.md B16)."""

    KINDS = frozenset({"user", "routing-profile", "queue", "hierarchy-group"})

    def __init__(self, site: Site, database: Database, catalogue: Catalogue, clock: Callable[[], int]) -> None:
        self._site = site
        self._database = database
        self._catalogue = catalogue
        self._clock = clock
        self._edited: set[str] = set()

    def edited(self, instance: str) -> None:
        """Configuration of an instance was edited."""
        self._edited.add(instance)

    async def work(self) -> bool:
        """Compare the agents of one instance; whether there are more instances."""
        if not self._edited:
            return False
        instance = self._edited.pop()
        if self._catalogue.find(instance, "instance", instance) is None:
            return bool(self._edited)
        now = self._clock()
        config = read_configuration(self._catalogue, instance, self._site)
        async with self._database.pool.acquire() as connection, connection.transaction():
            saved: list[agent_snapshots.Row] = []
            messages: list[outbox.Message] = []
            for agent, _, logout_at, stored in await agent_snapshots.followed(connection, instance, now - HOUR):
                before = msgspec.json.decode(stored)
                if agent not in config.users:
                    continue
                after = {**before, "Configuration": configuration(config, instance, agent, before["Contacts"])}
                if after == before:
                    continue
                name = f"{instance}/{agent}/configured/{now}"
                event = agent_event(self._site, instance, agent, "STATE_CHANGE", now, name, after, before)
                messages.append(message(AGENT_EVENTS, instance, name, event))
                saved.append((agent, now, logout_at, msgspec.json.encode(after)))
            if saved:
                await agent_snapshots.save(connection, instance, saved)
                await outbox.put(connection, messages)
        return bool(self._edited)


class Retention:
    """Deletes contact records 24 months after their contact was initiated, with their transcripts (REC-29).

    Flow logs and journeys are kept as long.
    """

    def __init__(self, database: Database, clock: Callable[[], int]) -> None:
        self._database = database
        self._clock = clock

    async def work(self) -> bool:
        """Delete some; whether there may be more."""
        before = self._clock() - KEPT
        gone = await contacts.forget(self._database, before, FORGET_AT_ONCE)
        blocks = await FlowLogs(self._database).forget_oldest(before, FORGET_AT_ONCE)
        return FORGET_AT_ONCE in (gone, blocks)


class TranscriptFiles:
    """Writes the transcript of each chat segment that ended, and notes it in the contact's record (REC-34, CHAT-79)."""

    def __init__(
        self, site: Site, database: Database, objects: ObjectStore, catalogue: Catalogue, clock: Callable[[], int]
    ) -> None:
        self._site = site
        self._database = database
        self._objects = objects
        self._catalogue = catalogue
        self._clock = clock

    async def work(self) -> bool:
        """Write one; whether there may be more. A file that fails comes up again later, others go on meanwhile."""
        now = self._clock()
        file = await transcripts.claim_file(self._database, now)
        if file is None:
            return False
        rows = await transcripts.of_contact(self._database, file.instance, file.contact)
        key = self._key(file)
        body = msgspec.json.encode(transcript_file(self._site, file, rows))
        await self._objects.put(key, body, "application/json")
        async with self._database.pool.acquire() as connection, connection.transaction():
            await contacts.add_recording(connection, file.instance, file.contact, self._entry(file, key, rows), now)
            await transcripts.file_written(connection, file)
            await self._export_again(connection, file)
        return True

    def _storage(self, instance: str) -> tuple[str | None, str | None]:
        """(bucket, prefix) of the instance's chat transcripts; (None, None) for our own store."""
        document = self._catalogue.by_name(instance, "storage-config", "CHAT_TRANSCRIPTS")
        config = (document.body.get("S3Config") or {}) if document is not None else {}
        return config.get("BucketName"), config.get("BucketPrefix")

    def _key(self, file: FileRow) -> str:
        """The key; a configured prefix stands for `connect/ALIAS/ChatTranscripts`."""
        prefix = self._storage(file.instance)[1]
        if not prefix:
            return file.key
        return f"{prefix.rstrip('/')}/{'/'.join(file.key.split('/')[3:])}"

    def _entry(self, file: FileRow, key: str, rows: list[ItemRow]) -> dict[str, Any]:
        bucket = self._storage(file.instance)[0] or BUCKET
        return {
            "StorageType": "S3",
            "Location": f"{bucket}/{key}",
            "MediaStreamType": "CHAT",
            "ParticipantType": None,
            "FragmentStartNumber": None,
            "FragmentStopNumber": None,
            "StartTimestamp": iso_s(rows[0].at) if rows else None,
            "StopTimestamp": iso_s(rows[-1].at) if rows else None,
            "Status": "AVAILABLE",
            "DeletionReason": None,
        }

    async def _export_again(self, connection: Any, file: FileRow) -> None:
        """A record that was out already goes out once more, now with the file."""
        row = await contacts.lock(connection, file.instance, file.contact)
        if row is not None and row.completed_at is not None:
            await outbox.put(connection, [record_message(facts_of(self._site, row), "transcript")])


def transcript_file(site: Site, file: FileRow, rows: list[ItemRow]) -> dict[str, Any]:
    """The body of a transcript file (chat.md, Stored chat transcript)."""
    items = [read_item(row.item) for row in rows]
    participants = dict.fromkeys(item.participant for item in items if item.participant and item.role != "SYSTEM")
    return {
        "Version": TRANSCRIPT_VERSION,
        "AWSAccountId": site.account,
        "InstanceId": file.instance,
        "InitialContactId": file.session,
        "ContactId": file.contact,
        "Participants": [{"ParticipantId": participant} for participant in participants],
        "Transcript": [item_form(item) for item in items],
    }
