"""What is done to a voice after it was made."""

import numpy as np

from switchroom.speech.wav import Floats, resampled

_WINDOW_SECONDS = 0.008
_QUIETER = 0.5


def coloured(sound: Floats, factor: float) -> Floats:
    """Pitch and formants moved by a factor, as of a smaller (over 1) or larger speaker; the length changes with it."""
    return sound if abs(factor - 1) < 0.005 else resampled(sound, round(factor * 10_000), 10_000)


def whispered(sound: Floats, rate: int) -> Floats:
    """The same words without the vocal cords: the spectrum of each 8 ms, whose fine structure is too short to carry a
    pitch, with random phases."""
    half = int(rate * _WINDOW_SECONDS / 2)
    size = 2 * half
    frames = len(sound) // half - 1
    if frames < 1:
        return sound
    window = np.hanning(size + 1)[:size].astype(np.float32)
    cut = np.lib.stride_tricks.sliding_window_view(sound, size)[::half][:frames] * window
    spectrum = np.abs(np.fft.rfft(cut, axis=1))
    phases = np.random.default_rng(11).uniform(0, 2 * np.pi, spectrum.shape)
    noisy = np.fft.irfft(spectrum * np.exp(1j * phases), size, axis=1).astype(np.float32)
    noisy *= window
    result = np.zeros((frames + 1) * half, np.float32)
    blocks = result.reshape(frames + 1, half)
    blocks[:-1] += noisy[:, :half]
    blocks[1:] += noisy[:, half:]
    return result * np.float32(_QUIETER)


def bleep(ms: int, rate: int) -> Floats:
    """A tone of 1 kHz with soft edges."""
    count = ms * rate // 1_000
    ramp = min(count // 2, rate // 100) or 1
    edges = np.minimum(np.arange(count), np.arange(count)[::-1]) / ramp
    tone: Floats = (0.2 * np.sin(2 * np.pi * 1_000 * np.arange(count) / rate) * np.minimum(1, edges)).astype(np.float32)
    return tone
