"""An author of flows at the designer."""

import json
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.people import client, instance_of, sign_in
from tests.server import Server


class Author:
    """Someone who draws flows, in English."""

    def __init__(self, page: Page, server: Server) -> None:
        self.page = page
        self.server = server
        self.canvas = page.locator(".react-flow__pane")
        self.panel = page.locator(".block-panel")
        self.problems = page.get_by_test_id("flow-problems")
        self.publish = page.get_by_role("button", name="Publish", exact=True)
        self.entry = page.locator(".react-flow__node").filter(has_text="Entry")

    @classmethod
    async def arrive(
        cls, browser: Browser, server: Server, path: str = "/#/r/flows/new", user: str = "admin"
    ) -> "Author":
        """Signed in, at a page of the designer; the clipboard may be used."""
        page = await sign_in(browser, server, user, path)
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        author = cls(page, server)
        await expect(author.problems.or_(page.get_by_role("table")).first).to_be_visible()
        return author

    async def open(self, identifier: str, kind: str = "flows") -> None:
        """Go to a flow."""
        await self.page.goto(f"{self.server.url}/#/r/{kind}/{identifier}")
        await expect(self.problems).to_be_visible()

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    def block(self, title: str) -> Locator:
        """A block on the canvas by its title."""
        return self.node(title).locator(".flow-block")

    def node(self, title: str) -> Locator:
        """What takes the focus for a block."""
        return self.page.locator(".react-flow__node").filter(
            has=self.page.locator(f'.flow-block-title[title="{title}"]')
        )

    async def drop(self, name: str, x: int, y: int) -> None:
        """Drag a block from the palette to a point of the canvas."""
        search = self.page.get_by_label("Search blocks")
        await search.fill(name)
        item = self.page.locator(".flow-palette").get_by_text(name, exact=True).first
        await item.drag_to(self.canvas, target_position={"x": x, "y": y})
        await search.fill("")

    async def join(self, handle: Locator, target: Locator) -> None:
        """Draw a connection with the mouse."""
        await handle.hover()
        await self.page.mouse.down()
        await target.hover(position={"x": 40, "y": 20})
        await self.page.mouse.up()

    def outcome(self, title: str, outcome: str) -> Locator:
        """The handle of an outcome."""
        row = self.block(title).locator(".flow-outcome").filter(has_text=outcome)
        return row.locator(".react-flow__handle")

    async def settings(self, title: str) -> Locator:
        """Open the settings of a block by a double-click on its title."""
        await self.block(title).locator(".flow-block-head").dblclick()
        await expect(self.panel).to_be_visible()
        return self.panel

    async def save_settings(self) -> None:
        await self.panel.get_by_role("button", name="Save", exact=True).click()
        await expect(self.panel).to_be_hidden()

    async def menu(self, action: str) -> None:
        """An entry of the Save menu."""
        await self.page.get_by_role("button", name="More ways to save").click()
        await self.page.get_by_role("menuitem", name=action, exact=True).click()

    async def version(self, entry: str) -> None:
        """An entry of the versions menu."""
        await self.page.get_by_role("button", name="Versions:").click()
        await self.page.get_by_role("menuitem", name=entry).click()

    async def write_json(self, content: str) -> None:
        """Replace the text of the JSON view."""
        await self.page.get_by_role("button", name="JSON", exact=True).click()
        await self.page.locator(".json-editor textarea").focus()
        await self.page.keyboard.press("Control+A")
        await self.page.keyboard.insert_text(content)

    async def drawing(self) -> None:
        """Back from the text to the canvas."""
        await self.page.get_by_role("button", name="Canvas", exact=True).click()
        await expect(self.canvas).to_be_visible()

    async def no_errors(self) -> None:
        """The checker has looked at what is there now, and found no error."""
        await expect(self.problems).to_have_attribute("data-checked", "true")
        await expect(self.problems.get_by_role("status")).not_to_contain_text("error")


def greeting(text: str, *, error: str = "end", **metadata: Any) -> str:
    """A flow that says something and hangs up."""
    after = {"NextAction": "end", "Errors": [{"NextAction": error, "ErrorType": "NoMatchingError"}]}
    places = {"hello": {"position": {"x": 240, "y": 60}}, "end": {"position": {"x": 620, "y": 60}}}
    document = {
        "Version": "2019-10-30",
        "StartAction": "hello",
        "Metadata": {"entryPointPosition": {"x": 40, "y": 60}, "ActionMetadata": places, **metadata},
        "Actions": [
            {"Identifier": "hello", "Type": "MessageParticipant", "Parameters": {"Text": text}, "Transitions": after},
            {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
        ],
    }
    return json.dumps(document, indent=2)


def make(server: Server, name: str, content: str, **more: Any) -> str:
    """A flow made by the API, published unless its Status is SAVED; its id."""
    values = {"Type": "CONTACT_FLOW", "Content": content, **more}
    made = client(server, "connect").create_contact_flow(InstanceId=instance_of(server), Name=name, **values)
    return str(made["ContactFlowId"])


def content_of(server: Server, identifier: str) -> dict[str, Any]:
    """The document of a flow; behind the id may stand a version or $SAVED."""
    shown = client(server, "connect").describe_contact_flow(InstanceId=instance_of(server), ContactFlowId=identifier)
    document: dict[str, Any] = json.loads(shown["ContactFlow"]["Content"])
    return document
