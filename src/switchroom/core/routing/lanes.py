"""Waiting contacts, arranged so that those with the same possible agents stand together."""

from collections.abc import Iterator, Set

from switchroom.core.routing.criteria import Expression
from switchroom.core.routing.facts import Entry, Waiting
from switchroom.core.routing.ranking import Ranking

Order = tuple[int, int, int]
Head = tuple[Order, str]
"""A contact with its place in the queue."""


class Lane:
    """Contacts of one queue and channel with the same requirement, so with the same possible agents.

    `ready` holds, for every delay that some profile asks for, the contacts that have waited that long.
    `candidate` is the key of the agent this lane last proposed.
    """

    __slots__ = ("candidate", "channel", "contacts", "group", "missed_by", "owner", "ready", "requirement")

    def __init__(
        self,
        group: "Group | None",
        channel: str,
        requirement: Expression | None,
        missed_by: frozenset[str],
        owner: str | None = None,
    ) -> None:
        self.group = group
        self.channel = channel
        self.requirement = requirement
        self.missed_by = missed_by
        self.owner = owner
        self.contacts: dict[str, Waiting] = {}
        self.ready: dict[int, Ranking[Order, str]] = {}
        self.candidate: tuple[int, str] | None = None


class Group:
    """One queue on one channel: its lanes, the profile entries that serve it and the contacts held by a delay."""

    __slots__ = ("channel", "delays", "entries", "held", "lanes", "queue")

    def __init__(self, queue: str, channel: str) -> None:
        self.queue = queue
        self.channel = channel
        self.entries: dict[str, Entry] = {}
        self.delays: set[int] = set()
        self.held: dict[int, set[str]] = {}
        self.lanes: dict[Expression | None, dict[frozenset[str], Lane]] = {}

    def lane(self, requirement: Expression | None, missed_by: frozenset[str]) -> Lane | None:
        """The lane of such contacts, if any wait."""
        lanes = self.lanes.get(requirement)
        return None if lanes is None else lanes.get(missed_by)

    def add_lane(self, requirement: Expression | None, missed_by: frozenset[str]) -> Lane:
        """A new empty lane."""
        lane = Lane(self, self.channel, requirement, missed_by)
        lane.ready = {delay: Ranking() for delay in self.delays}
        self.lanes.setdefault(requirement, {})[missed_by] = lane
        return lane

    def remove_lane(self, lane: Lane) -> None:
        """Forgets an empty lane."""
        lanes = self.lanes[lane.requirement]
        del lanes[lane.missed_by]
        if not lanes:
            del self.lanes[lane.requirement]

    def all_lanes(self) -> Iterator[Lane]:
        """Every lane."""
        for lanes in self.lanes.values():
            yield from lanes.values()

    def first(self, delay: int, agent: str, fits: Set[Expression | None]) -> Head | None:
        """The first contact, past this delay, for an agent who fulfils these requirements."""
        best: Head | None = None
        for requirement in self.lanes.keys() & fits:
            for lane in self.lanes[requirement].values():
                head = lane.ready[delay].head
                if head is not None and (best is None or head < best) and agent not in lane.missed_by:
                    best = head
        return best
