"""The agent event stream, by driving the real core."""

import itertools
from typing import Any

from switchroom.core import commands as c
from tests.views.recorder import Recorder


def stream(stage: Recorder, agent: str = "a1") -> list[dict[str, Any]]:
    return [change.event for change in stage.agent_stream if change.agent == agent]


def states(stage: Recorder, contact: str) -> list[str]:
    found: list[str] = []
    for event in stream(stage):
        for entry in event["CurrentAgentSnapshot"]["Contacts"]:
            if entry["ContactId"] == contact and (not found or found[-1] != entry["State"]):
                found.append(entry["State"])
    return found


def test_login_status_and_logout() -> None:
    """REC-48, REC-53: each event has the snapshot before and after."""
    stage = Recorder()
    stage.do(c.LogIn(agent="a1"))
    stage.available("a1")
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    stage.do(c.LogOut(agent="a1"))
    events = stream(stage)
    kinds = [event["EventType"] for event in events]
    assert "LOGIN" in kinds
    assert "LOGOUT" in kinds
    shown = [event["CurrentAgentSnapshot"]["AgentStatus"] for event in events]
    assert [(s["Name"], s["Type"]) for s in shown if s["Name"] != "Offline"] == [
        ("Available", "ROUTABLE"),
        ("Lunch", "CUSTOM"),
        ("Lunch", "CUSTOM"),
    ]
    assert shown[-1]["Type"] == "OFFLINE"
    assert events[0]["PreviousAgentSnapshot"] is None
    for before, after in itertools.pairwise(events):
        assert after["PreviousAgentSnapshot"] == before["CurrentAgentSnapshot"]


def test_the_members_of_an_event() -> None:
    """REC-53: the object model."""
    stage = Recorder()
    stage.available("a1")
    event = stream(stage)[-1]
    instance = f"arn:aws:connect:us-east-1:123456789012:instance/{stage.config.instance}"
    assert event["AWSAccountId"] == "123456789012"
    assert event["AgentARN"] == f"{instance}/agent/a1"
    assert event["InstanceARN"] == instance
    assert event["EventTimestamp"] == "2023-11-14T22:13:20.000Z"
    assert event["Version"] == "2017-10-01"
    snapshot = event["CurrentAgentSnapshot"]
    assert snapshot["AgentStatus"]["StartTimestamp"] == "2023-11-14T22:13:20.000Z"
    configuration = snapshot["Configuration"]
    assert configuration["AgentHierarchyGroups"] is None
    assert configuration["RoutingProfile"]["Concurrency"] == [
        {"AvailableSlots": 2, "Channel": "CHAT", "MaximumSlots": 2},
        {"AvailableSlots": 2, "Channel": "TASK", "MaximumSlots": 2},
        {"AvailableSlots": 1, "Channel": "VOICE", "MaximumSlots": 1},
    ]
    assert configuration["RoutingProfile"]["InboundQueues"][0] == {
        "ARN": f"{instance}/queue/agent/a1",
        "Channels": ["CHAT", "TASK", "VOICE"],
        "Name": None,
    }
    assert configuration["RoutingProfile"]["InboundQueues"][1] == {
        "ARN": "arn/queue/Q1",
        "Channels": ["CHAT", "TASK"],
        "Name": "Q1",
    }
    assert snapshot["Contacts"] == []


def test_the_states_of_a_contact() -> None:
    """REC-49, REC-51, REC-52: connecting, connected, ended, gone; the status stays what it was."""
    stage = Recorder()
    stage.available("a1")
    contact, customer = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    connected = stream(stage)[-1]["CurrentAgentSnapshot"]
    assert connected["Contacts"][0]["ConnectedToAgentTimestamp"] == "2023-11-14T22:13:20.000Z"
    assert connected["Contacts"][0]["Queue"] == {"ARN": "arn/queue/Q1", "Name": "Q1"}
    assert connected["Contacts"][0]["InitialContactId"] is None
    assert connected["Configuration"]["RoutingProfile"]["Concurrency"][0]["AvailableSlots"] == 1
    stage.do(c.LeaveChat(session=contact, participant=customer))
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert states(stage, contact) == ["CONNECTING", "CONNECTED", "ENDED"]
    assert stream(stage)[-1]["CurrentAgentSnapshot"]["Contacts"] == []
    assert {e["CurrentAgentSnapshot"]["AgentStatus"]["Name"] for e in stream(stage)[2:]} == {"Available"}


def test_missed_rejected_and_paused() -> None:
    """REC-52: an offer that passed is MISSED, a chat that was declined is REJECTED, a task may be PAUSED."""
    stage = Recorder()
    stage.available("a1")
    missed, _ = stage.chat()
    stage.wait(21)
    assert states(stage, missed)[-1] == "MISSED"
    stage.do(c.ClearContact(agent="a1", contact=missed))
    stage.do(c.RejectContact(agent="a1", contact=missed))
    assert states(stage, missed)[-1] == "REJECTED"
    other = Recorder()
    other.available("a1")
    task = other.task()
    other.do(c.AcceptContact(agent="a1", contact=task))
    other.do(c.PauseContact(contact=task))
    other.do(c.ResumeContact(contact=task))
    assert states(other, task) == ["CONNECTING", "CONNECTED", "PAUSED", "CONNECTED"]


def test_the_next_status() -> None:
    """REC-54: chosen while busy, it shows until it is reached."""
    stage = Recorder()
    stage.available("a1")
    contact, customer = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.wait(1)
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    assert stream(stage)[-1]["CurrentAgentSnapshot"]["NextAgentStatus"] == {
        "ARN": "arn/lunch",
        "Name": "Lunch",
        "EnqueuedTimestamp": "2023-11-14T22:13:21.000Z",
    }
    stage.do(c.LeaveChat(session=contact, participant=customer))
    stage.do(c.ClearContact(agent="a1", contact=contact))
    last = stream(stage)[-1]["CurrentAgentSnapshot"]
    assert last["AgentStatus"]["Name"] == "Lunch"
    assert "NextAgentStatus" not in last


def test_after_contact_work_is_measured_from_the_stream() -> None:
    """REC-55: ENDED since 18:55:27.017, gone at 18:55:32.022: 5.005 s."""
    stage = Recorder()
    stage.now = 1_558_810_521_011
    stage.available("a1")
    contact, customer = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.wait(6.006)
    stage.do(c.LeaveChat(session=contact, participant=customer))
    ended = stream(stage)[-1]["CurrentAgentSnapshot"]["Contacts"][0]
    stage.wait(5.005)
    stage.do(c.ClearContact(agent="a1", contact=contact))
    gone = stream(stage)[-1]
    assert (ended["State"], ended["StateStartTimestamp"]) == ("ENDED", "2019-05-25T18:55:27.017Z")
    assert (gone["EventType"], gone["EventTimestamp"]) == ("STATE_CHANGE", "2019-05-25T18:55:32.022Z")
    assert gone["CurrentAgentSnapshot"]["Contacts"] == []
    assert gone["PreviousAgentSnapshot"]["Contacts"][0]["State"] == "ENDED"
