"""Keys of language models as they stand in documents: sealed, as text."""

from base64 import b64decode, b64encode

from switchroom.storage.envelope import Envelope, EnvelopeError


def seal(envelope: Envelope, instance: str, secret: str) -> str:
    """The text that a bot's document may hold."""
    return b64encode(envelope.seal(secret.encode(), _context(instance))).decode()


def unseal(envelope: Envelope, instance: str, sealed: str) -> str | None:
    """The secret; None when the text is no secret of this instance."""
    try:
        return envelope.open(b64decode(sealed, validate=True), _context(instance)).decode()
    except (EnvelopeError, ValueError):
        return None


def _context(instance: str) -> bytes:
    return f"bot {instance}".encode()
