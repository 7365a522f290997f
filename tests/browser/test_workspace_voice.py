"""The agent's telephone in the workspace: real calls, a real microphone, sound found again at the other end."""

import asyncio
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import expect

from tests.browser.people import choose, client, instance_of
from tests.browser.telephony import (
    CALLER_HERTZ,
    MakeDesk,
    call_in,
    caller_hears,
    desks,
    quiet_site,
    site,
    telephone,
)
from tests.media.conftest import MakeTelephone, until
from tests.server import Server

__all__ = ["desks", "quiet_site", "site", "telephone"]


async def test_a_call_from_ring_to_cleared(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-21, DESK-34, DESK-41, DESK-42, DESK-43, DESK-44, DESK-74: ring, talk, hold, mute, keys, end, clear."""
    agent = await desks("agent1", 1000)
    await agent.available()
    caller = await call_in(telephone)
    offer = agent.page.get_by_role("region", name="Incoming call")
    await expect(offer).to_contain_text("+1 206 555 0142")
    await expect(agent.button("Reject")).to_be_visible()
    await agent.take()
    await caller_hears(caller, agent.hertz)
    await agent.hears(CALLER_HERTZ)
    await expect(agent.panel.get_by_role("button", name="Good")).to_be_visible()
    await expect(agent.parties.first).to_contain_text("Customer")

    await agent.button("Hold").click()
    await expect(agent.parties.first).to_contain_text("On hold")
    await caller_hears(caller, agent.hertz, loud=False)
    await agent.hears_nothing_of(CALLER_HERTZ)
    await agent.button("Resume").click()
    await caller_hears(caller, agent.hertz)

    await agent.page.keyboard.press("m")
    await expect(agent.button("Unmute")).to_be_visible()
    await caller_hears(caller, agent.hertz, loud=False)
    await agent.page.keyboard.press("m")
    await expect(agent.button("Mute")).to_be_visible()

    await agent.button("Keypad").click()
    await agent.page.get_by_role("button", name="5 JKL").click()
    await agent.page.keyboard.type("9#")
    await until(lambda: caller.heard.keys == ["5", "9", "#"])

    await agent.button("End call").click()
    await asyncio.wait_for(caller.over.wait(), 10)
    await expect(agent.page.locator(".contact-bar")).to_contain_text("After contact work")
    await agent.button("Clear contact").click()
    await expect(agent.page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()


async def test_the_page_goes_and_comes_back(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-11, DESK-15: a reload in the middle of a call; the customer stays, the sound returns."""
    agent = await desks("agent1", 1000)
    await agent.available()
    caller = await call_in(telephone)
    await agent.take()
    await caller_hears(caller, agent.hertz)
    await agent.page.reload()
    await expect(agent.button("Hold")).to_be_enabled()
    await caller_hears(caller, agent.hertz)
    assert not caller.over.is_set()
    await caller.hang_up()
    await expect(agent.page.locator(".contact-bar")).to_contain_text("After contact work")


async def test_two_windows_one_sound(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-172: both windows steer the call, one carries its sound, and it can be moved."""
    agent = await desks("agent1", 1000)
    await agent.available()
    second = await agent.page.context.new_page()
    await second.goto(agent.page.url)
    caller = await call_in(telephone)
    await agent.take()
    await caller_hears(caller, agent.hertz)
    await expect(second.get_by_text("The sound of this call is in another window")).to_be_visible()
    await second.get_by_role("button", name="Hold", exact=True).click()
    await expect(agent.button("Resume")).to_be_visible()
    await second.get_by_role("button", name="Resume", exact=True).click()
    await second.get_by_role("button", name="Use the sound here").click()
    await expect(agent.page.get_by_text("The sound of this call is in another window")).to_be_visible()
    await agent.page.close()
    await caller_hears(caller, agent.hertz)
    await caller.hang_up()


async def test_two_browsers_one_sound(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-15, DESK-172: a page opened elsewhere takes the sound over; the first page knows, and takes it back."""
    first = await desks("agent1", 1000)
    await first.available()
    caller = await call_in(telephone)
    await first.take()
    await caller_hears(caller, first.hertz)
    second = await desks("agent1", 1500)
    await caller_hears(caller, second.hertz)
    await expect(first.page.get_by_text("The sound of this call is in another window")).to_be_visible()
    await first.button("Use the sound here").click()
    await caller_hears(caller, first.hertz)
    await caller_hears(caller, second.hertz, loud=False)
    await expect(second.page.get_by_text("The sound of this call is in another window")).to_be_visible()
    await caller.hang_up()


async def test_a_rejected_call_is_missed_and_cleared(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-36, DESK-37: it keeps its slot until it is cleared; the caller goes back to the queue and rings again."""
    agent = await desks("agent1", 1000)
    await agent.available()
    caller = await call_in(telephone)
    await agent.button("Reject").click()
    await expect(agent.page.get_by_text("Missed call").first).to_be_visible()
    await agent.button("Clear contact").click()
    await agent.take()
    await caller_hears(caller, agent.hertz)
    await caller.hang_up()


async def test_auto_accept(desks: MakeDesk, telephone: MakeTelephone, quiet_site: Server) -> None:
    """DESK-38: the call connects by itself."""
    connect, instance = client(quiet_site, "connect"), instance_of(quiet_site)
    users = connect.list_users(InstanceId=instance)["UserSummaryList"]
    named = {"InstanceId": instance, "UserId": next(one["Id"] for one in users if one["Username"] == "agent1")}
    soft = {"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 0}
    connect.update_user_phone_config(**named, PhoneConfig={**soft, "AutoAccept": True})
    try:
        agent = await desks("agent1", 1000)
        await agent.available()
        caller = await call_in(telephone)
        await caller_hears(caller, agent.hertz)
        await expect(agent.button("Hold")).to_be_enabled()
        await caller.hang_up()
    finally:
        connect.update_user_phone_config(**named, PhoneConfig={**soft, "AutoAccept": False})


async def test_calling_out(desks: MakeDesk) -> None:
    """FLOW-74, DESK-24, DESK-46, DESK-47, DESK-49, DESK-53, DESK-54, DESK-55: number pad, quick connect; agents, queues
    are not offered for a plain call; what is no number is refused."""
    agent = await desks("agent1", 1000)
    page = agent.page
    await agent.button("Number pad").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Number", exact=True).fill("12")
    await dialog.get_by_role("button", name="Call", exact=True).click()
    await expect(dialog.get_by_text("This is not a phone number of that country.")).to_be_visible()
    await dialog.get_by_label("Number", exact=True).fill("+15550101")
    await dialog.get_by_role("button", name="Call", exact=True).click()
    await expect(agent.button("Hold")).to_be_enabled()
    await expect(agent.parties.first).to_contain_text("+1 5550101")
    await agent.button("End call").click()
    await agent.button("Clear contact").click()

    await agent.button("Quick connects").click()
    await expect(dialog.get_by_role("row").filter(has_text="Sample menu")).to_be_visible()
    await expect(dialog.get_by_role("row").filter(has_text="agent2")).to_have_count(0)
    await expect(dialog.get_by_role("row").filter(has_text="BasicQueue")).to_have_count(0)
    await expect(dialog.get_by_label("Number", exact=True)).to_be_visible()
    await dialog.get_by_placeholder("Find quick connects").fill("sample")
    await page.keyboard.press("Enter")
    await expect(agent.button("Hold")).to_be_enabled()
    await agent.button("End call").click()
    await agent.button("Clear contact").click()


@contextmanager
def permissions(server: Server, change: Callable[[set[str]], set[str]]) -> Iterator[None]:
    """Other permissions of the Agent security profile for a while."""
    connect, instance = client(server, "connect"), instance_of(server)
    profiles = connect.list_security_profiles(InstanceId=instance)["SecurityProfileSummaryList"]
    named = {
        "InstanceId": instance,
        "SecurityProfileId": next(one["Id"] for one in profiles if one["Name"] == "Agent"),
    }
    before = set(connect.list_security_profile_permissions(**named, MaxResults=1000)["Permissions"])
    connect.update_security_profile(**named, Permissions=sorted(change(before)))
    try:
        yield
    finally:
        connect.update_security_profile(**named, Permissions=sorted(before))


async def test_audio_devices(desks: MakeDesk, telephone: MakeTelephone, quiet_site: Server) -> None:
    """DESK-80, DESK-81, DESK-83: with the permission; each with a test; another microphone counts at once."""
    with permissions(quiet_site, lambda held: held | {"AudioDeviceSettings.Access"}):
        agent = await desks("agent1", 1000)
        await agent.available()
        caller = await call_in(telephone)
        await agent.take()
        await caller_hears(caller, agent.hertz)
        await agent.button("Settings").click()
        dialog = agent.page.get_by_role("dialog")
        for name in ("Microphone", "Speaker", "Ringer"):
            await expect(dialog.get_by_label(name, exact=True).first).to_be_visible()
        await dialog.get_by_role("button", name="Test: Microphone").click()
        await expect(dialog.get_by_text("Speak now: the bar should move.")).to_be_visible()
        await dialog.get_by_role("button", name="Stop: Microphone").click()
        await choose(dialog.get_by_label("Microphone", exact=True), "Fake Audio Input 2")
        await choose(dialog.get_by_label("Ringer", exact=True), "Fake Audio Output 1")
        await dialog.get_by_role("button", name="Close", exact=True).last.click()
        await agent.page.wait_for_function(
            "connections.at(-1).getSenders()[0].track.label === 'Fake Audio Input 2'", timeout=15_000
        )
        await caller_hears(caller, agent.hertz)
        await caller.hang_up()


async def test_who_may_not_call_out(desks: MakeDesk, quiet_site: Server) -> None:
    """DESK-50: the reason is said before a number is typed."""
    with permissions(quiet_site, lambda held: held - {"OutboundCallAccess"}):
        agent = await desks("agent1", 1000)
        await agent.button("Number pad").click()
        told = "Your security profile does not include Make outbound calls."
        await expect(agent.page.get_by_role("dialog").get_by_text(told).last).to_be_visible()
        await expect(agent.page.get_by_role("dialog").get_by_label("Number", exact=True)).to_have_count(0)


async def test_settings(desks: MakeDesk, tmp_path: Path) -> None:
    """DESK-77, DESK-81, DESK-162, DESK-163: desk phone with its number, kept; devices only by permission; the log."""
    agent = await desks("agent1", 1000)
    page = agent.page
    await agent.available()
    await agent.button("Settings").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_text("Audio devices")).to_have_count(0)
    await dialog.get_by_text("Desk phone", exact=True).click()
    await dialog.get_by_label("Number", exact=True).fill("911")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("This is not a phone number of that country.")).to_be_visible()
    await dialog.get_by_label("Number", exact=True).fill("(206) 555-0199")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Saved")).to_be_visible()
    await page.reload()
    await agent.button("Settings").click()
    await expect(dialog.get_by_text("Calls go to +1 206 555 0199.")).to_be_visible()
    await dialog.get_by_text("Softphone", exact=True).click()
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog.get_by_text("Saved")).to_be_visible()
    async with page.expect_download() as waiting:
        await dialog.get_by_role("button", name="Download logs").click()
    saved = await waiting.value
    assert saved.suggested_filename == "agent-log.txt"
    await saved.save_as(tmp_path / "agent-log.txt")
    entries = [json.loads(line) for line in (tmp_path / "agent-log.txt").read_text().splitlines()]
    assert {"Snapshot", "UpdateAgentPhone"} <= {entry["text"] for entry in entries}
    assert all({"time", "level", "text"} <= entry.keys() for entry in entries)
