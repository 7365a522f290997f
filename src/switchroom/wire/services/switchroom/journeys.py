"""The way of a contact through its flows."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.flows.state import MODULE
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.flows import FLOWS, MODULES, versions
from switchroom.storage.flow_logs import LoggedBlock
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue
from switchroom.wire.services.connect.contact_access import SEEING, check
from switchroom.wire.services.connect.contact_common import contact_of, record
from switchroom.wire.services.switchroom.contact_pages import page_position, page_size


@operation("switchroom", "GetContactJourney", permission=SEEING)
async def get_contact_journey(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The blocks of a contact with the documents they are of; values only for those who may see flows."""
    instance, contact = contact_of(call, request)
    row = await record(call, instance, contact)
    check(call, row)
    size, after = page_size(request), page_position(request)
    blocks = await call.services.views.flow_logs.journey(instance, contact, after=after, limit=size + 1)
    shown = blocks[:size]
    found = catalogue(call)
    runs = dict.fromkeys((block.flow, block.version) for block in shown)
    position = str(shown[-1].seq if shown else after)
    return {
        "Steps": [_step(block, values=call.caller.may("ContactFlows.View")) for block in shown],
        "Flows": [_flow(found, instance, flow, version) for flow, version in runs],
        "Live": row.disconnected_at is None,
        "Position": position,
        "NextToken": position if len(blocks) > size else None,
    }


def _step(block: LoggedBlock, *, values: bool) -> dict[str, Any]:
    return {
        "FlowId": block.flow,
        "Version": block.version,
        "Action": block.action,
        "Outcome": block.outcome,
        "Purpose": block.purpose,
        "At": seconds(block.at),
        "Entry": block.entry if values else None,
    }


def _flow(found: Catalogue, instance: str, identifier: str, version: int) -> dict[str, Any]:
    """Name, type and document of a version, as far as they are still kept."""
    for shelf in (FLOWS, MODULES):
        flow = found.find(instance, shelf.kind, identifier)
        if flow is None:
            continue
        content = flow.body.get("Content") if flow.body.get("Version") == version else None
        if content is None:
            kept = (one.body for one in versions(found, shelf, flow) if one.body["Version"] == version)
            content = next((body["Content"] for body in kept), None)
        type = MODULE if shelf is MODULES else flow.body["Type"]
        return {"Id": identifier, "Version": version, "Name": flow.name, "Type": type, "Content": content}
    return {"Id": identifier, "Version": version, "Name": identifier, "Type": ""}
