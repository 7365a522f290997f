"""Contacts and metrics within the limits of security profiles, through the door: what the database and the core say."""

from types import SimpleNamespace
from typing import Any

import pytest

from switchroom.base.clock import now_ms, seconds
from switchroom.base.ids import new_id
from switchroom.centre import configuration
from switchroom.core import commands as c
from switchroom.core.contact import AgentStay, Contact
from switchroom.resources.repository import SYSTEM
from switchroom.storage import contacts
from switchroom.storage.flow_logs import FlowLogs
from switchroom.views.facts import row_of
from switchroom.views.realtime import RealTime
from switchroom.wire.app import App
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings
from tests.core.stage import Stage
from tests.wire.doors import Clock, make_app
from tests.wire.people import Client, sign_in
from tests.wire.test_access import Office

SEARCH, OWN, RESTRICTED = "ContactSearch.View", "MyContacts.View", "RestrictContactAccessByHierarchy.View"
DENIED = "AccessDeniedException"


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    return make_app(load_bindings(), site, clock)


@pytest.fixture
async def office(site: Services, app: App) -> Office:
    """Group A has AgentGroup-1 with agent1 and AgentGroup-2 with agent2; `supervisor` is in A, `analyst` in none."""
    office = Office(site, app)
    levels = {"LevelOne": {"Name": "Site"}, "LevelTwo": {"Name": "Team"}}
    await office.key("UpdateUserHierarchyStructure", HierarchyStructure=levels)
    top = (await office.key("CreateUserHierarchyGroup", Name="A"))["HierarchyGroupId"]
    groups = {"supervisor": top}
    for number in "12":
        made = await office.key("CreateUserHierarchyGroup", Name=f"AgentGroup-{number}", ParentGroupId=top)
        groups[f"agent{number}"] = made["HierarchyGroupId"]
    for login, group in groups.items():
        await office.key("UpdateUserHierarchy", UserId=office.named("user", login).id, HierarchyGroupId=group)
    return office


async def handled(office: Office, login: str) -> str:
    """A contact that an agent has handled, with the agent's hierarchy of that moment."""
    config = configuration.read(office.site.catalogue, office.instance, office.site.site)
    user = config.users[office.named("user", login).id]
    now, identifier = now_ms() - 60_000, new_id()
    stay = AgentStay(user.id, user.username, "arn/routing-profile/p", hierarchy=list(user.hierarchy), connected_at=now)
    contact = Contact(
        id=identifier, initial_id=identifier, channel="CHAT", subtype="connect:Chat", initiation_method="API",
        initiated_at=now, place="ended", agent=stay,
    )  # fmt: skip
    contact.disconnected_at = now + 1_000
    async with office.site.database.pool.acquire() as connection:
        await contacts.save(connection, [row_of(office.instance, contact, {}, None, now + 2_000)])
    return identifier


def lately() -> dict[str, Any]:
    now = seconds(now_ms())
    return {"TimeRange": {"Type": "INITIATION_TIMESTAMP", "StartTime": now - 3600, "EndTime": now}}


async def found(person: Client) -> set[str]:
    return {one["Id"] for one in (await person("SearchContacts", **lately()))["Contacts"]}


async def person_with(office: Office, login: str, *permissions: str) -> Client:
    await office.hold(login, await office.profile(*permissions))
    return await sign_in(office.app, office.instance, login)


async def test_managers_see_the_contacts_of_their_group_and_below(office: Office) -> None:
    """USER-57, ROUT-73: manager in A sees both teams, an agent of one team does not see the other."""
    one, two = await handled(office, "agent1"), await handled(office, "agent2")
    manager = await person_with(office, "supervisor", SEARCH, RESTRICTED)
    assert await found(manager) == {one, two}
    agent = await person_with(office, "agent1", SEARCH, RESTRICTED)
    assert await found(agent) == {one}
    assert (await agent("DescribeContact", ContactId=one))["Contact"]["Id"] == one
    assert await agent.refusal("DescribeContact", ContactId=two) == DENIED


async def test_the_limits_hold_wherever_a_contact_is_named(office: Office) -> None:
    """USER-57, USER-58: details, recordings, transcripts, journey, timeline, logs and actions."""
    office.site.views = SimpleNamespace(flow_logs=FlowLogs(office.site.database))
    other = await handled(office, "agent2")
    acting = ("StopContact.Enabled", "TransferContact.Enabled", "UpdateContactSchedule.Enabled", "BasicAgentAccess")
    viewing = ("ContactAttributes.View", "ListenCallRecordings", "DeleteCallRecordings")
    for permissions in ((SEARCH, RESTRICTED), (OWN,)):
        person = await person_with(office, "agent1", *permissions, *acting, *viewing)
        requests: dict[str, dict[str, Any]] = {
            "DescribeContact": {"ContactId": other},
            "GetContactAttributes": {"InitialContactId": other},
            "ListContactReferences": {"ContactId": other, "ReferenceTypes": ["URL"]},
            "StopContact": {"ContactId": other},
            "PauseContact": {"ContactId": other},
            "ResumeContact": {"ContactId": other},
            "UpdateContactSchedule": {"ContactId": other, "ScheduledTime": 1_900_000_000},
            "TransferContact": {
                "ContactId": other,
                "ContactFlowId": new_id(),
                "UserId": office.named("user", "agent1").id,
            },
            "switchroom:GetContactTimeline": {"ContactId": other},
            "switchroom:GetContactTranscript": {"ContactId": other},
            "switchroom:GetContactJourney": {"ContactId": other},
            "switchroom:ListContactRecordings": {"ContactId": other},
            "switchroom:GetContactRecording": {"ContactId": other, "RecordingId": "r"},
            "switchroom:DeleteContactRecording": {"ContactId": other, "RecordingId": "r"},
            "switchroom:GetContactAttachment": {"ContactId": other, "AttachmentId": "a"},
            "switchroom:ListFlowLogs": {"ContactId": other},
            "switchroom:ListFunctionLogs": {"ContactId": other},
        }
        for name, members in requests.items():
            service, _, operation = name.rpartition(":")
            reply = await person.ask(operation, service or "connect", **members)
            assert (reply.status, reply.error) == (403, DENIED), (name, permissions, reply)


async def test_each_combination_of_search_own_and_restriction(office: Office) -> None:
    """USER-57, USER-58: the table of section 7; other combinations are the union of search and own contacts."""
    one, two = await handled(office, "agent1"), await handled(office, "agent2")
    for permissions, seen in {
        (SEARCH,): {one, two},
        (SEARCH, RESTRICTED): {one},
        (OWN,): {one},
        (OWN, RESTRICTED): {one},
        (SEARCH, OWN): {one, two},
        (SEARCH, OWN, RESTRICTED): {one},
    }.items():
        assert await found(await person_with(office, "agent1", *permissions)) == seen, permissions
    nobody = await person_with(office, "agent1", "Users.View")
    assert await nobody.refusal("SearchContacts", **lately()) == DENIED


async def test_who_has_no_group_sees_only_own_contacts_under_the_restriction(office: Office) -> None:
    """USER-57."""
    own, other = await handled(office, "analyst"), await handled(office, "agent1")
    person = await person_with(office, "analyst", SEARCH, RESTRICTED)
    assert await found(person) == {own}
    assert await person.refusal("DescribeContact", ContactId=other) == DENIED


async def test_moving_people_and_deleting_groups(office: Office) -> None:
    """USER-57, ROUT-74: a move acts at once; a deleted group never finds its contacts again, whatever its name."""
    two = await handled(office, "agent2")
    person = await person_with(office, "agent1", SEARCH, RESTRICTED)
    assert await found(person) == set()
    users = {login: office.named("user", login) for login in ("agent1", "agent2")}
    group = users["agent2"].body["HierarchyGroupId"]
    await office.key("UpdateUserHierarchy", UserId=users["agent1"].id, HierarchyGroupId=group)
    assert await found(person) == {two}
    assert await office.key.refusal("DeleteUserHierarchyGroup", HierarchyGroupId=group) == "ResourceInUseException"
    for user in users.values():
        await office.key("UpdateUserHierarchy", UserId=user.id)
    await office.key("DeleteUserHierarchyGroup", HierarchyGroupId=group)
    top = office.named("user", "supervisor").body["HierarchyGroupId"]
    again = await office.key("CreateUserHierarchyGroup", Name="AgentGroup-2", ParentGroupId=top)
    await office.key("UpdateUserHierarchy", UserId=users["agent1"].id, HierarchyGroupId=again["HierarchyGroupId"])
    assert await found(person) == set()
    manager = await person_with(office, "supervisor", SEARCH, RESTRICTED)
    assert await found(manager) == {two}, "the groups above are still linked"


async def test_who_listened_to_a_recording_is_logged(office: Office) -> None:
    """USER-61: playing needs its right, downloading one more; each is an entry with the name and the file."""
    site, contact = office.site, await handled(office, "agent1")
    entry: dict[str, Any] = {"Location": "bucket/calls/one.wav", "MediaStreamType": "AUDIO", "Status": "AVAILABLE"}
    entry |= dict.fromkeys(("StartTimestamp", "StopTimestamp", "ParticipantType", "DeletionReason"))
    async with site.database.pool.acquire() as connection:
        await contacts.add_recording(connection, office.instance, contact, entry, now_ms())
    await site.objects.put("calls/one.wav", b"sound")
    watching = await person_with(office, "agent2", SEARCH)
    (shown,) = (await watching.own("ListContactRecordings", ContactId=contact))["Recordings"]
    assert not shown["CanPlay"] and not shown["CanDownload"] and not shown["CanDelete"]
    wanted = {"ContactId": contact, "RecordingId": shown["RecordingId"]}
    assert await watching.refusal("GetContactRecording", "switchroom", **wanted) == DENIED
    listening = await person_with(office, "agent1", SEARCH, "ListenCallRecordings")
    assert (await listening.own("GetContactRecording", **wanted))["Url"]
    assert await listening.refusal("GetContactRecording", "switchroom", **wanted, Download=True) == DENIED
    assert await listening.refusal("DeleteContactRecording", "switchroom", **wanted) == DENIED
    assert site.audit is not None
    await site.audit.flush()
    rows = [str(row.entry) for row in await site.audit.store.read(limit=50)]
    played = [text for text in rows if "GetContactRecording" in text and shown["RecordingId"] in text]
    assert len(played) == 3
    assert sum("agent1" in text and "AccessDenied" not in text for text in played) == 1


async def kept_file(office: Office, contact: str, key: str, started: str) -> None:
    """A sound file of a contact, in the store and in the record."""
    entry: dict[str, Any] = {"Location": f"bucket/{key}", "MediaStreamType": "AUDIO", "Status": "AVAILABLE"}
    entry |= {"StartTimestamp": started, "StopTimestamp": None, "ParticipantType": "ALL", "DeletionReason": None}
    async with office.site.database.pool.acquire() as connection:
        await contacts.add_recording(connection, office.instance, contact, entry, now_ms())
    await office.site.objects.put(key, b"sound")


async def locations(person: Client, contact: str) -> list[str]:
    """What the person is shown and can play."""
    found = (await person.own("ListContactRecordings", ContactId=contact))["Recordings"]
    return [one["Location"].rpartition("/")[2] for one in found if one["CanPlay"]]


async def test_redacted_recordings_before_originals(office: Office) -> None:
    """USER-60, QUAL-146, LENS-178: redacted if it exists, else original, never both, also where URLs are made."""
    both, plain = await handled(office, "agent1"), await handled(office, "agent1")
    folder, begun = "Analysis/Voice/Redacted/2030/01/02", "2030-01-02T03:04:05Z"
    await kept_file(office, both, "calls/both.wav", begun)
    await kept_file(office, plain, "calls/plain.wav", begun)
    rights = {"r": "RedactedData.View", "o": "ListenCallRecordings"}
    cases = {"": ([], []), "r": (["redacted.wav"], []), "o": (["both.wav"], ["plain.wav"])}
    cases["ro"] = (["redacted.wav"], ["plain.wav"])
    original = (await office.key.own("ListContactRecordings", ContactId=both))["Recordings"][0]["RecordingId"]
    await kept_file(office, both, f"{folder}/redacted.wav", begun)
    for letters, (first, second) in cases.items():
        person = await person_with(office, "agent2", SEARCH, *(rights[one] for one in letters))
        assert (await locations(person, both), await locations(person, plain)) == (first, second), letters
        refused = await person.refusal("GetContactRecording", "switchroom", ContactId=both, RecordingId=original)
        assert refused == {"": DENIED, "o": ""}.get(letters, "ResourceNotFoundException"), letters
    deleting = await person_with(office, "agent2", SEARCH, "RedactedData.View", "DeleteCallRecordings")
    (copy,) = (await deleting.own("ListContactRecordings", ContactId=both))["Recordings"]
    await deleting.own("DeleteContactRecording", ContactId=both, RecordingId=copy["RecordingId"])
    for key in ("calls/both.wav", f"{folder}/redacted.wav"):
        assert not await office.site.objects.exists(key)
    everything = (await office.key.own("ListContactRecordings", ContactId=both))["Recordings"]
    assert [one["Status"] for one in everything] == ["DELETED", "DELETED"]
    assert await office.site.objects.exists("calls/plain.wav")


async def test_who_reads_conversations(office: Office) -> None:
    """QUAL-146: who may neither listen nor monitor reads what he has said himself, not what others have."""
    own, other = await handled(office, "agent1"), await handled(office, "agent2")
    person = await person_with(office, "agent1", SEARCH, "RedactedData.View")
    assert await person.own("GetContactTranscript", ContactId=own) == {"Transcript": []}
    for operation, more in (("GetContactTranscript", {}), ("GetContactAttachment", {"AttachmentId": "a"})):
        assert await person.refusal(operation, "switchroom", ContactId=other, **more) == DENIED
    person = await person_with(office, "agent1", SEARCH, "ManagerListenIn")
    assert await person.own("GetContactTranscript", ContactId=other) == {"Transcript": []}


class OneCentre:
    """The core over the configuration of the instance, without a journal."""

    def __init__(self, office: Office) -> None:
        config = configuration.read(office.site.catalogue, office.instance, office.site.site)
        self.stage = Stage(config)

    async def submit(self, instance: str, command: c.Command) -> Any:
        return self.stage.do(command)


async def test_real_time_metrics_follow_the_tags(office: Office) -> None:
    """Only queues, routing profiles and agents within reach, by every filter; no totals on the home page."""
    hours = office.named("hours-of-operation", "Hours").id
    other = (await office.key("CreateQueue", Name="Other", HoursOfOperationId=hours))["QueueId"]
    queue, profile = office.named("queue", "BasicQueue"), office.named("routing-profile", "Basic")
    configs = [
        {"QueueReference": {"QueueId": each, "Channel": "CHAT"}, "Priority": 1, "Delay": 0}
        for each in (queue.id, other)
    ]
    await office.key("AssociateRoutingProfileQueues", RoutingProfileId=profile.id, QueueConfigs=configs)
    for kind, name in (("queue", "BasicQueue"), ("routing-profile", "Basic"), ("user", "agent1")):
        await office.tag(kind, name, Team="A")
    async with office.site.repository.write(office.instance, SYSTEM) as write:
        ready = {"Type": "ROUTABLE", "State": "ENABLED", "DisplayOrder": 1}
        available = (await write.create("agent-status", office.instance, "Available", ready)).id
        await write.create("agent-status", office.instance, "Offline", ready | {"Type": "OFFLINE", "DisplayOrder": 2})
    centre = OneCentre(office)
    for login in ("agent1", "agent2"):
        centre.stage.do(c.SetStatus(agent=office.named("user", login).id, status=available))
    office.site.views = SimpleNamespace(realtime=RealTime(centre))
    wanted = {"CurrentMetrics": [{"Name": "AGENTS_ONLINE", "Unit": "COUNT"}]}

    async def queues(person: Client, groupings: list[str], **filters: list[str]) -> list[Any]:
        answer = await person("GetCurrentMetricData", Filters=filters, Groupings=groupings, **wanted)
        return [row.get("Dimensions", {}).get("Queue", {}).get("Id") for row in answer["MetricResults"]]

    async def agents(person: Client) -> set[str]:
        answer = await person("GetCurrentUserData", Filters={"RoutingProfiles": [profile.id]})
        return {one["User"]["Id"] for one in answer["UserDataList"]}

    leader = await office.leader("AccessMetrics")
    watching = await person_with(office, "analyst", "AccessMetrics")
    one, two = office.named("user", "agent1").id, office.named("user", "agent2").id
    assert await agents(watching) == {one, two} and await agents(leader) == {one}
    assert set(await queues(watching, ["QUEUE"], RoutingProfiles=[profile.id])) == {queue.id, other}
    assert await queues(leader, ["QUEUE"], RoutingProfiles=[profile.id]) == [queue.id]
    gone = "ResourceNotFoundException"
    filters: dict[str, Any] = {"Filters": {"Queues": [queue.id, other]}, **wanted}
    assert await leader.refusal("GetCurrentMetricData", **filters) == gone
    assert await leader.refusal("GetCurrentUserData", Filters={"Agents": [two]}) == gone
    assert "Live" not in await leader.own("DescribeHome")
    await office.key("UntagResource", resourceArn=queue.arn, tagKeys=["Team"])
    assert await queues(leader, ["QUEUE"], RoutingProfiles=[profile.id]) == []
    assert await queues(leader, [], RoutingProfiles=[profile.id]) == []


async def test_agents_change_attributes_of_their_contacts(office: Office) -> None:
    """FLOW-139: who had a part in it may, also through the initial contact; to see attributes is not to change them."""
    own, other = await handled(office, "agent1"), await handled(office, "agent2")
    office.site.centres = OneCentre(office)
    change: dict[str, Any] = {"Attributes": {"reason": "refund"}}
    agent = await person_with(office, "agent1", "BasicAgentAccess", SEARCH)
    assert await agent("UpdateContactAttributes", InitialContactId=own, **change) == {}
    assert await agent.refusal("UpdateContactAttributes", InitialContactId=other, **change) == DENIED
    analyst = await person_with(office, "agent1", "ContactAttributes.View", SEARCH)
    assert await analyst.refusal("UpdateContactAttributes", InitialContactId=own, **change) == DENIED
    assert await office.key("UpdateContactAttributes", InitialContactId=other, **change) == {}
