"""A customer on the test chat page and an agent at the workspace, each in a browser of their own."""

import re

from playwright.async_api import Browser, FilePayload, expect

from tests.browser.people import ASKING, Agent, Customer, open_page
from tests.server import Server


async def test_a_chat_from_hello_to_cleared(browser: Browser, centre: Server) -> None:
    """BASE-114, BASE-120, DESK-88, DESK-89, DESK-95, DESK-101, DESK-103, CHAT-67: offer, history, messages, typing,
    receipts, end, after contact work."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre, ASKING)
    await agent.available()
    await customer.begin()
    await expect(customer.log).to_contain_text("What can we help you with?")
    await customer.say("I need help resetting my password")
    await expect(customer.log).to_contain_text("Thank you.")

    offer = agent.page.get_by_role("region", name="Incoming Chat")
    await expect(offer).to_contain_text("BasicQueue")
    await expect(offer.locator(".countdown")).to_have_text(re.compile(r"^(1?\d|20)$"))
    await offer.get_by_role("button", name="Accept chat").click()
    await expect(agent.log).to_contain_text("I need help resetting my password")
    await expect(agent.page.get_by_role("complementary", name="Contact details")).to_contain_text("demo")
    await expect(customer.log).to_contain_text("has joined the chat.")

    await agent.say("With **pleasure**: <b>which</b> account?")
    await expect(customer.log.locator("strong")).to_have_text("pleasure")
    await expect(customer.log).to_contain_text("<b>which</b> account?")
    await expect(agent.page.get_by_text("Read", exact=True)).to_be_visible()
    await customer.box.press_sequentially("ana@")
    await expect(agent.page.locator(".typing")).to_contain_text("is typing")
    await customer.say("ana@example.com")
    await expect(agent.log).to_contain_text("ana@example.com")
    await expect(customer.page.get_by_text("Read", exact=True)).to_be_visible()

    await agent.button("End chat").click()
    await expect(customer.page.get_by_role("button", name="Start a new chat")).to_be_visible()
    await expect(agent.page.locator(".contact-bar")).to_contain_text("After contact work")
    await expect(agent.log).to_contain_text("ana@example.com")
    await agent.button("Clear contact").click()
    await expect(agent.page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()


async def test_attributes_and_name_of_the_test_settings(browser: Browser, centre: Server) -> None:
    """BASE-121: pairs must be quoted; they become contact attributes."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.apply(attributes="tier: gold")
    await expect(customer.page.get_by_role("alert")).to_contain_text("must both be quoted")
    await customer.apply(name="Yuki", attributes='"tier": "gold", "city": "Kyoto"')
    await expect(customer.page.get_by_role("alert")).to_be_empty()
    await customer.begin()
    await expect(agent.page.get_by_role("region", name="Incoming Chat")).to_contain_text("Yuki")
    await agent.button("Accept chat").click()
    details = agent.page.get_by_role("complementary", name="Contact details")
    await expect(details).to_contain_text("tier")
    await expect(details).to_contain_text("Kyoto")


async def test_two_chats_at_once(browser: Browser, centre: Server) -> None:
    """DESK-85, DESK-104, BASE-122: the chat in the background counts what was not read."""
    agent = await Agent.arrive(browser, centre)
    await agent.available()
    customers = [await Customer.arrive(browser, centre) for _ in range(2)]
    for customer, name in zip(customers, ("First", "Second"), strict=True):
        await customer.apply(name=name)
        await customer.begin()
        await agent.button("Accept chat").click()
        await expect(agent.page.get_by_role("heading", name=name)).to_be_visible()
    await customers[0].say("one")
    await customers[0].say("two")
    row = agent.page.get_by_role("navigation", name="Contacts").get_by_role("button", name=re.compile("First"))
    await expect(row).to_contain_text("2 unread messages")
    await row.click()
    await expect(agent.log).to_contain_text("two")
    await expect(row).not_to_contain_text("unread")


async def test_a_missed_chat_is_cleared(browser: Browser, centre: Server) -> None:
    """DESK-92: a rejected or missed contact keeps its slot until it is cleared."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.begin()
    await agent.button("Reject").click()
    await expect(agent.page.get_by_role("main")).to_contain_text(re.compile("Missed contact|Rejected contact"))
    await agent.choose("Offline")
    await expect(agent.page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()


async def test_a_chat_goes_to_a_colleague(browser: Browser, centre: Server) -> None:
    """DESK-100, CHAT-73: the next agent sees the whole history."""
    ana, ben = await Agent.arrive(browser, centre), await Agent.arrive(browser, centre, "agent2")
    customer = await Customer.arrive(browser, centre)
    await ana.available()
    await customer.begin()
    await customer.say("A question for Ben")
    await ana.button("Accept chat").click()
    await expect(ana.log).to_contain_text("A question for Ben")
    await ben.available()
    await ana.button("Transfer").click()
    dialog = ana.page.get_by_role("dialog")
    await dialog.get_by_label("Find quick connects").fill("agent2")
    await dialog.get_by_label("Find quick connects").press("Enter")
    await expect(ana.page.get_by_text("Transferred to agent2.")).to_be_visible()
    await ben.button("Accept chat").click()
    await expect(ben.log).to_contain_text("A question for Ben")
    await ben.say("Ben here")
    await expect(customer.log).to_contain_text("Ben here")


async def test_next_status(browser: Browser, centre: Server) -> None:
    """DESK-28, DESK-30: a status chosen during a chat follows it; Available cancels it."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.begin()
    await agent.button("Accept chat").click()
    await agent.choose("Offline")
    following = agent.page.get_by_text("Next status: Offline")
    await expect(following).to_be_visible()
    await agent.button("Cancel").click()
    await expect(following).to_be_hidden()
    await agent.choose("Offline")
    await agent.button("End chat").click()
    await agent.button("Clear contact").click()
    await expect(agent.page.locator("#status-picker")).to_contain_text("Offline")


async def test_an_agent_who_loads_the_page_again_goes_on(browser: Browser, centre: Server) -> None:
    """DESK-15, CHAT-71: desk and transcript come back; the customer's chat survives its page as well."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.begin()
    await agent.button("Accept chat").click()
    await agent.say("Before")
    await expect(customer.log).to_contain_text("Before")
    await agent.page.reload()
    await customer.page.reload()
    await customer.page.get_by_role("button", name="Open chat").click()
    await expect(customer.log).to_contain_text("Before")
    await expect(agent.log).to_contain_text("Before")
    await customer.say("Still here")
    await expect(agent.log).to_contain_text("Still here")


async def test_a_file_in_a_chat(browser: Browser, centre: Server) -> None:
    """DESK-96: the customer sends a file, the agent opens it."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.available()
    await customer.begin()
    await agent.button("Accept chat").click()
    await expect(agent.box).to_be_visible()
    file: FilePayload = {"name": "note.txt", "mimeType": "text/plain", "buffer": b"A note from the customer"}
    await customer.page.locator("#switchroom-chat input[type=file]").set_input_files(file)
    await expect(customer.log).to_contain_text("note.txt")
    async with agent.page.expect_download() as loading:
        await agent.log.get_by_role("button", name="note.txt").click()
    loaded = await (await loading.value).path()
    assert loaded.read_text() == "A note from the customer"


async def test_the_widget_on_a_site_of_its_own(browser: Browser, centre: Server) -> None:
    """CHAT-74: one script element is all a page needs."""
    page = await open_page(browser, "/health", centre)
    script = f"{centre.url}/widget/switchroom-chat.js"
    await page.evaluate(
        "source => { const one = document.createElement('script'); one.src = source; one.dataset.mount = '';"
        " document.body.append(one); }",
        script,
    )
    await page.get_by_role("button", name="Open chat").click()
    await expect(page.get_by_role("log", name="Messages")).to_contain_text("What can we help you with?")
