"""The matcher: waiting contacts on one side, free agents on the other (ROUT-01..19).

A derived index without persisted state. Its owner feeds it facts (profiles, agents, waiting contacts) and asks
for the next match. The rule: of all agents who may take something, the one available for longest takes the first
contact of his own order. So every contact goes to the longest-available agent who may have it, and every agent gets
the first contact he may have; no other assignment satisfies both orders.

Cost. Nothing is scanned. Waiting contacts stand in lanes (same queue, channel, requirement: same possible agents),
free agents in pools (same profile, channel, requirement), both in order. A match can only come from what changed
since the last question, so only lanes and agents touched by a change are looked at. An agent who became free is first
asked what he could take, and enters the pools only if that is nothing: where contacts wait, pools cost nothing.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from itertools import chain, groupby

from switchroom.core.routing.facts import SECOND, AgentFacts, Entry, Match, Profile, Waiting
from switchroom.core.routing.lanes import Group, Lane, Order
from switchroom.core.routing.pools import Agent, AgentKey, Pools
from switchroom.core.routing.ranking import Ranking

__all__ = ["AgentFacts", "Entry", "Match", "Matcher", "Profile", "Waiting"]


class Matcher:
    """Pairs waiting contacts with agents.

    `strict_priority_blocking`: a contact still within its delay keeps the agents of that profile from entries of
    lower priority (the literal reading of vector V7); off by default.
    """

    def __init__(self, *, strict_priority_blocking: bool = False) -> None:
        self._strict = strict_priority_blocking
        self._pools = Pools()
        self._groups: dict[tuple[str, str], Group] = {}
        self._owned: dict[tuple[str, str, bool], Lane] = {}
        self._waiting: dict[str, tuple[Waiting, Lane]] = {}
        self._held: Ranking[int, tuple[str, int]] = Ranking()
        self._dirty_lanes: dict[Lane, None] = {}
        self._dirty_agents: dict[str, None] = {}
        self._candidates: list[tuple[AgentKey, int, Lane | None]] = []
        self._pushed = 0

    # facts

    def set_profile(self, profile: Profile) -> None:
        """Adds or replaces a routing profile; takes effect on the next match (ROUT-18)."""
        before = self._pools.profiles.get(profile.id)
        if before is not None and before.profile == profile:
            return
        if before is not None:
            self._leave_groups(before.entries.values(), profile.id)
        state = self._pools.set_profile(profile)
        for _, entries in groupby(state.entries.values(), lambda entry: entry.priority):
            state.classes.append([(entry, self._group(entry.queue, entry.channel)) for entry in entries])
        for entry, group in chain(*state.classes):
            group.entries[profile.id] = entry
            self._open_view(group, entry.delay)
        self._dirty_lanes.update((lane, None) for lane in self._owned.values() if lane.owner in state.members)

    def remove_profile(self, profile: str) -> None:
        """Forgets a profile; its agents take nothing until they have another."""
        state = self._pools.profiles.get(profile)
        if state is not None:
            self._leave_groups(state.entries.values(), profile)
            self._pools.remove_profile(profile)

    def set_agent(self, facts: AgentFacts) -> None:
        """Adds an agent or replaces what is known of one."""
        if self._pools.set_agent(facts):
            self._dirty_agents[facts.agent] = None

    def remove_agent(self, agent: str) -> None:
        """Forgets an agent; no error when unknown."""
        self._pools.remove_agent(agent)
        self._dirty_agents.pop(agent, None)

    def put(self, waiting: Waiting) -> None:
        """Adds a waiting contact, or replaces what is known of it."""
        known = self._waiting.get(waiting.contact)
        if known is not None:
            if known[0] == waiting:
                return
            self.take(waiting.contact)
        lane = self._lane_for(waiting)
        lane.contacts[waiting.contact] = waiting
        self._waiting[waiting.contact] = (waiting, lane)
        for delay, ranking in lane.ready.items():
            self._show(lane, waiting, delay, ranking)
        self._dirty_lanes[lane] = None

    def take(self, contact: str) -> Waiting | None:
        """Removes a contact (offered, left the queue, ended); gives what was known of it."""
        known = self._waiting.pop(contact, None)
        if known is None:
            return None
        waiting, lane = known
        del lane.contacts[contact]
        for delay, ranking in lane.ready.items():
            ranking.discard(contact)
            if delay:
                self._release(lane, contact, delay)
        if not lane.contacts:
            self._drop(lane)
        return waiting

    def __contains__(self, contact: object) -> bool:
        return contact in self._waiting

    def waiting(self, contact: str) -> Waiting | None:
        """What is known of a waiting contact."""
        known = self._waiting.get(contact)
        return known[0] if known else None

    # decisions

    def next_match(self, now: int) -> Match | None:
        """The next pair to offer, or None. Whoever asks applies it (`take` and `set_agent`) before asking again."""
        if self._held.head is not None and self._held.head[0] <= now:
            self._advance(now)
        if self._dirty_agents or self._dirty_lanes:
            self._refill()
        while self._candidates:
            key, _, lane = heappop(self._candidates)
            if lane is not None:
                if lane.candidate != key:
                    continue
                lane.candidate = None
                self._dirty_lanes[lane] = None
            agent = self._pools.agents.get(key[1])
            if agent is not None and agent.key == key and agent.open:
                contact = self._first_contact(agent)
                if contact is not None:
                    self._dirty_agents[key[1]] = None
                    return Match(contact, key[1])
                self._pools.place(agent)
            if self._dirty_lanes:
                self._refill()
        return None

    def matches(self, now: int) -> Iterator[Match]:
        """`next_match` until there is none; each match must be applied before the next is asked for."""
        while (match := self.next_match(now)) is not None:
            yield match

    def wake_at(self) -> int | None:
        """The next moment at which a delay ends; None when no contact is held back."""
        return None if self._held.head is None else self._held.head[0]

    # waiting side

    def _group(self, queue: str, channel: str) -> Group:
        key = (queue, channel)
        group = self._groups.get(key)
        if group is None:
            group = self._groups[key] = Group(queue, channel)
        return group

    def _lane_for(self, waiting: Waiting) -> Lane:
        if waiting.agent_queue_of is not None:
            return self._owned_lane(waiting.agent_queue_of, waiting.channel, waiting.missed_by)
        group = self._group(waiting.queue, waiting.channel)
        lane = group.lane(waiting.requirement, waiting.missed_by)
        if lane is None:
            lane = group.add_lane(waiting.requirement, waiting.missed_by)
            if waiting.requirement is not None:
                self._pools.hold(waiting.requirement)
        return lane

    def _owned_lane(self, owner: str, channel: str, missed_by: frozenset[str]) -> Lane:
        key = (owner, channel, owner in missed_by)
        lane = self._owned.get(key)
        if lane is None:
            lane = self._owned[key] = Lane(None, channel, None, missed_by, owner)
            lane.ready[0] = Ranking()
        return lane

    def _drop(self, lane: Lane) -> None:
        lane.candidate = None
        self._dirty_lanes.pop(lane, None)
        if lane.owner is not None:
            self._owned.pop((lane.owner, lane.channel, lane.owner in lane.missed_by), None)
        elif lane.group is not None:
            lane.group.remove_lane(lane)
            if lane.requirement is not None:
                self._pools.release(lane.requirement)
            self._tidy(lane.group)

    def _tidy(self, group: Group) -> None:
        if not group.entries and not group.lanes:
            self._groups.pop((group.queue, group.channel), None)

    def _show(self, lane: Lane, waiting: Waiting, delay: int, ranking: Ranking[Order, str]) -> None:
        """Makes a contact selectable for entries with this delay, at once or when it has waited long enough."""
        if delay == 0 or lane.group is None:
            ranking.put(waiting.contact, waiting.order)
            return
        lane.group.held.setdefault(delay, set()).add(waiting.contact)
        self._held.put((waiting.contact, delay), waiting.enqueued_at + delay * SECOND)

    def _release(self, lane: Lane, contact: str, delay: int) -> None:
        """Forgets that a contact is held back by this delay."""
        held = lane.group.held.get(delay) if lane.group else None
        if not held or contact not in held:
            return
        held.discard(contact)
        self._held.discard((contact, delay))
        if not held and lane.group is not None:
            del lane.group.held[delay]
            if self._strict:
                self._unblock(lane.group, delay)

    def _unblock(self, group: Group, delay: int) -> None:
        """Nothing is held here any more: entries of lower priority of the same profiles may move (strict only)."""
        for profile, entry in group.entries.items():
            if entry.delay == delay:
                for other in self._pools.profiles[profile].entries.values():
                    if other.priority > entry.priority:
                        self._touch(self._groups[other.queue, other.channel])

    def _touch(self, group: Group) -> None:
        self._dirty_lanes.update(dict.fromkeys(group.all_lanes()))

    def _open_view(self, group: Group, delay: int) -> None:
        """Sees that contacts of the group can be found by this delay, and are looked at again."""
        if delay not in group.delays:
            group.delays.add(delay)
            for lane in group.all_lanes():
                ranking = lane.ready[delay] = Ranking()
                for waiting in lane.contacts.values():
                    self._show(lane, waiting, delay, ranking)
        self._touch(group)

    def _leave_groups(self, entries: Iterable[Entry], profile: str) -> None:
        for entry in entries:
            group = self._groups[entry.queue, entry.channel]
            group.entries.pop(profile, None)
            if all(other.delay != entry.delay for other in group.entries.values()):
                self._close_view(group, entry.delay)
            self._tidy(group)

    def _close_view(self, group: Group, delay: int) -> None:
        group.delays.discard(delay)
        for lane in group.all_lanes():
            del lane.ready[delay]
        for contact in group.held.pop(delay, ()):
            self._held.discard((contact, delay))

    def _advance(self, now: int) -> None:
        """Contacts whose delay has ended become selectable."""
        while (first := self._held.head) is not None and first[0] <= now:
            contact, delay = first[1]
            waiting, lane = self._waiting[contact]
            self._release(lane, contact, delay)
            lane.ready[delay].put(contact, waiting.order)
            self._dirty_lanes[lane] = None

    # choosing

    def _refill(self) -> None:
        """Turns what changed into candidate agents, by time available."""
        if self._dirty_agents:
            for name in self._dirty_agents:
                agent = self._pools.agents.get(name)
                if agent is not None and agent.open:
                    self._push(agent.key, None)
            self._dirty_agents.clear()
        if self._dirty_lanes:
            for lane in self._dirty_lanes:
                key = self._longest_available(lane)
                if key != lane.candidate:
                    lane.candidate = key
                    if key is not None:
                        self._push(key, lane)
            self._dirty_lanes.clear()

    def _push(self, key: AgentKey, lane: Lane | None) -> None:
        self._pushed += 1
        heappush(self._candidates, (key, self._pushed, lane))

    def _longest_available(self, lane: Lane) -> AgentKey | None:
        """The agent who has been available for longest among those who may take something from this lane."""
        if lane.owner is not None:
            agent = self._pools.agents.get(lane.owner)
            return agent.key if agent and lane.channel in agent.open and lane.owner not in lane.missed_by else None
        best: AgentKey | None = None
        assert lane.group is not None
        for profile, entry in lane.group.entries.items():
            if lane.ready[entry.delay].head is None or (self._strict and self._blocked(profile, entry)):
                continue
            agent = self._pools.first(profile, lane.channel, lane.requirement, lane.missed_by)
            if agent is not None and (best is None or agent.key < best):
                best = agent.key
        return best

    def _first_contact(self, agent: Agent) -> str | None:
        """The first contact in this agent's order: agent queue, entry priority, contact priority, rank."""
        if not self._waiting:
            return None
        best = self._first_own(agent) if self._owned else None
        profile = self._pools.profiles.get(agent.facts.profile)
        if best is not None or profile is None:
            return best
        name, channels, fits = agent.facts.agent, agent.open, agent.fits
        for entries in profile.classes:
            firsts = [
                first
                for entry, group in entries
                if group.lanes and entry.channel in channels and (first := group.first(entry.delay, name, fits))
            ]
            if firsts:
                return min(firsts)[1]
            if self._strict and any(self._holds(entry) for entry, _ in entries):
                return None
        return None

    def _first_own(self, agent: Agent) -> str | None:
        """The first contact in the agent's own queue."""
        lanes = [self._owned.get((agent.facts.agent, channel, False)) for channel in agent.open]
        firsts = [lane.ready[0].head for lane in lanes if lane is not None]
        return min((first for first in firsts if first is not None), default=(None, None))[1]

    def _holds(self, entry: Entry) -> bool:
        return bool(self._groups[entry.queue, entry.channel].held.get(entry.delay))

    def _blocked(self, profile: str, entry: Entry) -> bool:
        entries = self._pools.profiles[profile].entries.values()
        return any(other.priority < entry.priority and self._holds(other) for other in entries)
