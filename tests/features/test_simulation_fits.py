"""What a draft makes of the past: patience behind censored waits, times, shifts and breaks."""

from random import Random
from statistics import fmean
from typing import Any

import msgspec
import pytest

from switchroom.base.clock import HOUR, MINUTE
from switchroom.core import events as e
from switchroom.features.simulation.fitting import (
    exponential_fits,
    fit_length,
    fit_patience,
    seconds_of,
    survival,
    waited,
)
from switchroom.features.simulation.staffing import presences, shift_form
from switchroom.storage.past import Served


def served(**members: Any) -> Served:
    """A contact; times in ms from its entry into the queue."""
    given = {name: members.get(name) for name in Served.__struct_fields__}
    plain = {"queue": "Q", "channel": "VOICE", "enqueued_at": 0, "moved": False, "priority": 5, "attempts": 1}
    return Served(**{**given, **plain, "needs": False, **members})


def customers(random: Random, patience: Any, offered: Any, number: int) -> list[Served]:
    """Customers who give up after `patience` unless they are answered after `offered`, both in seconds."""
    rows = []
    for _ in range(number):
        leaves, answered = int(patience(random) * 1_000), int(offered(random) * 1_000)
        if answered < leaves:
            rows.append(served(accepted_at=answered, dequeued_at=answered, disconnected_at=answered + 60_000))
        else:
            rows.append(served(dequeued_at=leaves, disconnected_at=leaves))
    return rows


def test_patience_behind_answers() -> None:
    """Most are answered long before they would give up; the mean of those who did is not the patience, the fit is."""
    rows = customers(Random(2), lambda random: random.expovariate(1 / 90), lambda random: random.uniform(0, 60), 6_000)
    found = fit_patience(rows)
    assert found is not None and found.of == 6_000
    assert found.mean == pytest.approx(90, rel=0.05)
    naive = fmean(row.disconnected_at / 1_000 for row in rows if row.accepted_at is None and row.disconnected_at)
    assert naive < 40
    assert exponential_fits(rows, found)
    assert survival([one for row in rows if (one := waited(row))], 30) == pytest.approx(0.7165, abs=0.02)
    stubborn = customers(Random(2), lambda random: 50, lambda random: random.uniform(0, 60), 6_000)
    other = fit_patience(stubborn)
    assert other is not None and not exponential_fits(stubborn, other)
    assert fit_patience([served(accepted_at=10, dequeued_at=10)]) is None


def test_who_gave_up() -> None:
    """Moved to another queue, or taken out by a flow, is not given up; who waits still tells nothing."""
    assert waited(served(dequeued_at=5_000, disconnected_at=5_000)) == (5, True)
    assert waited(served(disconnected_at=5_000)) == (5, True)
    assert waited(served(dequeued_at=5_000, disconnected_at=9_000)) == (5, False)
    assert waited(served(dequeued_at=5_000, disconnected_at=5_000, moved=True)) == (5, False)
    assert waited(served()) is None


def test_times() -> None:
    """Lognormal with the recorded mean and deviation where there is enough to tell; unfinished ones do not count."""
    random = Random(3)
    lengths = [random.lognormvariate(5, 0.6) for _ in range(4_000)]
    rows = [served(connected_at=100, left_at=100 + int(one * 1_000)) for one in lengths]
    found = fit_length(seconds_of([*rows, served(connected_at=5)], "connected_at", "left_at"), 1)
    assert found["lognormal"]["mean"] == pytest.approx(fmean(lengths), rel=1e-3)
    assert fit_length([10, 20], 1) == 15
    assert fit_length([], 300) == 300
    assert fit_length([60.0] * 100, 1) == 60


def test_shifts_and_breaks() -> None:
    """ROUT-64: from the first to the last time somebody was Available that day; a longer pause is a break."""
    day = 100 * HOUR

    def at(agent: str, moment: int, kind: str) -> tuple[int, bytes]:
        event = e.StatusSet(at=day + moment, agent=agent, status=kind.lower(), status_type=kind)  # type: ignore[arg-type]
        return 0, msgspec.json.encode(event)

    before = [at("night", -HOUR, "ROUTABLE"), at("gone", -HOUR, "OFFLINE")]
    during = [
        at("night", 6 * HOUR + 4 * MINUTE, "OFFLINE"),
        at("day", 8 * HOUR + 2 * MINUTE, "ROUTABLE"),
        at("day", 10 * HOUR, "CUSTOM"),
        at("day", 10 * HOUR + 2 * MINUTE, "ROUTABLE"),
        at("day", 12 * HOUR - MINUTE, "CUSTOM"),
        at("day", 12 * HOUR + 31 * MINUTE, "ROUTABLE"),
        at("day", 17 * HOUR, "OFFLINE"),
        at("late", 20 * HOUR, "ROUTABLE"),
    ]
    found = presences(before, during, day, day + 24 * HOUR)
    assert {agent: shift_form(one, 24 * HOUR) for agent, one in found.items()} == {
        "night": {"shift": "00:00-06:00"},
        "day": {"shift": "08:00-17:00", "breaks": ["12:00-12:30"]},
        "late": {"shift": "20:00-00:00"},
    }
