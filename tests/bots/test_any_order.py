"""Whatever is said to a bot, however odd the bot: there is an answer, and it is one."""

import asyncio
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.channels.bots.bot import BotFailed
from switchroom.channels.bots.engine.definition import read
from tests.bots.build import Talk, intent, kind, slot, written

ACTIONS = {"Close", "ConfirmIntent", "Delegate", "ElicitIntent", "ElicitSlot", "None"}
TYPES = [
    "AMAZON.Number",
    "AMAZON.Date",
    "AMAZON.Time",
    "AMAZON.Duration",
    "AMAZON.City",
    "AMAZON.EmailAddress",
    "Sizes",
]
words = st.one_of(
    st.text(max_size=40),
    st.sampled_from(["yes", "no", "1", "buy {A}", "order a pizza", "tomorrow at 3 pm", "二十五", "large", "", "[DEL]"]),
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
states = st.fixed_dictionaries(
    {},
    optional={
        "sessionAttributes": anything,
        "activeContexts": anything,
        "dialogAction": st.one_of(
            anything,
            st.fixed_dictionaries({"type": st.sampled_from(sorted(ACTIONS)), "slotToElicit": st.text(max_size=3)}),
        ),
        "intent": st.one_of(
            anything,
            st.fixed_dictionaries({"name": st.sampled_from(["Buy", "X", ""]), "slots": anything, "state": anything}),
        ),
    },
)


@st.composite
def bots(draw: st.DrawFn) -> dict[str, Any]:
    """Bots of the written form, with odd utterances."""
    slots = tuple(slot(name, draw(st.sampled_from(TYPES)), draw(st.sampled_from([None, "Which?"]))) for name in "AB")
    utterances = draw(st.lists(words, max_size=4))
    buy = intent("Buy", "buy {A} and {B}", "{A}", "{A}{B}", *utterances, slots=slots)
    return written(buy, intent("Other", *draw(st.lists(words, max_size=3))), types=(kind("Sizes", ("large", "big")),),
                   fallback=draw(st.booleans()))  # fmt: skip


def check(answer: dict[str, Any]) -> None:
    """The form of RecognizeText."""
    state = answer["sessionState"]
    assert state["dialogAction"]["type"] in ACTIONS
    assert all(isinstance(value, str) for value in state["sessionAttributes"].values())
    assert len(answer["interpretations"]) <= 5 and len(answer["messages"]) <= 10
    for one in answer["interpretations"]:
        assert 0 <= one.get("nluConfidence", {"score": 0})["score"] <= 1
        assert one["intent"]["name"]
    if state["dialogAction"]["type"] == "ElicitSlot":
        assert state["dialogAction"]["slotToElicit"] in state["intent"]["slots"]


@settings(max_examples=60)
@given(bots(), st.lists(st.tuples(words, st.sampled_from(["Text", "Speech", "DTMF"]), st.none() | states), max_size=5))
def test_any_conversation(document: dict[str, Any], turns: list[tuple[str, Any, Any]]) -> None:
    async def talk() -> None:
        conversation = Talk(document)
        for text, mode, state in turns:
            check(await conversation.say(text, mode=mode, state=state))

    asyncio.run(talk())


@settings(max_examples=60)
@given(st.lists(words, min_size=1, max_size=3), st.one_of(anything, st.fixed_dictionaries({"sessionState": states})))
def test_any_answer_of_a_function(texts: list[str], reply: Any) -> None:
    async def talk() -> None:
        hooks = {"dialogCodeHook": {"enabled": True}, "fulfillmentCodeHook": {"enabled": True}}
        document = written(intent("Buy", *texts, slots=(slot("A", "AMAZON.Number", "Which?"),), **hooks))
        conversation = Talk(document, function=lambda event: reply)
        for text in texts:
            try:
                check(await conversation.say(text))
            except BotFailed:
                continue

    asyncio.run(talk())


@given(anything, anything, anything)
def test_any_definition(bot: Any, intents: Any, types: Any) -> None:
    read({"bot": bot, "locales": {"en_US": {"locale": bot, "intents": [intents, {"name": "A", "slots": intents}],
                                            "slotTypes": [types]}, "x": intents}})  # fmt: skip
