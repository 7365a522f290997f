"""The agent event stream: LOGIN, LOGOUT, STATE_CHANGE, HEART_BEAT with snapshots (REC-48..55, metrics.md B16).

A snapshot is a fold of the journal like everything else: the one before, and what the event changes in it. So the
stream shows each step, also when many happen in one commit.
"""

import uuid
from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import iso_ms
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.config import Configuration, ProfileSettings, QueueSettings, UserSettings
from switchroom.core.contact import Contact
from switchroom.views.forms import numbered

VERSION = "2017-10-01"
_SPACE = uuid.UUID("b3a5b0c4-6d6e-4a8e-8f0b-7d3f6f4f5a11")

Snapshot = dict[str, Any]


class AgentState(msgspec.Struct):
    """Where the stream of one agent stands: the newest event's time and snapshot, and the logout if there was one."""

    at: int
    logout_at: int | None
    snapshot: Snapshot | None


class Change(msgspec.Struct, frozen=True):
    """One event of the stream, caused by event `seq` of the journal."""

    seq: int
    agent: str
    event: dict[str, Any]


def agents_in(batch: Batch) -> list[str]:
    """The agents whose stream a batch may move."""
    found: dict[str, None] = {}
    for _, event in batch.events:
        agent = _agent_of(event, batch)
        if agent is not None and agent in batch.config.users:
            found[agent] = None
    return list(found)


def agent_events(batch: Batch, states: dict[str, AgentState]) -> list[Change]:
    """The events of a batch; `states` (of `agents_in`, absent for an unknown agent) is moved along."""
    found: list[Change] = []
    for seq, event in batch.events:
        agent = _agent_of(event, batch)
        if agent is None or agent not in batch.config.users:
            continue
        state = states.get(agent)
        if state is None:
            state = states[agent] = AgentState(event.at, event.at, None)
        before = state.snapshot
        after = _after(event, batch, agent, before)
        kind = _KINDS.get(type(event), "STATE_CHANGE")
        if after == before and kind == "STATE_CHANGE":
            continue
        state.at, state.snapshot = event.at, after
        if kind == "LOGIN":
            state.logout_at = None
        elif kind == "LOGOUT":
            state.logout_at = event.at
        name = f"{batch.instance}/{agent}/{seq}"
        found.append(
            Change(
                seq, agent, agent_event(batch.config.site, batch.instance, agent, kind, event.at, name, after, before)
            )
        )
    return found


def agent_event(
    site: Site, instance: str, agent: str, kind: str, at: int, name: str, current: Snapshot, previous: Snapshot | None
) -> dict[str, Any]:
    """One event; `name` makes its id, so that the same event always has the same one."""
    return {
        "AWSAccountId": site.account,
        "AgentARN": site.resource(instance, "agent", agent),
        "CurrentAgentSnapshot": current,
        "EventId": str(uuid.uuid5(_SPACE, name)),
        "EventTimestamp": iso_ms(at),
        "EventType": kind,
        "InstanceARN": site.instance(instance),
        "PreviousAgentSnapshot": previous,
        "Version": VERSION,
    }


_KINDS: dict[type[e.Event], str] = {e.LoggedIn: "LOGIN", e.LoggedOut: "LOGOUT"}


def _agent_of(event: e.Event, batch: Batch) -> str | None:
    if isinstance(event, e.Paused | e.Resumed):
        contact = batch.contacts.get(event.contact)
        return contact.agent.user if contact is not None and contact.agent is not None else None
    if isinstance(event, v.LegAdded):
        return _dialling_for(event, batch)
    return e.agent_of(event)


def _dialling_for(event: v.LegAdded, batch: Batch) -> str | None:
    """The agent for whom the customer of a callback is called."""
    contact = batch.contacts.get(event.contact)
    if event.leg.kind != "CUSTOMER" or contact is None or contact.callback is None or contact.agent is None:
        return None
    return contact.agent.user


def _after(event: e.Event, batch: Batch, agent: str, before: Snapshot | None) -> Snapshot:
    status = before["AgentStatus"] if before else _unknown_status(batch.config, event.at)
    after: Snapshot = {"AgentStatus": status}
    following = before.get("NextAgentStatus") if before else None
    contacts: list[dict[str, Any]] = list(before["Contacts"]) if before else []
    if isinstance(event, e.StatusSet):
        after["AgentStatus"], following = _status(batch.config, event), None
    elif isinstance(event, e.NextStatusSet):
        following = _next_status(batch.config, event)
    else:
        move = _MOVES.get(type(event))
        if move is not None:
            contacts = move(contacts, event, batch)
    if following is not None:
        after["NextAgentStatus"] = following
    after["Configuration"] = configuration(batch.config, batch.instance, agent, contacts)
    after["Contacts"] = contacts
    return after


def _status(config: Configuration, event: e.StatusSet) -> dict[str, Any]:
    known = config.statuses.get(event.status)
    return {
        "ARN": known.arn if known else None,
        "Name": known.name if known else None,
        "StartTimestamp": iso_ms(event.at),
        "Type": event.status_type,
    }


def _unknown_status(config: Configuration, at: int) -> dict[str, Any]:
    offline = config.status_of_type("OFFLINE")
    return {"ARN": offline.arn, "Name": offline.name, "StartTimestamp": iso_ms(at), "Type": "OFFLINE"}


def _next_status(config: Configuration, event: e.NextStatusSet) -> dict[str, Any] | None:
    if event.status is None:
        return None
    known = config.statuses.get(event.status)
    return {
        "ARN": known.arn if known else None,
        "Name": known.name if known else None,
        "EnqueuedTimestamp": iso_ms(event.at),
    }


# ------------------------------------------------------------------ contacts of an agent

Contacts = list[dict[str, Any]]


def _offered(contacts: Contacts, event: e.Offered, batch: Batch) -> Contacts:
    contact = batch.contacts.get(event.contact)
    if contact is None:
        return contacts
    state = "INCOMING" if contact.initiation_method == "CALLBACK" else "CONNECTING"
    return [*_without(contacts, event.contact), _contact(batch, contact, event.at, state)]


def _answered(contacts: Contacts, event: e.Answered, batch: Batch) -> Contacts:
    """An accepted callback waits until its customer is called (REC-52)."""
    contact = batch.contacts.get(event.contact)
    if contact is None or contact.initiation_method != "CALLBACK":
        return contacts
    return _moved(contacts, event.contact, "PENDING", event.at)


def _placed(contacts: Contacts, event: v.OutboundPlaced, batch: Batch) -> Contacts:
    contact = batch.contacts.get(event.contact)
    return contacts if contact is None else [*contacts, _contact(batch, contact, event.at, "CONNECTING")]


def _missed(contacts: Contacts, event: e.OfferMissed, batch: Batch) -> Contacts:
    contact = batch.contacts.get(event.contact)
    rejected = event.rejected and contact is not None and contact.channel != "VOICE"
    return _moved(contacts, event.contact, "REJECTED" if rejected else "MISSED", event.at)


def _connected(contacts: Contacts, event: e.ConnectedToAgent, batch: Batch) -> Contacts:
    joined = {"ConnectedToAgentTimestamp": iso_ms(event.at)}
    return _moved(contacts, event.contact, "CONNECTED", event.at, joined)


def _without(contacts: Contacts, contact: str) -> Contacts:
    return [entry for entry in contacts if entry["ContactId"] != contact]


def _moved(contacts: Contacts, contact: str, state: str, at: int, changes: dict[str, Any] | None = None) -> Contacts:
    moved = {"State": state, "StateStartTimestamp": iso_ms(at), **(changes or {})}
    return [{**entry, **moved} if entry["ContactId"] == contact else entry for entry in contacts]


_MOVES: dict[type[e.Event], Callable[[Contacts, Any, Batch], Contacts]] = {
    e.Offered: _offered,
    e.OfferMissed: _missed,
    e.OfferWithdrawn: lambda contacts, event, _: _without(contacts, event.contact),
    e.Answered: _answered,
    e.ConnectedToAgent: _connected,
    v.OutboundPlaced: _placed,
    v.LegAdded: lambda contacts, event, _: _moved(contacts, event.contact, "CONNECTING", event.at),
    v.HoldStarted: lambda contacts, event, _: _moved(contacts, event.contact, "CONNECTED_ONHOLD", event.at),
    v.HoldEnded: lambda contacts, event, _: _moved(contacts, event.contact, "CONNECTED", event.at),
    v.SlotFailed: lambda contacts, event, _: _moved(contacts, event.contact, "ERROR", event.at),
    e.WrapUpStarted: lambda contacts, event, _: _moved(contacts, event.contact, "ENDED", event.at),
    e.SlotCleared: lambda contacts, event, _: _without(contacts, event.contact),
    e.Paused: lambda contacts, event, _: _moved(contacts, event.contact, "PAUSED", event.at),
    e.Resumed: lambda contacts, event, _: _moved(contacts, event.contact, "CONNECTED", event.at),
}


def _contact(batch: Batch, contact: Contact, at: int, state: str) -> dict[str, Any]:
    stay = contact.stay
    queue = batch.config.queues.get((stay.queue if stay else contact.queue) or "")
    return {
        "Channel": contact.channel,
        "ConnectedToAgentTimestamp": None,
        "ContactId": contact.id,
        "InitialContactId": contact.initial_id if contact.initial_id != contact.id else None,
        "InitiationMethod": contact.initiation_method,
        "Queue": {"ARN": _queue_arn(batch.config, batch.instance, queue), "Name": _queue_name(queue)}
        if queue
        else None,
        "QueueTimestamp": iso_ms(stay.enqueued_at) if stay else None,
        "State": state,
        "StateStartTimestamp": iso_ms(at),
    }


# ------------------------------------------------------------------ configuration


def configuration(config: Configuration, instance: str, agent: str, contacts: Contacts) -> dict[str, Any]:
    """The `Configuration` of a snapshot; slots are free of what the contacts in hand occupy (ROUT-17)."""
    user = config.users[agent]
    profile = config.profiles.get(user.profile)
    groups = numbered([{"ARN": arn, "Name": name} for arn, name in user.hierarchy])
    return {
        "AgentHierarchyGroups": groups or None,
        "FirstName": user.first_name,
        "LastName": user.last_name,
        "Proficiencies": [
            {"Level": level, "Name": name, "Value": value} for (name, value), level in user.proficiencies.items()
        ],
        "RoutingProfile": _profile(config, instance, user, profile, contacts) if profile else None,
        "Username": user.username,
    }


def _profile(
    config: Configuration, instance: str, user: UserSettings, profile: ProfileSettings, contacts: Contacts
) -> dict[str, Any]:
    capacity = {channel: slots for channel, slots in profile.routing.capacity.items() if slots}
    taken = [entry["Channel"] for entry in contacts if entry["State"] != "PAUSED"]
    inbound: dict[str, list[str]] = {}
    for entry in profile.routing.entries:
        inbound.setdefault(entry.queue, []).append(entry.channel)
    queues = [_queue(config, instance, queue, channels) for queue, channels in inbound.items()]
    own = _queue(config, instance, user.queue, sorted(capacity)) if user.queue else None
    outbound = profile.default_outbound_queue
    return {
        "ARN": profile.arn,
        "Concurrency": [
            {"AvailableSlots": max(0, slots - taken.count(channel)), "Channel": channel, "MaximumSlots": slots}
            for channel, slots in sorted(capacity.items())
        ],
        "DefaultOutboundQueue": _queue(config, instance, outbound, ["VOICE"]) if outbound else None,
        "InboundQueues": [queue for queue in (own, *queues) if queue is not None],
        "Name": profile.name,
    }


def _queue(config: Configuration, instance: str, identifier: str, channels: list[str]) -> dict[str, Any] | None:
    queue = config.queues.get(identifier)
    if queue is None:
        return None
    return {"ARN": _queue_arn(config, instance, queue), "Channels": channels, "Name": _queue_name(queue)}


def _queue_arn(config: Configuration, instance: str, queue: QueueSettings) -> str:
    """The queue's ARN; that of an agent queue is `.../queue/agent/USER`."""
    return config.site.resource(instance, "queue/agent", queue.agent) if queue.agent else queue.arn


def _queue_name(queue: QueueSettings) -> str | None:
    return None if queue.agent else queue.name
