"""The bot of the demo does what it is for."""

import json

import pytest

from switchroom.channels.bots.checking import problems_of
from switchroom.resources.demo_bot import definition
from tests.bots.build import Talk, action, named, said


def test_nothing_is_wrong_with_it() -> None:
    assert problems_of(definition()) == []


@pytest.mark.parametrize(
    ("locale", "text", "wanted"),
    [
        ("en_US", "has my package shipped yet", "CheckOrder"),
        ("en_US", "I need to talk to a person", "SpeakToAgent"),
        ("en_US", "2", "SpeakToAgent"),
        ("en_US", "when do you close", "OpeningHours"),
        ("en_US", "what's the capital of France", "FallbackIntent"),
        ("ja_JP", "荷物がまだ届きません", "CheckOrder"),
        ("ja_JP", "オペレーターお願いします", "SpeakToAgent"),
        ("ja_JP", "何時に閉まりますか", "OpeningHours"),
    ],
)
async def test_what_it_understands(locale: str, text: str, wanted: str) -> None:
    assert named(await Talk(definition(), locale).say(text)) == wanted


async def test_its_menu() -> None:
    """FLOW-105: the menu is a list picker; what is chosen from it is understood."""
    talk = Talk(definition())
    menu = await talk.say("help")
    (message,) = menu["messages"]
    template = json.loads(message["content"])
    assert (message["contentType"], template["templateType"]) == ("CustomPayload", "ListPicker")
    chosen = await talk.say(template["data"]["content"]["elements"][0]["title"])
    assert (named(chosen), action(chosen)) == ("CheckOrder", "ElicitSlot:OrderNumber")
    assert "12345" in said(await talk.say("it's 12345"))[0]


async def test_an_order_in_japanese() -> None:
    talk = Talk(definition(), "ja_JP")
    answer = await talk.say("注文番号１２３の状況")
    assert said(answer) == ["ご注文 123 は今朝発送済みで、明日お届けします。"]
