"""Routing criteria: reading, steps over time, and who matches (routing.md section 9)."""

from typing import Any

import msgspec
import pytest

from switchroom.base.errors import ServiceError
from switchroom.core.routing import criteria
from switchroom.core.routing.criteria import RoutingCriteria
from switchroom.core.routing.matcher import AgentFacts, Entry, Matcher, Profile, Waiting

T0 = 1_700_000_000_000

AGENT1 = {
    ("Technology", "AWS Kinesis"): 2.0,
    ("Technology", "AWS DynamoDB"): 5.0,
    ("Technology", "AWS EC2"): 4.0,
    ("Language", "French"): 3.0,
    ("Language", "English"): 4.0,
}
AGENT2 = {
    ("Technology", "AWS DynamoDB"): 3.0,
    ("Technology", "AWS EC2"): 5.0,
    ("Technology", "AWS Neptune"): 5.0,
    ("Language", "French"): 4.0,
    ("Language", "English"): 3.0,
}


def condition(name: str, value: str, level: float, **more: Any) -> dict[str, Any]:
    operator = {"ComparisonOperator": "NumberGreaterOrEqualTo"}
    return {"AttributeCondition": {"Name": name, "Value": value, "ProficiencyLevel": level, **operator, **more}}


def french_and_dynamo(french: float, dynamo: float) -> dict[str, Any]:
    return {"AndExpression": [condition("Language", "French", french), condition("Technology", "AWS DynamoDB", dynamo)]}


def step(expression: dict[str, Any], seconds: int | None = None) -> dict[str, Any]:
    return {"Expression": expression} | ({"Expiry": {"DurationInSeconds": seconds}} if seconds else {})


VECTOR_A = {
    "Steps": [step(french_and_dynamo(4, 5), 30), step(french_and_dynamo(4, 4), 30), step(french_and_dynamo(3, 4))]
}
VECTOR_B = {
    "Steps": [step(french_and_dynamo(4, 5), 30), step(french_and_dynamo(3, 5), 30), step(french_and_dynamo(3, 4))]
}


def two_agents() -> Matcher:
    matcher = Matcher()
    matcher.set_profile(Profile("p", {"CHAT": 1}, {}, (Entry("Q", "CHAT"),)))
    matcher.set_agent(AgentFacts("Agent1", "p", True, 2, {}, AGENT1))
    matcher.set_agent(AgentFacts("Agent2", "p", True, 1, {}, AGENT2))
    return matcher


def offered(document: dict[str, Any]) -> tuple[str | None, int, RoutingCriteria]:
    """Plays a contact with these criteria: the agent, the second of the offer and the criteria at that time."""
    matcher = two_agents()
    (active,) = criteria.apply([], criteria.parse(document), T0, in_queue=True)
    now = T0
    for _ in range(10):
        matcher.put(Waiting("c", "Q", "CHAT", T0, T0, requirement=active.requirement))
        match = matcher.next_match(now)
        if match is not None:
            return match.agent, (now - T0) // 1000, active
        if active.expires_at is None:
            break
        now = active.expires_at
        assert criteria.expire(active, now - 1) == active
        active = criteria.expire(active, now)
    return None, (now - T0) // 1000, active


def statuses(one: RoutingCriteria) -> list[str]:
    return [item.status for item in one.steps]


def test_vector_a() -> None:
    """ROUT-47, ROUT-49, ROUT-50: nobody for 60 s, then Agent1 by step 3; Agent2, longer available, never matches."""
    agent, second, active = offered(VECTOR_A)
    assert (agent, second) == ("Agent1", 60)
    assert statuses(active) == ["EXPIRED", "EXPIRED", "ACTIVE"]
    assert statuses(criteria.join(active)) == ["EXPIRED", "EXPIRED", "JOINED"]


def test_vector_b() -> None:
    """ROUT-50, BLK-136: Agent1 matches at step 2, after 30 s."""
    agent, second, active = offered(VECTOR_B)
    assert (agent, second) == ("Agent1", 30)
    assert statuses(active) == ["EXPIRED", "ACTIVE", "INACTIVE"]


def test_all_steps_expired() -> None:
    """ROUT-50, BLK-136: after the last step any agent of the queue, longest available first."""
    agent, second, active = offered({"Steps": [step(french_and_dynamo(5, 5), 20)]})
    assert (agent, second) == ("Agent2", 20)
    assert statuses(active) == ["EXPIRED"]


def test_never_expiring_step() -> None:
    """ROUT-51: the contact waits for matching agents only."""
    agent, second, active = offered({"Steps": [step(french_and_dynamo(5, 5), 20), step(french_and_dynamo(5, 4))]})
    assert (agent, second) == (None, 20)
    assert active.expires_at is None


def test_activation() -> None:
    """ROUT-49, BLK-137: inert until the contact is in a standard queue; in an agent queue only the time is kept."""
    (before,) = criteria.apply([], criteria.parse(VECTOR_A), T0, in_queue=False)
    assert statuses(before) == ["INACTIVE"] * 3
    assert before.requirement is None
    active = criteria.activate(before, T0 + 1000)
    assert statuses(active) == ["ACTIVE", "INACTIVE", "INACTIVE"]
    assert (active.activated_at, active.expires_at) == (T0 + 1000, T0 + 31_000)
    assert criteria.activate(active, T0 + 2000) == active
    personal = criteria.activate_without_effect(before, T0 + 1000)
    assert (personal.activated_at, personal.requirement) == (T0 + 1000, None)


def test_late_expiry_keeps_the_schedule() -> None:
    """ROUT-50: two steps may expire at once when nobody looked; each counts from the end of the one before."""
    (active,) = criteria.apply([], criteria.parse(VECTOR_A), T0, in_queue=True)
    late = criteria.expire(active, T0 + 75_000)
    assert statuses(late) == ["EXPIRED", "EXPIRED", "ACTIVE"]
    assert late.steps[1].expires_at == T0 + 60_000


def test_replacing_criteria() -> None:
    """ROUT-52: three sets in all; the active step is interrupted."""
    steps = criteria.parse(VECTOR_A)
    history = criteria.apply([], steps, T0, in_queue=True)
    history = criteria.apply(history, steps, T0 + 5000, in_queue=True)
    assert statuses(history[0]) == ["INTERRUPTED", "INACTIVE", "INACTIVE"]
    assert [item.index for item in history] == [0, 1]
    history = criteria.apply(history, steps, T0 + 9000, in_queue=True)
    with pytest.raises(ServiceError, match="LimitExceededException"):
        criteria.apply(history, steps, T0 + 10_000, in_queue=True)


def test_customer_leaves() -> None:
    """Open steps are given up; what happened stays."""
    (active,) = criteria.apply([], criteria.parse(VECTOR_A), T0, in_queue=True)
    later = criteria.expire(active, T0 + 30_000)
    assert statuses(criteria.deactivate(later)) == ["EXPIRED", "DEACTIVATED", "DEACTIVATED"]
    joined = criteria.join(later)
    assert criteria.deactivate(joined) == joined


def test_restart_after_transfer() -> None:
    """ROUT-53: all steps inactive again, to begin at step 1 in the next queue."""
    (active,) = criteria.apply([], criteria.parse(VECTOR_A), T0, in_queue=True)
    again = criteria.restart(criteria.expire(active, T0 + 30_000))
    assert statuses(again) == ["INACTIVE"] * 3
    assert criteria.activate(again, T0 + 90_000).expires_at == T0 + 120_000


def test_or_is_either() -> None:
    """ROUT-48: OR of two; only in the dynamic form."""
    either = {"OrExpression": [condition("Language", "French", 4), condition("Technology", "AWS Kinesis", 1)]}
    document = {"Steps": [step(either)]}
    (only,) = criteria.parse(document)
    assert only.expression.satisfied_by(AGENT1)
    assert only.expression.satisfied_by(AGENT2)
    assert not only.expression.satisfied_by({("Language", "French"): 3.0})
    with pytest.raises(ServiceError, match="dynamic"):
        criteria.parse(document, dynamic=False)


def test_function_response() -> None:
    """ROUT-48: the JSON a function returns, with one value and a step that never expires."""
    document = {
        "Steps": [
            step(
                {"AndExpression": [condition("Language", "English", 4), condition("Technology", "AWS Kinesis", 2)]}, 30
            ),
            step(condition("Language", "English", 1)),
        ]
    }
    first, second = criteria.parse(document)
    assert (first.duration, second.duration) == (30, None)
    assert criteria.expression_form(first.expression) == document["Steps"][0]["Expression"]


ENGLISH = condition("Language", "English", 1)


@pytest.mark.parametrize(
    "document",
    [
        None,
        {},
        {"Steps": []},
        {"Steps": [step(ENGLISH, 10)] * 6},
        {"Steps": [step(ENGLISH), step(ENGLISH)]},
        {"Steps": [{"Expiry": {"DurationInSeconds": 5}}]},
        {"Steps": [step({})]},
        {"Steps": [step({"AndExpression": [ENGLISH] * 9})]},
        {"Steps": [step({"OrExpression": [ENGLISH] * 3})]},
        {"Steps": [step({"OrExpression": [ENGLISH]})]},
        {"Steps": [step({"AndExpression": [{"OrExpression": [ENGLISH] * 2}, {"OrExpression": [ENGLISH] * 2}]})]},
        {"Steps": [step(condition("Language", "English", 6))]},
        {"Steps": [step(condition("Language", "English", 0))]},
        {"Steps": [step({"AttributeCondition": {"Name": "Language", "Value": "English"}})]},
        {"Steps": [step(condition("Language", "", 1))]},
        {"Steps": [step(condition("Language", "English", 1, ComparisonOperator="NumberEquals"))]},
        {"Steps": [{"Expression": ENGLISH, "Expiry": {"DurationInSeconds": 0}}]},
        {"Steps": [{"Expression": ENGLISH, "Expiry": {"DurationInSeconds": "soon"}}]},
        {"Steps": ["English"]},
        {"Steps": [{"Expression": "English"}]},
    ],
)
def test_refused(document: Any) -> None:
    """ROUT-47, ROUT-48: 1..5 steps, expiry on all but the last, AND <= 8, OR = 2, one OR, level 1..5, only >=."""
    with pytest.raises(ServiceError) as caught:
        criteria.parse(document)
    assert caught.value.code == "InvalidParameterException"


def test_unknown_attribute() -> None:
    """ROUT-45: an attribute or value that is not defined is refused for new criteria."""
    steps = criteria.parse(VECTOR_A)
    known = {"Language": {"French"}, "Technology": {"AWS DynamoDB"}}
    criteria.check_attributes(steps, known)
    with pytest.raises(ServiceError):
        criteria.check_attributes(steps, known | {"Technology": {"AWS EC2"}})


def test_changed_proficiencies_count_at_once() -> None:
    """A step is evaluated against live proficiencies."""
    matcher = two_agents()
    (only,) = criteria.parse({"Steps": [step(condition("Language", "French", 5))]})
    matcher.put(Waiting("c", "Q", "CHAT", T0, T0, requirement=only.expression))
    assert matcher.next_match(T0) is None
    matcher.set_agent(AgentFacts("Agent2", "p", True, 1, {}, AGENT2 | {("Language", "French"): 5.0}))
    match = matcher.next_match(T0)
    assert match is not None
    assert match.agent == "Agent2"


def test_criteria_pass_over_others_in_the_queue() -> None:
    """ROUT-55: a contact nobody free can take does not hold up those behind it."""
    matcher = two_agents()
    (only,) = criteria.parse({"Steps": [step(condition("Language", "French", 5))]})
    matcher.put(Waiting("demanding", "Q", "CHAT", T0, T0, requirement=only.expression))
    matcher.put(Waiting("plain", "Q", "CHAT", T0 + 1000, T0 + 1000))
    match = matcher.next_match(T0 + 1000)
    assert match is not None
    assert (match.contact, match.agent) == ("plain", "Agent2")


def test_survives_encoding() -> None:
    """Criteria are part of the journal: what is read back is what was written."""
    history = criteria.apply([], criteria.parse(VECTOR_A), T0, in_queue=True)
    assert msgspec.msgpack.decode(msgspec.msgpack.encode(history), type=list[RoutingCriteria]) == history
