"""Provisional responses that are not lost: RSeq, RAck and PRACK (RFC 3262)."""

import re
from collections import deque
from collections.abc import Callable

from switchroom.sip.layer import Layer
from switchroom.sip.message import Request, Response
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.timers import T1, TIMEOUT, Timer

_RACK = re.compile(r"(\d{1,10})\s+(\d{1,10})\s+(\S+)", re.ASCII)


class ReliableProvisionals:
    """Sends 1xx one after the other, each again until its PRACK comes."""

    def __init__(self, layer: Layer, transaction: ServerTransaction, on_lost: Callable[[], None]) -> None:
        self._layer = layer
        self._transaction = transaction
        self._on_lost = on_lost
        self._sequence = 0
        self._waiting: deque[Response] = deque()
        self._data = b""
        self._interval = T1
        self._resend: Timer | None = None
        self._end: Timer | None = None

    @property
    def pending(self) -> bool:
        """Whether a PRACK is still to come."""
        return bool(self._data)

    def send(self, response: Response) -> None:
        """Send when those before are acknowledged."""
        self._waiting.append(response)
        self.proceed()

    def proceed(self) -> None:
        """Send the next one if none waits for its PRACK."""
        if self._data or not self._waiting:
            return
        response = self._waiting.popleft()
        self._sequence += 1
        response.headers.add("Require", "100rel")
        response.headers.add("RSeq", str(self._sequence))
        self._transaction.respond(response)
        self._data, self._interval = response.encode(), T1
        self._resend = self._layer.after(T1, self._again)
        self._end = self._layer.after(TIMEOUT, self._lost)

    def _again(self) -> None:
        self._interval *= 2
        self._layer.send(self._transaction.back, self._data)
        self._resend = self._layer.after(self._interval, self._again)

    def _lost(self) -> None:
        self.stop()
        self._on_lost()

    def acknowledged(self, prack: Request) -> bool:
        """Whether the PRACK is for the response that waits for one."""
        found = _RACK.fullmatch(prack.headers.get("RAck") or "")
        if found is None or not self._data:
            return False
        invite = self._transaction.request
        if (int(found[1]), int(found[2]), found[3]) != (self._sequence, *invite.cseq):
            return False
        self.stop()
        return True

    def stop(self) -> None:
        """Nothing is sent again."""
        for timer in (self._resend, self._end):
            if timer is not None:
                timer.cancel()
        self._data = b""
