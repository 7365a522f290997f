"""Sound files as people have them, made here by the encoders of PyAV."""

import io
from fractions import Fraction

import av
import numpy as np
import pytest

from switchroom.speech.convert import converted
from switchroom.speech.wav import samples_of
from tests.speech.conftest import loudest, tone, wav

KINDS = [
    ("mp3", "mp3", 44_100, "stereo"),
    ("ogg", "libopus", 48_000, "mono"),
    ("flac", "flac", 48_000, "stereo"),
    ("ipod", "aac", 44_100, "stereo"),
    ("adts", "aac", 22_050, "mono"),
    ("webm", "libopus", 48_000, "mono"),
    ("aiff", "pcm_s16be", 16_000, "mono"),
    ("au", "pcm_mulaw", 8_000, "mono"),
    ("caf", "pcm_s16le", 8_000, "mono"),
    ("wav", "adpcm_ms", 16_000, "mono"),
]


def file(container: str, codec: str, rate: int, layout: str, sound: np.ndarray) -> bytes:
    """Floats of -1..1 at `rate` as a file."""
    buffer = io.BytesIO()
    with av.open(buffer, "w", format=container) as out:
        stream = out.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray((sound * 32_767).astype("<i2")[None], format="s16", layout="mono")
        frame.sample_rate, frame.time_base, frame.pts = rate, Fraction(1, rate), 0
        resampler = av.AudioResampler(stream.format, stream.layout, rate, frame_size=stream.codec_context.frame_size)
        for one in [*resampler.resample(frame), *resampler.resample(None)]:
            out.mux(stream.encode(one))
        out.mux(stream.encode(None))
    return buffer.getvalue()


@pytest.mark.parametrize(("container", "codec", "rate", "layout"), KINDS, ids=[f"{one[0]} {one[1]}" for one in KINDS])
def test_usual_files(container: str, codec: str, rate: int, layout: str) -> None:
    """FLOW-61: whatever somebody has recorded becomes what a telephone plays, with its pitch and length."""
    samples = samples_of(converted(file(container, codec, rate, layout, tone(440, 1.5, rate))))
    assert 11_500 <= len(samples) <= 13_000
    assert abs(loudest(samples[2_000:10_000]) - 440) < 5
    assert np.abs(samples[2_000:10_000].astype(float)).mean() > 5_000


def test_wav_files_stay_what_they_are() -> None:
    data = wav((tone(440, 0.5) * 8_000).astype("<i2"))
    assert converted(data) == data


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"ID3 an mp3, as it says",
        b"OggS" + bytes(100),
        b"\xff\xfb" + bytes(1_000),
        b"#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        file("mp3", "mp3", 8_000, "mono", np.zeros(8_000 * 301)),
    ],
)
def test_what_is_no_prompt(data: bytes) -> None:
    """FLOW-61: no sound, too much of it, or a list that names other files."""
    with pytest.raises(ValueError, match=r"sound|WAV|5 minutes"):
        converted(data)
