"""Sounds being played to a leg, 20 ms at a time."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import FRAME, Pcm


class Player:
    """Sounds one after another, once or again and again."""

    __slots__ = ("_at", "_current", "_index", "_sounds", "id", "loop", "mix")

    def __init__(self, id: str, sounds: Sequence[Pcm], *, loop: bool = False, mix: bool = False) -> None:
        self.id, self.loop, self.mix = id, loop, mix
        self._sounds = [sound for sound in sounds if len(sound)]
        self._index = self._at = 0
        self._current = self._sounds[0] if self._sounds else None

    def fill(self, frame: Pcm) -> bool:
        """Put the next 160 samples into `frame`, silence behind the end; whether there is more."""
        current, end = self._current, self._at + FRAME
        if current is not None and end < len(current):
            frame[:] = current[self._at : end]
            self._at = end
            return True
        return self._across(frame)

    def _across(self, frame: Pcm) -> bool:
        """The same where one sound ends within the frame."""
        filled = 0
        while self._current is not None and filled < FRAME:
            part = self._current[self._at : self._at + FRAME - filled]
            frame[filled : filled + len(part)] = part
            filled += len(part)
            self._at += len(part)
            if self._at >= len(self._current):
                self._step()
        frame[filled:] = 0
        return self._current is not None

    def _step(self) -> None:
        self._at = 0
        self._index += 1
        if self._index == len(self._sounds) and self.loop:
            self._index = 0
        self._current = self._sounds[self._index] if self._index < len(self._sounds) else None


def over(under: Pcm, sound: Pcm) -> Pcm:
    """Both at once, clipped."""
    mixed: npt.NDArray[np.int32] = np.clip(under.astype(np.int32) + sound, -32768, 32767)
    return mixed.astype(np.int16)
