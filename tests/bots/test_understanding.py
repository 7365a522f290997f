"""What sentences mean to a bot of ours, in English and Japanese."""

import pytest

from tests.bots.build import ACCOUNT, Talk, action, intent, kind, named, score, slot, slots, written

SHOP = written(
    intent("CheckOrder", "Where is my order", "I want to know the status of my order", "Has my package been shipped"),
    intent("CancelOrder", "Cancel my order", "Stop my order"),
    intent("ReturnItem", "I want to return an item", "Refund please"),
    intent("PasswordReset", "Reset my password", "I forgot my password"),
    intent(
        "BookCar",
        "Book a {CarType} in {City} for {Day}",
        "I need a car",
        slots=(
            slot("CarType", "Cars", "Which car?"),
            slot("City", "AMAZON.City", "In which city?"),
            slot("Day", "AMAZON.Date", "On which day?"),
        ),
    ),
    types=(kind("Cars", ("economy", "small car", "cheap one"), ("luxury", "limousine"), ("minivan", "van")),),
)
JAPANESE = written(
    intent("CheckOrder", "注文の状況を確認したい", "荷物はどこですか"),
    intent("Agent", "オペレーターと話したい", "担当者につないでください"),
    intent("Cancel", "注文をキャンセルしたい", "予約を取り消す"),
    intent("Hours", "営業時間を教えてください", "何時まで開いていますか"),
    intent(
        "Book",
        "{Day}に{People}人で予約",
        slots=(slot("Day", "AMAZON.Date", "いつ？"), slot("People", "AMAZON.Number", "何人？")),
    ),
    locale="ja_JP",
)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("1", "AccountLookup"),
        ("one", "AccountLookup"),
        ("One.", "AccountLookup"),
        ("2", "SpeakToAgent"),
        ("check my balance", "AccountLookup"),
        ("chek my acount balence", "AccountLookup"),
        ("I would like to know the balance of my account", "AccountLookup"),
        ("I want to talk to a human", "SpeakToAgent"),
        ("what's the weather like", "FallbackIntent"),
        ("qwerty asdf", "FallbackIntent"),
    ],
)
async def test_sentences(text: str, wanted: str) -> None:
    """FLOW-106, FLOW-148: an utterance `One` is meant by a key; words that vary from the samples are understood."""
    assert named(await Talk(ACCOUNT).say(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("my package hasn't arrived", "CheckOrder"),
        ("forgot my login", "PasswordReset"),
        ("give me a refund", "ReturnItem"),
        ("please cancel the order", "CancelOrder"),
        ("do you like cats", "FallbackIntent"),
    ],
)
async def test_more_sentences(text: str, wanted: str) -> None:
    assert named(await Talk(SHOP).say(text)) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("私の注文はどこですか", "CheckOrder"),
        ("オペレーターお願いします", "Agent"),
        ("担当の人に代わってください", "Agent"),
        ("注文を取り消したい", "Cancel"),
        ("キャンセル", "Cancel"),
        ("営業時間は？", "Hours"),
        ("今日の天気は", "FallbackIntent"),
        ("こんにちは", "FallbackIntent"),
    ],
)
async def test_japanese_sentences(text: str, wanted: str) -> None:
    assert named(await Talk(JAPANESE, "ja_JP").say(text)) == wanted


async def test_slots_in_the_sentence() -> None:
    answer = await Talk(SHOP).say("Book a limousine in San Jose for tomorrow")
    assert slots(answer) == {"CarType": "luxury", "City": "San Jose", "Day": "2026-11-23"}
    assert score(answer) > 0.9


async def test_values_mentioned_by_the_way() -> None:
    answer = await Talk(SHOP).say("I need a car, a van if you have one, next Monday")
    assert slots(answer) == {"CarType": "minivan", "Day": "2026-11-23"}
    assert action(answer) == "ElicitSlot:City"


async def test_japanese_slots_in_the_sentence() -> None:
    answer = await Talk(JAPANESE, "ja_JP").say("１２月２４日に三人で予約")
    assert slots(answer) == {"Day": "2026-12-24", "People": "3"}


async def test_confidence_and_other_intents() -> None:
    """FLOW-110, FLOW-111: every interpretation has its confidence; the likeliest comes first, fallback has none."""
    answer = await Talk(SHOP).say("where's my parcel")
    interpretations = answer["interpretations"]
    assert interpretations[0]["intent"]["name"] == "CheckOrder"
    scores = [one["nluConfidence"]["score"] for one in interpretations if "nluConfidence" in one]
    assert scores == sorted(scores, reverse=True) and all(0 <= one <= 1 for one in scores)
    assert len(interpretations) <= 5
    assert "CancelOrder" in {one["intent"]["name"] for one in interpretations[1:]}


async def test_threshold() -> None:
    """The locale's nluConfidenceThreshold decides from where on an intent counts."""
    text = "how much money do I have"
    strict = {
        **ACCOUNT,
        "locales": {"en_US": {**ACCOUNT["locales"]["en_US"], "locale": {"nluConfidenceThreshold": 0.9}}},
    }
    assert named(await Talk(ACCOUNT).say(text)) == "AccountLookup"
    assert named(await Talk(strict).say(text)) == "FallbackIntent"
    assert named(await Talk(strict).say("check my account balance")) == "AccountLookup"


async def test_the_same_words_mean_the_same() -> None:
    first = await Talk(SHOP).say("where's my parcel")
    assert first == await Talk(SHOP).say("where's my parcel")


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("This is terrible, I hate your service", "NEGATIVE"),
        ("Thank you so much, that was great!", "POSITIVE"),
        ("My order number is 5", "NEUTRAL"),
        ("最悪です。もう二度と使いません", "NEGATIVE"),
        ("ありがとうございます、助かりました", "POSITIVE"),
        ("注文番号は５です", "NEUTRAL"),
        ("満足していません、良くない", "NEGATIVE"),
    ],
)
async def test_sentiment(text: str, label: str) -> None:
    """FLOW-110: the label and the four scores of the last utterance."""
    found = (await Talk(SHOP).say(text))["interpretations"][0]["sentimentResponse"]
    assert found["sentiment"] == label
    assert abs(sum(found["sentimentScore"].values()) - 1) < 0.01
    assert set(found["sentimentScore"]) == {"positive", "negative", "neutral", "mixed"}
