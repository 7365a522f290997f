"""Tasks: made by boto3 or by an agent, taken, paused, ended."""

from datetime import UTC, datetime, timedelta

from playwright.async_api import Browser, Page, expect

from tests.browser.people import STARTED, STRAIGHT, Agent, choose, client, instance_of, names, sign_in
from tests.server import Server


async def test_a_task_of_the_api(browser: Browser, centre: Server) -> None:
    """DESK-108, DESK-109, DESK-110, DESK-119: accept, read, follow the link, pause, resume, end, clear."""
    agent = await Agent.arrive(browser, centre)
    await agent.available()
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    STARTED.append(
        client(centre, "connect").start_task_contact(
            InstanceId=instance_of(centre),
            ContactFlowId=flows[STRAIGHT],
            Name="Customer follow up",
            Description="Call back about the invoice",
            References={"Invoice": {"Type": "URL", "Value": "https://example.com/invoice"}},
        )["ContactId"]
    )
    offer = agent.page.get_by_role("region", name="Incoming Task")
    await expect(offer).to_contain_text("Customer follow up")
    await agent.button("Accept task").click()
    await expect(agent.page.get_by_text("Call back about the invoice")).to_be_visible()
    link = agent.page.get_by_role("link", name="https://example.com/invoice")
    await expect(link).to_have_attribute("target", "_blank")
    await agent.button("Pause").click()
    await expect(agent.page.get_by_text("This task has been paused.")).to_be_visible()
    await agent.button("Resume").click()
    await expect(agent.page.get_by_text("This task has been resumed.")).to_be_visible()
    await agent.button("End task").click()
    await expect(agent.page.locator(".contact-bar")).to_contain_text("After contact work")
    await agent.button("Clear contact").click()
    await expect(agent.page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()


async def test_an_agent_makes_a_task_for_a_colleague(browser: Browser, centre: Server) -> None:
    """BASE-124, DESK-111, DESK-112, DESK-116: the template's fields, a quick connect as the one who gets it."""
    ana, ben = await Agent.arrive(browser, centre), await Agent.arrive(browser, centre, "agent2")
    await ben.available()
    await ana.page.get_by_role("button", name="Create task").first.click()
    dialog = ana.page.get_by_role("dialog")
    await expect(dialog.get_by_label("Template")).to_contain_text("Follow-up")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(dialog.get_by_text("This is needed.").first).to_be_visible()
    await dialog.get_by_label("Task name").fill("Write to the customer")
    await dialog.get_by_label("Description").fill("They asked for a copy")
    await choose(dialog.get_by_label("Assign to"), "agent2")
    await dialog.get_by_role("button", name="Create", exact=True).click()
    await expect(ana.page.get_by_text("The task was created.")).to_be_visible()
    await expect(ben.page.get_by_role("region", name="Incoming Task")).to_contain_text("Write to the customer")
    await ben.button("Accept task").click()
    await expect(ben.page.get_by_text("They asked for a copy")).to_be_visible()


async def add_field(page: Page, kind: str, name: str) -> None:
    """A field of a type from the menu, with a name of its own."""
    rows = page.get_by_role("row")
    before = await rows.count()
    await page.get_by_role("button", name="Add field").click()
    await page.get_by_role("menuitem", name=kind, exact=True).click()
    await expect(rows).to_have_count(before + 1)
    await rows.last.get_by_label("Name", exact=True).fill(name)


async def test_a_template_from_the_editor_to_a_task(browser: Browser, centre: Server) -> None:
    """ROUT-86, ROUT-88, ROUT-89, ROUT-90: made in the editor, filled by an agent, watched, taken back."""
    service, instance = client(centre, "connect"), instance_of(centre)
    admin = await sign_in(browser, centre, "admin", "/#/r/task-templates/new")
    await admin.get_by_label("Name", exact=True).first.fill("Complaint")
    await add_field(admin, "Choice", "Reason")
    options = admin.get_by_placeholder("Choices; Enter adds one")
    await options.fill("Bill, Delivery")
    await options.press("Enter")
    await admin.get_by_role("row").last.get_by_role("checkbox", name="Required").check()
    await add_field(admin, "Date and time", "Promised for")
    await admin.get_by_role("button", name="Move Promised for up").click()
    await choose(admin.get_by_label("Who assigns the task"), "A flow decides")
    await choose(admin.get_by_label("Flow", exact=True), STRAIGHT)
    await admin.get_by_label("Agents may schedule the task").uncheck()
    await admin.get_by_role("button", name="Create", exact=True).click()
    await expect(admin.get_by_text("Complaint was created.")).to_be_visible()
    template = admin.url.rpartition("/")[2]
    try:
        agent = await Agent.arrive(browser, centre)
        await agent.available()
        await agent.button("Create task").first.click()
        dialog = agent.page.get_by_role("dialog")
        await choose(dialog.get_by_label("Template"), "Complaint")
        promised = dialog.get_by_role("group", name="Promised for").last
        await expect(promised.get_by_label("Date", exact=True)).to_be_visible()
        await expect(dialog.get_by_text("Assign to")).to_be_hidden()
        await expect(dialog.get_by_text("Schedule")).to_be_hidden()
        await promised.get_by_label("Time", exact=True).fill("09:30")
        await dialog.get_by_role("button", name="Create", exact=True).click()
        await expect(dialog.get_by_text("This is needed.")).to_have_count(2)
        await expect(dialog.get_by_text("Enter both a date and a time.")).to_be_visible()
        await dialog.get_by_label("Name", exact=True).fill("Call the customer")
        await promised.get_by_label("Date", exact=True).fill("2026/12/01")
        await promised.get_by_label("Time zone").first.click()
        await agent.page.keyboard.type("Tokyo")
        await agent.page.get_by_role("option", name="Asia/Tokyo").first.click()
        await choose(dialog.get_by_label("Reason"), "Delivery")
        await dialog.get_by_role("button", name="Create", exact=True).click()
        await expect(agent.page.get_by_text("The task was created.")).to_be_visible()
        await agent.button("Accept task").click()
        shown = agent.page.locator(".task")
        for text in ("Complaint", "Delivery", "12:30"):
            await expect(shown).to_contain_text(text)
        await agent.button("Pause").click()
        await expect(agent.page.get_by_text("This task has been paused.")).to_be_visible()

        await admin.goto(f"{centre.url}/#/contacts/{STARTED[-1]}")
        await expect(admin.get_by_role("heading", name="Call the customer")).to_contain_text("Paused")
        await expect(admin.get_by_text("Number of pauses")).to_be_visible()
        await admin.goto(f"{centre.url}/#/r/task-templates")
        await admin.get_by_label("Publish Complaint").click()
        await expect(admin.get_by_role("row", name="Complaint")).to_contain_text("Unpublished")
        await agent.page.get_by_role("button", name="Create task").first.click()
        await expect(dialog.get_by_label("Template").first).to_contain_text("Follow-up")
    finally:
        service.delete_task_template(InstanceId=instance, TaskTemplateId=template)


async def act(page: Page, action: str) -> None:
    """Choose from the actions on a contact."""
    await page.get_by_role("button", name="Actions").click()
    await page.get_by_role("menuitem", name=action).click()


async def test_a_task_on_its_page(browser: Browser, centre: Server) -> None:
    """ROUT-93, QUAL-150, QUAL-151, QUAL-152, QUAL-153: moved to another time, transferred, ended."""
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    service, instance = client(centre, "connect"), instance_of(centre)
    due = datetime.now(UTC) + timedelta(days=1)
    contact = service.start_task_contact(
        InstanceId=instance, ContactFlowId=flows[STRAIGHT], Name="Later", ScheduledTime=due
    )["ContactId"]
    STARTED.append(contact)
    page = await sign_in(browser, centre, "admin", f"/#/contacts/{contact}")
    await act(page, "Reschedule")
    dialog = page.get_by_role("dialog")
    time = dialog.get_by_role("group", name="Scheduled for").last
    moved = due + timedelta(days=2)
    await choose(time.get_by_label("Time zone"), "UTC")
    await time.get_by_label("Date", exact=True).fill(f"{due + timedelta(days=9):%Y/%m/%d}")
    await expect(dialog.get_by_text("Choose a time in the next 6 days.")).to_be_visible()
    await time.get_by_label("Date", exact=True).fill(f"{moved:%Y/%m/%d}")
    await time.get_by_label("Time", exact=True).fill("10:15")
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("The task was rescheduled.")).to_be_visible()
    found = service.describe_contact(InstanceId=instance, ContactId=contact)["Contact"]
    assert f"{found['ScheduledTimestamp'].astimezone(UTC):%Y-%m-%d %H:%M}" == f"{moved:%Y-%m-%d} 10:15"

    await act(page, "End contact")
    await dialog.get_by_role("button", name="End contact").click()
    await expect(page.get_by_text("The contact was ended.")).to_be_visible()
    await expect(page.get_by_role("button", name="Actions")).to_be_hidden()

    waiting = service.start_task_contact(InstanceId=instance, ContactFlowId=flows[STRAIGHT], Name="Now")["ContactId"]
    STARTED.append(waiting)
    await page.goto(f"{centre.url}/#/contacts/{waiting}")
    await act(page, "Transfer")
    await choose(dialog.get_by_label("Assign to"), "BasicQueue")
    await dialog.get_by_role("button", name="Transfer", exact=True).click()
    await expect(page.get_by_text("The contact was transferred.")).to_be_visible()
    await expect(page.get_by_text("Next contact")).to_be_visible()
    linked = service.list_associated_contacts(InstanceId=instance, ContactId=waiting)["ContactSummaryList"]
    STARTED.append(linked[-1]["ContactId"])
