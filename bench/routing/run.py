"""Speed of the matcher beside a naive one that looks at every agent and every contact, with the same assignments."""

import gc
import sys
import time
from collections.abc import Mapping
from random import Random
from types import FrameType
from typing import Protocol

from bench.report import Line, Report
from switchroom.base.memory import settle
from switchroom.core.routing.criteria import AttributeCondition, Expression
from switchroom.core.routing.matcher import AgentFacts, Entry, Match, Matcher, Profile, Waiting
from tests.core.routing.reference import Reference

AGENTS = 5_000
QUEUES = 20
PROFILES = 10
CAPACITY = {"CHAT": 2, "TASK": 1}
LANGUAGES = ("English", "French", "German", "Japanese", "Spanish")
NOW = 1_700_000_000_000
STEPS = 500
ROUNDS = 8


class Matching(Protocol):
    """What both can do."""

    def set_profile(self, profile: Profile) -> None: ...

    def set_agent(self, facts: AgentFacts) -> None: ...

    def put(self, waiting: Waiting) -> None: ...

    def take(self, contact: str) -> object: ...

    def next_match(self, now: int) -> Match | None: ...


class Centre:
    """A full centre: priorities, delays, proficiencies, and chats beside tasks; a tenth of its agents is free.

    As many contacts arrive as are cleared, so that it stays as full as it is. Every decision is noted.
    """

    def __init__(self, matcher: Matching, agents: int, waiting: int) -> None:
        self._matcher = matcher
        self._random = Random(1)
        self._now = NOW
        self._count = 0
        self._facts: dict[str, AgentFacts] = {}
        self._channels: dict[str, str] = {}
        self._handled: list[tuple[str, str]] = []
        self.assignments: list[tuple[str, str]] = []
        for number in range(PROFILES):
            matcher.set_profile(_profile(number))
        for number in range(agents):
            self._arrives_for_work(number)
        self.run(self.arrivals(waiting), clear=False)

    def arrivals(self, count: int) -> list[Waiting]:
        """The next contacts, drawn before the clock runs."""
        return [self._contact(place) for place in range(count)]

    def run(self, arrivals: list[Waiting], *, clear: bool = True) -> None:
        """Contacts arrive; with each another is cleared, and what can be matched is."""
        matcher, random = self._matcher, self._random
        for waiting in arrivals:
            self._now += 50
            self._channels[waiting.contact] = waiting.channel
            matcher.put(waiting)
            if clear and self._handled:
                place = int(random.random() * len(self._handled))
                self._handled[place], self._handled[-1] = self._handled[-1], self._handled[place]
                self._change(*self._handled.pop(), -1)
            while (match := matcher.next_match(self._now)) is not None:
                matcher.take(match.contact)
                channel = self._channels.pop(match.contact)
                self._change(match.agent, channel, 1)
                self._handled.append((match.agent, channel))
                self.assignments.append((match.contact, match.agent))

    def _arrives_for_work(self, number: int) -> None:
        levels = {("Language", name): float(self._random.randint(1, 5)) for name in self._random.sample(LANGUAGES, 2)}
        agent, profile = f"agent-{number}", f"profile-{number % PROFILES}"
        held: Mapping[str, int] = {}
        if number % 10:
            held = {"CHAT": 2} if _exclusive(number) else CAPACITY
        self._facts[agent] = AgentFacts(agent, profile, True, self._now + number, held, levels)
        self._matcher.set_agent(self._facts[agent])
        self._handled += [(agent, channel) for channel, count in held.items() for _ in range(count)]

    def _contact(self, place: int) -> Waiting:
        self._count += 1
        random, now = self._random, self._now + (place + 1) * 50
        wanted = None
        if random.random() < 0.2:
            wanted = Expression(AttributeCondition("Language", random.choice(LANGUAGES), random.randint(1, 3)))
        return Waiting(
            f"contact-{self._count}",
            f"queue-{random.randrange(QUEUES)}",
            random.choice(("CHAT", "TASK")),
            now,
            now - random.randrange(60_000),
            priority=random.choice((1, 5, 5, 5)),
            sequence=self._count,
            requirement=wanted,
        )

    def _change(self, agent: str, channel: str, by: int) -> None:
        known = self._facts[agent]
        held = {**known.occupied, channel: known.occupied.get(channel, 0) + by}
        since = known.since if by > 0 else self._now
        facts = AgentFacts(agent, known.profile, True, since, held, known.proficiencies)
        self._facts[agent] = facts
        self._matcher.set_agent(facts)


def _exclusive(number: int) -> bool:
    """Whether chats of this profile keep tasks away."""
    return number % 2 == 0


def _profile(number: int) -> Profile:
    entries = tuple(
        Entry(f"queue-{(number + step * 2) % QUEUES}", channel, 1 + step % 3, 15 if step % 4 == 3 else 0)
        for step in range(QUEUES // 2)
        for channel in ("CHAT", "TASK")
    )
    return Profile(f"profile-{number}", CAPACITY, {"CHAT": _exclusive(number), "TASK": False}, entries)


def run() -> Report:
    """The bench."""
    report = Report(f"the matcher beside a naive one, {AGENTS:,} agents")
    ours, theirs = Centre(Matcher(), AGENTS, 0), Centre(Reference(), AGENTS, 0)
    naive, decided = _cost(theirs, 30)
    _cost(ours, 30)
    same = bool(decided) and ours.assignments == theirs.assignments
    report.add(Line("naive matcher", decided / naive, "decisions/s"))
    report.add(Line("same assignments", float(same), "(1: yes)", at_least=1))
    best = _rates({AGENTS: ours})[AGENTS]
    report.add(Line("matcher", 1 / best, "decisions/s", naive / decided / best, "the naive one", at_least=50))
    report.add(Line("goal of the matcher", 1 / best, "decisions/s", at_least=20_000))
    for unit, places in (
        ("agents", {agents: (agents, 0) for agents in (10, 100, 1_000, 10_000)}),
        ("waiting", {waiting: (10_000, waiting) for waiting in (0, 5_000, 50_000)}),
    ):
        _flat(report, unit, places)
    return report


def _flat(report: Report, unit: str, places: dict[int, tuple[int, int]]) -> None:
    """Cost of a decision, in time and in function calls, as a centre grows."""
    centres = {size: Centre(Matcher(), *place) for size, place in places.items()}
    costs = _rates(centres)
    calls = {size: _calls(centre) for size, centre in centres.items()}
    for name, figures, scale, of in (("a decision", costs, 1e6, "us"), ("calls of a decision", calls, 1, "")):
        least = min(figures.values())
        for size, cost in figures.items():
            report.add(Line(f"{name}, {size:,} {unit}", cost * scale, of, cost / least, "the least", at_most=2))


def _rates(centres: dict[int, Centre]) -> dict[int, float]:
    """Seconds of processor time a decision: the best of several rounds, the centres taken in turns.

    What stands before is kept from the collector, as in a node that has started.
    """
    best = dict.fromkeys(centres, float("inf"))
    settle()
    try:
        for _ in range(ROUNDS):
            for name, centre in centres.items():
                seconds, decided = _cost(centre, STEPS)
                best[name] = min(best[name], seconds / max(1, decided))
    finally:
        gc.unfreeze()
    return best


def _cost(centre: Centre, steps: int) -> tuple[float, int]:
    arrivals = centre.arrivals(steps)
    before, begun = len(centre.assignments), time.process_time()
    centre.run(arrivals)
    return time.process_time() - begun, len(centre.assignments) - before


def _calls(centre: Centre) -> float:
    """Function calls a decision takes: the same on a busy machine."""
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    arrivals, before = centre.arrivals(STEPS), len(centre.assignments)
    sys.setprofile(called)
    try:
        centre.run(arrivals)
    finally:
        sys.setprofile(None)
    return count / max(1, len(centre.assignments) - before)
