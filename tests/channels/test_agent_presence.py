"""Desktops that are not heard of any more, over a real bus between two nodes."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

import pytest

from switchroom.centre.centres import Centres
from switchroom.core import commands as c
from switchroom.live.agent_presence import AgentPresence
from switchroom.storage.bus import Bus
from tests.core.stage import Stage
from tests.core.test_life_cycle import available, task

INSTANCE = "roll-call"
EVERY = 0.15


class Led:
    """The centre of the stage, as the node sees it that leads it; another node leads none."""

    def __init__(self, stage: Stage | None) -> None:
        self.stage = stage

    def led(self) -> list[str]:
        return [INSTANCE] if self.stage is not None else []

    def links_of(self, instance: str) -> dict[str, str]:
        assert self.stage is not None
        return {agent.user: agent.link for agent in self.stage.state.agents.values() if agent.link != "none"}

    async def submit(self, instance: str, command: c.Command) -> Any:
        assert self.stage is not None
        return self.stage.do(command)


async def until(found: Any) -> None:
    for _ in range(400):
        if found():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.fixture
def stage() -> Stage:
    """Both agents Available at their desktops."""
    stage = Stage()
    available(stage, "a1", "a2")
    for agent in ("a1", "a2"):
        stage.do(c.LogIn(agent=agent))
    return stage


@pytest.fixture
async def nodes(bus: Bus, stage: Stage) -> AsyncIterator[tuple[AgentPresence, AgentPresence]]:
    """The leader, and another node."""
    pair = tuple(
        AgentPresence(bus, cast(Centres, Led(led)), every=EVERY, heard_within=2 * EVERY) for led in (stage, None)
    )
    for node in pair:
        await node.start()
    yield pair[0], pair[1]
    for node in pair:
        await node.stop()


async def test_agents_are_lost_and_found(nodes: tuple[AgentPresence, AgentPresence], stage: Stage) -> None:
    """ROUT-111, DESK-165: wherever the desktop is; what was on offer goes on; it is back when heard of again."""
    leader, other = nodes
    silent = [False]
    began = asyncio.get_running_loop().time()

    def here() -> float:
        return asyncio.get_running_loop().time()

    close = leader.opened(INSTANCE, "a1", lambda: began if silent[0] else here())
    other.opened(INSTANCE, "a2", here)
    await asyncio.sleep(5 * EVERY)
    assert {agent.link for agent in stage.state.agents.values()} == {"open"}
    contact = task(stage)
    assert stage.contact(contact).offered_to == "a1"
    silent[0] = True
    await until(lambda: stage.state.agents["a1"].link == "lost")
    assert stage.contact(contact).offered_to == "a2"
    assert stage.state.agents["a1"].status_type == "ROUTABLE"
    close()
    other.opened(INSTANCE, "a1", here)
    await until(lambda: stage.state.agents["a1"].link == "open")
    assert stage.contact(task(stage)).offered_to == "a1"
