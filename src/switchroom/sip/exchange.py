"""A request of ours with its answer, proven by digest when the peer asks for proof (RFC 3261 section 22)."""

from collections.abc import Callable, Iterable

from switchroom.sip.client_transaction import ClientTransaction
from switchroom.sip.digest import DigestClient
from switchroom.sip.headers import Headers
from switchroom.sip.layer import Layer
from switchroom.sip.message import Request, Response
from switchroom.sip.transport import Destination, Flow

_ANSWERS = {401: ("WWW-Authenticate", "Authorization"), 407: ("Proxy-Authenticate", "Proxy-Authorization")}
_ATTEMPTS = 5


class Exchange:
    """Sends a request, and again with proof after 401 or 407; everything else goes to `on_response`.

    `next_sequence` gives the CSeq number of each further attempt; `last` forbids them.
    """

    def __init__(
        self,
        layer: Layer,
        request: Request,
        way: tuple[Flow | Destination, Destination | None],
        digest: DigestClient | None,
        next_sequence: Callable[[], int],
        on_response: Callable[[Response], None],
        on_failure: Callable[[int, str], None],
    ) -> None:
        self.request = request
        self.transaction: ClientTransaction
        self.last = False
        self._layer = layer
        self._way = way
        self._digest = digest
        self._next_sequence = next_sequence
        self._on_response = on_response
        self._on_failure = on_failure
        self._proven: set[tuple[str, str]] = set()
        self._attempts = 0
        self._send()

    def again(self, changes: Iterable[tuple[str, str]] = ()) -> None:
        """Send the request once more as a new one, with some headers replaced."""
        old = self.request
        headers = Headers()
        headers.fields = dict(old.headers.fields)
        headers.fields["CSeq"] = [f"{self._next_sequence()} {old.method}"]
        for name, value in changes:
            headers.set(name, value)
        self.request = Request(old.method, old.uri, headers=headers, body=old.body)
        self._send()

    def _send(self) -> None:
        self._attempts += 1
        if self._digest is not None:
            for name in ("Authorization", "Proxy-Authorization"):
                self.request.headers.remove(name)
            for name, value in self._digest.authorize(self.request.method, self.request.uri):
                self.request.headers.add(name, value)
        to, fallback = self._way
        self.transaction = self._layer.request(self.request, to, self._receive, self._on_failure, fallback=fallback)

    def _receive(self, response: Response) -> None:
        if response.code in _ANSWERS and self._prove(response):
            self.again()
        else:
            self._on_response(response)

    def _prove(self, response: Response) -> bool:
        asked, answer = _ANSWERS[response.code]
        if self._digest is None or self.last or self._attempts >= _ATTEMPTS:
            return False
        found = self._digest.challenged(answer, response.headers.all(asked))
        if found is None:
            return False
        realm, stale = found
        first = (answer, realm) not in self._proven
        self._proven.add((answer, realm))
        return first or stale
