"""Changes of a running session: re-INVITE and UPDATE in both directions, and the refresh of the session timer.

Only one offer may be open at a time. An offer that meets an open one of ours is answered with 491, ours is tried again
after a while (RFC 3261 section 14, RFC 3311).
"""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

from switchroom.sip.acceptance import Acceptance
from switchroom.sip.context import ALLOW, SDP, SUPPORTED, put_body, read_sdp
from switchroom.sip.events import Confirmed, Reanswered, Reoffer, ReofferFailed
from switchroom.sip.exchange import Exchange
from switchroom.sip.message import Request, Response
from switchroom.sip.sdp import BadSdp, Session
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.session_timer import too_small
from switchroom.sip.timers import Timer
from switchroom.sip.uri import BadUri

if TYPE_CHECKING:
    from switchroom.sip.call import Call

_REFUSED_AT_ONCE = (408, 481)
_ATTEMPTS = 5


class _Offer:
    """An offer of ours on its way. `silent` ones are refreshes nobody asked for."""

    def __init__(self, sdp: Session | None, *, update: bool, silent: bool) -> None:
        self.sdp = sdp
        self.update = update
        self.silent = silent
        self.exchange: Exchange | None = None
        self.attempts = 0
        self.unacknowledged = False

    def sent(self, sequence: int) -> bool:
        """Whether it went out with this number; copies of answers to those before may still come."""
        return self.exchange is not None and self.exchange.request.cseq[0] == sequence


class Changes:
    """Offers of one call. Ours wait until the call is answered and confirmed; the peer may send UPDATE before."""

    def __init__(self, call: Call) -> None:
        self._call = call
        self._context = call.context
        self._layer = call.context.layer
        self._ours: _Offer | None = None
        self._queue: list[_Offer] = []
        self._theirs: ServerTransaction | None = None
        self._acceptance: Acceptance | None = None
        self._we_offered = False
        self._retry: Timer | None = None
        self._ack: tuple[str, bytes] | None = None
        self.last_offer = b""

    # ours

    def offer(self, sdp: Session | None, *, update: bool, silent: bool = False) -> None:
        """Send an offer now, or when the open one is settled."""
        self._queue.append(_Offer(sdp, update=update, silent=silent))
        self._next()

    def refresh(self) -> None:
        """Show that we are alive."""
        dialog, ours = self._call.dialog, self._call.local_sdp
        if dialog is None or self._ours is not None or self._queue:
            return
        if dialog.allows_update:
            self.offer(None, update=True, silent=True)
        elif ours is not None:
            self.offer(ours, update=False, silent=True)

    def _next(self) -> None:
        call, waits = self._call, (self._ours, self._theirs, self._acceptance, self._retry)
        if (
            not self._queue
            or not call.answered
            or call.unconfirmed
            or call.over
            or any(one is not None for one in waits)
        ):
            return
        self._ours = self._queue.pop(0)
        self._send()

    def resume(self) -> None:
        """What stood in the way is gone."""
        self._next()

    def _send(self) -> None:
        offer, dialog = self._ours, self._call.dialog
        if offer is None or dialog is None or self._call.over:
            return
        offer.attempts += 1
        request = dialog.request("UPDATE" if offer.update else "INVITE")
        fields = request.headers.fields
        fields["Contact"], fields["Allow"], fields["Supported"] = [self._call.contact], [ALLOW], [SUPPORTED]
        for name, value in self._call.session.asked():
            request.headers.add(name, value)
        if offer.sdp is not None:
            put_body(request, offer.sdp)
        offer.exchange = self._call.send_in(dialog, request, self._receive, self._fail)

    def _receive(self, response: Response) -> None:
        offer, dialog = self._ours, self._call.dialog
        if response.code < 200:
            return
        if offer is None or dialog is None or offer.unacknowledged or not offer.sent(response.cseq[0]):
            self._repeat_ack(response)
        elif response.code < 300:
            self._accepted(offer, response)
        elif response.code == 491 and offer.attempts < _ATTEMPTS:
            self._ours = None
            self._queue.insert(0, offer)
            self._retry = self._layer.after(self._pause(), self._again)
        elif response.code == 422 and offer.attempts < _ATTEMPTS and self._call.session.raise_minimum(response):
            self._send()
        else:
            self._fail(response.code, response.reason)

    def _again(self) -> None:
        self._retry = None
        self._next()

    def _pause(self) -> float:
        """Who made the Call-ID waits longer (section 14.1)."""
        chance = (zlib.crc32(self._layer.ids().encode()) % 200) / 100
        return 2.1 + chance if self._call.direction == "out" else chance

    def _accepted(self, offer: _Offer, response: Response) -> None:
        dialog = self._call.dialog
        if dialog is None:
            return
        try:
            sdp = read_sdp(response)
            dialog.refresh(response)
        except (BadSdp, BadUri) as error:
            self._acknowledge(response, None)
            self._fail(488, str(error))
            return
        self._call.session.agreed(response)
        if offer.sdp is None and not offer.update:
            offer.unacknowledged = True
            self._ack = None
        else:
            self._acknowledge(response, None)
            self._ours = None
            if offer.sdp is not None:
                self._call.local_sdp = offer.sdp
        if not offer.silent:
            self.last_offer = b""
            self._context.emit(Reanswered(self._call, sdp))
        self._next()

    def acknowledge(self, sdp: Session) -> bool:
        """Send the answer to the offer that a re-INVITE without one has brought."""
        offer, dialog = self._ours, self._call.dialog
        if offer is None or dialog is None or offer.exchange is None or not offer.unacknowledged:
            return False
        self._call.local_sdp = sdp
        self._ours = None
        self._send_ack(offer.exchange.request, sdp)
        self._next()
        return True

    def _acknowledge(self, response: Response, sdp: Session | None) -> None:
        offer = self._ours
        if offer is not None and offer.exchange is not None and response.cseq[1] == "INVITE":
            self._send_ack(offer.exchange.request, sdp)

    def _send_ack(self, request: Request, sdp: Session | None) -> None:
        dialog = self._call.dialog
        if dialog is not None:
            data = self._call.build_ack(dialog, request, sdp)
            self._ack = str(request.cseq[0]), data
            to, fallback = dialog.next_hop()
            self._layer.send(to, data, fallback)

    def _repeat_ack(self, response: Response) -> None:
        dialog = self._call.dialog
        if self._ack is not None and dialog is not None and response.cseq == (int(self._ack[0]), "INVITE"):
            to, fallback = dialog.next_hop()
            self._layer.send(to, self._ack[1], fallback)

    def _fail(self, code: int, reason: str) -> None:
        offer, self._ours = self._ours, None
        if offer is None:
            return
        if code in _REFUSED_AT_ONCE:
            self._call.lost()
            return
        if not offer.silent:
            self._context.emit(ReofferFailed(self._call, code, reason))
        elif code in (405, 501) and offer.update and self._call.dialog is not None:
            self._call.dialog.allows_update = False
            self.refresh()
        else:
            self._call.session.retry()
        self._next()

    # theirs

    def receive(self, transaction: ServerTransaction) -> None:
        """Take in a re-INVITE or UPDATE."""
        request = transaction.request
        try:
            sdp = read_sdp(request)
        except BadSdp:
            self._respond(transaction, 400, "Bad Session Description")
            return
        if sdp is None and request.body:
            self._respond(transaction, 415, "", [("Accept", SDP)])
            return
        asks_for_offer = request.method == "INVITE" and sdp is None
        if self._theirs is not None or self._acceptance is not None or self._call.unconfirmed:
            self._respond(transaction, 500, "", [("Retry-After", "1")])
        elif self._ours is not None and (sdp is not None or asks_for_offer):
            self._respond(transaction, 491)
        elif too_small(request, self._context.min_se):
            self._respond(transaction, 422, "", [("Min-SE", str(self._context.min_se))])
        else:
            self._take(transaction, sdp, asks_for_offer)

    def _take(self, transaction: ServerTransaction, sdp: Session | None, asks_for_offer: bool) -> None:
        request = transaction.request
        try:
            if self._call.dialog is not None:
                self._call.dialog.refresh(request)
        except BadUri:
            self._respond(transaction, 400, "Bad Contact")
            return
        if sdp is None and not asks_for_offer:
            self._accept(transaction, None)
        elif sdp is not None and request.body == self.last_offer and self._call.local_sdp is not None:
            self._accept(transaction, self._call.local_sdp)
        else:
            self._theirs = transaction
            self._we_offered = asks_for_offer
            transaction.on_cancel = self._cancelled
            self._context.emit(Reoffer(self._call, sdp))

    def accept(self, sdp: Session) -> None:
        """Answer their offer, or make the one they asked for."""
        transaction, self._theirs = self._theirs, None
        if transaction is None:
            return
        self.last_offer = transaction.request.body
        self._call.local_sdp = sdp
        self._accept(transaction, sdp)
        self._next()

    def _accept(self, transaction: ServerTransaction, sdp: Session | None) -> None:
        request = transaction.request
        lines = [("Contact", self._call.contact), ("Allow", ALLOW), ("Supported", SUPPORTED)]
        response = self._context.answer(request, 200, "", lines)
        if self._call.answered:
            for name, value in self._call.session.granted(request):
                response.headers.add(name, value)
        put_body(response, sdp)
        if request.method == "INVITE":
            self._acceptance = Acceptance(self._layer, transaction, response, self._call.lost)
        else:
            transaction.respond(response)

    def refuse(self, code: int) -> None:
        """Refuse their offer."""
        transaction, self._theirs = self._theirs, None
        if transaction is not None:
            self._respond(transaction, code)
            self._next()

    def _respond(
        self, transaction: ServerTransaction, code: int, reason: str = "", lines: list[tuple[str, str]] | None = None
    ) -> None:
        transaction.respond(self._context.answer(transaction.request, code, reason, lines or ()))

    def _cancelled(self, _cancel: Request) -> None:
        self.refuse(487)

    def acknowledged(self, ack: Request) -> bool:
        """Whether an ACK was for a re-INVITE."""
        acceptance = self._acceptance
        if acceptance is None or acceptance.sequence != ack.cseq[0]:
            return False
        acceptance.stop()
        self._acceptance = None
        if self._we_offered:
            self._we_offered = False
            try:
                self._context.emit(Confirmed(self._call, read_sdp(ack)))
            except BadSdp:
                self._context.emit(Confirmed(self._call, None))
        self._next()
        return True

    def stop(self) -> None:
        """Nothing happens by itself any more; an open request of the peer is refused."""
        self._queue.clear()
        if self._ours is not None and self._ours.exchange is not None:
            self._ours.exchange.transaction.abandon()
        self._ours = None
        if self._theirs is not None:
            self._respond(self._theirs, 487)
            self._theirs = None
        if self._acceptance is not None:
            self._acceptance.stop()
            self._acceptance = None
        if self._retry is not None:
            self._retry.cancel()
