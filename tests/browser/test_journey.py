"""The journey of a contact on the canvas, from the page of the contact."""

from playwright.async_api import Browser, expect

from tests.behaviour.blocks import action, document, note
from tests.browser.designing import make
from tests.browser.people import client, instance_of, sign_in
from tests.server import Server

LOG = action("log", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "mark")


async def test_the_journey_of_a_live_contact(browser: Browser, centre: Server) -> None:
    """From the contact's page to the canvas: which blocks, when, with what values; it goes on while one looks."""
    waits = (("Equals", "WaitCompleted", "go"),)
    following = make(centre, "Journey's end", document(note("arrived", there="yes")))
    wait = action("wait", "Wait", {"TimeLimitSeconds": "8"}, None, waits, NoMatchingError="failed")
    go = action("go", "TransferToFlow", {"ContactFlowId": following}, NoMatchingError="failed")
    flow = make(centre, "Journey", document(LOG, note("mark", "wait", plan="gold"), wait, go))
    connect = client(centre, "connect")
    contact = connect.start_task_contact(InstanceId=instance_of(centre), ContactFlowId=flow, Name="Traveller")[
        "ContactId"
    ]

    page = await sign_in(browser, centre, "admin", f"/#/contacts/{contact}")
    await page.get_by_role("link", name="Open the journey on the canvas").click()
    journey = page.get_by_role("region", name="Journey of contact")
    steps = journey.get_by_role("listbox").get_by_role("option")
    await expect(steps).to_have_count(3)
    await expect(journey.get_by_text("In progress")).to_be_visible()
    await expect(journey.locator(".flow-mark-current")).to_contain_text("Wait")
    await expect(journey.locator(".flow-mark-taken")).to_have_count(2)

    await steps.nth(1).click()
    await expect(journey.locator("pre")).to_contain_text('"plan"')
    await expect(journey.locator("pre")).to_contain_text("gold")

    await expect(steps).to_have_count(7)
    await page.keyboard.press("End")
    await expect(journey.get_by_text("In progress")).to_be_hidden()
    await expect(journey.locator(".journey-tools")).to_contain_text("Journey's end, version 1")
    await page.keyboard.press("Home")
    await expect(journey.locator(".journey-tools")).to_contain_text("Journey, version 1")
    await journey.get_by_role("button", name="Next step").click()
    await expect(steps.nth(1)).to_have_attribute("aria-selected", "true")


async def test_the_flow_log_is_searched(browser: Browser, centre: Server) -> None:
    """FLOW-136: the entries of a contact, found by a word in them."""
    flow = make(centre, "Searched", document(LOG, note("mark", "more", plan="gold"), note("more", metal="silver")))
    connect = client(centre, "connect")
    contact = connect.start_task_contact(InstanceId=instance_of(centre), ContactFlowId=flow, Name="Searched")[
        "ContactId"
    ]
    page = await sign_in(browser, centre, "admin", f"/#/contacts/{contact}")
    await page.get_by_role("tab", name="Flow log").click()
    rows = page.get_by_role("tabpanel").get_by_role("row")
    await expect(rows).to_have_count(5)
    await page.get_by_label("Find in the log").fill("silver")
    await expect(rows).to_have_count(2)
    await expect(rows.nth(1)).to_contain_text("more")


async def test_alerts_on_the_flow_log(browser: Browser, centre: Server) -> None:
    """FLOW-137: made, raised and seen in the administration site."""
    page = await sign_in(browser, centre, "admin", "/#/flow-alerts")
    await page.get_by_role("button", name="Add alert").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name").fill("Copper")
    await dialog.get_by_label("Pattern").fill("{ copper }")
    await dialog.get_by_role("button", name="Save").click()
    await expect(dialog).to_contain_text("Not a comparison")
    await dialog.get_by_label("Pattern").fill('{ $.Parameters.Value = "copper*" }')
    await dialog.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("row").filter(has_text="Copper")).to_be_visible()

    flow = make(centre, "Alerting", document(LOG, note("mark", metal="copper wire")))
    connect = client(centre, "connect")
    contact = connect.start_task_contact(InstanceId=instance_of(centre), ContactFlowId=flow, Name="Alerting")[
        "ContactId"
    ]
    await expect(page.get_by_role("link", name=contact)).to_be_visible()
    await page.get_by_role("button", name="Delete alert Copper").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_role("button", name="Delete alert Copper")).to_be_hidden()
    await expect(page.get_by_role("link", name=contact)).to_be_visible()
