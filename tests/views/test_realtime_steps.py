"""Routing steps in the real-time metrics, by driving the real core (ROUT-57, MET-54)."""

import json
from random import Random
from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core.config import Configuration
from switchroom.core.indexes import Indexes
from switchroom.views.realtime import STEP, Board
from switchroom.wire.services.connect.current_metrics import _steps
from tests.core.test_queues import french
from tests.views.recorder import Recorder
from tests.views.test_realtime import anything, look, values

CHANNELS = ("CHAT", "TASK")


def expression(level: float) -> str:
    """A step's expression as the metrics name it."""
    condition = {"Name": "Language", "Value": "French", "ProficiencyLevel": level}
    return _steps(
        {"Queues": ["Q1"], "RoutingStepExpressions": [json.dumps({"AttributeCondition": condition})]}, [STEP]
    )[0]


def asks(level: float, seconds: int | None = None) -> dict[str, Any]:
    return {
        "Expression": json.loads(expression(level)),
        **({"Expiry": {"DurationInSeconds": seconds}} if seconds else {}),
    }


def shown(board: Board, *steps: str) -> dict[str, dict[str, float]]:
    """The metrics of Q1 by step."""
    return {row.key[0]: values(row) for row in board.rows(["Q1"], [], CHANNELS, [STEP], steps) if row.live}


def centre(config: Configuration) -> Recorder:
    stage = Recorder(config)
    stage.available("a1", "a2")
    return stage


def test_steps_of_a_queue() -> None:
    """ROUT-57, MET-54: every step in use, with those who fulfil it; waiting counts from the queue, not the step."""
    stage = centre(french(3, 2))
    first = stage.task()
    stage.do(c.RejectContact(agent="a1", contact=first))
    stage.do(c.RejectContact(agent="a2", contact=first))
    stage.do(c.SetRoutingData(contact=first, criteria={"Steps": [asks(5, 30), asks(4)]}))
    stage.wait(10)
    only = shown(look(stage))
    assert list(only) == [expression(5)]
    assert (only[expression(5)]["CONTACTS_IN_QUEUE"], only[expression(5)]["AGENTS_ONLINE"]) == (1, 0)
    stage.wait(25)
    later = shown(look(stage))
    assert list(later) == [expression(4)]
    assert later[expression(4)]["OLDEST_CONTACT_AGE"] == 35
    asked = shown(look(stage), expression(3), expression(2), expression(1))
    assert {level: asked[expression(level)]["AGENTS_STAFFED"] for level in (3, 2, 1)} == {3: 1, 2: 2, 1: 2}


def test_a_contact_taken_under_a_step() -> None:
    """ROUT-57: on offer it is in no queue; taken, it is active under its step."""
    stage = Recorder(french(3, 1))
    contact = stage.task()
    stage.do(c.SetRoutingData(contact=contact, criteria={"Steps": [asks(3)]}))
    stage.available("a1", "a2")
    assert stage.contact(contact).offered_to == "a1"
    assert shown(look(stage))[expression(3)]["CONTACTS_IN_QUEUE"] == 0
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    found = shown(look(stage))[expression(3)]
    assert (found["SLOTS_ACTIVE"], found["AGENTS_ON_CONTACT"], found["AGENTS_AVAILABLE"]) == (1, 1, 0)
    by_queue = {row.key: row for row in look(stage).rows(["Q1", "Q2"], [], CHANNELS, ["QUEUE", STEP])}
    assert list(by_queue) == [("Q1", expression(3))]


def test_steps_asked_for() -> None:
    """ROUT-57: however the JSON is written; with one queue and the grouping; nothing but expressions."""
    written = '{ "AttributeCondition": {"ProficiencyLevel":3.0, "Value":"French","Name":"Language"} }'
    one = {"Queues": ["Q1"], "RoutingStepExpressions": [written, expression(3)]}
    assert _steps(one, [STEP]) == [expression(3)]
    for filters, groupings in (
        ({**one, "Queues": ["Q1", "Q2"]}, [STEP]),
        (one, ["QUEUE"]),
        ({**one, "RoutingStepExpressions": ["{}"]}, [STEP]),
        ({**one, "RoutingStepExpressions": ["nonsense"]}, [STEP]),
        ({**one, "RoutingStepExpressions": [expression(3)] * 51}, [STEP]),
    ):
        with pytest.raises(ServiceError) as refused:
            _steps(filters, groupings)
        assert refused.value.code == "InvalidParameterException"


def test_steps_follow_every_move() -> None:
    """Steps kept up to date by what moved are those counted anew from the state, whatever happens."""
    random = Random(5)
    stage = Recorder(french(4, 2))
    for _ in range(300):
        anything(stage, random)
        waiting = [contact.id for contact in stage.state.contacts.values() if contact.waiting and not contact.criteria]
        if waiting:
            steps = [asks(random.choice((3, 5)), 5), asks(random.choice((1, 4)), random.choice((None, 9)))]
            stage.do(c.SetRoutingData(contact=random.choice(waiting), criteria={"Steps": steps}))
        live, anew = (
            {place: (len(ranking), ranking.first()) for place, ranking in indexes.tallies.steps().items()}
            for indexes in (stage.decider.fold.indexes, Indexes(stage.state))
        )
        assert live == anew
