"""Keyboard, languages, a server that goes away for a moment."""

from collections.abc import Callable

from playwright.async_api import Browser, expect

from tests.browser.people import Agent, Customer, open_page, sign_in
from tests.server import Server


async def test_a_chat_by_keyboard_alone(browser: Browser, centre: Server) -> None:
    """DESK-171: every step of an agent's chat has a key, and the list of keys is one key away."""
    agent, customer = await Agent.arrive(browser, centre), await Customer.arrive(browser, centre)
    await agent.page.keyboard.press("?")
    await expect(agent.page.get_by_role("dialog")).to_contain_text("Accept the incoming contact")
    await agent.page.keyboard.press("Escape")
    await agent.page.keyboard.press("Alt+s")
    await agent.page.get_by_role("menuitemcheckbox", name="Available").wait_for()
    await agent.page.keyboard.press("Home")
    await agent.page.keyboard.press("Enter")
    await expect(agent.page.locator("#status-picker")).to_contain_text("Available")
    await customer.begin()
    await expect(agent.button("Accept chat")).to_be_visible()
    await agent.page.keyboard.press("Alt+a")
    await expect(agent.box).to_be_visible()
    await agent.page.keyboard.press("Alt+m")
    await agent.page.keyboard.type("Typed, never clicked?")
    await agent.page.keyboard.press("Enter")
    await expect(customer.log).to_contain_text("Typed, never clicked?")
    await agent.page.keyboard.press("Alt+e")
    await expect(agent.button("Clear contact")).to_be_visible()
    await agent.page.keyboard.press("Alt+c")
    await expect(agent.page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()


async def test_japanese(browser: Browser, centre: Server) -> None:
    """DESK-17: the browser's language is the first choice; the header changes it, and the choice stays."""
    page = await sign_in(browser, centre, "agent1", "/workspace", "ja-JP")
    await expect(page.get_by_role("heading", name="ようこそ、Ana Silva さん")).to_be_visible()
    await expect(page.locator("html")).to_have_attribute("lang", "ja")
    await page.get_by_role("button", name="言語").click()
    await page.get_by_role("menuitem", name="English").click()
    await expect(page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()
    await page.reload()
    await expect(page.get_by_role("heading", name="Welcome, Ana Silva")).to_be_visible()
    customer = await open_page(browser, "/test-chat", centre, "ja-JP")
    await expect(customer.get_by_role("heading", name="テスト設定")).to_be_visible()
    await expect(customer.get_by_role("button", name="チャットを開く")).to_be_visible()


async def test_the_workspace_recovers(browser: Browser, make_server: Callable[..., Server]) -> None:
    """DESK-164: when the server dies the agent is told, and the desk comes back by itself with everything on it."""
    server = make_server("--demo").ready()
    agent, customer = await Agent.arrive(browser, server), await Customer.arrive(browser, server)
    await agent.available()
    await customer.begin()
    await agent.button("Accept chat").click()
    await agent.say("Before the crash")
    await expect(customer.log).to_contain_text("Before the crash")
    server.kill("up")
    await expect(agent.page.get_by_text("Connection lost", exact=True)).to_be_visible()
    server.start().ready()
    await expect(agent.page.get_by_text("Connection lost", exact=True)).to_be_hidden()
    await customer.say("Are you there?")
    await expect(agent.log).to_contain_text("Are you there?")
    await agent.say("Yes")
    await expect(customer.log).to_contain_text("Yes")
