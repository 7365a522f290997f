"""Where audio is, by its address."""

from pathlib import Path

import pytest

from switchroom.speech.settings import SpeechSettings
from switchroom.speech.sources import NoAudio, Sources, bucket_and_key
from switchroom.storage.objects import ObjectStore


@pytest.mark.parametrize(
    ("uri", "found"),
    [
        ("s3://b/a/c.wav", ("b", "a/c.wav")),
        ("https://bkt.s3.amazonaws.com/a.wav", ("bkt", "a.wav")),
        ("https://my.b.s3.eu-west-1.amazonaws.com/a%20b.wav", ("my.b", "a b.wav")),
        ("https://bkt.s3-us-west-2.amazonaws.com/a.wav", ("bkt", "a.wav")),
        ("https://s3.ap-northeast-1.amazonaws.com/b/x/a.wav", ("b", "x/a.wav")),
        ("https://bkt.s3.cn-north-1.amazonaws.com.cn/a.wav", ("bkt", "a.wav")),
        ("https://example.com/b/a.wav", None),
        ("https://bkt.s3.amazonaws.com.evil.example/a.wav", None),
        ("http://b.s3.amazonaws.com/a.wav", None),
        ("s3://b", None),
        ("s3:///a.wav", None),
    ],
)
def test_addresses(uri: str, found: tuple[str, str] | None) -> None:
    """FLOW-67."""
    assert bucket_and_key(uri) == found


async def test_store_that_is_a_bucket_itself(tmp_path: Path) -> None:
    """Keys below the store's own prefix are found without it; what is not for callers stays hidden."""
    objects = ObjectStore(tmp_path, b"")
    sources = Sources(objects, SpeechSettings("s3://company/switchroom?region=eu-west-1"))
    for key in ("sounds/a.wav", "connect/a.wav", "other/a.wav"):
        await objects.put(key, b"RIFF")
    assert await (await sources.uri("s3://company/switchroom/sounds/a.wav")).read() == b"RIFF"
    assert await (await sources.uri("https://company.s3.amazonaws.com/switchroom/sounds/a.wav")).read() == b"RIFF"
    assert await (await sources.uri("s3://other/a.wav")).read() == b"RIFF"
    for uri in ("s3://company/switchroom/connect/a.wav", "s3://company/other/a.wav", "s3://x/../connect/a.wav"):
        with pytest.raises(NoAudio):
            await sources.uri(uri)
