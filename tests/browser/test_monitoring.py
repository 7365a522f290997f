"""A supervisor reads a chat along, takes part, and steps back (QUAL-116..124); its transcript is saved (QUAL-139)."""

import asyncio

from playwright.async_api import Browser, expect

from tests.browser.people import Agent, Customer, sign_in
from tests.server import Server


async def test_a_chat_is_read_along_and_joined(browser: Browser, centre: Server) -> None:
    """QUAL-116, QUAL-118, QUAL-120, QUAL-123, QUAL-124: unseen first, then seen and heard by all, then gone."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.begin()
    await agent.button("Accept chat").click()
    await customer.say("Hello, is anybody there?")
    await expect(agent.log).to_contain_text("is anybody there?")

    page = await sign_in(browser, centre, "supervisor", "/#/realtime")
    row = page.get_by_role("row").filter(has_text="agent1")
    async with page.expect_popup() as opened:
        await row.get_by_role("button", name="Monitor").click()
    workspace = await opened.value
    log = workspace.get_by_role("log")
    await expect(log).to_contain_text("is anybody there?")
    await customer.say("I am waiting")
    await expect(log).to_contain_text("I am waiting")
    box = workspace.get_by_label("Type a message and press Enter to send")
    await expect(box).to_have_count(0)
    await expect(agent.log).not_to_contain_text("Sam")

    await workspace.get_by_role("button", name="Barge").click()
    await box.fill("This is the supervisor speaking")
    await box.press("Enter")
    await expect(customer.log).to_contain_text("This is the supervisor speaking")
    await expect(agent.log).to_contain_text("This is the supervisor speaking")
    await expect(page.get_by_role("row").filter(has_text="supervisor")).to_contain_text("Barged in")

    await workspace.get_by_role("button", name="Stop monitoring").click()
    await expect(log).to_have_count(0)
    await agent.say("I am still here")
    await expect(customer.log).to_contain_text("I am still here")
    await agent.button("End chat").click()
    await agent.button("Clear contact").click()

    await page.goto(f"{centre.url}/#/contacts")
    await page.get_by_role("button", name="Search", exact=True).click()
    row = page.get_by_role("row").filter(has_text="agent1").filter(has_text="Chat").first
    await row.get_by_role("link").first.click()
    download = page.get_by_role("button", name="Download transcript")
    for _ in range(30):
        await page.get_by_role("button", name="Refresh").first.click()
        await asyncio.sleep(0.5)
        if await download.count():
            break
    async with page.expect_download() as waiting:
        await download.click()
    assert (await waiting.value).suggested_filename.endswith(".json")
