"""Flows for the agent's workspace: on arrival and at the end; on a clock that the test turns."""

from switchroom.core import commands as c
from tests.core.stage import Stage, action, flow
from tests.core.test_life_cycle import available, task


def mark(id: str, key: str, end: str) -> list[dict[str, object]]:
    return [
        action(id, "UpdateContactAttributes", "end", Attributes={key: "$.ContactId"}, TargetContact="Current"),
        action("end", end),
    ]


def stage() -> Stage:
    """A flow that names both workspace flows before it queues."""
    begin = flow(
        "with-hooks",
        [
            action("ui", "UpdateContactEventHooks", "bye", EventHooks={"DefaultAgentUI": "on-arrival"}),
            action("bye", "UpdateContactEventHooks", "set", EventHooks={"DisconnectAgentUI": "at-end"}),
            action("set", "UpdateContactTargetQueue", "queue", QueueId="Q1"),
            {
                **action("queue", "TransferContactToQueue", "end"),
                "Transitions": {
                    "Errors": [
                        {"NextAction": "end", "ErrorType": kind} for kind in ("QueueAtCapacity", "NoMatchingError")
                    ]
                },
            },
            action("end", "DisconnectParticipant"),
        ],
    )
    arrival = flow("on-arrival", mark("a", "arrived", "EndFlowExecution"))
    end = flow("at-end", mark("b", "ended", "EndFlowExecution"))
    return Stage(flows=[begin, arrival, end])


def test_the_flow_for_the_workspace_runs_when_the_agent_is_connected() -> None:
    """BLK-121: it runs beside the conversation, which goes on when the flow has ended."""
    play = stage()
    available(play, "a1")
    contact = task(play, flow="with-hooks")
    assert not play.state.attributes.get(contact)
    play.do(c.AcceptContact(agent="a1", contact=contact))
    assert play.state.attributes[contact] == {"arrived": contact}
    assert play.slot("a1", contact) == "CONNECTED"


def test_the_disconnect_flow_for_the_workspace_runs_when_the_contact_ends() -> None:
    """BLK-122: while the agent still has the contact open in after contact work."""
    play = stage()
    available(play, "a1")
    contact = task(play, flow="with-hooks")
    play.do(c.AcceptContact(agent="a1", contact=contact))
    play.do(c.EndContact(agent="a1", contact=contact))
    assert play.state.attributes[contact] == {"arrived": contact, "ended": contact}
    assert play.slot("a1", contact) == "ENDED"
    play.do(c.ClearContact(agent="a1", contact=contact))
    assert contact not in play.state.contacts
    assert not play.state.runs
