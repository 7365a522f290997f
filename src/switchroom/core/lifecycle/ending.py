"""How contacts end: by the customer, the agent, a flow, the API, or time."""

from collections.abc import Callable

from switchroom.base.errors import invalid_request
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core import voice_events as v
from switchroom.core.agent import Slot
from switchroom.core.calls.legs import carry_on
from switchroom.core.chat import Chat
from switchroom.core.commands import ClearContact, EndContact, StopContact
from switchroom.core.contact import Channel, Contact
from switchroom.core.lifecycle.criteria import deactivated
from switchroom.core.lifecycle.offering import drop, settle_next_status
from switchroom.core.lifecycle.queueing import succeed, withdraw
from switchroom.core.lifecycle.starting import TASK_LIFE, begin
from switchroom.core.turn import StartFlow, StopFlow, Turn, fires, handles

PURPOSES = (
    *("main", "customer_queue", "agent_whisper", "customer_whisper", "outbound_whisper"),
    *("customer_hold", "agent_hold", "agent_ui", "pause", "resume"),
)
LEAVE: dict[Channel, Callable[[Turn, Contact], None]] = {}
"""How an agent leaves a contact of a channel; where nothing is bound the contact ends."""
HANG_UPS: list[Callable[[Turn, Contact, Contact | None], None]] = []


def hangs_up(
    function: Callable[[Turn, Contact, Contact | None], None],
) -> Callable[[Turn, Contact, Contact | None], None]:
    """Bind what ends the connections of a contact that is over; the third argument is the contact that carries on."""
    HANG_UPS.append(function)
    return function


def disconnect(turn: Turn, contact: Contact, reason: str | None, *, by_party: bool = False) -> None:
    """End a contact. `by_party`: agent or customer left, so the disconnect flow runs if one was set (BASE-63)."""
    if contact.place == "ended":
        return
    withdraw(turn, contact)
    deactivated(turn, contact)
    for purpose in PURPOSES:
        turn.intents.append(StopFlow(contact.id, purpose))
    again = contact.initiation_method == "DISCONNECT" and contact.place == "flow"
    follow = contact.flows.get("disconnect") if by_party and not again else None
    chat = turn.state.chat_of(contact)
    if chat is not None and chat.contact != contact.id:
        chat = None
    if contact.channel == "CHAT" and chat is None:
        follow = None
    if contact.channel == "VOICE" and not _on_the_line(turn, contact):
        follow = None
    if chat is not None:
        _let_supervisors_go(turn, chat)
        messaging.agents_leave(turn, chat, contact)
    successor = None
    if follow:
        life = {"expires_at": turn.now + TASK_LIFE} if reason == "EXPIRED" else {}
        successor = succeed(turn, contact, "DISCONNECT", flow=follow, queue=None, flows={}, **life)
    wrap_up(turn, contact)
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, reason=reason, next=successor.id if successor else None))
    for hang_up in HANG_UPS:
        hang_up(turn, contact, successor)
    if successor is not None:
        if chat is not None:
            messaging.dismiss(turn, chat)
        begin(turn, successor)
    elif chat is not None:
        messaging.close(turn, chat)
    complete(turn, contact)


def _on_the_line(turn: Turn, contact: Contact) -> bool:
    """The customer of a call is still there to hear a disconnect flow."""
    call = turn.state.call_of(contact)
    leg = call.legs.get(call.customer or "") if call is not None else None
    return leg is not None and leg.up and leg.contact == contact.id


def fail_slot(turn: Turn, contact: Contact, error: str) -> None:
    """The contact failed for its agent, who is to clear it (DESK-176)."""
    if contact.agent is not None:
        slot = turn.state.slot(contact.agent.user, contact.id)
        if slot is not None and slot.live:
            turn.emit(v.SlotFailed(at=turn.now, contact=contact.id, agent=contact.agent.user, error=error))


def hand_over(turn: Turn, contact: Contact, successor: Contact) -> None:
    """A segment ends because another carries the customer on (transfer): the agent that had it wraps up."""
    withdraw(turn, contact)
    for purpose in PURPOSES:
        turn.intents.append(StopFlow(contact.id, purpose))
    chat = turn.state.chat_of(contact)
    if chat is not None:
        _let_supervisors_go(turn, chat)
        messaging.agents_leave(turn, chat, contact)
        messaging.dismiss(turn, chat)
    carry_on(turn, contact, successor)
    wrap_up(turn, contact)
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, next=successor.id))
    complete(turn, contact)


def _let_supervisors_go(turn: Turn, chat: Chat) -> None:
    """Whoever monitors the segment of a chat that is over is done as well (QUAL-120)."""
    for participant in list(chat.participants.values()):
        if participant.role == "SUPERVISOR" and participant.present:
            watching = turn.state.contacts.get(participant.contact)
            if watching is not None:
                disconnect(turn, watching, "OTHER")


def wrap_up(turn: Turn, contact: Contact) -> None:
    """The agent goes into after contact work (REC-51); the disconnect flow for the workspace runs (BLK-122)."""
    if contact.agent is None:
        return
    slot = turn.state.slot(contact.agent.user, contact.id)
    if slot is None or not slot.live:
        return
    if slot.monitoring:
        clear(turn, contact.agent.user, contact.id)
        return
    user = turn.config.users.get(contact.agent.user)
    limit = user.acw_limit if user is not None else 0
    deadline = turn.now + limit * 1000 if limit else None
    turn.emit(e.WrapUpStarted(at=turn.now, contact=contact.id, agent=contact.agent.user, deadline=deadline))
    if "disconnect_ui" in contact.flows:
        turn.intents.append(StartFlow(contact.id, "disconnect_ui", contact.flows["disconnect_ui"]))


def complete(turn: Turn, contact: Contact) -> None:
    """The record is complete when the customer is gone and no agent holds the contact any more (REC-24)."""
    if contact.place == "ended" and contact.id in turn.state.contacts and not _held(turn, contact):
        turn.intents.append(StopFlow(contact.id, "disconnect_ui"))
        turn.emit(e.Completed(at=turn.now, contact=contact.id))


def _held(turn: Turn, contact: Contact) -> Slot | None:
    return turn.state.slot(contact.agent.user, contact.id) if contact.agent is not None else None


@handles(EndContact)
def end_contact(turn: Turn, command: EndContact) -> None:
    """The agent ends the conversation; an offer is declined by Reject, after contact work closed by Clear."""
    slot = turn.slot(command.agent, command.contact)
    if slot.state not in ("CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "PAUSED"):
        raise invalid_request(f"Contact {command.contact} is {slot.state}; only a connected contact can be ended")
    contact = turn.contact(command.contact)
    if contact.place == "queue":
        drop(turn, contact)
        return
    LEAVE.get(contact.channel, _leave)(turn, contact)


def _leave(turn: Turn, contact: Contact) -> None:
    disconnect(turn, contact, "AGENT_DISCONNECT", by_party=True)


@handles(ClearContact)
def clear_contact(turn: Turn, command: ClearContact) -> None:
    """Close after contact work, or clear a missed contact (REC-51, ROUT-17)."""
    slot = turn.slot(command.agent, command.contact)
    if slot.live:
        raise invalid_request(f"Contact {command.contact} is {slot.state}; end it before it is cleared")
    clear(turn, command.agent, command.contact)


def clear(turn: Turn, agent: str, contact: str) -> None:
    """Free a slot."""
    turn.emit(e.SlotCleared(at=turn.now, agent=agent, contact=contact))
    found = turn.state.contacts.get(contact)
    if found is not None:
        complete(turn, found)
    settle_next_status(turn, turn.state.agents[agent])


@fires("whisper")
def _whisper_too_long(turn: Turn, words: list[str]) -> None:
    """BLK-147: the agent is dropped and the customer stays queued; a whisper to the customer ends the contact."""
    contact = turn.state.contacts.get(words[0])
    if contact is None:
        return
    if words[1] == "agent_whisper" and contact.place == "queue":
        drop(turn, contact)
    elif words[1] == "customer_whisper" and contact.agent is not None and contact.agent.connected_at is None:
        disconnect(turn, contact, "OTHER" if contact.channel != "TASK" else "CONTACT_FLOW_DISCONNECT")
    elif words[1] == "agent_whisper" and contact.place == "agent":
        LEAVE.get(contact.channel, _leave)(turn, contact)


@fires("acw")
def _wrap_up_timed_out(turn: Turn, words: list[str]) -> None:
    slot = turn.state.slot(words[1], words[0])
    if slot is not None and slot.state == "ENDED":
        clear(turn, words[1], words[0])


@handles(StopContact)
def stop_contact(turn: Turn, command: StopContact) -> None:
    """ROUT-95. Ending what has ended already is a refusal the caller can tell apart; only the after contact work of a
    task can be ended so (quality.md, Contact actions)."""
    contact = turn.contact(command.contact)
    if contact.place == "ended" and contact.channel == "TASK" and contact.agent is not None and _held(turn, contact):
        clear(turn, contact.agent.user, contact.id)
        return
    if contact.place == "ended":
        raise invalid_request(f"Contact {contact.id} has already ended")
    disconnect(turn, contact, {"TASK": "API", "CHAT": None, "VOICE": "OTHER"}[contact.channel])


@fires("expire")
def _life_is_over(turn: Turn, words: list[str]) -> None:
    contact = turn.state.contacts.get(words[0])
    if contact is not None:
        disconnect(turn, contact, "EXPIRED", by_party=contact.channel == "TASK")


@fires("duration")
def _chat_duration_over(turn: Turn, words: list[str]) -> None:
    """CHAT-70: the whole of a chat, waits included."""
    chat = turn.state.chats.get(words[0])
    if chat is not None:
        contact = turn.state.contacts.get(chat.contact)
        if contact is not None:
            disconnect(turn, contact, None)
        else:
            messaging.close(turn, chat)


@fires("connect")
def _customer_never_came(turn: Turn, words: list[str]) -> None:
    chat = turn.state.chats.get(words[0])
    if chat is not None and not chat.connected:
        contact = turn.state.contacts.get(chat.contact)
        if contact is not None:
            disconnect(turn, contact, None)
