"""The widget's telephone in Chromium: a customer calls from a web page, is heard, hears, presses keys, is seen."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import BrowserContext, Page, expect

from tests.browser.people import Agent, client, instance_of, names
from tests.media.webrtc.chromium import chromium_with_microphone, write_tone
from tests.media.webrtc.people import Desk
from tests.media.webrtc.test_engine import hears
from tests.server import Server

pytestmark = [pytest.mark.process, pytest.mark.browser]
SPOKEN = 440.0


@pytest.fixture
async def context(chromium: str, tmp_path: Path) -> AsyncIterator[BrowserContext]:
    write_tone(tmp_path / "tone.wav", SPOKEN)
    async with chromium_with_microphone(chromium, tmp_path / "tone.wav") as context:
        context.set_default_timeout(30_000)
        yield context


@pytest.fixture
async def desk(site: Server) -> AsyncIterator[Desk]:
    desk = Desk(site)
    await desk.status("Available")
    yield desk
    await desk.close()


async def press(page: Page, name: str) -> None:
    await page.get_by_role("button", name=name, exact=True).click()


async def arrive(context: BrowserContext, site: Server) -> Page:
    """The test page with its call panel open."""
    page = await context.new_page()
    await page.goto(site.url + "/test-chat")
    await press(page, "Call us")
    return page


async def test_a_customer_calls_from_a_page(site: Server, desk: Desk, context: BrowserContext) -> None:
    """CHAT-01, CHAT-02, CHAT-05, CHAT-07: by microphone to an agent; a key; muted and not; hung up."""
    page = await arrive(context, site)
    await press(page, "Start a call")
    await expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    await press(page, "Keypad")
    await press(page, "1")
    await desk.take()
    await hears(desk.headset, SPOKEN)
    await expect(page.get_by_text("Good connection")).to_be_visible(timeout=30_000)
    await press(page, "Mute")
    async with asyncio.timeout(30):
        while abs(desk.headset.heard[-1]).max() > 50:
            await asyncio.sleep(0.1)
    await press(page, "Unmute")
    await hears(desk.headset, SPOKEN)
    await press(page, "Hang up")
    await expect(page.get_by_text("The call has ended.")).to_be_visible()
    await desk.contact("ENDED")


async def test_a_page_that_is_loaded_again_is_back_in_its_call(
    site: Server, desk: Desk, context: BrowserContext
) -> None:
    page = await arrive(context, site)
    await press(page, "Start a call")
    await expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    await press(page, "Keypad")
    await press(page, "1")
    contact = await desk.take()
    await hears(desk.headset, SPOKEN)
    await page.reload()
    await expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    desk.headset.heard.clear()
    await hears(desk.headset, SPOKEN)
    assert (await desk.contact("CONNECTED"))["ContactId"] == contact["ContactId"]
    await desk.ask("end_contact", ContactId=contact["ContactId"])
    await expect(page.get_by_text("The call has ended.")).to_be_visible(timeout=30_000)


async def test_a_video_call_shows_ones_own_picture(site: Server, desk: Desk, context: BrowserContext) -> None:
    """CHAT-03, CHAT-06: the camera is off until it is turned on, and off again."""
    page = await arrive(context, site)
    await press(page, "Start a video call")
    await expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    own = page.get_by_label("Your picture")
    await expect(own).to_be_hidden()
    await press(page, "Turn camera on")
    await expect(own).to_be_visible()
    await press(page, "Turn camera off")
    await expect(own).to_be_hidden()
    await press(page, "Hang up")


async def test_both_see_each_other(site: Server, context: BrowserContext) -> None:
    """CHAT-03, CHAT-06, CHAT-09: an agent with the permission sees the customer at the workspace, and is seen."""
    allow_video(site)
    assert context.browser is not None
    agent = await Agent.arrive(context.browser, site)
    await agent.available()
    page = await arrive(context, site)
    await press(page, "Start a video call")
    await expect(page.get_by_text("Connected", exact=True)).to_be_visible(timeout=30_000)
    await press(page, "Turn camera on")
    await press(page, "Keypad")
    await press(page, "1")
    await agent.button("Accept call").first.click(timeout=30_000)
    await expect(agent.page.get_by_label("Video of the customer")).to_be_visible(timeout=30_000)
    await agent.button("Turn camera on").click()
    await expect(page.get_by_label("The agent's picture")).to_be_visible(timeout=30_000)
    await moving(agent.page, "Video of the customer")
    await moving(page, "The agent's picture")
    await press(page, "Hang up")
    desk = Desk(site)
    await desk.contact("ENDED")
    await desk.close()


def allow_video(site: Server) -> None:
    """Agents may be seen."""
    connect, instance = client(site, "connect"), instance_of(site)
    profile = {
        "InstanceId": instance,
        "SecurityProfileId": names(site, "list_security_profiles", "SecurityProfileSummaryList")["Agent"],
    }
    have = connect.list_security_profile_permissions(**profile, MaxResults=1000)["Permissions"]
    connect.update_security_profile(**profile, Permissions=[*have, "VideoContact.Access"])


async def moving(page: Page, label: str) -> None:
    """Until the picture has shown ten frames."""
    async with asyncio.timeout(30):
        while await page.get_by_label(label).evaluate("video => video.getVideoPlaybackQuality().totalVideoFrames") < 10:
            await asyncio.sleep(0.2)
