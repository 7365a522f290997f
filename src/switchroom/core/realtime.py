"""Queues and agents as they are now: what flows check staffing by, and what real-time metrics are made of.

Counts follow metrics.md: B2 (slots), B3 (available), B4 (online = staffed + non-productive).
"""

from collections.abc import Iterator
from typing import Any

import msgspec

from switchroom.core.agent import Agent, Slot
from switchroom.core.commands import RealTimeView
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.routing.facts import AgentFacts
from switchroom.core.routing.pools import open_channels
from switchroom.core.state import Indexes, State
from switchroom.core.turn import Turn, handles

BUSY = ("CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED")
"""Slot states of an agent on a contact, apart from after contact work."""
FAILED = ("MISSED", "ERROR", "REJECTED")


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
    for contact in waiting(state, indexes, queue_id):
        if (channel is None or contact.channel == channel) and contact.stay is not None:
            size += 1
            oldest = min(oldest, contact.stay.enqueued_at)
    counts = AgentCounts()
    for agent, channels in _agents_of(state, config, queue_id, channel):
        _count(counts, agent, channels, open_now(agent, config))
    return QueueCounts(size, now - oldest, counts)


def waiting(state: State, indexes: Indexes, queue: str) -> Iterator[Contact]:
    """Contacts in a queue that are not on offer to an agent, oldest first."""
    for identifier in indexes.queues.get(queue, ()):
        contact = state.contacts[identifier]
        if contact.offered_to is None:
            yield contact


def open_now(agent: Agent, config: Configuration) -> frozenset[str]:
    """Channels on which an agent can be offered a contact at this moment."""
    user = config.users.get(agent.user)
    profile = config.profiles.get(user.profile) if user else None
    if user is None or profile is None or not agent.routable:
        return frozenset()
    occupied: dict[str, int] = {}
    for slot in agent.slots.values():
        if slot.occupies:
            occupied[slot.channel] = occupied.get(slot.channel, 0) + 1
    facts = AgentFacts(agent.user, user.profile, routable=True, since=0, occupied=occupied)
    return frozenset(open_channels(profile.routing, facts))


def _agents_of(
    state: State, config: Configuration, queue_id: str, channel: str | None
) -> Iterator[tuple[Agent, frozenset[str]]]:
    """The agents who serve a queue, each with the channels on which it is served."""
    queue = config.queues.get(queue_id)
    if queue is not None and queue.agent is not None:
        owner = state.agents.get(queue.agent)
        user = config.users.get(queue.agent)
        profile = config.profiles.get(user.profile) if user else None
        if owner is not None and profile is not None:
            yield owner, frozenset(c for c in profile.routing.capacity if channel in (None, c))
        return
    serving: dict[str, frozenset[str]] = {}
    for profile in config.profiles.values():
        channels = frozenset(
            entry.channel
            for entry in profile.routing.entries
            if entry.queue == queue_id and channel in (None, entry.channel)
        )
        if channels:
            serving[profile.id] = channels
    if not serving:
        return
    for agent in state.agents.values():
        user = config.users.get(agent.user)
        channels = serving.get(user.profile, frozenset()) if user else frozenset()
        if channels:
            yield agent, channels


def _count(counts: AgentCounts, agent: Agent, channels: frozenset[str], free: frozenset[str]) -> None:
    if agent.status_type != "OFFLINE":
        counts.online += 1
        if agent.status_type == "ROUTABLE":
            counts.staffed += 1
        else:
            counts.non_productive += 1
    if not free.isdisjoint(channels):
        counts.available += 1
    states = [slot.state for slot in agent.slots.values() if slot.channel in channels]
    counts.after_contact_work += states.count("ENDED")
    if any(state in BUSY for state in states):
        counts.busy += 1
    if any(state in FAILED for state in states):
        counts.missed += 1


@handles(RealTimeView)
def real_time_view(turn: Turn, command: RealTimeView) -> dict[str, Any]:
    """Queues, routing profiles and agents now; `views.realtime` adds up the metrics from it.

    `queues`: rows (queue, channel, in queue, enqueued at of the oldest, scheduled); `profiles`: capacity by channel
    and (queue, channel) pairs; `agents`: rows of `_agent_row`; agents who are Offline and idle are left out.
    """
    state, config = turn.state, turn.config
    rows: dict[tuple[str, str], list[int | None]] = {}
    for queue in turn.indexes.queues:
        for contact in waiting(state, turn.indexes, queue):
            row = rows.setdefault((queue, contact.channel), [0, None, 0])
            row[0] = (row[0] or 0) + 1
            if row[1] is None and contact.stay is not None:
                row[1] = contact.stay.enqueued_at
    return {
        "at": turn.now,
        "queues": [[queue, channel, *row] for (queue, channel), row in rows.items()],
        "profiles": {
            profile.id: {
                "arn": profile.arn,
                "name": profile.name,
                "capacity": dict(profile.routing.capacity),
                "queues": [[entry.queue, entry.channel] for entry in profile.routing.entries],
            }
            for profile in config.profiles.values()
        },
        "agents": [
            _agent_row(agent, state, config)
            for agent in state.agents.values()
            if agent.user in config.users and (agent.slots or agent.status_type != "OFFLINE" or recent(agent, turn.now))
        ],
        "contacts": dict(turn.indexes.channels),
    }


def recent(agent: Agent, now: int) -> bool:
    """An agent who went Offline is still shown for five minutes (metrics.md B1)."""
    return now - agent.status_since < 5 * 60_000


def _agent_row(agent: Agent, state: State, config: Configuration) -> dict[str, Any]:
    user = config.users[agent.user]
    status = config.statuses.get(agent.status)
    following = config.statuses.get(agent.next_status or "")
    return {
        "user": agent.user,
        "username": user.username,
        "name": (user.first_name, user.last_name),
        "profile": user.profile,
        "queue": user.queue,
        "hierarchy": list(user.hierarchy),
        "status": agent.status,
        "status_name": status.name if status else "",
        "status_type": agent.status_type,
        "since": agent.status_since,
        "next": following.name if following else None,
        "slots": [_slot_row(slot, state) for slot in agent.slots.values()],
        "open": sorted(open_now(agent, config)),
    }


def _slot_row(slot: Slot, state: State) -> dict[str, Any]:
    contact = state.contacts.get(slot.contact)
    return {
        "contact": slot.contact,
        "channel": slot.channel,
        "method": contact.initiation_method if contact else None,
        "state": slot.state,
        "since": slot.since,
        "connected_at": slot.connected_at,
        "queue": slot.queue,
    }
