"""The sounds every instance begins with, made here: a beep, hold music and queue music. 16-bit, 8 kHz, mono WAV."""

import io
import math
import wave
from array import array

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


def seconds_of(data: bytes) -> float:
    """Length of a WAV file; raises ValueError for anything else."""
    try:
        with wave.open(io.BytesIO(data)) as file:
            return float(file.getnframes() / (file.getframerate() or 1))
    except (wave.Error, EOFError) as reason:
        return _compressed(data, str(reason))


def _compressed(data: bytes, reason: str) -> float:
    """Length of a WAV file whose samples are not linear (G.711), from its header."""
    if data[:4] != b"RIFF" or data[8:12] != b"WAVE":
        raise ValueError(reason)
    position, rate = 12, 0
    while position + 8 <= len(data):
        name, size = data[position : position + 4], int.from_bytes(data[position + 4 : position + 8], "little")
        if name == b"fmt ":
            rate = int.from_bytes(data[position + 16 : position + 20], "little")
        if name == b"data" and rate:
            return size / rate
        position += 8 + size + size % 2
    raise ValueError(reason)


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
