"""Tables of connections to applications outside and of the events that came from them. Times are epoch milliseconds."""

from typing import Any

import asyncpg
import msgspec

from switchroom.storage.documents import Connection
from switchroom.storage.postgres import Database


class EventConnection(msgspec.Struct, frozen=True):
    """A connection; `id` is that of its integration association. `heard_at` is when the application itself spoke."""

    instance: str
    id: str
    application: str
    name: str
    url: str
    environment: str
    event_source: str
    secret: bytes
    created_at: int
    previous: bytes | None = None
    previous_until: int | None = None
    deleted_at: int | None = None
    last_event_at: int | None = None
    heard_at: int | None = None
    refused_at: int | None = None
    refusal: str | None = None


class StoredEvent(msgspec.Struct, frozen=True):
    """An event as it came. `state` is RECEIVED, DONE, IGNORED or FAILED; `payload` and `outcomes` are JSON."""

    instance: str
    connection: str
    id: str
    via: str
    received_at: int
    about: str
    payload: str
    trigger: str | None = None
    state: str = "RECEIVED"
    due_at: int = 0
    attempts: int = 0
    reason: str | None = None
    outcomes: str = "[]"
    seq: int = 0


_CONNECTION = ", ".join(EventConnection.__struct_fields__)
_EVENT = ", ".join(StoredEvent.__struct_fields__)


async def connect(connection: Connection, new: EventConnection) -> None:
    """Keep a connection."""
    await connection.execute(
        "INSERT INTO event_connections (instance, id, application, name, url, environment, event_source, secret,"
        " created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        *(new.instance, new.id, new.application, new.name, new.url, new.environment, new.event_source, new.secret),
        new.created_at,
    )


async def find(database: Database, identifier: str) -> EventConnection | None:
    """A connection of any instance, removed or not."""
    row = await database.pool.fetchrow(f"SELECT {_CONNECTION} FROM event_connections WHERE id = $1", identifier)
    return EventConnection(**row) if row else None


async def connections(database: Database, instance: str) -> list[EventConnection]:
    """All of an instance, by name, removed ones last."""
    rows = await database.pool.fetch(
        f"SELECT {_CONNECTION} FROM event_connections WHERE instance = $1 ORDER BY deleted_at NULLS FIRST, name, id",
        instance,
    )
    return [EventConnection(**row) for row in rows]


async def disconnect(connection: Connection, identifier: str, now: int) -> None:
    """Note that a connection was removed; its secrets are wiped."""
    await connection.execute(
        "UPDATE event_connections SET deleted_at = $2, secret = '', previous = NULL, previous_until = NULL"
        " WHERE id = $1 AND deleted_at IS NULL",
        *(identifier, now),
    )


async def rotate(connection: Connection, identifier: str, secret: bytes, until: int) -> None:
    """Give a connection another secret; the one before is good until a time."""
    await connection.execute(
        "UPDATE event_connections SET previous = secret, previous_until = $3, secret = $2, refused_at = NULL,"
        " refusal = NULL WHERE id = $1 AND deleted_at IS NULL",
        *(identifier, secret, until),
    )


async def refuse(database: Database, identifier: str, now: int, reason: str) -> None:
    """Note the latest request that was refused."""
    await database.pool.execute(
        "UPDATE event_connections SET refused_at = $2, refusal = $3 WHERE id = $1 AND deleted_at IS NULL",
        *(identifier, now, reason),
    )


async def receive(database: Database, event: StoredEvent) -> bool:
    """Keep an event; false if it is there already."""
    async with database.pool.acquire() as connection, connection.transaction():
        added = await connection.execute(
            "INSERT INTO external_events (instance, connection, id, via, state, received_at, due_at, trigger, about,"
            " payload) VALUES ($1, $2, $3, $4, 'RECEIVED', $5, $5, $6, $7, $8) ON CONFLICT (connection, id) DO NOTHING",
            *(event.instance, event.connection, event.id, event.via, event.received_at, event.trigger, event.about),
            event.payload,
        )
        await connection.execute(
            "UPDATE event_connections SET last_event_at = $2, heard_at = CASE WHEN $3 THEN heard_at ELSE $2 END"
            " WHERE id = $1",
            *(event.connection, event.received_at, event.via == "TEST"),
        )
        return added == "INSERT 0 1"


async def next_due(connection: Connection, now: int) -> StoredEvent | None:
    """The oldest event that is due and that nobody works on, held until the transaction ends."""
    row = await connection.fetchrow(
        f"SELECT {_EVENT} FROM external_events WHERE state = 'RECEIVED' AND due_at <= $1"
        " ORDER BY due_at, seq LIMIT 1 FOR UPDATE SKIP LOCKED",
        now,
    )
    return _event(row) if row else None


async def settle(connection: Connection, event: StoredEvent, state: str, reason: str | None, outcomes: str) -> None:
    """Note what became of an event."""
    await connection.execute(
        "UPDATE external_events SET state = $3, reason = $4, outcomes = $5 WHERE connection = $1 AND id = $2",
        *(event.connection, event.id, state, reason, outcomes),
    )


async def postpone(database: Database, event: StoredEvent, due_at: int, reason: str) -> None:
    """Try an event again later."""
    await database.pool.execute(
        "UPDATE external_events SET due_at = $3, attempts = attempts + 1, reason = $4"
        " WHERE connection = $1 AND id = $2 AND state = 'RECEIVED'",
        *(event.connection, event.id, due_at, reason),
    )


async def newest(database: Database, connection: str, before: int | None, limit: int) -> list[StoredEvent]:
    """Events of a connection, newest first, from below the position `before` on."""
    rows = await database.pool.fetch(
        f"SELECT {_EVENT} FROM external_events WHERE connection = $1 AND ($2::bigint IS NULL OR seq < $2)"
        " ORDER BY seq DESC LIMIT $3",
        *(connection, before, limit),
    )
    return [_event(row) for row in rows]


async def last_states(database: Database, instance: str) -> dict[str, str]:
    """The state of the latest event of each connection."""
    rows = await database.pool.fetch(
        "SELECT c.id, e.state FROM event_connections c CROSS JOIN LATERAL (SELECT state FROM external_events"
        " WHERE connection = c.id ORDER BY seq DESC LIMIT 1) e WHERE c.instance = $1",
        instance,
    )
    return {row["id"]: row["state"] for row in rows}


async def forget(database: Database, before: int) -> None:
    """Forget events that came before a time and are over."""
    await database.pool.execute("DELETE FROM external_events WHERE received_at < $1 AND state <> 'RECEIVED'", before)


def _event(row: asyncpg.Record) -> StoredEvent:
    values: dict[str, Any] = dict(row)
    return StoredEvent(**values)
