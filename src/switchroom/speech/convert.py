"""Sound files of the usual kinds as prompts (FLOW-61): what people have is an mp3 or a recording of their phone."""

import io
from typing import Any

import numpy as np

from switchroom.speech import wav

_KINDS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"ID3", "mp3"),
    (0, b"OggS", "ogg"),
    (0, b"fLaC", "flac"),
    (4, b"ftyp", "mov"),
    (0, b"\x1aE\xdf\xa3", "matroska"),
    (0, b"FORM", "aiff"),
    (0, b".snd", "au"),
    (0, b"#!AMR", "amr"),
    (0, b"caff", "caf"),
    (8, b"WAVE", "wav"),
)
_ADTS = (b"\xff\xf1", b"\xff\xf9", b"\xff\xf0", b"\xff\xf8")


def converted(data: bytes) -> bytes:
    """Any usual sound file (WAV, mp3, Ogg, FLAC, m4a, WebM, AIFF, AU, AMR...) as 8 kHz mono 16-bit WAV.

    Raises ValueError for what is none, is not smaller than 50 MB, holds no sound or lasts 5 minutes or longer.
    """
    kind = _kind(data)
    if kind is None:
        return wav.normalised(data)
    if kind == "wav":
        try:
            return wav.normalised(data)
        except ValueError as error:
            if "cannot be played" not in str(error):
                raise
    if len(data) >= wav.MAX_BYTES:
        raise ValueError("a prompt must be smaller than 50 MB")
    return _decoded(data, kind)


def _kind(data: bytes) -> str | None:
    """The container by its first bytes: never guessed by the library, which also knows ones that name other files."""
    for at, mark, kind in _KINDS:
        if data[at : at + len(mark)] == mark:
            return kind
    if data[:2] in _ADTS:
        return "aac"
    return "mp3" if len(data) > 1 and data[0] == 0xFF and data[1] & 0xE0 == 0xE0 else None


def _decoded(data: bytes, kind: str) -> bytes:
    import av

    most = int(wav.MAX_SECONDS * wav.RATE)
    parts: list[Any] = []
    count = 0
    resampler = av.AudioResampler(format="s16", layout="mono", rate=wav.RATE)
    try:
        with av.open(io.BytesIO(data), "r", format=kind, metadata_errors="ignore") as container:
            if not container.streams.audio:
                raise ValueError("the file holds no sound")
            for frame in container.decode(container.streams.audio[0]):
                for piece in resampler.resample(frame):
                    parts.append(piece.to_ndarray()[0])
                    count += len(parts[-1])
                if count >= most:
                    raise ValueError("a prompt must be shorter than 5 minutes")
            parts.extend(piece.to_ndarray()[0] for piece in resampler.resample(None))
    except av.FFmpegError as error:
        raise ValueError(f"the sound of this file cannot be read: {error.strerror}") from None
    if not any(len(part) for part in parts):
        raise ValueError("the file holds no sound")
    return wav.pack(np.concatenate(parts))
