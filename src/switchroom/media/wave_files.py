"""WAV files put in order: one that was never finished, several that follow one another."""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import BinaryIO


def mend(path: Path) -> None:
    """Write the sizes that a writer which died could not. Raises ValueError for what is no WAV file."""
    size = path.stat().st_size
    with path.open("r+b") as file:
        start = _find_data(file, size)
        file.seek(4)
        file.write(struct.pack("<I", size - 8))
        file.seek(start - 4)
        file.write(struct.pack("<I", size - start))


def join(files: Sequence[bytes]) -> bytes:
    """WAV files of one form as one. Raises ValueError when they differ in form."""
    head, start, _ = _split(files[0])
    sound = [files[0][start:]]
    for file in files[1:]:
        other, begin, end = _split(file)
        if other != head:
            raise ValueError("WAV files of different forms")
        sound.append(file[begin:end])
    body = b"".join(sound)
    whole = bytearray(files[0][:start] + body)
    struct.pack_into("<I", whole, 4, len(whole) - 8)
    struct.pack_into("<I", whole, start - 4, len(body))
    return bytes(whole)


def _find_data(file: BinaryIO, size: int) -> int:
    """Where the samples begin."""
    head = file.read(12)
    if head[:4] != b"RIFF" or head[8:] != b"WAVE":
        raise ValueError("not a WAV file")
    position = 12
    while position + 8 <= size:
        file.seek(position)
        name, length = struct.unpack("<4sI", file.read(8))
        if name == b"data":
            return position + 8
        position += 8 + length + length % 2
    raise ValueError("a WAV file without sound")


def _split(data: bytes) -> tuple[bytes, int, int]:
    """The form, and where the samples begin and end."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    position, form = 12, b""
    while position + 8 <= len(data):
        name, length = struct.unpack_from("<4sI", data, position)
        if name == b"fmt ":
            form = data[position + 8 : position + 8 + length]
        if name == b"data":
            return form, position + 8, min(len(data), position + 8 + length)
        position += 8 + length + length % 2
    raise ValueError("a WAV file without sound")
