"""Keys heard in the sound (Goertzel, as one matrix product for all legs that are listened to)."""

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import FRAME, RATE, Pcm
from switchroom.media.audio.slots import Ints
from switchroom.media.audio.tones import COLUMNS, KEYS, ROWS

_HALF = FRAME // 2
_RUN = 3
_PURE = 0.80
_NEXT = 6.0
_TWIST = (0.1, 4.0)
_CHUNK = 32
"""Rows multiplied at a time: larger products would be spread over threads, which spin for longer than they work."""
_FLOOR = 100.0
"""Mean square below which a window is not looked at (about -50 dB)."""


def _bank() -> npt.NDArray[np.float32]:
    angle = 2 * np.pi * np.arange(FRAME)[:, None] * np.array(ROWS + COLUMNS) / RATE
    return np.concatenate((np.cos(angle), np.sin(angle)), axis=1).astype(np.float32)


class InbandDetector:
    """Windows of 20 ms, a new one every 10 ms; a key is there when three in a row agree (50 ms of tone are enough)."""

    def __init__(self, size: int) -> None:
        self._bank = _bank()
        self._tail: Pcm = np.zeros((size, _HALF), np.int16)
        self._last: Ints = np.full(size, -1)
        self._run: Ints = np.zeros(size, np.int64)
        self._active: Ints = np.full(size, -1)

    def clear(self, slot: int) -> None:
        """Forget what was heard of a leg."""
        self._tail[slot] = 0
        self._last[slot] = self._active[slot] = -1
        self._run[slot] = 0

    def listen(self, legs: Ints, frames: Pcm) -> list[tuple[int, str]]:
        """The next frame of each of these legs; (slot, key) of the keys that began."""
        sound = np.concatenate((self._tail[legs], frames), axis=1).astype(np.float32)
        self._tail[legs] = frames[:, _HALF:]
        found = []
        for start in (0, _HALF):
            heard = self._keys(sound[:, start : start + FRAME])
            same = heard == self._last[legs]
            run = np.where(same, self._run[legs] + 1, 1)
            self._run[legs], self._last[legs] = run, heard
            change = (run == _RUN) & (heard != self._active[legs])
            for at in np.nonzero(change)[0]:
                self._active[legs[at]] = heard[at]
                if heard[at] >= 0:
                    found.append((int(legs[at]), KEYS[heard[at]]))
        return found

    def _keys(self, window: npt.NDArray[np.float32]) -> Ints:
        """Index of the key in each row, or -1."""
        energy = np.einsum("ij,ij->i", window, window)
        parts = np.concatenate([window[at : at + _CHUNK] @ self._bank for at in range(0, len(window), _CHUNK)])
        power = parts[:, :8] ** 2 + parts[:, 8:] ** 2
        low, high = np.sort(power[:, :4], axis=1), np.sort(power[:, 4:], axis=1)
        a, b = low[:, 3], high[:, 3]
        pure = (a + b) * 2 / FRAME > _PURE * energy
        alone = (a > _NEXT * low[:, 2]) & (b > _NEXT * high[:, 2])
        level = (b > _TWIST[0] * a) & (b < _TWIST[1] * a)
        key = power[:, :4].argmax(axis=1) * 4 + power[:, 4:].argmax(axis=1)
        return np.where(pure & alone & level & (energy > _FLOOR * FRAME), key, -1)
