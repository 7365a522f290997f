"""Stored chat transcripts: items, receipts, and the files still to be written."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]


class ItemRow(msgspec.Struct, frozen=True):
    """One item; `item` is the core's item as JSON."""

    session: str
    at: int
    id: str
    contact: str
    visibility: str
    item: bytes


class Receipt(msgspec.Struct, frozen=True):
    """A participant got (and read) a message, in epoch milliseconds."""

    message: str
    participant: str
    delivered_at: int
    read_at: int | None


class FileRow(msgspec.Struct, frozen=True):
    """A transcript file to write."""

    instance: str
    contact: str
    session: str
    key: str
    tries: int


async def append(connection: "Connection", instance: str, rows: Sequence[ItemRow]) -> None:
    """Store items; one that is there already stays."""
    await connection.execute(
        "INSERT INTO transcripts (instance, session, at, id, contact, visibility, item) "
        "SELECT $1, session, at, id, contact, visibility, item::jsonb "
        "FROM unnest($2::text[], $3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[]) "
        "AS rows (session, at, id, contact, visibility, item) ON CONFLICT DO NOTHING",
        instance,
        [row.session for row in rows],
        [row.at for row in rows],
        [row.id for row in rows],
        [row.contact for row in rows],
        [row.visibility for row in rows],
        [row.item.decode() for row in rows],
    )


async def receive(
    connection: "Connection", instance: str, rows: Sequence[tuple[str, str, str, int, int | None]]
) -> None:
    """Store receipts: (session, message, participant, delivered at, read at). The first time of each stays."""
    await connection.executemany(
        "INSERT INTO transcript_receipts VALUES ($1, $2, $3, $4, $5, $6) "
        "ON CONFLICT (instance, session, message, participant) DO UPDATE "
        "SET read_at = coalesce(transcript_receipts.read_at, excluded.read_at)",
        [(instance, *row) for row in rows],
    )


async def scan(
    database: Database,
    instance: str,
    session: str,
    *,
    visible: Sequence[str],
    forward: bool,
    bound: int | None,
    inclusive: bool,
    limit: int,
    contact: str | None = None,
) -> list[ItemRow]:
    """Up to `limit` items from `bound` (None: the end of the transcript one comes from) in the scan's direction."""
    comparison = (">" if forward else "<") + ("=" if inclusive else "")
    records = await database.pool.fetch(
        "SELECT session, at, id, contact, visibility, item::text AS item FROM transcripts "
        f"WHERE instance = $1 AND session = $2 AND ($3::bigint IS NULL OR at {comparison} $3) AND visibility = ANY($4) "
        "AND ($5::text IS NULL OR contact = $5) "
        f"ORDER BY at {'ASC' if forward else 'DESC'} LIMIT {limit:d}",
        instance,
        session,
        bound,
        list(visible),
        contact,
    )
    return [_item(record) for record in records]


async def moment_of(database: Database, instance: str, session: str, item: str) -> int | None:
    """When an item of a session was sent."""
    found: int | None = await database.pool.fetchval(
        "SELECT at FROM transcripts WHERE instance = $1 AND id = $2 AND session = $3", instance, item, session
    )
    return found


async def moment_of_recent(
    database: Database, instance: str, session: str, visible: Sequence[str], nth: int
) -> int | None:
    """When the nth newest item (1 is the newest) was sent; of the oldest when there are fewer."""
    found: int | None = await database.pool.fetchval(
        "SELECT min(at) FROM (SELECT at FROM transcripts WHERE instance = $1 AND session = $2 AND visibility = ANY($3) "
        f"ORDER BY at DESC LIMIT {nth:d}) AS newest",
        instance,
        session,
        list(visible),
    )
    return found


async def of_contact(database: Database, instance: str, contact: str) -> list[ItemRow]:
    """All items of one segment, oldest first."""
    records = await database.pool.fetch(
        "SELECT session, at, id, contact, visibility, item::text AS item FROM transcripts "
        "WHERE instance = $1 AND contact = $2 ORDER BY at",
        instance,
        contact,
    )
    return [_item(record) for record in records]


async def history(
    database: Database,
    instance: str,
    session: str,
    contact: str,
    *,
    visible: Sequence[str],
    after: int,
    limit: int,
) -> list[ItemRow]:
    """Items of a session from behind the time `after` up to the last of one segment, oldest first."""
    records = await database.pool.fetch(
        "SELECT session, at, id, contact, visibility, item::text AS item FROM transcripts "
        "WHERE instance = $1 AND session = $2 AND visibility = ANY($4) AND at > $5 "
        "AND at <= (SELECT max(at) FROM transcripts WHERE instance = $1 AND contact = $3) "
        f"ORDER BY at LIMIT {limit:d}",
        instance,
        session,
        contact,
        list(visible),
        after,
    )
    return [_item(record) for record in records]


async def receipts(
    database: Database, instance: str, session: str, messages: Sequence[str]
) -> dict[str, list[Receipt]]:
    """Receipts of messages, by message."""
    records = await database.pool.fetch(
        "SELECT message, participant, delivered_at, read_at FROM transcript_receipts "
        "WHERE instance = $1 AND session = $2 AND message = ANY($3) ORDER BY delivered_at, participant",
        instance,
        session,
        list(messages),
    )
    found: dict[str, list[Receipt]] = {}
    for record in records:
        found.setdefault(record["message"], []).append(Receipt(*record))
    return found


async def want_files(
    connection: "Connection", instance: str, rows: Sequence[tuple[str, str, str]], due_at: int
) -> None:
    """Ask for transcript files: (contact, session, key)."""
    await connection.executemany(
        "INSERT INTO transcript_files (instance, contact, session, key, due_at) VALUES ($1, $2, $3, $4, $5) "
        "ON CONFLICT DO NOTHING",
        [(instance, *row, due_at) for row in rows],
    )


async def claim_file(database: Database, now: int) -> FileRow | None:
    """A file that is due; it is due again later, ever later, unless it is written by then. None when nothing is due."""
    record = await database.pool.fetchrow(
        "UPDATE transcript_files SET tries = tries + 1, "
        "due_at = $1 + 1000 * least(3600, 5 * 2 ^ least(tries, 12))::bigint "
        "WHERE (instance, contact) = (SELECT instance, contact FROM transcript_files WHERE due_at <= $1 "
        "ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING instance, contact, session, key, tries",
        now,
    )
    return FileRow(*record) if record else None


async def file_written(connection: "Connection", file: FileRow) -> None:
    """A file is in the object store."""
    await connection.execute(
        "DELETE FROM transcript_files WHERE instance = $1 AND contact = $2", file.instance, file.contact
    )


def _item(record: Any) -> ItemRow:
    members: dict[str, Any] = dict(record)
    members["item"] = members["item"].encode()
    return ItemRow(**members)
