"""Secrets of connections: sealed where they are kept, shown once when they are made."""

from typing import Protocol

from switchroom.base.clock import HOUR
from switchroom.base.errors import ServiceError
from switchroom.storage.envelope import EnvelopeError
from switchroom.storage.external_events import EventConnection

OVERLAP = HOUR
"""How long the secret before is good after it was rotated."""


class Sealer(Protocol):
    """Envelope encryption; raises EnvelopeError."""

    def seal(self, plain: bytes, context: bytes = b"") -> bytes:
        """Encrypt."""
        ...

    def open(self, sealed: bytes, context: bytes = b"") -> bytes:
        """Decrypt."""
        ...


class Sealed:
    """Seals the secrets of connections, each for its own."""

    def __init__(self, sealer: Sealer) -> None:
        self._sealer = sealer

    def seal(self, instance: str, connection: str, secret: str) -> bytes:
        """What the table keeps."""
        return self._sealer.seal(secret.encode(), _context(instance, connection))

    def open(self, connection: EventConnection, now: int) -> list[str]:
        """The secrets that are good now. Raises ServiceError when none can be opened."""
        kept = [connection.secret]
        if connection.previous and (connection.previous_until or 0) > now:
            kept.append(connection.previous)
        context = _context(connection.instance, connection.id)
        try:
            return [self._sealer.open(one, context).decode() for one in kept if one]
        except EnvelopeError:
            raise ServiceError("UnauthorizedException", "The secret cannot be opened: rotate it") from None


def _context(instance: str, connection: str) -> bytes:
    return f"event connection {instance} {connection}".encode()
