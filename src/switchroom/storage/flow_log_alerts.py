"""What alerts on the flow log have found, one row an alert, contact and moment."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]


class Raised(msgspec.Struct, frozen=True):
    """An alert that was raised: `count` entries of a contact fitted at a moment (epoch ms), `entry` (JSON) first."""

    alert: str
    contact: str
    at: int
    count: int
    entry: str
    seq: int = 0


async def keep(connection: "Connection", instance: str, raised: Sequence[Raised]) -> None:
    """Keep alerts, within the caller's transaction."""
    await connection.executemany(
        "INSERT INTO flow_log_alerts (instance, alert, contact, at, count, entry) VALUES ($1, $2, $3, $4, $5, $6)",
        [(instance, one.alert, one.contact, one.at, one.count, one.entry) for one in raised],
    )


async def newest(database: Database, instance: str, *, before: int | None = None, limit: int = 100) -> list[Raised]:
    """Alerts of an instance, newest first, from before a position (a seq)."""
    rows = await database.pool.fetch(
        "SELECT alert, contact, at, count, entry, seq FROM flow_log_alerts"
        " WHERE instance = $1 AND ($2::bigint IS NULL OR seq < $2) ORDER BY seq DESC LIMIT $3",
        instance,
        before,
        limit,
    )
    return [Raised(**row) for row in rows]
