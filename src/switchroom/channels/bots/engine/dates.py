"""Dates, times and lengths of time as people say them, English and Japanese, in the forms of ISO 8601."""

import datetime as dt
import re

from switchroom.channels.bots.engine.numerals import ORDINALS, numeralise, ordinal, plain, words

_MONTHS = words("january february march april may june july august september october november december")
_DAYS = words("monday tuesday wednesday thursday friday saturday sunday")
_MONTH = {name[:length]: number for number, name in enumerate(_MONTHS, 1) for length in (3, 4, len(name))}
_DAY = {name[:length]: number for number, name in enumerate(_DAYS) for length in (3, 4, len(name))}
_JA_DAYS = "月火水木金土日"
_RELATIVE = (
    {"day before yesterday": -2, "day after tomorrow": 2, "yesterday": -1, "tomorrow": 1, "today": 0, "tonight": 0}
    | {"一昨日": -2, "おととい": -2, "明後日": 2, "あさって": 2, "昨日": -1, "きのう": -1, "明日": 1, "あした": 1}
    | {"今日": 0, "きょう": 0, "本日": 0, "今夜": 0, "今晩": 0}
)
_ORDINAL = re.compile(rf"\b(twenty|thirty)[ -]({'|'.join(ORDINALS)})\b")
_UNIT_DAYS = {"day": 1, "week": 7, "日": 1, "週間": 7}
_NUMBER = r"(\d+(?:\.\d+)?|an?|half an)"
_SAID = {"a": 1.0, "an": 1.0, "half an": 0.5}
_LENGTHS = (
    (re.compile(_NUMBER + r"\s*(?:years?|年(?:間)?)"), "Y"),
    (re.compile(_NUMBER + r"\s*(?:months?|[かカヶケ箇]月(?:間)?)"), "MO"),
    (re.compile(_NUMBER + r"\s*(?:weeks?|週(?:間)?)"), "W"),
    (re.compile(_NUMBER + r"\s*(?:days?|日(?:間)?)"), "D"),
    (re.compile(_NUMBER + r"\s*(?:hours?|hrs?|時間)"), "H"),
    (re.compile(_NUMBER + r"\s*(?:minutes?|mins?|分(?:間)?)"), "M"),
    (re.compile(_NUMBER + r"\s*(?:seconds?|secs?|秒(?:間)?)"), "S"),
)
_PART = r"(?:\b(?P<ap>[ap])\.?\s?m\b\.?|(?P<oc>o'?\s?clock))"
_TIMES = (
    re.compile(rf"\b(?P<h>\d{{1,2}})[:.](?P<m>\d{{2}})(?::\d{{2}})?\s*{_PART}?"),
    re.compile(
        r"\b(?P<w>half|quarter|\d{1,2})(?: minutes?)? (?P<r>past|after|to|before) (?P<h>\d{1,2})\b\s*" + f"{_PART}?"
    ),
    re.compile(rf"\b(?P<h>\d{{1,2}})\s*{_PART}"),
    re.compile(r"(?P<ja>午前|午後|朝|夜|夕方)?\s*(?P<h>\d{1,2})時(?:(?P<m>\d{1,2})分|(?P<half>半))?"),
)


def date_of(text: str, today: dt.date) -> tuple[str, str] | None:
    """(what was said, `YYYY-MM-DD`) of the date in a text; one without a year is the next such day."""
    said = numeralise(_ORDINAL.sub(lambda found: f"{ordinal(f'{found[1]}-{found[2]}')}th", plain(text)))
    for read in (_named_day, _full_date, _month_day, _japanese_date, _weekday, _in_days, _figures):
        found = read(said, today)
        if found is not None:
            return text.strip(), found.isoformat()
    return None


def time_of(text: str) -> tuple[str, str] | None:
    """(what was said, `HH:MM`) of the time of day in a text."""
    said = numeralise(text)
    for word, value in (("noon", "12:00"), ("midday", "12:00"), ("midnight", "00:00"), ("正午", "12:00")):
        if word in said:
            return text.strip(), value
    for pattern in _TIMES:
        match = pattern.search(said)
        clock = _clock(match.groupdict(), said) if match else None
        if clock:
            return text.strip(), clock
    figures = re.fullmatch(r"(\d{1,2})(\d{2})", said)
    if figures and int(figures[1]) < 24 and int(figures[2]) < 60:
        return text.strip(), f"{int(figures[1]):02}:{figures[2]}"
    return None


def length_of(text: str) -> tuple[str, str] | None:
    """(what was said, `PT1H30M`) of a length of time."""
    said = numeralise(text)
    iso = re.fullmatch(r"p(?:\d+[ymwd])*(?:t(?:\d+[hms])+)?", said)
    if iso and len(said) > 2:
        return text.strip(), said.upper()
    days, clock = "", ""
    for pattern, unit in _LENGTHS:
        match = pattern.search(said)
        if match is None:
            continue
        half = " and a half" in said[match.end() :] or said[match.end() :].startswith("半")
        amount = _SAID[match[1]] if match[1] in _SAID else float(match[1])
        days, clock = _added(days, clock, unit, amount + 0.5 * half)
    return (text.strip(), f"P{days}" + (f"T{clock}" if clock else "")) if days or clock else None


def _added(days: str, clock: str, unit: str, amount: float) -> tuple[str, str]:
    if unit in ("H", "M", "S"):
        whole, rest = int(amount), amount - int(amount)
        if rest and unit in ("H", "M"):
            smaller = {"H": "M", "M": "S"}[unit]
            return days, clock + (f"{whole}{unit}" if whole else "") + f"{round(rest * 60)}{smaller}"
        return days, f"{clock}{whole}{unit}"
    if unit == "Y" and amount % 1:
        return f"{days}{int(amount)}Y{round(amount % 1 * 12)}M", clock
    return f"{days}{int(amount)}{'M' if unit == 'MO' else unit}", clock


def _clock(found: dict[str, str | None], said: str) -> str | None:
    hour, minute = int(found["h"] or 0), int(found.get("m") or 0)
    if found.get("half"):
        minute = 30
    if found.get("w"):
        apart = {"half": 30, "quarter": 15}.get(found["w"] or "") or int(found["w"] or 0)
        minute = apart if found["r"] in ("past", "after") else 60 - apart
        hour = hour if found["r"] in ("past", "after") else hour - 1
    part = found.get("ap") or {"午前": "a", "朝": "a", "午後": "p", "夜": "p", "夕方": "p"}.get(found.get("ja") or "")
    part = part or ("p" if re.search(r"\b(?:afternoon|evening|tonight)\b", said) else None)
    if part == "p" and hour < 12:
        hour += 12
    elif part == "a" and hour == 12:
        hour = 0
    return f"{hour:02}:{minute:02}" if 0 <= hour < 24 and 0 <= minute < 60 else None


def _named_day(said: str, today: dt.date) -> dt.date | None:
    for name, days in _RELATIVE.items():
        if name in said:
            return _shifted(today, days)
    return None


def _full_date(said: str, today: dt.date) -> dt.date | None:
    iso = re.search(r"\b(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})\b", said)
    if iso:
        return _made(int(iso[1]), int(iso[2]), int(iso[3]))
    american = re.search(r"\b(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})\b", said)
    if american:
        year = int(american[3]) + (2000 if len(american[3]) == 2 else 0)
        first, second = int(american[1]), int(american[2])
        return _made(year, first, second) or _made(year, second, first)
    short = re.fullmatch(r"(\d{1,2})[-/](\d{1,2})", said)
    return _next(today, int(short[1]), int(short[2])) if short else None


def _month_day(said: str, today: dt.date) -> dt.date | None:
    parts = re.findall(r"[a-z]+(?:-[a-z]+)?|\d+(?:st|nd|rd|th)?", said)
    month = next((_MONTH[word] for word in parts if word in _MONTH), None)
    if month is None:
        return None
    numbers = [value for word in parts if (value := _day_number(word)) is not None]
    day = next((value for value in numbers if 1 <= value <= 31), None)
    year = next((value for value in numbers if value > 999), None)
    if day is None:
        return None
    return _made(year, month, day) if year else _next(today, month, day)


def _day_number(word: str) -> int | None:
    return int(word) if word.isdigit() and len(word) < 5 else ordinal(word)


def _japanese_date(said: str, today: dt.date) -> dt.date | None:
    match = re.search(r"(?:(?:(令和)(\d+|元)年|(\d{4})年))?\s*(\d{1,2})月\s*(\d{1,2})日?", said)
    if match:
        month, day = int(match[4]), int(match[5])
        if match[1]:
            return _made(2018 + (1 if match[2] == "元" else int(match[2])), month, day)
        return _made(int(match[3]), month, day) if match[3] else _next(today, month, day)
    return None


def _weekday(said: str, today: dt.date) -> dt.date | None:
    japanese = re.search(rf"(来週|今週|再来週)?の?([{_JA_DAYS}])曜日?", said)
    if japanese:
        wanted = _JA_DAYS.index(japanese[2])
        weeks = {"今週": 0, "来週": 1, "再来週": 2}.get(japanese[1])
        return _of_week(today, weeks, wanted)
    parts = re.findall(r"[a-z]+", said)
    wanted_day = next((_DAY[word] for word in parts if word in _DAY), None)
    if wanted_day is None:
        return None
    return _of_week(today, 1 if "next" in parts else None, wanted_day)


def _of_week(today: dt.date, weeks: int | None, weekday: int) -> dt.date | None:
    if weeks is None:
        return _shifted(today, (weekday - today.weekday() - 1) % 7 + 1)
    return _shifted(today, weekday - today.weekday() + 7 * weeks)


def _in_days(said: str, today: dt.date) -> dt.date | None:
    match = re.search(r"\bin (\d{1,4}|a) (day|week)s?\b|(?<!\d)(\d{1,4})\s*(日|週間)後", said)
    if match:
        number = 1 if match[1] == "a" else int(match[1] or match[3])
        return _shifted(today, number * _UNIT_DAYS[match[2] or match[4]])
    if "next week" in said or "来週" in said:
        return _shifted(today, 7)
    return None


def _figures(said: str, today: dt.date) -> dt.date | None:
    """Keyed dates: YYYYMMDD, MMDDYYYY or MMDD."""
    if not re.fullmatch(r"\d{4}|\d{8}", said):
        return None
    if len(said) == 4:
        return _next(today, int(said[:2]), int(said[2:]))
    return _made(int(said[:4]), int(said[4:6]), int(said[6:])) or _made(int(said[4:]), int(said[:2]), int(said[2:4]))


def _shifted(today: dt.date, days: int) -> dt.date | None:
    try:
        return today + dt.timedelta(days=days)
    except OverflowError:
        return None


def _made(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _next(today: dt.date, month: int, day: int) -> dt.date | None:
    for year in range(today.year, min(today.year + 9, 10_000)):
        found = _made(year, month, day)
        if found is not None and found >= today:
            return found
    return None
