"""Agent and customer are put together, and what begins then."""

from switchroom.core import voice_events as v
from switchroom.core.call import Call, CallRecording
from switchroom.core.calls.legs import join_legs
from switchroom.core.contact import Contact
from switchroom.core.object_keys import dated_key
from switchroom.core.turn import Turn


def connected(turn: Turn, call: Call, contact: Contact) -> None:
    """The agent and the party the contact's flows spoke to are in the room; recording begins (FLOW-87)."""
    own = call.of_agent(contact.agent.user) if contact.agent is not None else None
    party = call.legs.get(contact.party or "")
    join_legs(turn, call, contact.id, [leg for leg in (party, own) if leg is not None])
    if contact.recorded:
        start_recording(turn, call, contact, contact.recorded)


def start_recording(
    turn: Turn, call: Call, contact: Contact, participants: tuple[str, ...], *, by_api: bool = False
) -> None:
    """A recording of this contact, once; none where the instance keeps none (QUAL-127)."""
    if not turn.config.voice.recordings or contact.id in call.recordings:
        return
    recording = CallRecording(
        contact=contact.id,
        key=dated_key(turn.config.voice.recordings, contact.id, turn.now, "wav"),
        participants=participants,
        started_at=turn.now,
        by_api=by_api,
    )
    turn.emit(v.RecordingStarted(at=turn.now, contact=contact.id, call=call.id, recording=recording))
