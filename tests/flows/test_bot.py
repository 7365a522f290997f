"""Get customer input by a bot: the conversation, its branches, and what `$.Lex` reads afterwards."""

from typing import Any

import pytest

from switchroom.flows.bot import transcript
from switchroom.flows.check import check, errors_of
from switchroom.flows.state import Await, BotCall, Converse, Hear, Play
from tests.flows.build import END as STOP
from tests.flows.build import Drive, action, document

ALIAS = "arn:aws:lex:us-east-1:123456789012:bot-alias/BOTBOTBOT1/ALIASALIA1"


def bot_block(conditions: list[tuple[str, str, str]] | None = None, **more: Any) -> dict[str, Any]:
    return action(
        "bot",
        "ConnectParticipantWithLexBot",
        {"Text": "How can I help?", "LexV2Bot": {"AliasArn": ALIAS}, **more},
        errors={"NoMatchingCondition": "default", "NoMatchingError": "error", "InputTimeLimitExceeded": "late"},
        conditions=conditions or [("Equals", "CheckOrder", "order"), ("Equals", "Agent", "agent")],
    )


def answer(
    intent: str,
    state: str = "ReadyForFulfillment",
    *,
    next: str = "Close",
    says: tuple[tuple[str, str], ...] = (),
    attributes: dict[str, str] | None = None,
    slots: dict[str, Any] | None = None,
    slot: str | None = None,
    sentiment: dict[str, Any] | None = None,
    others: tuple[tuple[str, float], ...] = (),
) -> dict[str, Any]:
    """An answer of the Lex V2 runtime."""
    own = {"name": intent, "state": state, "slots": slots or {}, "confirmationState": "None"}
    readings: list[dict[str, Any]] = [{"intent": own, "nluConfidence": {"score": 0.9}}]
    if sentiment is not None:
        readings[0]["sentimentResponse"] = sentiment
    readings += [{"intent": {"name": n, "slots": {}}, "nluConfidence": {"score": s}} for n, s in others]
    return {
        "messages": [{"contentType": kind, "content": text} for kind, text in says],
        "sessionState": {
            "dialogAction": {"type": next, **({"slotToElicit": slot} if slot else {})},
            "intent": own,
            "sessionAttributes": attributes or {},
        },
        "interpretations": readings,
    }


ERROR = action("error", "EndFlowExecution")
ENDS = tuple(action(name, "EndFlowExecution") for name in ("order", "agent", "default", "late"))


def drive(channel: str = "CHAT", *, block: dict[str, Any] | None = None, **contact: Any) -> Drive:
    return Drive(block or bot_block(), *ENDS, STOP, ERROR, channel=channel, **contact).go()


def effect(of: Drive) -> Any:
    assert isinstance(of.outcome, Await), of.outcome
    return of.outcome.effect


def says(of: Drive, text: str) -> BotCall:
    """The customer of a chat writes; the turn the bot is asked for."""
    assert isinstance(effect(of), Hear)
    of.signal("heard", {"text": text, "content_type": "text/plain"})
    found = effect(of)
    assert isinstance(found, BotCall)
    return found


def test_chat_turns_until_the_intent_is_known() -> None:
    """BLK-070, FLOW-105, FLOW-109: prompt, turn, slot, turn, branch; the bot keeps its state between the turns."""
    chat = drive()
    assert chat.said == ["How can I help?"]
    call = says(chat, "where is my order")
    assert (call.alias, call.locale, call.text, call.mode) == (ALIAS, "en_US", "where is my order", "Text")
    asking = answer(
        "CheckOrder",
        "InProgress",
        next="ElicitSlot",
        slot="Number",
        says=(("PlainText", "Which number?"),),
        attributes={"seen": "1"},
    )
    chat.signal("done", asking)
    assert chat.said[-1] == "Which number?"
    second = says(chat, "42")
    assert second.session == call.session
    assert second.state == asking["sessionState"]
    chat.signal("done", answer("CheckOrder", slots={"Number": {"value": {"interpretedValue": "42"}}}))
    assert chat.path[-1] == "order"
    assert chat.ended == "disconnect"


@pytest.mark.parametrize(
    ("intent", "way"), [("Agent", "agent"), ("agent", "default"), ("Other", "default"), ("FallbackIntent", "default")]
)
def test_branches(intent: str, way: str) -> None:
    """BLK-070: intents are matched by their exact name; anything else is Default."""
    chat = drive()
    says(chat, "hello")
    assert chat.signal("done", answer(intent)).path[-1] == way


def test_without_intents_the_contact_goes_on() -> None:
    """BLK-070: exported bot blocks without conditions have no Default; the answer leads on, an error does not."""
    bot = action(
        "bot",
        "ConnectParticipantWithLexBot",
        {"Text": "How can I help?", "LexV2Bot": {"AliasArn": ALIAS}},
        "end",
        {"NoMatchingError": "error"},
    )
    assert not errors_of(check(document(bot, STOP, ERROR)))
    chat = Drive(bot, STOP, ERROR, channel="CHAT").go()
    says(chat, "hello")
    assert chat.signal("done", answer("Other")).path[-1] == "end"
    lost = check(document({**bot, "Transitions": {**bot["Transitions"], "NextAction": None}}, STOP, ERROR))
    assert "unconnected" in [problem.code for problem in errors_of(lost)]


def test_what_lex_reads() -> None:
    """FLOW-110, FLOW-111, BLK-035: intent, confidence, slots, session attributes, sentiment, alternatives."""
    reader = action(
        "order",
        "UpdateContactAttributes",
        {
            "Attributes": {
                "intent": "$.Lex.IntentName",
                "score": "$.Lex.IntentConfidence.Score",
                "city": "$.Lex.Slots.City",
                "kept": "$.Lex.SessionAttributes.kept",
                "label": "$.Lex.SentimentResponse.Label",
                "negative": "$.Lex.SentimentResponse.Scores.Negative",
                "other": "$.Lex.AlternateIntents.Agent.IntentName",
                "other_score": "$.Lex.AlternateIntents.Agent.IntentConfidence",
                "dialog": "$.Lex.DialogState",
            }
        },
        "fraud",
        {"NoMatchingError": "error"},
    )
    fraud = action(
        "fraud",
        "Compare",
        {"ComparisonValue": "$.Lex.AlternateIntents.Agent.IntentConfidence"},
        errors={"NoMatchingCondition": "error"},
        conditions=[("NumberGreaterThan", "0.7", "end")],
    )
    chat = Drive(bot_block(), reader, fraud, *ENDS[1:], STOP, ERROR, channel="CHAT").go()
    says(chat, "where is it")
    chat.signal(
        "done",
        answer(
            "CheckOrder",
            "Fulfilled",
            slots={"City": {"value": {"interpretedValue": "Tokyo", "originalValue": "tokio"}}, "None": None},
            attributes={"kept": "yes"},
            sentiment={"sentiment": "NEGATIVE", "sentimentScore": {"negative": 0.81, "positive": 0.1}},
            others=(("Agent", 0.72), ("FallbackIntent", 0.0)),
        ),
    )
    assert chat.path[-1] == "end"
    assert chat.world.person.attributes == {
        "intent": "CheckOrder",
        "score": "0.9",
        "city": "Tokyo",
        "kept": "yes",
        "label": "NEGATIVE",
        "negative": "0.81",
        "other": "Agent",
        "other_score": "0.72",
        "dialog": "Fulfilled",
    }


def test_session_attributes_of_the_block() -> None:
    """BLK-073, BLK-080, FLOW-109: fixed and dynamic ones go along; those of the bot's function win over them."""
    block = bot_block(LexSessionAttributes={"callType": "$.Channel", "plan": "$.Attributes.plan", "own": "block"})
    chat = drive(block=block, attributes={"plan": "gold"})
    assert says(chat, "hi").state == {"sessionAttributes": {"callType": "CHAT", "plan": "gold", "own": "block"}}
    chat.signal("done", answer("CheckOrder", "InProgress", next="ElicitIntent", attributes={"own": "function"}))
    assert says(chat, "again").state == {
        "sessionAttributes": {"own": "function"},
        "intent": {"name": "CheckOrder", "state": "InProgress", "slots": {}, "confirmationState": "None"},
        "dialogAction": {"type": "ElicitIntent"},
    }


def test_chat_timeout() -> None:
    """BLK-077: a customer who is silent for too long leaves by the timeout branch; a message begins it anew."""
    chat = drive(block=bot_block(LexTimeoutSeconds={"Text": "60"}))
    assert chat.awaited.until == chat.world.clock + 60_000
    says(chat, "hello")
    chat.world.clock += 30_000
    chat.signal("done", answer("CheckOrder", "InProgress", next="ElicitIntent"))
    assert chat.awaited.until == chat.world.clock + 60_000
    assert chat.signal("timeout", after_ms=60_000).path[-1] == "late"
    assert drive(block=bot_block(LexTimeoutSeconds={"Text": "59"})).path[-1] == "error"


def test_language_is_the_locale() -> None:
    """BLK-082, FLOW-108, FLOW-149: the contact's language names the locale; a bot without it fails: Error."""
    chat = drive(language="ja-JP")
    assert says(chat, "こんにちは").locale == "ja_JP"
    assert chat.signal("failed", "The bot has no locale ja_JP").path[-1] == "error"


def test_alias_by_name_and_from_an_attribute() -> None:
    """BLK-071, FLOW-107: the ARN of an alias may come from an attribute; a classic bot has a name and an alias."""
    dynamic = bot_block(LexV2Bot={"AliasArn": "$.Attributes.bot"})
    assert says(drive(block=dynamic, attributes={"bot": ALIAS}), "x").alias == ALIAS
    assert drive(block=dynamic).path[-1] == "error"
    classic = bot_block(LexV2Bot={}, LexBot={"Name": "HelpDesk", "Region": "us-west-2", "Alias": "PROD"})
    assert says(drive(block=classic), "x").alias == "HelpDesk:PROD"
    assert drive(block=bot_block(LexV2Bot={})).path[-1] == "error"


def test_task_and_audio() -> None:
    """BLK-072: no task talks with a bot, and no chat hears audio."""
    assert drive("TASK").path[-1] == "error"
    silent = bot_block(Text=None, PromptId="beep")
    chat = Drive(silent, *ENDS, STOP, ERROR, channel="CHAT")
    chat.world.add("prompt", "Beep", id="beep")
    assert chat.go().path[-1] == "error"


def test_interactive_message() -> None:
    """FLOW-113: a template of the bot goes out as interactive; a malformed one is not sent, and Error is taken."""
    quick = '{"templateType":"QuickReply","version":"1.0","data":{"content":{"title":"Which?","elements":[%s]}}}'
    chat = drive()
    says(chat, "hello")
    good = quick % '{"title":"Billing"},{"title":"Sales"}'
    chat.signal("done", answer("Agent", "InProgress", next="ElicitSlot", slot="D", says=(("CustomPayload", good),)))
    assert chat.world.said[-1].interactive == good
    assert says(chat, "Billing").text == "Billing"
    chat.signal("done", answer("Agent", "InProgress", next="ElicitSlot", says=(("CustomPayload", quick % ""),)))
    assert chat.path[-1] == "error"
    assert "2 to 5" in chat.world.logs[-2]["Results"]


def test_sentiment_comes_first() -> None:
    """BLK-075: a strong sentiment of the last utterance wins over the intent, negative before positive."""
    block = bot_block(
        [
            ("Equals", "NegativeSentiment", "agent"),
            ("Equals", "PositiveSentiment", "late"),
            ("Equals", "CheckOrder", "order"),
        ],
        SentimentOverride={"Negative": "80", "Positive": "$.Attributes.happy"},
    )
    for negative, positive, way in ((0.81, 0.95, "agent"), (0.2, 0.95, "late"), (0.79, 0.1, "order")):
        chat = drive(block=block, attributes={"happy": "90"})
        says(chat, "well")
        scores = {"sentiment": "MIXED", "sentimentScore": {"negative": negative, "positive": positive}}
        assert chat.signal("done", answer("CheckOrder", sentiment=scores)).path[-1] == way


def test_call_in_words_and_keys() -> None:
    """FLOW-106, FLOW-112, BLK-076..079: on a call the prompt is spoken and the answer heard, in words or keys."""
    block = bot_block(
        LexSessionAttributes={
            "x-amz-lex:audio:max-length-ms:*:*": "8000",
            "x-amz-lex:audio:start-timeout-ms:CheckOrder:Number": "5000",
            "x-amz-lex:allow-interrupt:*:*": "false",
            "x-amz-lex:dtmf:max-length:*:*": "4",
        }
    )
    call = drive("VOICE", block=block)
    first = effect(call)
    assert isinstance(first, Converse)
    assert [message.text for message in first.messages] == ["How can I help?"]
    assert (first.listen.max_ms, first.listen.start_ms, first.listen.interruptible) == (8_000, 3_000, False)
    call.signal("done", {"mode": "Speech", "text": "check my order", "confidence": 0.8})
    assert (effect(call).text, effect(call).mode) == ("check my order", "Speech")
    asking = answer("CheckOrder", "InProgress", next="ElicitSlot", slot="Number", says=(("PlainText", "Number?"),))
    call.signal("done", asking)
    second = effect(call)
    assert isinstance(second, Converse)
    assert (second.listen.start_ms, second.listen.maximum_keys) == (5_000, 4)
    call.signal("done", {"mode": "DTMF", "keys": "1234#"})
    turn = effect(call)
    assert (turn.text, turn.mode, turn.request_attributes) == ("1234", "DTMF", {"x-amz-lex:dtmf-transcript": "1234"})
    call.signal("done", answer("CheckOrder", says=(("SSML", "<speak>It is on its way</speak>"), ("PlainText", "Bye"))))
    last = effect(call)
    assert isinstance(last, Play)
    assert [message.written for message in (last.message, *last.more)] == ["<speak>It is on its way</speak>", "Bye"]
    assert call.signal("done").path[-1] == "order"


def test_silence_is_a_turn_too() -> None:
    """BLK-076: who says nothing is asked again by the bot, which is told an empty utterance."""
    call = drive("VOICE")
    call.signal("timeout")
    assert (effect(call).text, effect(call).mode) == ("", "Speech")


def test_longest_speech() -> None:
    """BLK-076: more than 15 s of speech is refused, by the Error branch."""
    block = bot_block(LexSessionAttributes={"x-amz-lex:audio:max-length-ms:*:*": "15001"})
    assert drive("VOICE", block=block).path[-1] == "error"


@pytest.mark.parametrize(("keys", "told"), [("*", "[DEL]"), ("#", "[END]"), ("123*", "[DEL]"), ("123#", "123")])
def test_transcript_of_keys(keys: str, told: str) -> None:
    """BLK-081: the vectors of the request attribute."""
    assert transcript(keys) == {"x-amz-lex:dtmf-transcript": told}


def test_a_bot_that_does_not_answer() -> None:
    """BLK-070: ten seconds in a chat, then Error."""
    chat = drive()
    says(chat, "hello")
    assert chat.awaited.until == chat.world.clock + 10_000
    assert chat.signal("timeout", after_ms=10_000).path[-1] == "error"


def test_wildcards_belong_to_the_block() -> None:
    """BLK-074: a second block for the same bot, without attributes, has the defaults."""
    first = bot_block(
        [("Equals", "CheckOrder", "again")], LexSessionAttributes={"x-amz-lex:audio:max-length-ms:*:*": "2000"}
    )
    second = {**bot_block(), "Identifier": "again"}
    call = Drive(first, second, *ENDS, STOP, ERROR, channel="VOICE").go()
    assert effect(call).listen.max_ms == 2_000
    call.signal("done", {"mode": "Speech", "text": "x"}).signal("done", answer("CheckOrder"))
    assert effect(call).listen.max_ms == 12_000
