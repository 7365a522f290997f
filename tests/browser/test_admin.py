"""Administration: making, changing, finding and deleting configuration; what one may not see."""

from playwright.async_api import Browser, Response, expect

from tests.browser.people import choose, sign_in
from tests.server import Server


async def test_sign_in_and_out(browser: Browser, centre: Server) -> None:
    """DESK-04, BASE-118: a wrong password is refused; the right one shows the home page."""
    page = await sign_in(browser, centre, "admin", password="wrong")
    await expect(page.get_by_text("The user name or password is wrong.")).to_be_visible()
    await page.get_by_label("Password").fill("")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_text("Enter your user name and password.")).to_be_visible()

    page = await sign_in(browser, centre, "admin")
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()
    await expect(page.get_by_text("Set up your contact centre")).to_be_visible()
    await expect(page.get_by_role("link", name="Claim a phone number")).to_be_visible()
    await page.get_by_role("button", name="Alex Admin").click()
    await page.get_by_role("menuitem", name="Sign out").click()
    await expect(page.get_by_label("User name")).to_be_visible()
    await page.reload()
    await expect(page.get_by_label("User name")).to_be_visible()


async def test_a_queue_from_made_to_deleted(browser: Browser, centre: Server) -> None:
    """USER-45: made with a tag, found, changed, its history read, deleted."""
    page = await sign_in(browser, centre, "admin", "/#/r/queues/new")
    await page.get_by_label("Name", exact=True).fill("Night desk")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("This is needed.")).to_be_visible()
    await choose(page.get_by_label("Hours of operation"), "Basic Hours")
    await page.get_by_role("button", name="Tags").click()
    await page.get_by_role("button", name="Add tag").click()
    await page.get_by_role("textbox", name="Key").fill("team")
    await page.get_by_role("textbox", name="Value").fill("night")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Night desk was created.", exact=True)).to_be_visible()

    await expect(page.get_by_role("heading", name="Night desk")).to_be_visible()
    await page.get_by_label("Description").fill("After hours")
    await page.get_by_role("textbox", name="Value").fill("late")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Night desk was saved.", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Change history").click()
    await expect(page.get_by_role("row").filter(has_text="After hours")).to_contain_text("admin")

    await page.get_by_role("link", name="Queues").first.click()
    await page.get_by_placeholder("Search").fill("night")
    await expect(page.get_by_role("link", name="Night desk")).to_be_visible()
    await expect(page.get_by_role("link", name="BasicQueue")).to_be_hidden()
    await page.get_by_role("radio", name="Night desk").check()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("Night desk was deleted.", exact=True)).to_be_visible()
    await expect(page.get_by_text("Nothing matches.")).to_be_visible()


async def test_a_new_user_signs_in(browser: Browser, centre: Server) -> None:
    """DESK-06: a user with only the Agent profile opens the workspace, not the administration of others."""
    page = await sign_in(browser, centre, "admin", "/#/r/users/new")
    for label, text in (
        ("Login name", "yuki"),
        ("Password", "Very-Good-1"),
        ("Email", "yuki@example.com"),
        ("First name", "Yuki"),
        ("Last name", "Mori"),
    ):
        await page.get_by_label(label).first.fill(text)
    await choose(page.get_by_label("Routing profile"), "Basic Routing Profile")
    await page.get_by_label("Security profiles").click()
    await page.get_by_role("option", name="Agent", exact=True).click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("yuki was created.", exact=True)).to_be_visible()

    page = await sign_in(browser, centre, "yuki", "/workspace", password="Very-Good-1")
    await expect(page.get_by_role("heading", name="Welcome, Yuki Mori")).to_be_visible()
    await page.goto(f"{centre.url}/#/r/users")
    await expect(page.get_by_text("Your security profile does not allow this page.")).to_be_visible()


async def test_every_kind_of_resource_opens(browser: Browser, centre: Server) -> None:
    """Each list shows what the demo has, and the first of each opens without an error."""
    page = await sign_in(browser, centre, "admin")
    failures: list[str] = []
    page.on("pageerror", lambda error: failures.append(str(error)))

    def note(answer: Response) -> None:
        if answer.status >= 400:
            failures.append(f"{answer.status} {answer.url}")

    page.on("response", note)
    await expect(page.get_by_role("heading", name="Home")).to_be_visible()
    for key, name in (
        ("hours", "Basic Hours"),
        ("routing-profiles", "Basic Routing Profile"),
        ("quick-connects", "agent1"),
        ("task-templates", "Follow-up"),
        ("phone-numbers", "+15550100"),
        ("users", "agent1"),
        ("agent-statuses", "Available"),
        ("security-profiles", "CallCenterManager"),
    ):
        await page.goto(f"{centre.url}/#/r/{key}")
        await page.get_by_role("link", name=name, exact=True).click()
        await expect(page.get_by_role("heading", name=name, exact=True)).to_be_visible()
    await page.goto(f"{centre.url}/#/r/hierarchy")
    await expect(page.get_by_role("heading", name="Groups")).to_be_visible()
    assert failures == []
