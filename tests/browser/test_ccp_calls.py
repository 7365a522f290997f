"""Calls in the embeddable panel, driven by the public library from another site, with real sound at both ends."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser.embedding import Embedder, approve
from tests.browser.embedding import site as crm_site
from tests.browser.people import client, instance_of, names
from tests.browser.telephony import (
    CALLER_HERTZ,
    HEARS,
    KEEP_CONNECTIONS,
    MICROPHONE,
    PATIENCE,
    MakeDesk,
    call_in,
    caller_hears,
    desks,
    quiet_site,
    site,
    telephone,
)
from tests.media.conftest import MakeTelephone, until
from tests.media.webrtc.chromium import write_tone
from tests.server import Server

__all__ = ["desks", "quiet_site", "site", "telephone"]

HERTZ = 1200.0
MENU = "+15550101"
STATE = "agent.getState()"
MakeCrm = Callable[..., Awaitable[Embedder]]


@pytest.fixture(scope="module")
def port() -> Iterator[int]:
    with crm_site() as found:
        yield found


@pytest.fixture
async def crm(chromium: str, tmp_path: Path, quiet_site: Server, port: int) -> AsyncIterator[MakeCrm]:
    """Makes pages of another site with the panel in them, a microphone that hears a tone, and an agent signed in."""
    origin = f"http://localhost:{port}"
    approve(quiet_site, origin)
    sound = tmp_path / "crm.wav"
    write_tone(sound, HERTZ)
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())

        async def make(user: str = "agent1", **options: Any) -> Embedder:
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=[*MICROPHONE, f"--use-file-for-fake-audio-capture={sound}"]
            )
            stack.push_async_callback(browser.close)
            page = await stack.enter_async_context(Embedder.open(browser, quiet_site, origin))
            await page.page.context.add_init_script(KEEP_CONNECTIONS)
            await page.embed(**options)
            await page.sign_in(user)
            return page

        yield make


async def hears(page: Embedder, hertz: float) -> None:
    """Wait until a tone is heard in the frame."""
    heard: list[float] = []
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        heard = await page.frame().evaluate(HEARS)
        if any(abs(one - hertz) < 15 for one in heard):
            return
        await asyncio.sleep(0.2)
    raise AssertionError(f"wanted {hertz}, heard {heard}")


async def legs(page: Embedder) -> list[str]:
    """The contact's connections as the library sees them."""
    found: list[str] = await page.get("contact.getConnections().map(one => `${one.getType()}:${one.getStatus().type}`)")
    return found


async def connection(page: Embedder, which: str, method: str, *given: Any) -> None:
    """A method of one of the contact's connections."""
    await page.page.evaluate(f"window.leg = contact.{which}")
    await page.call("leg", method, *given)


async def test_a_call_in_an_embedding_page(crm: MakeCrm, telephone: MakeTelephone) -> None:
    """DESK-154, DESK-155, DESK-160: ring, accept, hold, keys, mute, end, clear, with sound both ways."""
    page = await crm()
    await page.set_state("Available")
    caller = await call_in(telephone)
    await page.saw("onConnecting")
    assert (await page.get(STATE))["name"] == "PendingBusy"
    assert (await page.get(STATE))["type"] == "system"
    assert await legs(page) == ["agent:connecting", "inbound:connected"]
    assert await page.get("contact.isInbound() && contact.isSoftphoneCall()")
    assert await page.get("contact.getInitialConnection().getEndpoint().phoneNumber") == "+12065550142"
    assert (await page.get("contact.getAgentConnection().getSoftphoneMediaInfo()"))["callType"] == "audio_only"
    assert (await page.get("agent.getAvailabilityState()"))["state"] == "Available"

    await page.call("contact", "accept")
    await page.saw("onAccepted")
    await page.saw("onConnected")
    await page.saw("stateChange", "Busy")
    await caller_hears(caller, HERTZ)
    await hears(page, CALLER_HERTZ)
    assert await legs(page) == ["agent:connected", "inbound:connected"]

    await connection(page, "getInitialConnection()", "hold")
    await page.until("contact.getInitialConnection().isOnHold()")
    await caller_hears(caller, HERTZ, loud=False)
    await connection(page, "getAgentConnection()", "resume")
    await page.until("!contact.getInitialConnection().isOnHold()")
    await caller_hears(caller, HERTZ)

    await page.get("agent.mute()")
    assert await page.saw("onMuteToggle", "true") == {"muted": True}
    await caller_hears(caller, HERTZ, loud=False)
    await page.get("agent.unmute()")
    await page.until("!contact.getAgentConnection().isMute()")
    await caller_hears(caller, HERTZ)

    await connection(page, "getInitialConnection()", "sendDigits", "42#")
    await until(lambda: caller.heard.keys == ["4", "2", "#"])

    await connection(page, "getAgentConnection()", "destroy")
    await asyncio.wait_for(caller.over.wait(), 10)
    await page.saw("onACW")
    await page.saw("onAfterCallWork")
    assert (await page.get(STATE))["name"] == "AfterCallWork"
    await page.call("contact", "clear")
    await page.saw("onDestroy")
    await page.saw("stateChange", "Available")
    order = ["onConnecting", "onConnected", "onACW", "onEnded", "onDestroy"]
    assert [name for name in await page.names() if name in order] == order


async def test_calling_out(crm: MakeCrm) -> None:
    """DESK-154, DESK-155: `agent.connect` with a number; the state says that the customer is called."""
    page = await crm()
    dialled = await page.call("agent", "connect", {"type": "phone_number", "phoneNumber": MENU})
    await page.saw("contact", dialled["contactId"])
    await page.saw("stateChange", "CallingCustomer")
    await page.saw("onConnected")
    assert await page.get("contact.isInbound()") is False
    assert await page.get("contact.getInitialConnection().getEndpoint().phoneNumber") == MENU
    await page.until("contact.getInitialConnection().isConnected()")
    await page.call("contact", "complete")
    await page.saw("onDestroy")
    refused = await page.refused("agent", "connect", {"type": "phone_number", "phoneNumber": "+861012345678"})
    assert refused["type"] == "BadEndpointException"


async def test_a_third_party(crm: MakeCrm, desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-154, DESK-155: another agent joins by quick connect; swap, join, drop."""
    page = await crm()
    await page.set_state("Available")
    caller = await call_in(telephone)
    await page.saw("onConnecting")
    await page.call("contact", "accept")
    await page.saw("onConnected")
    colleague = await desks("agent2", 1000)
    await colleague.available()
    endpoints = (await page.call("agent", "getEndpoints", await page.get("agent.getAllQueueARNs()")))["endpoints"]
    await page.call("contact", "addConnection", next(one for one in endpoints if one["name"] == "agent2"))
    await colleague.button("Accept call").click()
    await hears(page, colleague.hertz)
    await page.until("contact.getSingleActiveThirdPartyConnection().isConnected()")
    assert await page.get("contact.getInitialConnection().isOnHold()")

    await page.call("contact", "toggleActiveConnections")
    await page.until("contact.getSingleActiveThirdPartyConnection().isOnHold()")
    assert await page.get("contact.getInitialConnection().getStatus().type") == "connected"
    await caller_hears(caller, HERTZ)
    await page.call("contact", "conferenceConnections")
    await page.until("contact.getConnections().every(one => !one.isOnHold())")
    await caller_hears(caller, colleague.hertz)
    await connection(page, "getSingleActiveThirdPartyConnection()", "destroy")
    await page.until("contact.getThirdPartyConnections().length === 0")
    assert await page.get("contact.isConnected()")
    await page.call("contact", "complete")
    await page.saw("onDestroy")


async def test_a_call_nobody_takes(crm: MakeCrm, telephone: MakeTelephone) -> None:
    """DESK-154: rejected, it is missed for the agent, who is in an error state until it is cleared."""
    page = await crm()
    await page.set_state("Available")
    caller = await call_in(telephone)
    await page.saw("onConnecting")
    await page.call("contact", "reject")
    await page.saw("onMissed")
    await page.saw("stateChange", "MissedCallAgent")
    await page.saw("onError")
    await caller.hang_up()
    await page.call("contact", "clear")
    await page.saw("stateChange", "Available")


async def test_the_sound_is_elsewhere(crm: MakeCrm, desks: MakeDesk, telephone: MakeTelephone) -> None:
    """DESK-156: a panel without sound steers the call whose sound is on another machine."""
    page = await crm(softphone={"allowFramedSoftphone": False})
    machine = await desks("agent1", 1000)
    await machine.available()
    caller = await call_in(telephone)
    await page.saw("onConnecting")
    await page.call("contact", "accept")
    await page.saw("onConnected")
    await caller_hears(caller, machine.hertz)
    await machine.hears(CALLER_HERTZ)
    assert await page.frame().evaluate("window.connections.length") == 0
    await connection(page, "getInitialConnection()", "hold")
    await expect(machine.button("Resume")).to_be_visible()
    await connection(page, "getAgentConnection()", "destroy")
    await asyncio.wait_for(caller.over.wait(), 10)
    await page.saw("onACW")


async def test_a_supervisor_in_an_embedding_page(
    crm: MakeCrm, desks: MakeDesk, telephone: MakeTelephone, quiet_site: Server
) -> None:
    """DESK-151, DESK-154: a monitored call shows as a monitoring connection; barge in and back."""
    agent = await desks("agent1", 1000)
    await agent.available()
    page = await crm("supervisor")
    caller = await call_in(telephone)
    await agent.take()
    users = names(quiet_site, "list_users", "UserSummaryList")
    snapshot = client(quiet_site, "switchroom").get_agent_snapshot(
        InstanceId=instance_of(quiet_site), UserId=users["agent1"]
    )["Snapshot"]
    client(quiet_site, "connect").monitor_contact(
        InstanceId=instance_of(quiet_site),
        ContactId=snapshot["Contacts"][0]["ContactId"],
        UserId=users["supervisor"],
        AllowedMonitorCapabilities=["SILENT_MONITOR", "BARGE"],
    )
    await page.saw("contact")
    await page.until("contact.getAgentConnection()?.getType() === 'monitoring'")
    assert await page.get("contact.getAgentConnection().isSilentMonitor()")
    assert await page.get("contact.getAgentConnection().isBargeEnabled()")
    assert (await page.get(STATE))["type"] != "system"
    await hears(page, CALLER_HERTZ)
    await page.call("contact", "bargeIn")
    await page.until("contact.getAgentConnection().isBarge()")
    await caller_hears(caller, HERTZ)
    await page.call("contact", "silentMonitor")
    await caller_hears(caller, HERTZ, loud=False)
    await connection(page, "getAgentConnection()", "destroy")
    await caller.hang_up()
