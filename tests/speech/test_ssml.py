"""SSML as table P1 has it: what is said, how, and with which silences."""

import pytest

from switchroom.speech.pieces import Bleep, Pause, Piece, Say
from switchroom.speech.ssml import MalformedSsml, parse


def words(text: str, language: str = "en-US") -> str:
    """Everything that is said."""
    return " ".join(" ".join(p.text for p in parse(text, language) if isinstance(p, Say)).split())


def one(text: str) -> Say:
    (piece,) = (p for p in parse(text) if isinstance(p, Say))
    return piece


def silence(text: str) -> int:
    return sum(piece.ms for piece in parse(text) if isinstance(piece, Pause))


def test_wrapper_is_added() -> None:
    """FLOW-71: the tutorial's texts have no <speak>."""
    assert words("Hello <w role='amazon:VB'>read</w> it") == "Hello read it"
    assert words("<SPEAK>Hello</SPEAK>") == "Hello"
    assert words("<?xml version='1.0'?><speak>Hello</speak>") == "Hello"


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("a<break/>b", 500),
        ("a<break time='3s'/>b", 3_000),
        ("a<break time='350ms'/>b", 350),
        ("a<break time='1.5s'/>b", 1_500),
        ("a<break time='30s'/>b", 10_000),
        ("a<break strength='x-strong'/>b", 1_200),
        ("a<break strength='none'/>b", 0),
        ("a<break time='soon'/>b", 500),
        ("a<mark name='here'/>b", 0),
    ],
)
def test_breaks(text: str, ms: int) -> None:
    """FLOW-71: at most 10 s."""
    assert silence(text) == ms


def test_paragraphs_and_sentences() -> None:
    assert silence("<p>One.</p><p>Two.</p>") > silence("<s>One</s><s>Two</s>") > 0


def test_prosody() -> None:
    """FLOW-71: rate, pitch and volume multiply where they are nested."""
    style = one("<prosody rate='slow' volume='+6dB' pitch='high'><prosody rate='200%'>a</prosody></prosody>").style
    assert style.rate == pytest.approx(1.5)
    assert style.volume == pytest.approx(1.995, abs=0.01)
    assert style.pitch == pytest.approx(1.15)
    assert one("<prosody pitch='-10%'>a</prosody>").style.pitch == pytest.approx(0.9)
    assert one("<prosody pitch='+12st'>a</prosody>").style.pitch == pytest.approx(2.0)
    assert one("<prosody rate='90%'>a</prosody>").style.rate == pytest.approx(0.9)
    assert one("<prosody volume='silent'>a</prosody>").style.volume < 1e-6
    assert one("<prosody rate='1e9%' pitch='x'>a</prosody>").style.rate == 1.0


def test_other_tags_are_ignored() -> None:
    """FLOW-71: the text in them is spoken."""
    assert words("<speak><emphasis level='strong'>Very</emphasis> <audio src='x'>good</audio></speak>") == "Very good"
    assert words("<amazon:domain name='news'>Now</amazon:domain> <amazon:auto-breaths>then</amazon:auto-breaths>") == (
        "Now then"
    )


def test_whispered_and_language() -> None:
    """FLOW-71."""
    assert one("<amazon:effect name='whispered'>psst</amazon:effect>").style.whispered
    assert not one("<amazon:effect name='drc'>hey</amazon:effect>").style.whispered
    assert one("<lang xml:lang='ja-JP'>はい</lang>").language == "ja-JP"


def test_sub_and_phoneme() -> None:
    """FLOW-71."""
    assert words("The <sub alias='World Wide Web Consortium'>W3C</sub>.") == "The World Wide Web Consortium."
    said = one("<phoneme alphabet='ipa' ph='pɪˈkɑːn'>pecan</phoneme>")
    assert (said.text, said.phonemes) == ("pecan", "pɪˈkɑːn")
    assert one("<phoneme alphabet='x-sampa' ph='pI'>pecan</phoneme>").phonemes is None


SAID = [
    ("digits", "", "4721", "four seven two one"),
    ("characters", "", "ab-1", "A, B, dash, one"),
    ("spell-out", "", "AWS", "A, W, S"),
    ("cardinal", "", "1,234", "one thousand two hundred thirty four"),
    ("number", "", "-12.05", "minus twelve point zero five"),
    ("cardinal", "", "1999", "one thousand nine hundred ninety nine"),
    ("ordinal", "", "21", "twenty first"),
    ("ordinal", "", "3rd", "third"),
    ("ordinal", "", "40", "fortieth"),
    ("telephone", "", "+1 555-0100", "plus one, five five five, zero one zero zero"),
    ("telephone", "", "2122241555x12", "two one two two two four one five five five, extension one two"),
    ("date", "mdy", "11/22/2026", "November twenty second, twenty twenty six"),
    ("date", "dmy", "22.11.2026", "November twenty second, twenty twenty six"),
    ("date", "ymd", "2005-01-09", "January ninth, two thousand five"),
    ("date", "yyyymmdd", "20261122", "November twenty second, twenty twenty six"),
    ("date", "md", "9/22", "September twenty second"),
    ("date", "y", "1907", "nineteen oh seven"),
    ("date", "mdy", "next week", "next week"),
    ("time", "", "1'21\"", "one minute twenty one seconds"),
    ("currency", "", "$12.50", "twelve dollars and fifty cents"),
    ("currency", "", "USD 1", "one dollar"),
    ("currency", "", "£0.99", "ninety nine pence"),
    ("currency", "", "1,234 JPY", "one thousand two hundred thirty four yen"),
    ("unit", "", "5kg", "five kilograms"),
    ("unit", "", "1 ft", "one foot"),
    ("fraction", "", "3/20", "three twentieths"),
    ("fraction", "", "2+1/2", "two and one half"),
    ("address", "", "123 Main St., Springfield 12345", "123 Main street, Springfield one two three four five"),
    ("interjection", "", "Wow", "Wow"),
    ("nonsense", "", "as it is", "as it is"),
]


@pytest.mark.parametrize(("kind", "form", "text", "said"), SAID)
def test_say_as(kind: str, form: str, text: str, said: str) -> None:
    """FLOW-71: say-as in English."""
    quoted = text.replace("'", "&apos;")
    assert words(f"<say-as interpret-as='{kind}' format='{form}'>{quoted}</say-as>") == said


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("digits", "472", "ヨンナナニー"),
        ("telephone", "03-1234-5678", "ゼロサンのイチニーサンヨンのゴーロクナナハチ"),
        ("characters", "A1", "A、イチ"),
        ("ordinal", "3", "3番目"),
        ("date", "2026-11-22", "2026年11月22日"),
        ("time", "15:30", "15時30分"),
        ("time", "1'21\"", "1分21秒"),
        ("currency", "$12.50", "12ドル50セント"),
        ("currency", "1,234 JPY", "1234円"),
        ("currency", "¥500", "500円"),
        ("unit", "5kg", "5キログラム"),
        ("fraction", "3/4", "4分の3"),
        ("cardinal", "0,012", "12"),
    ],
)
def test_say_as_in_japanese(kind: str, text: str, said: str) -> None:
    """FLOW-71: say-as in the language of the voice, or of the lang tag around it."""
    quoted = text.replace("'", "&apos;")
    tag = f"<say-as interpret-as='{kind}'>{quoted}</say-as>"
    assert words(tag, "ja-JP") == said
    assert words(f"<lang xml:lang='ja-JP'>{tag}</lang>") == said


def test_expletive_is_bleeped() -> None:
    pieces = parse("You <say-as interpret-as='expletive'>rascal</say-as>!")
    assert [type(piece) for piece in pieces] == [Say, Bleep, Say]


@pytest.mark.parametrize(
    "text",
    [
        "<speak>no end",
        "<speak>a</p></speak>",
        "a & b",
        "a < b",
        "&undefined;",
        "<speak/><speak/>",
        "<!DOCTYPE speak SYSTEM 'http://127.0.0.1/x'><speak>a</speak>",
        "<!DOCTYPE s [<!ENTITY a 'aaaa'><!ENTITY b '&a;&a;'>]><speak>&b;</speak>",
        "<!DOCTYPE s [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><speak>&x;</speak>",
        "<p>" * 100 + "a" + "</p>" * 100,
        "\x00",
    ],
)
def test_malformed(text: str) -> None:
    """BLK-108: bad SSML is an error; declarations are never followed."""
    with pytest.raises(MalformedSsml):
        parse(text)


def test_words_do_not_run_together() -> None:
    pieces: tuple[Piece, ...] = parse("<speak><w>one</w> <w>two</w><w>-three</w></speak>")
    assert pieces == (Say("one two-three"),)
