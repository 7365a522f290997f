"""Queues and routing criteria through the real decisions, on a clock that the test turns."""

from typing import Any

import pytest
from msgspec.structs import replace

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core.config import Configuration, Quotas
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.flows.language import CompiledFlow
from tests.core.stage import Stage, action, configuration, flow, to_queue_flow
from tests.core.test_invariants import hopping_flow
from tests.core.test_life_cycle import available, chat, task


def step(level: float, seconds: int | None = None) -> dict[str, Any]:
    condition = {"Name": "Language", "Value": "French", "ProficiencyLevel": level}
    expiry = {"Expiry": {"DurationInSeconds": seconds}} if seconds else {}
    return {"Expression": {"AttributeCondition": condition}, **expiry}


def french(*levels: float, **changes: Any) -> Configuration:
    """The stage's configuration with agents who speak French at these levels."""
    config = configuration(attributes={"Language": frozenset({"French"})}, **changes)
    for user, level in zip(("a1", "a2"), levels, strict=False):
        levels_of = {("Language", "French"): float(level)}
        config.users = {**config.users, user: replace(config.users[user], proficiencies=levels_of)}
    return config


def to_agent_queues() -> CompiledFlow:
    """Queues where the quick connect says."""
    ways = {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}
    return flow(
        "to-queue",
        [{**action("put", "TransferContactToQueue"), "Transitions": ways}, action("end", "DisconnectParticipant")],
    )


def reconfigured(stage: Stage, config: Configuration) -> None:
    stage.config = config
    stage.decider.configure(config)
    stage.wait(0)


def queue_of(config: Configuration, name: str = "Q1", **changes: Any) -> Configuration:
    return replace(config, queues={**config.queues, name: replace(config.queues[name], **changes)})


def steps_of(stage: Stage, contact: str) -> list[str]:
    return [item.status for item in stage.contact(contact).criteria[-1].steps]


def test_a_disabled_queue_serves_what_is_inside() -> None:
    """ROUT-22: no new contact enters; those inside are routed; enabling works at once."""
    stage = Stage()
    inside = task(stage)
    reconfigured(stage, queue_of(stage.config, enabled=False))
    refused = task(stage)
    assert refused not in stage.state.contacts
    available(stage, "a1")
    assert stage.contact(inside).offered_to == "a1"
    reconfigured(stage, queue_of(stage.config, enabled=True))
    assert stage.contact(task(stage)).place == "queue"


def test_a_full_queue_takes_the_branch_at_capacity() -> None:
    """ROUT-26, ROUT-28: counted over all channels; the flow goes on at "At capacity", the working queue stays."""
    overflowing = [
        action("set", "UpdateContactTargetQueue", "put", QueueId="Q1"),
        action("put", "TransferContactToQueue", None),
        action("wait", "Wait", TimeLimitSeconds="3600"),
        action("end", "DisconnectParticipant"),
    ]
    overflowing[1]["Transitions"] = {
        "NextAction": "end",
        "Errors": [
            {"NextAction": "wait", "ErrorType": "QueueAtCapacity"},
            {"NextAction": "end", "ErrorType": "NoMatchingError"},
        ],
    }
    over = {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}
    overflowing[2]["Transitions"] = {
        "Conditions": [over],
        "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
    }
    stage = Stage(queue_of(configuration(), max_contacts=2), [flow("overflow", overflowing)])
    chat(stage, flow="overflow")
    task(stage, flow="overflow")
    third = stage.contact(task(stage, flow="overflow"))
    assert (third.place, third.queue) == ("flow", "Q1")
    assert stage.decider.fold.indexes.queued("Q1") == 2


def test_a_transfer_may_use_the_buffer() -> None:
    """ROUT-29: limit 5: five enter, a sixth only by an agent's transfer, a seventh not; ROUT-30: with 0 nothing."""
    stage = Stage(queue_of(configuration(), "Q2", max_contacts=5))
    available(stage, "a1")
    held = [task(stage), task(stage)]
    for contact in held:
        stage.do(c.AcceptContact(agent="a1", contact=contact))
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    for number in range(5):
        stage.do(c.StartTask(name=f"T{number}", quick_connect="to-q2"))
    assert stage.decider.fold.indexes.queued("Q2") == 5
    late = stage.do(c.StartTask(name="T", quick_connect="to-q2"))["contact"]
    assert late not in stage.state.contacts
    sixth, seventh = (
        stage.do(c.TransferAgentContact(agent="a1", contact=contact, quick_connect="to-q2"))["contact"]
        for contact in held
    )
    assert stage.contact(sixth).place == "queue"
    assert seventh not in stage.state.contacts
    empty = Stage(queue_of(configuration(), max_contacts=0))
    assert task(empty) not in empty.state.contacts


def test_a_flow_may_use_the_buffer() -> None:
    """ROUT-29, ROUT-28: five wait in a queue of five: a flow moves a sixth in from another queue; the seventh stays
    where it is, on the branch "At capacity", until there is room."""
    stage = Stage(queue_of(configuration(), "Q2", max_contacts=5), [hopping_flow(), to_queue_flow("to-q2", "Q2")])
    for _ in range(5):
        task(stage, flow="to-q2")
    waiting = [task(stage), task(stage)]
    stage.wait(13)
    assert stage.decider.fold.indexes.queued("Q2") == 6
    (left,) = [contact for contact in waiting if contact in stage.state.contacts]
    assert (stage.contact(left).place, stage.contact(left).queue) == ("queue", "Q1")
    stage.do(c.StopContact(contact=next(one.id for one in stage.state.contacts.values() if one.queue == "Q2")))
    stage.wait(13)
    assert left not in stage.state.contacts and stage.decider.fold.indexes.queued("Q2") == 6


def test_without_a_limit_the_quotas_count() -> None:
    """ROUT-31: voice + chat + task quotas of the instance."""
    stage = Stage(replace(configuration(), quotas=Quotas(calls=1, chats=1, tasks=2)))
    made = [task(stage), task(stage), chat(stage)]
    assert [stage.contact(contact).place for contact in made] == ["queue"] * 3
    assert stage.config.quotas.total == 4


def test_an_agent_queue_holds_ten() -> None:
    """ROUT-15: the eleventh is refused, and the owner takes them before older contacts of other queues."""
    stage = Stage(flows=[to_agent_queues()])
    older = stage.do(c.StartTask(name="T", quick_connect="to-q2"))["contact"]
    stage.wait(5)
    personal = [stage.do(c.StartTask(name="T", quick_connect="to-a2"))["contact"] for _ in range(11)]
    assert stage.decider.fold.indexes.queued("own-a2") == 10
    assert personal[10] not in stage.state.contacts
    available(stage, "a2")
    assert sorted(stage.state.agents["a2"].slots) == sorted(personal[:2])
    available(stage, "a1")
    assert stage.contact(older).offered_to == "a1"


def test_steps_expire_one_after_the_other() -> None:
    """ROUT-49, ROUT-50: step 1 at once, step 2 after its time, then anybody; the longest available."""
    stage = Stage(french(1, 2))
    available(stage, "a1", "a2")
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    contact = task(stage)
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(5, 30), step(3, 30)]}))
    available(stage, "a1")
    available(stage, "a2")
    assert (stage.contact(contact).offered_to, steps_of(stage, contact)) == (None, ["ACTIVE", "INACTIVE"])
    stage.wait(29)
    assert steps_of(stage, contact) == ["EXPIRED", "ACTIVE"]
    stage.wait(29)
    assert (stage.contact(contact).offered_to, steps_of(stage, contact)) == ("a1", ["EXPIRED", "EXPIRED"])


def test_a_step_is_joined_on_accept_and_a_decline_keeps_the_clock() -> None:
    """ROUT-54: a decline resets neither step nor timer, and the agent may be offered it again once it is cleared."""
    stage = Stage(french(5, 1))
    contact = task(stage)
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(4, 60), step(1)]}))
    end = stage.contact(contact).criteria[-1].expires_at
    available(stage, "a1", "a2")
    stage.do(c.RejectContact(agent="a1", contact=contact))
    again = stage.contact(contact)
    assert (again.offered_to, again.criteria[-1].expires_at, steps_of(stage, contact)) == (
        None,
        end,
        ["ACTIVE", "INACTIVE"],
    )
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert stage.contact(contact).offered_to == "a1"
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    assert steps_of(stage, contact) == ["JOINED", "INACTIVE"]


def test_three_sets_of_criteria() -> None:
    """ROUT-52: a set that is replaced is interrupted; the fourth set is refused; ROUT-45: unknown values too."""
    stage = Stage(french())
    contact = task(stage)
    for level in (5, 4, 3):
        stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(level, 30)]}))
    assert [[item.status for item in one.steps] for one in stage.contact(contact).criteria] == [
        ["INTERRUPTED"],
        ["INTERRUPTED"],
        ["ACTIVE"],
    ]
    with pytest.raises(ServiceError, match="at most 3"):
        stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(2)]}))
    reconfigured(stage, replace(stage.config, attributes={}))
    with pytest.raises(ServiceError, match="not a predefined attribute"):
        stage.do(c.SetRoutingData(contact=task(stage), criteria={"Steps": [step(2)]}))


def test_criteria_do_not_count_in_an_agent_queue() -> None:
    """ROUT-49: there the time is recorded and the owner is offered the contact whatever the steps say."""
    stage = Stage(french(), [to_agent_queues()])
    contact = stage.do(c.StartTask(name="T", quick_connect="to-a2"))["contact"]
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(5)]}))
    assert steps_of(stage, contact) == ["INACTIVE"]
    available(stage, "a2")
    assert stage.contact(contact).offered_to == "a2"


def test_delay_and_criteria_together() -> None:
    """ROUT-55, ROUT-18: the delay of the entry acts unchanged, and a profile edited takes effect on what waits."""
    stage = Stage(french(5, 5))
    profile = stage.config.profiles["P"]
    delayed = Profile("P", {"TASK": 2}, {}, (Entry("Q1", "TASK", 1, 20),))
    reconfigured(stage, replace(stage.config, profiles={"P": replace(profile, routing=delayed)}))
    available(stage, "a1")
    contact = task(stage)
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [step(4)]}))
    stage.wait(19)
    assert stage.contact(contact).offered_to is None
    stage.wait(1)
    assert stage.contact(contact).offered_to == "a1"
    other = task(stage)
    undelayed = Profile("P", {"TASK": 2}, {}, (Entry("Q1", "TASK", 1, 0),))
    reconfigured(stage, replace(stage.config, profiles={"P": replace(profile, routing=undelayed)}))
    assert stage.contact(other).offered_to == "a1"


def test_criteria_begin_again_in_the_next_queue() -> None:
    """ROUT-53, ROUT-06: moved before an agent joined: step 1 again, the place in line kept."""
    stage = Stage(french(), [hopping_flow()])
    first = task(stage)
    arrival = stage.contact(first).rank
    stage.do(c.SetRoutingData(contact=first, criteria={"Steps": [step(5, 10), step(4, 10)]}))
    stage.wait(11)
    assert steps_of(stage, first) == ["EXPIRED", "ACTIVE"]
    stage.wait(1.5)
    (moved,) = stage.state.contacts.values()
    assert (moved.previous_id, moved.queue, moved.rank) == (first, "Q2", arrival)
    assert steps_of(stage, moved.id) == ["ACTIVE", "INACTIVE"]
    assert moved.stay is not None
    assert moved.criteria[-1].expires_at == moved.stay.enqueued_at + 10_000


def test_criteria_of_a_transferred_contact() -> None:
    """ROUT-53: transferred by API while it waits: step 1 again in the new queue; after an agent joined: none."""
    stage = Stage(french(5, 1))
    first = task(stage)
    stage.do(c.SetRoutingData(contact=first, criteria={"Steps": [step(5, 10), step(4, 10)]}))
    stage.wait(11)
    assert steps_of(stage, first) == ["EXPIRED", "ACTIVE"]
    moved = stage.do(c.TransferContact(contact=first, flow="to-queue", queue="Q2"))["contact"]
    assert stage.contact(moved).queue == "Q2" and steps_of(stage, moved) == ["ACTIVE", "INACTIVE"]
    available(stage, "a2")
    assert stage.contact(moved).offered_to is None
    available(stage, "a1")
    stage.do(c.AcceptContact(agent="a1", contact=moved))
    assert steps_of(stage, moved) == ["JOINED", "INACTIVE"]
    passed_on = stage.do(c.TransferAgentContact(agent="a1", contact=moved, quick_connect="to-q2"))["contact"]
    assert stage.contact(passed_on).criteria == [] and stage.contact(passed_on).offered_to == "a2"


def test_strict_reading_of_priorities() -> None:
    """ROUT-07, V7: off, T4 is taken while T3 is within its delay; the instance's switch makes T4 wait, at once."""
    base = configuration()
    routing = Profile("P", {"TASK": 2}, {}, (Entry("Q1", "TASK", 1, 20), Entry("Q2", "TASK", 2, 0)))
    profiles = {"P": replace(base.profiles["P"], routing=routing)}
    for strict in (False, True):
        stage = Stage(replace(base, profiles=profiles), [to_queue_flow("to-q2", "Q2")])
        reconfigured(stage, replace(stage.config, strict_priority_blocking=strict))
        high, low = task(stage), task(stage, flow="to-q2")
        available(stage, "a1")
        assert (stage.contact(low).offered_to is None) is strict
        reconfigured(stage, replace(stage.config, strict_priority_blocking=False))
        assert stage.contact(low).offered_to == "a1" and stage.contact(high).offered_to is None
