"""Keys as tones and the tones of call progress, as int16 arrays at 8 kHz."""

from typing import Literal

import numpy as np

from switchroom.media.audio.api import RATE, Pcm

KEYS = "123A456B789C*0#D"
ROWS = (697, 770, 852, 941)
COLUMNS = (1209, 1336, 1477, 1633)

Progress = Literal["ringback", "busy", "reorder", "beep"]
Country = Literal["US", "JP"]

_FULL = 32767
_CADENCES: dict[tuple[Country, str], tuple[tuple[float, ...], float, float]] = {
    ("US", "ringback"): ((440, 480), 2.0, 4.0),
    ("US", "busy"): ((480, 620), 0.5, 0.5),
    ("US", "reorder"): ((480, 620), 0.25, 0.25),
    ("JP", "busy"): ((400,), 0.5, 0.5),
    ("JP", "reorder"): ((400,), 0.25, 0.25),
}


def sine(frequencies: tuple[float, ...], seconds: float, level: float = -16.0) -> Pcm:
    """Sines of equal level (dB below full scale each) together, edges rounded over 4 ms against clicks."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = sum(np.sin(2 * np.pi * frequency * time) for frequency in frequencies)
    edge = min(32, len(time) // 2)
    shape = np.ones(len(time))
    shape[:edge] = np.linspace(0, 1, edge)
    shape[len(time) - edge :] = np.linspace(1, 0, edge)
    return np.asarray(wave * shape * _FULL * 10 ** (level / 20)).astype(np.int16)


def silence(seconds: float) -> Pcm:
    """Nothing, for so long."""
    return np.zeros(round(seconds * RATE), np.int16)


def key(digit: str, seconds: float = 0.1) -> Pcm:
    """The two tones of a key (ITU-T Q.23), -9 dB each."""
    place = KEYS.index(digit.upper())
    return sine((ROWS[place // 4], COLUMNS[place % 4]), seconds, -9.0)


def keys(digits: str, seconds: float = 0.1, gap: float = 0.07) -> Pcm:
    """Keys one after another; `,` is a pause of half a second."""
    parts = [silence(0.5) if digit == "," else np.concatenate((key(digit, seconds), silence(gap))) for digit in digits]
    return np.concatenate(parts) if parts else silence(0)


def progress(tone: Progress, country: Country = "US") -> Pcm:
    """One period of a call progress tone, to be played in a loop (`beep`: once)."""
    if tone == "beep":
        return np.concatenate((sine((1000,), 0.4), silence(0.1)))
    if (country, tone) == ("JP", "ringback"):
        return np.concatenate((_warble(1.0), silence(2.0)))
    frequencies, on, off = _CADENCES[country, tone]
    return np.concatenate((sine(frequencies, on), silence(off)))


def _warble(seconds: float) -> Pcm:
    """400 Hz, its loudness going up and down 16 times a second."""
    time = np.arange(round(seconds * RATE)) / RATE
    wave = sine((400,), seconds, -13.0) * (0.575 + 0.425 * np.sin(2 * np.pi * 16 * time))
    return wave.astype(np.int16)
