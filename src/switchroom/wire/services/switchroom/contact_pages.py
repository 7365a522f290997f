"""What the contact page shows: timeline, transcript, flow logs."""

from typing import Any

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import HOUR, seconds
from switchroom.base.errors import access_denied, invalid_request
from switchroom.storage.documents import last_names
from switchroom.storage.flow_logs import LoggedEntry
from switchroom.storage.transcripts import ItemRow, history
from switchroom.views.timeline import timeline
from switchroom.views.transcripts import VISIBLE, forms
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.contact_access import SEEING, check, check_logs
from switchroom.wire.services.connect.contact_common import contact_of, record
from switchroom.wire.services.connect.contact_media import may_read

PAGE = 100
MOST = 1_000
FLOW_LOG_DAYS = 24 * HOUR


@operation("switchroom", "GetContactTimeline", permission=SEEING)
async def get_contact_timeline(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """REC-45: oldest first, with the names that agents and queues have, or had last."""
    instance, contact = contact_of(call, request)
    check(call, await record(call, instance, contact))
    entries, following = await timeline(
        call.services.database, instance, contact, page_position(request), page_size(request)
    )
    for kind, member in (("user", "Agent"), ("queue", "Queue")):
        await _name(call, instance, entries, kind, member)
    return {"Items": entries, "NextToken": _token(following)}


@operation("switchroom", "GetContactTranscript", permission=(*SEEING, "BasicAgentAccess"))
async def get_contact_transcript(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """REC-45, CHAT-73: what was said in the chain up to and in this contact, oldest first."""
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    if not may_read(call.caller, row):
        raise access_denied("Your security profile does not allow this with conversations of others")
    size, database = page_size(request), call.services.database
    rows: list[ItemRow] = await history(
        database,
        instance,
        row.initial_id,
        contact,
        visible=VISIBLE["SYSTEM"],
        after=page_position(request),
        limit=size + 1,
    )
    shown = rows[:size]
    following = shown[-1].at if len(rows) > size else None
    return {"Transcript": await forms(database, instance, row.initial_id, shown), "NextToken": _token(following)}


@operation("switchroom", "ListFlowLogs", permission=("ContactFlows.View", "ContactSearch.View"))
async def list_flow_logs(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """FLOW-134: of a contact, oldest first; of a flow, those of the last 24 hours, newest first."""
    instance = instance_of(call, request)
    contact, flow = request.get("ContactId"), request.get("ContactFlowId")
    if (contact is None) == (flow is None):
        raise invalid_request("Give one of ContactId and ContactFlowId")
    logs, size, after = call.services.views.flow_logs, page_size(request), page_position(request)
    if contact is not None:
        await check_logs(call, request)
        entries = await logs.of_contact(instance, parse_id(contact), after=after, limit=size + 1)
        shown = entries[:size]
        following = shown[-1].seq if len(entries) > size else None
    else:
        identifier = parse_id(flow or "").partition(":")[0]
        entries = await logs.between(
            instance, call.now - FLOW_LOG_DAYS, call.now + 1, containing=identifier, limit=10_000
        )
        newest = entries[::-1]
        shown = newest[after : after + size]
        following = after + size if len(newest) > after + size else None
    return {"Entries": [_log_entry(entry) for entry in shown], "NextToken": _token(following)}


def _log_entry(logged: LoggedEntry) -> dict[str, Any]:
    entry = msgspec.json.decode(logged.entry)
    return {
        "At": seconds(logged.at),
        "ContactId": entry.get("ContactId"),
        "ContactFlowId": entry.get("ContactFlowId"),
        "ContactFlowName": entry.get("ContactFlowName"),
        "ContactFlowModuleType": entry.get("ContactFlowModuleType"),
        "Identifier": entry.get("Identifier"),
        "Entry": logged.entry,
    }


async def _name(call: Call, instance: str, entries: list[dict[str, Any]], kind: str, member: str) -> None:
    """Add what the agents or queues are called, or were when they were deleted (USER-27)."""
    wanted = {entry[f"{member}Id"] for entry in entries if entry.get(f"{member}Id") is not None}
    there = {one: document.name for one in wanted if (document := catalogue(call).find(instance, kind, one))}
    gone: dict[str, str] = {}
    if wanted - there.keys():
        async with call.services.database.pool.acquire() as connection:
            gone = await last_names(connection, instance, kind, sorted(wanted - there.keys()))
    for entry in entries:
        if entry.get(f"{member}Id") is not None:
            entry[f"{member}Name"] = (there | gone).get(entry[f"{member}Id"])


def page_size(request: dict[str, Any]) -> int:
    """How many items a page has."""
    return min(request.get("MaxResults") or PAGE, MOST)


def page_position(request: dict[str, Any]) -> int:
    """Where a page begins. Raises InvalidRequestException."""
    token = request.get("NextToken")
    if not token:
        return 0
    if not (token.isascii() and token.isdecimal() and len(token) < 19):
        raise invalid_request("NextToken is not one that this request gave")
    return int(token)


def _token(position: int | None) -> str | None:
    return None if position is None else str(position)
