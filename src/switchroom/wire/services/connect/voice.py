"""StartOutboundVoiceContact (NUM-71)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core.voice_commands import StartOutboundCall
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import instance_of, target
from switchroom.wire.services.connect.contact_common import flow, record, references, submit

RING_SECONDS = (15, 60)


@operation("connect", "StartOutboundVoiceContact", permission="OutboundCallAccess")
async def start_outbound_voice_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Dials at once; the flow runs when the call is answered. The caller ID is the source number, else the queue's."""
    instance = instance_of(call, request)
    queue, source = request.get("QueueId"), request.get("SourcePhoneNumber")
    if not queue and not source:
        raise invalid_request("Give a QueueId or a SourcePhoneNumber")
    _refuse_campaigns(request)
    related = request.get("RelatedContactId")
    command = StartOutboundCall(
        flow=flow(call, instance, request["ContactFlowId"]),
        number=request["DestinationPhoneNumber"],
        source_number=source or None,
        queue=target(call, {**request, "QueueId": parse_id(queue)}, "queue", "QueueId").id if queue else None,
        attributes=request.get("Attributes") or {},
        related=(await record(call, instance, related)).id if related else None,
        name=request.get("Name"),
        description=request.get("Description"),
        references=references(request),
        timeout=_ring_seconds(request),
        token=request.get("ClientToken") or None,
    )
    answer = await submit(call, instance, command)
    return {"ContactId": answer["contact"]}


def _refuse_campaigns(request: dict[str, Any]) -> None:
    """What belongs to outbound campaigns. Raises InvalidRequestException."""
    campaign = request.get("TrafficType") == "CAMPAIGN"
    if request.get("AnswerMachineDetectionConfig") and not campaign:
        raise invalid_request("AnswerMachineDetectionConfig needs TrafficType CAMPAIGN")
    if campaign or request.get("CampaignId"):
        raise invalid_request("Outbound campaigns are not enabled for this instance")
    if request.get("OutboundStrategy"):
        raise invalid_request("OutboundStrategy is for outbound campaigns")


def _ring_seconds(request: dict[str, Any]) -> int:
    low, high = RING_SECONDS
    given: int = request.get("RingTimeoutInSeconds") or high
    if not low <= given <= high:
        raise invalid_parameter(f"RingTimeoutInSeconds must be between {low} and {high}")
    return given
