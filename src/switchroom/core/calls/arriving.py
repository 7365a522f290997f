"""What the media plane reports: calls that arrive, legs that ring, answer, get lost and go."""

from typing import Any

from switchroom.base.errors import invalid_request, not_found
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Leg
from switchroom.core.calls import dialing, leaving, parties
from switchroom.core.calls.admission import check_quota
from switchroom.core.calls.legs import add_leg, call_by_id, end_leg, open_call
from switchroom.core.calls.monitoring import supervisor_connected
from switchroom.core.contact import Endpoint
from switchroom.core.lifecycle.offering import answered_by_phone, call_out, drop, leg_ready
from switchroom.core.lifecycle.starting import begin, open_contact
from switchroom.core.turn import Turn, fires, handles


@handles(vc.CallArrived)
def call_arrived(turn: Turn, command: vc.CallArrived) -> dict[str, Any]:
    """NUM-07, NUM-08, NUM-44: the call is answered and enters the flow of its number."""
    known = turn.state.calls.get(command.leg)
    if known is not None:
        return {"contact": known.contacts[0] if known.contacts else known.id}
    number = turn.config.numbers.get(command.number)
    if number is None or number.flow is None:
        raise not_found("Phone number", command.number)
    if not turn.config.voice.inbound:
        raise invalid_request("This instance does not receive calls")
    check_quota(turn)
    contact = open_contact(
        turn,
        channel="VOICE",
        method="INBOUND",
        flow=number.flow,
        party=command.leg,
        customer_endpoint=Endpoint(command.caller) if command.caller else None,
        system_endpoint=Endpoint(command.number),
        customer_name=command.caller_name,
        sip_headers=dict(command.headers),
    )
    call = open_call(turn, contact, Call(id=command.leg, media=command.media))
    add_leg(
        turn,
        call,
        contact,
        id=command.leg,
        kind="CUSTOMER",
        state="connected",
        number=command.caller,
        name=command.caller_name,
        connected_at=turn.now,
    )
    begin(turn, contact)
    return {"contact": contact.id}


@handles(vc.LegRinging)
def leg_ringing(turn: Turn, command: vc.LegRinging) -> None:
    """The other side's phone rings."""
    call, leg = _reported(turn, command.call, command.leg)
    if leg is not None and leg.state in ("dialing", "ringing") and (leg.state == "dialing" or command.early):
        turn.emit(
            v.LegRang(
                at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, early=command.early and _early(turn, leg)
            )
        )


def _early(turn: Turn, leg: Leg) -> bool:
    """NUM-64: early media is heard by agents, where the instance has it on."""
    contact = turn.state.contacts.get(leg.contact)
    return turn.config.voice.early_media and contact is not None and contact.agent is not None


@handles(vc.LegAnswered)
def leg_answered(turn: Turn, command: vc.LegAnswered) -> None:
    """A leg has sound. What follows depends on whose it is."""
    call, leg = _reported(turn, command.call, command.leg)
    if leg is None or leg.state == "connected":
        return
    first = leg.connected_at is None
    turn.emit(v.LegConnected(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id))
    if not first:
        return
    if leg.kind == "AGENT":
        _agent_connected(turn, call, leg)
    elif leg.kind == "CUSTOMER":
        dialing.customer_answered(turn, call, leg)
    elif leg.kind == "THIRD_PARTY":
        parties.third_party_answered(turn, call, leg)
    else:
        supervisor_connected(turn, call, leg)


def _agent_connected(turn: Turn, call: Call, leg: Leg) -> None:
    contact = turn.contact(leg.contact)
    slot = turn.state.slot(leg.user or "", contact.id)
    if slot is None:
        end_leg(turn, call, leg)
    elif slot.state == "INCOMING":
        answered_by_phone(turn, contact, leg.user or "")
    elif contact.initiation_method == "OUTBOUND":
        call_out(turn, contact)
    else:
        leg_ready(turn, contact)


@handles(vc.LegLost)
def leg_lost(turn: Turn, command: vc.LegLost) -> None:
    """DESK-15: the agent's sound is gone, the call stays; a web caller has a minute to come back."""
    call, leg = _reported(turn, command.call, command.leg)
    if leg is not None and leg.state == "connected":
        turn.emit(v.LegDropped(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id))


@handles(vc.LegGone)
def leg_gone(turn: Turn, command: vc.LegGone) -> None:
    """A leg is over."""
    call, leg = _reported(turn, command.call, command.leg)
    if leg is None:
        return
    if leg.kind == "CUSTOMER":
        if leg.connected_at is None:
            dialing.customer_failed(turn, call, leg, command.cause)
        else:
            leaving.customer_gone(turn, call, leg, command.cause, command.quality)
    elif leg.kind == "AGENT":
        leaving.agent_gone(turn, call, leg, command.cause, command.quality)
    elif leg.kind == "THIRD_PARTY":
        parties.third_party_gone(turn, call, leg, command.cause)
    else:
        leaving.supervisor_gone(turn, call, leg)


@handles(vc.MediaJoined)
def media_joined(turn: Turn, command: vc.MediaJoined) -> None:
    """A media process announced itself."""
    if command.media not in turn.state.media:
        turn.emit(v.MediaNodeJoined(at=turn.now, media=command.media))


@handles(vc.MediaLost)
def media_lost(turn: Turn, command: vc.MediaLost) -> None:
    """Its calls are over, each with its record."""
    if command.media in turn.state.media:
        turn.emit(v.MediaNodeLost(at=turn.now, media=command.media))
    for call in [call for call in turn.state.calls.values() if call.media == command.media]:
        leaving.break_call(turn, call)


@fires("join")
def _browser_never_came(turn: Turn, words: list[str]) -> None:
    """The agent's browser did not bring its media: the contact goes to another (DESK-164)."""
    call = turn.state.calls.get(words[0])
    leg = call.legs.get(words[1]) if call is not None else None
    if call is None or leg is None or leg.connected_at is not None:
        return
    if leg.kind == "SUPERVISOR":
        leaving.supervisor_gone(turn, call, leg)
        return
    contact = turn.state.contacts.get(leg.contact)
    if contact is not None and contact.place == "queue":
        drop(turn, contact)
    else:
        leaving.agent_gone(turn, call, leg, "failed", None)


def _reported(turn: Turn, call: str, leg: str) -> tuple[Call, Leg | None]:
    """The call (else ResourceNotFoundException) and the leg, None if it is over already."""
    found = call_by_id(turn, call)
    return found, found.legs.get(leg)
