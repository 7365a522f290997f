"""The built-in slot types (`AMAZON.Number`, `AMAZON.Date`, ...): from what was said to the value it stands for."""

import datetime as dt
import re
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec, module_from_spec, spec_from_file_location
from pathlib import Path

from switchroom.channels.bots.engine import dates
from switchroom.channels.bots.engine.numerals import numeralise, plain, words

Found = tuple[str, str]
"""(what was said, what it means)"""
Reader = Callable[[str, dt.date, bool], Found | None]
"""Reads the value in a text; the last argument: the text must be nothing but the value."""

_NUMBER = re.compile(r"(?<![\d.])-?\d[\d,]*(?:\.\d+)?(?![\d.]*\d)")
_EMAIL = re.compile(r"[a-z0-9._%+-]+@[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}")
_PHONE = re.compile(r"\+?\d[\d\s().-]{5,}\d")
_CODE = re.compile(r"[a-z0-9]+")
_YES = words(
    "yes yeah yep yup sure ok okay correct right that_is_right of_course please_do absolutely affirmative confirm "
    "はい ええ うん お願いします おねがいします そうです いいです 合っています あってます 正しい オッケー 大丈夫です"
)
_NO = words(
    "no nope nah not wrong incorrect never cancel do_not negative "
    "いいえ いえ いや ちがいます 違います 違う ちがう だめ ダメ やめます キャンセル 間違い 間違っています"
)
_MAYBE = words("maybe perhaps possibly たぶん 多分 おそらく")
_UNKNOWN = words("do_not_know don't_know dont_know no_idea not_sure わからない 分からない わかりません 分かりません")
_CARRIERS = re.compile(
    r"^(?:(?:my|the|his|her) (?:first |last |full )?(?:name|city|country|state|address|street) is|"
    r"i(?:'m| am) (?:in|from|at|called)|i live (?:in|at)|it(?:'s| is)|this is|i(?:'m| am)|call me|"
    r"from|to|in|at|the|name is)\s+"
    r"|^(?:私の名前は|名前は|住所は|私は)",
    re.IGNORECASE,
)
_JA_ENDS = re.compile(r"(?:に住んでいます|と申します|といいます|と言います|です|だよ|でお願いします|から|まで|へ|に)$")
_LONGEST_NAME = 60


def number(text: str, today: dt.date, strict: bool) -> Found | None:
    """Digits; what was keyed keeps its leading zeros."""
    said = numeralise(text)
    matches = _NUMBER.findall(said)
    if len(matches) != 1:
        digits = "".join(said.split())
        return (text.strip(), digits) if matches and digits.isdigit() else None
    if strict and _NUMBER.fullmatch(said) is None and len(re.sub(r"[\d.,\s円ドル個枚人名つ番$%-]", "", said)) > 12:
        return None
    return text.strip(), matches[0].replace(",", "")


def percentage(text: str, today: dt.date, strict: bool) -> Found | None:
    """`12.5`"""
    return number(re.sub(r"%|percent|パーセント", " ", plain(text)), today, strict)


def date(text: str, today: dt.date, strict: bool) -> Found | None:
    """`2026-05-17`"""
    return dates.date_of(text, today)


def time(text: str, today: dt.date, strict: bool) -> Found | None:
    """`15:30`"""
    return dates.time_of(text)


def duration(text: str, today: dt.date, strict: bool) -> Found | None:
    """`PT1H30M`"""
    return dates.length_of(text)


def phone(text: str, today: dt.date, strict: bool) -> Found | None:
    """Digits, with the plus of an international number."""
    found = _PHONE.search(numeralise(text))
    if found is None:
        return None
    digits = re.sub(r"\D", "", found[0])
    return (found[0], f"+{digits}" if found[0].startswith("+") else digits) if 7 <= len(digits) <= 15 else None


def email(text: str, today: dt.date, strict: bool) -> Found | None:
    """`name@example.com`, also when it was spoken."""
    written = _EMAIL.search(plain(text))
    if written:
        return written[0], written[0]
    spoken = re.sub(r"\s+(?:at|アットマーク|アット)\s+", "@", plain(text))
    spoken = re.sub(r"\s*(?:\bdot\b|ドット)\s*", ".", re.sub(r"\s*\b(?:underscore)\b\s*", "_", spoken))
    found = _EMAIL.search(spoken.replace(" @", "@").replace("@ ", "@"))
    return (text.strip(), found[0]) if found else None


def alphanumeric(text: str, today: dt.date, strict: bool) -> Found | None:
    """Letters and digits without the spaces between them."""
    said = numeralise(text)
    parts = _CODE.findall(re.sub(r"[-_/.\s]", "", said))
    if len(parts) != 1 or (not any(letter.isdigit() for letter in said) and len(said.split()) > 8):
        return None
    return text.strip(), parts[0].upper() if any(letter.isdigit() for letter in parts[0]) else parts[0]


def confirmation(text: str, today: dt.date, strict: bool) -> Found | None:
    """`Yes`, `No`, `Maybe` or `Don't know`."""
    answer = yes_or_no(text)
    return (text.strip(), answer) if answer else None


def name(text: str, today: dt.date, strict: bool) -> Found | None:
    """A name of a person, place or street: a few words, without the phrase that carries it."""
    said = " ".join(text.split()).strip(" .,!?。、！？")
    bare = _JA_ENDS.sub("", _CARRIERS.sub("", said)).strip()
    if not bare or len(bare) > _LONGEST_NAME or len(bare.split()) > 5 or not any(map(str.isalpha, bare)):
        return None
    return said, bare if any(letter.isupper() for letter in bare) else bare.title()


def country(text: str, today: dt.date, strict: bool) -> Found | None:
    """A country by its English name."""
    found = name(text, today, strict)
    known = _countries().get(plain(found[1])) if found else None
    return (found[0], known) if found and known else None


def free_form(text: str, today: dt.date, strict: bool) -> Found | None:
    """Whatever was said."""
    said = text.strip()
    return (said, said) if said else None


def yes_or_no(text: str) -> str | None:
    """`Yes`, `No`, `Maybe`, `Don't know`; None for anything else."""
    said = re.sub(r"[.,!?。、！？]", " ", plain(text)).strip()
    if said in ("1", "2", "y", "n"):
        return "Yes" if said in ("1", "y") else "No"
    for answer, known in (("Don't know", _UNKNOWN), ("Maybe", _MAYBE), ("No", _NO), ("Yes", _YES)):
        if any(_begins(said, word.replace("_", " ")) for word in known):
            return answer
    return None


def _begins(said: str, word: str) -> bool:
    if word.isascii():
        return said == word or said.startswith(f"{word} ")
    return said.startswith(word) or said.endswith(word)


@cache
def _countries() -> dict[str, str]:
    """Names of countries in every language at hand -> English name."""
    names: dict[str, str] = {
        "usa": "United States",
        "us": "United States",
        "america": "United States",
        "uk": "United Kingdom",
    }
    for written in _written_names().values():
        english = _in_language(written, "en")
        for language in ("en", "ja"):
            local = _in_language(written, language)
            if english and local:
                names.setdefault(plain(local), english)
    return names


def _written_names() -> dict[str, dict[str, str]]:
    """By country and language. Read alone: the package around it reads the places of all telephone prefixes (3 s)."""
    package = find_spec("phonenumbers")
    assert package is not None and package.origin is not None
    place = Path(package.origin).parent / "geodata" / "locale.py"
    spec = spec_from_file_location("phonenumbers.geodata.locale", place)
    assert spec is not None and spec.loader is not None
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    names: dict[str, dict[str, str]] = module.LOCALE_DATA
    return names


def _in_language(written: dict[str, str], language: str) -> str | None:
    """A name; `*fr` in the table says that it is the same as in French."""
    found = written.get(language)
    return written.get(found[1:]) if found and found.startswith("*") else found


READERS: dict[str, Reader] = {
    "AMAZON.Number": number,
    "AMAZON.NUMBER": number,
    "AMAZON.Percentage": percentage,
    "AMAZON.Date": date,
    "AMAZON.DATE": date,
    "AMAZON.Time": time,
    "AMAZON.TIME": time,
    "AMAZON.Duration": duration,
    "AMAZON.DURATION": duration,
    "AMAZON.PhoneNumber": phone,
    "AMAZON.EmailAddress": email,
    "AMAZON.AlphaNumeric": alphanumeric,
    "AMAZON.UKPostalCode": alphanumeric,
    "AMAZON.Confirmation": confirmation,
    "AMAZON.City": name,
    "AMAZON.Country": country,
    "AMAZON.State": name,
    "AMAZON.StreetName": name,
    "AMAZON.StreetAddress": name,
    "AMAZON.FirstName": name,
    "AMAZON.LastName": name,
    "AMAZON.Person": name,
    "AMAZON.Airport": name,
    "AMAZON.FreeFormInput": free_form,
}
"""By the name of the type; those in capitals are of the first generation."""
MENTIONED = frozenset(
    {"AMAZON.Date", "AMAZON.Time", "AMAZON.Duration", "AMAZON.EmailAddress", "AMAZON.PhoneNumber", "AMAZON.Country"}
)
"""Types whose values are told from the other words of a sentence."""
ANYTHING = frozenset({"AMAZON.FreeFormInput"})
"""Types that take whatever is said."""
