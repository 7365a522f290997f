"""Flow logs: entries of the log group `/aws/connect/<alias>`, written by the centre, read by contact or by time."""

import base64
import os
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import from_iso
from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]


class LoggedEntry(msgspec.Struct, frozen=True):
    """One event of the log: its position, stream, time (epoch ms) and text (one JSON object)."""

    seq: int
    stream: str
    at: int
    entry: str


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
        self,
        instance: str,
        entries: Iterable[dict[str, Any]],
        connection: "Connection | None" = None,
    ) -> None:
        """Keep entries as `flows.run` makes them, on the caller's connection if one is given.

        Repeating a call after a lost commit may write entries twice: delivery is at least once (FLOW-134).
        """
        rows = [self._row(instance, entry) for entry in entries]
        if not rows:
            return
        to = connection or self._database.pool
        await to.executemany(
            "INSERT INTO flow_logs (instance, contact, flow, stream, at, entry) VALUES ($1, $2, $3, $4, $5, $6)", rows
        )

    async def of_contact(self, instance: str, contact: str, *, after: int = 0, limit: int = 1_000) -> list[LoggedEntry]:
        """The entries of one contact over all its flows and streams, oldest first, from behind `after` (a seq)."""
        rows = await self._database.pool.fetch(
            "SELECT seq, stream, at, entry FROM flow_logs WHERE instance = $1 AND contact = $2 AND seq > $3"
            " ORDER BY seq LIMIT $4",
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
            " AND ($5 = '' OR strpos(entry, $5) > 0) ORDER BY seq LIMIT $6",
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

    def _row(self, instance: str, entry: dict[str, Any]) -> tuple[str, str, str, str, int, str]:
        at = from_iso(entry["Timestamp"])
        hour = datetime.fromtimestamp(at / 1000, UTC).strftime("%Y/%m/%d/%H")
        text = msgspec.json.encode(entry).decode()
        flow = parse_id(entry["ContactFlowId"])
        return instance, entry["ContactId"], flow, f"{hour}/stream-{self._suffix}", at, text
