"""More than two on a call: transfers by an agent, conferences, supervisors who listen and barge in."""

import asyncio

from playwright.async_api import Locator, expect

from tests.browser.people import client, instance_of
from tests.browser.telephony import (
    CALLER_HERTZ,
    MakeDesk,
    VoiceAgent,
    call_in,
    caller_hears,
    desks,
    quiet_site,
    site,
    telephone,
)
from tests.media.conftest import MakeTelephone
from tests.server import Server

__all__ = ["desks", "quiet_site", "site", "telephone"]


async def ask_in(agent: VoiceAgent, name: str) -> None:
    """Call somebody in by quick connect."""
    await agent.button("Quick connects").click()
    dialog = agent.page.get_by_role("dialog")
    await dialog.get_by_role("row").filter(has_text=name).get_by_text(name, exact=True).first.dblclick()
    await expect(dialog).to_have_count(0)


def party(agent: VoiceAgent, name: str) -> Locator:
    return agent.parties.filter(has_text=name)


async def test_a_warm_transfer(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-56, DESK-58, DESK-60, DESK-65, DESK-66: consult, join, leave; the customer and the colleague go on."""
    ana, ben = await desks("agent1", 1000), await desks("agent2", 1500)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await caller_hears(caller, ana.hertz)
    await ben.available()
    await ask_in(ana, "agent2")
    await expect(party(ana, "Customer")).to_contain_text("On hold")
    await ben.button("Accept call").click()
    await ana.hears(ben.hertz)
    await ben.hears(ana.hertz)
    await ben.hears_nothing_of(CALLER_HERTZ)
    await ana.button("Join").click()
    await ana.hears(ben.hertz, CALLER_HERTZ)
    await ben.hears(ana.hertz, CALLER_HERTZ)
    await caller_hears(caller, ben.hertz)
    await expect(ana.parties).to_have_count(3)
    await expect(ana.parties.first).to_contain_text("Customer")
    await ana.button("Leave call").click()
    await expect(ana.page.locator(".contact-bar")).to_contain_text("After contact work")
    await ben.hears(CALLER_HERTZ)
    await caller_hears(caller, ana.hertz, loud=False)
    await caller_hears(caller, ben.hertz)
    await ben.button("End call").click()
    await asyncio.wait_for(caller.over.wait(), 10)


async def test_a_cold_transfer(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-57, DESK-67, DESK-69: leaving while the customer is held connects the two; swap while there are three."""
    ana, ben = await desks("agent1", 1000), await desks("agent2", 1500)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await ben.available()
    await ask_in(ana, "agent2")
    await expect(ana.button("Quick connects")).to_be_disabled()
    await ben.button("Accept call").click()
    await ana.hears(ben.hertz)
    await ana.button("Swap").click()
    await caller_hears(caller, ana.hertz)
    await expect(party(ana, "Ben Okafor")).to_contain_text("On hold")
    await ana.button("Swap").click()
    await expect(party(ana, "Customer")).to_contain_text("On hold")
    await ana.button("Leave call").click()
    await caller_hears(caller, ben.hertz)
    await ben.hears(CALLER_HERTZ)
    await caller.hang_up()


async def test_to_a_queue(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-61: the transferring agent sees the call being placed; whoever is available is offered it."""
    ana, ben = await desks("agent1", 1000), await desks("agent2", 1500)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await ask_in(ana, "BasicQueue")
    await expect(party(ana, "BasicQueue")).to_be_visible()
    await ben.available()
    await ben.button("Accept call").click()
    await ana.hears(ben.hertz)
    await ana.button("Leave call").click()
    await caller_hears(caller, ben.hertz)
    await caller.hang_up()


async def test_an_outside_number_is_called_in_and_dropped(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-45, DESK-58, DESK-59, DESK-62, DESK-71: the number pad during a call; the party goes by its x."""
    ana = await desks("agent1", 1000)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await ana.button("More").click()
    await ana.page.get_by_role("menuitem", name="Number pad").click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_label("Number", exact=True).fill("+15550101")
    await dialog.get_by_label("Number", exact=True).press("Enter")
    third = party(ana, "+1 5550101")
    await expect(third).to_contain_text("Connected")
    await expect(party(ana, "Customer")).to_contain_text("On hold")
    await ana.button("Join").click()
    await expect(party(ana, "Customer")).to_contain_text("Connected")
    await ana.page.get_by_role("button", name="Disconnect +1 5550101").click()
    await expect(ana.parties).to_have_count(2)
    await caller_hears(caller, ana.hertz)
    await caller.hang_up()


async def test_equal_rights(desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-64, DESK-68, DESK-70: with the multi-party option the invited agent mutes, holds and drops the others."""
    ana, ben = await desks("agent1", 1000), await desks("agent2", 1500)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await ben.available()
    await ask_in(ana, "agent2")
    await ben.button("Accept call").click()
    await ana.button("Join").click()
    await expect(ben.parties).to_have_count(3)
    await ben.page.get_by_role("button", name="Mute Ana Silva").click()
    await expect(ana.button("Unmute")).to_be_visible()
    await caller_hears(caller, ana.hertz, loud=False)
    await ana.button("Unmute").click()
    await caller_hears(caller, ana.hertz)
    await ben.page.get_by_role("button", name="Hold Ana Silva").click()
    await caller_hears(caller, ana.hertz, loud=False)
    await ana.page.get_by_role("button", name="Resume You").click()
    await caller_hears(caller, ana.hertz)
    await ben.page.get_by_role("button", name="Disconnect Ana Silva").click()
    await expect(ana.page.locator(".contact-bar")).to_contain_text("After contact work")
    await caller_hears(caller, ben.hertz)
    await caller.hang_up()


async def test_a_supervisor_listens_and_barges_in(
    desks: MakeDesk, telephone: MakeTelephone, quiet_site: Server
) -> None:
    """DESK-151, DESK-174: silent, then heard by all; the agent keeps the microphone and the door; then gone."""
    ana, sam = await desks("agent1", 1000), await desks("supervisor", 2000)
    await ana.available()
    caller = await call_in(telephone)
    await ana.take()
    await caller_hears(caller, ana.hertz)
    connect, instance = client(quiet_site, "connect"), instance_of(quiet_site)
    users = {one["Username"]: one["Id"] for one in connect.list_users(InstanceId=instance)["UserSummaryList"]}
    desk = client(quiet_site, "switchroom")
    contacts = desk.get_agent_snapshot(InstanceId=instance, UserId=users["agent1"])["Snapshot"]["Contacts"]
    connect.monitor_contact(
        InstanceId=instance,
        ContactId=contacts[0]["ContactId"],
        UserId=users["supervisor"],
        AllowedMonitorCapabilities=["SILENT_MONITOR", "BARGE"],
    )
    await expect(sam.page.get_by_text("Monitoring Ana Silva")).to_be_visible()
    await sam.hears(CALLER_HERTZ, ana.hertz)
    await caller_hears(caller, sam.hertz, loud=False)
    await expect(ana.parties).to_have_count(2)
    await sam.button("Barge").click()
    await caller_hears(caller, sam.hertz)
    await expect(ana.parties.filter(has_text="Supervisor")).to_be_visible()
    await expect(ana.button("Mute")).to_be_enabled()
    await sam.page.get_by_role("button", name="Mute Ana Silva").click()
    await expect(ana.page.get_by_text("Muted by a supervisor")).to_be_visible()
    await expect(ana.button("Unmute")).to_be_disabled()
    await sam.button("Monitor").click()
    await caller_hears(caller, sam.hertz, loud=False)
    await sam.button("Stop monitoring").click()
    await expect(sam.page.get_by_role("heading", name="Welcome, Sam Visor")).to_be_visible()
    await caller.hang_up()
