"""WAV files: what one holds, and those every instance begins with (a beep, hold music, queue music), made here."""

import io
import math
import wave
from array import array
from dataclasses import dataclass

RATE = 8000
_HALF_STEP = 2 ** (1 / 12)
_A4 = 440.0


def wav(samples: "array[int]") -> bytes:
    """Samples of 16 bits as a WAV file."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


@dataclass(frozen=True, slots=True)
class Form:
    """How the samples of a WAV file are written: `encoding` is pcm, float, alaw or ulaw; `bits` of one sample.

    The samples of all channels, interleaved, are the `size` bytes from `start`.
    """

    encoding: str
    channels: int
    rate: int
    bits: int
    start: int
    size: int

    @property
    def seconds(self) -> float:
        """Length of the sound."""
        return self.size / (self.rate * self.channels * self.bits / 8)


_ENCODINGS = {1: "pcm", 3: "float", 6: "alaw", 7: "ulaw"}
_EXTENSIBLE = 0xFFFE
_BITS = {"pcm": {8, 16, 24, 32}, "float": {32, 64}, "alaw": {8}, "ulaw": {8}}
_RATES = range(4_000, 192_001)
_MOST_CHANNELS = 8


def form_of(data: bytes) -> Form:
    """What a WAV file holds (BLK-104). Raises ValueError for anything else, and for encodings nobody plays."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError("not a WAV file")
    position, header = 12, b""
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        position += 8
        if name == b"fmt ":
            header = data[position : position + size]
        if name == b"data" and header:
            # A recorder that was cut off, or that streamed, leaves a size that is larger than the file.
            return _form(header, position, min(size, len(data) - position))
        position += size + size % 2
    raise ValueError("the WAV file holds no sound")


def _form(header: bytes, start: int, size: int) -> Form:
    if len(header) < 16:
        raise ValueError("the WAV file says too little of its sound")
    number, channels, rate = (
        int.from_bytes(header[0:2], "little"),
        int.from_bytes(header[2:4], "little"),
        int.from_bytes(header[4:8], "little"),
    )
    bits = int.from_bytes(header[14:16], "little")
    if number == _EXTENSIBLE and len(header) >= 26:
        number = int.from_bytes(header[24:26], "little")
    encoding = _ENCODINGS.get(number)
    if encoding is None or bits not in _BITS[encoding]:
        raise ValueError(f"a WAV file of encoding {number} with {bits} bits cannot be played")
    if not 1 <= channels <= _MOST_CHANNELS or rate not in _RATES:
        raise ValueError(f"a WAV file of {channels} channels at {rate} Hz cannot be played")
    frame = channels * bits // 8
    return Form(encoding, channels, rate, bits, start, size - size % frame)


def seconds_of(data: bytes) -> float:
    """Length of a WAV file; raises ValueError for anything else."""
    return form_of(data).seconds


def _tone(frequency: float, seconds: float, level: float) -> "array[int]":
    """A sine with one overtone that fades like a plucked string."""
    count = int(RATE * seconds)
    step = 2 * math.pi * frequency / RATE
    fade = 3.0 / count
    return array(
        "h",
        (
            int(
                32767
                * level
                * (math.sin(step * i) + 0.3 * math.sin(2 * step * i))
                / 1.3
                * math.exp(-fade * i)
                * min(1.0, i / 80)
            )
            for i in range(count)
        ),
    )


def beep() -> bytes:
    """0.4 s of 1 kHz."""
    count = int(RATE * 0.4)
    edge = 160
    samples = (
        int(9000 * math.sin(2 * math.pi * 1000 * i / RATE) * min(1.0, i / edge, (count - i) / edge))
        for i in range(count)
    )
    return wav(array("h", samples))


def melody(notes: str, beat: float, level: float) -> bytes:
    """Notes given as half steps from A4, `.` for a rest, one a beat; a chord is joined by `+`."""
    length = int(RATE * beat)
    tail = int(RATE * beat * 3)
    parts = notes.split()
    mixed = array("h", bytes(2 * (length * len(parts) + tail)))
    cache: dict[str, array[int]] = {}
    for position, chord in enumerate(parts):
        for note in chord.split("+"):
            if note == ".":
                continue
            if note not in cache:
                cache[note] = _tone(_A4 * _HALF_STEP ** int(note), beat * 3, level)
            start = position * length
            for offset, sample in enumerate(cache[note]):
                mixed[start + offset] += sample
    return wav(mixed)


SHIPPED = {
    "Beep.wav": beep,
    "CustomerHold.wav": lambda: melody("-12 -5 0 4 -3 0 4 7 -8 -5 0 4 -10 -5 -1 2 " * 2 + "-12+0", 0.42, 0.13),
    "CustomerQueue.wav": lambda: melody("-9 -2 3 7 -7 0 5 9 -5 2 7 10 -9 -2 3 . " * 2 + "-9+3", 0.36, 0.13),
}
"""Name of the prompt to what makes its WAV file."""
