"""Values of slots: built-in types and lists, in English and Japanese."""

import datetime as dt

import pytest

from switchroom.channels.bots.engine.builtin import READERS
from switchroom.channels.bots.engine.definition import Slot, read_locale
from switchroom.channels.bots.engine.numerals import numeralise
from switchroom.channels.bots.engine.resolving import Resolver
from tests.bots.build import kind

TODAY = dt.date(2026, 11, 22)


def value(type_: str, text: str) -> str | None:
    """The interpreted value."""
    found = READERS[type_](text, TODAY, False)
    return found[1] if found else None


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("One", "1"),
        ("twenty-one", "21"),
        ("one two three", "123"),
        ("one hundred and five", "105"),
        ("nineteen eighty four", "1984"),
        ("double five three", "553"),
        ("ten thousand", "10000"),
        ("three point five", "3.5"),
        ("二十五", "25"),
        ("二〇二六年", "2026年"),
        ("三百五十円", "350円"),
        ("１２３", "123"),
        ("いち", "1"),
    ],
)
def test_numbers_as_they_are_said(text: str, wanted: str) -> None:
    assert numeralise(text) == wanted


@pytest.mark.parametrize(
    ("type_", "text", "wanted"),
    [
        ("AMAZON.Number", "it is forty two", "42"),
        ("AMAZON.Number", "0042", "0042"),
        ("AMAZON.Number", "-3", "-3"),
        ("AMAZON.Number", "1,234", "1234"),
        ("AMAZON.Number", "12 34 56", "123456"),
        ("AMAZON.Number", "三人です", "3"),
        ("AMAZON.Number", "elephants", None),
        ("AMAZON.Percentage", "50 percent", "50"),
        ("AMAZON.Date", "tomorrow", "2026-11-23"),
        ("AMAZON.Date", "May 5th", "2027-05-05"),
        ("AMAZON.Date", "the twenty first of december", "2026-12-21"),
        ("AMAZON.Date", "5/17/2026", "2026-05-17"),
        ("AMAZON.Date", "05172026", "2026-05-17"),
        ("AMAZON.Date", "friday", "2026-11-27"),
        ("AMAZON.Date", "in 3 days", "2026-11-25"),
        ("AMAZON.Date", "明日", "2026-11-23"),
        ("AMAZON.Date", "来週の金曜日", "2026-11-27"),
        ("AMAZON.Date", "令和八年五月三日", "2026-05-03"),
        ("AMAZON.Date", "３日後", "2026-11-25"),
        ("AMAZON.Date", "February 30", None),
        ("AMAZON.Time", "3 pm", "15:00"),
        ("AMAZON.Time", "half past three", "03:30"),
        ("AMAZON.Time", "quarter to 5 pm", "16:45"),
        ("AMAZON.Time", "noon", "12:00"),
        ("AMAZON.Time", "午後3時半", "15:30"),
        ("AMAZON.Time", "25:00", None),
        ("AMAZON.Duration", "an hour and a half", "PT1H30M"),
        ("AMAZON.Duration", "2 weeks", "P2W"),
        ("AMAZON.Duration", "一時間半", "PT1H30M"),
        ("AMAZON.Duration", "soon", None),
        ("AMAZON.PhoneNumber", "my number is (425) 555-0100", "4255550100"),
        ("AMAZON.PhoneNumber", "+81 3 1234 5678", "+81312345678"),
        ("AMAZON.PhoneNumber", "12", None),
        ("AMAZON.EmailAddress", "Write to Ana@Example.com please", "ana@example.com"),
        ("AMAZON.EmailAddress", "ana dot silva at example dot com", "ana.silva@example.com"),
        ("AMAZON.AlphaNumeric", "a b 1 2", "AB12"),
        ("AMAZON.City", "I live in San Jose", "San Jose"),
        ("AMAZON.City", "東京です", "東京"),
        ("AMAZON.Country", "日本", "Japan"),
        ("AMAZON.Country", "france", "France"),
        ("AMAZON.Country", "Atlantis", None),
        ("AMAZON.FirstName", "my name is ana", "Ana"),
        ("AMAZON.FirstName", "私の名前は花子です", "花子"),
        ("AMAZON.Confirmation", "yes please", "Yes"),
        ("AMAZON.Confirmation", "いいえ", "No"),
        ("AMAZON.Confirmation", "I think so perhaps", None),
        ("AMAZON.Confirmation", "not sure", "Don't know"),
        ("AMAZON.FreeFormInput", " whatever I say ", "whatever I say"),
    ],
)
def test_builtin_types(type_: str, text: str, wanted: str | None) -> None:
    """FLOW-148: slots of the built-in types take what people say, write and key."""
    assert value(type_, text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("large", "large"),
        ("a big one please", "large"),
        ("LARGE!", "large"),
        ("larg", "large"),
        ("2", "two"),
        ("elephant", None),
    ],
)
def test_closed_lists(text: str, wanted: str | None) -> None:
    locale = read_locale("en_US", {"slotTypes": [kind("Sizes", ("small",), ("large", "big one"), ("two",))]})
    found = Resolver(locale, TODAY).resolve(Slot("Size", "Sizes"), text)
    assert (found.interpreted if found else None) == wanted


def test_open_lists_take_other_values() -> None:
    locale = read_locale("en_US", {"slotTypes": [kind("Genres", ("rock",), ("jazz", "bebop"), closed=False)]})
    resolver = Resolver(locale, TODAY)
    known, other = (
        resolver.resolve(Slot("Genre", "Genres"), "bebop"),
        resolver.resolve(Slot("Genre", "Genres"), "Polka"),
    )
    assert known is not None and known.interpreted == "jazz"
    assert other is not None and (other.interpreted, other.resolved) == ("Polka", ("Polka",))


def test_patterns() -> None:
    """A slot type with a pattern takes what fits; a pattern that runs away does not stop the bot."""
    order = {
        "name": "Order",
        "parentSlotTypeSignature": "AMAZON.AlphaNumeric",
        "valueSelectionSetting": {
            "resolutionStrategy": "ORIGINAL_VALUE",
            "regexFilter": {"pattern": "[A-Z]{2}[0-9]{3}"},
        },
    }
    evil = {**order, "name": "Evil", "valueSelectionSetting": {"regexFilter": {"pattern": "(A+)+(A+)+B"}}}
    resolver = Resolver(read_locale("en_US", {"slotTypes": [order, evil]}), TODAY)
    found = resolver.resolve(Slot("O", "Order"), "ab 123")
    assert found is not None and found.interpreted == "AB123"
    assert resolver.resolve(Slot("O", "Order"), "a1") is None
    assert resolver.resolve(Slot("O", "Evil"), "A" * 60) is None
