"""The first INVITE of a call of ours: progress, the answer, forks, giving up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from switchroom.sip.context import Lines, read_sdp
from switchroom.sip.dialog import Dialog, dialog_as_client
from switchroom.sip.events import Answered, Failed, Ringing
from switchroom.sip.exchange import Exchange
from switchroom.sip.headers import Headers
from switchroom.sip.message import REASONS, Request, Response
from switchroom.sip.sdp import BadSdp, Session
from switchroom.sip.timers import TIMEOUT, Timer
from switchroom.sip.transport import Destination, Flow
from switchroom.sip.uri import Address, BadUri, parse_address

if TYPE_CHECKING:
    from switchroom.sip.call import Call


class Outbound:
    """The client's side of setting up one call."""

    def __init__(self, call: Call, request: Request, to: Flow | Destination, timeout: float) -> None:
        self._call = call
        self._context = call.context
        self._layer = call.context.layer
        self._to = to
        self._offered = bool(request.part("application/sdp"))
        self._early: dict[str, Dialog] = {}
        self._reliable: dict[str, int] = {}
        self._early_sdp: dict[str, Session] = {}
        self._winner: str | None = None
        self._dismissed: set[str] = set()
        self._ack = b""
        self._given_up = 0
        self._cancel_lines: list[tuple[str, str]] = []
        self._cancel_sent = False
        self._provisional = False
        self.settled = False
        self._sequence = request.cseq[0]
        self._deadline: Timer = self._layer.after(timeout, lambda: self.give_up(408, ()))
        self._exchange = Exchange(
            self._layer, request, (to, None), call.digest, self._next_sequence, self._receive, self._fail
        )

    def _next_sequence(self) -> int:
        self._provisional = False
        self._sequence += 1
        return self._sequence

    @property
    def unconfirmed(self) -> bool:
        """Whether we still owe the ACK, with the answer to the peer's offer."""
        return self._winner is not None and not self._ack

    def _receive(self, response: Response) -> None:
        if response.code < 200:
            self._progress(response)
        elif response.code < 300:
            self._accepted(response)
        elif not self.settled:
            self._refused(response)

    def _progress(self, response: Response) -> None:
        self._provisional = True
        if self._given_up:
            self._send_cancel()
            return
        if response.code == 100 or self.settled or not response.to.tag:
            return
        try:
            sdp = read_sdp(response)
            if not self._note_early(response):
                return
        except (BadSdp, BadUri):
            return
        if sdp is not None:
            self._early_sdp[response.to.tag] = sdp
        self._context.emit(Ringing(self._call, response.code, response.reason, sdp, response.headers))

    def _note_early(self, response: Response) -> bool:
        """Keep the early dialog and acknowledge a reliable response; whether it is news."""
        tag = response.to.tag
        if response.contact is not None and tag not in self._early and len(self._early) < 16:
            dialog = self._early[tag] = dialog_as_client(self._exchange.request, response, self._to)
            self._call.adopt(dialog)
        if "100rel" not in response.headers.tokens("Require"):
            return True
        number = response.headers.get("RSeq") or ""
        if tag not in self._early or not (number.isascii() and number.isdigit() and len(number) < 11):
            return False
        if tag in self._reliable and int(number) != self._reliable[tag] + 1:
            return False
        self._reliable[tag] = int(number)
        prack = self._early[tag].request("PRACK")
        prack.headers.add("RAck", f"{int(number)} {self._exchange.request.cseq[0]} INVITE")
        self._call.send_in(self._early[tag], prack, _ignore, _ignore_failure)
        return True

    def _accepted(self, response: Response) -> None:
        tag = response.to.tag
        if self._winner is not None:
            if tag == self._winner and self._ack:
                self._send(self._ack)
            elif tag != self._winner:
                self._dismiss(response)
            return
        if self._call.over or self._given_up:
            self._dismiss(response)
            self._lose(self._given_up or 487)
            return
        try:
            self._win(response)
        except (BadUri, BadSdp) as error:
            self._dismiss(response)
            self._lose(488, str(error))

    def _win(self, response: Response) -> None:
        tag = response.to.tag
        sdp = read_sdp(response) or self._early_sdp.get(tag)
        if sdp is None:
            raise BadSdp("no session description in the answer")
        dialog = self._early.get(tag) or dialog_as_client(self._exchange.request, response, self._to)
        dialog.refresh(response)
        dialog.routes = response.headers.listed("Record-Route")[::-1]
        dialog.next_hop()
        self._settle()
        self._winner = tag
        self._call.establish(dialog, response)
        if self._offered:
            self.acknowledge(None)
        self._context.emit(Answered(self._call, sdp, response.headers))
        self._call.resume()

    def acknowledge(self, sdp: Session | None) -> None:
        """Send the ACK of the answer, with our answer when the offer was the peer's."""
        dialog = self._call.dialog
        if not self.unconfirmed or dialog is None:
            return
        self._ack = self._build_ack(dialog, sdp)
        self._send(self._ack)

    def _build_ack(self, dialog: Dialog, sdp: Session | None = None) -> bytes:
        return self._call.build_ack(dialog, self._exchange.request, sdp)

    def _send(self, data: bytes) -> None:
        dialog = self._call.dialog
        if dialog is not None:
            to, fallback = dialog.next_hop()
            self._layer.send(to, data, fallback)

    def _dismiss(self, response: Response) -> None:
        """ACK and BYE for an answer nobody wants: another fork, or after our CANCEL."""
        try:
            dialog = dialog_as_client(self._exchange.request, response, self._to)
        except BadUri:
            return
        to, fallback = dialog.next_hop()
        self._layer.send(to, self._build_ack(dialog), fallback)
        if response.to.tag in self._dismissed:
            return
        self._dismissed.add(response.to.tag)
        self._call.send_in(dialog, dialog.request("BYE"), _ignore, _ignore_failure)

    def _refused(self, response: Response) -> None:
        if self._given_up:
            self._lose(self._given_up)
            return
        if response.code == 422 and self._call.session.raise_minimum(response):
            self._exchange.again(self._call.session.asked())
            return
        self._lose(response.code, response.reason, response.headers)

    def _fail(self, code: int, why: str) -> None:
        self._lose(self._given_up or code, why)

    def _lose(self, code: int, reason: str = "", headers: Headers | None = None) -> None:
        if self.settled:
            return
        self._settle()
        self._call.close()
        contacts = _contacts(headers) if headers is not None and 300 <= code < 400 else ()
        reason = reason or REASONS.get(code, "")
        self._context.emit(Failed(self._call, code, reason, headers or Headers(), contacts))

    def _settle(self) -> None:
        self.settled = True
        self._deadline.cancel()

    def give_up(self, code: int, lines: Lines) -> None:
        """Cancel; Failed with `code` follows when the peer has agreed, or after 32 s."""
        if self.settled or self._given_up:
            return
        self._given_up = code
        self._exchange.last = True
        self._cancel_lines = list(lines)
        self._deadline.cancel()
        self._deadline = self._layer.after(TIMEOUT, lambda: self._lose(code))
        if self._provisional:
            self._send_cancel()

    def _send_cancel(self) -> None:
        """CANCEL has the branch of its INVITE and may go only after a provisional response (section 9.1)."""
        if self._cancel_sent:
            return
        self._cancel_sent = True
        invite, transaction = self._exchange.request, self._exchange.transaction
        cancel = Request("CANCEL", invite.uri)
        for name in ("Via", "Max-Forwards", "Route", "From", "To", "Call-ID"):
            if name in invite.headers.fields:
                cancel.headers.fields[name] = invite.headers.fields[name]
        cancel.headers.fields["CSeq"] = [f"{invite.cseq[0]} CANCEL"]
        self._context.dress(cancel, self._cancel_lines)
        self._layer.request(cancel, transaction.to, _ignore, _ignore_failure, branch=transaction.branch)

    def stop(self) -> None:
        """Nothing happens by itself any more."""
        self._deadline.cancel()
        self._exchange.transaction.abandon()


def _ignore(_response: Response) -> None:
    pass


def _ignore_failure(_code: int, _why: str) -> None:
    pass


def _contacts(headers: Headers) -> tuple[Address, ...]:
    found = []
    for value in headers.listed("Contact")[:16]:
        try:
            found.append(parse_address(value))
        except BadUri:
            continue
    return tuple(found)
