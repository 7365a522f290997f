"""Participant tokens and connection tokens: signed claims, no state, good on every node that has the key."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Literal

import msgspec

from switchroom.base.clock import now_ms
from switchroom.base.errors import ServiceError

TokenKind = Literal["participant", "connection"]
KEY_BYTES = 32
_SIGNATURE_BYTES = 32


class Claims(msgspec.Struct, frozen=True, array_like=True):
    """What a token says. `expires` in epoch milliseconds; `id` tells tokens of one participant apart."""

    kind: TokenKind
    instance: str
    contact: str
    participant: str
    role: str
    expires: int
    id: str


class Tokens:
    """Mints and verifies tokens with one secret key, the same on every node."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._decoder = msgspec.msgpack.Decoder(Claims)

    def seal(self, purpose: str, payload: bytes) -> str:
        """`payload` signed for one purpose, as URL-safe text. It is readable to its holder, not alterable."""
        return urlsafe_b64encode(self._sign(purpose, payload) + payload).decode().rstrip("=")

    def unseal(self, purpose: str, text: str) -> bytes | None:
        """The payload that was sealed for `purpose`, or None if it was not."""
        try:
            raw = urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4))
        except ValueError:
            return None
        signature, payload = raw[:_SIGNATURE_BYTES], raw[_SIGNATURE_BYTES:]
        return payload if hmac.compare_digest(signature, self._sign(purpose, payload)) else None

    def mint(
        self, kind: TokenKind, instance: str, contact: str, participant: str, role: str, expires: int, id: str = ""
    ) -> str:
        """A token of URL-safe characters that is good until `expires` (epoch milliseconds)."""
        claims = Claims(kind, instance, contact, participant, role, expires, id or os.urandom(8).hex())
        return self.seal("participant", msgspec.msgpack.encode(claims))

    def verify(self, token: str, kind: TokenKind | None = None, now: int | None = None) -> Claims:
        """The claims of a token. Raises AccessDeniedException if it is forged, expired, or not of `kind`."""
        payload = self.unseal("participant", token)
        if payload is None:
            raise ServiceError("AccessDeniedException", "The token is not valid")
        claims = self._decoder.decode(payload)
        if claims.expires <= (now_ms() if now is None else now):
            raise ServiceError("AccessDeniedException", "The token has expired")
        if kind is not None and claims.kind != kind:
            raise ServiceError("AccessDeniedException", f"A {kind} token is needed, this is a {claims.kind} token")
        return claims

    def _sign(self, purpose: str, payload: bytes) -> bytes:
        return hmac.digest(self._key, purpose.encode() + b"\0" + payload, "sha256")
