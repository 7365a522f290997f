"""The canvas of the designer: blocks framed and moved, arrows taken elsewhere, notes hung on blocks, the mini-map."""

import re
from typing import Any

from playwright.async_api import Browser, Locator, expect

from tests.browser.designing import Author, content_of, greeting, make
from tests.server import Server


async def test_blocks_are_framed_and_moved_together(browser: Browser, centre: Server) -> None:
    """FLOW-33: Ctrl and a click, Ctrl and a frame; what is selected moves as one, and back as one."""
    flow = make(centre, "Framed", greeting("Hi"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    first, second = await _box(author.block("hello")), await _box(author.block("end"))
    await page.keyboard.down("Control")
    await _drag(author, (first["x"] - 20, first["y"] + 200), (second["x"] + 60, second["y"] - 30))
    await page.keyboard.up("Control")
    for title in ("hello", "end"):
        await expect(author.block(title)).to_have_class(re.compile("flow-selected"))

    await _drag(author, (first["x"] + 80, first["y"] + 12), (first["x"] + 120, first["y"] + 92))
    await _save(author)
    places = _places(centre, flow)
    shift = places["hello"]["x"] - 240
    assert shift > 20
    assert places["end"] == {"x": 620 + shift, "y": places["hello"]["y"]}
    await author.button("Undo").click()
    await _save(author)
    assert _places(centre, flow) == {"hello": {"x": 240, "y": 60}, "end": {"x": 620, "y": 60}}


async def test_an_arrow_is_taken_elsewhere_and_deleted(browser: Browser, centre: Server) -> None:
    """FLOW-32: an outcome has one target; its arrow is dragged to another block, or deleted."""
    flow = make(centre, "Joined", greeting("Hi"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    start = page.locator('.react-flow__edge[data-id="|start"]')
    end, hello = await _box(author.block("end")), await _box(author.block("hello"))
    await _drag(author, (hello["x"] - 12, hello["y"] + 23), (end["x"] + 60, end["y"] + 20))
    await expect(start).to_have_attribute("aria-label", "Entry, leads to end")

    await author.join(author.outcome("hello", "Success"), author.block("hello"))
    await expect(page.locator('.react-flow__edge[data-id="hello|next"]')).to_have_count(1)
    await page.locator('.react-flow__edge[data-id="hello|error:NoMatchingError"] path').last.click(force=True)
    await author.button("Delete connection").click()
    await expect(page.locator('.react-flow__edge[data-id="hello|error:NoMatchingError"]')).to_have_count(0)
    await _save(author)
    saved = content_of(centre, f"{flow}:$SAVED")
    assert saved["StartAction"] == "end"
    assert saved["Actions"][0]["Transitions"] == {"NextAction": "hello", "Errors": []}


async def test_a_note_is_hung_on_a_block_and_goes_with_it(browser: Browser, centre: Server) -> None:
    """FLOW-40: a floating note is dropped on a block; from then on it moves with the block, until it is detached."""
    note = {"id": "n", "type": "default", "content": "Say it kindly", "position": {"x": 300, "y": 260}}
    flow = make(centre, "Hung", greeting("Hi", Annotations=[note]))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    box, hello = await _box(author.page.locator(".flow-note-head")), await _box(author.block("hello"))
    await _drag(author, (box["x"] + 60, box["y"] + 10), (hello["x"] + 40, hello["y"] + 60))
    await expect(author.page.locator(".flow-note-about")).to_have_text("hello")
    hanging = (await _box(author.page.locator(".flow-note")))["y"]
    await _drag(author, (hello["x"] + 80, hello["y"] + 12), (hello["x"] + 80, hello["y"] - 88))
    risen = (await _box(author.block("hello")))["y"] - hello["y"]
    assert risen < -80
    assert round((await _box(author.page.locator(".flow-note")))["y"] - hanging) == round(risen)

    await author.page.locator(".flow-note-head").click(button="right")
    await author.page.get_by_role("menuitem", name="Detach from block").click()
    await expect(author.page.locator(".flow-note-about")).to_have_text("")


async def test_a_block_is_moved_by_keys(browser: Browser, centre: Server) -> None:
    """FLOW-32: M, arrows and Enter move a block; Escape takes it back; arrows alone go from block to block."""
    flow = make(centre, "Moved by keys", greeting("Hi"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    keys = author.page.keyboard
    await author.node("hello").focus()
    await keys.press("ArrowRight")
    await expect(author.node("end")).to_be_focused()
    for key in ("m", "ArrowDown", "ArrowDown", "Shift+ArrowRight", "Enter", "m", "ArrowLeft", "Escape"):
        await keys.press(key)
    await expect(author.page.get_by_text("Taken back")).to_be_attached()
    await _save(author)
    assert _places(centre, flow)["end"] == {"x": 670, "y": 80}


async def test_the_map_tells_by_colours(browser: Browser, centre: Server) -> None:
    """FLOW-37: selected blue, notes yellow, hits orange, end blocks black, the view in green; a click goes there."""
    note = {"id": "n", "type": "default", "content": "Remember", "position": {"x": 300, "y": 300}}
    flow = make(centre, "Coloured", greeting("Hi", Annotations=[note]))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    overview = author.page.locator(".react-flow__minimap")
    await expect(overview.locator(".flow-map-end")).to_have_css("fill", "rgb(0, 0, 0)")
    await expect(overview.locator(".flow-map-note")).to_have_css("fill", "rgb(255, 217, 59)")
    await expect(overview.locator(".react-flow__minimap-mask")).to_have_css("stroke", "rgb(0, 128, 47)")
    await author.node("hello").click()
    await expect(overview.locator(".flow-map-selected")).to_have_css("fill", "rgb(10, 124, 255)")
    await author.button("Find").click()
    await author.page.get_by_role("region", name="Find in flow").get_by_label("Find in flow").fill("disconnect")
    await expect(overview.locator(".flow-map-hit")).to_have_css("fill", "rgb(255, 140, 0)")

    before = await _box(author.entry)
    await overview.click(position={"x": 150, "y": 20})
    await expect(author.entry).not_to_have_css("transform", "none")
    await author.page.wait_for_timeout(500)
    after = await _box(author.entry)
    assert (before["x"], before["y"]) != (after["x"], after["y"])


async def _box(locator: Locator) -> dict[str, Any]:
    """Where it is, once it rests."""
    last = None
    while (box := await locator.bounding_box()) != last or box is None:
        last = box
        await locator.page.wait_for_timeout(150)
    return dict(box)


async def _drag(author: Author, start: tuple[float, float], end: tuple[float, float]) -> None:
    mouse = author.page.mouse
    await mouse.move(*start)
    await mouse.down()
    await mouse.move(start[0] + 5, start[1] + 5)
    await mouse.move(*end, steps=8)
    await mouse.up()


async def _save(author: Author) -> None:
    await author.button("Save").click()
    await expect(author.page.get_by_text("Unsaved changes")).to_be_hidden()


def _places(centre: Server, flow: str) -> dict[str, Any]:
    metadata = content_of(centre, f"{flow}:$SAVED")["Metadata"]["ActionMetadata"]
    return {name: one["position"] for name, one in metadata.items()}
