"""Routing, agents and tasks over boto3 on a running server, where a live centre is needed."""

import json
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, wait_for, working_queue
from tests.channels.test_tasks import start, stop
from tests.server import PASSWORD

STEP = "ROUTING_STEP_EXPRESSION"


def refusal(centre: Centre, operation: str, **request: Any) -> str:
    """The code of the error that a connect operation answers with."""
    with pytest.raises(ClientError) as refused:
        getattr(centre.connect, operation)(InstanceId=centre.instance, **request)
    return str(refused.value.response["Error"]["Code"])


def expression(level: int) -> dict[str, Any]:
    return {"AttributeCondition": {"Name": "Region", "Value": "North", "ProficiencyLevel": level}}


@pytest.fixture
def regions(centre: Centre, agent1: Agent) -> Iterator[None]:
    """A predefined attribute that agent1 has at level 3."""
    who = {"InstanceId": centre.instance, "UserId": agent1.user}
    centre.connect.create_predefined_attribute(
        InstanceId=centre.instance, Name="Region", Values={"StringList": ["North"]}
    )
    skill = {"AttributeName": "Region", "AttributeValue": "North"}
    centre.connect.associate_user_proficiencies(**who, UserProficiencies=[{**skill, "Level": 3}])
    yield
    centre.connect.disassociate_user_proficiencies(**who, UserProficiencies=[skill])
    centre.connect.delete_predefined_attribute(InstanceId=centre.instance, Name="Region")


def by_step(centre: Centre, **filters: Any) -> dict[str, dict[str, float]]:
    """Metrics of BasicQueue by routing step."""
    names = ("CONTACTS_IN_QUEUE", "AGENTS_STAFFED", "SLOTS_ACTIVE")
    answer = centre.connect.get_current_metric_data(
        InstanceId=centre.instance,
        Filters={"Queues": [centre.id_of("queue", "BasicQueue")], "Channels": ["TASK"], **filters},
        Groupings=[STEP],
        CurrentMetrics=[{"Name": name, "Unit": "COUNT"} for name in names],
    )
    return {
        row["Dimensions"]["RoutingStepExpression"]: {one["Metric"]["Name"]: one["Value"] for one in row["Collections"]}
        for row in answer["MetricResults"]
    }


@pytest.mark.usefixtures("regions")
def test_criteria_of_a_waiting_contact(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-57, ROUT-56: live steps of a queue; the record of the contact tells the steps, no agent's proficiencies."""
    agent1.become("Offline")
    contact = start(centre, ContactFlowId=flow)
    wait_for(lambda: "QueueInfo" in centre.describe(contact))
    criteria = {
        "Steps": [
            {"Expression": expression(5), "Expiry": {"DurationInSeconds": 60}},
            {"Expression": expression(2)},
        ]
    }
    routing = {"InstanceId": centre.instance, "ContactId": contact, "RoutingCriteria": criteria}
    centre.connect.update_contact_routing_data(**routing)
    (shown,) = wait_for(lambda: by_step(centre).items())
    assert json.loads(shown[0])["AttributeCondition"]["ProficiencyLevel"] == 5
    assert shown[1] == {"CONTACTS_IN_QUEUE": 1, "AGENTS_STAFFED": 0, "SLOTS_ACTIVE": 0}
    agent1.become("Available")
    criteria["Steps"].pop(0)
    centre.connect.update_contact_routing_data(**routing)
    agent1.accept(contact)
    wanted = json.dumps(expression(2))
    taken = wait_for(
        lambda: [v for v in by_step(centre, RoutingStepExpressions=[wanted]).values() if v["SLOTS_ACTIVE"]]
    )
    assert taken == [{"CONTACTS_IN_QUEUE": 0, "AGENTS_STAFFED": 1, "SLOTS_ACTIVE": 1}]
    steps = wait_for(lambda: (centre.describe(contact).get("RoutingCriteria") or {}).get("Steps"))
    assert [(step["Status"], "Expiry" in step) for step in steps] == [("JOINED", False)]
    assert "Proficiencies" not in json.dumps(centre.describe(contact), default=str)


@pytest.mark.usefixtures("regions")
def test_what_routing_data_cannot_be(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-10, ROUT-47: bad criteria, priorities and combinations of the table of faults; ended contacts."""
    agent1.become("Offline")
    contact = start(centre, ContactFlowId=flow)
    wait_for(lambda: "QueueInfo" in centre.describe(contact))

    def update(**members: Any) -> str:
        return refusal(centre, "update_contact_routing_data", ContactId=contact, **members)

    step = {"Expression": expression(2)}
    timed = {**step, "Expiry": {"DurationInSeconds": 5}}
    bad = [
        [],
        [timed] * 6,
        [step, step],
        [{"Expression": {"AndExpression": [expression(1)] * 9}}],
        [{"Expression": {"OrExpression": [expression(1)] * 3}}],
        [{"Expression": {"AttributeCondition": {**expression(1)["AttributeCondition"], "ComparisonOperator": "Less"}}}],
        [{"Expression": {"AttributeCondition": {**expression(1)["AttributeCondition"], "Value": "South"}}}],
    ]
    for steps in bad:
        assert update(RoutingCriteria={"Steps": steps}) == "InvalidParameterException", steps
    assert update(QueuePriority=1, QueueTimeAdjustmentSeconds=5) == "InvalidRequestException"
    centre.connect.update_contact_routing_data(InstanceId=centre.instance, ContactId=contact, QueuePriority=1)
    assert wait_for(lambda: centre.describe(contact)["QueuePriority"] == 1)
    assert (
        refusal(
            centre,
            "get_current_metric_data",
            Filters={"Queues": [centre.id_of("queue", "BasicQueue")], "RoutingStepExpressions": ["{}"]},
            Groupings=[STEP],
            CurrentMetrics=[{"Name": "CONTACTS_IN_QUEUE", "Unit": "COUNT"}],
        )
        == "InvalidParameterException"
    )
    stop(centre, contact)
    assert update(QueuePriority=2) == "ResourceConflictException"
    assert update(QueuePriority=2, RoutingCriteria={"Steps": [step]}) != ""


def test_proficiencies_are_no_text_to_search(centre: Centre) -> None:
    """ROUT-58: SearchUsers knows them in its list condition alone, which is more than is asked for."""
    wanted = {"StringCondition": {"FieldName": "proficiency", "Value": "North", "ComparisonType": "EXACT"}}
    assert refusal(centre, "search_users", SearchCriteria=wanted) == "InvalidParameterException"


def test_a_task_for_oneself(centre: Centre, agent1: Agent, agent2: Agent) -> None:
    """ROUT-85: by a quick connect to oneself on a queue of the profile, one's own tasks and those of others."""
    transfer = centre.flow("To an agent", TO_QUEUE, DISCONNECT, kind="AGENT_TRANSFER")
    config = {"QuickConnectType": "USER", "UserConfig": {"UserId": agent1.user, "ContactFlowId": transfer}}
    made = centre.connect.create_quick_connect(
        InstanceId=centre.instance, Name=f"Ana {time.monotonic_ns()}", QuickConnectConfig=config
    )["QuickConnectId"]
    queue = {"InstanceId": centre.instance, "QueueId": centre.id_of("queue", "BasicQueue"), "QuickConnectIds": [made]}
    assert made not in {one["QuickConnectId"] for one in agent1.do("list_agent_quick_connects")["QuickConnects"]}
    centre.connect.associate_queue_quick_connects(**queue)
    try:
        for agent, own in ((agent1, True), (agent2, False)):
            listed = agent.do("list_agent_quick_connects")["QuickConnects"]
            assert [one["Own"] for one in listed if one["QuickConnectId"] == made] == [own]
            contact = agent.do("create_agent_task", Name="Mine", QuickConnectId=made)["ContactId"]
            assert agent1.contact("INCOMING", contact)["Name"] == "Mine"
            stop(centre, contact)
    finally:
        centre.connect.disassociate_queue_quick_connects(**queue)
        centre.connect.delete_quick_connect(InstanceId=centre.instance, QuickConnectId=made)


def test_what_a_template_lets_agents_do(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-85, ROUT-89: self-assignment, expiry and a schedule only where the template has a field for it."""
    own = centre.flow("Own queue", TO_QUEUE, DISCONNECT)
    name = {"Id": {"Name": "What"}, "Type": "NAME"}
    more = [{"Id": {"Name": kind}, "Type": kind} for kind in ("SELF_ASSIGN", "EXPIRY_DURATION", "SCHEDULED_TIME")]
    templates = [
        centre.connect.create_task_template(
            InstanceId=centre.instance,
            Name=f"{title} {time.monotonic_ns()}",
            ContactFlowId=flow,
            Fields=fields,
            **members,
        )["Id"]
        for title, fields, members in (("All", [name, *more], {"SelfAssignFlowId": own}), ("Little", [name], {}))
    ]
    everything, little = templates
    later = datetime.now(UTC) + timedelta(hours=1)
    try:
        asked = {"Name": "T", "TaskTemplateId": everything}
        mine = agent1.do("create_agent_task", **asked, SelfAssign=True, ExpiryDurationInMinutes=90)["ContactId"]
        offered = agent1.contact("INCOMING", mine)
        assert offered["Queue"]["Id"] != centre.id_of("queue", "BasicQueue")
        assert abs((offered["ExpiresAt"] - offered["InitiationTimestamp"]).total_seconds() - 90 * 60) < 2
        scheduled = agent1.do("create_agent_task", **asked, ScheduledTime=later)["ContactId"]
        assert wait_for(lambda: centre.describe(scheduled).get("ScheduledTimestamp"))
        for member, value in (("SelfAssign", True), ("ScheduledTime", later)):
            with pytest.raises(ClientError, match="does not let"):
                agent1.do("create_agent_task", Name="T", TaskTemplateId=little, **{member: value})
        for contact in (mine, scheduled):
            stop(centre, contact)
    finally:
        for template in templates:
            centre.connect.delete_task_template(InstanceId=centre.instance, TaskTemplateId=template)


def test_agents_who_make_no_tasks(centre: Centre, agent1: Agent) -> None:
    """ROUT-91: one profile with the restriction takes task creation away; without it everyone may."""
    assert agent1.desk()["CanCreateTasks"]
    user = centre.connect.describe_user(InstanceId=centre.instance, UserId=agent1.user)["User"]
    restricted = centre.connect.create_security_profile(
        InstanceId=centre.instance,
        SecurityProfileName=f"No tasks {time.monotonic_ns()}",
        Permissions=["RestrictTaskCreation.Access"],
    )["SecurityProfileId"]
    who = {"InstanceId": centre.instance, "UserId": agent1.user}
    profiles = user["SecurityProfileIds"]
    centre.connect.update_user_security_profiles(**who, SecurityProfileIds=[*profiles, restricted])
    try:
        assert wait_for(lambda: not agent1.desk()["CanCreateTasks"])
        service = centre.server.boto("switchroom")
        token = service.sign_in(InstanceAlias="demo", Username="agent1", Password=PASSWORD)["Token"]
        refused = httpx.put(
            f"{centre.server.url}/switchroom/agent/tasks",
            json={"Name": "x"},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert refused.status_code == 403 and "does not allow creating tasks" in refused.text
    finally:
        centre.connect.update_user_security_profiles(**who, SecurityProfileIds=profiles)
        centre.connect.delete_security_profile(InstanceId=centre.instance, SecurityProfileId=restricted)
    assert wait_for(lambda: agent1.desk()["CanCreateTasks"])


def test_pauses_are_told(centre: Centre, flow: str, agent1: Agent) -> None:
    """Supervisors see that the task is paused; afterwards the contact tells what its pauses came to."""
    contact = start(centre, ContactFlowId=flow)
    agent1.accept(contact)
    agent1.do("pause_agent_contact", ContactId=contact)
    paused = wait_for(lambda: (d := centre.describe(contact)).get("LastPausedTimestamp") and d)
    assert paused["TotalPauseCount"] == 1 and "LastResumedTimestamp" not in paused
    filters = {"Agents": [agent1.user]}

    def seen() -> dict[str, Any]:
        data = centre.connect.get_current_user_data(InstanceId=centre.instance, Filters=filters)["UserDataList"]
        return dict(data[0]) if data and data[0]["Contacts"] else {}

    row = wait_for(seen)
    listed = centre.server.boto("switchroom").list_paused_tasks(InstanceId=centre.instance)["Tasks"]
    assert [one["PauseCount"] for one in listed if one["ContactId"] == contact] == [1]
    assert (row["ActiveSlotsByChannel"]["TASK"], row["AvailableSlotsByChannel"]["TASK"]) == (
        1,
        row["MaxSlotsByChannel"]["TASK"],
    )
    time.sleep(1.1)
    agent1.do("resume_agent_contact", ContactId=contact)
    resumed = wait_for(lambda: (d := centre.describe(contact)).get("LastResumedTimestamp") and d)
    assert resumed["TotalPauseDurationInSeconds"] >= 1
    assert resumed["AgentInfo"]["AgentPauseDurationInSeconds"] >= 1


def test_a_rejected_task_over_the_wire(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-16: REJECTED on the desk and for supervisors, until somebody clears it."""
    contact = start(centre, ContactFlowId=flow)
    agent1.contact("INCOMING", contact)
    agent1.do("reject_contact", ContactId=contact)
    assert agent1.contact("REJECTED", contact)

    def states() -> list[str]:
        data = centre.connect.get_current_user_data(
            InstanceId=centre.instance, Filters={"ContactFilter": {"ContactStates": ["REJECTED"]}}
        )
        return [one["AgentContactState"] for row in data["UserDataList"] for one in row["Contacts"]]

    assert wait_for(lambda: states() == ["REJECTED"])
    centre.connect.dismiss_user_contact(InstanceId=centre.instance, UserId=agent1.user, ContactId=contact)
    assert agent1.contact("INCOMING", contact)
    stop(centre, contact)


def test_a_task_is_given_to_an_agent(centre: Centre, flow: str, agent1: Agent, agent2: Agent) -> None:
    """AssociateContactWithUser: to somebody who is Offline; ListAssociatedContacts tells what belongs together."""
    agent1.become("Offline")
    contact = start(centre, ContactFlowId=flow)
    wait_for(lambda: "QueueInfo" in centre.describe(contact))
    centre.connect.associate_contact_with_user(InstanceId=centre.instance, ContactId=contact, UserId=agent2.user)
    agent2.accept(contact)
    again = {"ContactId": contact, "UserId": agent1.user}
    assert refusal(centre, "associate_contact_with_user", **again) == "InvalidRequestException"
    assert refusal(centre, "associate_contact_with_user", ContactId=contact, UserId="x") == "ResourceNotFoundException"
    chained = start(centre, ContactFlowId=flow, PreviousContactId=contact)
    related = start(centre, ContactFlowId=flow, RelatedContactId=contact)

    def associated(identifier: str) -> set[str]:
        answer = centre.connect.list_associated_contacts(InstanceId=centre.instance, ContactId=identifier)
        return {one["ContactId"] for one in answer["ContactSummaryList"]}

    assert wait_for(lambda: associated(contact) == {contact, chained, related})
    assert associated(related) == {contact, related}
    assert refusal(centre, "list_associated_contacts", ContactId="nothing") == "ResourceNotFoundException"
    for one in (contact, chained, related):
        stop(centre, one)


def test_twenty_times_another_time(centre: Centre, flow: str) -> None:
    """ROUT-93: over UpdateContactSchedule; the twenty-first is one too many."""
    first = datetime.now(UTC) + timedelta(hours=1)
    contact = start(centre, ContactFlowId=flow, ScheduledTime=first)
    for minute in range(20):
        moment = first + timedelta(minutes=minute)
        centre.connect.update_contact_schedule(InstanceId=centre.instance, ContactId=contact, ScheduledTime=moment)
    again = {"ContactId": contact, "ScheduledTime": first}
    assert refusal(centre, "update_contact_schedule", **again) == "LimitExceededException"
    past = {"ContactId": contact, "ScheduledTime": datetime.now(UTC) - timedelta(hours=1)}
    assert refusal(centre, "update_contact_schedule", **past) != ""
    stop(centre, contact)


def test_task_faults(centre: Centre, flow: str) -> None:
    """ROUT-99: what StartTaskContact and its companions refuse, and how."""
    template = centre.connect.create_task_template(
        InstanceId=centre.instance,
        Name=f"Faults {time.monotonic_ns()}",
        ContactFlowId=flow,
        Fields=[{"Id": {"Name": "What"}, "Type": "NAME"}, {"Id": {"Name": "Page"}, "Type": "URL"}],
    )["Id"]
    try:
        for expected, members in (
            ("InvalidRequestException", {}),
            ("InvalidRequestException", {"ContactFlowId": flow, "QuickConnectId": "x"}),
            ("InvalidParameterException", {"ContactFlowId": flow, "Name": ""}),
            ("InvalidParameterException", {"ContactFlowId": flow, "Name": "x" * 513}),
            ("ResourceNotFoundException", {"TaskTemplateId": "nothing"}),
            (
                "InvalidParameterException",
                {"TaskTemplateId": template, "References": {"Page": {"Type": "URL", "Value": "page"}}},
            ),
            (
                "ResourceNotFoundException",
                {"ContactFlowId": flow, "PreviousContactId": "11111111-1111-4111-8111-111111111111"},
            ),
            (
                "InvalidParameterException",
                {"ContactFlowId": flow, "SegmentAttributes": {"connect:ContactExpiry": {"ValueString": "5"}}},
            ),
        ):
            assert refusal(centre, "start_task_contact", **{"Name": "T", **members}) == expected, members
        expiry = {"connect:ContactExpiry": {"ValueMap": {"ExpiryDuration": {"ValueInteger": 135}}}}
        stop(centre, start(centre, ContactFlowId=flow, SegmentAttributes=expiry))
        nobody = {"ContactId": "11111111-1111-4111-8111-111111111111"}
        for operation in ("pause_contact", "resume_contact", "stop_contact"):
            assert refusal(centre, operation, **nobody) == "ResourceNotFoundException", operation
    finally:
        centre.connect.delete_task_template(InstanceId=centre.instance, TaskTemplateId=template)


def test_tags_on_everything_that_routes(centre: Centre, agent1: Agent) -> None:
    """ROUT-110: queues, hours, routing profiles, users and templates carry tags, and are found by them."""
    mark = {"routing-test": str(time.monotonic_ns())}
    key, value = next(iter(mark.items()))
    connect, instance = centre.connect, centre.instance
    hours = connect.create_hours_of_operation(
        InstanceId=instance, Name=f"Tagged {value}", TimeZone="UTC", Config=[], Tags=mark
    )
    queue = connect.create_queue(
        InstanceId=instance, Name=f"Tagged {value}", HoursOfOperationId=hours["HoursOfOperationId"], Tags=mark
    )
    profile = connect.create_routing_profile(
        InstanceId=instance, Name=f"Tagged {value}", Description="x", DefaultOutboundQueueId=queue["QueueId"],
        MediaConcurrencies=[{"Channel": "TASK", "Concurrency": 1}], Tags=mark,
    )  # fmt: skip
    flow = centre.flow("Tagged", working_queue(queue["QueueId"]), TO_QUEUE, DISCONNECT)
    template = connect.create_task_template(
        InstanceId=instance, Name=f"Tagged {value}", ContactFlowId=flow,
        Fields=[{"Id": {"Name": "What"}, "Type": "NAME"}],
    )  # fmt: skip
    user = connect.describe_user(InstanceId=instance, UserId=agent1.user)["User"]["Arn"]
    for arn in (template["Arn"], user):
        connect.tag_resource(resourceArn=arn, tags=mark)
    arns = {
        hours["HoursOfOperationArn"]: ("search_hours_of_operations", "HoursOfOperations"),
        queue["QueueArn"]: ("search_queues", "Queues"),
        profile["RoutingProfileArn"]: ("search_routing_profiles", "RoutingProfiles"),
        user: ("search_users", "Users"),
    }
    condition = {"TagFilter": {"TagCondition": {"TagKey": key, "TagValue": value}}}
    for arn, (operation, member) in arns.items():
        found = getattr(connect, operation)(InstanceId=instance, SearchFilter=condition)[member]
        assert len(found) == 1, operation
        assert connect.list_tags_for_resource(resourceArn=arn)["tags"] == mark
    assert connect.get_task_template(InstanceId=instance, TaskTemplateId=template["Id"])["Tags"] == mark
    connect.untag_resource(resourceArn=user, tagKeys=[key])
    connect.delete_task_template(InstanceId=instance, TaskTemplateId=template["Id"])
    connect.delete_routing_profile(InstanceId=instance, RoutingProfileId=profile["RoutingProfileId"])
