"""The endpoint test page, and what the workspace says of a microphone that cannot be used."""

import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.people import sign_in
from tests.browser.telephony import quiet_site, site
from tests.server import Server

__all__ = ["quiet_site", "site"]

_FAKE = ["--no-sandbox", "--disable-gpu", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]


@pytest.fixture
async def equipped(chromium: str) -> AsyncIterator[Browser]:
    """A browser with a microphone that beeps, which it gives to whoever asks."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_FAKE)
        yield browser
        await browser.close()


async def finished(page: Page) -> None:
    await expect(page.get_by_role("button", name="Run again")).to_be_enabled(timeout=60_000)


async def test_a_workstation_that_is_fit_for_calls(equipped: Browser, quiet_site: Server, tmp_path: Path) -> None:
    """DESK-166, DESK-167, DESK-168: runs by itself, a real loop through the media plane, results kept and loaded."""
    page = await sign_in(equipped, quiet_site, "agent1", "/workspace")
    await expect(page.locator("#status-picker")).to_be_visible()
    await page.goto(f"{quiet_site.url}/endpoint-test?autoRun=true&lng=en&regions=us-east-1,nowhere-1")
    await finished(page)
    checks = page.get_by_role("listitem")
    media = checks.filter(has_text="Media path")
    await expect(media).to_contain_text("UDP 127.0.0.1:")
    await expect(media).to_contain_text("Lost on the way there")
    await expect(checks.filter(has_text="Microphone")).to_contain_text("It is allowed and it hears you.")
    await expect(checks.filter(has_text="us-east-1")).to_contain_text("ms")
    await expect(checks.filter(has_text="nowhere-1")).to_contain_text("This installation has no such site.")
    await expect(checks.filter(has_text="Live connection")).to_contain_text("over a WebSocket")
    async with page.expect_download() as waiting:
        await page.get_by_role("button", name="Download results").click()
    kept = tmp_path / "results.json"
    await (await waiting.value).save_as(kept)
    results = json.loads(kept.read_text())
    assert {one["id"] for one in results["results"]} == {
        "browser", "microphone", "speaker", "site", "regions", "socket", "media",
    }  # fmt: skip
    measured = next(one for one in results["results"] if one["id"] == "media")
    assert measured["figures"].keys() >= {"lossDown", "lossUp", "jitterDownMs", "jitterUpMs", "score"}

    await page.goto(f"{quiet_site.url}/endpoint-test?lng=ja")
    await page.get_by_label("以前の結果を読み込む").set_input_files(kept)
    await expect(page.get_by_text("の結果です。")).to_be_visible()
    await expect(page.get_by_role("listitem")).to_have_count(len(results["results"]))
    (tmp_path / "other.json").write_text("{}")
    await page.get_by_label("以前の結果を読み込む").set_input_files(tmp_path / "other.json")
    await expect(page.get_by_text("このファイルはテスト結果ではありません。")).to_be_visible()


async def test_without_signing_in(equipped: Browser, quiet_site: Server) -> None:
    """DESK-166: whatever needs no session is tested; the page says what a session would add."""
    page = await (await equipped.new_context(locale="en-US")).new_page()
    await page.goto(f"{quiet_site.url}/endpoint-test")
    await page.get_by_role("button", name="Run test").click()
    await finished(page)
    media = page.get_by_role("listitem").filter(has_text="Media path")
    await expect(media).to_contain_text("Sign in to the workspace in this browser to test this.")


async def _refuse(page: Page, name: str, message: str = "") -> None:
    """The browser's answer to a page that asks for the microphone."""
    await page.add_init_script(
        "navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException("
        f"{json.dumps(message)}, {json.dumps(name)}));"
        "navigator.permissions.query = async () => ({state: 'prompt'});"
    )


@pytest.mark.parametrize(
    ("error", "message", "told"),
    [
        ("NotFoundError", "Requested device not found", "No microphone was found"),
        ("NotReadableError", "Could not start audio source", "The microphone is busy"),
        ("NotAllowedError", "Permission dismissed", "The microphone was not allowed yet"),
        ("NotAllowedError", "Permission denied by system", "The system keeps the microphone from the browser"),
    ],
)
async def test_a_microphone_that_cannot_be_used(
    browser: Browser, quiet_site: Server, error: str, message: str, told: str
) -> None:
    """DESK-07, DESK-178: which cause it is, and what helps; the answers are those Chromium gives in each case."""
    page = await sign_in(browser, quiet_site, "agent1", "/workspace")
    await expect(page.locator("#status-picker")).to_be_visible()
    await _refuse(page, error, message)
    await page.reload()
    await expect(page.get_by_text(told)).to_be_visible()
    await expect(page.get_by_role("button", name="Try again")).to_be_visible()
