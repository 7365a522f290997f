"""SendMessage, SendEvent and GetTranscript (CHAT-65..68, CHAT-95)."""

from typing import Any

import msgspec

from switchroom.base.clock import iso_ms
from switchroom.base.errors import invalid_parameter
from switchroom.core.commands import SendEvent, SendMessage
from switchroom.views import past
from switchroom.views.transcripts import Position, get_transcript
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connectparticipant import web_calls
from switchroom.wire.services.connectparticipant.common import submit, view, who


@operation("connectparticipant", "SendMessage")
async def send_message(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """CHAT-65, CHAT-07."""
    if web_calls.is_web_caller(call):
        return await web_calls.press(call, request)
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
    """CHAT-68, CHAT-73: the whole session, also what was said before a transfer; then past chats (CHAT-108)."""
    caller = who(call)
    known = await view(call)
    database = call.services.database
    token = request.get("NextToken")
    position = _position(call, token) if token else None
    if isinstance(position, past.PastPosition):
        items, following = await past.read(database, caller.instance, position, request, known["role"])
        return _answer(call, items, following)
    page = await get_transcript(database, caller.instance, caller.session, request, known["role"], position)
    backward = not position.forward if position else past.scans_backward(request)
    if page.next is not None or not backward or request.get("ContactId") is not None:
        return _answer(call, page.items, page.next)
    return _answer(call, page.items, await past.before(database, caller.instance, caller.session))


def _answer(call: Call, items: list[dict[str, Any]], following: Position | past.PastPosition | None) -> dict[str, Any]:
    answer: dict[str, Any] = {"InitialContactId": who(call).session, "Transcript": items}
    if following is not None:
        assert call.services.tokens is not None
        answer["NextToken"] = call.services.tokens.seal(_purpose(call, following), msgspec.msgpack.encode(following))
    return answer


def _position(call: Call, token: str) -> Position | past.PastPosition:
    assert call.services.tokens is not None
    kinds: tuple[type[Position | past.PastPosition], ...] = (Position, past.PastPosition)
    for kind in kinds:
        payload = call.services.tokens.unseal(_purpose(call, kind), token)
        if payload is not None:
            return msgspec.msgpack.decode(payload, type=kind)
    raise invalid_parameter("NextToken is not one of this chat")


def _purpose(call: Call, position: Any) -> str:
    kind = position if isinstance(position, type) else type(position)
    return f"{kind.__name__}/{who(call).session}"
