"""The designer: drawing flows with the mouse and by keyboard, checking, publishing, notes, undo, the clipboard."""

import json
import re

from playwright.async_api import Browser, expect

from tests.browser.designing import Author, content_of, greeting, make
from tests.browser.people import Customer, choose, names
from tests.server import Server


async def test_a_flow_is_drawn_published_and_heard(browser: Browser, centre: Server) -> None:
    """FLOW-30, FLOW-32, FLOW-35: from an empty canvas to a chat; what is not connected refuses publishing."""
    author = await Author.arrive(browser, centre, "/#/r/flows")
    page = author.page
    await author.button("Create flow").click()
    await expect(page.get_by_text("Inbound flow", exact=True)).to_be_visible()
    await expect(author.entry).to_be_visible()
    await expect(author.publish).to_be_disabled()

    await author.drop("Play prompt", 360, 120)
    await author.drop("Disconnect / hang up", 700, 320)
    await author.join(author.entry.locator(".react-flow__handle"), author.block("Play prompt"))
    await author.join(author.outcome("Play prompt", "Error"), author.block("Disconnect / hang up"))
    await expect(author.problems).to_contain_text("error")

    panel = await author.settings("Play prompt")
    await panel.get_by_label("Text-to-speech or chat text").check()
    await panel.get_by_role("textbox", name="Prompt").fill("Drawn by hand")
    await author.save_settings()
    await expect(author.block("Play prompt")).to_contain_text("Drawn by hand")
    await expect(author.problems.get_by_role("status")).to_contain_text("1 error")
    await expect(author.publish).to_be_disabled()
    await author.problems.get_by_role("button").click()
    await author.problems.get_by_role("link", name="Play prompt").click()
    await expect(panel).to_be_visible()
    await page.keyboard.press("Escape")

    await author.join(author.outcome("Play prompt", "Success"), author.block("Disconnect / hang up"))
    await author.no_errors()
    await author.publish.click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("Drawn here")
    await dialog.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("Drawn here was published.")).to_be_visible()
    await expect(page.get_by_text("Published", exact=True)).to_be_visible()
    await expect(page.get_by_text("Unsaved changes")).to_be_hidden()

    customer = await Customer.arrive(browser, centre, flow="Drawn here")
    await customer.begin()
    await expect(customer.log).to_contain_text("Drawn by hand")


async def test_a_flow_is_drawn_by_keyboard(browser: Browser, centre: Server) -> None:
    """FLOW-32: blocks are added, set, connected and published without a mouse."""
    author = await Author.arrive(browser, centre)
    page, keys = author.page, author.page.keyboard
    await page.get_by_label("Search blocks").focus()
    await keys.type("play prompt")
    await keys.press("Enter")
    await expect(author.node("Play prompt")).to_be_visible()
    await page.get_by_label("Search blocks").focus()
    await keys.press("Control+A")
    await keys.type("disconnect / hang")
    await keys.press("Enter")
    await expect(author.node("Disconnect / hang up")).to_be_visible()

    await author.node("Play prompt").focus()
    await keys.press("Enter")
    await expect(author.panel).to_be_visible()
    await author.panel.get_by_role("textbox", name="Prompt").focus()
    await keys.type("Typed only")
    await keys.press("Control+Enter")
    await expect(author.panel).to_be_hidden()

    for node, outcome in (("Entry", ""), ("Play prompt", "Success"), ("Play prompt", "Error")):
        origin = author.entry if node == "Entry" else author.node(node)
        await origin.press("c")
        dialog = page.get_by_role("dialog")
        if outcome:
            await choose(dialog.get_by_label("Outcome"), outcome)
        await choose(dialog.get_by_label("Leads to"), "Play prompt" if node == "Entry" else "Disconnect / hang up")
        await dialog.get_by_role("button", name="Connect", exact=True).press("Enter")
        await expect(dialog).to_be_hidden()
        await expect(origin).to_be_focused()
    await author.no_errors()
    await keys.press("Control+S")
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Typed here")
    await keys.press("Enter")
    await expect(page.get_by_text("The draft of Typed here was saved.")).to_be_visible()
    document = content_of(
        centre, names(centre, "list_contact_flows", "ContactFlowSummaryList")["Typed here"] + ":$SAVED"
    )
    assert [action["Type"] for action in document["Actions"]] == ["MessageParticipant", "DisconnectParticipant"]
    assert document["StartAction"] == document["Actions"][0]["Identifier"]
    assert document["Actions"][0]["Transitions"]["NextAction"] == document["Actions"][1]["Identifier"]


async def test_only_what_fits_the_type_can_be_placed(browser: Browser, centre: Server) -> None:
    """FLOW-30, FLOW-31: the nine types are offered; the palette of a hold flow has only what may stand in one."""
    author = await Author.arrive(browser, centre, "/#/r/flows")
    page = author.page
    await page.get_by_role("button", name="Create a flow of another type").click()
    types = page.get_by_role("menuitem")
    await expect(types).to_have_count(9)
    await types.filter(has_text="Customer hold").click()
    await expect(author.problems).to_be_visible()
    await expect(page.get_by_text("Customer hold", exact=True)).to_be_visible()
    palette = page.locator(".flow-palette")
    await expect(palette.get_by_text("Loop prompts", exact=True)).to_be_visible()
    await expect(palette.get_by_text("Transfer to queue", exact=True)).to_be_hidden()


async def test_text_and_drawing_are_one(browser: Browser, centre: Server) -> None:
    """FLOW-34, FLOW-35: what is written as JSON is drawn; an error refuses publishing, a draft never runs."""
    flow = make(centre, "Written and drawn", greeting("First"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await author.write_json(greeting("Second", error="nowhere"))
    await expect(author.problems).to_contain_text("error")
    await expect(author.publish).to_be_disabled()
    await author.write_json("{ not json")
    await expect(author.problems).to_contain_text("error")
    await expect(page.get_by_role("button", name="Canvas", exact=True)).to_be_disabled()
    await author.write_json(greeting("Second"))
    await author.no_errors()
    await author.drawing()
    await expect(author.block("hello")).to_contain_text("Second")

    await author.button("Save").click()
    await expect(page.get_by_text("The draft of Written and drawn was saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Versions: Latest: Saved")).to_be_visible()
    assert content_of(centre, flow)["Actions"][0]["Parameters"]["Text"] == "First"
    await author.publish.click()
    await expect(page.get_by_text("Written and drawn was published.")).to_be_visible()
    assert content_of(centre, flow)["Actions"][0]["Parameters"]["Text"] == "Second"


async def test_undo_takes_back_one_step_or_many(browser: Browser, centre: Server) -> None:
    """FLOW-39: Ctrl+Z and Ctrl+Y on the canvas, and the list of what can be undone."""
    author = await Author.arrive(browser, centre, f"/#/r/flows/{make(centre, 'Undone', greeting('Hi'))}")
    page, keys = author.page, author.page.keyboard
    await author.node("hello").click()
    await keys.press("Delete")
    await expect(author.block("hello")).to_have_count(0)
    await author.node("end").click()
    await keys.press("Delete")
    await expect(author.block("end")).to_have_count(0)
    await keys.press("Control+Z")
    await expect(author.block("end")).to_be_visible()
    await keys.press("Control+Y")
    await expect(author.block("end")).to_have_count(0)

    await page.get_by_role("button", name="What can be undone").click()
    await expect(page.get_by_role("menuitem")).to_have_count(2)
    await page.get_by_role("menuitem", name="Delete hello").click()
    await expect(author.block("hello")).to_be_visible()
    await expect(author.block("end")).to_be_visible()
    await expect(page.get_by_text("Unsaved changes")).to_be_hidden()
    await author.button("Redo").click()
    await expect(author.block("hello")).to_have_count(0)


async def test_blocks_are_copied_into_another_flow(browser: Browser, centre: Server) -> None:
    """FLOW-33, FLOW-41: several blocks with their settings, places and connections, as JSON on the clipboard."""
    first, second = make(centre, "Copied from", greeting("Carry me")), make(centre, "Copied to", greeting("Here"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{first}")
    page, keys = author.page, author.page.keyboard
    await author.node("hello").click()
    await author.node("end").click(modifiers=["Control"])
    await keys.press("Control+C")
    await expect(page.get_by_text("2 items copied")).to_be_attached()
    copied = json.loads(await page.evaluate("navigator.clipboard.readText()"))
    assert len(copied["Actions"]) == 2

    await author.open(second)
    await expect(author.block("hello")).to_contain_text("Here")
    await author.canvas.click(position={"x": 500, "y": 400})
    await keys.press("Control+V")
    pasted = page.locator(".flow-block").filter(has_text="Carry me")
    await expect(pasted).to_be_visible()
    await expect(page.locator(".flow-block")).to_have_count(4)
    await expect(page.locator(".react-flow__edge")).to_have_count(6 - 1)
    await page.evaluate("navigator.clipboard.writeText('{ damaged')")
    await keys.press("Control+V")
    await expect(page.locator(".flow-block")).to_have_count(4)


async def test_notes_are_written_found_and_leave_with_their_block(browser: Browser, centre: Server) -> None:
    """FLOW-40, FLOW-42: a note on a block by Ctrl+Alt+N, listed and searched; it goes and comes back with its block."""
    author = await Author.arrive(browser, centre, f"/#/r/flows/{make(centre, 'Noted', greeting('Hi'))}")
    page, keys = author.page, author.page.keyboard
    await author.node("hello").click()
    await keys.press("Control+Alt+N")
    note = page.get_by_label("Text of the note")
    await note.fill("Ask Grüße 🎧")
    await keys.press("Escape")
    await author.button("Notes").click()
    notes = page.get_by_role("region", name="Notes")
    await expect(notes.get_by_role("button")).to_contain_text(["Ask Grüße 🎧"])
    await notes.get_by_label("Search notes").fill("nothing")
    await expect(notes.get_by_text("0 found")).to_be_visible()
    await notes.get_by_label("Search notes").fill("grüße")
    await expect(notes.get_by_text("1 found")).to_be_visible()

    await author.node("hello").click()
    await keys.press("Delete")
    await notes.get_by_label("Search notes").fill("")
    await expect(notes.get_by_text("0 of 100 notes")).to_be_visible()
    await author.button("Undo").click()
    await expect(notes.get_by_text("1 of 100 notes")).to_be_visible()

    await author.button("Find").click()
    find = page.get_by_role("region", name="Find in flow")
    await find.get_by_label("Find in flow").fill("hello")
    await expect(author.block("hello")).to_have_class(re.compile("flow-hit"))


async def test_unsaved_work_is_not_lost(browser: Browser, centre: Server) -> None:
    """FLOW-34: leaving asks first; after a reload the browser offers what was not saved."""
    flow = make(centre, "Unsaved", greeting("Hi"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page, keys = author.page, author.page.keyboard
    await author.node("hello").click()
    await keys.press("Delete")
    await expect(page.get_by_text("Unsaved changes")).to_be_visible()
    await page.get_by_role("link", name="Flows", exact=True).click()
    await expect(page.get_by_role("dialog", name="Leave without saving?")).to_be_visible()
    await author.button("Stay").click()
    await expect(author.block("end")).to_be_visible()
    assert page.url.endswith(flow)

    kept = "Object.keys(localStorage).some((key) => key.startsWith('switchroom-flow:'))"
    while not await page.evaluate(kept):
        await page.wait_for_timeout(100)
    page.on("dialog", lambda dialog: dialog.accept())
    await page.reload()
    await expect(author.block("hello")).to_be_visible()
    await author.button("Restore it").click()
    await expect(author.block("hello")).to_have_count(0)
    await expect(page.get_by_text("Unsaved changes")).to_be_visible()
    await page.get_by_role("link", name="Flows", exact=True).click()
    await author.button("Leave and lose the changes").click()
    await page.get_by_role("searchbox", name="Search").fill("Unsaved")
    await page.get_by_role("link", name="Unsaved", exact=True).click()
    await expect(author.block("hello")).to_be_visible()
    await expect(author.button("Restore it")).to_be_hidden()


async def test_a_newer_draft_is_not_overwritten_unasked(browser: Browser, centre: Server) -> None:
    """FLOW-34: somebody else saved in the meantime; one can go on with theirs, or save over it."""
    flow = make(centre, "Two authors", greeting("Hi"))
    first = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    second = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    for author, victim in ((first, "end"), (second, "hello")):
        await author.node(victim).click()
        await author.page.keyboard.press("Delete")
        await author.button("Save").click()
        if author is first:
            await expect(author.page.get_by_text("The draft of Two authors was saved.")).to_be_visible()
    await expect(second.page.get_by_role("dialog", name="Somebody else has saved this flow")).to_be_visible()
    await second.button("Go on with theirs").click()
    await expect(second.block("hello")).to_be_visible()
    await expect(second.block("end")).to_have_count(0)


async def test_the_map_shows_where_one_is(browser: Browser, centre: Server) -> None:
    """FLOW-37: the overview is shown and hidden; Reset goes back to the entry point; what is found is marked on it."""
    author = await Author.arrive(browser, centre, f"/#/r/flows/{make(centre, 'Mapped', greeting('Hi'))}")
    page = author.page
    overview = page.locator(".react-flow__minimap")
    await expect(overview).to_be_visible()
    await author.button("Hide mini-map").click()
    await expect(overview).to_be_hidden()
    await author.button("Show mini-map").click()
    await expect(overview).to_be_visible()
    await author.canvas.hover(position={"x": 500, "y": 400})
    for _ in range(4):
        await page.mouse.wheel(2500, 0)
    await expect(author.entry).not_to_be_in_viewport()
    await page.get_by_role("button", name="Reset").click()
    await expect(author.entry).to_be_in_viewport()


async def test_a_block_has_a_name_of_its_own(browser: Browser, centre: Server) -> None:
    """FLOW-38: by its menu and in its settings; forbidden characters are refused; it is the Identifier."""
    flow = make(centre, "Names", greeting("Hi"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await page.get_by_role("button", name="Menu of hello").click()
    await page.get_by_role("menuitem", name="Rename").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Name", exact=True).fill("50% off")
    await expect(dialog.get_by_text("These characters cannot be used")).to_be_visible()
    await expect(dialog.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    await dialog.get_by_label("Name", exact=True).fill("Warm welcome")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(author.block("Warm welcome")).to_be_visible()

    panel = await author.settings("end")
    await panel.get_by_label("Block name").fill("Warm welcome")
    await expect(panel.get_by_text("Another block has this name.")).to_be_visible()
    await panel.get_by_label("Block name").fill("Goodbye")
    await author.button("Fit to window").click()
    await author.block("Warm welcome").locator(".flow-block-head").dblclick()
    await page.get_by_role("dialog").get_by_role("button", name="Keep editing").click()
    await author.save_settings()
    await author.no_errors()
    await author.publish.click()
    await expect(page.get_by_text("Names was published.")).to_be_visible()
    document = content_of(centre, flow)
    assert [action["Identifier"] for action in document["Actions"]] == ["Warm welcome", "Goodbye"]
    assert document["StartAction"] == "Warm welcome"


async def test_an_empty_flow_is_kept_as_a_draft(browser: Browser, centre: Server) -> None:
    """FLOW-34: a new flow can be saved before anything is drawn; it is not live."""
    author = await Author.arrive(browser, centre)
    page = author.page
    await author.button("Save").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(dialog.get_by_text("This is needed.")).to_be_visible()
    await dialog.get_by_label("Name", exact=True).fill("Nothing yet")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("The draft of Nothing yet was saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Versions: Latest: Saved")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Nothing yet")).to_be_visible()
    await expect(author.entry).to_be_visible()
    await expect(author.publish).to_be_disabled()


async def test_a_draft_is_tried_before_it_is_saved(browser: Browser, centre: Server) -> None:
    """FLOW-34: Try it runs what is on the canvas, and marks the way it took."""
    author = await Author.arrive(browser, centre, f"/#/r/flows/{make(centre, 'Tried', greeting('Old words'))}")
    page = author.page
    panel = await author.settings("hello")
    await panel.get_by_role("textbox", name="Prompt").fill("New words")
    await author.save_settings()
    await author.button("Try it").click()
    trial = page.get_by_role("region", name="Try it")
    await trial.get_by_role("button", name="Chat", exact=True).click()
    await trial.get_by_role("button", name="Start the test").click()
    await expect(trial.get_by_text("New words").first).to_be_visible()
    await expect(page.locator(".flow-mark-taken, .flow-mark-current")).not_to_have_count(0)
    await author.settings("hello")
    await expect(trial).to_be_hidden()
    await author.panel.get_by_role("button", name="Cancel").click()
    await expect(trial.get_by_text("New words").first).to_be_visible()
