"""Calls that we place: by agents, by the API, as callbacks (numbers-outbound.md, DESK-46..52, FLOW-98)."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.agent import Agent
from switchroom.core.call import Call, Dial, Leg
from switchroom.core.calls import callbacks
from switchroom.core.calls.admission import EMERGENCY, admit, caller_of, check_pair, country_of, normal_number
from switchroom.core.calls.legs import add_leg, bring_agent, choose_media, end_leg, open_call
from switchroom.core.config import QueueSettings
from switchroom.core.contact import Contact, Endpoint
from switchroom.core.lifecycle.ending import disconnect, fail_slot
from switchroom.core.lifecycle.offering import join, stay_of
from switchroom.core.lifecycle.starting import begin, check_size, open_contact
from switchroom.core.turn import NudgeFlow, Turn, handles, once

ERRORS = {
    "busy": "LineEngagedCustomer",
    "no_answer": "MissedCallCustomer",
    "rejected": "LineEngagedCustomer",
    "invalid": "BadAddressCustomer",
    "failed": "FailedConnectCustomer",
    "hangup": "FailedConnectCustomer",
}
"""What the agent's desktop says of a call that was not answered (DESK-176)."""


@handles(vc.StartOutboundCall)
def start_outbound_call(turn: Turn, command: vc.StartOutboundCall) -> dict[str, Any]:
    """NUM-71: dialled at once; the flow runs when it is answered."""

    def decide() -> dict[str, Any]:
        number = normal_number(command.number)
        queue = turn.config.queue(command.queue) if command.queue else None
        if command.source_number and command.source_number not in turn.config.numbers:
            raise ServiceError(
                "OutboundContactNotPermittedException", f"{command.source_number} is not a number of this instance"
            )
        admit(turn, number)
        caller = command.source_number or caller_of(turn.config, queue)
        check_pair(turn.config, caller, number)
        check_size(command.attributes)
        media = choose_media(turn)
        contact = open_contact(
            turn,
            channel="VOICE",
            method="API",
            flow=command.flow,
            queue=queue.id if queue else None,
            related_id=command.related,
            name=command.name,
            description=command.description,
            references=dict(command.references),
            customer_endpoint=Endpoint(number),
            system_endpoint=Endpoint(caller),
        )
        if command.attributes:
            turn.emit(e.AttributesSet(at=turn.now, contact=contact.id, chain=contact.id, attributes=command.attributes))
        call = open_call(turn, contact, Call(id=turn.new_id(), media=media))
        name = queue.outbound_caller_name if queue else None
        dial = Dial(number=number, caller_id=caller, caller_name=name, timeout=command.timeout)
        _dial(turn, call, contact, dial)
        return {"contact": contact.id}

    return once(turn, command.token, "StartOutboundVoiceContact", decide)


@handles(vc.DialCall)
def dial_call(turn: Turn, command: vc.DialCall) -> dict[str, Any]:
    """DESK-46: the agent's own leg first, then the outbound whisper flow, which dials (table I1).

    It belongs to the task the agent works on, the newest of several, unless another contact is named (ROUT-97).
    """
    user = turn.config.user(command.agent)
    number = normal_number(command.number) if command.number else _of_quick_connect(turn, command.quick_connect)
    profile = turn.config.profiles.get(user.profile)
    queue = turn.config.queue(command.queue or (profile.default_outbound_queue if profile else None) or "")
    admit(turn, number)
    caller = caller_of(turn.config, queue)
    check_pair(turn.config, caller, number)
    agent = turn.agent(user.id)
    for identifier, slot in agent.slots.items():
        if slot.channel == "VOICE":
            raise invalid_request(f"Finish contact {identifier} before calling")
    media = choose_media(turn)
    contact = open_contact(
        turn,
        channel="VOICE",
        method="OUTBOUND",
        queue=queue.id,
        related_id=command.related or _task_in_hand(agent),
        customer_endpoint=Endpoint(number),
        system_endpoint=Endpoint(caller),
    )
    turn.emit(v.OutboundPlaced(at=turn.now, contact=contact.id, agent=user.id, stay=stay_of(turn, user.id)))
    call = open_call(turn, contact, Call(id=turn.new_id(), media=media))
    bring_agent(turn, call, contact, user.id)
    return {"contact": contact.id}


def _task_in_hand(agent: Agent) -> str | None:
    tasks = [slot for slot in agent.slots.values() if slot.channel == "TASK" and slot.state == "CONNECTED"]
    return max(tasks, key=lambda slot: slot.since).contact if tasks else None


def _of_quick_connect(turn: Turn, identifier: str | None) -> str:
    quick_connect = turn.config.quick_connects.get(identifier or "")
    if quick_connect is None:
        raise ServiceError("ResourceNotFoundException", f"Quick connect {identifier} was not found")
    if quick_connect.type != "PHONE_NUMBER":
        raise invalid_parameter(f"Quick connect {quick_connect.name} can only be used while on a contact")
    return normal_number(quick_connect.target)


def call_customer(turn: Turn, contact: Contact, chosen: str | None = None) -> None:
    """Dial the customer of an outbound contact or callback, once. Raises ServiceError when it may not be (BLK-013)."""
    if contact.party is not None or contact.customer_endpoint is None:
        return
    call = turn.state.call_of(contact)
    if call is None:
        raise invalid_request(f"Contact {contact.id} has no call")
    queue = turn.config.queues.get(contact.queue or "")
    caller = caller_of(turn.config, queue, chosen or contact.caller_id[0])
    number = contact.customer_endpoint.address
    if number in EMERGENCY and country_of(caller) != "US":
        caller = caller_of(turn.config, _outbound_queue(turn, contact) or queue)
    check_pair(turn.config, caller, number)
    location = turn.attributes(contact).get("CivicAddress") if number in EMERGENCY else None
    name = contact.caller_id[1] or (queue.outbound_caller_name if queue else None)
    _dial(turn, call, contact, Dial(number=number, caller_id=caller, caller_name=name, location=location))
    if contact.callback is not None:
        callbacks.tried(turn, contact)


def _dial(turn: Turn, call: Call, contact: Contact, dial: Dial) -> Leg:
    leg = add_leg(turn, call, contact, kind="CUSTOMER", state="dialing", number=dial.number, dial=dial)
    turn.emit(v.PartyChanged(at=turn.now, contact=contact.id, call=call.id, leg=leg.id))
    return leg


def _outbound_queue(turn: Turn, contact: Contact) -> QueueSettings | None:
    """The outbound queue of the agent's routing profile: its number is shown where another would not do (NUM-69)."""
    user = turn.config.users.get(contact.agent.user) if contact.agent is not None else None
    profile = turn.config.profiles.get(user.profile) if user is not None else None
    return turn.config.queues.get(profile.default_outbound_queue or "") if profile is not None else None


def whisper_over(turn: Turn, contact: Contact) -> None:
    """The outbound whisper flow has ended: dial if it did not, join when the customer is there."""
    call = turn.state.call_of(contact)
    leg = call.legs.get(contact.party or "") if call is not None else None
    if leg is not None and leg.state == "connected":
        join(turn, contact)
    elif leg is None:
        try:
            call_customer(turn, contact)
        except ServiceError:
            could_not_dial(turn, contact)


def could_not_dial(turn: Turn, contact: Contact) -> None:
    """The call could not be placed: the flow ends and the agent goes to after contact work (NUM-57)."""
    if contact.callback is not None:
        callbacks.failed(turn, contact, "FailedConnectCustomer", retry=False)
    else:
        disconnect(turn, contact, "OTHER")


def customer_answered(turn: Turn, call: Call, leg: Leg) -> None:
    """The called customer (or the web caller) is there."""
    contact = turn.contact(leg.contact)
    turn.emit(e.ConnectedToSystem(at=turn.now, contact=contact.id))
    if contact.initiation_method not in ("OUTBOUND", "CALLBACK"):
        begin(turn, contact)
        return
    turn.intents.append(NudgeFlow(contact.id, "answered"))
    if f"{contact.id}/outbound_whisper" not in turn.state.runs:
        join(turn, contact)


def customer_failed(turn: Turn, call: Call, leg: Leg, cause: str) -> None:
    """The customer was not reached."""
    contact = turn.contact(leg.contact)
    end_leg(turn, call, leg, cause)
    if contact.callback is not None:
        callbacks.failed(turn, contact, ERRORS[cause], retry=cause in ("no_answer", "failed", "hangup"))
        return
    reason = {"busy": "CUSTOMER_DISCONNECT", "rejected": "CUSTOMER_DISCONNECT", "no_answer": "OTHER"}
    if contact.agent is not None:
        fail_slot(turn, contact, ERRORS[cause])
    disconnect(turn, contact, reason.get(cause, "TELECOM_PROBLEM"))
