"""Every operation on users through the door: bounds, edits, search, batches, deletion, change history."""

from typing import Any, cast

import msgspec
import pytest

from switchroom.base.errors import ServiceError
from switchroom.core.contact import AgentStay, Contact, Place, QueueStay
from switchroom.features.mail import Mailer
from switchroom.features.passwords import LostPasswords
from switchroom.features.user_batches.batches import UserBatches
from switchroom.resources.kinds.hierarchy import STRUCTURE_ID
from switchroom.resources.repository import SYSTEM
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow
from switchroom.views.facts import facts_of, row_of
from switchroom.views.records import contact_record
from switchroom.wire.app import App
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.wire.doors import Clock, make_app
from tests.wire.people import Client, sign_in
from tests.wire.test_audit import entries

GOOD = "Abcdefg1"


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    assert site.sessions is not None
    passwords = site.sessions.passwords
    site.user_batches = UserBatches(site.database, site.repository, site.envelope, passwords, clock.now)
    site.lost_passwords = LostPasswords(
        site.database, site.catalogue, passwords, Mailer(None, None), "http://localhost", clock.now
    )
    return make_app(load_bindings(), site, clock)


@pytest.fixture
def key(app: App, site: Services) -> Client:
    return Client(app, site.catalogue.instances()[0].id)


def found(site: Services, kind: str, name: str) -> str:
    document = site.catalogue.by_name(site.catalogue.instances()[0].id, kind, name)
    assert document is not None, name
    return str(document.id)


def request(site: Services, login: str, **more: Any) -> dict[str, Any]:
    return {
        "Username": login,
        "Password": GOOD,
        "IdentityInfo": {"FirstName": "Jane", "LastName": "Doe", "Email": "jane@example.com"},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        "SecurityProfileIds": [found(site, "security-profile", "Agent")],
        "RoutingProfileId": found(site, "routing-profile", "Basic"),
        **more,
    }


async def managed_by(site: Services, instance: str, kind: str) -> None:
    def body(document: Any) -> dict[str, Any]:
        return {**document.body, "IdentityManagementType": kind}

    await site.repository.update(instance, "instance", instance, body)


async def finish(site: Services, client: Client, batch: str) -> dict[str, Any]:
    while await site.user_batches.work():
        pass
    return await client.own("DescribeUserBatch", BatchId=batch)


async def hierarchy(site: Services, instance: str) -> dict[str, str]:
    """Groups by name: Europe above Berlin and Paris."""
    levels = {"LevelOne": {"Id": "l1", "Name": "Region"}, "LevelTwo": {"Id": "l2", "Name": "Site"}}
    made = {}
    async with site.repository.write(instance, SYSTEM) as write:
        await write.create("hierarchy-structure", instance, "structure", levels, identifier=STRUCTURE_ID)
        top = await write.create("hierarchy-group", instance, "Europe", {"LevelId": "l1"})
        made["Europe"] = top.id
        for name in ("Berlin", "Paris"):
            below = {"LevelId": "l2", "ParentGroupId": top.id}
            made[name] = (await write.create("hierarchy-group", instance, name, below)).id
    return made


# creating


async def test_bounds_of_users_kept_here(site: Services, key: Client) -> None:
    """USER-02, USER-32, USER-05: names, addresses, numbers, passwords, profiles."""
    info = {"FirstName": "Jane", "LastName": "Doe"}
    phone = {"PhoneType": "SOFT_PHONE"}
    wrong: list[dict[str, Any]] = [
        {"Username": "x" * 21},
        {"Username": "testuser@example"},
        {"Username": "with blank"},
        {"Username": "x" * 101},
        {"Password": "abcdefg1"},
        {"Password": "Abcdef1"},
        {"Password": "Abcdefgh"},
        {"Password": "A1" + "x" * 63},
        {"Password": None},
        {"IdentityInfo": {**info, "FirstName": ""}},
        {"IdentityInfo": {**info, "FirstName": "x" * 256}},
        {"IdentityInfo": {**info, "LastName": "x" * 257}},
        {"IdentityInfo": {**info, "FirstName": "Ame\u0301lie"}},
        {"IdentityInfo": {**info, "Email": "jane"}},
        {"IdentityInfo": {**info, "SecondaryEmail": "x" * 260 + "@example.com"}},
        {"IdentityInfo": {**info, "Mobile": "0312345678"}},
        {"PhoneConfig": {"PhoneType": "DESK_PHONE"}},
        {"PhoneConfig": {**phone, "AfterContactWorkTimeLimit": 2_000_001}},
        {"PhoneConfig": {**phone, "AfterContactWorkTimeLimit": -1}},
        {"PhoneConfig": {"PhoneType": "NO_PHONE"}},
        {"SecurityProfileIds": []},
        {"SecurityProfileIds": [found(site, "security-profile", "Agent")] * 11},
        {"Tags": {f"k{number}": "" for number in range(51)}},
        {"Tags": {"aws:k": "v"}},
    ]
    for changes in wrong:
        members = {name: value for name, value in request(site, "bad", **changes).items() if value is not None}
        assert await key.refusal("CreateUser", **members) == "InvalidParameterException", changes
    for unknown in ("SecurityProfileIds", "RoutingProfileId", "HierarchyGroupId"):
        value = ["nothing"] if unknown.endswith("s") else "nothing"
        error = await key.refusal("CreateUser", **request(site, "bad", **{unknown: value}))
        assert error == "ResourceNotFoundException", unknown
    good = {"FirstName": "Am\u00e9lie", "LastName": "x" * 256, "SecondaryEmail": "a@example.org", "Mobile": "+15550100"}
    made = await key("CreateUser", **request(site, "testuser@example.com", IdentityInfo=good, Tags={"k": ""}))
    shown = (await key("DescribeUser", UserId=made["UserArn"]))["User"]
    assert (shown["Id"], shown["IdentityInfo"], shown["Tags"]) == (made["UserId"], good, {"k": ""})
    assert await key.refusal("CreateUser", **request(site, "TestUser@Example.com")) == "DuplicateResourceException"


async def test_users_of_an_identity_provider(app: App, site: Services, key: Client) -> None:
    """USER-33, USER-07: longer logins, empty names, no password, no primary mail address; the template without both."""
    await managed_by(site, key.instance, "SAML")
    plain = {name: value for name, value in request(site, "x" * 64).items() if name != "Password"}
    plain["IdentityInfo"] = {"FirstName": "", "LastName": "x" * 300}
    made = await key("CreateUser", **plain)
    for changes, error in (
        ({"Username": "x" * 65}, "InvalidParameterException"),
        ({"Username": "a/b"}, "InvalidParameterException"),
        ({"Username": "a@b"}, "InvalidParameterException"),
        ({"Username": "p", "Password": GOOD}, "InvalidRequestException"),
        ({"Username": "d", "DirectoryUserId": "S-1-5-21"}, "InvalidRequestException"),
        ({"Username": "m", "IdentityInfo": {"Email": "a@example.com"}}, "InvalidRequestException"),
    ):
        assert await key.refusal("CreateUser", **{**plain, **changes}) == error, changes
    template = await key.own("GetUserImportTemplate")
    assert template["Csv"].startswith("first name,last name,secondary email,mobile,user login,")
    await managed_by(site, key.instance, "EXISTING_DIRECTORY")
    info = {"FirstName": "Other", "LastName": "x" * 300}
    error = await key.refusal("UpdateUserIdentityInfo", UserId=made["UserId"], IdentityInfo=info)
    assert error == "InvalidRequestException"


async def test_no_more_users_than_the_quota(site: Services, key: Client) -> None:
    """The 501st user is refused; here the quota is small."""

    def body(document: Any) -> dict[str, Any]:
        return {**document.body, "Quotas": {"USERS": len(site.catalogue.all(key.instance, "user")) + 1}}

    await site.repository.update(key.instance, "instance", key.instance, body)
    await key("CreateUser", **request(site, "last"))
    assert await key.refusal("CreateUser", **request(site, "toomany")) == "LimitExceededException"


# editing


async def test_each_setting_is_edited_by_its_operation(site: Services, key: Client) -> None:
    """USER-20, USER-05, USER-06: identity, phone, profiles, hierarchy, tags; whole sets replace what was there."""
    groups = await hierarchy(site, key.instance)
    user = (await key("CreateUser", **request(site, "jane", HierarchyGroupId=groups["Berlin"])))["UserId"]
    arn = (await key("DescribeUser", UserId=user))["User"]["Arn"]
    info = {"FirstName": "J", "LastName": "D", "Mobile": "+4930"}
    await key(
        "UpdateUserIdentityInfo", UserId=user, IdentityInfo={"FirstName": "J", "LastName": "D", "Mobile": "+4930"}
    )
    await key(
        "UpdateUserConfig",
        UserId=user,
        AfterContactWorkConfigs=[{"Channel": "VOICE", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 9}}],
    )
    phone = {"PhoneType": "SOFT_PHONE", "AutoAccept": True, "AfterContactWorkTimeLimit": 30}
    await key("UpdateUserPhoneConfig", UserId=user, PhoneConfig=phone)
    admin = found(site, "security-profile", "Admin")
    await key("UpdateUserSecurityProfiles", UserId=user, SecurityProfileIds=[admin])
    await key("UpdateUserRoutingProfile", UserId=user, RoutingProfileId=found(site, "routing-profile", "Basic"))
    await key("TagResource", resourceArn=arn, tags={"a": "1", "b": "2"})
    await key("UntagResource", resourceArn=arn, tagKeys=["a"])
    shown = (await key("DescribeUser", UserId=user))["User"]
    assert shown["IdentityInfo"] == info
    assert shown["PhoneConfig"] == {**phone, "DeskPhoneNumber": ""}
    after = [{"Channel": "VOICE", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 30}}]
    assert shown["AfterContactWorkConfigs"] == after
    assert (shown["SecurityProfileIds"], shown["Tags"]) == ([admin], {"b": "2"})
    assert shown["HierarchyGroupId"] == groups["Berlin"]
    desk = {"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+15550101"}
    await key("UpdateUserPhoneConfig", UserId=user, PhoneConfig=desk)
    changed = (await key("DescribeUser", UserId=user))["User"]["PhoneConfig"]
    assert changed == {**desk, "AutoAccept": False, "AfterContactWorkTimeLimit": 0}
    await key("UpdateUserHierarchy", UserId=user)
    assert "HierarchyGroupId" not in (await key("DescribeUser", UserId=user))["User"]
    gone = {"UserId": "gone"}
    for operation, members in (
        ("DescribeUser", {}),
        ("DeleteUser", {}),
        ("UpdateUserHierarchy", {}),
        ("UpdateUserIdentityInfo", {"IdentityInfo": {}}),
        ("UpdateUserPhoneConfig", {"PhoneConfig": phone}),
        ("UpdateUserRoutingProfile", {"RoutingProfileId": "x"}),
        ("UpdateUserSecurityProfiles", {"SecurityProfileIds": ["x"]}),
        ("ListUserProficiencies", {}),
    ):
        assert await key.refusal(operation, **gone, **members) == "ResourceNotFoundException", operation
    for operation in ("RenameUser", "ResetUserPassword"):
        members = {"Username": "x"} if operation == "RenameUser" else {"Password": GOOD}
        assert await key.refusal(operation, "switchroom", **gone, **members) == "ResourceNotFoundException"


async def test_a_login_is_renamed(app: App, site: Services, key: Client) -> None:
    """USER-21: id, password and sessions stay, the personal queue follows."""
    agent = found(site, "user", "agent1")
    session = await sign_in(app, key.instance, "agent1")
    for login, error in (("admin", "DuplicateResourceException"), ("a b", "InvalidParameterException")):
        assert await key.refusal("RenameUser", "switchroom", UserId=agent, Username=login) == error
    await key.own("RenameUser", UserId=agent, Username="Agent.One")
    assert (await session.own("GetSession"))["User"]["Username"] == "Agent.One"
    await sign_in(app, key.instance, "agent.one")
    assert site.catalogue.get(key.instance, "queue", agent).name == "Agent.One"
    await key.own("RenameUser", UserId=agent, Username="agent.ONE")


# finding


async def test_users_are_found_by_every_filter(site: Services, key: Client) -> None:
    """USER-15: names, login, profiles, hierarchy with and without what is below, tags; conditions combine."""
    groups = await hierarchy(site, key.instance)
    admin = found(site, "security-profile", "Admin")
    ids = {}
    for login, first, place, tags, profiles in (
        ("anna", "Anna", "Europe", {"team": "red"}, None),
        ("bert", "Bert", "Berlin", {"team": "red", "shift": "late"}, None),
        ("carl", "Carl", "Paris", {"team": "blue"}, [admin]),
    ):
        more: dict[str, Any] = {"IdentityInfo": {"FirstName": first, "LastName": f"{first}sen"}, "Tags": tags}
        more |= {"HierarchyGroupId": groups[place]} | ({"SecurityProfileIds": profiles} if profiles else {})
        ids[login] = (await key("CreateUser", **request(site, login, **more)))["UserId"]

    def text(field: str, value: str, comparison: str = "EXACT") -> dict[str, Any]:
        return {"StringCondition": {"FieldName": field, "Value": value, "ComparisonType": comparison}}

    def group(name: str, match: str) -> dict[str, Any]:
        return {"HierarchyGroupCondition": {"Value": groups[name], "HierarchyGroupMatchType": match}}

    async def logins(criteria: dict[str, Any] | None = None, **more: Any) -> list[str]:
        answer = await key("SearchUsers", SearchCriteria=criteria or {}, **more)
        assert answer["ApproximateTotalCount"] == len(answer["Users"])
        return [user["Username"] for user in answer["Users"] if user["Username"] in ids]

    assert await logins(text("Username", "BER", "STARTS_WITH")) == ["bert"]
    assert await logins(text("FirstName", "arl", "CONTAINS")) == ["carl"]
    assert await logins(text("LastName", "annasen")) == ["anna"]
    assert await logins(text("resourceId", ids["carl"])) == ["carl"]
    assert await logins(text("SecurityProfileId", admin)) == ["carl"]
    assert await logins(text("RoutingProfileId", found(site, "routing-profile", "Basic"))) == ["anna", "bert", "carl"]
    assert await logins(group("Europe", "EXACT")) == ["anna"]
    assert await logins(group("Europe", "WITH_CHILD_GROUPS")) == ["anna", "bert", "carl"]
    red = {"TagFilter": {"TagCondition": {"TagKey": "team", "TagValue": "red"}}}
    late = {"TagFilter": {"AndConditions": [{"TagKey": "team", "TagValue": "red"}, {"TagKey": "shift"}]}}
    assert await logins(SearchFilter=red) == ["anna", "bert"]
    assert await logins(SearchFilter=late) == ["bert"]
    both = {"AndConditions": [group("Europe", "WITH_CHILD_GROUPS"), text("FirstName", "b", "STARTS_WITH")]}
    assert await logins(both) == ["bert"]
    either = {"OrConditions": [text("Username", "anna"), text("Username", "carl")]}
    assert await logins(either, SearchFilter=red) == ["anna"]
    assert await key.refusal("SearchUsers", SearchCriteria=text("Shoe", "42")) == "InvalidParameterException"
    page = await key("SearchUsers", MaxResults=2, SearchCriteria=either)
    assert len(page["Users"]) == 2
    begin = await key("ListUsers", MaxResults=3)
    rest = await key("ListUsers", NextToken=begin["NextToken"])
    names = [user["Username"] for user in (*begin["UserSummaryList"], *rest["UserSummaryList"])]
    assert names == sorted(names, key=str.casefold) and set(ids) <= set(names)


# batches


async def test_an_import_from_the_page(app: App, site: Services, key: Client) -> None:
    """USER-07, USER-08, USER-09, USER-11, USER-23, USER-24: template, check, save, progress, failures, export,
    for which View is enough; rights by what a batch does."""
    admin = await sign_in(app, key.instance, "admin")
    agent = await sign_in(app, key.instance, "agent1")
    header = (await admin.own("GetUserImportTemplate"))["Csv"]

    def row(login: str, password: str = GOOD, profile: str = "Agent") -> str:
        return f"Jane,Doe,{login}@example.com,,,{password},{login},Basic,{profile},,soft,,no,,\r\n"

    csv = header + row("one") + row("two", "abc", "Agnet") + row("three")
    checked = await admin.own("CheckUserImport", Csv=csv)
    assert (checked["Valid"], checked["Invalid"]) == (2, 1)
    bad = checked["Rows"][1]
    assert (bad["Row"], bad["Login"], bad["RoutingProfile"], bad["SecurityProfiles"]) == (3, "two", "Basic", ["Agnet"])
    assert [problem["Field"] for problem in bad["Problems"]] == ["security profile", "password"]
    assert "abc" not in str(checked).replace("alphabetic", "")
    with pytest.raises(ServiceError, match="not known"):
        await admin.own("CheckUserImport", Csv="shoe size\n42\n")
    batch = (await admin.own("StartUserBatch", Kind="IMPORT", Csv=csv))["BatchId"]
    (listed,) = (await admin.own("ListUserBatches"))["Batches"]
    assert (listed["State"], listed["Total"], listed["Failed"], listed["StartedBy"]) == ("QUEUED", 3, 1, "admin")
    done = await finish(site, admin, batch)
    assert (done["Batch"]["State"], done["Batch"]["Succeeded"]) == ("DONE", 2)
    assert done["Failures"][0]["Row"] == 3 and "EndedAt" in done["Batch"]
    lines = done["FailuresCsv"].splitlines()
    assert lines[0] == "Row,Login,Failed reason,Failed fields"
    assert "security profile: Security profile Agnet was not found; password: The password does" in lines[1]
    await sign_in(app, key.instance, "ONE", GOOD)
    users = [found(site, "user", login) for login in ("three", "one")]
    viewing = await key("CreateSecurityProfile", SecurityProfileName="Viewer", Permissions=["Users.View"])
    await key("CreateUser", **request(site, "viewer", SecurityProfileIds=[viewing["SecurityProfileId"]]))
    viewer = await sign_in(app, key.instance, "viewer", GOOD)
    exported = await viewer.own("ExportUsers", UserIds=users)
    assert GOOD not in str(await entries(site))
    assert [line.split(",")[0] for line in exported["Csv"].splitlines()] == ["user login", "three", "one"]
    for operation, members in (
        ("GetUserImportTemplate", {}),
        ("CheckUserImport", {"Csv": csv}),
        ("StartUserBatch", {"Kind": "IMPORT", "Csv": csv}),
        ("ListUserBatches", {}),
        ("CancelUserBatch", {"BatchId": batch}),
        ("ExportUsers", {"UserIds": users}),
    ):
        assert await agent.refusal(operation, "switchroom", **members) == "AccessDeniedException", operation
    manager = await sign_in(app, key.instance, "supervisor")
    edit = {"Kind": "EDIT", "UserIds": users}
    profiles = {"SecurityProfileIds": [found(site, "security-profile", "Admin")]}
    for members in ({"Kind": "DELETE", "UserIds": users}, {**edit, "Changes": profiles}):
        assert await manager.refusal("StartUserBatch", "switchroom", **members) == "AccessDeniedException"
    await manager.own("StartUserBatch", **edit, Changes={"AutoAccept": True})
    for members in ({"Kind": "IMPORT"}, {"Kind": "EDIT"}, edit, {**edit, "Changes": {}}):
        assert await admin.refusal("StartUserBatch", "switchroom", **members) == "InvalidParameterException"


async def test_a_batch_is_cancelled_tried_again_and_dismissed(app: App, site: Services, key: Client) -> None:
    """USER-14, USER-17, USER-19."""
    admin = await sign_in(app, key.instance, "admin")
    users = [found(site, "user", name) for name in ("agent1", "agent2", "supervisor")]
    changes = {"AfterContactWorkTimeLimit": 30, "HierarchyGroupId": "gone", "Tags": {"team": "red"}}
    first = (await admin.own("StartUserBatch", Kind="EDIT", UserIds=users, Changes=changes))["BatchId"]
    assert await admin.refusal("DismissUserBatch", "switchroom", BatchId=first) == "InvalidRequestException"
    await site.user_batches.work()
    await admin.own("CancelUserBatch", BatchId=first)
    done = await finish(site, admin, first)
    assert [done["Batch"][name] for name in ("State", "Total", "Succeeded", "Failed")] == ["CANCELLED", 3, 0, 1]
    assert done["Changes"] == changes
    assert [(one["Login"], one["UserId"], one["Fields"]) for one in done["Failures"]] == [
        ("agent1", users[0], ["Agent hierarchy: Not found"])
    ]
    again = (await admin.own("RetryUserBatch", BatchId=first))["BatchId"]
    assert (await finish(site, admin, again))["Batch"]["Total"] == 1
    await admin.own("DismissUserBatch", BatchId=first)
    assert [one["BatchId"] for one in (await admin.own("ListUserBatches"))["Batches"]] == [again]
    assert await admin.refusal("DescribeUserBatch", "switchroom", BatchId=first) == "ResourceNotFoundException"
    shown = (await key("DescribeUser", UserId=users[0]))["User"]
    assert (shown["PhoneConfig"]["AfterContactWorkTimeLimit"], shown["Tags"]) == (30, {"team": "red"})
    assert (await key("DescribeUser", UserId=users[1]))["User"]["Tags"] == {}


async def test_batches_stay_within_reach_of_who_starts_them(app: App, site: Services, key: Client) -> None:
    """USER-48: users without the tag are neither edited nor deleted nor created; the batches of others are not seen."""
    rights = ["Users.View", "Users.Create", "Users.Edit", "Users.Delete"]
    limits = {"AllowedAccessControlTags": {"team": "red"}, "TagRestrictedResources": ["User"]}
    made = await key("CreateSecurityProfile", SecurityProfileName="Red lead", Permissions=rights, **limits)
    await key("CreateUser", **request(site, "lead", SecurityProfileIds=[made["SecurityProfileId"]]))
    red = (await key("CreateUser", **request(site, "red", Tags={"team": "red"})))["UserId"]
    others = (await key.own("StartUserBatch", Kind="EDIT", UserIds=[red], Changes={"AutoAccept": True}))["BatchId"]
    lead = await sign_in(app, key.instance, "lead", GOOD)
    away = {"Kind": "EDIT", "UserIds": [found(site, "user", "agent1")], "Changes": {"AutoAccept": True}}
    assert await lead.refusal("StartUserBatch", "switchroom", **away) == "ResourceNotFoundException"
    header = "first name,last name,email address,password,user login,routing profile name,security profile,tags\n"
    rows = [
        f"A,B,a@example.com,{GOOD},{login},Basic,Agent,{tags}\n" for login, tags in (("in", "team:red"), ("out", ""))
    ]
    loaded = (await lead.own("StartUserBatch", Kind="IMPORT", Csv=header + "".join(rows)))["BatchId"]
    untag = {"Kind": "EDIT", "UserIds": [red], "Changes": {"Tags": {}}}
    edited = (await lead.own("StartUserBatch", **untag))["BatchId"]
    done = await finish(site, lead, loaded)
    assert (done["Batch"]["Succeeded"], [one["Login"] for one in done["Failures"]]) == (1, ["out"])
    assert done["Failures"][0]["Fields"] == ["tags: The user has to have the tag team=red"]
    assert (await lead.own("DescribeUserBatch", BatchId=edited))["Batch"]["Failed"] == 1
    assert {one["BatchId"] for one in (await lead.own("ListUserBatches"))["Batches"]} == {loaded, edited}
    assert await lead.refusal("DescribeUserBatch", "switchroom", BatchId=others) == "ResourceNotFoundException"


# deleting


def contact(instance: str, identifier: str, place: str, queue: str, agent: AgentStay | None = None) -> ContactRow:
    """A contact as the centre writes it."""
    found = Contact(
        id=identifier,
        initial_id=identifier,
        channel="TASK",
        subtype="connect:Task",
        initiation_method="API",
        initiated_at=1,
    )
    found.place, found.queue, found.agent = cast(Place, place), queue, agent
    found.stay = QueueStay(queue, 1, None if place == "queue" else 2)
    return row_of(instance, found, {}, None, None)


async def test_a_deletion_is_explained_and_needs_force_while_at_work(app: App, site: Services, key: Client) -> None:
    """USER-25, USER-26, USER-27, USER-28: live contacts refuse, unless forced; waiting contacts and quick connects are
    listed; records keep the user, whose name can still be asked for."""
    admin = await sign_in(app, key.instance, "admin")
    agent, other = found(site, "user", "agent1"), found(site, "user", "agent2")
    here = AgentStay(agent, "agent1", "profile", connected_at=2)
    left = AgentStay(other, "agent2", "profile", connected_at=2, left_at=3, cleared_at=4)
    rows = [
        contact(key.instance, "live", "agent", "queue", here),
        contact(key.instance, "left", "flow", "queue", left),
        contact(key.instance, "waits", "queue", other),
    ]
    async with site.database.pool.acquire() as connection:
        await contacts.save(connection, rows)
    async with site.repository.write(key.instance, SYSTEM) as write:
        flow = await write.create("contact-flow", key.instance, "To agents", {"Type": "AGENT_TRANSFER"})
        config = {"QuickConnectType": "USER", "UserConfig": {"UserId": other, "ContactFlowId": flow.id}}
        connect = await write.create("quick-connect", key.instance, "Agent two", {"QuickConnectConfig": config})
    told = await admin.own("DescribeUserDeletion", UserIds=[agent, other, "gone"])
    assert [(one["LiveContacts"], one["WaitingContacts"]) for one in told["Users"]] == [(["live"], []), ([], ["waits"])]
    assert [one["Name"] for one in told["Users"][1]["QuickConnects"]] == ["Agent two"]
    assert told["LastAdministrators"] is False
    alone = await admin.own("DescribeUserDeletion", UserIds=[found(site, "user", "admin")])
    assert alone["LastAdministrators"] is True
    session = await sign_in(app, key.instance, "agent1")
    assert await key.refusal("DeleteUser", UserId=agent) == "InvalidRequestException"
    tried = (await admin.own("StartUserBatch", Kind="DELETE", UserIds=[agent]))["BatchId"]
    reason = (await finish(site, admin, tried))["Failures"][0]["Reason"]
    assert reason == "User agent1 handles a contact now; end it, or delete the user by force"
    assert await session.refusal("GetSession", "switchroom") == ""
    forced = {"Kind": "DELETE", "UserIds": [agent, other], "Force": True, "DeleteQuickConnects": True}
    done = await finish(site, admin, (await admin.own("StartUserBatch", **forced))["BatchId"])
    assert (done["Batch"]["Succeeded"], done["FailuresCsv"]) == (2, "Login,Failed reason\r\n")
    assert await session.refusal("GetSession", "switchroom") == "ExpiredTokenException"
    assert site.catalogue.find(key.instance, "quick-connect", connect.id) is None
    stale = (await admin.own("StartUserBatch", Kind="DELETE", UserIds=[agent]))["BatchId"]
    assert "The specified user was not found" in (await finish(site, admin, stale))["FailuresCsv"]
    again = await key("CreateUser", **request(site, "agent1"))
    assert again["UserId"] != agent
    names = await admin.own("ListResourceNames", ResourceType="user", ResourceIds=[agent, again["UserId"], "never"])
    assert names["Names"] == [
        {"Id": again["UserId"], "Name": "agent1", "Deleted": False},
        {"Id": agent, "Name": "agent1", "Deleted": True},
    ]
    described = (await key("DescribeContact", ContactId="live"))["Contact"]
    assert described["AgentInfo"]["Id"] == agent
    stored = await contacts.get(site.database, key.instance, "live")
    assert stored and contact_record(facts_of(site.site, stored))["Agent"]["Username"] == "agent1"
    changes = (await admin.own("ListChanges", ResourceType="user", ResourceId=agent))["Changes"]
    assert changes[0]["ResourceName"] == "agent1"
    assert changes[0]["Fields"] == [{"Field": "Is Active", "Before": "Active", "After": "Not active"}]


# change history


async def test_changes_of_users_in_words(app: App, site: Services, key: Client, clock: Clock) -> None:
    """USER-22: the fields of the vector, with names for profiles, by whom and when; filters by date and user name."""
    groups = await hierarchy(site, key.instance)
    admin = await sign_in(app, key.instance, "admin")
    user = (await key("CreateUser", **request(site, "johndoe")))["UserId"]
    phone = {"PhoneType": "SOFT_PHONE", "AutoAccept": True, "AfterContactWorkTimeLimit": 10}
    clock.ahead += 10_000
    moment = clock.now() // 1000
    await admin("UpdateUserPhoneConfig", UserId=user, PhoneConfig=phone)
    profiles = [found(site, "security-profile", name) for name in ("Agent", "Admin")]
    await admin("UpdateUserSecurityProfiles", UserId=user, SecurityProfileIds=profiles)
    await admin("UpdateUserHierarchy", UserId=user, HierarchyGroupId=groups["Paris"])

    async def changes(**filters: Any) -> list[dict[str, Any]]:
        answer = await admin.own("ListChanges", ResourceType="user", ResourceId=user, **filters)
        return list(answer["Changes"])

    def rows(change: dict[str, Any]) -> list[str]:
        by = change["ByName"]
        return [f"{one['Field']} | {one['Before']} | {one['After']} | {by}" for one in change["Fields"]]

    moved, promoted, phoned, created = await changes()
    assert rows(phoned) == [
        "Softphone auto answer | Not enabled | Enabled | admin",
        "ACW Timeout | 0 | 10 | admin",
    ]
    assert rows(promoted) == ["Security Profiles | Agent | Agent, Admin | admin"]
    assert rows(moved) == ["Agent hierarchy |  | Europe / Paris | admin"]
    assert {"Display name", "Profile", "Security Profiles", "Is Active"} <= {one["Field"] for one in created["Fields"]}
    assert {one["Before"] for one in created["Fields"]} == {"New field"}
    named = {one["Field"]: one["After"] for one in created["Fields"]}
    assert (named["Display name"], named["Profile"], named["Softphone"]) == ("Jane Doe", "Basic", "Enabled")
    assert [one["ChangeId"] for one in await changes(Until=moment)] == [created["ChangeId"]]
    assert len(await changes(Since=moment)) == 3
    assert len(await changes(ByName="ADMIN")) == 3 and await changes(ByName="nobody") == []
    assert GOOD not in str(await changes())


async def test_changes_of_hierarchies_and_statuses(app: App, site: Services, key: Client) -> None:
    """ROUT-75: levels, groups and statuses, in words."""
    admin = await sign_in(app, key.instance, "admin")
    levels = {"LevelOne": {"Name": "Region"}}
    await admin("UpdateUserHierarchyStructure", HierarchyStructure=levels)
    await admin("UpdateUserHierarchyStructure", HierarchyStructure={"LevelOne": {"Name": "Area"}})
    group = (await admin("CreateUserHierarchyGroup", Name="Europe"))["HierarchyGroupId"]
    await admin("UpdateUserHierarchyGroupName", HierarchyGroupId=group, Name="EMEA")
    status = (await admin("CreateAgentStatus", Name="Lunch", State="ENABLED"))["AgentStatusId"]
    await admin("UpdateAgentStatus", AgentStatusId=status, State="DISABLED", ResetOrderNumber=False)

    async def newest(kind: str) -> list[tuple[str, str, str]]:
        change = (await admin.own("ListChanges", ResourceType=kind))["Changes"][0]
        assert change["ByName"] == "admin"
        return [(one["Field"], one["Before"], one["After"]) for one in change["Fields"]]

    assert await newest("hierarchy-structure") == [("Level one", "Region", "Area")]
    assert await newest("hierarchy-group") == [("Name", "Europe", "EMEA")]
    assert ("State", "Enabled", "Not enabled") in await newest("agent-status")
    agent = await sign_in(app, key.instance, "agent1")
    assert await agent.refusal("ListChanges", "switchroom", ResourceType="agent-status") == "AccessDeniedException"


async def test_changes_of_others_name_what_they_refer_to(site: Services, key: Client) -> None:
    """Any kind: identifiers as names, those of what is gone too."""
    queue = found(site, "queue", "BasicQueue")
    other = await key("CreateHoursOfOperation", Name="Nights", TimeZone="UTC", Config=[])
    hours = other["HoursOfOperationId"]
    await key("UpdateQueueHoursOfOperation", QueueId=queue, HoursOfOperationId=hours)
    await key("UpdateQueueMaxContacts", QueueId=queue, MaxContacts=7)
    changes = (await key.own("ListChanges", ResourceType="queue", ResourceId=queue))["Changes"][:2]
    assert [one["Fields"] for one in changes] == [
        [{"Field": "Max contacts", "Before": "", "After": "7"}],
        [{"Field": "Hours of operation", "Before": "Hours", "After": "Nights"}],
    ]
    assert msgspec.json.decode(changes[0]["After"])["MaxContacts"] == 7
    await key(
        "UpdateQueueHoursOfOperation", QueueId=queue, HoursOfOperationId=found(site, "hours-of-operation", "Hours")
    )
    await key("DeleteHoursOfOperation", HoursOfOperationId=hours)
    newest = (await key.own("ListChanges", ResourceType="queue", ResourceId=queue))["Changes"][0]
    assert newest["Fields"] == [{"Field": "Hours of operation", "Before": "Nights", "After": "Hours"}]
