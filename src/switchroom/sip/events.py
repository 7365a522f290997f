"""What a user agent tells its owner. Every call ends with exactly one of Cancelled, Failed and Ended."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from switchroom.sip.headers import Headers
from switchroom.sip.message import Request
from switchroom.sip.sdp import Session
from switchroom.sip.transport import Flow
from switchroom.sip.uri import Address, Uri

if TYPE_CHECKING:
    from switchroom.sip.call import Call


@dataclass(frozen=True, slots=True)
class Replaces:
    """The call that an INVITE or a REFER wants replaced (RFC 3891), its tags as the receiver of it knows them."""

    call_id: str
    to_tag: str
    from_tag: str
    early_only: bool = False


@dataclass(frozen=True, slots=True)
class Incoming:
    """Someone calls. Answer with `call.ring`, `call.answer`, `call.reject`.

    `request` is the INVITE with everything in it: `request.target` (the dialled URI; `.number` for the digits),
    `request.from_`, `request.headers`, `request.part("application/pidf+xml")`. `sdp` is the offer, None when the
    caller leaves the offer to us. `user` is who the caller proved to be, when `screen` asked for proof.
    """

    call: Call
    request: Request
    flow: Flow
    sdp: Session | None
    user: str = ""
    replaces: Replaces | None = None


@dataclass(frozen=True, slots=True)
class Ringing:
    """A provisional answer (180 to 199, not 100) to our call. With `sdp` there is early media."""

    call: Call
    code: int
    reason: str
    sdp: Session | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Answered:
    """Our call was answered. `sdp` is the answer; when we called without an offer it is the peer's offer, and
    `call.acknowledge(answer)` has to follow. None when the answer had come with a reliable provisional response."""

    call: Call
    sdp: Session | None
    headers: Headers


@dataclass(frozen=True, slots=True)
class Confirmed:
    """The caller has our answer (ACK). `sdp` is the caller's answer when the offer was ours."""

    call: Call
    sdp: Session | None


@dataclass(frozen=True, slots=True)
class Cancelled:
    """The caller gave up before the answer. `reason` is the Reason header, or nothing."""

    call: Call
    reason: str


@dataclass(frozen=True, slots=True)
class Failed:
    """Our call was not answered: the final response, or 408 (no answer in time), 503 (no way there), 487 (we gave up),
    488 (an answer that makes no sense). `contacts` says where a 3xx points to; redirects are not followed."""

    call: Call
    code: int
    reason: str
    headers: Headers
    contacts: tuple[Address, ...] = ()


@dataclass(frozen=True, slots=True)
class Ended:
    """A call is over. `by`: `local` (hangup or reject here), `remote` (BYE), `expired` (session timer),
    `lost` (an ACK, a response or a way to the peer never came). `reason` is the peer's Reason header."""

    call: Call
    by: Literal["local", "remote", "expired", "lost"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Reoffer:
    """The peer wants to change the session (hold, resume, another address). Answer with `call.accept_offer(sdp)` or
    `call.refuse_offer(code)`. With `sdp` of None the peer asks for our offer; its answer comes as Confirmed."""

    call: Call
    sdp: Session | None


@dataclass(frozen=True, slots=True)
class Reanswered:
    """The peer took our new offer; `sdp` is its answer, or its offer when ours was left out (then `acknowledge`)."""

    call: Call
    sdp: Session | None


@dataclass(frozen=True, slots=True)
class ReofferFailed:
    """The peer refused our new offer; the session stays as it was."""

    call: Call
    code: int
    reason: str


@dataclass(frozen=True, slots=True)
class Digit:
    """A key pressed, told by INFO (application/dtmf-relay or application/dtmf). `duration` in ms."""

    call: Call
    digit: str
    duration: int


@dataclass(frozen=True, slots=True)
class Info:
    """An INFO with another body; it was answered with 200."""

    call: Call
    content_type: str
    body: bytes
    headers: Headers


@dataclass(frozen=True, slots=True)
class Referred:
    """The peer asks us to call `target` (blind), in place of the call that `replaces` names (attended).
    Answer with `call.accept_refer()` then `call.notify_refer(code)`, or `call.refuse_refer(code)`."""

    call: Call
    target: Uri
    replaces: Replaces | None
    referred_by: str


@dataclass(frozen=True, slots=True)
class ReferProgress:
    """How our REFER fares: 202 accepted, then what the peer hears from the target; `final` when no more will come.
    A refused REFER is one final event with the code of the refusal."""

    call: Call
    code: int
    reason: str
    final: bool


@dataclass(frozen=True, slots=True)
class Pinged:
    """The answer to `agent.options`. `code` 0: none came. Any code says that the peer lives. `rtt` in seconds."""

    ping: str
    code: int
    rtt: float


@dataclass(frozen=True, slots=True)
class Registered:
    """A registration of ours is in force for `expires` seconds; it renews itself. `expires` 0: it was taken back."""

    registration: str
    expires: int


@dataclass(frozen=True, slots=True)
class RegistrationFailed:
    """A registration was refused or got no answer (code 408, 503); it is tried again in `retry` seconds."""

    registration: str
    code: int
    reason: str
    retry: float


@dataclass(frozen=True, slots=True)
class Binding:
    """Where a registered phone is. `contact` is the URI to call, `flow` the way to it, `expires_at` on our clock."""

    user: str
    contact: str
    flow: Flow
    expires_at: float
    user_agent: str = ""
    q: float = 1.0


@dataclass(frozen=True, slots=True)
class BindingChanged:
    """The phones of a user have changed; `bindings` are those there are now, best first."""

    user: str
    bindings: tuple[Binding, ...]


Event = (
    Incoming | Ringing | Answered | Confirmed | Cancelled | Failed | Ended | Reoffer | Reanswered | ReofferFailed
    | Digit | Info | Referred | ReferProgress | Pinged | Registered | RegistrationFailed | BindingChanged
)  # fmt: skip
