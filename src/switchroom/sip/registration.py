"""Being registered at a trunk: REGISTER, again before it runs out, again after a failure (RFC 3261 section 10.2)."""

from __future__ import annotations

from dataclasses import dataclass

from switchroom.sip.context import ALLOW, Context
from switchroom.sip.dialog import MAX_FORWARDS
from switchroom.sip.digest import Credentials, DigestClient
from switchroom.sip.events import Registered, RegistrationFailed
from switchroom.sip.exchange import Exchange
from switchroom.sip.message import Request, Response
from switchroom.sip.timers import Timer
from switchroom.sip.transport import Destination
from switchroom.sip.uri import BadUri, parse_address, parse_uri

_RETRY_FIRST = 15.0
_RETRY_MOST = 600.0
_SHORTEST = 30
_AGAIN = 5.0


@dataclass(frozen=True, slots=True)
class Registration:
    """A registration to keep up: the address of record (`sip:user@trunk.example`), where to send it, how to prove it.

    `expires` in seconds. `registrar` is the Request-URI when it is not the host of the address of record.
    `contact_user` is the user part under which the trunk will call us, the user of the address of record by default.
    """

    aor: str
    destination: Destination
    credentials: Credentials | None = None
    expires: int = 3600
    registrar: str = ""
    contact_user: str = ""


class Registering:
    """One registration and its timers."""

    def __init__(self, context: Context, registration: Registration) -> None:
        self.name = context.layer.ids()
        self._context = context
        self._layer = context.layer
        self._registration = registration
        self._digest = (
            None if registration.credentials is None else DigestClient(registration.credentials, self._layer.ids)
        )
        self._call_id = self._layer.ids()
        self._tag = self._layer.ids()
        self._sequence = 0
        self._expires = registration.expires
        self._wanted = True
        self._timer: Timer | None = None
        self._retry = _RETRY_FIRST
        self._exchange: Exchange | None = None
        aor = parse_uri(registration.aor)
        self._user = registration.contact_user or aor.user
        self._uri = registration.registrar or f"{aor.scheme}:{aor.hostport}"

    def _next_sequence(self) -> int:
        self._sequence += 1
        return self._sequence

    def send(self) -> None:
        """Register, or take the registration back."""
        if self._timer is not None:
            self._timer.cancel()
        destination = self._registration.destination
        request = Request("REGISTER", self._uri)
        fields = request.headers.fields
        fields["Via"] = []
        fields["Max-Forwards"] = [MAX_FORWARDS]
        fields["From"] = [f"<{self._registration.aor}>;tag={self._tag}"]
        fields["To"] = [f"<{self._registration.aor}>"]
        fields["Call-ID"] = [self._call_id]
        fields["CSeq"] = [f"{self._next_sequence()} REGISTER"]
        fields["Contact"] = [self._layer.local.contact(destination.transport, self._user)]
        fields["Expires"] = [str(self._expires if self._wanted else 0)]
        fields["Allow"] = [ALLOW]
        self._context.dress(request)
        self._exchange = Exchange(
            self._layer, request, (destination, None), self._digest, self._next_sequence, self._receive, self._failed
        )

    def _receive(self, response: Response) -> None:
        if response.code < 200:
            return
        if response.code < 300:
            self._retry = _RETRY_FIRST
            granted = self._granted(response) if self._wanted else 0
            if granted:
                self._timer = self._layer.after(max(granted * 0.8, _SHORTEST / 2), self.send)
            self._context.emit(Registered(self.name, granted))
        elif response.code == 423 and self._raise(response):
            self.send()
        else:
            self._failed(response.code, response.reason)

    def _raise(self, response: Response) -> bool:
        text = response.headers.get("Min-Expires") or ""
        if not (text.isascii() and text.isdigit() and len(text) < 7) or int(text) <= self._expires:
            return False
        self._expires = int(text)
        return True

    def _granted(self, response: Response) -> int:
        ours = self._layer.local.contact(self._registration.destination.transport, self._user)[1:-1]
        text = response.headers.get("Expires") or ""
        for value in response.headers.listed("Contact"):
            try:
                contact = parse_address(value)
                mine, other = parse_uri(ours), contact.parsed
            except BadUri:
                continue
            if (mine.user, mine.host, mine.port or 5060) == (other.user, other.host, other.port or 5060):
                text = contact.params.get("expires", text)
        granted = int(text) if text.isascii() and text.isdigit() and len(text) < 9 else self._expires
        return max(granted, 1)

    def _failed(self, code: int, reason: str) -> None:
        if self._wanted:
            self._timer = self._layer.after(self._retry, self.send)
        self._context.emit(RegistrationFailed(self.name, code, reason, self._retry if self._wanted else 0.0))
        self._retry = min(self._retry * 2, _RETRY_MOST)

    def connection_lost(self, destination: Destination) -> None:
        """The trunk knew us by a connection that is gone: register again soon."""
        ours = self._wanted and destination.transport != "udp" and destination == self._registration.destination
        timer = self._timer
        if ours and timer is not None and timer.action is not None and timer.at > self._layer.now + _AGAIN:
            timer.cancel()
            self._timer = self._layer.after(_AGAIN, self.send)

    def stop(self) -> None:
        """Take it back."""
        self._wanted = False
        self.send()
