"""Users, security profiles, the hierarchy and proficiencies through the door."""

from typing import Any

import pytest

from tests.resources.conftest import Centre


def test_life_of_a_user(centre: Centre) -> None:
    """USER-02, ROUT-39, ROUT-67: every setting, one routing profile, unique name whatever its case."""
    user = centre.user(
        "janedoe",
        IdentityInfo={"FirstName": "Jane", "LastName": "Doe", "Email": "jane@example.com", "Mobile": "+15550100"},
        PhoneConfig={"PhoneType": "DESK_PHONE", "DeskPhoneNumber": "+15550101", "AfterContactWorkTimeLimit": 30},
        Tags={"Department": "Test"},
    )
    shown = centre.describe_user(UserId=user)["User"]
    assert shown["Arn"] == f"{centre.arn}/agent/{user}"
    assert shown["Username"] == "janedoe" and shown["IdentityInfo"]["Email"] == "jane@example.com"
    assert shown["PhoneConfig"]["AfterContactWorkTimeLimit"] == 30 and shown["Tags"] == {"Department": "Test"}
    assert "Password" not in str(shown)
    centre.update_user_phone_config(UserId=user, PhoneConfig={"PhoneType": "SOFT_PHONE", "AutoAccept": True})
    centre.update_user_identity_info(UserId=user, IdentityInfo={"FirstName": "J", "LastName": "D"})
    admin = centre.security_profile("Admin")
    centre.update_user_security_profiles(UserId=user, SecurityProfileIds=[admin])
    shown = centre.describe_user(UserId=user)["User"]
    assert shown["PhoneConfig"]["AutoAccept"] and shown["SecurityProfileIds"] == [admin]
    assert shown["IdentityInfo"] == {"FirstName": "J", "LastName": "D"}
    centre.update_user_config(
        UserId=user,
        AfterContactWorkConfigs=[{"Channel": "VOICE", "AfterContactWorkConfig": {"AfterContactWorkTimeLimit": 12}}],
    )
    assert centre.describe_user(UserId=user)["User"]["PhoneConfig"]["AfterContactWorkTimeLimit"] == 12
    found = centre.search_users(
        SearchCriteria={"StringCondition": {"FieldName": "Username", "Value": "JANE", "ComparisonType": "STARTS_WITH"}}
    )["Users"]
    assert [one["Id"] for one in found] == [user]
    assert found[0]["PhoneConfig"]["AfterContactWorkTimeLimit"] == 12_000
    with pytest.raises(Exception, match="DuplicateResourceException"):
        centre.user("JaneDoe")
    queues = centre.list_queues(QueueTypes=["AGENT"])["QueueSummaryList"]
    assert f"{centre.arn}/queue/{user}" in {queue["Arn"] for queue in queues}
    centre.refused("InvalidRequestException", "update_queue_max_contacts", QueueId=user, MaxContacts=3)
    centre.delete_user(UserId=user)
    centre.refused("ResourceNotFoundException", "describe_user", UserId=user)
    assert user not in {queue["Id"] for queue in centre.list_queues()["QueueSummaryList"]}
    assert centre.user("janedoe") != user


def test_passwords(centre: Centre) -> None:
    """BASE-171, USER-32."""
    for password in ("abc", "alllower1", "ALLUPPER1", "NoDigitsHere", "A1a" + "x" * 62):
        with pytest.raises(Exception, match="InvalidParameterException"):
            centre.user("weak", Password=password)
    centre.user("signs.in", Password="Right-Password-1")
    own = centre.server.boto("switchroom")
    signed = {"InstanceAlias": centre.alias, "Username": "signs.in"}
    assert own.sign_in(**signed, Password="Right-Password-1")
    with pytest.raises(Exception, match="SignInFailedException"):
        own.sign_in(**signed, Password="Wrong-Password-1")
    request: dict[str, Any] = {
        "Username": "nopassword",
        "IdentityInfo": {"FirstName": "a", "LastName": "b"},
        "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
        "SecurityProfileIds": [centre.security_profile()],
        "RoutingProfileId": centre.routing_profile(),
    }
    centre.refused("InvalidParameterException", "create_user", **request)


def test_bad_users(centre: Centre) -> None:
    cases: list[tuple[str, dict[str, Any]]] = [
        ("ResourceNotFoundException", {"RoutingProfileId": "nothing"}),
        ("ResourceNotFoundException", {"SecurityProfileIds": ["nothing"]}),
        ("ResourceNotFoundException", {"HierarchyGroupId": "nothing"}),
        ("InvalidParameterException", {"Username": "x" * 21}),
        ("InvalidParameterException", {"Username": "testuser@example"}),
        ("InvalidParameterException", {"Username": "with blank"}),
        ("InvalidParameterException", {"IdentityInfo": {"FirstName": "", "LastName": "x"}}),
        ("InvalidParameterException", {"IdentityInfo": {"FirstName": "x", "LastName": "x", "Mobile": "12"}}),
        ("InvalidParameterException", {"PhoneConfig": {"PhoneType": "DESK_PHONE"}}),
        (
            "InvalidParameterException",
            {"PhoneConfig": {"PhoneType": "SOFT_PHONE", "AfterContactWorkTimeLimit": 2000001}},
        ),
    ]
    for code, wrong in cases:
        with pytest.raises(Exception, match=code):
            centre.user(wrong.pop("Username", "bad"), **wrong)
    centre.user("testuser@example.com")


def test_default_security_profiles(centre: Centre) -> None:
    """USER-39, USER-45."""

    def permissions(profile: str) -> set[str]:
        answer = centre.list_security_profile_permissions(SecurityProfileId=centre.security_profile(profile))
        return set(answer["Permissions"])

    admin, agent = permissions("Admin"), permissions("Agent")
    manager, analyst = permissions("CallCenterManager"), permissions("QualityAnalyst")
    assert agent == {"BasicAgentAccess", "OutboundCallAccess", "TransferDestinations.View"}
    assert agent < admin and manager < admin and analyst < admin
    assert "RestrictTaskCreation.Access" not in admin
    assert {"ContactFlows.Publish", "Users.View", "AccessMetrics", "Rules.Edit", "ManagerBargeIn"} <= manager
    assert "BasicAgentAccess" not in manager and "Users.Delete" not in manager
    assert {"AccessMetrics", "ManagerListenIn", "ListenCallRecordings"} <= analyst and "Rules.View" not in analyst


def test_security_profiles(centre: Centre) -> None:
    """USER-36, USER-37, USER-38, USER-42."""
    made = centre.create_security_profile(
        SecurityProfileName="Team lead",
        Description="Leads",
        Permissions=["BasicAgentAccess", "Users.Edit"],
        AllowedAccessControlTags={"Country": "USA"},
        TagRestrictedResources=["User"],
        Applications=[{"Namespace": "crm", "ApplicationPermissions": ["ACCESS"]}],
    )
    profile = made["SecurityProfileId"]
    shown = centre.describe_security_profile(SecurityProfileId=profile)["SecurityProfile"]
    assert shown["SecurityProfileName"] == "Team lead" and shown["TagRestrictedResources"] == ["User"]
    assert shown["OrganizationResourceId"] == centre.id
    held = centre.list_security_profile_permissions(SecurityProfileId=profile)["Permissions"]
    assert set(held) == {"BasicAgentAccess", "Users.Edit", "Users.View"}
    applications = centre.list_security_profile_applications(SecurityProfileId=profile)["Applications"]
    assert applications[0]["Namespace"] == "crm"
    centre.update_security_profile(SecurityProfileId=profile, Permissions=["Queues.View"])
    shown = centre.describe_security_profile(SecurityProfileId=profile)["SecurityProfile"]
    assert shown["Description"] == "Leads"
    assert centre.list_security_profile_permissions(SecurityProfileId=profile)["Permissions"] == ["Queues.View"]
    user = centre.user("lead", SecurityProfileIds=[profile])
    centre.refused("ResourceInUseException", "delete_security_profile", SecurityProfileId=profile)
    arn = centre.describe_user(UserId=user)["User"]["Arn"]
    agent = centre.security_profile()
    centre.associate_security_profiles(EntityType="USER", EntityArn=arn, SecurityProfiles=[{"Id": agent}])
    both = centre.list_entity_security_profiles(EntityType="USER", EntityArn=arn)["SecurityProfiles"]
    assert {one["Id"] for one in both} == {profile, agent}
    centre.disassociate_security_profiles(EntityType="USER", EntityArn=arn, SecurityProfiles=[{"Id": profile}])
    centre.delete_security_profile(SecurityProfileId=profile)
    named = {"StringCondition": {"FieldName": "name", "Value": "Admin", "ComparisonType": "EXACT"}}
    found = centre.search_security_profiles(SearchCriteria=named)["SecurityProfiles"]
    assert [one["SecurityProfileName"] for one in found] == ["Admin"]


def test_bad_security_profiles(centre: Centre) -> None:
    name = {"SecurityProfileName": "Bad"}
    cases: list[dict[str, Any]] = [
        {"SecurityProfileName": "Bad/Name"},
        name | {"Permissions": ["Nothing.Known"]},
        name | {"AllowedAccessControlTags": {"a": "b"}},
        name | {"TagRestrictedResources": ["User"]},
        name | {"TagRestrictedResources": ["User"], "AllowedAccessControlTags": {str(n): "" for n in range(5)}},
    ]
    for case in cases:
        centre.refused("InvalidParameterException", "create_security_profile", **case)
    centre.refused("DuplicateResourceException", "create_security_profile", SecurityProfileName="Agent")
    tagged = [
        centre.create_security_profile(
            SecurityProfileName=f"Tagged {n}", TagRestrictedResources=["User"], AllowedAccessControlTags={"n": str(n)}
        )["SecurityProfileId"]
        for n in range(3)
    ]
    centre.user("twotags", SecurityProfileIds=tagged[:2])
    with pytest.raises(Exception, match="InvalidParameterException"):
        centre.user("threetags", SecurityProfileIds=tagged)


def test_hierarchy(centre: Centre) -> None:
    """ROUT-72."""
    centre.refused("InvalidParameterException", "create_user_hierarchy_group", Name="Early")
    five = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")
    centre.update_user_hierarchy_structure(HierarchyStructure={level: {"Name": level} for level in five})
    above: dict[str, str] = {}
    parent = ""
    for level in five:
        parent = centre.create_user_hierarchy_group(Name=f"In {level}", **above)["HierarchyGroupId"]
        above = {"ParentGroupId": parent}
    path = centre.describe_user_hierarchy_group(HierarchyGroupId=parent)["HierarchyGroup"]["HierarchyPath"]
    assert [path[level]["Name"] for level in five] == [f"In {level}" for level in five]
    centre.refused("InvalidParameterException", "create_user_hierarchy_group", Name="Sixth", ParentGroupId=parent)
    for level in reversed(five):
        centre.delete_user_hierarchy_group(HierarchyGroupId=path[level]["Id"])
    names = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    centre.update_user_hierarchy_structure(HierarchyStructure=names)
    levels = centre.describe_user_hierarchy_structure()["HierarchyStructure"]
    assert [levels[level]["Name"] for level in ("LevelOne", "LevelTwo")] == ["Site", "Team"]
    site = centre.create_user_hierarchy_group(Name="North", Tags={"a": "b"})["HierarchyGroupId"]
    team = centre.create_user_hierarchy_group(Name="Red", ParentGroupId=site)["HierarchyGroupId"]
    shown = centre.describe_user_hierarchy_group(HierarchyGroupId=team)["HierarchyGroup"]
    assert shown["LevelId"] == levels["LevelTwo"]["Id"]
    assert [shown["HierarchyPath"][level]["Name"] for level in ("LevelOne", "LevelTwo")] == ["North", "Red"]
    centre.refused("InvalidParameterException", "create_user_hierarchy_group", Name="Deep", ParentGroupId=team)
    centre.refused("DuplicateResourceException", "create_user_hierarchy_group", Name="red", ParentGroupId=site)
    other = centre.create_user_hierarchy_group(Name="South")["HierarchyGroupId"]
    centre.create_user_hierarchy_group(Name="Red", ParentGroupId=other)
    user = centre.user("grouped", HierarchyGroupId=team)

    def users(value: str, match: str) -> list[str]:
        condition = {"Value": value, "HierarchyGroupMatchType": match}
        found = centre.search_users(SearchCriteria={"HierarchyGroupCondition": condition})["Users"]
        return [one["Id"] for one in found]

    assert users(site, "EXACT") == [] and users(site, "WITH_CHILD_GROUPS") == [user] and users(team, "EXACT") == [user]
    centre.refused("ResourceInUseException", "delete_user_hierarchy_group", HierarchyGroupId=team)
    centre.refused("ResourceInUseException", "delete_user_hierarchy_group", HierarchyGroupId=site)
    centre.refused(
        "ResourceInUseException", "update_user_hierarchy_structure", HierarchyStructure={"LevelOne": {"Name": "Site"}}
    )
    centre.update_user_hierarchy_group_name(HierarchyGroupId=team, Name="Crimson")
    centre.update_user_hierarchy(UserId=user)
    assert "HierarchyGroupId" not in centre.describe_user(UserId=user)["User"]
    centre.delete_user_hierarchy_group(HierarchyGroupId=team)
    below = {"StringCondition": {"FieldName": "parentId", "Value": other, "ComparisonType": "EXACT"}}
    found = centre.search_user_hierarchy_groups(SearchCriteria=below)["UserHierarchyGroups"]
    assert [one["Name"] for one in found] == ["Red"]
    listed = centre.list_user_hierarchy_groups()["UserHierarchyGroupSummaryList"]
    assert [one["Name"] for one in listed] == ["North", "Red", "South"]


def test_predefined_attributes(centre: Centre) -> None:
    """ROUT-43."""
    centre.create_predefined_attribute(Name="Technology", Values={"StringList": ["AWS Kinesis", "AWS DynamoDB"]})
    shown = centre.describe_predefined_attribute(Name="Technology")["PredefinedAttribute"]
    assert shown["Values"]["StringList"] == ["AWS Kinesis", "AWS DynamoDB"]
    centre.update_predefined_attribute(Name="Technology", Values={"StringList": ["AWS EC2"]})
    names = [one["Name"] for one in centre.list_predefined_attributes()["PredefinedAttributeSummaryList"]]
    assert names == ["connect:Language", "connect:Subtype", "Technology"]
    wanted = {"StringCondition": {"FieldName": "name", "Value": "tech", "ComparisonType": "CONTAINS"}}
    found = centre.search_predefined_attributes(SearchCriteria=wanted)["PredefinedAttributes"]
    assert [one["Name"] for one in found] == ["Technology"]
    values = {"StringList": ["x"]}
    centre.refused("DuplicateResourceException", "create_predefined_attribute", Name="technology", Values=values)
    for name, listed in (
        ("aws:x", ["x"]),
        ("connect:x", ["x"]),
        ("no#hash", ["x"]),
        ("n" * 65, ["x"]),
        ("Fine", ["v" * 65]),
        ("Fine", ["aws:v"]),
        ("Fine", ["Same", "same"]),
        ("Fine", [str(number) for number in range(129)]),
    ):
        centre.refused(
            "InvalidParameterException", "create_predefined_attribute", Name=name, Values={"StringList": listed}
        )
    centre.delete_predefined_attribute(Name="Technology")
    centre.refused("ResourceNotFoundException", "describe_predefined_attribute", Name="Technology")


def test_system_attributes(centre: Centre) -> None:
    """ROUT-44."""
    languages = centre.describe_predefined_attribute(Name="connect:Language")["PredefinedAttribute"]["Values"]
    assert "connect:French" in languages["StringList"]
    more = {"StringList": [*languages["StringList"], "Klingon"]}
    centre.update_predefined_attribute(Name="connect:Language", Values=more)
    shown = centre.describe_predefined_attribute(Name="connect:Language")["PredefinedAttribute"]
    assert shown["Values"] == more
    changed = {"StringList": ["Klingon"]}
    for name in ("connect:Language", "connect:Subtype"):
        centre.refused("InvalidParameterException", "update_predefined_attribute", Name=name, Values=changed)
        centre.refused("InvalidRequestException", "delete_predefined_attribute", Name=name)
    subtypes = centre.describe_predefined_attribute(Name="connect:Subtype")["PredefinedAttribute"]
    assert "connect:Chat" in subtypes["Values"]["StringList"]
    assert subtypes["AttributeConfiguration"]["IsReadOnly"]


def test_proficiencies(centre: Centre) -> None:
    """ROUT-46."""
    values = [f"v{number}" for number in range(12)]
    centre.create_predefined_attribute(Name="Skill", Values={"StringList": values})
    user = centre.user("skilled")

    def proficiency(value: str, level: float = 3.0) -> dict[str, Any]:
        return {"AttributeName": "Skill", "AttributeValue": value, "Level": level}

    ten = [proficiency(value) for value in values[:10]]
    centre.associate_user_proficiencies(UserId=user, UserProficiencies=ten)
    centre.update_user_proficiencies(UserId=user, UserProficiencies=[proficiency("v0", 5.0)])
    listed = centre.list_user_proficiencies(UserId=user)["UserProficiencyList"]
    assert {one["AttributeValue"]: one["Level"] for one in listed}["v0"] == 5.0 and len(listed) == 10
    wrong = [proficiency("v10")], [proficiency("v0", 5.5)], [proficiency("unknown")]
    for given in wrong:
        centre.refused(
            "InvalidParameterException", "associate_user_proficiencies", UserId=user, UserProficiencies=given
        )
    unknown = [{"AttributeName": "Nothing", "AttributeValue": "x", "Level": 1.0}]
    centre.disassociate_user_proficiencies(
        UserId=user, UserProficiencies=[{"AttributeName": "Skill", "AttributeValue": "v9"}]
    )
    centre.refused("ResourceNotFoundException", "associate_user_proficiencies", UserId=user, UserProficiencies=unknown)
    conditions = [
        {"StringCondition": {"FieldName": "value", "Value": "v0", "ComparisonType": "EXACT"}},
        {"NumberCondition": {"FieldName": "level", "MinValue": 4, "ComparisonType": "GREATER_OR_EQUAL"}},
    ]
    by_skill = {"ListCondition": {"TargetListType": "PROFICIENCIES", "Conditions": conditions}}
    assert [one["Id"] for one in centre.search_users(SearchCriteria=by_skill)["Users"]] == [user]
    centre.refused("ResourceInUseException", "delete_predefined_attribute", Name="Skill")
    gone = [{"AttributeName": "Skill", "AttributeValue": value} for value in values[:9]]
    centre.disassociate_user_proficiencies(UserId=user, UserProficiencies=gone)
    assert centre.list_user_proficiencies(UserId=user)["UserProficiencyList"] == []
    centre.delete_predefined_attribute(Name="Skill")
