"""Bots of Amazon Lex itself, with the credentials of the environment: V2 by alias ARN, the first generation by name."""

import asyncio
import json
import re
from typing import Any

from switchroom.channels.bots.bot import BotFailed, NoSuchBot, Turn
from switchroom.channels.bots.engine.definition import mapping
from switchroom.channels.bots.engine.session import strings

ALIAS_ARN = re.compile(r"arn:(aws[\w-]*):lex:([\w-]+):(\d*):bot-alias/(\w{10})/(\w{10})")
_SESSION = re.compile(r"[^0-9a-zA-Z._:-]")
_MISSING = ("ResourceNotFoundException", "NotFoundException")
_STATE = ("sessionAttributes", "activeContexts", "originatingRequestId", "runtimeHints")


class LexBot:
    """A bot of Amazon Lex V2 (FLOW-107)."""

    def __init__(self, arn: str) -> None:
        found = ALIAS_ARN.fullmatch(arn)
        if found is None:
            raise NoSuchBot(f"{arn} is not the ARN of a bot alias")
        self.arn = arn
        self._region, self._bot, self._alias = found.group(2, 4, 5)
        self._client: Any = None

    async def recognize(self, turn: Turn) -> dict[str, Any]:
        """RecognizeText of the service."""
        return await _in_thread(self._recognize, turn)

    def _recognize(self, turn: Turn) -> dict[str, Any]:
        if self._client is None:
            self._client = _client("lexv2-runtime", self._region)
        answer: dict[str, Any] = self._client.recognize_text(
            botId=self._bot,
            botAliasId=self._alias,
            localeId=turn.locale,
            sessionId=session_id(turn.session),
            text=turn.text or " ",
            requestAttributes=turn.request_attributes,
            **({"sessionState": _state(turn.state)} if turn.state else {}),
        )
        answer.pop("ResponseMetadata", None)
        return answer


class ClassicLexBot:
    """A bot of the first generation, its answers told in the words of the second."""

    def __init__(self, name: str, alias: str, region: str) -> None:
        self._name, self._alias, self._region = name, alias, region
        self._client: Any = None

    async def recognize(self, turn: Turn) -> dict[str, Any]:
        """PostText of the service."""
        return await _in_thread(self._post, turn)

    def _post(self, turn: Turn) -> dict[str, Any]:
        if self._client is None:
            self._client = _client("lex-runtime", self._region)
        attributes = strings(mapping(turn.state).get("sessionAttributes"))
        answer = self._client.post_text(
            botName=self._name,
            botAlias=self._alias,
            userId=session_id(turn.session),
            inputText=turn.text or " ",
            sessionAttributes=attributes,
            requestAttributes=turn.request_attributes,
        )
        return from_classic(answer, turn)


def session_id(text: str) -> str:
    """A session identifier that the service takes."""
    return _SESSION.sub("-", text)[:100].ljust(2, "-")


def from_classic(answer: dict[str, Any], turn: Turn) -> dict[str, Any]:
    """An answer of PostText as RecognizeText would give it."""
    dialog = str(answer.get("dialogState") or "")
    action = {"type": dialog if dialog in ("ElicitIntent", "ConfirmIntent", "ElicitSlot") else "Close"}
    if dialog == "ElicitSlot" and answer.get("slotToElicit"):
        action["slotToElicit"] = answer["slotToElicit"]
    state = dialog if dialog in ("Fulfilled", "ReadyForFulfillment", "Failed") else "InProgress"
    intent = _classic_intent(answer, state) if answer.get("intentName") else None
    session: dict[str, Any] = {
        "dialogAction": action,
        "sessionAttributes": strings(answer.get("sessionAttributes")),
        "activeContexts": answer.get("activeContexts") or [],
    }
    interpretations: list[dict[str, Any]] = []
    if intent is not None:
        session["intent"] = intent
        interpretations.append({"intent": intent, **_confidence(answer), **_feeling(answer)})
    interpretations += [
        {"intent": _classic_intent(other, "InProgress"), **_confidence(other)}
        for other in answer.get("alternativeIntents") or []
    ]
    return {
        "messages": _classic_messages(answer),
        "sessionState": session,
        "interpretations": interpretations,
        "requestAttributes": turn.request_attributes,
        "sessionId": turn.session,
    }


def _classic_intent(answer: dict[str, Any], state: str) -> dict[str, Any]:
    slots = {
        name: None
        if value is None
        else {
            "shape": "Scalar",
            "value": {"originalValue": value, "interpretedValue": value, "resolvedValues": [value]},
        }
        for name, value in mapping(answer.get("slots")).items()
    }
    return {"name": answer["intentName"], "slots": slots, "state": state, "confirmationState": "None"}


def _confidence(answer: dict[str, Any]) -> dict[str, Any]:
    score = mapping(answer.get("nluIntentConfidence")).get("score")
    return {} if score is None else {"nluConfidence": {"score": score}}


def _feeling(answer: dict[str, Any]) -> dict[str, Any]:
    """The scores of the first generation are one text: `{Positive: 0.1,Negative: 0.8,Neutral: 0.1,Mixed: 0.0}`."""
    found = mapping(answer.get("sentimentResponse"))
    if not found.get("sentimentLabel"):
        return {}
    scores = re.findall(r"(\w+)\s*:\s*([\d.eE+-]+)", str(found.get("sentimentScore") or ""))
    return {
        "sentimentResponse": {
            "sentiment": found["sentimentLabel"],
            "sentimentScore": {name.lower(): float(value) for name, value in scores},
        }
    }


def _classic_messages(answer: dict[str, Any]) -> list[dict[str, Any]]:
    kind, text = str(answer.get("messageFormat") or "PlainText"), answer.get("message")
    if not text:
        return []
    if kind != "Composite":
        return [{"contentType": kind, "content": text}]
    try:
        several = json.loads(text).get("messages", [])
    except (ValueError, AttributeError):
        return []
    return [
        {"contentType": str(one.get("type") or "PlainText"), "content": str(one["value"])}
        for one in several
        if isinstance(one, dict) and one.get("value")
    ]


def _state(state: dict[str, Any]) -> dict[str, Any]:
    """A session state without the empty slots, which requests may not hold."""
    kept = {name: state[name] for name in _STATE if state.get(name)}
    action, intent = state.get("dialogAction"), state.get("intent")
    if isinstance(intent, dict) and intent.get("name"):
        slots = {name: slot for name, slot in mapping(intent.get("slots")).items() if slot}
        kept["intent"] = {**intent, "slots": slots}
    if isinstance(action, dict) and action.get("type"):
        kept["dialogAction"] = action
    return kept


async def _in_thread(call: Any, turn: Turn) -> dict[str, Any]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        answer: dict[str, Any] = await asyncio.to_thread(call, turn)
    except ClientError as error:
        code = error.response.get("Error", {}).get("Code")
        raise (NoSuchBot if code in _MISSING else BotFailed)(f"Amazon Lex refused the turn: {error}") from None
    except BotoCoreError as error:
        raise BotFailed(f"Amazon Lex cannot be reached: {error}") from None
    return answer


def _client(service: str, region: str) -> Any:
    import boto3
    from botocore.config import Config

    config = Config(connect_timeout=3, read_timeout=30, retries={"total_max_attempts": 1})
    return boto3.client(service, region_name=region, config=config)
