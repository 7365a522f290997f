"""How a request proves that it comes from the application: it was signed with the secret of the connection.

    signature = HMAC-SHA256(secret, timestamp + body)      in base64 or hexadecimal digits

The headers are ours or Zendesk's, which signs the same way. An application that cannot sign sends the secret itself.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence

from switchroom.base.clock import MINUTE, from_iso
from switchroom.base.errors import ServiceError

SIGNATURE, TIMESTAMP = "x-switchroom-signature", "x-switchroom-timestamp"
_PAIRS = (
    (SIGNATURE, TIMESTAMP),
    ("x-zendesk-webhook-signature", "x-zendesk-webhook-signature-timestamp"),
)
SHARED = "x-switchroom-secret"
WINDOW = 5 * MINUTE
"""How far the time of a request may be from ours, in milliseconds: what was signed before is not taken again."""


def new_secret() -> str:
    """43 characters that nobody can guess."""
    return secrets.token_urlsafe(32)


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body, in base64."""
    return base64.b64encode(_digest(secret, timestamp, body)).decode()


def verify(
    known: Sequence[str], headers: Mapping[str, str], body: bytes, now: int, *, shared_secret: bool = False
) -> None:
    """Return if one of the `known` secrets made the request. Raises ServiceError that says what is wrong with it.

    `shared_secret`: the secret itself will do, as `x-switchroom-secret` or as a bearer token.
    """
    for signature, timestamp in _PAIRS:
        if signature in headers:
            _verify_signature(known, headers[signature], headers.get(timestamp, ""), body, now)
            return
    given = headers.get(SHARED) or headers.get("authorization", "").removeprefix("Bearer ").strip()
    if not given or not shared_secret:
        raise _refused("The request is not signed")
    if not any(hmac.compare_digest(given.encode(), one.encode()) for one in known):
        raise _refused("The secret is not that of this connection")


def _verify_signature(known: Sequence[str], signature: str, timestamp: str, body: bytes, now: int) -> None:
    moment = _moment(timestamp)
    if moment is None:
        raise _refused("The time of the signature is missing, or neither epoch seconds nor ISO 8601")
    if abs(moment - now) > WINDOW:
        raise _refused(f"The time of the signature is more than {WINDOW // MINUTE} minutes away from ours")
    given = _bytes(signature.removeprefix("sha256="))
    if not any(hmac.compare_digest(given, _digest(one, timestamp, body)) for one in known):
        raise _refused("The signature does not fit the body: it was made with another secret")


def _digest(secret: str, timestamp: str, body: bytes) -> bytes:
    return hmac.new(secret.encode(), timestamp.encode() + body, hashlib.sha256).digest()


def _bytes(signature: str) -> bytes:
    try:
        if len(signature) == hashlib.sha256().digest_size * 2:
            return bytes.fromhex(signature)
        return base64.b64decode(signature, validate=True)
    except (ValueError, binascii.Error):
        return b""


def _moment(text: str) -> int | None:
    if text.isascii() and text.isdecimal() and len(text) <= 13:
        return int(text) * (1 if len(text) == 13 else 1000)
    try:
        return from_iso(text)
    except (ValueError, OverflowError):
        return None


def _refused(reason: str) -> ServiceError:
    return ServiceError("UnauthorizedException", reason)
