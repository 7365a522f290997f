"""What a supervisor sees: the moment on the real-time page, a finished chat in contact search."""

from playwright.async_api import Browser, expect

from tests.browser.people import Agent, Customer, sign_in
from tests.server import Server


async def test_the_real_time_page_moves(browser: Browser, centre: Server) -> None:
    """MET-06, BASE-125, DESK-27: a waiting chat shows, then the agent who has it; the supervisor changes a status."""
    page = await sign_in(browser, centre, "supervisor", "/#/realtime")
    await expect(page.get_by_role("heading", name="Real-time metrics")).to_be_visible()
    customer = await Customer.arrive(browser, centre)
    await customer.begin()
    queue = page.get_by_role("row").filter(has_text="BasicQueue")
    await expect(queue.get_by_role("cell").nth(8)).to_have_text("1")

    agent = await Agent.arrive(browser, centre)
    await agent.available()
    await agent.button("Accept chat").click()
    await expect(agent.box).to_be_visible()
    row = page.get_by_role("row").filter(has_text="agent1")
    await expect(row).to_contain_text("Connected")
    await expect(row).to_contain_text("Chat")
    await agent.button("End chat").click()
    await agent.button("Clear contact").click()
    await expect(row).not_to_contain_text("After contact work")

    await row.get_by_role("button", name="agent1: Available. Change status").click()
    await page.get_by_role("menuitem", name="Offline").click()
    await expect(page.get_by_text("agent1 is now Offline.")).to_be_visible()
    await expect(agent.page.locator("#status-picker")).to_contain_text("Offline")


async def test_a_finished_chat_is_found(browser: Browser, centre: Server) -> None:
    """QUAL-89, QUAL-93, QUAL-160, REC-45: search, record, transcript, timeline, attributes, flow log."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.apply(name="Mika", attributes='"tier": "gold"')
    await customer.begin()
    await agent.button("Accept chat").click()
    await customer.say("Where is my parcel?")
    await expect(agent.log).to_contain_text("Where is my parcel?")
    await agent.say("It arrives today")
    await expect(customer.log).to_contain_text("It arrives today")
    await agent.button("End chat").click()
    await agent.button("Clear contact").click()

    page = await sign_in(browser, centre, "admin", "/#/contacts")
    await page.get_by_label("Agent").click()
    await page.get_by_role("option", name="agent1").click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Search", exact=True).click()
    first = page.get_by_role("row").filter(has_text="agent1").first
    await expect(first).to_contain_text("BasicQueue")
    identifier = await first.get_by_role("link").inner_text()
    await first.get_by_role("link").click()
    await expect(page.get_by_role("heading", name="Chat")).to_contain_text("Completed")
    await expect(page.get_by_role("log")).to_contain_text("It arrives today")
    await page.get_by_role("tab", name="Timeline").click()
    await expect(page.get_by_role("tabpanel").get_by_role("row")).not_to_have_count(1)
    await expect(page.get_by_role("tabpanel")).to_contain_text("BasicQueue")
    await page.get_by_role("tab", name="Attributes").click()
    await expect(page.get_by_role("tabpanel")).to_contain_text("gold")
    await page.get_by_role("tab", name="JSON").click()
    await expect(page.get_by_role("tabpanel")).to_contain_text(identifier)

    await page.goto(f"{centre.url}/#/contacts")
    await page.get_by_label("Contact ID").fill(identifier)
    await page.get_by_label("Contact ID").press("Enter")
    await expect(page.get_by_role("heading", name="Chat")).to_be_visible()
