"""Calls on the agent's desk: media, dialling, parties, keys, supervision (DESK-41..73, DESK-151)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import access_denied, invalid_request
from switchroom.core import voice_commands as v
from switchroom.core.calls.quality import quality
from switchroom.resources.document import Document
from switchroom.resources.permissions import granted
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, repository
from switchroom.wire.services.connect.contact_common import record
from switchroom.wire.services.connect.monitoring import LISTENING, monitor
from switchroom.wire.services.switchroom.desktop import AGENT, act, agent_of, desk_of, require_reachable
from switchroom.wire.user_agents import device_info

CALLING_OUT = "OutboundCallAccess"


@operation("switchroom", "JoinContactMedia", permission=AGENT)
async def join_contact_media(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The browser's offer goes to the media process that has the call; its answer comes back."""
    instance, user = agent_of(call, request)
    contact = parse_id(request["ContactId"])
    device = device_info(call.headers.get("user-agent"))
    place = await call.services.centres.submit(instance, v.JoinCall(contact=contact, agent=user, device=device))
    answer = await call.services.voice.join(place["media"], instance, place["call"], place["leg"], request["Offer"])
    return {"Answer": answer, "LegId": place["leg"]}


@operation("switchroom", "JoinEchoTest", permission=AGENT)
async def join_echo_test(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-166: a leg of its own that says back what it hears."""
    agent_of(call, request)
    return {"Answer": await call.services.voice.echo(request["Offer"])}


@operation("switchroom", "DialContact", permission=AGENT)
async def dial_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-46, NUM-51: a number, or a phone quick connect of the agent's queues."""
    instance, user = agent_of(call, request)
    target = _target(call, instance, user, request)
    queue, related = request.get("QueueId"), request.get("RelatedContactId")
    command = v.DialCall(
        agent=user,
        **target,
        queue=catalogue(call).get(instance, "queue", parse_id(queue)).id if queue else None,
        related=parse_id(related) if related else None,
    )
    answer = await call.services.centres.submit(instance, command)
    return {**await desk_of(call, instance, user), "ContactId": answer["contact"]}


@operation("switchroom", "AddContactParticipant", permission=AGENT)
async def add_contact_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-66: the others are held until they are joined."""
    instance, user = agent_of(call, request)
    answer: dict[str, Any] = await act(call, request, v.AddCallParticipant, **_target(call, instance, user, request))
    return {name: answer.get(name) for name in ("Snapshot", "LegId")}


def _target(call: Call, instance: str, user: str, request: dict[str, Any]) -> dict[str, str]:
    """The number or the quick connect of a request, where the agent may call it. Raises ServiceError."""
    number, quick_connect = request.get("PhoneNumber"), request.get("QuickConnectId")
    if (number is None) == (quick_connect is None):
        raise invalid_request("Give one of PhoneNumber and QuickConnectId")
    phone = quick_connect is None
    if quick_connect is not None:
        identifier = parse_id(quick_connect)
        require_reachable(call, instance, user, identifier)
        document = catalogue(call).get(instance, "quick-connect", identifier)
        phone = document.body["QuickConnectConfig"]["QuickConnectType"] == "PHONE_NUMBER"
    if phone and CALLING_OUT not in granted(catalogue(call), catalogue(call).get(instance, "user", user)):
        raise access_denied("The security profile does not allow calling out")
    return {"number": str(number)} if quick_connect is None else {"quick_connect": parse_id(quick_connect)}


def _leg(request: dict[str, Any]) -> str | None:
    leg: str | None = request.get("LegId")
    return leg


@operation("switchroom", "HoldContactParticipant", permission=AGENT)
async def hold_contact_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-41."""
    return await act(call, request, v.HoldLeg, leg=_leg(request))


@operation("switchroom", "ResumeContactParticipant", permission=AGENT)
async def resume_contact_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-41."""
    return await act(call, request, v.ResumeLeg, leg=_leg(request))


@operation("switchroom", "HoldAllContactParticipants", permission=AGENT)
async def hold_all_contact_participants(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-58."""
    return await act(call, request, v.HoldAll)


@operation("switchroom", "SwapContactParticipants", permission=AGENT)
async def swap_contact_participants(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-67."""
    return await act(call, request, v.SwapLegs)


@operation("switchroom", "JoinContactParticipants", permission=AGENT)
async def join_contact_participants(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-56."""
    return await act(call, request, v.JoinLegs)


@operation("switchroom", "DropContactParticipant", permission=AGENT)
async def drop_contact_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-58, QUAL-125."""
    return await act(call, request, v.DropLeg, leg=request["LegId"])


@operation("switchroom", "MuteContactParticipant", permission=AGENT)
async def mute_contact_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-42, DESK-68, QUAL-125."""
    return await act(call, request, v.MuteLeg, leg=_leg(request), muted=request["Muted"])


@operation("switchroom", "SendContactDigits", permission=AGENT)
async def send_contact_digits(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-43."""
    return await act(call, request, v.SendDigits, digits=request["Digits"])


@operation("switchroom", "MonitorContactLive", permission=LISTENING)
async def monitor_contact_live(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-115..118: the caller listens, and may barge in when the security profile says so (QUAL-122)."""
    instance, user = agent_of(call, request)
    row = await record(call, instance, request["ContactId"])
    answer = await monitor(call, instance, row, user)
    return {**await desk_of(call, instance, user), "ContactId": answer}


@operation("switchroom", "SetMonitorMode", permission=LISTENING)
async def set_monitor_mode(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """QUAL-124."""
    return await act(call, request, v.SetMonitorMode, mode=request["Mode"])


@operation("switchroom", "UpdateAgentPhone", permission=AGENT)
async def update_agent_phone(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-77: kept with the user, so that it is there in the next session."""
    instance, user = agent_of(call, request)
    change = {"PhoneType": request["PhoneType"]}
    if request.get("DeskPhoneNumber") is not None:
        change["DeskPhoneNumber"] = request["DeskPhoneNumber"]
    async with repository(call).write(instance, actor(call), call.now) as write:
        document: Document = await repository(call).newest(write, instance, "user", user)
        await write.update(document, body=_with_phone(document, change))
    return await desk_of(call, instance, user)


def _with_phone(document: Document, change: dict[str, str]) -> dict[str, Any]:
    """The body with the phone changed, where it is also given channel by channel there too."""
    phone = {**document.body["PhoneConfig"], **change}
    channels = [
        {**config, "PhoneType": phone["PhoneType"], "PhoneNumber": phone.get("DeskPhoneNumber")}
        if config["Channel"] == "VOICE"
        else config
        for config in document.body.get("PhoneNumberConfigs") or []
    ]
    return {**document.body, "PhoneConfig": phone, **({"PhoneNumberConfigs": channels} if channels else {})}


@operation("switchroom", "ReportCallQuality", permission=AGENT)
async def report_call_quality(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """REC-37: what the browser measured becomes a score and issues of the agent's side."""
    instance, user = agent_of(call, request)
    received, lost = request.get("PacketsReceived") or 0, max(0, request.get("PacketsLost") or 0)
    measured = quality(
        loss=lost / (received + lost) if received + lost else 0.0,
        round_trip=request.get("RoundTripTime") or 0.0,
        jitter=request.get("Jitter") or 0.0,
        buffered=request.get("JitterBufferDelay") or 0.0,
    )
    contact = parse_id(request["ContactId"])
    await call.services.centres.submit(instance, v.ReportQuality(agent=user, contact=contact, quality=measured))
    return {}
