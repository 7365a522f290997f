"""Codecs other than G.711, for the few legs that need them: in a thread of their own, so that none delays the tick.

The audio thread hands over one batch of work a tick and picks up what is done half a tick later.
"""

import queue
import threading
import time
from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import Literal, Protocol

import av
import numpy as np
from av.audio.codeccontext import AudioCodecContext
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler

from switchroom.media.audio.api import RATE, Codec, Pcm
from switchroom.media.audio.slots import UNIT

_BEHIND = 10
"""Batches that may wait; further ones are dropped."""
_OPUS_BITS = 24_000
_EMPTY: Pcm = np.zeros(0, np.int16)


class Coder(Protocol):
    """One leg's codec; used by one thread."""

    def decode(self, payload: bytes) -> Pcm:
        """Sound of one packet, a whole number of units; empty when it cannot be decoded."""

    def encode(self, frame: Pcm) -> bytes:
        """The packet of 20 ms; empty when the codec needs more first."""


class _Steps:
    """Changes the rate, with as many samples out as the ratio says for each piece; low delay (1 ms)."""

    def __init__(self, source: int, target: int) -> None:
        self._source, self._target = source, target
        self._resampler = AudioResampler("s16", "mono", target)
        self._left = _EMPTY
        self._at = 0

    def __call__(self, sound: Pcm) -> Pcm:
        wanted = len(sound) * self._target // self._source
        made = [self._left]
        made += [_samples(part) for part in self._resampler.resample(_frame(sound, self._source, self._at))]
        self._at += len(sound)
        whole = np.concatenate(made)
        if len(whole) < wanted:
            whole = np.concatenate((np.zeros(wanted - len(whole), np.int16), whole))
        self._left = whole[wanted:]
        return whole[:wanted]


class _AvCoder:
    """A codec of FFmpeg with its rates in and out."""

    def __init__(self, name: str, decoded: int, encoded: int, options: dict[str, str]) -> None:
        self._decoder = _context(name, "r", decoded, {})
        self._encoder = _context(name, "w", encoded, options)
        self._down = _Steps(decoded, RATE) if decoded != RATE else None
        self._up = _Steps(RATE, encoded) if encoded != RATE else None
        self._rate = encoded
        self._at = 0

    def decode(self, payload: bytes) -> Pcm:
        try:
            parts = [_samples(frame) for frame in self._decoder.decode(av.Packet(payload))]
        except (av.FFmpegError, ValueError):
            return _EMPTY
        sound = np.concatenate(parts) if parts else _EMPTY
        if self._down is not None and len(sound):
            sound = self._down(sound)
        return sound[: len(sound) // UNIT * UNIT]

    def encode(self, frame: Pcm) -> bytes:
        sound = self._up(frame) if self._up is not None else frame
        try:
            packets = self._encoder.encode(_frame(sound, self._rate, self._at))
        except (av.FFmpegError, ValueError):
            return b""
        self._at += len(sound)
        return b"".join(bytes(packet) for packet in packets)


def coder(codec: Codec) -> Coder:
    """A new coder for `G722` or `opus`. Opus decodes at 48 kHz and encodes the 8 kHz sound as it is."""
    if codec == "G722":
        return _AvCoder("g722", 16000, 16000, {})
    if codec == "opus":
        options = {"application": "voip", "frame_duration": "20", "compression_level": "4", "b": str(_OPUS_BITS)}
        return _AvCoder("libopus", 48000, RATE, options)
    raise ValueError(codec)


def _context(name: str, mode: Literal["r", "w"], rate: int, options: dict[str, str]) -> AudioCodecContext:
    context = av.CodecContext.create(name, mode)
    assert isinstance(context, AudioCodecContext)
    context.sample_rate = rate
    context.layout = "mono"
    if mode == "w":
        context.format = "s16"
        context.time_base = Fraction(1, rate)
        context.options = options
    return context


def _frame(sound: Pcm, rate: int, at: int) -> AudioFrame:
    frame = AudioFrame.from_ndarray(np.ascontiguousarray(sound[None]), format="s16", layout="mono")
    frame.sample_rate = rate
    frame.pts = at
    return frame


def _samples(frame: AudioFrame) -> Pcm:
    return frame.to_ndarray().reshape(-1).astype(np.int16, copy=False)


@dataclass(frozen=True, slots=True)
class Decode:
    """Work: a packet that belongs at a unit."""

    coder: Coder
    slot: int
    unit: int
    payload: bytes


@dataclass(frozen=True, slots=True)
class Encode:
    """Work: a frame that belongs at an RTP timestamp."""

    coder: Coder
    slot: int
    time: int
    frame: Pcm


@dataclass(frozen=True, slots=True)
class Decoded:
    """Done."""

    coder: Coder
    slot: int
    unit: int
    sound: Pcm


@dataclass(frozen=True, slots=True)
class Encoded:
    """Done."""

    coder: Coder
    slot: int
    time: int
    payload: bytes


class EdgeWorker:
    """The thread of the codecs; it exists once a leg needs it."""

    def __init__(self) -> None:
        self._work: queue.SimpleQueue[list[Decode | Encode] | None] = queue.SimpleQueue()
        self._thread: threading.Thread | None = None
        self.done: deque[Decoded | Encoded] = deque()
        self.dropped = 0
        self._submitted = self._finished = 0

    def wait(self, seconds: float) -> None:
        """Until everything submitted is done, at most so long."""
        until = time.monotonic() + seconds
        while self._finished < self._submitted and time.monotonic() < until:
            time.sleep(0.0005)

    def submit(self, work: list[Decode | Encode]) -> None:
        """Audio thread: one batch."""
        if self._work.qsize() > _BEHIND:
            self.dropped += len(work)
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="audio-codecs", daemon=True)
            self._thread.start()
        self._submitted += 1
        self._work.put(work)

    def stop(self) -> None:
        """End the thread."""
        if self._thread is not None:
            self._work.put(None)
            self._thread.join(1.0)

    def _run(self) -> None:
        while (batch := self._work.get()) is not None:
            for item in batch:
                if isinstance(item, Decode):
                    self.done.append(Decoded(item.coder, item.slot, item.unit, item.coder.decode(item.payload)))
                else:
                    self.done.append(Encoded(item.coder, item.slot, item.time, item.coder.encode(item.frame)))
            self._finished += 1
