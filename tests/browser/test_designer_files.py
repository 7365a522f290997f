"""What becomes of flows: versions and rollback, export and import, copies, the archive, modules, rights, languages."""

import json
import re
from pathlib import Path
from typing import Any

from playwright.async_api import Browser, Page, expect

from tests.browser.designing import Author, content_of, greeting, make
from tests.browser.people import choose, client, instance_of, names, sign_in
from tests.server import PASSWORD, Server


def said(document: dict[str, Any]) -> str:
    """What a flow of `greeting` says."""
    return str(document["Actions"][0]["Parameters"]["Text"])


def publish(server: Server, flow: str, content: str) -> None:
    at = {"InstanceId": instance_of(server), "ContactFlowId": flow}
    client(server, "connect").update_contact_flow_content(Content=content, **at)


async def test_an_earlier_version_is_read_compared_and_published_again(browser: Browser, centre: Server) -> None:
    """FLOW-46: versions with dates and authors, read-only with all settings; compared; published again; edited from."""
    flow = make(centre, "Versions", greeting("One"))
    publish(centre, flow, greeting("Two"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await expect(author.block("hello")).to_contain_text("Two")
    await author.version("Version 1")
    await expect(page.get_by_text("This is version 1, published")).to_be_visible()
    await expect(author.block("hello")).to_contain_text("One")
    await expect(page.get_by_label("Search blocks")).to_be_hidden()
    panel = await author.settings("hello")
    await expect(panel.get_by_role("textbox", name="Prompt")).to_have_value("One")
    await expect(panel.get_by_role("button", name="Save", exact=True)).to_be_hidden()
    await panel.get_by_role("button", name="Close").first.click()

    await author.button("Compare").click()
    changes = page.get_by_test_id("diff-changes")
    await expect(changes.get_by_role("article")).to_have_count(1)
    await expect(changes.get_by_role("article")).to_contain_text("Changed")
    await expect(changes.locator("del")).to_contain_text("One")
    await expect(changes.locator("ins")).to_contain_text("Two")
    await expect(page.locator(".diff .flow-mark-changed")).to_have_count(1)
    await page.locator(".diff").get_by_role("button", name="Close", exact=True).click()

    await author.publish.click()
    await expect(page.get_by_text("Versions was published.")).to_be_visible()
    assert said(content_of(centre, flow)) == "One"
    await author.version("Version 2")
    await author.button("Edit from this version").click()
    await expect(author.block("hello")).to_contain_text("Two")
    await expect(page.get_by_text("Unsaved changes")).to_be_visible()
    await author.button("Undo").click()
    await expect(author.block("hello")).to_contain_text("One")
    await page.get_by_role("button", name="Versions: Latest: Published").click()
    await expect(page.get_by_role("menuitem", name="Version")).to_have_count(3)  # two earlier ones, and to compare


async def test_a_comparison_shows_what_came_and_went(browser: Browser, centre: Server) -> None:
    """FLOW-46: blocks that were added, removed, changed or connected elsewhere, on one canvas and as a list."""
    before, after = json.loads(greeting("Same")), json.loads(greeting("Same"))
    before["Actions"].insert(1, _wait("pause", "end"))
    before["Actions"][0]["Transitions"]["NextAction"] = "pause"
    after["Actions"].insert(1, _wait("breath", "end"))
    after["Actions"][0]["Transitions"]["NextAction"] = "breath"
    for document, name, y in ((before, "pause", 260), (after, "breath", 420)):
        document["Metadata"]["ActionMetadata"][name] = {"position": {"x": 400, "y": y}}
    flow = make(centre, "Compared", json.dumps(before))
    publish(centre, flow, json.dumps(after))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await author.version("Compare versions")
    diff = page.locator(".diff")
    await expect(diff.locator(".flow-mark-added")).to_have_count(1)
    await expect(diff.locator(".flow-mark-removed")).to_have_count(1)
    entries = page.get_by_test_id("diff-changes").get_by_role("article")
    await expect(entries).to_have_count(3)
    await expect(entries.filter(has_text="hello").locator("del")).to_contain_text("pause")
    await expect(entries.filter(has_text="hello").locator("ins")).to_contain_text("breath")
    await entries.filter(has_text="pause").get_by_role("button", name="pause").last.click()
    await expect(diff.locator(".flow-mark-removed")).to_be_in_viewport()
    await diff.get_by_role("button", name="Before", exact=True).click()
    await expect(diff.locator(".flow-block")).to_have_count(3)


def _wait(identifier: str, after: str) -> dict[str, Any]:
    return {
        "Identifier": identifier,
        "Type": "Wait",
        "Parameters": {"TimeoutSeconds": "1"},
        "Transitions": {
            "NextAction": after,
            "Conditions": [{"NextAction": after, "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}],
            "Errors": [{"NextAction": after, "ErrorType": "NoMatchingError"}],
        },
    }


async def test_an_exported_flow_is_imported(browser: Browser, centre: Server, tmp_path: Path) -> None:
    """FLOW-52, FLOW-53: the file takes the place of another flow, its name too; what is not found is told."""
    queue = "arn:aws:connect:us-west-2:111122223333:instance/11111111-1111-4111-8111-111111111111/queue/gone"
    content = json.loads(greeting("From a file"))
    content["Actions"].append(
        {
            "Identifier": "queue",
            "Type": "UpdateContactTargetQueue",
            "Parameters": {"QueueId": queue},
            "Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]},
        }
    )
    content["Actions"][0]["Transitions"]["NextAction"] = "queue"
    flow = make(centre, "Exported", json.dumps(content), Status="SAVED")
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    async with page.expect_download() as download:
        await author.menu("Export")
    file = tmp_path / "Exported"
    await (await download.value).save_as(file)
    assert (await download.value).suggested_filename == "Exported"
    assert json.loads(file.read_text())["Metadata"]["name"] == "Exported"

    other = make(centre, "Imported into", greeting("Before"))
    await author.open(other)
    await author.menu("Import")
    dialog = page.get_by_role("dialog")
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "broken", "mimeType": "application/json", "buffer": b"{ not json"}
    )
    await dialog.get_by_role("button", name="Import").click()
    await expect(dialog.get_by_text("It cannot be imported")).to_be_visible()
    await dialog.get_by_role("button", name="Remove file").click()
    renamed = json.loads(file.read_text())
    renamed["Metadata"]["name"] = "Imported from a file"
    await dialog.locator("input[type=file]").set_input_files(
        {"name": "Exported", "mimeType": "application/json", "buffer": json.dumps(renamed).encode()}
    )
    await dialog.get_by_role("button", name="Import").click()
    await expect(page.get_by_role("heading", name="Imported from a file")).to_be_visible()
    references = page.get_by_role("list", name="References to look at")
    await expect(references).to_contain_text("choose another before publishing")
    await expect(author.publish).to_be_disabled()
    assert said(content_of(centre, other)) == "Before"

    await references.get_by_role("link", name="queue").click()
    await choose(author.panel.get_by_role("button", name="By queue"), "BasicQueue")
    await author.save_settings()
    await author.no_errors()
    await author.publish.click()
    await expect(page.get_by_text("Imported from a file was published.")).to_be_visible()
    assert said(content_of(centre, other)) == "From a file"


async def test_a_flow_of_another_type_is_not_imported(browser: Browser, centre: Server) -> None:
    """FLOW-53, FLOW-31: the type of the file must be that of the flow; what is open stays."""
    content = json.loads(greeting("Held"))
    content["Metadata"]["type"] = "customerHold"
    author = await Author.arrive(browser, centre, f"/#/r/flows/{make(centre, 'Stays', greeting('Stays'))}")
    await author.menu("Import")
    dialog = author.page.get_by_role("dialog")
    file = {"name": "hold", "mimeType": "application/json", "buffer": json.dumps(content).encode()}
    await dialog.locator("input[type=file]").set_input_files(file)
    await dialog.get_by_role("button", name="Import").click()
    await expect(dialog.get_by_role("alert").or_(dialog.get_by_text("It cannot be imported")).first).to_be_visible()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(author.block("hello")).to_contain_text("Stays")


async def test_a_copy_is_saved_under_a_new_name(browser: Browser, centre: Server) -> None:
    """FLOW-36: save as copies what is open, an earlier version too, under a new name and description."""
    flow = make(centre, "Original", greeting("One"))
    publish(centre, flow, greeting("Two"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await author.version("Version 1")
    await author.menu("Save as")
    dialog = page.get_by_role("dialog")
    await expect(dialog.get_by_label("Name", exact=True)).to_have_value("Original copy")
    await dialog.get_by_label("Name", exact=True).fill("Versions")
    await dialog.get_by_label("Name", exact=True).fill("Original")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(dialog).to_contain_text("already exists")
    await dialog.get_by_label("Name", exact=True).fill("A copy of one")
    await dialog.get_by_label("Description").fill("Its first version")
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_role("heading", name="A copy of one")).to_be_visible()
    await expect(author.block("hello")).to_contain_text("One")
    made = names(centre, "list_contact_flows", "ContactFlowSummaryList")["A copy of one"]
    shown = client(centre, "connect").describe_contact_flow(
        InstanceId=instance_of(centre), ContactFlowId=f"{made}:$SAVED"
    )["ContactFlow"]
    assert (shown["Description"], shown["Status"]) == ("Its first version", "SAVED")


async def test_a_flow_is_archived_restored_and_deleted(browser: Browser, centre: Server) -> None:
    """FLOW-43, FLOW-44, FLOW-45: from the list and from the designer; only what is archived can be deleted."""
    flow = make(centre, "To the archive", greeting("Hi"))
    author = await Author.arrive(browser, centre, "/#/r/flows")
    page = author.page
    await page.get_by_role("searchbox", name="Search").fill("To the archive")
    await page.get_by_role("button", name="Actions of To the archive").click()
    await page.get_by_role("menuitem", name="Archive").click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("To the archive was archived.")).to_be_visible()
    await expect(page.get_by_role("link", name="To the archive")).to_be_hidden()

    await page.get_by_role("link", name="View archive").click()
    await page.get_by_role("button", name="Actions of To the archive").click()
    await page.get_by_role("menuitem", name="Restore").click()
    await expect(page.get_by_text("To the archive was restored.")).to_be_visible()

    await author.open(flow)
    await page.get_by_role("button", name="More ways to save").click()
    delete = page.get_by_role("menuitem", name="Delete")
    await expect(delete).to_have_attribute("aria-disabled", "true")
    await page.get_by_role("menuitem", name="Archive", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Archive").click()
    await expect(page.get_by_text("Archived", exact=True)).to_be_visible()
    await expect(page.get_by_label("Search blocks")).to_be_hidden()
    await author.menu("Delete")
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_role("heading", name="Flow archive")).to_be_visible()
    assert "To the archive" not in names(centre, "list_contact_flows", "ContactFlowSummaryList")


async def test_a_default_flow_is_not_archived(browser: Browser, centre: Server) -> None:
    """FLOW-12: the page says why, the flow stays in its list."""
    author = await Author.arrive(browser, centre, "/#/r/flows")
    page = author.page
    await page.get_by_role("button", name="Actions of Default customer hold").click()
    await page.get_by_role("menuitem", name="Archive").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Archive").click()
    await expect(dialog.get_by_text("is a default flow and cannot be archived")).to_be_visible()
    await dialog.get_by_role("button", name="Cancel").click()
    await expect(page.get_by_role("link", name="Default customer hold")).to_be_visible()


async def test_a_module_is_made_and_invoked(browser: Browser, centre: Server) -> None:
    """FLOW-55, FLOW-34: on its own tab, a draft until it is published; then flows can choose it."""
    author = await Author.arrive(browser, centre, "/#/r/flows")
    page = author.page
    await page.get_by_role("tab", name="Modules").click()
    await expect(page.get_by_role("link", name="FunFact", exact=True)).to_be_visible()
    await author.button("Create flow module").click()
    await expect(page.get_by_text("Flow module", exact=True)).to_be_visible()
    await author.drop("Return", 400, 200)
    await author.join(author.entry.locator(".react-flow__handle"), author.block("Return"))
    await author.no_errors()
    await author.button("Save").click()
    await page.get_by_role("dialog").get_by_label("Name", exact=True).fill("Drawn module")
    await page.get_by_role("dialog").get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("The draft of Drawn module was saved.")).to_be_visible()
    await expect(page.get_by_role("button", name="Versions: Latest: Saved")).to_be_visible()
    await author.publish.click()
    await expect(page.get_by_text("Drawn module was published.")).to_be_visible()

    flow = make(centre, "Invokes a module", greeting("Hi"))
    await author.open(flow)
    await author.drop("Invoke module", 420, 380)
    panel = await author.settings("Invoke module")
    await choose(panel.get_by_role("button", name="Module"), "Drawn module")
    await author.save_settings()
    await expect(author.block("Invoke module")).to_contain_text("Drawn module")


async def test_who_changed_which_flow_is_found(browser: Browser, centre: Server) -> None:
    """FLOW-47: all changes of all flows; by flow, by user name, by date."""
    flow = make(centre, "Much changed", greeting("One"))
    author = await Author.arrive(browser, centre, f"/#/r/flows/{flow}")
    page = author.page
    await author.write_json(greeting("Two"))
    await author.no_errors()
    await author.publish.click()
    await expect(page.get_by_text("Much changed was published.")).to_be_visible()
    await page.goto(f"{centre.url}/#/r/flows")
    await page.get_by_role("link", name="View historical changes").click()
    rows = page.get_by_role("row").filter(has_text="Much changed")
    await expect(rows).to_have_count(2)
    await expect(rows.first).to_contain_text("Published version 2")
    await expect(rows.first).to_contain_text("admin")
    await choose(page.get_by_label("Flow", exact=True), "Much changed")
    await expect(page.get_by_role("row")).to_have_count(3)
    await page.get_by_label("User name").fill("admin")
    await expect(page.get_by_role("row")).to_have_count(2)
    await page.get_by_role("button", name="Date").click()
    await page.get_by_label("Last day").or_(page.get_by_text("Last 1 day")).first.click()
    await page.get_by_role("button", name="Apply").click()
    await expect(rows).to_have_count(1)


async def test_without_the_right_a_flow_is_read_only(browser: Browser, centre: Server) -> None:
    """FLOW-34: who may only look sees everything, changes nothing."""
    connect, at = client(centre, "connect"), {"InstanceId": instance_of(centre)}
    profile = connect.create_security_profile(
        SecurityProfileName="Readers of flows", Permissions=["ContactFlows.View", "Queues.View"], **at
    )["SecurityProfileId"]
    routing = names(centre, "list_routing_profiles", "RoutingProfileSummaryList")["Basic Routing Profile"]
    connect.create_user(
        Username="reader",
        Password=PASSWORD,
        IdentityInfo={"FirstName": "Rea", "LastName": "Der"},
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[profile],
        RoutingProfileId=routing,
        **at,
    )
    flow = make(centre, "Read only", greeting("Look at me"))
    page = await sign_in(browser, centre, "reader", f"/#/r/flows/{flow}")
    author = Author(page, centre)
    await expect(author.block("hello")).to_contain_text("Look at me")
    await expect(page.get_by_text("your security profile does not allow changes")).to_be_visible()
    await expect(page.get_by_label("Search blocks")).to_be_hidden()
    await expect(author.publish).to_be_disabled()
    await author.node("hello").click()
    await page.keyboard.press("Delete")
    await expect(author.block("hello")).to_be_visible()
    await page.goto(f"{centre.url}/#/r/flows")
    await page.get_by_role("searchbox", name="Search").fill("Read only")
    await expect(page.get_by_role("link", name="Read only", exact=True)).to_be_visible()
    await expect(page.get_by_role("button", name="Create flow")).to_be_hidden()


async def test_in_japanese_and_in_the_dark(browser: Browser, centre: Server) -> None:
    """FLOW-32: palette, panel and problems speak Japanese; dark is dark."""
    flow = make(centre, "日本語のフロー", greeting("こんにちは"))
    page = await sign_in(browser, centre, "admin", f"/#/r/flows/{flow}", language="ja-JP")
    author = Author(page, centre)
    await expect(page.get_by_role("button", name="公開", exact=True)).to_be_visible()
    await expect(author.block("hello")).to_contain_text("こんにちは")
    await expect(author.problems).to_contain_text("問題は見つかりませんでした")
    await author.node("end").click()
    await page.keyboard.press("Delete")
    await expect(author.problems).to_contain_text("エラー")
    await author.block("hello").locator(".flow-block-head").dblclick()
    await expect(author.panel.get_by_role("button", name="保存", exact=True)).to_be_visible()
    assert await _brightness(page) > 200
    await page.get_by_role("button", name="Alex Admin").click()
    await page.get_by_role("menuitem", name=re.compile("ダーク")).click()
    assert await _brightness(page) < 60


async def _brightness(page: Page) -> float:
    colour = await page.locator(".designer").evaluate("(one) => getComputedStyle(one).backgroundColor")
    parts = [float(part) for part in re.findall(r"[\d.]+", str(colour))[:3]]
    return sum(parts) / 3
