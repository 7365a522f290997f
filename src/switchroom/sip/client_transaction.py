"""Transactions we start: INVITE and everything else (RFC 3261 section 17.1, corrected by RFC 6026)."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, Literal

from switchroom.sip.headers import Headers
from switchroom.sip.message import Request, Response
from switchroom.sip.timers import T1, T2, T4, TIMEOUT, Timer
from switchroom.sip.transport import Destination, Flow

if TYPE_CHECKING:
    from switchroom.sip.layer import Layer

State = Literal["calling", "trying", "proceeding", "accepted", "completed", "terminated"]
_PATIENCE = 600.0


class ClientTransaction(ABC):
    """One request and the responses to it. `on_response` gets each response once (2xx to INVITE: each copy)."""

    state: State

    def __init__(
        self,
        layer: Layer,
        request: Request,
        branch: str,
        to: Flow | Destination,
        fallback: Destination | None,
        on_response: Callable[[Response], None],
        on_failure: Callable[[int, str], None],
    ) -> None:
        self.request = request
        self.branch = branch
        self.to = to
        self.fallback = fallback
        self._layer = layer
        self._data = request.encode()
        self._on_response = on_response
        self._on_failure = on_failure
        self._interval = T1
        self._resend: Timer | None = None
        self._end: Timer | None = None

    @property
    def reliable(self) -> bool:
        """Whether the transport repeats what is lost."""
        return self.to.transport != "udp"

    def start(self) -> None:
        """Send the request for the first time."""
        self._layer.send(self.to, self._data, self.fallback)
        if not self.reliable:
            self._resend = self._layer.after(T1, self._again)
        self._end = self._layer.after(TIMEOUT, self._timeout)

    @abstractmethod
    def receive(self, response: Response) -> None:
        """Take in a response."""

    def fail(self, code: int, why: str) -> None:
        """There is no way to the peer, or no answer from it."""
        if self.state in ("calling", "trying", "proceeding"):
            self._finish()
            self._on_failure(code, why)

    def abandon(self) -> None:
        """Nobody waits for the final response any more."""
        if self.state in ("calling", "trying", "proceeding"):
            self._finish()

    @abstractmethod
    def _again(self) -> None:
        """Send the request once more."""

    def _timeout(self) -> None:
        self.fail(408, "Request Timeout")

    def _finish(self) -> None:
        self.state = "terminated"
        self._stop()
        self._layer.clients.pop((self.branch, self.request.method), None)

    def _stop(self) -> None:
        for timer in (self._resend, self._end):
            if timer is not None:
                timer.cancel()
        self._resend = self._end = None


class InviteClient(ClientTransaction):
    """Timers A, B, D and M, and one that ends an INVITE about which nothing has been heard for ten minutes."""

    def start(self) -> None:
        self.state = "calling"
        super().start()

    def _again(self) -> None:
        self._interval *= 2
        self._layer.send(self.to, self._data, self.fallback)
        self._resend = self._layer.after(self._interval, self._again)

    def receive(self, response: Response) -> None:
        code = response.code
        if self.state in ("calling", "proceeding"):
            if code < 200:
                self._stop()
                self.state = "proceeding"
                self._end = self._layer.after(_PATIENCE, self._timeout)
            elif code < 300:
                self._stop()
                self.state = "accepted"
                self._end = self._layer.after(TIMEOUT, self._finish)
            else:
                self._complete(response)
            self._on_response(response)
        elif self.state == "accepted" and 200 <= code < 300:
            self._on_response(response)
        elif self.state == "completed" and code >= 300:
            self._acknowledge(response)

    def _complete(self, response: Response) -> None:
        self._stop()
        self._acknowledge(response)
        self.state = "completed"
        if self.reliable:
            self._finish()
        else:
            self._end = self._layer.after(TIMEOUT, self._finish)

    def _acknowledge(self, response: Response) -> None:
        """ACK of a refusal belongs to the transaction (section 17.1.1.3)."""
        invite = self.request
        ack = Request("ACK", invite.uri, headers=Headers())
        for name in ("Via", "Max-Forwards", "From", "Call-ID", "Route"):
            if name in invite.headers.fields:
                ack.headers.fields[name] = invite.headers.fields[name]
        ack.headers.fields["To"] = response.headers.fields["To"]
        ack.headers.fields["CSeq"] = [f"{invite.cseq[0]} ACK"]
        self._layer.send(self.to, ack.encode(), self.fallback)


class OtherClient(ClientTransaction):
    """Timers E, F and K."""

    def start(self) -> None:
        self.state = "trying"
        super().start()

    def _again(self) -> None:
        self._interval = T2 if self.state == "proceeding" else min(self._interval * 2, T2)
        self._layer.send(self.to, self._data, self.fallback)
        self._resend = self._layer.after(self._interval, self._again)

    def receive(self, response: Response) -> None:
        if self.state not in ("trying", "proceeding"):
            return
        if response.code < 200:
            self.state = "proceeding"
        else:
            self._stop()
            self.state = "completed"
            if self.reliable:
                self._finish()
            else:
                self._end = self._layer.after(T4, self._finish)
        self._on_response(response)
