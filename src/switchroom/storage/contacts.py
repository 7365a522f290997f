"""The table of contacts: one row a contact, kept by the centre's commits, read by search and records."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from switchroom.storage import figures
from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]


class ContactRow(msgspec.Struct, frozen=True, kw_only=True):
    """A row. Times are epoch milliseconds; `body` is the contact as JSON."""

    instance: str
    id: str
    initial_id: str
    previous_id: str | None = None
    related_id: str | None = None
    next_id: str | None = None
    channel: str
    subtype: str
    initiation_method: str
    name: str | None = None
    place: str
    agent: str | None = None
    queue: str | None = None
    routing_profile: str | None = None
    hierarchy: list[str] = []
    initiated_at: int
    scheduled_at: int | None = None
    enqueued_at: int | None = None
    connected_at: int | None = None
    disconnected_at: int | None = None
    completed_at: int | None = None
    updated_at: int
    disconnect_reason: str | None = None
    tags: dict[str, str] = {}
    attributes: dict[str, str] = {}
    segment_attributes: dict[str, str] = {}
    body: dict[str, Any] = {}
    recordings: list[dict[str, Any]] = []


_JSON = ("tags", "attributes", "segment_attributes", "body")
_COLUMNS = tuple(name for name in ContactRow.__struct_fields__ if name != "recordings")
_CHANGING = tuple(name for name in _COLUMNS if name not in ("instance", "id"))
_UPSERT = (
    f"INSERT INTO contacts ({', '.join(_COLUMNS)}) "
    f"VALUES ({', '.join(f'${place}' for place in range(1, len(_COLUMNS) + 1))}) "
    f"ON CONFLICT (instance, id) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _CHANGING)}"
)
_SELECT = "SELECT " + ", ".join(
    f"{name}::text AS {name}" if name in (*_JSON, "recordings") else name for name in (*_COLUMNS, "recordings")
)


async def save(connection: "Connection", rows: Sequence[ContactRow]) -> None:
    """Insert or replace rows, with their figures; recordings already attached to a contact stay."""
    await connection.executemany(_UPSERT, [_values(row) for row in rows])
    counted = [row for row in rows if row.connected_at is not None or row.disconnected_at is not None]
    if counted:
        await figures.refresh(connection, [(row.instance, row.id) for row in counted])


async def get(database: Database, instance: str, identifier: str) -> ContactRow | None:
    """A contact by id."""
    record = await database.pool.fetchrow(
        f"{_SELECT} FROM contacts WHERE instance = $1 AND id = $2", instance, identifier
    )
    return _row(record) if record else None


async def chain(database: Database, instance: str, initial_id: str) -> list[ContactRow]:
    """All segments of a contact, in the order in which they began."""
    records = await database.pool.fetch(
        f"{_SELECT} FROM contacts WHERE instance = $1 AND initial_id = $2 ORDER BY initiated_at, id",
        instance,
        initial_id,
    )
    return [_row(record) for record in records]


async def associated(database: Database, instance: str, identifier: str) -> list[ContactRow]:
    """Contacts linked to one as previous or related contact, newest first."""
    records = await database.pool.fetch(
        f"{_SELECT} FROM contacts WHERE instance = $1 AND $2 IN (previous_id, related_id) AND id <> $2 "
        "ORDER BY initiated_at DESC, id",
        instance,
        identifier,
    )
    return [_row(record) for record in records]


async def attributes(database: Database, instance: str, initial_id: str) -> dict[str, str] | None:
    """User-defined attributes of a chain, as its segment that changed last has them; None for an unknown chain."""
    text: str | None = await database.pool.fetchval(
        "SELECT attributes::text FROM contacts WHERE instance = $1 AND initial_id = $2 "
        "ORDER BY updated_at DESC LIMIT 1",
        instance,
        initial_id,
    )
    return msgspec.json.decode(text, type=dict[str, str]) if text is not None else None


async def lock(connection: "Connection", instance: str, identifier: str) -> ContactRow | None:
    """A contact, for a change within the caller's transaction."""
    record = await connection.fetchrow(
        f"{_SELECT} FROM contacts WHERE instance = $1 AND id = $2 FOR UPDATE", instance, identifier
    )
    return _row(record) if record else None


async def add_recording(
    connection: "Connection", instance: str, identifier: str, entry: dict[str, Any], at: int
) -> None:
    """Attach a recording or transcript file; an entry of the same Location is replaced."""
    await connection.execute(
        "UPDATE contacts SET updated_at = greatest(updated_at, $4), recordings = $3::jsonb || "
        "(SELECT coalesce(jsonb_agg(known), '[]') FROM jsonb_array_elements(recordings) known "
        "WHERE known->>'Location' <> $5) WHERE instance = $1 AND id = $2",
        instance,
        identifier,
        _text([entry]),
        at,
        entry["Location"],
    )


async def recordings(
    connection: "Connection", instance: str, identifiers: Sequence[str]
) -> dict[str, list[dict[str, Any]]]:
    """What is attached to contacts, of those that have something."""
    records = await connection.fetch(
        "SELECT id, recordings::text AS recordings FROM contacts "
        "WHERE instance = $1 AND id = ANY($2) AND recordings <> '[]'",
        instance,
        list(identifiers),
    )
    return {record["id"]: msgspec.json.decode(record["recordings"]) for record in records}


class Query:
    """Conditions of a search: SQL with numbered parameters."""

    def __init__(self, instance: str) -> None:
        self.values: list[Any] = [instance]
        self._where = ["instance = $1"]

    def where(self, condition: str, *values: Any) -> None:
        """Add a condition; each `?` in it stands for the next of `values`."""
        for value in values:
            self.values.append(value)
            condition = condition.replace("?", f"${len(self.values)}", 1)
        self._where.append(condition)

    @property
    def sql(self) -> str:
        """The WHERE clause."""
        return " AND ".join(f"({condition})" for condition in self._where)


async def search(database: Database, query: Query, order: str, limit: int, offset: int = 0) -> list[ContactRow]:
    """Rows that meet a query, in the given SQL order."""
    records = await database.pool.fetch(
        f"{_SELECT} FROM contacts WHERE {query.sql} ORDER BY {order} LIMIT {limit:d} OFFSET {offset:d}", *query.values
    )
    return [_row(record) for record in records]


async def count(database: Database, query: Query, most: int) -> int:
    """How many rows meet a query; counting stops at `most`."""
    found: int = await database.pool.fetchval(
        f"SELECT count(*) FROM (SELECT 1 FROM contacts WHERE {query.sql} LIMIT {most:d}) AS met", *query.values
    )
    return found


async def handled_by(connection: "Connection", instance: str, user: str) -> list[str]:
    """The contacts an agent has in hand now, in after contact work too, oldest first."""
    rows = await connection.fetch(
        "SELECT id FROM contacts WHERE instance = $1 AND agent = $2 AND completed_at IS NULL"
        " AND body->'contact'->'agent'->'cleared_at' IS NULL ORDER BY initiated_at",
        *(instance, user),
    )
    return [row[0] for row in rows]


async def waiting_in(connection: "Connection", instance: str, queue: str) -> list[str]:
    """The contacts that wait in a queue now, oldest first."""
    rows = await connection.fetch(
        "SELECT id FROM contacts WHERE instance = $1 AND queue = $2 AND completed_at IS NULL AND place = 'queue'"
        " ORDER BY initiated_at",
        *(instance, queue),
    )
    return [row[0] for row in rows]


async def count_since(database: Database, instance: str, moment: int) -> int:
    """Contacts initiated at or after a moment."""
    found: int = await database.pool.fetchval(
        "SELECT count(*) FROM contacts WHERE instance = $1 AND initiated_at >= $2", instance, moment
    )
    return found


async def any_of(database: Database, instance: str) -> bool:
    """Whether an instance has had a contact."""
    found: bool = await database.pool.fetchval("SELECT EXISTS (SELECT FROM contacts WHERE instance = $1)", instance)
    return found


async def forget(database: Database, before: int, most: int) -> int:
    """Delete finished contacts that were initiated before a moment, with their transcripts; how many."""
    found: int = await database.pool.fetchval(
        "WITH old AS (SELECT instance, id FROM contacts "
        "WHERE initiated_at < $1 AND completed_at IS NOT NULL LIMIT $2), "
        "items AS (DELETE FROM transcripts USING old "
        "WHERE transcripts.instance = old.instance AND transcripts.contact = old.id "
        "RETURNING transcripts.instance, transcripts.id), "
        "receipts AS (DELETE FROM transcript_receipts USING items "
        "WHERE transcript_receipts.instance = items.instance AND transcript_receipts.message = items.id), "
        "gone AS (DELETE FROM contacts USING old WHERE contacts.instance = old.instance AND contacts.id = old.id "
        "RETURNING 1) SELECT count(*) FROM gone",
        before,
        most,
    )
    return found


def _values(row: ContactRow) -> tuple[Any, ...]:
    return tuple(_text(getattr(row, name)) if name in _JSON else getattr(row, name) for name in _COLUMNS)


def _text(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _row(record: asyncpg.Record) -> ContactRow:
    members = dict(record)
    for name in (*_JSON, "recordings"):
        members[name] = msgspec.json.decode(members[name])
    return ContactRow(**members)
