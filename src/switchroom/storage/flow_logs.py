"""Flow logs: entries of the log group `/aws/connect/<alias>`, written by the centre, read by contact or by time."""

import base64
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import asyncpg
import msgspec

from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]


class LoggedEntry(msgspec.Struct, frozen=True):
    """One event of the log: its position, stream, time (epoch ms) and text (one JSON object)."""

    seq: int
    stream: str
    at: int
    entry: str


class LoggedBlock(msgspec.Struct, frozen=True):
    """A block that a contact came to: which version of which flow ran for what purpose, when (epoch ms) it was left by
    which outcome (empty: it waits there), and its entry of the flow log (JSON) if it has one."""

    contact: str
    flow: str
    version: int
    purpose: str
    action: str
    outcome: str
    at: int
    entry: str | None = None
    seq: int = 0


class FlowLogs:
    """Writes and reads the flow logs of all instances. One writer object has one stream name an hour (FLOW-136)."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._suffix = base64.b64encode(os.urandom(16)).decode().replace("/", "_")

    @staticmethod
    def group(alias: str) -> str:
        """The log group of an instance."""
        return f"/aws/connect/{alias}"

    async def append(
        self, instance: str, blocks: Iterable[LoggedBlock], connection: "Connection | None" = None
    ) -> None:
        """Keep blocks in their order, on the caller's connection if one is given.

        Repeating a call after a lost commit may write entries twice: delivery is at least once (FLOW-134).
        """
        rows = [self._row(instance, block) for block in blocks]
        if not rows:
            return
        to = connection or self._database.pool
        await to.executemany(
            "INSERT INTO flow_logs (instance, contact, flow, version, purpose, action, outcome, stream, at, entry)"
            " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
            rows,
        )

    async def journey(self, instance: str, contact: str, *, after: int = 0, limit: int = 1_000) -> list[LoggedBlock]:
        """The blocks a contact came to in all its flows, oldest first, from behind `after` (a seq)."""
        rows = await self._database.pool.fetch(
            "SELECT contact, flow, version, purpose, action, outcome, at, entry, seq FROM flow_logs"
            " WHERE instance = $1 AND contact = $2 AND seq > $3 AND action <> '' ORDER BY seq LIMIT $4",
            instance,
            contact,
            after,
            limit,
        )
        return [LoggedBlock(**row) for row in rows]

    async def of_contact(self, instance: str, contact: str, *, after: int = 0, limit: int = 1_000) -> list[LoggedEntry]:
        """The entries of one contact over all its flows and streams, oldest first, from behind `after` (a seq)."""
        rows = await self._database.pool.fetch(
            "SELECT seq, stream, at, entry FROM flow_logs WHERE instance = $1 AND contact = $2 AND seq > $3"
            " AND entry IS NOT NULL ORDER BY seq LIMIT $4",
            instance,
            contact,
            after,
            limit,
        )
        return [LoggedEntry(**row) for row in rows]

    async def between(
        self, instance: str, start: int, end: int, *, containing: str = "", after: int = 0, limit: int = 1_000
    ) -> list[LoggedEntry]:
        """The entries from `start` to before `end` (epoch ms) that hold the text `containing`, oldest first."""
        rows = await self._database.pool.fetch(
            "SELECT seq, stream, at, entry FROM flow_logs WHERE instance = $1 AND at >= $2 AND at < $3 AND seq > $4"
            " AND entry IS NOT NULL AND ($5 = '' OR strpos(entry, $5) > 0) ORDER BY seq LIMIT $6",
            instance,
            start,
            end,
            after,
            containing,
            limit,
        )
        return [LoggedEntry(**row) for row in rows]

    async def forget(self, instance: str, before: int) -> int:
        """Delete the entries from before a time (epoch ms); the number of them."""
        done = await self._database.pool.execute(
            "DELETE FROM flow_logs WHERE instance = $1 AND at < $2", instance, before
        )
        return int(done.rsplit(" ", 1)[-1])

    async def forget_oldest(self, before: int, limit: int) -> int:
        """Delete at most `limit` rows of all instances from before a time (epoch ms); the number of them."""
        done = await self._database.pool.execute(
            "DELETE FROM flow_logs WHERE seq IN (SELECT seq FROM flow_logs ORDER BY seq LIMIT $2) AND at < $1",
            before,
            limit,
        )
        return int(done.rsplit(" ", 1)[-1])

    def _row(self, instance: str, block: LoggedBlock) -> tuple[str | int | None, ...]:
        hour = datetime.fromtimestamp(block.at / 1000, UTC).strftime("%Y/%m/%d/%H")
        stream = f"{hour}/stream-{self._suffix}"
        where = (block.flow, block.version, block.purpose, block.action, block.outcome)
        return instance, block.contact, *where, stream, block.at, block.entry
