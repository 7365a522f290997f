"""Folding: how each event changes the state. The same code runs live and when the journal is read again.

It reads the event and the state alone, never the configuration, so that a replay gives the state there was; and it
leaves the event as it is, so what it takes from one into the state is copied.
"""

from collections.abc import Callable
from typing import Any, TypeVar

from msgspec.structs import replace

from switchroom.base.clock import DAY, MINUTE
from switchroom.core import events as e
from switchroom.core.agent import Agent, Slot
from switchroom.core.chat import Chat, Timers
from switchroom.core.contact import Contact, QueueStay
from switchroom.core.indexes import Indexes
from switchroom.core.state import State

WHISPERS = ("agent_whisper", "customer_whisper")
WHISPER_LIMIT = 2 * MINUTE
"""A whisper that lasts longer ends what it was for (BLK-147)."""
REMEMBER = DAY
"""How long an answer to a ClientToken is kept."""
RECEIPTS_KEPT = 64
"""How many receipts a chat remembers, to tell first ones from repeated ones."""

_Event = TypeVar("_Event", bound=e.Event)
_FOLDS: dict[type[e.Event], Callable[["Fold", Any], None]] = {}


class Fold:
    """A state with its indexes, and the one way to change it: `apply`."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.indexes = Indexes(state)

    def apply(self, event: e.Event) -> None:
        """Change the state by one event."""
        fold = _FOLDS.get(type(event))
        if fold is not None:
            fold(self, event)
        contact = self.state.contacts.get(e.contact_of(event) or "")
        if contact is not None and type(event) not in _SILENT:
            contact.updated_at = event.at
        self.indexes.tallies.note(event)

    def arm(self, key: str, due: int | None) -> None:
        """Set, move or (None) cancel a timer."""
        if due is None:
            self.state.timers.pop(key, None)
        else:
            self.state.timers[key] = due
            self.indexes.armed(key, due)


_SILENT: set[type[e.Event]] = {e.FlowMoved, e.FlowLogged, e.FlowStepped, e.LoopsCounted, e.ItemSent, e.ReceiptGiven}


def _folds(kind: type[_Event]) -> Callable[[Callable[[Fold, _Event], None]], Callable[[Fold, _Event], None]]:
    def register(function: Callable[[Fold, _Event], None]) -> Callable[[Fold, _Event], None]:
        _FOLDS[kind] = function
        return function

    return register


# ------------------------------------------------------------------ contacts


@_folds(e.ContactInitiated)
def _contact_initiated(fold: Fold, event: e.ContactInitiated) -> None:
    contact = replace(event.contact)
    fold.state.contacts[contact.id] = contact
    fold.state.attributes.setdefault(contact.initial_id, {})
    fold.indexes.added(contact)
    fold.arm(f"schedule {contact.id}", contact.scheduled_at if contact.place == "scheduled" else None)
    if contact.expires_at is not None:
        fold.arm(f"expire {contact.id}", contact.expires_at)


@_folds(e.ConnectedToSystem)
def _connected_to_system(fold: Fold, event: e.ConnectedToSystem) -> None:
    fold.state.contacts[event.contact].connected_to_system_at = event.at


@_folds(e.FlowEntered)
def _flow_entered(fold: Fold, event: e.FlowEntered) -> None:
    contact = fold.state.contacts[event.contact]
    contact.place = "flow"
    fold.arm(f"schedule {contact.id}", None)


@_folds(e.AttributesSet)
def _attributes_set(fold: Fold, event: e.AttributesSet) -> None:
    attributes = fold.state.attributes.get(event.chain)
    if attributes is None:
        return
    for key, value in event.attributes.items():
        if value:
            attributes[key] = value
        else:
            attributes.pop(key, None)


@_folds(e.DetailsChanged)
def _details_changed(fold: Fold, event: e.DetailsChanged) -> None:
    contact = fold.state.contacts[event.contact]
    for member in ("name", "description", "language", "voice", "customer_id", "task_contact", "callback_number"):
        value = getattr(event, member)
        if value is not None:
            setattr(contact, member, value)
    if event.target_agent is not None:
        contact.target_agent = event.target_agent
    if event.continued_from is not None:
        contact.continued_from = contact.related_id = event.continued_from
    if event.references is not None:
        contact.references = {**contact.references, **event.references}
    if event.segment_attributes is not None:
        contact.segment_attributes = {**contact.segment_attributes, **event.segment_attributes}


@_folds(e.TagsSet)
def _tags_set(fold: Fold, event: e.TagsSet) -> None:
    contact = fold.state.contacts.get(event.contact)
    if contact is not None:
        contact.tags = event.tags


@_folds(e.FlowSettingChanged)
def _flow_setting_changed(fold: Fold, event: e.FlowSettingChanged) -> None:
    contact = fold.state.contacts[event.contact]
    contact.flows = {**contact.flows, event.purpose: event.flow}


@_folds(e.LoggingSet)
def _logging_set(fold: Fold, event: e.LoggingSet) -> None:
    fold.state.contacts[event.contact].logging = event.on


@_folds(e.RecordingSet)
def _recording_set(fold: Fold, event: e.RecordingSet) -> None:
    fold.state.contacts[event.contact].recording = event.recording


@_folds(e.WorkingQueueSet)
def _working_queue_set(fold: Fold, event: e.WorkingQueueSet) -> None:
    fold.state.contacts[event.contact].queue = event.queue


@_folds(e.RoutingDataChanged)
def _routing_data_changed(fold: Fold, event: e.RoutingDataChanged) -> None:
    contact = fold.state.contacts[event.contact]
    if event.priority is not None:
        contact.priority = event.priority
    if event.age_adjustment is not None:
        contact.age_adjustment = event.age_adjustment


@_folds(e.CriteriaChanged)
def _criteria_changed(fold: Fold, event: e.CriteriaChanged) -> None:
    contact = fold.state.contacts[event.contact]
    contact.criteria = event.criteria
    fold.arm(f"criteria {contact.id}", event.criteria[-1].expires_at if event.criteria else None)


@_folds(e.ContactScheduled)
def _contact_scheduled(fold: Fold, event: e.ContactScheduled) -> None:
    contact = fold.state.contacts[event.contact]
    contact.scheduled_at = event.scheduled_at
    contact.reschedules += 1
    fold.arm(f"schedule {contact.id}", event.scheduled_at)


# ------------------------------------------------------------------ queues and agents


@_folds(e.Queued)
def _queued(fold: Fold, event: e.Queued) -> None:
    contact = fold.state.contacts[event.contact]
    contact.place = "queue"
    contact.queue = event.queue
    contact.arrival_at = event.arrival_at
    contact.stay = QueueStay(event.queue, event.at)
    fold.state.entries += 1
    contact.sequence = contact.sequence or fold.state.entries
    fold.indexes.entered(event.queue, contact.id)


@_folds(e.Offered)
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


@_folds(e.OfferMissed)
def _offer_missed(fold: Fold, event: e.OfferMissed) -> None:
    _end_offer(fold, event.contact, event.agent)
    slot = fold.state.agents[event.agent].slots[event.contact]
    slot.state, slot.since, slot.deadline = "MISSED", event.at, None
    contact = fold.state.contacts[event.contact]
    contact.missed_by = [*contact.missed_by, event.agent]


@_folds(e.OfferWithdrawn)
def _offer_withdrawn(fold: Fold, event: e.OfferWithdrawn) -> None:
    _end_offer(fold, event.contact, event.agent)
    fold.state.agents[event.agent].slots.pop(event.contact, None)


@_folds(e.Answered)
def _answered(fold: Fold, event: e.Answered) -> None:
    slot = fold.state.agents[event.agent].slots[event.contact]
    slot.state, slot.since, slot.deadline = "CONNECTING", event.at, None
    fold.arm(f"offer {event.contact} {event.agent}", None)


@_folds(e.FlowStepped)
def _flow_stepped(fold: Fold, event: e.FlowStepped) -> None:
    if event.purpose in WHISPERS:
        fold.arm(f"whisper {event.contact} {event.purpose}", event.at + WHISPER_LIMIT)


@_folds(e.Accepted)
def _accepted(fold: Fold, event: e.Accepted) -> None:
    contact = fold.state.contacts[event.contact]
    _end_offer(fold, event.contact, event.agent)
    _leave_queue(fold, contact, event.at)
    contact.place = "agent"
    contact.agent = replace(event.stay)
    slot = fold.state.agents[event.agent].slots[contact.id]
    if slot.state != "CONNECTING":
        slot.state, slot.since, slot.deadline = "CONNECTING", event.at, None


@_folds(e.ConnectedToAgent)
def _connected_to_agent(fold: Fold, event: e.ConnectedToAgent) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.agent is not None:
        contact.agent.connected_at = event.at
    slot = fold.state.agents[event.agent].slots[contact.id]
    slot.state, slot.since, slot.connected_at = "CONNECTED", event.at, event.at
    _end_whispers(fold, contact.id)


@_folds(e.Disconnected)
def _disconnected(fold: Fold, event: e.Disconnected) -> None:
    contact = fold.state.contacts[event.contact]
    _leave_queue(fold, contact, event.at)
    if contact.paused_at is not None:
        _unpause(contact, event.at)
    contact.place = "ended"
    contact.disconnected_at = event.at
    contact.disconnect_reason = event.reason
    contact.next_id = event.next
    for timer in ("schedule", "expire", "criteria"):
        fold.arm(f"{timer} {contact.id}", None)
    _end_whispers(fold, contact.id)


@_folds(e.WrapUpStarted)
def _wrap_up_started(fold: Fold, event: e.WrapUpStarted) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.agent is not None:
        contact.agent.left_at = event.at
    slot = fold.state.agents[event.agent].slots[event.contact]
    slot.state, slot.since, slot.deadline = "ENDED", event.at, event.deadline
    fold.arm(f"acw {event.contact} {event.agent}", event.deadline)


@_folds(e.SlotCleared)
def _slot_cleared(fold: Fold, event: e.SlotCleared) -> None:
    agent = fold.state.agents[event.agent]
    slot = agent.slots.pop(event.contact, None)
    fold.arm(f"acw {event.contact} {event.agent}", None)
    contact = fold.state.contacts.get(event.contact)
    if slot is not None and slot.state == "MISSED" and contact is not None:
        contact.missed_by = [user for user in contact.missed_by if user != event.agent]
    if slot is None or slot.state != "ENDED":
        return
    agent.idle_since = event.at
    if not slot.outbound:
        agent.idle_since_inbound = event.at
    if contact is not None and contact.agent is not None:
        contact.agent.cleared_at = event.at


@_folds(e.Completed)
def _completed(fold: Fold, event: e.Completed) -> None:
    contact = fold.state.contacts.pop(event.contact)
    fold.state.loops.pop(contact.id, None)
    if fold.indexes.removed(contact):
        fold.state.attributes.pop(contact.initial_id, None)


@_folds(e.Paused)
def _paused(fold: Fold, event: e.Paused) -> None:
    contact = fold.state.contacts[event.contact]
    if contact.place == "queue":
        _leave_queue(fold, contact, event.at)
        contact.place = "flow"
    contact.paused_at = contact.last_paused_at = event.at
    contact.pause_count += 1
    slot = _slot_of(fold, contact)
    if slot is not None:
        slot.state, slot.since = "PAUSED", event.at


@_folds(e.Resumed)
def _resumed(fold: Fold, event: e.Resumed) -> None:
    contact = fold.state.contacts[event.contact]
    _unpause(contact, event.at)
    contact.last_resumed_at = event.at
    slot = _slot_of(fold, contact)
    if slot is not None:
        slot.state, slot.since = "CONNECTED", event.at


@_folds(e.StatusSet)
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


@_folds(e.NextStatusSet)
def _next_status_set(fold: Fold, event: e.NextStatusSet) -> None:
    agent = fold.state.agents[event.agent]
    agent.next_status, agent.next_status_type = event.status, event.status_type


@_folds(e.LoggedIn)
def _logged_in(fold: Fold, event: e.LoggedIn) -> None:
    fold.state.agents[event.agent].logged_in_at = event.at


@_folds(e.LoggedOut)
def _logged_out(fold: Fold, event: e.LoggedOut) -> None:
    fold.state.agents[event.agent].logged_in_at = None


def _leave_queue(fold: Fold, contact: Contact, at: int) -> None:
    stay = contact.stay
    if contact.place == "queue" and stay is not None and stay.dequeued_at is None:
        stay.dequeued_at = at
        fold.indexes.left(stay.queue, contact.id)


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


# ------------------------------------------------------------------ chat


@_folds(e.ChatOpened)
def _chat_opened(fold: Fold, event: e.ChatOpened) -> None:
    participants = {identifier: replace(who) for identifier, who in event.chat.participants.items()}
    fold.state.chats[event.chat.id] = replace(event.chat, participants=participants, uploads={}, timers={})
    fold.arm(f"duration {event.chat.id}", event.chat.expires_at)
    fold.arm(f"connect {event.chat.id}", event.chat.connect_by)


@_folds(e.ChatContinued)
def _chat_continued(fold: Fold, event: e.ChatContinued) -> None:
    fold.state.chats[event.session].contact = event.contact


@_folds(e.CustomerConnected)
def _customer_connected(fold: Fold, event: e.CustomerConnected) -> None:
    chat = fold.state.chats[event.session]
    chat.connected = True
    chat.initial_message = None
    fold.arm(f"connect {event.session}", None)


@_folds(e.ParticipantAdded)
def _participant_added(fold: Fold, event: e.ParticipantAdded) -> None:
    fold.state.chats[event.session].participants[event.participant.id] = event.participant


@_folds(e.ParticipantJoined)
def _participant_joined(fold: Fold, event: e.ParticipantJoined) -> None:
    chat = fold.state.chats[event.session]
    participant = replace(event.participant, present=True, joined_at=event.at)
    chat.participants[participant.id] = participant


@_folds(e.ParticipantLeft)
def _participant_left(fold: Fold, event: e.ParticipantLeft) -> None:
    participant = fold.state.chats[event.session].participants.get(event.participant)
    if participant is not None:
        participant.present, participant.left_at = False, event.at


@_folds(e.ItemSent)
def _item_sent(fold: Fold, event: e.ItemSent) -> None:
    chat = fold.state.chats.get(event.item.session)
    if chat is not None:
        chat.last_at = event.item.at


@_folds(e.ReceiptGiven)
def _receipt_given(fold: Fold, event: e.ReceiptGiven) -> None:
    receipts = fold.state.chats[event.session].receipts
    key = f"{event.message}/{event.participant}"
    delivered, read = receipts.get(key, (event.at, None))
    receipts[key] = (delivered, read if read is not None else event.at if event.read else None)
    while len(receipts) > RECEIPTS_KEPT:
        del receipts[next(iter(receipts))]


@_folds(e.TimersSet)
def _timers_set(fold: Fold, event: e.TimersSet) -> None:
    timers = fold.state.chats[event.session].timers.setdefault(event.role, Timers())
    timers.pending_idle, timers.pending_disconnect = event.idle, event.disconnect


@_folds(e.TimersStarted)
def _timers_started(fold: Fold, event: e.TimersStarted) -> None:
    chat = fold.state.chats[event.session]
    for role, timers in chat.timers.items():
        timers.idle, timers.disconnect = timers.pending_idle, timers.pending_disconnect
        timers.spoke_at, timers.idled = event.at, False
        _arm_chat_timer(fold, chat, role)


@_folds(e.TimersStopped)
def _timers_stopped(fold: Fold, event: e.TimersStopped) -> None:
    chat = fold.state.chats[event.session]
    for role, timers in chat.timers.items():
        timers.spoke_at, timers.idled = None, False
        _arm_chat_timer(fold, chat, role)


@_folds(e.RoleSpoke)
def _role_spoke(fold: Fold, event: e.RoleSpoke) -> None:
    chat = fold.state.chats[event.session]
    timers = chat.timers[event.role]
    timers.spoke_at, timers.idled = event.at, False
    _arm_chat_timer(fold, chat, event.role)


@_folds(e.RoleIdled)
def _role_idled(fold: Fold, event: e.RoleIdled) -> None:
    chat = fold.state.chats[event.session]
    chat.timers[event.role].idled = True
    _arm_chat_timer(fold, chat, event.role)


def _arm_chat_timer(fold: Fold, chat: Chat, role: str) -> None:
    """Idle first; the disconnect time runs after it, or at once when there is no idle time (CHAT-100)."""
    timers = chat.timers[role]
    due: int | None = None
    if timers.spoke_at is not None:
        idle = (timers.idle or 0) * 60_000
        if timers.idle is not None and not timers.idled:
            due = timers.spoke_at + idle
        elif timers.disconnect is not None:
            due = timers.spoke_at + idle + timers.disconnect * 60_000
    fold.arm(f"silence {chat.id} {role}", due)


@_folds(e.UploadStarted)
def _upload_started(fold: Fold, event: e.UploadStarted) -> None:
    chat = fold.state.chats[event.session]
    chat.uploads[event.upload] = dict(event.details)
    chat.attachments += 1


@_folds(e.UploadFinished)
def _upload_finished(fold: Fold, event: e.UploadFinished) -> None:
    upload = fold.state.chats[event.session].uploads.get(event.upload)
    if upload is not None:
        upload["status"] = "APPROVED" if event.approved else "REJECTED"


@_folds(e.ChatClosed)
def _chat_closed(fold: Fold, event: e.ChatClosed) -> None:
    chat = fold.state.chats.pop(event.session, None)
    if chat is None:
        return
    for timer in (f"duration {chat.id}", f"connect {chat.id}", *(f"silence {chat.id} {role}" for role in chat.timers)):
        fold.arm(timer, None)


# ------------------------------------------------------------------ flows and bookkeeping


@_folds(e.FlowMoved)
def _flow_moved(fold: Fold, event: e.FlowMoved) -> None:
    if event.run is None:
        fold.state.runs.pop(event.key, None)
    else:
        fold.state.runs[event.key] = event.run
    fold.arm(f"flow {event.key}", event.until if event.run is not None else None)


@_folds(e.LoopsCounted)
def _loops_counted(fold: Fold, event: e.LoopsCounted) -> None:
    if event.contact in fold.state.contacts:
        fold.state.loops[event.contact] = event.loops


@_folds(e.RequestRemembered)
def _request_remembered(fold: Fold, event: e.RequestRemembered) -> None:
    fold.state.remembered[event.token] = (event.at, event.answer)
    fold.arm(f"forget {event.token}", event.at + REMEMBER)
