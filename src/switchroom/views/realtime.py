"""Real-time metrics of queues and agents, added up from what the centre shows of the moment (metrics.md)."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import msgspec

from switchroom.base.clock import SECOND, now_ms
from switchroom.core.commands import RealTimeView
from switchroom.core.routing.criteria import Expression

FRESH = SECOND
"""How long one look at the centre serves every dashboard."""

IN_HAND = ("CONNECTED", "CONNECTED_ONHOLD", "ENDED", "PAUSED")
CALLED_OUT = ("OUTBOUND", "CALLBACK")
"""Initiation methods of contacts that count as in hand while the customer's phone rings (RT-03)."""
FAILED = ("MISSED", "ERROR", "REJECTED")
STEP = "ROUTING_STEP_EXPRESSION"


class Slot(msgspec.Struct, frozen=True):
    """A contact at an agent."""

    contact: str
    channel: str
    method: str | None
    state: str
    since: int
    connected_at: int | None
    queue: str | None
    barged: bool = False
    """A supervisor takes part in the conversation (QUAL-126)."""
    step: str | None = None
    """The routing step under which the contact came: the JSON of its expression (ROUT-57)."""
    pauses: int = 0
    """How often the contact was paused, now included."""
    paused_ms: int = 0
    """How long it was paused, now left out."""

    @property
    def occupies(self) -> bool:
        """Takes a place of the channel's capacity: all but a paused task (B2)."""
        return self.state != "PAUSED"

    @property
    def monitoring(self) -> bool:
        """The contact of a supervisor who monitors; it is no work of the supervisor's own."""
        return self.method == "MONITOR"

    @property
    def in_hand(self) -> bool:
        """Connected, on hold, paused, in after contact work, or called out and ringing (RT-03)."""
        ringing = self.state == "CONNECTING" and self.method in CALLED_OUT
        return (self.state in IN_HAND or ringing) and not self.monitoring


class AgentNow(msgspec.Struct, frozen=True):
    """An agent now; `open` are the channels on which something can be offered."""

    user: str
    username: str
    name: tuple[str, str]
    profile: str
    queue: str | None
    hierarchy: list[tuple[str, str]]
    status: str
    status_name: str
    status_type: str
    since: int
    next: str | None
    slots: list[Slot]
    open: frozenset[str]
    proficiencies: list[tuple[str, str, float]] = []
    reachable: bool = True
    """The desktop is heard of, as far as there is one (ROUT-111)."""

    def fulfils(self, expression: Expression) -> bool:
        """Has the proficiencies that a routing step asks for."""
        return expression.satisfied_by({(name, value): level for name, value, level in self.proficiencies})

    def active(self, channels: Iterable[str]) -> int:
        """Slots with a contact in hand (RT-03)."""
        return sum(slot.in_hand and slot.channel in channels for slot in self.slots)

    def free(self, channel: str, capacity: int) -> int:
        """Slots of a channel to which a contact can be routed now (B2)."""
        if channel not in self.open:
            return 0
        return max(0, capacity - sum(slot.occupies and slot.channel == channel for slot in self.slots))


class ProfileNow(msgspec.Struct, frozen=True):
    """A routing profile: capacity by channel and the (queue, channel) pairs it serves."""

    arn: str
    name: str
    capacity: dict[str, int]
    queues: list[tuple[str, str]]


class QueueNow(msgspec.Struct, frozen=True, array_like=True):
    """Contacts that wait in a queue on one channel; `oldest` is when the first of them entered it."""

    queue: str
    channel: str
    size: int
    oldest: int | None
    scheduled: int


class StepNow(msgspec.Struct, frozen=True, array_like=True):
    """Contacts that wait in a queue on one channel under one routing step, given by the JSON of its expression."""

    queue: str
    channel: str
    step: str
    size: int
    oldest: int


class Moment(msgspec.Struct, frozen=True):
    """Everything at one moment, epoch milliseconds `at`."""

    at: int
    queues: list[QueueNow]
    profiles: dict[str, ProfileNow]
    agents: list[AgentNow]
    contacts: dict[str, int]
    steps: list[StepNow] = []


class Tally(msgspec.Struct):
    """Agents and their slots, added up. `work` counts contacts in after contact work, the others agents or slots."""

    online: int = 0
    available: int = 0
    staffed: int = 0
    non_productive: int = 0
    on_contact: int = 0
    work: int = 0
    error: int = 0
    active: int = 0
    free: int = 0

    def add(self, agent: AgentNow, capacity: dict[str, int]) -> None:
        """Count an agent on some channels, given with the capacity of each."""
        slots = [slot for slot in agent.slots if slot.channel in capacity and not slot.monitoring]
        states = [slot.state for slot in slots]
        in_hand = sum(slot.in_hand for slot in slots)
        routable = agent.status_type == "ROUTABLE"
        self.online += agent.status_type != "OFFLINE"
        self.staffed += routable
        self.non_productive += agent.status_type == "CUSTOM"
        self.available += routable and agent.reachable and not agent.slots and agent.next is None
        self.on_contact += in_hand > 0
        self.work += states.count("ENDED")
        self.error += any(state in FAILED for state in states)
        self.active += in_hand
        if routable:
            self.free += max((agent.free(channel, slots) for channel, slots in capacity.items()), default=0)

    def include(self, other: "Tally") -> None:
        """Add another tally."""
        for name in self.__struct_fields__:
            setattr(self, name, getattr(self, name) + getattr(other, name))


class Row(msgspec.Struct):
    """One row of metrics: its place in the groupings, and the (queue, channel) pairs it looks at."""

    key: tuple[str, ...]
    pairs: set[tuple[str, str]]
    profile: str | None = None
    step: str | None = None
    agents: Tally = msgspec.field(default_factory=Tally)
    size: int = 0
    scheduled: int = 0
    oldest_ms: int = 0

    @property
    def live(self) -> bool:
        """There is a contact or an agent online (MET-06)."""
        return self.size > 0 or self.agents.online > 0 or self.agents.active > 0


class Board:
    """A moment, arranged for adding up: agents of one routing profile are counted once, whatever the queues."""

    def __init__(self, moment: Moment) -> None:
        self.moment = moment
        self._agents: dict[str, list[AgentNow]] = {}
        self._owners: dict[str, AgentNow] = {}
        self._waiting: dict[tuple[str, str], QueueNow] = {(q.queue, q.channel): q for q in moment.queues}
        self._tallies: dict[tuple[str, frozenset[str], str | None], Tally] = {}
        self._steps: dict[tuple[str, str, str], StepNow] = {(s.queue, s.channel, s.step): s for s in moment.steps}
        self._under: dict[tuple[str, str, str], int] = {}
        for agent in moment.agents:
            self._agents.setdefault(agent.profile, []).append(agent)
            if agent.queue is not None:
                self._owners[agent.queue] = agent
            for slot in agent.slots:
                if slot.step is not None and slot.queue is not None:
                    place = slot.queue, slot.channel, slot.step
                    self._under[place] = self._under.get(place, 0) + slot.in_hand

    def steps(self, queue: str, channel: str) -> list[str]:
        """The routing steps that contacts of a queue use: waiting, on offer or with an agent (MET-54)."""
        return sorted({step for q, c, step in (*self._steps, *self._under) if (q, c) == (queue, channel)})

    def rows(
        self,
        queues: Sequence[str],
        profiles: Sequence[str],
        channels: Sequence[str],
        groupings: Sequence[str],
        steps: Sequence[str] = (),
    ) -> list[Row]:
        """The rows of a request: the (queue, channel) pairs of the filters, split by the groupings.

        Grouped by routing step: those of `steps`, or all in use.
        """
        served = self.moment.profiles
        chosen = {name: profile for name, profile in served.items() if not profiles or name in profiles}
        named = set(queues) or {queue for profile in chosen.values() for queue, _ in profile.queues}
        found: dict[tuple[str, ...], Row] = {}
        for queue, channel in sorted((queue, channel) for queue in named for channel in channels):
            split: list[tuple[str | None, str | None]] = [
                (profile, step)
                for profile in (chosen if "ROUTING_PROFILE" in groupings else (None,))
                if profile is None or (queue, channel) in chosen[profile].queues
                for step in ((steps or self.steps(queue, channel)) if STEP in groupings else (None,))
            ]
            for profile, step in split:
                values = {"QUEUE": queue, "CHANNEL": channel, "ROUTING_PROFILE": profile or "", STEP: step or ""}
                key = tuple(values[grouping] for grouping in groupings)
                found.setdefault(key, Row(key, set(), profile, step)).pairs.add((queue, channel))
        for row in found.values():
            self._fill(row, [row.profile] if row.profile is not None else list(chosen))
        return list(found.values())

    def _fill(self, row: Row, profiles: list[str]) -> None:
        if row.step is not None:
            self._fill_step(row, row.step, profiles)
            return
        for waiting in filter(None, (self._waiting.get(pair) for pair in row.pairs)):
            row.size += waiting.size
            row.scheduled += waiting.scheduled
            if waiting.oldest is not None:
                row.oldest_ms = max(row.oldest_ms, self.moment.at - waiting.oldest)
        counted = set()
        for name in profiles:
            serving = self._serving(name, row)
            if serving:
                counted.add(name)
                row.agents.include(self._tally(name, serving))
        for queue in {queue for queue, _ in row.pairs} & self._owners.keys():
            agent = self._owners[queue]
            if agent.profile not in counted and agent.profile in self.moment.profiles:
                row.agents.add(
                    agent, self._capacity(agent.profile, {channel for q, channel in row.pairs if q == queue})
                )

    def _fill_step(self, row: Row, step: str, profiles: list[str]) -> None:
        """Agents who fulfil the step; contacts that wait, since they entered the queue, or are handled under it."""
        for name in profiles:
            serving = self._serving(name, row)
            if serving:
                row.agents.include(self._tally(name, serving, step))
        row.agents.active = sum(self._under.get((*pair, step), 0) for pair in row.pairs)
        for waiting in filter(None, (self._steps.get((*pair, step)) for pair in row.pairs)):
            row.size += waiting.size
            row.oldest_ms = max(row.oldest_ms, self.moment.at - waiting.oldest)

    def _serving(self, profile: str, row: Row) -> frozenset[str]:
        """The channels on which agents of a routing profile serve what a row looks at."""
        queues = self.moment.profiles[profile].queues
        return frozenset(channel for queue, channel in queues if (queue, channel) in row.pairs)

    def _tally(self, profile: str, channels: frozenset[str], step: str | None = None) -> Tally:
        known = self._tallies.get((profile, channels, step))
        if known is None:
            known = self._tallies[profile, channels, step] = Tally()
            capacity = self._capacity(profile, channels)
            expression = msgspec.json.decode(step, type=Expression) if step is not None else None
            for agent in self._agents.get(profile, ()) if capacity else ():
                if expression is None or agent.fulfils(expression):
                    known.add(agent, capacity)
        return known

    def _capacity(self, profile: str, channels: Iterable[str]) -> dict[str, int]:
        capacity = self.moment.profiles[profile].capacity
        return {channel: slots for channel in channels if (slots := capacity.get(channel, 0))}


class RealTime:
    """Looks at the centres; one look per instance and second, however many ask."""

    def __init__(self, centres: Any, clock: Callable[[], int] = now_ms) -> None:
        self._centres = centres
        self._clock = clock
        self._known: dict[str, tuple[int, Board]] = {}
        self._looking: dict[str, asyncio.Lock] = {}

    async def board(self, instance: str) -> Board:
        """The instance now, at most a second old."""
        async with self._looking.setdefault(instance, asyncio.Lock()):
            known = self._known.get(instance)
            now = self._clock()
            if known is not None and 0 <= now - known[0] < FRESH:
                return known[1]
            answer = await self._centres.submit(instance, RealTimeView())
            board = Board(msgspec.convert(answer, Moment))
            self._known[instance] = (now, board)
            return board


METRICS: dict[str, Callable[[Row], float]] = {
    "AGENTS_ONLINE": lambda row: row.agents.online,
    "AGENTS_AVAILABLE": lambda row: row.agents.available,
    "AGENTS_ON_CALL": lambda row: row.agents.on_contact,
    "AGENTS_ON_CONTACT": lambda row: row.agents.on_contact,
    "AGENTS_NON_PRODUCTIVE": lambda row: row.agents.non_productive,
    "AGENTS_AFTER_CONTACT_WORK": lambda row: row.agents.work,
    "AGENTS_ERROR": lambda row: row.agents.error,
    "AGENTS_STAFFED": lambda row: row.agents.staffed,
    "CONTACTS_IN_QUEUE": lambda row: row.size,
    "CONTACTS_SCHEDULED": lambda row: row.scheduled,
    "OLDEST_CONTACT_AGE": lambda row: row.oldest_ms / 1000,
    "SLOTS_ACTIVE": lambda row: row.agents.active,
    "SLOTS_AVAILABLE": lambda row: row.agents.free,
}
"""By the identifiers of GetCurrentMetricData. Ages in seconds, the rest are counts."""
