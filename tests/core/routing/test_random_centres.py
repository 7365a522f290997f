"""Larger centres than the state machine's, three channels and many profiles, beside the plain reference."""

from random import Random

import pytest
from msgspec.structs import replace

from switchroom.core.routing import pools, ranking
from switchroom.core.routing.criteria import AttributeCondition, Expression
from switchroom.core.routing.matcher import AgentFacts, Entry, Matcher, Profile, Waiting
from tests.core.routing.reference import Reference, has_room

AGENTS = [f"agent {number:02}" for number in range(24)]
PROFILES = [f"profile {number}" for number in range(5)]
QUEUES = [f"queue {number}" for number in range(4)]
CHANNELS = ("VOICE", "CHAT", "TASK")
LANGUAGES = ("French", "German", "Japanese")


class Floor:
    """Random facts, told to the matcher and to the reference alike, and every match compared."""

    def __init__(self, seed: int, *, strict: bool) -> None:
        self.random = Random(seed)
        self.both = (Matcher(strict_priority_blocking=strict), Reference(strict_priority_blocking=strict))
        self.now = 1_000_000
        self.count = 0
        self.matched = 0
        for profile in PROFILES:
            self.edit_profile(profile)
        for agent in AGENTS:
            self.come_to_work(agent)

    @property
    def known(self) -> Reference:
        return self.both[1]

    def step(self) -> None:
        """One thing happens."""
        random = self.random
        acts = {
            self.contact_arrives: 30,
            self.contact_changes: 8,
            self.contact_leaves: 6,
            self.contact_is_cleared: 24,
            self.agent_changes: 6,
            self.come_or_go: 4,
            self.edit_profile: 2,
            self.profile_goes: 1,
            self.time_passes: 12,
        }
        random.choices(list(acts), list(acts.values()))[0]()
        if random.random() < 0.7:
            self.drain()

    def edit_profile(self, name: str | None = None) -> None:
        random = self.random
        entries = tuple(
            Entry(random.choice(QUEUES), random.choice(CHANNELS), random.randint(1, 3), random.choice([0, 0, 3, 10]))
            for _ in range(random.randint(0, 9))
        )
        capacity = {"VOICE": 1, "CHAT": random.randint(1, 3), "TASK": random.randint(1, 3)}
        capacity.pop(random.choice((*CHANNELS, "none", "none")), None)
        exclusive = {channel: random.random() < 0.4 for channel in CHANNELS}
        profile = Profile(name or random.choice(PROFILES), capacity, exclusive, entries)
        for one in self.both:
            one.set_profile(profile)

    def profile_goes(self) -> None:
        name = self.random.choice(PROFILES)
        for one in self.both:
            one.remove_profile(name)

    def come_to_work(self, agent: str) -> None:
        skills = {("Language", name): self.random.randint(1, 5) for name in LANGUAGES if self.random.random() < 0.6}
        self.set_agent(AgentFacts(agent, self.random.choice(PROFILES), True, self.now, {}, skills))

    def come_or_go(self) -> None:
        agent = self.random.choice(AGENTS)
        if agent not in self.known.agents:
            self.come_to_work(agent)
        else:
            for one in self.both:
                one.remove_agent(agent)

    def agent_changes(self) -> None:
        """Another status, profile, skill or time available, and all else as it was."""
        facts = self.known.agents.get(self.random.choice(AGENTS))
        if facts is not None:
            skill = {("Language", self.random.choice(LANGUAGES)): self.random.randint(1, 5)}
            changes: list[dict[str, object]] = [
                {"routable": not facts.routable, "since": self.now},
                {"profile": self.random.choice(PROFILES)},
                {"proficiencies": {**facts.proficiencies, **skill}},
                {"proficiencies": {}},
                {"since": facts.since - self.random.randint(0, 9_000)},
            ]
            self.set_agent(replace(facts, **self.random.choice(changes)))

    def contact_is_cleared(self) -> None:
        busy = [facts for facts in self.known.agents.values() if any(facts.occupied.values())]
        if busy:
            facts = self.random.choice(busy)
            channel = self.random.choice([channel for channel, count in facts.occupied.items() if count])
            held = {**facts.occupied, channel: facts.occupied[channel] - 1}
            self.set_agent(replace(facts, occupied=held, since=self.now))

    def contact_arrives(self) -> None:
        random = self.random
        self.count += 1
        owner = random.choice(AGENTS) if random.random() < 0.1 else None
        self.put(
            Waiting(
                f"contact {self.count:05}",
                f"queue of {owner}" if owner else random.choice(QUEUES),
                random.choice(CHANNELS),
                self.now,
                self.now - random.choice([0, 0, 0, random.randint(-30_000, 60_000)]),
                random.choice([5, 5, 5, 1, 9]),
                self.count,
                owner,
                None if owner else self.requirement(),
            )
        )

    def contact_changes(self) -> None:
        """Its priority, place, criteria or queue, or an agent missed it."""
        waiting = self.some_contact()
        if waiting is not None:
            changes: list[dict[str, object]] = [
                {"priority": self.random.randint(1, 9)},
                {"rank": waiting.rank + self.random.randint(-20_000, 20_000)},
                {"missed_by": frozenset(self.random.sample(AGENTS, self.random.randint(0, 3)))},
            ]
            if waiting.agent_queue_of is None:
                changes += [
                    {"requirement": self.requirement()},
                    {"queue": self.random.choice(QUEUES), "enqueued_at": self.now},
                ]
            self.put(replace(waiting, **self.random.choice(changes)))

    def contact_leaves(self) -> None:
        waiting = self.some_contact()
        if waiting is not None:
            self.take(waiting.contact)

    def time_passes(self) -> None:
        self.now += self.random.randint(0, 4_000)

    def requirement(self) -> Expression | None:
        kind = self.random.random()
        one, other = (
            Expression(AttributeCondition("Language", self.random.choice(LANGUAGES), self.random.randint(1, 5)))
            for _ in range(2)
        )
        if kind < 0.6:
            return None
        if kind < 0.8:
            return one
        return Expression(and_expression=(one, other)) if kind < 0.9 else Expression(or_expression=(one, other))

    def some_contact(self) -> Waiting | None:
        return self.random.choice(list(self.known.contacts.values())) if self.known.contacts else None

    def set_agent(self, facts: AgentFacts) -> None:
        for one in self.both:
            one.set_agent(facts)

    def put(self, waiting: Waiting) -> None:
        for one in self.both:
            one.put(waiting)

    def take(self, contact: str) -> None:
        for one in self.both:
            one.take(contact)

    def drain(self) -> None:
        """Every match there is; each is the one the plain rule names, and nobody gets more than fits."""
        while True:
            match, expected = (one.next_match(self.now) for one in self.both)
            assert match == expected
            if match is None:
                return
            self.matched += 1
            facts, waiting = self.known.agents[match.agent], self.known.contacts[match.contact]
            assert has_room(self.known.profiles[facts.profile], facts, waiting.channel)
            self.take(match.contact)
            held = {**facts.occupied, waiting.channel: facts.occupied.get(waiting.channel, 0) + 1}
            self.set_agent(replace(facts, occupied=held))


@pytest.mark.parametrize("strict", [False, True])
@pytest.mark.parametrize("seed", range(4))
def test_same_matches_in_the_same_order(seed: int, strict: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    """ROUT-19: many agents to a profile, many queues to it, one queue in many profiles, edited in mid-flow: each
    contact goes to the agent the plain rule names, one by one."""
    monkeypatch.setattr(pools, "_IDLE_REQUIREMENTS", (256, 2)[seed % 2])
    monkeypatch.setattr(pools, "_SLACK", (32, 0)[seed % 2])
    monkeypatch.setattr(ranking, "_SLACK", (32, 0)[seed % 2])
    floor = Floor(seed, strict=strict)
    for _ in range(700):
        floor.step()
    assert floor.matched > 100
