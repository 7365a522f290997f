"""Recordings and taps."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import wave
from pathlib import Path

import numpy as np
import pytest

from switchroom.media.audio import g711
from switchroom.media.audio.api import Pcm, RecordingStopped
from switchroom.media.audio.tap import FrameQueue
from switchroom.media.audio.wav import repair
from tests.media.audio.phones import Exchange, likeness, speech

A, B, C = speech(1, 1.3), speech(2, 1.3), speech(3, 1.3)


def channels(path: Path) -> tuple[Pcm, Pcm]:
    """Left and right."""
    with wave.open(str(path)) as file:
        assert (file.getnchannels(), file.getsampwidth(), file.getframerate()) == (2, 2, 8000)
        sound = np.frombuffer(file.readframes(file.getnframes()), "<i2").reshape(-1, 2)
    return sound[:, 0].copy(), sound[:, 1].copy()


def finished(exchange: Exchange, count: int = 1) -> list[RecordingStopped]:
    """Wait for the writer."""
    found: list[RecordingStopped] = []
    for _ in range(500):
        found += [event for event in exchange.events(RecordingStopped) if isinstance(event, RecordingStopped)]
        if len(found) >= count:
            break
        time.sleep(0.01)
    assert len(found) == count
    return found


def test_agents_are_right_and_all_others_left(exchange: Exchange, tmp_path: Path) -> None:
    """FLOW-88"""
    customer, agent, third = (exchange.phone(name) for name in ("customer", "agent", "third"))
    exchange.room("customer", "agent", "third")
    path = tmp_path / "deep" / "call.wav"
    exchange.engine.start_recording("r", path, right={"agent"}, left={"customer", "third"})
    exchange.talk((customer, A), (agent, B), (third, C))
    exchange.engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    left, right = channels(path)
    assert event == RecordingStopped("r", str(path), len(left))
    assert likeness(right, B) > 0.99
    assert likeness(left, ((A.astype(int) + C) // 2).astype(np.int16)) > 0.97
    assert likeness(left, B) < 0.2


def test_modes_leave_the_other_side_silent(exchange: Exchange, tmp_path: Path) -> None:
    """FLOW-88"""
    customer, agent = exchange.phone("customer"), exchange.phone("agent")
    exchange.room("customer", "agent")
    engine = exchange.engine
    engine.start_recording("a", tmp_path / "a.wav", right={"agent"}, left={"customer"}, mode="agent")
    engine.start_recording("c", tmp_path / "c.wav", right={"agent"}, left={"customer"}, mode="customer")
    exchange.talk((customer, A), (agent, B))
    engine.stop_recording("a")
    engine.stop_recording("c")
    exchange.run(1)
    finished(exchange, 2)
    left, right = channels(tmp_path / "a.wav")
    assert not left.any()
    assert likeness(right, B) > 0.99
    left, right = channels(tmp_path / "c.wav")
    assert not right.any()
    assert likeness(left, A) > 0.99


def test_what_nobody_hears_is_not_recorded(exchange: Exchange, tmp_path: Path) -> None:
    customer, agent = exchange.phone("customer"), exchange.phone("agent")
    exchange.room("customer", "agent")
    exchange.engine.start_recording("r", tmp_path / "r.wav", right={"agent"}, left={"customer"})
    exchange.engine.mute("agent", True)
    exchange.engine.place("customer", None)
    exchange.talk((customer, A), (agent, B))
    exchange.engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    left, right = channels(tmp_path / "r.wav")
    assert event.samples == len(left) == (65 + 10) * 160
    assert not left.any()
    assert not right.any()


def test_a_pause_is_silence_of_the_same_length(exchange: Exchange, tmp_path: Path) -> None:
    customer = exchange.phone("customer")
    exchange.room("customer")
    engine = exchange.engine
    exchange.run(7)
    engine.start_recording("r", tmp_path / "r.wav", right={"agent"}, left={"customer"})
    exchange.talk((customer, A), after=10)
    engine.pause_recording("r")
    exchange.talk((customer, B), after=10)
    engine.resume_recording("r")
    exchange.talk((customer, C), after=10)
    engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    left, _ = channels(tmp_path / "r.wav")
    step = (65 + 10) * 160
    assert event.samples == len(left) == 3 * step
    assert likeness(left[:step], A) > 0.99
    assert not left[step : 2 * step].any()
    assert likeness(left[2 * step :], C) > 0.99


def test_time_that_was_not_served_is_silence_and_stays_aligned(exchange: Exchange, tmp_path: Path) -> None:
    customer, other = exchange.phone("customer"), exchange.phone("other")
    exchange.room("customer", "other")
    exchange.engine.start_recording("r", tmp_path / "r.wav", right=set(), left={"customer"})
    exchange.talk((customer, A), after=10)
    last = other.packets[-1].time
    exchange.engine.skip(30)
    customer.time += 40 * 160
    exchange.talk((customer, C), after=10)
    exchange.engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    left, _ = channels(tmp_path / "r.wav")
    assert event.samples == len(left) == (75 + 30 + 75) * 160
    assert likeness(left[: 75 * 160], A) > 0.99
    assert likeness(left[105 * 160 :], C) > 0.99
    assert other.packets[75].time - last & 0xFFFFFFFF == 31 * 160


def test_legs_may_join_a_recording_later(exchange: Exchange, tmp_path: Path) -> None:
    customer = exchange.phone("customer")
    exchange.engine.start_recording("r", tmp_path / "r.wav", right={"agent"}, left={"customer"})
    exchange.run(20)
    agent = exchange.phone("agent")
    exchange.room("customer", "agent")
    exchange.talk((customer, A), (agent, B))
    exchange.engine.close_leg("agent")
    other = exchange.phone("other")
    exchange.room("other")
    exchange.engine.update_recording("r", right={"other"}, left={"customer"})
    exchange.talk((other, C))
    exchange.engine.stop_recording("r")
    exchange.run(1)
    finished(exchange)
    left, right = channels(tmp_path / "r.wav")
    assert likeness(left, A) > 0.99
    assert likeness(right, B) > 0.99
    assert likeness(right, C) > 0.99


def test_a_recording_may_be_mulaw(exchange: Exchange, tmp_path: Path) -> None:
    customer = exchange.phone("customer")
    exchange.room("customer")
    path = tmp_path / "r.wav"
    exchange.engine.start_recording("r", path, right=set(), left={"customer"}, mulaw=True)
    exchange.talk((customer, A))
    exchange.engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    data = path.read_bytes()
    assert data[20:22] == b"\7\0"
    codes = np.frombuffer(data[58:], np.uint8).reshape(-1, 2)
    assert len(codes) == event.samples
    assert likeness(g711.decode(codes[:, 0]), A) > 0.99


def test_a_file_that_cannot_be_written_is_told(exchange: Exchange, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    exchange.engine.start_recording("r", tmp_path / "file" / "r.wav", right=set(), left=set())
    exchange.run(60)
    exchange.engine.stop_recording("r")
    exchange.run(1)
    (event,) = finished(exchange)
    assert event.error


def test_the_file_of_a_killed_process_can_be_repaired(tmp_path: Path) -> None:
    path = tmp_path / "r.wav"
    script = (
        "import sys, time; from pathlib import Path; from switchroom.media.audio.wav import Form, Growing\n"
        "file = Growing(Path(sys.argv[1]), Form())\n"
        "file.write(bytes([1, 2, 3, 4]) * 8000); file._file.write(bytes(400) + b'cut'); print('ready', flush=True)\n"
        "time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", script, str(path)], stdout=subprocess.PIPE)
    assert child.stdout is not None
    child.stdout.readline()
    os.kill(child.pid, signal.SIGKILL)
    child.wait()
    child.stdout.close()
    assert repair(path) == 8100
    left, _ = channels(path)
    assert len(left) == 8100
    assert left[0] == 0x0201
    (tmp_path / "other").write_bytes(bytes(100))
    with pytest.raises(ValueError, match="not a recording"):
        repair(tmp_path / "other")


async def test_taps_copy_both_directions(exchange: Exchange) -> None:
    customer, agent = exchange.phone("customer"), exchange.phone("agent")
    exchange.room("customer", "agent")
    said, heard = FrameQueue(), FrameQueue()
    exchange.engine.tap("customer", "from_leg", said)
    exchange.engine.tap("customer", "to_leg", heard)
    exchange.talk((customer, A), (agent, B))
    assert likeness(np.concatenate(said.take()), A) > 0.99
    exchange.engine.untap("customer", said)
    exchange.engine.close_leg("customer")
    exchange.run(2)
    rest = [frame async for frame in heard]
    assert likeness(np.concatenate(rest), B) > 0.99
    assert [frame async for frame in said] == []


async def test_a_tap_hears_a_leg_that_is_in_no_room(exchange: Exchange) -> None:
    customer = exchange.phone("customer")
    queue = FrameQueue()
    exchange.engine.tap("customer", "from_leg", queue)
    exchange.talk((customer, A))
    assert likeness(np.concatenate(queue.take()), A) > 0.99


async def test_a_reader_that_is_behind_loses_the_oldest_frames(exchange: Exchange) -> None:
    exchange.phone("customer")
    queue = FrameQueue(limit=10)
    exchange.engine.tap("customer", "to_leg", queue)
    exchange.run(25)
    await asyncio.sleep(0)
    assert queue.dropped == 15
    assert len(queue.take()) == 10
