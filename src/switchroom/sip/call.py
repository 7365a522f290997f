"""A call: one INVITE, the dialog it makes and everything that happens inside it."""

from typing import Any, Literal

from switchroom.sip.events import Replaces
from switchroom.sip.message import Request
from switchroom.sip.sdp import Session
from switchroom.sip.uri import Address


class Call:
    """One call, in or out. Operations take `now` (seconds of the owner's monotonic clock) and never block.

    `id` is unique within the agent; `local` and `remote` are the addresses of From and To as seen from here; `request`
    is the INVITE; `app` belongs to the owner. Operations on a call that is over do nothing.
    """

    id: str
    direction: Literal["in", "out"]
    call_id: str
    local: Address
    remote: Address
    request: Request
    answered: bool
    over: bool
    app: Any

    def ring(
        self,
        code: int = 180,
        reason: str = "",
        *,
        sdp: Session | None = None,
        headers: list[tuple[str, str]] | None = None,
        now: float,
    ) -> None:
        """Tell the caller how it goes: 180, 181, 182 or 183; with `sdp` (the answer to its offer) early media starts.
        Sent reliably when the caller asks for that."""

    def answer(self, sdp: Session | None, *, headers: list[tuple[str, str]] | None = None, now: float) -> None:
        """Accept the call. `sdp` is the answer, or our offer when the INVITE had none; None repeats that of `ring`."""

    def reject(
        self, code: int = 486, reason: str = "", *, headers: list[tuple[str, str]] | None = None, now: float
    ) -> None:
        """Refuse an incoming call with any final code (a redirect is 302 with a Contact header)."""

    def hangup(self, *, headers: list[tuple[str, str]] | None = None, now: float) -> None:
        """End the call in whatever state it is: CANCEL, BYE or 480. E.g. headers=[("Reason", 'Q.850;cause=16')]."""

    def acknowledge(self, sdp: Session, *, now: float) -> None:
        """Send the answer to an offer that came with Answered or Reanswered."""

    def reoffer(self, sdp: Session | None, *, update: bool = False, now: float) -> None:
        """Change the session with a re-INVITE (or UPDATE): hold, resume. Reanswered or ReofferFailed follows; when
        both sides offer at once (491) it is tried again by itself."""

    def accept_offer(self, sdp: Session, *, now: float) -> None:
        """Answer a Reoffer."""

    def refuse_offer(self, code: int = 488, *, now: float) -> None:
        """Refuse a Reoffer; the session stays as it was."""

    def info(self, content_type: str, body: bytes, *, now: float) -> None:
        """Send an INFO."""

    def send_digit(self, digit: str, duration: int = 160, *, now: float) -> None:
        """Send a key as INFO application/dtmf-relay; `duration` in ms."""

    def refer(self, target: str, *, replaces: Replaces | None = None, now: float) -> None:
        """Ask the peer to call `target`; ReferProgress follows."""

    def accept_refer(self, *, now: float) -> None:
        """Take a Referred: 202, and the peer is told 100 Trying."""

    def refuse_refer(self, code: int = 603, *, now: float) -> None:
        """Do not take a Referred."""

    def notify_refer(self, code: int, reason: str = "", *, now: float) -> None:
        """Tell the peer how the call to the target goes; a code of 200 and above is the last word."""
