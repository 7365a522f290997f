"""The prompt library in a browser that has a microphone: a tone comes in, and is found again in what callers hear."""

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import numpy as np
import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from switchroom.speech.wav import samples_of
from tests.browser.people import client, instance_of, names, sign_in
from tests.certificates import owner
from tests.server import Server
from tests.speech.conftest import loudest, tone, wav
from tests.speech.test_convert import file as encoded

TONE = 1_000
_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
)


@pytest.fixture
async def microphone(chromium: str, tmp_path: Path) -> AsyncIterator[Browser]:
    """A Chromium whose microphone hears one tone."""
    heard = tmp_path / "tone.wav"
    heard.write_bytes(wav((tone(TONE, 4, 48_000, 0.4) * 32_767).astype("<i2"), 48_000))
    async with async_playwright() as playwright:
        arguments = [*_ARGUMENTS, f"--use-file-for-fake-audio-capture={heard}"]
        browser = await playwright.chromium.launch(executable_path=chromium, args=arguments)
        yield browser
        await browser.close()


@pytest.fixture
def library(centre: Server) -> Callable[[str], np.ndarray]:
    """The samples callers hear of a prompt, by its name."""

    def samples(name: str) -> np.ndarray:
        connect, instance = client(centre, "connect"), instance_of(centre)
        prompt = names(centre, "list_prompts", "PromptSummaryList")[name]
        url = connect.get_prompt_file(InstanceId=instance, PromptId=prompt)["PromptPresignedUrl"]
        data = httpx.get(url).content
        with wave.open(io.BytesIO(data)) as file:
            assert (file.getframerate(), file.getnchannels()) == (8_000, 1)
        return samples_of(data)

    return samples


async def seconds(page: Page, end: str) -> float:
    """Where a handle of the waveform stands."""
    text = await page.get_by_role("slider", name=f"{end} of the selection").get_attribute("aria-valuenow")
    return float(text or "nan")


async def test_a_prompt_is_recorded(microphone: Browser, centre: Server, library: Callable[[str], Any]) -> None:
    """FLOW-62: start, stop, clear and record again, crop; what is saved is what was heard."""
    page = await sign_in(microphone, centre, "admin", "/#/r/prompts/new")
    await page.get_by_label("Name", exact=True).fill("Recorded here")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("This is needed.")).to_be_visible()
    await page.get_by_role("button", name="Record", exact=True).click()
    for attempt in range(2):
        await page.get_by_role("button", name="Start recording").click()
        await expect(page.get_by_text("0:02")).to_be_visible()
        await page.get_by_role("button", name="Stop recording").click()
        await expect(page.get_by_role("group", name="Waveform")).to_be_visible()
        if attempt == 0:
            await page.get_by_role("button", name="Clear", exact=True).click()
            await expect(page.get_by_role("group", name="Waveform")).to_be_hidden()
    whole = await seconds(page, "End")
    assert whole > 1.5
    start = page.get_by_role("slider", name="Start of the selection")
    await start.focus()
    for _ in range(5):
        await start.press("ArrowRight")
    assert await seconds(page, "Start") == pytest.approx(0.5, abs=0.01)
    await page.get_by_role("button", name="Crop to selection").click()
    await expect(page.get_by_role("button", name="Crop to selection")).to_be_disabled()
    assert await seconds(page, "End") == pytest.approx(whole - 0.5, abs=0.02)
    await page.get_by_role("button", name="Play", exact=True).click()
    await expect(page.get_by_role("button", name="Stop", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Recorded here was created.", exact=True)).to_be_visible()

    samples = library("Recorded here")
    assert len(samples) / 8_000 == pytest.approx(whole - 0.5, abs=0.05)
    assert loudest(samples) == pytest.approx(TONE, abs=10)
    assert np.abs(samples).max() > 1_000


async def test_a_prompt_is_uploaded(
    microphone: Browser, centre: Server, library: Callable[[str], Any], tmp_path: Path
) -> None:
    """FLOW-60, FLOW-61: uploaded with a tag, found by tag and by description, heard, downloaded, replaced, deleted."""
    file = tmp_path / "welcome.wav"
    file.write_bytes(wav((tone(700, 1.5, 44_100, 0.4) * 32_767).astype("<i2"), 44_100))
    page = await sign_in(microphone, centre, "admin", "/#/r/prompts/new")
    await page.get_by_label("Name", exact=True).fill("Uploaded here")
    await page.get_by_label("Description").fill("Heard by everybody at noon")
    await page.locator("input[type=file]").set_input_files(file)
    await expect(page.get_by_role("group", name="Waveform")).to_be_visible()
    await page.get_by_role("button", name="Tags").click()
    await page.get_by_role("button", name="Add tag").click()
    await page.get_by_role("textbox", name="Key").fill("daytime")
    await page.get_by_role("textbox", name="Value").fill("noon")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Uploaded here was created.", exact=True)).to_be_visible()
    assert loudest(library("Uploaded here")) == pytest.approx(700, abs=3)

    await page.goto(f"{centre.url}/#/r/prompts")
    await expect(page.get_by_role("link", name="CustomerHold.wav")).to_be_visible()
    for token in ("Description : at noon", "Tag (key=value) : daytime=noon"):
        search = page.get_by_placeholder("Find by name, description or tag")
        await search.fill(token)
        await search.press("Enter")
        await expect(page.get_by_role("link", name="CustomerHold.wav")).to_be_hidden()
    await expect(page.get_by_role("link", name="Uploaded here")).to_be_visible()
    async with page.expect_response(lambda answer: "/objects/prompts/" in answer.url):
        await page.get_by_role("button", name="Play Uploaded here").click()
    await expect(page.get_by_role("button", name="Play Uploaded here")).to_be_visible()
    await page.get_by_role("button", name="Actions for Uploaded here").click()
    async with page.expect_download() as download:
        await page.get_by_role("menuitem", name="Download").click()
    assert (await download.value).suggested_filename == "Uploaded here.wav"
    await page.get_by_role("button", name="Actions for Uploaded here").click()
    await page.get_by_role("menuitem", name="Delete").click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("Uploaded here was deleted.", exact=True)).to_be_visible()


async def test_a_prompt_of_another_kind(
    microphone: Browser, centre: Server, library: Callable[[str], Any], tmp_path: Path
) -> None:
    """FLOW-61: an mp3 is converted; what is no sound is refused in words."""
    song, page_text = tmp_path / "song.mp3", tmp_path / "page.mp3"
    song.write_bytes(encoded("mp3", "mp3", 44_100, "stereo", tone(880, 2, 44_100)))
    page_text.write_bytes(b"<html>")
    page = await sign_in(microphone, centre, "admin", "/#/r/prompts/new")
    await page.get_by_label("Name", exact=True).fill("Song")
    await page.locator("input[type=file]").set_input_files(page_text)
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("This file cannot be a prompt").first).to_be_visible()
    await page.locator("input[type=file]").set_input_files(song)
    await expect(page.get_by_role("group", name="Waveform")).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Song was created.", exact=True)).to_be_visible()
    assert loudest(library("Song")) == pytest.approx(880, abs=5)


async def test_a_prompt_of_a_text(microphone: Browser, telephone_server: Server) -> None:
    """FLOW-64: written, listened to, kept as a prompt."""
    page = await sign_in(microphone, telephone_server, "admin", "/#/r/prompts/new")
    await page.get_by_label("Name", exact=True).fill("Spoken")
    await page.get_by_role("button", name="From text").click()
    await page.get_by_label("What is said").fill("We are closed today.")
    voice = page.get_by_role("combobox", name="Voice")
    await voice.fill("Matthew")
    await voice.press("Enter")
    async with page.expect_response(lambda answer: "/objects/speech/" in answer.url) as heard:
        await page.get_by_role("button", name="Listen").click()
    assert (await heard.value).ok
    await page.get_by_role("button", name="Use this sound").click()
    await expect(page.get_by_role("group", name="Waveform")).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Spoken was created.", exact=True)).to_be_visible()
    connect, instance = client(telephone_server, "connect"), instance_of(telephone_server)
    prompt = names(telephone_server, "list_prompts", "PromptSummaryList")["Spoken"]
    url = connect.get_prompt_file(InstanceId=instance, PromptId=prompt)["PromptPresignedUrl"]
    sound = samples_of((await asyncio.to_thread(httpx.get, url)).content)
    assert len(sound) > 6_000 and np.abs(sound).max() > 1_000


async def test_security_keys(microphone: Browser, centre: Server) -> None:
    """FLOW-133: added as PEM, shown with their ids, two at most, removed."""
    page = await sign_in(microphone, centre, "admin", "/#/instance")
    field, add = page.get_by_label("New public key"), page.get_by_role("button", name="Add key")
    await field.fill("not a key")
    await add.click()
    await expect(page.get_by_text("Key must be a public key in PEM form").first).to_be_visible()
    for count in (1, 2):
        await field.fill(owner().public)
        await add.click()
        await expect(page.get_by_text(f"({count}/2)")).to_be_visible()
    await expect(field).to_be_disabled()
    keys = client(centre, "connect").list_security_keys(InstanceId=instance_of(centre))["SecurityKeys"]
    for key in keys:
        await expect(page.get_by_text(key["AssociationId"])).to_be_visible()
        await page.get_by_role("button", name=f"Remove key {key['AssociationId']}").click()
        await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
        await expect(page.get_by_text(key["AssociationId"], exact=True)).to_be_hidden()
    assert not client(centre, "connect").list_security_keys(InstanceId=instance_of(centre))["SecurityKeys"]


async def test_the_page_in_japanese(microphone: Browser, centre: Server) -> None:
    """FLOW-60: the list, and a shipped prompt with its waveform."""
    page = await sign_in(microphone, centre, "admin", "/#/r/prompts", "ja-JP")
    await expect(page.get_by_role("heading", name="プロンプト")).to_be_visible()
    await page.get_by_role("link", name="CustomerQueue.wav").click()
    await expect(page.get_by_role("group", name="波形")).to_be_visible()
    await expect(page.get_by_role("button", name="選択範囲を切り抜く")).to_be_disabled()
