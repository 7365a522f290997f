"""Any WAV file as what the media plane plays: 8 kHz, mono, 16-bit little-endian samples behind a header of 44 bytes."""

import io
import wave
from typing import Any

import numpy as np
import soxr
from numpy.typing import NDArray

from switchroom.resources import audio

RATE = 8_000
HEADER_BYTES = 44
MAX_BYTES = 50 * 1024 * 1024
MAX_SECONDS = 300.0

Samples = NDArray[np.int16]
Floats = NDArray[np.float32]


def normalised(data: bytes) -> bytes:
    """A WAV file of any usual encoding, rate and number of channels as 8 kHz mono 16-bit (FLOW-61, BLK-104).

    Raises ValueError for what is not such a file, is not smaller than 50 MB, or lasts 5 minutes or longer.
    """
    form = checked(data)
    if (form.encoding, form.channels, form.rate, form.bits) == ("pcm", 1, RATE, 16):
        return pack(np.frombuffer(data, "<i2", form.size // 2, form.start))
    return pack(to_samples(resampled(_mono(data, form), form.rate)))


def checked(data: bytes) -> audio.Form:
    """What the file holds, once it is known to keep the limits of prompts (BLK-104). Raises ValueError."""
    if len(data) >= MAX_BYTES:
        raise ValueError("a prompt must be smaller than 50 MB")
    form = audio.form_of(data)
    if form.seconds >= MAX_SECONDS:
        raise ValueError("a prompt must be shorter than 5 minutes")
    if not form.size:
        raise ValueError("the WAV file holds no sound")
    return form


def samples_of(data: bytes) -> Samples:
    """The samples of a file made by `pack`."""
    return np.frombuffer(data, "<i2", offset=HEADER_BYTES)


def pack(samples: Samples) -> bytes:
    """Samples at 8 kHz as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def duration_ms(size: int) -> int:
    """Milliseconds of a file made by `pack` that has `size` bytes."""
    return max(0, size - HEADER_BYTES) * 1_000 // (2 * RATE)


def resampled(sound: Floats, rate: float, to: float = RATE) -> Floats:
    """The same sound at another rate, in Hz."""
    if rate == to or not len(sound):
        return sound
    result: Floats = soxr.resample(sound, rate, to).astype(np.float32, copy=False)
    return result


def to_samples(sound: Floats) -> Samples:
    """Floats of -1..1 as 16 bits; what is louder is clipped."""
    return (np.clip(sound, -1.0, 1.0) * 32_767).astype(np.int16)


def _mono(data: bytes, form: audio.Form) -> Floats:
    raw = data[form.start : form.start + form.size]
    sound = _floats(raw, form.encoding, form.bits)
    if form.channels == 1:
        return sound
    mixed: Floats = sound.reshape(-1, form.channels).mean(axis=1, dtype=np.float32)
    return mixed


def _floats(raw: bytes, encoding: str, bits: int) -> Floats:
    """Samples of -1..1, whatever they were."""
    if encoding in ("ulaw", "alaw"):
        table = _ulaw() if encoding == "ulaw" else _alaw()
        return _scaled(table[np.frombuffer(raw, np.uint8)], 15)
    if encoding == "float":
        return np.nan_to_num(np.frombuffer(raw, f"<f{bits // 8}").astype(np.float32))
    if bits == 8:
        return _scaled(np.frombuffer(raw, np.uint8).astype(np.int16) - 128, 7)
    if bits == 24:
        wide = np.zeros((len(raw) // 3, 4), np.uint8)
        wide[:, 1:] = np.frombuffer(raw, np.uint8).reshape(-1, 3)
        return _scaled(wide.reshape(-1).view("<i4"), 31)
    return _scaled(np.frombuffer(raw, f"<i{bits // 8}"), bits - 1)


def _scaled(samples: NDArray[np.signedinteger[Any]], bits: int) -> Floats:
    return samples.astype(np.float32) * np.float32(2.0**-bits)


def _ulaw() -> Samples:
    """Every u-law byte decoded (ITU-T G.711)."""
    code = ~np.arange(256, dtype=np.uint8)
    magnitude = ((((code & 0x0F).astype(np.int32) << 3) + 0x84) << ((code & 0x70) >> 4).astype(np.int32)) - 0x84
    return np.where(code & 0x80, -magnitude, magnitude).astype(np.int16)


def _alaw() -> Samples:
    """Every A-law byte decoded (ITU-T G.711)."""
    code = np.arange(256, dtype=np.uint8) ^ 0x55
    exponent = ((code & 0x70) >> 4).astype(np.int32)
    mantissa = (code & 0x0F).astype(np.int32) << 4
    magnitude = np.where(exponent == 0, mantissa + 8, (mantissa + 0x108) << np.maximum(exponent - 1, 0))
    return np.where(code & 0x80, magnitude, -magnitude).astype(np.int16)
