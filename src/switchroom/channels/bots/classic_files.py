"""Bots of the first generation (one JSON file with `resource`) in the form of the second. They have no fallback
intent: what they say when they do not understand stays with the bot (FLOW-15)."""

from typing import Any

from switchroom.channels.bots.engine.definition import items, mapping

_TYPES = {"AMAZON.NUMBER": "AMAZON.Number", "AMAZON.DATE": "AMAZON.Date", "AMAZON.TIME": "AMAZON.Time"} | {
    "AMAZON.DURATION": "AMAZON.Duration",
    "AMAZON.US_CITY": "AMAZON.City",
    "AMAZON.US_STATE": "AMAZON.State",
    "AMAZON.US_FIRST_NAME": "AMAZON.FirstName",
    "AMAZON.US_LAST_NAME": "AMAZON.LastName",
    "AMAZON.PERCENTAGE": "AMAZON.Percentage",
}
_KINDS = {"PlainText": "plainTextMessage", "SSML": "ssmlMessage", "CustomPayload": "customPayload"}


def definition_of(resource: dict[str, Any]) -> dict[str, Any]:
    """The definition of a bot's `resource`."""
    locale = str(resource.get("locale") or "en-US").replace("-", "_")
    bot = {
        "name": resource.get("name") or "Imported",
        "description": resource.get("description"),
        "idleSessionTTLInSeconds": resource.get("idleSessionTTLInSeconds") or 300,
        "dataPrivacy": {"childDirected": bool(resource.get("childDirected"))},
    }
    legacy = {key: resource[key] for key in ("clarificationPrompt", "abortStatement") if mapping(resource.get(key))}
    voice = {"voiceSettings": {"voiceId": resource["voiceId"]}} if resource.get("voiceId") else {}
    written = {
        "locale": {
            "identifier": locale,
            "nluConfidenceThreshold": resource.get("nluIntentConfidenceThreshold") or 0.4,
            **voice,
        },
        "intents": [_intent(one) for one in items(resource.get("intents"))],
        "slotTypes": [_slot_type(one) for one in items(resource.get("slotTypes"))],
    }
    return {"bot": {**bot, **legacy}, "locales": {locale: written}}


def _intent(old: dict[str, Any]) -> dict[str, Any]:
    slots = items(old.get("slots"))
    new: dict[str, Any] = {
        "name": old.get("name"),
        "description": old.get("description"),
        "parentIntentSignature": old.get("parentIntentSignature"),
        "sampleUtterances": _utterances(old.get("sampleUtterances")),
        "slots": [_slot(one) for one in slots],
        "slotPriorities": [
            {"priority": one.get("priority") or place, "slotName": one.get("name")}
            for place, one in enumerate(slots, 1)
        ],
        "dialogCodeHook": {"enabled": bool(mapping(old.get("dialogCodeHook")).get("uri"))},
        "fulfillmentCodeHook": {"enabled": mapping(old.get("fulfillmentActivity")).get("type") == "CodeHook"},
    }
    if old.get("confirmationPrompt"):
        new["intentConfirmationSetting"] = {
            "promptSpecification": _prompt(old["confirmationPrompt"]),
            "declinationResponse": _prompt(old.get("rejectionStatement")),
            "isActive": True,
        }
    if old.get("conclusionStatement"):
        new["intentClosingSetting"] = {"closingResponse": _prompt(old["conclusionStatement"]), "isActive": True}
    return new


def _slot(old: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": old.get("name"),
        "description": old.get("description"),
        "slotTypeName": _TYPES.get(str(old.get("slotType")), old.get("slotType")),
        "slotConstraint": old.get("slotConstraint") or "Optional",
        "slotValueElicitationSetting": {
            "promptSpecification": _prompt(old.get("valueElicitationPrompt")),
            "sampleUtterances": _utterances(old.get("sampleUtterances")),
        },
    }


def _slot_type(old: dict[str, Any]) -> dict[str, Any]:
    strategy = "TOP_RESOLUTION" if old.get("valueSelectionStrategy") == "TOP_RESOLUTION" else "ORIGINAL_VALUE"
    return {
        "name": old.get("name"),
        "description": old.get("description"),
        "slotTypeValues": [
            {
                "sampleValue": {"value": one.get("value")},
                "synonyms": [{"value": str(other)} for other in one.get("synonyms") or []],
            }
            for one in items(old.get("enumerationValues"))
        ],
        "valueSelectionSetting": {"resolutionStrategy": strategy},
    }


def _utterances(old: Any) -> list[dict[str, str]]:
    return [{"utterance": str(text)} for text in old] if isinstance(old, list) else []


def _prompt(old: Any) -> dict[str, Any]:
    """Messages of one group are variations of each other."""
    groups: dict[int, list[dict[str, Any]]] = {}
    for one in items(mapping(old).get("messages")):
        written = {
            _KINDS.get(str(one.get("contentType")), "plainTextMessage"): {"value": str(one.get("content") or "")}
        }
        groups.setdefault(one.get("groupNumber") or 1, []).append(written)
    listed = [{"message": group[0], "variations": group[1:]} for _, group in sorted(groups.items())]
    attempts = mapping(old).get("maxAttempts")
    return {
        "messageGroupsList": listed,
        "maxRetries": attempts if isinstance(attempts, int) else 2,
        "allowInterrupt": True,
    }
