"""Time. Inside Switchroom every moment is an integer of milliseconds since 1970-01-01T00:00:00Z."""

import time
from datetime import UTC, datetime

SECOND = 1_000
MINUTE = 60 * SECOND
HOUR = 60 * MINUTE
DAY = 24 * HOUR


def now_ms() -> int:
    """The wall clock, in epoch milliseconds."""
    return time.time_ns() // 1_000_000


def iso_ms(moment: int) -> str:
    """ISO-8601 in UTC with milliseconds, as events and chat items carry it: `2024-03-01T10:00:00.000Z`."""
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%S}.{moment % 1000:03d}Z"


def iso_s(moment: int) -> str:
    """ISO-8601 in UTC with whole seconds, as contact records carry it: `2024-03-01T10:00:00Z`."""
    return f"{_utc(moment):%Y-%m-%dT%H:%M:%S}Z"


def seconds(moment: int) -> float:
    """Epoch seconds, as REST-JSON timestamps are written."""
    return moment / 1000


def from_seconds(moment: float) -> int:
    """Epoch milliseconds of a REST-JSON timestamp."""
    return round(moment * 1000)


def from_iso(text: str) -> int:
    """Epoch milliseconds of an ISO-8601 text; a text without offset is read as UTC. Raises ValueError."""
    parsed = datetime.fromisoformat(text)
    return round((parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp() * 1000)


def _utc(moment: int) -> datetime:
    return datetime.fromtimestamp(moment // 1000, UTC)
