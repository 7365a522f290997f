"""Historical metrics over contacts that the real core has served, added up in a real database."""

from itertools import pairwise
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from msgspec.structs import replace

from switchroom.base.clock import DAY, HOUR, MINUTE, from_iso
from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.storage.postgres import Database
from switchroom.views.contacts import ContactRows
from switchroom.views.history.intervals import bounds
from switchroom.views.history.metric import STEP, SUBTYPE, catalogue
from switchroom.views.history.report import Asked, Narrowing, Question, report
from switchroom.views.records import abandoned, contact_record
from tests.core.stage import START, action, configuration, flow, to_queue_flow
from tests.core.test_queues import french, to_agent_queues
from tests.views.recorder import Recorder, project
from tests.views.test_realtime import anything
from tests.views.test_realtime_steps import asks, expression
from tests.views.test_voice import OUTSIDE, Recorded, callback_entry

WEEK = 604_800.0


async def figures(
    database: Database,
    stage: Recorder,
    *metrics: str | Asked,
    groupings: tuple[str, ...] = (),
    filters: dict[str, list[str]] | None = None,
    period: str = "TOTAL",
) -> dict[Any, list[float | None]]:
    """Values by (interval, *group); in TOTAL by group alone, and without groupings of the one row."""
    question = Question(
        instance=stage.config.instance,
        begin=START - HOUR,
        end=START + 30 * DAY,
        period=period,
        zone=ZoneInfo("UTC"),
        filters=filters or {},
        groupings=groupings,
        metrics=[one if isinstance(one, Asked) else Asked(catalogue()[one]) for one in metrics],
    )
    found = await report(database, question)
    rows = {place: found.row(*place) for place in found.places}
    return {group if period == "TOTAL" else (interval, *group): row for (interval, group), row in rows.items()}


async def row(database: Database, stage: Recorder, *metrics: str | Asked, **wanted: Any) -> dict[str, float | None]:
    """The values of the only row, by name."""
    (values,) = (await figures(database, stage, *metrics, **wanted)).values()
    names = [one if isinstance(one, str) else one.metric.name for one in metrics]
    return dict(zip(names, values, strict=True))


def level(name: str, comparison: str, seconds: float) -> Asked:
    return Asked(catalogue()[name], threshold=(comparison, seconds))


def narrowed(name: str, key: str, *values: str, negate: bool = False) -> Asked:
    return Asked(catalogue()[name], (Narrowing(key, values, negate),))


async def kept(database: Database, stage: Recorder) -> None:
    """Write everything that happened; the figures are then what the contacts' rows say."""
    await project(database, [ContactRows()], stage.batches)
    stage.batches.clear()
    for one, other in (("contact_figures", "contact_figures_now"), ("contact_figures_now", "contact_figures")):
        differing = await database.pool.fetch(f"SELECT * FROM {one} EXCEPT SELECT * FROM {other}")
        assert differing == []


def served(stage: Recorder, agent: str, contact: str, *, seconds: float = 0) -> None:
    """An agent comes, takes the contact that waits, works on it and goes."""
    stage.available(agent)
    stage.do(c.AcceptContact(agent=agent, contact=contact))
    stage.wait(seconds)
    stage.do(c.EndContact(agent=agent, contact=contact))
    stage.do(c.ClearContact(agent=agent, contact=contact))
    stage.do(c.SetStatus(agent=agent, status="offline"))


def tasks_and_a_chat() -> tuple[Recorder, str, str]:
    """A task: 90 s in queue, 14 s of work, 20 s paused, 3 s of work, 2 s after contact work. A chat: 4 s in queue,
    300 s of conversation, 5 s after contact work."""
    stage = Recorder()
    task = stage.task()
    stage.wait(90)
    stage.available("a1")
    stage.do(c.AcceptContact(agent="a1", contact=task))
    stage.wait(14)
    stage.do(c.PauseContact(contact=task))
    stage.wait(20)
    stage.do(c.ResumeContact(contact=task))
    stage.wait(3)
    stage.do(c.EndContact(agent="a1", contact=task))
    stage.wait(2)
    stage.do(c.ClearContact(agent="a1", contact=task))
    chat, customer = stage.chat()
    stage.wait(4)
    stage.do(c.AcceptContact(agent="a1", contact=chat))
    stage.wait(300)
    stage.do(c.LeaveChat(session=chat, participant=customer))
    stage.wait(5)
    stage.do(c.ClearContact(agent="a1", contact=chat))
    return stage, task, chat


NOT_FOR_TASKS = (
    *("AVG_INTERACTION_TIME", "SUM_INTERACTION_TIME", "AVG_INTERACTION_AND_HOLD_TIME"),
    *("SUM_INTERACTION_AND_HOLD_TIME", "AVG_HOLD_TIME", "AVG_HOLD_TIME_ALL_CONTACTS", "SUM_HOLD_TIME"),
)


async def test_tasks_are_measured_like_other_contacts(database: Database) -> None:
    """ROUT-109: a task is handled, queued and timed like any contact; conversation and hold are 0, never its pause."""
    stage, _, _ = tasks_and_a_chat()
    await kept(database, stage)
    task = await row(
        database,
        stage,
        *("CONTACTS_CREATED", "CONTACTS_QUEUED", "CONTACTS_HANDLED", "AVG_HANDLE_TIME", "SUM_HANDLE_TIME"),
        *("AVG_ACTIVE_TIME", "AVG_AGENT_PAUSE_TIME", "AVG_AFTER_CONTACT_WORK_TIME", "SUM_AFTER_CONTACT_WORK_TIME"),
        *("AVG_QUEUE_ANSWER_TIME", "MAX_QUEUED_TIME", "AVG_CONTACT_DURATION", "AVG_RESOLUTION_TIME"),
        filters={"CHANNEL": ["TASK"], "QUEUE": ["Q1"]},
    )
    assert task == {
        "CONTACTS_CREATED": 1, "CONTACTS_QUEUED": 1, "CONTACTS_HANDLED": 1,
        "AVG_HANDLE_TIME": 39, "SUM_HANDLE_TIME": 39, "AVG_ACTIVE_TIME": 19, "AVG_AGENT_PAUSE_TIME": 20,
        "AVG_AFTER_CONTACT_WORK_TIME": 2, "SUM_AFTER_CONTACT_WORK_TIME": 2,
        "AVG_QUEUE_ANSWER_TIME": 90, "MAX_QUEUED_TIME": 90, "AVG_CONTACT_DURATION": 127, "AVG_RESOLUTION_TIME": 129,
    }  # fmt: skip
    only = await row(database, stage, *NOT_FOR_TASKS, filters={"CHANNEL": ["TASK"]})
    assert only == dict.fromkeys(NOT_FOR_TASKS, 0)
    both = await row(database, stage, *NOT_FOR_TASKS, "AVG_HANDLE_TIME", "CONTACTS_HANDLED")
    assert both == {
        "AVG_INTERACTION_TIME": 300, "SUM_INTERACTION_TIME": 300, "AVG_INTERACTION_AND_HOLD_TIME": 300,
        "SUM_INTERACTION_AND_HOLD_TIME": 300, "AVG_HOLD_TIME": None, "AVG_HOLD_TIME_ALL_CONTACTS": 0,
        "SUM_HOLD_TIME": 0, "AVG_HANDLE_TIME": (39 + 305) / 2, "CONTACTS_HANDLED": 2,
    }  # fmt: skip
    by_channel = await figures(database, stage, "AVG_AGENT_PAUSE_TIME", "AVG_HOLD_TIME", groupings=("CHANNEL", SUBTYPE))
    assert by_channel == {("CHAT", "connect:Chat"): [None, None], ("TASK", "connect:Task"): [20, 0]}


RECOMPUTED = (
    *("CONTACTS_HANDLED", "CONTACTS_QUEUED", "SUM_HANDLE_TIME", "SUM_INTERACTION_TIME"),
    *("SUM_AFTER_CONTACT_WORK_TIME", "SUM_CONTACTS_ANSWERED_IN_X", "CONTACTS_TRANSFERRED_OUT"),
)


def of_record(made: dict[str, Any]) -> dict[str, Any]:
    """What a contact record tells of one contact: its groups, and its part of each metric of RECOMPUTED."""
    agent, queue = made["Agent"] or {}, made["Queue"] or {}
    name = queue.get("ARN", "").rpartition("/")[2]
    parts = ("AgentInteractionDuration", "CustomerHoldDuration", "AgentPauseDuration", "AfterContactWorkDuration")
    spent = [agent.get(part) for part in parts]
    return {
        "QUEUE": name if name.startswith("Q") else None,
        "AGENT": agent.get("ARN", "").rpartition("/")[2] or None,
        "CHANNEL": made["Channel"],
        "CONTACTS_HANDLED": bool(agent),
        "CONTACTS_QUEUED": bool(queue),
        "SUM_HANDLE_TIME": sum(spent) if None not in spent else 0,
        "SUM_INTERACTION_TIME": (spent[0] or 0) * (made["Channel"] != "TASK"),
        "SUM_AFTER_CONTACT_WORK_TIME": spent[3] or 0,
        "SUM_CONTACTS_ANSWERED_IN_X": bool(agent) and bool(queue) and queue["Duration"] <= 7,
        "CONTACTS_TRANSFERRED_OUT": made["NextContactId"] is not None,
    }


@pytest.mark.parametrize("seed", [3, 4])
async def test_records_give_the_same_figures(database: Database, seed: int) -> None:
    """MET-01, MET-99, MET-100: whatever happens, counts and sums are those of the contact records, of which each
    contact has one."""
    random, stage = Random(seed), Recorder(flows=[to_queue_flow("to-q2", "Q2")])
    for _ in range(600):
        anything(stage, random)
        stage.wait(random.random() * 3)
    await kept(database, stage)
    facts = [stage.facts(contact) for contact in stage.rows]
    ended = [(of_record(contact_record(one)), abandoned(one.contact)) for one in facts if one.contact.disconnected_at]
    assert len(ended) > 50 and any(left for _, left in ended)
    asked = [level(name, "LTE", 7) if name.endswith("_X") else name for name in RECOMPUTED]
    groupings: tuple[tuple[str, ...], ...] = (("QUEUE",), ("AGENT", "CHANNEL"), ("CHANNEL", "QUEUE"))
    for keys in groupings:
        expected: dict[Any, list[float]] = {}
        for record, left in ended:
            group = tuple(record[key] for key in keys)
            if None not in group:
                sums = expected.setdefault(group, [0.0] * (len(RECOMPUTED) + 1))
                for place, part in enumerate([*(record[name] for name in RECOMPUTED), left]):
                    sums[place] += part
        assert await figures(database, stage, *asked, "CONTACTS_ABANDONED", groupings=keys) == expected


async def test_service_levels_of_hours_and_days(database: Database) -> None:
    """ROUT-109, HM-87, HM-60, HM-62, HM-76: any threshold to seven days; LT leaves the threshold out, LTE takes it in;
    who leaves the queue unanswered within it has left it as well."""
    stage = Recorder()
    waits = (20 * 60, 2 * 3600, 3 * 86_400, 6 * 86_400)
    for place, seconds in enumerate(waits):
        task = stage.task()
        stage.wait(seconds)
        if place == 2:
            stage.do(c.StopContact(contact=task))
        else:
            served(stage, "a1", task)
    await kept(database, stage)

    async def share(comparison: str, seconds: float) -> float | None:
        return (await row(database, stage, level("SERVICE_LEVEL", comparison, seconds)))["SERVICE_LEVEL"]

    assert [await share("LTE", seconds) for seconds in (60, *waits, WEEK)] == [0, 25, 50, 75, 100, 100]
    assert [await share("LT", seconds) for seconds in waits] == [0, 25, 50, 75]
    counts = await row(
        database,
        stage,
        level("SUM_CONTACTS_ANSWERED_IN_X", "LTE", 4 * 86_400),
        level("SUM_CONTACTS_ABANDONED_IN_X", "LTE", 4 * 86_400),
        level("CONTACTS_RESOLVED_IN_X", "LT", 3 * 86_400),
        *("CONTACTS_ABANDONED", "ABANDONMENT_RATE", "AVG_ABANDON_TIME"),
    )
    assert list(counts.values()) == [2, 1, 2, 1, 25, 3 * 86_400]


async def test_groups_are_of_what_a_contact_was(database: Database) -> None:
    """MET-95: by queue all agents, by agent all queues, by both the intersection; unanswered ones have no agent."""
    config = configuration()
    groups = (("arn/agent-group/emea", "EMEA"), ("arn/agent-group/paris", "Paris"))
    config.users["a2"] = replace(config.users["a2"], hierarchy=groups)
    stage = Recorder(config, [to_queue_flow("to-q2", "Q2")])
    for agent, way in (("a1", "to-queue"), ("a2", "to-queue"), ("a1", "to-q2")):
        served(stage, agent, stage.task(flow=way))
    stage.do(c.StopContact(contact=stage.task(flow="to-q2")))
    await kept(database, stage)

    async def handled(*groupings: str, **filters: list[str]) -> dict[Any, Any]:
        found = await figures(database, stage, "CONTACTS_QUEUED", "CONTACTS_HANDLED", groupings=groupings,
                              filters=dict(filters))  # fmt: skip
        return {group: tuple(values) for group, values in found.items()}

    assert await handled("AGENT") == {("a1",): (2, 2), ("a2",): (1, 1)}
    assert await handled("QUEUE") == {("Q1",): (2, 2), ("Q2",): (2, 1)}
    assert await handled("QUEUE", "AGENT") == {("Q1", "a1"): (1, 1), ("Q1", "a2"): (1, 1), ("Q2", "a1"): (1, 1)}
    assert await handled("ROUTING_PROFILE") == {("P",): (3, 3)}
    assert await handled("AGENT_HIERARCHY_LEVEL_TWO", "AGENT_HIERARCHY_LEVEL_ONE") == {("paris", "emea"): (1, 1)}
    assert await handled("AGENT", QUEUE=["Q2"]) == {("a1",): (1, 1)}
    assert await handled(AGENT_HIERARCHY_LEVEL_ONE=["emea"], CHANNEL=["TASK", "CHAT"]) == {(): (1, 1)}
    assert await handled(CHANNEL=["VOICE"]) == {}
    assert await handled(FEATURE=["contact_lens_conversational_analytics"]) == {}


async def test_contacts_of_personal_queues_have_no_queue(database: Database) -> None:
    """MET-171: agent queues are not reported; their contacts count with the agent."""
    stage = Recorder(flows=[to_agent_queues()])
    served(stage, "a2", stage.task(flow=None, quick_connect="to-a2"))
    await kept(database, stage)
    assert await figures(database, stage, "CONTACTS_HANDLED", groupings=("QUEUE",)) == {}
    assert await figures(database, stage, "CONTACTS_HANDLED", groupings=("AGENT",)) == {("a2",): [1]}


async def test_what_a_contact_became_of_counts_at_its_end(database: Database) -> None:
    """MET-05, HM-65, HM-66: handled rises when the contact ends, by connected timestamp when it is connected; means
    that need after contact work wait for its end."""
    stage = Recorder()
    chat, customer = stage.chat()
    stage.wait(7)
    stage.available("a1")
    names = ("CONTACTS_HANDLED_BY_CONNECTED_TO_AGENT", "CONTACTS_HANDLED", "AVG_HANDLE_TIME", "SUM_INTERACTION_TIME")

    async def values() -> list[Any]:
        await kept(database, stage)
        return list((await figures(database, stage, *names)).values())

    assert await values() == []
    stage.do(c.AcceptContact(agent="a1", contact=chat))
    assert await values() == [[1, 0, None, 0]]
    stage.wait(60)
    stage.do(c.LeaveChat(session=chat, participant=customer))
    stage.wait(9)
    assert await values() == [[1, 1, None, 60]]
    stage.do(c.ClearContact(agent="a1", contact=chat))
    assert await values() == [[1, 1, 69, 60]]
    by_hour = await figures(database, stage, *names, period="HOUR", groupings=("AGENT",))
    moved = {interval: row for (interval, _), row in by_hour.items() if row[0] or row[1]}
    assert moved == {1: [1, 1, 69, 60]}


async def test_transfers(database: Database) -> None:
    """HM-95..HM-99, HM-63, HM-92..HM-94: each segment that goes on counts once; the one that comes says how it came."""
    wait = action("wait", "Wait", TimeLimitSeconds="8")
    over = {"NextAction": "hop", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}
    failed = {"NextAction": "end", "ErrorType": "NoMatchingError"}
    wait["Transitions"] = {"Conditions": [over], "Errors": [failed]}
    hop = action("hop", "DequeueContactAndTransferToQueue", "end", QueueId="Q1")
    queueing = flow("queue-flow", [wait, hop, action("end", "EndFlowExecution")], "CUSTOMER_QUEUE")
    stage = Recorder(flows=[queueing])
    stage.available("a1")
    first = stage.task()
    stage.do(c.AcceptContact(agent="a1", contact=first))
    second = stage.do(c.TransferAgentContact(agent="a1", contact=first, quick_connect="to-q2"))["contact"]
    stage.do(c.SetStatus(agent="a1", status="offline"))
    stage.wait(8)
    third = next(one for one in stage.state.contacts.values() if one.previous_id == second)
    served(stage, "a2", third.id)
    await kept(database, stage)
    names = [f"CONTACTS_TRANSFERRED_OUT{way}" for way in ("", "_BY_AGENT", "_INTERNAL", "_EXTERNAL", "_FROM_QUEUE")]
    names.append("CONTACTS_ABANDONED")
    found = await figures(database, stage, *names, groupings=("QUEUE",))
    assert found == {("Q1",): [1, 1, 1, 0, 0, 0], ("Q2",): [1, 0, 0, 0, 1, 0]}
    came: list[str | Asked] = [
        "CONTACTS_CREATED",
        narrowed("CONTACTS_CREATED", "INITIATION_METHOD", "TRANSFER", "QUEUE_TRANSFER"),
        narrowed("CONTACTS_CREATED", "INITIATION_METHOD", "TRANSFER"),
        narrowed("CONTACTS_CREATED", "INITIATION_METHOD", "QUEUE_TRANSFER"),
        narrowed("CONTACTS_HANDLED", "INITIATION_METHOD", "API", negate=True),
        narrowed("CONTACTS_HANDLED", "DISCONNECT_REASON", "AGENT_DISCONNECT"),
        narrowed("CONTACTS_HANDLED", "DISCONNECT_REASON", "AGENT_DISCONNECT", negate=True),
        level("SERVICE_LEVEL", "LTE", 1),
    ]
    found = await figures(database, stage, *came, groupings=("QUEUE",))
    assert found == {("Q1",): [2, 1, 0, 1, 1, 1, 1, 100], ("Q2",): [1, 1, 1, 0, 0, 0, 0, 0]}


async def test_calls(database: Database) -> None:
    """HM-13, HM-14, HM-33, HM-34, HM-37, HM-59, HM-73, HM-78: hold, and the conversation without it."""
    phones = Recorded()
    held = phones.connected()
    customer = phones.leg(held, "customer")
    phones.wait(60)
    phones.do(vc.HoldLeg(agent="a1", contact=held, leg=customer))
    phones.wait(30)
    phones.do(vc.ResumeLeg(agent="a1", contact=held, leg=customer))
    phones.wait(15)
    phones.hang_up(held)
    phones.wait(10)
    phones.finished(held)
    await kept(database, phones)
    found = await row(
        database,
        phones,
        *("AVG_HOLD_TIME", "AVG_HOLD_TIME_ALL_CONTACTS", "AVG_HOLDS", "CONTACTS_PUT_ON_HOLD", "SUM_HOLD_TIME"),
        *("SUM_INTERACTION_TIME", "SUM_INTERACTION_AND_HOLD_TIME", "SUM_HANDLE_TIME"),
        narrowed("CONTACTS_HANDLED", "INITIATION_METHOD", "INBOUND"),
        groupings=("QUEUE",),
    )
    assert list(found.values()) == [30, 30, 1, 1, 30, 75, 105, 115, 1]


async def test_a_customer_left_with_somebody_outside(database: Database) -> None:
    """HM-95..HM-98: the agent has sent the call outside; the outsider's own record is in no queue."""
    phones = Recorded()
    contact = phones.connected()
    phones.do(vc.AddCallParticipant(agent="a1", contact=contact, number=OUTSIDE))
    third = phones.leg(contact, "third")
    phones.answer(contact, third)
    phones.do(vc.JoinLegs(agent="a1", contact=contact))
    phones.do(c.EndContact(agent="a1", contact=contact))
    phones.wait(25)
    phones.do(vc.LegGone(call=phones.call(contact).id, leg=third, cause="hangup"))
    phones.finished(contact)
    await kept(database, phones)
    names = [f"CONTACTS_TRANSFERRED_OUT{way}" for way in ("", "_BY_AGENT", "_INTERNAL", "_EXTERNAL", "_FROM_QUEUE")]
    assert await figures(database, phones, *names, groupings=("QUEUE",)) == {("Q1",): [1, 1, 0, 1, 0]}


async def test_calls_out_belong_to_their_outbound_queue(database: Database) -> None:
    """HM-68, HM-63: they were never in a queue, and are handled when the customer was reached."""
    phones = Recorded()
    for reached in (True, False):
        contact = phones.do(vc.DialCall(agent="a1", number=OUTSIDE))["contact"]
        phones.answer(contact, phones.leg(contact, "a1"))
        phones.hear_out()
        phones.wait(9)
        if reached:
            phones.answer(contact, phones.leg(contact, "customer"))
            phones.hear_out()
            phones.wait(40)
            phones.hang_up(contact)
        else:
            phones.hang_up(contact, cause="busy")
        phones.finished(contact)
    await kept(database, phones)
    asked = (
        narrowed("CONTACTS_CREATED", "INITIATION_METHOD", "OUTBOUND"),
        narrowed("CONTACTS_HANDLED", "INITIATION_METHOD", "OUTBOUND"),
        *("CONTACTS_QUEUED", "CONTACTS_ABANDONED", "SUM_HANDLE_TIME"),
    )
    assert await figures(database, phones, *asked, groupings=("QUEUE",)) == {("Q1",): [2, 1, 0, 0, 40]}


async def test_a_queued_callback_is_not_abandoned(database: Database) -> None:
    """HM-51, HM-58, B6: who asked for a callback left the queue; the callback is handled by its own contact."""
    phones = Recorded("entry", [callback_entry()])
    phones.arrive()
    callback = next(iter(phones.state.contacts))
    phones.wait(21)
    phones.available("a1")
    phones.do(c.AcceptContact(agent="a1", contact=callback))
    phones.answer(callback, phones.leg(callback, "a1"))
    phones.wait(10)
    phones.hear_out()
    phones.answer(callback, phones.leg(callback, "customer"))
    phones.wait(15)
    phones.hear_out()
    phones.hang_up(callback)
    phones.finished(callback)
    await kept(database, phones)
    asked = (
        *("CONTACTS_QUEUED", "CONTACTS_ABANDONED", "AVG_QUEUE_ANSWER_TIME"),
        narrowed("CONTACTS_HANDLED", "INITIATION_METHOD", "CALLBACK"),
    )
    assert await figures(database, phones, *asked, groupings=("QUEUE",)) == {("Q1",): [1, 0, 21, 1]}


async def test_supervisors_who_listen_handle_nothing(database: Database) -> None:
    """HM-65: the contact of a monitoring supervisor is nobody's work."""
    phones = Recorded(enhanced_voice_monitoring=True)
    contact = phones.connected()
    phones.available("s1")
    watching = phones.do(vc.MonitorCall(contact=contact, user="s1", capabilities=("SILENT_MONITOR",)))["contact"]
    phones.answer(watching, phones.leg(contact, "s1"))
    phones.do(c.EndContact(agent="s1", contact=watching))
    phones.hang_up(contact)
    phones.finished(contact)
    await kept(database, phones)
    assert await figures(database, phones, "CONTACTS_HANDLED", groupings=("AGENT",)) == {("a1",): [1]}


async def test_routing_steps(database: Database) -> None:
    """RT-71: of the contacts that entered a step, how many were joined under it and for how many it ran out."""
    stage = Recorder(french(5, 2))
    steps = {"Steps": [asks(5, 30), asks(2)]}

    def waiting() -> str:
        contact: str = stage.task()
        stage.do(c.SetRoutingData(contact=contact, criteria=steps))
        return contact

    served(stage, "a1", waiting(), seconds=10)
    late = waiting()
    stage.wait(31)
    served(stage, "a2", late, seconds=20)
    stage.do(c.StopContact(contact=waiting()))
    stage.do(c.StopContact(contact=stage.task()))
    await kept(database, stage)
    names = ("STEP_CONTACTS_QUEUED", "PERCENT_CONTACTS_STEP_JOINED", "PERCENT_CONTACTS_STEP_EXPIRED",
             "CONTACTS_HANDLED", "AVG_HANDLE_TIME", "CONTACTS_ABANDONED")  # fmt: skip
    found = await figures(database, stage, *names, groupings=("QUEUE", STEP))
    third = pytest.approx(100 / 3)
    assert found == {("Q1", expression(5)): [3, third, third, 1, 10, 1], ("Q1", expression(2)): [1, 100, 0, 1, 20, 0]}
    assert await figures(database, stage, *names[:2], filters={STEP: [expression(2)]}) == {(): [1, 100]}


def test_intervals_follow_the_clock_of_the_zone() -> None:
    """MET-91, MET-92: quarters, halves and hours of the clock, days of 23 and 25 hours, weeks from Monday on."""
    berlin, delhi = ZoneInfo("Europe/Berlin"), ZoneInfo("Asia/Kolkata")
    begin, end = from_iso("2026-10-24T22:00:00Z"), from_iso("2026-10-26T23:00:00Z")
    days = bounds(begin, end, "DAY", berlin)
    assert [(after - before) // HOUR for before, after in pairwise(days)] == [24 + 1, 24]
    assert len(bounds(begin, end, "THIRTY_MIN", berlin)) == 49 * 2 + 1
    spring = bounds(from_iso("2026-03-28T23:00:00Z"), from_iso("2026-03-29T22:00:00Z"), "DAY", berlin)
    assert spring[-1] - spring[0] == 23 * HOUR and len(spring) == 2
    hours = bounds(from_iso("2026-11-01T10:10:00Z"), from_iso("2026-11-01T12:00:00Z"), "HOUR", delhi)
    assert [(one - hours[0]) // MINUTE for one in hours] == [0, 20, 80, 110]
    quarters = bounds(from_iso("2026-11-01T10:10:00Z"), from_iso("2026-11-01T10:40:00Z"), "FIFTEEN_MIN", delhi)
    assert [(one - quarters[0]) // MINUTE for one in quarters] == [0, 5, 20, 30]
    weeks = bounds(from_iso("2026-11-04T00:00:00Z"), from_iso("2026-11-20T00:00:00Z"), "WEEK", ZoneInfo("UTC"))
    assert [(one - weeks[0]) // DAY for one in weeks] == [0, 5, 12, 16]
    assert bounds(begin, end, "TOTAL", berlin) == [begin, end]
