"""The contact page plays what was said; the eye of a supervisor; the settings of the instance."""

import asyncio
import time
import wave
from pathlib import Path

import numpy as np
import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.people import sign_in
from tests.media.caller import tone
from tests.media.conftest import MakeTelephone, site, telephone
from tests.server import Server
from tests.wire.test_calls import AGENT_HERTZ, Person, finish, talking

__all__ = ["site", "telephone"]

PAINTED = """(canvas) => {
  const {width, height} = canvas;
  const data = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  const lanes = [new Set(), new Set()];
  for (let y = 0; y < height; y++) for (let x = 0; x < width * 0.9; x++) {
    const at = 4 * (y * width + x);
    if (data[at + 3] > 60) lanes[y < height / 2 ? 0 : 1].add(x);
  }
  return lanes.map((lane) => lane.size / width);
}"""


@pytest.fixture
def agent(site: Server) -> Person:
    return Person(site, "agent1", AGENT_HERTZ)


async def recorded(agent: Person, telephone: MakeTelephone, number: str) -> str:
    """A recorded call of some seconds that is over: the contact."""
    caller, contact = await talking(agent, telephone, number)
    named = {"InstanceId": agent.instance, "ContactId": contact, "InitialContactId": contact}

    def record() -> None:
        if "Recording" not in (agent.contact(contact) or {})["Call"]:
            agent.connect.start_contact_recording(**named, VoiceRecordingConfiguration={"VoiceRecordingTrack": "ALL"})

    await asyncio.to_thread(record)
    await asyncio.sleep(4)
    await caller.hang_up()
    return contact


async def seconds(page: Page) -> float:
    """Where the player is."""
    return float(await page.get_by_role("slider", name="Position in the recording").get_attribute("aria-valuenow") or 0)


async def test_a_recording_is_played(
    browser: Browser, site: Server, agent: Person, telephone: MakeTelephone, tmp_path: Path
) -> None:
    """QUAL-134, QUAL-136, QUAL-138, QUAL-140, QUAL-141: not ready during after contact work; then a player with both
    sides drawn, seeking, speed, volumes, keyboard, download; deleted for good."""
    contact = await recorded(agent, telephone, "+15550171")
    page = await sign_in(browser, site, "admin", f"/#/contacts/{contact}")
    await expect(page.get_by_text("The recording is not ready yet.")).to_be_visible()
    await finish(agent, contact)
    player = page.get_by_role("region", name="Recording player")
    for _ in range(20):
        await page.get_by_role("button", name="Refresh").first.click()
        await asyncio.sleep(0.5)
        if await player.count():
            break
    slider = page.get_by_role("slider", name="Position in the recording")
    await expect(slider).to_be_visible()
    await expect(slider).not_to_have_attribute("aria-valuemax", "0")
    canvas = player.locator("canvas")
    for _ in range(20):
        customer, agents = await canvas.evaluate(PAINTED)
        if customer > 0.3 and agents > 0.3:
            break
        await asyncio.sleep(0.25)
    assert customer > 0.3
    assert agents > 0.3
    length = float(await slider.get_attribute("aria-valuemax") or 0)
    assert 3 <= length <= 30

    await slider.focus()
    await page.keyboard.press("End")
    assert await seconds(page) == length
    await page.keyboard.press("Home")
    assert await seconds(page) == 0
    box = await slider.bounding_box()
    assert box is not None
    await page.mouse.click(box["x"] + box["width"] / 2, box["y"] + 20)
    assert abs(await seconds(page) - length / 2) <= 1

    await page.keyboard.press("Home")
    await player.get_by_role("button", name="Play").click()
    await expect(player.get_by_role("button", name="Pause")).to_be_visible()
    await expect(slider).to_have_attribute("aria-valuenow", "1")
    await page.get_by_role("slider", name="Position in the recording").press(" ")
    await expect(player.get_by_role("button", name="Play")).to_be_visible()
    await player.get_by_role("button", name="Speed").click()
    await page.get_by_role("option", name="2×").click()
    await player.get_by_label("Volume: Customer (left)").fill("0")
    await player.get_by_label("Both sides in both ears").check()
    await player.get_by_role("button", name="Forward 10 seconds").click()
    assert await seconds(page) == min(length, 11)

    async with page.expect_download() as waiting:
        await player.get_by_role("button", name="Download").click()
    saved = await waiting.value
    assert saved.suggested_filename == f"{contact}.wav"
    await saved.save_as(tmp_path / "saved.wav")
    assert (tmp_path / "saved.wav").read_bytes()[:4] == b"RIFF"

    await player.get_by_role("button", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("The recording was deleted. Deleted by admin")).to_be_visible()
    await expect(player).to_have_count(0)


async def test_an_hour_is_read_in_parts(
    browser: Browser, site: Server, agent: Person, telephone: MakeTelephone
) -> None:
    """QUAL-136, QUAL-137: more than one answer holds; played from the beginning, and near the end at once."""
    contact = await recorded(agent, telephone, "+15550173")
    await finish(agent, contact)
    await asyncio.to_thread(lengthen, site, contact, 600)
    page = await sign_in(browser, site, "admin", f"/#/contacts/{contact}")
    slider = page.get_by_role("slider", name="Position in the recording")
    await expect(slider).to_have_attribute("aria-valuemax", "600")
    await page.get_by_role("button", name="Play").click()
    await expect(slider).to_have_attribute("aria-valuenow", "1")
    await slider.focus()
    await page.keyboard.press("End")
    await expect(page.get_by_role("button", name="Play")).to_be_visible()
    await page.keyboard.press("ArrowLeft")
    await expect(slider).to_have_attribute("aria-valuenow", "590")
    await page.keyboard.press(" ")
    await expect(slider).to_have_attribute("aria-valuenow", "592")
    canvas = page.get_by_role("region", name="Recording player").locator("canvas")
    for _ in range(40):
        customer, agents = await canvas.evaluate(PAINTED)
        if customer > 0.8 and agents > 0.8:
            return
        await asyncio.sleep(0.25)
    raise AssertionError(f"the wave is not whole: {customer}, {agents}")


def lengthen(server: Server, contact: str, seconds: int) -> None:
    """Put a long sound where the recording of a contact is."""
    for _ in range(100):
        if files := list((server.data / "objects").rglob(f"{contact}_*.wav")):
            break
        time.sleep(0.1)
    sound = np.column_stack([tone(700, seconds=1.0), tone(440, seconds=1.0)]).astype("<i2").tobytes()
    with wave.open(str(files[0]), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(sound * seconds)


async def test_a_supervisor_uses_the_eye(
    browser: Browser, site: Server, agent: Person, telephone: MakeTelephone
) -> None:
    """QUAL-117, QUAL-126: from the real-time page into the supervisor's own workspace; metrics say what goes on."""
    caller, contact = await talking(agent, telephone, "+15550172")
    page = await sign_in(browser, site, "supervisor", "/#/realtime")
    row = page.get_by_role("row").filter(has_text="agent1")
    await expect(row).to_contain_text("Connected")
    async with page.expect_popup() as opened:
        await row.get_by_role("button", name="Monitor").click()
    workspace = await opened.value
    await expect(page.get_by_text("Monitoring has begun.")).to_be_visible()
    assert workspace.url.endswith("/workspace")
    watching = await asyncio.to_thread(lambda: Person(site, "supervisor", 0).contact())
    assert watching is not None
    assert watching["Monitoring"]["MonitoredContactId"] == contact
    await expect(page.get_by_role("row").filter(has_text="supervisor")).to_contain_text("Monitoring")
    await expect(row).to_contain_text("Connected")
    await caller.hang_up()
    await finish(agent, contact)


async def test_an_administrator_turns_switches(browser: Browser, site: Server) -> None:
    """BASE-196, NUM-52: kept, and there after a reload."""
    page = await sign_in(browser, site, "admin", "/#/instance")
    await expect(page.get_by_role("heading", name="Instance settings")).to_be_visible()
    toggle = page.get_by_label("Multi-party calls")
    await expect(toggle).to_be_checked()
    await toggle.uncheck()
    await page.get_by_label("Prefixes that may not be called").fill("+447, +8170")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved.", exact=True)).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("Multi-party calls")).not_to_be_checked()
    await expect(page.get_by_label("Prefixes that may not be called")).to_have_value("+447 +8170")
    await page.get_by_label("Multi-party calls").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The settings are saved.", exact=True)).to_be_visible()


async def test_the_settings_are_not_for_everybody(browser: Browser, site: Server) -> None:
    """NUM-52: a supervisor neither finds nor opens them."""
    page = await sign_in(browser, site, "supervisor", "/#/instance")
    await expect(page.get_by_text("Instance settings")).to_have_count(0)
