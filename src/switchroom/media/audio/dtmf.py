"""Keys as RTP events (RFC 4733): in, each reported once at its start; out, with repeated ends."""

import struct
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

from switchroom.media.audio.api import FRAME

EVENTS = "0123456789*#ABCD"
_EVENT = struct.Struct("!BBH")
_VOLUME = 10
_ENDS = 3
_PAUSE_MS = 500
_STALE = 8000 * 5


class DigitReceiver:
    """The keys of one leg. An event is known by its timestamp, so lost, repeated and late packets do no harm."""

    def __init__(self) -> None:
        self._seen: deque[int] = deque(maxlen=16)
        self._event = -1
        self._time = 0
        self._duration = 0
        self._ended = True

    def take(self, time: int, marker: bool, payload: bytes) -> str | None:
        """One packet; the key if this is its first one."""
        if len(payload) < _EVENT.size:
            return None
        event, flags, duration = _EVENT.unpack_from(payload)
        if event >= len(EVENTS):
            return None
        if time in self._seen:
            if time == self._time:
                self._duration = max(self._duration, duration)
                self._ended |= bool(flags & 0x80)
            return None
        behind = (self._time - time) & 0xFFFFFFFF
        if self._seen and 0 < behind < _STALE and len(self._seen) == self._seen.maxlen:
            return None
        goes_on = (
            not marker
            and not self._ended
            and event == self._event
            and (time - self._time) & 0xFFFFFFFF == self._duration
        )
        self._seen.append(time)
        self._event, self._time, self._duration = event, time, duration
        self._ended = bool(flags & 0x80)
        return None if goes_on else EVENTS[event]


@dataclass(frozen=True, slots=True)
class EventPacket:
    """One packet of an event; `begins` with marker and a timestamp of its own, which the following ones keep."""

    payload: bytes
    begins: bool


def packets(digits: str, duration_ms: int, gap_ms: int) -> Iterator[EventPacket | None]:
    """What to send in each tick of 20 ms for these keys; None is silence. The end is sent three times."""
    for digit in digits:
        if digit == ",":
            yield from [None] * (_PAUSE_MS // 20)
            continue
        code, steps = EVENTS.index(digit.upper()), max(2, duration_ms // 20)
        for step in range(1, steps):
            yield EventPacket(_EVENT.pack(code, _VOLUME, step * FRAME), step == 1)
        for _ in range(_ENDS):
            yield EventPacket(_EVENT.pack(code, 0x80 | _VOLUME, steps * FRAME), False)
        yield from [None] * max(1, gap_ms // 20 - _ENDS + 1)
