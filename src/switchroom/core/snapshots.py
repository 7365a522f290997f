"""What an agent's desktop shows, as plain data in the member names of `GetAgentSnapshot` (times in epoch seconds)."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.core.agent import Agent, Slot
from switchroom.core.chat import Chat
from switchroom.core.commands import AgentSnapshot
from switchroom.core.config import Configuration, StatusSettings, UserSettings
from switchroom.core.contact import Contact
from switchroom.core.messaging import supervisor_of
from switchroom.core.snapshots_voice import contact_members, desk_members, monitoring
from switchroom.core.state import State
from switchroom.core.turn import Turn, handles

CHANNELS = ("VOICE", "CHAT", "TASK")


@handles(AgentSnapshot)
def agent_snapshot(turn: Turn, command: AgentSnapshot) -> dict[str, Any]:
    """DESK-11: status, capacity and contacts of an agent."""
    user = turn.config.user(command.agent)
    return snapshot(turn.state, turn.config, turn.agent(user.id), user, turn.now)


def snapshot(state: State, config: Configuration, agent: Agent, user: UserSettings, now: int) -> dict[str, Any]:
    """The snapshot of an agent at `now` (epoch milliseconds)."""
    profile = config.profiles.get(user.profile)
    capacity = profile.routing.capacity if profile else {}
    result: dict[str, Any] = {
        "UserId": user.id,
        "Username": user.username,
        "DisplayName": " ".join(part for part in (user.first_name, user.last_name) if part) or user.username,
        "Status": _status(config, agent.status),
        "StatusStart": seconds(agent.status_since),
        "Statuses": [_choice(status) for status in _enabled(config)],
        "Channels": [_capacity(agent, channel, capacity.get(channel, 0)) for channel in CHANNELS],
        "Contacts": [_contact(state, config, agent, slot) for slot in agent.slots.values()],
        **desk_members(config, user),
        "SnapshotTimestamp": seconds(now),
        "SnapshotVersion": now,
    }
    if profile is not None:
        result["RoutingProfile"] = {"Id": profile.id, "Arn": profile.arn, "Name": profile.name}
    if agent.next_status is not None:
        result["NextStatus"] = _status(config, agent.next_status)
    return result


def _enabled(config: Configuration) -> list[StatusSettings]:
    """Statuses an agent may choose, in their order (ROUT-61, ROUT-63)."""
    enabled = [status for status in config.statuses.values() if status.enabled]
    return sorted(enabled, key=lambda status: (status.order is None, status.order or 0, status.name))


def _status(config: Configuration, identifier: str) -> dict[str, Any]:
    known = config.statuses.get(identifier)
    return _choice(known) if known else {"StatusId": identifier, "Name": identifier, "Type": "CUSTOM"}


def _choice(status: StatusSettings) -> dict[str, Any]:
    choice: dict[str, Any] = {"StatusId": status.id, "Arn": status.arn, "Name": status.name, "Type": status.type}
    if status.order is not None:
        choice["DisplayOrder"] = status.order
    return choice


def _capacity(agent: Agent, channel: str, maximum: int) -> dict[str, Any]:
    """ROUT-17, BASE-82: a paused task is active and leaves its slot free."""
    slots = [slot for slot in agent.slots.values() if slot.channel == channel]
    occupied = sum(slot.occupies for slot in slots)
    return {
        "Channel": channel,
        "Maximum": maximum,
        "Active": len(slots),
        "Available": max(0, maximum - occupied),
    }


def _contact(state: State, config: Configuration, agent: Agent, slot: Slot) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "ContactId": slot.contact,
        "Channel": slot.channel,
        "State": slot.state,
        "StateStart": seconds(slot.since),
        "ConnectedTimestamp": _moment(slot.connected_at),
        "QueueTimestamp": _moment(slot.queued_at),
    }
    if slot.state == "INCOMING":
        shown["OfferExpiresAt"] = _moment(slot.deadline)
    elif slot.state == "ENDED":
        shown["AcwExpiresAt"] = _moment(slot.deadline)
    queue = config.queues.get(slot.queue or "")
    if queue is not None:
        shown["Queue"] = {"Id": queue.id, "Arn": queue.arn, "Name": queue.name}
    contact = state.contacts.get(slot.contact)
    if contact is not None:
        shown.update(_details(state, config, contact))
        if slot.channel == "VOICE":
            shown.update(contact_members(state, config, agent.user, slot, contact))
        chat = state.chat_of(contact)
        if chat is not None:
            shown.update(_chat(chat, agent.user, contact.id))
            supervisor = supervisor_of(chat, contact.id)
            if supervisor is not None:
                mode, able = supervisor.mode or "SILENT_MONITOR", supervisor.capabilities
                shown["Monitoring"] = monitoring(state, config, contact, mode, able)
    return {name: value for name, value in shown.items() if value is not None}


def _details(state: State, config: Configuration, contact: Contact) -> dict[str, Any]:
    template = contact.template or ""
    template_arn = config.site.resource(config.instance, "task-template", template)
    return {
        "InitialContactId": contact.initial_id,
        "PreviousContactId": contact.previous_id,
        "RelatedContactId": contact.related_id,
        "Subtype": contact.subtype,
        "InitiationMethod": contact.initiation_method,
        "InitiationTimestamp": seconds(contact.initiated_at),
        "CustomerName": contact.customer_name,
        "CustomerEndpoint": contact.customer_endpoint.address if contact.customer_endpoint else None,
        "Name": contact.name,
        "Description": contact.description,
        "References": {name: {"Value": r.value, "Type": r.type} for name, r in contact.references.items()},
        "Attributes": dict(state.attributes.get(contact.initial_id, {})),
        "ScheduledTime": _moment(contact.scheduled_at),
        "ExpiresAt": _moment(contact.expires_at),
        "TaskTemplate": {"Id": template, "Arn": template_arn} if template else None,
        "TransferredFrom": _handed_over_by(state, contact),
        "DisconnectReason": contact.disconnect_reason,
    }


def _handed_over_by(state: State, contact: Contact) -> str | None:
    if contact.initiation_method != "TRANSFER":
        return None
    previous = state.contacts.get(contact.previous_id or "")
    return previous.agent.username if previous is not None and previous.agent is not None else None


def _chat(chat: Chat, user: str, contact: str) -> dict[str, Any]:
    own = next((p for p in chat.participants.values() if p.user == user and p.contact == contact), None)
    return {
        "CustomerParticipantId": chat.customer,
        "ParticipantId": own.id if own else None,
        "SupportedMessagingContentTypes": list(chat.content_types),
    }


def _moment(at: int | None) -> float | None:
    return seconds(at) if at is not None else None
