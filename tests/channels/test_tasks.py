"""Tasks on a running server: by flow, quick connect and template; schedule, pause, links, references, attributes."""

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, wait_for
from tests.server import PASSWORD


@pytest.fixture(scope="session")
def to_queue(centre: Centre) -> str:
    """The id of a quick connect to BasicQueue, on offer to the agents."""
    queue = centre.id_of("queue", "BasicQueue")
    transfer = centre.flow("To a queue", TO_QUEUE, DISCONNECT, kind="QUEUE_TRANSFER")
    made = centre.connect.create_quick_connect(
        InstanceId=centre.instance,
        Name=f"Queue {time.monotonic_ns()}",
        QuickConnectConfig={"QuickConnectType": "QUEUE", "QueueConfig": {"QueueId": queue, "ContactFlowId": transfer}},
    )
    centre.connect.associate_queue_quick_connects(
        InstanceId=centre.instance, QueueId=queue, QuickConnectIds=[made["QuickConnectId"]]
    )
    return str(made["QuickConnectId"])


def start(centre: Centre, **members: Any) -> str:
    """StartTaskContact; the contact id."""
    started = centre.connect.start_task_contact(InstanceId=centre.instance, **{"Name": "Call back", **members})
    return str(started["ContactId"])


def stop(centre: Centre, contact: str) -> None:
    """StopContact."""
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def attributes(centre: Centre, contact: str) -> dict[str, str]:
    """GetContactAttributes."""
    found = centre.connect.get_contact_attributes(InstanceId=centre.instance, InitialContactId=contact)
    return dict(found["Attributes"])


def test_a_task_from_start_to_end(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-99, ROUT-100, BASE-67, BASE-69: offered with its data, accepted, paused, resumed, ended, cleared."""
    contact = start(
        centre,
        ContactFlowId=flow,
        Description="About the bill",
        References={"Ticket": {"Type": "URL", "Value": "https://tickets/1"}, "Room": {"Type": "STRING", "Value": "7"}},
        Attributes={"tier": "gold"},
    )
    offered = agent1.contact("INCOMING", contact)
    assert offered["Channel"] == "TASK" and offered["Name"] == "Call back"
    assert offered["Description"] == "About the bill" and offered["Attributes"] == {"tier": "gold"}
    assert offered["References"]["Ticket"] == {"Type": "URL", "Value": "https://tickets/1"}
    listed = centre.connect.list_contact_references(
        InstanceId=centre.instance, ContactId=contact, ReferenceTypes=["URL", "NUMBER"]
    )["ReferenceSummaryList"]
    assert listed == [{"Url": {"Name": "Ticket", "Value": "https://tickets/1"}}]
    agent1.accept(contact)
    agent1.do("pause_agent_contact", ContactId=contact)
    assert agent1.contact("PAUSED", contact)
    assert "already paused" in _refused(lambda: agent1.do("pause_agent_contact", ContactId=contact))
    centre.connect.resume_contact(InstanceId=centre.instance, ContactId=contact)
    assert agent1.contact("CONNECTED", contact)
    agent1.do("end_contact", ContactId=contact)
    agent1.do("clear_contact", ContactId=contact)
    found = wait_for(lambda: (d := centre.describe(contact)).get("DisconnectTimestamp") and d)
    assert found["Channel"] == "TASK" and found["InitiationMethod"] == "API" and found["TotalPauseCount"] == 1


def test_an_agent_creates_a_task(centre: Centre, to_queue: str, agent1: Agent, agent2: Agent) -> None:
    """ROUT-83, BASE-71: Offline or not, to the target of a quick connect; the same request makes one task."""
    members = {"Name": "Check the order", "QuickConnectId": to_queue, "ClientToken": f"t{time.monotonic_ns()}"}
    contact = agent2.do("create_agent_task", **members)["ContactId"]
    assert agent2.do("create_agent_task", **members)["ContactId"] == contact
    assert agent2.desk()["Status"]["Type"] == "OFFLINE" and agent2.desk()["CanCreateTasks"]
    assert agent1.contact("INCOMING", contact)["Name"] == "Check the order"
    stop(centre, contact)


def test_a_task_from_a_template(centre: Centre, flow: str, to_queue: str, agent1: Agent) -> None:
    """ROUT-86, ROUT-87, ROUT-88, ROUT-90: defaults, required fields, the template's flow; free form is over."""
    made = centre.connect.create_task_template(
        InstanceId=centre.instance,
        Name=f"Complaint {time.monotonic_ns()}",
        ContactFlowId=flow,
        Fields=[
            {"Id": {"Name": "Title"}, "Type": "NAME"},
            {"Id": {"Name": "Text"}, "Type": "DESCRIPTION"},
            {"Id": {"Name": "Order"}, "Type": "TEXT"},
        ],
        Constraints={"RequiredFields": [{"Id": {"Name": "Order"}}]},
        Defaults={"DefaultFieldValues": [{"Id": {"Name": "Text"}, "DefaultValue": "by template"}]},
        Status="ACTIVE",
    )["Id"]
    try:
        shown = next(t for t in agent1.do("get_agent_task_templates")["TaskTemplates"] if t["TaskTemplateId"] == made)
        assert [(f["Name"], f["Required"]) for f in shown["Fields"]] == [
            ("Title", False),
            ("Text", False),
            ("Order", True),
        ]
        assert "Order" in _refused(lambda: start(centre, TaskTemplateId=made))
        service = centre.server.boto("switchroom")
        token = service.sign_in(InstanceAlias="demo", Username="agent1", Password=PASSWORD)["Token"]
        free = httpx.put(
            f"{centre.server.url}/switchroom/agent/tasks",
            json={"Name": "x", "QuickConnectId": to_queue},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert free.status_code == 400 and "template" in free.text
        given = {"Order": {"Type": "STRING", "Value": "A-1"}}
        contact = start(centre, TaskTemplateId=made, References=given)
        offered = agent1.contact("INCOMING", contact)
        assert offered["Description"] == "by template" and offered["References"] == given
        assert offered["TaskTemplate"]["Name"].startswith("Complaint")
        stop(centre, contact)
        centre.connect.update_task_template(InstanceId=centre.instance, TaskTemplateId=made, Status="INACTIVE")
        assert "inactive" in _refused(lambda: start(centre, TaskTemplateId=made, References=given))
    finally:
        centre.connect.delete_task_template(InstanceId=centre.instance, TaskTemplateId=made)


def test_a_scheduled_task(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-92: it waits for its time, can be moved, then takes its way."""
    now = datetime.now(UTC)
    contact = start(centre, ContactFlowId=flow, ScheduledTime=now + timedelta(hours=1))
    assert agent1.desk()["Contacts"] == []
    for moment in (now - timedelta(hours=1), now + timedelta(days=6, hours=1)):
        refused = _refused(lambda m=moment: start(centre, ContactFlowId=flow, ScheduledTime=m))
        assert refused.startswith("An error occurred (InvalidParameterException)")
    who = {"InstanceId": centre.instance, "ContactId": contact}
    centre.connect.update_contact_schedule(**who, ScheduledTime=datetime.now(UTC) + timedelta(seconds=2))
    assert agent1.contact("INCOMING", contact)["ScheduledTime"]
    late = _refused(lambda: centre.connect.update_contact_schedule(**who, ScheduledTime=now))
    assert "InvalidRequestException" in late
    stop(centre, contact)


def test_linked_tasks(centre: Centre, flow: str) -> None:
    """ROUT-94, BASE-74, REC-28: linked while the first task lasts and when it is over; both links are refused."""
    first = start(centre, ContactFlowId=flow, Attributes={"a": "1"})
    chained = start(centre, ContactFlowId=flow, PreviousContactId=first)
    related = start(centre, ContactFlowId=flow, RelatedContactId=first)
    centre.connect.update_contact_attributes(
        InstanceId=centre.instance, InitialContactId=chained, Attributes={"a": "2"}
    )
    assert attributes(centre, first) == {"a": "2"} == attributes(centre, chained)
    assert attributes(centre, related) == {"a": "1"}
    refused = _refused(lambda: start(centre, ContactFlowId=flow, PreviousContactId=first, RelatedContactId=first))
    assert refused.startswith("An error occurred (InvalidRequestException)")
    for contact in (first, chained, related):
        stop(centre, contact)
    late = start(centre, ContactFlowId=flow, PreviousContactId=first)
    assert attributes(centre, late) == {"a": "2"}
    found = centre.describe(late)
    assert found["PreviousContactId"] == first and found["InitialContactId"] == first
    stop(centre, late)


def test_data_of_a_contact_that_is_over(centre: Centre, flow: str) -> None:
    """REC-28, BASE-222: attributes and tags may change after the end, name and description may not."""
    contact = start(centre, ContactFlowId=flow, Attributes={"a": "1", "b": "1"})
    who = {"InstanceId": centre.instance, "ContactId": contact}
    centre.connect.update_contact(**who, Name="Another name", Description="Text")
    centre.connect.tag_contact(**who, Tags={"team": "blue"})
    assert centre.describe(contact)["Name"] == "Another name"
    stop(centre, contact)
    centre.connect.update_contact_attributes(
        InstanceId=centre.instance, InitialContactId=contact, Attributes={"a": "2", "b": ""}
    )
    assert attributes(centre, contact) == {"a": "2"}
    centre.connect.tag_contact(**who, Tags={"late": "yes"})
    centre.connect.untag_contact(**who, TagKeys=["team"])
    tags = {k: v for k, v in centre.describe(contact)["Tags"].items() if not k.startswith("aws:")}
    assert tags == {"late": "yes"}
    assert "InvalidRequestException" in _refused(lambda: centre.connect.update_contact(**who, Name="x"))
    many = {f"t{number}": "x" for number in range(6)}
    assert "InvalidRequestException" in _refused(lambda: centre.connect.tag_contact(**who, Tags=many))
    wrong: Any = {"InstanceId": centre.instance, "InitialContactId": contact, "Attributes": {"a.b": "1"}}
    assert "InvalidRequestException" in _refused(lambda: centre.connect.update_contact_attributes(**wrong))


def test_a_status_set_by_a_supervisor(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-64, ROUT-65: at once on an empty desk, next while a contact is in hand; a missed one can be dismissed."""
    statuses = centre.connect.list_agent_statuses(InstanceId=centre.instance)["AgentStatusSummaryList"]
    identifiers = {status["Name"]: status["Id"] for status in statuses}

    def put(status: str) -> None:
        centre.connect.put_user_status(
            InstanceId=centre.instance, UserId=agent1.user, AgentStatusId=identifiers[status]
        )

    put("Offline")
    assert agent1.desk()["Status"]["Name"] == "Offline"
    put("Available")
    contact = start(centre, ContactFlowId=flow)
    agent1.accept(contact)
    put("Offline")
    desk = agent1.desk()
    assert desk["Status"]["Name"] == "Available" and desk["NextStatus"]["Name"] == "Offline"
    agent1.do("end_contact", ContactId=contact)
    centre.connect.dismiss_user_contact(InstanceId=centre.instance, UserId=agent1.user, ContactId=contact)
    desk = agent1.desk()
    assert desk["Contacts"] == [] and desk["Status"]["Name"] == "Offline" and "NextStatus" not in desk


def _refused(call: Any) -> str:
    with pytest.raises(ClientError) as refused:
        call()
    return str(refused.value)


def test_the_place_in_line_is_changed(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-10: the contact whose priority is raised comes first; one change at a time, waiting contacts only."""
    agent1.become("Offline")
    first, second = start(centre, ContactFlowId=flow), start(centre, ContactFlowId=flow)
    who = {"InstanceId": centre.instance, "ContactId": second}
    update = centre.connect.update_contact_routing_data
    assert "InvalidRequestException" in _refused(lambda: update(**who, QueuePriority=1, QueueTimeAdjustmentSeconds=5))
    update(**who, QueuePriority=1)
    agent1.become("Available")
    assert agent1.contact("INCOMING")["ContactId"] == second
    for contact in (first, second):
        stop(centre, contact)
    assert "ResourceConflictException" in _refused(lambda: update(**who, QueuePriority=2))
