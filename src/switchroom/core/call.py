"""A call: the legs of everyone who talks, and what each should hear. It lives as long as its customer's chain does.

A call has one room. A leg is in it while it is joined and not held; a leg that is not in the room hears what a flow
plays to it. The media plane is told by a plan derived from this (`core.media`), so nothing here names a socket.
"""

from typing import Literal

import msgspec

LegKind = Literal["CUSTOMER", "AGENT", "THIRD_PARTY", "SUPERVISOR"]
LegState = Literal["waiting", "dialing", "ringing", "connected", "lost"]
"""waiting: the person's browser has yet to join; dialing, ringing: called by us, not answered; connected;
lost: the browser is gone for now and may join again."""
MonitorMode = Literal["SILENT_MONITOR", "BARGE"]
RecordingState = Literal["recording", "suspended", "stopped"]


class Dial(msgspec.Struct, frozen=True, omit_defaults=True):
    """How a leg is called. `number` is E.164, or the user name of a registered desk phone with `desk`."""

    number: str
    caller_id: str | None = None
    caller_name: str | None = None
    timeout: int = 60
    """Seconds until an unanswered call is given up."""
    desk: bool = False
    headers: dict[str, str] = {}
    location: str | None = None
    """Civic address of an emergency call, JSON text (NUM-67)."""


class Leg(msgspec.Struct, kw_only=True, omit_defaults=True):
    """One party's connection. `contact` is the segment that shows it (DESK-63)."""

    id: str
    kind: LegKind
    contact: str
    state: LegState
    since: int
    user: str | None = None
    """The agent or supervisor."""
    number: str | None = None
    name: str | None = None
    """Name of the quick connect it was called by, or of the web caller."""
    dial: Dial | None = None
    """Called by us; without it the leg came in, or is a browser's."""
    browser: bool = False
    record: str | None = None
    """The EXTERNAL_OUTBOUND contact that this party's record is."""
    added_by: str | None = None
    """User id of the agent who called this party."""
    joined: bool = False
    """Past its flows: in the room unless held."""
    held: bool = False
    held_at: int | None = None
    muted: bool = False
    forced_mute: bool = False
    """A supervisor muted it; only a supervisor unmutes it (QUAL-125)."""
    early: bool = False
    """It is ringing with sound of its own (early media)."""
    mode: MonitorMode | None = None
    capabilities: tuple[MonitorMode, ...] = ()
    digits: tuple[int, str] | None = None
    """How many keys were to be sent to it so far, and the last of them."""
    pressed: tuple[int, str] | None = None
    """How many keys the party pressed on a keypad that makes no tones (CHAT-07), and the last of them."""
    video: bool = False
    connected_at: int | None = None

    @property
    def in_room(self) -> bool:
        """Hears the others and is heard by them (a silent supervisor only hears)."""
        return self.joined and not self.held and self.state == "connected"

    @property
    def in_flow(self) -> bool:
        """An agent who hears a flow, such as the whisper, and comes into the room when it is over."""
        return self.kind == "AGENT" and self.state == "connected" and not self.joined

    @property
    def up(self) -> bool:
        """There is, or was until a moment ago, somebody at the other end."""
        return self.state in ("connected", "lost")


class CallRecording(msgspec.Struct, kw_only=True, omit_defaults=True):
    """The recording of one contact, from the agent's connection to the agent's end (table R1)."""

    contact: str
    key: str
    """Object key of the WAV."""
    participants: tuple[str, ...]
    state: RecordingState = "recording"
    started_at: int = 0
    by_api: bool = False


class AudioStream(msgspec.Struct, kw_only=True, omit_defaults=True):
    """Live media streaming of the customer's audio (BLK-155)."""

    id: str
    contact: str
    from_customer: bool = True
    to_customer: bool = True
    started_at: int = 0
    stopped_at: int | None = None


class Call(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A call on one media process; one that came in has the id of its first leg."""

    id: str
    media: str
    first: str = ""
    """The contact it began with."""
    customer: str | None = None
    """The customer's leg; None once it is gone."""
    legs: dict[str, Leg] = {}
    contacts: list[str] = []
    """Its unfinished segments, in the order they began."""
    recordings: dict[str, CallRecording] = {}
    """By contact."""
    stream: AudioStream | None = None
    streamed: AudioStream | None = None
    """The stream that was stopped last, which is taken up again when it is started anew (FLOW-131)."""
    web: bool = False
    """A web call (CHAT-02): the customer joins by browser."""
    customer_video: bool = False
    agent_video: bool = False

    def of_agent(self, user: str) -> Leg | None:
        """The leg of an agent."""
        return next((leg for leg in self.legs.values() if leg.user == user and leg.kind == "AGENT"), None)

    def of_contact(self, contact: str) -> list[Leg]:
        """Legs that a segment shows as its own."""
        return [leg for leg in self.legs.values() if leg.contact == contact]


class MediaNode(msgspec.Struct, omit_defaults=True):
    """A media process that is alive."""

    id: str
    joined_at: int
