"""Calls from a web page (CHAT-02..08), and where a browser's media goes."""

from typing import Any

from switchroom.base.errors import invalid_request, not_found
from switchroom.core import events as e
from switchroom.core import voice_commands as vc
from switchroom.core import voice_events as v
from switchroom.core.call import Call, Leg
from switchroom.core.calls import leaving
from switchroom.core.calls.admission import check_quota
from switchroom.core.calls.legs import add_leg, call_of, choose_media, open_call
from switchroom.core.lifecycle.starting import check_size, open_contact
from switchroom.core.media import SendKeys
from switchroom.core.turn import Turn, fires, handles, once

SUBTYPE = "connect:WebRTC"


@handles(vc.StartWebCall)
def start_web_call(turn: Turn, command: vc.StartWebCall) -> dict[str, Any]:
    """CHAT-04: the flow runs once the browser's media is up."""

    def decide() -> dict[str, Any]:
        check_quota(turn)
        check_size(command.attributes)
        media = choose_media(turn)
        contact = open_contact(
            turn,
            channel="VOICE",
            method="WEBRTC_API",
            flow=command.flow,
            related_id=command.related,
            customer_name=command.display_name,
            description=command.description,
            references=dict(command.references),
            segment_attributes={**command.segment_attributes, "connect:Subtype": SUBTYPE},
        )
        if command.attributes:
            turn.emit(e.AttributesSet(at=turn.now, contact=contact.id, chain=contact.id, attributes=command.attributes))
        call = open_call(
            turn,
            contact,
            Call(
                id=turn.new_id(),
                media=media,
                web=True,
                customer_video=command.customer_video,
                agent_video=command.agent_video,
            ),
        )
        leg = add_leg(
            turn,
            call,
            contact,
            kind="CUSTOMER",
            state="waiting",
            browser=True,
            name=command.display_name,
            video=command.customer_video,
            id=call.id,
        )
        turn.emit(v.PartyChanged(at=turn.now, contact=contact.id, call=call.id, leg=leg.id))
        return {"contact": contact.id, "leg": leg.id, "participant": leg.id}

    return once(turn, command.token, "StartWebRTCContact", decide)


@fires("webcall")
def _never_joined(turn: Turn, words: list[str]) -> None:
    call = turn.state.calls.get(words[0])
    leg = call.legs.get(call.customer or "") if call is not None else None
    if call is not None and leg is not None and leg.state in ("waiting", "lost"):
        leaving.customer_gone(turn, call, leg, "failed", None)


@handles(vc.JoinCall)
def join_call(turn: Turn, command: vc.JoinCall) -> dict[str, Any]:
    """Names the media process and the leg; joining again replaces the media of the leg (DESK-15)."""
    contact = turn.contact(command.contact)
    call = call_of(turn, contact)
    turn.slot(command.agent, command.contact)
    leg = next((one for one in call.of_contact(contact.id) if one.user == command.agent), None)
    if leg is None or not leg.browser:
        raise invalid_request(f"Contact {contact.id} expects no media from a browser")
    if command.device and command.device != contact.device:
        turn.emit(v.DeviceNoted(at=turn.now, contact=contact.id, agent=command.agent, device=command.device))
    return {"media": call.media, "call": call.id, "leg": leg.id, "video": call.agent_video}


def _caller(turn: Turn, identifier: str) -> tuple[Call, Leg]:
    """A web call whose customer is still there, in whichever segment. Raises ResourceNotFoundException."""
    call = turn.state.calls.get(identifier)
    leg = call.legs.get(call.customer or "") if call is not None and call.web else None
    if call is None or leg is None:
        raise not_found("Call", identifier)
    return call, leg


@handles(vc.JoinWebCall)
def join_web_call(turn: Turn, command: vc.JoinWebCall) -> dict[str, Any]:
    """CHAT-04: names the media process; joining again replaces the media, wherever the call has got to."""
    call, leg = _caller(turn, command.call)
    return {"media": call.media, "call": call.id, "leg": leg.id, "video": call.customer_video}


@handles(vc.PressKeys)
def press_keys(turn: Turn, command: vc.PressKeys) -> None:
    """CHAT-07: keys of a web caller reach the flow as keypad input; they travel as digits heard by the media plane."""
    call, leg = _caller(turn, command.call)
    if not command.digits or not set(command.digits) <= set("0123456789*#"):
        raise invalid_request("Digits may be 0-9, * and #")
    if command.secret:
        turn.effects.append(SendKeys(call.media, turn.config.instance, call.id, leg.id, command.digits))
        return
    turn.emit(v.KeysPressed(at=turn.now, contact=leg.contact, call=call.id, leg=leg.id, digits=command.digits))


@handles(vc.LeaveWebCall)
def leave_web_call(turn: Turn, command: vc.LeaveWebCall) -> None:
    """The web caller hangs up."""
    call, leg = _caller(turn, command.call)
    leaving.customer_gone(turn, call, leg, "hangup", None)
