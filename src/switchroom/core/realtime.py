"""Queues and agents as they are now: what flows check staffing by, and what real-time metrics are made of.

Counts follow metrics.md: B2 (slots), B3 (available), B4 (online = staffed + non-productive).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from switchroom.base.clock import MINUTE
from switchroom.core.agent import Agent
from switchroom.core.commands import QueueSize, RealTimeView
from switchroom.core.config import Configuration
from switchroom.core.indexes import Indexes
from switchroom.core.state import State
from switchroom.core.tallies import Standing
from switchroom.core.turn import Turn, handles

SHOWN_AFTER_OFFLINE = 5 * MINUTE
"""An agent who went Offline is still shown for so long (metrics.md B1)."""


class AgentCounts(msgspec.Struct):
    """Agents of a queue; `available` have a free slot for it, `after_contact_work` counts contacts."""

    online: int = 0
    available: int = 0
    staffed: int = 0
    after_contact_work: int = 0
    busy: int = 0
    missed: int = 0
    non_productive: int = 0


class QueueCounts(msgspec.Struct, frozen=True):
    """A queue now. `size` leaves out contacts on offer to an agent (RT-53); `oldest_age_ms` is 0 when nobody waits."""

    size: int
    oldest_age_ms: int
    agents: AgentCounts


def queue_counts(
    state: State, indexes: Indexes, config: Configuration, queue_id: str, channel: str | None, now: int
) -> QueueCounts:
    """Counts of a queue for one channel, or of all channels, at `now` (epoch milliseconds)."""
    size, oldest = 0, now
    waiting = indexes.tallies.waiting()
    for wanted in (channel,) if channel else ("VOICE", "CHAT", "TASK"):
        ranking = waiting.get((queue_id, wanted))
        first = ranking.first() if ranking is not None else None
        if ranking is not None and first is not None:
            size += len(ranking)
            oldest = min(oldest, first[0])
    counts = AgentCounts()
    for standing, agents, channels in _staff(indexes, config, queue_id, channel):
        _count(counts, standing, agents, channels)
    return QueueCounts(size, now - oldest, counts)


def _staff(
    indexes: Indexes, config: Configuration, queue_id: str, channel: str | None
) -> Iterator[tuple[Standing, int, frozenset[str]]]:
    """How the agents of a queue stand, how many stand so, and the channels on which they serve it."""
    tallies = indexes.tallies
    queue = config.queues.get(queue_id)
    if queue is not None and queue.agent is not None:
        standing = tallies.standing(config, queue.agent)
        user = config.users.get(queue.agent)
        profile = config.profiles.get(user.profile) if user else None
        if standing is not None and profile is not None:
            yield standing, 1, frozenset(c for c in profile.routing.capacity if channel in (None, c))
        return
    for name, served in tallies.serving(config, queue_id).items():
        channels = served if channel is None else served & {channel}
        if channels:
            for standing, agents in tallies.standings(config, name).items():
                yield standing, agents, channels


def _count(counts: AgentCounts, standing: Standing, agents: int, channels: frozenset[str]) -> None:
    if standing.status_type != "OFFLINE":
        counts.online += agents
        if standing.status_type == "ROUTABLE":
            counts.staffed += agents
        else:
            counts.non_productive += agents
    if not standing.open.isdisjoint(channels):
        counts.available += agents
    counts.after_contact_work += agents * sum(number for channel, number in standing.work if channel in channels)
    if not standing.busy.isdisjoint(channels):
        counts.busy += agents
    if not standing.failed.isdisjoint(channels):
        counts.missed += agents


@handles(QueueSize)
def queue_size(turn: Turn, command: QueueSize) -> int:
    """Contacts in a queue, on offer or not."""
    return turn.indexes.queued(command.queue)


@handles(RealTimeView)
def real_time_view(turn: Turn, command: RealTimeView) -> dict[str, Any]:
    """Queues, routing profiles and agents now; `views.realtime` adds up the metrics from it.

    `queues`: rows (queue, channel, in queue, when the oldest entered, scheduled); `steps`: rows (queue, channel, step,
    in queue, when the oldest entered); `profiles`: capacity by channel and (queue, channel) pairs; `agents`: rows of
    `tallies`; agents who are Offline and idle are left out.
    """
    state, config, tallies = turn.state, turn.config, turn.indexes.tallies
    queues = []
    waiting, scheduled = tallies.waiting(), tallies.scheduled()
    for queue, channel in {**waiting, **scheduled}:
        ranking = waiting.get((queue, channel))
        first = ranking.first() if ranking is not None else None
        size = len(ranking) if ranking is not None else 0
        queues.append([queue, channel, size, first[0] if first else None, scheduled.get((queue, channel), 0)])
    rows = tallies.rows(config)
    return {
        "at": turn.now,
        "queues": queues,
        "steps": [
            [*place, len(ranking), first[0]] for place, ranking in tallies.steps().items() if (first := ranking.first())
        ],
        "profiles": {
            profile.id: {
                "arn": profile.arn,
                "name": profile.name,
                "capacity": dict(profile.routing.capacity),
                "queues": [[entry.queue, entry.channel] for entry in profile.routing.entries],
            }
            for profile in config.profiles.values()
        },
        "agents": [row for user, row in rows.items() if _shown(state.agents[user], turn.now)],
        "contacts": dict(turn.indexes.channels),
    }


def _shown(agent: Agent, now: int) -> bool:
    online = agent.slots or agent.status_type != "OFFLINE"
    return bool(online) or now - agent.status_since < SHOWN_AFTER_OFFLINE
