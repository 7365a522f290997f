"""Keys as RTP events (RFC 4733): in, each reported once at its start; out, with repeated ends."""

import struct
from collections import deque
from collections.abc import Iterator

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


def packets(digits: str, duration_ms: int, gap_ms: int) -> Iterator[tuple[bytes, bool, int] | None]:
    """What to send in each tick of 20 ms for these keys: (payload, marker, ticks since the event began), or None.

    The end is sent three times in one tick's row of yields: the last two carry 0 ticks of time of their own and are
    told by `marker` False and the same payload; the sender sends every item until one that is None or begins anew.
    """
    for digit in digits:
        if digit == ",":
            yield from (None for _ in range(_PAUSE_MS // 20))
            continue
        steps = max(2, duration_ms // 20)
        for step in range(1, steps + 1):
            end = 0x80 if step == steps else 0
            payload = _EVENT.pack(EVENTS.index(digit.upper()), end | _VOLUME, step * FRAME)
            yield payload, step == 1, step - 1
        for repeat in range(1, _ENDS):
            yield payload, False, steps - 1 + repeat
        yield from (None for _ in range(max(1, gap_ms // 20) - _ENDS + 1))
