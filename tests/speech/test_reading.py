"""Ordinary text as it is read aloud."""

import pytest

from switchroom.speech.reading import readable
from switchroom.speech.reading.english import cardinal, ordinal


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Call +1 555 010 0123 now", "Call plus one, five five five, zero one zero, zero one two three now"),
        ("Call (212) 555-0100", "Call two one two, five five five, zero one zero zero"),
        ("Account 12345678.", "Account one two three four five six seven eight."),
        ("You owe $1234567", "You owe $1234567"),
        ("There are 123456 of them", "There are 123456 of them"),
        ("Press # or *", "Press pound or star"),
        ("[x](/hack/)", " x (/hack/)"),
    ],
)
def test_english(text: str, said: str) -> None:
    assert readable(text, "en") == said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("2026-11-22に", "2026年11月22日に"),
        ("2026/1/5、9:05", "2026年1月5日、9時5分"),
        ("$12.50です", "12ドル50セントです"),
        ("¥1,234です", "1234円です"),
        ("03-1234-5678へ", "ゼロサンのイチニーサンヨンのゴーロクナナハチへ"),
        ("番号は#を、取消は*を", "番号はシャープを、取消はコメジルシを"),
    ],
)
def test_japanese(text: str, said: str) -> None:
    assert readable(text, "ja") == said


def test_numbers() -> None:
    assert cardinal(0) == "zero"
    assert cardinal(1_000_001) == "one million one"
    assert cardinal(-90) == "minus ninety"
    assert cardinal(815) == "eight hundred fifteen"
    assert [ordinal(n) for n in (1, 12, 20, 101)] == ["first", "twelfth", "twentieth", "one hundred first"]
