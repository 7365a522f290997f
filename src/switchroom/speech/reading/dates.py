"""Dates as people write them, taken apart."""

import re
from dataclasses import dataclass

_FORMS = {"mdy", "dmy", "ymd", "md", "dm", "ym", "my", "d", "m", "y"}


@dataclass(frozen=True, slots=True)
class Parts:
    """What is known of a date."""

    year: int | None = None
    month: int | None = None
    day: int | None = None


def parts_of(text: str, form: str) -> Parts | None:
    """`text` by an SSML date format (mdy, dmy, ymd, yyyymmdd, md ...); None if it is no such date.

    Without a format: year first if the first number has four digits, else month first.
    """
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1 and len(numbers[0]) == 8:
        numbers, form = _eight(numbers[0], form)
    if form not in _FORMS:
        form = "ymd" if numbers and len(numbers[0]) == 4 else "mdy"
        form = form[: len(numbers)] if len(numbers) < 3 else form
    if len(numbers) != len(form):
        return None
    found = dict(zip(form, map(int, numbers), strict=True))
    if not 1 <= found.get("m", 1) <= 12 or not 1 <= found.get("d", 1) <= 31:
        return None
    year = found.get("y")
    if year is not None and year < 100:
        year += 2000 if year < 70 else 1900
    return Parts(year, found.get("m"), found.get("d"))


def _eight(digits: str, form: str) -> tuple[list[str], str]:
    if form in ("mdy", "dmy"):
        return [digits[:2], digits[2:4], digits[4:]], form
    return [digits[:4], digits[4:6], digits[6:]], "ymd"
