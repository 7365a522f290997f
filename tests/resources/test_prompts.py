"""Prompts through the door, with real audio files (FLOW-60..63)."""

import io
import struct
import urllib.error
import urllib.request
import wave
from typing import Any

import numpy as np
import pytest

from tests.resources.conftest import Centre


def wav(seconds: float = 0.5, rate: int = 8_000, channels: int = 1, frequency: float = 440) -> bytes:
    """A tone as a WAV file of 16 bits."""
    at = np.arange(int(seconds * rate)) / rate
    one = (8_000 * np.sin(2 * np.pi * frequency * at)).astype("<i2")
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(np.repeat(one, channels).tobytes())
    return buffer.getvalue()


def put(url: str, data: bytes, kind: str = "audio/wav") -> int:
    request = urllib.request.Request(url, data=data, method="PUT", headers={"Content-Type": kind})
    try:
        with urllib.request.urlopen(request) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code
    except urllib.error.URLError:  # refused before everything was sent
        return 413


def get(url: str) -> bytes:
    with urllib.request.urlopen(url) as answer:
        assert answer.headers["content-type"] == "audio/wav"
        return bytes(answer.read())


@pytest.fixture
def own(centre: Centre) -> Any:
    return centre.server.boto("switchroom")


def upload(centre: Centre, own: Any, data: bytes) -> str:
    place = own.start_prompt_upload(InstanceId=centre.id)
    assert put(place["UploadUrl"], data) == 200
    return str(place["S3Uri"])


def test_life_of_a_prompt(centre: Centre, own: Any) -> None:
    """FLOW-61, FLOW-63."""
    made = centre.create_prompt(
        Name="Welcome",
        Description="Heard first",
        S3Uri=upload(centre, own, wav(1.0, 44_100, 2)),
        Tags={"team": "sales"},
    )
    prompt = made["PromptId"]
    assert made["PromptARN"] == f"{centre.arn}/prompt/{prompt}"
    shown = centre.describe_prompt(PromptId=prompt)["Prompt"]
    assert (shown["Name"], shown["Description"], shown["Tags"]) == ("Welcome", "Heard first", {"team": "sales"})
    played = get(centre.get_prompt_file(PromptId=prompt)["PromptPresignedUrl"])
    with wave.open(io.BytesIO(played)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8_000, 1, 2)
        assert abs(file.getnframes() - 8_000) < 10
    centre.update_prompt(PromptId=prompt, Name="Hello", S3Uri=upload(centre, own, wav(2.0)))
    assert centre.describe_prompt(PromptId=prompt)["Prompt"]["Name"] == "Hello"
    assert len(get(centre.get_prompt_file(PromptId=prompt)["PromptPresignedUrl"])) == 44 + 2 * 16_000
    url = centre.get_prompt_file(PromptId=prompt)["PromptPresignedUrl"]
    centre.delete_prompt(PromptId=prompt)
    centre.refused("ResourceNotFoundException", "describe_prompt", PromptId=prompt)
    with pytest.raises(urllib.error.HTTPError):
        get(url)


def test_shipped_prompts(centre: Centre) -> None:
    """FLOW-60: hold and queue music and a beep are there and play."""
    listed = centre.list_prompts()["PromptSummaryList"]
    assert [one["Name"] for one in listed] == ["Beep.wav", "CustomerHold.wav", "CustomerQueue.wav"]
    for one in listed:
        assert get(centre.get_prompt_file(PromptId=one["Id"])["PromptPresignedUrl"])[:4] == b"RIFF"


def test_searching(centre: Centre, own: Any) -> None:
    """FLOW-60: by name, words of the description, tags."""
    uri = upload(centre, own, wav())
    centre.create_prompt(Name="Closed", Description="We are closed today", S3Uri=uri, Tags={"season": "winter"})

    def found(**request: Any) -> list[str]:
        return [one["Name"] for one in centre.search_prompts(**request)["Prompts"]]

    for field, value in (("name", "clos"), ("description", "closed today")):
        condition = {"FieldName": field, "Value": value, "ComparisonType": "CONTAINS"}
        assert found(SearchCriteria={"StringCondition": condition}) == ["Closed"]
    tagged = {"TagFilter": {"TagCondition": {"TagKey": "season", "TagValue": "winter"}}}
    assert found(SearchFilter=tagged) == ["Closed"]


def test_what_is_no_prompt(centre: Centre, own: Any) -> None:
    """BLK-104: WAV files of less than 5 minutes only."""
    for data in (b"", b"ID3 an mp3", wav()[:30], wav(300.0), wav(0.0), struct.pack("<4sI4s", b"RIFF", 4, b"WAVE")):
        uri = upload(centre, own, data)
        centre.refused("InvalidParameterException", "create_prompt", Name="Bad", S3Uri=uri)
    centre.create_prompt(Name="Long", S3Uri=upload(centre, own, wav(299.9)))
    for uri in ("s3://nowhere/a.wav", "s3://connect/a.wav", "s3://prompts/shipped/Beep.wav", "s3://uploads/../a.wav"):
        centre.refused("InvalidParameterException", "create_prompt", Name="Bad", S3Uri=uri)


def test_upload_is_of_its_instance(centre: Centre, own: Any) -> None:
    """One instance cannot take what another uploaded; a name that is taken leaves nothing behind."""
    uri = upload(centre, own, wav())
    other = Centre(centre.server)
    other.refused("InvalidParameterException", "create_prompt", Name="Theirs", S3Uri=uri)
    centre.create_prompt(Name="Ours", S3Uri=uri)
    again = upload(centre, own, wav())
    centre.refused("DuplicateResourceException", "create_prompt", Name="Ours", S3Uri=again)


def test_upload_limits(centre: Centre, own: Any) -> None:
    """FLOW-61: less than 50 MB, and nothing else than WAV."""
    url = own.start_prompt_upload(InstanceId=centre.id)["UploadUrl"]
    assert put(url, wav(), "text/html") == 400
    assert put(url, bytes(50 * 1024 * 1024)) in (400, 413)


def test_file_of_a_bucket(centre: Centre) -> None:
    """FLOW-63: `aws connect create-prompt --s3-uri` with a file beneath the object directory."""
    directory = centre.server.data / "objects" / "my-prompts" / "en"
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "hello.wav").write_bytes(wav())
    made = centre.create_prompt(Name="From a bucket", S3Uri="s3://my-prompts/en/hello.wav")
    assert centre.describe_prompt(PromptId=made["PromptId"])["Prompt"]["Name"] == "From a bucket"
