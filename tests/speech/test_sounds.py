"""The sounds service over NATS, as the media plane asks it."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from switchroom.core.media import Sound
from switchroom.speech.cache import Cache
from switchroom.speech.ear import Whisper
from switchroom.speech.sounds import Sounds
from switchroom.speech.wav import samples_of
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore
from tests.speech.conftest import loudest, tone, wav


async def ask(bus: Bus, **request: Any) -> dict[str, Any]:
    answer = await bus.request("sounds.render", msgspec.msgpack.encode(request), timeout=60)
    return msgspec.msgpack.decode(answer)  # type: ignore[no-any-return]


async def heard(objects: ObjectStore, answer: dict[str, Any]) -> np.ndarray:
    assert "key" in answer, answer
    samples = samples_of(await objects.get(answer["key"]))
    assert answer["ms"] == len(samples) // 8
    return samples


async def test_text_is_spoken(sounds: Sounds, bus: Bus, objects: ObjectStore, ear: Whisper) -> None:
    """FLOW-64: free text is heard as the words it has; BLK-103."""
    answer = await ask(bus, text="Thank you for calling. Press one for sales.")
    text = ear.hear(await heard(objects, answer)).text.lower()
    assert "thank you for calling" in text
    assert "press" in text and "sales" in text


async def test_ssml_is_spoken(sounds: Sounds, bus: Bus, objects: ObjectStore, ear: Whisper) -> None:
    """FLOW-71: the wrapper is added where it is missing, and a break is silence."""
    answer = await ask(bus, ssml="Your code is <break time='2s'/><say-as interpret-as='digits'>472</say-as>.")
    samples = await heard(objects, answer)
    quiet = np.abs(samples) < 200
    runs = np.diff(np.flatnonzero(np.concatenate(([True], ~quiet, [True]))))
    assert runs.max() >= 2 * 8_000
    text = ear.hear(samples).text.lower().replace(",", "").replace(" ", "").replace("-", "")
    assert "472" in text or "fourseventwo" in text


@pytest.mark.parametrize("ssml", ["<speak>a<speak>", "<speak>a & b</speak>", "<!DOCTYPE a><speak>a</speak>"])
async def test_malformed_ssml_is_an_error(sounds: Sounds, bus: Bus, ssml: str) -> None:
    """BLK-108: bad SSML."""
    assert "SSML" in (await ask(bus, ssml=ssml))["error"]


async def test_too_long_a_text_is_an_error(sounds: Sounds, bus: Bus) -> None:
    """BLK-107: 6,000 characters."""
    assert "6000" in (await ask(bus, text="a " * 3_001))["error"]


async def test_what_makes_no_sense_is_an_error(sounds: Sounds, bus: Bus) -> None:
    assert "error" in await ask(bus)
    assert "error" in await ask(bus, object="../../etc/passwd")
    assert "error" in await ask(bus, object="nothing/here.wav")
    assert "error" in msgspec.msgpack.decode(await bus.request("sounds.render", b"\xc1 no msgpack", timeout=10))


async def test_same_request_is_made_once(sounds: Sounds, bus: Bus, objects: ObjectStore) -> None:
    answers = await asyncio.gather(*(ask(bus, text="The same for everybody.") for _ in range(8)))
    assert len({answer["key"] for answer in answers}) == 1
    key = answers[0]["key"]
    before = await objects.facts(key)
    assert await ask(bus, text="The same for everybody.") == answers[0]
    assert await objects.facts(key) == before
    assert (await ask(bus, text="The same for everybody.", voice="Matthew"))["key"] != key


@pytest.mark.process
async def test_short_text_does_not_wait_for_a_long_one(sounds: Sounds, bus: Bus) -> None:
    await ask(bus, text="Warm.")
    long = asyncio.create_task(ask(bus, text="This sentence is one of very many sentences in here. " * 55))
    await asyncio.sleep(0.05)
    await ask(bus, text="A short one.")
    assert not long.done()
    assert (await long)["ms"] > 100_000


async def test_prompt_of_the_library(sounds: Sounds, bus: Bus, objects: ObjectStore) -> None:
    """FLOW-61: a 44.1 kHz stereo upload is heard at 8 kHz, mono, with its pitch."""
    left = tone(600, 1, 44_100)
    stereo = (np.stack([left, left], axis=1) * 32_767).astype("<i2")
    await objects.put("prompts/i/p/1.wav", wav(stereo, 44_100, 2))
    samples = await heard(objects, await ask(bus, object="prompts/i/p/1.wav"))
    assert len(samples) == pytest.approx(8_000, abs=8)
    assert loudest(samples) == pytest.approx(600, abs=2)


async def test_uploaded_again_is_heard_again(sounds: Sounds, bus: Bus, objects: ObjectStore) -> None:
    for frequency in (500, 900):
        await objects.put("shop/open.wav", wav((tone(frequency, 0.5) * 32_767).astype("<i2")))
        samples = await heard(objects, await ask(bus, uri="s3://shop/open.wav"))
        assert loudest(samples) == pytest.approx(frequency, abs=4)
        await asyncio.sleep(0.01)


async def test_audio_of_a_bucket(sounds: Sounds, bus: Bus, objects: ObjectStore, tmp_path: Path) -> None:
    """FLOW-67: s3:// and the https addresses of S3 play from the buckets that are configured; BLK-102."""
    (tmp_path / "outside" / "fr").mkdir(parents=True)
    (tmp_path / "outside" / "fr" / "hi there.wav").write_bytes(wav((tone(700, 0.5) * 32_767).astype("<i2")))
    for uri in (
        "s3://outside/fr/hi there.wav",
        "https://outside.s3.us-east-1.amazonaws.com/fr/hi%20there.wav",
        "https://s3.amazonaws.com/outside/fr/hi%20there.wav",
    ):
        assert loudest(await heard(objects, await ask(bus, uri=uri))) == pytest.approx(700, abs=4)


@pytest.mark.parametrize(
    "uri",
    [
        "s3://connect/demo/CallRecordings/2026/11/22/somebody.wav",
        "s3://prompts/other-instance/secret.wav",
        "s3://outside/../objects/connect/a.wav",
        "s3://outside/missing.wav",
        "s3://nobucket",
        "file:///etc/passwd",
        "http://127.0.0.1:9/a.wav",
        "http://localhost/a.wav",
        "http://169.254.169.254/latest/meta-data",
        "http://[::1]/a.wav",
        "http://[::ffff:10.0.0.1]/a.wav",
        "ftp://example.com/a.wav",
    ],
)
async def test_audio_that_may_not_be_had(sounds: Sounds, bus: Bus, objects: ObjectStore, uri: str) -> None:
    """BLK-108: what lies outside of the buckets, and the operator's own network, cannot be played."""
    await objects.put("connect/demo/CallRecordings/2026/11/22/somebody.wav", wav(np.zeros(800, "<i2")))
    await objects.put("prompts/other-instance/secret.wav", wav(np.zeros(800, "<i2")))
    assert "error" in await ask(bus, uri=uri)


async def test_bytes_that_are_no_audio(sounds: Sounds, bus: Bus, objects: ObjectStore) -> None:
    """BLK-104: other formats are an error."""
    await objects.put("prompts/i/p/2.wav", b"ID3\x03 an mp3, as it says")
    assert "WAV" in (await ask(bus, object="prompts/i/p/2.wav"))["error"]
    await objects.put("prompts/i/p/3.wav", wav(np.zeros(8_000 * 300, "<i2")))
    assert "5 minutes" in (await ask(bus, object="prompts/i/p/3.wav"))["error"]


async def test_characters_nobody_can_say_are_skipped(
    sounds: Sounds, bus: Bus, objects: ObjectStore, ear: Whisper
) -> None:
    """FLOW-68: the rest is spoken; a text of nothing else is a moment of silence."""
    answer = await ask(bus, text="Welcome 漢字 to the store.")
    text = ear.hear(await heard(objects, answer)).text.lower()
    assert "welcome" in text and "store" in text
    assert 0 < (await ask(bus, text="漢字"))["ms"] < 100


async def test_old_sounds_are_removed(sounds: Sounds, bus: Bus, objects: ObjectStore) -> None:
    key = (await ask(bus, text="Gone tomorrow."))["key"]
    assert await Cache(objects, 1.0).sweep() == 0
    assert await Cache(objects, -1.0).sweep() == 1
    assert not await objects.exists(key)


@pytest.mark.process
async def test_heartbeat(sounds: Sounds, bus: Bus) -> None:
    seen = asyncio.Event()

    async def note(payload: bytes, _: str) -> None:
        assert "hibari" in msgspec.msgpack.decode(payload)["engines"]
        seen.set()

    subscription = await bus.subscribe("sounds.alive", note)
    async with asyncio.timeout(10):
        await seen.wait()
    await subscription.stop()


async def test_struct_of_the_core_is_what_is_asked(sounds: Sounds, objects: ObjectStore) -> None:
    rendered = await sounds.render(Sound(text="Hello.", voice="Matthew"))
    assert rendered.ms > 200
    with pytest.raises(ValueError, match="object, a uri, text or ssml"):
        await sounds.render(Sound(tone="busy"))
