"""STUN messages as ICE uses them (RFC 8489, RFC 8445): read, check, answer. Bytes in, bytes out."""

import hmac
import socket
import struct
import zlib
from dataclasses import dataclass, field

COOKIE = 0x2112A442
BINDING_REQUEST = 0x0001
BINDING_INDICATION = 0x0011
BINDING_RESPONSE = 0x0101
BINDING_ERROR = 0x0111

USERNAME = 0x0006
MESSAGE_INTEGRITY = 0x0008
ERROR_CODE = 0x0009
UNKNOWN_ATTRIBUTES = 0x000A
XOR_MAPPED_ADDRESS = 0x0020
PRIORITY = 0x0024
USE_CANDIDATE = 0x0025
FINGERPRINT = 0x8028
ICE_CONTROLLED = 0x8029
ICE_CONTROLLING = 0x802A

_UNDERSTOOD = frozenset({USERNAME, MESSAGE_INTEGRITY, PRIORITY, USE_CANDIDATE})
_HEADER = struct.Struct("!HHI12s")
_PAIR = struct.Struct("!HH")
_FINGERPRINT_XOR = 0x5354554E
_LARGEST = 1500
Address = tuple[str, int]


class Malformed(ValueError):
    """Bytes that are no STUN message."""


@dataclass(slots=True)
class Message:
    """A STUN message. `attributes` maps type to value; of a repeated one the first counts (RFC 8489 section 14)."""

    kind: int
    transaction: bytes
    attributes: dict[int, bytes] = field(default_factory=dict)
    raw: bytes = b""
    integrity_at: int | None = None
    """Offset of MESSAGE-INTEGRITY in `raw`."""

    @property
    def unknown(self) -> list[int]:
        """Attributes that must be understood and are not: answered with 420."""
        return [kind for kind in self.attributes if kind < 0x8000 and kind not in _UNDERSTOOD]


def looks_like_stun(data: bytes) -> bool:
    """Told by the first byte (RFC 7983) and the magic cookie."""
    return len(data) >= 20 and data[0] < 4 and data[4:8] == b"\x21\x12\xa4\x42"


def parse(data: bytes) -> Message:
    """Read a message. Attributes after MESSAGE-INTEGRITY are ignored, but FINGERPRINT, which ICE always has at the end.

    Raises Malformed.
    """
    if not looks_like_stun(data) or len(data) > _LARGEST:
        raise Malformed("no STUN message")
    kind, length, _, transaction = _HEADER.unpack_from(data)
    if length % 4 or length != len(data) - 20:
        raise Malformed("length")
    message = Message(kind, transaction, raw=data)
    at = 20
    while at < len(data):
        name, size = _PAIR.unpack_from(data, at)
        end = at + 4 + size
        if end > len(data):
            raise Malformed("attribute length")
        value = data[at + 4 : end]
        if name == FINGERPRINT:
            _check_fingerprint(data, at, value)
            return message
        if message.integrity_at is None:
            if name == MESSAGE_INTEGRITY:
                if size != 20:
                    raise Malformed("integrity length")
                message.integrity_at = at
            message.attributes.setdefault(name, value)
        at = end + (-size % 4)
    raise Malformed("no fingerprint")


def _check_fingerprint(data: bytes, at: int, value: bytes) -> None:
    if len(value) != 4 or at + 8 != len(data):
        raise Malformed("fingerprint position")
    if int.from_bytes(value) != (zlib.crc32(data[:at]) ^ _FINGERPRINT_XOR):
        raise Malformed("fingerprint")


def authentic(message: Message, password: bytes) -> bool:
    """Whether MESSAGE-INTEGRITY was made with the password; compared in constant time."""
    if message.integrity_at is None:
        return False
    return hmac.compare_digest(
        _integrity(message.raw[: message.integrity_at], password), message.attributes[MESSAGE_INTEGRITY]
    )


def _integrity(before: bytes, password: bytes) -> bytes:
    covered = before[:2] + (len(before) - 20 + 24).to_bytes(2) + before[4:]
    return hmac.digest(password, covered, "sha1")


def serialize(kind: int, transaction: bytes, attributes: list[tuple[int, bytes]], password: bytes | None) -> bytes:
    """Bytes of a message, with MESSAGE-INTEGRITY when there is a password, and FINGERPRINT."""
    body = bytearray(_HEADER.pack(kind, 0, COOKIE, transaction))
    for name, value in attributes:
        body += _PAIR.pack(name, len(value)) + value + bytes(-len(value) % 4)
    if password is not None:
        body += _PAIR.pack(MESSAGE_INTEGRITY, 20) + _integrity(bytes(body), password)
    body[2:4] = (len(body) - 20 + 8).to_bytes(2)
    return bytes(body + _PAIR.pack(FINGERPRINT, 4) + (zlib.crc32(body) ^ _FINGERPRINT_XOR).to_bytes(4))


def xor_address(address: Address, transaction: bytes) -> bytes:
    """Value of XOR-MAPPED-ADDRESS. Raises OSError when the host is no IP address."""
    host, port = address
    family, packed = (2, socket.inet_pton(socket.AF_INET6, host)) if ":" in host else (1, socket.inet_aton(host))
    mask = (COOKIE.to_bytes(4) + transaction)[: len(packed)]
    masked = bytes(a ^ b for a, b in zip(packed, mask, strict=True))
    return struct.pack("!BBH", 0, family, port ^ (COOKIE >> 16)) + masked


def success(request: Message, source: Address, password: bytes) -> bytes:
    """The answer to a binding request that was let through."""
    mapped = (XOR_MAPPED_ADDRESS, xor_address(source, request.transaction))
    return serialize(BINDING_RESPONSE, request.transaction, [mapped], password)


def refusal(request: Message, code: int, reason: str, password: bytes, unknown: list[int] | None = None) -> bytes:
    """An error answer: 420 with the attributes that are not understood, 487 for a role conflict."""
    attributes = [(ERROR_CODE, struct.pack("!HBB", 0, code // 100, code % 100) + reason.encode())]
    if unknown:
        attributes.append((UNKNOWN_ATTRIBUTES, b"".join(kind.to_bytes(2) for kind in unknown)))
    return serialize(BINDING_ERROR, request.transaction, attributes, password)
