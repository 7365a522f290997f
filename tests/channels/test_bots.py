"""Customers of a chat talk to bots: ours behind the flows of the demo centre."""

import json
from typing import Any

import pytest

from tests.bots.build import ACCOUNT, closing, intent, written
from tests.channels.people import DISCONNECT, Centre, Participant, say

INTERACTIVE = "application/vnd.amazonaws.connect.message.interactive"


def bot_block(alias: str, intents: dict[str, str], other: str, **parameters: Any) -> dict[str, Any]:
    """Get customer input with a bot: where each intent leads, and where everything else does."""
    conditions = [
        {"NextAction": to, "Condition": {"Operator": "Equals", "Operands": [name]}} for name, to in intents.items()
    ]
    errors = [{"NextAction": other, "ErrorType": kind} for kind in ("NoMatchingCondition", "NoMatchingError")]
    parameters = {"Text": "What can I do?", "LexV2Bot": {"AliasArn": alias}, **parameters}
    transitions = {"NextAction": other, "Conditions": conditions, "Errors": errors}
    return {"Type": "ConnectParticipantWithLexBot", "Parameters": parameters, "Transitions": transitions}


def built(centre: Centre, name: str, definition: dict[str, Any], associated: bool = True) -> str:
    """The ARN of the test alias of a built bot."""
    own, at = centre.server.boto("switchroom"), {"InstanceId": centre.instance}
    for bot in own.list_bots(**at)["Bots"]:
        if bot["Name"] == name:
            return str(own.list_bot_aliases(**at, BotId=bot["BotId"])["Aliases"][0]["AliasArn"])
    bot = own.create_bot(**at, Name=name, Definition=json.dumps(definition))["Bot"]
    own.build_bot(**at, BotId=bot["BotId"])
    alias = own.list_bot_aliases(**at, BotId=bot["BotId"])["Aliases"][0]
    if associated:
        own.associate_bot_alias(**at, BotId=bot["BotId"], AliasId=alias["AliasId"])
    return str(alias["AliasArn"])


def heard(customer: Participant, text: str) -> None:
    """The customer reads a message with this text in it."""
    customer.socket.until(lambda: next((i for i in customer.socket.items if text in (i.get("Content") or "")), None))


def test_the_demos_bot(centre: Centre) -> None:
    """FLOW-105, FLOW-113: slots over several turns, a list picker, and what is chosen from it."""
    _, customer = centre.customer(centre.id_of("flow", "Demo bot flow"))
    heard(customer, "I am the assistant of Switchroom")
    customer.say("where is my order")
    heard(customer, "What is your order number?")
    customer.say("it is one two three")
    heard(customer, "Order 123 left our warehouse")
    heard(customer, "Is there anything else")
    customer.say("help")
    template = json.loads(customer.socket.item(ContentType=INTERACTIVE)["Content"])
    assert template["templateType"] == "ListPicker"
    customer.say(template["data"]["content"]["elements"][1]["title"])
    heard(customer, "around the clock")
    customer.leave()


def test_the_demos_bot_in_japanese(centre: Centre) -> None:
    """FLOW-108, FLOW-149: the language of the contact picks the locale of the same bot."""
    _, customer = centre.customer(centre.id_of("flow", "Demo bot flow"), Attributes={"language": "ja"})
    heard(customer, "アシスタントです")
    customer.say("私の注文はどこですか")
    heard(customer, "注文番号を教えてください")
    customer.say("１２３です")
    heard(customer, "ご注文 123 は")
    customer.leave()


def test_results_as_attributes(centre: Centre) -> None:
    """FLOW-109, FLOW-110, FLOW-112: attributes go to the bot and come back; intent, slots, score, alternatives stay."""
    arn = built(centre, "Results", ACCOUNT)
    asked = bot_block(
        arn, {"AccountLookup": "a1"}, "a2", LexSessionAttributes={"callType": "$.Channel", "plan": "gold"}
    )
    told = "$.Lex.IntentName $.Lex.Slots.AccountNumber $.Lex.SessionAttributes.callType $.Lex.DialogState"
    score = "score $.Lex.IntentConfidence.Score"
    _, customer = centre.customer(centre.flow("Results", asked, say(f"{told}; {score}"), say("over"), DISCONNECT))
    heard(customer, "What can I do?")
    customer.say("1")
    heard(customer, "please enter your account number")
    customer.say("42")
    heard(customer, "The balance of 42")
    heard(customer, "AccountLookup 42 CHAT Fulfilled; score 1")


@pytest.mark.parametrize("language", ["fr-FR", None])
def test_a_language_the_bot_does_not_have(centre: Centre, language: str | None) -> None:
    """FLOW-108, BLK-082: another language than the bot's leads to Error; without one an en_US bot works."""
    arn = built(centre, "English", written(intent("Hello", "hello there", **closing("Hello to you."))))
    voice = {"Type": "UpdateContactData", "Parameters": {"LanguageCode": language or "en-US"}}
    asked = bot_block(arn, {"Hello": "a3"}, "a2")
    first = voice if language else say("Hm.")
    flow = centre.flow("Languages", first, asked, say("That went wrong."), say("Well done."), DISCONNECT)
    _, customer = centre.customer(flow)
    if language is None:
        heard(customer, "What can I do?")
        customer.say("hello there")
        heard(customer, "Hello to you.")
        heard(customer, "Well done.")
    else:
        customer.say("bonjour")
        heard(customer, "That went wrong.")


def test_a_bot_that_was_not_added(centre: Centre) -> None:
    """FLOW-104: a bot that the instance is not associated with leads to Error."""
    arn = built(centre, "Stranger", written(intent("Hello", "hello there")), associated=False)
    asked = bot_block(arn, {"Hello": "a2"}, "a1")
    _, customer = centre.customer(centre.flow("Strangers", asked, say("Not here."), DISCONNECT))
    heard(customer, "What can I do?")
    customer.say("hello there")
    heard(customer, "Not here.")
