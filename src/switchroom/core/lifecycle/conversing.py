"""What participants do in a chat: connect, write, read, attach, leave; and what silence does."""

from typing import Any

from switchroom.base.clock import SECOND, iso_ms
from switchroom.base.errors import ServiceError, access_denied, invalid_request, not_found
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core.chat import Chat, Participant, Timers
from switchroom.core.commands import (
    AddParticipant,
    AgentParticipant,
    ConnectParticipant,
    ContinueChat,
    FinishUpload,
    LeaveChat,
    LoseParticipant,
    ParticipantView,
    SendEvent,
    SendMessage,
    SetChatTimers,
    StartUpload,
)
from switchroom.core.interactive import BadTemplate, template_of
from switchroom.core.lifecycle.details import member_of_chain
from switchroom.core.lifecycle.ending import disconnect
from switchroom.core.lifecycle.starting import begin
from switchroom.core.turn import NudgeFlow, Turn, fires, handles, once

MESSAGE_LIMITS = {
    "text/plain": 1_024,
    "text/markdown": 1_024,
    "application/json": 12_000,
    messaging.INTERACTIVE_RESPONSE: 12_288,
    messaging.INTERACTIVE: 20_480,
}
"""Characters of a message by content type."""
MAX_ATTACHMENTS = 35
BOT_JOINS_WITHIN = 15 * SECOND
CONNECTED_EVENTS = (messaging.TYPING, messaging.DELIVERED, messaging.READ, messaging.ACKNOWLEDGED)


@handles(ConnectParticipant)
def connect(turn: Turn, command: ConnectParticipant) -> None:
    """CHAT-63: the customer's first acknowledged connection starts the flow, the initial message comes before it.

    A customer who left while a flow waits comes back this way (CHAT-71); a custom participant has 15 s (CHAT-135).
    """
    chat = turn.state.chats.get(command.session)
    participant = chat.participants.get(command.participant) if chat else None
    if chat is None or participant is None:
        raise access_denied("The participant is not in this chat")
    if participant.present:
        return
    if participant.role == "CUSTOM_BOT":
        if participant.left_at is not None or turn.now - (participant.invited_at or 0) > BOT_JOINS_WITHIN:
            raise not_found("Participant", participant.id)
        messaging.join(turn, chat, participant)
    elif participant.role == "CUSTOMER":
        _customer_connects(turn, chat, participant)
    else:
        raise access_denied("The participant has left this chat")


def _customer_connects(turn: Turn, chat: Chat, customer: Participant) -> None:
    messaging.join(turn, chat, customer)
    if chat.connected:
        return
    waiting = chat.initial_message
    turn.emit(e.CustomerConnected(at=turn.now, contact=chat.contact, session=chat.id))
    if waiting is not None:
        messaging.post(turn, chat, type="MESSAGE", content_type=waiting[0], content=waiting[1], participant=customer)
    contact = turn.contact(chat.contact)
    if contact.place == "created":
        begin(turn, contact)


def _speaker(turn: Turn, session: str, identifier: str) -> tuple[Chat, Participant]:
    """The chat and a participant who may speak in it. Raises AccessDeniedException."""
    chat = turn.state.chats.get(session)
    participant = chat.participants.get(identifier) if chat else None
    if chat is None or participant is None:
        raise access_denied("The participant is not in this chat")
    if participant.role == "CUSTOMER" and not chat.connected:
        return chat, participant
    return chat, messaging.participant_of(chat, identifier)


def _unseen(turn: Turn, session: str, identifier: str) -> bool:
    """A supervisor who only reads: typing and receipts go nowhere."""
    chat = turn.state.chats.get(session)
    participant = chat.participants.get(identifier) if chat else None
    return participant is not None and participant.present and participant.unseen


def _arrive(turn: Turn, chat: Chat, participant: Participant) -> None:
    """Speaking is a sign of life: a customer who never acknowledged a connection is connected by it."""
    if not participant.present:
        _customer_connects(turn, chat, participant)


@handles(ContinueChat)
def continue_chat(turn: Turn, command: ContinueChat) -> None:
    """CHAT-106: a source may be set once, when the chat starts or later."""
    contact = member_of_chain(turn, command.contact)
    if contact.channel != "CHAT" or contact.place == "ended":
        raise invalid_request(f"Contact {contact.id} is not an active chat")
    if any(c.continued_from for c in turn.state.contacts.values() if c.initial_id == contact.initial_id):
        raise invalid_request("The chat already continues a past one")
    turn.emit(e.DetailsChanged(at=turn.now, contact=contact.id, continued_from=command.source))


@handles(AddParticipant)
def add_participant(turn: Turn, command: AddParticipant) -> dict[str, Any]:
    """CHAT-135: one custom participant, and only while neither agent nor another one is there."""

    def decide() -> dict[str, Any]:
        contact = turn.contact(command.contact)
        chat = turn.state.chat_of(contact)
        if chat is None or contact.place == "ended":
            raise invalid_request(f"Contact {contact.id} is not an active chat")
        for other in chat.participants.values():
            awaited = other.left_at is None and turn.now - (other.invited_at or 0) <= BOT_JOINS_WITHIN
            if other.role == "CUSTOM_BOT" and (other.present or awaited):
                raise ServiceError("ServiceQuotaExceededException", "A chat takes one custom participant")
            if other.role == "AGENT" and other.present:
                raise ServiceError("ConflictException", "An agent is in the chat")
        bot = Participant(turn.new_id(), "CUSTOM_BOT", command.name, contact.id, invited_at=turn.now)
        turn.emit(e.ParticipantAdded(at=turn.now, contact=contact.id, session=chat.id, participant=bot))
        return {"session": chat.id, "participant": bot.id}

    return once(turn, command.token, "AddParticipant", decide)


@handles(AgentParticipant)
def agent_participant(turn: Turn, command: AgentParticipant) -> dict[str, Any]:
    """The agent's participant in a chat that is on the desk and connected."""
    slot = turn.slot(command.agent, command.contact)
    contact = turn.contact(command.contact)
    chat = turn.state.chat_of(contact)
    if chat is None and contact.channel != "CHAT":
        raise invalid_request(f"Contact {contact.id} is not a chat")
    agent = messaging.agent_in(chat, contact.id) if chat is not None else None
    if chat is None or agent is None:
        raise ServiceError("ResourceConflictException", f"Contact {contact.id} is {slot.state}; it is not connected")
    return {"session": chat.id, "participant": agent.id, "name": agent.name, "expires_at": chat.expires_at}


@handles(ParticipantView)
def view(turn: Turn, command: ParticipantView) -> dict[str, Any] | None:
    """Who a token speaks for, for the participant service."""
    chat = turn.state.chats.get(command.session)
    participant = chat.participants.get(command.participant) if chat else None
    if chat is None or participant is None:
        return None
    return {
        "contact": chat.contact,
        "segment": participant.contact,
        "role": participant.role,
        "name": participant.name,
        "present": participant.present,
        "admitted": participant.present or participant.role in ("CUSTOMER", "CUSTOM_BOT"),
        "content_types": chat.content_types,
        "expires_at": chat.expires_at,
        "uploads": chat.uploads,
        "attachments": chat.attachments,
    }


@handles(SendMessage)
def send_message(turn: Turn, command: SendMessage) -> dict[str, Any]:
    """CHAT-65: of a negotiated content type, within its length."""

    def decide() -> dict[str, Any]:
        chat, participant = _speaker(turn, command.session, command.participant)
        limit = MESSAGE_LIMITS.get(command.content_type)
        if limit is None or command.content_type not in chat.content_types:
            raise invalid_request(f"Content type {command.content_type} is not supported by this chat")
        if not 1 <= len(command.content) <= limit:
            raise invalid_request(f"Content must have 1 to {limit} characters for {command.content_type}")
        if command.content_type == messaging.INTERACTIVE:
            _require_template(command.content)
        _arrive(turn, chat, participant)
        item = messaging.post(
            turn,
            chat,
            type="MESSAGE",
            content_type=command.content_type,
            content=command.content,
            participant=participant,
        )
        messaging.spoke(turn, chat, participant, item)
        return {"id": item.id, "at": item.at}

    return once(turn, command.token, f"SendMessage/{command.participant}", decide)


def _require_template(content: str) -> None:
    try:
        template_of(content)
    except BadTemplate as wrong:
        raise invalid_request(f"The interactive message cannot be sent: {wrong}") from None


@handles(SendEvent)
def send_event(turn: Turn, command: SendEvent) -> dict[str, Any]:
    """CHAT-66, CHAT-67, CHAT-95: typing and receipts; they are delivered and not kept in the transcript."""

    def decide() -> dict[str, Any]:
        if command.content_type not in CONNECTED_EVENTS:
            raise invalid_request(f"Content type {command.content_type} is not an event a participant can send")
        if _unseen(turn, command.session, command.participant):
            return {"id": turn.new_id(), "at": turn.now}
        chat, participant = _speaker(turn, command.session, command.participant)
        if command.content_type in (messaging.DELIVERED, messaging.READ):
            return _receipt(turn, chat, participant, command)
        _arrive(turn, chat, participant)
        item = messaging.post(
            turn,
            chat,
            type="EVENT",
            content_type=command.content_type,
            participant=participant,
            stored=False,
            echo=False,
        )
        return {"id": item.id, "at": item.at}

    return once(turn, command.token, f"SendEvent/{command.participant}", decide)


def _receipt(turn: Turn, chat: Chat, participant: Participant, command: SendEvent) -> dict[str, Any]:
    """The first delivery and the first reading count; what is known already is not told again."""
    message = messaging.message_id(command.content)
    _arrive(turn, chat, participant)
    read = command.content_type == messaging.READ
    known = chat.receipts.get(f"{message}/{participant.id}")
    if known is not None and (known[1] is not None or not read):
        return {"id": turn.new_id(), "at": turn.now}
    turn.emit(
        e.ReceiptGiven(
            at=turn.now, contact=chat.contact, session=chat.id, message=message, participant=participant.id, read=read
        )
    )
    delivered, seen = chat.receipts[f"{message}/{participant.id}"]
    receipt: dict[str, object] = {"RecipientParticipantId": participant.id, "DeliveredTimestamp": iso_ms(delivered)}
    if seen is not None:
        receipt["ReadTimestamp"] = iso_ms(seen)
    item = messaging.post(
        turn,
        chat,
        type="MESSAGEMETADATA",
        content_type=messaging.METADATA,
        participant=participant,
        stored=False,
        echo=False,
        metadata={"MessageId": message, "Receipts": [receipt]},
    )
    return {"id": item.id, "at": item.at}


@handles(LeaveChat)
def leave_chat(turn: Turn, command: LeaveChat) -> dict[str, Any]:
    """CHAT-69: the customer ends the chat (the disconnect flow still runs), or the agent does."""

    def decide() -> dict[str, Any]:
        chat = turn.state.chats.get(command.session)
        participant = chat.participants.get(command.participant) if chat else None
        if chat is None or participant is None or not participant.present:
            raise access_denied("The participant is not connected to this chat")
        _goes(turn, chat, participant)
        return {}

    return once(turn, command.token, f"LeaveChat/{command.participant}", decide)


@handles(LoseParticipant)
def lose_participant(turn: Turn, command: LoseParticipant) -> None:
    """CHAT-78: gone without a word, so the disconnect flow runs. An agent's chat without one stays with the agent."""
    chat = turn.state.chats.get(command.session)
    participant = chat.participants.get(command.participant) if chat else None
    if chat is None or participant is None or not participant.present:
        return
    contact = turn.contact(chat.contact)
    if participant.role == "AGENT" and "disconnect" not in contact.flows:
        return
    _goes(turn, chat, participant)


def _goes(turn: Turn, chat: Chat, participant: Participant) -> None:
    """Someone leaves. While a disconnect flow has the chat, a customer may go and come again (BASE-65)."""
    contact = turn.contact(chat.contact)
    if participant.role == "CUSTOMER":
        messaging.leave(turn, chat, participant)
        if contact.initiation_method == "DISCONNECT" and contact.place == "flow":
            messaging.dismiss(turn, chat)
        else:
            disconnect(turn, contact, "CUSTOMER_DISCONNECT", by_party=True)
    elif participant.role == "AGENT" and participant.contact == contact.id:
        disconnect(turn, contact, "AGENT_DISCONNECT", by_party=True)
    elif participant.role == "SUPERVISOR":
        disconnect(turn, turn.contact(participant.contact), "AGENT_DISCONNECT")
        messaging.dismiss(turn, chat)
    else:
        messaging.leave(turn, chat, participant)
        messaging.dismiss(turn, chat)
        turn.intents.append(NudgeFlow(chat.contact, "bot_left"))


@handles(StartUpload)
def start_upload(turn: Turn, command: StartUpload) -> dict[str, Any]:
    """CHAT-110: 35 attachments per chat."""

    def decide() -> dict[str, Any]:
        chat, participant = _speaker(turn, command.session, command.participant)
        if participant.role == "CUSTOM_BOT":
            raise access_denied("A custom participant cannot share files")
        if chat.attachments >= MAX_ATTACHMENTS:
            raise ServiceError("ServiceQuotaExceededException", f"A chat takes at most {MAX_ATTACHMENTS} attachments")
        _arrive(turn, chat, participant)
        details: dict[str, str | int] = {
            "name": command.name,
            "content_type": command.content_type,
            "size": command.size,
            "key": command.key,
            "participant": command.participant,
            "status": "IN_PROGRESS",
        }
        turn.emit(
            e.UploadStarted(at=turn.now, contact=chat.contact, session=chat.id, upload=command.upload, details=details)
        )
        return {"upload": command.upload, "key": command.key}

    return once(turn, command.token, f"StartUpload/{command.participant}", decide)


@handles(FinishUpload)
def finish_upload(turn: Turn, command: FinishUpload) -> dict[str, Any]:
    """Only an approved file is shown to the others."""

    def decide() -> dict[str, Any]:
        chat, participant = _speaker(turn, command.session, command.participant)
        upload = chat.uploads.get(command.upload)
        if upload is None or upload["participant"] != participant.id:
            raise invalid_request(f"Attachment {command.upload} was not announced")
        if upload["status"] != "IN_PROGRESS":
            raise ServiceError("ConflictException", f"Attachment {command.upload} is already {upload['status']}")
        turn.emit(
            e.UploadFinished(
                at=turn.now, contact=chat.contact, session=chat.id, upload=command.upload, approved=command.approved
            )
        )
        if command.approved:
            _share(turn, chat, participant, command.upload)
        return {}

    return once(turn, command.token, f"FinishUpload/{command.participant}", decide)


def _share(turn: Turn, chat: Chat, participant: Participant, identifier: str) -> None:
    upload = chat.uploads[identifier]
    attachment = {
        "AttachmentId": identifier,
        "AttachmentName": str(upload["name"]),
        "ContentType": str(upload["content_type"]),
        "Status": "APPROVED",
    }
    messaging.post(
        turn,
        chat,
        type="ATTACHMENT",
        content_type=str(upload["content_type"]),
        participant=participant,
        attachments=[attachment],
    )
    messaging.spoke(turn, chat, participant)


@handles(SetChatTimers)
def set_timers(turn: Turn, command: SetChatTimers) -> None:
    """CHAT-100: in force when the next agent joins; a (role, type) pair may stand once."""
    contact = turn.contact(command.contact)
    chat = turn.state.chat_of(contact)
    if chat is None:
        raise invalid_request(f"Contact {contact.id} is not a chat")
    seen: set[tuple[str, str]] = set()
    wanted: dict[str, dict[str, int | None]] = {}
    for role, kind, minutes in command.timers:
        if (role, kind) in seen:
            raise invalid_request(f"Timer {kind} of {role} is given twice")
        seen.add((role, kind))
        if minutes is not None and not 2 <= minutes <= 480:
            raise invalid_request("A chat timeout must be between 2 and 480 minutes")
        wanted.setdefault(role, {})["idle" if kind == "IDLE" else "disconnect"] = minutes
    for who, change in wanted.items():
        known = chat.timers.get(who, Timers())
        now = {"idle": known.pending_idle, "disconnect": known.pending_disconnect, **change}
        turn.emit(
            e.TimersSet(
                at=turn.now,
                contact=contact.id,
                session=chat.id,
                role=who,
                idle=now["idle"],
                disconnect=now["disconnect"],
            )
        )


@fires("silence")
def _role_is_silent(turn: Turn, words: list[str]) -> None:
    """First the notice that a role is idle, then the end of the conversation (CHAT-101)."""
    chat = turn.state.chats.get(words[0])
    timers = chat.timers.get(words[1]) if chat else None
    if chat is None or timers is None or timers.spoke_at is None:
        return
    speaker = next((p for p in chat.participants.values() if p.role == words[1] and p.present), None)
    if timers.idle is not None and not timers.idled:
        messaging.announce(turn, chat, messaging.IDLE, speaker, stored=False)
        turn.emit(e.RoleIdled(at=turn.now, contact=chat.contact, session=chat.id, role=words[1]))
        return
    messaging.announce(turn, chat, messaging.AUTODISCONNECT, speaker, stored=False)
    contact = turn.state.contacts.get(chat.contact)
    if contact is not None:
        disconnect(turn, contact, None, by_party=True)
