"""The hearing service on a real bus, with an ear of the test's own that is slow and counts."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable

import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from switchroom.speech.ear import Ear, Heard
from switchroom.speech.hearing import MOST_WAITING, SUBJECT, Hearing, Said, Understood
from switchroom.storage.bus import Bus

MakeHearing = Callable[[Ear | None], Hearing]


class Slow:
    """Understands everything as the number of its samples, when it is let."""

    name = "slow"
    languages = frozenset({"en"})

    def __init__(self) -> None:
        self.loaded = 0
        self.go = threading.Event()

    def load(self) -> None:
        self.loaded += 1

    def hear(self, samples: NDArray[np.int16], language: str = "en", *, words: bool = False) -> Heard:
        self.go.wait(10)
        if len(samples) == 13:
            raise RuntimeError("bad luck")
        return Heard(str(len(samples)), 0.5)


@pytest.fixture
async def hearing(bus: Bus) -> AsyncIterator[MakeHearing]:
    made: list[Hearing] = []

    def make(ear: Ear | None) -> Hearing:
        made.append(Hearing(bus, workers=1, ear=ear))
        return made[-1]

    yield make
    for one in made:
        await one.stop()


async def ask(bus: Bus, samples: int = 0, language: str = "en") -> Understood:
    said = Said(np.zeros(samples, "<i2").tobytes(), language)
    return msgspec.msgpack.decode(await bus.request(SUBJECT, msgspec.msgpack.encode(said), 20), type=Understood)


async def test_words_come_back(bus: Bus, hearing: MakeHearing) -> None:
    """FLOW-106: what was said, how sure; made ready once; an ear that fails does no harm to the next."""
    ear = Slow()
    ear.go.set()
    await hearing(ear).start()
    for _ in range(3):
        assert await ask(bus) == Understood()
    assert await ask(bus, 160) == Understood("160", 0.5)
    assert (await ask(bus, 13)).error
    assert (await ask(bus, 40 * 8_000)).text == str(30 * 8_000)
    assert "fr" in (await ask(bus, 160, "fr")).error
    assert (await bus.request(SUBJECT, b"rubbish", 5)) != b""


async def test_too_many_at_once(bus: Bus, hearing: MakeHearing) -> None:
    """Who cannot be understood in time hears the question again, instead of a silence that grows."""
    ear = Slow()
    await hearing(ear).start()
    asked = [asyncio.create_task(ask(bus, 160)) for _ in range(MOST_WAITING + 4)]
    refused, _ = await asyncio.wait(asked, return_when=asyncio.FIRST_COMPLETED)
    assert all(one.result().error for one in refused)
    ear.go.set()
    answers = await asyncio.gather(*asked)
    assert sum(bool(one.error) for one in answers) == 4


async def test_nobody_listens(
    bus: Bus,
    hearing: MakeHearing,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """FLOW-106: without the extra it is said once in the log what to install, and answers are empty."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    await hearing(None).start()
    for _ in range(2):
        assert "switchroom[listen]" in (await ask(bus, 160)).error
    assert len([record for record in caplog.records if "switchroom[listen]" in record.getMessage()]) == 1
