"""WAV files that grow: a header that can be brought up to date at any time, and repaired after a crash."""

import os
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from switchroom.media.audio.api import RATE

PCM = 1
MULAW = 7
_LIMIT = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class Form:
    """What the samples are."""

    channels: int = 2
    format: int = PCM
    rate: int = RATE

    @property
    def width(self) -> int:
        """Bytes of one moment, all channels."""
        return self.channels * (2 if self.format == PCM else 1)

    def header(self, octets: int) -> bytes:
        """The 58 bytes before so many bytes of samples (`fmt `, `fact`, `data`)."""
        octets = min(octets, _LIMIT - 58)
        bits = 8 * self.width // self.channels
        rate = self.rate * self.width
        return (
            struct.pack("<4sI4s", b"RIFF", 50 + octets, b"WAVE")
            + struct.pack("<4sIHHIIHHH", b"fmt ", 18, self.format, self.channels, self.rate, rate, self.width, bits, 0)
            + struct.pack("<4sII", b"fact", 4, octets // self.width)
            + struct.pack("<4sI", b"data", octets)
        )


HEADER = 58


class Growing:
    """A file being written. Its header says after each `write` how long it is."""

    def __init__(self, path: Path, form: Form) -> None:
        self._form = form
        self._file: BinaryIO = path.open("wb", buffering=0)
        self._file.write(form.header(0))
        self._octets = 0

    @property
    def samples(self) -> int:
        """Per channel."""
        return self._octets // self._form.width

    def write(self, data: bytes) -> None:
        """Append whole moments."""
        self._file.write(data)
        self._octets += len(data)
        os.pwrite(self._file.fileno(), self._form.header(self._octets), 0)

    def close(self) -> None:
        """On disk."""
        os.fsync(self._file.fileno())
        self._file.close()


def repair(path: Path) -> int:
    """Make the header of a file whose writer died say what is there; samples per channel.

    ValueError when it is not such a file. What was written of a last, incomplete moment is cut off.
    """
    with path.open("r+b") as file:
        head = file.read(HEADER)
        if len(head) < HEADER or head[:4] != b"RIFF" or head[8:12] != b"WAVE" or head[50:54] != b"data":
            raise ValueError(f"{path} is not a recording")
        kind, channels, rate = struct.unpack_from("<HHI", head, 20)
        form = Form(channels, kind, rate)
        octets = (path.stat().st_size - HEADER) // form.width * form.width
        file.truncate(HEADER + octets)
        file.seek(0)
        file.write(form.header(octets))
        os.fsync(file.fileno())
    return octets // form.width
