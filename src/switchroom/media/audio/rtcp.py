"""RTCP: reports made and read (RFC 3550 section 6)."""

import struct
from dataclasses import dataclass, field

SENDER, RECEIVER, DESCRIPTION, BYE = 200, 201, 202, 203
INTERVAL = 5.0
_EPOCH = 2_208_988_800
"""Seconds from 1900 to 1970."""
_CNAME = b"switchroom"
_BLOCK = struct.Struct("!IIIIII")


@dataclass(frozen=True, slots=True)
class Reception:
    """What is said about a stream that was received."""

    ssrc: int
    fraction: float
    lost: int
    highest: int
    jitter: int
    """In ticks of the codec's clock."""
    last_report: int = 0
    """Middle 32 bits of the time in the peer's last sender report."""
    since_report: float = 0.0


@dataclass(frozen=True, slots=True)
class Sent:
    """What is said about the stream sent."""

    time: int
    packets: int
    octets: int


@dataclass(slots=True)
class Report:
    """What a compound packet of the peer says."""

    sender_time: int | None = None
    """Middle 32 bits of the time of its sender report."""
    receptions: list[Reception] = field(default_factory=list)
    bye: bool = False


def ntp(wall: float) -> int:
    """64-bit NTP time of seconds since 1970."""
    return int((wall + _EPOCH) * (1 << 32)) & 0xFFFFFFFFFFFFFFFF


def middle(wall: float) -> int:
    """The 32 bits in the middle, of which round trips are computed."""
    return ntp(wall) >> 16 & 0xFFFFFFFF


def compose(ssrc: int, wall: float, sent: Sent | None, reception: Reception | None, bye: bool = False) -> bytes:
    """A compound packet: SR (or RR when nothing was sent), SDES with a CNAME, and BYE at the end."""
    block = b"" if reception is None else _reception(reception)
    count = 1 if block else 0
    if sent is not None:
        info = struct.pack("!IQIII", ssrc, ntp(wall), sent.time, sent.packets & 0xFFFFFFFF, sent.octets & 0xFFFFFFFF)
        packet = _packet(SENDER, count, info + block)
    else:
        packet = _packet(RECEIVER, count, struct.pack("!I", ssrc) + block)
    item = struct.pack("!IBB", ssrc, 1, len(_CNAME)) + _CNAME
    packet += _packet(DESCRIPTION, 1, item + b"\0" * (4 - len(item) % 4))
    return packet + (_packet(BYE, 1, struct.pack("!I", ssrc)) if bye else b"")


def _packet(kind: int, count: int, body: bytes) -> bytes:
    return struct.pack("!BBH", 0x80 | count, kind, len(body) // 4) + body


def _reception(it: Reception) -> bytes:
    lost = max(-0x800000, min(0x7FFFFF, it.lost)) & 0xFFFFFF
    fraction = min(255, int(it.fraction * 256))
    delay = int(it.since_report * 65536) & 0xFFFFFFFF if it.last_report else 0
    return _BLOCK.pack(it.ssrc, fraction << 24 | lost, it.highest, it.jitter, it.last_report, delay)


def parse(data: bytes) -> Report | None:
    """What is of use in a compound packet; None when it is none."""
    report, at = Report(), 0
    while at + 4 <= len(data):
        first, kind, words = struct.unpack_from("!BBH", data, at)
        body = data[at + 4 : at + 4 + 4 * words]
        if first >> 6 != 2 or len(body) < 4 * words:
            return report if at else None
        if kind == SENDER and len(body) >= 24:
            report.sender_time = struct.unpack_from("!Q", body, 4)[0] >> 16 & 0xFFFFFFFF
            _blocks(report, body[24:], first & 31)
        elif kind == RECEIVER:
            _blocks(report, body[4:], first & 31)
        elif kind == BYE:
            report.bye = True
        at += 4 + 4 * words
    return report if at else None


def _blocks(report: Report, body: bytes, count: int) -> None:
    for at in range(0, min(count * _BLOCK.size, len(body) - _BLOCK.size + 1), _BLOCK.size):
        ssrc, loss, highest, jitter, last, delay = _BLOCK.unpack_from(body, at)
        lost = (loss & 0xFFFFFF ^ 0x800000) - 0x800000
        report.receptions.append(Reception(ssrc, (loss >> 24) / 256, lost, highest, jitter, last, delay / 65536))


def round_trip(reception: Reception, wall: float) -> float | None:
    """Seconds, from a report about our stream that came at `wall`; None when it cannot tell."""
    if not reception.last_report:
        return None
    units = (middle(wall) - reception.last_report - int(reception.since_report * 65536)) & 0xFFFFFFFF
    return units / 65536 if units < 1 << 31 else 0.0
