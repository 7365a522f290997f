"""Calls as CloudTrail entries (REC-84)."""

from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
from msgspec import UNSET, UnsetType

from switchroom.base.arns import Site
from switchroom.base.clock import iso_s
from switchroom.wire.caller import Caller
from switchroom.wire.redaction import Redact
from switchroom.wire.request_id import random_uuid

_LONGEST_ENTRY = 128 * 1024
_ACRONYMS = {"source_ip_address": "sourceIPAddress", "request_id": "requestID", "event_id": "eventID"}
_encode = msgspec.json.Encoder().encode


def _wire_name(name: str) -> str:
    first, *rest = name.split("_")
    return _ACRONYMS.get(name) or first + "".join(map(str.capitalize, rest))


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


class Entry(msgspec.Struct, gc=False, rename=_wire_name):
    """An entry with the member names and in the order of CloudTrail."""

    user_identity: dict[str, Any]
    event_time: str
    event_source: str
    event_name: str
    aws_region: str
    source_ip_address: str
    user_agent: str
    error_code: str | UnsetType
    error_message: str | UnsetType | None
    request_parameters: Any
    response_elements: Any
    request_id: str
    event_id: str
    read_only: bool
    recipient_account_id: str
    event_version: str = "1.08"
    event_type: str = "AwsApiCall"
    management_event: bool = True
    event_category: str = "Management"


def make_entry(record: Record, site: Site) -> str:
    """The CloudTrail JSON of a call."""
    entry = Entry(
        user_identity=identity(record.caller, site, record.at),
        event_time=_iso_s(record.at // 1000),
        event_source=f"{record.signing_name}.amazonaws.com",
        event_name=record.operation,
        aws_region=site.region,
        source_ip_address=record.source_ip,
        user_agent=record.user_agent,
        error_code=UNSET if record.error is None else record.error,
        error_message=UNSET if record.error is None else record.message,
        request_parameters=_hide(record.request, record.redact_request),
        response_elements=None if record.read_only else _hide(record.response, record.redact_response),
        request_id=record.request_id,
        event_id=random_uuid(),
        read_only=record.read_only,
        recipient_account_id=site.account,
    )
    encoded = _encode(entry)
    if len(encoded) > _LONGEST_ENTRY:
        entry.request_parameters = {"omitted": True, "originalSize": len(encoded)}
        entry.response_elements = None
        encoded = _encode(entry)
    return encoded.decode()


@lru_cache(maxsize=64)
def _iso_s(second: int) -> str:
    return iso_s(second * 1000)


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
