"""A bot as the engine reads it. The written form is that of Lex V2 exports; unknown members are not looked at."""

from typing import Any

import msgspec

CONTENT_TYPES = {
    "plainTextMessage": "PlainText",
    "ssmlMessage": "SSML",
    "customPayload": "CustomPayload",
}
STEPS = frozenset(
    {"StartIntent", "ElicitIntent", "ElicitSlot", "ConfirmIntent", "FulfillIntent", "CloseIntent", "EndConversation"}
)
FALLBACK_SIGNATURE = "AMAZON.FallbackIntent"
DEFAULT_THRESHOLD = 0.4
DEFAULT_TTL = 300
DEFAULT_RETRIES = 4
MISS = "Sorry, can you please repeat that?"
GIVE_UP = "Sorry, I could not understand. Goodbye."
"""What a bot of the first generation says without prompts of its own (FLOW-15)."""


class Message(msgspec.Struct, frozen=True):
    """One thing to say. `content` may hold `{Slot}` and `[attribute]`; a card has no content but a `card`."""

    kind: str
    content: str
    card: dict[str, Any] | None = None


class Prompt(msgspec.Struct, frozen=True):
    """Message groups, each with its variations; one variation of every group is said."""

    groups: tuple[tuple[Message, ...], ...] = ()
    retries: int = DEFAULT_RETRIES


class Step(msgspec.Struct, frozen=True):
    """Where a dialog goes on, where that is not the usual way (`nextStep` of exports).

    `kind`: StartIntent, ElicitIntent, ElicitSlot, ConfirmIntent, FulfillIntent, CloseIntent or EndConversation.
    """

    kind: str
    slot: str | None = None
    intent: str | None = None
    slots: dict[str, str] = {}
    attributes: dict[str, str] = {}


class Slot(msgspec.Struct, frozen=True):
    """What an intent needs to know. `type` is a built-in type (`AMAZON.Date`) or the name of a slot type."""

    name: str
    type: str
    required: bool = False
    prompt: Prompt | None = None
    multiple: bool = False
    defaults: tuple[str, ...] = ()
    utterances: tuple[str, ...] = ()
    failure: Prompt | None = None
    captured: Step | None = None
    failed: Step | None = None


class SlotType(msgspec.Struct, frozen=True):
    """Values with their synonyms. `closed`: nothing but these; otherwise they are examples."""

    name: str
    parent: str | None = None
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()
    closed: bool = False
    pattern: str | None = None


class OutputContext(msgspec.Struct, frozen=True):
    """A context that is active after its intent was fulfilled."""

    name: str
    seconds: int = 90
    turns: int = 5


class Intent(msgspec.Struct, frozen=True):
    """Something that customers want. Slots are in the order in which they are asked for."""

    name: str
    signature: str | None = None
    utterances: tuple[str, ...] = ()
    slots: tuple[Slot, ...] = ()
    initial: Prompt | None = None
    confirm: Prompt | None = None
    decline: Prompt | None = None
    closing: Prompt | None = None
    success: Prompt | None = None
    failure: Prompt | None = None
    dialog_hook: bool = False
    fulfilment_hook: bool = False
    inputs: tuple[str, ...] = ()
    outputs: tuple[OutputContext, ...] = ()
    opened: Step | None = None
    confirmed: Step | None = None
    declined: Step | None = None
    closed: Step | None = None

    def slot(self, name: str) -> Slot | None:
        """The slot of this name."""
        return next((slot for slot in self.slots if slot.name == name), None)


class Locale(msgspec.Struct, frozen=True):
    """A language of a bot."""

    id: str
    intents: dict[str, Intent]
    types: dict[str, SlotType]
    threshold: float = DEFAULT_THRESHOLD
    voice: str | None = None

    @property
    def fallback(self) -> Intent | None:
        """The intent that stands for nothing understood; bots of the first generation have none."""
        return next((one for one in self.intents.values() if one.signature == FALLBACK_SIGNATURE), None)


class Definition(msgspec.Struct, frozen=True):
    """A whole bot. `miss` and `give_up` are said where there is no fallback intent (FLOW-15)."""

    name: str
    locales: dict[str, Locale]
    ttl_seconds: int = DEFAULT_TTL
    miss: Prompt = Prompt(((Message("PlainText", MISS),),), 5)
    give_up: Prompt = Prompt(((Message("PlainText", GIVE_UP),),), 0)


def read(document: dict[str, Any]) -> Definition:
    """A definition from its written form `{"bot": {...}, "locales": {"en_US": {...}}}`, without what is malformed."""
    bot = mapping(document.get("bot"))
    standing = Definition(name="", locales={})
    return Definition(
        name=str(bot.get("name") or ""),
        locales={str(key): read_locale(str(key), one) for key, one in mapping(document.get("locales")).items()},
        ttl_seconds=_whole(bot.get("idleSessionTTLInSeconds"), DEFAULT_TTL),
        miss=_legacy(bot.get("clarificationPrompt")) or standing.miss,
        give_up=_legacy(bot.get("abortStatement")) or standing.give_up,
    )


def read_locale(identifier: str, written: Any) -> Locale:
    """One language: `{"locale": BotLocale.json, "intents": [Intent.json + "slots"], "slotTypes": [SlotType.json]}`."""
    settings = mapping(mapping(written).get("locale"))
    threshold = settings.get("nluConfidenceThreshold")
    intents = [_intent(one) for one in items(mapping(written).get("intents"))]
    types = [_slot_type(one) for one in items(mapping(written).get("slotTypes"))]
    return Locale(
        id=identifier,
        intents={intent.name: intent for intent in intents if intent.name},
        types={one.name: one for one in types if one.name},
        threshold=float(threshold) if isinstance(threshold, int | float) else DEFAULT_THRESHOLD,
        voice=mapping(settings.get("voiceSettings")).get("voiceId"),
    )


def _intent(written: dict[str, Any]) -> Intent:
    confirmation = mapping(written.get("intentConfirmationSetting"))
    closing = mapping(written.get("intentClosingSetting"))
    opening = mapping(written.get("initialResponseSetting"))
    fulfilment = mapping(written.get("fulfillmentCodeHook"))
    after = mapping(fulfilment.get("postFulfillmentStatusSpecification"))
    active = active_of(confirmation)
    return Intent(
        name=str(written.get("name") or ""),
        signature=written.get("parentIntentSignature") or None,
        utterances=_utterances(written.get("sampleUtterances")),
        slots=_ordered(written),
        initial=prompt(opening.get("initialResponse")),
        confirm=prompt(confirmation.get("promptSpecification")) if active else None,
        decline=prompt(confirmation.get("declinationResponse")) if active else None,
        closing=prompt(closing.get("closingResponse")) if active_of(closing) else None,
        success=prompt(after.get("successResponse")),
        failure=prompt(after.get("failureResponse")),
        dialog_hook=bool(mapping(written.get("dialogCodeHook")).get("enabled")) or hooked(opening.get("codeHook")),
        fulfilment_hook=bool(fulfilment.get("enabled")) and active_of(fulfilment),
        inputs=tuple(str(one["name"]) for one in items(written.get("inputContexts")) if one.get("name")),
        outputs=tuple(_output(one) for one in items(written.get("outputContexts")) if one.get("name")),
        opened=_step(opening.get("nextStep")),
        confirmed=_step(confirmation.get("confirmationNextStep")) if active else None,
        declined=_step(confirmation.get("declinationNextStep")) if active else None,
        closed=_step(closing.get("nextStep")) if active_of(closing) else None,
    )


def _ordered(written: dict[str, Any]) -> tuple[Slot, ...]:
    """By priority; slots without one come last, in the order they are written."""
    order = {
        str(one.get("slotName") or one.get("slotId")): _whole(one.get("priority"), 1_000)
        for one in items(written.get("slotPriorities"))
    }
    slots = [(_slot(one), str(one.get("identifier"))) for one in items(written.get("slots"))]
    named = [pair for pair in slots if pair[0].name]
    named.sort(key=lambda pair: order.get(pair[0].name, order.get(pair[1], 1_000)))
    return tuple(slot for slot, _ in named)


def _slot(written: dict[str, Any]) -> Slot:
    setting = mapping(written.get("slotValueElicitationSetting"))
    several = mapping(written.get("multipleValuesSetting"))
    defaults = items(mapping(written.get("defaultValueSpec")).get("defaultValueList"))
    capture = mapping(setting.get("slotCaptureSetting"))
    return Slot(
        name=str(written.get("name") or ""),
        type=str(written.get("slotTypeName") or "AMAZON.FreeFormInput"),
        required=written.get("slotConstraint") == "Required",
        prompt=prompt(setting.get("promptSpecification")),
        multiple=bool(several.get("allowMultipleValues") or several.get("allowMutlipleValues")),
        defaults=tuple(str(one["defaultValue"]) for one in defaults if one.get("defaultValue")),
        utterances=_utterances(setting.get("sampleUtterances")),
        failure=prompt(capture.get("failureResponse")),
        captured=_step(capture.get("captureNextStep")),
        failed=_step(capture.get("failureNextStep")),
    )


def _slot_type(written: dict[str, Any]) -> SlotType:
    setting = mapping(written.get("valueSelectionSetting"))
    values = []
    for one in items(written.get("slotTypeValues")):
        value = mapping(one.get("sampleValue")).get("value")
        if value:
            synonyms = tuple(str(other["value"]) for other in items(one.get("synonyms")) if other.get("value"))
            values.append((str(value), synonyms))
    return SlotType(
        name=str(written.get("name") or ""),
        parent=written.get("parentSlotTypeSignature") or None,
        values=tuple(values),
        closed=str(setting.get("resolutionStrategy") or "").upper().startswith("TOP"),
        pattern=mapping(setting.get("regexFilter")).get("pattern") or None,
    )


def prompt(written: Any) -> Prompt | None:
    """Messages to say; None where there are none."""
    groups = []
    for group in items(mapping(written).get("messageGroupsList")):
        variants = (_message(one) for one in (group.get("message"), *items(group.get("variations"))))
        known = tuple(one for one in variants if one is not None)
        if known:
            groups.append(known)
    retries = _whole(mapping(written).get("maxRetries"), DEFAULT_RETRIES)
    return Prompt(tuple(groups), max(0, retries)) if groups else None


def _message(written: Any) -> Message | None:
    for key, kind in CONTENT_TYPES.items():
        value = mapping(mapping(written).get(key)).get("value")
        if value:
            return Message(kind, str(value))
    card = mapping(mapping(written).get("imageResponseCard"))
    return Message("ImageResponseCard", "", card) if card.get("title") else None


def _step(written: Any) -> Step | None:
    action, intent = mapping(mapping(written).get("dialogAction")), mapping(mapping(written).get("intent"))
    if action.get("type") not in STEPS:
        return None
    slots = {
        str(name): str(value)
        for name, slot in mapping(intent.get("slots")).items()
        if (value := mapping(mapping(slot).get("value")).get("interpretedValue"))
    }
    attributes = {str(key): str(value) for key, value in mapping(mapping(written).get("sessionAttributes")).items()}
    slot, name = action.get("slotToElicit"), intent.get("name")
    return Step(action["type"], str(slot) if slot else None, str(name) if name else None, slots, attributes)


def _legacy(written: Any) -> Prompt | None:
    """Messages in the form of the first generation: `{"messages": [{"contentType", "content"}], "maxAttempts": 2}`."""
    known = tuple(
        Message({"CustomPayload": "CustomPayload", "SSML": "SSML"}.get(str(one.get("contentType")), "PlainText"), text)
        for one in items(mapping(written).get("messages"))
        if (text := str(one.get("content") or ""))
    )
    return Prompt((known,), max(0, _whole(mapping(written).get("maxAttempts"), 5))) if known else None


def _output(written: dict[str, Any]) -> OutputContext:
    seconds, turns = written.get("timeToLiveInSeconds"), written.get("turnsToLive")
    return OutputContext(str(written["name"]), _whole(seconds, 90), _whole(turns, 5))


def _utterances(written: Any) -> tuple[str, ...]:
    return tuple(text for one in items(written) if (text := str(one.get("utterance") or "").strip()))


def active_of(setting: dict[str, Any]) -> bool:
    """True unless a setting says that it is off."""
    return setting.get("isActive", setting.get("active")) is not False


def hooked(written: Any) -> bool:
    """Whether a place of the dialog calls the function."""
    return bool(mapping(written).get("enableCodeHookInvocation")) and active_of(mapping(written))


def mapping(value: Any) -> dict[str, Any]:
    """The value if it is an object, else an empty one."""
    return value if isinstance(value, dict) else {}


def items(value: Any) -> list[dict[str, Any]]:
    """The objects of a list."""
    return [one for one in value if isinstance(one, dict)] if isinstance(value, list) else []


def _whole(value: Any, otherwise: int) -> int:
    known = isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e9
    return int(value) if known else otherwise
