"""Telephone numbers as SIP peers write them, in E.164 form (NUM-53)."""

import re
from collections.abc import Iterator
from functools import lru_cache

import phonenumbers

E164 = re.compile(r"\+[1-9]\d{1,14}")
_NATIONAL = re.compile(r"\d{3,15}")


def candidates(dialled: str, country: str | None = None) -> Iterator[str]:
    """What a dialled number may mean, likeliest first; `5550100` is one of `country`."""
    if E164.fullmatch(dialled):
        yield dialled
        return
    if not _NATIONAL.fullmatch(dialled):
        return
    if dialled.startswith("00"):
        yield f"+{dialled[2:]}"
    if not dialled.startswith("0"):
        yield f"+{dialled}"
    national = _read(dialled, country) if country else None
    if national is not None:
        yield national


def caller(number: str, country: str | None = None) -> str | None:
    """A caller's number in E.164 form; None where it cannot be told (`anonymous`, an extension)."""
    if E164.fullmatch(number):
        return number
    if number.startswith("00") and E164.fullmatch(f"+{number[2:]}"):
        return f"+{number[2:]}"
    if not _NATIONAL.fullmatch(number):
        return None
    return (_read(number, country) if country else None) or (f"+{number}" if len(number) >= 10 else None)


@lru_cache(maxsize=4096)
def country_of(number: str) -> str | None:
    """ISO 3166-1 alpha-2 country of an E.164 number."""
    try:
        return phonenumbers.region_code_for_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return None


@lru_cache(maxsize=4096)
def _read(number: str, country: str) -> str | None:
    try:
        parsed = phonenumbers.parse(number, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_possible_number(parsed):
        return None
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
