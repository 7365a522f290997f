"""StartContactRecording, StopContactRecording, SuspendContactRecording, ResumeContactRecording."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import invalid_request
from switchroom.core.voice_commands import ChangeRecording
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.contact_access import reached
from switchroom.wire.services.connect.contact_common import record, submit_unfinished

TRACKS = {"FROM_AGENT": ("Agent",), "TO_AGENT": ("Customer",), "ALL": ("Agent", "Customer")}
ALLOWED = ("BasicAgentAccess", "ListenCallRecordings")


@operation("connect", "StartContactRecording", permission=ALLOWED)
async def start_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Records a call that is with an agent and is not recorded."""
    configuration = request["VoiceRecordingConfiguration"]
    if configuration.get("IvrRecordingTrack"):
        raise invalid_request("Only the conversation with an agent can be recorded")
    track = configuration.get("VoiceRecordingTrack")
    if track is None:
        raise invalid_request("VoiceRecordingTrack is required")
    return await _change(call, request, "start", participants=TRACKS[track])


@operation("connect", "StopContactRecording", permission=ALLOWED)
async def stop_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Ends the recording for good: it cannot be started again on this contact."""
    return await _change(call, request, "stop")


@operation("connect", "SuspendContactRecording", permission=ALLOWED)
async def suspend_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Silence is recorded until it is resumed."""
    return await _change(call, request, "suspend")


@operation("connect", "ResumeContactRecording", permission=ALLOWED)
async def resume_contact_recording(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Goes on after a suspension."""
    return await _change(call, request, "resume")


async def _change(call: Call, request: dict[str, Any], action: Any, **members: Any) -> dict[str, Any]:
    instance, contact = await reached(call, request)
    kind = request.get("ContactRecordingType")
    if kind not in (None, "AGENT"):
        raise invalid_request(f"Contact {contact} has no {kind} recording")
    row = await record(call, instance, contact)
    if parse_id(request["InitialContactId"]) != row.initial_id:
        raise invalid_request(f"{request['InitialContactId']} is not the initial contact of {contact}")
    if row.channel != "VOICE":
        raise invalid_request(f"Contact {contact} is not a call")
    await submit_unfinished(call, instance, contact, ChangeRecording(contact=contact, action=action, **members))
    return {}
