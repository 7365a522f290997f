"""What arrived since the last tick: told apart, unprotected, its source checked, counted, laid into jitter buffers."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from switchroom.media.audio import g711
from switchroom.media.audio.jitter import JitterBuffers
from switchroom.media.audio.net import ROW, Poller, Staging
from switchroom.media.audio.slots import EDGE, UNIT, Flags, Ints, Slots
from switchroom.media.audio.srtp import unprotect_in_place

_HEADER = 12
_COMFORT_NOISE = 13
_ROUNDS = 4
"""How often a tick asks for more; with `BURST` this bounds what a flood costs."""
_RESTART = 3000
"""A leap of sequence numbers that means a new stream (RFC 3550 appendix A.1)."""
_FIRST_RTCP = 192
_LAST_RTCP = 223


@dataclass(frozen=True, slots=True)
class Handlers:
    """What the array passes leave to others, row by row: all of it is rare."""

    raw: Callable[[int, int], None]
    """(slot, row): STUN or DTLS, perhaps."""
    rtcp: Callable[[int, int], None]
    """(slot, row): RTCP, still protected."""
    stranger: Callable[[int, int, int], bool]
    """(slot, row, SSRC): valid RTP from another source than expected; whether to take it."""
    event: Callable[[int, int, bool, bytes], None]
    """(slot, RTP timestamp, marker, payload): a key."""
    other: Callable[[int, int], None]
    """(slot, row): RTP of another payload type."""
    edge: Callable[[int, int, bytes], None]
    """(slot, unit, payload): sound of a codec that is not G.711."""


class Receiver:
    """Takes everything that is ready on the sockets of all legs."""

    def __init__(self, slots: Slots, buffers: JitterBuffers, poller: Poller, handlers: Handlers) -> None:
        self._slots = slots
        self._buffers = buffers
        self._poller = poller
        self._handlers = handlers
        self.staging = Staging()
        self._slot_of: Ints = np.full(1024, -1)
        self._control: Flags = np.zeros(1024, bool)
        """Whether a descriptor is an RTCP socket."""

    def watch(self, descriptor: int, slot: int, control: bool) -> None:
        """A socket of a leg."""
        while descriptor >= len(self._slot_of):
            self._slot_of = np.concatenate((self._slot_of, np.full(len(self._slot_of), -1)))
            self._control = np.concatenate((self._control, np.zeros(len(self._control), bool)))
        self._slot_of[descriptor] = slot
        self._control[descriptor] = control

    def forget(self, descriptor: int) -> None:
        """A socket that is being closed."""
        self._slot_of[descriptor] = -1

    def take(self, now: float, wall: float) -> None:
        """Everything there is, within bounds. `now` in monotonic seconds, `wall` the same moment of the wall clock."""
        for _ in range(_ROUNDS):
            ready = self._poller.ready(self._slots.size * 2)
            if not ready:
                return
            rows = self.staging.fill(ready)
            if rows:
                self._sort(rows, now, wall)
            if not self.staging.more:
                return

    def _sort(self, rows: int, now: float, wall: float) -> None:
        staging, s = self.staging, self._slots
        owner = staging.owner[:rows]
        slot = self._slot_of[owner]
        first, second = staging.data[:rows, 0], staging.data[:rows, 1]
        is_rtcp = (second >= _FIRST_RTCP) & (second <= _LAST_RTCP)
        version = (first >> 6) == 2
        media = version & ~is_rtcp & (staging.length[:rows] >= _HEADER) & s.connected[slot] & (slot >= 0)
        media &= ~self._control[owner]
        if not media.all():
            self._rest(np.nonzero(~media & (slot >= 0))[0], slot, version & is_rtcp)
        found = np.nonzero(media)[0]
        if len(found):
            self._media(found, slot[found], now, now - wall)

    def _rest(self, rows: Ints, slot: Ints, rtcp: Flags) -> None:
        for row in rows.tolist():
            if rtcp[row]:
                self._handlers.rtcp(int(slot[row]), row)
            else:
                self._handlers.raw(int(slot[row]), row)

    def _media(self, rows: Ints, legs: Ints, now: float, offset: float) -> None:
        s, staging = self._slots, self.staging
        take = np.ones(len(rows), bool)
        secure = s.secure[legs]
        if secure.any():
            self._unprotect(rows, legs, secure, take)
        same = (staging.source[rows] == s.remote[legs]).all(axis=1) | s.any_source[legs]
        if not same.all():
            for at in np.nonzero(~same & take)[0].tolist():
                take[at] = self._handlers.stranger(int(legs[at]), int(rows[at]), int(staging.words[rows[at], 2]))
        kind = (staging.data[rows, 1] & 0x7F).astype(np.int64)
        agreed = kind == s.payload_type[legs]
        alternative = (s.kind[legs] != EDGE) & ((kind == 0) | (kind == 8))
        event = kind == s.dtmf_type[legs]
        known = agreed | alternative | event | (kind == _COMFORT_NOISE)
        if not known.all():
            for at in np.nonzero(take & ~known)[0].tolist():
                self._handlers.other(int(legs[at]), int(rows[at]))
        take &= known & s.receiving[legs]
        law = np.where(agreed, s.kind[legs], kind == 8)
        audio = (agreed | alternative) & take
        event &= take
        rank = staging.rank[rows]
        for turn in range(int(rank.max()) + 1):
            some = np.nonzero(take & (rank == turn))[0]
            if len(some):
                self._stream(rows[some], legs[some], now, offset, audio[some], event[some], law[some])

    def _unprotect(self, rows: Ints, legs: Ints, secure: Flags, take: Flags) -> None:
        staging, sessions = self.staging, self._slots.unprotect
        data, length = staging.data_pointer, staging.length_pointer
        unprotect = unprotect_in_place
        for at in np.nonzero(secure)[0].tolist():
            row, leg = int(rows[at]), int(legs[at])
            if unprotect(sessions[leg], data + row * ROW, length + 4 * row):
                take[at] = False
                self._slots.invalid[leg] += 1

    def _stream(self, rows: Ints, legs: Ints, now: float, offset: float, audio: Flags, event: Flags, law: Ints) -> None:
        """Packets of streams, at most one of each leg: count them, then lay down the sound."""
        staging, s = self.staging, self._slots
        ssrc = staging.words[rows, 2].astype(np.int64)
        sequence = staging.halves[rows, 1].astype(np.int64)
        times = staging.words[rows, 1].astype(np.int64)
        leap = ((sequence - s.sequence[legs] + 32768) & 0xFFFF) - 32768
        new = (ssrc != s.ssrc[legs]) | ~s.heard[legs] | (np.abs(leap) > _RESTART)
        if new.any():
            self._begin(legs[new], ssrc[new], sequence[new], now)
            leap[new] = 0
        s.sequence[legs] = np.maximum(s.sequence[legs], s.sequence[legs] + leap)
        s.received[legs] += 1
        s.stream_received[legs] += 1
        s.octets[legs] += staging.length[rows]
        s.last_packet[legs] = now
        transit = staging.arrived(rows) + offset - times / (s.unit_ticks[legs] * 100)
        change = np.abs(transit - s.transit[legs])
        steady = audio & (change < 1.0)
        s.jitter[legs[steady]] += (change[steady] - s.jitter[legs[steady]]) / 16
        s.transit[legs[audio]] = transit[audio]
        if event.any():
            for at in np.nonzero(event)[0].tolist():
                self._event(int(rows[at]), int(legs[at]), int(times[at]))
        if not audio.all():
            rows, legs, times, law = rows[audio], legs[audio], times[audio], law[audio]
        if len(rows):
            units, good = self._buffers.where(legs, times)
            if not good.all():
                rows, legs, units, law = rows[good], legs[good], units[good], law[good]
            if len(rows):
                self._sound(rows, legs, units, law)

    def _begin(self, legs: Ints, ssrc: Ints, sequence: Ints, now: float) -> None:
        """Streams that are new, or began anew."""
        s = self._slots
        for leg in legs.tolist():
            s.restart(leg)
        s.heard[legs] = True
        s.ssrc[legs] = ssrc
        s.sequence[legs] = s.base[legs] = sequence
        s.first_packet[legs] = np.where(np.isnan(s.first_packet[legs]), now, s.first_packet[legs])

    def _event(self, row: int, leg: int, time: int) -> None:
        start, end = self._payload(row)
        marker = bool(self.staging.data[row, 1] & 0x80)
        self._handlers.event(leg, time, marker, self.staging.data[row, start:end].tobytes())

    def _payload(self, row: int) -> tuple[int, int]:
        """Where the payload of a row begins and ends (RFC 3550 section 5.1); an empty one when it is malformed."""
        data, end = self.staging.data[row], int(self.staging.length[row])
        flags = int(data[0])
        start = _HEADER + 4 * (flags & 0x0F)
        if flags & 0x10 and start + 4 <= end:
            start += 4 + 4 * (int(data[start + 2]) << 8 | int(data[start + 3]))
        if flags & 0x20 and end > 0:
            end -= int(data[end - 1])
        return (start, end) if start < end <= ROW else (_HEADER, _HEADER)

    def _sound(self, rows: Ints, legs: Ints, units: Ints, law: Ints) -> None:
        staging = self.staging
        start = np.full(len(rows), _HEADER)
        end = staging.length[rows].astype(np.int64)
        unusual = (staging.data[rows, 0] & 0x3F) != 0
        if unusual.any():
            for at in np.nonzero(unusual)[0].tolist():
                start[at], end[at] = self._payload(int(rows[at]))
        edge = law == EDGE
        if edge.any():
            for at in np.nonzero(edge)[0].tolist():
                payload = staging.data[rows[at], start[at] : end[at]].tobytes()
                self._handlers.edge(int(legs[at]), int(units[at]), payload)
        size = (end - start) // UNIT * UNIT
        key = np.where(edge | (size <= 0), -1, (size * 4096 + start) * 2 + law)
        groups = key[:1] if (key == key[0]).all() else np.unique(key)
        for group in groups.tolist():
            if group >= 0:
                some: Ints | slice = slice(None) if len(groups) == 1 else np.nonzero(key == group)[0]
                self._lay(rows[some], legs[some], units[some], group)

    def _lay(self, rows: Ints, legs: Ints, units: Ints, group: int) -> None:
        """Packets of the same law, header and payload size."""
        law: g711.Law = g711.A if group & 1 else g711.MU
        size, start = divmod(group // 2, 4096)
        codes: npt.NDArray[np.uint8] = self.staging.data[rows, start : start + size]
        self._buffers.put(legs, units, g711.decode(codes, law))
