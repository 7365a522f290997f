"""Flows as JSON with the checker's messages beside them."""

import json

from playwright.async_api import Browser, Page, expect

from tests.browser.people import client, instance_of, names, sign_in
from tests.server import Server


async def write(page: Page, content: str) -> None:
    """Replace the text of the editor."""
    await page.locator(".json-editor textarea").focus()
    await page.keyboard.press("Control+A")
    await page.keyboard.insert_text(content)


def flow(next_action: str) -> str:
    return json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": "hello",
            "Metadata": {},
            "Actions": [
                {
                    "Identifier": "hello",
                    "Type": "MessageParticipant",
                    "Parameters": {"Text": "Hello from the editor"},
                    "Transitions": {
                        "NextAction": next_action,
                        "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
                    },
                },
                {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
            ],
        },
        indent=2,
    )


async def test_a_flow_is_written_checked_and_published(browser: Browser, centre: Server) -> None:
    """FLOW-35: an error keeps a flow from being published, a draft is kept, a good flow runs."""
    page = await sign_in(browser, centre, "admin", "/#/r/flows/new")
    await page.get_by_label("Name", exact=True).fill("Written here")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Written here was created.")).to_be_visible()
    problems, publish = page.get_by_test_id("flow-problems"), page.get_by_role("button", name="Publish", exact=True)
    await expect(problems).to_contain_text("No problems found")

    await write(page, flow("nowhere"))
    await expect(problems).to_contain_text("nowhere")
    await expect(publish).to_be_disabled()
    await write(page, "{ not json")
    await expect(problems.get_by_role("listitem")).not_to_have_count(0)

    await write(page, flow("end"))
    await expect(problems.get_by_text("Error", exact=True)).to_have_count(0)
    await page.get_by_role("button", name="Save draft").click()
    await expect(page.get_by_text("The draft of Written here was saved.")).to_be_visible()
    await expect(page.get_by_text("Draft", exact=True)).to_be_visible()
    await publish.click()
    await expect(page.get_by_text("Written here was published.")).to_be_visible()
    await expect(page.get_by_text("Published", exact=True)).to_be_visible()

    identifier = names(centre, "list_contact_flows", "ContactFlowSummaryList")["Written here"]
    kept = client(centre, "connect").describe_contact_flow(InstanceId=instance_of(centre), ContactFlowId=identifier)
    assert "Hello from the editor" in kept["ContactFlow"]["Content"]
