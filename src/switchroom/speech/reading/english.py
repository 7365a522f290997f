"""English: what is written as figures and signs, in words."""

import re
from collections.abc import Callable

from switchroom.speech.reading.dates import parts_of

_DIGITS = ("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_TEENS = ("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen")
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_POWERS = ((10**12, "trillion"), (10**9, "billion"), (10**6, "million"), (1_000, "thousand"))
_ORDINALS = {
    "one": "first",
    "two": "second",
    "three": "third",
    "five": "fifth",
    "eight": "eighth",
    "nine": "ninth",
    "twelve": "twelfth",
}
_MONTHS = (
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_SIGNS = {
    "-": "dash",
    ".": "dot",
    "@": "at",
    "/": "slash",
    "_": "underscore",
    "#": "pound",
    "*": "star",
    "+": "plus",
    "&": "and",
    "%": "percent",
    ":": "colon",
}
_MONEY = {
    "USD": ("dollar", "dollars", "cent", "cents"),
    "EUR": ("euro", "euros", "cent", "cents"),
    "GBP": ("pound", "pounds", "penny", "pence"),
    "JPY": ("yen", "yen", "sen", "sen"),
    "CAD": ("Canadian dollar", "Canadian dollars", "cent", "cents"),
    "AUD": ("Australian dollar", "Australian dollars", "cent", "cents"),
    "INR": ("rupee", "rupees", "paisa", "paise"),
    "CNY": ("yuan", "yuan", "fen", "fen"),
    "KRW": ("won", "won", "jeon", "jeon"),
    "MXN": ("peso", "pesos", "centavo", "centavos"),
    "BRL": ("real", "reais", "centavo", "centavos"),
    "CHF": ("Swiss franc", "Swiss francs", "centime", "centimes"),
}
_MONEY_SIGNS = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY", "₹": "INR", "₩": "KRW"}
_UNITS = {
    "km/h": ("kilometer an hour", "kilometers an hour"),
    "mph": ("mile an hour", "miles an hour"),
    "km": ("kilometer", "kilometers"),
    "cm": ("centimeter", "centimeters"),
    "mm": ("millimeter", "millimeters"),
    "m": ("meter", "meters"),
    "kg": ("kilogram", "kilograms"),
    "mg": ("milligram", "milligrams"),
    "g": ("gram", "grams"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "ft": ("foot", "feet"),
    "in": ("inch", "inches"),
    "mi": ("mile", "miles"),
    "l": ("liter", "liters"),
    "ml": ("milliliter", "milliliters"),
    "h": ("hour", "hours"),
    "min": ("minute", "minutes"),
    "s": ("second", "seconds"),
    "gb": ("gigabyte", "gigabytes"),
    "mb": ("megabyte", "megabytes"),
    "kb": ("kilobyte", "kilobytes"),
}
_STREETS = {
    "st": "street",
    "ave": "avenue",
    "rd": "road",
    "blvd": "boulevard",
    "dr": "drive",
    "ln": "lane",
    "apt": "apartment",
    "ste": "suite",
}
_AMOUNT = re.compile(
    r"(?P<before>[^\d\s.,]*)\s*(?P<whole>\d[\d,]*)(?:\.(?P<part>\d+))?\s*(?P<after>[A-Za-z]{3})?"
).fullmatch
_LONG_NUMBER = re.compile(r"(?<![\w.,$€£¥])(?:\+\d[\d ().-]{5,}\d|\(\d{3}\) ?\d{3}-\d{4}|\d{7,})(?![\w,])")
_KEY = re.compile(r"(?<![\w&])([#*])(?![\w*#])")


def cardinal(number: int) -> str:
    """1234 is one thousand two hundred thirty four."""
    if number < 0:
        return f"minus {cardinal(-number)}"
    for power, name in _POWERS:
        if number >= power:
            high, rest = divmod(number, power)
            return f"{cardinal(high)} {name}" + (f" {cardinal(rest)}" if rest else "")
    if number >= 100:
        high, rest = divmod(number, 100)
        return f"{_DIGITS[high]} hundred" + (f" {cardinal(rest)}" if rest else "")
    if number >= 20:
        high, rest = divmod(number, 10)
        return _TENS[high] + (f" {_DIGITS[rest]}" if rest else "")
    return _TEENS[number - 10] if number >= 10 else _DIGITS[number]


def ordinal(number: int) -> str:
    """21 is twenty first."""
    head, _, last = cardinal(number).rpartition(" ")
    last = _ORDINALS.get(last) or (f"{last[:-1]}ieth" if last.endswith("y") else f"{last}th")
    return f"{head} {last}".strip()


def readable(text: str) -> str:
    """Long numbers are read digit by digit, # and * as the keys of a telephone."""
    text = text.replace("[", " ").replace("]", " ")
    text = _LONG_NUMBER.sub(lambda found: telephone(found[0]), text)
    return _KEY.sub(lambda found: _SIGNS[found[1]], text)


def spelled(text: str, form: str = "") -> str:
    """ab-1 is A, B, dash, one."""
    said = [_character(one) for one in text if not one.isspace()]
    return ", ".join(one for one in said if one)


def telephone(text: str, form: str = "") -> str:
    """Digit by digit, with a pause where the number has a gap."""
    groups = []
    for group in re.findall(r"\+|\d+|[#*]|(?:x|ext\.?)(?=\s*\d)", text, re.IGNORECASE):
        if group.isdecimal():
            groups.append(" ".join(_DIGITS[int(digit)] for digit in group))
        else:
            groups.append(_SIGNS.get(group, "extension"))
    return ", ".join(groups).replace("plus, ", "plus ").replace("extension, ", "extension ")


def _character(one: str) -> str:
    if one.isdecimal() and one.isascii():
        return _DIGITS[int(one)]
    return one.upper() if one.isalpha() else _SIGNS.get(one, "")


def _digits(text: str, form: str) -> str:
    return " ".join(_DIGITS[int(one)] if one in "0123456789" else one for one in text if not one.isspace())


def _cardinal(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*([+-]?)(\d{1,15})(?:\.(\d+))?\s*", text.replace(",", ""))
    if not found:
        return text
    words = ("minus " if found[1] == "-" else "") + cardinal(int(found[2]))
    return f"{words} point {_digits(found[3], '')}" if found[3] else words


def _ordinal(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*(\d{1,15})(?:st|nd|rd|th)?\s*", text.replace(",", ""))
    return ordinal(int(found[1])) if found else text


def _date(text: str, form: str) -> str:
    parts = parts_of(text, form) if not re.search(r"[A-Za-z]", text) else None
    if parts is None:
        return text
    said = _MONTHS[parts.month - 1] if parts.month else ""
    if parts.day:
        said += f" {ordinal(parts.day)}"
    if parts.year:
        said += f", {_year(parts.year)}" if said else _year(parts.year)
    return said.strip()


def _year(year: int) -> str:
    high, low = divmod(year, 100)
    if 1100 <= year < 2000 or year >= 2010:
        tail = "hundred" if not low else (f"oh {cardinal(low)}" if low < 10 else cardinal(low))
        return f"{cardinal(high)} {tail}"
    return cardinal(year)


def _time(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*(?:(\d+)['′])?\s*(?:(\d+)[\"″])?\s*", text)
    if not found or not (found[1] or found[2]):
        return text
    return " ".join(_counted(int(n), one, f"{one}s") for n, one in ((found[1], "minute"), (found[2], "second")) if n)


def _currency(text: str, form: str) -> str:
    found = _AMOUNT(text.strip())
    if not found:
        return text
    code = _MONEY_SIGNS.get(found["before"], found["before"].upper() or (found["after"] or "").upper())
    if code not in _MONEY:
        return text
    one, many, small, smalls = _MONEY[code]
    whole = int(found["whole"].replace(",", ""))
    part = int((found["part"] or "0").ljust(2, "0")[:2])
    said = _counted(whole, one, many) if whole or not part else ""
    return f"{said} and {_counted(part, small, smalls)}".removeprefix(" and ") if part else said


def _unit(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*([\d.,]+)\s*([A-Za-z/]+)\s*", text)
    names = _UNITS.get(found[2].lower()) if found else None
    if not found or not names:
        return text
    return f"{_cardinal(found[1], '')} {names[0] if found[1] == '1' else names[1]}"


def _fraction(text: str, form: str) -> str:
    found = re.fullmatch(r"\s*(?:(\d{1,6})\s*\+\s*)?(\d{1,6})\s*/\s*(\d{1,6})\s*", text)
    if not found or int(found[3]) < 2:
        return text
    over, under = int(found[2]), int(found[3])
    name = {2: "half", 4: "quarter"}.get(under, ordinal(under))
    plural = "halves" if under == 2 else f"{name}s"
    said = f"{cardinal(over)} {name if over == 1 else plural}"
    return f"{cardinal(int(found[1]))} and {said}" if found[1] else said


def _address(text: str, form: str) -> str:
    def word(found: re.Match[str]) -> str:
        return _STREETS.get(found[1].lower(), found[0])

    said = re.sub(r"\b([A-Za-z]+)\b\.?(?=\s*(?:,|\d|$))", word, text)
    return re.sub(r"\b\d{5}\b", lambda found: _digits(found[0], ""), said)


def _counted(number: int, one: str, many: str) -> str:
    return f"{cardinal(number)} {one if number == 1 else many}"


READERS: dict[str, Callable[[str, str], str]] = {
    "characters": spelled,
    "spell-out": spelled,
    "verbatim": spelled,
    "digits": _digits,
    "cardinal": _cardinal,
    "number": _cardinal,
    "ordinal": _ordinal,
    "telephone": telephone,
    "date": _date,
    "time": _time,
    "currency": _currency,
    "unit": _unit,
    "fraction": _fraction,
    "address": _address,
}
"""What `interpret-as` may be; `interjection` and anything else is said as it stands."""
