"""The matcher against the plain reference, over any history of facts (issue part 6: the invariants)."""

from random import Random

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from msgspec.structs import replace

from switchroom.core.routing import pools, ranking
from switchroom.core.routing.criteria import AttributeCondition, Expression
from switchroom.core.routing.matcher import AgentFacts, Entry, Matcher, Profile, Waiting
from tests.core.routing.reference import Reference, has_room

Skills = dict[tuple[str, str], float]

AGENTS = ("a1", "a2", "a3", "a4")
CHANNELS = ("CHAT", "TASK")
GROUPS = [(queue, channel) for queue in ("q1", "q2") for channel in CHANNELS]
names = st.sampled_from(AGENTS)
profiles = st.sampled_from(["p1", "p2"])
channels = st.sampled_from(CHANNELS)
contacts = st.sampled_from([f"c{number}" for number in range(10)])
slots = st.sampled_from([{}, {}, {}, {"CHAT": 1}, {"TASK": 1}, {"CHAT": 2, "TASK": 1}])
FRENCH, ENGLISH = ("Language", "French"), ("Language", "English")
SKILLS: list[Skills] = [{}, {FRENCH: 3.0}, {ENGLISH: 3.0}, {FRENCH: 5.0, ENGLISH: 1.0}]
skills = st.sampled_from(SKILLS)


def _condition(value: str, level: float) -> Expression:
    return Expression(AttributeCondition("Language", value, level))


_F1, _F4, _E1, _E3 = (_condition(*wanted) for wanted in (("French", 1), ("French", 4), ("English", 1), ("English", 3)))
REQUIREMENTS = [
    None,
    None,
    None,
    _F1,
    _F4,
    _E3,
    Expression(and_expression=(_F1, _E1)),
    Expression(or_expression=(_F4, _E3)),
]
requirements = st.sampled_from(REQUIREMENTS)
entries = st.lists(
    st.builds(
        lambda group, priority, delay: Entry(group[0], group[1], priority, delay),
        st.sampled_from(GROUPS),
        st.integers(1, 3),
        st.sampled_from([0, 0, 5, 20]),
    ),
    min_size=2,
    max_size=5,
).map(tuple)
CAPACITIES = [{"CHAT": 2, "TASK": 1}, {"CHAT": 1, "TASK": 1}, {"CHAT": 3}, {"CHAT": 3, "TASK": 3}]
EXCLUSIVE = [{}, {"CHAT": False}, {"CHAT": False, "TASK": False}]
routing_profiles = st.builds(Profile, profiles, st.sampled_from(CAPACITIES), st.sampled_from(EXCLUSIVE), entries)


class Matching(RuleBasedStateMachine):
    """Feeds the same facts to both, and takes matches from both one by one."""

    strict = False

    def __init__(self) -> None:
        super().__init__()
        self.matcher = Matcher(strict_priority_blocking=self.strict)
        self.reference = Reference(strict_priority_blocking=self.strict)
        self.now = 100_000

    @initialize(first=routing_profiles, second=routing_profiles, levels=st.tuples(*[skills] * len(AGENTS)))
    def open_for_business(self, first: Profile, second: Profile, levels: tuple[Skills, ...]) -> None:
        self.set_profile(replace(first, id="p1"))
        self.set_profile(replace(second, id="p2"))
        for number, agent in enumerate(AGENTS):
            since = self.now - number * 1000
            self._set_agent(AgentFacts(agent, f"p{number % 2 + 1}", True, since, {}, levels[number]))

    @rule(profile=routing_profiles)
    def set_profile(self, profile: Profile) -> None:
        self.matcher.set_profile(profile)
        self.reference.set_profile(profile)

    @precondition(lambda self: len(self.reference.profiles) == 2)
    @rule(profile=profiles)
    def remove_profile(self, profile: str) -> None:
        self.matcher.remove_profile(profile)
        self.reference.remove_profile(profile)

    @rule(
        agent=names,
        profile=profiles,
        routable=st.sampled_from([True, True, True, False]),
        ago=st.integers(0, 5),
        held=slots,
        skills=skills,
    )
    def set_agent(
        self,
        agent: str,
        profile: str,
        routable: bool,
        ago: int,
        held: dict[str, int],
        skills: Skills,
    ) -> None:
        self._set_agent(AgentFacts(agent, profile, routable, self.now - ago * 1000, held, skills))

    @rule(agent=names, held=slots)
    def change_slots(self, agent: str, held: dict[str, int]) -> None:
        known = self.reference.agents.get(agent)
        if known is not None:
            self._set_agent(replace(known, occupied=held, since=self.now))

    @rule(agent=names, profile=profiles, skills=skills)
    def reassign(self, agent: str, profile: str, skills: Skills) -> None:
        """Another profile or other proficiencies, and nothing else changed."""
        known = self.reference.agents.get(agent)
        if known is not None:
            self._set_agent(replace(known, profile=profile, proficiencies=skills))

    def _set_agent(self, facts: AgentFacts) -> None:
        self.matcher.set_agent(facts)
        self.reference.set_agent(facts)

    @rule(agent=names)
    def remove_agent(self, agent: str) -> None:
        self.matcher.remove_agent(agent)
        self.reference.remove_agent(agent)

    @rule(
        contact=contacts,
        group=st.sampled_from(GROUPS),
        age=st.integers(0, 30),
        adjustment=st.integers(-5, 5),
        priority=st.sampled_from([5, 5, 5, 1]),
        owner=st.sampled_from([None] * 8 + list(AGENTS[:2])),
        requirement=requirements,
        missed_by=st.sampled_from([frozenset[str]()] * 4 + [frozenset({name}) for name in AGENTS[:2]]),
    )
    def put(
        self,
        contact: str,
        group: tuple[str, str],
        age: int,
        adjustment: int,
        priority: int,
        owner: str | None,
        requirement: Expression | None,
        missed_by: frozenset[str],
    ) -> None:
        entered = self.now - age * 1000
        waiting = Waiting(
            contact,
            group[0] if owner is None else f"agent queue of {owner}",
            group[1],
            enqueued_at=entered,
            rank=entered - adjustment * 1000,
            priority=priority,
            agent_queue_of=owner,
            requirement=requirement if owner is None else None,
            missed_by=missed_by,
        )
        self.matcher.put(waiting)
        self.reference.put(waiting)

    @rule(contact=contacts)
    def take(self, contact: str) -> None:
        self.matcher.take(contact)
        self.reference.take(contact)

    @rule(seconds=st.integers(1, 12))
    def pass_time(self, seconds: int) -> None:
        self.now += seconds * 1000

    @rule()
    def sleep_until_woken(self) -> None:
        """Nothing is missed by sleeping until the moment the matcher names."""
        self.drain()
        wake = self.matcher.wake_at()
        if wake is not None:
            assert wake > self.now
            assert self.reference.next_match(wake - 1) is None
            self.now = wake
        else:
            assert self.reference.next_match(self.now + 1_000_000) is None

    @rule(limit=st.integers(1, 3))
    def take_some_matches(self, limit: int) -> None:
        for _ in range(limit):
            if not self._one_match():
                return

    @rule()
    def drain(self) -> None:
        """Nobody who qualifies waits while a matching agent is free."""
        while self._one_match():
            pass
        for agent in self.reference.agents.values():
            for waiting in self.reference.contacts.values():
                assert not self.reference.eligible(agent, waiting, self.now)

    def _one_match(self) -> bool:
        match, expected = self.matcher.next_match(self.now), self.reference.next_match(self.now)
        assert match == expected
        if match is None:
            return False
        agent, waiting = self.reference.agents[match.agent], self.reference.contacts[match.contact]
        profile = self.reference.profiles[agent.profile]
        assert has_room(profile, agent, waiting.channel)
        self.take(match.contact)
        held = {**agent.occupied, waiting.channel: agent.occupied.get(waiting.channel, 0) + 1}
        assert held[waiting.channel] <= profile.capacity[waiting.channel]
        self._set_agent(replace(agent, occupied=held))
        return True

    @invariant()
    def same_contacts(self) -> None:
        assert all(contact in self.matcher for contact in self.reference.contacts)

    def teardown(self) -> None:
        self.drain()


class StrictMatching(Matching):
    """The same with `strict_priority_blocking`."""

    strict = True


TestMatching = Matching.TestCase
TestMatching.settings = settings(max_examples=80, stateful_step_count=40, deadline=None, derandomize=True)
TestStrictMatching = StrictMatching.TestCase
TestStrictMatching.settings = settings(max_examples=40, stateful_step_count=40, deadline=None, derandomize=True)


def _random_step(machine: Matching, random: Random) -> None:
    """One change, drawn so that centres are busy most of the time."""
    step = random.random()
    if step < 0.35:
        machine.put(
            contact=f"c{random.randrange(10)}",
            group=random.choice(GROUPS),
            age=random.choice([0, 0, 3, 10]),
            adjustment=random.randint(-5, 5),
            priority=random.choice([5, 5, 1]),
            owner=random.choice([None, None, None, *AGENTS]),
            requirement=random.choice(REQUIREMENTS),
            missed_by=random.choice([frozenset(), frozenset(), frozenset({"a1"})]),
        )
    elif step < 0.6:
        machine.change_slots(agent=random.choice(AGENTS), held=random.choice([{}, {"CHAT": 1}, {"TASK": 1}]))
    elif step < 0.64:
        machine.reassign(random.choice(AGENTS), random.choice(["p1", "p2"]), random.choice(SKILLS))
    elif step < 0.7:
        machine.set_agent(
            agent=random.choice(AGENTS),
            profile=random.choice(["p1", "p2"]),
            routable=random.random() < 0.8,
            ago=random.randint(0, 5),
            held={},
            skills=random.choice(SKILLS),
        )
    elif step < 0.8:
        machine.pass_time(random.randint(1, 12))
    elif step < 0.87:
        machine.take(f"c{random.randrange(10)}")
    elif step < 0.95:
        machine.set_profile(
            Profile(
                random.choice(["p1", "p2"]),
                random.choice(CAPACITIES),
                random.choice(EXCLUSIVE),
                tuple(
                    Entry(group[0], group[1], random.randint(1, 3), random.choice([0, 0, 5, 20]))
                    for group in random.sample(GROUPS, random.randint(1, 4))
                ),
            )
        )
    elif step < 0.97:
        machine.sleep_until_woken()
    else:
        machine.remove_agent(random.choice(AGENTS))


@pytest.mark.parametrize("kind", [Matching, StrictMatching])
@pytest.mark.parametrize("seed", range(6))
def test_long_histories(kind: type[Matching], seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """A long busy history gives the same matches, one by one, also when requirements are soon forgotten."""
    monkeypatch.setattr(pools, "_IDLE_REQUIREMENTS", seed % 3)
    monkeypatch.setattr(pools, "_SLACK", 0)
    monkeypatch.setattr(ranking, "_SLACK", 0)
    machine, random = kind(), Random(seed)
    for _ in range(6000):
        _random_step(machine, random)
        if random.random() < 0.6:
            machine.drain()
