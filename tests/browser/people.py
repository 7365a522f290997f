"""People in front of the pages: whoever signs in, an agent at the workspace, a customer on the test chat page."""

from functools import cache
from typing import Any

from playwright.async_api import Browser, Locator, Page, Response, expect

from tests.server import PASSWORD, Server

LINES = {"en-US": ("User name", "Password", "Sign in"), "ja-JP": ("ユーザー名", "パスワード", "サインイン")}
PATIENCE = 30_000
STRAIGHT = "Sample inbound flow (first contact experience)"
"""Puts chats and tasks in a queue without a question."""
ASKING = "Demo inbound flow"
"""Greets, asks what it is about, sets attributes, checks hours and staffing, then queues."""
STARTED: list[str] = []
"""Contacts that pages have started; they are stopped when the test is over."""

expect.set_options(timeout=PATIENCE)


async def open_page(browser: Browser, path: str, server: Server, language: str = "en-US") -> Page:
    """A page in a browser context of its own, as if on another machine."""
    context = await browser.new_context(locale=language, viewport={"width": 1440, "height": 900})
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    page.on("response", _note)
    await page.goto(server.url + path)
    return page


async def _note(response: Response) -> None:
    if response.request.method == "PUT" and response.url.endswith(("/switchroom/test-chat", "/switchroom/agent/tasks")):
        STARTED.append((await response.json()).get("ContactId", ""))


async def sign_in(
    browser: Browser, server: Server, user: str, path: str = "/", language: str = "en-US", password: str = PASSWORD
) -> Page:
    """A page of someone who has signed in."""
    page = await open_page(browser, path, server, language)
    name, secret, button = LINES[language]
    await page.get_by_label(name).fill(user)
    await page.get_by_label(secret).fill(password)
    await page.get_by_role("button", name=button, exact=True).click()
    return page


async def choose(field: Locator, option: str) -> None:
    """Choose from a drop-down; its options may still be loading when it opens, and take the first click with them."""
    page, button = field.page, field.first  # an open list carries the label as well
    for _ in range(5):
        await button.click()
        await page.get_by_role("option", name=option).first.click()
        try:
            await expect(page.get_by_role("option")).to_have_count(0, timeout=2_000)
            await expect(button).to_contain_text(option, timeout=2_000)
        except AssertionError:
            await page.keyboard.press("Escape")
        else:
            return
    raise AssertionError(f"{option} could not be chosen")


async def tick(option: Locator) -> None:
    """Choose one of several in an open list, which may still be loading and take the first click with it."""
    for _ in range(5):
        await option.click()
        try:
            await expect(option).to_have_attribute("aria-selected", "true", timeout=2_000)
        except AssertionError:
            continue
        return
    raise AssertionError("the option could not be chosen")


class Agent:
    """An agent at the workspace, in English."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log")
        self.box = page.get_by_label("Type a message and press Enter to send")

    @classmethod
    async def arrive(cls, browser: Browser, server: Server, user: str = "agent1") -> "Agent":
        agent = cls(await sign_in(browser, server, user, "/workspace"))
        await expect(agent.page.locator("#status-picker")).to_be_visible()
        return agent

    async def choose(self, status: str) -> None:
        """Pick a status from the list."""
        await self.page.locator("#status-picker button").click()
        await self.page.get_by_role("menuitemcheckbox", name=status).click()

    async def available(self) -> None:
        await self.choose("Available")
        await expect(self.page.locator("#status-picker")).to_contain_text("Available")

    def button(self, name: str) -> Locator:
        return self.page.get_by_role("button", name=name, exact=True)

    async def say(self, text: str) -> None:
        await self.box.fill(text)
        await self.box.press("Enter")


class Customer:
    """A customer on the test chat page, in English."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.log = page.get_by_role("log", name="Messages")
        self.box = page.get_by_label("Type a message")

    @classmethod
    async def arrive(cls, browser: Browser, server: Server, flow: str = STRAIGHT) -> "Customer":
        page = await open_page(browser, "/test-chat", server)
        await expect(page.get_by_label("Flow").locator("option").first).to_be_attached()
        customer = cls(page)
        await customer.apply(flow=flow)
        await expect(page.get_by_text("Applied.")).to_be_visible()
        return customer

    async def begin(self) -> None:
        """Press the bubble; the chat starts by itself."""
        await self.page.get_by_role("button", name="Open chat").click()
        await expect(self.box).to_be_visible()

    async def apply(self, name: str = "", attributes: str = "", flow: str = "") -> None:
        """Choose the settings of the next chat."""
        if flow:
            await self.page.get_by_label("Flow").select_option(label=flow)
        await self.page.get_by_label("Customer name").fill(name)
        await self.page.get_by_label("Contact attributes").fill(attributes)
        await self.page.get_by_role("button", name="Apply").click()

    async def say(self, text: str) -> None:
        await expect(self.page.get_by_role("button", name="Send")).to_be_enabled()
        await self.box.fill(text)
        await self.box.press("Enter")


@cache
def client(server: Server, service: str) -> Any:
    """The one boto3 client of a service, with the root key."""
    return server.boto(service)


@cache
def instance_of(server: Server) -> str:
    """The id of the demo instance."""
    summaries = client(server, "connect").list_instances()["InstanceSummaryList"]
    return str(next(one["Id"] for one in summaries if one.get("InstanceAlias") == "demo"))


def names(server: Server, operation: str, key: str, **more: Any) -> dict[str, str]:
    """Ids by name, from a list operation of the demo instance."""
    answer = getattr(client(server, "connect"), operation)(InstanceId=instance_of(server), **more)
    return {one.get("Name") or one["Username"]: one["Id"] for one in answer[key]}
