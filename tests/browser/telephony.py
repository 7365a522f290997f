"""Agents with microphones: each has a browser of its own whose microphone hears one tone, to tell voices apart."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Locator, Page, async_playwright, expect

from tests.browser.people import Agent, sign_in
from tests.media.caller import Telephone, strength, tone
from tests.media.conftest import MakeTelephone, site, telephone, until
from tests.media.webrtc.chromium import write_tone
from tests.quiet import quiet
from tests.server import Server

__all__ = ["desks", "quiet_site", "site", "telephone"]

DEMO = "+15550100"
CALLER_HERTZ = 440.0
PATIENCE = 40.0
"""Seconds until a sound is heard: calls are set up on a machine that is busy with other browsers."""
MICROPHONE = [
    "--no-sandbox",
    "--disable-gpu",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]
KEEP_CONNECTIONS = """(() => {
  const Real = window.RTCPeerConnection;
  window.connections = [];
  window.RTCPeerConnection = function (...given) {
    const made = new Real(...given);
    connections.push(made);
    return made;
  };
  window.RTCPeerConnection.prototype = Real.prototype;
})()"""
HEARS = """async () => {
  const open = window.connections.filter((one) => one.connectionState === "connected").at(-1);
  if (!open) return [];
  const track = open.getReceivers().find((one) => one.track.kind === "audio").track;
  const context = new AudioContext();
  await context.resume();
  const analyser = context.createAnalyser();
  analyser.fftSize = 8192;
  context.createMediaStreamSource(new MediaStream([track])).connect(analyser);
  await new Promise((resolve) => setTimeout(resolve, 700));
  const bins = new Float32Array(analyser.frequencyBinCount);
  analyser.getFloatFrequencyData(bins);
  const step = context.sampleRate / analyser.fftSize;
  await context.close();
  const loud = [];
  bins.forEach((level, at) => level > -55 && level >= bins[at - 1] && level > bins[at + 1] && loud.push(at * step));
  return loud;
}"""

MakeDesk = Callable[..., Awaitable["VoiceAgent"]]


class VoiceAgent(Agent):
    """An agent at the workspace who talks and listens."""

    hertz = 0.0

    @property
    def panel(self) -> Locator:
        return self.page.locator(".call-panel")

    @property
    def parties(self) -> Locator:
        return self.page.get_by_role("list", name="Participants").get_by_role("listitem")

    async def take(self) -> None:
        """Accept the call that rings, and wait until both sides are together."""
        await self.button("Accept call").click()
        await expect(self.button("Hold")).to_be_enabled()

    async def hears(self, *hertz: float) -> None:
        """Wait until these tones are heard. Raises AssertionError."""
        await self._listen(lambda heard: all(any(abs(one - tone) < 15 for one in heard) for tone in hertz), hertz)

    async def hears_nothing_of(self, hertz: float) -> None:
        """Wait until a tone is not heard any more."""
        await self._listen(lambda heard: not any(abs(one - hertz) < 15 for one in heard), hertz)

    async def _listen(self, condition: Callable[[list[float]], bool], wanted: object) -> None:
        heard: list[float] = []
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            heard = await self.page.evaluate(HEARS)
            if condition(heard):
                return
        raise AssertionError(f"wanted {wanted}, heard {heard}")


@pytest.fixture
async def desks(chromium: str, tmp_path: Path, quiet_site: Server) -> AsyncIterator[MakeDesk]:
    """Makes agents at their desks: `await desks("agent1", 1000)` says 1,000 Hz into the microphone."""
    async with AsyncExitStack() as stack:
        playwright = await stack.enter_async_context(async_playwright())

        async def make(user: str, hertz: float = 1000, **context: Any) -> VoiceAgent:
            sound = tmp_path / f"{user}-{hertz}.wav"
            write_tone(sound, hertz)
            browser = await playwright.chromium.launch(
                executable_path=chromium, args=[*MICROPHONE, f"--use-file-for-fake-audio-capture={sound}"]
            )
            stack.push_async_callback(browser.close)
            agent = VoiceAgent(await _arrive(browser, quiet_site, user))
            agent.hertz = hertz
            return agent

        yield make


async def _arrive(browser: Browser, server: Server, user: str) -> Page:
    page = await sign_in(browser, server, user, "/workspace")
    await expect(page.locator("#status-picker")).to_be_visible()
    await page.context.add_init_script(KEEP_CONNECTIONS)
    await page.reload()
    await expect(page.locator("#status-picker")).to_be_visible()
    return page


@pytest.fixture
def quiet_site(site: Server) -> Server:
    """The site with everybody offline and all desks empty."""
    quiet(site)
    return site


async def call_in(make: MakeTelephone, number: str = "+12065550142") -> Telephone:
    """Somebody calls the demo, presses 1 for an agent, and says a tone."""
    caller = await make(number=number)
    caller.say = tone(CALLER_HERTZ)
    final = await caller.call(DEMO)
    assert final.code == 200, final.first
    await until(lambda: caller.heard.loud() > 300, 45)
    caller.press("1")
    return caller


async def caller_hears(caller: Telephone, hertz: float, *, loud: bool = True) -> None:
    """Wait until the caller hears (or no longer hears) an agent's tone."""
    amplitude = 0.0
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        since = time.monotonic()
        await asyncio.sleep(0.6)
        amplitude = strength(caller.heard.since(since), hertz)
        if (amplitude > 300) is loud:
            return
    raise AssertionError(f"{hertz} Hz at {amplitude}")
