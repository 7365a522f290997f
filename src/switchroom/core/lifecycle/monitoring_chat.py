"""Supervisors read chats, and take part (quality.md, Monitoring and barge): QUAL-116, QUAL-118, QUAL-123, QUAL-124.

A supervisor's contact is a MONITOR contact of its own chain; in the chat the supervisor is a participant whom nobody is
told of until it barges in.
"""

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core import voice_events as v
from switchroom.core.call import MonitorMode
from switchroom.core.chat import Chat, Participant
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.ending import LEAVE, disconnect, hangs_up
from switchroom.core.lifecycle.monitored import check_monitored
from switchroom.core.lifecycle.offering import stay_of
from switchroom.core.lifecycle.starting import open_contact
from switchroom.core.turn import Turn

LISTENERS = 5
"""Supervisors of one chat; one of them may barge in."""


def monitor_chat(turn: Turn, contact: Contact, user: str, capabilities: tuple[MonitorMode, ...]) -> Contact:
    """The supervisor reads along from now on. Raises the errors of QUAL-133."""
    enhanced = turn.config.voice.enhanced_chat_monitoring
    check_monitored(turn, contact, enhanced=enhanced, capabilities=capabilities)
    chat = turn.state.chat_of(contact)
    if chat is None or chat.contact != contact.id:
        raise invalid_request("The contact or the agent is not in a state that can be monitored")
    _check_room(turn, chat, user, capabilities)
    watching = open_contact(
        turn, channel="CHAT", method="MONITOR", queue=contact.queue, monitored=contact.id, customer_name=_customer(chat)
    )
    turn.emit(v.OutboundPlaced(at=turn.now, contact=watching.id, agent=user, stay=stay_of(turn, user), monitoring=True))
    turn.emit(e.ConnectedToAgent(at=turn.now, contact=watching.id, agent=user))
    supervisor = Participant(
        turn.new_id(),
        "SUPERVISOR",
        turn.config.user(user).display_name,
        watching.id,
        user=user,
        mode="SILENT_MONITOR",
        capabilities=capabilities or ("SILENT_MONITOR",),
    )
    turn.emit(e.ParticipantJoined(at=turn.now, contact=watching.id, session=chat.id, participant=supervisor))
    _mode_set(turn, chat, chat.participants[supervisor.id], "SILENT_MONITOR")
    return watching


def set_chat_mode(turn: Turn, contact: Contact, mode: MonitorMode) -> None:
    """Barge in, or go back to reading: the others see the supervisor come and go."""
    chat = turn.state.chat_of(contact)
    supervisor = messaging.supervisor_of(chat, contact.id) if chat is not None else None
    if chat is None or supervisor is None:
        raise invalid_request("You are not monitoring this contact")
    if mode not in supervisor.capabilities:
        raise invalid_request(f"{mode} is not among your capabilities")
    if mode == supervisor.mode:
        return
    if mode == "BARGE" and any(one.mode == "BARGE" for one in messaging.supervisors(chat)):
        raise invalid_request("Another supervisor has barged in")
    _mode_set(turn, chat, supervisor, mode)
    messaging.announce(turn, chat, messaging.JOINED if mode == "BARGE" else messaging.LEFT, supervisor)


def _check_room(turn: Turn, chat: Chat, user: str, capabilities: tuple[MonitorMode, ...]) -> None:
    """A supervisor monitors as many chats as the routing profile has slots for them."""
    profile = turn.config.profiles.get(turn.config.user(user).profile)
    slots = profile.routing.capacity.get("CHAT", 0) if profile is not None else 0
    taken = [slot for slot in turn.agent(user).slots.values() if slot.channel == "CHAT"]
    present = messaging.supervisors(chat)
    if len(taken) >= slots or any(one.user == user for one in present):
        raise ServiceError("ServiceQuotaExceededException", "The supervisor cannot monitor another chat")
    if len(present) >= LISTENERS or ("BARGE" in capabilities and any("BARGE" in one.capabilities for one in present)):
        raise ServiceError("ServiceQuotaExceededException", "The contact has as many supervisors as it may have")


def _customer(chat: Chat) -> str | None:
    customer = chat.participants.get(chat.customer or "")
    return customer.name if customer is not None else None


def _mode_set(turn: Turn, chat: Chat, supervisor: Participant, mode: MonitorMode) -> None:
    turn.emit(
        v.MonitorModeSet(
            at=turn.now,
            contact=supervisor.contact,
            agent=supervisor.user or "",
            call=chat.id,
            leg=supervisor.id,
            mode=mode,
        )
    )


@hangs_up
def _supervisor_leaves(turn: Turn, contact: Contact, successor: Contact | None) -> None:
    """A supervisor's contact is over: the supervisor is out of the chat."""
    if contact.channel != "CHAT" or contact.initiation_method != "MONITOR":
        return
    chat = turn.state.chat_of(contact)
    supervisor = messaging.supervisor_of(chat, contact.id) if chat is not None else None
    if chat is not None and supervisor is not None:
        messaging.leave(turn, chat, supervisor)


def _leave(turn: Turn, contact: Contact) -> None:
    """End chat: a supervisor stops to monitor, an agent ends the conversation."""
    if contact.initiation_method != "MONITOR":
        disconnect(turn, contact, "AGENT_DISCONNECT", by_party=True)
        return
    chat = turn.state.chat_of(contact)
    disconnect(turn, contact, "AGENT_DISCONNECT")
    if chat is not None:
        messaging.dismiss(turn, chat)


LEAVE["CHAT"] = _leave
