"""What can be asked of calls: by the media plane (reports of what happened), by agents, supervisors, flows and the API.

Reports may come twice and late: what is known already, or is over, changes nothing. A report for a call that the
centre does not know raises ResourceNotFoundException: the media plane then ends that call.
"""

from typing import Any, Literal

import msgspec

from switchroom.core.call import MonitorMode
from switchroom.core.command import Command
from switchroom.core.contact import Reference

# ------------------------------------------------------------------ reports of the media plane


class MediaJoined(Command):
    """A media process is there; calls may be placed on it."""

    media: str


class MediaLost(Command):
    """A media process is gone: its calls are over."""

    media: str


class CallArrived(Command):
    """Somebody calls a number of the instance. Answer: `{"contact"}`.

    Raises ResourceNotFoundException (the number leads nowhere: SIP 404), InvalidRequestException (inbound calls are
    switched off: 403), LimitExceededException (too many calls: 503).
    """

    media: str
    leg: str
    number: str
    """Dialled, E.164."""
    caller: str | None = None
    """E.164 where it could be told; None: anonymous."""
    caller_name: str | None = None
    headers: dict[str, str] = {}
    """SIP headers flows may read."""


class LegRinging(Command):
    """A called leg rings; `early`: with sound of its own."""

    call: str
    leg: str
    early: bool = False


class LegAnswered(Command):
    """A leg is connected: the called party answered, or the browser's media is up (also after it was lost)."""

    call: str
    leg: str


class LegLost(Command):
    """A browser leg's media stopped; the person may come back."""

    call: str
    leg: str


class LegGone(Command):
    """A leg is over: hung up by the other side, never answered, refused, or broken.

    `cause`: `hangup`, `busy`, `no_answer`, `rejected`, `invalid` (no such number), `failed` (network).
    `quality`: `{"score": 1.0..5.0, "issues": [...]}` when it had media.
    """

    call: str
    leg: str
    cause: Literal["hangup", "busy", "no_answer", "rejected", "invalid", "failed"]
    code: int | None = None
    quality: dict[str, Any] | None = None


class LegMeasured(Command):
    """How a leg sounded that the plan has ended; `contact` and `agent` are those of its plan (REC-37)."""

    contact: str
    agent: bool
    quality: dict[str, Any]


class AudioEnded(Command):
    """An audio of the plan is over; `value`: the keys, what was heard (see `core.media.Audio`), or why it failed."""

    call: str
    leg: str
    audio: str
    kind: Literal["done", "timeout", "failed"]
    value: str | dict[str, Any] = ""


class LegReferred(Command):
    """A desk phone asks to transfer (REFER) to `target`, a number."""

    call: str
    leg: str
    target: str


class RecordingStored(Command):
    """A recording is in the object store. `started_at`, `stopped_at` in epoch ms."""

    contact: str
    key: str
    started_at: int
    stopped_at: int
    participants: tuple[str, ...] = ()
    failed: str | None = None


# ------------------------------------------------------------------ starting calls


class StartOutboundCall(Command):
    """StartOutboundVoiceContact (NUM-71): dial, then run the flow. Answer: `{"contact"}`."""

    flow: str
    number: str
    source_number: str | None = None
    queue: str | None = None
    attributes: dict[str, str] = {}
    related: str | None = None
    name: str | None = None
    description: str | None = None
    references: dict[str, Reference] = {}
    timeout: int = 60
    """Seconds it may ring."""
    token: str | None = None


class StartWebCall(Command):
    """StartWebRTCContact (CHAT-04): a browser calls. Answer: `{"contact", "leg", "participant"}`."""

    flow: str
    display_name: str
    attributes: dict[str, str] = {}
    segment_attributes: dict[str, str] = {}
    customer_video: bool = False
    agent_video: bool = False
    related: str | None = None
    description: str | None = None
    references: dict[str, Reference] = {}
    token: str | None = None


class PressKeys(Command):
    """A web caller's keypad: `audio/dtmf` (CHAT-07). `call`: the participant that StartWebCall answered.

    `secret` is set by the centre: the flow encrypts what is keyed, so no event may hold it.
    """

    call: str
    digits: str
    secret: bool = False


class LeaveWebCall(Command):
    """A web caller hangs up. `call`: the participant that StartWebCall answered."""

    call: str


class DialCall(Command):
    """An agent dials a number or a phone quick connect (DESK-46). Answer: `{"contact"}`."""

    agent: str
    number: str | None = None
    quick_connect: str | None = None
    queue: str | None = None
    related: str | None = None


class JoinCall(Command):
    """Where the media of an agent or supervisor goes. Answer: `{"media", "call", "leg", "video"}`."""

    contact: str
    """The contact on the desk."""
    agent: str
    device: dict[str, str] = {}
    """What the browser says of itself (REC-38)."""


class JoinWebCall(Command):
    """Where a web caller's media goes; `call` is the participant that StartWebCall answered. Answer as of JoinCall."""

    call: str


# ------------------------------------------------------------------ during a call


class AddCallParticipant(Command):
    """Call a third party, an agent or a queue in (DESK-66): the others are held. Answer: `{"leg", "contact"}`."""

    agent: str
    contact: str
    number: str | None = None
    quick_connect: str | None = None


class HoldLeg(Command):
    """Put a leg on hold; without `leg` the customer's side (DESK-41)."""

    agent: str
    contact: str
    leg: str | None = None


class ResumeLeg(Command):
    """Take a leg off hold."""

    agent: str
    contact: str
    leg: str | None = None


class HoldAll(Command):
    """Put all other legs on hold (DESK-58)."""

    agent: str
    contact: str


class SwapLegs(Command):
    """Exchange who is held and who talks: exactly three parties (DESK-67)."""

    agent: str
    contact: str


class JoinLegs(Command):
    """Everybody off hold and together (DESK-56)."""

    agent: str
    contact: str


class DropLeg(Command):
    """Hang one leg up."""

    agent: str
    contact: str
    leg: str


class MuteLeg(Command):
    """Mute or unmute a leg; without `leg` the agent's own (DESK-42, DESK-68)."""

    agent: str
    contact: str
    muted: bool
    leg: str | None = None


class SendDigits(Command):
    """Keypad: tones to all other legs (DESK-43)."""

    agent: str
    contact: str
    digits: str


# ------------------------------------------------------------------ supervision and recording


class MonitorCall(Command):
    """MonitorContact (QUAL-128), voice and chat. Answer: `{"contact"}`."""

    contact: str
    user: str
    capabilities: tuple[MonitorMode, ...] = ()
    token: str | None = None


class SetMonitorMode(Command):
    """A supervisor barges in or goes back to listening (QUAL-124)."""

    agent: str
    contact: str
    mode: MonitorMode


class ChangeRecording(Command):
    """Start, suspend, resume or stop the recording of a contact by API (BASE: StartContactRecording and the rest)."""

    contact: str
    action: Literal["start", "suspend", "resume", "stop"]
    participants: tuple[str, ...] = ("Agent", "Customer")
    """Which sides a start records."""


class ReportQuality(Command):
    """What the agent's browser measured of its call so far (REC-37): `{"score": 1.0..5.0, "issues": [...]}`."""

    agent: str
    contact: str
    quality: dict[str, Any]


AnyVoiceCommand = (
    MediaJoined
    | MediaLost
    | CallArrived
    | LegRinging
    | LegAnswered
    | LegLost
    | LegGone
    | LegMeasured
    | AudioEnded
    | LegReferred
    | RecordingStored
    | StartOutboundCall
    | StartWebCall
    | PressKeys
    | LeaveWebCall
    | DialCall
    | JoinCall
    | JoinWebCall
    | AddCallParticipant
    | HoldLeg
    | ResumeLeg
    | HoldAll
    | SwapLegs
    | JoinLegs
    | DropLeg
    | MuteLeg
    | SendDigits
    | MonitorCall
    | SetMonitorMode
    | ChangeRecording
    | ReportQuality
)


class MediaAlive(msgspec.Struct, omit_defaults=True):
    """The heartbeat a media process publishes on `media.alive` every 2 seconds."""

    id: str
    calls: int = 0
    sip: str = ""
    load: float = 0.0
    started_at: int = 0
