"""People and what they may do: user management, batches, security profiles, hierarchy, statuses, passwords."""

import csv
from typing import Any

from playwright.async_api import Browser, Locator, Page, expect

from tests.browser.people import choose, client, instance_of, names, open_page, sign_in, tick
from tests.server import Server

WORD = "Very-Good-1"
HEADER = (
    "first name,last name,email address,secondary email,mobile,password,user login,routing profile name,"
    "security_profile_name_1|security_profile_name_2,user_hierarchy_1|user_hierarchy_2,phone type (soft/desk),"
    "phone number,soft phone auto accept (yes/no),ACW timeout (seconds),tags"
)


def _make(server: Server, login: str, profile: str = "Agent", **more: Any) -> str:
    """A user made by the API. Returns its id."""
    profiles = names(server, "list_security_profiles", "SecurityProfileSummaryList")
    routing = names(server, "list_routing_profiles", "RoutingProfileSummaryList")
    made = client(server, "connect").create_user(
        InstanceId=instance_of(server),
        Username=login,
        Password=WORD,
        IdentityInfo={"FirstName": login.title(), "LastName": "Tester", "Email": f"{login}@example.com"},
        PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": False, "AfterContactWorkTimeLimit": 5},
        SecurityProfileIds=[profiles[profile]],
        RoutingProfileId=routing["Basic Routing Profile"],
        **more,
    )
    return str(made["UserId"])


def _user(server: Server, login: str) -> dict[str, Any]:
    found = names(server, "list_users", "UserSummaryList", MaxResults=1000)[login]
    answer = client(server, "connect").describe_user(InstanceId=instance_of(server), UserId=found)
    return dict(answer["User"])


async def _filter(page: Page, text: str) -> None:
    box = page.get_by_label("Add filter").last
    await box.fill(text)
    await box.press("Enter")


async def _tick_all(page: Page) -> None:
    """The box in the header of the table, by keyboard: the table draws its header twice to keep it in sight."""
    await page.get_by_role("checkbox", name="Choose all users of this page").first.focus()
    await page.keyboard.press("Space")


async def _file(page: Page, button: Locator) -> list[list[str]]:
    """The rows of the CSV file that a button downloads."""
    async with page.expect_download() as coming:
        await button.click()
    saved = await (await coming.value).path()
    return list(csv.reader(saved.read_text("utf-8-sig").splitlines()))


async def _dismiss(page: Page, count: int = 1) -> None:
    """Close the messages of batches that are over."""
    messages = page.get_by_role("button", name="Dismiss")
    for left in range(count - 1, -1, -1):
        await messages.first.click()
        await expect(messages).to_have_count(left)


async def test_users_from_a_file(browser: Browser, centre: Server) -> None:
    """USER-07, USER-08, USER-09, USER-10, USER-11: template, rows checked, only the valid one made, final counts."""
    page = await sign_in(browser, centre, "admin", "/#/r/users")
    await page.get_by_role("button", name="Add new users").first.click()
    await page.get_by_role("menuitem", name="Import from a CSV file").click()
    assert await _file(page, page.get_by_role("button", name="Download template")) == [HEADER.split(",")]
    rows = (
        "Ines,Row,i@example.com,,,Very-Good-1,ines,Basic Routing Profile,Agent|QualityAnalyst,,soft,,yes,20,Team:Night",
        "Bad,Row,bad@example.com,,,abc,badrow,Basic Routing Profile,Agnet,,soft,,no,,",
        "Ana,Again,ana@example.com,,,Very-Good-1,agent1,Basic Routing Profile,Agent,,soft,,no,,",
    )
    await page.locator("input[type=file]").set_input_files(
        {"name": "people.csv", "mimeType": "text/csv", "buffer": "\r\n".join((HEADER, *rows)).encode()}
    )
    await page.get_by_role("button", name="Upload and verify").click()
    await expect(page.get_by_text("Rows with problems: 2. Rows that can be created: 1.")).to_be_visible()
    wrong = page.get_by_role("row").filter(has_text="badrow")
    await expect(wrong).to_contain_text("Agnet")
    await expect(wrong).to_contain_text("password does not meet the requirements")
    await expect(page.get_by_role("row").filter(has_text="agent1")).to_contain_text("login")
    await expect(page.get_by_role("row").filter(has_text="ines")).to_contain_text("Can be created")
    assert "ines" not in names(centre, "list_users", "UserSummaryList", MaxResults=1000)

    await page.get_by_role("button", name="Create users (1)").click()
    await page.get_by_role("dialog").get_by_role("button", name="Create users (1)").click()
    await expect(page.get_by_text("Users added: 1 of 3. Failed: 2.", exact=True)).to_be_visible()
    await expect(page.get_by_role("link", name="ines", exact=True)).to_be_visible()
    made = _user(centre, "ines")
    assert made["PhoneConfig"]["AutoAccept"] and made["PhoneConfig"]["AfterContactWorkTimeLimit"] == 20
    assert made["Tags"] == {"Team": "Night"} and len(made["SecurityProfileIds"]) == 2
    await _dismiss(page)
    client(centre, "connect").delete_user(InstanceId=instance_of(centre), UserId=made["Id"])


async def test_several_users_at_once(browser: Browser, centre: Server) -> None:
    """USER-15, USER-16, USER-17, USER-18, USER-19, USER-22, USER-23: found, changed together; failures told."""
    connect, instance = client(centre, "connect"), instance_of(centre)
    connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Division"}})
    group = connect.create_user_hierarchy_group(InstanceId=instance, Name="Passing")["HierarchyGroupId"]
    for login in ("bulka", "bulkb", "bulkc"):
        _make(centre, login, Tags={"Shift": "Late" if login != "bulkc" else "Early"})
    page = await sign_in(browser, centre, "admin", "/#/r/users")
    await _filter(page, "bulk")
    await expect(page.get_by_text("3 found").first).to_be_visible()
    await _filter(page, "Tag = Shift: Late")
    await expect(page.get_by_text("2 found").first).to_be_visible()
    await expect(page.get_by_role("link", name="bulkc")).to_be_hidden()
    download = page.get_by_role("button", name="Download CSV", exact=True)
    rows = await _file(page, download)
    assert [row[0] for row in rows[1:]] == ["bulka", "bulkb"]

    await _tick_all(page)
    await page.get_by_role("button", name="Edit", exact=True).first.click()
    await page.get_by_role("button", name="Edit contact data of bulka").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("Mobile number").fill("+15550111")
    await dialog.get_by_role("button", name="Next").click()
    await expect(dialog.get_by_role("heading")).to_contain_text("bulkb (2 of 2)")
    await dialog.get_by_label("First name").fill("Beatrix")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("Contact data saved (2).", exact=True)).to_be_visible()
    await expect(page.get_by_role("cell", name="Beatrix")).to_be_visible()

    await page.get_by_label("After contact work limit").fill("30")
    await choose(page.get_by_label("Hierarchy group"), "Passing")
    connect.delete_user_hierarchy_group(InstanceId=instance, HierarchyGroupId=group)
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Some users could not be processed (2)", exact=True)).to_be_visible()
    assert await _file(page, download.first) == [
        ["Login", "Failed reason", "Failed fields"],
        ["bulka", "We couldn't save some of the fields", "Agent hierarchy: Not found"],
        ["bulkb", "We couldn't save some of the fields", "Agent hierarchy: Not found"],
    ]
    first, second = _user(centre, "bulka"), _user(centre, "bulkb")
    assert [one["PhoneConfig"]["AfterContactWorkTimeLimit"] for one in (first, second)] == [30, 30]
    assert first["IdentityInfo"]["Mobile"] == "+15550111" and second["IdentityInfo"]["FirstName"] == "Beatrix"
    assert first["Tags"] == {"Shift": "Late"} and "HierarchyGroupId" not in first
    assert _user(centre, "bulkc")["PhoneConfig"]["AfterContactWorkTimeLimit"] == 5

    await page.get_by_role("button", name="Edit", exact=True).first.click()
    await expect(page.get_by_role("cell", name="bulkb").first).to_be_visible()
    await expect(page.get_by_label("After contact work limit")).to_have_value("30")
    await page.get_by_role("button", name="Cancel").click()
    await _dismiss(page)
    await page.get_by_role("button", name="Historical changes").click()
    await expect(page.get_by_role("heading", name="View recent changes for agents")).to_be_visible()
    await page.get_by_role("link", name="bulka").first.click()
    await expect(page.get_by_role("heading", name="View recent changes for bulka")).to_be_visible()
    change = page.get_by_role("row").filter(has_text="ACW Timeout").first
    assert (await change.get_by_role("cell").all_inner_texts())[-4:] == ["ACW Timeout", "5", "30", "admin"]
    for login in ("bulka", "bulkb", "bulkc"):
        connect.delete_user(InstanceId=instance, UserId=_user(centre, login)["Id"])


async def test_lists_of_users_and_profiles(browser: Browser, centre: Server) -> None:
    """USER-66, USER-67: users by any column, columns chosen; profiles beyond 25, found by name and by tag."""
    connect, instance = client(centre, "connect"), instance_of(centre)
    users = [
        _make(centre, login, profile=profile, Tags={"Order": str(at)})
        for at, (login, profile) in enumerate({"colb": "Agent", "cola": "QualityAnalyst", "colc": "Admin"}.items())
    ]
    made = [
        connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=f"Paged {at:02}", Tags={"Site": "Oslo" if at % 13 else "Rome"}
        )["SecurityProfileId"]
        for at in range(27)
    ]
    page = await sign_in(browser, centre, "admin", "/#/r/users")
    await _filter(page, "Last name = Tester")
    await _filter(page, "col")
    rows = page.get_by_role("row").filter(has_text="Tester")
    await expect(rows).to_have_count(3)
    headers = page.get_by_role("columnheader")

    async def order(column: str) -> str:
        await headers.get_by_role("button", name=column).first.focus()
        await page.keyboard.press("Enter")
        return "".join([(await row.get_by_role("link").inner_text())[-1] for row in await rows.all()])

    assert [await order(column) for column in ("First name", "Security profiles", "Tags")] == ["abc", "cba", "bac"]
    await page.get_by_role("button", name="Preferences").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("checkbox", name="Hierarchy group").uncheck()
    await dialog.get_by_role("button", name="Save", exact=True).click()
    await expect(headers.filter(has_text="Hierarchy group")).to_have_count(0)
    await page.reload()
    await expect(rows.first.get_by_role("cell")).to_have_count(6)
    await expect(headers.filter(has_text="Routing profile").first).to_be_visible()
    await expect(headers.filter(has_text="Hierarchy group")).to_have_count(0)

    await page.goto(f"{centre.url}/#/r/security-profiles")
    table = page.get_by_role("table", name="Security profiles")
    await expect(table.get_by_role("link")).to_have_count(25)
    await page.get_by_role("button", name="Next page").click()
    await expect(table.get_by_role("link", name="Paged 26")).to_be_visible()
    box = page.get_by_role("combobox").last
    await box.fill("ged 1")
    await box.press("Enter")
    await expect(table.get_by_role("link")).to_have_count(10)
    await box.fill("Tag = Site: Rome")
    await box.press("Enter")
    await expect(table.get_by_role("link")).to_have_text(["Paged 13"])
    for user in users:
        connect.delete_user(InstanceId=instance, UserId=user)
    for profile in made:
        connect.delete_security_profile(InstanceId=instance, SecurityProfileId=profile)


async def test_deleting_users(browser: Browser, centre: Server) -> None:
    """USER-25, USER-26, USER-28: what deletion means is said first; who is gone already is told in a file."""
    connect, instance = client(centre, "connect"), instance_of(centre)
    ids = {login: _make(centre, login) for login in ("batch100", "batch101")}
    flows = names(centre, "list_contact_flows", "ContactFlowSummaryList", ContactFlowTypes=["AGENT_TRANSFER"])
    leads = {"UserId": ids["batch101"], "ContactFlowId": next(iter(flows.values()))}
    connect.create_quick_connect(
        InstanceId=instance,
        Name="To batch101",
        QuickConnectConfig={"QuickConnectType": "USER", "UserConfig": leads},
    )
    page = await sign_in(browser, centre, "admin", "/#/r/users")
    await _filter(page, "batch10")
    await expect(page.get_by_text("2 found").first).to_be_visible()
    connect.delete_user(InstanceId=instance, UserId=ids["batch100"])
    await _tick_all(page)
    await page.get_by_role("button", name="Delete", exact=True).first.click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("Quick connects that would lead to nobody: To batch101")
    await dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("Users deleted: 1 of 2. Failed: 1.", exact=True)).to_be_visible()
    assert await _file(page, page.get_by_role("button", name="Download CSV", exact=True).first) == [
        ["Login", "Failed reason"],
        ["batch100", "The specified user was not found"],
    ]
    await expect(page.get_by_text("Nothing matches.")).to_be_visible()
    assert "To batch101" not in names(centre, "list_quick_connects", "QuickConnectSummaryList")
    await page.get_by_role("button", name="Try again").click()
    await expect(page.get_by_text("Users deleted: 0 of 1. Failed: 1.", exact=True)).to_be_visible()
    await _dismiss(page)
    await expect(page.get_by_text("Users deleted: 0 of 1. Failed: 1.", exact=True)).to_be_hidden()


async def test_one_user(browser: Browser, centre: Server) -> None:
    """USER-01, USER-03, USER-29, USER-41, USER-70: made, signs in, gets another password, may not change others."""
    connect, instance = client(centre, "connect"), instance_of(centre)
    connect.create_predefined_attribute(InstanceId=instance, Name="Dialect", Values={"StringList": ["North", "South"]})
    profile = connect.create_security_profile(
        InstanceId=instance, SecurityProfileName="Onlookers", Permissions=["Users.View"]
    )["SecurityProfileId"]
    page = await sign_in(browser, centre, "admin", "/#/r/users/new")
    for label, text in (
        ("First name", "Olga"), ("Last name", "Looker"), ("Login name", "olga"), ("Password", "weak"),
        ("Email", "olga@example.com"), ("Secondary email", "o2@example.com"), ("Mobile number", "+15550122"),
    ):  # fmt: skip
        await page.get_by_label(label).first.fill(text)
    await choose(page.get_by_label("Routing profile"), "Basic Routing Profile")
    await page.get_by_label("Security profiles").click()
    await page.get_by_role("option", name="Onlookers", exact=True).click()
    await page.get_by_role("option", name="QualityAnalyst", exact=True).click()
    await page.keyboard.press("Escape")
    await page.get_by_role("button", name="Remove QualityAnalyst").click()
    await page.get_by_role("button", name="Show advanced settings").click()
    await page.get_by_role("button", name="Add proficiency").click()
    await choose(page.get_by_label("Attribute"), "Dialect")
    await choose(page.get_by_label("Value").first, "South")
    await choose(page.get_by_label("Level"), "5 (highest)")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Use 8 to 64 characters")).to_be_visible()
    await page.get_by_label("Password", exact=True).fill(WORD)
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("olga was created.", exact=True)).to_be_visible()
    made = _user(centre, "olga")
    assert made["IdentityInfo"]["SecondaryEmail"] == "o2@example.com" and made["SecurityProfileIds"] == [profile]
    held = connect.list_user_proficiencies(InstanceId=instance, UserId=made["Id"])["UserProficiencyList"]
    assert held == [{"AttributeName": "Dialect", "AttributeValue": "South", "Level": 5.0}]
    await page.get_by_role("button", name="Effective access").click()
    await expect(page.get_by_text("Permissions (1)")).to_be_visible()

    own = await sign_in(browser, centre, "olga", f"/#/r/users/{made['Id']}", password=WORD)
    await expect(own.get_by_role("heading", name="olga", exact=True)).to_be_visible()
    await expect(own.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    await own.goto(f"{centre.url}/#/r/queues")
    await expect(own.get_by_text("Your security profile does not allow this page.")).to_be_visible()

    await page.get_by_role("button", name="Reset password").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_label("New password", exact=True).fill("Other-Good-2")
    await dialog.get_by_label("New password, again").fill("Other-Good-2")
    await dialog.get_by_role("button", name="Submit").click()
    await expect(page.get_by_text("The password of olga was reset.", exact=True)).to_be_visible()
    await own.goto(f"{centre.url}/#/r/users")
    await expect(own.get_by_text("Session expired")).to_be_visible()
    await own.get_by_label("User name").fill("olga")
    await own.get_by_label("Password").fill("Other-Good-2")
    await own.get_by_role("button", name="Sign in", exact=True).click()
    await expect(own.get_by_role("heading", name="User management")).to_be_visible()
    connect.delete_user(InstanceId=instance, UserId=made["Id"])
    connect.delete_security_profile(InstanceId=instance, SecurityProfileId=profile)
    connect.delete_predefined_attribute(InstanceId=instance, Name="Dialect")


async def test_a_security_profile(browser: Browser, centre: Server) -> None:
    """USER-42, USER-43, USER-51, USER-52, USER-63: ticks bring others; limits need tags and warn of what stays open."""
    page = await sign_in(browser, centre, "admin", "/#/r/security-profiles/new")
    await page.get_by_label("Name", exact=True).fill("Shift leads")
    await page.get_by_role("button", name="Users and permissions").click()
    await page.get_by_role("checkbox", name="Users: Edit", exact=True).check()
    await expect(page.get_by_role("checkbox", name="Users: View", exact=True)).to_be_checked()
    await expect(page.get_by_text("Also ticked: Users: View")).to_be_visible()
    await page.get_by_role("button", name="Risky").first.click()
    await expect(page.get_by_text("Holders can get at rights that nobody gave them")).to_be_visible()
    await page.keyboard.press("Escape")
    await page.get_by_label("Search permissions").fill("prompts")
    await page.get_by_role("checkbox", name="All of Prompts").check()
    await page.get_by_role("button", name="Show advanced options").click()
    hint = "To restrict access using tags, select at least one resource and add at least one access control tag."
    await expect(page.get_by_text(hint)).to_be_visible()
    await expect(page.get_by_text("4 tags remaining").first).to_be_visible()
    await page.get_by_label("Resources").first.click()
    for resource in ("Users", "Queues"):
        await tick(page.get_by_role("option", name=resource))
    await page.keyboard.press("Escape")
    await expect(page.get_by_text("Queues: restricted, but this security profile does not allow")).to_be_visible()
    await expect(page.get_by_text("Not restricted: Security profiles and Routing profiles.")).to_be_visible()
    await expect(page.get_by_text("Prompts: remove Prompts: View")).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_role("heading", name="Add security profile")).to_be_visible()
    await page.get_by_role("button", name="Add access control tag").click()
    await page.get_by_role("textbox", name="Key").fill("Shift")
    await page.get_by_role("textbox", name="Value").fill("Late")
    await expect(page.get_by_text("3 tags remaining").first).to_be_visible()
    await expect(page.get_by_text("reach only Users and Queues with Shift: Late")).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Shift leads was created.", exact=True)).to_be_visible()

    connect, instance = client(centre, "connect"), instance_of(centre)
    made = names(centre, "list_security_profiles", "SecurityProfileSummaryList")["Shift leads"]
    held = connect.list_security_profile_permissions(InstanceId=instance, SecurityProfileId=made)["Permissions"]
    assert set(held) == {"Users.View", "Users.Edit", "Prompts.Create", "Prompts.Delete", "Prompts.Edit", "Prompts.View"}
    known = connect.describe_security_profile(InstanceId=instance, SecurityProfileId=made)["SecurityProfile"]
    assert known["TagRestrictedResources"] == ["User", "Queue"]
    assert known["AllowedAccessControlTags"] == {"Shift": "Late"}
    connect.delete_security_profile(InstanceId=instance, SecurityProfileId=made)


async def test_hierarchy_and_statuses(browser: Browser, centre: Server) -> None:
    """ROUT-63, ROUT-72, ROUT-74, ROUT-75: a tree edited in place, warned before deletion; an order set by keyboard."""
    connect, instance = client(centre, "connect"), instance_of(centre)
    structure = {"LevelOne": {"Name": "Division"}, "LevelTwo": {"Name": "Team"}}
    connect.update_user_hierarchy_structure(InstanceId=instance, HierarchyStructure=structure)
    page = await sign_in(browser, centre, "admin", "/#/r/hierarchy")
    await page.get_by_role("button", name="Add level").click()
    await page.get_by_label("Level 3", exact=True).fill("Desk")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Levels was saved.", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Add Division").click()
    await page.get_by_label("Name (Division)").fill("Sales")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Add Team below Sales").click()
    await page.get_by_label("Name (Team)").fill("Nigth")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Rename Nigth").click()
    await page.get_by_label("Name (Team)").fill("Night")
    await page.get_by_role("button", name="Save", exact=True).last.click()
    await page.get_by_role("button", name="Delete Sales").click()
    dialog = page.get_by_role("dialog")
    await expect(dialog).to_contain_text("cuts the link to existing contacts for good")
    await dialog.get_by_role("button", name="Delete", exact=True).click()
    await expect(dialog).to_contain_text("It is still in use")
    await dialog.get_by_role("button", name="Cancel").click()
    for name in ("Night", "Sales"):
        await page.get_by_role("button", name=f"Delete {name}").click()
        await dialog.get_by_role("button", name="Delete", exact=True).click()
        await expect(page.get_by_text(f"{name} was deleted.", exact=True)).to_be_visible()
    await page.get_by_role("button", name="Change history").click()
    history = page.get_by_role("table", name="Change history")
    await expect(history.get_by_role("row").filter(has_text="Nigth").first).to_contain_text("admin")
    await page.get_by_label("User name").fill("nobody")
    await expect(page.get_by_text("No changes")).to_be_visible()

    made = [
        connect.create_agent_status(InstanceId=instance, Name=name, State="ENABLED")["AgentStatusId"]
        for name in ("Coaching", "Paperwork")
    ]
    await page.goto(f"{centre.url}/#/r/agent-statuses")
    order = page.get_by_role("list", name="Enabled, in the order of the agent panel").get_by_role("link")
    await expect(order.last).to_have_text("Paperwork")
    await page.get_by_role("button", name="Drag handle").last.focus()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("Picked up item").first).to_be_attached()
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_text("Moving item").first).to_be_attached()
    await page.keyboard.press("Space")
    await expect(page.get_by_text("The order was saved.", exact=True)).to_be_visible()
    await expect(order.last).to_have_text("Coaching")
    agent = await sign_in(browser, centre, "agent1", "/workspace")
    await agent.locator("#status-picker button").click()
    items = agent.get_by_role("menuitemcheckbox")
    await expect(items.filter(has_text="Coaching")).to_be_visible()
    shown = await items.all_inner_texts()
    assert shown.index("Paperwork") + 1 == shown.index("Coaching")
    for status in made:
        connect.update_agent_status(InstanceId=instance, AgentStatusId=status, State="DISABLED")


async def test_a_forgotten_password(browser: Browser, centre: Server) -> None:
    """USER-30, USER-31: the same answer for all; a link sets a password, another lets the operator in, each once."""
    user = _make(centre, "forgetful")
    page = await open_page(browser, "/", centre)
    await page.get_by_role("button", name="Forgot password?").click()
    await page.get_by_label("User name").fill("nobody-at-all")
    await page.get_by_role("button", name="Send the link").click()
    await expect(page.get_by_text("If there is such a user")).to_be_visible()
    link = client(centre, "switchroom").create_password_reset_link(InstanceAlias="demo", Username="forgetful")["Url"]
    await page.goto(f"{centre.url}/{link[link.index('#') :]}")
    await page.get_by_label("New password", exact=True).fill("Fresh-Good-3")
    await page.get_by_label("New password, again").fill("Fresh-Good-4")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_text("The two passwords are not the same.")).to_be_visible()
    await page.get_by_label("New password, again").fill("Fresh-Good-3")
    await page.get_by_role("button", name="Set password").click()
    await expect(page.get_by_text("Your password was changed.")).to_be_visible()
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await page.get_by_label("User name").fill("forgetful")
    await page.get_by_label("Password").fill("Fresh-Good-3")
    await page.get_by_role("button", name="Sign in", exact=True).click()
    await expect(page.get_by_role("button", name="Forgetful Tester")).to_be_visible()
    again = await open_page(browser, f"/{link[link.index('#') :]}", centre)
    for label in ("New password", "New password, again"):
        await again.get_by_label(label, exact=True).fill("Fresh-Good-5")
    await again.get_by_role("button", name="Set password").click()
    await expect(again.get_by_text("This link was used already")).to_be_visible()

    link = client(centre, "switchroom").create_emergency_sign_in(InstanceAlias="demo")["Url"]
    operator = await open_page(browser, f"/{link[link.index('#') :]}", centre)
    await expect(operator.get_by_role("button", name="operator")).to_be_visible()
    await operator.goto(f"{centre.url}/#/r/security-profiles/new")
    await expect(operator.get_by_role("button", name="Create", exact=True)).to_be_enabled()
    late = await open_page(browser, f"/{link[link.index('#') :]}", centre)
    await expect(late.get_by_text("This link was used already")).to_be_visible()
    client(centre, "connect").delete_user(InstanceId=instance_of(centre), UserId=user)
