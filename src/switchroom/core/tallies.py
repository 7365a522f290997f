"""Live tallies: agents by routing profile, waiting contacts by queue.

An index derived from the state. Events name what moved, and only that is looked at again when somebody asks; so a
question costs the same in a centre of ten agents and of ten thousand.
"""

from functools import lru_cache
from typing import Any, TypeVar

import msgspec

from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.agent import Agent, Slot
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.core.routing.criteria import Expression
from switchroom.core.routing.facts import AgentFacts
from switchroom.core.routing.pools import open_channels
from switchroom.core.routing.ranking import Ranking
from switchroom.core.state import State

BUSY = ("CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED")
"""Slot states of an agent on a contact, apart from after contact work."""
FAILED = ("MISSED", "ERROR", "REJECTED")
_CONTACTS_AT_ONCE = 1_000
Place = TypeVar("Place", bound=tuple[str, ...])
_QUEUEING: frozenset[type[e.Event]] = frozenset(
    {
        *(e.Queued, e.Offered, e.OfferMissed, e.OfferWithdrawn, e.Accepted, e.Disconnected, e.Completed),
        e.CriteriaChanged,
        *(v.CallbackScheduled, v.CallbackQueued),
    }
)
_OF_SUPERVISORS: frozenset[type[e.Event]] = frozenset({v.MonitorModeSet, e.Disconnected})
_OF_TASKS: frozenset[type[e.Event]] = frozenset({e.Paused, e.Resumed})


@lru_cache(maxsize=4_096)
def step_text(expression: Expression) -> str:
    """The JSON of a routing step's expression, the same for equal ones; names the step on the wire (ROUT-57)."""
    return msgspec.json.encode(expression).decode()


class Standing(msgspec.Struct, frozen=True, cache_hash=True):
    """What counts of an agent: many agents stand alike, so they are counted together.

    `open`: channels on which something can be offered now; `busy`, `failed`: channels with such a contact; `work`:
    contacts in after contact work by channel.
    """

    status_type: str
    open: frozenset[str]
    busy: frozenset[str]
    failed: frozenset[str]
    work: tuple[tuple[str, int], ...] = ()


class Tallies:
    """Counts of one state. `note` every event; the answers are those of the state at the time of the question."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._config: Configuration | None = None
        self._moved_agents: dict[str, None] = dict.fromkeys(state.agents)
        self._moved_contacts: dict[str, None] = dict.fromkeys(state.contacts)
        self._places: dict[str, tuple[str, Standing]] = {}
        self._profiles: dict[str, dict[Standing, int]] = {}
        self._serving: dict[str, dict[str, frozenset[str]]] = {}
        self._rows: dict[str, dict[str, Any]] = {}
        self._waiting: dict[str, tuple[str, str]] = {}
        self._queues: dict[tuple[str, str], Ranking[int, str]] = {}
        self._stepping: dict[str, tuple[str, str, str]] = {}
        self._steps: dict[tuple[str, str, str], Ranking[int, str]] = {}
        self._callbacks: dict[str, tuple[str, str]] = {}
        self._scheduled: dict[tuple[str, str], int] = {}

    def note(self, event: e.Event) -> None:
        """Something happened."""
        kind = type(event)
        agent = e.agent_of(event)
        if agent is not None:
            self._moved_agents[agent] = None
        if kind in _OF_SUPERVISORS:
            self._note_monitored(e.contact_of(event) or "")
        if kind in _QUEUEING or kind in _OF_TASKS:
            identifier = e.contact_of(event) or ""
            self._moved_contacts[identifier] = None
            contact = self._state.contacts.get(identifier) if kind in _OF_TASKS else None
            if contact is not None and contact.agent is not None:
                self._moved_agents[contact.agent.user] = None
            if len(self._moved_contacts) > _CONTACTS_AT_ONCE:
                self._settle_contacts()

    def _note_monitored(self, supervising: str) -> None:
        """A supervisor came, took part or left: the agent who is monitored shows it."""
        contact = self._state.contacts.get(supervising)
        watched = self._state.contacts.get(contact.monitored or "") if contact is not None else None
        if watched is not None and watched.agent is not None:
            self._moved_agents[watched.agent.user] = None

    def scheduled(self) -> dict[tuple[str, str], int]:
        """Callbacks that wait for their time, by (queue, channel)."""
        self._settle_contacts()
        return self._scheduled

    def waiting(self) -> dict[tuple[str, str], Ranking[int, str]]:
        """Contacts in queue and not on offer, by (queue, channel), ranked by the time they entered it."""
        self._settle_contacts()
        return self._queues

    def steps(self) -> dict[tuple[str, str, str], Ranking[int, str]]:
        """Those of `waiting` with an active routing step, by (queue, channel, `step_text` of the step)."""
        self._settle_contacts()
        return self._steps

    def standings(self, config: Configuration, profile: str) -> dict[Standing, int]:
        """How many agents of a routing profile stand how."""
        self._settle_agents(config)
        return self._profiles.get(profile, {})

    def standing(self, config: Configuration, agent: str) -> Standing | None:
        """How one agent stands; None before the first status."""
        self._settle_agents(config)
        place = self._places.get(agent)
        return place[1] if place else None

    def serving(self, config: Configuration, queue: str) -> dict[str, frozenset[str]]:
        """The routing profiles that serve a queue, each with the channels."""
        self._settle_agents(config)
        known = self._serving.get(queue)
        if known is None:
            known = self._serving[queue] = {}
            for profile in config.profiles.values():
                channels = frozenset(entry.channel for entry in profile.routing.entries if entry.queue == queue)
                if channels:
                    known[profile.id] = channels
        return known

    def rows(self, config: Configuration) -> dict[str, dict[str, Any]]:
        """Every agent as `RealTimeView` shows them."""
        self._settle_agents(config)
        return self._rows

    def _settle_agents(self, config: Configuration) -> None:
        if config is not self._config:
            self._config = config
            self._moved_agents = dict.fromkeys(self._state.agents)
            self._serving.clear()
        moved, self._moved_agents = self._moved_agents, {}
        for user in moved:
            self._place(user, config)

    def _place(self, user: str, config: Configuration) -> None:
        before = self._places.pop(user, None)
        if before is not None:
            counts = self._profiles[before[0]]
            counts[before[1]] -= 1
            if not counts[before[1]]:
                del counts[before[1]]
        self._rows.pop(user, None)
        agent, settings = self._state.agents.get(user), config.users.get(user)
        if agent is None or settings is None:
            return
        standing = _standing(agent, config)
        self._places[user] = settings.profile, standing
        counts = self._profiles.setdefault(settings.profile, {})
        counts[standing] = counts.get(standing, 0) + 1
        self._rows[user] = _row(agent, self._state, config, standing)

    def _schedule(self, identifier: str, contact: Contact | None) -> None:
        before = self._callbacks.pop(identifier, None)
        if before is not None:
            self._scheduled[before] -= 1
            if not self._scheduled[before]:
                del self._scheduled[before]
        if contact is not None and contact.place == "scheduled" and contact.callback is not None:
            place = contact.queue or "", contact.channel
            self._callbacks[identifier] = place
            self._scheduled[place] = self._scheduled.get(place, 0) + 1

    def _settle_contacts(self) -> None:
        moved, self._moved_contacts = self._moved_contacts, {}
        for identifier in moved:
            _leave(self._waiting, self._queues, identifier)
            _leave(self._stepping, self._steps, identifier)
            contact = self._state.contacts.get(identifier)
            self._schedule(identifier, contact)
            if contact is None or not contact.waiting or contact.stay is None:
                continue
            place, since = (contact.stay.queue, contact.channel), contact.stay.enqueued_at
            self._waiting[identifier] = place
            self._queues.setdefault(place, Ranking()).put(identifier, since)
            step = _step(contact)
            if step is not None:
                self._stepping[identifier] = (*place, step)
                self._steps.setdefault((*place, step), Ranking()).put(identifier, since)


def _leave(places: dict[str, Place], rankings: dict[Place, Ranking[int, str]], identifier: str) -> None:
    """Take a contact out of the ranking it is in."""
    before = places.pop(identifier, None)
    if before is not None:
        ranking = rankings[before]
        ranking.discard(identifier)
        if not len(ranking):
            del rankings[before]


def _step(contact: Contact) -> str | None:
    """The routing step under which a contact waits, is on offer or was taken."""
    if not contact.criteria:
        return None
    steps = contact.criteria[-1].steps
    found = next((step for step in steps if step.status in ("ACTIVE", "JOINED")), None)
    return step_text(found.expression) if found is not None else None


def _standing(agent: Agent, config: Configuration) -> Standing:
    work: dict[str, int] = {}
    busy, failed = set(), set()
    for slot in agent.slots.values():
        if slot.state == "ENDED":
            work[slot.channel] = work.get(slot.channel, 0) + 1
        elif slot.state in BUSY:
            busy.add(slot.channel)
        elif slot.state in FAILED:
            failed.add(slot.channel)
    return Standing(
        agent.status_type, _open(agent, config), frozenset(busy), frozenset(failed), tuple(sorted(work.items()))
    )


def _open(agent: Agent, config: Configuration) -> frozenset[str]:
    settings = config.users[agent.user]
    profile = config.profiles.get(settings.profile)
    if profile is None or not agent.routable:
        return frozenset()
    occupied: dict[str, int] = {}
    for slot in agent.slots.values():
        if slot.occupies:
            occupied[slot.channel] = occupied.get(slot.channel, 0) + 1
    facts = AgentFacts(agent.user, settings.profile, routable=True, since=0, occupied=occupied)
    return frozenset(open_channels(profile.routing, facts))


def _row(agent: Agent, state: State, config: Configuration, standing: Standing) -> dict[str, Any]:
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
        "open": sorted(standing.open),
        "reachable": agent.link != "lost",
        "proficiencies": [(name, value, level) for (name, value), level in user.proficiencies.items()],
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
        "step": _step(contact) if contact else None,
        "pauses": contact.pause_count if contact else 0,
        "paused_ms": contact.pause_ms if contact else 0,
        "barged": contact is not None and _barged(contact, state),
    }


def _barged(contact: Contact, state: State) -> bool:
    """A supervisor takes part in the conversation."""
    call, chat = state.call_of(contact), state.chat_of(contact)
    if call is not None:
        return any(leg.mode == "BARGE" for leg in call.legs.values())
    return chat is not None and any(one.mode == "BARGE" and one.present for one in chat.participants.values())
