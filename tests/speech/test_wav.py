"""WAV files of every usual kind, brought to 8 kHz, mono, 16 bits."""

import struct

import numpy as np
import pytest

from switchroom.resources.audio import form_of
from switchroom.speech.wav import HEADER_BYTES, duration_ms, normalised, samples_of
from tests.speech.conftest import loudest, tone, wav


def riff(number: int, channels: int, rate: int, bits: int, data: bytes, extra: bytes = b"") -> bytes:
    """A WAV file of any encoding, with a chunk that has nothing to do with its sound."""
    frame = channels * bits // 8
    header = struct.pack("<HHIIHH", number, channels, rate, rate * frame, frame, bits) + extra
    chunks = b"".join(
        name + struct.pack("<I", len(body)) + body + b"\0" * (len(body) % 2)
        for name, body in ((b"LIST", b"odd"), (b"fmt ", header), (b"data", data))
    )
    return b"RIFF" + struct.pack("<I", 4 + len(chunks)) + b"WAVE" + chunks


SINE = tone(440, 0.5)


def ulaw(samples: np.ndarray) -> bytes:
    """G.711 u-law, by search in its definition rather than by our table."""
    levels = []
    for code in range(256):
        inverted = ~code & 0xFF
        magnitude = ((((inverted & 0x0F) << 3) + 0x84) << ((inverted & 0x70) >> 4)) - 0x84
        levels.append(-magnitude if inverted & 0x80 else magnitude)
    near = np.abs(np.array(levels)[None] - (samples * 32_767)[:, None]).argmin(axis=1)
    return near.astype(np.uint8).tobytes()


def alaw(samples: np.ndarray) -> bytes:
    levels = []
    for code in range(256):
        even = code ^ 0x55
        exponent, mantissa = (even & 0x70) >> 4, (even & 0x0F) << 4
        magnitude = mantissa + 8 if exponent == 0 else (mantissa + 0x108) << (exponent - 1)
        levels.append(magnitude if even & 0x80 else -magnitude)
    near = np.abs(np.array(levels)[None] - (samples * 32_767)[:, None]).argmin(axis=1)
    return near.astype(np.uint8).tobytes()


def wide(samples: np.ndarray) -> bytes:
    return (samples * 2**31 * 0.999).astype("<i4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes()


EXTENSIBLE = struct.pack("<HHI", 22, 16, 0) + struct.pack("<H", 1) + bytes(14)


@pytest.mark.parametrize(
    "data",
    [
        riff(1, 1, 8_000, 16, (SINE * 32_767).astype("<i2").tobytes()),
        riff(1, 1, 8_000, 8, (SINE * 127 + 128).astype(np.uint8).tobytes()),
        riff(1, 1, 8_000, 24, wide(SINE)),
        riff(1, 1, 8_000, 32, (SINE * 2**31 * 0.999).astype("<i4").tobytes()),
        riff(3, 1, 8_000, 32, SINE.astype("<f4").tobytes()),
        riff(7, 1, 8_000, 8, ulaw(SINE)),
        riff(6, 1, 8_000, 8, alaw(SINE)),
        riff(0xFFFE, 1, 8_000, 16, (SINE * 32_767).astype("<i2").tobytes(), EXTENSIBLE),
        riff(1, 2, 16_000, 16, np.repeat(tone(440, 0.5, 16_000) * 32_767, 2).astype("<i2").tobytes()),
        riff(1, 1, 44_100, 16, (tone(440, 0.5, 44_100) * 32_767).astype("<i2").tobytes()),
        riff(1, 1, 48_000, 24, wide(tone(440, 0.5, 48_000))),
        riff(1, 1, 11_025, 16, (tone(440, 0.5, 11_025) * 32_767).astype("<i2").tobytes()),
    ],
    ids="pcm16 pcm8 pcm24 pcm32 float ulaw alaw extensible stereo16k cd 48k24 11k".split(),  # noqa: SIM905
)
def test_every_kind_of_file(data: bytes) -> None:
    """FLOW-61, BLK-104: what comes out is the tone that went in, at its level."""
    normal = normalised(data)
    samples = samples_of(normal)
    assert form_of(normal).rate == 8_000 and duration_ms(len(normal)) == pytest.approx(500, abs=2)
    assert loudest(samples) == pytest.approx(440, abs=3)
    assert np.abs(samples[400:-400]).max() == pytest.approx(16_384, rel=0.06)
    assert normalised(normal) == normal


def test_high_tones_do_not_fold() -> None:
    """A tone above what 8 kHz can carry is gone, not heard as another one."""
    samples = samples_of(normalised(wav((tone(6_000, 0.5, 44_100) * 32_767).astype("<i2"), 44_100)))
    assert np.abs(samples[400:-400]).max() < 200


def test_cut_off_recording() -> None:
    """The sizes that a recorder never came back to fill in."""
    whole = wav((SINE * 32_767).astype("<i2"))
    endless = whole[:40] + b"\xff\xff\xff\xff" + whole[44:]
    assert len(normalised(endless)) == len(whole)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"RIFF\0\0\0\0WAVE",
        b"OggS" + bytes(100),
        riff(1, 0, 8_000, 16, b"\0\0"),
        riff(1, 1, 0, 16, b"\0\0"),
        riff(1, 1, 8_000, 12, b"\0\0"),
        riff(2, 1, 8_000, 4, b"\0\0"),
        riff(85, 1, 8_000, 16, b"\0\0"),
        riff(1, 1, 8_000, 16, b""),
        riff(1, 1, 8_000, 16, bytes(2 * 8_000 * 300)),
        wav(np.zeros(800, "<i2"))[:HEADER_BYTES],
    ],
)
def test_what_is_no_prompt(data: bytes) -> None:
    """BLK-104: WAV, less than 5 minutes."""
    with pytest.raises(ValueError, match=r"WAV|prompt"):
        normalised(data)


def test_damaged_floats() -> None:
    samples = np.full(800, np.nan, "<f4")
    samples[::2] = np.inf
    assert len(samples_of(normalised(riff(3, 1, 8_000, 32, samples.tobytes())))) == 800
