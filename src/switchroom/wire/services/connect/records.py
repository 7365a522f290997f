"""Contacts as they were and are: DescribeContact and SearchContacts."""

from typing import Any

import msgspec

from switchroom.base.errors import access_denied, invalid_request
from switchroom.views.describe import describe_contact, search_summary
from switchroom.views.facts import facts_of
from switchroom.views.search import Cursor, search
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import instance_of
from switchroom.wire.services.connect.contact_access import SEEING, check, restriction
from switchroom.wire.services.connect.contact_common import contact_of, record

PAGE = 100
_PURPOSE = "contacts"


@operation("connect", "DescribeContact", permission=SEEING)
async def describe(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A contact, unfinished or over, for as long as its record is kept."""
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    return {"Contact": describe_contact(facts_of(call.services.site, row))}


@operation("connect", "SearchContacts", permission=SEEING)
async def search_contacts(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-112: within what the caller may see, 10,000 contacts at most."""
    instance = instance_of(call, request)
    criteria = request.get("SearchCriteria") or {}
    if criteria.get("SearchableContactAttributes") and not call.caller.may("ContactAttributes.View"):
        raise access_denied("Searching by contact attributes needs the permission to view them")
    found = await search(
        call.services.database,
        instance,
        request,
        limit=request.get("MaxResults") or PAGE,
        cursor=_cursor(call, instance, request),
        restrict=restriction(call),
    )
    return {
        "Contacts": [search_summary(facts_of(call.services.site, row)) for row in found.rows],
        "TotalCount": found.total,
        "NextToken": _token(call, instance, request, found.next),
    }


def _question(instance: str, request: dict[str, Any]) -> str:
    asked = {name: request.get(name) for name in ("TimeRange", "SearchCriteria", "Sort")}
    return f"{_PURPOSE}/{instance}/{msgspec.json.encode(asked, order='deterministic').decode()}"


def _token(call: Call, instance: str, request: dict[str, Any], cursor: Cursor | None) -> str | None:
    if cursor is None:
        return None
    assert call.services.tokens is not None
    return call.services.tokens.seal(_question(instance, request), msgspec.msgpack.encode(cursor))


def _cursor(call: Call, instance: str, request: dict[str, Any]) -> Cursor | None:
    token = request.get("NextToken")
    if not token:
        return None
    assert call.services.tokens is not None
    payload = call.services.tokens.unseal(_question(instance, request), token)
    if payload is None:
        raise invalid_request("NextToken is not one that this request gave")
    return msgspec.msgpack.decode(payload, type=Cursor)
