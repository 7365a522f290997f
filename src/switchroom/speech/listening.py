"""When a caller has said their part (BLK-076, BLK-078): frames of a call in, start and end of speech out.

A pure state machine: it knows no clock but the samples it is fed, so it runs as fast as they come. It decides only
when somebody spoke; what they said is up to an `Ear`.
"""

from collections import deque
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from switchroom.flows.turns import Turn
from switchroom.speech.vad import CHUNK, Detector
from switchroom.speech.wav import RATE

_CHUNK_MS = CHUNK * 1_000 // RATE
_SPEECH, _SILENCE = 0.5, 0.35
_CHUNKS_TO_START = 3
_BEFORE_MS = 300

Samples = NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """Somebody speaks, since `at_ms` of the listening. `interrupts`: while the prompt was playing, which is to stop."""

    at_ms: int
    interrupts: bool = False


@dataclass(frozen=True, slots=True)
class SpeechEnded:
    """They have ended. `samples`: what they said, at 8 kHz, with 300 ms of what was before."""

    at_ms: int
    samples: Samples


@dataclass(frozen=True, slots=True)
class NoInput:
    """Nobody said anything in time."""

    at_ms: int


@dataclass(frozen=True, slots=True)
class TooLong:
    """They went on for the longest time a turn may have. `samples`: what was heard, to be taken as all of it."""

    at_ms: int
    samples: Samples


Event = SpeechStarted | SpeechEnded | NoInput | TooLong


class Listening:
    """One turn of a caller. Fed with the frames of the call from the moment the prompt begins, until it is `over`."""

    def __init__(self, turn: Turn, detector: Detector, *, prompt: bool = False) -> None:
        """`prompt`: something is being played, until `prompt_ended`; the time to begin counts from then on."""
        self._turn = turn
        self._detector = detector
        self._prompt = prompt
        self._state: Literal["waiting", "speaking", "over"] = "waiting"
        self._now = 0
        self._waited = 0
        self._loud = self._quiet = 0
        self._spoken_ms = 0
        self._left = np.zeros(0, np.int16)
        self._before: deque[Samples] = deque(maxlen=_BEFORE_MS // _CHUNK_MS + _CHUNKS_TO_START)
        self._said: list[Samples] = []

    @property
    def over(self) -> bool:
        """Whether the turn has ended; frames are ignored from then on."""
        return self._state == "over"

    def prompt_ended(self) -> None:
        """The prompt was played to its end, or stopped."""
        self._prompt = False

    def feed(self, frame: Samples) -> list[Event]:
        """The next samples of the call at 8 kHz, any number of them; usually the 160 of 20 ms."""
        events: list[Event] = []
        pending = np.concatenate([self._left, frame]) if len(self._left) else frame
        while len(pending) >= CHUNK and not self.over:
            chunk, pending = pending[:CHUNK], pending[CHUNK:]
            event = self._hear(chunk)
            if event is not None:
                events.append(event)
        self._left = pending
        return events

    def _hear(self, chunk: Samples) -> Event | None:
        self._now += _CHUNK_MS
        if self._prompt and not self._turn.interruptible and self._state == "waiting":
            return None
        probability = self._detector(chunk)
        return self._wait(chunk, probability) if self._state == "waiting" else self._follow(chunk, probability)

    def _wait(self, chunk: Samples, probability: float) -> Event | None:
        self._before.append(chunk)
        self._loud = self._loud + 1 if probability > _SPEECH else 0
        if self._loud >= _CHUNKS_TO_START:
            return self._start()
        if not self._prompt:
            self._waited += _CHUNK_MS
            if self._waited >= self._turn.start_ms and not self._loud:
                self._state = "over"
                return NoInput(self._now)
        return None

    def _start(self) -> Event:
        self._state = "speaking"
        self._said = list(self._before)
        self._spoken_ms = _CHUNKS_TO_START * _CHUNK_MS
        interrupts, self._prompt = self._prompt, False
        return SpeechStarted(self._now - self._spoken_ms, interrupts)

    def _follow(self, chunk: Samples, probability: float) -> Event | None:
        self._said.append(chunk)
        self._spoken_ms += _CHUNK_MS
        self._quiet = self._quiet + _CHUNK_MS if probability < _SILENCE else 0
        if self._quiet >= self._turn.end_ms:
            self._state = "over"
            return SpeechEnded(self._now, np.concatenate(self._said))
        if self._spoken_ms >= self._turn.max_ms:
            self._state = "over"
            return TooLong(self._now, np.concatenate(self._said))
        return None
