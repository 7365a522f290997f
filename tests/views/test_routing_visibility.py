"""What records and streams tell of routing criteria and proficiencies, and of tasks."""

import json
from typing import Any

from switchroom.core import commands as c
from switchroom.views.records import contact_record
from tests.core.test_queues import french
from tests.views.recorder import Recorder


def step(level: float, seconds: int | None = None) -> dict[str, Any]:
    condition = {
        "Name": "Language",
        "Value": "French",
        "ProficiencyLevel": level,
        "ComparisonOperator": "NumberGreaterOrEqualTo",
    }
    expiry = {"Expiry": {"DurationInSeconds": seconds}} if seconds else {}
    return {"Expression": {"AttributeCondition": condition}, **expiry}


def test_criteria_from_enqueue_to_join() -> None:
    """ROUT-56, ROUT-52: all sets in the record, the joined step in the event, the levels in the agent event."""
    stage = Recorder(french(3, 1))
    contact = stage.task()
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(5, 30), step(4)]}))
    stage.wait(10)
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(3, 30), step(1)]}))
    stage.available("a1")
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.do(c.ClearContact(agent="a1", contact=contact))
    record = contact_record(stage.facts(contact))
    assert record["RoutingCriteria"] == [
        {
            "Index": 0,
            "ActivationTimestamp": "2023-11-14T22:13:20Z",
            "Steps": [
                {
                    "Status": "INTERRUPTED",
                    **step(5),
                    "Expiry": {"DurationInSeconds": 30, "ExpiryTimestamp": "2023-11-14T22:13:50Z"},
                },
                {"Status": "INACTIVE", **step(4)},
            ],
        },
        {
            "Index": 1,
            "ActivationTimestamp": "2023-11-14T22:13:30Z",
            "Steps": [
                {
                    "Status": "JOINED",
                    **step(3),
                    "Expiry": {"DurationInSeconds": 30, "ExpiryTimestamp": "2023-11-14T22:14:00Z"},
                },
                {"Status": "INACTIVE", **step(1)},
            ],
        },
    ]
    assert "Proficienc" not in json.dumps({**record, "RoutingCriteria": None})
    (connected,) = (told for told in stage.told(contact) if told["eventType"] == "CONNECTED_TO_AGENT")
    assert connected["routingCriteria"] == {
        "index": 1,
        "activationTimestamp": "2023-11-14T22:13:30.000Z",
        "steps": [
            {
                "status": "JOINED",
                "expression": {
                    "attributeCondition": {
                        "name": "Language",
                        "value": "French",
                        "proficiencyLevel": 3.0,
                        "comparisonOperator": "NumberGreaterOrEqualTo",
                    }
                },
                "expiry": {"durationInSeconds": 30, "expiryTimestamp": "2023-11-14T22:14:00.000Z"},
            },
            {
                "status": "INACTIVE",
                "expression": {
                    "attributeCondition": {
                        "name": "Language",
                        "value": "French",
                        "proficiencyLevel": 1.0,
                        "comparisonOperator": "NumberGreaterOrEqualTo",
                    }
                },
            },
        ],
    }
    joined = next(
        change.event["CurrentAgentSnapshot"]
        for change in stage.agent_stream
        if [one["State"] for one in change.event["CurrentAgentSnapshot"]["Contacts"]] == ["CONNECTED"]
    )
    assert joined["Configuration"]["Proficiencies"] == [{"Level": 3.0, "Name": "Language", "Value": "French"}]


def test_pauses_in_events_and_record() -> None:
    """ROUT-82: the events of a queued task that is paused; counts and seconds in its record; no hold."""
    stage = Recorder()
    contact = stage.task()
    stage.do(c.PauseContact(contact=contact))
    stage.wait(7)
    stage.do(c.ResumeContact(contact=contact))
    paused, resumed = stage.told(contact)[-2:]
    assert [paused["eventType"], resumed["eventType"]] == ["PAUSED", "RESUMED"]
    assert paused["lastPausedTimestamp"] == "2023-11-14T22:13:20.000Z" and paused["totalPauseCount"] == 1
    assert resumed["lastResumedTimestamp"] == "2023-11-14T22:13:27.000Z"
    assert (resumed["lastPausedTimestamp"], resumed["totalPauseCount"]) == (paused["lastPausedTimestamp"], 1)
    assert "lastResumedTimestamp" not in paused
    assert resumed["queueInfo"]["queueType"] == "STANDARD"
    assert resumed["segmentAttributes"] == {"connect:Subtype": {"valueString": "connect:Task"}}
    stage.do(c.StopContact(contact=contact))
    record = contact_record(stage.facts(contact))
    assert (record["TotalPauseCount"], record["TotalPauseDurationInSeconds"]) == (1, 7)
    assert record["LastPausedTimestamp"] == "2023-11-14T22:13:20Z"


def test_a_task_has_no_talk_and_no_hold() -> None:
    """A task at an agent: interaction time without the pauses, nothing on hold, no media."""
    stage = Recorder()
    stage.available("a1")
    contact = stage.task()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.wait(20)
    stage.do(c.PauseContact(contact=contact))
    stage.wait(5)
    stage.do(c.ResumeContact(contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.do(c.ClearContact(agent="a1", contact=contact))
    record = contact_record(stage.facts(contact))
    agent = record["Agent"]
    assert (agent["AgentInteractionDuration"], agent["AgentPauseDuration"]) == (20, 5)
    assert (agent["CustomerHoldDuration"], agent["NumberOfHolds"], record["MediaStreams"]) == (0, 0, [])
