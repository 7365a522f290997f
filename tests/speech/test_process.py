"""The speech process as `switchroom up` starts it."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from switchroom.base.environment import to_environment
from switchroom.base.settings import Settings
from switchroom.speech.settings import speech_settings
from switchroom.storage.bus import Bus, NoResponders
from switchroom.storage.objects import ObjectStore


@pytest.mark.process
async def test_it_answers_and_stops(bus: Bus, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path, nats_url=bus.url)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "switchroom.speech", env=os.environ | to_environment(settings)
    )
    try:
        while True:
            try:
                request = msgspec.msgpack.encode({"text": "Hello there."})
                answer = msgspec.msgpack.decode(await bus.request("sounds.render", request, 30))
                break
            except NoResponders:
                assert process.returncode is None
        assert (await ObjectStore(tmp_path / "objects", b"").get(answer["key"]))[:4] == b"RIFF"
    finally:
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), 10) == 0


@pytest.mark.process
def test_settings_that_make_no_sense() -> None:
    """It ends with the code after which nobody starts it again."""
    for variables in ({}, {"SWITCHROOM_NATS_URL": "nats://127.0.0.1:1", "SWITCHROOM_PROMPT_BUCKETS": "nonsense"}):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SWITCHROOM_")}
        done = subprocess.run(
            [sys.executable, "-m", "switchroom.speech"], env=environment | variables, capture_output=True, check=False
        )
        assert done.returncode == 78


def test_buckets() -> None:
    settings = Settings(prompt_buckets="a=/srv/a, b=s3://other/b", prompt_hosts="Files.example, 10.0.0.1")
    chosen = speech_settings(settings)
    assert chosen.buckets == {"a": Path("/srv/a"), "b": "s3://other/b"}
    assert chosen.hosts == {"files.example", "10.0.0.1"}
