"""A 200 to INVITE: sent again until the ACK comes, over every transport (RFC 3261 section 13.3.1.4)."""

from collections.abc import Callable

from switchroom.sip.layer import Layer
from switchroom.sip.message import Response
from switchroom.sip.server_transaction import ServerTransaction
from switchroom.sip.timers import T1, T2, TIMEOUT, Timer


class Acceptance:
    """Waits for one ACK. `on_lost` is called when it never came."""

    def __init__(
        self, layer: Layer, transaction: ServerTransaction, response: Response, on_lost: Callable[[], None]
    ) -> None:
        self.sequence = transaction.request.cseq[0]
        self._layer = layer
        self._to = transaction.back
        self._interval = T1
        transaction.respond(response)
        self._data = response.encode()
        self._resend: Timer = layer.after(T1, self._again)
        self._end: Timer = layer.after(TIMEOUT, self._lost)
        self._on_lost = on_lost

    def _again(self) -> None:
        self._interval = min(self._interval * 2, T2)
        self._layer.send(self._to, self._data)
        self._resend = self._layer.after(self._interval, self._again)

    def _lost(self) -> None:
        self.stop()
        self._on_lost()

    def stop(self) -> None:
        """The ACK is here, or nobody waits for it any more."""
        self._resend.cancel()
        self._end.cancel()
