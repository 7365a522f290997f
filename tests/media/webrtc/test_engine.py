"""Browser legs on the audio engine: two browsers in a room hear each other's tone, encrypted on the wire both ways."""

import asyncio
from collections.abc import AsyncIterator

import numpy as np
import pytest

from switchroom.media.audio.api import AudioEvent, Digit, UnknownLegError
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.webrtc.legs import BrowserLegs
from tests.media.webrtc.peers import Browser, strength

PATIENCE = 30


class House:
    """An engine with its browser legs; keeps what it is told."""

    def __init__(self) -> None:
        self.engine = AudioEngine(on_events=self._events, bind="127.0.0.1", ports=range(41000, 41400))
        self.told: list[tuple[str, ...]] = []
        self.digits = ""
        self.browsers = BrowserLegs(self.engine, self, addresses=["127.0.0.1"])
        self.engine.start()

    def _events(self, events: list[AudioEvent]) -> None:
        for event in events:
            if isinstance(event, Digit):
                self.digits += event.digit
            else:
                self.browsers.handle(event)

    def connected(self, leg: str, again: bool) -> None:
        self.told.append(("again" if again else "connected", leg))

    def lost(self, leg: str, reason: str) -> None:
        self.told.append(("lost", leg, reason))

    def closed(self, leg: str) -> None:
        self.told.append(("closed", leg))

    async def hears_of(self, *what: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while what not in self.told:
                await asyncio.sleep(0.02)

    async def join(self, leg: str, browser: Browser) -> None:
        await browser.answered(await self.browsers.join(leg, await browser.offer()))


@pytest.fixture
async def house() -> AsyncIterator[House]:
    found = House()
    yield found
    await asyncio.to_thread(found.engine.stop)


async def hears(browser: Browser, hertz: float) -> None:
    """Until a second of it is this tone."""
    async with asyncio.timeout(PATIENCE):
        while True:
            await asyncio.sleep(0.1)
            latest = np.concatenate([np.zeros(1, np.int16), *browser.heard[-50:]])
            if len(latest) >= 8000 and strength(latest, hertz) > 0.9:
                return


@pytest.mark.parametrize("codec", ["audio/PCMU", "audio/PCMA", "audio/opus"])
@pytest.mark.process
async def test_two_browsers_hear_each_other(house: House, codec: str) -> None:
    """CHAT-05: sound both ways, found again by correlation with what the other side said."""
    left, right = Browser(440, codec), Browser(1000)
    try:
        await house.join("left", left)
        await house.join("right", right)
        await house.hears_of("connected", "left")
        await house.hears_of("connected", "right")
        house.engine.place("left", "room")
        house.engine.place("right", "room")
        await hears(left, 1000)
        await hears(right, 440)
        assert house.engine.stats("left").invalid == 0
    finally:
        await left.close()
        await right.close()


@pytest.mark.process
async def test_a_leg_that_is_taken_over_keeps_its_room(house: House) -> None:
    left, right, returned = Browser(440), Browser(1000), Browser(600)
    try:
        for name, browser in (("left", left), ("right", right)):
            await house.join(name, browser)
            await house.hears_of("connected", name)
            house.engine.place(name, "room")
        await hears(right, 440)
        await left.close()
        await house.hears_of("closed", "left")
        await house.join("left", returned)
        await house.hears_of("again", "left")
        await hears(right, 600)
        await hears(returned, 1000)
    finally:
        for browser in (left, right, returned):
            await browser.close()


async def test_leaving_frees_the_leg(house: House) -> None:
    browser = Browser()
    try:
        await house.join("leg", browser)
        await house.hears_of("connected", "leg")
        house.browsers.leave("leg")
        assert "leg" not in house.browsers
        with pytest.raises(UnknownLegError):
            house.engine.stats("leg")
        async with asyncio.timeout(PATIENCE):
            while browser.connection.connectionState == "connected":
                await asyncio.sleep(0.05)
    finally:
        await browser.close()


async def test_an_offer_that_cannot_be_answered_leaves_nothing_open(house: House) -> None:
    with pytest.raises(ValueError, match="no"):
        await house.browsers.join("leg", "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n")
    with pytest.raises(UnknownLegError):
        house.engine.stats("leg")
