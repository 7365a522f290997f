"""Recorded days played again: with the configuration of then everybody gets the same agent at the same moment."""

from random import Random
from typing import Any

import msgspec
import pytest
import yaml

from switchroom.core.config import Configuration
from switchroom.core.event import Event
from switchroom.core.events import AnyEvent
from switchroom.core.routing.matcher import Profile
from switchroom.features.simulation.cast import cast_of
from switchroom.features.simulation.play import START, Play
from switchroom.features.simulation.recording import Recorder, Recording
from switchroom.features.simulation.replay import Replay
from switchroom.features.simulation.scenario import Scenario, load
from tests.core.test_call_storms import Storm
from tests.core.test_invariants import History
from tests.core.test_invariants import _random_step as random_step

_DAY: dict[str, Any] = {
    "start": "08:00",
    "hours": 3,
    "queues": {
        "Calls": {
            "arrivals": {"per_hour": [60, 130, 90]},
            "handle": {"exponential": 150},
            "wrap": {"exponential": 25},
            "patience": {"exponential": 120},
        },
        "English": {
            "arrivals": {"per_hour": 40},
            "handle": {"exponential": 200},
            "patience": {"exponential": 200},
            "needs": {"Language:English": 3},
            "needs_for": 30,
            "priority": 3,
        },
        "Chats": {"channel": "CHAT", "arrivals": {"per_hour": 60}, "handle": {"gamma": {"mean": 240, "deviation": 90}}},
        "Tasks": {"channel": "TASK", "arrivals": {"per_hour": 25}, "handle": {"uniform": [60, 300]}, "limit": 20},
    },
    "profiles": {
        "Voice": {"queues": {"Calls": 1, "English": {"priority": 1, "delay": 15}}, "concurrency": {"VOICE": 1}},
        "All": {
            "queues": {"English": 1, "Chats": 2, "Calls": {"priority": 2, "delay": 20}, "Tasks": 3},
            "concurrency": {"VOICE": 1, "CHAT": 3, "TASK": 1},
            "cross": ["CHAT", "TASK"],
        },
    },
    "staff": [
        {"profile": "Voice", "count": 5, "shift": "08:00-10:00", "answer": {"uniform": [1, 6]}, "miss": 0.08},
        {"profile": "Voice", "count": 4, "shift": "09:30-11:30", "breaks": ["10:30-10:45"], "miss": 0.05},
        {"profile": "All", "count": 8, "breaks": ["09:30-09:45"], "skills": {"Language:English": 4}, "answer": 2},
    ],
}


def _scenario(**changes: Any) -> Scenario:
    return next(iter(load(yaml.safe_dump({**_DAY, **changes}, sort_keys=False)).values()))


def _recorded(scenario: Scenario, seed: int, begin: int = 0) -> Recording:
    """The journal of a played day, through JSON and back, from `begin` on."""
    recorder = Recorder(begin)
    events: list[Event] = []
    Play(scenario, seed, record=events.append).run()
    decoder = msgspec.json.Decoder(AnyEvent)
    for seq, event in enumerate(events, 1):
        recorder.hear(seq, decoder.decode(msgspec.json.encode(event)))
    return recorder.recording


@pytest.mark.parametrize("seed", [1, 2])
@pytest.mark.parametrize("begin", [0, START + 3_600_000], ids=["whole", "from-the-middle"])
def test_a_day_replayed_is_the_same_day(seed: int, begin: int) -> None:
    """Every contact goes to the agent it went to, at the same millisecond; misses, breaks and abandons included."""
    day = _scenario()
    recording = _recorded(day, seed, begin)
    outcomes = Replay(recording, cast_of(day).config).run()
    queued = [one for one in recording.scripts.values() if one.queued_at is not None and one.queued_at >= begin]
    assert len(queued) > 200
    for script in queued:
        outcome = outcomes.get(script.id)
        found = (outcome.agent, outcome.accepted_at) if outcome is not None and outcome.agent else None
        assert found == script.accepted, script.id


@pytest.mark.parametrize("seed", range(40, 50))
def test_storms_of_calls_replayed(seed: int) -> None:
    """Callbacks, transfers, calls out, monitoring, rejected and failed calls: whatever held agents then holds them
    again, so every offer is the same."""
    storm = Storm(seed)
    for _ in range(400):
        storm.step()
    _same(storm.phones.events, storm.phones.decider.config)


@pytest.mark.parametrize("seed", [3, 6])
def test_long_histories_replayed(seed: int) -> None:
    """ROUT-50: chats and tasks with criteria whose steps expire, moved, paused, handed on, and agents' own queues."""
    history, random = _Steady(), Random(seed)
    history.open(seed)
    for _ in range(400):
        random_step(history, random)
    _same(history.stage.events, history.stage.config)


class _Steady(History):
    """Nobody edits the configuration meanwhile."""

    def reconfigure(self, seed: int, kind: str) -> None:
        return


def _same(events: list[Event], config: Configuration) -> None:
    recorder = Recorder(0)
    for seq, event in enumerate(events, 1):
        recorder.hear(seq, event)
    outcomes = Replay(recorder.recording, config).run()
    for script in recorder.recording.scripts.values():
        outcome = outcomes.get(script.id)
        found = (outcome.agent, outcome.accepted_at) if outcome is not None and outcome.agent else None
        assert script.queued_at is None or found == script.accepted, script.id


def test_another_routing_replayed() -> None:
    """With another configuration nobody is lost or held twice, who was served talks as long as then, and a second
    agent less makes customers wait."""
    day = _scenario(hours=2)
    recording = _recorded(day, 5)
    config = cast_of(day).config
    gone = ["agent-1-1", "agent-3-1", "agent-3-2"]
    users = {name: user for name, user in config.users.items() if name not in gone}
    profiles = {
        name: msgspec.structs.replace(
            profile, routing=Profile(name, {"VOICE": 1, "CHAT": 1, "TASK": 2}, {}, profile.routing.entries[::-1])
        )
        for name, profile in config.profiles.items()
    }
    replay = Replay(recording, msgspec.structs.replace(config, users=users, profiles=profiles), exact=False)
    outcomes = replay.run()
    queued = [one for one in recording.scripts.values() if one.queued_at is not None]
    assert {one.id for one in queued} == outcomes.keys() | replay.state.contacts.keys()
    assert not any(agent.slots for agent in replay.state.agents.values())
    assert not {outcome.agent for outcome in outcomes.values()} & set(gone)
    both = [(one.accepted[1], outcomes[one.id].accepted_at) for one in queued if one.accepted and one.id in outcomes]
    assert sum(now - then for then, now in both if now is not None) > 0


def test_what_is_read_of_a_recording() -> None:
    """The middle answer, talk and work after it stand in for what was not recorded; a next status is no deed."""
    recording = _recorded(_scenario(hours=1), 3)
    usual = recording.usual()
    queues = {one.queue for one in recording.scripts.values() if one.queue is not None}
    assert usual.talk.keys() == usual.wrap.keys() == queues | {None}
    assert 1_000 <= usual.answer <= 6_000
    statuses = [step.event for step in recording.agents]
    assert len(statuses) > 17 and all(step.at >= START for step in recording.agents)
