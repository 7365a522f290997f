"""What stands in for functions and bots in a scenario."""

from collections.abc import Mapping
from typing import Any, Literal, Protocol

import msgspec

from switchroom.flows.state import BotCall, FunctionCall
from switchroom.flows.testing.inputs import DescriptionError, milliseconds


class NoAnswer(Exception):
    """A function or a bot failed; the text tells why. `ms`: what it took."""

    def __init__(self, text: str, ms: int = 0) -> None:
        super().__init__(text)
        self.ms = ms


class Functions(Protocol):
    """Answers function calls."""

    def call(self, call: FunctionCall) -> tuple[Any, int]:
        """The parsed answer and the milliseconds it took. Raises NoAnswer."""


class Bots(Protocol):
    """Answers turns of bots in the words of the Lex V2 runtime."""

    def recognize(self, call: BotCall) -> dict[str, Any]:
        """The response of RecognizeText. Raises NoAnswer."""


class FunctionStubs:
    """Answers by the name of the function.

    An answer is its JSON object; `fail` or `timeout`; `{returns: ..., takes: 2s}`; `{fails: "why"}`; or a list of
    these, one for each call, the last again and again. A function that is not described fails.
    """

    def __init__(self, answers: Mapping[str, Any]) -> None:
        self._answers = answers
        self._calls: dict[str, int] = {}

    def call(self, call: FunctionCall) -> tuple[Any, int]:
        """See `Functions.call`."""
        name = function_name(call.arn)
        answer = self._answers.get(name, self._answers.get(call.arn))
        number = self._calls[name] = self._calls.get(name, -1) + 1
        if isinstance(answer, list):
            answer = answer[min(number, len(answer) - 1)] if answer else None
        if answer == "timeout":
            raise NoAnswer(f"The function {name} did not answer in time", call.timeout_ms)
        if answer is None or answer == "fail":
            raise NoAnswer(f"The function {name} gave no answer")
        if isinstance(answer, dict) and answer and answer.keys() <= {"returns", "takes", "fails"}:
            took = milliseconds(answer.get("takes", 0))
            if "fails" in answer:
                raise NoAnswer(str(answer["fails"]), took)
            if took > call.timeout_ms:
                raise NoAnswer(f"The function {name} did not answer in time", call.timeout_ms)
            return answer.get("returns", {}), took
        return answer, 0


class IntentStub(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """An intent of a stand-in bot.

    It is taken when the customer says its name or something that holds one of `says`. `asks`: what the bot says, one a
    turn, before it is done; `answers`: what it says then.
    """

    says: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    answers: str = ""
    slots: dict[str, str] = {}
    attributes: dict[str, str] = {}
    state: Literal["Fulfilled", "ReadyForFulfillment", "Failed"] = "Fulfilled"
    confidence: float = 1.0
    sentiment: Literal["POSITIVE", "NEGATIVE", "NEUTRAL", "MIXED"] | None = None


FALLBACK = "FallbackIntent"


class BotStubs:
    """Bots that know a few words: `{bot: {intent: {says: [...], answers: ...}}}`, or `fail` in place of the intents.

    A bot is found by its alias as the flow has it, by the bot's id or name in it, or `*` for any.
    """

    def __init__(self, bots: Mapping[str, Any]) -> None:
        self._bots = {name: _intents(name, given) for name, given in bots.items()}
        self._asking: dict[str, tuple[str, int]] = {}

    def recognize(self, call: BotCall) -> dict[str, Any]:
        """See `Bots.recognize`."""
        intents = self._find(call.alias)
        if intents is None:
            raise NoAnswer(f"There is no bot {call.alias}")
        name, turn = self._asking.pop(call.session, ("", 0))
        if not name:
            name = _understood(intents, call.text)
        stub = intents.get(name, IntentStub(state="Failed"))
        if turn < len(stub.asks):
            self._asking[call.session] = name, turn + 1
            return _response(name, stub, call, "ElicitSlot", "InProgress", stub.asks[turn])
        return _response(name, stub, call, "Close", stub.state, stub.answers)

    def _find(self, alias: str) -> dict[str, IntentStub] | None:
        for key in (alias, *alias.rsplit("/", 2)[-2:], alias.partition(":")[0], "*"):
            if key in self._bots:
                return self._bots[key]
        return None


def function_name(arn: str) -> str:
    """The name in the ARN of a function."""
    return arn.partition(":function:")[2].partition(":")[0] or arn


def _intents(name: str, given: Any) -> dict[str, IntentStub] | None:
    if given == "fail":
        return None
    try:
        return msgspec.convert(given, dict[str, IntentStub])
    except msgspec.ValidationError as wrong:
        raise DescriptionError(f"The bot {name}: {wrong}") from None


def _understood(intents: Mapping[str, IntentStub], text: str) -> str:
    said = text.casefold().strip()
    for name, stub in intents.items():
        if said == name.casefold() or any(phrase.casefold() in said for phrase in stub.says):
            return name
    return FALLBACK


def _response(name: str, stub: IntentStub, call: BotCall, action: str, state: str, text: str) -> dict[str, Any]:
    filled = {key: {"value": {"originalValue": v, "interpretedValue": v}} for key, v in stub.slots.items()}
    intent = {
        "name": name,
        "slots": filled if state != "InProgress" else {},
        "state": state,
        "confirmationState": "None",
    }
    reading: dict[str, Any] = {"intent": intent, "nluConfidence": {"score": stub.confidence}}
    if stub.sentiment is not None:
        kinds = ("positive", "negative", "neutral", "mixed")
        scores = {kind: 1.0 if kind == stub.sentiment.lower() else 0.0 for kind in kinds}
        reading["sentimentResponse"] = {"sentiment": stub.sentiment, "sentimentScore": scores}
    before = (call.state or {}).get("sessionAttributes") or {}
    return {
        "messages": [{"content": text, "contentType": "PlainText"}] if text else [],
        "sessionState": {
            "dialogAction": {"type": action, **({"slotToElicit": "Slot"} if action == "ElicitSlot" else {})},
            "intent": intent,
            "sessionAttributes": {**before, **stub.attributes},
            "activeContexts": [],
        },
        "interpretations": [reading],
        "requestAttributes": dict(call.request_attributes),
        "sessionId": call.session,
    }
