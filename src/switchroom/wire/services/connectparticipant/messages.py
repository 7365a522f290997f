"""SendMessage, SendEvent and GetTranscript (CHAT-65..68, CHAT-95)."""

from typing import Any

import msgspec

from switchroom.base.clock import iso_ms
from switchroom.base.errors import invalid_parameter
from switchroom.core.commands import SendEvent, SendMessage
from switchroom.views.transcripts import Position, get_transcript
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connectparticipant.common import submit, view, who

PURPOSE = "transcript"


@operation("connectparticipant", "SendMessage")
async def send_message(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-65."""
    caller = who(call)
    sent = await submit(
        call,
        SendMessage(
            session=caller.session,
            participant=caller.participant,
            content_type=request["ContentType"],
            content=request["Content"],
            token=request.get("ClientToken") or None,
        ),
    )
    return {"Id": sent["id"], "AbsoluteTime": iso_ms(sent["at"])}


@operation("connectparticipant", "SendEvent")
async def send_event(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-66, CHAT-67, CHAT-95."""
    caller = who(call)
    sent = await submit(
        call,
        SendEvent(
            session=caller.session,
            participant=caller.participant,
            content_type=request["ContentType"],
            content=request.get("Content"),
            token=request.get("ClientToken") or None,
        ),
    )
    return {"Id": sent["id"], "AbsoluteTime": iso_ms(sent["at"])}


@operation("connectparticipant", "GetTranscript")
async def transcript(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-68, CHAT-73: the whole session, also what was said before a transfer."""
    caller = who(call)
    known = await view(call)
    position = _position(call, request.get("NextToken"))
    page = await get_transcript(
        call.services.database, caller.instance, caller.session, request, known["role"], position
    )
    return {
        "InitialContactId": caller.session,
        "Transcript": page.items,
        "NextToken": _token(call, page.next) if page.next is not None else None,
    }


def _token(call: Call, position: Position) -> str:
    assert call.services.tokens is not None
    return call.services.tokens.seal(f"{PURPOSE}/{who(call).session}", msgspec.msgpack.encode(position))


def _position(call: Call, token: str | None) -> Position | None:
    if not token:
        return None
    assert call.services.tokens is not None
    payload = call.services.tokens.unseal(f"{PURPOSE}/{who(call).session}", token)
    if payload is None:
        raise invalid_parameter("NextToken is not one of this chat")
    return msgspec.msgpack.decode(payload, type=Position)
