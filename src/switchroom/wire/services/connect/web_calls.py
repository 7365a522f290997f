"""StartWebRTCContact (CHAT-02..04, CHAT-08): a customer calls from a web page or an app."""

from typing import Any

from switchroom.base.clock import DAY
from switchroom.base.errors import invalid_request
from switchroom.core.voice_commands import StartWebCall
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.chats import START
from switchroom.wire.services.connect.common import instance_of
from switchroom.wire.services.connect.contact_common import flow, record, references, segment_attributes, submit

WEB_CALLER = "WEB_CALLER"
"""Role in the tokens of web callers; their `participant` is the call."""
MEDIA_PATH = "/switchroom/web-call/media"
"""Where `JoinWebCall` takes the browser's offer."""


@operation("connect", "StartWebRTCContact", permission=START)
async def start_web_rtc_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-04: the flow starts when the customer has joined with what is answered."""
    instance = instance_of(call, request)
    command = StartWebCall(
        flow=flow(call, instance, request["ContactFlowId"]),
        display_name=request["ParticipantDetails"]["DisplayName"],
        attributes=request.get("Attributes") or {},
        segment_attributes=segment_attributes(request),
        customer_video=_may(request, "Customer"),
        agent_video=_may(request, "Agent"),
        description=request.get("Description"),
        references=references(request),
        token=request.get("ClientToken") or None,
    )
    related = request.get("RelatedContactId")
    if related is not None:
        command.related = (await record(call, instance, related)).id
    return start_answer(call, instance, await submit(call, instance, command))


def _may(request: dict[str, Any], side: str) -> bool:
    capabilities = (request.get("AllowedCapabilities") or {}).get(side) or {}
    if capabilities.get("ScreenShare"):
        raise invalid_request("Screens cannot be shared in a web call")
    return capabilities.get("Video") == "SEND"


def start_answer(call: Call, instance: str, started: dict[str, Any]) -> dict[str, Any]:
    """The answer of StartWebRTCContact; the same request gets the same participant token."""
    assert call.services.tokens is not None
    contact, participant = started["contact"], started["participant"]
    token = call.services.tokens.mint(
        "participant", instance, contact, participant, WEB_CALLER, call.now + DAY, participant[:16]
    )
    return {
        "ConnectionData": connection_data(call, instance, contact, participant),
        "ContactId": contact,
        "ParticipantId": participant,
        "ParticipantToken": token,
    }


def connection_data(call: Call, instance: str, contact: str, participant: str) -> dict[str, Any]:
    """What a client needs to bring its media: `SignalingUrl` takes an SDP offer with `JoinToken` as bearer.

    There is one way in, so all places of the media are the same; no region, no events to be sent.
    """
    assert call.services.tokens is not None
    url = f"{call.origin}{MEDIA_PATH}"
    join = call.services.tokens.mint("connection", instance, contact, participant, WEB_CALLER, call.now + DAY)
    return {
        "Attendee": {"AttendeeId": participant, "JoinToken": join},
        "Meeting": {
            "MediaRegion": call.services.settings.site.region,
            "MeetingId": contact,
            "MediaPlacement": {
                "AudioHostUrl": url,
                "AudioFallbackUrl": url,
                "SignalingUrl": url,
                "TurnControlUrl": url,
                "EventIngestionUrl": url,
            },
            "MeetingFeatures": {"Audio": {"EchoReduction": "AVAILABLE"}},
        },
    }
