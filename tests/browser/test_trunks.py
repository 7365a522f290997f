"""Administration of trunks, desk phone passwords and quotas."""

import re
from collections.abc import Iterator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.people import choose, client, instance_of, names, sign_in
from tests.server import Server


@pytest.fixture
def quiet(centre: Server) -> Iterator[Server]:
    """The centre without trunks, before and after."""
    _clear(centre)
    yield centre
    _clear(centre)


def _clear(server: Server) -> None:
    at = {"InstanceId": instance_of(server)}
    for trunk in client(server, "switchroom").list_trunks(**at)["Trunks"]:
        client(server, "switchroom").delete_trunk(**at, TrunkId=trunk["TrunkId"])


async def test_the_first_trunk_is_a_loopback(browser: Browser, quiet: Server) -> None:
    """Nobody has set one up: the list says what a trunk is, and one press makes one to try."""
    page = await sign_in(browser, quiet, "admin", "/#/r/trunks")
    await expect(page.get_by_text("A trunk is the line to a telephone carrier")).to_be_visible()
    await page.get_by_role("button", name="Loopback trunk for trying out").click()
    await expect(page.get_by_role("heading", name="Loopback", exact=True)).to_be_visible()
    await expect(page.get_by_role("checkbox", name="On").last).to_be_checked()
    await page.get_by_role("link", name="Trunks").first.click()
    row = page.get_by_role("row").filter(has_text="Loopback")
    await expect(row).to_contain_text("Loopback")
    await row.get_by_role("checkbox", name="Use Loopback").uncheck()
    await expect(row).to_contain_text("Off")
    trunks = client(quiet, "switchroom").list_trunks(InstanceId=instance_of(quiet))["Trunks"]
    assert [(one["Name"], one["Loopback"]) for one in trunks] == [("Loopback", True)]


async def test_a_trunk_from_made_to_deleted(browser: Browser, quiet: Server) -> None:
    """NUM-53: rules for numbers are tried before they are saved; passwords are never shown and stay unless typed."""
    page = await sign_in(browser, quiet, "admin", "/#/r/trunks/new")
    await page.get_by_label("Name", exact=True).fill("Carrier")
    await page.get_by_label("Addresses that may call in").fill("192.0.2.0/33")
    await page.get_by_label("Host").fill("sip.example.com")
    await page.get_by_label("User name").nth(1).fill("us")
    await page.get_by_label("Password").fill("s3cret")
    await choose(page.get_by_label("Transport"), "TLS")
    await page.get_by_role("button", name="G.711 A-law (PCMA): Up").click()
    await page.get_by_role("checkbox", name="G.722").check()
    await page.get_by_role("button", name="Add rule").click()
    await page.get_by_role("textbox", name="Whole number matches").fill("0(")
    await expect(page.get_by_text("This is no regular expression, or a group is missing.")).to_be_visible()
    await page.get_by_role("textbox", name="Whole number matches").fill(r"0(\d+)")
    await page.get_by_role("textbox", name="Is written as").fill(r"+44\1")
    await page.get_by_role("textbox", name="Try a number").fill("02079460123")
    await expect(page.get_by_role("status", name="Result")).to_have_text("+442079460123")
    await page.get_by_role("textbox", name="Try a number").fill("+442079460123")
    await expect(page.get_by_text("No rule fits.")).to_be_visible()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("192.0.2.0/33 is no address or network").first).to_be_visible()
    await page.get_by_label("Addresses that may call in").fill("192.0.2.0/24\n198.51.100.7")
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("Carrier was created.")).to_be_visible()

    await expect(page.get_by_text("The present one is kept unless you type a new one.")).to_be_visible()
    await expect(page.get_by_label("Password")).to_have_value("")
    await page.get_by_label("Most calls at once").fill("30")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("Carrier was saved.")).to_be_visible()
    await page.get_by_role("button", name="Change history").click()
    await expect(page.get_by_role("row").filter(has_text="Maximum calls").first).to_contain_text("30")

    (trunk,) = client(quiet, "switchroom").list_trunks(InstanceId=instance_of(quiet))["Trunks"]
    assert trunk["Inbound"]["Addresses"] == ["192.0.2.0/24", "198.51.100.7"]
    assert trunk["Outbound"]["SecretSet"] and trunk["Outbound"]["Transport"] == "TLS"
    assert trunk["Codecs"] == ["PCMA", "PCMU", "G722"] and trunk["MaximumCalls"] == 30
    assert trunk["NumberRules"] == [{"Direction": "INBOUND", "Match": r"0(\d+)", "Replace": r"+44\1"}]

    await page.get_by_role("link", name="Trunks").first.click()
    row = page.get_by_role("row").filter(has_text="Carrier")
    await expect(row).to_contain_text("In and out")
    await expect(row).to_contain_text("sip.example.com")
    await page.get_by_role("radio", name="Carrier").check()
    await page.get_by_role("button", name="Delete", exact=True).click()
    await page.get_by_role("dialog").get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_text("Carrier was deleted.")).to_be_visible()
    await expect(page.get_by_text("No trunks yet")).to_be_visible()


async def test_a_trunk_that_registers_says_what_it_needs(browser: Browser, quiet: Server) -> None:
    """Without user name and password it is not saved."""
    page = await sign_in(browser, quiet, "admin", "/#/r/trunks/new")
    await page.get_by_label("Name", exact=True).fill("Carrier")
    await page.get_by_label("Host").fill("sip.example.com")
    await page.get_by_label("Register").check()
    await page.get_by_role("button", name="Create", exact=True).click()
    await expect(page.get_by_text("This is needed.")).to_have_count(1)
    await page.get_by_label("User name").nth(1).fill("us")
    await expect(page.get_by_label("Password")).to_be_visible()
    await expect(page.get_by_text("This is needed.")).to_have_count(1)


async def test_who_may_only_look_changes_nothing(browser: Browser, quiet: Server) -> None:
    """PhoneNumbers.View shows the trunks; without PhoneNumbers.Release there is nothing to press."""
    desk, at = client(quiet, "connect"), {"InstanceId": instance_of(quiet)}
    client(quiet, "switchroom").create_trunk(**at, Name="Carrier", Outbound={"Host": "sip.example.com"})
    profile = desk.create_security_profile(
        **at, SecurityProfileName="Looks at lines", Permissions=["PhoneNumbers.View"]
    )
    routing = names(quiet, "list_routing_profiles", "RoutingProfileSummaryList")["Basic Routing Profile"]
    user = desk.create_user(
        **at,
        Username="looker",
        Password="Very-Good-1",
        IdentityInfo={"FirstName": "Lou", "LastName": "Ker"},
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[profile["SecurityProfileId"]],
        RoutingProfileId=routing,
    )
    try:
        page = await sign_in(browser, quiet, "looker", "/#/r/trunks", password="Very-Good-1")
        row = page.get_by_role("row").filter(has_text="Carrier")
        await expect(row.get_by_role("checkbox", name="Use Carrier")).to_be_disabled()
        await expect(page.get_by_role("button", name="Set up a trunk")).to_have_count(0)
        await expect(page.get_by_role("button", name="Delete", exact=True)).to_have_count(0)
        await page.get_by_role("link", name="Carrier").click()
        await expect(page.get_by_role("heading", name="Carrier", exact=True)).to_be_visible()
        await expect(page.get_by_label("Host")).to_be_disabled()
        await expect(page.get_by_role("button", name="Save", exact=True)).to_be_disabled()
    finally:
        desk.delete_user(**at, UserId=user["UserId"])
        desk.delete_security_profile(**at, SecurityProfileId=profile["SecurityProfileId"])


async def test_a_desk_phone_gets_a_password(browser: Browser, quiet: Server) -> None:
    """Shown once, with where to register."""
    agent = names(quiet, "list_users", "UserSummaryList")["agent2"]
    page = await sign_in(browser, quiet, "admin", f"/#/r/users/{agent}")
    await page.get_by_role("button", name="SIP password").click()
    dialog = page.get_by_role("dialog")
    await dialog.get_by_role("button", name="Make a new password").click()
    await expect(dialog.get_by_text("Copy the password now")).to_be_visible()
    await expect(dialog).to_contain_text("agent2")
    await expect(dialog).to_contain_text(re.compile(r"127\.0\.0\.1:\d+"))
    await expect(dialog.get_by_role("button", name="Copy")).to_have_count(3)
    await dialog.get_by_role("button", name="Done").click()
    await expect(page.get_by_text("Copy the password now")).to_have_count(0)


async def test_a_quota_is_raised(browser: Browser, quiet: Server) -> None:
    """BASE-32: the value in force is shown and changed; one that nobody can change has no field."""
    desk, at = client(quiet, "switchroom"), {"InstanceId": instance_of(quiet)}
    before = desk.describe_instance_settings(**at)["Quotas"]["CONCURRENT_CALLS"]
    page = await sign_in(browser, quiet, "admin", "/#/instance")
    row = page.get_by_role("row").filter(has_text="Calls at once")
    await expect(row.get_by_role("spinbutton")).to_have_value(str(before))
    await expect(page.get_by_role("row").filter(has_text="Agent statuses")).to_contain_text("Fixed")
    await expect(page.get_by_role("row").filter(has_text="Agent statuses").get_by_role("spinbutton")).to_have_count(0)
    await row.get_by_role("spinbutton").fill("250")
    await page.get_by_role("button", name="Save", exact=True).click()
    await expect(page.get_by_text("The settings are saved.", exact=True)).to_be_visible()
    await expect(row.get_by_role("cell").nth(0)).to_contain_text("250")
    quotas = desk.describe_instance_settings(**at)["Quotas"]
    assert quotas["CONCURRENT_CALLS"] == 250
    desk.update_instance_settings(**at, Quotas={"CONCURRENT_CALLS": before})
