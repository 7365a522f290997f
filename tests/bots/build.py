"""Small bots for the tests, written as Lex V2 exports are."""

from typing import Any

from switchroom.channels.bots.engine.definition import Definition, read
from switchroom.channels.bots.engine.session import Mode, Turn
from switchroom.channels.bots.own import About, AliasSettings, EngineBot, Likeness
from switchroom.channels.bots.sessions import LocalSessions

NOW = 1_795_334_400_000
"""2026-11-22T08:00:00Z, a Sunday."""
FALLBACK = {"name": "FallbackIntent", "parentIntentSignature": "AMAZON.FallbackIntent"}


def says(*texts: str, kind: str = "plainTextMessage", retries: int = 2, **more: Any) -> dict[str, Any]:
    """A prompt with one group, its first text the message, the others its variations."""
    messages = [{kind: {"value": text}} for text in texts]
    group = {"message": messages[0], "variations": messages[1:]}
    return {"messageGroupsList": [group], "maxRetries": retries, **more}


def slot(name: str, kind: str, prompt: str | None = None, **more: Any) -> dict[str, Any]:
    """A required slot."""
    setting = {"promptSpecification": says(prompt)} if prompt else {}
    constraint = "Required" if prompt else "Optional"
    return {
        "name": name,
        "slotTypeName": kind,
        "slotConstraint": constraint,
        "slotValueElicitationSetting": setting,
    } | more


def intent(name: str, *utterances: str, slots: tuple[dict[str, Any], ...] = (), **more: Any) -> dict[str, Any]:
    """An intent whose slots are asked for in the order they are given."""
    return {
        "name": name,
        "sampleUtterances": [{"utterance": text} for text in utterances],
        "slots": list(slots),
        "slotPriorities": [{"priority": place, "slotName": one["name"]} for place, one in enumerate(slots, 1)],
        **more,
    }


def closing(text: str) -> dict[str, Any]:
    """What is said at the end."""
    return {"intentClosingSetting": {"closingResponse": says(text), "isActive": True}}


def kind(name: str, *values: tuple[str, ...], closed: bool = True) -> dict[str, Any]:
    """A slot type: each value with its synonyms."""
    return {
        "name": name,
        "slotTypeValues": [
            {"sampleValue": {"value": value}, "synonyms": [{"value": other} for other in synonyms]}
            for value, *synonyms in values
        ],
        "valueSelectionSetting": {"resolutionStrategy": "TOP_RESOLUTION" if closed else "ORIGINAL_VALUE"},
    }


def written(
    *intents: dict[str, Any],
    types: tuple[dict[str, Any], ...] = (),
    locale: str = "en_US",
    fallback: bool = True,
    bot: dict[str, Any] | None = None,
    **settings: Any,
) -> dict[str, Any]:
    """The definition of a bot with one locale."""
    return {
        "bot": {"name": "Test", "idleSessionTTLInSeconds": 300, **(bot or {})},
        "locales": {
            locale: {
                "locale": {"identifier": locale, "nluConfidenceThreshold": 0.4, **settings},
                "intents": [*intents, *([FALLBACK] if fallback else [])],
                "slotTypes": list(types),
            }
        },
    }


ACCOUNT = written(
    intent(
        "AccountLookup",
        "Check my account balance",
        "One",
        slots=(
            slot("AccountNumber", "AMAZON.Number", "Using your touch-tone keypad, please enter your account number."),
        ),
        **closing("The balance of {AccountNumber} is $1,234.56"),
    ),
    intent("SpeakToAgent", "Speak to an agent", "Two", **closing("Okay, an agent will be with you shortly.")),
)
"""The bot of the guide's walk-through (11:1954-2177)."""


class Talk:
    """A conversation with a bot; the function, if there is one, is a plain Python function."""

    def __init__(self, document: dict[str, Any], locale: str = "en_US", function: Any = None) -> None:
        self.definition: Definition = read(document)
        self.locale = locale
        self.events: list[dict[str, Any]] = []
        self._function = function
        self.now = NOW
        settings = AliasSettings(
            functions={locale: "arn:aws:lambda:us-east-1:123456789012:function:f"} if function else {}
        )
        about = About("BOTBOTBOT1", self.definition.name)
        self.bot = EngineBot(self.definition, about, Likeness(), LocalSessions(), self._hook, settings)

    async def _hook(self, arn: str, event: str, milliseconds: int) -> Any:
        import json

        self.events.append(json.loads(event))
        return self._function(self.events[-1])

    async def say(
        self,
        text: str,
        *,
        mode: Mode = "Text",
        state: dict[str, Any] | None = None,
        request: dict[str, str] | None = None,
        session: str = "s1",
    ) -> dict[str, Any]:
        """One turn; the answer of the bot."""
        turn = Turn(
            session=session,
            locale=self.locale,
            text=text,
            now=self.now,
            mode=mode,
            state=state,
            request_attributes=request or {},
        )
        return await self.bot.recognize(turn)


def said(answer: dict[str, Any]) -> list[str]:
    """The contents of the messages."""
    return [one.get("content", "") for one in answer["messages"]]


def named(answer: dict[str, Any]) -> str | None:
    """The intent of an answer."""
    found = answer["sessionState"].get("intent")
    return found["name"] if found else None


def action(answer: dict[str, Any]) -> str:
    """What the bot does next: `ElicitSlot:Name`, `Close`, ..."""
    wanted = answer["sessionState"]["dialogAction"]
    return wanted["type"] + (f":{wanted['slotToElicit']}" if "slotToElicit" in wanted else "")


def slots(answer: dict[str, Any]) -> dict[str, str]:
    """The values of the filled slots."""
    found = answer["sessionState"]["intent"]["slots"]
    return {name: value["value"]["interpretedValue"] for name, value in found.items() if value}


def score(answer: dict[str, Any]) -> float:
    """The confidence of the first interpretation."""
    return float(answer["interpretations"][0]["nluConfidence"]["score"])
