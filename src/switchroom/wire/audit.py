"""The audit log: every call as a CloudTrail entry, written in batches beside the calls (REC-84, REC-86)."""

import asyncio
import logging
from collections import deque
from typing import Any, NamedTuple

import asyncpg
import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.base.ids import new_id
from switchroom.storage.audit import AuditRow, AuditStore
from switchroom.wire.call import Caller
from switchroom.wire.redaction import Redact

log = logging.getLogger(__name__)

_CAPACITY = 50_000
_BATCH = 250
_PAUSE_SECONDS = 0.2
_RETRY_SECONDS = 1.0
_LONGEST_ENTRY = 128 * 1024


class Record(NamedTuple):
    """A call as the door noted it; made into an entry when it is written."""

    at: int
    service: str
    signing_name: str
    operation: str
    read_only: bool
    caller: Caller
    instance: str | None
    source_ip: str
    user_agent: str
    request_id: str
    request: dict[str, Any] | None
    response: dict[str, Any] | None
    error: str | None
    message: str | None
    redact_request: Redact | None
    redact_response: Redact | None


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


def make_entry(record: Record, site: Site) -> str:
    """The CloudTrail JSON of a call."""
    entry: dict[str, Any] = {
        "eventVersion": "1.08",
        "userIdentity": identity(record.caller, site, record.at),
        "eventTime": iso_s(record.at),
        "eventSource": f"{record.signing_name}.amazonaws.com",
        "eventName": record.operation,
        "awsRegion": site.region,
        "sourceIPAddress": record.source_ip,
        "userAgent": record.user_agent,
    }
    if record.error is not None:
        entry["errorCode"] = record.error
        entry["errorMessage"] = record.message
    entry["requestParameters"] = _hide(record.request, record.redact_request)
    entry["responseElements"] = None if record.read_only else _hide(record.response, record.redact_response)
    entry |= {
        "requestID": record.request_id,
        "eventID": new_id(),
        "readOnly": record.read_only,
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": site.account,
        "eventCategory": "Management",
    }
    encoded = msgspec.json.encode(entry)
    if len(encoded) > _LONGEST_ENTRY:
        encoded = msgspec.json.encode(entry | {"requestParameters": {"omitted": True, "originalSize": len(encoded)},
                                               "responseElements": None})  # fmt: skip
    return encoded.decode()


def identity(caller: Caller, site: Site, at: int) -> dict[str, Any]:
    """`userIdentity`: the root key, another key, a person, a participant, or nobody."""
    base = {"principalId": caller.id, "arn": caller.arn, "accountId": site.account}
    if caller.kind == "key" and caller.name == "root":
        return {"type": "Root", **base, "accessKeyId": caller.id}
    if caller.kind == "key":
        return {"type": "IAMUser", **base, "accessKeyId": caller.id, "userName": caller.name}
    if caller.kind == "person":
        return {
            "type": "AssumedRole",
            **base,
            "sessionContext": {
                "attributes": {"mfaAuthenticated": "false", "creationDate": iso_s(caller.since or at)},
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": caller.id,
                    "arn": caller.arn,
                    "accountId": site.account,
                    "userName": caller.name,
                },
            },
        }
    return {"type": "Unknown" if caller.kind == "anonymous" else "WebIdentityUser", "principalId": caller.id,
            "userName": caller.name}  # fmt: skip


def _hide(value: dict[str, Any] | None, redact: Redact | None) -> Any:
    return value if value is None or redact is None else redact(value)
