"""Speech as it runs: the service on real NATS and a real object store, engines loaded once a worker."""

import importlib.util
import io
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import numpy as np
import pytest

from switchroom.speech.ear import Whisper
from switchroom.speech.settings import SpeechSettings
from switchroom.speech.sounds import Sounds
from switchroom.speech.speaking import Speaking
from switchroom.speech.voices import Voices, speaker_of
from switchroom.speech.wav import Samples, to_samples
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore
from tests.missing import missing

Say = Callable[..., Samples]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What is spoken, and listened to with a model, takes seconds: not in the quick loop."""
    for item in items:
        if {"ear", "say", "japanese"} & set(getattr(item, "fixturenames", ())):
            item.add_marker("process")


def needs(module: str, extra: str) -> None:
    """An extra of the package is missing: skipped on a developer's machine, a failure in CI."""
    if importlib.util.find_spec(module) is None:
        message = f"the extra {extra} is not installed: make develop"
        missing(message)


@pytest.fixture(scope="session")
def voices() -> Voices:
    return Voices()


@pytest.fixture(scope="session")
def japanese(voices: Voices) -> Voices:
    needs("pyopenjtalk", "japanese")
    return voices


@pytest.fixture(scope="session")
def ear() -> Whisper:
    needs("faster_whisper", "listen")
    ear = Whisper(workers=1)
    ear.load()
    return ear


@pytest.fixture(scope="session")
def say(voices: Voices) -> Say:
    """What a caller hears, at 8 kHz."""

    def say(text: str, voice: str = "Joanna", marked: bool = False) -> Samples:
        parts = Speaking(voices).parts(text, marked, speaker_of(voice))
        return to_samples(np.concatenate([np.zeros(80, np.float32), *(part() for part in parts)]))

    return say


@pytest.fixture
def objects(tmp_path: Path) -> ObjectStore:
    return ObjectStore(tmp_path / "objects", b"secret")


@pytest.fixture
async def sounds(bus: Bus, objects: ObjectStore, voices: Voices, tmp_path: Path) -> AsyncIterator[Sounds]:
    """The service, answering on the bus. Engines are loaded when they are first asked."""
    settings = SpeechSettings(tmp_path / "objects", {"outside": tmp_path / "outside"}, workers=2)
    sounds = Sounds(bus, objects, settings, voices)
    await sounds.start()
    yield sounds
    await sounds.stop()


def wav(samples: np.ndarray, rate: int = 8_000, channels: int = 1, width: int = 2) -> bytes:
    """A WAV file of linear samples."""
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(width)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return buffer.getvalue()


def tone(frequency: float, seconds: float, rate: int = 8_000, level: float = 0.5) -> np.ndarray:
    """A sine of -1..1."""
    return level * np.sin(2 * np.pi * frequency * np.arange(int(seconds * rate)) / rate)


def loudest(samples: np.ndarray, rate: int = 8_000) -> float:
    """The frequency that carries most, in Hz."""
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(spectrum.argmax() * rate / len(samples))
