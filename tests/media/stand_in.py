"""A centre of a test's own: it sends plans to a real media process and keeps what it is told."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import msgspec
import pytest

from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.base.settings import Settings
from switchroom.centre.remote import Answer, subject
from switchroom.core.call import Dial
from switchroom.core.commands import AnyCommand
from switchroom.core.media import CallPlan, LegPlan
from switchroom.media.process import MediaProcess
from switchroom.media.wire import plan_subject
from switchroom.resources.repository import SYSTEM, Repository
from switchroom.storage.bus import Bus
from switchroom.storage.postgres import Database
from tests.media.caller import Telephone


class Centre:
    """One call on one media process, whose trunk leads to telephones of the test."""

    def __init__(self, bus: Bus, process: MediaProcess, instance: str, database: Database) -> None:
        self.bus = bus
        self.process = process
        self.instance = instance
        self.call = new_id()
        self.version = 0
        self.told: list[Any] = []
        self.refusal = ""
        self.repository = Repository(database, process.catalogue, Site())

    async def answer(self, payload: bytes) -> bytes:
        self.told.append(msgspec.msgpack.decode(payload, type=AnyCommand))
        return msgspec.msgpack.encode(Answer(code=self.refusal or None))

    async def plan(self, *legs: LegPlan, again: bool = False, **more: Any) -> None:
        self.version += not again
        plan = CallPlan(instance=self.instance, call=self.call, version=self.version, legs=legs, **more)
        assert await self.bus.request(plan_subject(self.process.id), msgspec.msgpack.encode(plan), 5) == b"ok"

    async def telephone(self, number: str) -> Telephone:
        """A telephone that the trunk of this number leads to."""
        far = await Telephone().open(self.process.phone.ports["udp"])
        body = {
            "Outbound": {"Host": "127.0.0.1", "Port": far.port},
            "NumberRules": [],
        }
        await self.repository.create("trunk", self.instance, f"to {number}", body, actor=SYSTEM)
        for _ in range(100):
            if any(trunk.name == f"to {number}" for trunk in self.process.trunks.all()):
                return far
            await asyncio.sleep(0.02)
        raise AssertionError("the trunk is not known")

    async def hears(self, wanted: Callable[[Any], bool], patience: float = 10.0) -> Any:
        for _ in range(int(patience * 50)):
            for one in self.told:
                if wanted(one):
                    return one
            await asyncio.sleep(0.02)
        raise AssertionError(f"not told: {self.told}")

    def of(self, report: type, /, **members: Any) -> Callable[[Any], bool]:
        return lambda one: (
            isinstance(one, report) and all(getattr(one, name) == value for name, value in members.items())
        )


@pytest.fixture
async def centre(
    database: Database, database_url: str, nats_url: str, bus: Bus, tmp_path: Path
) -> AsyncIterator[Centre]:
    instance = new_id()
    settings = Settings(
        data=tmp_path, database_url=database_url, nats_url=nats_url, sip_port=0, sip_tls_port=0, rtp_ports="38000-38199"
    )
    async with AsyncExitStack() as stack:
        process = MediaProcess(settings)
        await process.open(stack)
        for _ in range(200):
            if process.phone.up:
                break
            await asyncio.sleep(0.02)
        made = Centre(bus, process, instance, database)
        subscription = await bus.respond(subject(instance), made.answer)
        yield made
        await made.plan()
        await subscription.stop()


def dialled(leg: str = "a", number: str = "+12025550143", **more: Any) -> LegPlan:
    return LegPlan(leg, dial=Dial(number, caller_id="+15550100"), **more)
