"""ICE, the lite side (RFC 8445): the browser checks and nominates, we answer and follow. Bytes and time in and out."""

import hmac
import secrets
import string
from dataclasses import dataclass, field

from switchroom.media.webrtc import stun
from switchroom.media.webrtc.stun import Address

CONSENT_S = 15.0
"""Without a valid request for so long the browser is taken to be gone (RFC 7675 is stricter with who sends: 30 s)."""
_ALPHABET = string.ascii_letters + string.digits
_MOST_ADDRESSES = 32


@dataclass(frozen=True, slots=True)
class Credentials:
    """User name fragment and password of one side, valid for one ICE session."""

    ufrag: str
    password: str

    @classmethod
    def fresh(cls) -> "Credentials":
        """Random ones: 8 characters (48 bits) and 24 characters (143 bits)."""
        return cls(_random(8), _random(24))


def _random(length: int) -> str:
    return "".join(secrets.choice(_ALPHABET) for _ in range(length))


@dataclass(slots=True)
class IceLite:
    """One ICE session of one leg.

    `remote` is where to send: the address nominated last, before a nomination the one that was checked last.
    Only addresses that proved to know the password count, so `valid` tells whom to listen to at all.
    """

    local: Credentials
    peer: Credentials
    remote: Address | None = None
    nominated: bool = False
    heard_at: float | None = None
    """When the last valid request came."""
    _valid: dict[Address, None] = field(default_factory=dict)

    def valid(self, source: Address) -> bool:
        """Whether this address has passed a check."""
        return source in self._valid

    def receive(self, data: bytes, source: Address, now: float) -> bytes | None:
        """Take one STUN datagram; the answer to send back to `source`, or None.

        What is malformed, forged or not meant for this session is not answered.
        """
        try:
            message = stun.parse(data)
        except stun.Malformed:
            return None
        if message.kind != stun.BINDING_REQUEST or not self._mine(message):
            return None
        password = self.local.password.encode()
        if not stun.authentic(message, password):
            return None
        if unknown := message.unknown:
            return stun.refusal(message, 420, "Unknown Attribute", password, unknown)
        if stun.ICE_CONTROLLED in message.attributes:
            return stun.refusal(message, 487, "Role Conflict", password)
        try:
            answer = stun.success(message, source, password)
        except OSError:
            return None
        self._heard(source, now, stun.USE_CANDIDATE in message.attributes)
        return answer

    def _mine(self, message: stun.Message) -> bool:
        expected = f"{self.local.ufrag}:{self.peer.ufrag}".encode()
        return hmac.compare_digest(message.attributes.get(stun.USERNAME, b""), expected)

    def _heard(self, source: Address, now: float, nominated: bool) -> None:
        self.heard_at = now
        self._valid.pop(source, None)
        self._valid[source] = None
        if len(self._valid) > _MOST_ADDRESSES:
            del self._valid[next(iter(self._valid))]
        if nominated or not self.nominated:
            self.remote = source
            self.nominated = self.nominated or nominated

    def silent(self, now: float) -> bool:
        """Whether nothing valid came for `CONSENT_S` although something had come before."""
        return self.heard_at is not None and now - self.heard_at > CONSENT_S
