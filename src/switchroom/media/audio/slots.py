"""The state of all legs as arrays, one row (slot) a leg, so that a tick is a few passes over arrays.

A row is reused after its leg has closed; `clear` makes it new. Only the audio thread writes here; statistics are read
from other threads, each number on its own.
"""

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import FRAME, Pcm

UNIT = FRAME // 2
"""Samples of 10 ms, in which the jitter buffer counts: packets of 10, 20, 30, 40 or 60 ms all fit."""
UNITS = 64
"""Units the jitter buffer of a leg holds (640 ms)."""
START_DEPTH = 4
FAR = 1 << 20
"""A slack no packet has: nothing came in the window."""

EDGE = 2
"""`kind` of a leg whose codec is not G.711 (0 is mu-law, 1 is A-law)."""

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


class Slots:
    """Arrays of `size` rows, of which the first `top` may be in use."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.top = 0
        self._agreed(size)
        self._stream(size)
        self._buffer(size)

    def _agreed(self, n: int) -> None:
        self.connected: Flags = np.zeros(n, bool)
        self.receiving: Flags = np.zeros(n, bool)
        self.sending: Flags = np.zeros(n, bool)
        self.secure: Flags = np.zeros(n, bool)
        self.payload_type: Ints = np.full(n, -1)
        self.dtmf_type: Ints = np.full(n, -1)
        self.kind: Ints = np.zeros(n, np.int64)
        self.unit_ticks: Ints = np.full(n, UNIT)
        """Clock ticks of the codec's RTP timestamp in 10 ms."""
        self.remote: npt.NDArray[np.uint64] = np.zeros((n, 3), np.uint64)
        """The source packets are expected from."""
        self.any_source: Flags = np.zeros(n, bool)
        self.muted: Flags = np.zeros(n, bool)
        self.silent_after: Floats = np.zeros(n)
        self.since: Floats = np.zeros(n)
        """When it was agreed that something is received."""
        self.silence_told: Flags = np.zeros(n, bool)
        self.unprotect: list[int] = [0] * n
        """Pointer of the SRTP session for what comes in."""

    def _stream(self, n: int) -> None:
        self.heard: Flags = np.zeros(n, bool)
        """Whether a stream has begun; then `ssrc`, `sequence`... are its."""
        self.ssrc: Ints = np.zeros(n, np.int64)
        self.sequence: Ints = np.zeros(n, np.int64)
        """Highest extended sequence number."""
        self.base: Ints = np.zeros(n, np.int64)
        self.received: Ints = np.zeros(n, np.int64)
        self.stream_received: Ints = np.zeros(n, np.int64)
        self.lost_before: Ints = np.zeros(n, np.int64)
        """Lost in earlier streams of the leg."""
        self.octets: Ints = np.zeros(n, np.int64)
        self.late: Ints = np.zeros(n, np.int64)
        self.duplicate: Ints = np.zeros(n, np.int64)
        self.invalid: Ints = np.zeros(n, np.int64)
        self.last_packet: Floats = np.zeros(n)
        self.first_packet: Floats = np.full(n, np.nan)
        self.transit: Floats = np.full(n, np.nan)
        self.jitter: Floats = np.zeros(n)
        """Seconds, by RFC 3550 section 6.4.1."""

    def _buffer(self, n: int) -> None:
        self.ring: Pcm = np.zeros((n * UNITS, UNIT), np.int16)
        self.ring_unit: Ints = np.full(n * UNITS, -1)
        """Which unit a row of the ring holds; so nothing has to be removed after it was played."""
        self.play: Ints = np.arange(n) * 2
        """The unit to be played next; not the same for all, which would make their rings share lines of the cache."""
        self.lead: Ints = np.zeros(n, np.int64)
        """Units by which packets have to be earlier because they are decoded elsewhere."""
        self.anchored: Flags = np.zeros(n, bool)
        self.anchor_time: Ints = np.zeros(n, np.int64)
        """RTP timestamp of the newest packet, and which unit that is."""
        self.anchor_unit: Ints = np.zeros(n, np.int64)
        self.depth: Ints = np.full(n, START_DEPTH)
        """Units a stream is held back when it begins anew."""
        self.low: Ints = np.full((n, 2), FAR)
        """Least units to spare of a packet, in this window and the one before; `high`: most."""
        self.high: Ints = np.full((n, 2), -FAR)
        self.delay: Floats = np.zeros(n)
        self.adjust: Ints = np.zeros(n, np.int64)
        """Frames to leave out (positive) or to repeat (negative) when it is quiet."""
        self.late_run: Ints = np.zeros(n, np.int64)
        self.gap: Ints = np.full(n, FAR)
        """Frames in a row for which there was nothing."""
        self.played: Ints = np.zeros(n, np.int64)
        self.concealed: Ints = np.zeros(n, np.int64)

    def clear(self, slot: int) -> None:
        """Make a row new."""
        for flags in (self.connected, self.receiving, self.sending, self.secure, self.any_source, self.muted):
            flags[slot] = False
        for numbers in (self.received, self.octets, self.late, self.duplicate, self.invalid, self.lost_before):
            numbers[slot] = 0
        self.played[slot] = self.concealed[slot] = 0
        self.payload_type[slot] = self.dtmf_type[slot] = -1
        self.lead[slot] = 0
        self.silence_told[slot] = False
        self.remote[slot] = 0
        self.unprotect[slot] = 0
        self.first_packet[slot] = np.nan
        self.last_packet[slot] = 0
        self.jitter[slot] = 0
        self.restart(slot)

    def restart(self, slot: int) -> None:
        """Forget the stream, not the figures of the leg."""
        self.heard[slot] = False
        self.lost_before[slot] += max(0, self.lost_now(slot))
        self.sequence[slot] = self.base[slot] = self.stream_received[slot] = 0
        self.transit[slot] = np.nan
        self.ring_unit[slot * UNITS : (slot + 1) * UNITS] = -1
        self.anchored[slot] = False
        self.depth[slot] = START_DEPTH
        self.low[slot] = FAR
        self.high[slot] = -FAR
        self.adjust[slot] = self.late_run[slot] = 0
        self.gap[slot] = FAR

    def lost_now(self, slot: int) -> int:
        """Packets of the present stream that never came."""
        if not self.heard[slot]:
            return 0
        return int(self.sequence[slot] - self.base[slot] + 1 - self.stream_received[slot])
