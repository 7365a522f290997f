"""How good a call sounds (REC-37): a score and issues from what was measured."""

from typing import Any

from switchroom.core import voice_events as v
from switchroom.core.turn import Turn, handles
from switchroom.core.voice_commands import LegMeasured, ReportQuality

LOSS = 0.03
"""Share of packets lost that is heard."""
ROUND_TRIP = 0.3
"""Seconds."""
JITTER_BUFFER = 0.15
"""Seconds."""


def score(loss: float, round_trip: float, jitter: float) -> float:
    """Mean opinion score 1.0..4.5 by the simplified E-model of G.107; `loss` is a share, the rest are seconds."""
    delay = round_trip * 1000 / 2 + jitter * 2000 + 10
    rating = 93.2 - (delay / 40 if delay < 160 else (delay - 120) / 10) - 250 * loss
    rating = min(max(rating, 0.0), 100.0)
    value = 1 + 0.035 * rating + 7e-6 * rating * (rating - 60) * (100 - rating)
    return round(min(max(value, 1.0), 5.0), 2)


def quality(loss: float, round_trip: float, jitter: float, buffered: float) -> dict[str, Any]:
    """`{"score", "issues"}` of a call."""
    issues = {
        "HighPacketLoss": loss > LOSS,
        "HighRoundTripTime": round_trip > ROUND_TRIP,
        "HighJitterBuffer": buffered > JITTER_BUFFER,
    }
    return {"score": score(loss, round_trip, jitter), "issues": [name for name, there in issues.items() if there]}


@handles(ReportQuality)
def report_quality(turn: Turn, command: ReportQuality) -> None:
    """Kept with the contact; a report that comes when the contact has left the desk is too late."""
    slot = turn.state.slot(command.agent, command.contact)
    if slot is not None and slot.channel == "VOICE" and command.contact in turn.state.contacts:
        turn.emit(v.QualityReported(at=turn.now, contact=command.contact, agent=command.agent, quality=command.quality))


@handles(LegMeasured)
def leg_measured(turn: Turn, command: LegMeasured) -> None:
    """For the record, while that is still being made: after contact work is the time it takes."""
    contact = turn.state.contacts.get(command.contact)
    side = "Agent" if command.agent else "Customer"
    if contact is not None and side not in contact.qualities:
        turn.emit(v.LegRated(at=turn.now, contact=contact.id, side=side, quality=command.quality))
