"""Contact records, made by driving the real core."""

from typing import Any

import pytest

from switchroom.core import commands as c
from switchroom.core.config import UserSettings
from switchroom.core.contact import Reference
from switchroom.views.records import abandoned, contact_record
from tests.core.stage import configuration
from tests.views.recorder import Recorder


def record(stage: Recorder, contact: str) -> dict[str, Any]:
    return contact_record(stage.facts(contact))


def test_a_handled_chat() -> None:
    """REC-26, REC-31, REC-92: the whole record of a chat that an agent took, ended and cleared."""
    config = configuration()
    config.users["a1"] = UserSettings(
        "a1", "arn/agent/a1", "jane", profile="P", hierarchy=(("arn/agent-group/emea", "EMEA"),)
    )
    stage = Recorder(config)
    stage.available("a1")
    contact, participant = stage.chat(attributes={"vip": "yes"})
    stage.wait(4)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.wait(300)
    stage.do(c.LeaveChat(session=contact, participant=participant))
    stage.wait(5)
    assert record(stage, contact)["Agent"]["AfterContactWorkDuration"] is None
    stage.do(c.ClearContact(agent="a1", contact=contact))
    instance = f"arn:aws:connect:us-east-1:123456789012:instance/{config.instance}"
    made = record(stage, contact)
    expected: dict[str, Any] = {
        "AWSAccountId": "123456789012",
        "AWSContactTraceRecordFormatVersion": "2017-03-10",
        "InstanceARN": instance,
        "ContactId": contact,
        "InitialContactId": None,
        "PreviousContactId": None,
        "NextContactId": None,
        "RelatedContactId": None,
        "Channel": "CHAT",
        "InitiationMethod": "API",
        "InitiationTimestamp": "2023-11-14T22:13:20Z",
        "ConnectedToSystemTimestamp": "2023-11-14T22:13:20Z",
        "DisconnectTimestamp": "2023-11-14T22:18:24Z",
        "LastUpdateTimestamp": "2023-11-14T22:18:29Z",
        "DisconnectReason": "CUSTOMER_DISCONNECT",
        "AgentConnectionAttempts": 1,
        "Attributes": {"vip": "yes"},
        "Queue": {
            "ARN": "arn/queue/Q1",
            "Name": "Q1",
            "EnqueueTimestamp": "2023-11-14T22:13:20Z",
            "DequeueTimestamp": "2023-11-14T22:13:24Z",
            "Duration": 4,
        },
        "Agent": {
            "ARN": f"{instance}/agent/a1",
            "Username": "jane",
            "ConnectedToAgentTimestamp": "2023-11-14T22:13:24Z",
            "AgentInteractionDuration": 300,
            "AgentPauseDuration": 0,
            "CustomerHoldDuration": 0,
            "LongestHoldDuration": 0,
            "NumberOfHolds": 0,
            "AfterContactWorkStartTimestamp": "2023-11-14T22:18:24Z",
            "AfterContactWorkEndTimestamp": "2023-11-14T22:18:29Z",
            "AfterContactWorkDuration": 5,
            "HierarchyGroups": {"Level1": {"ARN": "arn/agent-group/emea", "GroupName": "EMEA"}},
            "RoutingProfile": {"ARN": "arn/P", "Name": "P"},
            "DeviceInfo": None,
            "StateTransitions": [],
        },
        "MediaStreams": [{"Type": "CHAT"}],
        "SegmentAttributes": {"connect:Subtype": {"ValueString": "connect:Chat"}},
        "Tags": {"aws:connect:instanceId": config.instance},
        "ContactDetails": {},
        "References": [],
        "RoutingCriteria": [],
        "Recordings": [],
    }
    assert {name: made[name] for name in expected} == expected
    assert all(made[name] is None for name in made.keys() - expected.keys())
    assert not abandoned(stage.facts(contact).contact)


def test_a_record_is_complete_when_the_agent_has_cleared() -> None:
    """REC-24, REC-51: with an agent after contact work belongs to it; without one it is complete at disconnect."""
    stage = Recorder()
    stage.available("a1")
    handled, customer = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=handled))
    stage.do(c.LeaveChat(session=handled, participant=customer))
    assert stage.rows[handled].completed_at is None
    stage.do(c.ClearContact(agent="a1", contact=handled))
    assert stage.rows[handled].completed_at == stage.now
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    alone, customer = stage.chat()
    stage.do(c.LeaveChat(session=alone, participant=customer))
    assert stage.rows[alone].completed_at == stage.now


def test_an_abandoned_contact() -> None:
    """REC-47: queue and enqueue time, and nothing of an agent."""
    stage = Recorder()
    contact, customer = stage.chat()
    stage.wait(30)
    stage.do(c.LeaveChat(session=contact, participant=customer))
    made = record(stage, contact)
    assert made["Agent"] is None
    assert made["Queue"]["Duration"] == 30
    assert made["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert abandoned(stage.facts(contact).contact)


def test_a_missed_offer_counts_as_an_attempt() -> None:
    """REC-26: AgentConnectionAttempts."""
    stage = Recorder()
    stage.available("a1", "a2")
    contact, _ = stage.chat()
    stage.wait(21)
    stage.wait(21)
    assert record(stage, contact)["AgentConnectionAttempts"] >= 2


def test_a_transfer_makes_a_chain() -> None:
    """REC-24, REC-25, REC-33: one record a segment, linked both ways."""
    stage = Recorder()
    stage.available("a1")
    first, _ = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=first))
    second = stage.do(c.TransferAgentContact(agent="a1", contact=first, quick_connect="to-q2"))["contact"]
    one, two = record(stage, first), record(stage, second)
    assert one["NextContactId"] == second
    assert two["PreviousContactId"] == first
    assert two["InitialContactId"] == first
    assert two["InitiationMethod"] == "TRANSFER"
    assert two["Queue"]["Name"] == "Q2"


def test_a_disconnect_flow_makes_a_contact() -> None:
    """REC-33: what follows a disconnect is a contact of its own."""
    stage = Recorder()
    stage.available("a1")
    contact, _ = stage.chat()
    stage.current(contact).flows["disconnect"] = "bye"
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    following = record(stage, contact)["NextContactId"]
    assert record(stage, following)["InitiationMethod"] == "DISCONNECT"
    assert record(stage, contact)["DisconnectReason"] == "AGENT_DISCONNECT"
    assert record(stage, following)["DisconnectReason"] is None


@pytest.mark.parametrize(
    ("end", "reason"),
    [
        (lambda contact: c.StopContact(contact=contact), "API"),
        (lambda contact: c.EndContact(agent="a1", contact=contact), "AGENT_DISCONNECT"),
    ],
)
def test_why_a_task_ended(end: Any, reason: str) -> None:
    """REC-32: tasks."""
    stage = Recorder()
    stage.available("a1")
    contact = stage.task()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(end(contact))
    assert record(stage, contact)["DisconnectReason"] == reason


def test_a_task_that_nobody_finished() -> None:
    """REC-32: seven days."""
    stage = Recorder()
    contact = stage.task()
    stage.wait(7 * 86_400)
    assert record(stage, contact)["DisconnectReason"] == "EXPIRED"


def test_pauses_of_a_task() -> None:
    """REC-42: before and after an agent had it."""
    stage = Recorder()
    contact = stage.task()
    stage.do(c.PauseContact(contact=contact))
    stage.wait(60)
    stage.do(c.ResumeContact(contact=contact, flow="to-queue"))
    stage.available("a1")
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.PauseContact(contact=contact))
    paused_at = stage.now
    stage.wait(30)
    stage.do(c.ResumeContact(contact=contact))
    stage.wait(10)
    stage.do(c.EndContact(agent="a1", contact=contact))
    made = record(stage, contact)
    assert (made["TotalPauseCount"], made["TotalPauseDurationInSeconds"]) == (2, 90)
    assert made["LastPausedTimestamp"] < made["LastResumedTimestamp"]
    assert made["Agent"]["AgentPauseDuration"] == 30
    assert made["Agent"]["AgentInteractionDuration"] == 10
    assert stage.facts(contact).contact.last_paused_at == paused_at


def test_references_and_details_of_a_task() -> None:
    """REC-35, REC-36."""
    stage = Recorder()
    references = {"site": Reference("URL", "https://example.com"), "file": Reference("ATTACHMENT", "f", "APPROVED")}
    contact = stage.task(description="Ask for the size", references=references)
    made = record(stage, contact)
    assert made["ContactDetails"] == {"Name": "Call back", "Description": "Ask for the size"}
    assert made["References"] == [
        {"Name": "site", "Type": "URL", "Value": "https://example.com"},
        {"Name": "file", "Type": "ATTACHMENT", "Value": "f", "Status": "APPROVED"},
    ]
