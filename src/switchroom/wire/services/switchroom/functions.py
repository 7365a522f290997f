"""The functions that flows may call, and what they did during contacts (FLOW-123, BLK-092)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import invalid_request
from switchroom.storage.function_logs import FunctionLogs, LoggedCall
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.contact_access import check_logs
from switchroom.wire.services.connect.flow_check import short_name
from switchroom.wire.services.switchroom.contact_pages import page_position, page_size

ADMINISTRATOR = "SecurityProfiles.Edit"


@operation("switchroom", "ListFunctionLogs", permission=("ContactFlows.View", "ContactSearch.View"))
async def list_function_logs(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Of a contact, oldest first; of a function, newest first."""
    instance = instance_of(call, request)
    contact, function = request.get("ContactId"), request.get("FunctionArn")
    if (contact is None) == (function is None):
        raise invalid_request("Give one of ContactId and FunctionArn")
    logs: FunctionLogs = call.services.function_logs
    size, position = page_size(request), page_position(request)
    if contact is not None:
        await check_logs(call, request)
        found = await logs.of_contact(instance, parse_id(contact), after=position, limit=size + 1)
    else:
        found = await logs.of_function(instance, str(function), before=position or 1 << 62, limit=size + 1)
    shown = found[:size]
    following = str(shown[-1].seq) if len(found) > size else None
    return {"Calls": [_shape(one) for one in shown], "NextToken": following}


@operation("switchroom", "ListFunctions", permission=(ADMINISTRATOR, "ContactFlows.View"))
def list_functions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The functions of this installation, and those that were added to the instance, by name."""
    instance = instance_of(call, request)
    added = {one.name for one in catalogue(call).all(instance, "lambda-function")}
    here = {info.arn: info for info in call.services.functions.functions()}
    found = [
        {
            "FunctionArn": arn,
            "Name": here[arn].name if arn in here else short_name(arn),
            "Kind": here[arn].kind.upper() if arn in here else "ELSEWHERE",
            "Added": arn in added,
        }
        for arn in {*here, *added}
    ]
    return {"Functions": sorted(found, key=lambda one: (one["Name"], one["FunctionArn"]))}


def _shape(one: LoggedCall) -> dict[str, Any]:
    return {
        "FunctionArn": one.arn,
        "RequestId": one.request,
        "ContactId": one.contact,
        "At": seconds(one.at),
        "DurationMs": one.duration_ms,
        "Fault": one.fault or None,
        "Lines": one.lines,
    }
