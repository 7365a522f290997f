"""Bots as files: archives of Lex V2, JSON files of its first generation."""

import io
import json
import zipfile
from typing import Any

import pytest

from switchroom.channels.bots.checking import problems_of
from switchroom.channels.bots.engine.definition import read
from switchroom.channels.bots.files import BadFile, read_file, write_file
from switchroom.resources.demo_bot import definition
from tests.bots.build import Talk, action, said


def archive(files: dict[str, Any]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as file:
        for path, content in files.items():
            file.writestr(path, content if isinstance(content, str | bytes) else json.dumps(content))
    return out.getvalue()


def plain(text: str) -> dict[str, Any]:
    """A message as exports write it, with the members it does not have."""
    return {"plainTextMessage": {"value": text}, "ssmlMessage": None, "customPayload": None, "imageResponseCard": None}


def group(text: str, member: str = "messageGroupsList", **more: Any) -> dict[str, Any]:
    return {member: [{"message": plain(text), "variations": None}], **more}


EXPORT: dict[str, Any] = {
    "Manifest.json": {"metadata": {"schemaVersion": "1.0", "fileFormat": "LexJson", "resourceType": "Bot"}},
    "BookTrip/Bot.json": {
        "name": "BookTrip",
        "identifier": "ABCDEFGHIJ",
        "version": "1",
        "description": "Books cars",
        "dataPrivacy": {"childDirected": False},
        "idleSessionTTLInSeconds": 600,
    },
    "BookTrip/BotLocales/en_US/BotLocale.json": {
        "name": "English (US)",
        "identifier": "en_US",
        "version": "1",
        "description": None,
        "voiceSettings": {"voiceId": "Joanna", "engine": "neural"},
        "nluConfidenceThreshold": 0.4,
    },
    "BookTrip/BotLocales/en_US/Intents/BookCar/Intent.json": {
        "name": "BookCar",
        "identifier": "891RWHHICO",
        "description": "Intent to book a car.",
        "parentIntentSignature": None,
        "sampleUtterances": [{"utterance": "Book a car"}, {"utterance": "Reserve a {CarType}"}],
        "intentConfirmationSetting": {
            "confirmationPrompt": group("Should I book the {CarType} in {City}?", "messageGroupList", maxRetries=2),
            "declinationResponse": group("OK, cancelled.", "messageGroupList"),
        },
        "intentClosingSetting": None,
        "inputContexts": None,
        "outputContexts": None,
        "kendraConfiguration": None,
        "dialogCodeHook": None,
        "fulfillmentCodeHook": None,
        "slotPriorities": [{"slotName": "CarType", "priority": 2}, {"slotName": "City", "priority": 1}],
    },
    "BookTrip/BotLocales/en_US/Intents/BookCar/Slots/CarType/Slot.json": {
        "name": "CarType",
        "identifier": "KDHJWNGZGC",
        "multipleValuesSetting": {"allowMutlipleValues": False},
        "slotTypeName": "CarTypeValues",
        "obfuscationSetting": None,
        "slotConstraint": "Required",
        "defaultValueSpec": None,
        "slotValueElicitationSetting": {
            "promptSpecification": group("What type of car?", "messageGroupList", maxRetries=2),
            "sampleValueElicitingUtterances": None,
            "waitAndContinueSpecification": None,
        },
    },
    "BookTrip/BotLocales/en_US/Intents/BookCar/Slots/City/Slot.json": {
        "name": "City",
        "identifier": "KDHJWNGZGD",
        "slotTypeName": "AMAZON.City",
        "slotConstraint": "Required",
        "valueElicitationSetting": {"promptSpecification": group("In which city?", maxRetries=2)},
    },
    "BookTrip/BotLocales/en_US/Intents/FallbackIntent/Intent.json": {
        "name": "FallbackIntent",
        "identifier": "FALLBCKINT",
        "description": "Default intent when no other intent matches",
        "parentIntentSignature": "AMAZON.FallbackIntent",
        "sampleUtterances": None,
        "slotPriorities": [],
    },
    "BookTrip/BotLocales/en_US/SlotTypes/CarTypeValues/SlotType.json": {
        "name": "CarTypeValues",
        "identifier": "T1YUHGD9ZR",
        "slotTypeValues": [
            {"synonyms": None, "sampleValue": {"value": "economy"}},
            {"synonyms": [{"value": "posh"}], "sampleValue": {"value": "luxury"}},
        ],
        "parentSlotTypeSignature": None,
        "valueSelectionSetting": {"resolutionStrategy": "TOP_RESOLUTION", "regexFilter": None},
    },
    "BookTrip/BotLocales/en_US/CustomVocabulary/CustomVocabulary.json": {
        "customVocabularyItems": [{"weight": 3, "phrase": "wafers"}]
    },
}
CLASSIC = {
    "metadata": {"schemaVersion": "1.0", "importType": "LEX", "importFormat": "JSON"},
    "resource": {
        "name": "OrderFlowers",
        "version": "1",
        "locale": "en-US",
        "voiceId": "Salli",
        "childDirected": False,
        "idleSessionTTLInSeconds": 60,
        "intents": [
            {
                "name": "OrderFlowers",
                "fulfillmentActivity": {"type": "ReturnIntent"},
                "sampleUtterances": ["I would like to order some flowers", "Order {Kind}"],
                "confirmationPrompt": {
                    "messages": [{"contentType": "PlainText", "content": "So {Kind} on {Day}?"}],
                    "maxAttempts": 2,
                },
                "rejectionStatement": {"messages": [{"contentType": "PlainText", "content": "No flowers then."}]},
                "slots": [
                    {
                        "name": "Day",
                        "slotType": "AMAZON.DATE",
                        "slotConstraint": "Required",
                        "priority": 2,
                        "valueElicitationPrompt": {
                            "messages": [{"contentType": "PlainText", "content": "Which day?"}],
                            "maxAttempts": 2,
                        },
                        "sampleUtterances": [],
                    },
                    {
                        "name": "Kind",
                        "slotType": "FlowerTypes",
                        "slotConstraint": "Required",
                        "priority": 1,
                        "valueElicitationPrompt": {
                            "messages": [{"contentType": "PlainText", "content": "What kind?"}],
                            "maxAttempts": 2,
                        },
                    },
                ],
            }
        ],
        "slotTypes": [
            {
                "name": "FlowerTypes",
                "enumerationValues": [{"value": "tulips", "synonyms": []}, {"value": "lilies", "synonyms": ["lily"]}],
                "valueSelectionStrategy": "TOP_RESOLUTION",
            }
        ],
        "clarificationPrompt": {"messages": [{"contentType": "PlainText", "content": "Pardon?"}], "maxAttempts": 1},
        "abortStatement": {"messages": [{"contentType": "PlainText", "content": "Goodbye."}]},
    },
}


async def test_an_exported_bot_runs() -> None:
    """FLOW-148: an archive of Lex V2 is imported and talks as it did."""
    found = read_file(archive(EXPORT))
    assert problems_of(found) == []
    talk = Talk(found)
    assert talk.definition.ttl_seconds == 600
    first = await talk.say("Book a car")
    assert (said(first), action(first)) == (["In which city?"], "ElicitSlot:City")
    assert said(await talk.say("Paris")) == ["What type of car?"]
    asked = await talk.say("something posh")
    assert (said(asked), action(asked)) == (["Should I book the luxury in Paris?"], "ConfirmIntent")
    assert said(await talk.say("no")) == ["OK, cancelled."]


async def test_a_bot_of_the_first_generation_runs() -> None:
    """FLOW-15, FLOW-107: its file is imported; it clarifies and gives up in its own words."""
    for data in (json.dumps(CLASSIC).encode(), archive({"OrderFlowers_1.json": CLASSIC})):
        found = read_file(data)
        assert problems_of(found) == []
        talk = Talk(found)
        assert said(await talk.say("I would like to order some flowers")) == ["What kind?"]
        assert said(await talk.say("lily")) == ["Which day?"]
        assert said(await talk.say("tomorrow")) == ["So lilies on 2026-11-23?"]
        assert [said(await talk.say("qqq", session="other")) for _ in range(2)] == [["Pardon?"], ["Goodbye."]]


def test_round_trip() -> None:
    """FLOW-148: what is exported is imported again without loss, members that nothing here reads included."""
    found = read_file(archive(EXPORT))
    again = read_file(write_file(found, "DRAFT"))
    assert again["bot"] == {**found["bot"], "version": "DRAFT"}
    assert again["locales"] == found["locales"]
    assert read(again) == read(found)
    assert found["locales"]["en_US"]["customVocabulary"] == {
        "customVocabularyItems": [{"weight": 3, "phrase": "wafers"}]
    }
    slots = found["locales"]["en_US"]["intents"][0]["slots"]
    assert slots[0]["multipleValuesSetting"] == {"allowMutlipleValues": False}


def test_the_form_of_an_export() -> None:
    with zipfile.ZipFile(io.BytesIO(write_file(definition(), "1"))) as file:
        names = file.namelist()
        manifest = json.loads(file.read("Manifest.json"))
        bot = json.loads(file.read("DemoSupport/Bot.json"))
    assert manifest == {"metadata": {"schemaVersion": "1.0", "fileFormat": "LexJson", "resourceType": "Bot"}}
    assert (bot["name"], bot["version"]) == ("DemoSupport", "1")
    base = "DemoSupport/BotLocales/ja_JP"
    assert {
        f"{base}/BotLocale.json",
        f"{base}/Intents/CheckOrder/Intent.json",
        f"{base}/Intents/CheckOrder/Slots/OrderNumber/Slot.json",
        f"{base}/SlotTypes/Topics/SlotType.json",
    } <= set(names)


def test_a_single_locale() -> None:
    """An export of one locale, without the bot around it."""
    files = {path.removeprefix("BookTrip/BotLocales/"): part for path, part in EXPORT.items() if "BotLocales" in path}
    found = read_file(archive(files))
    assert set(found["locales"]) == {"en_US"} and found["bot"]["name"] == "Imported-en-US"


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"PK\x03\x04 broken",
        b"{}",
        b'{"resource"',
        b"[]",
        archive({}),
        archive({"a.json": {}, "b.json": {}}),
        archive({"X/BotLocales/en_US/BotLocale.json": "not json", "y.json": {}}),
        archive({"a.json": b"[" * 100_000, "b.json": {}}),
    ],
)
def test_what_is_no_bot(data: bytes) -> None:
    with pytest.raises(BadFile):
        read_file(data)


def test_odd_places() -> None:
    """An intent whose file is no object, or a path that climbs, does no harm."""
    odd = {
        **EXPORT,
        "../../BotLocales/en_US/Intents/X/Intent.json": [1],
        "BookTrip/BotLocales/en_US/Intents/Y/Intent.json": 5,
    }
    assert problems_of(read_file(archive(odd)))
