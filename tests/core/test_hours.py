"""Hours of operation (routing.md section 8) and their overrides."""

from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.base.clock import from_iso, iso_s
from switchroom.base.errors import ServiceError
from switchroom.core.hours import Hours, effective_hours, is_open, known_time_zone, next_change, read_hours

WEEK = ("MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY")
WORKDAYS = WEEK[:5]


def times(text: str) -> dict[str, Any]:
    """`09:00-17:00` as the API writes it."""
    start, end = (dict(zip(("Hours", "Minutes"), map(int, part.split(":")), strict=True)) for part in text.split("-"))
    return {"StartTime": start, "EndTime": end}


def config(days: tuple[str, ...], *intervals: str) -> list[dict[str, Any]]:
    return [{"Day": day, **times(interval)} for day in days for interval in intervals]


def hours(zone: str, *parts: list[dict[str, Any]], overrides: list[dict[str, Any]] | None = None) -> Hours:
    body = {"Name": "Basic Hours", "TimeZone": zone, "Config": [item for part in parts for item in part]}
    return read_hours(body, overrides or [])


def override(
    first: str, last: str, listed: list[dict[str, Any]], kind: str = "STANDARD", **pattern: Any
) -> dict[str, Any]:
    body = {"Name": kind.lower(), "EffectiveFrom": first, "EffectiveTill": last, "Config": listed, "OverrideType": kind}
    return body | ({"RecurrenceConfig": {"RecurrencePattern": pattern}} if pattern else {})


def open_at(one: Hours, moment: str) -> bool:
    return is_open(one, from_iso(moment))


def change_after(one: Hours, moment: str) -> str | None:
    change = next_change(one, from_iso(moment))
    return None if change is None else iso_s(change)


def open_minutes(one: Hours, day: str) -> int:
    start = from_iso(f"{day}T00:00:00Z")
    return sum(is_open(one, start + minute * 60_000) for minute in range(24 * 60))


def test_days_and_times() -> None:
    """ROUT-33: an interval holds from its start until just before its end, on its day, in its time zone."""
    one = hours("Asia/Tokyo", config(("MONDAY",), "09:00-17:00"))
    assert not open_at(one, "2024-03-03T23:59:59Z")
    assert open_at(one, "2024-03-04T00:00:00Z")
    assert open_at(one, "2024-03-04T07:59:59Z")
    assert not open_at(one, "2024-03-04T08:00:00Z")
    assert not open_at(one, "2024-03-05T00:00:00Z")


def test_midnight() -> None:
    """ROUT-34: 10:00AM-12:00AM is 14 hours; 12:00AM-12:00AM is the whole day, every day always open."""
    assert open_minutes(hours("UTC", config(("MONDAY",), "10:00-00:00")), "2024-03-04") == 14 * 60
    always = hours("UTC", config(WEEK, "00:00-00:00"))
    assert open_minutes(always, "2024-03-04") == 24 * 60
    assert next_change(always, from_iso("2024-03-04T12:00:00Z")) is None


def test_lunch_and_weekend() -> None:
    """ROUT-35: several intervals a day; a day with none is closed."""
    one = hours("UTC", config(WORKDAYS, "09:00-12:00", "13:00-17:00"))
    assert open_at(one, "2024-03-04T11:59:00Z")
    assert not open_at(one, "2024-03-04T12:30:00Z")
    assert open_at(one, "2024-03-04T13:00:00Z")
    assert open_minutes(one, "2024-03-09") == 0
    assert open_minutes(one, "2024-03-10") == 0


def test_daylight_saving() -> None:
    """ROUT-36: New York 09:00-17:00 is closed at 13:30Z on 8 March 2024 and open on 11 March."""
    one = hours("America/New_York", config(WORKDAYS, "09:00-17:00"))
    assert not open_at(one, "2024-03-08T13:30:00Z")
    assert open_at(one, "2024-03-11T13:30:00Z")


@pytest.mark.parametrize(("zone", "standard"), [("EST5EDT", 5), ("CST6CDT", 6), ("PST8PDT", 8)])
def test_fixed_rule_zones(zone: str, standard: int) -> None:
    """ROUT-36: EST5EDT is UTC-5, UTC-4 in daylight time; likewise its relatives."""
    one = hours(zone, config(WORKDAYS, "09:00-10:00"))
    assert known_time_zone(zone)
    assert open_at(one, f"2024-01-15T{9 + standard:02}:00:00Z")
    assert not open_at(one, f"2024-01-15T{8 + standard:02}:59:59Z")
    assert open_at(one, f"2024-07-15T{8 + standard:02}:00:00Z")
    assert not open_at(one, f"2024-07-15T{9 + standard:02}:00:00Z")


def test_unknown_time_zone() -> None:
    """A time zone that does not exist is refused."""
    assert not known_time_zone("Mars/Olympus")
    with pytest.raises(ServiceError):
        is_open(hours("Mars/Olympus"), 0)


def test_next_change() -> None:
    """ROUT-33: when the set opens or closes next; a change of the clock counts."""
    one = hours("America/New_York", config(WORKDAYS, "09:00-12:00", "13:00-17:00"))
    assert change_after(one, "2024-03-08T12:00:00Z") == "2024-03-08T14:00:00Z"
    assert change_after(one, "2024-03-08T14:00:00Z") == "2024-03-08T17:00:00Z"
    assert change_after(one, "2024-03-08T22:00:00Z") == "2024-03-11T13:00:00Z"
    gap = hours("America/New_York", config(("SUNDAY",), "02:30-04:00"))
    assert change_after(gap, "2024-03-10T06:00:00Z") == "2024-03-10T07:00:00Z"
    assert next_change(hours("UTC"), 0) is None


intervals = st.tuples(st.integers(0, 23), st.sampled_from([0, 15, 30]), st.integers(1, 24)).map(
    lambda time: f"{time[0]}:{time[1]:02}-{min(time[0] + time[2], 24) % 24}:00"
)


@given(
    zone=st.sampled_from(["America/New_York", "Australia/Lord_Howe", "Asia/Tokyo", "Europe/London"]),
    listed=st.lists(st.tuples(st.sampled_from(WEEK), intervals), max_size=5),
    start=st.integers(from_iso("2024-03-01T00:00:00Z") // 60_000, from_iso("2024-11-30T00:00:00Z") // 60_000),
)
def test_nothing_changes_before_the_next_change(zone: str, listed: list[tuple[str, str]], start: int) -> None:
    """Minute by minute, also across changes of the clock."""
    one = hours(zone, *(config((day,), interval) for day, interval in listed))
    at = start * 60_000
    now_open, change = is_open(one, at), next_change(one, at)
    if change is not None:
        assert is_open(one, change) != now_open
    last = min(change or at + 8 * 86_400_000, at + 36 * 3_600_000)
    assert all(is_open(one, moment) == now_open for moment in range(at, last, 5 * 60_000))


def test_standard_override_replaces_the_day() -> None:
    """ROUT-33: other hours on a date; a date without times is closed; the shorter range counts."""
    holiday = override("2024-12-25", "2024-12-25", [])
    season = override("2024-12-23", "2024-12-27", config(WORKDAYS, "10:00-12:00"))
    one = hours("UTC", config(WORKDAYS, "09:00-17:00"), overrides=[season, holiday])
    assert open_minutes(one, "2024-12-20") == 8 * 60
    assert open_minutes(one, "2024-12-24") == 2 * 60
    assert open_minutes(one, "2024-12-25") == 0
    assert change_after(one, "2024-12-24T12:00:00Z") == "2024-12-26T10:00:00Z"


def test_open_and_closed_overrides() -> None:
    """ROUT-33: OPEN adds to the weekly hours, CLOSED takes away, also from what was added."""
    one = hours(
        "UTC",
        config(WORKDAYS, "09:00-17:00"),
        overrides=[
            override("2024-03-04", "2024-03-05", config(WORKDAYS, "16:00-20:00"), "OPEN"),
            override("2024-03-05", "2024-03-05", config(WORKDAYS, "12:00-18:00"), "CLOSED"),
        ],
    )
    output = effective_hours(one, date(2024, 3, 4), date(2024, 3, 6))
    slices = [
        [(time["Start"]["Hours"], time["End"]["Hours"]) for time in item["OperationalHours"]]
        for item in output["EffectiveHoursOfOperationList"]
    ]
    assert slices == [[(9, 20)], [(9, 12), (18, 20)], [(9, 17)]]
    assert [item["Date"] for item in output["EffectiveOverrideHoursList"]] == ["2024-03-04", "2024-03-05"]
    assert output["EffectiveOverrideHoursList"][1]["OverrideHours"] == [
        {"Start": {"Hours": 16, "Minutes": 0}, "End": {"Hours": 20, "Minutes": 0}, "OverrideName": "open",
         "OperationalStatus": "OPEN"},
        {"Start": {"Hours": 12, "Minutes": 0}, "End": {"Hours": 18, "Minutes": 0}, "OverrideName": "closed",
         "OperationalStatus": "CLOSED"},
    ]  # fmt: skip
    assert output["TimeZone"] == "UTC"


@pytest.mark.parametrize(
    ("pattern", "day", "expected"),
    [
        ({"Frequency": "WEEKLY", "Interval": 2}, "2024-01-02", True),
        ({"Frequency": "WEEKLY", "Interval": 2}, "2024-01-09", False),
        ({"Frequency": "WEEKLY", "Interval": 2}, "2024-01-16", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [15]}, "2024-05-15", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [15]}, "2024-05-16", False),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [-1]}, "2024-02-29", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByMonthDay": [31]}, "2024-02-29", False),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByWeekdayOccurrence": [-1]}, "2024-05-28", True),
        ({"Frequency": "MONTHLY", "Interval": 1, "ByWeekdayOccurrence": [-1]}, "2024-05-21", False),
        ({"Frequency": "YEARLY", "Interval": 1, "ByMonth": [4], "ByWeekdayOccurrence": [2]}, "2025-04-08", True),
        ({"Frequency": "YEARLY", "Interval": 1, "ByMonth": [4], "ByWeekdayOccurrence": [2]}, "2025-04-15", False),
        ({"Frequency": "YEARLY", "Interval": 2, "ByMonth": [4], "ByWeekdayOccurrence": [2]}, "2025-04-08", False),
    ],
)
def test_recurring_closure(pattern: dict[str, Any], day: str, expected: bool) -> None:
    """ROUT-33: weekly, monthly and yearly events (all on a Tuesday where the day counts)."""
    days = () if "ByMonthDay" in pattern else ("TUESDAY",)
    listed = config(days, "00:00-00:00") if days else [times("00:00-00:00")]
    closed = override("2024-01-01", "2030-12-31", listed, "CLOSED", **pattern)
    one = hours("UTC", config(WEEK, "09:00-17:00"), overrides=[closed])
    assert (open_minutes(one, day) == 0) is expected
