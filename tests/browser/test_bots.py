"""Bots in the administration: written, built, tried, published and given to flows, all in the browser."""

import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from tests.bots.build import intent, written
from tests.bots.test_files import EXPORT, archive
from tests.browser.people import client, instance_of, sign_in
from tests.server import Server


@pytest.fixture
def clean(centre: Server) -> Iterator[Server]:
    """The centre with the demo's bot alone, before and after."""
    _clear(centre)
    yield centre
    _clear(centre)


def _clear(server: Server) -> None:
    own, at = client(server, "switchroom"), {"InstanceId": instance_of(server)}
    for bot in own.list_bots(**at)["Bots"]:
        if bot["Name"] == "DemoSupport":
            continue
        here = {**at, "BotId": bot["BotId"]}
        for alias in own.list_bot_aliases(**here)["Aliases"]:
            if alias["Associated"]:
                own.disassociate_bot_alias(**here, AliasId=alias["AliasId"])
        own.delete_bot(**here)


async def test_a_bot_from_nothing_to_a_flow(browser: Browser, clean: Server) -> None:
    """FLOW-148, FLOW-104: the guide's walk-through: account balance by `1`, a version, an alias, into the flows."""
    page = await sign_in(browser, clean, "admin", "/#/r/bots")
    await page.get_by_role("button", name="Create bot").click()
    await page.get_by_label("Name", exact=True).fill("AccountBalance")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_role("heading", name="AccountBalance")).to_be_visible()
    await page.get_by_role("button", name="Add intent").click()
    await page.get_by_label("Name", exact=True).fill("AccountLookup")
    await page.get_by_label("Sample utterances").fill("Check my account balance\nOne")
    await page.get_by_role("button", name="Add slot").click()
    slot = page.get_by_role("group", name="Slot1")
    await slot.get_by_role("button", name="Prompt: Add message").click()
    await slot.get_by_label("Prompt: Message").fill("Please enter your account number.")
    await page.get_by_role("button", name="Closing response: Add message").click()
    await page.get_by_label("Closing response: Message").fill("The balance of {Slot1} is $1,234.56")
    await page.get_by_role("button", name="Build", exact=True).click()
    await expect(page.get_by_text("AccountBalance was built.")).to_be_visible()
    await _say(page, "1")
    await expect(_log(page)).to_contain_text("Please enter your account number.")
    await expect(page.get_by_test_id("bot-understood").last).to_contain_text("AccountLookup · confidence 1")
    await _say(page, "one two three")
    await expect(_log(page)).to_contain_text("The balance of 123 is $1,234.56")
    await expect(page.get_by_test_id("bot-understood").last).to_contain_text("Slot1 = 123")
    await page.get_by_role("tab", name="Versions and aliases").click()
    await page.get_by_role("button", name="Create version").click()
    await expect(page.get_by_text("The version was created.")).to_be_visible()
    await page.get_by_role("button", name="Create alias").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("Test")
    await dialog.get_by_role("button", name="Save").click()
    await page.get_by_label("Flows may use Test", exact=True).click()
    await expect(page.get_by_label("Flows may use Test", exact=True)).to_be_checked()
    connect, instance = client(clean, "connect"), instance_of(clean)
    own = client(clean, "switchroom")
    bot = next(one for one in own.list_bots(InstanceId=instance)["Bots"] if one["Name"] == "AccountBalance")
    (alias,) = [
        a for a in own.list_bot_aliases(InstanceId=instance, BotId=bot["BotId"])["Aliases"] if a["Name"] == "Test"
    ]
    assert alias["Version"] == "1"
    listed = connect.list_bots(InstanceId=instance, LexVersion="V2")["LexBots"]
    assert {"LexV2Bot": {"AliasArn": alias["AliasArn"]}} in listed


async def test_problems_of_a_build_in_japanese(browser: Browser, clean: Server) -> None:
    """FLOW-148: what keeps a bot from being built is told with its place, in the reader's language."""
    made = client(clean, "switchroom").create_bot(
        InstanceId=instance_of(clean),
        Name="Broken",
        Definition=json.dumps(written(intent("Book", "a {Room}"))),
    )
    page = await sign_in(browser, clean, "admin", f"/#/r/bots/{made['Bot']['BotId']}", "ja-JP")
    await page.get_by_role("button", name="ビルド", exact=True).click()
    await expect(page.get_by_text("まだビルドできません")).to_be_visible()
    problem = page.get_by_text(
        "en_US/Intents/Book/Utterances/1: 発話がこのインテントにないスロット Room を使っています"
    )
    await expect(problem).to_be_visible()
    await expect(page.get_by_text("ビルドすると会話できます。")).to_be_visible()


async def test_import_and_export(browser: Browser, clean: Server, tmp_path: Path) -> None:
    """FLOW-148: a file of Lex becomes a bot, which goes out as a file again."""
    file = tmp_path / "BookTrip.zip"
    file.write_bytes(archive(EXPORT))
    page = await sign_in(browser, clean, "admin", "/#/r/bots")
    await page.get_by_role("button", name="Import bot").click()
    await page.locator("input[type=file]").set_input_files(file)
    await page.get_by_role("button", name="Import", exact=True).click()
    await expect(page.get_by_role("heading", name="BookTrip")).to_be_visible()
    await expect(page.get_by_role("button", name="BookCar", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Actions").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Export").click()
    saved = await (await download.value).path()
    with zipfile.ZipFile(io.BytesIO(saved.read_bytes())) as found:
        assert "BookTrip/BotLocales/en_US/Intents/BookCar/Intent.json" in found.namelist()


async def test_the_menu_of_the_demos_bot(browser: Browser, clean: Server) -> None:
    """A template is shown with its choices in the test pane; a choice is said."""
    own, at = client(clean, "switchroom"), {"InstanceId": instance_of(clean)}
    demo = next(bot for bot in own.list_bots(**at)["Bots"] if bot["Name"] == "DemoSupport")
    page = await sign_in(browser, clean, "admin", f"/#/r/bots/{demo['BotId']}")
    await _say(page, "help")
    await page.get_by_role("button", name="Opening hours").click()
    await expect(_log(page)).to_contain_text("around the clock")


async def test_who_may_only_look(browser: Browser, clean: Server) -> None:
    """An agent has no bots in the navigation, and no way to their page."""
    page = await sign_in(browser, clean, "agent1", "/#/r/bots")
    await expect(page.get_by_text("Bots", exact=True)).to_have_count(0)


def _log(page: Page) -> Locator:
    return page.get_by_role("log", name="Test")


async def _say(page: Page, text: str) -> None:
    await page.get_by_label("Say something").fill(text)
    await page.keyboard.press("Enter")
