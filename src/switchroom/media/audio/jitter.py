"""Jitter buffers of all legs: where a packet belongs, what is played now, and how long sound is held back.

A unit is 10 ms of a leg's sound. `play` runs on by two units a tick whatever comes; a packet's unit follows from its
RTP timestamp. What a packet has to spare (its slack: unit minus `play` when it arrives) tells everything. Below zero
it is late, and if it is the newest one `play` goes back so that it is heard after all (held back longer, up to 100 ms).
When for some seconds all packets had much to spare, a quiet frame is left out. The same two moves follow a sender whose
clock differs from ours.
"""

import numpy as np

from switchroom.media.audio.api import FRAME, Pcm
from switchroom.media.audio.slots import FAR, UNIT, UNITS, Flags, Ints, Slots

DEEPEST = 10
"""Units a leg may be held back."""
_JUMP = 100
"""Units by which timestamps may leap within one stream; more is a new beginning."""
_EARLY = 24
_PAUSE = 5
"""Frames without sound after which a stream that goes on where it had stopped begins anew."""
_LATE_RUN = 10
_SPARE = 4
_WINDOW = 100
"""Ticks after which slack is judged."""
_QUIET = 500
_IMPATIENT = 50
_FADE = np.array([0.9, 0.6, 0.3], np.float32)
_COUNTED_GAP = 10


class JitterBuffers:
    """The buffers of all legs (`Slots`)."""

    def __init__(self, slots: Slots) -> None:
        self._slots = slots
        self._frames: Pcm = np.zeros((slots.size, FRAME), np.int16)
        self._last: Pcm = np.zeros((slots.size, FRAME), np.int16)
        self._ticks = 0

    def where(self, legs: Ints, times: Ints) -> tuple[Ints, Flags]:
        """Units of packets with these RTP timestamps, one of each leg; and which are to be put there.

        The rest is late or there already, and counted as such.
        """
        s = self._slots
        leap = ((times - s.anchor_time[legs] + (1 << 31)) & 0xFFFFFFFF) - (1 << 31)
        ticks = s.unit_ticks[legs]
        leap = (leap + ticks // 2) // ticks
        units = s.anchor_unit[legs] + leap
        behind = (leap > 0) & (units < s.play[legs] + s.lead[legs])
        begin = ~s.anchored[legs] | (np.abs(leap) > _JUMP) | (behind & (s.gap[legs] >= _PAUSE))
        if begin.any():
            self._begin(legs[begin])
            units[begin] = s.play[legs[begin]] + s.lead[legs[begin]] + s.depth[legs[begin]]
        slack = units - s.play[legs] - s.lead[legs]
        newest = begin | (leap > 0)
        known = s.ring_unit[legs * UNITS + (units & (UNITS - 1))] == units
        bad = known | (slack < 0) | (slack > _EARLY)
        if bad.any():
            slack = self._repair(legs, units, slack, newest, known)
            bad = known | (slack < 0)
        good = ~bad
        s.late_run[legs[good]] = 0
        s.low[legs, 0] = np.minimum(s.low[legs, 0], slack)
        s.high[legs, 0] = np.maximum(s.high[legs, 0], slack)
        s.delay[legs] += (slack - s.delay[legs]) / 64
        move = legs[newest]
        s.anchor_time[move] = times[newest]
        s.anchor_unit[move] = units[newest]
        return units, good

    def _begin(self, legs: Ints) -> None:
        s = self._slots
        s.anchored[legs] = True
        s.ring_unit.reshape(s.size, UNITS)[legs] = -1
        s.low[legs] = FAR
        s.high[legs] = -FAR
        s.adjust[legs] = 0
        s.delay[legs] = s.depth[legs]

    def _repair(self, legs: Ints, units: Ints, slack: Ints, newest: Flags, known: Flags) -> Ints:
        """Go back for the newest packets that are late, go on for what is far ahead; the slack they have then."""
        s = self._slots
        s.duplicate[legs[known]] += 1
        late = (slack < 0) & ~known
        need = (1 - slack) & ~1
        deep = np.maximum(s.high[legs].max(axis=1), 0)
        back = late & newest & (need + deep <= DEEPEST)
        s.play[legs[back]] -= need[back]
        s.high[legs[back]] += need[back, None]
        lost = late & ~back
        s.late[legs[lost]] += 1
        s.late_run[legs[lost]] += 1
        s.anchored[legs[lost & (s.late_run[legs] >= _LATE_RUN)]] = False
        early = (slack > _EARLY) & ~known
        s.play[legs[early]] = units[early] - s.depth[legs[early]]
        return units - s.play[legs] - s.lead[legs]

    def put(self, legs: Ints, units: Ints, sound: Pcm) -> None:
        """Lay down sound (a row of n units of each leg) at its units."""
        s = self._slots
        for part in range(sound.shape[1] // UNIT):
            unit = units + part
            at = legs * UNITS + (unit & (UNITS - 1))
            s.ring[at] = sound[:, part * UNIT : (part + 1) * UNIT]
            s.ring_unit[at] = unit

    def frames(self) -> Pcm:
        """The next 20 ms of each leg (rows are slots). Valid, and free to be changed, until the next call."""
        s = self._slots
        top = s.top
        self._frames, self._last = self._last, self._frames
        frames, play = self._frames[:top], s.play[:top]
        at = np.arange(top) * UNITS
        present = []
        for part in (0, 1):
            row = at + ((play + part) & (UNITS - 1))
            frames[:, part * UNIT : (part + 1) * UNIT] = s.ring.take(row, axis=0)
            present.append(s.ring_unit.take(row) == play + part)
        whole = present[0] & present[1]
        s.played[:top] += s.anchored[:top]
        if not whole.all():
            self._conceal(frames, present[0], present[1], whole)
        s.gap[:top][whole] = 0
        play += 2
        if s.adjust[:top].any():
            self._adjust(frames)
        self._ticks += 1
        if self._ticks % _WINDOW == 0:
            self._judge()
        return frames

    def _conceal(self, frames: Pcm, first: Flags, second: Flags, whole: Flags) -> None:
        """Repeat what was heard last, more and more quietly; after three frames there is silence."""
        s = self._slots
        legs = np.nonzero(~whole)[0]
        gap = s.gap[legs]
        s.gap[legs] = gap + 1
        s.concealed[legs] += (gap < _COUNTED_GAP) & s.anchored[legs]
        old = legs[gap >= len(_FADE)]
        frames[old, :UNIT] *= first[old, None]
        frames[old, UNIT:] *= second[old, None]
        fresh = legs[gap < len(_FADE)]
        if len(fresh):
            repeated = (self._last[fresh] * _FADE[s.gap[fresh] - 1][:, None]).astype(np.int16)
            for present, half in ((first, slice(0, UNIT)), (second, slice(UNIT, FRAME))):
                missing = ~present[fresh]
                frames[fresh[missing], half] = repeated[missing, half]

    def _adjust(self, frames: Pcm) -> None:
        """Leave out or repeat a frame of legs that are to, where it is quiet or cannot wait."""
        s = self._slots
        legs = np.nonzero(s.adjust[: s.top])[0]
        loud = frames[legs].astype(np.int32)
        quiet = np.abs(loud).max(axis=1) < _QUIET
        legs = legs[quiet | (s.delay[legs] > DEEPEST) | (self._ticks % _IMPATIENT == 0)]
        sign = np.sign(s.adjust[legs])
        s.play[legs] += 2 * sign
        s.adjust[legs] -= sign
        s.low[legs] -= 2 * sign[:, None]
        s.high[legs] -= 2 * sign[:, None]

    def _judge(self) -> None:
        """At the end of a window: who has time to spare, who has none."""
        s = self._slots
        low = s.low[: s.top].min(axis=1)
        high = s.high[: s.top].max(axis=1)
        heard = high > -FAR // 2
        known = s.low[: s.top].max(axis=1) < FAR // 2
        spare = np.where(known & (low >= _SPARE), (low - 2) // 2, 0)
        short = heard & (low <= 0) & (high + 2 <= DEEPEST)
        s.adjust[: s.top] = np.where(short, -1, spare)
        s.depth[: s.top] = np.where(heard, np.clip(high - low + 2, 2, DEEPEST), s.depth[: s.top])
        for window, empty in ((s.low, FAR), (s.high, -FAR)):
            window[: s.top, 1] = window[: s.top, 0]
            window[: s.top, 0] = empty
