"""Somebody leaves a call: who stays connected, whose contact goes on, and when it is over (DESK-56..59, DESK-72)."""

from typing import Any

from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Leg
from switchroom.core.calls import callbacks
from switchroom.core.calls.legs import consultations, end_leg, join_legs, others, part_legs, resume_leg
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.ending import LEAVE, PURPOSES, complete, disconnect, fail_slot, hangs_up, wrap_up
from switchroom.core.lifecycle.offering import drop, settle_next_status
from switchroom.core.turn import StopFlow, Turn


def agent_gone(turn: Turn, call: Call, leg: Leg, cause: str, quality: dict[str, Any] | None) -> None:
    """The agent's phone hung up, was never answered, or the browser never came."""
    contact = turn.state.contacts.get(leg.contact)
    if contact is None:
        end_leg(turn, call, leg, cause, quality)
    elif contact.place == "queue":
        if contact.offered_to is not None:
            drop(turn, contact, rejected=cause != "no_answer")
        if leg.id in call.legs:
            end_leg(turn, call, leg, cause, quality)
    elif leg.connected_at is None:
        _never_there(turn, call, contact, leg, cause)
    else:
        leave(turn, contact, quality=quality)


def _never_there(turn: Turn, call: Call, contact: Contact, leg: Leg, cause: str) -> None:
    """An outbound call or callback whose agent could not be connected."""
    end_leg(turn, call, leg, cause)
    if contact.callback is not None:
        callbacks.failed(turn, contact, "MissedCallAgent" if cause == "no_answer" else "FailedConnectAgent")
        return
    fail_slot(turn, contact, "FailedConnectAgent")
    disconnect(turn, contact, "TELECOM_PROBLEM")


def leave(turn: Turn, contact: Contact, *, quality: dict[str, Any] | None = None, reason: str | None = None) -> None:
    """The agent of a contact leaves; the others stay connected where the rules let them (vectors 1 to 5)."""
    call = turn.state.call_of(contact)
    own = call.of_agent(contact.agent.user) if call is not None and contact.agent is not None else None
    if call is None or own is None:
        disconnect(turn, contact, reason or "AGENT_DISCONNECT", by_party=True)
        return
    if contact.callback is not None and contact.connected_to_system_at is None:
        end_leg(turn, call, own, "hangup", quality)
        callbacks.failed(turn, contact, "MissedCallAgent")
        return
    consulted = [one for one in consultations(turn, call, own) if one.id != contact.id]
    end_leg(turn, call, own, "hangup", quality)
    customer = call.legs.get(call.customer or "")
    if customer is None or not customer.up or customer.contact != contact.id:
        _leave_rest(turn, call, contact, own, consulted, reason)
    elif consulted:
        _hand_on(turn, call, contact, consulted[-1], customer)
    elif successor := next((one for one in others(call, own) if one.kind == "AGENT" and one.up), None):
        _hand_on(turn, call, contact, turn.contact(successor.contact), customer)
    elif any(one.kind == "THIRD_PARTY" and one.up for one in others(call, own)):
        _together(turn, call, contact.id)
        wrap_up(turn, contact)
        third = next(one for one in others(call, own) if one.kind == "THIRD_PARTY")
        turn.emit(v.TransferredOut(at=turn.now, contact=contact.id, number=third.number or ""))
    elif reason == "BARGED" and (barged := next((o for o in others(call, own) if o.kind == "SUPERVISOR"), None)):
        _supervisor_goes_on(turn, call, contact, barged, customer)
    else:
        disconnect(turn, contact, reason or "AGENT_DISCONNECT", by_party=True)


def _leave_desk(turn: Turn, contact: Contact) -> None:
    """Whoever has the contact on the desk ends it."""
    if contact.monitored is not None:
        end_monitoring(turn, contact)
    else:
        leave(turn, contact)


LEAVE["VOICE"] = _leave_desk


def _supervisor_goes_on(turn: Turn, call: Call, contact: Contact, supervisor: Leg, customer: Leg) -> None:
    """A supervisor has removed the agent and has the customer now (QUAL-131); others who listened are let go."""
    for identifier in list(call.contacts):
        listening = turn.state.contacts[identifier]
        if listening.monitored == contact.id and listening.id != supervisor.contact:
            end_monitoring(turn, listening)
    for leg in call.of_contact(contact.id):
        turn.emit(v.LegMoved(at=turn.now, contact=supervisor.contact, call=call.id, leg=leg.id))
    turn.emit(v.PartyChanged(at=turn.now, contact=supervisor.contact, call=call.id, leg=customer.id))
    for purpose in PURPOSES:
        turn.intents.append(StopFlow(contact.id, purpose))
    wrap_up(turn, contact)
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, reason="BARGED"))
    complete(turn, contact)
    _together(turn, call, supervisor.contact)


def _leave_rest(
    turn: Turn, call: Call, contact: Contact, own: Leg, consulted: list[Contact], reason: str | None
) -> None:
    """The customer is not this agent's (any more): the agent's contact ends, and what it alone held together."""
    for one in consulted:
        if not call.of_contact(one.id):
            disconnect(turn, one, "AGENT_DISCONNECT")
    for leg in call.of_contact(contact.id):
        if leg.kind == "THIRD_PARTY":
            heir = next((one for one in others(call, leg) if one.kind == "AGENT"), None)
            if heir is not None:
                turn.emit(v.LegMoved(at=turn.now, contact=heir.contact, call=call.id, leg=leg.id))
    disconnect(turn, contact, reason or "AGENT_DISCONNECT")


def _hand_on(turn: Turn, call: Call, contact: Contact, successor: Contact, customer: Leg) -> None:
    """The customer goes on with another contact: warm when its agent is there, else cold (DESK-56, DESK-57)."""
    for leg in call.of_contact(contact.id):
        if leg.kind in ("CUSTOMER", "THIRD_PARTY"):
            turn.emit(v.LegMoved(at=turn.now, contact=successor.id, call=call.id, leg=leg.id))
    turn.emit(v.PartyChanged(at=turn.now, contact=successor.id, call=call.id, leg=customer.id))
    for purpose in PURPOSES:
        turn.intents.append(StopFlow(contact.id, purpose))
    wrap_up(turn, contact)
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, next=successor.id))
    complete(turn, contact)
    if successor.agent is not None and successor.agent.connected_at is not None:
        _together(turn, call, successor.id)
    else:
        resume_leg(turn, call, customer)
        part_legs(turn, call, successor.id, [customer])


def _together(turn: Turn, call: Call, contact: str) -> None:
    """Everybody who is left talks."""
    for leg in list(call.legs.values()):
        resume_leg(turn, call, leg)
    join_legs(turn, call, contact, others(call, None))


def customer_gone(turn: Turn, call: Call, leg: Leg, cause: str, quality: dict[str, Any] | None) -> None:
    """The customer hung up, or the line broke: the rest of a conference goes on while an agent is on (DESK-72)."""
    reason = "CUSTOMER_DISCONNECT" if cause in ("hangup", "busy", "rejected") else "TELECOM_PROBLEM"
    contact = turn.state.contacts.get(leg.contact)
    end_leg(turn, call, leg, cause, quality)
    if contact is None:
        settle(turn, call, reason)
        return
    alone = contact.place != "agent" or not _company(call, contact)
    if not alone:
        turn.emit(v.PartyChanged(at=turn.now, contact=contact.id, call=call.id, leg=None))
        settle(turn, call, reason)
        return
    if contact.agent is not None and contact.agent.connected_at is None and contact.place == "agent":
        fail_slot(turn, contact, "FailedConnectCustomer")
    disconnect(turn, contact, reason)


def _company(call: Call, contact: Contact) -> bool:
    """An agent is on, with somebody besides."""
    parties = [leg for leg in call.legs.values() if leg.kind != "SUPERVISOR" and leg.up]
    return len(parties) > 1 and any(leg.kind == "AGENT" for leg in parties)


def supervisor_gone(turn: Turn, call: Call, leg: Leg) -> None:
    """A supervisor stopped listening."""
    contact = turn.state.contacts.get(leg.contact)
    end_leg(turn, call, leg)
    if contact is not None:
        end_monitoring(turn, contact)


def end_monitoring(turn: Turn, contact: Contact) -> None:
    """A supervisor's contact is over: no after contact work. With it goes who was left to the supervisor alone."""
    call = turn.state.call_of(contact)
    left = call.of_contact(contact.id) if call is not None else []
    if call is not None:
        for leg in left:
            end_leg(turn, call, leg)
        release_mutes(turn, call)
    if contact.place == "ended" or contact.agent is None:
        return
    user = contact.agent.user
    turn.emit(e.Disconnected(at=turn.now, contact=contact.id, reason="AGENT_DISCONNECT"))
    if turn.state.slot(user, contact.id) is not None:
        turn.emit(e.SlotCleared(at=turn.now, agent=user, contact=contact.id))
        settle_next_status(turn, turn.state.agents[user])
    complete(turn, contact)
    if call is not None and any(leg.kind != "SUPERVISOR" for leg in left):
        close_if_empty(turn, call)


def release_mutes(turn: Turn, call: Call) -> None:
    """What a supervisor has muted speaks again once none takes part any more (QUAL-125)."""
    if any(leg.kind == "SUPERVISOR" and leg.mode == "BARGE" for leg in call.legs.values()):
        return
    for leg in list(call.legs.values()):
        if leg.forced_mute:
            turn.emit(v.LegMuted(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, muted=False))


@hangs_up
def hang_up(turn: Turn, contact: Contact, successor: Contact | None) -> None:
    """A contact has ended: its legs go, unless a disconnect flow keeps the customer (BASE-63)."""
    call = turn.state.call_of(contact)
    if call is None:
        return
    for leg in call.of_contact(contact.id):
        if leg.kind == "CUSTOMER" and successor is not None and leg.up:
            turn.emit(v.LegMoved(at=turn.now, contact=successor.id, call=call.id, leg=leg.id))
            turn.emit(v.PartyChanged(at=turn.now, contact=successor.id, call=call.id, leg=leg.id))
            resume_leg(turn, call, leg)
            part_legs(turn, call, successor.id, [leg])
        else:
            end_leg(turn, call, leg)
    for asking in call.of_contact(contact.previous_id or ""):
        if asking.kind == "AGENT" and not asking.joined:
            resume_leg(turn, call, asking)
            join_legs(turn, call, asking.contact, [asking])
    for listening in [turn.state.contacts[one] for one in call.contacts]:
        if listening.monitored == contact.id:
            end_monitoring(turn, listening)
    settle(turn, call, contact.disconnect_reason or "OTHER")


def settle(turn: Turn, call: Call, reason: str) -> None:
    """The rule of when a call is over, after somebody left: nobody is kept alone or among strangers (DESK-72)."""
    lonely = _over(turn, call)
    if lonely is not None:
        disconnect(turn, lonely, reason)
    else:
        close_if_empty(turn, call)


def _over(turn: Turn, call: Call) -> Contact | None:
    """A contact of the call that has nobody to talk to any more."""
    parties = [leg for leg in call.legs.values() if leg.kind != "SUPERVISOR"]
    agents = [leg for leg in parties if leg.kind == "AGENT"]
    for identifier in call.contacts:
        contact = turn.state.contacts[identifier]
        joined = contact.agent is not None and contact.agent.connected_at is not None
        asked = contact.party is not None and contact.place in ("flow", "queue", "agent") and not joined
        if asked and contact.party not in call.legs:
            return contact
        if contact.place != "agent" or contact.initiation_method in ("EXTERNAL_OUTBOUND", "MONITOR"):
            continue
        own = [leg for leg in agents if contact.agent is not None and leg.user == contact.agent.user]
        with_customer = contact.party is not None and contact.party == call.customer
        if contact.agent is not None and contact.agent.connected_at is None:
            continue
        if own:
            company = len(parties) > 1 or bool(consultations(turn, call, own[0]))
        else:
            company = with_customer and len(parties) > 1
        if not company:
            return contact
    return None


def close_if_empty(turn: Turn, call: Call) -> None:
    """Nobody is left: supervisors are let go and the call is closed."""
    if call.id not in turn.state.calls:
        return
    busy = any(leg.kind != "SUPERVISOR" for leg in call.legs.values())
    going = [turn.state.contacts[one] for one in call.contacts if turn.state.contacts[one].place != "ended"]
    if busy or any(contact.initiation_method != "MONITOR" for contact in going):
        return
    for leg in list(call.legs.values()):
        supervisor_gone(turn, call, leg)
    turn.emit(v.CallClosed(at=turn.now, contact=call.first, call=call.id, media=call.media))


def break_call(turn: Turn, call: Call) -> None:
    """The media process of a call is gone: everything about it ends (TELECOM_PROBLEM)."""
    for leg in list(call.legs.values()):
        if leg.kind == "SUPERVISOR":
            supervisor_gone(turn, call, leg)
        else:
            end_leg(turn, call, leg, "failed")
    for identifier in list(call.contacts):
        contact = turn.state.contacts.get(identifier)
        if contact is not None and contact.place != "ended":
            disconnect(turn, contact, "TELECOM_PROBLEM")
    close_if_empty(turn, call)
