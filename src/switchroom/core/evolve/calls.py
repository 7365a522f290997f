"""How events change calls: legs come and go, are held and joined; recordings, streams and callbacks."""

from msgspec.structs import replace

from switchroom.base.clock import MINUTE, SECOND
from switchroom.core import voice_events as v
from switchroom.core.agent import Slot
from switchroom.core.call import Call, Leg, MediaNode
from switchroom.core.contact import MonitorStay
from switchroom.core.evolve.fold import Fold, folds
from switchroom.core.evolve.stays import close_monitor_stay, leave_call, leave_queue

JOIN_WITHIN = 20 * SECOND
"""An agent's browser that has not brought its media by then does not come (routing.md section 4)."""


CUSTOMER_WITHIN = 2 * MINUTE
"""A web caller has so long to allow the microphone."""
BACK_WITHIN = MINUTE
"""A web caller whose connection was lost has so long to come back."""
KEYS_KEPT = 64
"""Keys to or from a leg that a plan carries: those of plans that were overtaken are among them."""


@folds(v.MediaNodeJoined)
def _media_joined(fold: Fold, event: v.MediaNodeJoined) -> None:
    fold.state.media[event.media] = MediaNode(event.media, event.at)


@folds(v.MediaNodeLost)
def _media_lost(fold: Fold, event: v.MediaNodeLost) -> None:
    fold.state.media.pop(event.media, None)


@folds(v.CallOpened)
def _call_opened(fold: Fold, event: v.CallOpened) -> None:
    fold.state.calls[event.call.id] = replace(
        event.call, first=event.contact, legs={}, recordings={}, contacts=[event.contact]
    )
    fold.state.contacts[event.contact].call = event.call.id


@folds(v.CallClosed)
def _call_closed(fold: Fold, event: v.CallClosed) -> None:
    fold.state.calls.pop(event.call, None)


# ------------------------------------------------------------------ legs


@folds(v.LegAdded)
def _leg_added(fold: Fold, event: v.LegAdded) -> None:
    call = fold.state.calls[event.call]
    leg = replace(event.leg)
    call.legs[leg.id] = leg
    if leg.kind == "CUSTOMER":
        call.customer = leg.id
    if leg.browser and leg.state == "waiting":
        if leg.kind == "CUSTOMER":
            fold.arm(f"webcall {call.id}", event.at + CUSTOMER_WITHIN)
        else:
            fold.arm(f"join {call.id} {leg.id}", event.at + JOIN_WITHIN)


@folds(v.LegRang)
def _leg_rang(fold: Fold, event: v.LegRang) -> None:
    leg = _leg(fold, event.call, event.leg)
    if leg.state == "dialing":
        leg.state, leg.since = "ringing", event.at
    leg.early = leg.early or event.early


@folds(v.LegConnected)
def _leg_connected(fold: Fold, event: v.LegConnected) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.state, leg.since, leg.early = "connected", event.at, False
    leg.connected_at = leg.connected_at or event.at
    fold.arm(f"join {event.call} {event.leg}", None)
    if leg.kind == "CUSTOMER":
        fold.arm(f"webcall {event.call}", None)


@folds(v.LegDropped)
def _leg_dropped(fold: Fold, event: v.LegDropped) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.state, leg.since = "lost", event.at
    if leg.kind == "CUSTOMER":
        fold.arm(f"webcall {event.call}", event.at + BACK_WITHIN)


@folds(v.LegEnded)
def _leg_ended(fold: Fold, event: v.LegEnded) -> None:
    call = fold.state.calls[event.call]
    leg = call.legs.pop(event.leg, None)
    if call.customer == event.leg:
        call.customer = None
        fold.arm(f"webcall {call.id}", None)
    fold.arm(f"join {event.call} {event.leg}", None)
    contact = fold.state.contacts.get(event.contact)
    if leg is None or contact is None:
        return
    side = {"AGENT": "Agent", "CUSTOMER": "Customer"}.get(leg.kind)
    if event.quality is not None and side is not None:
        contact.qualities = {**contact.qualities, side: event.quality}
    if leg.kind == "AGENT":
        contact.agent_lost = leg.state == "lost" or (event.cause == "failed" and leg.connected_at is not None)
    if leg.kind == "THIRD_PARTY" and leg.connected_at is not None:
        contact.third_party_ms += event.at - leg.connected_at


@folds(v.LegMoved)
def _leg_moved(fold: Fold, event: v.LegMoved) -> None:
    _leg(fold, event.call, event.leg).contact = event.contact


@folds(v.LegsJoined)
def _legs_joined(fold: Fold, event: v.LegsJoined) -> None:
    for leg in _legs(fold, event.call, event.legs):
        leg.joined = True


@folds(v.LegsParted)
def _legs_parted(fold: Fold, event: v.LegsParted) -> None:
    for leg in _legs(fold, event.call, event.legs):
        leg.joined = False


@folds(v.LegHeld)
def _leg_held(fold: Fold, event: v.LegHeld) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.held, leg.held_at = True, event.at


@folds(v.LegResumed)
def _leg_resumed(fold: Fold, event: v.LegResumed) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.held, leg.held_at = False, None


@folds(v.LegMuted)
def _leg_muted(fold: Fold, event: v.LegMuted) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.muted, leg.forced_mute = event.muted, event.muted and event.forced


@folds(v.DigitsSent)
def _digits_sent(fold: Fold, event: v.DigitsSent) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.digits = _more_keys(leg.digits, event.digits)


@folds(v.KeysPressed)
def _keys_pressed(fold: Fold, event: v.KeysPressed) -> None:
    leg = _leg(fold, event.call, event.leg)
    leg.pressed = _more_keys(leg.pressed, event.digits)


def _more_keys(before: tuple[int, str] | None, digits: str) -> tuple[int, str]:
    """How many there have been, and the last of them: plans may overtake each other, and no key gets lost."""
    count, keys = before or (0, "")
    return count + len(digits), (keys + digits)[-KEYS_KEPT:]


@folds(v.PartyChanged)
def _party_changed(fold: Fold, event: v.PartyChanged) -> None:
    contact = fold.state.contacts[event.contact]
    contact.party = event.leg


# ------------------------------------------------------------------ agents


@folds(v.HoldStarted)
def _hold_started(fold: Fold, event: v.HoldStarted) -> None:
    slot = fold.state.slot(event.agent, event.contact)
    contact = fold.state.contacts.get(event.contact)
    if slot is not None:
        slot.state, slot.since = "CONNECTED_ONHOLD", event.at
    if contact is not None and contact.agent is not None:
        contact.agent.holds += 1


@folds(v.HoldEnded)
def _hold_ended(fold: Fold, event: v.HoldEnded) -> None:
    slot = fold.state.slot(event.agent, event.contact)
    contact = fold.state.contacts.get(event.contact)
    if slot is None:
        return
    held = event.at - slot.since
    slot.state, slot.since = "CONNECTED", event.at
    if contact is not None and contact.agent is not None:
        contact.agent.hold_ms += held
        contact.agent.longest_hold_ms = max(contact.agent.longest_hold_ms, held)


@folds(v.OutboundPlaced)
def _outbound_placed(fold: Fold, event: v.OutboundPlaced) -> None:
    contact = fold.state.contacts[event.contact]
    contact.place = "agent"
    contact.agent = replace(event.stay)
    fold.state.agents[event.agent].slots[contact.id] = Slot(
        contact.id,
        contact.channel,
        "CONNECTING",
        event.at,
        queue=contact.queue,
        outbound=not event.monitoring,
        monitoring=event.monitoring,
    )


@folds(v.SlotFailed)
def _slot_failed(fold: Fold, event: v.SlotFailed) -> None:
    slot = fold.state.slot(event.agent, event.contact)
    if slot is not None:
        slot.state, slot.since, slot.deadline, slot.error = "ERROR", event.at, None, event.error


@folds(v.MonitorModeSet)
def _monitor_mode_set(fold: Fold, event: v.MonitorModeSet) -> None:
    call = fold.state.calls.get(event.call)
    leg = call.legs.get(event.leg) if call is not None else None
    if leg is not None:
        leg.mode = event.mode
    chat = fold.state.chats.get(event.call)
    participant = chat.participants.get(event.leg) if chat is not None else None
    if participant is not None:
        participant.mode = event.mode
    contact = fold.state.contacts[event.contact]
    close_monitor_stay(contact, event.at)
    contact.monitor_stays = [*contact.monitor_stays, MonitorStay(event.mode, event.at)]


# ------------------------------------------------------------------ callbacks


@folds(v.CallbackScheduled)
def _callback_scheduled(fold: Fold, event: v.CallbackScheduled) -> None:
    contact = fold.state.contacts[event.contact]
    leave_queue(fold, contact, event.at)
    contact.place = "scheduled"
    contact.callback = event.terms
    contact.scheduled_at = event.due_at
    leave_call(fold, contact)
    contact.agent = contact.call = contact.party = contact.connected_to_system_at = None
    previous = fold.state.contacts.get(contact.previous_id or "")
    if previous is not None:
        previous.next_id = contact.id
    fold.arm(f"callback {contact.id}", event.due_at)


@folds(v.CallbackTried)
def _callback_tried(fold: Fold, event: v.CallbackTried) -> None:
    fold.state.contacts[event.contact].callback = event.terms


@folds(v.CallbackQueued)
def _callback_queued(fold: Fold, event: v.CallbackQueued) -> None:
    fold.arm(f"callback {event.contact}", None)


# ------------------------------------------------------------------ recordings, streams, the record


@folds(v.RecordingStarted)
def _recording_started(fold: Fold, event: v.RecordingStarted) -> None:
    fold.state.calls[event.call].recordings[event.contact] = replace(event.recording)


@folds(v.RecordingStateChanged)
def _recording_state_changed(fold: Fold, event: v.RecordingStateChanged) -> None:
    call = fold.state.calls.get(event.call)
    recording = call.recordings.get(event.contact) if call is not None else None
    if recording is not None:
        recording.state = event.state


@folds(v.RecordingKept)
def _recording_kept(fold: Fold, event: v.RecordingKept) -> None:
    contact = fold.state.contacts.get(event.contact)
    if contact is not None and event.failed is None:
        kept: dict[str, object] = {"Key": event.key, "StartedAt": event.started_at, "StoppedAt": event.stopped_at}
        contact.recordings = [*contact.recordings, kept]


@folds(v.StreamStarted)
def _stream_started(fold: Fold, event: v.StreamStarted) -> None:
    fold.state.calls[event.call].stream = event.stream


@folds(v.StreamStopped)
def _stream_stopped(fold: Fold, event: v.StreamStopped) -> None:
    call = fold.state.calls.get(event.call)
    if call is not None:
        if call.stream is not None:
            call.streamed = replace(call.stream, stopped_at=event.at)
        call.stream = None


@folds(v.DeviceNoted)
def _device_noted(fold: Fold, event: v.DeviceNoted) -> None:
    fold.state.contacts[event.contact].device = event.device


@folds(v.QualityReported)
def _quality_reported(fold: Fold, event: v.QualityReported) -> None:
    contact = fold.state.contacts[event.contact]
    contact.qualities = {**contact.qualities, "Browser": event.quality}


@folds(v.LegRated)
def _leg_rated(fold: Fold, event: v.LegRated) -> None:
    contact = fold.state.contacts[event.contact]
    contact.qualities = {**contact.qualities, event.side: event.quality}


@folds(v.TransferredOut)
def _transferred_out(fold: Fold, event: v.TransferredOut) -> None:
    contact = fold.state.contacts[event.contact]
    contact.transferred_to, contact.transferred_at = event.number, event.at


def _leg(fold: Fold, call: str, leg: str) -> Leg:
    return fold.state.calls[call].legs[leg]


def _legs(fold: Fold, call: str, legs: tuple[str, ...]) -> list[Leg]:
    found: Call = fold.state.calls[call]
    return [found.legs[leg] for leg in legs if leg in found.legs]
