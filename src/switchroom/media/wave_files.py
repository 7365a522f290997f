"""WAV files that follow one another, as one."""

import struct
from collections.abc import Sequence


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
