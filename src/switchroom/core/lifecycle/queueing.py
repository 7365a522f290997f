"""Entering and leaving queues, and what decides a contact's place there."""

from switchroom.base.errors import ServiceError, invalid_request, limit_exceeded
from switchroom.core import events as e
from switchroom.core.analytics import without
from switchroom.core.calls.legs import carry_on, dismiss_agent
from switchroom.core.commands import SetRoutingData
from switchroom.core.config import QueueSettings
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.criteria import activate, carried_on, replace_criteria
from switchroom.core.lifecycle.offering import settle_next_status
from switchroom.core.lifecycle.starting import open_contact
from switchroom.core.routing.capacity import agent_queue_has_room, has_room, queue_limit
from switchroom.core.turn import StartFlow, StopFlow, Turn, handles

MAX_QUEUE_TRANSFERS = 11


class QueueFull(ServiceError):
    """The queue takes no further contact: `QueueAtCapacity` (ROUT-26)."""

    def __init__(self, queue: str) -> None:
        super().__init__("LimitExceededException", f"Queue {queue} is at capacity")


def enqueue(turn: Turn, contact: Contact, *, moved: bool = False) -> None:
    """Put a contact into its working queue; `moved`: it comes from another queue or agent (overflow buffer, ROUT-29).

    Raises QueueFull; InvalidRequestException without a working queue or with a disabled one (ROUT-22).
    """
    if contact.queue is None:
        raise invalid_request("No working queue is set")
    queue = turn.config.queue(contact.queue)
    check_entry(turn, queue, moved=moved)
    arrival = contact.arrival_at if contact.arrival_at is not None else turn.now
    turn.emit(e.Queued(at=turn.now, contact=contact.id, queue=queue.id, arrival_at=arrival))
    activate(turn, contact)
    if contact.callback is None:
        turn.intents.append(StartFlow(contact.id, "customer_queue", contact.flows.get("customer_queue")))


def check_entry(turn: Turn, queue: QueueSettings, *, moved: bool) -> None:
    """That the queue is on and has room. Raises QueueFull, InvalidRequestException."""
    if not queue.enabled:
        raise invalid_request(f"Queue {queue.name} is disabled")
    waiting = turn.indexes.queued(queue.id)
    limit = queue_limit(queue.max_contacts, turn.config.quotas.total)
    room = agent_queue_has_room(waiting) if queue.agent else has_room(waiting, limit, overflow=moved)
    if not room:
        raise QueueFull(queue.name)


def move(turn: Turn, contact: Contact, queue: str) -> Contact:
    """Move a queued contact to another queue: a new segment with the old one's place in line (ROUT-06, FLOW-83).

    Routing criteria begin again with their first step (ROUT-53).
    """
    if contact.queue_transfers >= MAX_QUEUE_TRANSFERS:
        raise limit_exceeded(f"A contact may be moved between queues at most {MAX_QUEUE_TRANSFERS} times")
    target = turn.config.queue(queue)
    check_entry(turn, target, moved=True)
    withdraw(turn, contact)
    successor = succeed(
        turn,
        contact,
        "QUEUE_TRANSFER",
        queue=target.id,
        queue_transfers=contact.queue_transfers + 1,
        criteria=carried_on(contact),
    )
    carry_on(turn, contact, successor)
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, next=successor.id))
    turn.emit(e.Completed(at=turn.now, contact=contact.id))
    turn.intents.append(StopFlow(contact.id, "customer_queue"))
    turn.emit(e.ConnectedToSystem(at=turn.now, contact=successor.id))
    enqueue(turn, successor, moved=True)
    return successor


def succeed(turn: Turn, contact: Contact, method: str, **members: object) -> Contact:
    """A new segment that carries a contact on: same chain, same customer, same settings."""
    inherited = {
        "initial_id": contact.initial_id,
        "previous_id": contact.id,
        "related_id": contact.related_id,
        "arrival_at": contact.arrival_at,
        "sequence": contact.sequence,
        "name": contact.name,
        "description": contact.description,
        "references": dict(contact.references),
        "tags": dict(contact.tags),
        "segment_attributes": dict(contact.segment_attributes),
        "customer_endpoint": contact.customer_endpoint,
        "system_endpoint": contact.system_endpoint,
        "customer_id": contact.customer_id,
        "customer_name": contact.customer_name,
        "language": contact.language,
        "voice": contact.voice,
        "flows": dict(contact.flows),
        "logging": contact.logging,
        "recording": without(contact.recording),
        "priority": contact.priority,
        "age_adjustment": contact.age_adjustment,
        "expires_at": contact.expires_at,
        "transfers": contact.transfers,
        "queue_transfers": contact.queue_transfers,
        "links": contact.links,
        "template": contact.template,
        "call": contact.call,
        "party": contact.party,
        "sip_headers": contact.sip_headers,
        "callback_number": contact.callback_number,
    }
    successor = open_contact(turn, channel=contact.channel, method=method, **{**inherited, **members})  # type: ignore[arg-type]
    chat = turn.state.chat_of(contact)
    if chat is not None:
        turn.emit(e.ChatContinued(at=turn.now, contact=successor.id, session=chat.id))
    return successor


def withdraw(turn: Turn, contact: Contact) -> None:
    """Take an offer back; the agent may have waited for this to change status."""
    agent = contact.offered_to
    if agent is not None:
        turn.intents.append(StopFlow(contact.id, "agent_whisper"))
        turn.emit(e.OfferWithdrawn(at=turn.now, contact=contact.id, agent=agent))
        dismiss_agent(turn, contact, agent)
        settle_next_status(turn, turn.state.agents[agent])


@handles(SetRoutingData)
def set_routing_data(turn: Turn, command: SetRoutingData) -> None:
    """ROUT-10, ROUT-52: one of priority, age and criteria."""
    contact = turn.contact(command.contact)
    given = [v for v in (command.priority, command.age_adjustment, command.criteria) if v is not None]
    if len(given) != 1:
        raise invalid_request("Give one of QueuePriority, QueueTimeAdjustmentSeconds and RoutingCriteria")
    if contact.place in ("agent", "ended"):
        raise invalid_request("The contact is no longer waiting")
    if command.criteria is not None:
        replace_criteria(turn, contact, command.criteria)
        return
    if command.priority is not None and command.priority < 1:
        raise invalid_request("QueuePriority must be 1 or more")
    turn.emit(
        e.RoutingDataChanged(
            at=turn.now, contact=contact.id, priority=command.priority, age_adjustment=command.age_adjustment
        )
    )
