"""Alerts on patterns in the flow log (FLOW-137)."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.storage import flow_log_alerts
from switchroom.storage.flow_log_alerts import Raised
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository
from switchroom.wire.services.switchroom.contact_pages import page_position, page_size

KIND = "flow-log-alert"
SETTINGS = ("Pattern", "Enabled")


@operation("switchroom", "ListFlowLogAlerts", permission="ContactFlows.View")
async def list_flow_log_alerts(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The alerts by name, and a page of what they found, newest first."""
    instance = instance_of(call, request)
    size, before = page_size(request), page_position(request) or None
    found = await flow_log_alerts.newest(call.services.database, instance, before=before, limit=size + 1)
    alerts = catalogue(call).all(instance, KIND)
    names = {alert.id: alert.name for alert in alerts}
    return {
        "Alerts": [
            {
                "Id": alert.id,
                "Name": alert.name,
                "Pattern": alert.body["Pattern"],
                "Enabled": alert.body.get("Enabled", True),
            }
            for alert in sorted(alerts, key=lambda alert: alert.name)
        ],
        "Raised": [_raised(one, names) for one in found[:size]],
        "NextToken": str(found[size - 1].seq) if len(found) > size else None,
    }


@operation("switchroom", "CreateFlowLogAlert", permission="ContactFlows.Edit")
async def create_flow_log_alert(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """It looks at what is logged from now on."""
    instance = instance_of(call, request)
    body = {"Pattern": request["Pattern"], "Enabled": True}
    made = await repository(call).create(KIND, instance, request["Name"], body, actor=actor(call))
    return {"AlertId": made.id}


@operation("switchroom", "UpdateFlowLogAlert", permission="ContactFlows.Edit")
async def update_flow_log_alert(call: Call, request: dict[str, Any]) -> None:
    """What is left out stays."""
    changes = {name: request[name] for name in SETTINGS if request.get(name) is not None}
    await repository(call).update(
        instance_of(call, request),
        KIND,
        request["AlertId"],
        lambda before: {**before.body, **changes},
        name=request.get("Name"),
        actor=actor(call),
    )


@operation("switchroom", "DeleteFlowLogAlert", permission="ContactFlows.Edit")
async def delete_flow_log_alert(call: Call, request: dict[str, Any]) -> None:
    """What it has found stays."""
    await repository(call).delete(instance_of(call, request), KIND, request["AlertId"], actor=actor(call))


def _raised(one: Raised, names: dict[str, str]) -> dict[str, Any]:
    return {
        "AlertId": one.alert,
        "AlertName": names.get(one.alert, one.alert),
        "ContactId": one.contact,
        "At": seconds(one.at),
        "Count": one.count,
        "Entry": one.entry,
    }
