"""RTCP as far as video needs it (RFC 3550, 4585, 5104 and the REMB draft): taken apart, and a few messages written."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

SENDER_REPORT = 200
RECEIVER_REPORT = 201
TRANSPORT_FEEDBACK = 205
PAYLOAD_FEEDBACK = 206
NACK = 1
PLI = 1
FIR = 4
APPLICATION = 15


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet of a compound: `count` are the five bits of its first byte, `body` what follows the header."""

    count: int
    kind: int
    body: bytes


def packets(compound: bytes) -> Iterator[Packet]:
    """The packets of a compound, up to the first damaged one."""
    at = 0
    while at + 4 <= len(compound) and compound[at] >> 6 == 2:
        end = at + 4 + 4 * int.from_bytes(compound[at + 2 : at + 4])
        if end > len(compound):
            return
        yield Packet(compound[at] & 0x1F, compound[at + 1], compound[at + 4 : end])
        at = end


def write(count: int, kind: int, body: bytes) -> bytes:
    """A packet. `body` is a whole number of words."""
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def compound(sender: int, packet: bytes) -> bytes:
    """A feedback message behind the empty receiver report that has to come first (RFC 3550 section 6.1)."""
    return write(0, RECEIVER_REPORT, struct.pack("!I", sender)) + packet


def pli(sender: int, source: int) -> bytes:
    """Ask for a whole picture."""
    return write(PLI, PAYLOAD_FEEDBACK, struct.pack("!II", sender, source))


def nack(sender: int, source: int, lost: list[int]) -> bytes:
    """Ask for packets again, by sequence number."""
    fields = b"".join(struct.pack("!HH", number & 0xFFFF, 0) for number in lost)
    return write(NACK, TRANSPORT_FEEDBACK, struct.pack("!II", sender, source) + fields)


def nacked(body: bytes) -> list[int]:
    """Sequence numbers of a NACK's body."""
    lost = []
    for at in range(8, len(body) - 3, 4):
        first, mask = struct.unpack_from("!HH", body, at)
        lost.append(first)
        lost += [(first + 1 + bit) & 0xFFFF for bit in range(16) if mask >> bit & 1]
    return lost


def remb(sender: int, source: int, bits: int) -> bytes:
    """Receiver estimated maximum bitrate, in bits a second."""
    exponent = max(0, bits.bit_length() - 18)
    rate = struct.pack("!I", 1 << 24 | exponent << 18 | bits >> exponent)
    return write(APPLICATION, PAYLOAD_FEEDBACK, struct.pack("!II4s", sender, 0, b"REMB") + rate + source.to_bytes(4))


def remb_of(body: bytes) -> int | None:
    """Bits a second of a REMB's body; None when it is something else."""
    if len(body) < 16 or body[8:12] != b"REMB":
        return None
    word = int.from_bytes(body[13:16])
    return (word & 0x3FFFF) << (word >> 18)
