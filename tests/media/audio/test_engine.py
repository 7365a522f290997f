"""The engine as a whole, in its own thread: ports, legs that come and go, events."""

import asyncio
import gc
import os
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from switchroom.media.audio.api import (
    TICK,
    AudioEvent,
    Digit,
    LegClosed,
    LegMedia,
    NoPortsError,
    PlayEnded,
    RecordingStopped,
    UnknownLegError,
)
from switchroom.media.audio.engine import AudioEngine
from tests.media.audio.phones import Exchange, Phone, frames, pieces, speech
from tests.media.audio.test_digits import key

VOICE = speech(1, 1.0)


class Running:
    """An engine that ticks by itself."""

    def __init__(self, ports: range = range(33000, 36000)) -> None:
        self.events: list[AudioEvent] = []
        self.arrived = asyncio.Event()
        self.engine = AudioEngine(on_events=self.take, bind="127.0.0.1", ports=ports)
        self.engine.start()

    def take(self, events: list[AudioEvent]) -> None:
        self.events += events
        self.arrived.set()

    async def wait(self, kind: type[AudioEvent], count: int = 1) -> list[AudioEvent]:
        """Until so many of a kind came."""
        async with asyncio.timeout(20):
            while len(found := [event for event in self.events if isinstance(event, kind)]) < count:
                self.arrived.clear()
                await self.arrived.wait()
        return found


@pytest.fixture
async def running() -> AsyncIterator[Running]:
    made = Running()
    yield made
    await asyncio.to_thread(made.engine.stop)


@pytest.mark.process
async def test_a_call_with_sound_keys_a_prompt_and_a_recording(running: Running, tmp_path: Path) -> None:
    engine = running.engine
    a, b = Phone(engine.open_leg("a")), Phone(engine.open_leg("b"))
    for leg, phone in (("a", a), ("b", b)):
        engine.connect_leg(leg, LegMedia(remote=phone.address, dtmf_payload_type=101))
        engine.place(leg, "room")
    engine.start_recording("r", tmp_path / "r.wav", right={"b"}, left={"a"})
    engine.play("a", "welcome", [VOICE])
    begun = asyncio.get_running_loop().time()
    for number, frame in enumerate(frames(VOICE)):
        await asyncio.sleep(begun + number * TICK - asyncio.get_running_loop().time())
        a.say(frame)
    for wire in key(a, "5"):
        a.send(wire)
    await running.wait(Digit)
    await running.wait(PlayEnded)
    engine.stop_recording("r")
    (stopped,) = await running.wait(RecordingStopped)
    for phone in (a, b):
        phone.listen()
        phone.wire.close()
    assert pieces(b.sound(), VOICE) > 0.7
    assert pieces(a.sound(), VOICE) > 0.99
    assert isinstance(stopped, RecordingStopped)
    assert stopped.samples > 7000
    assert engine.load.legs == 2
    engine.close_leg("a")
    (closed,) = await running.wait(LegClosed)
    assert isinstance(closed, LegClosed)
    assert closed.stats.received == 57


@pytest.mark.process
async def test_other_codecs_in_the_running_engine(running: Running) -> None:
    engine = running.engine
    phone = Phone(engine.open_leg("a"))
    engine.connect_leg("a", LegMedia("opus", 111, remote=phone.address))
    engine.play("a", "welcome", [VOICE])
    await running.wait(PlayEnded)
    phone.listen()
    phone.wire.close()
    assert len(phone.packets) > 40
    assert {packet.payload_type for packet in phone.packets} == {111}


def test_when_ports_are_used_up_it_is_told_and_they_come_back(exchange: Exchange) -> None:
    engine = AudioEngine(
        on_events=lambda _: None, loop=exchange.engine._loop, bind="127.0.0.1", ports=range(39000, 39006)
    )
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as taken:
        taken.bind(("127.0.0.1", 39003))
        ports = {engine.open_leg("a"), engine.open_leg("b")}
        assert ports == {39000, 39004}
        with pytest.raises(NoPortsError):
            engine.open_leg("c")
        engine.close_leg("a")
        engine.tick(0.0)
        assert engine.open_leg("c") in ports
    engine.stop()


def test_legs_are_known_by_name(exchange: Exchange) -> None:
    exchange.phone("a")
    with pytest.raises(ValueError, match="open"):
        exchange.engine.open_leg("a")
    with pytest.raises(UnknownLegError):
        exchange.engine.close_leg("b")
    exchange.engine.close_leg("a")
    with pytest.raises(UnknownLegError):
        exchange.engine.stats("a")
    exchange.engine.open_leg("a")


def test_a_new_leg_hears_nothing_of_the_one_before_in_its_place(exchange: Exchange) -> None:
    a, b = exchange.phone("a", LegMedia(dtmf_payload_type=101)), exchange.phone("b")
    exchange.room("a", "b")
    exchange.talk((a, VOICE), (b, VOICE), after=0)
    exchange.engine.send_digits("a", "123")
    exchange.engine.play("a", "x", [VOICE])
    exchange.engine.mute("a", True)
    exchange.engine.close_leg("a")
    exchange.tick()
    c = exchange.phone("c")
    exchange.run(20)
    assert not c.sound().any()
    assert {packet.payload_type for packet in c.packets} == {0}
    exchange.room("c", "b")
    b.hush()
    exchange.talk((c, VOICE))
    assert pieces(b.sound(), VOICE) > 0.99
    assert exchange.engine.stats("c").received == 50


@pytest.mark.process
def test_legs_that_come_and_go_leave_nothing(exchange: Exchange) -> None:
    """Descriptors and objects are the same after 300 legs as after 50."""
    counts = []
    for turn in range(6):
        for number in range(50):
            leg = f"{turn}-{number}"
            phone = exchange.phone(leg)
            exchange.room(leg, name=str(number % 10))
            exchange.engine.play(leg, "x", [VOICE])
            phone.say(VOICE[:160])
            exchange.tick()
            exchange.engine.close_leg(leg)
            exchange.phones.pop(leg).wire.close()
        exchange.tick()
        exchange.events(LegClosed)
        gc.collect()
        counts.append((len(os.listdir("/proc/self/fd")), len(gc.get_objects())))  # noqa: PTH208
    assert counts[-1][0] == counts[0][0]
    assert counts[-1][1] - counts[1][1] < 50


def test_both_families_of_addresses(exchange: Exchange) -> None:
    engine = AudioEngine(on_events=lambda _: None, loop=exchange.engine._loop, bind="::", ports=range(39100, 39200))
    old, new = Phone(0), socket.socket(socket.AF_INET6, socket.SOCK_DGRAM)
    new.setblocking(False)
    new.bind(("::1", 0))
    old.port, port = engine.open_leg("old"), engine.open_leg("new")
    engine.connect_leg("old", LegMedia())
    engine.connect_leg("new", LegMedia(remote=("::1", new.getsockname()[1])))
    engine.place("old", "room")
    engine.place("new", "room")
    talker = Phone(0)
    for at in range(0, len(VOICE), 160):
        new.sendto(talker.frame(VOICE[at : at + 160]), ("::1", port))
        old.say(VOICE[at : at + 160])
        engine.tick(at / 8000)
        old.listen()
    assert pieces(old.sound(), VOICE[:6400]) > 0.99
    assert len(new.recv(2000)) == 172
    assert engine.stats("old").remote == old.address
    assert engine.stats("new").remote == ("::1", new.getsockname()[1])
    engine.stop()
    for made in (old.wire, talker.wire, new):
        made.close()


async def test_stopping_ends_calls_and_recordings(tmp_path: Path) -> None:
    running = Running()
    running.engine.open_leg("a")
    running.engine.start_recording("r", tmp_path / "r.wav", right={"a"}, left=set())
    await asyncio.sleep(0.1)
    await asyncio.to_thread(running.engine.stop)
    await running.wait(RecordingStopped)
    assert [event.leg for event in running.events if isinstance(event, LegClosed)] == ["a"]
