"""Hours of operation (ROUT-33..36): when a set is open, when that changes, and what overrides do to it.

Times of day are minutes since local midnight, 0..1440; moments are epoch milliseconds; dates are those of the
set's time zone.

Overrides. A STANDARD override replaces the hours of every date it covers; among several that cover a date the one
with the shortest range counts. Otherwise OPEN overrides add their times to the weekly hours and CLOSED ones take
theirs away, also from what OPEN adds.
"""

import calendar
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from msgspec import Struct

from switchroom.base.errors import ServiceError, invalid_parameter

DAYS = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
FULL_DAY = 24 * 60
_HORIZON = 366
_WEEKLY_HORIZON = 15


class Interval(Struct, frozen=True, order=True):
    """Open from `start` until just before `end`."""

    start: int = 0
    end: int = FULL_DAY


class DayInterval(Struct, frozen=True):
    """An interval of one weekday (`MONDAY`..), or of any day when `day` is None."""

    day: str | None
    interval: Interval


class Recurrence(Struct, frozen=True):
    """Every `interval` weeks, months or years, counted from the override's first date."""

    frequency: Literal["WEEKLY", "MONTHLY", "YEARLY"]
    interval: int = 1
    month: int | None = None
    month_day: int | None = None
    weekday_occurrence: int | None = None


class Override(Struct, frozen=True):
    """Other hours on the dates from `first` to `last`, both included."""

    name: str
    first: date
    last: date
    config: tuple[DayInterval, ...]
    type: Literal["STANDARD", "OPEN", "CLOSED"] = "STANDARD"
    recurrence: Recurrence | None = None


class Hours(Struct, frozen=True):
    """A set of hours of operation."""

    time_zone: str
    config: tuple[DayInterval, ...] = ()
    overrides: tuple[Override, ...] = ()
    id: str = ""
    name: str = ""


def read_hours(body: Mapping[str, Any], overrides: Iterable[Mapping[str, Any]] = (), *, identifier: str = "") -> Hours:
    """A set from the API's members (`TimeZone`, `Config`, `Name`) and those of its overrides."""
    return Hours(
        time_zone=body["TimeZone"],
        config=tuple(_day_interval(item) for item in body.get("Config") or ()),
        overrides=tuple(read_override(item) for item in overrides),
        id=identifier,
        name=body.get("Name") or "",
    )


def read_override(body: Mapping[str, Any]) -> Override:
    """An override from the API's members. Raises InvalidParameterException for dates that are none."""
    pattern = (body.get("RecurrenceConfig") or {}).get("RecurrencePattern")
    return Override(
        name=body.get("Name") or "",
        first=read_date(body["EffectiveFrom"]),
        last=read_date(body["EffectiveTill"]),
        config=tuple(_day_interval(item) for item in body.get("Config") or ()),
        type=body.get("OverrideType") or "STANDARD",
        recurrence=None if pattern is None else _recurrence(pattern),
    )


def read_date(text: str) -> date:
    """A date `2024-03-01`. Raises InvalidParameterException."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise invalid_parameter(f"{text!r} is not a date") from None


def known_time_zone(name: str) -> bool:
    """Whether the time zone exists; fixed-rule zones like `EST5EDT` do (ROUT-36)."""
    return name in available_timezones()


def is_open(hours: Hours, at: int) -> bool:
    """Whether the set is open at a moment; an unknown time zone raises InvalidParameterException."""
    local = datetime.fromtimestamp(at / 1000, _zone(hours.time_zone))
    minute = local.hour * 60 + local.minute
    return any(interval.start <= minute < interval.end for interval in effective(hours, local.date()))


def next_change(hours: Hours, at: int) -> int | None:
    """The first moment after `at` at which the set opens or closes; None when it never does (or not within a year)."""
    now_open = is_open(hours, at)
    zone = _zone(hours.time_zone)
    today = datetime.fromtimestamp(at / 1000, zone).date()
    for ahead in range(_HORIZON if hours.overrides else _WEEKLY_HORIZON):
        for moment in _boundaries(hours, today + timedelta(days=ahead), zone):
            if moment > at and is_open(hours, moment) != now_open:
                return moment
    return None


def effective(hours: Hours, day: date) -> tuple[Interval, ...]:
    """The opening times of a date with the overrides applied, in order, none touching another."""
    covering = [override for override in hours.overrides if _covers(override, day)]
    standard = [override for override in covering if override.type == "STANDARD"]
    if standard:
        chosen = min(standard, key=lambda override: (override.last - override.first, override.name))
        return _union(_of_day(chosen.config, day))
    times = list(_of_day(hours.config, day))
    for override in covering:
        if override.type == "OPEN":
            times.extend(_of_day(override.config, day))
    closed = [interval for one in covering if one.type == "CLOSED" for interval in _of_day(one.config, day)]
    return _minus(_union(times), closed)


def effective_hours(hours: Hours, first: date, last: date) -> dict[str, Any]:
    """The output of `GetEffectiveHoursOfOperations` for the dates from `first` to `last`, both included."""
    effective_list, override_list = [], []
    for ahead in range((last - first).days + 1):
        day = first + timedelta(days=ahead)
        effective_list.append(
            {"Date": day.isoformat(), "OperationalHours": [_slices(interval) for interval in effective(hours, day)]}
        )
        applied = [_override_hour(override, interval) for override, interval in _applied(hours, day)]
        if applied:
            override_list.append({"Date": day.isoformat(), "OverrideHours": applied})
    return {
        "EffectiveHoursOfOperationList": effective_list,
        "EffectiveOverrideHoursList": override_list,
        "TimeZone": hours.time_zone,
    }


# reading


def _day_interval(item: Mapping[str, Any]) -> DayInterval:
    start, end = _minutes(item.get("StartTime")), _minutes(item.get("EndTime"))
    return DayInterval(item.get("Day"), Interval(start, end if end else FULL_DAY))


def _minutes(time: Mapping[str, Any] | None) -> int:
    return 0 if time is None else int(time["Hours"]) * 60 + int(time["Minutes"])


def _recurrence(pattern: Mapping[str, Any]) -> Recurrence:
    return Recurrence(
        pattern["Frequency"],
        pattern.get("Interval") or 1,
        _only(pattern.get("ByMonth")),
        _only(pattern.get("ByMonthDay")),
        _only(pattern.get("ByWeekdayOccurrence")),
    )


def _only(values: list[int] | None) -> int | None:
    return values[0] if values else None


@cache
def _zone(name: str) -> ZoneInfo:
    if not known_time_zone(name):
        raise _unknown_zone(name)
    return ZoneInfo(name)


def _unknown_zone(name: str) -> ServiceError:
    return invalid_parameter(f"{name} is not a time zone")


# dates


def _covers(override: Override, day: date) -> bool:
    if not override.first <= day <= override.last:
        return False
    if override.recurrence is not None:
        return _recurs(override.recurrence, override.first, day)
    return override.type == "STANDARD" or any(True for _ in _of_day(override.config, day))


def _recurs(rule: Recurrence, first: date, day: date) -> bool:
    if rule.frequency == "WEEKLY":
        weeks = (day - timedelta(days=day.weekday()) - first + timedelta(days=first.weekday())).days // 7
        return weeks % rule.interval == 0
    months = (day.year - first.year) * 12 + day.month - first.month
    if rule.frequency == "MONTHLY":
        return months % rule.interval == 0 and _in_month(rule, first, day)
    if (day.year - first.year) % rule.interval or day.month != (rule.month or first.month):
        return False
    return _in_month(rule, first, day)


def _in_month(rule: Recurrence, first: date, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if rule.weekday_occurrence is not None:
        if rule.weekday_occurrence == -1:
            return day.day + 7 > last
        return (day.day - 1) // 7 + 1 == rule.weekday_occurrence
    wanted = rule.month_day or first.day
    return day.day == (last if wanted == -1 else wanted)


def _of_day(config: Iterable[DayInterval], day: date) -> Iterator[Interval]:
    name = DAYS[day.weekday()]
    return (item.interval for item in config if item.day in (None, name))


def _applied(hours: Hours, day: date) -> Iterator[tuple[Override, Interval]]:
    for override in hours.overrides:
        if _covers(override, day):
            times = tuple(_of_day(override.config, day))
            for interval in times or ((Interval(),) if override.type == "STANDARD" else ()):
                yield (override, interval) if times else (_closed(override), interval)


def _closed(override: Override) -> Override:
    return Override(override.name, override.first, override.last, (), "CLOSED")


def _union(intervals: Iterable[Interval]) -> tuple[Interval, ...]:
    merged: list[Interval] = []
    for interval in sorted(interval for interval in intervals if interval.start < interval.end):
        if merged and interval.start <= merged[-1].end:
            merged[-1] = Interval(merged[-1].start, max(merged[-1].end, interval.end))
        else:
            merged.append(interval)
    return tuple(merged)


def _minus(intervals: tuple[Interval, ...], closed: Iterable[Interval]) -> tuple[Interval, ...]:
    for gap in closed:
        pieces = [
            piece
            for interval in intervals
            for piece in (
                Interval(interval.start, min(interval.end, gap.start)),
                Interval(max(interval.start, gap.end), interval.end),
            )
        ]
        intervals = _union(pieces)
    return intervals


def _boundaries(hours: Hours, day: date, zone: ZoneInfo) -> list[int]:
    """Moments of a date at which the set may open or close: ends of intervals, and a change of the clock."""
    midnight = datetime(day.year, day.month, day.day)
    minutes = {0, *(minute for interval in effective(hours, day) for minute in (interval.start, interval.end))}
    walls = [midnight + timedelta(minutes=minute) for minute in minutes]
    moments = {_moment(wall.replace(tzinfo=zone, fold=fold)) for wall in walls for fold in (0, 1)}
    start, end = _moment(midnight.replace(tzinfo=zone)), _moment((midnight + timedelta(days=1)).replace(tzinfo=zone))
    change = _clock_change(zone, start, end)
    return sorted(moments if change is None else {*moments, change})


def _clock_change(zone: ZoneInfo, start: int, end: int) -> int | None:
    """The moment, exact to a minute, at which the offset from UTC changes between two moments."""
    before = _offset(zone, start)
    if before == _offset(zone, end):
        return None
    low, high = start // 60_000, end // 60_000
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(zone, middle * 60_000) == before else (low, middle)
    return high * 60_000


def _offset(zone: ZoneInfo, moment: int) -> timedelta | None:
    return datetime.fromtimestamp(moment // 1000, zone).utcoffset()


def _moment(wall: datetime) -> int:
    return round(wall.astimezone(UTC).timestamp() * 1000)


# writing


def _slices(interval: Interval) -> dict[str, Any]:
    return {"Start": _slice(interval.start), "End": _slice(interval.end)}


def _slice(minutes: int) -> dict[str, int]:
    return {"Hours": minutes // 60 % 24, "Minutes": minutes % 60}


def _override_hour(override: Override, interval: Interval) -> dict[str, Any]:
    status = "CLOSED" if override.type == "CLOSED" else "OPEN"
    return {**_slices(interval), "OverrideName": override.name, "OperationalStatus": status}
