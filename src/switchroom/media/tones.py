"""Call progress tones (ITU-T E.180, as they are in North America), as int16 sound at 8 kHz that can be looped."""

from functools import cache

import numpy as np

from switchroom.core.media import Tone
from switchroom.media.audio.api import RATE, Pcm

_LEVEL = 3200.0
_CADENCES: dict[Tone, tuple[tuple[int, ...], float, float]] = {
    "ringback": ((440, 480), 2.0, 4.0),
    "busy": ((480, 620), 0.5, 0.5),
    "reorder": ((480, 620), 0.25, 0.25),
    "beep": ((1000,), 0.4, 0.0),
}


@cache
def tone(name: Tone) -> Pcm:
    """One period: the frequencies, then silence."""
    frequencies, on, off = _CADENCES[name]
    time = np.arange(int(RATE * on)) / RATE
    sound = sum(np.sin(2 * np.pi * frequency * time) for frequency in frequencies) * _LEVEL
    edge = np.minimum(1.0, np.minimum(np.arange(len(time)), np.arange(len(time))[::-1]) / 40)
    return np.concatenate([sound * edge, np.zeros(int(RATE * off))]).astype(np.int16)
