"""The life of chats and tasks through the real decisions, on a clock that the test turns."""

import msgspec

from switchroom.core import commands as c
from switchroom.core.events import AnyEvent
from switchroom.core.evolve import Fold
from switchroom.core.state import State
from tests.core.stage import Stage


def chat(stage: Stage, flow: str = "to-queue", **members: object) -> str:
    """A chat whose customer has connected."""
    answer = stage.do(c.StartChat(flow=flow, customer_name="Jane", **members))  # type: ignore[arg-type]
    stage.do(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))
    contact: str = answer["contact"]
    return contact


def task(stage: Stage, **members: object) -> str:
    contact: str = stage.do(c.StartTask(**{"name": "T", "flow": "to-queue", **members}))["contact"]  # type: ignore[arg-type]
    return contact


def available(stage: Stage, *agents: str) -> None:
    for agent in agents:
        stage.do(c.SetStatus(agent=agent, status="available"))
        stage.wait(1)


def test_the_flow_of_a_chat_starts_when_the_customer_connects() -> None:
    stage = Stage()
    answer = stage.do(c.StartChat(flow="to-queue", customer_name="Jane", initial_message=("text/plain", "Hello")))
    assert stage.contact(answer["contact"]).place == "created"
    stage.do(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))
    contact = stage.contact(answer["contact"])
    assert contact.place == "queue" and contact.queue == "Q1"
    said = [e.item.content for e in stage.events if type(e).__name__ == "ItemSent" and e.item.type == "MESSAGE"]  # type: ignore[attr-defined]
    assert said == ["Hello"]


def test_a_chat_from_queue_to_cleared() -> None:
    """ROUT-03: nobody is free, so it waits; ROUT-04 and REC-51: after contact work frees the slot when cleared."""
    stage = Stage()
    contact = chat(stage)
    assert stage.contact(contact).offered_to is None
    available(stage, "a1")
    assert stage.contact(contact).offered_to == "a1" and stage.slot("a1", contact) == "INCOMING"
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    assert stage.contact(contact).place == "agent" and stage.slot("a1", contact) == "CONNECTED"
    stage.do(c.EndContact(agent="a1", contact=contact))
    assert stage.slot("a1", contact) == "ENDED" and stage.state.chats == {}
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert contact not in stage.state.contacts and stage.state.agents["a1"].slots == {}
    assert stage.state.attributes == {} and stage.state.runs == {}


def test_a_missed_offer_goes_to_the_next_agent_and_keeps_its_slot() -> None:
    """ROUT-16: 20 s for a chat, 30 s for a task; ROUT-17: the missed contact occupies its slot until cleared."""
    stage = Stage()
    available(stage, "a1", "a2")
    first = chat(stage)
    assert stage.contact(first).offered_to == "a1"
    stage.wait(19.9)
    assert stage.slot("a1", first) == "INCOMING"
    stage.wait(0.2)
    assert stage.slot("a1", first) == "MISSED" and stage.contact(first).offered_to == "a2"
    job = task(stage)
    assert stage.contact(job).offered_to == "a1"
    stage.wait(29)
    assert stage.slot("a1", job) == "INCOMING"
    stage.wait(1.1)
    assert stage.slot("a1", job) == "MISSED"


def test_the_next_status_waits_for_the_contacts_in_hand() -> None:
    """ROUT-65: no new contacts, applied when all slots are clear, cancelled by Available."""
    stage = Stage()
    available(stage, "a1")
    first = chat(stage)
    stage.do(c.AcceptContact(agent="a1", contact=first))
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    agent = stage.state.agents["a1"]
    assert (agent.status, agent.next_status) == ("available", "lunch")
    second = chat(stage)
    assert stage.contact(second).offered_to is None
    stage.do(c.SetStatus(agent="a1", status="available"))
    assert agent.next_status is None and stage.contact(second).offered_to == "a1"
    stage.do(c.AcceptContact(agent="a1", contact=second))
    stage.do(c.EndContact(agent="a1", contact=first))
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    assert stage.slot("a1", first) is None and agent.next_status == "lunch"
    stage.do(c.EndContact(agent="a1", contact=second))
    stage.do(c.ClearContact(agent="a1", contact=second))
    assert (agent.status, agent.next_status) == ("lunch", None)


def test_a_status_chosen_in_after_contact_work_clears_it() -> None:
    """ROUT-65, case 1: every contact is in after contact work."""
    stage = Stage()
    available(stage, "a1")
    contact = chat(stage)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.EndContact(agent="a1", contact=contact))
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    agent = stage.state.agents["a1"]
    assert agent.status == "lunch" and agent.slots == {}


def test_a_transfer_carries_the_chat_on() -> None:
    """ROUT-06: the transferred contact keeps the arrival time of the first one."""
    stage = Stage()
    available(stage, "a1")
    contact = chat(stage)
    stage.wait(5)
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    arrival = stage.contact(contact).arrival_at
    stage.wait(60)
    answer = stage.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-q2"))
    moved = stage.contact(answer["contact"])
    assert (moved.initial_id, moved.previous_id, moved.queue) == (contact, contact, "Q2")
    assert moved.place == "queue" and moved.arrival_at == arrival
    assert stage.slot("a1", contact) == "ENDED" and stage.state.chats[contact].contact == moved.id


def test_a_scheduled_task_begins_at_its_time() -> None:
    """ROUT-92: the flow starts at the time, not before."""
    stage = Stage()
    contact = task(stage, scheduled_at=stage.now + 3_600_000)
    assert stage.contact(contact).place == "scheduled"
    stage.wait(3599)
    assert stage.contact(contact).place == "scheduled"
    stage.wait(1)
    assert stage.contact(contact).place == "queue"


def test_a_task_lives_seven_days() -> None:
    """ROUT-95: then it ends as expired."""
    stage = Stage()
    contact = task(stage)
    stage.wait(7 * 86_400 - 1)
    assert contact in stage.state.contacts
    stage.wait(1)
    assert contact not in stage.state.contacts
    reasons = [e.reason for e in stage.events if type(e).__name__ == "Disconnected"]  # type: ignore[attr-defined]
    assert reasons == ["EXPIRED"]


def test_replaying_the_journal_gives_the_same_state() -> None:
    stage = Stage()
    available(stage, "a1", "a2")
    first, second = chat(stage, attributes={"tier": "gold"}), task(stage)
    stage.do(c.AcceptContact(agent="a1", contact=first))
    stage.wait(40)
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    assert second in stage.state.contacts
    fold = Fold(State())
    for event in stage.events:
        fold.apply(msgspec.json.decode(msgspec.json.encode(event), type=AnyEvent))
    assert msgspec.to_builtins(fold.state) == msgspec.to_builtins(stage.state)
    again = msgspec.msgpack.decode(msgspec.msgpack.encode(stage.state), type=State)
    assert msgspec.to_builtins(again) == msgspec.to_builtins(stage.state)


def test_contacts_of_the_same_moment_are_served_in_their_order() -> None:
    """ROUT-02: first in, first out, also within one turn."""
    stage = Stage()
    stage.new_id = map("id-{}".format, range(9999, 0, -1)).__next__  # type: ignore[method-assign]
    stage.decider = stage.fresh(stage.state)
    jobs = [task(stage, name=f"{n}") for n in range(9)]
    available(stage, "a1")
    served = []
    while any(job in stage.state.contacts for job in jobs):
        for slot in list(stage.state.agents["a1"].slots):
            served.append(slot)
            for command in (c.AcceptContact, c.EndContact, c.ClearContact):
                stage.do(command(agent="a1", contact=slot))
    assert served == jobs
