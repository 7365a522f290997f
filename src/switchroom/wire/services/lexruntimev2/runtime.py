"""RecognizeText, and looking at, setting and ending sessions."""

import base64
import gzip
import json
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.channels.bots.bot import BotFailed, NoSuchBot, Turn
from switchroom.channels.bots.engine.session import Session
from switchroom.channels.bots.own import EngineBot
from switchroom.resources import bots
from switchroom.resources.document import Document
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import catalogue, own_instance


@operation("lexv2-runtime", "RecognizeText", permission=(OPERATOR, "ContactFlows.View"))
async def recognize_text(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One turn with a bot of ours."""
    alias = _alias(call, request)
    turn = Turn(
        session=request["sessionId"],
        locale=request["localeId"],
        text=request["text"],
        now=call.now,
        state=request.get("sessionState"),
        request_attributes=request.get("requestAttributes") or {},
    )
    try:
        answer: dict[str, Any] = await call.services.bots.recognize(alias.instance, alias.arn, turn)
    except NoSuchBot as missing:
        raise ServiceError("ResourceNotFoundException", missing.text) from None
    except BotFailed as failed:
        raise ServiceError("DependencyFailedException", failed.text) from None
    return {**answer, "recognizedBotMember": {"botId": request["botId"]}}


@operation("lexv2-runtime", "GetSession", permission=(OPERATOR, "ContactFlows.View"))
async def get_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Where a conversation stands; one that nobody began, or that is over, is not found."""
    bot = _bot(call, request)
    session = await _known(call, bot, request)
    state = session.written(call.now)
    intent = state.get("intent")
    score = {} if session.score is None else {"nluConfidence": {"score": session.score}}
    return {
        "sessionId": request["sessionId"],
        "messages": [],
        "interpretations": [{"intent": intent, **score}] if intent is not None else [],
        "sessionState": state,
    }


@operation("lexv2-runtime", "PutSession", permission=(OPERATOR, "ContactFlows.View"))
async def put_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Begin a conversation, or set where it stands."""
    bot = _bot(call, request)
    key = bot.key(request["localeId"], request["sessionId"])
    session = await bot.session(key, call.now)
    session.take(request["sessionState"], call.now)
    session.at = call.now
    await call.services.bots.sessions.save(key, session)
    return {
        "contentType": "text/plain; charset=utf-8",
        "messages": _packed(request.get("messages") or []),
        "sessionState": _packed(session.written(call.now)),
        "requestAttributes": _packed(request.get("requestAttributes") or {}),
        "sessionId": request["sessionId"],
        "audioStream": b"",
    }


@operation("lexv2-runtime", "DeleteSession", permission=(OPERATOR, "ContactFlows.View"))
async def delete_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Forget a conversation."""
    bot = _bot(call, request)
    await _known(call, bot, request)
    await call.services.bots.sessions.drop(bot.key(request["localeId"], request["sessionId"]))
    return {name: request[name] for name in ("botId", "botAliasId", "localeId", "sessionId")}


async def _known(call: Call, bot: EngineBot, request: dict[str, Any]) -> Session:
    key = bot.key(request["localeId"], request["sessionId"])
    session: Session | None = await call.services.bots.sessions.load(key)
    if session is None or (call.now - session.at) / 1000 > bot.definition.ttl_seconds:
        raise ServiceError("ResourceNotFoundException", f"There is no session {request['sessionId']}")
    return session


def _alias(call: Call, request: dict[str, Any]) -> Document:
    """The alias, of whatever instance of the caller it is."""
    wanted = f"{request['botId']}{request['botAliasId']}"
    found = next((one for one in catalogue(call).site_wide(bots.ALIAS) if one.id == wanted), None)
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"There is no alias {request['botAliasId']} of the bot")
    own_instance(call, found.instance)
    return found


def _bot(call: Call, request: dict[str, Any]) -> EngineBot:
    try:
        bot = call.services.bots.of(_alias(call, request))
        if not isinstance(bot, EngineBot):
            raise ServiceError("ValidationException", "This bot stands for one elsewhere, which keeps its sessions")
        bot.locale(request["localeId"])
    except NoSuchBot as missing:
        raise ServiceError("ResourceNotFoundException", missing.text) from None
    return bot


def _packed(value: Any) -> str:
    """Members that travel in headers: JSON, compressed, in base64."""
    return base64.b64encode(gzip.compress(json.dumps(value).encode(), mtime=0)).decode()
