"""The matcher alone: contacts a second, each arriving, matched and cleared, with few and with many agents."""

import gc
import sys
import time
from random import Random
from types import FrameType

from bench.report import Line, Report
from switchroom.core.routing.criteria import AttributeCondition, Expression
from switchroom.core.routing.matcher import AgentFacts, Entry, Matcher, Profile, Waiting

AGENTS = (10, 100, 1_000, 5_000, 10_000)
CONTACTS = 400
ROUNDS = 50
QUEUES = 20
PROFILES = 10
LANGUAGES = ("English", "French", "German", "Japanese", "Spanish")


class Floor:
    """A centre of so many agents: 10 profiles, each with half of 20 queues on chat and on task, some with a delay.

    Every tenth contact asks for a language at a level. `backlog` contacts wait all the time (when there are any, no
    agent is free; else a tenth of the agents is).
    """

    def __init__(self, agents: int, backlog: int) -> None:
        self._random = Random(1)
        self._matcher = Matcher()
        self._now = 1_700_000_000_000
        self._count = 0
        self._busy: list[AgentFacts] = []
        self._facts: dict[str, AgentFacts] = {}
        for number in range(PROFILES):
            self._matcher.set_profile(_profile(number))
        for number in range(agents):
            self._agent(number)
        for _ in range(agents - agents // 10 + backlog):
            self._arrive()
        self.settle()

    def _agent(self, number: int) -> None:
        levels = {("Language", name): float(self._random.randint(1, 5)) for name in self._random.sample(LANGUAGES, 2)}
        facts = AgentFacts(f"agent-{number}", f"profile-{number % PROFILES}", True, self._now + number, {}, levels)
        self._facts[facts.agent] = facts
        self._matcher.set_agent(facts)

    def _arrive(self) -> None:
        self._count += 1
        random = self._random
        wanted = None
        if random.random() < 0.1:
            wanted = Expression(AttributeCondition("Language", random.choice(LANGUAGES), random.randint(1, 3)))
        queue, channel = f"queue-{random.randrange(QUEUES)}", random.choice(("CHAT", "TASK"))
        self._matcher.put(Waiting(f"contact-{self._count}", queue, channel, self._now, self._now, requirement=wanted))

    def settle(self) -> None:
        """Take every match there is."""
        while (match := self._matcher.next_match(self._now)) is not None:
            waiting = self._matcher.take(match.contact)
            assert waiting is not None
            facts = self._facts[match.agent]
            busy = AgentFacts(facts.agent, facts.profile, True, facts.since, {waiting.channel: 1}, facts.proficiencies)
            self._matcher.set_agent(busy)
            self._busy.append(busy)

    def contact(self) -> None:
        """One contact arrives and one that was handled is cleared."""
        self._now += 50
        self._arrive()
        if self._busy:
            place = self._random.randrange(len(self._busy))
            self._busy[place], self._busy[-1] = self._busy[-1], self._busy[place]
            facts = self._busy.pop()
            free = AgentFacts(facts.agent, facts.profile, True, self._now, {}, facts.proficiencies)
            self._facts[facts.agent] = free
            self._matcher.set_agent(free)
        self.settle()


def _profile(number: int) -> Profile:
    entries = tuple(
        Entry(f"queue-{(number + step * 2) % QUEUES}", channel, 1 + step % 3, 15 if step % 4 == 3 else 0)
        for step in range(QUEUES // 2)
        for channel in ("CHAT", "TASK")
    )
    return Profile(f"profile-{number}", {"CHAT": 1, "TASK": 1}, {}, entries)


def _measure(backlog: int) -> tuple[dict[int, float], dict[int, float]]:
    """Microseconds of processor time of a contact (the best of many short rounds, taken in turns), and its calls."""
    floors = {agents: Floor(agents, backlog) for agents in AGENTS}
    best = dict.fromkeys(AGENTS, float("inf"))
    gc.collect()
    gc.disable()
    try:
        for _ in range(ROUNDS):
            for agents, floor in floors.items():
                started = time.process_time()
                for _ in range(CONTACTS):
                    floor.contact()
                best[agents] = min(best[agents], (time.process_time() - started) / CONTACTS)
    finally:
        gc.enable()
    return {agents: seconds * 1e6 for agents, seconds in best.items()}, {n: _calls(f) for n, f in floors.items()}


def _calls(floor: Floor) -> float:
    """Function calls a contact takes: the same on a busy machine."""
    count = 0

    def called(frame: FrameType, event: str, argument: object) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        for _ in range(CONTACTS):
            floor.contact()
    finally:
        sys.setprofile(None)
    return count / CONTACTS


def measure(report: Report) -> None:
    """Contacts a second; cost of one with 5,000 agents and calls of one with 10,000 against those with 100."""
    for title, backlog in (("agents are free", 0), ("2,000 contacts wait", 2_000)):
        costs, calls = _measure(backlog)
        for agents, cost in costs.items():
            report.add(Line(f"matcher, {agents:,} agents, {title}", 1e6 / cost, "contacts/s"))
        for name, figures, agents, unit in (("time", costs, 5_000, "us"), ("calls", calls, 10_000, "")):
            ratio = figures[agents] / figures[100]
            line = f"{name} of a contact, {agents:,} agents, {title}"
            report.add(Line(line, figures[agents], unit, ratio, "that with 100 agents", at_most=1.5))
