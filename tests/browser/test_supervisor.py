"""What a supervisor sees: the moment on the real-time page, a finished chat in contact search."""

from playwright.async_api import Browser, expect

from tests.browser.people import STARTED, STRAIGHT, Agent, Customer, client, instance_of, names, sign_in
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


async def test_tasks_on_the_real_time_page(browser: Browser, centre: Server) -> None:
    """ROUT-57, ROUT-64, ROUT-65: a step that nobody fulfils, a status for later and back; a paused task says so."""
    agent = await Agent.arrive(browser, centre)
    await agent.available()
    _task(centre, "Check the order")
    await agent.button("Accept task").click()
    await agent.button("Pause").click()
    page = await sign_in(browser, centre, "supervisor", "/#/realtime")
    row = page.get_by_role("row").filter(has_text="agent1")
    await expect(row).to_contain_text("Paused")
    await expect(row).to_contain_text("pauses: 1, 0:0")

    await row.get_by_role("button", name="agent1: Available. Change status").click()
    await page.get_by_role("menuitem", name="Offline").click()
    await expect(page.get_by_text("agent1 will be Offline when the contacts are done.")).to_be_visible()
    await expect(row.get_by_role("cell", name="Offline", exact=True)).to_be_visible()

    waiting, gone = _task(centre, "Translate the letter"), _task(centre, "Translate the poem")
    client(centre, "connect").create_predefined_attribute(
        InstanceId=instance_of(centre), Name="Accent", Values={"StringList": ["French"]}
    )
    condition = {"Name": "Accent", "Value": "French", "ProficiencyLevel": 3.0}
    asked = {"AttributeCondition": {**condition, "ComparisonOperator": "NumberGreaterOrEqualTo"}}
    for contact in (waiting, gone):
        client(centre, "connect").update_contact_routing_data(
            InstanceId=instance_of(centre), ContactId=contact, RoutingCriteria={"Steps": [{"Expression": asked}]}
        )
    client(centre, "connect").stop_contact(InstanceId=instance_of(centre), ContactId=gone)
    await page.get_by_text("By channel").click()
    queue = page.get_by_role("row").filter(has_text="BasicQueue").filter(has_text="Task")
    await expect(queue.get_by_role("cell").nth(9)).to_have_text("1")
    await queue.get_by_role("button", name="View routing steps of BasicQueue").click()
    step = page.get_by_role("table", name="Routing step expressions - BasicQueue").get_by_role("row").nth(1)
    await expect(step).to_contain_text("Accent:French ≥ 3")
    await expect(step).to_contain_text("Task")
    await expect(step.get_by_role("cell").nth(6)).to_have_text("1")
    await page.get_by_text("By channel").click()
    await page.get_by_role("row").filter(has_text="BasicQueue").get_by_role("button", name="View routing steps").click()
    ended = page.get_by_role("table", name="Routing step expressions - BasicQueue")
    await expect(ended.get_by_role("columnheader", name="Step joined %")).to_be_visible()
    for place, value in enumerate(("1", "0 %", "0 %", "0", "1", "–"), start=7):
        await expect(ended.get_by_role("row").nth(1).get_by_role("cell").nth(place)).to_have_text(value)

    await row.get_by_role("button", name="agent1: Available. Change status").click()
    await page.get_by_role("menuitem", name="Available Cancels the next activity").click()
    await expect(page.get_by_text("agent1 is now Available.")).to_be_visible()
    await expect(row.get_by_role("cell", name="Offline", exact=True)).to_be_hidden()
    await agent.button("Resume").click()
    await expect(row).to_contain_text("Connected")


def _task(server: Server, name: str) -> str:
    flow = names(server, "list_contact_flows", "ContactFlowSummaryList")[STRAIGHT]
    started = client(server, "connect").start_task_contact(
        InstanceId=instance_of(server), ContactFlowId=flow, Name=name
    )
    STARTED.append(started["ContactId"])
    return str(started["ContactId"])


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
