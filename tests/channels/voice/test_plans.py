"""Plans on their way: the newest one, until it was taken."""

import asyncio

import msgspec
import pytest

from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.channels.voice import plans
from switchroom.channels.voice.plans import PlanSender
from switchroom.core.media import CallPlan, SendPlan
from switchroom.media.wire import plan_subject
from switchroom.storage.bus import Bus


class Media:
    """The far end: takes plans and keeps their versions."""

    def __init__(self, bus: Bus) -> None:
        self.id = new_id()
        self.bus = bus
        self.taken: list[int] = []
        self.gate = asyncio.Event()
        self.gate.set()

    async def open(self) -> "Media":
        self.subscription = await self.bus.respond(plan_subject(self.id), self._take)
        return self

    async def _take(self, payload: bytes) -> bytes:
        await self.gate.wait()
        self.taken.append(msgspec.msgpack.decode(payload, type=CallPlan).version)
        return b"ok"

    def plan(self, version: int, call: str = "c") -> SendPlan:
        return SendPlan(self.id, CallPlan(instance="i", call=call, version=version))


async def test_a_plan_is_brought(bus: Bus) -> None:
    media = await Media(bus).open()
    await PlanSender(bus).perform(media.plan(1))
    assert media.taken == [1]


async def test_what_was_overtaken_is_not_sent(bus: Bus) -> None:
    """While one is on its way, of those that follow only the newest matters."""
    media = await Media(bus).open()
    media.gate.clear()
    sender = PlanSender(bus)
    first = asyncio.create_task(sender.perform(media.plan(1)))
    await asyncio.sleep(0.05)
    for version in (2, 4, 3):
        await sender.perform(media.plan(version))
    media.gate.set()
    await first
    assert media.taken == [1, 4]


async def test_calls_do_not_wait_for_each_other(bus: Bus) -> None:
    media = await Media(bus).open()
    sender = PlanSender(bus)
    await asyncio.gather(*(sender.perform(media.plan(1, f"c{number}")) for number in range(20)))
    assert len(media.taken) == 20


async def test_a_plan_waits_for_a_process_that_is_away(bus: Bus) -> None:
    """Nobody answers for a moment: it is sent again."""
    media = Media(bus)
    sending = asyncio.create_task(PlanSender(bus).perform(media.plan(7)))
    await asyncio.sleep(0.3)
    await media.open()
    await sending
    assert media.taken == [7]


async def test_a_process_that_is_gone_is_given_up(bus: Bus, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(plans, "PATIENCE", 0.3)
    await asyncio.wait_for(PlanSender(bus).perform(Media(bus).plan(1)), 5)


async def test_offers_are_brought_to_the_leg(bus: Bus) -> None:
    """A refusal of the media process is a refusal of the operation; silence can be tried again."""
    from switchroom.channels.voice.channel import Voice
    from switchroom.media.wire import Join, Joined, join_subject

    class NoCentres:
        def perform(self, *_: object) -> None: ...
        def led(self) -> list[str]:
            return []

        def media_of(self, _: str) -> list[str]:
            return []

    voice = Voice(bus, NoCentres())  # type: ignore[arg-type]
    media = new_id()

    async def take(payload: bytes) -> bytes:
        join = msgspec.msgpack.decode(payload, type=Join)
        if join.offer == "bad":
            return msgspec.msgpack.encode(Joined(code="InvalidRequestException", message="no"))
        return msgspec.msgpack.encode(Joined(f"answer to {join.offer} of {join.leg}"))

    await bus.respond(join_subject(media), take)
    assert await voice.join(media, "i", "c", "l", "offer") == "answer to offer of l"
    with pytest.raises(ServiceError, match="InvalidRequestException"):
        await voice.join(media, "i", "c", "l", "bad")
    with pytest.raises(ServiceError, match="try again"):
        await voice.join(new_id(), "i", "c", "l", "offer")
