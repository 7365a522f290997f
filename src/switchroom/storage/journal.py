"""The journal of an instance: appended in one transaction a turn, read again from the last snapshot."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import asyncpg

from switchroom.storage.postgres import Database

Row = tuple[int, int, str, str | None, str | None, str]
"""(seq, epoch ms, kind, contact, agent, body as JSON text)"""

COLUMNS = ("instance", "seq", "at", "kind", "contact", "agent", "body")


class LostLead(RuntimeError):
    """Another node has appended meanwhile: this one no longer leads the instance."""


async def append(
    connection: "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]", instance: str, rows: Sequence[Row]
) -> None:
    """Append events inside the caller's transaction. Raises LostLead when a sequence number is taken."""
    key = UUID(instance)
    try:
        await connection.copy_records_to_table("journal", records=[(key, *row) for row in rows], columns=COLUMNS)
    except asyncpg.UniqueViolationError as error:
        raise LostLead(f"the journal of {instance} goes on elsewhere") from error


async def tail(database: Database, instance: str, after: int, page: int = 5_000) -> AsyncIterator[tuple[int, bytes]]:
    """Events after `after`, in order: (seq, body as JSON)."""
    while True:
        rows = await database.pool.fetch(
            "SELECT seq, body::text AS body FROM journal WHERE instance = $1 AND seq > $2 ORDER BY seq LIMIT $3",
            UUID(instance),
            after,
            page,
        )
        for row in rows:
            after = row["seq"]
            yield after, row["body"].encode()
        if len(rows) < page:
            return


async def last(database: Database, instance: str) -> int:
    """The highest sequence number, 0 for an empty journal."""
    found: int | None = await database.pool.fetchval("SELECT max(seq) FROM journal WHERE instance = $1", UUID(instance))
    return found or 0


async def load_snapshot(database: Database, instance: str) -> tuple[int, bytes] | None:
    """The newest snapshot: (seq, state)."""
    row = await database.pool.fetchrow("SELECT seq, state FROM snapshots WHERE instance = $1", UUID(instance))
    return (row["seq"], row["state"]) if row else None


async def save_snapshot(database: Database, instance: str, seq: int, at: int, state: bytes) -> None:
    """Replace the snapshot by a newer one."""
    await database.pool.execute(
        "INSERT INTO snapshots (instance, seq, at, state) VALUES ($1, $2, $3, $4) "
        "ON CONFLICT (instance) DO UPDATE SET seq = excluded.seq, at = excluded.at, state = excluded.state "
        "WHERE snapshots.seq < excluded.seq",
        UUID(instance),
        seq,
        at,
        state,
    )
