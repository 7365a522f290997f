"""Tasks: made by boto3 or by an agent, taken, paused, ended."""

from playwright.async_api import Browser, expect

from tests.browser.people import STARTED, STRAIGHT, Agent, choose, client, instance_of, names
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
