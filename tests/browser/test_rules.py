"""An application is connected and its events become tasks, all in the pages."""

import re
import time
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from playwright.async_api import Browser, expect

from switchroom.features.rules.signatures import sign
from tests.browser.people import STRAIGHT, choose, client, instance_of, sign_in
from tests.server import Server


@pytest.fixture
def unconnected(centre: Server) -> Iterator[Server]:
    """The centre without rules and connections, before and after."""
    _clear(centre)
    yield centre
    _clear(centre)


def _clear(server: Server) -> None:
    at = {"InstanceId": instance_of(server)}
    connect, own = client(server, "connect"), client(server, "switchroom")
    for rule in connect.list_rules(**at)["RuleSummaryList"]:
        connect.delete_rule(**at, RuleId=rule["RuleId"])
    for one in own.list_event_connections(**at)["Connections"]:
        if one["Status"] != "DELETED":
            own.delete_event_connection(**at, ConnectionId=one["ConnectionId"])


async def test_a_ticket_becomes_a_task(browser: Browser, unconnected: Server) -> None:
    """ROUT-101, ROUT-106, ROUT-108: four pages connect Zendesk, a rule is made, a signed event is a task in search."""
    page = await sign_in(browser, unconnected, "admin", "/#/applications")
    await page.get_by_role("button", name="Add application").click()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("Confirm every requirement first.", exact=True)).to_be_visible()
    for requirement in await page.get_by_role("checkbox").all():
        await requirement.check()
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Instance URL of the application").fill("acme.zendesk.com")
    await page.get_by_label("Name of the connection").fill("Zendesk - Test instance")
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("such as https://example.zendesk.com").first).to_be_visible()
    await page.get_by_label("Instance URL of the application").fill("https://acme.zendesk.com")
    await page.get_by_role("radio", name="Sandbox").check()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("Zendesk - Test instance").first).to_be_visible()
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("the only time the secret is shown")).to_be_visible()
    own, at = client(unconnected, "switchroom"), {"InstanceId": instance_of(unconnected)}
    (connection,) = [one for one in own.list_event_connections(**at)["Connections"] if one["Status"] == "PENDING"]
    await expect(page.get_by_text(connection["WebhookUrl"], exact=True)).to_be_visible()
    secret = (await page.get_by_text(re.compile(r"^[\w-]{43}$")).inner_text()).strip()
    signing = "bmV2ZXIgZ29ubmEgZ2l2ZSB5b3UgdXA="
    await page.get_by_label("Secret of Zendesk").fill(signing)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("The application's secret is saved.")).to_be_visible()
    await page.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("Nothing has come from the application yet")).to_be_visible()

    await page.goto(f"{unconnected.url}/#/rules/new")
    await page.get_by_label("Name", exact=True).fill("Account creation")
    await expect(page.get_by_text("Name can contain characters A-Z, 0-9, or '.', '-', '_'.").first).to_be_visible()
    await page.get_by_label("Name", exact=True).fill("Account_creation")
    await choose(page.get_by_label("When"), "A Zendesk ticket is created")
    await expect(page.get_by_label("Instance of the application")).to_contain_text("Zendesk - Test instance")
    await page.get_by_role("button", name="Add condition").click()
    await page.get_by_role("combobox", name="Value").fill("question")
    await page.get_by_role("button", name="Next").click()
    await page.get_by_label("Task name").fill("Zendesk-")
    await page.get_by_role("button", name="{ticket_id}").click()
    await expect(page.get_by_label("Task name")).to_have_value("Zendesk-{ticket_id}")
    await page.get_by_label("Task reference URL").fill("https://acme.zendesk.com/agents/tickets/{ticket_id}")
    await choose(page.get_by_label("Flow that routes the task"), STRAIGHT)
    await page.get_by_role("button", name="Next").click()
    await expect(page.get_by_text("Type is question")).to_be_visible()
    await page.get_by_role("button", name="Save and publish").click()
    await expect(page.get_by_text("Account_creation was published.")).to_be_visible()
    await expect(page.get_by_role("checkbox", name="Publish Account_creation")).to_be_checked()

    await page.goto(f"{unconnected.url}/#/applications/{connection['ConnectionId']}")
    number = str(time.time_ns())
    _webhook(connection["WebhookUrl"], secret, f"{number}1")
    _webhook(connection["WebhookUrl"], signing, number)
    await expect(page.get_by_text("Active", exact=True).first).to_be_visible()
    crumbs = page.get_by_role("navigation", name="Breadcrumbs")
    await expect(crumbs).to_contain_text("Zendesk - Test instance")
    row = page.get_by_role("row").filter(has=page.get_by_role("button", name=f"ticket {number}", exact=True))
    await expect(row).to_contain_text("Done")
    await row.get_by_role("link", name="Create task").click()
    await expect(page.get_by_text(f"Zendesk-{number}").first).to_be_visible()
    contact = page.url.rpartition("/")[2]
    await page.goto(f"{unconnected.url}/#/contacts")
    await page.locator("form").get_by_label("Channel").click()
    await page.get_by_role("option", name="Task", exact=True).click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Search", exact=True).click()
    await expect(page.get_by_role("row").filter(has_text=contact)).to_contain_text("Task")

    await page.goto(f"{unconnected.url}/#/applications/{connection['ConnectionId']}")
    await page.get_by_role("button", name="Remove connection").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_role("button", name="Delete")).to_be_disabled()
    await dialog.get_by_label("Type Remove to confirm").fill("Remove")
    await dialog.get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("This connection was removed at")).to_be_visible()


def _webhook(address: str, secret: str, number: str) -> None:
    """As Zendesk sends it."""
    detail = {"id": number, "type": "QUESTION", "subject": "Printer", "priority": "HIGH", "status": "NEW"}
    kind = "zen:event-type:ticket.created"
    body = msgspec.json.encode({"type": kind, "id": number, "account_id": 1, "detail": detail, "event": {}})
    at = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
    name = "x-zendesk-webhook-signature"
    headers = {name: sign(secret, at, body), f"{name}-timestamp": at}
    assert httpx.post(address, content=body, headers=headers).status_code == 202
