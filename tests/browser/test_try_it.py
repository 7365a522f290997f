"""Trying a draft at the designer: as a caller with keys and as a customer of a chat."""

import asyncio
import json
from pathlib import Path
from typing import Any

import yaml
from click.testing import CliRunner
from playwright.async_api import Browser, Download, Locator, expect

from switchroom.app.flow_commands import flow
from tests.behaviour.blocks import action
from tests.browser.designing import Author, make
from tests.browser.people import instance_of, names
from tests.server import Server

FUNCTION = "arn:aws:lambda:us-east-1:123456789012:function:lookup"


def draft(server: Server) -> str:
    """A menu, a function whose answer is spoken, and a queue."""
    queue = names(server, "list_queues", "QueueSummaryList")["BasicQueue"]
    menu = {"StoreInput": "False", "InputTimeLimitSeconds": "5", "Text": "Press 1 for your name"}
    call = {"LambdaFunctionARN": FUNCTION, "InvocationTimeLimitSeconds": "3"}
    arn = f"arn:aws:connect:us-east-1:123456789012:instance/{instance_of(server)}/queue/{queue}"
    actions = [
        action("menu", "GetParticipantInput", menu, None, (("Equals", "1", "lookup"),),
               InputTimeLimitExceeded="end", NoMatchingCondition="end", NoMatchingError="end"),
        action("lookup", "InvokeLambdaFunction", call, "hello", NoMatchingError="end"),
        action("hello", "MessageParticipant", {"Text": "Hello $.External.name"}, "set", NoMatchingError="end"),
        action("set", "UpdateContactTargetQueue", {"QueueId": arn}, "go", NoMatchingError="end"),
        action("go", "TransferContactToQueue", {}, None, QueueAtCapacity="end", NoMatchingError="end"),
        action("end", "DisconnectParticipant"),
    ]  # fmt: skip
    places = {one["Identifier"]: {"position": {"x": 220 * n, "y": 120}} for n, one in enumerate(actions)}
    document = {
        "Version": "2019-10-30",
        "StartAction": "menu",
        "Metadata": {"entryPointPosition": {"x": 40, "y": 20}, "ActionMetadata": places},
        "Actions": actions,
    }
    return json.dumps(document)


async def begin(browser: Browser, centre: Server, name: str) -> tuple[Author, Locator]:
    """The designer of a flow with its test panel open."""
    identifier = make(centre, name, draft(centre))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{identifier}")
    await author.button("Try it").click()
    return author, author.page.get_by_role("region", name="Try it")


async def save(panel: Locator, folder: Path) -> None:
    """Save what was tried: the flow and the scenario."""
    both: asyncio.Queue[Download] = asyncio.Queue()

    def came(one: Download) -> None:
        both.put_nowait(one)

    panel.page.on("download", came)
    await panel.get_by_role("button", name="Save as a scenario").click()
    for _ in range(2):
        one = await both.get()
        await one.save_as(folder / one.suggested_filename)


def saved_scenario(folder: Path) -> dict[str, Any]:
    """The scenario that was saved into a folder; it passes there."""
    (scenario,) = folder.glob("*.yaml")
    played = CliRunner().invoke(flow, ["test", str(folder)])
    assert played.exit_code == 0, played.output
    content: dict[str, Any] = yaml.safe_load(scenario.read_text())
    return content


async def test_a_caller_with_keys(browser: Browser, centre: Server, tmp_path: Path) -> None:
    """The way lights up, values are shown before and after, and what was done is a scenario for the command line."""
    author, panel = await begin(browser, centre, "Tried by a caller")
    await expect(panel.get_by_text("Function: lookup").first).to_be_visible()
    await panel.get_by_label("Answer of lookup (JSON)").fill('{"name": "Jane"}')
    await panel.get_by_role("button", name="Start the test").click()
    talk = panel.get_by_role("log")
    await expect(talk).to_contain_text("Press 1 for your name")
    await expect(author.page.locator(".flow-mark-current")).to_contain_text("Get customer input")
    await panel.get_by_role("button", name="1", exact=True).click()
    await expect(talk).to_contain_text("Hello Jane")
    await expect(talk).to_contain_text("In queue BasicQueue.")
    await expect(author.page.locator(".flow-mark-taken")).to_have_count(4)

    await panel.get_by_role("button", name="Steps").click()
    steps = panel.get_by_role("listbox")
    await expect(steps.get_by_role("option")).to_have_count(8)
    await steps.focus()
    await author.page.keyboard.press("Home")
    await expect(author.page.locator(".flow-mark-current")).to_contain_text("Get customer input")
    await steps.get_by_role("option").nth(3).click()
    changed = panel.get_by_role("row").filter(has_text="$.External.name")
    await expect(changed).to_contain_text("Jane")

    await save(panel, tmp_path)
    assert saved_scenario(tmp_path)["functions"] == {"lookup": {"name": "Jane"}}

    await panel.get_by_role("button", name="Step back").click()
    await panel.get_by_role("button", name="Conversation").click()
    await panel.get_by_role("button", name="Silence").click()
    await expect(talk).to_contain_text("The contact has ended.")


async def test_what_is_chosen_is_remembered(browser: Browser, centre: Server) -> None:
    """The state of a queue and the channel decide; the page knows them again; a changed draft is played again."""
    author, panel = await begin(browser, centre, "Tried again")
    await panel.get_by_label("Answer of lookup (JSON)").fill('{"name": "Jane"}')
    await panel.get_by_role("button", name="Queue: BasicQueue").click()
    await panel.get_by_label("Contacts waiting").fill("3")
    await panel.get_by_label("Most contacts").fill("3")
    await author.page.reload()
    await author.button("Try it").click()
    await panel.get_by_role("button", name="Start the test").click()
    await panel.get_by_role("button", name="1", exact=True).click()
    await expect(panel.get_by_role("log")).to_contain_text("The contact has ended.")

    await panel.get_by_role("button", name="Setup").click()
    await panel.get_by_role("button", name="Chat", exact=True).click()
    await panel.get_by_role("button", name="Start again").last.click()
    await expect(panel.get_by_role("log")).to_contain_text("The contact has ended.")
    await expect(author.page.locator(".flow-mark-failed")).to_have_count(1)


async def test_it_is_japanese_too(browser: Browser, centre: Server) -> None:
    author, _ = await begin(browser, centre, "日本語で試す")
    await author.page.evaluate("localStorage.setItem('switchroom-language', 'ja')")
    await author.page.reload()
    await author.page.get_by_role("button", name="試す", exact=True).click()
    panel: Any = author.page.get_by_role("region", name="試してみる")
    await panel.get_by_role("button", name="テストを開始").click()
    await expect(panel.get_by_role("log")).to_contain_text("フローはキー入力を待っています")
