"""What callers answer to bots, in words and keys: a real media process, real RTP, the speech that we ourselves make."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from switchroom.core.media import Audio, Listen, Sound
from switchroom.core.voice_commands import AudioEnded, LegAnswered
from switchroom.speech.hearing import Hearing
from switchroom.speech.settings import SpeechSettings
from switchroom.speech.sounds import Sounds
from switchroom.speech.speaking import Speaking
from switchroom.speech.voices import Voices, speaker_of
from switchroom.speech.wav import Samples, to_samples
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore
from tests.media.caller import Telephone
from tests.media.stand_in import Centre, dialled
from tests.speech.conftest import needs

pytestmark = pytest.mark.process

QUESTION = Sound(text="What can I do for you? You may check your order, speak to an agent, or hear our opening hours.")


@pytest.fixture(scope="module")
def voices() -> Voices:
    return Voices()


@pytest.fixture(scope="module")
def order(voices: Voices) -> Samples:
    """`Check my order.` as it sounds on a line."""
    parts = Speaking(voices).parts("Check my order.", False, speaker_of("Matthew"))
    return to_samples(np.concatenate([part() for part in parts]))


@pytest.fixture
async def ear(centre: Centre, bus: Bus, voices: Voices) -> AsyncIterator[None]:
    """The speech process's part: it speaks and listens."""
    needs("faster_whisper", "listen")
    data: Path = centre.process.settings.data
    sounds = Sounds(bus, ObjectStore(data / "objects", b""), SpeechSettings(data / "objects", workers=1), voices)
    hearing = Hearing(bus, workers=1)
    await sounds.start()
    await hearing.start()
    yield
    await hearing.stop()
    await sounds.stop()


@pytest.fixture
async def caller(centre: Centre) -> AsyncIterator[Telephone]:
    """Somebody on the line."""
    far = await centre.telephone("a")
    await centre.plan(dialled())
    await centre.hears(centre.of(LegAnswered, leg="a"))
    yield far
    await far.close()


def asked(identifier: str = "q", *sounds: Sound, **listen: int | bool | str) -> Audio:
    return Audio(identifier, "collect", sounds, listen=Listen(**listen))  # type: ignore[arg-type]


async def test_words_are_understood(ear: None, centre: Centre, caller: Telephone, order: Samples) -> None:
    """FLOW-106, BLK-076: they speak when they were asked; silence ends what they say."""
    await centre.plan(dialled(audio=asked("q", Sound(text="Yes?"))))
    await _until_heard(caller)
    await asyncio.sleep(1.5)
    caller.speak(order)
    ended = await centre.hears(centre.of(AudioEnded, audio="q"), 15)
    assert ended.kind == "done"
    assert ended.value["mode"] == "Speech"
    assert "order" in ended.value["text"].lower()
    assert 0.2 < ended.value["confidence"] <= 1


async def test_a_word_interrupts(ear: None, centre: Centre, caller: Telephone, order: Samples) -> None:
    """BLK-078: who knows what they want need not hear the question out."""
    await centre.plan(dialled(audio=asked("q", QUESTION)))
    await _until_heard(caller)
    caller.speak(order)
    ended = await centre.hears(centre.of(AudioEnded, audio="q"), 15)
    assert "order" in ended.value["text"].lower()
    heard = len(caller.heard.sound)
    sound = caller.heard.sound[: heard - 4_000]
    assert not loud(sound[-4_000:]), "the question went on while they spoke"


async def test_a_question_that_is_heard_out(ear: None, centre: Centre, caller: Telephone, order: Samples) -> None:
    """BLK-078: where speech may not interrupt, what is said meanwhile is not heard; a key still interrupts."""
    await centre.plan(dialled(audio=asked("q", QUESTION, interruptible=False, start_ms=600)))
    await _until_heard(caller)
    caller.speak(order)
    assert (await centre.hears(centre.of(AudioEnded, audio="q"), 20)).kind == "timeout"
    await centre.plan(dialled(audio=asked("r", QUESTION, interruptible=False)))
    caller.heard.frames.clear()
    await _until_heard(caller)
    caller.press("1#")
    ended = await centre.hears(centre.of(AudioEnded, audio="r"), 3)
    assert ended.value == {"mode": "DTMF", "keys": "1#"}


async def test_keys(centre: Centre, caller: Telephone) -> None:
    """BLK-079: the end key, the key that deletes, the time without a key, and how many at most."""
    for name, pressed, listen, keys in (
        ("end", "123#", {}, "123#"),
        ("delete", "123*", {}, "123*"),
        ("other", "12#9", {"end_key": "9"}, "12#9"),
        ("time", "45", {"key_timeout_ms": 300}, "45"),
        ("most", "678", {"maximum_keys": 3}, "678"),
    ):
        await centre.plan(dialled(audio=asked(name, **listen)))
        await asyncio.sleep(0.1)
        caller.press(pressed)
        ended = await centre.hears(centre.of(AudioEnded, audio=name), 5)
        assert (ended.kind, ended.value) == ("done", {"mode": "DTMF", "keys": keys}), name


async def test_silence(centre: Centre, caller: Telephone) -> None:
    """BLK-076: nobody says anything."""
    await centre.plan(dialled(audio=asked(start_ms=700)))
    assert (await centre.hears(centre.of(AudioEnded, audio="q"), 5)).kind == "timeout"


async def test_who_does_not_end(ear: None, centre: Centre, caller: Telephone, order: Samples) -> None:
    """BLK-076: after the longest time what was said counts."""
    await centre.plan(dialled(audio=asked(max_ms=2_500)))
    caller.say = np.concatenate([order, order[: len(order) // 2]])
    ended = await centre.hears(centre.of(AudioEnded, audio="q"), 15)
    assert (ended.kind, ended.value["mode"]) == ("done", "Speech")
    assert "order" in ended.value["text"].lower()


async def test_without_ears(centre: Centre, caller: Telephone, order: Samples) -> None:
    """FLOW-106: nobody listens, or not in this language: no words, no failure; the bot asks again and keys go on."""
    await centre.plan(dialled(audio=asked()))
    caller.speak(order)
    ended = await centre.hears(centre.of(AudioEnded, audio="q"), 10)
    assert (ended.kind, ended.value) == ("done", {"mode": "Speech", "text": "", "confidence": 0.0})


async def test_another_language(ear: None, centre: Centre, caller: Telephone, order: Samples) -> None:
    """FLOW-106: the ear says that it does not understand a language, and keys are heard."""
    await centre.plan(dialled(audio=asked(locale="ja_JP")))
    caller.speak(order)
    assert (await centre.hears(centre.of(AudioEnded, audio="q"), 10)).value["text"] == ""


def loud(sound: np.ndarray) -> bool:
    return len(sound) > 0 and float(np.abs(sound.astype(float)).mean()) > 300


async def _until_heard(caller: Telephone) -> None:
    """Something is played to them."""
    for _ in range(500):
        if loud(caller.heard.sound[-4_000:]):
            return
        await asyncio.sleep(0.02)
    raise AssertionError("nothing was heard")
