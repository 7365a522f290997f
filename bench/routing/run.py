"""Speed of the matcher beside a naive one that looks at every agent and every contact, with the same assignments."""

import time
from random import Random
from typing import Protocol

from bench.report import Line, Report
from switchroom.core.routing.criteria import AttributeCondition, Expression
from switchroom.core.routing.matcher import AgentFacts, Entry, Match, Matcher, Profile, Waiting
from tests.core.routing.reference import Reference

AGENTS = 5_000
QUEUES = 20
PROFILES = 10
LANGUAGES = ("English", "French", "German", "Japanese", "Spanish")
NOW = 1_700_000_000_000


class Matching(Protocol):
    """What both can do."""

    def set_profile(self, profile: Profile) -> None: ...

    def set_agent(self, facts: AgentFacts) -> None: ...

    def put(self, waiting: Waiting) -> None: ...

    def take(self, contact: str) -> object: ...

    def next_match(self, now: int) -> Match | None: ...


class Centre:
    """A full centre: priorities, delays, proficiencies, and chats beside tasks. Every decision is noted."""

    def __init__(self, matcher: Matching, agents: int, waiting: int) -> None:
        self._matcher = matcher
        self._random = Random(1)
        self._now = NOW
        self._count = 0
        self._facts: dict[str, AgentFacts] = {}
        self._contacts: dict[str, Waiting] = {}
        self._busy: list[str] = []
        self.assignments: list[tuple[str, str]] = []
        for number in range(PROFILES):
            matcher.set_profile(_profile(number))
        for number in range(agents):
            self._arrives_for_work(number)
        for _ in range(waiting):
            self._calls()

    def step(self) -> None:
        """A contact arrives, one that was handled is cleared, and what can be matched is."""
        self._now += 50
        self._calls()
        if self._busy and self._random.random() < 0.98:
            self._frees()
        while (match := self._matcher.next_match(self._now)) is not None:
            self._matcher.take(match.contact)
            waiting = self._contacts.pop(match.contact)
            self._hold(match.agent, {waiting.channel: 1})
            self._busy.append(match.agent)
            self.assignments.append((match.contact, match.agent))

    def _arrives_for_work(self, number: int) -> None:
        levels = {("Language", name): float(self._random.randint(1, 5)) for name in self._random.sample(LANGUAGES, 2)}
        agent, profile = f"agent-{number}", f"profile-{number % PROFILES}"
        held = {"CHAT": 1} if number % 10 else {}
        self._facts[agent] = AgentFacts(agent, profile, True, self._now + number, held, levels)
        self._matcher.set_agent(self._facts[agent])
        if held:
            self._busy.append(agent)

    def _calls(self) -> None:
        self._count += 1
        random = self._random
        wanted = None
        if random.random() < 0.2:
            wanted = Expression(AttributeCondition("Language", random.choice(LANGUAGES), random.randint(1, 3)))
        waiting = Waiting(
            f"contact-{self._count}",
            f"queue-{random.randrange(QUEUES)}",
            random.choice(("CHAT", "TASK")),
            self._now,
            self._now - random.randrange(60_000),
            priority=random.choice((1, 5, 5, 5)),
            sequence=self._count,
            requirement=wanted,
        )
        self._contacts[waiting.contact] = waiting
        self._matcher.put(waiting)

    def _frees(self) -> None:
        place = self._random.randrange(len(self._busy))
        self._busy[place], self._busy[-1] = self._busy[-1], self._busy[place]
        self._hold(self._busy.pop(), {})

    def _hold(self, agent: str, held: dict[str, int]) -> None:
        known = self._facts[agent]
        since = known.since if held else self._now
        facts = AgentFacts(agent, known.profile, True, since, held, known.proficiencies)
        self._facts[agent] = facts
        self._matcher.set_agent(facts)


def _profile(number: int) -> Profile:
    entries = tuple(
        Entry(f"queue-{(number + step * 2) % QUEUES}", channel, 1 + step % 3, 15 if step % 4 == 3 else 0)
        for step in range(QUEUES // 2)
        for channel in ("CHAT", "TASK")
    )
    exclusive = {"CHAT": number % 2 == 0, "TASK": True}
    return Profile(f"profile-{number}", {"CHAT": 1, "TASK": 1}, exclusive, entries)


def run() -> Report:
    """The bench."""
    report = Report(f"the matcher beside a naive one, {AGENTS:,} agents")
    ours, theirs = Centre(Matcher(), AGENTS, 0), Centre(Reference(), AGENTS, 0)
    for centre in (ours, theirs):
        centre.step()
    naive, decided = _cost(theirs, 30)
    _cost(ours, 30)
    same = ours.assignments == theirs.assignments
    report.add(Line("naive matcher", decided / naive, "decisions/s"))
    report.add(Line("same assignments", float(same), "(1: yes)", at_least=1))
    best = min(_rate(ours) for _ in range(5))
    report.add(Line("matcher", 1 / best, "decisions/s", naive / decided / best, "the naive one", at_least=50))
    report.add(Line("goal of the matcher", 1 / best, "decisions/s", at_least=20_000))
    _flat(report)
    return report


def _flat(report: Report) -> None:
    """Cost of a decision with few and many agents, and with few and many contacts that wait."""
    agents = {count: min(_rate(Centre(Matcher(), count, 0)) for _ in range(3)) for count in (10, 100, 1_000, 10_000)}
    for count, cost in agents.items():
        report.add(
            Line(f"a decision, {count:,} agents", cost * 1e6, "us", cost / agents[100], "that of 100", at_most=2)
        )
    waiting = {count: min(_rate(Centre(Matcher(), 1_000, count)) for _ in range(3)) for count in (0, 5_000, 50_000)}
    for count, cost in waiting.items():
        report.add(
            Line(f"a decision, {count:,} waiting", cost * 1e6, "us", cost / waiting[0], "that of none", at_most=2)
        )


def _rate(centre: Centre) -> float:
    """Seconds of processor time a decision."""
    for _ in range(200):
        centre.step()
    seconds, decided = _cost(centre, 2_000)
    return seconds / max(1, decided)


def _cost(centre: Centre, steps: int) -> tuple[float, int]:
    before, begun = len(centre.assignments), time.process_time()
    for _ in range(steps):
        centre.step()
    return time.process_time() - begun, len(centre.assignments) - before
