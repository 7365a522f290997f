"""A real browser on the audio engine: its tone at the other leg, our tone in its ear, pictures, restarts."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Page

from switchroom.media.audio.tap import FrameQueue
from tests.media.webrtc.chromium import ORIGIN, calling_page, chromium_with_microphone, write_tone
from tests.media.webrtc.peers import Browser, strength, tone
from tests.media.webrtc.test_engine import PATIENCE, House, hears, house

__all__ = ["house"]
SPOKEN, PLAYED = 440.0, 1000.0

Open = Callable[[str], Awaitable[Page]]


@pytest.fixture
async def opened(house: House, chromium: str, tmp_path: Path) -> AsyncIterator[Open]:
    """Opens pages whose offers go to the leg that is named."""
    write_tone(tmp_path / "tone.wav", SPOKEN)
    async with chromium_with_microphone(chromium, tmp_path / "tone.wav") as context:

        async def open_page(leg: str) -> Page:
            page = await calling_page(context)
            await page.expose_function("exchange", partial(house.browsers.join, leg))
            await page.goto(ORIGIN)
            return page

        yield open_page


async def page_hears(page: Page, hertz: float) -> None:
    async with asyncio.timeout(PATIENCE):
        while True:
            loudest, above = await page.evaluate("hears()")
            if abs(loudest - hertz) < 15 and above > 30:
                return
            await asyncio.sleep(0.1)


async def sees(page: Page) -> None:
    """Until pictures move."""
    async with asyncio.timeout(PATIENCE):
        while True:
            width, frames = await page.evaluate("picture()")
            if width > 0 and frames > 10:
                return
            await asyncio.sleep(0.2)


async def test_a_browser_is_heard_and_hears(house: House, opened: Open) -> None:
    """CHAT-05: the microphone's known tone is found by correlation at the other leg; what is played is in its ear."""
    page, other = await opened("page"), Browser(600)
    try:
        await page.evaluate("call(false)")
        await house.hears_of("connected", "page")
        await house.join("other", other)
        await house.hears_of("connected", "other")
        house.engine.place("page", "room")
        house.engine.place("other", "room")
        await hears(other, SPOKEN)
        await page_hears(page, 600)
        house.engine.play("page", "prompt", [tone(PLAYED, 1.0)], loop=True)
        await page_hears(page, PLAYED)
        sent = house.engine.stats("page")
        assert sent.codec == "PCMU"
        assert sent.invalid == 0
    finally:
        await other.close()


async def test_an_ice_restart_keeps_the_sound(house: House, opened: Open) -> None:
    page = await opened("page")
    await page.evaluate("call(false)")
    await house.hears_of("connected", "page")
    house.engine.play("page", "prompt", [tone(PLAYED, 1.0)], loop=True)
    await page_hears(page, PLAYED)
    await page.evaluate("offer(true)")
    await asyncio.sleep(1.0)
    queue = FrameQueue()
    house.engine.tap("page", "from_leg", queue)
    frames = [await anext(queue) for _ in range(60)]
    assert np.median([strength(frame, SPOKEN) for frame in frames]) > 0.9
    await page_hears(page, PLAYED)
    assert house.told == [("connected", "page")]


async def test_keys_of_a_browser_arrive(house: House, opened: Open) -> None:
    page = await opened("page")
    await page.evaluate("call(false)")
    await house.hears_of("connected", "page")
    await page.evaluate("connection.getSenders()[0].dtmf.insertDTMF('42#', 120, 80)")
    async with asyncio.timeout(PATIENCE):
        while house.digits != "42#":
            await asyncio.sleep(0.05)


async def test_pictures_go_to_who_may_see_them(house: House, opened: Open) -> None:
    """CHAT-03, CHAT-06: video goes from the leg that may send to the other, and not back."""
    customer, agent = await opened("customer"), await opened("agent")
    house.browsers.show_video("call", [("customer", True), ("agent", False)])
    await customer.evaluate("call(true)")
    await agent.evaluate("call(true)")
    await house.hears_of("connected", "customer")
    await house.hears_of("connected", "agent")
    await sees(agent)
    assert (await customer.evaluate("picture()"))[1] == 0
    house.browsers.show_video("call", [("customer", True), ("agent", True)])
    await sees(customer)
    for _ in range(100):
        told = [one for one in await agent.evaluate("reports()") if one["type"] == "remote-inbound-rtp"]
        if any(one["kind"] == "video" for one in told):
            return
        await asyncio.sleep(0.2)
    raise AssertionError("the sender is not told how its pictures arrive")


async def test_a_page_that_goes_away_and_comes_back(house: House, opened: Open) -> None:
    page = await opened("page")
    await page.evaluate("call(false)")
    await house.hears_of("connected", "page")
    await page.evaluate("connection.close()")
    await house.hears_of("closed", "page")
    await page.reload()
    await page.evaluate("call(false)")
    await house.hears_of("again", "page")
    house.engine.play("page", "prompt", [tone(PLAYED, 1.0)], loop=True)
    await page_hears(page, PLAYED)
