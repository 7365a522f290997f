"""Recordings on their way into the object store, also those that a dead process has left behind."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from switchroom.base.errors import ServiceError, not_found
from switchroom.core.command import Command
from switchroom.core.media import RecordingPlan
from switchroom.core.voice_commands import LegAnswered, LegGone, RecordingStored
from switchroom.media.audio.api import AudioEvent, RecordingStopped
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.wav import Form
from switchroom.media.recordings import Note, Recordings
from switchroom.media.reports import Reports
from switchroom.media.wave_files import join
from switchroom.storage.objects import ObjectStore

KEY = "connect/demo/CallRecordings/2026/11/22/c1_20261122T10:00_UTC.wav"


def wav(seconds: float, level: int = 1000) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(np.full(int(16000 * seconds), level, np.int16).tobytes())
    return buffer.getvalue()


def length(data: bytes) -> float:
    with wave.open(io.BytesIO(data)) as file:
        return file.getnframes() / file.getframerate()


class Desk:
    """Recordings with a real engine and store; what they tell is kept."""

    def __init__(self, tmp_path: Path) -> None:
        self.told: list[Command] = []
        self.objects = ObjectStore(tmp_path / "objects", b"secret")
        self.reports = Reports(self.submit, lambda *_: None)
        self.engine = AudioEngine(on_events=self.happened, bind="127.0.0.1", ports=range(36000, 36100))
        self.engine.start()
        self.spool = tmp_path / "spool"
        self.recordings = Recordings(self.engine, self.objects, self.reports, self.spool, "m1")

    async def submit(self, instance: str, command: Command) -> Any:
        self.told.append(command)

    def happened(self, events: list[AudioEvent]) -> None:
        for event in events:
            if isinstance(event, RecordingStopped):
                self.recordings.stopped(event)

    async def stored(self, count: int = 1) -> list[RecordingStored]:
        for _ in range(400):
            found = [one for one in self.told if isinstance(one, RecordingStored)]
            if len(found) >= count:
                return found
            await asyncio.sleep(0.02)
        raise AssertionError("nothing was stored")


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    made = Desk(tmp_path)
    yield made
    await asyncio.to_thread(made.engine.stop)


def plan(**changes: Any) -> RecordingPlan:
    return msgspec.structs.replace(RecordingPlan(id="c1", key=KEY, right=("a",), left=("b",)), **changes)


async def test_a_recording_that_leaves_the_plan_is_stored(desk: Desk) -> None:
    """FLOW-88: under its key, told with its times."""
    desk.recordings.apply("i", "call", [plan()])
    await asyncio.sleep(0.5)
    desk.recordings.apply("i", "call", [])
    (stored,) = await desk.stored()
    assert stored.key == KEY
    assert stored.contact == "c1"
    assert stored.participants == ("Agent", "Customer")
    assert 400 <= stored.stopped_at - stored.started_at <= 3000
    assert length(await desk.objects.get(KEY)) == pytest.approx(0.5, abs=0.3)


async def test_a_recording_that_goes_on_after_a_stop_is_one_file(desk: Desk) -> None:
    """Stopped and started again in one contact: both parts under the one key; nothing stays in the spool."""
    desk.recordings.apply("i", "call", [plan()])
    await asyncio.sleep(0.4)
    desk.recordings.apply("i", "call", [])
    await desk.stored()
    desk.recordings.apply("i", "call", [plan()])
    await asyncio.sleep(0.4)
    desk.recordings.forget("call")
    await desk.stored(2)
    assert length(await desk.objects.get(KEY)) > 0.5
    assert not list(desk.spool.rglob("*.wav"))


async def test_what_a_dead_process_left_is_stored(desk: Desk) -> None:
    """kill -9 while two parts were written: mended, joined, stored, told, removed."""
    left = desk.spool / "dead"
    left.mkdir()
    for part, seconds in ((1, 1.0), (2, 0.5)):
        note = Note(instance="i", call="call", contact="c1", key=KEY, started_at=1000 * part, part=part)
        (left / f"c1.{part}.wav").write_bytes(Form(channels=1).header(0) + b"\1\0" * int(8000 * seconds))
        (left / f"c1.{part}.json").write_bytes(msgspec.json.encode(note))
    await desk.recordings.recover()
    (stored,) = await desk.stored()
    assert stored.started_at == 1000
    assert length(await desk.objects.get(KEY)) == pytest.approx(1.5)
    assert not left.exists()


async def test_the_spool_of_a_process_that_lives_is_left_alone(desk: Desk, tmp_path: Path) -> None:
    other = Recordings(desk.engine, desk.objects, desk.reports, desk.spool, "m2")
    desk.recordings.apply("i", "call", [plan()])
    await asyncio.sleep(0.2)
    await other.recover()
    assert (desk.spool / "m1").exists()
    desk.recordings.forget("call")
    await desk.stored()


def test_joining() -> None:
    assert length(join([wav(1.0), wav(0.25)])) == pytest.approx(1.25)
    with pytest.raises(ValueError, match="WAV"):
        join([wav(1.0), b"junk" * 10])


class Centre:
    """Answers reports as it is told to."""

    def __init__(self, *answers: Exception | None) -> None:
        self.answers = list(answers)
        self.asked: list[str] = []

    async def submit(self, instance: str, command: Command) -> None:
        self.asked.append(getattr(command, "leg", ""))
        answer = self.answers.pop(0) if self.answers else None
        if answer is not None:
            raise answer


async def _told(centre: Centre, unknown: Callable[[str, str], None]) -> Reports:
    reports = Reports(centre.submit, unknown)
    reports.tell("i", "call", LegAnswered(call="call", leg="1"))
    reports.tell("i", "call", LegGone(call="call", leg="2", cause="hangup"))
    await reports.drain(5)
    return reports


async def test_reports_come_in_order_and_are_repeated() -> None:
    centre = Centre(ServiceError("InternalServiceException", "moving"), TimeoutError(), None)
    await _told(centre, lambda *_: None)
    assert centre.asked == ["1", "1", "1", "2"]


async def test_a_call_that_the_centre_does_not_know() -> None:
    unknown: list[tuple[str, str]] = []
    await _told(Centre(not_found("Call", "call")), lambda *call: unknown.append(call))
    assert unknown == [("i", "call")]


async def test_a_refused_report_does_not_hold_up_the_next() -> None:
    centre = Centre(ServiceError("InvalidRequestException", "no"))
    await _told(centre, lambda *_: None)
    assert centre.asked == ["1", "2"]
