"""On a running server: what a supervisor sees of a chat while it goes on, and what is found of it afterwards."""

import asyncio
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from switchroom.storage.bus import Bus
from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, say, wait_for, working_queue
from tests.quiet import quiet
from tests.server import PASSWORD, Server


@pytest.fixture(scope="module")
def centre(switchroom_server: Server) -> Centre:
    """The demo instance."""
    return Centre(switchroom_server)


@pytest.fixture(scope="module")
def flow(centre: Centre) -> str:
    """Greets and queues."""
    return centre.flow("Views", say("Hello"), working_queue(centre.id_of("queue", "BasicQueue")), TO_QUEUE, DISCONNECT)


@pytest.fixture
def agent(centre: Centre) -> Iterator[Agent]:
    """agent1 with an empty desk, Available."""
    found = Agent(centre, "agent1")
    found.clear_desk()
    found.become("Available")
    yield found
    found.clear_desk()


class Handled:
    """A chat from the greeting to the cleared desk."""

    def __init__(self, centre: Centre, flow: str, agent: Agent) -> None:
        self.began = time.time()
        self.contact, self.customer = centre.customer(flow, Attributes={"tier": f"gold {self.began}"})
        agent.accept(self.contact)
        self.agent = agent.join(self.contact)
        self.question = self.customer.say("Where is my parcel?")
        self.agent.socket.item(Content="Where is my parcel?")
        self.agent.say("On its way")
        self.customer.socket.item(Content="On its way")
        agent.do("end_contact", ContactId=self.contact)
        agent.do("clear_contact", ContactId=self.contact)


@pytest.fixture
def handled(centre: Centre, flow: str, agent: Agent) -> Handled:
    return Handled(centre, flow, agent)


def search(centre: Centre, since: float, **more: Any) -> dict[str, Any]:
    ranged = {"Type": "INITIATION_TIMESTAMP", "StartTime": since - 1, "EndTime": since + 3_600}
    found: dict[str, Any] = centre.connect.search_contacts(
        **{"InstanceId": centre.instance, "TimeRange": ranged, **more}
    )
    return found


def test_the_contact_is_described(centre: Centre, agent: Agent, handled: Handled) -> None:
    """REC-24, REC-31: DescribeContact of a finished chat."""
    found = centre.describe(handled.contact)
    assert found["Id"] == handled.contact
    assert found["Arn"].endswith(f"instance/{centre.instance}/contact/{handled.contact}")
    assert (found["Channel"], found["InitiationMethod"]) == ("CHAT", "API")
    assert found["AgentInfo"]["Id"] == agent.user
    assert found["QueueInfo"]["Id"] == centre.id_of("queue", "BasicQueue")
    assert found["SegmentAttributes"] == {"connect:Subtype": {"ValueString": "connect:Chat"}}
    assert found["Tags"]["aws:connect:instanceId"] == centre.instance
    assert found["DisconnectReason"] == "AGENT_DISCONNECT"
    assert (
        found["InitiationTimestamp"] <= found["AgentInfo"]["ConnectedToAgentTimestamp"] <= found["DisconnectTimestamp"]
    )
    assert found["AgentInfo"]["AfterContactWorkEndTimestamp"] <= found["LastUpdateTimestamp"]


def test_an_unknown_contact(centre: Centre) -> None:
    with pytest.raises(ClientError) as refusal:
        centre.describe("11111111-1111-4111-8111-111111111111")
    assert refusal.value.response["Error"]["Code"] == "ResourceNotFoundException"


def test_the_contact_is_found(centre: Centre, agent: Agent, handled: Handled) -> None:
    """QUAL-91, QUAL-92, QUAL-99, QUAL-112: by each criterion, and by all together."""
    queue = centre.id_of("queue", "BasicQueue")
    attribute = {"Key": "tier", "Values": [f"gold {handled.began}"]}
    criteria: list[dict[str, Any]] = [
        {"AgentIds": [agent.user]},
        {"QueueIds": [queue]},
        {"Channels": ["CHAT"]},
        {"InitiationMethods": ["API"]},
        {"SearchableContactAttributes": {"Criteria": [attribute], "MatchType": "MATCH_ALL"}},
        {"ContactTags": {"TagCondition": {"TagKey": "aws:connect:instanceId", "TagValue": centre.instance}}},
        {"ContactTags": {"AndConditions": [{"TagKey": "aws:connect:instanceId"}]}},
        {
            "SearchableSegmentAttributes": {
                "Criteria": [{"Key": "connect:Subtype", "Values": ["connect:Chat", "connect:SMS"]}]
            }
        },
    ]
    for given in [*criteria, {name: value for each in criteria for name, value in each.items()}]:
        found = search(centre, handled.began, SearchCriteria=given)
        assert handled.contact in [one["Id"] for one in found["Contacts"]], given
    others: list[dict[str, Any]] = [
        {"AgentIds": [centre.id_of("user", "agent2")]},
        {"Channels": ["TASK"]},
        {"InitiationMethods": ["INBOUND"]},
        {"SearchableContactAttributes": {"Criteria": [{"Key": "Tier", "Values": attribute["Values"]}]}},
        {"ContactTags": {"TagCondition": {"TagKey": "Dept"}}},
        {
            "AdditionalTimeRange": {
                "Criteria": [
                    {"TimestampCondition": {"Type": "DISCONNECT_TIMESTAMP", "ConditionType": "NOT_EXISTS"}},
                ],
                "MatchType": "MATCH_ALL",
            }
        },
    ]
    for given in others:
        found = search(centre, handled.began, SearchCriteria=given)
        assert handled.contact not in [one["Id"] for one in found["Contacts"]], given
    for kind in ("CONNECTED_TO_AGENT_TIMESTAMP", "DISCONNECT_TIMESTAMP", "ENQUEUE_TIMESTAMP"):
        ranged = {"Type": kind, "StartTime": handled.began - 1, "EndTime": time.time() + 60}
        found = search(centre, 0, TimeRange=ranged)
        assert handled.contact in [one["Id"] for one in found["Contacts"]]


def test_search_pages_and_sorts(centre: Centre, flow: str, agent: Agent) -> None:
    """QUAL-112: every contact once, in order, page by page."""
    began = time.time()
    agent.become("Offline")
    tasks = [
        centre.connect.start_task_contact(InstanceId=centre.instance, ContactFlowId=flow, Name=f"Task {n}")["ContactId"]
        for n in range(5)
    ]
    criteria = {"Channels": ["TASK"], "Name": {"SearchText": ["task"], "MatchType": "MATCH_ANY"}}
    for order in ("ASCENDING", "DESCENDING"):
        sort = {"FieldName": "INITIATION_TIMESTAMP", "Order": order}
        seen: list[str] = []
        token: dict[str, str] = {}
        while True:
            page = search(centre, began + 1, SearchCriteria=criteria, Sort=sort, MaxResults=2, **token)
            assert page["TotalCount"] == 5
            seen += [one["Id"] for one in page["Contacts"]]
            if "NextToken" not in page:
                break
            token = {"NextToken": page["NextToken"]}
        assert seen == (tasks if order == "ASCENDING" else tasks[::-1])
    for task in tasks:
        centre.connect.stop_contact(InstanceId=centre.instance, ContactId=task)


def test_what_a_search_refuses(centre: Centre) -> None:
    """QUAL-91: 57 days are too many, 56 are not; a range that ends before it begins; another search's token."""
    end = time.time()
    for days, allowed in ((57, False), (56, True), (-1, False)):
        ranged = {"Type": "INITIATION_TIMESTAMP", "StartTime": int(end) - days * 86_400, "EndTime": int(end)}
        if allowed:
            search(centre, 0, TimeRange=ranged)
        else:
            with pytest.raises(ClientError) as refusal:
                search(centre, 0, TimeRange=ranged)
            assert refusal.value.response["Error"]["Code"] == "InvalidParameterException"
    with pytest.raises(ClientError) as refusal:
        search(centre, end, NextToken="forged")
    assert refusal.value.response["Error"]["Code"] == "InvalidRequestException"


def test_contacts_in_progress(centre: Centre, flow: str, agent: Agent) -> None:
    """QUAL-90: a chat is found once an agent has it; a waiting one is not."""
    agent.become("Offline")
    contact, customer = centre.customer(flow)
    began = time.time() - 5
    assert contact not in [one["Id"] for one in search(centre, began)["Contacts"]]
    agent.become("Available")
    agent.accept(contact)
    agent.contact("CONNECTED", contact)
    assert contact in [one["Id"] for one in search(centre, began)["Contacts"]]
    customer.leave()


def test_the_contact_page(centre: Centre, agent: Agent, handled: Handled) -> None:
    """REC-45: timeline and transcript."""
    own = centre.server.boto("switchroom")
    items = own.get_contact_timeline(InstanceId=centre.instance, ContactId=handled.contact)["Items"]
    kinds = [item["Type"] for item in items]
    expected = ["INITIATED", "CONNECTED_TO_SYSTEM", "FLOW_STARTED", "QUEUED", "OFFERED", "AGENT_ACCEPTED"]
    expected += ["CONNECTED_TO_AGENT", "ACW_STARTED", "DISCONNECTED", "ACW_ENDED"]
    assert [kind for kind in dict.fromkeys(kinds) if kind in expected] == expected
    named = {item["Type"]: item for item in items}
    assert named["QUEUED"]["QueueName"] == "BasicQueue"
    assert named["CONNECTED_TO_AGENT"]["AgentName"] == "agent1"
    assert [item["At"] for item in items] == sorted(item["At"] for item in items)
    first = own.get_contact_timeline(InstanceId=centre.instance, ContactId=handled.contact, MaxResults=2)
    second = own.get_contact_timeline(
        InstanceId=centre.instance, ContactId=handled.contact, MaxResults=100, NextToken=first["NextToken"]
    )
    assert [item["Type"] for item in first["Items"]] + [i["Type"] for i in second["Items"]][:2] == kinds[:4]

    page = own.get_contact_transcript(InstanceId=centre.instance, ContactId=handled.contact)
    spoken = [item["Content"] for item in page["Transcript"] if item["Type"] == "MESSAGE"]
    assert [text for text in spoken if text in ("Hello", "Where is my parcel?", "On its way")] == [
        "Hello",
        "Where is my parcel?",
        "On its way",
    ]
    assert page["Transcript"][0]["AbsoluteTime"] < page["Transcript"][-1]["AbsoluteTime"]


def test_the_transcript_file(centre: Centre, handled: Handled) -> None:
    """CHAT-79, REC-34: stored under the contact's name in the directory of the instance."""
    root = centre.server.data / "objects" / "connect" / "demo" / "ChatTranscripts"
    file = wait_for(lambda: next(iter(root.rglob(f"{handled.contact}_*_UTC.json")), None))
    stored = json.loads(file.read_text())
    assert stored["ContactId"] == handled.contact
    assert "Where is my parcel?" in [item.get("Content") for item in stored["Transcript"]]


async def _streamed(url: str, subject: str) -> list[dict[str, Any]]:
    bus = Bus(url)
    await bus.open()
    try:
        subscription = await bus.jetstream.pull_subscribe(subject, None)
        found: list[dict[str, Any]] = []
        while True:
            try:
                messages = await subscription.fetch(100, timeout=2)
            except TimeoutError:
                return found
            found += [json.loads(message.data) for message in messages]
    finally:
        await bus.close()


def streamed(centre: Centre, stream: str) -> list[dict[str, Any]]:
    return asyncio.run(_streamed(nats_url(centre.server), f"{stream}.{centre.instance}"))


def nats_url(server: Server) -> str:
    """The engine's address, from the environment of the node process."""
    environment = Path(f"/proc/{server.children()['node']}/environ").read_bytes()
    variables = dict(part.decode().split("=", 1) for part in environment.split(b"\0") if b"=" in part)
    return variables["SWITCHROOM_NATS_URL"]


def test_everything_arrives_on_the_streams(centre: Centre, agent: Agent, handled: Handled) -> None:
    """REC-01, REC-06..11, REC-27, REC-53: contact events, the record and agent events on JetStream."""

    def record() -> dict[str, Any] | None:
        copies = [r for r in streamed(centre, "contact-records") if r["ContactId"] == handled.contact]
        return copies[-1] if copies else None

    made = wait_for(record)
    assert made["Agent"]["Username"] == "agent1"
    assert made["Queue"]["Name"] == "BasicQueue"
    assert made["Attributes"] == {"tier": f"gold {handled.began}"}
    told = [e["detail"] for e in streamed(centre, "contact-events") if e["detail"]["contactId"] == handled.contact]
    assert [detail["eventType"] for detail in told] == [
        "INITIATED",
        "CONNECTED_TO_SYSTEM",
        "QUEUED",
        "CONNECTED_TO_AGENT",
        "DISCONNECTED",
    ]
    states = [
        entry["State"]
        for event in streamed(centre, "agent-events")
        for entry in event["CurrentAgentSnapshot"]["Contacts"]
        if entry["ContactId"] == handled.contact
    ]
    assert list(dict.fromkeys(states)) == ["CONNECTING", "CONNECTED", "ENDED"]


def test_a_supervisor_watches(centre: Centre, flow: str, agent: Agent) -> None:
    """MET-170, MET-173, RT-53, RT-48: the chat moves through queues and agents now."""
    queue = centre.id_of("queue", "BasicQueue")
    quiet(centre.server)

    def metrics() -> dict[str, float]:
        answer = centre.connect.get_current_metric_data(
            InstanceId=centre.instance,
            Filters={"Queues": [queue], "Channels": ["CHAT"]},
            Groupings=["QUEUE", "CHANNEL"],
            CurrentMetrics=[
                {"Name": name, "Unit": "COUNT"}
                for name in ("CONTACTS_IN_QUEUE", "AGENTS_ONLINE", "AGENTS_ON_CONTACT", "AGENTS_AFTER_CONTACT_WORK")
            ],
        )
        assert answer["DataSnapshotTime"]
        if not answer["MetricResults"]:
            return {}
        (result,) = answer["MetricResults"]
        assert result["Dimensions"]["Queue"]["Id"] == queue
        assert result["Dimensions"]["Channel"] == "CHAT"
        return {one["Metric"]["Name"]: one["Value"] for one in result["Collections"]}

    wait_for(lambda: not any(metrics().values()))
    contact, customer = centre.customer(flow)
    wait_for(lambda: metrics().get("CONTACTS_IN_QUEUE") == 1)
    agent.become("Available")
    agent.accept(contact)
    wait_for(lambda: metrics().get("AGENTS_ON_CONTACT") == 1 and metrics()["CONTACTS_IN_QUEUE"] == 0)

    def user() -> dict[str, Any]:
        answer = centre.connect.get_current_user_data(InstanceId=centre.instance, Filters={"Agents": [agent.user]})
        found: dict[str, Any] = answer["UserDataList"][0]
        return found

    seen = wait_for(lambda: next((u for u in [user()] if u["Contacts"][0]["AgentContactState"] == "CONNECTED"), None))
    assert seen["Status"]["StatusName"] == "Available"
    assert seen["Contacts"][0]["ContactId"] == contact
    assert seen["Contacts"][0]["Queue"]["Id"] == queue
    assert seen["ActiveSlotsByChannel"]["CHAT"] == 1
    assert seen["AvailableSlotsByChannel"]["CHAT"] == seen["MaxSlotsByChannel"]["CHAT"] - 1
    customer.leave()
    wait_for(lambda: metrics().get("AGENTS_AFTER_CONTACT_WORK") == 1)
    assert user()["Contacts"][0]["AgentContactState"] == "ENDED"
    agent.do("clear_contact", ContactId=contact)
    wait_for(lambda: metrics().get("AGENTS_ON_CONTACT") == 0)


def test_what_metrics_refuse(centre: Centre) -> None:
    metrics = [{"Name": "AGENTS_ONLINE", "Unit": "COUNT"}]
    queue = centre.id_of("queue", "BasicQueue")
    profile = centre.connect.list_routing_profiles(InstanceId=centre.instance)["RoutingProfileSummaryList"][0]["Id"]
    bad: list[dict[str, Any]] = [
        {"Filters": {}},
        {"Filters": {"Queues": [queue], "RoutingProfiles": [profile]}},
        {"Filters": {"Queues": ["11111111-1111-4111-8111-111111111111"]}},
        {"Filters": {"Queues": [queue]}, "SortCriteria": [{"SortByMetric": "SLOTS_ACTIVE"}]},
    ]
    for given in bad:
        with pytest.raises(ClientError) as refusal:
            centre.connect.get_current_metric_data(InstanceId=centre.instance, CurrentMetrics=metrics, **given)
        code = refusal.value.response["Error"]["Code"]
        assert code in ("InvalidParameterException", "ResourceNotFoundException"), given


def test_the_home_page(centre: Centre) -> None:
    own = centre.server.boto("switchroom")
    home = own.describe_home(InstanceId=centre.instance)
    counts = {one["ResourceType"]: one["Count"] for one in home["Counts"]}
    assert counts["user"] >= 4
    assert {step["Key"] for step in home["Checklist"]} >= {"CLAIM_NUMBER", "HOURS", "QUEUE", "FLOW", "TEST_CHAT"}
    assert home["Live"]["ContactsToday"] >= 0
    services = {one["Service"]: one for one in own.list_api_coverage()["Services"]}
    assert services["connect"]["Bound"] > 100
    assert {"Name": "SearchContacts", "Bound": True} in services["connect"]["Operations"]


def test_a_flow_is_checked_before_it_is_saved(centre: Centre) -> None:
    own = centre.server.boto("switchroom")
    problems = own.check_flow(InstanceId=centre.instance, Content="{}", Type="CONTACT_FLOW")["Problems"]
    assert problems[0]["Severity"] == "ERROR"
    assert problems[0]["Message"]


def signed_in(server: Server, username: str) -> httpx.Client:
    """A person's session, as a token."""
    client = httpx.Client(base_url=server.url)
    answer = client.post(
        "/switchroom/session", json={"InstanceAlias": "demo", "Username": username, "Password": PASSWORD}
    )
    client.headers["authorization"] = f"Bearer {answer.json()['Token']}"
    client.cookies.clear()
    return client


def test_who_may_see_contacts(centre: Centre, handled: Handled) -> None:
    """QUAL-108: a supervisor finds every contact, an agent without the permission none."""
    path = f"/contacts/{centre.instance}/{handled.contact}"
    supervisor = signed_in(centre.server, "supervisor").get(path)
    assert supervisor.status_code == 200, supervisor.text
    assert supervisor.json()["Contact"]["Id"] == handled.contact
    refused = signed_in(centre.server, "agent2").get(path)
    assert refused.status_code == 403


@pytest.fixture(scope="module")
def restricted(centre: Centre) -> dict[str, str]:
    """Users by what their security profile lets them see: only their own contacts, or those of their group."""
    connect, instance = centre.connect, centre.instance
    profile = centre.id_of("profile", "Basic Routing Profile")
    level = connect.describe_user_hierarchy_structure(InstanceId=instance).get("HierarchyStructure") or {}
    if not level.get("LevelOne"):
        connect.update_user_hierarchy_structure(
            InstanceId=instance, HierarchyStructure={"LevelOne": {"Name": "Region"}}
        )
    group = connect.create_user_hierarchy_group(InstanceId=instance, Name=f"Group {time.monotonic_ns()}")
    made: dict[str, str] = {}
    for name, permissions in {
        "own": ["MyContacts.View"],
        "group": ["ContactSearch.View", "RestrictContactAccessByHierarchy.View"],
    }.items():
        security = connect.create_security_profile(
            InstanceId=instance, SecurityProfileName=f"{name} {time.monotonic_ns()}", Permissions=permissions
        )
        made[name] = f"{name}{time.monotonic_ns()}"
        connect.create_user(
            InstanceId=instance,
            Username=made[name],
            Password=PASSWORD,
            IdentityInfo={"FirstName": name, "LastName": "Test"},
            PhoneConfig={"PhoneType": "SOFT_PHONE"},
            SecurityProfileIds=[security["SecurityProfileId"]],
            RoutingProfileId=profile,
            HierarchyGroupId=group["HierarchyGroupId"],
        )
    return made


@pytest.mark.parametrize("who", ["own", "group"])
def test_who_sees_only_some_contacts(centre: Centre, restricted: dict[str, str], handled: Handled, who: str) -> None:
    """QUAL-108, QUAL-109: one's own contacts, or those of one's hierarchy group, in search and details."""
    person = signed_in(centre.server, restricted[who])
    assert person.get(f"/contacts/{centre.instance}/{handled.contact}").status_code == 403
    ranged = {"Type": "INITIATION_TIMESTAMP", "StartTime": handled.began - 60, "EndTime": handled.began + 60}
    found = person.post("/search-contacts", json={"InstanceId": centre.instance, "TimeRange": ranged})
    assert found.status_code == 200, found.text
    assert found.json()["Contacts"] == []
    criteria = {"SearchableContactAttributes": {"Criteria": [{"Key": "tier", "Values": ["gold"]}]}}
    refused = person.post(
        "/search-contacts",
        json={"InstanceId": centre.instance, "TimeRange": ranged, "SearchCriteria": criteria},
    )
    assert refused.status_code == 403
