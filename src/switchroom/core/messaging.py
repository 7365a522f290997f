"""Chats: who is in them, what is said, receipts, timeouts and attachments (chat.md).

Every item gets a time that rises strictly within its session, so that clients keep their order.
"""

import json
from collections.abc import Iterable
from typing import Any

from switchroom.base.errors import access_denied, invalid_request
from switchroom.core import events as e
from switchroom.core.chat import Chat, Item, Participant, Role, Visibility
from switchroom.core.config import UserSettings
from switchroom.core.contact import Contact
from switchroom.core.turn import NudgeFlow, Turn

PREFIX = "application/vnd.amazonaws.connect."
TYPING = PREFIX + "event.typing"
DELIVERED = PREFIX + "event.message.delivered"
READ = PREFIX + "event.message.read"
METADATA = PREFIX + "event.message.metadata"
ACKNOWLEDGED = PREFIX + "event.connection.acknowledged"
JOINED = PREFIX + "event.participant.joined"
LEFT = PREFIX + "event.participant.left"
IDLE = PREFIX + "event.participant.idle"
RETURNED = PREFIX + "event.participant.returned"
AUTODISCONNECT = PREFIX + "event.participant.autodisconnection"
TRANSFERRED = PREFIX + "event.transfer.succeeded"
ENDED = PREFIX + "event.chat.ended"
INTERACTIVE = PREFIX + "message.interactive"
INTERACTIVE_RESPONSE = PREFIX + "message.interactive.response"

STAFF: tuple[Role, ...] = ("AGENT", "SUPERVISOR", "CUSTOM_BOT")
SYSTEM_NAME = "SYSTEM_MESSAGE"
BOT_NAME = "BOT"


def post(
    turn: Turn,
    chat: Chat,
    *,
    type: str,
    content_type: str,
    content: str | None = None,
    participant: Participant | None = None,
    visibility: Visibility = "ALL",
    stored: bool = True,
    echo: bool = True,
    also: Iterable[Participant] = (),
    only: list[str] | None = None,
    name: str = SYSTEM_NAME,
    **members: Any,
) -> Item:
    """Send one item into a chat; without a participant it is the system that speaks.

    It goes to everyone who is there and may see it, to `also`, and back to its sender unless `echo` is false; with
    `only` (participant ids) to nobody else.
    """
    role: Role = participant.role if participant else "SYSTEM"
    item = Item(
        id=turn.new_id(),
        session=chat.id,
        contact=chat.contact,
        at=max(turn.now, chat.last_at + 1),
        type=type,
        content_type=content_type,
        content=content,
        participant=participant.id if participant else chat.system,
        role=role,
        name=participant.name if participant else name,
        visibility=visibility,
        stored=stored,
        to=_recipients(chat, participant, visibility, echo, also) if only is None else only,
        **members,
    )
    turn.emit(e.ItemSent(at=turn.now, contact=chat.contact, item=item))
    return item


def _recipients(
    chat: Chat, sender: Participant | None, visibility: Visibility, echo: bool, also: Iterable[Participant]
) -> list[str]:
    hidden_from: tuple[Role, ...] = {"CUSTOMER": STAFF, "AGENT": ("CUSTOMER",)}.get(visibility, ())
    reached = {p.id: None for p in chat.participants.values() if p.present and p.role not in hidden_from}
    reached.update((p.id, None) for p in also)
    if sender is not None:
        if echo:
            reached[sender.id] = None
        else:
            reached.pop(sender.id, None)
    return list(reached)


def say(
    turn: Turn,
    chat: Chat,
    text: str,
    content_type: str = "text/plain",
    visibility: Visibility = "ALL",
    name: str = SYSTEM_NAME,
) -> Item:
    """A message of the system, as Play prompt writes it; `name` is what it is called."""
    return post(turn, chat, type="MESSAGE", content_type=content_type, content=text, visibility=visibility, name=name)


def dismiss_bots(turn: Turn, chat: Chat) -> None:
    """An agent, or a bot of the flow, takes over from a custom participant, who leaves."""
    for bot in [p for p in chat.participants.values() if p.role == "CUSTOM_BOT" and p.present]:
        leave(turn, chat, bot)
        dismiss(turn, chat)


def announce(turn: Turn, chat: Chat, content_type: str, participant: Participant | None, stored: bool = True) -> Item:
    """An event of the chat: somebody joined, left, is idle..."""
    return post(turn, chat, type="EVENT", content_type=content_type, participant=participant, stored=stored)


def join(turn: Turn, chat: Chat, participant: Participant) -> None:
    """Someone comes into the chat, for the first time or again."""
    turn.emit(e.ParticipantJoined(at=turn.now, contact=chat.contact, session=chat.id, participant=participant))
    announce(turn, chat, JOINED, participant)


def leave(turn: Turn, chat: Chat, participant: Participant) -> None:
    """Someone leaves the chat."""
    if participant.present:
        turn.emit(e.ParticipantLeft(at=turn.now, contact=chat.contact, session=chat.id, participant=participant.id))
        if not participant.unseen:
            announce(turn, chat, LEFT, participant)


def agent_joins(turn: Turn, chat: Chat, contact: Contact, user: UserSettings) -> None:
    """The agent who accepted is in the chat; the chat timeouts start (CHAT-100)."""
    dismiss_bots(turn, chat)
    agent = Participant(turn.new_id(), "AGENT", user.display_name, contact.id, user=user.id)
    join(turn, chat, agent)
    if chat.timers:
        turn.emit(e.TimersStarted(at=turn.now, contact=contact.id, session=chat.id))


def agent_in(chat: Chat, contact: str) -> Participant | None:
    """The agent who is in the chat for a segment, or the supervisor who monitors it with this contact."""
    for participant in chat.participants.values():
        if participant.role in ("AGENT", "SUPERVISOR") and participant.present and participant.contact == contact:
            return participant
    return None


def supervisors(chat: Chat) -> list[Participant]:
    """Supervisors who monitor the chat."""
    return [one for one in chat.participants.values() if one.role == "SUPERVISOR" and one.present]


def supervisor_of(chat: Chat, contact: str) -> Participant | None:
    """The supervisor whose contact this is."""
    return next((one for one in supervisors(chat) if one.contact == contact), None)


def agents_leave(turn: Turn, chat: Chat, contact: Contact) -> None:
    """Whoever is there for the business leaves with the segment; the customer stays."""
    staff = [p for p in chat.participants.values() if p.present and p.role in STAFF]
    for participant in staff:
        leave(turn, chat, participant)
    if staff and chat.timers:
        turn.emit(e.TimersStopped(at=turn.now, contact=contact.id, session=chat.id))


def dismiss(turn: Turn, chat: Chat) -> None:
    """Tell those who have just left that the chat is over for them, though it goes on without them (CHAT-69)."""
    gone = [p for p in chat.participants.values() if p.left_at == turn.now and not p.present]
    if gone:
        only = [p.id for p in gone]
        post(turn, chat, type="EVENT", content_type=ENDED, visibility="AGENT", stored=False, only=only)


def close(turn: Turn, chat: Chat) -> None:
    """The session is over for everyone."""
    customer = chat.participants.get(chat.customer or "")
    if customer is not None:
        leave(turn, chat, customer)
    there = [p for p in chat.participants.values() if p.left_at == turn.now or p is customer]
    post(turn, chat, type="EVENT", content_type=ENDED, also=there)
    turn.emit(e.ChatClosed(at=turn.now, contact=chat.contact, session=chat.id))


def participant_of(chat: Chat, identifier: str) -> Participant:
    """A participant who may speak now. Raises AccessDeniedException."""
    participant = chat.participants.get(identifier)
    if participant is None:
        raise access_denied("The participant is not in this chat")
    if not participant.present:
        raise access_denied("The participant is not connected to this chat")
    if participant.unseen:
        raise access_denied("Barge in before you take part in the chat")
    return participant


def spoke(turn: Turn, chat: Chat, participant: Participant, said: Item | None = None) -> None:
    """Somebody wrote: flows that wait for the customer go on, the role's timeouts begin anew."""
    timers = chat.timers.get(participant.role)
    if timers is not None and timers.spoke_at is not None:
        if timers.idled:
            announce(turn, chat, RETURNED, participant, stored=False)
        turn.emit(e.RoleSpoke(at=turn.now, contact=chat.contact, session=chat.id, role=participant.role))
    if participant.role == "CUSTOMER":
        heard = {"text": said.content, "content_type": said.content_type} if said is not None else None
        turn.intents.append(NudgeFlow(chat.contact, "customer_returned", heard))


def message_id(content: str | None) -> str:
    """The message a receipt is for: `{"messageId": ...}`, or `MessageId` as the client library writes it (CHAT-95)."""
    try:
        parsed = json.loads(content or "")
    except ValueError:
        parsed = None
    found = (parsed.get("messageId") or parsed.get("MessageId")) if isinstance(parsed, dict) else None
    if not isinstance(found, str) or not 1 <= len(found) <= 256:
        raise invalid_request('The content of a receipt must be {"messageId": "..."}')
    return found
