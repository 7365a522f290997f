"""The audit table of `schema/40_security.sql`."""

import msgspec
from msgspec.structs import astuple

from switchroom.storage.postgres import Database

_COLUMNS = ("at", "service", "operation", "caller", "instance", "read_only", "entry")


class AuditRow(msgspec.Struct, frozen=True):
    """One call. `at` in epoch milliseconds, `entry` the CloudTrail JSON text."""

    at: int
    service: str
    operation: str
    caller: str
    instance: str | None
    read_only: bool
    entry: str


class AuditStore:
    """Writes and reads the audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def append(self, rows: list[AuditRow]) -> None:
        """Add rows in one transaction."""
        records = [astuple(row) for row in rows]
        async with self._database.pool.acquire() as connection:
            await connection.copy_records_to_table("audit", records=records, columns=_COLUMNS)

    async def read(
        self,
        *,
        start: int = 0,
        end: int = 1 << 62,
        instance: str | None = None,
        operation: str | None = None,
        caller: str | None = None,
        read_only: bool | None = None,
        limit: int = 100,
    ) -> list[AuditRow]:
        """The newest rows from `start` (included) to `end` (excluded), epoch milliseconds, newest first."""
        rows = await self._database.pool.fetch(
            f"SELECT {', '.join(_COLUMNS)} FROM audit WHERE at >= $1 AND at < $2"
            " AND ($3::text IS NULL OR instance = $3) AND ($4::text IS NULL OR operation = $4)"
            " AND ($5::text IS NULL OR caller = $5) AND ($6::boolean IS NULL OR read_only = $6)"
            " ORDER BY at DESC, seq DESC LIMIT $7",
            start,
            end,
            instance,
            operation,
            caller,
            read_only,
            limit,
        )
        return [AuditRow(*row) for row in rows]
