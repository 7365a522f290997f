"""How events change queues and agents: offers, conversations, after contact work, statuses."""

from msgspec.structs import replace

from switchroom.base.clock import MINUTE
from switchroom.core import events as e
from switchroom.core.agent import Agent, Slot
from switchroom.core.contact import Contact, QueueStay
from switchroom.core.evolve.fold import Fold, folds
from switchroom.core.evolve.stays import close_monitor_stay, leave_call, leave_queue

WHISPERS = ("agent_whisper", "customer_whisper")
WHISPER_LIMIT = 2 * MINUTE
"""A whisper that lasts longer ends what it was for (BLK-147)."""


@folds(e.Queued)
def _queued(fold: Fold, event: e.Queued) -> None:
    contact = fold.state.contacts[event.contact]
    contact.place = "queue"
    contact.queue = event.queue
    contact.arrival_at = event.arrival_at
    contact.stay = QueueStay(event.queue, event.at)
    fold.state.entries += 1
    contact.sequence = contact.sequence or fold.state.entries
    fold.indexes.entered(event.queue, contact.id)


@folds(e.Offered)
def _offered(fold: Fold, event: e.Offered) -> None:
    contact = fold.state.contacts[event.contact]
    contact.offered_to = event.agent
    contact.attempts += 1
    stay = contact.stay
    fold.state.agents[event.agent].slots[contact.id] = Slot(
        contact.id,
        contact.channel,
        "INCOMING",
        event.at,
        deadline=event.deadline,
        queued_at=stay.enqueued_at if stay else None,
        queue=stay.queue if stay else None,
    )
    fold.arm(f"offer {contact.id} {event.agent}", event.deadline)


@folds(e.OfferMissed)
def _offer_missed(fold: Fold, event: e.OfferMissed) -> None:
    _end_offer(fold, event.contact, event.agent)
    slot = fold.state.agents[event.agent].slots[event.contact]
    contact = fold.state.contacts[event.contact]
    slot.state = "REJECTED" if event.rejected and contact.channel == "TASK" else "MISSED"
    slot.since, slot.deadline = event.at, None
    contact.missed_by = [*contact.missed_by, event.agent]


@folds(e.OfferWithdrawn)
def _offer_withdrawn(fold: Fold, event: e.OfferWithdrawn) -> None:
    _end_offer(fold, event.contact, event.agent)
    fold.state.agents[event.agent].slots.pop(event.contact, None)


@folds(e.Answered)
def _answered(fold: Fold, event: e.Answered) -> None:
    slot = fold.state.agents[event.agent].slots[event.contact]
    slot.state, slot.since, slot.deadline = "CONNECTING", event.at, None
    fold.arm(f"offer {event.contact} {event.agent}", None)


@folds(e.FlowStepped)
def _flow_stepped(fold: Fold, event: e.FlowStepped) -> None:
    if event.purpose in WHISPERS:
        fold.arm(f"whisper {event.contact} {event.purpose}", event.at + WHISPER_LIMIT)


@folds(e.Accepted)
def _accepted(fold: Fold, event: e.Accepted) -> None:
    contact = fold.state.contacts[event.contact]
    _end_offer(fold, event.contact, event.agent)
    leave_queue(fold, contact, event.at)
    contact.place = "agent"
    contact.agent = replace(event.stay)
    slot = fold.state.agents[event.agent].slots[contact.id]
    if slot.state != "CONNECTING":
        slot.state, slot.since, slot.deadline = "CONNECTING", event.at, None


@folds(e.ConnectedToAgent)
def _connected_to_agent(fold: Fold, event: e.ConnectedToAgent) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.agent is not None:
        contact.agent.connected_at = event.at
    slot = fold.state.agents[event.agent].slots[contact.id]
    slot.state, slot.since, slot.connected_at = "CONNECTED", event.at, event.at
    _end_whispers(fold, contact.id)


@folds(e.Disconnected)
def _disconnected(fold: Fold, event: e.Disconnected) -> None:
    contact = fold.state.contacts[event.contact]
    leave_queue(fold, contact, event.at)
    if contact.paused_at is not None:
        _unpause(contact, event.at)
    contact.place = "ended"
    contact.disconnected_at = event.at
    contact.disconnect_reason = event.reason
    contact.next_id = event.next or contact.next_id
    close_monitor_stay(contact, event.at)
    for timer in ("schedule", "expire", "criteria", "callback"):
        fold.arm(f"{timer} {contact.id}", None)
    _end_whispers(fold, contact.id)


@folds(e.WrapUpStarted)
def _wrap_up_started(fold: Fold, event: e.WrapUpStarted) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.agent is not None:
        contact.agent.left_at = event.at
    slot = fold.state.agents[event.agent].slots[event.contact]
    if slot.state == "CONNECTED_ONHOLD" and contact.agent is not None:
        contact.agent.hold_ms += event.at - slot.since
        contact.agent.longest_hold_ms = max(contact.agent.longest_hold_ms, event.at - slot.since)
    slot.state, slot.since, slot.deadline = "ENDED", event.at, event.deadline
    fold.arm(f"acw {event.contact} {event.agent}", event.deadline)


@folds(e.SlotCleared)
def _slot_cleared(fold: Fold, event: e.SlotCleared) -> None:
    agent = fold.state.agents[event.agent]
    slot = agent.slots.pop(event.contact, None)
    fold.arm(f"acw {event.contact} {event.agent}", None)
    contact = fold.state.contacts.get(event.contact)
    if slot is not None and slot.state in ("MISSED", "REJECTED") and contact is not None:
        contact.missed_by = [user for user in contact.missed_by if user != event.agent]
    if slot is None or slot.state != "ENDED":
        return
    agent.idle_since = event.at
    if not slot.outbound:
        agent.idle_since_inbound = event.at
    if contact is not None and contact.agent is not None:
        contact.agent.cleared_at = event.at


@folds(e.Completed)
def _completed(fold: Fold, event: e.Completed) -> None:
    contact = fold.state.contacts.pop(event.contact)
    fold.state.loops.pop(contact.id, None)
    leave_call(fold, contact)
    if fold.indexes.removed(contact):
        fold.state.attributes.pop(contact.initial_id, None)


@folds(e.Paused)
def _paused(fold: Fold, event: e.Paused) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.place == "queue":
        leave_queue(fold, contact, event.at)
        contact.place = "flow"
    contact.paused_at = contact.last_paused_at = event.at
    contact.pause_count += 1
    slot = _slot_of(fold, contact)
    if slot is not None:
        slot.state, slot.since = "PAUSED", event.at


@folds(e.Resumed)
def _resumed(fold: Fold, event: e.Resumed) -> None:
    contact = fold.state.contacts[event.contact]
    _unpause(contact, event.at)
    contact.last_resumed_at = event.at
    slot = _slot_of(fold, contact)
    if slot is not None:
        slot.state, slot.since = "CONNECTED", event.at


@folds(e.StatusSet)
def _status_set(fold: Fold, event: e.StatusSet) -> None:
    agent = fold.state.agents.get(event.agent)
    if agent is None:
        agent = Agent(event.agent, event.status, event.status_type, event.at)
        fold.state.agents[event.agent] = agent
    entered = event.status_type == "ROUTABLE" and agent.status_type != "ROUTABLE"
    if entered or not agent.idle_since:
        agent.idle_since = agent.idle_since_inbound = event.at
    agent.status, agent.status_type, agent.status_since = event.status, event.status_type, event.at
    agent.next_status = agent.next_status_type = None


@folds(e.NextStatusSet)
def _next_status_set(fold: Fold, event: e.NextStatusSet) -> None:
    agent = fold.state.agents[event.agent]
    agent.next_status, agent.next_status_type = event.status, event.status_type


@folds(e.LoggedIn)
def _logged_in(fold: Fold, event: e.LoggedIn) -> None:
    fold.state.agents[event.agent].logged_in_at = event.at


@folds(e.LoggedOut)
def _logged_out(fold: Fold, event: e.LoggedOut) -> None:
    fold.state.agents[event.agent].logged_in_at = None


@folds(e.LinkSet)
def _link_set(fold: Fold, event: e.LinkSet) -> None:
    fold.state.agents[event.agent].link = event.link


def _end_whispers(fold: Fold, contact: str) -> None:
    for purpose in WHISPERS:
        fold.arm(f"whisper {contact} {purpose}", None)


def _end_offer(fold: Fold, contact: str, agent: str) -> None:
    fold.state.contacts[contact].offered_to = None
    fold.arm(f"offer {contact} {agent}", None)
    _end_whispers(fold, contact)


def _unpause(contact: Contact, at: int) -> None:
    if contact.paused_at is not None:
        paused = at - contact.paused_at
        contact.pause_ms += paused
        if contact.agent is not None and contact.agent.left_at is None:
            contact.agent.paused_ms += paused
    contact.paused_at = None


def _slot_of(fold: Fold, contact: Contact) -> Slot | None:
    return fold.state.slot(contact.agent.user, contact.id) if contact.agent is not None else None
