"""Agents who may take something now, arranged by routing profile, channel and requirement."""

from bisect import insort
from collections.abc import Iterable, Set

from switchroom.core.routing.criteria import Expression
from switchroom.core.routing.facts import AgentFacts, Entry, Profile

AgentKey = tuple[int, str]
PoolEntry = tuple[int, str, int]
"""(since, agent, version of the agent when put in); an entry of an older version is void."""

_IDLE_REQUIREMENTS = 64
_SLACK = 32


class Pool:
    """Agents by time available, in a sorted list read from `start`.

    Agents nearly always come in at the end, so a list costs less than a heap.
    """

    __slots__ = ("entries", "start")

    def __init__(self, entries: Iterable[PoolEntry] = ()) -> None:
        self.entries = sorted(entries)
        self.start = 0

    def put(self, entry: PoolEntry) -> None:
        """Adds an agent."""
        if not self.entries or self.entries[-1] < entry:
            self.entries.append(entry)
        else:
            insort(self.entries, entry, lo=self.start)

    def __len__(self) -> int:
        return len(self.entries) - self.start

    def drop_first(self) -> None:
        """Removes the first entry."""
        self.start += 1
        if self.start > _SLACK and self.start > len(self):
            del self.entries[: self.start]
            self.start = 0

    def keep(self, entries: Iterable[PoolEntry]) -> None:
        """Replaces the contents by a part of them, still in order."""
        self.entries, self.start = list(entries), 0


class Agent:
    """An agent: `key` the place by availability, `open` the channels something may be offered on now, `fits` the
    requirements in use that the proficiencies fulfil. `version` is new whenever the place in the pools is."""

    __slots__ = ("facts", "fits", "key", "open", "version")

    def __init__(self, facts: AgentFacts) -> None:
        self.facts = facts
        self.key: AgentKey = (facts.since, facts.agent)
        self.open: tuple[str, ...] = ()
        self.fits: set[Expression] = set()
        self.version = 0


class ProfileState:
    """A routing profile with its agents. Entries on a channel that is switched off are not kept (ROUT-13)."""

    __slots__ = ("by_priority", "entries", "members", "pools", "profile")

    def __init__(self, profile: Profile, members: set[str]) -> None:
        self.profile = profile
        self.members = members
        self.pools: dict[tuple[str, Expression | None], Pool] = {}
        self.entries: dict[tuple[str, str], Entry] = {}
        for entry in sorted(profile.entries, key=lambda entry: (entry.priority, entry.delay)):
            if profile.capacity.get(entry.channel, 0) > 0:
                self.entries.setdefault((entry.queue, entry.channel), entry)
        classes: dict[int, list[Entry]] = {}
        for entry in self.entries.values():
            classes.setdefault(entry.priority, []).append(entry)
        self.by_priority = [classes[priority] for priority in sorted(classes)]


def open_channels(profile: Profile, facts: AgentFacts) -> tuple[str, ...]:
    """The channels on which the agent may be offered something now: capacity and cross-channel rule (ROUT-11, 12)."""
    if not facts.routable:
        return ()
    closing = [channel for channel, count in facts.occupied.items() if count and profile.exclusive.get(channel, True)]
    return tuple(
        channel
        for channel, capacity in profile.capacity.items()
        if facts.occupied.get(channel, 0) < capacity and all(other == channel for other in closing)
    )


class Pools:
    """Every agent and profile, and for each (profile, channel, requirement) the free agents by time available."""

    def __init__(self) -> None:
        self.agents: dict[str, Agent] = {}
        self.profiles: dict[str, ProfileState] = {}
        self._unknown: dict[str, set[str]] = {}
        self._holders: dict[tuple[str, str], set[str]] = {}
        self._requirements: dict[Expression, int] = {}
        self._idle: dict[Expression, None] = {}
        self._versions = 0

    def profile(self, profile: str) -> ProfileState | None:
        """A profile by id, if known."""
        return self.profiles.get(profile)

    def set_profile(self, profile: Profile) -> ProfileState:
        """Adds or replaces a profile and recomputes what its agents may take."""
        before = self.profiles.get(profile.id)
        members = before.members if before else self._unknown.pop(profile.id, set())
        state = self.profiles[profile.id] = ProfileState(profile, members)
        for name in members:
            self._place(self.agents[name], state)
        return state

    def remove_profile(self, profile: str) -> None:
        """Forgets a profile; its agents stay known and take nothing."""
        state = self.profiles.pop(profile)
        self._unknown[profile] = state.members
        for name in state.members:
            self._withdraw(self.agents[name])

    def set_agent(self, facts: AgentFacts) -> bool:
        """Adds or replaces an agent; whether there is now something new to look at."""
        agent = self.agents.get(facts.agent)
        if agent is None:
            agent = self.agents[facts.agent] = Agent(facts)
            self._members(facts.profile).add(facts.agent)
            self._learn(agent, {})
        else:
            before = agent.facts
            if before == facts:
                return False
            learnt = before.proficiencies is not facts.proficiencies and before.proficiencies != facts.proficiencies
            if before.profile != facts.profile or learnt:
                self._withdraw(agent)
            agent.facts = facts
            if before.profile != facts.profile:
                self._members(before.profile).discard(facts.agent)
                self._members(facts.profile).add(facts.agent)
            if learnt:
                self._learn(agent, before.proficiencies)
        state = self.profiles.get(facts.profile)
        if state is None:
            return False
        self._place(agent, state)
        return bool(agent.open)

    def remove_agent(self, name: str) -> None:
        """Forgets an agent."""
        agent = self.agents.get(name)
        if agent is not None:
            self._withdraw(agent)
            for proficiency in agent.facts.proficiencies:
                self._holders[proficiency].discard(name)
            self._members(agent.facts.profile).discard(name)
            del self.agents[name]

    def first(
        self, profile: str, channel: str, requirement: Expression | None, skip: frozenset[str]
    ) -> AgentKey | None:
        """The agent of this profile available for longest who may take a contact with this requirement."""
        state = self.profiles[profile]
        pool = state.pools.get((channel, requirement))
        if pool is None:
            pool = self._build(state, channel, requirement)
        place = 0
        while place < len(pool):
            entry = pool.entries[pool.start + place]
            if not self._valid(entry):
                if place:
                    place += 1
                else:
                    pool.drop_first()
            elif entry[1] in skip:
                place += 1
            else:
                return entry[:2]
        return None

    def hold(self, requirement: Expression) -> None:
        """A lane with this requirement exists: know who fulfils it."""
        count = self._requirements.get(requirement)
        self._requirements[requirement] = (count or 0) + 1
        self._idle.pop(requirement, None)
        if count is None:
            for name in self._possible(requirement):
                agent = self.agents[name]
                if requirement.satisfied_by(agent.facts.proficiencies):
                    agent.fits.add(requirement)

    def release(self, requirement: Expression) -> None:
        """Such a lane is gone. What is known stays for a while: the next contact often asks for the same."""
        self._requirements[requirement] -= 1
        if self._requirements[requirement] == 0:
            self._idle[requirement] = None
            if len(self._idle) > _IDLE_REQUIREMENTS:
                self._forget(next(iter(self._idle)))

    def _forget(self, requirement: Expression) -> None:
        del self._idle[requirement], self._requirements[requirement]
        for name in self._possible(requirement):
            self.agents[name].fits.discard(requirement)
        for state in self.profiles.values():
            for channel in state.profile.capacity:
                state.pools.pop((channel, requirement), None)

    def _members(self, profile: str) -> set[str]:
        state = self.profiles.get(profile)
        return state.members if state else self._unknown.setdefault(profile, set())

    def _learn(self, agent: Agent, before: Iterable[tuple[str, str]]) -> None:
        """Proficiencies of the agent are new."""
        name = agent.facts.agent
        for proficiency in before:
            self._holders[proficiency].discard(name)
        for proficiency in agent.facts.proficiencies:
            self._holders.setdefault(proficiency, set()).add(name)
        levels = agent.facts.proficiencies
        agent.fits = {requirement for requirement in self._requirements if requirement.satisfied_by(levels)}

    def _possible(self, requirement: Expression) -> Set[str]:
        """The agents who have the proficiencies named, at whatever level; others cannot fulfil it."""
        found: list[Set[str]] = []
        if requirement.attribute_condition is not None:
            condition = requirement.attribute_condition
            found.append(self._holders.get((condition.name, condition.value), set()))
        found.extend(self._possible(part) for part in requirement.and_expression or ())
        if requirement.or_expression is not None:
            found.append({name for part in requirement.or_expression for name in self._possible(part)})
        return min(found, key=len) if found else self.agents.keys()

    def _build(self, state: ProfileState, channel: str, requirement: Expression | None) -> Pool:
        names = state.members if requirement is None else state.members & self._possible(requirement)
        found = (self.agents[name] for name in names)
        pool = state.pools[channel, requirement] = Pool(
            (*agent.key, agent.version)
            for agent in found
            if channel in agent.open and (requirement is None or requirement in agent.fits)
        )
        return pool

    def _place(self, agent: Agent, state: ProfileState) -> None:
        """Puts the agent into the pools of the channels that are open; what was there before is void."""
        key, channels = (agent.facts.since, agent.facts.agent), open_channels(state.profile, agent.facts)
        if channels == agent.open and key == agent.key:
            return
        agent.key, agent.open = key, channels
        self._renew(agent)
        entry = (*key, agent.version)
        for channel in channels:
            for requirement in (None, *agent.fits):
                pool = state.pools.get((channel, requirement))
                if pool is not None:
                    pool.put(entry)
                    if len(pool) > 2 * len(state.members) + _SLACK:
                        pool.keep(kept for kept in pool.entries[pool.start :] if self._valid(kept))

    def _valid(self, entry: PoolEntry) -> bool:
        agent = self.agents.get(entry[1])
        return agent is not None and agent.version == entry[2]

    def _renew(self, agent: Agent) -> None:
        self._versions += 1
        agent.version = self._versions

    def _withdraw(self, agent: Agent) -> None:
        """Takes the agent out of every pool."""
        agent.open = ()
        self._renew(agent)
