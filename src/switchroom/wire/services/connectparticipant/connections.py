"""CreateParticipantConnection and DisconnectParticipant (CHAT-63, CHAT-69)."""

from typing import Any

from switchroom.base.clock import DAY, SECOND, iso_ms
from switchroom.base.errors import ServiceError
from switchroom.core.commands import ConnectParticipant, LeaveChat
from switchroom.live.node import CHAT_PATH
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connectparticipant.common import submit, view, who

URL_LIFE = 100 * SECOND
TOKEN_LIFE = DAY


@operation("connectparticipant", "CreateParticipantConnection")
async def create_participant_connection(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-63, CHAT-132: a socket's URL and a connection token for a participant's token.

    The connection counts as acknowledged when the socket subscribes; at once with `ConnectParticipant`, or when only
    credentials are asked for.
    """
    caller = who(call)
    kinds: list[str] = request.get("Type") or []
    if "WEBRTC_CONNECTION" in kinds:
        raise ServiceError("ValidationException", "WEBRTC_CONNECTION is not available for a chat")
    known = await view(call)
    if request.get("ConnectParticipant") or kinds == ["CONNECTION_CREDENTIALS"]:
        await submit(call, ConnectParticipant(session=caller.session, participant=caller.participant))
    answer: dict[str, Any] = {}
    if "WEBSOCKET" in kinds:
        expires = call.now + URL_LIFE
        origin = call.origin.replace("http", "ws", 1)
        url = f"{origin}{CHAT_PATH}?token={_token(call, known['role'], expires)}"
        answer["Websocket"] = {"Url": url, "ConnectionExpiry": iso_ms(expires)}
    if "CONNECTION_CREDENTIALS" in kinds:
        expires = min(call.now + TOKEN_LIFE, known["expires_at"])
        token = _token(call, known["role"], expires)
        answer["ConnectionCredentials"] = {"ConnectionToken": token, "Expiry": iso_ms(expires)}
    return answer


def _token(call: Call, role: str, expires: int) -> str:
    caller = who(call)
    assert call.services.tokens is not None
    return call.services.tokens.mint(
        "connection", caller.instance, caller.session, caller.participant, role, expires
    )


@operation("connectparticipant", "DisconnectParticipant")
async def disconnect_participant(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-69: for the customer the chat ends, or goes on in the disconnect flow."""
    caller = who(call)
    await submit(
        call,
        LeaveChat(session=caller.session, participant=caller.participant, token=request.get("ClientToken") or None),
    )
    return {}
