"""What past contacts say of handle times, after contact work and patience."""

from collections import Counter
from collections.abc import Iterable, Sequence
from math import exp
from statistics import fmean, pstdev
from typing import Any

import msgspec

from switchroom.storage.past import Served

FEW = 30
"""Below so many values only their mean is taken."""


class Patience(msgspec.Struct, frozen=True):
    """How long customers wait before they give up: the mean in seconds, and how many gave up of how many."""

    mean: float
    gave_up: int
    of: int


def seconds_of(rows: Iterable[Served], begin: str, end: str) -> list[float]:
    """The lengths of a part of contacts, in seconds, of those that had it."""
    lengths = ((getattr(row, begin), getattr(row, end)) for row in rows)
    return [(last - first) / 1_000 for first, last in lengths if first is not None and last is not None]


def abandoned(row: Served) -> bool:
    """The customer left while waiting."""
    left = row.disconnected_at is not None and row.dequeued_at in (None, row.disconnected_at)
    return left and row.accepted_at is None and not row.moved


def waited(row: Served) -> tuple[float, bool] | None:
    """(seconds in the queue, whether the customer gave up then); None while they still wait.

    Who was answered, or moved elsewhere, would have waited longer: how much longer is not known.
    """
    end = row.accepted_at or row.dequeued_at or row.disconnected_at
    return None if end is None else (max(0, end - row.enqueued_at) / 1_000, abandoned(row))


def fit_patience(rows: Iterable[Served]) -> Patience | None:
    """The exponential distribution that makes the past likeliest: all time waited, by everybody, per one who gave up.

    Those who were answered count with the time for which they are known to have been patient (censored). None: nobody
    gave up.
    """
    known = [found for row in rows if (found := waited(row)) is not None]
    gave_up = sum(left for _, left in known)
    if not gave_up:
        return None
    return Patience(sum(wait for wait, _ in known) / gave_up, gave_up, len(known))


def survival(waits: Iterable[tuple[float, bool]], moment: float) -> float:
    """Kaplan and Meier: the share of customers who would still wait after `moment` seconds."""
    ends = sorted(waits)
    ending, leaving = Counter(wait for wait, _ in ends), Counter(wait for wait, left in ends if left)
    share, there = 1.0, len(ends)
    for wait in sorted(ending):
        if wait > moment:
            break
        share *= 1 - leaving[wait] / there
        there -= ending[wait]
    return share


def exponential_fits(rows: Sequence[Served], patience: Patience, within: float = 0.1) -> bool:
    """Whether patience is near exponential where it matters: up to its mean, against Kaplan and Meier."""
    known = [found for row in rows if (found := waited(row)) is not None]
    return all(
        abs(survival(known, part * patience.mean) - exp(-part)) <= within
        for part in (0.1, 0.25, 0.5)
        if max(wait for wait, _ in known) >= part * patience.mean
    )


def fit_length(values: Sequence[float], otherwise: float) -> Any:
    """A distribution as scenarios write it: lognormal where there is enough to tell, else the mean."""
    if not values:
        return otherwise
    mean, deviation = fmean(values), pstdev(values)
    if len(values) < FEW or deviation < 0.5 or mean < 0.5:
        return round(mean, 1)
    return {"lognormal": {"mean": round(mean, 1), "deviation": round(deviation, 1)}}
