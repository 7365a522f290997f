"""Events come in: verified, read, and durable before the application is told so (ROUT-102, ROUT-103)."""

import hashlib
import logging
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

import msgspec
from nats.js.api import ConsumerConfig

from switchroom.base.clock import MINUTE, now_ms
from switchroom.base.errors import ServiceError, invalid_request, not_found
from switchroom.features.rules.applications import APPLICATIONS
from switchroom.features.rules.secrets import Sealed
from switchroom.features.rules.signatures import verify
from switchroom.storage import external_events as store
from switchroom.storage.bus import Bus
from switchroom.storage.external_events import EventConnection, StoredEvent
from switchroom.storage.postgres import Database

log = logging.getLogger(__name__)

MOST_BYTES = 256 * 1024
MOST_DEPTH = 32
LONGEST_ID = 200
A_SECOND, AT_ONCE = 50.0, 500.0
"""Events of a connection: steadily, and in one go."""
STREAM, WORD = "EXTERNAL_EVENTS", "external-events"
_KEPT_SECONDS = 86_400.0
_NOTED_EVERY = MINUTE // 6
_MOST_BUCKETS = 10_000
_EVENT_ID = "x-switchroom-event-id"


class Accepted(msgspec.Struct, frozen=True):
    """An event that is durable; `new` is False for one that came before."""

    id: str
    new: bool


class Intake:
    """Takes events for every instance of the site. `wake` is called when there is something to evaluate."""

    def __init__(self, database: Database, sealed: Sealed, clock: Callable[[], int] = now_ms) -> None:
        self._database = database
        self._sealed = sealed
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._noted: OrderedDict[str, int] = OrderedDict()
        self.wake: Callable[[], None] = lambda: None

    async def webhook(self, identifier: str, headers: Mapping[str, str], body: bytes) -> Accepted:
        """An event by HTTP. Raises ServiceError."""
        connection = await self._connection(identifier)
        application = APPLICATIONS[connection.application]
        now = self._clock()
        try:
            known = self._sealed.open(connection, now)
            verify(known, headers, body, now, shared_secret=application.shared_secret)
        except ServiceError as refusal:
            await self._note(connection, refusal.message, now)
            raise
        if not self._admit(identifier):
            raise ServiceError("ThrottlingException", f"More than {A_SECOND:.0f} events a second")
        return await self._take(connection, body, "WEBHOOK", headers.get(_EVENT_ID))

    async def hand_in(self, connection: EventConnection, body: bytes, via: str) -> Accepted:
        """An event whose origin is beyond doubt: from the message bus, or a test from the page."""
        return await self._take(connection, body, via, None)

    async def _connection(self, identifier: str) -> EventConnection:
        connection = await store.find(self._database, identifier) if len(identifier) <= LONGEST_ID else None
        if connection is None or connection.deleted_at is not None:
            raise not_found("Connection", identifier[:LONGEST_ID])
        return connection

    async def _take(self, connection: EventConnection, body: bytes, via: str, given_id: str | None) -> Accepted:
        now = self._clock()
        try:
            payload = decoded(body)
            arrived = APPLICATIONS[connection.application].read(payload, connection.url)
        except ValueError as wrong:
            await self._note(connection, str(wrong), now)
            raise invalid_request(f"This is no event of {connection.application}: {wrong}") from None
        identifier = _identifier(arrived.id or given_id, body)
        event = StoredEvent(
            instance=connection.instance,
            connection=connection.id,
            id=identifier,
            via=via,
            received_at=now,
            trigger=arrived.happenings[0].trigger if arrived.happenings else None,
            about=_storable(arrived.about),
            payload=_storable(body.decode()),
        )
        new = await store.receive(self._database, event)
        if new:
            self.wake()
        return Accepted(identifier, new)

    async def _note(self, connection: EventConnection, reason: str, now: int) -> None:
        """Show on the page why nothing comes; not for every request of somebody who only knocks."""
        if self._noted.get(connection.id, 0) > now - _NOTED_EVERY:
            return
        self._noted[connection.id] = now
        if len(self._noted) > _MOST_BUCKETS:
            self._noted.popitem(last=False)
        await store.refuse(self._database, connection.id, now, _storable(reason)[:500])

    def _admit(self, identifier: str) -> bool:
        moment = time.monotonic()
        level, at = self._buckets.pop(identifier, (AT_ONCE, moment))
        level = min(AT_ONCE, level + (moment - at) * A_SECOND)
        self._buckets[identifier] = (max(0.0, level - 1), moment)
        if len(self._buckets) > _MOST_BUCKETS:
            self._buckets.popitem(last=False)
        return level >= 1


def decoded(body: bytes) -> dict[str, Any]:
    """The JSON object of a body. Raises ValueError."""
    if len(body) > MOST_BYTES:
        raise ValueError(f"it has more than {MOST_BYTES} bytes")
    try:
        document = msgspec.json.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as error:
        raise ValueError(f"it is not JSON: {error}") from None
    if not isinstance(document, dict):
        raise ValueError("it is not a JSON object")
    level: list[Any] = [document]
    for _ in range(MOST_DEPTH):
        level = [one for outer in level for one in _inside(outer)]
        if not level:
            return document
    raise ValueError(f"it is nested more than {MOST_DEPTH} deep")


def _inside(value: Any) -> list[Any]:
    items = value.values() if isinstance(value, dict) else value
    return [one for one in items if isinstance(one, (dict, list))]


def _identifier(own: str | None, body: bytes) -> str:
    """The application's own id if it fits, else the hash of the body."""
    if own and len(own) <= LONGEST_ID and own.isprintable():
        return own
    return hashlib.sha256(own.encode("utf-8", "replace") if own else body).hexdigest()


def _storable(text: str) -> str:
    """PostgreSQL keeps no NUL; in JSON text it is only ever escaped."""
    return text.replace("\x00", "")


class BusIntake:
    """Events on `external-events.INSTANCE.CONNECTION` of the message bus: taken in once, then acknowledged."""

    def __init__(self, bus: Bus, database: Database, intake: Intake) -> None:
        self._bus = bus
        self._database = database
        self._intake = intake
        self._fetch: Any = None

    async def work(self) -> bool:
        """Take in what is there; whether there was anything."""
        if self._fetch is None:
            await self._bus.ensure_stream(STREAM, [f"{WORD}.*.*"], max_age_seconds=_KEPT_SECONDS)
            config = ConsumerConfig(ack_wait=30, max_ack_pending=1_000)
            self._fetch = await self._bus.jetstream.pull_subscribe(f"{WORD}.*.*", durable="rules", config=config)
        try:
            messages = await self._fetch.fetch(100, timeout=5)
        except TimeoutError:
            return False
        for message in messages:
            await self._one(message)
        return True

    async def _one(self, message: Any) -> None:
        _, instance, identifier = message.subject.split(".")
        connection = await store.find(self._database, identifier)
        if connection is None or connection.deleted_at is not None or connection.instance != instance:
            log.warning("an event for connection %s, which there is not", identifier)
        else:
            try:
                await self._intake.hand_in(connection, message.data, "BUS")
            except ServiceError as wrong:
                log.warning("an event for connection %s is dropped: %s", identifier, wrong.message)
        await message.ack()
