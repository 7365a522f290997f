"""What keeps a bot from being built, with the place of it (FLOW-148)."""

import json
import re
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from switchroom.channels.bots.engine.builtin import READERS
from switchroom.channels.bots.engine.definition import FALLBACK_SIGNATURE, active_of, items, mapping
from switchroom.channels.bots.engine.matching import normal

MOST_UTTERANCE = 250
MOST_UTTERANCES = 1_500
MOST_INTENTS = 1_000
MOST_SLOTS = 100
MOST_VALUES = 10_000
MOST_GROUPS = 5
MOST_MESSAGE = 1_024
LEAST_TIMEOUT, MOST_TIMEOUT = 60, 86_400
_NAME = re.compile(r"(?:[0-9a-zA-Z][_-]?){1,100}")
_SLOT = re.compile(r"\{\s*([^{}]*?)\s*\}")
_LOCALE = re.compile(r"[a-z]{2,3}(_[A-Z0-9]{2,4})?")
_MESSAGES = ("plainTextMessage", "ssmlMessage", "customPayload")

_TEXTS = {
    "NoLocale": ("The bot has no language", "ボットに言語がありません"),
    "BadLocale": (
        "{0} is not the identifier of a locale, such as en_US",
        "{0} はロケールの識別子 (en_US など) ではありません",
    ),
    "BadTimeout": (
        "The session timeout must be from 60 to 86400 seconds",
        "セッションタイムアウトは 60〜86400 秒でなければなりません",
    ),
    "BadThreshold": ("The confidence threshold must be from 0 to 1", "信頼度のしきい値は 0〜1 でなければなりません"),
    "NoIntent": (
        "The language has no intent with a sample utterance",
        "サンプル発話のあるインテントがこの言語にありません",
    ),
    "TooMany": ("There are more than {0} of these", "{0} 個を超えています"),
    "BadName": (
        "{0} is not a name: letters and digits, with single hyphens or underscores between them",
        "{0} は名前として使えません (英数字と、その間のハイフンまたは下線)",
    ),
    "SameName": ("The name {0} is there twice", "{0} という名前が重複しています"),
    "LongUtterance": ("An utterance has at most 250 characters", "発話は 250 文字以内です"),
    "EmptyUtterance": ("An utterance is empty", "空の発話があります"),
    "UnknownSlot": (
        "The utterance names the slot {0}, which the intent does not have",
        "発話がこのインテントにないスロット {0} を使っています",
    ),
    "SameUtterance": ("The same utterance is in the intent {0}", "同じ発話がインテント {0} にもあります"),
    "NoUtterance": (
        "Nothing leads to this intent: it has no utterance",
        "発話がないので、このインテントには到達しません",
    ),
    "UnknownType": ("There is no slot type {0}", "スロットタイプ {0} はありません"),
    "NoPrompt": ("A required slot needs a prompt", "必須スロットにはプロンプトが必要です"),
    "NoConfirmation": ("The confirmation has no prompt", "確認のプロンプトがありません"),
    "TooManyGroups": ("A prompt has at most 5 message groups", "メッセージグループは 5 個までです"),
    "EmptyMessage": ("A message is empty", "空のメッセージがあります"),
    "LongMessage": ("A message has at most 1024 characters", "メッセージは 1024 文字以内です"),
    "NoValues": ("The slot type has neither values nor a pattern", "スロットタイプに値もパターンもありません"),
    "SameValue": ("The value {0} is there twice", "値 {0} が重複しています"),
    "BadPattern": ("The pattern cannot be used: {0}", "パターンを使用できません: {0}"),
    "NotSupported": ("{0} is kept but does nothing here", "{0} は保持されますが、ここでは働きません"),
}

Severity = Literal["ERROR", "WARNING"]


class Problem(msgspec.Struct, frozen=True):
    """Something wrong at a place such as `en_US/Intents/Book/Slots/City`; only an ERROR keeps from building."""

    severity: Severity
    code: str
    place: str
    values: tuple[str, ...] = ()

    def message(self, language: str = "en") -> str:
        """What is wrong, in English (`en`) or Japanese (`ja`)."""
        return _TEXTS[self.code][language == "ja"].format(*self.values)


def problems_of(definition: dict[str, Any]) -> list[Problem]:
    """Everything that is wrong with a definition, errors first."""
    return sorted(_bot(definition), key=lambda one: one.severity != "ERROR")


def _bot(definition: dict[str, Any]) -> Iterator[Problem]:
    bot, locales = mapping(definition.get("bot")), mapping(definition.get("locales"))
    if not locales:
        yield _error("NoLocale", "")
    seconds = bot.get("idleSessionTTLInSeconds", 300)
    if not isinstance(seconds, int) or not LEAST_TIMEOUT <= seconds <= MOST_TIMEOUT:
        yield _error("BadTimeout", "Bot")
    for identifier, locale in locales.items():
        if not _LOCALE.fullmatch(str(identifier)):
            yield _error("BadLocale", str(identifier), str(identifier))
        yield from _locale(str(identifier), mapping(locale))


def _locale(place: str, locale: dict[str, Any]) -> Iterator[Problem]:
    threshold = mapping(locale.get("locale")).get("nluConfidenceThreshold", 0.4)
    if not isinstance(threshold, int | float) or not 0 <= threshold <= 1:
        yield _error("BadThreshold", place)
    intents, types = items(locale.get("intents")), items(locale.get("slotTypes"))
    if not any(intent.get("sampleUtterances") for intent in intents):
        yield _error("NoIntent", place)
    yield from _several(f"{place}/Intents", intents, MOST_INTENTS)
    yield from _several(f"{place}/SlotTypes", types, 1_000)
    known = {str(one.get("name")) for one in types} | READERS.keys()
    for intent in intents:
        yield from _intent(f"{place}/Intents/{intent.get('name')}", intent, known)
    yield from _same_utterances(place, intents)
    for kind in types:
        yield from _slot_type(f"{place}/SlotTypes/{kind.get('name')}", kind)


def _several(place: str, things: list[dict[str, Any]], most: int) -> Iterator[Problem]:
    if len(things) > most:
        yield _error("TooMany", place, str(most))
    seen: set[str] = set()
    for thing in things:
        name = str(thing.get("name") or "")
        if not _NAME.fullmatch(name):
            yield _error("BadName", f"{place}/{name}", name or "''")
        if name.casefold() in seen:
            yield _error("SameName", f"{place}/{name}", name)
        seen.add(name.casefold())


def _intent(place: str, intent: dict[str, Any], types: set[str]) -> Iterator[Problem]:
    slots = items(intent.get("slots"))
    names = {str(slot.get("name")) for slot in slots}
    utterances = items(intent.get("sampleUtterances"))
    if len(utterances) > MOST_UTTERANCES:
        yield _error("TooMany", f"{place}/Utterances", str(MOST_UTTERANCES))
    if not utterances and not str(intent.get("parentIntentSignature") or "").startswith("AMAZON."):
        yield _warning("NoUtterance", place)
    for number, one in enumerate(utterances, 1):
        yield from _utterance(f"{place}/Utterances/{number}", str(one.get("utterance") or ""), names)
    yield from _several(f"{place}/Slots", slots, MOST_SLOTS)
    for slot in slots:
        yield from _slot(f"{place}/Slots/{slot.get('name')}", slot, types)
    yield from _prompts(place, intent)
    if '"conditionalBranches": [{' in json.dumps(intent):
        yield _warning("NotSupported", place, "conditional")
    for key in ("kendraConfiguration", "qnAIntentConfiguration", "qInConnectIntentConfiguration"):
        if intent.get(key):
            yield _warning("NotSupported", place, key)


def _utterance(place: str, text: str, slots: set[str]) -> Iterator[Problem]:
    if not text.strip():
        yield _error("EmptyUtterance", place)
    if len(text) > MOST_UTTERANCE:
        yield _error("LongUtterance", place)
    for name in _SLOT.findall(text):
        if name not in slots:
            yield _error("UnknownSlot", place, name)


def _slot(place: str, slot: dict[str, Any], types: set[str]) -> Iterator[Problem]:
    if slot.get("slotTypeName") not in types:
        yield _error("UnknownType", place, str(slot.get("slotTypeName")))
    setting = mapping(slot.get("slotValueElicitationSetting"))
    if slot.get("slotConstraint") == "Required":
        yield from _prompt(place, setting.get("promptSpecification"), "NoPrompt")
    if slot.get("subSlotSetting"):
        yield _warning("NotSupported", place, "subSlotSetting")


def _prompts(place: str, intent: dict[str, Any]) -> Iterator[Problem]:
    confirmation = mapping(intent.get("intentConfirmationSetting"))
    if confirmation and active_of(confirmation):
        yield from _prompt(f"{place}/Confirmation", confirmation.get("promptSpecification"), "NoConfirmation")
        yield from _prompt(f"{place}/Decline", confirmation.get("declinationResponse"))
    closing = mapping(intent.get("intentClosingSetting"))
    if active_of(closing):
        yield from _prompt(f"{place}/Closing", closing.get("closingResponse"))
    yield from _prompt(f"{place}/Initial", mapping(intent.get("initialResponseSetting")).get("initialResponse"))


def _prompt(place: str, prompt: Any, missing: str | None = None) -> Iterator[Problem]:
    groups = items(mapping(prompt).get("messageGroupsList"))
    if not groups and missing:
        yield _error(missing, place)
    if len(groups) > MOST_GROUPS:
        yield _error("TooManyGroups", place)
    for group in groups:
        for message in (mapping(group.get("message")), *items(group.get("variations"))):
            texts = [mapping(message.get(key)).get("value") for key in _MESSAGES]
            text = next((one for one in texts if one), None)
            if text is None and not mapping(message.get("imageResponseCard")):
                yield _error("EmptyMessage", place)
            elif len(str(text or "")) > MOST_MESSAGE and not message.get("customPayload"):
                yield _error("LongMessage", place)


def _same_utterances(place: str, intents: list[dict[str, Any]]) -> Iterator[Problem]:
    first: dict[str, str] = {}
    for intent in intents:
        name = str(intent.get("name"))
        for number, one in enumerate(items(intent.get("sampleUtterances")), 1):
            text = normal(str(one.get("utterance") or ""))
            other = first.setdefault(text, name)
            if text and other != name and intent.get("parentIntentSignature") != FALLBACK_SIGNATURE:
                yield _error("SameUtterance", f"{place}/Intents/{name}/Utterances/{number}", other)


def _slot_type(place: str, kind: dict[str, Any]) -> Iterator[Problem]:
    values = [str(mapping(one.get("sampleValue")).get("value") or "") for one in items(kind.get("slotTypeValues"))]
    setting = mapping(kind.get("valueSelectionSetting"))
    pattern = mapping(setting.get("regexFilter")).get("pattern")
    outside = kind.get("externalSourceSetting") or kind.get("compositeSlotTypeSetting")
    if outside:
        yield _warning(
            "NotSupported",
            place,
            "compositeSlotTypeSetting" if kind.get("compositeSlotTypeSetting") else "externalSourceSetting",
        )
    elif not any(values) and not pattern and not kind.get("parentSlotTypeSignature"):
        yield _error("NoValues", place)
    if len(values) > MOST_VALUES:
        yield _error("TooMany", place, str(MOST_VALUES))
    seen: set[str] = set()
    for value in values:
        if value.casefold() in seen:
            yield _error("SameValue", place, value)
        seen.add(value.casefold())
    if pattern:
        try:
            re.compile(str(pattern))
        except (re.error, OverflowError, RecursionError) as wrong:
            yield _error("BadPattern", place, str(wrong))


def _error(code: str, place: str, *values: str) -> Problem:
    return Problem("ERROR", code, place, values)


def _warning(code: str, place: str, *values: str) -> Problem:
    return Problem("WARNING", code, place, values)
