"""Which operations the default security profiles open, through the door; expected from the tables of the
specification (users-security.md, Permissions), not from the bindings."""

from dataclasses import replace
from typing import Any

import pytest
from starlette.websockets import WebSocket

from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.resources import permissions
from switchroom.resources.repository import SYSTEM
from switchroom.wire.app import App
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.wire.doors import Clock, make_app
from tests.wire.people import Client, model, sign_in

A, G, M, Q = "Admin", "Agent", "CallCenterManager", "QualityAnalyst"
EVERYBODY = f"{A} {G} {M} {Q}"
"""Operations, and who passes: the letters of the specification's Default column."""
CONNECT: dict[str, str] = {
    # routing
    "CreateRoutingProfile UpdateRoutingProfileName UpdateRoutingProfileQueues DeleteRoutingProfile": A,
    "DescribeRoutingProfile SearchRoutingProfiles ListRoutingProfileQueues": f"{A} {M}",
    "CreateQuickConnect UpdateQuickConnectName UpdateQuickConnectConfig DeleteQuickConnect": A,
    "DescribeQuickConnect SearchQuickConnects ListQuickConnects": f"{A} {M} {G}",
    "CreateHoursOfOperation UpdateHoursOfOperation CreateHoursOfOperationOverride": f"{A} {M}",
    "DescribeHoursOfOperation SearchHoursOfOperations ListHoursOfOperations": f"{A} {M}",
    "DeleteHoursOfOperation": A,
    "CreateQueue UpdateQueueStatus": A,
    "UpdateQueueName UpdateQueueHoursOfOperation UpdateQueueMaxContacts AssociateQueueQuickConnects": f"{A} {M}",
    "DescribeQueue SearchQueues ListQueueQuickConnects": f"{A} {M}",
    "CreateTaskTemplate UpdateTaskTemplate DeleteTaskTemplate": A,
    "CreatePredefinedAttribute UpdatePredefinedAttribute DeletePredefinedAttribute": A,
    # channels and flows
    "CreatePrompt UpdatePrompt DeletePrompt": A,
    "DescribePrompt SearchPrompts": f"{A} {M}",
    "CreateContactFlow UpdateContactFlowContent UpdateContactFlowName DeleteContactFlow": f"{A} {M}",
    "DescribeContactFlow SearchContactFlows": f"{A} {M}",
    "CreateContactFlowModule UpdateContactFlowModuleMetadata DeleteContactFlowModule": f"{A} {M}",
    "ClaimPhoneNumber SearchAvailablePhoneNumbers UpdatePhoneNumberMetadata": f"{A} {M}",
    "AssociatePhoneNumberContactFlow DescribePhoneNumber ListPhoneNumbersV2": f"{A} {M}",
    "ReleasePhoneNumber": A,
    "StartChatContact": A,
    # users and permissions
    "CreateUser UpdateUserIdentityInfo UpdateUserPhoneConfig UpdateUserRoutingProfile": f"{A} {M}",
    "UpdateUserHierarchy": f"{A} {M}",
    "DescribeUser SearchUsers ListUserProficiencies AssociateUserProficiencies": f"{A} {M}",
    "DeleteUser UpdateUserSecurityProfiles AssociateSecurityProfiles": A,
    "CreateUserHierarchyGroup UpdateUserHierarchyGroupName UpdateUserHierarchyStructure": A,
    "DescribeUserHierarchyGroup DescribeUserHierarchyStructure SearchUserHierarchyGroups": f"{A} {M} {Q}",
    "CreateSecurityProfile UpdateSecurityProfile DeleteSecurityProfile": A,
    "DescribeSecurityProfile SearchSecurityProfiles ListSecurityProfilePermissions": f"{A} {M}",
    "CreateAgentStatus UpdateAgentStatus": A,
    "DescribeAgentStatus SearchAgentStatuses": f"{A} {M} {Q}",
    # the panel
    "StartTaskContact": f"{A} {G}",
    "StartOutboundVoiceContact": f"{A} {G}",
    # analytics
    "GetCurrentMetricData GetCurrentUserData GetMetricDataV2 PutUserStatus": f"{A} {M} {Q}",
    "CreateRule UpdateRule DeleteRule DescribeRule ListRules": f"{A} {M}",
    "SearchContacts DescribeContact": f"{A} {M} {Q}",
    "GetContactAttributes": f"{A} {M} {Q}",
    "MonitorContact": f"{A} {M} {Q}",
    # contact actions and history
    "TransferContact StopContact UpdateContactSchedule": A,
    # the instance itself is administered with keys only
    "CreateInstance DeleteInstance UpdateInstanceAttribute CreateParticipant TagContact": "",
    "UpdateContactRoutingData": "",
    # of everybody's own session
    "DescribeInstance": EVERYBODY,
    # selectors that come with a permission (USER-44)
    "ListSecurityProfiles ListPredefinedAttributes": f"{A} {M}",
    "ListUserHierarchyGroups": f"{A} {M} {Q}",
    "ListContactFlows": f"{A} {M} {G}",
    # and names that the real-time page shows
    "ListQueues ListUsers": EVERYBODY,
    "ListRoutingProfiles": f"{A} {M} {Q}",
    # the rest of routing
    "AssociateRoutingProfileQueues DisassociateRoutingProfileQueues UpdateRoutingProfileConcurrency": A,
    "UpdateRoutingProfileAgentAvailabilityTimer UpdateRoutingProfileDefaultOutboundQueue": A,
    "ListRoutingProfileManualAssignmentQueues ListPhoneNumbers": f"{A} {M}",
    "AssociateHoursOfOperations DisassociateHoursOfOperations UpdateHoursOfOperationOverride": f"{A} {M}",
    "DeleteHoursOfOperationOverride DescribeHoursOfOperationOverride GetEffectiveHoursOfOperations": f"{A} {M}",
    "ListChildHoursOfOperations ListHoursOfOperationOverrides SearchHoursOfOperationOverrides": f"{A} {M}",
    "DeleteQueue DisassociateQueueQuickConnects UpdateQueueOutboundCallerConfig": f"{A} {M}",
    "DescribePredefinedAttribute SearchPredefinedAttributes": f"{A} {M}",
    "GetTaskTemplate ListTaskTemplates": f"{A} {G}",
    # the rest of channels and flows
    "UpdateContactFlowMetadata CreateContactFlowVersion DeleteContactFlowVersion": f"{A} {M}",
    "ListContactFlowVersions": f"{A} {M}",
    "CreateContactFlowAlias UpdateContactFlowAlias": f"{A} {M}",
    "DescribeContactFlowAlias DeleteContactFlowAlias ListContactFlowAliases": f"{A} {M}",
    "UpdateContactFlowModuleContent CreateContactFlowModuleVersion DeleteContactFlowModuleVersion": f"{A} {M}",
    "CreateContactFlowModuleAlias UpdateContactFlowModuleAlias DeleteContactFlowModuleAlias": f"{A} {M}",
    "DescribeContactFlowModule DescribeContactFlowModuleAlias": f"{A} {M}",
    "SearchContactFlowModules ListContactFlowModules": f"{A} {M}",
    "ListContactFlowModuleAliases ListContactFlowModuleVersions ListLambdaFunctions": f"{A} {M}",
    "ListLexBots ListBots ListSecurityKeys": f"{A} {M}",
    "AssociateLambdaFunction DisassociateLambdaFunction AssociateSecurityKey DisassociateSecurityKey": A,
    "ListPrompts": f"{A} {M}",
    "GetPromptFile": f"{A} {G} {M}",
    "ImportPhoneNumber UpdatePhoneNumber": f"{A} {M}",
    "DisassociatePhoneNumberContactFlow AssociateFlow DisassociateFlow": f"{A} {M}",
    "GetFlowAssociation BatchGetFlowAssociation ListFlowAssociations": f"{A} {M}",
    "StartWebRTCContact": A,
    # the rest of users and permissions
    "UpdateUserConfig UpdateUserProficiencies DisassociateUserProficiencies": f"{A} {M}",
    "ListEntitySecurityProfiles": f"{A} {M}",
    "DisassociateSecurityProfiles DeleteUserHierarchyGroup": A,
    "ListSecurityProfileAIAgents ListSecurityProfileApplications ListSecurityProfileFlowModules": f"{A} {M}",
    # the rest of the panel
    "DismissUserContact PauseContact ResumeContact UpdateContactAttributes": f"{A} {G}",
    # the rest of analytics
    "ListContactReferences ListAssociatedContacts": f"{A} {M} {Q}",
    "SearchRules ListIntegrationAssociations": f"{A} {M}",
    "AssociateContactWithUser": A,
    "SearchResourceTags ListAgentStatuses ListInstances": EVERYBODY,
    # the rest of what keys do
    "AssociateApprovedOrigin DisassociateApprovedOrigin ListApprovedOrigins": "",
    "AssociateInstanceStorageConfig DescribeInstanceStorageConfig UpdateInstanceStorageConfig": "",
    "DisassociateInstanceStorageConfig ListInstanceStorageConfigs": "",
    "ListInstanceAttributes DescribeInstanceAttribute": "",
    "AssociateBot DisassociateBot AssociateLexBot DisassociateLexBot": "",
    "CreateIntegrationAssociation DeleteIntegrationAssociation CreateUseCase DeleteUseCase ListUseCases": "",
    "UpdateContact UntagContact CreatePersistentContactAssociation": "",
}
OWN: dict[str, str] = {
    # users and permissions
    "StartUserBatch CheckUserImport ResetUserPassword ExportUsers GetEffectiveAccess RenameUser": f"{A} {M}",
    "ReviewPermissions UpdateInstanceSettings": A,
    # the panel
    "GetAgentSnapshot SetAgentStatus AcceptContact": f"{A} {G}",
    # analytics
    "ListPausedTasks GetContactJourney GetContactTimeline": f"{A} {M} {Q}",
    "DeleteContactRecording": f"{A} {M}",
    # contact actions and history
    "ListChanges": f"{A} {M}",
    # the instance itself is administered with keys only
    "CreateApiKey ListApiKeys DeleteApiKey": "",
    # of everybody's own session
    "GetSession ListPermissionCatalogue": EVERYBODY,
    # channels and flows
    "CheckFlow ExportFlow ImportFlow ListFlowBlocks ListFlowVersions TestFlow CreateFlowModuleDraft": f"{A} {M}",
    "CreateFlowLogAlert UpdateFlowLogAlert DeleteFlowLogAlert ListFlowLogAlerts ListFunctions": f"{A} {M}",
    "CreateBot ImportBot DescribeBot UpdateBotDraft": f"{A} {M}",
    "DeleteBot CheckBot ExportBot TestBotText ListBots BuildBot CreateBotVersion": f"{A} {M}",
    "ListBotVersions DeleteBotVersion CreateBotAlias UpdateBotAlias ListBotAliases DeleteBotAlias": f"{A} {M}",
    "AssociateBotAlias DisassociateBotAlias DescribeInstanceSettings StartPromptUpload": A,
    "PreviewSpeech ListTrunks DescribeTrunk": f"{A} {M}",
    "CreateTrunk UpdateTrunk DeleteTrunk ResetSipPassword": A,
    # users and permissions
    "DescribeUserDeletion": A,
    "GetUserImportTemplate CancelUserBatch DismissUserBatch": f"{A} {M}",
    "RetryUserBatch DescribeUserBatch ListUserBatches": f"{A} {M}",
    # the panel
    "RejectContact EndContact ClearContact": f"{A} {G}",
    "TransferAgentContact PauseAgentContact ResumeAgentContact": f"{A} {G}",
    "CreateAgentTask CreateAgentParticipantConnection ListAgentQuickConnects GetAgentTaskTemplates": f"{A} {G}",
    "DialContact AddContactParticipant": f"{A} {G}",
    "DropContactParticipant HoldContactParticipant ResumeContactParticipant": f"{A} {G}",
    "HoldAllContactParticipants JoinContactParticipants": f"{A} {G}",
    "SwapContactParticipants MuteContactParticipant JoinContactMedia JoinEchoTest SendContactDigits": f"{A} {G}",
    "ReportCallQuality UpdateAgentPhone GetAgentConfiguration": f"{A} {G}",
    # analytics
    "ListContactRecordings GetContactRecording ListBargedContacts ListResourceNames": f"{A} {M} {Q}",
    "ListFlowLogs ListFunctionLogs MonitorContactLive SetMonitorMode": f"{A} {M} {Q}",
    "GetContactTranscript GetContactAttachment": EVERYBODY,
    "DraftSimulation CheckSimulation StartSimulation": f"{A} {M} {Q}",
    "ListSimulations DescribeSimulation CancelSimulation DeleteSimulation ReplayDay": f"{A} {M} {Q}",
    "ListRuleTriggers SendTestEvent ListEventConnections DescribeEventConnection ListExternalEvents": f"{A} {M}",
    "CreateEventConnection DeleteEventConnection RotateEventSecret": A,
}
UNSTATED = {f"{verb}ContactRecording" for verb in ("Start", "Stop", "Suspend", "Resume")}
UNSTATED |= {"UpdateParticipantRoleConfig"}
"""Of these the specification does not say who may; the last one is for keys, with an input that is hard to make up."""
CASES = [
    (service, name, who.split())
    for service, table in (("connect", CONNECT), ("switchroom", OWN))
    for names, who in table.items()
    for name in names.split()
]


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    return make_app(load_bindings(), site, clock)


async def everybody(app: App, site: Services) -> dict[str, Client]:
    """Someone of each default profile, by the name of the profile."""
    instance = site.catalogue.instances()[0].id
    logins = {A: "admin", M: "supervisor", G: "agent1", Q: "analyst"}
    return {profile: await sign_in(app, instance, login) for profile, login in logins.items()}


FORMS = {
    **dict.fromkeys(("PhoneNumber", "DestinationPhoneNumber"), "+15550100"),
    **dict.fromkeys(("EffectiveFrom", "EffectiveTill", "FromDate", "ToDate"), "2026-01-01"),
    **dict.fromkeys(("BotId", "AliasId"), "ABCDEFGHIJ"),
    **dict.fromkeys(("Version", "Digits"), "1"),
    "LocaleId": "en_US",
    "S3Uri": "s3://bucket/sound.wav",
    "Password": "Passw0rd-new",
}


def members(service: str, operation: str) -> dict[str, Any]:
    """An input that the model accepts, made of identifiers that nothing has."""
    shape = model(service).operation_model(operation).input_shape
    return {} if shape is None else _value(shape)


def _value(shape: Any) -> Any:
    match shape.type_name:
        case "structure":
            return {name: FORMS.get(name) or _value(shape.members[name]) for name in shape.required_members}
        case "list":
            return [_value(shape.member)]
        case "map":
            return {"key": _value(shape.value)}
        case "integer" | "long" | "double" | "float":
            return shape.metadata.get("min", 1)
        case "boolean":
            return True
        case "timestamp":
            return 1_700_000_000
        case "blob":
            return b"{}"
        case _:
            return shape.enum[0] if shape.enum else new_id()


async def test_each_default_profile_opens_what_its_permissions_say(site: Services, clock: Clock) -> None:
    """USER-39, USER-46: everything else is refused with 403 before the operation sees it."""
    bindings = load_bindings()
    session = {key: one for key, one in bindings.items() if key[1] == "SignIn"}
    app = make_app(
        {key: replace(one, handler=passed, is_async=False) for key, one in bindings.items()} | session, site, clock
    )
    people = await everybody(app, site)
    wrong = []
    for service, operation, allowed in CASES:
        given = members(service, operation)
        for profile, person in people.items():
            if "InstanceId" in given:
                given["InstanceId"] = person.instance
            reply = await person.ask(operation, service, **given)
            expected = (200, "") if profile in allowed else (403, "AccessDeniedException")
            if (reply.status, reply.error) != expected:
                wrong.append((operation, profile, reply.status, reply.error))
    assert wrong == []


def passed(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """In the place of the operations: the door let the call through."""
    return {}


def test_no_operation_of_people_is_missing_in_the_table() -> None:
    """USER-46: who may is written down for each, before it is built."""
    listed = {(service, name) for service, name, _ in CASES}
    assert len(listed) == len(CASES)
    bound = {key for key, one in load_bindings().items() if one.permissions and one.auth in ("caller", "session")}
    missing = {(service, name) for service, name in bound - listed if service in ("connect", "switchroom")}
    assert {name for _, name in missing} <= UNSTATED


def test_every_operation_of_people_needs_a_permission() -> None:
    """USER-46: bound without one are only those of the own session, of tokens, and those that look closer."""
    own = {"GetSession", "UpdateSession", "ShareSession", "SignIn", "SignOut", "ListApiCoverage"}
    own |= {"ListPermissionCatalogue", "DescribeHome", "ListInstances", "DescribeInstance"}
    before = {"GetTestChatSettings", "StartTestChat", "StartTestCall", "RequestPasswordReset"}
    before |= {"CompletePasswordReset", "CompleteEmergencySignIn"}
    tags = {"TagResource", "UntagResource", "ListTagsForResource"}
    open_ = {
        name
        for (_, name), one in load_bindings().items()
        if not one.permissions and one.auth not in ("bearer", "signed")
    }
    assert open_ <= own | before | tags


async def test_a_refusal_tells_nothing(app: App, site: Services) -> None:
    """USER-70: the same answer for what is there and what is not, with nothing of the record; and it is logged."""
    person = await sign_in(app, site.catalogue.instances()[0].id, "agent1")
    user = site.catalogue.by_name(person.instance, "user", "admin")
    there = await person.ask("DescribeUser", UserId=user.id)
    missing = await person.ask("DescribeUser", UserId=new_id())
    assert (there.status, there.body) == (missing.status, missing.body)
    assert there.status == 403 and b"admin" not in there.body
    counted = (await person.own("DescribeHome"))["Counts"]
    assert [one["ResourceType"] for one in counted] == ["quick-connect"]
    assert site.audit is not None
    await site.audit.flush()
    entries = await site.audit.store.read(limit=5)
    assert any(b'"AccessDenied' in bytes(str(row.entry), "utf-8") for row in entries)


async def test_selectors_show_what_an_edit_form_needs_and_no_more(app: App, site: Services) -> None:
    """USER-44: the form of a queue lists numbers and hours, whose own pages stay closed."""
    instance = site.catalogue.instances()[0].id
    await with_profile(site, "agent1", "Queues.View", "Queues.Edit")
    person = await sign_in(app, instance, "agent1")
    hours = (await person("ListHoursOfOperations"))["HoursOfOperationSummaryList"]
    assert [one["Name"] for one in hours] == ["Hours"]
    assert (await person("ListPhoneNumbersV2"))["ListPhoneNumbersSummaryList"] == []
    assert await person("ListQuickConnects") is not None
    for operation in ("DescribeHoursOfOperation", "UpdateHoursOfOperation", "UpdatePhoneNumberMetadata"):
        assert await person.refusal(operation, **members("connect", operation)) == "AccessDeniedException"
    assert await person.refusal("SearchHoursOfOperations") == "AccessDeniedException"
    assert await person.refusal("ListContactFlows") == "AccessDeniedException"


async def test_rights_are_the_union_and_a_restriction_wins(app: App, site: Services) -> None:
    """USER-40, ROUT-91: two profiles add up, and a restriction in one of them restricts."""
    instance = site.catalogue.instances()[0].id
    await with_profile(site, "agent2", "BasicAgentAccess", "Queues.View")
    await with_profile(site, "agent2", "Users.View", "RestrictTaskCreation.Access", more=True)
    person = await sign_in(app, instance, "agent2")
    held = set((await person.own("GetSession"))["Permissions"])
    assert {"BasicAgentAccess", "Queues.View", "Users.View"} <= held
    flow = members("connect", "StartTaskContact")
    assert await person.refusal("StartTaskContact", **flow, ContactFlowId=new_id()) == "AccessDeniedException"


async def test_who_assigns_profiles_needs_both_rights(app: App, site: Services) -> None:
    """USER-41."""
    instance = site.catalogue.instances()[0].id
    target = site.catalogue.by_name(instance, "user", "supervisor")
    wanted = {"UserId": target.id, "SecurityProfileIds": target.body["SecurityProfileIds"]}
    for held, error in {
        ("Users.Edit",): "AccessDeniedException",
        ("Users.EditPermission",): "AccessDeniedException",
        ("Users.Edit", "Users.EditPermission"): "",
    }.items():
        await with_profile(site, "agent1", *held)
        person = await sign_in(app, instance, "agent1")
        assert await person.refusal("UpdateUserSecurityProfiles", **wanted) == error


async def test_changes_of_a_profile_act_on_sessions_at_once(app: App, site: Services) -> None:
    """USER-37: the holder keeps the session, the next call goes by the new rights."""
    instance = site.catalogue.instances()[0].id
    admin, agent = await sign_in(app, instance, "admin"), await sign_in(app, instance, "agent1")
    profile = site.catalogue.by_name(instance, "security-profile", "Agent").id
    assert await agent.refusal("SearchQueues") == "AccessDeniedException"
    await admin("UpdateSecurityProfile", SecurityProfileId=profile, Permissions=["BasicAgentAccess", "Queues.Edit"])
    assert (await agent("SearchQueues"))["Queues"]
    held = (await admin("ListSecurityProfilePermissions", SecurityProfileId=profile))["Permissions"]
    assert set(held) == {"BasicAgentAccess", "Queues.Edit", "Queues.View"}, "USER-42"


async def test_an_open_socket_needs_its_permission_all_the_time(app: App, site: Services) -> None:
    """USER-37, USER-46: who loses the agents' panel is refused, and the socket that is open notices."""
    told: list[str] = []

    async def desk(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.scope["renew"]()
        await with_profile(site, "agent1", "Queues.View")
        try:
            await websocket.scope["renew"]()
        except ServiceError as refusal:
            told.append(refusal.code)
        await websocket.close()

    site.sockets = [("/agent/ws", desk, "session", "BasicAgentAccess")]
    agent = await sign_in(app, site.catalogue.instances()[0].id, "agent1")
    assert await knock(app, agent.token) == ["websocket.accept", "websocket.close"]
    assert told == ["AccessDeniedException"]
    assert await knock(app, agent.token) == ["websocket.close"]


async def knock(app: App, token: str) -> list[str]:
    """What a WebSocket with a session token is answered."""
    answers: list[str] = []

    async def receive() -> dict[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: dict[str, Any]) -> None:
        answers.append(message["type"])

    scope = {"type": "websocket", "path": "/agent/ws", "query_string": f"token={token}".encode(), "headers": []}
    await app(scope, receive, send)
    return answers


async def test_names_of_permissions(app: App, site: Services) -> None:
    """USER-45, USER-47: printed names become ours, applications have their own, unknown ones are refused."""
    instance = site.catalogue.instances()[0].id
    key = Client(app, instance)
    given = ["HistoricalMetrics.Access", "ManagerBargelIn", "crm.Access", "MetricsReports.Create"]
    made = await key("CreateSecurityProfile", SecurityProfileName="Names", Permissions=given)
    held = (await key("ListSecurityProfilePermissions", SecurityProfileId=made["SecurityProfileId"]))["Permissions"]
    assert set(held) == {
        "AccessMetrics.HistoricalMetrics.Access",
        "ManagerBargeIn",
        "crm.Access",
        *("MetricsReports.Create", "MetricsReports.Share", "MetricsReports.View"),
    }
    bad: dict[str, Any] = {"SecurityProfileName": "Bad", "Permissions": ["Users.Enjoy"]}
    assert await key.refusal("CreateSecurityProfile", **bad) == "InvalidParameterException"


async def test_a_name_that_a_newer_release_knew_survives_an_update(app: App, site: Services) -> None:
    """USER-45: never drop what is stored, whatever it is."""
    instance = site.catalogue.instances()[0].id
    body = '{"Permissions": ["Users.View", "Holograms.View"]}'
    async with site.repository.write(instance, SYSTEM) as write:
        made = await write.create("security-profile", instance, "From elsewhere", {"Permissions": ["Users.View"]})
        await write.connection.execute("UPDATE documents SET body = $2 WHERE id = $1", made.id, body)
    key = Client(app, instance)
    wanted = ["Users.View", "Holograms.View", "Queues.View"]
    await key("UpdateSecurityProfile", SecurityProfileId=made.id, Permissions=wanted)
    held = (await key("ListSecurityProfilePermissions", SecurityProfileId=made.id))["Permissions"]
    assert set(held) == set(wanted)


async def test_the_catalogue_says_what_to_know_of_each_permission(app: App, site: Services) -> None:
    """USER-42, USER-45, USER-47, USER-63."""
    instance = site.catalogue.instances()[0].id
    key = Client(app, instance)
    await key(
        "CreateIntegrationAssociation",
        IntegrationType="APPLICATION",
        IntegrationArn="arn:aws:app-integrations:us-east-1:123456789012:application/crm-1",
        SourceApplicationName="Customer desk",
    )
    groups = (await key.own("ListPermissionCatalogue"))["Groups"]
    details = {one["Permission"]: one for group in groups for one in group["Details"]}
    assert permissions.names() <= details.keys()
    assert details["Queues.Edit"]["Brings"] == ["Queues.View"]
    assert details["ListenCallRecordings"]["Suggests"] == ["DownloadCallRecordings"]
    assert {name for name, one in details.items() if one["Risky"]} == {
        "Users.Create",
        "Users.Edit",
        "Users.EditPermission",
    }
    assert details["RestrictTaskCreation.Access"]["Restricts"]
    assert not any(one["New"] for one in details.values())
    applications = next(group for group in groups if group["Name"] == "Agent applications")
    assert "Customer desk.Access" in applications["Permissions"]


async def test_permissions_that_a_release_added_are_shown_until_reviewed(app: App, site: Services) -> None:
    """USER-64: profiles do not gain them."""
    instance = site.catalogue.instances()[0].id
    older = sorted(permissions.names() - {"Queues.Purge", "ChatTestMode"})
    await site.repository.update(instance, "instance", instance, lambda one: {**one.body, "ReviewedPermissions": older})
    admin = await sign_in(app, instance, "admin")

    async def new() -> dict[str, list[str]]:
        groups = (await admin.own("ListPermissionCatalogue"))["Groups"]
        found = [one for group in groups for one in group["Details"] if one["New"]]
        return {one["Permission"]: one["Lacking"] for one in found}

    shown = await new()
    assert set(shown) == {"Queues.Purge", "ChatTestMode"}
    assert "CallCenterManager" in shown["Queues.Purge"] and "Admin" not in shown["Queues.Purge"]
    await admin.own("ReviewPermissions")
    assert await new() == {}


async def with_profile(site: Services, login: str, *held: str, more: bool = False) -> None:
    """Give a user a new profile with some permissions, beside those the user has (`more`) or in their place."""
    instance = site.catalogue.instances()[0].id
    async with site.repository.write(instance, SYSTEM) as write:
        made = await write.create("security-profile", instance, f"Profile {new_id()[:8]}", {"Permissions": list(held)})
        user = write.by_name(instance, "user", login)
        assert user is not None
        before = user.body["SecurityProfileIds"] if more else []
        await write.update(user, body={**user.body, "SecurityProfileIds": [*before, made.id]})
