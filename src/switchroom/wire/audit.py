"""The audit log: every call as a CloudTrail entry, written in batches beside the calls (REC-84, REC-86)."""

import asyncio
import logging
from collections import deque

import asyncpg

from switchroom.base.arns import Site
from switchroom.storage.audit import AuditRow, AuditStore
from switchroom.wire.cloudtrail import Record, make_entry

log = logging.getLogger(__name__)

_CAPACITY = 50_000
_BATCH = 250
_PAUSE_SECONDS = 0.2
_RETRY_SECONDS = 1.0


class Audit:
    """A bounded queue and its writer. A full queue (the database has been away for long) drops and counts."""

    def __init__(self, site: Site, store: AuditStore) -> None:
        self.site = site
        self.store = store
        self.dropped = 0
        self._queue: deque[Record] = deque()
        self._writer: asyncio.Task[None] | None = None

    def note(self, record: Record) -> None:
        """Queue a call; never waits."""
        if len(self._queue) >= _CAPACITY:
            self.dropped += 1
            if self.dropped % 1000 == 1:
                log.error("the audit log cannot be written; %d entries are lost", self.dropped)
            return
        self._queue.append(record)

    def start(self) -> None:
        """Begin writing."""
        self._writer = asyncio.create_task(self._run(), name="audit")

    async def stop(self) -> None:
        """Write what is queued and end."""
        if self._writer is not None:
            self._writer.cancel()
            await asyncio.gather(self._writer, return_exceptions=True)
            self._writer = None
        await self.flush()

    async def flush(self) -> None:
        """Write everything that is queued now."""
        while self._queue:
            await self._write_batch()

    async def _run(self) -> None:
        while True:
            try:
                await self.flush()
                await asyncio.sleep(_PAUSE_SECONDS)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError) as reason:
                log.warning("the audit log waits for the database: %s", reason)
                await asyncio.sleep(_RETRY_SECONDS)

    async def _write_batch(self) -> None:
        batch = [self._queue.popleft() for _ in range(min(_BATCH, len(self._queue)))]
        try:
            await self.store.append([self._row(record) for record in batch])
        except BaseException:
            self._queue.extendleft(reversed(batch))
            raise

    def _row(self, record: Record) -> AuditRow:
        try:
            entry = make_entry(record, self.site)
        except (TypeError, ValueError) as error:
            log.error("the parameters of %s cannot be written to the audit log: %s", record.operation, error)
            entry = make_entry(record._replace(request=None, response=None, message=None, user_agent=""), self.site)
        return AuditRow(
            record.at,
            record.service,
            record.operation,
            record.caller.arn,
            record.instance,
            record.read_only,
            entry,
        )
