"""Timestamps as the REST-JSON protocol writes them: epoch seconds, ISO-8601 or the form of HTTP headers."""

import math
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from typing import Any

from switchroom.base.clock import from_iso

_LATEST = 253402300799.0
"""9999-12-31T23:59:59Z in epoch seconds."""


def parse_timestamp(value: Any) -> float | None:
    """Epoch seconds of a number or text; None if it is neither a moment up to the year 9999."""
    if type(value) is str:
        moment = _from_text(value)
    elif type(value) in (int, float):
        moment = value
    else:
        return None
    return float(moment) if moment is not None and math.isfinite(moment) and abs(moment) <= _LATEST else None


def format_timestamp(moment: Any, form: str) -> Any:
    """`moment` (epoch seconds) as `unixTimestamp`, `iso8601` or `rfc822`."""
    if form == "unixTimestamp":
        return moment
    if type(moment) is str:
        return moment
    when = datetime.fromtimestamp(moment, UTC)
    if form == "iso8601":
        return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return format_datetime(when, usegmt=True)


def _from_text(text: str) -> float | None:
    if len(text) > 64:
        return None
    for parse in (float, lambda value: from_iso(value) / 1000, lambda value: parsedate_to_datetime(value).timestamp()):
        try:
            return parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
