"""What a web caller does with a participant's token: credentials, keys, hanging up (CHAT-04, CHAT-07)."""

import uuid
from typing import Any

from switchroom.base.clock import DAY, iso_ms
from switchroom.base.errors import invalid_parameter
from switchroom.core.voice_commands import LeaveWebCall, PressKeys
from switchroom.wire.call import Call
from switchroom.wire.services.connect.web_calls import WEB_CALLER, connection_data
from switchroom.wire.services.connectparticipant.common import who

DTMF = "audio/dtmf"


def is_web_caller(call: Call) -> bool:
    """Whether the token is one of a web call, not of a chat."""
    return call.caller.claims is not None and call.caller.claims.role == WEB_CALLER


def connect(call: Call, kinds: list[str]) -> dict[str, Any]:
    """`ConnectionCredentials` and `WebRTCConnection` as asked for. Raises InvalidParameterException for a socket."""
    if "WEBSOCKET" in kinds:
        raise invalid_parameter("WEBSOCKET is not available for a web call")
    caller, tokens = who(call), call.services.tokens
    assert tokens is not None
    answer: dict[str, Any] = {}
    if "CONNECTION_CREDENTIALS" in kinds:
        expires = call.now + DAY
        token = tokens.mint("connection", caller.instance, caller.session, caller.participant, WEB_CALLER, expires)
        answer["ConnectionCredentials"] = {"ConnectionToken": token, "Expiry": iso_ms(expires)}
    if "WEBRTC_CONNECTION" in kinds:
        data = connection_data(call, caller.instance, caller.session, caller.participant)
        meeting = {name: value for name, value in data["Meeting"].items() if name != "MediaRegion"}
        answer["WebRTCConnection"] = {"Attendee": data["Attendee"], "Meeting": meeting}
    return answer


async def press(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-07: `audio/dtmf` is keypad input of the flow. Raises InvalidParameterException for other content."""
    if request["ContentType"] != DTMF:
        raise invalid_parameter(f"A web call takes messages of content type {DTMF} only")
    caller = who(call)
    command = PressKeys(call=caller.participant, digits=request["Content"])
    await call.services.centres.submit(caller.instance, command)
    return {"Id": str(uuid.uuid4()), "AbsoluteTime": iso_ms(call.now)}


async def leave(call: Call) -> None:
    """Hang up."""
    caller = who(call)
    await call.services.centres.submit(caller.instance, LeaveWebCall(call=caller.participant))
