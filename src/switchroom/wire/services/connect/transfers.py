"""TransferContact, and what others do to an agent's desk: PutUserStatus and DismissUserContact."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import access_denied, invalid_request
from switchroom.core.commands import AssignContact, ClearContact, SetStatus, TransferContact
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import target
from switchroom.wire.services.connect.contact_access import reached
from switchroom.wire.services.connect.contact_common import flow, submit, submit_unfinished

SUPERVISOR = ("AccessMetrics.RealTimeMetrics.Access", "AgentStates.EnableAndDisable")
"""A supervisor does it from the real-time metrics (ROUT-64)."""


@operation("connect", "TransferContact", permission="TransferContact.Enabled")
async def transfer_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-96: to a queue or an agent's queue, through a flow."""
    instance, contact = await reached(call, request)
    queue, user = request.get("QueueId"), request.get("UserId")
    if (queue is None) == (user is None):
        raise invalid_request("Give one of QueueId and UserId")
    if queue is not None:
        target(call, request, "queue", "QueueId")
    else:
        target(call, request, "user", "UserId")
    types = ("QUEUE_TRANSFER", "CONTACT_FLOW") if queue is not None else ("AGENT_TRANSFER", "CONTACT_FLOW")
    moved = await submit_unfinished(
        call,
        instance,
        contact,
        TransferContact(
            contact=contact,
            flow=flow(call, instance, request["ContactFlowId"], types),
            queue=parse_id(queue) if queue else None,
            user=parse_id(user) if user else None,
            by=call.caller.id,
            token=request.get("ClientToken") or None,
        ),
    )
    arn = call.services.site.resource(instance, "contact", moved["contact"])
    return {"ContactId": moved["contact"], "ContactArn": arn}


@operation("connect", "AssociateContactWithUser", permission="TransferContact.Enabled")
async def associate_contact_with_user(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A contact that waits in a queue is offered to the user, whatever their status and capacity."""
    instance, contact = await reached(call, request)
    user = target(call, request, "user", "UserId")
    command = AssignContact(contact=contact, user=user.id, by=call.caller.id)
    await submit_unfinished(call, instance, contact, command)
    return {}


@operation("connect", "PutUserStatus", permission=SUPERVISOR)
async def put_user_status(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-64, ROUT-65: a supervisor sets an agent's status; the next one while the agent is busy."""
    user = target(call, request, "user", "UserId")
    status = target(call, request, "agent-status", "AgentStatusId")
    await submit(call, user.instance, SetStatus(agent=user.id, status=status.id, by=call.caller.id))
    return {}


@operation("connect", "DismissUserContact", permission="BasicAgentAccess")
async def dismiss_user_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Clears a contact that was missed, failed or is in after contact work off an agent's desk."""
    user = target(call, request, "user", "UserId")
    if call.caller.kind == "person" and call.caller.id != user.id:
        raise access_denied("You can act for yourself only")
    contact = parse_id(request["ContactId"])
    await submit(call, user.instance, ClearContact(agent=user.id, contact=contact))
    return {}
