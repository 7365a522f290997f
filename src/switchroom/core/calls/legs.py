"""The small moves that everything about calls is made of."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_request, not_found
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Dial, Leg
from switchroom.core.contact import Contact
from switchroom.core.turn import StartFlow, StopFlow, Turn

HOLD_FLOWS = {"AGENT": "agent_hold"}
"""What a held leg hears, by its kind; everybody else hears the customer hold flow."""


def call_of(turn: Turn, contact: Contact) -> Call:
    """The call of a contact; InvalidRequestException when there is none."""
    found = turn.state.call_of(contact)
    if found is None:
        raise invalid_request(f"Contact {contact.id} is not on a call")
    return found


def call_by_id(turn: Turn, identifier: str) -> Call:
    """A call, or ResourceNotFoundException."""
    found = turn.state.calls.get(identifier)
    if found is None:
        raise not_found("Call", identifier)
    return found


def leg_of(call: Call, identifier: str) -> Leg:
    """A leg of a call, or ResourceNotFoundException."""
    found = call.legs.get(identifier)
    if found is None:
        raise not_found("Participant", identifier)
    return found


def choose_media(turn: Turn) -> str:
    """The media process with the fewest calls. Raises InternalServiceException when there is none."""
    if not turn.state.media:
        raise ServiceError("InternalServiceException", "No media process is running; calls cannot be placed")
    load = dict.fromkeys(turn.state.media, 0)
    if len(load) > 1:
        for call in turn.state.calls.values():
            load[call.media] = load.get(call.media, 0) + 1
    return min(turn.state.media, key=lambda media: (load[media], media))


def open_call(turn: Turn, contact: Contact, call: Call) -> Call:
    """Let a call exist."""
    turn.emit(v.CallOpened(at=turn.now, contact=contact.id, call=call))
    return turn.state.calls[call.id]


def add_leg(turn: Turn, call: Call, contact: Contact, **members: Any) -> Leg:
    """Let a leg be there: `kind`, `state` and what else is known of it."""
    identifier = members.pop("id", None) or turn.new_id()
    leg = Leg(id=identifier, contact=contact.id, since=turn.now, **members)
    turn.emit(v.LegAdded(at=turn.now, contact=contact.id, call=call.id, leg=leg))
    return call.legs[identifier]


def bring_agent(turn: Turn, call: Call, contact: Contact, user: str) -> Leg:
    """The agent's own leg: the desk phone is called, the browser is expected (DESK-77, DESK-78)."""
    settings = turn.config.user(user)
    phone = settings.desk_phone
    if phone is None:
        video = call.agent_video and settings.video
        return add_leg(turn, call, contact, kind="AGENT", state="waiting", user=user, browser=True, video=video)
    queue = turn.config.queues.get(contact.queue or "")
    caller = contact.customer_endpoint.address if contact.customer_endpoint else None
    dial = Dial(
        number=phone, caller_id=(queue.outbound_caller_number if queue else None) or caller, timeout=20, desk=True
    )
    return add_leg(turn, call, contact, kind="AGENT", state="dialing", user=user, number=phone, dial=dial)


def dismiss_agent(turn: Turn, contact: Contact, agent: str) -> None:
    """The leg of an agent who does not get the contact."""
    call = turn.state.call_of(contact)
    leg = call.of_agent(agent) if call is not None else None
    if call is not None and leg is not None and leg.contact == contact.id:
        end_leg(turn, call, leg)


def end_leg(turn: Turn, call: Call, leg: Leg, cause: str = "hangup", quality: dict[str, Any] | None = None) -> None:
    """A leg is over; the record of a third party with it."""
    if leg.id not in call.legs:
        return
    if leg.held:
        _stop_hold_flow(turn, call, leg)
    turn.emit(v.LegEnded(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, cause=cause, quality=quality))
    if leg.record is not None:
        close_record(turn, leg, cause)


def join_legs(turn: Turn, call: Call, contact: str, legs: list[Leg]) -> None:
    """Into the room."""
    waiting = tuple(leg.id for leg in legs if not leg.joined)
    if waiting:
        turn.emit(v.LegsJoined(at=turn.now, contact=contact, call=call.id, legs=waiting))


def part_legs(turn: Turn, call: Call, contact: str, legs: list[Leg]) -> None:
    """Out of the room, into the hands of a flow."""
    joined = tuple(leg.id for leg in legs if leg.joined)
    if joined:
        turn.emit(v.LegsParted(at=turn.now, contact=contact, call=call.id, legs=joined))


def hold_leg(turn: Turn, call: Call, leg: Leg, by: str | None = None) -> None:
    """On hold: out of the room, with the hold flow of its contact (DESK-41)."""
    if leg.held:
        return
    turn.emit(v.LegHeld(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, by=by))
    contact = turn.state.contacts.get(leg.contact)
    purpose = HOLD_FLOWS.get(leg.kind, "customer_hold")
    if contact is not None and f"{contact.id}/{purpose}" not in turn.state.runs:
        turn.intents.append(StartFlow(contact.id, purpose, contact.flows.get(purpose)))
    _note_hold(turn, call, leg)


def resume_leg(turn: Turn, call: Call, leg: Leg, by: str | None = None) -> None:
    """Off hold."""
    if not leg.held:
        return
    _stop_hold_flow(turn, call, leg)
    turn.emit(v.LegResumed(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, by=by))
    _note_hold(turn, call, leg)


def _stop_hold_flow(turn: Turn, call: Call, leg: Leg) -> None:
    """The hold flow ends with the last leg that hears it."""
    purpose = HOLD_FLOWS.get(leg.kind, "customer_hold")
    alike = [one for one in call.of_contact(leg.contact) if one.held and one.id != leg.id]
    if not any(HOLD_FLOWS.get(one.kind, "customer_hold") == purpose for one in alike):
        turn.intents.append(StopFlow(leg.contact, purpose))


def _note_hold(turn: Turn, call: Call, leg: Leg) -> None:
    """The agent's contact is CONNECTED_ONHOLD while the customer is held."""
    contact = turn.state.contacts.get(leg.contact)
    if leg.kind != "CUSTOMER" or contact is None or contact.agent is None:
        return
    agent = contact.agent.user
    slot = turn.state.slot(agent, contact.id)
    if slot is None:
        return
    if leg.held and slot.state == "CONNECTED":
        turn.emit(v.HoldStarted(at=turn.now, contact=contact.id, agent=agent))
    elif not leg.held and slot.state == "CONNECTED_ONHOLD":
        turn.emit(v.HoldEnded(at=turn.now, contact=contact.id, agent=agent))


def others(call: Call, leg: Leg | None) -> list[Leg]:
    """The other parties, supervisors who only listen left out."""
    return [
        one
        for one in call.legs.values()
        if (leg is None or one.id != leg.id) and (one.kind != "SUPERVISOR" or _barged(one))
    ]


def _barged(leg: Leg) -> bool:
    return leg.mode == "BARGE"


def consultations(turn: Turn, call: Call, leg: Leg) -> list[Contact]:
    """Contacts whose flows speak to an agent's leg: transfers that nobody has taken yet, or consultations under way."""
    found = (turn.state.contacts[identifier] for identifier in call.contacts)
    return [contact for contact in found if contact.party == leg.id and contact.place != "ended"]


def carry_on(turn: Turn, contact: Contact, successor: Contact) -> None:
    """The customer's leg goes with the segment that carries on, in the hands of its flow; the others are let go."""
    call = turn.state.call_of(contact)
    if call is None:
        return
    for leg in call.of_contact(contact.id):
        if leg.kind != "CUSTOMER":
            end_leg(turn, call, leg)
            continue
        turn.emit(v.LegMoved(at=turn.now, contact=successor.id, call=call.id, leg=leg.id))
        resume_leg(turn, call, leg)
        part_legs(turn, call, successor.id, [leg])


def close_record(turn: Turn, leg: Leg, cause: str) -> None:
    """The EXTERNAL_OUTBOUND record of a third party is complete."""
    record = turn.state.contacts.get(leg.record or "")
    if record is None:
        return
    reason = "THIRD_PARTY_DISCONNECT" if cause == "hangup" else "TELECOM_PROBLEM"
    turn.emit(e.Disconnected(at=turn.now, contact=record.id, reason=reason))
    turn.emit(e.Completed(at=turn.now, contact=record.id))
