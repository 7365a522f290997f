"""What the matcher is told: routing profiles, agents and waiting contacts. Times are epoch milliseconds."""

from collections.abc import Mapping

from msgspec import Struct, field

from switchroom.core.routing.criteria import Expression

SECOND = 1_000


class Entry(Struct, frozen=True):
    """One row of a routing profile: a queue on a channel. `priority` 1..99 (1 first), `delay` in seconds."""

    queue: str
    channel: str
    priority: int = 1
    delay: int = 0


class Profile(Struct, frozen=True):
    """A routing profile.

    `capacity`: contacts an agent may hold on each channel; a channel that is absent is switched off.
    `exclusive`: True where the channel's CrossChannelBehavior is ROUTE_CURRENT_CHANNEL_ONLY (also when absent).
    """

    id: str
    capacity: Mapping[str, int]
    exclusive: Mapping[str, bool] = field(default_factory=dict)
    entries: tuple[Entry, ...] = ()


class Waiting(Struct, frozen=True):
    """A contact that waits in a queue and may be offered.

    `enqueued_at` entry into this queue, from which delays count; `rank` the moment it is ordered by (original
    arrival minus age adjustment; a transferred contact keeps its first arrival); `priority` 1 first; `sequence`
    decides between equal ranks. `agent_queue_of` is the user whose agent queue this is, None for a standard
    queue. `requirement` is the expression of the ACTIVE routing step, None when there is no such step.
    `missed_by` are the agents who still show this contact as missed: it is not offered to them.
    """

    contact: str
    queue: str
    channel: str
    enqueued_at: int
    rank: int
    priority: int = 5
    sequence: int = 0
    agent_queue_of: str | None = None
    requirement: Expression | None = None
    missed_by: frozenset[str] = frozenset()

    @property
    def order(self) -> tuple[int, int, int]:
        """Place inside the queue, lowest first (the identifier decides what is left equal)."""
        return (self.priority, self.rank, self.sequence)


class AgentFacts(Struct, frozen=True):
    """An agent as routing sees them.

    `routable`: status of type ROUTABLE, no next status pending, connected, not in error. `occupied`: slots
    between offer and clear by channel (incoming, connected, hold, after contact work, missed, error; not paused
    tasks). `since`: start of the availability timer. `proficiencies`: level by (attribute name, value).
    """

    agent: str
    profile: str
    routable: bool
    since: int
    occupied: Mapping[str, int] = field(default_factory=dict)
    proficiencies: Mapping[tuple[str, str], float] = field(default_factory=dict)


class Match(Struct, frozen=True):
    """This contact is to be offered to this agent now."""

    contact: str
    agent: str
