"""Flows that never come to rest are stopped, by the real decisions: the contact ends, and everybody else is served."""

import pytest

from switchroom.core import commands as c
from switchroom.core import events as e
from tests.core.stage import Stage, action, flow
from tests.core.test_tasks import task

CIRCLE = flow(
    "circle",
    [
        action("log", "UpdateFlowLoggingBehavior", "a", FlowLoggingBehavior="Enabled"),
        action("a", "UpdateContactAttributes", "b", Attributes={"round": "again"}),
        action("b", "UpdateContactAttributes", "a", Attributes={"round": "and again"}),
        action("end", "DisconnectParticipant"),
    ],
)


def ended(stage: Stage) -> list[str]:
    return [event.contact for event in stage.events if isinstance(event, e.Completed)]


def test_a_run_away_loop(caplog: pytest.LogCaptureFixture) -> None:
    """A circle without a wait: one line of the flow log with the reason, one of the node, and the contact has ended."""
    stage = Stage(flows=[CIRCLE])
    with caplog.at_level("WARNING"):
        contact = task(stage, flow="circle")
    assert contact not in stage.state.contacts
    assert ended(stage) == [contact]
    assert "the flow goes in a circle" in caplog.text
    (logged,) = [event for event in stage.events if isinstance(event, e.FlowLogged)]
    assert (logged.flow, logged.purpose, len(logged.blocks)) == ("circle", "main", 1_001)
    assert (logged.blocks[-1].action, logged.blocks[-1].outcome) == ("a", "failed")
    assert "goes in a circle" in str((logged.blocks[-1].entry or {})["Results"])
    assert task(stage) in stage.state.contacts


def test_a_chat_in_a_circle_is_told_that_it_is_over() -> None:
    stage = Stage(flows=[CIRCLE])
    started = stage.do(c.StartChat(flow="circle", customer_name="Customer"))
    stage.do(c.ConnectParticipant(session=started["contact"], participant=started["participant"]))
    assert ended(stage) == [started["contact"]]
    assert stage.state.chats == {}
    assert not stage.state.runs


def test_a_customer_queue_flow_in_a_circle_leaves_the_contact_in_queue() -> None:
    """The flow is over, the customer still waits for an agent."""
    around = flow("around", list(CIRCLE.document["Actions"]), "CUSTOMER_QUEUE")
    stage = Stage(flows=[around])
    stage.shelf.defaults["customer_queue"] = "around"
    contact = stage.contact(task(stage))
    assert contact.place == "queue"
    assert f"{contact.id}/customer_queue" not in stage.state.runs
    stage.do(c.SetStatus(agent="a1", status="available"))
    stage.do(c.AcceptContact(agent="a1", contact=contact.id))
    assert stage.slot("a1", contact.id) == "CONNECTED"


def test_tasks_that_breed_tasks(caplog: pytest.LogCaptureFixture) -> None:
    """A flow that makes tasks which run the same flow: it comes to an end, and so do all the tasks."""
    breed = action("breed", "CreateTask", "end", Name="T", ContactFlowId="breeder")
    lone = flow("breeder", [breed, action("end", "DisconnectParticipant")])
    stage = Stage(flows=[lone])
    with caplog.at_level("WARNING"):
        task(stage, flow="breeder")
    born = [event.contact for event in stage.events if isinstance(event, e.ContactInitiated)]
    assert len(born) == 26
    assert sorted(ended(stage)) == sorted(contact.id for contact in born)
    assert "start each other without end" in caplog.text
    assert not stage.state.contacts
