"""The first INVITE of a call that comes in: ringing, answering, refusing, being cancelled."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.sip.acceptance import Acceptance
from switchroom.sip.context import ALLOW, SUPPORTED, Lines, put_body, read_sdp
from switchroom.sip.events import Cancelled, Confirmed
from switchroom.sip.message import Request, Response
from switchroom.sip.reliable import ReliableProvisionals
from switchroom.sip.sdp import BadSdp, Session
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.timers import Timer

if TYPE_CHECKING:
    from switchroom.sip.call import Call

_REMIND_SECONDS = 60.0


class Inbound:
    """The server's side of setting up one call."""

    def __init__(self, call: Call, transaction: ServerTransaction) -> None:
        self._call = call
        self._context = call.context
        self.transaction = transaction
        self._reliable: ReliableProvisionals | None = None
        self._acceptance: Acceptance | None = None
        self._waiting_answer: tuple[Session | None, list[tuple[str, str]]] | None = None
        self._early: Session | None = None
        self._offered = transaction.request.part("application/sdp") is not None
        self._end_after_ack: list[tuple[str, str]] | None = None
        self._reminder: Timer | None = None
        transaction.on_cancel = self.cancelled
        if "100rel" in transaction.request.headers.tokens("Require"):
            self._reliable = ReliableProvisionals(self._context.layer, transaction, self._unacknowledged)

    @property
    def settled(self) -> bool:
        """Whether the INVITE has its final answer."""
        return self.transaction.answered

    @property
    def unconfirmed(self) -> bool:
        """Whether the ACK of our 200 is still to come."""
        return self._acceptance is not None

    def ring(self, code: int, reason: str, sdp: Session | None, lines: Lines) -> None:
        """Send a provisional response."""
        if self.settled or self._waiting_answer is not None:
            return
        response = self._response(code, reason, lines)
        if sdp is not None:
            self._early = self._call.local_sdp = sdp
            put_body(response, sdp)
        if self._reliable is None:
            self._tell(response)
        else:
            self._reliable.send(response)

    def _tell(self, response: Response) -> None:
        """Send it now and every minute, or proxies give the call up (section 13.3.1.1)."""
        if self._reminder is not None:
            self._reminder.cancel()
        self.transaction.respond(response)
        self._reminder = self._context.layer.after(_REMIND_SECONDS, lambda: self._tell(response))

    def _response(self, code: int, reason: str, lines: Lines) -> Response:
        response = self._context.answer(self._call.request, code, reason, lines, self._call.dialog_tag)
        response.headers.fields["Contact"] = [self._call.contact]
        if code >= 200:
            response.headers.fields["Allow"] = [ALLOW]
            response.headers.fields["Supported"] = [SUPPORTED]
        return response

    def answer(self, sdp: Session | None, lines: Lines) -> None:
        """Send 200; after early media told reliably only when the caller knows of it (RFC 3262 section 5)."""
        if self.settled:
            return
        if self._reliable is not None and self._reliable.pending and self._early is not None:
            self._waiting_answer = sdp, list(lines)
            return
        response = self._response(200, "", lines)
        for name, value in self._call.session.granted(self._call.request):
            response.headers.add(name, value)
        sdp = sdp or self._early
        if sdp is not None:
            self._call.local_sdp = sdp
            put_body(response, sdp)
        self.stop()
        self._acceptance = Acceptance(self._context.layer, self.transaction, response, self._call.lost)
        self._call.answered = True

    def reject(self, code: int, reason: str, lines: Lines) -> None:
        """Send a final refusal."""
        if not self.settled:
            self.transaction.respond(
                self._context.answer(self._call.request, code, reason, lines, self._call.dialog_tag)
            )

    def acknowledged(self, ack: Request) -> bool:
        """Whether an ACK was for our 200."""
        acceptance = self._acceptance
        if acceptance is None or acceptance.sequence != ack.cseq[0]:
            return False
        acceptance.stop()
        self._acceptance = None
        try:
            answer = None if self._offered else read_sdp(ack)
        except BadSdp:
            answer = None
        if self._end_after_ack is not None:
            self._call.bye(self._end_after_ack)
        else:
            self._context.emit(Confirmed(self._call, answer))
        return True

    def end_after_ack(self, lines: Lines) -> None:
        """Hang up as soon as that is allowed (section 15)."""
        self._end_after_ack = list(lines)

    def provisional_acknowledged(self, transaction: ServerTransaction) -> int:
        """Take in a PRACK; the code to answer it with."""
        prack = transaction.request
        if self._reliable is None or not self._reliable.acknowledged(prack):
            return 481
        try:
            sdp = read_sdp(prack)
        except BadSdp:
            return 400
        if sdp is not None and not self._offered:
            self._context.emit(Confirmed(self._call, sdp))
        elif sdp is not None:
            return 488
        return 200

    def proceed(self) -> None:
        """After a PRACK was answered: send what has waited for it."""
        if self._reliable is None or self.settled:
            return
        self._reliable.proceed()
        if self._waiting_answer is not None and not self._reliable.pending:
            (answer, lines), self._waiting_answer = self._waiting_answer, None
            self.answer(answer, lines)

    def cancelled(self, cancel: Request) -> None:
        """Take in a CANCEL: it ends the call only when there is no answer yet."""
        if self.settled or self._call.over:
            return
        self.reject(487, "", ())
        self._call.close()
        self._context.emit(Cancelled(self._call, cancel.headers.get("Reason") or ""))

    def _unacknowledged(self) -> None:
        self.reject(504, "", ())
        self._call.close()
        self._context.emit(Cancelled(self._call, ""))

    def stop(self) -> None:
        """Nothing is sent again."""
        if self._reminder is not None:
            self._reminder.cancel()
        if self._reliable is not None:
            self._reliable.stop()
        if self._acceptance is not None:
            self._acceptance.stop()
            self._acceptance = None
