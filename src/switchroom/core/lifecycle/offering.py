"""From the match to the conversation: offer, accept, miss, whisper, join (routing.md section 4)."""

from switchroom.base.clock import SECOND
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core.agent import Agent
from switchroom.core.call import Call
from switchroom.core.calls.joining import connected
from switchroom.core.calls.legs import bring_agent, choose_media, dismiss_agent, open_call
from switchroom.core.commands import AcceptContact, RejectContact
from switchroom.core.contact import AgentStay, Contact
from switchroom.core.lifecycle.criteria import joined
from switchroom.core.turn import StartFlow, StopFlow, Turn, fires, handles

OFFER_TIMEOUT = {"VOICE": 20 * SECOND, "CHAT": 20 * SECOND, "TASK": 30 * SECOND}
"""Not configurable (ROUT-16)."""


def offer(turn: Turn, contact: Contact, agent: str) -> None:
    """Offer a waiting contact to an agent."""
    deadline = turn.now + OFFER_TIMEOUT[contact.channel]
    turn.emit(e.Offered(at=turn.now, contact=contact.id, agent=agent, deadline=deadline))
    call = turn.state.call_of(contact)
    if call is not None and turn.config.user(agent).desk_phone is not None:
        bring_agent(turn, call, contact, agent)
    if _accepts_by_itself(turn, contact, agent):
        accept(turn, AcceptContact(agent=agent, contact=contact.id))


def _accepts_by_itself(turn: Turn, contact: Contact, agent: str) -> bool:
    """ROUT-69: calls to a softphone whose user has auto-accept; never callbacks, chats or tasks."""
    user = turn.config.users[agent]
    on_softphone = user.auto_accept and user.desk_phone is None
    return on_softphone and contact.channel == "VOICE" and contact.initiation_method != "CALLBACK"


@handles(AcceptContact)
def accept(turn: Turn, command: AcceptContact) -> None:
    """The agent takes the offer; a whisper to the agent comes first, while the customer still waits (BLK-146)."""
    contact = _offered(turn, command.contact, command.agent)
    turn.config.user(command.agent)
    if contact.channel == "VOICE":
        _accept_call(turn, contact, command.agent)
        return
    flow = contact.flows.get("agent_whisper")
    if flow is None:
        take(turn, contact, command.agent)
        return
    turn.emit(e.Answered(at=turn.now, contact=contact.id, agent=command.agent))
    turn.intents.append(StartFlow(contact.id, "agent_whisper", flow))


def _accept_call(turn: Turn, contact: Contact, agent: str) -> None:
    """The agent's own leg comes first; a desk phone is answered at the phone (DESK-78). A callback leaves its queue
    and gets a call of its own (BLK-176)."""
    call = turn.state.call_of(contact)
    if contact.callback is not None:
        call = open_call(turn, contact, Call(id=turn.new_id(), media=choose_media(turn)))
        turn.emit(e.Answered(at=turn.now, contact=contact.id, agent=agent))
        take(turn, contact, agent)
    elif call is None or turn.config.user(agent).desk_phone is not None:
        raise invalid_request("Answer at the desk phone")
    else:
        turn.emit(e.Answered(at=turn.now, contact=contact.id, agent=agent))
    bring_agent(turn, call, contact, agent)


def answered_by_phone(turn: Turn, contact: Contact, agent: str) -> None:
    """The agent's desk phone was picked up: that is the acceptance."""
    turn.emit(e.Answered(at=turn.now, contact=contact.id, agent=agent))
    leg_ready(turn, contact)


def leg_ready(turn: Turn, contact: Contact) -> None:
    """The agent hears: the agent whisper, on voice by default (BLK-144, BLK-145)."""
    turn.intents.append(StartFlow(contact.id, "agent_whisper", contact.flows.get("agent_whisper")))


def stay_of(turn: Turn, agent: str) -> AgentStay:
    """The agent's side of a contact's record as it is at this moment."""
    user = turn.config.user(agent)
    profile = turn.config.profiles.get(user.profile)
    return AgentStay(
        user=user.id,
        username=user.username,
        profile=profile.arn if profile else "",
        profile_name=profile.name if profile else "",
        hierarchy=list(user.hierarchy),
        accepted_at=turn.now,
    )


def take(turn: Turn, contact: Contact, agent: str) -> None:
    """The contact leaves the queue for the agent; a whisper to the customer comes before the join (FLOW-14)."""
    joined(turn, contact)
    turn.emit(e.Accepted(at=turn.now, contact=contact.id, agent=agent, stay=stay_of(turn, agent)))
    turn.intents.append(StopFlow(contact.id, "customer_queue"))
    if contact.callback is not None:
        return
    flow = contact.flows.get("customer_whisper")
    if contact.channel == "VOICE" or (flow is not None and contact.channel != "TASK"):
        turn.intents.append(StartFlow(contact.id, "customer_whisper", flow))
    else:
        join(turn, contact)


def whispered(turn: Turn, contact: Contact, purpose: str) -> None:
    """A whisper is over: the agent's lets the contact leave the queue, the customer's joins both (table I1)."""
    if purpose == "customer_whisper":
        join(turn, contact)
    elif contact.place == "queue" and contact.offered_to is not None:
        take(turn, contact, contact.offered_to)
    elif contact.callback is not None:
        call_out(turn, contact)


def call_out(turn: Turn, contact: Contact) -> None:
    """The agent hears and is heard; the outbound whisper flow decides how the customer is called."""
    queue = turn.config.queues.get(contact.queue or "")
    flow = contact.flows.get("outbound_whisper") or (queue.outbound_flow if queue else None)
    turn.intents.append(StartFlow(contact.id, "outbound_whisper", flow))


def drop(turn: Turn, contact: Contact, *, rejected: bool = True) -> None:
    """The agent is gone before or during the agent whisper: the customer stays queued for another (BLK-146)."""
    agent = contact.offered_to
    if agent is None:
        return
    turn.intents.append(StopFlow(contact.id, "agent_whisper"))
    turn.emit(e.OfferMissed(at=turn.now, contact=contact.id, agent=agent, rejected=rejected))
    dismiss_agent(turn, contact, agent)


def join(turn: Turn, contact: Contact) -> None:
    """Agent and customer are connected; the flow for the agent's workspace runs beside them (BLK-121)."""
    if contact.place != "agent" or contact.agent is None or contact.agent.connected_at is not None:
        return
    agent = contact.agent.user
    turn.emit(e.ConnectedToAgent(at=turn.now, contact=contact.id, agent=agent))
    call = turn.state.call_of(contact)
    if call is not None:
        connected(turn, call, contact)
    chat = turn.state.chat_of(contact)
    if chat is not None:
        messaging.agent_joins(turn, chat, contact, turn.config.user(agent))
    if "agent_ui" in contact.flows:
        turn.intents.append(StartFlow(contact.id, "agent_ui", contact.flows["agent_ui"]))


@handles(RejectContact)
def reject(turn: Turn, command: RejectContact) -> None:
    """Declined: as missed, the contact is routed on with its place in line."""
    contact = _offered(turn, command.contact, command.agent)
    turn.emit(e.OfferMissed(at=turn.now, contact=contact.id, agent=command.agent, rejected=True))
    dismiss_agent(turn, contact, command.agent)


@fires("offer")
def _offer_timed_out(turn: Turn, words: list[str]) -> None:
    contact = turn.state.contacts.get(words[0])
    if contact is not None and contact.offered_to == words[1]:
        turn.emit(e.OfferMissed(at=turn.now, contact=contact.id, agent=words[1]))
        dismiss_agent(turn, contact, words[1])


def _offered(turn: Turn, contact: str, agent: str) -> Contact:
    turn.config.user(agent)
    found = turn.contact(contact)
    slot = turn.state.slot(agent, contact)
    if slot is None or slot.state != "INCOMING":
        if slot is None:
            raise ServiceError("ResourceNotFoundException", f"Contact {contact} is not offered to this agent")
        raise invalid_request(
            f"Contact {contact} is {slot.state}; only an incoming contact can be accepted or rejected"
        )
    return found


def settle_next_status(turn: Turn, agent: Agent) -> None:
    """Apply the next status once every slot is clear (ROUT-65)."""
    if agent.next_status is not None and agent.next_status_type is not None and not agent.slots:
        turn.emit(
            e.StatusSet(at=turn.now, agent=agent.user, status=agent.next_status, status_type=agent.next_status_type)
        )
