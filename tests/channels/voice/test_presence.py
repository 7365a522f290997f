"""Which media processes are alive, as instances are told."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest

from switchroom.base.ids import new_id
from switchroom.channels.voice import presence
from switchroom.channels.voice.presence import MediaPresence
from switchroom.core.command import Command
from switchroom.core.voice_commands import MediaAlive, MediaJoined, MediaLost
from switchroom.media.wire import ALIVE
from switchroom.storage.bus import Bus


class Node:
    """Presence of a node that leads `instances`; what it submits is kept."""

    def __init__(self, bus: Bus) -> None:
        self.bus = bus
        self.instances = ["i1"]
        self.named: list[str] = []
        self.told: list[tuple[str, str, str]] = []
        self.ours: set[str] = set()
        self.presence = MediaPresence(bus, self, lambda: self.instances, lambda _: self.named)  # type: ignore[arg-type]

    async def submit(self, instance: str, command: Command) -> Any:
        if isinstance(command, MediaJoined | MediaLost):
            self.told.append((type(command).__name__, instance, command.media))

    async def beat(self, media: str) -> None:
        self.ours.add(media)
        await self.bus.publish(ALIVE, msgspec.msgpack.encode(MediaAlive(id=media)))

    async def hears(self, *told: tuple[str, str, str]) -> None:
        for _ in range(200):
            if all(one in self.told for one in told):
                return
            await asyncio.sleep(0.02)
        raise AssertionError(f"{told} not in {self.told}")


@pytest.fixture
async def node(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Node]:
    monkeypatch.setattr(presence, "MISSING", 0.6)
    monkeypatch.setattr(presence, "LOOK_EVERY", 0.05)
    made = Node(bus)
    await made.presence.start()
    yield made
    await made.presence.stop()


async def test_a_process_is_announced_once_and_lost_when_silent(node: Node) -> None:
    media = new_id()
    for _ in range(5):
        await node.beat(media)
        await asyncio.sleep(0.05)
    await node.hears(("MediaJoined", "i1", media))
    await node.hears(("MediaLost", "i1", media))
    assert [what for what, _, one in node.told if one == media] == ["MediaJoined", "MediaLost"]


async def test_an_instance_that_is_led_later_hears_of_it_too(node: Node) -> None:
    media = new_id()
    await node.beat(media)
    await node.hears(("MediaJoined", "i1", media))
    node.instances.append("i2")
    await node.beat(media)
    await node.hears(("MediaJoined", "i2", media))


async def test_a_node_that_stood_still_does_not_blame_others(node: Node) -> None:
    """A process that was stopped for a while has heard nothing; nobody is lost for that."""
    media = new_id()
    await node.beat(media)
    await node.hears(("MediaJoined", "i1", media))
    time.sleep(1.0)  # noqa: ASYNC251 - the whole loop stands still
    await asyncio.sleep(0.2)
    assert ("MediaLost", "i1", media) not in node.told


async def test_after_a_takeover_those_that_stay_silent_are_lost(node: Node) -> None:
    """The state names a media process that nobody has heard since this node leads."""
    node.named = [new_id()]
    await asyncio.sleep(0.2)
    assert not node.told
    await node.hears(("MediaLost", "i1", node.named[0]))
