"""Conversations with bots of ours: slots, confirmation, functions, contexts, giving up."""

from typing import Any

import pytest

from switchroom.channels.bots.bot import BotFailed, NoSuchBot
from tests.bots.build import ACCOUNT, Talk, action, closing, intent, kind, named, said, says, slot, slots, written

CONFIRM = {
    "intentConfirmationSetting": {
        "promptSpecification": says("{Size} pizza, right?", "So a {Size} pizza?", retries=1),
        "declinationResponse": says("Okay, no pizza."),
        "isActive": True,
    }
}
PIZZA = written(
    intent(
        "OrderPizza",
        "I want a pizza",
        "A {Size} pizza please",
        slots=(slot("Size", "Sizes", "Which size?"), slot("Sauce", "AMAZON.FreeFormInput")),
        **CONFIRM,
        **closing("Your {Size} pizza is on its way, [name]."),
    ),
    intent("Agent", "Speak to an agent", **closing("An agent is coming.")),
    types=(kind("Sizes", ("small",), ("medium", "normal"), ("large", "big one", "huge")),),
)


async def test_the_walk_through() -> None:
    """FLOW-105, FLOW-106, FLOW-148: the account number is asked for, keyed, and told in the closing response."""
    talk = Talk(ACCOUNT)
    first = await talk.say("1", mode="DTMF")
    assert said(first) == ["Using your touch-tone keypad, please enter your account number."]
    assert action(first) == "ElicitSlot:AccountNumber"
    second = await talk.say("0123", mode="DTMF", request={"x-amz-lex:dtmf-transcript": "0123"})
    assert said(second) == ["The balance of 0123 is $1,234.56"]
    assert action(second) == "Close"
    assert second["sessionState"]["intent"]["state"] == "ReadyForFulfillment"
    assert second["requestAttributes"] == {"x-amz-lex:dtmf-transcript": "0123"}


async def test_confirmation() -> None:
    talk = Talk(PIZZA)
    assert said(await talk.say("I want a pizza")) == ["Which size?"]
    asked = await talk.say("a big one")
    assert (said(asked), action(asked), slots(asked)) == (["large pizza, right?"], "ConfirmIntent", {"Size": "large"})
    done = await talk.say("yes please", state={"sessionAttributes": {"name": "Ana"}})
    assert said(done) == ["Your large pizza is on its way, Ana."]
    assert done["sessionState"]["intent"]["confirmationState"] == "Confirmed"


async def test_declining() -> None:
    talk = Talk(PIZZA)
    await talk.say("A small pizza please")
    answer = await talk.say("no")
    assert said(answer) == ["Okay, no pizza."]
    assert answer["sessionState"]["intent"]["state"] == "Failed"
    assert answer["sessionState"]["intent"]["confirmationState"] == "Denied"


async def test_asked_again_then_given_up() -> None:
    """After the retries of a slot the fallback intent is what came of it."""
    talk = Talk(PIZZA)
    await talk.say("I want a pizza")
    for _ in range(2):
        answer = await talk.say("purple elephants")
        assert (said(answer), action(answer)) == (["Which size?"], "ElicitSlot:Size")
    answer = await talk.say("purple elephants")
    assert (named(answer), action(answer)) == ("FallbackIntent", "Close")


async def test_variations_by_attempt() -> None:
    talk = Talk(PIZZA)
    await talk.say("A small pizza please")
    assert said(await talk.say("hmm hmm")) == ["So a small pizza?"]


async def test_another_intent_while_a_slot_is_asked_for() -> None:
    talk = Talk(PIZZA)
    await talk.say("I want a pizza")
    answer = await talk.say("speak to an agent")
    assert (named(answer), action(answer)) == ("Agent", "Close")


async def test_nothing_keyed_is_asked_again() -> None:
    talk = Talk(ACCOUNT)
    await talk.say("1")
    answer = await talk.say("", mode="DTMF", request={"x-amz-lex:dtmf-transcript": "[DEL]"})
    assert action(answer) == "ElicitSlot:AccountNumber"


async def test_legacy_wording() -> None:
    """FLOW-15: without fallback intent and own prompts, the two texts; with own prompts, those."""
    document = written(intent("Agent", "Speak to an agent"), fallback=False, bot={})
    talk = Talk(document)
    for _ in range(5):
        answer = await talk.say("zzz zzz")
        assert (said(answer), action(answer)) == (["Sorry, can you please repeat that?"], "ElicitIntent")
    answer = await talk.say("zzz zzz")
    assert (said(answer), action(answer)) == (["Sorry, I could not understand. Goodbye."], "Close")
    assert "intent" not in answer["sessionState"]
    own = {
        "clarificationPrompt": {"messages": [{"contentType": "PlainText", "content": "Pardon?"}], "maxAttempts": 1},
        "abortStatement": {"messages": [{"contentType": "PlainText", "content": "Bye."}]},
    }
    talk = Talk(written(intent("Agent", "Speak to an agent"), fallback=False, bot=own))
    assert [said(await talk.say("zzz zzz")) for _ in range(2)] == [["Pardon?"], ["Bye."]]


async def test_locales() -> None:
    """FLOW-108, FLOW-149: a bot answers in the locale it is asked in, and not in one it does not have."""
    japanese = written(intent("Agent", "担当者と話したい", **closing("おつなぎします")), locale="ja_JP")
    talk = Talk({**PIZZA, "locales": {**PIZZA["locales"], **japanese["locales"]}})
    talk.locale = "ja_JP"
    assert said(await talk.say("担当者と話したい")) == ["おつなぎします"]
    talk.locale = "en_US"
    assert said(await talk.say("Speak to an agent", session="s2")) == ["An agent is coming."]
    talk.locale = "fr_FR"
    with pytest.raises(NoSuchBot):
        await talk.say("bonjour")


async def test_payloads_pass_through() -> None:
    """An interactive template stands in a CustomPayload as it is, whatever braces and brackets it has."""
    content = '{"content":{"title":"{Size}?","elements":[{"title":"a"}]}}'
    payload = f'{{"templateType":"ListPicker","version":"1.0","data":{content}}}'
    setting = {"promptSpecification": says(payload, kind="customPayload")}
    asked = slot("Size", "AMAZON.FreeFormInput", "x", slotValueElicitationSetting=setting)
    answer = await Talk(written(intent("Menu", "menu", slots=(asked,)))).say("menu")
    assert answer["messages"] == [{"contentType": "CustomPayload", "content": payload}]


async def test_session_attributes() -> None:
    """FLOW-109: given attributes come back, and are kept for the next turn; a later turn overwrites."""
    talk = Talk(ACCOUNT)
    answer = await talk.say("1", state={"sessionAttributes": {"callType": "VOICE", "phoneNumber": "+15550100"}})
    assert answer["sessionState"]["sessionAttributes"] == {"callType": "VOICE", "phoneNumber": "+15550100"}
    answer = await talk.say("12")
    assert answer["sessionState"]["sessionAttributes"]["callType"] == "VOICE"
    answer = await talk.say("12", state={"sessionAttributes": {"callType": "CHAT"}})
    assert answer["sessionState"]["sessionAttributes"] == {"callType": "CHAT"}


async def test_state_travels_with_the_client() -> None:
    """The sessionState of an answer, sent with the next turn, carries the conversation on by itself."""
    first = await Talk(ACCOUNT).say("1")
    answer = await Talk(ACCOUNT).say("77", state=first["sessionState"])
    assert said(answer) == ["The balance of 77 is $1,234.56"]


async def test_session_timeout() -> None:
    """FLOW-148: a conversation that rested for longer than the bot's timeout begins anew."""
    talk = Talk(ACCOUNT)
    await talk.say("1")
    talk.now += 301_000
    assert named(await talk.say("0042")) == "FallbackIntent"


def _hooked(**reply: Any) -> Talk:
    document = written(
        intent(
            "Book",
            "Book a room",
            slots=(slot("City", "AMAZON.City", "Where?"), slot("Nights", "AMAZON.Number", "How many nights?")),
            dialogCodeHook={"enabled": True},
            fulfillmentCodeHook={"enabled": True},
        ),
        intent("Agent", "Speak to an agent"),
    )
    return Talk(document, function=lambda event: reply.get(event["invocationSource"]) or delegate(event))


def delegate(event: dict[str, Any]) -> dict[str, Any]:
    """What a function says that leaves everything to the bot."""
    return {"sessionState": {"dialogAction": {"type": "Delegate"}, "intent": event["sessionState"]["intent"]}}


async def test_events_of_the_function() -> None:
    """FLOW-109: both hooks get the event of the bot contract; the function's answer goes before everything else."""
    close = {
        "sessionState": {
            "dialogAction": {"type": "Close"},
            "intent": {"name": "Book", "state": "Fulfilled"},
            "sessionAttributes": {"booking": "B7", "callType": "function"},
        },
        "messages": [{"contentType": "PlainText", "content": "Booked."}],
        "requestAttributes": {"x": "y"},
    }
    talk = _hooked(FulfillmentCodeHook=close)
    await talk.say("Book a room", state={"sessionAttributes": {"callType": "block", "other": "1"}})
    await talk.say("Tokyo")
    answer = await talk.say("two nights")
    first, last = talk.events[0], talk.events[-1]
    assert [event["invocationSource"] for event in talk.events] == ["DialogCodeHook"] * 3 + ["FulfillmentCodeHook"]
    assert set(first) == {
        *("messageVersion", "invocationSource", "inputMode", "responseContentType", "sessionId", "inputTranscript"),
        *("bot", "interpretations", "proposedNextState", "requestAttributes", "sessionState", "transcriptions"),
    }
    about = {"id": "BOTBOTBOT1", "name": "Test", "localeId": "en_US", "version": "DRAFT"}
    assert first["bot"] == about | {"aliasId": "TSTALIASID", "aliasName": "TestBotAlias"}
    assert (first["messageVersion"], first["inputMode"], first["inputTranscript"]) == ("1.0", "Text", "Book a room")
    assert first["proposedNextState"]["dialogAction"] == {"type": "ElicitSlot", "slotToElicit": "City"}
    assert first["sessionState"]["sessionAttributes"] == {"callType": "block", "other": "1"}
    assert last["sessionState"]["intent"]["slots"]["Nights"]["value"]["interpretedValue"] == "2"
    assert last["sessionState"]["intent"]["state"] == "ReadyForFulfillment"
    assert said(answer) == ["Booked."]
    assert answer["sessionState"]["intent"]["state"] == "Fulfilled"
    assert answer["sessionState"]["sessionAttributes"] == {"booking": "B7", "callType": "function"}
    assert answer["requestAttributes"] == {"x": "y"}


@pytest.mark.parametrize(
    ("reply", "wanted", "texts"),
    [
        ({"dialogAction": {"type": "ElicitSlot", "slotToElicit": "Nights"}}, "ElicitSlot:Nights", ["How many nights?"]),
        ({"dialogAction": {"type": "ElicitIntent"}}, "ElicitIntent", []),
        ({"dialogAction": {"type": "ConfirmIntent"}}, "ConfirmIntent", []),
        ({"dialogAction": {"type": "Close"}, "intent": {"name": "Book", "state": "Failed"}}, "Close", []),
        ({"dialogAction": {"type": "Delegate"}}, "ElicitSlot:City", ["Where?"]),
    ],
)
async def test_dialog_actions(reply: dict[str, Any], wanted: str, texts: list[str]) -> None:
    answer = await _hooked(DialogCodeHook={"sessionState": reply}).say("Book a room")
    assert (action(answer), said(answer)) == (wanted, texts)


@pytest.mark.parametrize(
    "reply",
    [
        "nothing",
        {"messages": []},
        {"sessionState": {"dialogAction": {"type": "Dance"}}},
        {"sessionState": {"dialogAction": {"type": "ElicitSlot", "slotToElicit": "Moon"}}},
        {"sessionState": {"dialogAction": {"type": "Close"}}, "messages": [{"contentType": "Song", "content": "la"}]},
    ],
)
async def test_bad_answers_of_the_function(reply: Any) -> None:
    with pytest.raises(BotFailed):
        await _hooked(DialogCodeHook=reply).say("Book a room")


async def test_a_hook_without_function_fails() -> None:
    talk = Talk(written(intent("Book", "Book a room", fulfillmentCodeHook={"enabled": True})))
    with pytest.raises(BotFailed, match="no function"):
        await talk.say("Book a room")


async def test_contexts() -> None:
    """An intent that needs a context is meant only while the context is active; its values become defaults."""
    follow = slot("City", "AMAZON.City", "Where?") | {
        "defaultValueSpec": {"defaultValueList": [{"defaultValue": "#trip.City"}]}
    }
    document = written(
        intent(
            "Book",
            "Book a trip to {City}",
            slots=(slot("City", "AMAZON.City", "Where?"),),
            outputContexts=[{"name": "trip", "timeToLiveInSeconds": 90, "turnsToLive": 2}],
        ),
        intent("Weather", "And the weather there", slots=(follow,), inputContexts=[{"name": "trip"}]),
    )
    talk = Talk(document)
    assert named(await talk.say("And the weather there", session="a")) == "FallbackIntent"
    booked = await talk.say("Book a trip to Oslo")
    assert booked["sessionState"]["activeContexts"][0]["contextAttributes"] == {"City": "Oslo"}
    answer = await talk.say("And the weather there")
    assert (named(answer), slots(answer)) == ("Weather", {"City": "Oslo"})
    talk.now += 91_000
    assert named(await talk.say("And the weather there")) == "FallbackIntent"


async def test_several_values() -> None:
    extras = slot("Extras", "Extras", "Which extras?") | {"multipleValuesSetting": {"allowMutlipleValues": True}}
    talk = Talk(
        written(
            intent("Add", "Add extras", slots=(extras,)), types=(kind("Extras", ("cheese",), ("ham",), ("olives",)),)
        )
    )
    await talk.say("Add extras")
    answer = await talk.say("cheese and olives")
    found = answer["sessionState"]["intent"]["slots"]["Extras"]
    assert found["shape"] == "List"
    assert [one["value"]["interpretedValue"] for one in found["values"]] == ["cheese", "olives"]


def _next(kind: str, **action: Any) -> dict[str, Any]:
    intent_ = {"name": action.pop("intent")} if "intent" in action else None
    return {"dialogAction": {"type": kind, **action}, "intent": intent_}


async def test_steps_of_the_definition() -> None:
    """Where an export says how the dialog goes on, it goes on there: another slot, another intent, the end."""
    first = slot("Kind", "Kinds", "Repair or advice?")
    first["slotValueElicitationSetting"]["slotCaptureSetting"] = {
        "captureNextStep": _next("ElicitSlot", slotToElicit="When")
    }
    document = written(
        intent(
            "Visit",
            "Send somebody",
            slots=(first, slot("Where", "AMAZON.City", "Where?"), slot("When", "AMAZON.Date", "When?")),
            intentClosingSetting={"closingResponse": says("See you."), "nextStep": _next("StartIntent", intent="Rate")},
        ),
        intent("Rate", "Rate us", slots=(slot("Stars", "AMAZON.Number", "How many stars?"),)),
        intent("Loop", "Round and round", intentClosingSetting={"nextStep": _next("StartIntent", intent="Loop")}),
        types=(kind("Kinds", ("repair",), ("advice",)),),
    )
    talk = Talk(document)
    assert said(await talk.say("Send somebody")) == ["Repair or advice?"]
    assert said(await talk.say("repair")) == ["When?"]
    assert said(await talk.say("tomorrow")) == ["Where?"]
    answer = await talk.say("Oslo")
    assert (said(answer), named(answer), action(answer)) == (
        ["See you.", "How many stars?"],
        "Rate",
        "ElicitSlot:Stars",
    )
    assert action(await talk.say("Round and round", session="other")) == "Close"
