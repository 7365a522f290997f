"""Function logs: what handlers printed during calls, beside the flow log; read by contact or by function."""

from collections.abc import Iterable

import msgspec
from msgspec.structs import astuple

from switchroom.storage.postgres import Database

_COLUMNS = ("instance", "contact", "arn", "request", "at", "duration_ms", "fault", "lines")


class LoggedCall(msgspec.Struct, frozen=True):
    """One try of a call: the request id the handler saw, when it began (epoch ms), how long it took, what was printed.

    `fault` is empty when the function answered.
    """

    instance: str
    contact: str
    arn: str
    request: str
    at: int
    duration_ms: int
    fault: str
    lines: list[str]
    seq: int = 0


class FunctionLogs:
    """Writes and reads the function logs of all instances."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, calls: Iterable[LoggedCall]) -> None:
        """Keep calls in their order."""
        rows = [astuple(call)[:-1] for call in calls]
        async with self._database.pool.acquire() as connection:
            await connection.copy_records_to_table("function_logs", records=rows, columns=_COLUMNS)

    async def of_contact(self, instance: str, contact: str, *, after: int = 0, limit: int = 1_000) -> list[LoggedCall]:
        """The calls of one contact, oldest first, from behind `after` (a seq)."""
        return await self._read("contact = $2 AND seq > $3 ORDER BY seq", instance, contact, after, limit)

    async def of_function(
        self, instance: str, arn: str, *, before: int = 1 << 62, limit: int = 1_000
    ) -> list[LoggedCall]:
        """The calls of one function, newest first, from before `before` (a seq)."""
        return await self._read("arn = $2 AND seq < $3 ORDER BY seq DESC", instance, arn, before, limit)

    async def _read(self, where: str, instance: str, wanted: str, position: int, limit: int) -> list[LoggedCall]:
        rows = await self._database.pool.fetch(
            f"SELECT {', '.join(_COLUMNS)}, seq FROM function_logs WHERE instance = $1 AND {where} LIMIT $4",
            instance,
            wanted,
            position,
            limit,
        )
        return [LoggedCall(**row) for row in rows]
