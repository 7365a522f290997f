"""Recordings by API, what a flow sets while the agent is on, and what the media plane has stored (FLOW-86..92)."""

from msgspec.structs import replace

from switchroom.base.errors import invalid_request
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.call import Call, RecordingState
from switchroom.core.calls.joining import start_recording
from switchroom.core.calls.legs import call_of
from switchroom.core.contact import Contact
from switchroom.core.turn import Turn, handles

NEXT: dict[str, tuple[tuple[RecordingState, ...], RecordingState]] = {
    "suspend": (("recording", "suspended"), "suspended"),
    "resume": (("recording", "suspended"), "recording"),
    "stop": (("recording", "suspended", "stopped"), "stopped"),
}
"""By action: the states it may be asked in, and the state after it."""


@handles(vc.ChangeRecording)
def change_recording(turn: Turn, command: vc.ChangeRecording) -> None:
    """Start, suspend, resume, stop: only while an agent is connected; what was stopped cannot be started again."""
    contact = turn.contact(command.contact)
    if contact.channel != "VOICE":
        raise invalid_request(f"Contact {contact.id} is not a call")
    call = call_of(turn, contact)
    stay = contact.agent
    if stay is None or stay.connected_at is None or stay.left_at is not None:
        raise invalid_request(f"Contact {contact.id} is not connected to an agent")
    present = call.recordings.get(contact.id)
    if command.action == "start":
        if present is not None:
            text = "has been stopped and cannot be started again" if present.state == "stopped" else "has begun already"
            raise invalid_request(f"The recording of contact {contact.id} {text}")
        start_recording(turn, call, contact, command.participants, by_api=True)
        return
    allowed, after = NEXT[command.action]
    if present is None or present.state not in allowed:
        raise invalid_request(f"Contact {contact.id} is not being recorded")
    _change(turn, call, contact, after)


def _change(turn: Turn, call: Call, contact: Contact, state: RecordingState) -> None:
    if call.recordings[contact.id].state != state:
        turn.emit(v.RecordingStateChanged(at=turn.now, contact=contact.id, call=call.id, state=state))


def behaviour_changed(turn: Turn, contact: Contact, participants: tuple[str, ...]) -> None:
    """Set recording behavior on a contact whose agent is on already (BLK-130)."""
    call = turn.state.call_of(contact)
    stay = contact.agent
    if call is None or stay is None or stay.connected_at is None or stay.left_at is not None:
        return
    present = call.recordings.get(contact.id)
    if not participants:
        if present is not None and not present.by_api:
            _change(turn, call, contact, "stopped")
    elif present is None:
        start_recording(turn, call, contact, participants)
    elif present.state == "stopped" or present.participants != participants:
        again = replace(present, participants=participants, state="recording", by_api=False)
        turn.emit(v.RecordingStarted(at=turn.now, contact=contact.id, call=call.id, recording=again))


@handles(vc.RecordingStored)
def recording_stored(turn: Turn, command: vc.RecordingStored) -> None:
    """The file is in the store; the contact may be over."""
    turn.emit(
        v.RecordingKept(
            at=turn.now,
            contact=command.contact,
            key=command.key,
            started_at=command.started_at,
            stopped_at=command.stopped_at,
            participants=command.participants,
            failed=command.failed,
        )
    )
