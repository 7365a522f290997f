"""Real-time metrics by driving the real core: what the centre shows, added up."""

import contextlib
from collections.abc import Sequence
from random import Random
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core.commands import Command
from switchroom.core.config import Configuration, ProfileSettings, QueueSettings, UserSettings
from switchroom.core.indexes import Indexes
from switchroom.core.realtime import queue_counts
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.views.realtime import METRICS, Board, Moment, RealTime, Row
from tests.core.stage import configuration
from tests.views.recorder import Recorder

ALL = ("VOICE", "CHAT", "TASK")


def look(stage: Recorder) -> Board:
    answer = stage.do(c.RealTimeView())
    return Board(msgspec.convert(msgspec.msgpack.decode(msgspec.msgpack.encode(answer)), Moment))


def row(board: Board, queue: str, channels: Sequence[str] = ALL) -> Row:
    return board.rows([queue], [], channels, ["QUEUE"])[0]


def values(found: Row) -> dict[str, float]:
    return {name: compute(found) for name, compute in METRICS.items()}


def three_queues() -> Configuration:
    """user1 (voice 1, queue1), user2 (voice 1, queue2), tested and admin (voice 1, chat 2, task 1, BasicQueue)."""
    profiles = [
        Profile("P1", {"VOICE": 1}, {}, (Entry("queue1", "VOICE"),)),
        Profile("P2", {"VOICE": 1}, {}, (Entry("queue2", "VOICE"),)),
        Profile(
            "basic", {"VOICE": 1, "CHAT": 2, "TASK": 1}, {}, tuple(Entry("BasicQueue", channel) for channel in ALL)
        ),
    ]
    users = {"user1": "P1", "user2": "P2", "tested": "basic", "admin": "basic"}
    return configuration(
        queues={q: QueueSettings(q, f"arn/queue/{q}", q) for q in ("queue1", "queue2", "BasicQueue")},
        profiles={p.id: ProfileSettings(p.id, f"arn/{p.id}", p.id, p) for p in profiles},
        users={name: UserSettings(name, f"arn/agent/{name}", name, profile=p) for name, p in users.items()},
        quick_connects={},
    )


def test_three_queues_without_contacts() -> None:
    """MET-170, RT-13, RT-16, RT-49: online, available, availability of vector V9, a row each and in sum."""
    stage = Recorder(three_queues())
    stage.available("user1", "user2", "tested")
    stage.do(c.SetStatus(agent="admin", status="offline"))
    board = look(stage)
    names = ("AGENTS_ONLINE", "AGENTS_AVAILABLE", "SLOTS_AVAILABLE")
    for queue, expected in {"queue1": (1, 1, 1), "queue2": (1, 1, 1), "BasicQueue": (1, 1, 2)}.items():
        assert tuple(values(row(board, queue))[name] for name in names) == expected
    everything = board.rows(["queue1", "queue2", "BasicQueue"], [], ALL, [])
    assert len(everything) == 1
    total = values(everything[0])
    assert tuple(total[name] for name in names) == (3, 3, 4)
    for name in ("AGENTS_ON_CONTACT", "AGENTS_NON_PRODUCTIVE", "AGENTS_AFTER_CONTACT_WORK", "AGENTS_ERROR"):
        assert total[name] == 0
    for name in ("SLOTS_ACTIVE", "CONTACTS_IN_QUEUE", "CONTACTS_SCHEDULED", "OLDEST_CONTACT_AGE"):
        assert total[name] == 0


def test_one_of_three_chats() -> None:
    """RT-16, RT-13: an agent with one of three chats is not Available and has two slots (vector V3)."""
    profile = Profile("P", {"VOICE": 1, "CHAT": 3}, {}, (Entry("Q1", "VOICE"), Entry("Q1", "CHAT")))
    stage = Recorder(configuration(profiles={"P": ProfileSettings("P", "arn/P", "P", profile)}))
    stage.available("a1")
    contact, _ = stage.chat()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    found = values(row(look(stage), "Q1"))
    assert (found["SLOTS_AVAILABLE"], found["AGENTS_AVAILABLE"], found["SLOTS_ACTIVE"]) == (2, 0, 1)
    assert (found["AGENTS_ON_CONTACT"], found["AGENTS_STAFFED"]) == (1, 1)


def test_the_way_of_a_contact_through_the_metrics() -> None:
    """RT-03, RT-04, RT-48, RT-53, RT-57: waiting, offered, connected, after contact work."""
    stage = Recorder()
    contact, customer = stage.chat()
    stage.wait(7)
    waiting = values(row(look(stage), "Q1"))
    assert (waiting["CONTACTS_IN_QUEUE"], waiting["OLDEST_CONTACT_AGE"]) == (1, 7)
    stage.available("a1")
    offered = values(row(look(stage), "Q1"))
    assert offered["CONTACTS_IN_QUEUE"] == 0
    assert offered["AGENTS_ON_CONTACT"] == 0
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    connected = values(row(look(stage), "Q1"))
    assert (connected["AGENTS_ON_CONTACT"], connected["SLOTS_ACTIVE"], connected["AGENTS_AVAILABLE"]) == (1, 1, 0)
    stage.do(c.LeaveChat(session=contact, participant=customer))
    working = values(row(look(stage), "Q1"))
    assert (working["AGENTS_AFTER_CONTACT_WORK"], working["AGENTS_ON_CONTACT"], working["SLOTS_ACTIVE"]) == (1, 1, 1)
    assert values(row(look(stage), "Q1", ["TASK"]))["SLOTS_ACTIVE"] == 0
    stage.do(c.ClearContact(agent="a1", contact=contact))
    assert values(row(look(stage), "Q1"))["AGENTS_AVAILABLE"] == 1


def test_missed_and_statuses() -> None:
    """RT-39, RT-45, RT-58: a missed contact is an error; a custom status is not staffed; online is the sum of both."""
    stage = Recorder()
    stage.available("a1")
    stage.chat()
    stage.wait(21)
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    found = values(row(look(stage), "Q1"))
    assert (found["AGENTS_ERROR"], found["AGENTS_AVAILABLE"]) == (1, 0)
    assert (found["AGENTS_NON_PRODUCTIVE"], found["AGENTS_STAFFED"], found["AGENTS_ONLINE"]) == (1, 1, 2)


def test_a_paused_task_is_active_and_frees_its_slot() -> None:
    """RT-03, RT-16: metrics.md B2."""
    stage = Recorder()
    stage.available("a1")
    contact = stage.task()
    stage.do(c.AcceptContact(agent="a1", contact=contact))
    assert values(row(look(stage), "Q1", ["TASK"]))["SLOTS_AVAILABLE"] == 1
    stage.do(c.PauseContact(contact=contact))
    found = values(row(look(stage), "Q1", ["TASK"]))
    assert (found["SLOTS_ACTIVE"], found["SLOTS_AVAILABLE"]) == (1, 2)


def test_groupings() -> None:
    """MET-170: by queue and channel, by routing profile, in all."""
    stage = Recorder()
    stage.available("a1", "a2")
    stage.chat()
    stage.task()
    stage.chat()
    stage.chat()
    stage.chat()
    stage.chat()
    board = look(stage)
    by_channel = {found.key: found for found in board.rows(["Q1", "Q2"], [], ["CHAT", "TASK"], ["QUEUE", "CHANNEL"])}
    assert set(by_channel) == {(queue, channel) for queue in ("Q1", "Q2") for channel in ("CHAT", "TASK")}
    assert by_channel["Q1", "CHAT"].size == 1
    assert by_channel["Q2", "CHAT"].size == 0
    by_profile = board.rows([], ["P"], ALL, ["ROUTING_PROFILE"])
    assert [(found.key, found.agents.online) for found in by_profile] == [(("P",), 2)]


def test_inactive_queues_have_no_row() -> None:
    """MET-06: neither a contact nor an agent online."""
    stage = Recorder()
    assert not row(look(stage), "Q1").live
    contact, _ = stage.chat()
    board = look(stage)
    assert row(board, "Q1").live
    assert not row(board, "Q2").live
    assert stage.contact(contact).place == "queue"


def test_agent_queues() -> None:
    """The personal queue of an agent has that agent alone."""
    stage = Recorder()
    stage.available("a1", "a2")
    assert values(row(look(stage), "own-a1"))["AGENTS_ONLINE"] == 1


def test_agents_of_a_queue_for_flows() -> None:
    """BLK-043: staffing as flows check it; `available` has a free slot for the queue."""
    stage = Recorder()
    stage.available("a1")
    stage.do(c.SetStatus(agent="a2", status="lunch"))
    counts = queue_counts(stage.state, stage.decider.fold.indexes, stage.config, "Q1", "CHAT", stage.now)
    assert (counts.size, counts.oldest_age_ms) == (0, 0)
    agents = counts.agents
    assert (agents.online, agents.staffed, agents.available, agents.non_productive) == (2, 1, 1, 1)
    for _ in range(3):
        stage.chat()
    stage.wait(3)
    counts = queue_counts(stage.state, stage.decider.fold.indexes, stage.config, "Q1", None, stage.now)
    assert (counts.size, counts.oldest_age_ms) == (1, 3_000)
    voice = queue_counts(stage.state, stage.decider.fold.indexes, stage.config, "Q1", "VOICE", stage.now)
    assert (voice.size, voice.agents.online) == (0, 0)


def anything(stage: Recorder, random: Random) -> None:
    """One step that may happen now, or a refusal."""
    contacts = list(stage.state.contacts)
    contact = random.choice(contacts) if contacts else ""
    agent = random.choice(("a1", "a2"))
    commands: list[Command] = [
        c.StartTask(name="Task", flow="to-queue"),
        c.AcceptContact(agent=agent, contact=contact),
        c.RejectContact(agent=agent, contact=contact),
        c.EndContact(agent=agent, contact=contact),
        c.ClearContact(agent=agent, contact=contact),
        c.StopContact(contact=contact),
        c.PauseContact(contact=contact),
        c.ResumeContact(contact=contact),
        c.TransferAgentContact(agent=agent, contact=contact, quick_connect="to-q2"),
        c.SetStatus(agent=agent, status=random.choice(("available", "lunch", "offline"))),
    ]
    step = random.randrange(len(commands) + 2)
    with contextlib.suppress(ServiceError):
        if step == len(commands):
            stage.chat()
        elif step > len(commands):
            stage.wait(random.choice((1, 7, 31)))
        else:
            stage.do(commands[step])


def rows_of(indexes: Indexes, stage: Recorder) -> list[Any]:
    """Rows of agents; how a contact that is over had begun is known only to those who saw it."""
    rows = indexes.tallies.rows(stage.config)
    return [{**row, "slots": [{**slot, "method": None} for slot in row["slots"]]} for _, row in sorted(rows.items())]


def test_counts_follow_every_move() -> None:
    """Counts kept up to date by what moved are those counted anew from the state, whatever happens."""
    random = Random(11)
    stage = Recorder()
    for _ in range(400):
        anything(stage, random)
        live, anew = stage.decider.fold.indexes, Indexes(stage.state)
        for queue in ("Q1", "Q2", "own-a1"):
            for channel in (None, "CHAT", "TASK"):
                asked = (stage.config, queue, channel, stage.now)
                assert queue_counts(stage.state, live, *asked) == queue_counts(stage.state, anew, *asked)
        assert rows_of(live, stage) == rows_of(anew, stage)


class Counted:
    """Centres that count how often they are asked."""

    def __init__(self, stage: Recorder) -> None:
        self.stage = stage
        self.asked = 0

    async def submit(self, instance: str, command: Any) -> Any:
        self.asked += 1
        return self.stage.do(command)


async def test_one_look_a_second() -> None:
    """Dashboards share one look at the centre."""
    stage = Recorder()
    centres = Counted(stage)
    clock = [0]
    realtime = RealTime(centres, lambda: clock[0])
    first = await realtime.board("i")
    clock[0] = 999
    assert await realtime.board("i") is first
    clock[0] = 1_000
    assert await realtime.board("i") is not first
    assert centres.asked == 2


def test_an_agent_who_is_not_heard_of() -> None:
    """ROUT-111, RT-13: online and staffed as the status says, but neither available nor with a slot."""
    stage = Recorder()
    stage.available("a1")
    stage.do(c.LogIn(agent="a1"))
    names = ("AGENTS_STAFFED", "AGENTS_AVAILABLE", "SLOTS_AVAILABLE")
    assert tuple(values(row(look(stage), "Q1"))[name] for name in names) == (1, 1, 2)
    stage.do(c.LoseAgent(agent="a1"))
    assert tuple(values(row(look(stage), "Q1"))[name] for name in names) == (1, 0, 0)
