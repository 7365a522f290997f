"""Tag-based and hierarchy-based access control through the door, by people and by API keys with policies."""

import json
from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.features.user_batches.batches import UserBatches
from switchroom.resources.document import Document
from switchroom.resources.kinds.hierarchy import LEVELS
from switchroom.storage.security import ApiKey
from switchroom.wire.app import App
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.wire.doors import Clock, make_app
from tests.wire.people import Client, sign_in

EVERY = ("User", "SecurityProfile", "RoutingProfile", "Queue")
ADMINISTRATION = ("Users.Create", "Users.Edit", "Users.EditPermission", "Users.Delete", "Queues.Create", "Queues.Edit",
                  "RoutingPolicies.Edit", "SecurityProfiles.Edit", "HistoricalChanges.View")  # fmt: skip
TEAM = {"Team": "A"}


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    return make_app(load_bindings(), site, clock)


class Office:
    """The demo instance with a queue and an agent of team A, and `leader`, whom a profile limits to that team."""

    def __init__(self, site: Services, app: App) -> None:
        self.site, self.app = site, app
        self.instance: str = site.catalogue.instances()[0].id
        self.key = Client(app, self.instance)

    def named(self, kind: str, name: str) -> Document:
        document: Document = self.site.catalogue.by_name(self.instance, kind, name)
        return document

    async def tag(self, kind: str, name: str, **tags: str) -> None:
        await self.key("TagResource", resourceArn=self.named(kind, name).arn, tags=tags)

    async def profile(self, *permissions: str, **members: Any) -> str:
        made = await self.key(
            "CreateSecurityProfile",
            SecurityProfileName=f"P {new_id()[:13]}",
            Permissions=list(permissions),
            **members,
        )
        return str(made["SecurityProfileId"])

    async def limited(self, *permissions: str, resources: tuple[str, ...] = EVERY, tags: dict[str, str] = TEAM) -> str:
        return await self.profile(*permissions, TagRestrictedResources=list(resources), AllowedAccessControlTags=tags)

    async def hold(self, login: str, *profiles: str) -> None:
        user = self.named("user", login).id
        await self.key("UpdateUserSecurityProfiles", UserId=user, SecurityProfileIds=list(profiles))

    async def leader(self, *permissions: str, **narrowed: Any) -> Client:
        """`supervisor` with one limited profile of some permissions."""
        await self.hold("supervisor", await self.limited(*permissions, **narrowed))
        return await sign_in(self.app, self.instance, "supervisor")


@pytest.fixture
async def office(site: Services, app: App) -> Office:
    office = Office(site, app)
    for kind, name in (("queue", "BasicQueue"), ("user", "agent1"), ("routing-profile", "Basic")):
        await office.tag(kind, name, Team="A")
    return office


async def names(client: Client, operation: str, member: str, name: str = "Name", /, **members: Any) -> set[str]:
    return {one[name] for one in (await client(operation, **members))[member]}


async def test_lists_searches_and_counts_show_only_the_own_records(office: Office) -> None:
    """USER-48."""
    leader = await office.leader(*ADMINISTRATION)
    other = await office.key(
        "CreateQueue", Name="Other", HoursOfOperationId=office.named("hours-of-operation", "Hours").id
    )
    assert await names(leader, "ListQueues", "QueueSummaryList") == {"BasicQueue"}
    found = await leader("SearchQueues")
    assert [one["Name"] for one in found["Queues"]] == ["BasicQueue"] and found["ApproximateTotalCount"] == 1
    assert await names(leader, "ListUsers", "UserSummaryList", "Username") == {"agent1"}
    assert await names(leader, "SearchUsers", "Users", "Username") == {"agent1"}
    assert await names(leader, "ListSecurityProfiles", "SecurityProfileSummaryList") == set()
    assert await names(leader, "ListRoutingProfiles", "RoutingProfileSummaryList") == {"Basic"}
    assert await names(leader, "ListHoursOfOperations", "HoursOfOperationSummaryList") == {"Hours"}, "not restricted"
    counts = {one["ResourceType"]: one["Count"] for one in (await leader.own("DescribeHome"))["Counts"]}
    assert (counts["queue"], counts["user"], counts["security-profile"]) == (1, 1, 0)
    assert await names(office.key, "ListQueues", "QueueSummaryList", QueueTypes=["STANDARD"]) == {"BasicQueue", "Other"}
    await office.key("TagResource", resourceArn=other["QueueArn"], tags=TEAM)
    assert await names(leader, "ListQueues", "QueueSummaryList") == {"BasicQueue", "Other"}


async def test_a_record_out_of_reach_is_not_there(office: Office) -> None:
    """USER-48, USER-70: every operation, and the same answer as for an identifier that nothing has."""
    leader = await office.leader(*ADMINISTRATION)
    there, missing = office.named("user", "agent2").id, new_id()
    for operation, members in {
        "DescribeUser": {},
        "UpdateUserIdentityInfo": {"IdentityInfo": {"FirstName": "A", "LastName": "B"}},
        "UpdateUserHierarchy": {},
        "DeleteUser": {},
        "ListUserProficiencies": {},
    }.items():
        one = await leader.ask(operation, UserId=there, **members)
        none = await leader.ask(operation, UserId=missing, **members)
        assert (one.status, one.error) == (none.status, none.error) == (404, "ResourceNotFoundException")
        assert one.body.replace(there.encode(), b"") == none.body.replace(missing.encode(), b"")
    assert (await leader("DescribeUser", UserId=office.named("user", "agent1").id))["User"]["Username"] == "agent1"


async def test_what_a_request_refers_to_must_be_within_reach(office: Office) -> None:
    """USER-48: not only the record itself, at any depth of the request, by id and by ARN."""
    leader = await office.leader(*ADMINISTRATION)
    other = await office.key(
        "CreateQueue", Name="Other", HoursOfOperationId=office.named("hours-of-operation", "Hours").id
    )
    admin, agent = office.named("security-profile", "Admin").id, office.named("user", "agent1").id
    gone = "ResourceNotFoundException"
    assert await leader.refusal("UpdateUserSecurityProfiles", UserId=agent, SecurityProfileIds=[admin]) == gone
    arn = office.named("security-profile", "Admin").arn
    for given in (arn, arn.replace("us-east-1", "eu-central-1"), f"arn:{admin}", f"x/{admin}"):
        assert await leader.refusal("UpdateUserSecurityProfiles", UserId=agent, SecurityProfileIds=[given]) == gone
    config = {"QueueReference": {"QueueId": other["QueueId"], "Channel": "CHAT"}, "Priority": 1, "Delay": 0}
    profile = office.named("routing-profile", "Basic").id
    wanted = {"RoutingProfileId": profile, "QueueConfigs": [config]}
    assert await leader.refusal("AssociateRoutingProfileQueues", **wanted) == gone
    await office.key("AssociateRoutingProfileQueues", **wanted)
    shown = await leader("ListRoutingProfileQueues", RoutingProfileId=profile)
    assert shown["RoutingProfileQueueConfigSummaryList"] == []
    profiles = [{"Id": admin}]
    arn = office.named("user", "agent1").arn
    wanted = {"EntityType": "USER", "EntityArn": arn, "SecurityProfiles": profiles}
    assert await leader.refusal("AssociateSecurityProfiles", **wanted) == gone


async def test_to_see_is_not_to_change(office: Office) -> None:
    """USER-49: all users can be seen by one profile, those of the team changed by another."""
    await office.hold("supervisor", await office.profile("Users.View"), await office.limited("Users.Edit"))
    leader = await sign_in(office.app, office.instance, "supervisor")
    info = {"FirstName": "New", "LastName": "Name"}
    assert "agent2" in await names(leader, "ListUsers", "UserSummaryList", "Username")
    other, own = office.named("user", "agent2").id, office.named("user", "agent1").id
    assert await leader.refusal("UpdateUserIdentityInfo", UserId=other, IdentityInfo=info) == "AccessDeniedException"
    assert await leader.refusal("UpdateUserIdentityInfo", UserId=own, IdentityInfo=info) == ""


async def test_new_records_carry_the_tags_and_keep_them(office: Office) -> None:
    """USER-48: created with all tags of a profile, and the matching tag stays."""
    leader = await office.leader(*ADMINISTRATION)
    hours = office.named("hours-of-operation", "Hours").id
    with pytest.raises(ServiceError, match=r"AccessDeniedException: .*the tag Team=A"):
        await leader("CreateQueue", Name="Mine", HoursOfOperationId=hours)
    refused = await leader.refusal("CreateQueue", Name="Mine", HoursOfOperationId=hours, Tags={"Team": "B"})
    assert refused == "AccessDeniedException"
    made = await leader("CreateQueue", Name="Mine", HoursOfOperationId=hours, Tags={"Team": "A", "Colour": "red"})
    arn = made["QueueArn"]
    assert await leader.refusal("UntagResource", resourceArn=arn, tagKeys=["Team"]) == "AccessDeniedException"
    assert await leader.refusal("TagResource", resourceArn=arn, tags={"Team": "B"}) == "AccessDeniedException"
    await leader("UntagResource", resourceArn=arn, tagKeys=["Colour"])
    assert (await leader("ListTagsForResource", resourceArn=arn))["tags"] == TEAM


async def test_a_new_user_has_a_personal_queue_in_spite_of_restricted_queues(office: Office) -> None:
    """USER-48: the queue goes with the user, and is not shown."""
    await office.tag("security-profile", "Agent", Team="A")
    leader = await office.leader(*ADMINISTRATION)
    made = await leader(
        "CreateUser",
        Username="newcomer",
        Password="Passw0rd-new",
        IdentityInfo={"FirstName": "New", "LastName": "Comer"},
        PhoneConfig={"PhoneType": "SOFT_PHONE"},
        SecurityProfileIds=[office.named("security-profile", "Agent").id],
        RoutingProfileId=office.named("routing-profile", "Basic").id,
        Tags=TEAM,
    )
    assert office.site.catalogue.find(office.instance, "queue", made["UserId"]) is not None
    assert await names(leader, "ListQueues", "QueueSummaryList") == {"BasicQueue"}


async def test_batches_reach_no_further_than_who_started_them(office: Office, clock: Clock) -> None:
    """USER-48: rows of a file name profiles out of reach, a bulk edit takes the tags away or grants a profile."""
    site = office.site
    assert site.sessions is not None
    site.user_batches = UserBatches(site.database, site.repository, site.envelope, site.sessions.passwords, clock.now)
    await office.tag("security-profile", "Agent", Team="A")
    leader = await office.leader(*ADMINISTRATION)
    header = "first name,last name,email address,password,user login,routing profile name,security_profile_name_1,tags"
    rows = [
        f"A,B,a@example.com,Passw0rd-new,{login},Basic,{profile},{tags}"
        for login, profile, tags in (
            ("good", "Agent", "Team:A"),
            ("untagged", "Agent", ""),
            ("escalated", "Admin", "Team:A"),
        )
    ]
    file = "\r\n".join([header, *rows])
    found = (await leader.own("CheckUserImport", Csv=file))["Rows"]
    assert [[problem["Reason"] for problem in row["Problems"]] for row in found] == [
        [],
        ["The user has to have the tag Team=A"],
        ["Security profile Admin was not found"],
    ]
    batch = (await leader.own("StartUserBatch", Kind="IMPORT", Csv=file))["BatchId"]
    while await site.user_batches.work():
        pass
    done = (await leader.own("DescribeUserBatch", BatchId=batch))["Batch"]
    assert (done["State"], done["Succeeded"], done["Failed"]) == ("DONE", 1, 2)
    assert {one.name for one in site.catalogue.all(office.instance, "user")}.isdisjoint({"untagged", "escalated"})
    good = office.named("user", "good")
    changes = {"SecurityProfileIds": [office.named("security-profile", "Admin").id], "Tags": {}}
    refused = await leader.refusal("StartUserBatch", "switchroom", Kind="EDIT", UserIds=[good.id], Changes=changes)
    assert refused == "ResourceNotFoundException"
    await leader.own("StartUserBatch", Kind="EDIT", UserIds=[good.id], Changes={"Tags": {}})
    while await site.user_batches.work():
        pass
    assert office.named("user", "good").tags == TEAM


async def test_tags_of_others_are_not_shown(office: Office) -> None:
    """USER-48, USER-54."""
    await office.tag("user", "agent2", Secret="project")
    leader = await office.leader(*ADMINISTRATION)
    everything = {tag["key"] for tag in (await office.key("SearchResourceTags"))["Tags"]}
    shown = {tag["key"] for tag in (await leader("SearchResourceTags"))["Tags"]}
    assert "Secret" in everything and shown == {"Team"}
    arn = office.named("user", "agent2").arn
    for operation, members in {"ListTagsForResource": {}, "TagResource": {"tags": TEAM}}.items():
        assert await leader.refusal(operation, resourceArn=arn, **members) == "ResourceNotFoundException"


async def test_the_history_of_a_restricted_type_is_closed(office: Office) -> None:
    """USER-50."""
    leader = await office.leader(*ADMINISTRATION, resources=("User",))
    await office.key("UpdateQueueName", QueueId=office.named("queue", "BasicQueue").id, Name="Renamed")
    shown = {change["ResourceType"] for change in (await leader.own("ListChanges"))["Changes"]}
    assert "queue" in shown and "user" not in shown
    assert await leader.refusal("ListChanges", "switchroom", ResourceType="user") == "AccessDeniedException"
    await office.hold("supervisor", await office.limited("HistoricalChanges.View"), await office.profile("Users.View"))
    assert (await leader.own("ListChanges", ResourceType="user"))["Changes"]


async def test_changes_of_tags_act_at_once(office: Office) -> None:
    """USER-37, USER-48: of the profile and of the record."""
    leader = await office.leader(*ADMINISTRATION)
    user, profile = office.named("user", "agent2"), office.named("user", "supervisor").body["SecurityProfileIds"][0]
    assert await leader.refusal("DescribeUser", UserId=user.id) == "ResourceNotFoundException"
    await office.tag("user", "agent2", Team="B")
    await office.key("UpdateSecurityProfile", SecurityProfileId=profile, AllowedAccessControlTags={"Team": "B"})
    assert (await leader("DescribeUser", UserId=user.id))["User"]["Username"] == "agent2"
    await office.key("UntagResource", resourceArn=user.arn, tagKeys=["Team"])
    assert await leader.refusal("DescribeUser", UserId=user.id) == "ResourceNotFoundException"


async def test_contact_search_does_not_name_users_out_of_reach(office: Office) -> None:
    """USER-48: the right to search contacts, which no tag narrows, gives no names of the users out of reach."""
    leader = await office.leader("Users.View", "ContactSearch.View")
    both = [office.named("user", "agent1").id, office.named("user", "agent2").id]
    found = await leader.own("ListResourceNames", ResourceType="user", ResourceIds=both)
    assert [one["Name"] for one in found["Names"]] == ["agent1"]


async def test_limits_of_tags_on_profiles(office: Office) -> None:
    """USER-48, USER-49: at most four tags, both or neither, two profiles with tags a user whichever way it comes."""
    bad: list[dict[str, Any]] = [
        {"TagRestrictedResources": ["User"], "AllowedAccessControlTags": {str(n): "" for n in range(5)}},
        {"TagRestrictedResources": ["User"]},
        {"AllowedAccessControlTags": TEAM},
        {"TagRestrictedResources": ["Prompt"], "AllowedAccessControlTags": TEAM},
    ]
    for members in bad:
        with pytest.raises(ServiceError, match="InvalidParameterException"):
            await office.profile("Users.View", **members)
    two = [await office.limited("Users.View"), await office.limited("Queues.View")]
    plain = await office.profile("Users.View")
    with pytest.raises(ServiceError, match="at most 2 security profiles with access control tags"):
        await office.hold("agent1", *two, await office.limited("Queues.Edit"))
    await office.hold("agent1", *two, plain)
    narrowing = {"TagRestrictedResources": ["User"], "AllowedAccessControlTags": TEAM}
    with pytest.raises(ServiceError, match="agent1 has 2 security profiles with access control tags already"):
        await office.key("UpdateSecurityProfile", SecurityProfileId=plain, **narrowing)


async def test_users_by_hierarchy(office: Office) -> None:
    """USER-59: the own group and below, in lists, by id, and for who is moved or made."""
    key = office.key
    levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    await key("UpdateUserHierarchyStructure", HierarchyStructure=levels)
    top = (await key("CreateUserHierarchyGroup", Name="Kyoto"))["HierarchyGroupId"]
    team = (await key("CreateUserHierarchyGroup", Name="Sales", ParentGroupId=top))["HierarchyGroupId"]
    other = (await key("CreateUserHierarchyGroup", Name="Osaka"))["HierarchyGroupId"]
    for login, group in {"supervisor": top, "agent1": team, "agent2": other}.items():
        await key("UpdateUserHierarchy", UserId=office.named("user", login).id, HierarchyGroupId=group)
    profile = await office.profile("Users.Edit", HierarchyRestrictedResources=["User"])
    await office.hold("supervisor", profile)
    leader = await sign_in(office.app, office.instance, "supervisor")
    assert await names(leader, "SearchUsers", "Users", "Username") == {"supervisor", "agent1"}
    one, out = office.named("user", "agent1").id, office.named("user", "agent2").id
    assert await leader.refusal("DescribeUser", UserId=out) == "ResourceNotFoundException"
    assert await leader.refusal("UpdateUserHierarchy", UserId=one, HierarchyGroupId=other) == "AccessDeniedException"
    assert await leader.refusal("UpdateUserHierarchy", UserId=one, HierarchyGroupId=top) == ""
    await key("UpdateSecurityProfile", SecurityProfileId=profile, AllowedAccessControlHierarchyGroupId=other)
    assert await names(leader, "SearchUsers", "Users", "Username") == {"agent2"}


async def test_who_changes_the_hierarchy(office: Office) -> None:
    """ROUT-72, USER-65: levels are added with Create, renamed and removed with Edit; not those that have groups."""

    def levels(*names: str) -> dict[str, dict[str, str]]:
        return {level: {"Name": name} for level, name in zip(LEVELS, names, strict=False)}

    async def change(person: Client, *names: str) -> str:
        return await person.refusal("UpdateUserHierarchyStructure", HierarchyStructure=levels(*names))

    denied, used = "AccessDeniedException", "ResourceInUseException"
    await office.hold("supervisor", await office.profile("AgentGrouping.Create"))
    maker = await sign_in(office.app, office.instance, "supervisor")
    assert await change(maker, "Site") == "" and await change(maker, "Site", "Team") == ""
    assert await change(maker, "Place", "Team") == denied and await change(maker, "Site") == denied
    top = (await maker("CreateUserHierarchyGroup", Name="Kyoto"))["HierarchyGroupId"]
    group = (await maker("CreateUserHierarchyGroup", Name="Sales", ParentGroupId=top))["HierarchyGroupId"]
    assert await maker.refusal("UpdateUserHierarchyGroupName", HierarchyGroupId=group, Name="Other") == denied
    assert await maker.refusal("DeleteUserHierarchyGroup", HierarchyGroupId=group) == denied
    editor = await sign_in(office.app, office.instance, "admin")
    assert await change(editor, "Place", "Team") == "" and await change(editor, "Place") == used
    user = office.named("user", "agent1").id
    await editor("UpdateUserHierarchy", UserId=user, HierarchyGroupId=group)
    assert await editor.refusal("DeleteUserHierarchyGroup", HierarchyGroupId=group) == used
    await editor("UpdateUserHierarchy", UserId=user, HierarchyGroupId=top)
    await editor("DeleteUserHierarchyGroup", HierarchyGroupId=group)
    assert await change(editor, "Place") == ""
    path = (await editor("DescribeUserHierarchyGroup", HierarchyGroupId=top))["HierarchyGroup"]["HierarchyPath"]
    assert {level: one["Name"] for level, one in path.items()} == {"LevelOne": "Kyoto"}
    assert await change(editor, "1", "2", "3", "4", "5") == ""
    assert await change(editor, "Place", "PLACE") == "InvalidParameterException"


async def test_effective_access_shows_limits_and_what_lifts_them(office: Office) -> None:
    """USER-49: an innocent extra profile lifts the limits, and the preview says so."""
    limited = await office.limited("Users.View", "Queues.View", resources=("User", "Queue"))
    await office.hold("agent1", limited)
    user = office.named("user", "agent1").id
    name = office.site.catalogue.find(office.instance, "security-profile", limited).name
    shown = await office.key.own("GetEffectiveAccess", UserId=user)
    assert shown["Permissions"] == ["Queues.View", "Users.View"]
    assert [(one["ResourceType"], one["Tags"]) for one in shown["Restrictions"]] == [
        ("User", [{"Key": "Team", "Value": "A"}]),
        ("Queue", [{"Key": "Team", "Value": "A"}]),
    ]
    assert shown["Unrestricted"] == ["SecurityProfile", "RoutingProfile"] and shown["Lifted"] == []
    extra = await office.profile("Users.View")
    await office.hold("agent1", limited, extra)
    shown = await office.key.own("GetEffectiveAccess", UserId=user)
    assert [one["ResourceType"] for one in shown["Restrictions"]] == ["Queue"]
    by = office.site.catalogue.find(office.instance, "security-profile", extra).name
    assert shown["Lifted"] == [{"ResourceType": "User", "Profile": name, "By": by}]
    assert "User" in shown["Unrestricted"]


# API keys with policies

UPDATE_TEST_USERS = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["connect:DescribeUser", "connect:UpdateUser*"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:ResourceTag/Department": "Test"}}
  }]
}"""
CREATE_WITH_OWNER = """{
  "Version": "2012-10-17",
  "Statement": [{
    "Effect": "Allow",
    "Action": ["connect:CreateUser", "connect:TagResource"],
    "Resource": "*",
    "Condition": {"StringEquals": {"aws:RequestTag/Owner": "TeamA"}}
  }]
}"""


async def limited_key(office: Office, policy: str) -> Client:
    keys = office.site.keys
    assert keys is not None and keys.store is not None
    await keys.store.put(ApiKey("AKLIMITED", "limited", "limited", policy), 0)
    await keys.refresh()
    return Client(office.app, office.instance, key=("AKLIMITED", "limited"))


async def test_a_policy_for_users_with_a_tag(office: Office) -> None:
    """USER-56: the guide's policy; view and update only users with `Department: Test`."""
    key = await limited_key(office, UPDATE_TEST_USERS)
    await office.tag("user", "agent1", Department="Test")
    one, other = office.named("user", "agent1").id, office.named("user", "agent2").id
    info = {"FirstName": "A", "LastName": "B"}
    assert (await key("DescribeUser", UserId=one))["User"]["Username"] == "agent1"
    assert await key.refusal("UpdateUserIdentityInfo", UserId=one, IdentityInfo=info) == ""
    for operation, members in {"DescribeUser": {}, "UpdateUserIdentityInfo": {"IdentityInfo": info}}.items():
        assert await key.refusal(operation, UserId=other, **members) == "AccessDeniedException"
    assert await key.refusal("DeleteUser", UserId=one) == "AccessDeniedException"


async def test_a_policy_for_the_tags_of_a_request(office: Office) -> None:
    """USER-56: the guide's policy; create users and tag only with `Owner: TeamA`."""
    key = await limited_key(office, CREATE_WITH_OWNER)
    user = {
        "Username": "owned",
        "Password": "Passw0rd-new",
        "IdentityInfo": {"FirstName": "Owned", "LastName": "User"},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        "SecurityProfileIds": [office.named("security-profile", "Agent").id],
        "RoutingProfileId": office.named("routing-profile", "Basic").id,
    }
    for tags in ({}, {"Tags": {"Owner": "TeamB"}}):
        assert await key.refusal("CreateUser", **user, **tags) == "AccessDeniedException"
    made = await key("CreateUser", **user, Tags={"Owner": "TeamA"})
    assert (
        await key.refusal("TagResource", resourceArn=made["UserArn"], tags={"Owner": "TeamB"})
        == "AccessDeniedException"
    )
    assert await key.refusal("TagResource", resourceArn=made["UserArn"], tags={"Owner": "TeamA", "More": "1"}) == ""
    assert await key.refusal("DescribeUser", UserId=made["UserId"]) == "AccessDeniedException"


async def test_a_denied_resource_is_denied_however_it_is_written(office: Office) -> None:
    """USER-56: the guide's policy, create users but not with one security profile; nor give it afterwards."""
    admin, agent = office.named("security-profile", "Admin"), office.named("user", "agent1")
    statements = [
        {"Effect": "Allow", "Action": "connect:*", "Resource": "*"},
        {"Effect": "Deny", "Action": ["connect:CreateUser", "connect:*SecurityProfiles"], "Resource": admin.arn},
    ]
    key = await limited_key(office, json.dumps({"Version": "2012-10-17", "Statement": statements}))
    for given in (admin.id, admin.arn, admin.arn.replace("us-east-1", "eu-central-1"), f"x/{admin.id}"):
        wanted = {"UserId": agent.id, "SecurityProfileIds": [given]}
        assert await key.refusal("UpdateUserSecurityProfiles", **wanted) == "AccessDeniedException"
        associated = {"EntityType": "USER", "EntityArn": agent.arn, "SecurityProfiles": [{"Id": given}]}
        assert await key.refusal("AssociateSecurityProfiles", **associated) == "AccessDeniedException"
    other = office.named("security-profile", "QualityAnalyst").id
    assert await key.refusal("UpdateUserSecurityProfiles", UserId=agent.id, SecurityProfileIds=[other]) == ""


async def test_a_policy_for_users_of_a_hierarchy_group(office: Office) -> None:
    """USER-59: the condition key of each level."""
    levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    await office.key("UpdateUserHierarchyStructure", HierarchyStructure=levels)
    top = (await office.key("CreateUserHierarchyGroup", Name="Kyoto"))["HierarchyGroupId"]
    team = (await office.key("CreateUserHierarchyGroup", Name="Sales", ParentGroupId=top))["HierarchyGroupId"]
    users = {login: office.named("user", login).id for login in ("agent1", "agent2", "analyst")}
    for login, group in {"agent1": team, "agent2": top}.items():
        await office.key("UpdateUserHierarchy", UserId=users[login], HierarchyGroupId=group)
    for level, group, reached in ((1, top, {"agent1", "agent2"}), (2, team, {"agent1"}), (2, top, set())):
        condition = {"StringEquals": {f"connect:HierarchyGroupL{level}Id/hierarchyGroupId": group}}
        statement = {"Effect": "Allow", "Action": "connect:*", "Resource": "*", "Condition": condition}
        key = await limited_key(office, json.dumps({"Version": "2012-10-17", "Statement": [statement]}))
        found = {login for login, user in users.items() if not await key.refusal("DescribeUser", UserId=user)}
        assert found == reached


async def test_keys_are_not_narrowed_by_the_tags_of_profiles(office: Office) -> None:
    await office.leader(*ADMINISTRATION)
    assert len((await office.key("ListUsers"))["UserSummaryList"]) == 5


async def test_changes_of_identities_are_in_the_audit_log(office: Office) -> None:
    """USER-62: who changed whose identity, with the request, and no password."""
    admin = await sign_in(office.app, office.instance, "admin")
    user = office.named("user", "agent1").id
    await admin(
        "UpdateUserIdentityInfo",
        UserId=user,
        IdentityInfo={"FirstName": "A", "LastName": "B", "Mobile": "+81312345678"},
    )
    assert await admin.refusal("UpdateUserIdentityInfo", UserId=new_id(), IdentityInfo={"FirstName": "A"}) != ""
    assert office.site.audit is not None
    await office.site.audit.flush()
    rows = [str(row.entry) for row in await office.site.audit.store.read(limit=50)]
    entries = [text for text in rows if "UpdateUserIdentityInfo" in text]
    assert len(entries) == 2
    assert any(user in text and "admin" in text for text in entries)
    assert any("ResourceNotFoundException" in text for text in entries)
    assert not any("Passw0rd" in text for text in rows)


async def test_nobody_grants_what_they_lack(office: Office, clock: Clock) -> None:
    """Bad input and faults: off unless an instance wants it; then for new and changed profiles and users, batches too;
    only a key turns it off again."""
    rights = ("Users.Create", "Users.Edit", "Users.EditPermission", "SecurityProfiles.Create", "SecurityProfiles.Edit")
    await office.hold("supervisor", await office.profile(*rights))
    person = await sign_in(office.app, office.instance, "supervisor")
    small, great = await office.profile("Users.View"), await office.profile("Users.View", "Prompts.View")
    user = office.named("user", "agent1").id
    new = {"SecurityProfileName": "New", "Permissions": ["Prompts.View"]}
    kept = {"UserId": user, "SecurityProfileIds": [great]}
    assert not (await office.key.own("DescribeInstanceSettings"))["GrantOnlyHeld"]
    await person("UpdateUserSecurityProfiles", **kept)
    assert (await person.own("UpdateInstanceSettings", GrantOnlyHeld=True))["GrantOnlyHeld"]
    await person("UpdateUserIdentityInfo", UserId=user, IdentityInfo={"FirstName": "Ann", "LastName": "Other"})
    await person("UpdateUserSecurityProfiles", UserId=user, SecurityProfileIds=[small])
    profile = {"SecurityProfileId": small, "Permissions": ["Users.View", "Prompts.View"]}
    made = (await person("CreateSecurityProfile", **{**new, "Permissions": ["Users.Edit"]}))["SecurityProfileId"]
    await person("UpdateSecurityProfile", SecurityProfileId=made, Permissions=["Users.Create"])
    for operation, request in (
        ("UpdateUserSecurityProfiles", kept),
        ("CreateSecurityProfile", {**new, "SecurityProfileName": "Newer"}),
        ("UpdateSecurityProfile", profile),
    ):
        assert await person.refusal(operation, **request) == "AccessDeniedException", operation
    assert await person.refusal("UpdateInstanceSettings", "switchroom", GrantOnlyHeld=False) == "AccessDeniedException"
    site = office.site
    assert site.sessions is not None
    batches = UserBatches(site.database, site.repository, site.envelope, site.sessions.passwords, clock.now)
    site.user_batches = batches
    changes = {"SecurityProfileIds": [great]}
    batch = (await person.own("StartUserBatch", Kind="EDIT", UserIds=[user], Changes=changes))["BatchId"]
    while await batches.work():
        pass
    (failed,) = (await person.own("DescribeUserBatch", BatchId=batch))["Failures"]
    assert "Prompts.View" in failed["Fields"][0]
    await office.key("UpdateUserSecurityProfiles", **kept)
    assert not (await office.key.own("UpdateInstanceSettings", GrantOnlyHeld=False))["GrantOnlyHeld"]
    await person("UpdateSecurityProfile", **profile)
