"""Transactions others start: INVITE and everything else (RFC 3261 section 17.2, corrected by RFC 6026)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from switchroom.sip.message import Request, Response
from switchroom.sip.response_routing import reply_to
from switchroom.sip.timers import T1, T2, T4, TIMEOUT, TRYING_DELAY, Timer
from switchroom.sip.transport import Flow

if TYPE_CHECKING:
    from switchroom.sip.layer import Layer

State = Literal["trying", "proceeding", "accepted", "completed", "confirmed", "terminated"]


class ServerTransaction:
    """One request of a peer and our responses to it.

    A retransmitted request is answered again with the last response. Once that is final the transaction remembers
    nothing else, as it stays for half a minute: `request` is empty then. `trusted` says that the peer's address is
    known to be its own: only then is a refusal of INVITE repeated without being asked (timer G).
    """

    def __init__(self, layer: Layer, request: Request, key: tuple[str, ...], flow: Flow, trusted: bool) -> None:
        self.request = request
        self.flow = flow
        self.back = reply_to(request, flow)
        self.trusted = trusted
        self.state: State = "trying"
        self.on_cancel: Callable[[Request], None] | None = None
        self._key = key
        self._layer = layer
        self._last: bytes = b""
        self._end: Timer | None = None

    @property
    def reliable(self) -> bool:
        """Whether the transport repeats what is lost."""
        return self.flow.transport != "udp"

    @property
    def answered(self) -> bool:
        """Whether a final response was given."""
        return self.state not in ("trying", "proceeding")

    def start(self) -> None:
        """Begin."""

    def receive(self, request: Request) -> None:
        """Take in a retransmission, or the ACK."""
        if request.method != "ACK" and self._last and self.state in ("proceeding", "completed"):
            self._layer.send(self.back, self._last)

    def respond(self, response: Response) -> None:
        """Send a response; after a final one nothing more is sent."""
        if self.answered:
            return
        self._last = response.encode()
        self._layer.send(self.back, self._last)
        if response.code < 200:
            self.state = "proceeding"
        else:
            self._final(response.code)
            self.on_cancel = None
            self.request = Request(self.request.method, self.request.uri)

    def _final(self, code: int) -> None:
        self.state = "completed"
        if self.reliable:
            self._finish()
        else:
            self._end = self._layer.after(TIMEOUT, self._finish)

    def _finish(self) -> None:
        self.state = "terminated"
        if self._end is not None:
            self._end.cancel()
        self._layer.servers.pop(self._key, None)


class OtherServer(ServerTransaction):
    """Timer J."""


class InviteServer(ServerTransaction):
    """Timers G, H, I and L. Says 100 Trying by itself when nothing was said for 200 ms."""

    def start(self) -> None:
        self._interval = T1
        self._resend: Timer | None = self._layer.after(TRYING_DELAY, self._trying)

    def _trying(self) -> None:
        if self.state == "trying":
            self.respond(self.request.response(100))

    def receive(self, request: Request) -> None:
        if request.method != "ACK":
            if self.state == "trying":
                self._trying()
            else:
                super().receive(request)
        elif self.state == "completed":
            self._quiet()
            self.state = "confirmed"
            if self.reliable:
                self._finish()
            else:
                self._end = self._layer.after(T4, self._finish)

    def respond(self, response: Response) -> None:
        if not self.answered and self._resend is not None:
            self._quiet()
        super().respond(response)

    def _final(self, code: int) -> None:
        if code < 300:
            self.state = "accepted"
            self._last = b""
        else:
            self.state = "completed"
            if not self.reliable and self.trusted:
                self._resend = self._layer.after(self._interval, self._again)
        self._end = self._layer.after(TIMEOUT, self._finish)

    def _again(self) -> None:
        self._interval = min(self._interval * 2, T2)
        self._layer.send(self.back, self._last)
        self._resend = self._layer.after(self._interval, self._again)

    def _quiet(self) -> None:
        if self._resend is not None:
            self._resend.cancel()
            self._resend = None
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _finish(self) -> None:
        self._quiet()
        super()._finish()
