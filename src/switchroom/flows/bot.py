"""Bots in the words of the Lex V2 runtime: what a turn is asked with, and what its answer means to a flow."""

from collections.abc import Mapping
from typing import Any, Final

from switchroom.flows.language import text_of
from switchroom.flows.state import BotTalk

FALLBACK: Final = ("FallbackIntent", "AMAZON.FallbackIntent")
"""Names of the intent that stands for nothing understood."""

_TRANSCRIPT = "x-amz-lex:dtmf-transcript"
_MOST_KEYS = 1_024
_OPEN = ("ElicitIntent", "ElicitSlot", "ConfirmIntent")


def locale_of(language: str | None) -> str:
    """The locale of a bot for a contact's language: `ja-JP` is `ja_JP`; without a language `en_US` (BLK-082)."""
    return (language or "en-US").replace("-", "_")


def state_of(talk: BotTalk) -> dict[str, Any]:
    """`sessionState` of the next turn: as the bot left it, at first only the attributes of the block (FLOW-109)."""
    if talk.state is None:
        return {"sessionAttributes": dict(talk.attributes)}
    return talk.state


def transcript(keys: str, *, delete: str = "*", end: str = "#") -> dict[str, str]:
    """The request attribute that tells a bot which keys were typed (BLK-081): `123*` is `[DEL]`, `#` is `[END]`.

    The end character behind digits is not part of what was typed.
    """
    if not keys:
        return {}
    if keys[-1] == delete:
        return {_TRANSCRIPT: "[DEL]"}
    typed = keys[:-1] if keys[-1] == end else keys
    return {_TRANSCRIPT: typed.rpartition(delete)[2][:_MOST_KEYS] or "[END]"}


def goes_on(answer: Mapping[str, Any]) -> bool:
    """Whether the bot wants the customer to say more, before the flow goes on."""
    return _mapping(_state(answer).get("dialogAction")).get("type") in _OPEN


def asked_for(answer: Mapping[str, Any]) -> tuple[str, str]:
    """(intent, slot) that the next words are about, `*` where there is none."""
    state = _state(answer)
    action, intent = _mapping(state.get("dialogAction")), _mapping(state.get("intent"))
    return str(intent.get("name") or "*"), str(action.get("slotToElicit") or "*")


def messages_of(answer: Mapping[str, Any]) -> list[tuple[str, str]]:
    """(content type, content) of what the bot says: `PlainText`, `SSML`, `CustomPayload` or `ImageResponseCard`."""
    said = answer.get("messages")
    return [
        (str(one.get("contentType", "PlainText")), str(one["content"]))
        for one in (said if isinstance(said, list) else [])
        if isinstance(one, dict) and one.get("content")
    ]


def intent_of(answer: Mapping[str, Any]) -> str:
    """The intent that a flow branches on; empty when nothing was understood (FLOW-105)."""
    name = str(_mapping(_state(answer).get("intent")).get("name") or "")
    return "" if name in FALLBACK else name


def lex_attributes(answer: Mapping[str, Any]) -> dict[str, Any]:
    """What `$.Lex` reads after a turn (table A6, FLOW-110)."""
    state = _state(answer)
    intent = _mapping(state.get("intent"))
    listed = answer.get("interpretations")
    readings = [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []
    matching = (one for one in readings if _mapping(one.get("intent")).get("name") == intent.get("name"))
    own: dict[str, Any] = next(matching, {})
    fulfilled = intent.get("state") in ("Fulfilled", "ReadyForFulfillment")
    return {
        "IntentName": intent.get("name"),
        "DialogState": "Fulfilled" if fulfilled else intent.get("state"),
        "IntentConfidence": {"Score": _score(own)},
        "Slots": _slots(intent),
        "SessionAttributes": {key: text_of(v) for key, v in _mapping(state.get("sessionAttributes")).items()},
        "SentimentResponse": _sentiment(_mapping(own.get("sentimentResponse"))),
        "AlternateIntents": {
            str(other["name"]): {
                "IntentName": other["name"],
                "IntentConfidence": _score(one),
                "Slots": _slots(other),
            }
            for one in readings
            for other in (_mapping(one.get("intent")),)
            if other.get("name") not in (None, intent.get("name"), *FALLBACK)
        },
    }


def _state(answer: Mapping[str, Any]) -> dict[str, Any]:
    return _mapping(answer.get("sessionState"))


def _score(reading: Mapping[str, Any]) -> Any:
    found = reading.get("nluConfidence")
    return found.get("score") if isinstance(found, dict) else found


def _slots(intent: Mapping[str, Any]) -> dict[str, str]:
    """Name to value of the slots that are filled; a list of values is joined by commas."""
    found: dict[str, str] = {}
    for name, slot in _mapping(intent.get("slots")).items():
        value = _slot(_mapping(slot))
        if value is not None:
            found[name] = value
    return found


def _slot(slot: Mapping[str, Any]) -> str | None:
    several = slot.get("values")
    if isinstance(several, list):
        values = [value for one in several if (value := _slot(_mapping(one))) is not None]
        return ", ".join(values) or None
    filled = _mapping(slot.get("value"))
    found = filled.get("interpretedValue") or filled.get("originalValue")
    return None if found is None else text_of(found)


def _sentiment(found: Mapping[str, Any]) -> dict[str, Any] | None:
    if not found:
        return None
    scores = _mapping(found.get("sentimentScore"))
    return {
        "Label": found.get("sentiment"),
        "Scores": {name: scores.get(name.lower()) for name in ("Positive", "Negative", "Mixed", "Neutral")},
    }


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
