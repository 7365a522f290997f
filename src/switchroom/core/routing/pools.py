"""Agents who may take something now, arranged by routing profile, channel and requirement."""

from __future__ import annotations

from bisect import insort
from collections.abc import Container, Iterable

from switchroom.core.routing.criteria import Expression
from switchroom.core.routing.facts import AgentFacts, Entry, Profile
from switchroom.core.routing.lanes import Group

AgentKey = tuple[int, str]

_IDLE_REQUIREMENTS = 256
_SLACK = 32


class Agent:
    """An agent: `key` the place by availability, `open` the channels something may be offered on now, `fits` the
    requirements in use that the proficiencies fulfil, and None for none. `placed` is the number of the placing in
    the pools that holds, 0 for an agent who is in none: one who was not yet asked about, or has no channel open.
    """

    __slots__ = ("facts", "fits", "key", "open", "placed")

    def __init__(self, facts: AgentFacts) -> None:
        self.facts = facts
        self.key: AgentKey = (facts.since, facts.agent)
        self.open: tuple[str, ...] = ()
        self.fits: set[Expression | None] = {None}
        self.placed = 0


PoolEntry = tuple[int, str, int, Agent]
"""(since, name, number of the placing, agent); void when the agent has been placed anew."""


class Pool:
    """Agents by time available, in a sorted list read from `start`.

    Agents nearly always come in at the end, so a list costs less than a heap.
    """

    __slots__ = ("entries", "start")

    def __init__(self, entries: Iterable[PoolEntry] = ()) -> None:
        self.entries = sorted(entries)
        self.start = 0

    def put(self, entry: PoolEntry, members: int) -> None:
        """Adds an agent; `members` are all who may ever be in here."""
        entries = self.entries
        if not entries or entries[-1] < entry:
            entries.append(entry)
        else:
            insort(entries, entry, lo=self.start)
        if len(entries) > 2 * members + _SLACK:
            self.entries, self.start = [kept for kept in entries[self.start :] if kept[3].placed == kept[2]], 0

    def first(self, skip: Container[str]) -> Agent | None:
        """The agent available for longest who is not to be skipped."""
        entries = self.entries
        while self.start < len(entries) and entries[self.start][3].placed != entries[self.start][2]:
            self.start += 1
        for place in range(self.start, len(entries)):
            _, name, placed, agent = entries[place]
            if agent.placed == placed and name not in skip:
                return agent
        return None


class ProfileState:
    """A routing profile with its agents. Entries on a channel that is switched off are not kept (ROUT-13).

    `classes` are the entries with their groups, those of equal priority together.
    """

    __slots__ = ("classes", "entries", "members", "pools", "profile")

    def __init__(self, profile: Profile, members: set[str]) -> None:
        self.profile = profile
        self.members = members
        self.pools: dict[tuple[str, Expression | None], Pool] = {}
        self.entries: dict[tuple[str, str], Entry] = {}
        for entry in sorted(profile.entries, key=lambda entry: (entry.priority, entry.delay)):
            if profile.capacity.get(entry.channel, 0) > 0:
                self.entries.setdefault((entry.queue, entry.channel), entry)
        self.classes: list[list[tuple[Entry, Group]]] = []


def open_channels(profile: Profile, facts: AgentFacts) -> tuple[str, ...]:
    """The channels on which the agent may be offered something now: capacity and cross-channel rule (ROUT-11, 12)."""
    if not facts.routable:
        return ()
    occupied, capacity = facts.occupied, profile.capacity
    closing = [channel for channel, count in occupied.items() if count and profile.exclusive.get(channel, True)]
    if not closing:
        return tuple([channel for channel, most in capacity.items() if occupied.get(channel, 0) < most])
    only = closing[0]
    return (only,) if len(closing) == 1 and occupied[only] < capacity.get(only, 0) else ()


class Pools:
    """Every agent and profile, and for each (profile, channel, requirement) the free agents by time available."""

    def __init__(self) -> None:
        self.agents: dict[str, Agent] = {}
        self.profiles: dict[str, ProfileState] = {}
        self._unknown: dict[str, set[str]] = {}
        self._holders: dict[tuple[str, str], dict[str, float]] = {}
        self._requirements: dict[Expression, int] = {}
        self._able: dict[Expression, set[str]] = {}
        self._idle: dict[Expression, None] = {}
        self._placings = 0

    def set_profile(self, profile: Profile) -> ProfileState:
        """Adds or replaces a profile and recomputes what its agents may take."""
        before = self.profiles.get(profile.id)
        members = before.members if before else self._unknown.pop(profile.id, set())
        state = self.profiles[profile.id] = ProfileState(profile, members)
        for name in members:
            agent = self.agents[name]
            self._open(agent, state)
            self.place(agent)
        return state

    def remove_profile(self, profile: str) -> None:
        """Forgets a profile; its agents stay known and take nothing."""
        state = self.profiles.pop(profile)
        self._unknown[profile] = state.members
        for name in state.members:
            self._withdraw(self.agents[name])

    def set_agent(self, facts: AgentFacts) -> bool:
        """Adds or replaces an agent; whether it is to be asked what it could take, and placed if that is nothing."""
        agent = self.agents.get(facts.agent)
        if agent is None:
            agent = self.agents[facts.agent] = Agent(facts)
            self._members(facts.profile).add(facts.agent)
            self._learn(agent, {})
        else:
            before = agent.facts
            if before == facts:
                return False
            agent.facts = facts
            if before.profile != facts.profile:
                self._withdraw(agent)
                self._members(before.profile).discard(facts.agent)
                self._members(facts.profile).add(facts.agent)
            if before.proficiencies is not facts.proficiencies and before.proficiencies != facts.proficiencies:
                self._withdraw(agent)
                self._learn(agent, before.proficiencies)
        state = self.profiles.get(facts.profile)
        if state is None:
            return False
        self._open(agent, state)
        return bool(agent.open)

    def remove_agent(self, name: str) -> None:
        """Forgets an agent."""
        agent = self.agents.get(name)
        if agent is not None:
            self._withdraw(agent)
            self._unlearn(agent, agent.facts.proficiencies)
            self._members(agent.facts.profile).discard(name)
            del self.agents[name]

    def place(self, agent: Agent) -> None:
        """Puts the agent into the pools of the channels that are open, unless it stands there already."""
        if agent.placed or not agent.open:
            return
        self._placings += 1
        agent.placed = self._placings
        state = self.profiles[agent.facts.profile]
        entry, members = (*agent.key, agent.placed, agent), len(state.members)
        for channel in agent.open:
            for requirement in agent.fits:
                pool = state.pools.get((channel, requirement))
                if pool is not None:
                    pool.put(entry, members)

    def first(self, profile: str, channel: str, requirement: Expression | None, skip: Container[str]) -> Agent | None:
        """The agent of this profile available for longest who may take a contact with this requirement."""
        state = self.profiles[profile]
        pool = state.pools.get((channel, requirement))
        if pool is None:
            pool = self._build(state, channel, requirement)
        if pool.start < len(pool.entries):
            _, name, placed, agent = pool.entries[pool.start]
            if agent.placed == placed and name not in skip:
                return agent
        return pool.first(skip)

    def hold(self, requirement: Expression) -> None:
        """A lane with this requirement exists: know who fulfils it."""
        count = self._requirements.get(requirement)
        self._requirements[requirement] = (count or 0) + 1
        self._idle.pop(requirement, None)
        if count is None:
            able = self._able[requirement] = self._fulfilling(requirement)
            for name in able:
                self.agents[name].fits.add(requirement)

    def release(self, requirement: Expression) -> None:
        """Such a lane is gone. What is known stays for a while: the next contact often asks for the same."""
        self._requirements[requirement] -= 1
        if self._requirements[requirement] == 0:
            self._idle[requirement] = None
            if len(self._idle) > _IDLE_REQUIREMENTS:
                self._forget(next(iter(self._idle)))

    def _forget(self, requirement: Expression) -> None:
        del self._idle[requirement], self._requirements[requirement]
        for name in self._able.pop(requirement):
            self.agents[name].fits.discard(requirement)
        for state in self.profiles.values():
            for channel in state.profile.capacity:
                state.pools.pop((channel, requirement), None)

    def _members(self, profile: str) -> set[str]:
        state = self.profiles.get(profile)
        return state.members if state else self._unknown.setdefault(profile, set())

    def _learn(self, agent: Agent, before: Iterable[tuple[str, str]]) -> None:
        """Proficiencies of the agent are new."""
        self._unlearn(agent, before)
        name, levels = agent.facts.agent, agent.facts.proficiencies
        for proficiency, level in levels.items():
            self._holders.setdefault(proficiency, {})[name] = level
        for requirement, able in self._able.items():
            if requirement.satisfied_by(levels):
                agent.fits.add(requirement)
                able.add(name)

    def _unlearn(self, agent: Agent, before: Iterable[tuple[str, str]]) -> None:
        """Whatever the agent could, counts no more."""
        for proficiency in before:
            self._holders[proficiency].pop(agent.facts.agent, None)
        for requirement in agent.fits:
            if requirement is not None:
                self._able[requirement].discard(agent.facts.agent)
        agent.fits = {None}

    def _fulfilling(self, requirement: Expression) -> set[str]:
        """The agents whose proficiencies fulfil it: what `satisfied_by` says, for all of them at once."""
        found: list[set[str]] = [self._fulfilling(part) for part in requirement.and_expression or ()]
        if requirement.attribute_condition is not None:
            condition = requirement.attribute_condition
            levels, least = self._holders.get((condition.name, condition.value), {}), condition.proficiency_level
            found.append({name for name, level in levels.items() if level >= least})
        if requirement.or_expression is not None:
            found.append(set().union(*(self._fulfilling(part) for part in requirement.or_expression)))
        return set.intersection(*found) if found else set(self.agents)

    def _build(self, state: ProfileState, channel: str, requirement: Expression | None) -> Pool:
        names = state.members if requirement is None else state.members & self._able[requirement]
        found = (self.agents[name] for name in names)
        pool = state.pools[channel, requirement] = Pool(
            (*agent.key, agent.placed, agent) for agent in found if agent.placed and channel in agent.open
        )
        return pool

    def _open(self, agent: Agent, state: ProfileState) -> None:
        """Notes what is open to the agent, and since when; an agent for whom that is new leaves the pools."""
        key, channels = (agent.facts.since, agent.facts.agent), open_channels(state.profile, agent.facts)
        if channels != agent.open or key != agent.key:
            agent.key, agent.open, agent.placed = key, channels, 0

    def _withdraw(self, agent: Agent) -> None:
        """Takes the agent out of every pool."""
        agent.open, agent.placed = (), 0
