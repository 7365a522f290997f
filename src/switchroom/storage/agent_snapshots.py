"""The newest snapshot of each agent in the agent event stream."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import asyncpg

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

Row = tuple[str, int, int | None, bytes]
"""(agent, time of the newest event, time of the logout, snapshot as JSON); times in epoch milliseconds"""


async def load(connection: "Connection", instance: str, agents: Sequence[str]) -> list[Row]:
    """The snapshots of some agents."""
    records = await connection.fetch(
        "SELECT agent, at, logout_at, snapshot::text AS snapshot FROM agent_snapshots "
        "WHERE instance = $1 AND agent = ANY($2)",
        instance,
        list(agents),
    )
    return [(row["agent"], row["at"], row["logout_at"], row["snapshot"].encode()) for row in records]


async def save(connection: "Connection", instance: str, rows: Sequence[Row]) -> None:
    """Replace snapshots."""
    await connection.execute(
        "INSERT INTO agent_snapshots (instance, agent, at, logout_at, snapshot) "
        "SELECT $1, agent, at, logout_at, snapshot::jsonb "
        "FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[]) AS rows (agent, at, logout_at, snapshot) "
        "ON CONFLICT (instance, agent) DO UPDATE "
        "SET at = excluded.at, logout_at = excluded.logout_at, snapshot = excluded.snapshot",
        instance,
        [row[0] for row in rows],
        [row[1] for row in rows],
        [row[2] for row in rows],
        [row[3].decode() for row in rows],
    )


async def followed(connection: "Connection", instance: str, logged_out_after: int) -> list[Row]:
    """The agents of an instance whose stream goes on, held by the caller's transaction."""
    records = await connection.fetch(
        "SELECT agent, at, logout_at, snapshot::text AS snapshot FROM agent_snapshots "
        "WHERE instance = $1 AND (logout_at IS NULL OR logout_at > $2) ORDER BY agent FOR UPDATE",
        instance,
        logged_out_after,
    )
    return [(row["agent"], row["at"], row["logout_at"], row["snapshot"].encode()) for row in records]


async def silent(connection: "Connection", before: int, logged_out_after: int, limit: int) -> list[tuple[str, Row]]:
    """(instance, row) of agents without an event since `before`, held by the caller's transaction.

    Those who logged out at or before `logged_out_after` are silent for good.
    """
    records = await connection.fetch(
        "SELECT instance, agent, at, logout_at, snapshot::text AS snapshot FROM agent_snapshots "
        "WHERE at <= $1 AND (logout_at IS NULL OR logout_at > $2) "
        f"ORDER BY at LIMIT {limit:d} FOR UPDATE SKIP LOCKED",
        before,
        logged_out_after,
    )
    return [(row["instance"], (row["agent"], row["at"], row["logout_at"], row["snapshot"].encode())) for row in records]


async def touch(connection: "Connection", rows: Sequence[tuple[str, str]], at: int) -> None:
    """Note that a heartbeat was sent: (instance, agent)."""
    await connection.executemany(
        "UPDATE agent_snapshots SET at = $3 WHERE instance = $1 AND agent = $2", [(*row, at) for row in rows]
    )
