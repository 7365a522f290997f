"""What a caller hears of a flow's prompts, read back: text, SSML, files of buckets and of the library, voices."""

import asyncio
from typing import Any

import httpx
import numpy as np
import pytest

from switchroom.speech.ear import Whisper
from tests.media.caller import strength
from tests.media.conftest import Desk, MakeTelephone
from tests.media.flows import Flow, heard
from tests.server import Server
from tests.speech.conftest import needs, tone, wav


@pytest.fixture(scope="module")
def ear() -> Whisper:
    needs("faster_whisper", "listen")
    ear = Whisper(workers=1)
    ear.load()
    return ear


async def test_text_and_ssml(telephone: MakeTelephone, flow: Flow, ear: Whisper) -> None:
    """FLOW-64, FLOW-71, BLK-103: the words are the flow's, one prompt after the other."""
    number = flow(
        {"Text": "Welcome to the bank of tomorrow."},
        {"SSML": "<speak>Your balance is <say-as interpret-as='currency'>USD 25</say-as><break time='1s'/></speak>"},
    )
    sound = await heard(telephone, number)
    text = (await asyncio.to_thread(ear.hear, sound.astype(np.int16))).text.lower()
    assert "welcome to the bank of tomorrow" in text
    assert "balance is 25" in text or "balance is $25" in text or "twenty five dollars" in text, text


@pytest.fixture
def uploaded(site: Server, desk: Desk) -> str:
    """The ARN of a prompt of the library: 600 Hz, one second, uploaded at 44.1 kHz."""
    place = site.boto("switchroom").start_prompt_upload(InstanceId=desk.instance)
    sound = wav((tone(600, 1, 44_100) * 16_000).astype("<i2"), 44_100)
    httpx.put(place["UploadUrl"], content=sound, headers={"Content-Type": "audio/wav"}).raise_for_status()
    made = desk.connect.create_prompt(InstanceId=desk.instance, Name="Six hundred", S3Uri=place["S3Uri"])
    return str(made["PromptARN"])


async def test_files(site: Server, uploaded: str, telephone: MakeTelephone, flow: Flow) -> None:
    """FLOW-61, FLOW-66, FLOW-67, BLK-101, BLK-102: prompts named by attributes, by ARN and id, and files of buckets."""
    folder = site.data / "objects" / "tones" / "en"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "nine.wav").write_bytes(wav((tone(900, 1) * 16_000).astype("<i2")))
    attributes = {"which": "nine", "prompt": uploaded, "short": uploaded.rpartition("/")[2]}
    number = flow(
        {"Type": "UpdateContactAttributes", "Attributes": attributes, "TargetContact": "Current"},
        {"PromptId": "$.Attributes.prompt"},
        {"PromptId": "$.Attributes.short"},
        {"Media": {"Uri": "s3://tones/en/$.Attributes.which.wav", "SourceType": "S3", "MediaType": "Audio"}},
    )
    sound = await heard(telephone, number)
    loud = [at for at in range(0, len(sound) - 800, 800) if np.abs(sound[at : at + 800]).mean() > 2_000]
    pitches = [600 if strength(p, 600) > strength(p, 900) else 900 for p in (sound[at : at + 800] for at in loud)]
    assert 17 <= pitches.count(600) <= 21 and 8 <= pitches.count(900) <= 11
    assert pitches == sorted(pitches)


async def test_what_cannot_be_played(telephone: MakeTelephone, flow: Flow, ear: Whisper) -> None:
    """BLK-108: the Error branch is taken, and the caller hears what it says."""
    number = flow({"Media": {"Uri": "s3://tones/nothing.wav"}}, otherwise={"Text": "Something went wrong. Goodbye."})
    sound = await heard(telephone, number)
    assert "something went wrong" in (await asyncio.to_thread(ear.hear, sound.astype(np.int16))).text.lower()


async def test_another_voice(telephone: MakeTelephone, flow: Flow, ear: Whisper) -> None:
    """FLOW-68, BLK-141: Set voice counts for the texts after it."""
    number = flow(
        {"Text": "This is the first voice."},
        {"Type": "UpdateContactTextToSpeechVoice", "TextToSpeechVoice": "Matthew"},
        {"Text": "This is the second voice, and it is lower."},
    )
    sound = await heard(telephone, number)
    text = (await asyncio.to_thread(ear.hear, sound.astype(np.int16))).text.lower()
    assert "first voice" in text and "second voice" in text


async def test_a_flow_that_hangs_up_at_once(telephone: MakeTelephone, flow: Flow) -> None:
    """BLK-064: a final answer comes at once, not after a wait for something to be heard."""
    number = flow({"Type": "UpdateContactAttributes", "Attributes": {"a": "b"}, "TargetContact": "Current"})
    final = await asyncio.wait_for((await telephone()).call(number), 5)
    assert final.code == 480


async def test_a_text_before_it_is_said(site: Server, desk: Desk, ear: Whisper) -> None:
    """FLOW-64, FLOW-69, FLOW-71: authors hear what callers would; text that cannot be spoken says why."""
    own = site.boto("switchroom")

    def made(**request: str) -> dict[str, Any]:
        return dict(own.preview_speech(InstanceId=desk.instance, **request))

    answer = await asyncio.to_thread(made, Text="<speak>Good <mark name='m'/>morning.</speak>", TextType="SSML")
    data = (await asyncio.to_thread(httpx.get, answer["AudioUrl"])).raise_for_status().content
    sound = np.frombuffer(data, "<i2", offset=44)
    assert abs(answer["Milliseconds"] - len(sound) / 8) < 2
    assert "good morning" in (await asyncio.to_thread(ear.hear, sound)).text.lower()
    text = "The best voice there is speaks."
    chosen = await asyncio.to_thread(made, Text=text, Engine="Neural", Style="Conversational")
    plain = await asyncio.to_thread(made, Text=text)
    switch = {"InstanceId": desk.instance, "AttributeType": "AUTO_RESOLVE_BEST_VOICES"}
    await asyncio.to_thread(lambda: desk.connect.update_instance_attribute(**switch, Value="false"))
    other = await asyncio.to_thread(made, Text=text)
    assert chosen["Milliseconds"] == plain["Milliseconds"] > other["Milliseconds"]
    await asyncio.to_thread(lambda: desk.connect.update_instance_attribute(**switch, Value="true"))
    with pytest.raises(own.exceptions.InvalidParameterException, match="not well formed"):
        await asyncio.to_thread(made, Text="<speak>Good", TextType="SSML")
