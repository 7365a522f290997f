"""Supervisors listen to calls, and take part (quality.md, Monitoring and barge)."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Dial, Leg, MonitorMode
from switchroom.core.calls.admission import admit
from switchroom.core.calls.leaving import release_mutes
from switchroom.core.calls.legs import add_leg, call_of, join_legs, leg_of
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.monitored import check_monitored
from switchroom.core.lifecycle.monitoring_chat import monitor_chat, set_chat_mode
from switchroom.core.lifecycle.offering import stay_of
from switchroom.core.lifecycle.starting import open_contact
from switchroom.core.turn import Turn, handles, once

LISTENERS = 5
"""Supervisors on one call without the enhanced option."""
ENHANCED_LISTENERS = 2
"""With it: one who may barge in and one who only listens."""

PHONE_INVALID = "User's phone number is invalid"


@handles(vc.MonitorCall)
def monitor(turn: Turn, command: vc.MonitorCall) -> dict[str, Any]:
    """QUAL-118..133: always begins silent."""

    def decide() -> dict[str, Any]:
        contact = turn.contact(command.contact)
        turn.config.user(command.user)
        if contact.channel == "TASK":
            raise invalid_request("MonitorContact is not supported for TASK contacts")
        if contact.channel == "CHAT":
            return {"contact": monitor_chat(turn, contact, command.user, command.capabilities).id}
        return {"contact": _monitor_call(turn, contact, command.user, command.capabilities).id}

    return once(turn, command.token, "MonitorContact", decide)


def _monitor_call(turn: Turn, contact: Contact, user: str, capabilities: tuple[MonitorMode, ...]) -> Contact:
    voice = turn.config.voice
    call = call_of(turn, contact) if contact.place != "ended" else None
    check_monitored(turn, contact, enhanced=voice.enhanced_voice_monitoring, capabilities=capabilities)
    if call is None:
        raise invalid_request("Contact or agent is not in a state that can be monitored")
    agent = turn.agent(user)
    if any(slot.channel == "VOICE" for slot in agent.slots.values()):
        raise ServiceError("ServiceQuotaExceededException", "A supervisor monitors one call at a time")
    present = [leg for leg in call.legs.values() if leg.kind == "SUPERVISOR"]
    limit = ENHANCED_LISTENERS if voice.enhanced_voice_monitoring else LISTENERS
    taken = "BARGE" in capabilities and any("BARGE" in leg.capabilities for leg in present)
    if len(present) >= limit or taken:
        raise ServiceError("ServiceQuotaExceededException", "The contact has as many supervisors as it may have")
    dial = _phone_of(turn, user)
    watching = open_contact(
        turn,
        channel="VOICE",
        method="MONITOR",
        queue=contact.queue,
        monitored=contact.id,
        call=call.id,
        customer_endpoint=contact.customer_endpoint,
        system_endpoint=contact.system_endpoint,
    )
    turn.emit(v.OutboundPlaced(at=turn.now, contact=watching.id, agent=user, stay=stay_of(turn, user), monitoring=True))
    leg = add_leg(
        turn,
        call,
        watching,
        kind="SUPERVISOR",
        state="waiting" if dial is None else "dialing",
        user=user,
        browser=dial is None,
        number=dial.number if dial is not None else None,
        dial=dial,
        joined=True,
        mode="SILENT_MONITOR",
        capabilities=capabilities or ("SILENT_MONITOR",),
    )
    _set_mode(turn, call, watching, leg, "SILENT_MONITOR")
    return watching


def _phone_of(turn: Turn, user: str) -> Dial | None:
    """QUAL-129: a supervisor with a desk phone is called there; None: the browser is expected.

    The caller ID is that of the outbound queue of the routing profile. Raises InvalidRequestException (QUAL-133).
    """
    settings = turn.config.user(user)
    if settings.desk_phone is None:
        return None
    profile = turn.config.profiles.get(settings.profile)
    queue = turn.config.queues.get((profile.default_outbound_queue if profile else None) or "")
    caller = queue.outbound_caller_number if queue is not None else None
    try:
        admit(turn, settings.desk_phone)
    except ServiceError as refusal:
        if refusal.code != "LimitExceededException":
            raise invalid_request(PHONE_INVALID) from None
    if caller is None:
        raise invalid_request(PHONE_INVALID)
    return Dial(number=settings.desk_phone, caller_id=caller, timeout=20, desk=True)


def supervisor_connected(turn: Turn, call: Call, leg: Leg) -> None:
    """The supervisor hears the call."""
    contact = turn.contact(leg.contact)
    turn.emit(e.ConnectedToAgent(at=turn.now, contact=contact.id, agent=leg.user or ""))
    join_legs(turn, call, contact.id, [leg])


@handles(vc.SetMonitorMode)
def set_mode(turn: Turn, command: vc.SetMonitorMode) -> None:
    """QUAL-123, QUAL-124."""
    turn.slot(command.agent, command.contact)
    contact = turn.contact(command.contact)
    if contact.channel == "CHAT":
        set_chat_mode(turn, contact, command.mode)
        return
    call = call_of(turn, contact)
    leg = next((one for one in call.of_contact(contact.id) if one.kind == "SUPERVISOR"), None)
    if leg is None:
        raise invalid_request("You are not monitoring this contact")
    if command.mode not in leg.capabilities:
        raise invalid_request(f"{command.mode} is not among your capabilities")
    barged = any(one.mode == "BARGE" and one.id != leg.id for one in call.legs.values())
    if command.mode == "BARGE" and barged:
        raise invalid_request("Another supervisor has barged in")
    if command.mode == "SILENT_MONITOR" and any(one.kind == "CUSTOMER" for one in call.of_contact(contact.id)):
        raise invalid_request("You have the customer now; end the contact instead")
    if leg.mode != command.mode:
        _set_mode(turn, call, contact, leg_of(call, leg.id), command.mode)


def _set_mode(turn: Turn, call: Call, contact: Contact, leg: Leg, mode: MonitorMode) -> None:
    user = leg.user or ""
    turn.emit(v.MonitorModeSet(at=turn.now, contact=contact.id, agent=user, call=call.id, leg=leg.id, mode=mode))
    if mode == "SILENT_MONITOR":
        release_mutes(turn, call)
