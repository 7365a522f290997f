"""What can have happened to calls."""

from typing import Any

from switchroom.core.call import AudioStream, Call, CallRecording, Leg, MonitorMode, RecordingState
from switchroom.core.contact import AgentStay, CallbackTerms
from switchroom.core.event import Event


class MediaNodeJoined(Event):
    """A media process is there."""

    media: str


class MediaNodeLost(Event):
    """A media process is gone."""

    media: str


class CallOpened(Event):
    """A call exists, with its first leg or none yet."""

    contact: str
    call: Call


class LegAdded(Event):
    """A leg is to be there: called, expected from a browser, or come in."""

    contact: str
    call: str
    leg: Leg


class LegRang(Event):
    """A called leg rings."""

    contact: str
    call: str
    leg: str
    early: bool = False


class LegConnected(Event):
    """There is sound to and from a leg."""

    contact: str
    call: str
    leg: str


class LegDropped(Event):
    """A browser leg's media is gone for now."""

    contact: str
    call: str
    leg: str


class LegEnded(Event):
    """A leg is over. `quality` is kept for the record."""

    contact: str
    call: str
    leg: str
    cause: str = "hangup"
    quality: dict[str, Any] | None = None


class LegMoved(Event):
    """A leg belongs to another segment now: the call was handed on."""

    contact: str
    call: str
    leg: str


class LegsJoined(Event):
    """These legs are in the room (unless held)."""

    contact: str
    call: str
    legs: tuple[str, ...]


class LegsParted(Event):
    """These legs are out of the room, in the hands of a flow."""

    contact: str
    call: str
    legs: tuple[str, ...]


class LegHeld(Event):
    """A leg was put on hold."""

    contact: str
    call: str
    leg: str
    by: str | None = None


class LegResumed(Event):
    """A leg was taken off hold."""

    contact: str
    call: str
    leg: str
    by: str | None = None


class LegMuted(Event):
    """A leg was muted or unmuted."""

    contact: str
    call: str
    leg: str
    muted: bool
    forced: bool = False


class DigitsSent(Event):
    """Tones to be sent to a leg."""

    contact: str
    call: str
    leg: str
    digits: str


class KeysPressed(Event):
    """A web caller's keypad."""

    contact: str
    call: str
    leg: str
    digits: str


class HoldStarted(Event):
    """The customer of an agent's contact is on hold: CONNECTED_ONHOLD (REC-51)."""

    contact: str
    agent: str


class HoldEnded(Event):
    """The customer of an agent's contact is off hold."""

    contact: str
    agent: str


class PartyChanged(Event):
    """Flows of the contact speak to this leg from now on."""

    contact: str
    call: str
    leg: str | None


class OutboundPlaced(Event):
    """An agent's slot is taken by a call of the agent's own, or by a contact that is monitored."""

    contact: str
    agent: str
    stay: AgentStay
    monitoring: bool = False


class SlotFailed(Event):
    """The agent's contact failed (`MissedCallCustomer`, `FailedConnectCustomer`, ...); it is to be cleared."""

    contact: str
    agent: str
    error: str


class CallbackScheduled(Event):
    """A callback waits until `due_at` before it enters its queue, for the first time or again."""

    contact: str
    due_at: int
    terms: CallbackTerms


class CallbackTried(Event):
    """The customer of a callback is being called; `terms` with the attempt counted."""

    contact: str
    terms: CallbackTerms


class CallbackQueued(Event):
    """A callback's time came."""

    contact: str


class RecordingStarted(Event):
    """The recording of a contact began."""

    contact: str
    call: str
    recording: CallRecording


class RecordingStateChanged(Event):
    """The recording was suspended, resumed or stopped."""

    contact: str
    call: str
    state: RecordingState


class RecordingKept(Event):
    """The recording is in the store (also after the contact is over): REC-34."""

    contact: str
    key: str
    started_at: int
    stopped_at: int
    participants: tuple[str, ...] = ()
    failed: str | None = None


class StreamStarted(Event):
    """Live media streaming began."""

    contact: str
    call: str
    stream: AudioStream


class StreamStopped(Event):
    """Live media streaming ended."""

    contact: str
    call: str


class MonitorModeSet(Event):
    """A supervisor listens, or takes part (REC-40). In a chat `call` is the session and `leg` the participant."""

    contact: str
    agent: str
    call: str
    leg: str
    mode: MonitorMode


class DeviceNoted(Event):
    """From what kind of browser the agent speaks."""

    contact: str
    agent: str
    device: dict[str, str]


class QualityReported(Event):
    """What the agent's browser measured of its call so far."""

    contact: str
    agent: str
    quality: dict[str, Any]


class LegRated(Event):
    """How one side of a contact sounded, measured by the media plane when it was hung up."""

    contact: str
    side: str
    quality: dict[str, Any]


class TransferredOut(Event):
    """The contact left the system for this number: REC-43."""

    contact: str
    number: str


class CallClosed(Event):
    """Nobody is left on the call, which `media` held."""

    contact: str
    call: str
    media: str


AnyVoiceEvent = (
    MediaNodeJoined
    | MediaNodeLost
    | CallOpened
    | LegAdded
    | LegRang
    | LegConnected
    | LegDropped
    | LegEnded
    | LegMoved
    | LegsJoined
    | LegsParted
    | LegHeld
    | LegResumed
    | LegMuted
    | DigitsSent
    | KeysPressed
    | HoldStarted
    | HoldEnded
    | PartyChanged
    | OutboundPlaced
    | SlotFailed
    | CallbackScheduled
    | CallbackTried
    | CallbackQueued
    | RecordingStarted
    | RecordingStateChanged
    | RecordingKept
    | StreamStarted
    | StreamStopped
    | MonitorModeSet
    | DeviceNoted
    | QualityReported
    | LegRated
    | TransferredOut
    | CallClosed
)
