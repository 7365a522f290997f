"""CreateParticipantConnection and DisconnectParticipant (CHAT-63, CHAT-69)."""

from typing import Any

from switchroom.base.errors import invalid_parameter
from switchroom.core.commands import ConnectParticipant, LeaveChat
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connectparticipant import web_calls
from switchroom.wire.services.connectparticipant.common import submit, view, who
from switchroom.wire.services.connectparticipant.grants import connect


@operation("connectparticipant", "CreateParticipantConnection")
async def create_participant_connection(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-63, CHAT-132: a socket's URL and a connection token for a participant's token.

    The connection counts as acknowledged when the socket subscribes; at once with `ConnectParticipant`, or when only
    credentials are asked for.
    """
    caller = who(call)
    kinds: list[str] = request.get("Type") or []
    if web_calls.is_web_caller(call):
        return web_calls.connect(call, kinds)
    if "WEBRTC_CONNECTION" in kinds:
        raise invalid_parameter("WEBRTC_CONNECTION is not available for a chat")
    known = await view(call)
    if request.get("ConnectParticipant") or kinds == ["CONNECTION_CREDENTIALS"]:
        await submit(call, ConnectParticipant(session=caller.session, participant=caller.participant))
    return connect(call, caller.instance, caller.session, caller.participant, known, kinds)


@operation("connectparticipant", "DisconnectParticipant")
async def disconnect_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-69: for the customer the chat ends, or goes on in the disconnect flow. A web caller hangs up."""
    if web_calls.is_web_caller(call):
        await web_calls.leave(call)
        return {}
    caller = who(call)
    await submit(
        call,
        LeaveChat(session=caller.session, participant=caller.participant, token=request.get("ClientToken") or None),
    )
    return {}
