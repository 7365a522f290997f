"""More than two on a call: third parties, consultations, hold, join, swap, mute, keys (DESK-41..73, FLOW-73..81)."""

from typing import Any

from switchroom.base.errors import ServiceError, access_denied, invalid_request, limit_exceeded
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Dial, Leg
from switchroom.core.calls import leaving
from switchroom.core.calls.admission import admit, caller_of, check_pair, normal_number
from switchroom.core.calls.legs import (
    add_leg,
    call_of,
    consultations,
    end_leg,
    hold_leg,
    join_legs,
    leg_of,
    others,
    part_legs,
    resume_leg,
)
from switchroom.core.contact import Contact, Endpoint
from switchroom.core.lifecycle.ending import disconnect
from switchroom.core.lifecycle.queueing import succeed
from switchroom.core.lifecycle.starting import begin, open_contact, quick_connect_target
from switchroom.core.turn import NudgeFlow, Turn, handles

KEYS = frozenset("0123456789*#ABCD,")
MOST_KEYS = 50


class Desk:
    """An agent's (or barged supervisor's) place on a call, with what its rights are."""

    def __init__(self, turn: Turn, agent: str, contact: str) -> None:
        slot = turn.slot(agent, contact)
        self.contact = turn.contact(contact)
        self.call = call_of(turn, self.contact)
        found = self.call.of_agent(agent) or next(
            (leg for leg in self.call.of_contact(contact) if leg.user == agent), None
        )
        if found is None or slot.state not in ("CONNECTED", "CONNECTED_ONHOLD", "CONNECTING"):
            raise invalid_request(f"Contact {contact} is {slot.state}; you are not on this call")
        self.own = found
        self.agent = agent
        self.turn = turn
        if found.kind == "SUPERVISOR" and found.mode != "BARGE":
            raise invalid_request("Barge in first")

    @property
    def primary(self) -> bool:
        """The first agent of the call, who has the rights in a three-party call."""
        agents = [leg for leg in self.call.legs.values() if leg.kind == "AGENT"]
        return not agents or agents[0].id == self.own.id

    @property
    def everything(self) -> bool:
        """May do anything to anybody: multi-party rules, or a supervisor who barged in."""
        return self.turn.config.voice.multi_party or self.own.kind == "SUPERVISOR"

    def check(self, leg: Leg, what: str) -> None:
        """Three parties: an agent controls those it added, and the primary the customer (DESK-73)."""
        allowed = self.everything or leg.added_by == self.agent or (leg.kind == "CUSTOMER" and self.primary)
        if leg.kind == "AGENT" and not allowed and leg.id != self.own.id:
            previous = self.turn.state.contacts.get(leg.contact)
            allowed = previous is not None and previous.previous_id == self.contact.id
        if leg.id == self.own.id:
            allowed = self.everything
        if not allowed:
            raise access_denied(f"You may not {what} this participant")

    def target(self, leg: str | None) -> Leg:
        """The leg named, or the customer's side of this agent's contact."""
        if leg is not None:
            return leg_of(self.call, leg)
        party = self.call.legs.get(self.call.customer or "") if self.primary or self.everything else None
        chosen = party or next(iter(others(self.call, self.own)), None)
        if chosen is None:
            raise invalid_request("There is nobody else on the call")
        return chosen


@handles(vc.AddCallParticipant)
def add_participant(turn: Turn, command: vc.AddCallParticipant) -> dict[str, Any]:
    """DESK-66: everybody else is held, and the one called in may be spoken to alone first."""
    desk = Desk(turn, command.agent, command.contact)
    quick_connect = turn.config.quick_connects.get(command.quick_connect or "")
    if command.quick_connect and quick_connect is None:
        raise ServiceError("ResourceNotFoundException", f"Quick connect {command.quick_connect} was not found")
    _check_room(desk)
    if quick_connect is not None and quick_connect.type != "PHONE_NUMBER":
        return consult(turn, desk, quick_connect.id)
    number = normal_number(quick_connect.target if quick_connect is not None else command.number or "")
    leg = call_third_party(
        turn, desk.contact, number, by=desk.agent, name=quick_connect.name if quick_connect is not None else None
    )
    for one in others(desk.call, desk.own):
        if one.id != leg.id and one.up and one.joined:
            hold_leg(turn, desk.call, one, desk.agent)
    return {"leg": leg.id, "contact": desk.contact.id}


def _check_room(desk: Desk) -> None:
    """DESK-64, DESK-69."""
    limit = desk.turn.config.voice.participants
    parties = others(desk.call, None)
    waiting = [one for one in consultations(desk.turn, desk.call, desk.own) if one.id != desk.contact.id]
    asked = [one for one in waiting if one.agent is None]
    if asked or any(leg.state in ("dialing", "ringing") for leg in parties):
        raise invalid_request("Wait until the participant who is being called answers")
    if len(parties) >= limit:
        raise limit_exceeded(f"A call may have at most {limit} participants")


def call_third_party(
    turn: Turn,
    contact: Contact,
    number: str,
    *,
    by: str | None = None,
    name: str | None = None,
    caller: tuple[str | None, str | None] = (None, None),
    timeout: int = 60,
    pass_through: bool = False,
) -> Leg:
    """Dial somebody outside into the call of a contact; its record is EXTERNAL_OUTBOUND (REC-33).

    `pass_through`: without a caller ID of its own the customer's number is shown (NUM-61).
    """
    call = call_of(turn, contact)
    admit(turn, number)
    queue = turn.config.queues.get(contact.queue or "")
    shown = contact.customer_endpoint.address if pass_through and contact.customer_endpoint and not caller[0] else None
    if shown is None and pass_through and not caller[0] and contact.system_endpoint is not None:
        shown = contact.system_endpoint.address
    shown = shown or caller_of(turn.config, queue, caller[0])
    check_pair(turn.config, shown, number)
    record = open_contact(
        turn,
        channel="VOICE",
        method="EXTERNAL_OUTBOUND",
        place="agent",
        initial_id=contact.initial_id,
        previous_id=contact.id,
        queue=contact.queue,
        customer_endpoint=Endpoint(number),
        system_endpoint=Endpoint(shown),
    )
    dial = Dial(
        number=number,
        caller_id=shown,
        caller_name=caller[1] or (queue.outbound_caller_name if queue else None),
        timeout=timeout,
    )
    return add_leg(
        turn,
        call,
        contact,
        kind="THIRD_PARTY",
        state="dialing",
        number=number,
        name=name,
        dial=dial,
        added_by=by,
        record=record.id,
    )


def third_party_answered(turn: Turn, call: Call, leg: Leg) -> None:
    """The called third party is in the room with the agent who called; or with the customer, when a flow did."""
    record = turn.state.contacts.get(leg.record or "")
    if record is not None:
        turn.emit(e.ConnectedToSystem(at=turn.now, contact=record.id))
    contact = turn.contact(leg.contact)
    joined = [leg]
    if leg.added_by is None:
        customer = call.legs.get(call.customer or "")
        joined = [one for one in (customer, leg) if one is not None]
        turn.emit(v.TransferredOut(at=turn.now, contact=contact.id, number=leg.number or ""))
        turn.intents.append(NudgeFlow(contact.id, "third_party_answered"))
    join_legs(turn, call, contact.id, joined)


def third_party_gone(turn: Turn, call: Call, leg: Leg, cause: str) -> None:
    """The third party hung up, or did not come."""
    contact = turn.state.contacts.get(leg.contact)
    by_flow = leg.added_by is None
    answered = leg.connected_at is not None
    end_leg(turn, call, leg, cause)
    if contact is None:
        leaving.settle(turn, call, "THIRD_PARTY_DISCONNECT")
        return
    if by_flow:
        customer = call.legs.get(call.customer or "")
        if customer is not None:
            part_legs(turn, call, contact.id, [customer])
        outcome = (
            "third_party_left" if answered else "third_party_timeout" if cause == "no_answer" else "third_party_failed"
        )
        turn.intents.append(NudgeFlow(contact.id, outcome, cause))
        return
    leaving.settle(turn, call, "THIRD_PARTY_DISCONNECT")


def consult(turn: Turn, desk: Desk, quick_connect: str) -> dict[str, Any]:
    """FLOW-75, FLOW-76: a contact of its own goes through the transfer flow, which speaks to the agent who asks."""
    flow, queue, target = quick_connect_target(turn, quick_connect)
    contact, call = desk.contact, desk.call
    successor = succeed(
        turn,
        contact,
        "TRANSFER",
        flow=flow,
        queue=queue,
        target_agent=target,
        party=desk.own.id,
        transfers=contact.transfers + 1,
        flows={k: flow for k, flow in contact.flows.items() if k not in ("agent_whisper", "customer_whisper")},
    )
    for one in others(call, desk.own):
        if one.up and one.joined:
            hold_leg(turn, call, one, desk.agent)
    part_legs(turn, call, contact.id, [desk.own])
    begin(turn, successor)
    return {"leg": successor.id, "contact": successor.id}


@handles(vc.HoldLeg)
def hold(turn: Turn, command: vc.HoldLeg) -> None:
    """DESK-41, DESK-58."""
    desk = Desk(turn, command.agent, command.contact)
    leg = desk.target(command.leg)
    desk.check(leg, "hold")
    if not leg.joined or not leg.up:
        raise invalid_request("Only a participant who is connected can be held")
    hold_leg(turn, desk.call, leg, desk.agent)


@handles(vc.ResumeLeg)
def resume(turn: Turn, command: vc.ResumeLeg) -> None:
    """A held agent may take itself off hold in a multi-party call (DESK-68)."""
    desk = Desk(turn, command.agent, command.contact)
    leg = desk.target(command.leg)
    desk.check(leg, "take off hold")
    resume_leg(turn, desk.call, leg, desk.agent)


@handles(vc.HoldAll)
def hold_all(turn: Turn, command: vc.HoldAll) -> None:
    """Everybody but the agent."""
    desk = Desk(turn, command.agent, command.contact)
    for leg in others(desk.call, desk.own):
        if leg.up and leg.joined:
            desk.check(leg, "hold")
            hold_leg(turn, desk.call, leg, desk.agent)


@handles(vc.SwapLegs)
def swap(turn: Turn, command: vc.SwapLegs) -> None:
    """DESK-67: who is held talks, who talks is held."""
    desk = Desk(turn, command.agent, command.contact)
    present = [leg for leg in others(desk.call, desk.own) if leg.up and leg.joined]
    held = [leg for leg in present if leg.held]
    talking = [leg for leg in present if not leg.held]
    if len(present) != 2 or len(held) != 1:
        raise invalid_request("Swap needs two others, one of them on hold")
    for leg in talking:
        hold_leg(turn, desk.call, leg, desk.agent)
    for leg in held:
        resume_leg(turn, desk.call, leg, desk.agent)


@handles(vc.JoinLegs)
def join(turn: Turn, command: vc.JoinLegs) -> None:
    """DESK-56: all off hold and mixed."""
    desk = Desk(turn, command.agent, command.contact)
    if any(leg.state in ("dialing", "ringing") for leg in others(desk.call, desk.own)):
        raise invalid_request("Wait until the participant who is being called answers")
    if any(leg.in_flow for leg in others(desk.call, desk.own)):
        raise invalid_request("Wait until the agent is connected")
    for leg in others(desk.call, desk.own):
        resume_leg(turn, desk.call, leg, desk.agent)
    join_legs(turn, desk.call, desk.contact.id, [leg for leg in others(desk.call, None) if leg.up])


@handles(vc.DropLeg)
def drop_leg(turn: Turn, command: vc.DropLeg) -> None:
    """`x` beside a party; the id of a consultation's contact takes that back."""
    desk = Desk(turn, command.agent, command.contact)
    call = desk.call
    asked = turn.state.contacts.get(command.leg)
    if asked is not None and asked.party == desk.own.id and asked.call == call.id:
        disconnect(turn, asked, "AGENT_DISCONNECT")
        return
    leg = leg_of(call, command.leg)
    if leg.id == desk.own.id:
        raise invalid_request("End the contact to leave the call")
    desk.check(leg, "disconnect")
    if leg.kind == "CUSTOMER":
        leaving.customer_gone(turn, call, leg, "hangup", None)
    elif leg.kind == "AGENT":
        reason = "BARGED" if desk.own.kind == "SUPERVISOR" else None
        leaving.leave(turn, turn.contact(leg.contact), reason=reason)
    elif leg.state in ("dialing", "ringing"):
        third_party_gone(turn, call, leg, "rejected")
    else:
        third_party_gone(turn, call, leg, "hangup")


@handles(vc.MuteLeg)
def mute(turn: Turn, command: vc.MuteLeg) -> None:
    """DESK-42, DESK-68, QUAL-125."""
    desk = Desk(turn, command.agent, command.contact)
    leg = leg_of(desk.call, command.leg) if command.leg is not None else desk.own
    forced = desk.own.kind == "SUPERVISOR" and leg.id != desk.own.id
    if leg.id != desk.own.id and not desk.everything:
        raise access_denied("You may not mute this participant")
    if leg.forced_mute and not command.muted and desk.own.kind != "SUPERVISOR":
        raise access_denied("A supervisor has muted you")
    if leg.muted != command.muted or forced:
        turn.emit(
            v.LegMuted(
                at=turn.now, contact=leg.contact, call=desk.call.id, leg=leg.id, muted=command.muted, forced=forced
            )
        )


@handles(vc.SendDigits)
def send_digits(turn: Turn, command: vc.SendDigits) -> None:
    """DESK-43: to everybody outside."""
    desk = Desk(turn, command.agent, command.contact)
    digits = command.digits.upper()
    if not digits or len(digits) > MOST_KEYS or not KEYS.issuperset(digits):
        raise invalid_request(f"Digits may be up to {MOST_KEYS} of 0-9, *, #, A-D and ,")
    for leg in others(desk.call, desk.own):
        if leg.kind in ("CUSTOMER", "THIRD_PARTY") and leg.up and not leg.held:
            dial_keys(turn, desk.call, leg, digits)


def dial_keys(turn: Turn, call: Call, leg: Leg, digits: str) -> None:
    """Tones to one leg."""
    turn.emit(v.DigitsSent(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, digits=digits))


@handles(vc.LegReferred)
def referred(turn: Turn, command: vc.LegReferred) -> None:
    """A desk phone transfers by REFER: blind, to a number."""
    call = turn.state.calls.get(command.call)
    leg = call.legs.get(command.leg) if call is not None else None
    contact = turn.state.contacts.get(leg.contact) if leg is not None else None
    if call is None or leg is None or leg.kind != "AGENT" or contact is None:
        raise invalid_request("Only an agent's phone may transfer")
    number = normal_number(command.target)
    call_third_party(turn, contact, number, by=leg.user)
    for one in others(call, leg):
        if one.up and one.joined:
            hold_leg(turn, call, one, leg.user)
