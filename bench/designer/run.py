"""Milliseconds of a frame in Chromium while blocks are dragged, and the view is moved and zoomed, in a large flow.

The peer is the frame of an empty page in the same browser while the mouse moves.
"""

import asyncio
import shutil
from collections.abc import Awaitable, Callable

from playwright.async_api import Browser, Page, async_playwright

from bench.designer.flow import BLOCKS, content
from bench.report import Line, Report
from tests.browser.people import instance_of, sign_in
from tests.server import Server

_STEPS = 120
_PAUSE_S = 0.008
_AT_MOST_MS = 20.0
_OPTIONS = ["--no-sandbox", "--disable-quic", "--no-first-run"]
_WATCH = """() => {
    const kept = (window.frameTimes = []);
    let last = 0;
    const watch = (at) => {
        if (last) kept.push(at - last);
        last = at;
        if (window.frameTimes === kept) requestAnimationFrame(watch);
    };
    requestAnimationFrame(watch);
}"""
_STOP = "() => { const kept = window.frameTimes; window.frameTimes = null; return kept; }"

Play = Callable[[Page], Awaitable[None]]


def run() -> Report:
    """The bench."""
    report = Report(f"frames of a flow of {BLOCKS} blocks")
    server = Server("--demo").ready()
    try:
        asyncio.run(_measured(report, server))
    finally:
        server.destroy()
    return report


async def _measured(report: Report, server: Server) -> None:
    instance = instance_of(server)
    flow = server.boto("connect").create_contact_flow(
        InstanceId=instance, Name="Two hundred blocks", Type="CONTACT_FLOW", Content=content()
    )["ContactFlowId"]
    async with async_playwright() as playwright:
        chromium = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))))
        browser = await playwright.chromium.launch(executable_path=chromium, args=_OPTIONS)
        floor = await _empty(browser)
        report.add(Line("empty page, p95", floor, "ms"))
        page = await sign_in(browser, server, "admin", f"/#/r/flows/{flow}")
        await page.locator(".react-flow__node-block").nth(BLOCKS - 1).wait_for(state="attached")
        await page.wait_for_timeout(1_000)
        for place, goal in (("at 100 %", _AT_MOST_MS), ("all in view", None)):
            for name, play in (("drag a block", _drag), ("move the view", _pan), ("zoom", _zoom)):
                half, most = await _frames(page, play)
                report.add(Line(f"{name}, {place}, p50", half, "ms", at_most=goal if play is not _zoom else None))
                report.add(Line(f"{name}, {place}, p95", most, "ms", most / floor, "the empty page"))
            await page.get_by_role("button", name="Show the whole flow").last.click()
            await page.wait_for_timeout(800)
        await browser.close()


async def _empty(browser: Browser) -> float:
    page = await browser.new_page()
    _, most = await _frames(page, lambda one: _moves(one, 300, 300))
    await page.close()
    return most


async def _frames(page: Page, play: Play) -> tuple[float, float]:
    """Half of the frames, and 95 of 100, took at most so many milliseconds."""
    await page.evaluate(_WATCH)
    await play(page)
    frames = sorted(await page.evaluate(_STOP))
    return frames[len(frames) // 2], frames[int(len(frames) * 0.95)]


async def _moves(page: Page, x: float, y: float) -> None:
    for step in range(_STEPS):
        await page.mouse.move(x + step * 2, y + step)
        await asyncio.sleep(_PAUSE_S)


async def _drag(page: Page) -> None:
    view = await page.locator(".flow-canvas").bounding_box()
    heads = page.locator(".react-flow__node-block .flow-block-head")
    assert view
    for number in range(await heads.count()):
        box = await heads.nth(number).bounding_box()
        if box and box["x"] > view["x"] + 100 and box["y"] > view["y"] + 20:
            x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 3
            await page.mouse.move(x, y)
            await page.mouse.down()
            await _moves(page, x, y)
            await page.mouse.up()
            return


async def _pan(page: Page) -> None:
    await _over(page)
    for step in range(_STEPS):
        way = 1 if step < _STEPS / 2 else -1
        await page.mouse.wheel(24 * way, 12 * way)
        await asyncio.sleep(_PAUSE_S)


async def _zoom(page: Page) -> None:
    await _over(page)
    await page.keyboard.down("Control")
    for step in range(_STEPS // 2):
        await page.mouse.wheel(0, -12 if step < _STEPS / 4 else 12)
        await asyncio.sleep(_PAUSE_S)
    await page.keyboard.up("Control")


async def _over(page: Page) -> None:
    box = await page.locator(".flow-canvas").bounding_box()
    assert box
    await page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
