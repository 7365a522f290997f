"""Intervals of a report: quarters of an hour to weeks, by the clock of a time zone (MET-91, MET-92)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from switchroom.base.clock import DAY, HOUR, MINUTE

PERIODS = ("FIFTEEN_MIN", "THIRTY_MIN", "HOUR", "DAY", "WEEK", "TOTAL")
_CLOCK = {"FIFTEEN_MIN": 15 * MINUTE, "THIRTY_MIN": 30 * MINUTE, "HOUR": HOUR}
_DAYS = {"DAY": 1, "WEEK": 7}
_SHORT, _LONG = 3 * DAY, 35 * DAY


def longest(period: str) -> int:
    """How long a request may be, in milliseconds; it has to be shorter."""
    return _SHORT if period in _CLOCK else _LONG


def bounds(begin: int, end: int, period: str, zone: ZoneInfo) -> list[int]:
    """The moments (epoch ms) at which intervals begin, `begin` first, and `end`.

    Intervals change at quarters, halves and hours of the zone's clock, at its midnights, or at the midnights before
    its Mondays; the first and the last are what of them lies within `begin` and `end`.
    """
    found = [begin]
    while found[-1] < end:
        found.append(min(_next(found[-1], period, zone, end), end))
    return found


def _next(moment: int, period: str, zone: ZoneInfo, end: int) -> int:
    """The first change of interval after a moment."""
    if period == "TOTAL":
        return end
    local = datetime.fromtimestamp(moment // 1000, zone)
    if period in _CLOCK:
        length, offset = _CLOCK[period], local.utcoffset() or timedelta()
        return moment + length - (moment + int(offset.total_seconds()) * 1000) % length
    date = local.date()
    ahead = 1 if _DAYS[period] == 1 else 7 - date.weekday()
    while True:
        following = date + timedelta(days=ahead)
        begins = int(datetime(following.year, following.month, following.day, tzinfo=zone).timestamp()) * 1000
        if begins > moment:
            return begins
        ahead += _DAYS[period]
