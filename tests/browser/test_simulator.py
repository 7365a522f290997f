"""The simulator page: a scenario as form and YAML, a study with two variants, its figures, a replay of today."""

import csv
import re
from datetime import datetime
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.people import STRAIGHT, Agent, client, instance_of, names, sign_in
from tests.server import Server

PLAYED = 60_000
SMALL = """\
name: Small day   # the smallest
start: "09:00"
hours: 2
interval: 30
replications: 4
queues:
  Sales:
    arrivals: {per_hour: [30, 40]}
    handle: {exponential: 240}
    patience: {exponential: 120}
  Support: {channel: CHAT, arrivals: {per_hour: 20}, handle: 300}
profiles:
  Everybody: {queues: {Sales: 1, Support: {priority: 2, delay: 10}}}
staff:
  - {profile: Everybody, count: 3, shift: "09:00-11:00"}
"""


async def test_a_study_of_two_variants(browser: Browser, centre: Server) -> None:
    """A scenario is made in the form, its problems stand at their place; results agree with what the service tells."""
    page = await sign_in(browser, centre, "supervisor", "/#/simulator")
    await expect(page.get_by_role("heading", name="Simulator")).to_be_visible()
    await page.goto(f"{centre.url}/#/simulator/new")
    file = page.locator('input[type="file"]')
    await file.set_input_files({"name": "small.yaml", "mimeType": "application/yaml", "buffer": SMALL.encode()})
    await _change(page)
    await page.get_by_role("button", name="Run").first.click()
    await expect(page.get_by_role("heading", name="The whole day")).to_be_visible(timeout=PLAYED)

    base, more, slower = _described(centre, page)["Results"]
    assert (more["Name"], slower["Name"]) == ("Two more agents", "Slower")
    figures = page.get_by_role("table").first
    level = figures.get_by_role("row").filter(has_text="Service level").get_by_role("cell")
    for at, report in enumerate((base, more, slower)):
        await expect(level.nth(at)).to_contain_text(f"{report['All']['service_level']['Mean'] * 100:.1f} %")
    change = more["Differences"]["service_level"]
    assert change["Low"] > 0, "two agents more than three must show"
    words = f"rises by {change['Mean'] * 100:.1f} points ({change['Low'] * 100:.1f} to {change['High'] * 100:.1f})"
    await expect(page.get_by_text(f"Service level {words}")).to_be_visible()

    chart = page.get_by_role("slider", name="Queue length")
    await chart.press("End")
    last = base["Queues"][0]["Intervals"][-1]["queue_length"]["Mean"]
    await expect(chart).to_have_attribute("aria-valuetext", re.compile(f"^10:30: Small day {last:.2f} "))
    await page.get_by_role("tab", name="Table").click()
    await expect(page.get_by_role("table", name="Sales").get_by_role("row")).to_have_count(5)
    async with page.expect_download() as download:
        await page.get_by_role("button", name="CSV").click()
    with (await (await download.value).path()).open(encoding="utf-8-sig") as stream:
        rows = list(csv.DictReader(stream))
    assert {row["scenario"] for row in rows} == {"Small day", "Two more agents", "Slower"}
    assert float(rows[0]["queued"]) == round(base["All"]["queued"]["Mean"], 4)

    await page.get_by_role("button", name="Change and run again").click()
    await expect(page.get_by_role("tab", name="Slower")).to_be_visible()


async def _change(page: Page) -> None:
    """More customers from ten on, a threshold that is none, an agents' variant ready made, and one of our own."""
    arrivals = page.get_by_role("slider", name="From 10:00, contacts an hour").first
    await arrivals.press("PageUp")
    await expect(arrivals).to_have_attribute("aria-valuenow", "50")
    await page.get_by_role("button", name="Add a variant").click()
    await page.get_by_role("menuitem", name="Two more agents").click()
    await expect(page.get_by_text("Group 1, Everybody: Agents 3 → 5")).to_be_visible()
    await page.get_by_role("button", name="Add a variant").click()
    await page.get_by_role("menuitem", name="Copy of the scenario").click()
    name = page.get_by_label("Name").last
    await name.fill("Slower")
    await name.blur()
    await page.get_by_label("Sales: Handle time: mean in seconds").fill("300")
    await expect(page.get_by_text("Sales: Handle time 240 s → 300 s")).to_be_visible()
    await page.get_by_role("tab", name="Scenario").click()
    await page.get_by_label("Group 1, Missed (%)").fill("100")
    await expect(page.get_by_text("Group 1, Everybody: Missed (%): a share, from 0 to below 1")).to_be_visible()
    await expect(page.get_by_role("button", name="Run").first).to_be_disabled()
    await page.get_by_label("Group 1, Missed (%)").fill("0")
    await page.get_by_role("button", name="YAML", exact=True).click()
    text = page.locator(".json-editor")
    for kept in ("# the smallest", "per_hour: [30, 50]", "handle: {exponential: 300}", "count: 5"):
        await expect(text).to_contain_text(kept)


async def test_a_replay_of_today(browser: Browser, centre: Server) -> None:
    """A day with a contact is replayed; what came of it is told as the service tells it, and the list can forget it."""
    agent = await Agent.arrive(browser, centre)
    await agent.available()
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList")
    client(centre, "connect").start_task_contact(
        InstanceId=instance_of(centre), ContactFlowId=flows[STRAIGHT], Name="To be replayed"
    )
    for step in ("Accept task", "End task", "Clear contact"):
        await agent.button(step).click()
    page = await sign_in(browser, centre, "supervisor", "/#/simulator/replay")
    today = datetime.now().astimezone().strftime("%Y/%m/%d")
    await page.get_by_label("Day").first.fill(today)
    await page.get_by_label("Name").fill("Today again")
    await page.get_by_role("button", name="Replay", exact=True).click()
    await expect(page.get_by_role("heading", name="Same outcome")).to_be_visible(timeout=PLAYED)
    found = _described(centre, page)["Replay"]
    assert found["Contacts"] >= 1
    await expect(
        page.get_by_text(f"{found['Same']} of {found['Contacts']} contacts had the same outcome")
    ).to_be_visible()
    sums = page.get_by_role("row").filter(has_text="Answered").get_by_role("cell")
    await expect(sums.first).to_have_text(str(found["Recorded"]["Answered"]))
    await expect(sums.nth(1)).to_have_text(str(found["Simulated"]["Answered"]))
    await page.goto(f"{centre.url}/#/simulator")
    await page.get_by_role("button", name="Actions for Today again").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete").click()
    await expect(page.get_by_text("Today again was deleted.")).to_be_visible()


def _described(server: Server, page: Page) -> dict[str, Any]:
    """The simulation that a page shows."""
    identifier = page.url.rsplit("/", 1)[1]
    found: dict[str, Any] = client(server, "switchroom").describe_simulation(
        InstanceId=instance_of(server), SimulationId=identifier
    )
    return found
