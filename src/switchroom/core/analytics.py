"""What Set recording and analytics behavior asks of the analysis of a conversation (BLK-128, BLK-129, BLK-131)."""

from collections.abc import Mapping
from typing import Any


def is_on(behavior: Mapping[str, Any] | None) -> bool:
    """Whether an `AnalyticsBehavior` switches analysis on."""
    return behavior is not None and str(behavior.get("Enabled", "False")).lower() == "true"


def later(before: Mapping[str, Any] | None, now: Mapping[str, Any] | None, channel: str) -> Mapping[str, Any] | None:
    """The behaviour after a further block: on a call the later one counts; in a chat what is on stays on."""
    if channel == "CHAT" and is_on(before) and not is_on(now):
        return before
    return now


def without(recording: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Who is recorded, for the next contact of a chain: its analysis must be switched on again (BLK-132)."""
    return None if recording is None else {key: value for key, value in recording.items() if key != "Analytics"}
