"""Who hears whom: each leg of a room hears the sum of the others."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from switchroom.media.audio.api import Pcm
from switchroom.media.audio.slots import Ints

_KNEE = 24576
"""Where soft clipping begins; below it sound is unchanged."""
_NOBODY: Ints = np.zeros(0, np.int64)
Mixed = npt.NDArray[np.int32]


@dataclass(slots=True)
class Place:
    """A leg's part in a room."""

    room: str
    talk: bool
    hear: bool


def soft_clip(sound: Mixed) -> Pcm:
    """Into 16 bits; what is above three quarters of full scale is pressed together instead of cut off."""
    over = np.abs(sound) - _KNEE
    if over.max(initial=0) <= 0:
        return sound.astype(np.int16)
    room = 32767 - _KNEE
    pressed = np.sign(sound) * (_KNEE + room * np.tanh(np.maximum(over, 0) / room))
    return np.where(over > 0, pressed, sound).astype(np.int16)


class Rooms:
    """The places of all legs by slot, and the arrays made from them whenever one changed."""

    def __init__(self) -> None:
        self._places: dict[int, Place] = {}
        self._gains: dict[int, float] = {}
        self._pairs: tuple[Ints, Ints] = (_NOBODY, _NOBODY)
        """In rooms of two: who hears, and whom."""
        self._members: Ints = _NOBODY
        self._starts: Ints = _NOBODY
        self._room: Ints = _NOBODY
        self._silent: Ints = _NOBODY
        self._deaf: Ints = _NOBODY
        self._gain: npt.NDArray[np.float32] | None = None
        self._changed = False

    def place(self, slot: int, place: Place | None) -> None:
        """Into a room, or out of it."""
        if place is None:
            self._places.pop(slot, None)
        else:
            self._places[slot] = place
        self._changed = True

    def gain(self, slot: int, factor: float) -> None:
        """How much louder a leg is for others; 1 is as it is."""
        self._gains.pop(slot, None)
        if factor != 1:
            self._gains[slot] = factor
        self._changed = True

    def talks(self, slot: int) -> bool:
        """Whether others in a room hear the leg (unless it is muted)."""
        place = self._places.get(slot)
        return place is not None and place.talk

    def mix(self, said: Pcm, heard: Pcm) -> None:
        """What each leg hears, from what each says (both by slot). Rows of legs in no room are left alone."""
        if self._changed:
            self._arrange()
        ears, mouths = self._pairs
        if len(ears):
            heard[ears] = said[mouths]
        if not len(self._members):
            return
        sound = said[self._members].astype(np.int32)
        if len(self._silent):
            sound[self._silent] = 0
        if self._gain is not None:
            sound = (sound * self._gain).astype(np.int32)
        mixed = np.add.reduceat(sound, self._starts, axis=0).take(self._room, axis=0)
        mixed -= sound
        if len(self._deaf):
            mixed[self._deaf] = 0
        heard[self._members] = soft_clip(mixed)

    def _arrange(self) -> None:
        """Rooms of two are an exchange of frames; only those of more are sums."""
        self._changed = False
        rooms: dict[str, list[int]] = {}
        for slot in sorted(self._places):
            rooms.setdefault(self._places[slot].room, []).append(slot)
        pairs, crowds = [], []
        for legs in rooms.values():
            if len(legs) == 2 and not self._gains.keys() & legs:
                pairs += [(legs[0], legs[1]), (legs[1], legs[0])]
            elif len(legs) > 1:
                crowds.append(legs)
        pairs = [(ear, mouth) for ear, mouth in pairs if self._places[ear].hear and self._places[mouth].talk]
        self._pairs = _slots(ear for ear, _ in pairs), _slots(mouth for _, mouth in pairs)
        self._sums(crowds)

    def _sums(self, rooms: list[list[int]]) -> None:
        ordered = [slot for legs in rooms for slot in legs]
        sizes = [len(legs) for legs in rooms]
        self._members = _slots(ordered)
        self._starts = np.cumsum([0, *sizes[:-1]])
        self._room = np.repeat(np.arange(len(rooms)), sizes)
        self._silent = _where(not self._places[slot].talk for slot in ordered)
        self._deaf = _where(not self._places[slot].hear for slot in ordered)
        gains = [self._gains.get(slot, 1.0) for slot in ordered]
        self._gain = np.array(gains, np.float32)[:, None] if any(gain != 1 for gain in gains) else None


def _slots(slots: Iterable[int]) -> Ints:
    return np.fromiter(slots, np.int64)


def _where(flags: Iterable[bool]) -> Ints:
    return np.nonzero(np.fromiter(flags, bool))[0]
