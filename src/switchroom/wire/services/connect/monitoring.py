"""MonitorContact: a supervisor listens to a call or reads a chat, and may take part (QUAL-115..133)."""

from typing import Any

from switchroom.base.errors import ServiceError, access_denied, invalid_request
from switchroom.core.voice_commands import MonitorCall
from switchroom.resources.permissions import granted
from switchroom.storage.contacts import ContactRow
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, target
from switchroom.wire.services.connect.contact_access import out_of_reach
from switchroom.wire.services.connect.contact_common import contact_of, record, submit
from switchroom.wire.services.connect.instances import attribute

LISTENING = "ManagerListenIn"
BARGING = "ManagerBargeIn"
NO_ACCESS = "You do not have access to the agent. Contact your admin to learn more."
NOT_FOUND = "One or more request resources were not found"
ENHANCED = {"VOICE": "ENHANCED_CONTACT_MONITORING", "CHAT": "ENHANCED_CHAT_MONITORING"}
"""The switch of an instance without which a flow's recording block is what permits monitoring (QUAL-121, QUAL-127)."""


@operation("connect", "MonitorContact", permission=LISTENING)
async def monitor_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-128: puts the desk of a user into silent monitoring; the exact errors of QUAL-133."""
    try:
        instance, contact = contact_of(call, request)
        row = await record(call, instance, contact)
        user = target(call, request, "user", "UserId")
    except ServiceError as refusal:
        if refusal.code == "ResourceNotFoundException":
            raise ServiceError(refusal.code, NOT_FOUND) from None
        raise
    capabilities = tuple(dict.fromkeys(request.get("AllowedMonitorCapabilities") or ()))
    command = MonitorCall(contact=row.id, user=user.id, capabilities=capabilities, token=request.get("ClientToken"))
    _within_reach(row, granted(catalogue(call), user), user.body.get("HierarchyGroupId"))
    answer = await _start(call, instance, row, command)
    return {"ContactId": answer, "ContactArn": call.services.site.resource(instance, "contact", answer)}


async def monitor(call: Call, instance: str, row: ContactRow, user: str) -> str:
    """Monitoring from the pages, with all that the user's security profiles allow. The supervisor's own contact id."""
    document = catalogue(call).get(instance, "user", user)
    held = granted(catalogue(call), document)
    if LISTENING not in held:
        raise access_denied(NO_ACCESS)
    _within_reach(row, held, document.body.get("HierarchyGroupId"))
    capabilities: tuple[Any, ...] = ()
    switches = catalogue(call).get(instance, "instance", instance)
    if row.channel in ENHANCED and attribute(switches, ENHANCED[row.channel]) == "true":
        capabilities = ("SILENT_MONITOR", "BARGE") if BARGING in held else ("SILENT_MONITOR",)
    return await _start(call, instance, row, MonitorCall(contact=row.id, user=user, capabilities=capabilities))


def _within_reach(row: ContactRow, held: frozenset[str], group: str | None) -> None:
    """A supervisor who is limited to a hierarchy group reaches its agents and those below (QUAL-109)."""
    if out_of_reach(row, held, group):
        raise access_denied(NO_ACCESS)


async def _start(call: Call, instance: str, row: ContactRow, command: MonitorCall) -> str:
    try:
        answer: dict[str, str] = await submit(call, instance, command)
    except ServiceError as refusal:
        if refusal.code == "ResourceNotFoundException" and row.disconnected_at is not None:
            raise invalid_request("The contact or the agent is not in a state that can be monitored") from None
        raise
    return answer["contact"]
