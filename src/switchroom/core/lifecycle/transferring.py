"""Transfers by agents (quick connects) and by API: a new segment goes through a flow to a queue or an agent."""

from typing import Any

from switchroom.base.errors import invalid_request, limit_exceeded
from switchroom.core import messaging
from switchroom.core.calls import parties
from switchroom.core.commands import TransferAgentContact, TransferContact
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.criteria import carried_on
from switchroom.core.lifecycle.ending import hand_over
from switchroom.core.lifecycle.queueing import succeed
from switchroom.core.lifecycle.starting import begin, quick_connect_target
from switchroom.core.turn import Turn, handles, once
from switchroom.core.voice_commands import AddCallParticipant

MAX_TRANSFERS = 11


@handles(TransferAgentContact)
def transfer_by_agent(turn: Turn, command: TransferAgentContact) -> dict[str, Any]:
    """ROUT-96, CHAT-73: the agent goes to after contact work, the customer to the quick connect's flow."""
    slot = turn.slot(command.agent, command.contact)
    if slot.state not in ("CONNECTED", "CONNECTED_ONHOLD", "PAUSED"):
        raise invalid_request(f"Contact {command.contact} is {slot.state}; only a connected contact can be transferred")
    if turn.contact(command.contact).channel == "VOICE":
        asked = AddCallParticipant(agent=command.agent, contact=command.contact, quick_connect=command.quick_connect)
        added: dict[str, Any] = parties.add_participant(turn, asked)
        return added
    flow, queue, target = quick_connect_target(turn, command.quick_connect)
    return {"contact": _transfer(turn, turn.contact(command.contact), flow, queue, target).id}


@handles(TransferContact)
def transfer_by_api(turn: Turn, command: TransferContact) -> dict[str, Any]:
    """TransferContact: to a queue or an agent's personal queue, through a flow."""

    def decide() -> dict[str, Any]:
        contact = turn.contact(command.contact)
        if contact.place == "ended":
            raise invalid_request(f"Contact {contact.id} has ended")
        if (command.queue is None) == (command.user is None):
            raise invalid_request("Give one of QueueId and UserId")
        user = turn.config.user(command.user) if command.user else None
        queue = user.queue if user else turn.config.queue(command.queue or "").id
        return {"contact": _transfer(turn, contact, command.flow, queue, user.id if user else None).id}

    return once(turn, command.token, "TransferContact", decide)


def _transfer(turn: Turn, contact: Contact, flow: str | None, queue: str | None, target: str | None) -> Contact:
    if contact.transfers >= MAX_TRANSFERS:
        raise limit_exceeded(f"A contact may be transferred at most {MAX_TRANSFERS} times")
    if contact.place in ("scheduled", "created"):
        raise invalid_request("A contact cannot be transferred before it has begun")
    successor = succeed(
        turn,
        contact,
        "TRANSFER",
        flow=flow,
        queue=queue,
        target_agent=target,
        transfers=contact.transfers + 1,
        criteria=carried_on(contact),
        flows={k: v for k, v in contact.flows.items() if k not in ("agent_whisper", "customer_whisper")},
    )
    chat = turn.state.chat_of(successor)
    if chat is not None:
        messaging.announce(turn, chat, messaging.TRANSFERRED, None)
    hand_over(turn, contact, successor)
    begin(turn, successor)
    return successor
