"""What a running flow is made of: plain data that lives in the journal and survives a restart."""

from typing import Any, Literal

import msgspec

from switchroom.core.media import Listen

CONTACT_FLOW = "CONTACT_FLOW"
CUSTOMER_QUEUE = "CUSTOMER_QUEUE"
CUSTOMER_HOLD = "CUSTOMER_HOLD"
CUSTOMER_WHISPER = "CUSTOMER_WHISPER"
OUTBOUND_WHISPER = "OUTBOUND_WHISPER"
AGENT_HOLD = "AGENT_HOLD"
AGENT_WHISPER = "AGENT_WHISPER"
AGENT_TRANSFER = "AGENT_TRANSFER"
QUEUE_TRANSFER = "QUEUE_TRANSFER"
MODULE = "MODULE"

FLOW_TYPES = (
    CONTACT_FLOW,
    CUSTOMER_QUEUE,
    CUSTOMER_HOLD,
    CUSTOMER_WHISPER,
    OUTBOUND_WHISPER,
    AGENT_HOLD,
    AGENT_WHISPER,
    AGENT_TRANSFER,
    QUEUE_TRANSFER,
)
"""The nine flow types by their names on the wire (table T1); a module has the type `MODULE` inside."""


class Message(msgspec.Struct, frozen=True, omit_defaults=True):
    """Something said to a participant: text (spoken, or written in a chat), SSML, a library prompt, an audio file, or
    an interactive template (JSON, chats only), or a tone of call progress.

    Exactly one of `text`, `ssml`, `prompt_arn`, `uri`, `interactive`, `tone` is set. `voice`, `engine`, `style`,
    `language` tell how text is spoken.
    """

    text: str | None = None
    ssml: str | None = None
    prompt_arn: str | None = None
    prompt_id: str | None = None
    uri: str | None = None
    interactive: str | None = None
    tone: Literal["reorder"] | None = None
    voice: str = "Joanna"
    engine: str = "Standard"
    style: str = "None"
    language: str | None = None

    @property
    def written(self) -> str | None:
        """The message as a chat shows it: text as it is, SSML with its tags; None for audio."""
        return self.text if self.text is not None else self.ssml


class Play(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="Kind", tag="play"):
    """Play a message to the caller, and those that follow it. Signals: `done`; `failed`."""

    message: Message
    more: tuple[Message, ...] = ()


class LoopPrompts(msgspec.Struct, frozen=True, tag_field="Kind", tag="loop"):
    """Play messages in order, again and again. Signals: `timeout` (the interrupt time came), `failed`.

    The `until` of the await is the time of the interrupt; None: until the run itself is dropped.
    On chat and task nothing is played.
    """

    messages: tuple[Message, ...]


class Collect(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="Kind", tag="input"):
    """Play an interruptible message and collect key presses. All times in milliseconds.

    Signals: `done` with the keys as text (terminator removed); `timeout` when the first key did not come within
    `first_timeout_ms` after the message; `failed`. Entry ends at `maximum` keys, at `terminator`, or after
    `digit_timeout_ms` without a further key.
    """

    message: Message | None
    first_timeout_ms: int
    maximum: int = 1
    digit_timeout_ms: int = 5_000
    terminator: str = ""
    cancel_key: str = ""
    secret: bool = False
    encryption_key_id: str | None = None
    certificate: str | None = None
    """Where it is encrypted (BLK-161)..."""
    country: str | None = None
    """...as a telephone number of this country, or (empty) with its country code; else `InvalidPhoneNumber`."""


class FunctionCall(msgspec.Struct, frozen=True, tag_field="Kind", tag="function"):
    """Call a function. Signals: `done` with its parsed JSON result as `value`; `failed` with the reason as text.

    `event` is the JSON text of table L1, `timeout_ms` what is left for all tries together.
    """

    arn: str
    event: str
    timeout_ms: int
    response_type: Literal["STRING_MAP", "JSON"] = "STRING_MAP"


class Pause(msgspec.Struct, frozen=True, tag_field="Kind", tag="wait"):
    """Wait for the time `until` or for what the block listens to.

    Signals: `timeout`; `customer_returned` (only if `customer`): the customer wrote; `bot_left` (only if `bot`):
    the bot participant disconnected; `bot_missing` (only if `bot`): there is no such participant.
    """

    customer: bool = False
    bot: bool = False


class CallCustomer(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="Kind", tag="call_customer"):
    """Dial the customer of an outbound contact (outbound whisper flow). Signal: `answered`."""

    caller_id: str | None = None


class CallThirdParty(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="Kind", tag="call_out"):
    """Somebody outside has been called for the customer. Signals: `third_party_answered`, then `third_party_left`;
    `third_party_timeout`, `third_party_failed` when it did not come."""

    number: str
    digits: str = ""
    resume: bool = False


class Hear(msgspec.Struct, frozen=True, tag_field="Kind", tag="hear"):
    """Wait for the customer's next message in a chat. Signals: `heard` with `{"text", "content_type"}`; `timeout`."""


class Converse(msgspec.Struct, frozen=True, tag_field="Kind", tag="converse"):
    """Say messages to the caller and hear what they answer.

    Signals: `done` with `{"mode": "Speech", "text", "confidence"}` or `{"mode": "DTMF", "keys"}`; `timeout` when nobody
    said anything; `failed`.
    """

    messages: tuple[Message, ...]
    listen: Listen


class BotCall(msgspec.Struct, frozen=True, omit_defaults=True, tag_field="Kind", tag="bot"):
    """One turn of a bot, in the words of the Lex V2 runtime.

    Signals: `done` with the answer of RecognizeText; `failed` with the reason. `alias`: the ARN of an alias, or
    `name:alias` of a bot of the first generation. `state`: `sessionState` as the last answer left it, or with the
    session attributes of the block at the beginning. `session` is the same for all turns of a block's visit.
    """

    alias: str
    locale: str
    session: str
    text: str
    mode: Literal["Text", "Speech", "DTMF"] = "Text"
    state: dict[str, Any] | None = None
    request_attributes: dict[str, str] = {}


class FindPast(msgspec.Struct, frozen=True, tag_field="Kind", tag="past"):
    """Look for the chat that this one continues. Signals: `done` with the contact to continue from; `failed`.

    `rehydration`: `ENTIRE_PAST_SESSION`, of which `source` is the first contact, or `FROM_SEGMENT`.
    """

    rehydration: str
    source: str


Effect = (
    Play
    | LoopPrompts
    | Collect
    | FunctionCall
    | Pause
    | CallCustomer
    | CallThirdParty
    | Hear
    | Converse
    | BotCall
    | FindPast
)


class Await(msgspec.Struct, frozen=True):
    """A run stands still until a `Signal` with the same `id` comes.

    When `until` (epoch ms) passes first, the signal is `Signal(id, "timeout")`.
    """

    id: int
    effect: Effect
    until: int | None = None

    @property
    def kind(self) -> str:
        """Its tag: `play`, `loop`, `input`, `function`, `wait`, `call_customer`, `call_out`, `hear`, `converse`, `bot`,
        `past`."""
        return str(self.effect.__struct_config__.tag)


SignalKind = Literal[
    "done",
    "failed",
    "timeout",
    "customer_returned",
    "heard",
    "bot_left",
    "bot_missing",
    "answered",
    "third_party_answered",
    "third_party_left",
    "third_party_timeout",
    "third_party_failed",
]


class Signal(msgspec.Struct, frozen=True):
    """What came back for an await. `value` is any JSON value: the keys pressed, the function's answer, a reason."""

    id: int
    kind: SignalKind
    value: Any = None


EndReason = Literal["resumed", "disconnect", "queued", "agent", "failed"]


class Ended(msgspec.Struct, frozen=True):
    """The run is over.

    `resumed`: the contact goes back to what it was doing (queue, join, hold, pause); never of an inbound flow.
    `disconnect`: end the contact (in a transfer flow: the transferring leg). `queued`: `World.enqueue` has put it in
    queue. `agent`: `World.transfer_to_agent` has sent it on. `failed`: an outcome was not connected, the flow is broken
    or runs in a circle; inbound and transfer flows then disconnect, the other types let the contact go on as if they
    had ended.
    """

    reason: EndReason
    text: str = ""


class Frame(msgspec.Struct):
    """A flow, or a module it invoked, with the data that nothing outside it can see (table M1)."""

    flow_id: str
    version: int
    action: str
    module: bool = False
    external: Any = None
    lex: dict[str, Any] | None = None
    customer: dict[str, Any] | None = None
    case: dict[str, Any] | None = None
    views: dict[str, Any] | None = None
    metrics: dict[str, Any] | None = None
    stored_input: str | None = None
    flow_attributes: dict[str, str] = msgspec.field(default_factory=dict)

    def copy(self) -> "Frame":
        """A copy that may be changed; the values inside are replaced, never changed in place."""
        return msgspec.structs.replace(self)


class BotTalk(msgspec.Struct, omit_defaults=True):
    """A conversation with a bot that a Get customer input block is having: where it stands between turns."""

    alias: str
    locale: str
    session: str
    phase: Literal["listening", "thinking", "parting"] = "listening"
    attributes: dict[str, str] = {}
    state: dict[str, Any] | None = None
    intent: str = "*"
    slot: str = "*"
    until: int | None = None
    """Milliseconds that the customer of a chat may be silent."""
    classic: bool = False
    """A bot of the first generation."""
    pending: tuple[str, ...] = ()
    """What the customer of a chat wrote while the bot was thinking."""


class FlowRun(msgspec.Struct):
    """The position of a contact in a flow, and everything the flow has learned on the way.

    `frames` is the flow and, on top of it, at most one module. `loops` counts the rounds of Loop blocks by
    `flow id/action` and belongs to the contact (BLK-100): hand it on to the next run of the same contact.
    `function_ms` is the time spent in functions since the last Play prompt (BASE-105). `hook` names the event that
    began the run (`PauseContact`, `CustomerRemaining`, ...), empty for the flow a contact enters by. `turned_away`: a
    queue was full, and the caller has heard nothing since.
    """

    id: str
    contact_id: str
    type: str
    frames: list[Frame]
    started_at: int
    hook: str = ""
    loops: dict[str, int] = msgspec.field(default_factory=dict)
    steps: int = 0
    function_ms: int = 0
    turned_away: bool = False
    talk: BotTalk | None = None
    awaiting: Await | None = None
    waiting_since: int = 0
    ended: Ended | None = None

    @property
    def frame(self) -> Frame:
        """The flow or module that is running now."""
        return self.frames[-1]

    @property
    def flow_id(self) -> str:
        """The flow at the bottom, which a module returns to."""
        return self.frames[0].flow_id

    def copy(self) -> "FlowRun":
        """A copy that may be changed without the original noticing."""
        talk = msgspec.structs.replace(self.talk) if self.talk is not None else None
        frames = [f.copy() for f in self.frames]
        return msgspec.structs.replace(self, frames=frames, loops=dict(self.loops), talk=talk)
