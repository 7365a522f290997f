"""Many plays of a scenario and of its variants: means with confidence intervals, and what a variant changes."""

from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from math import isnan, nan, sqrt

import msgspec

from switchroom.base import memory
from switchroom.features.simulation.measures import Crew, Measures, Row
from switchroom.features.simulation.play import Play
from switchroom.features.simulation.scenario import Scenario

FIGURES = (
    "queued",
    "answered",
    "abandoned",
    "abandonment",
    "service_level",
    "answer_time",
    "abandon_time",
    "longest_wait",
    "queue_length",
    "longest_queue",
    "handle_time",
)
"""Figures of a queue, in the order of reports."""

# Two-sided 95 % points of Student's distribution by degrees of freedom; beyond, the normal distribution is near enough.
_STUDENT = (
    *(nan, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131),
    *(2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)


class Estimate(msgspec.Struct, frozen=True):
    """The mean of a figure over the replications; `low` to `high` holds the true mean with 95 % confidence."""

    mean: float
    low: float
    high: float


class QueueReport(msgspec.Struct, frozen=True):
    """Figures of a queue: of the whole day, and by interval."""

    total: dict[str, Estimate]
    intervals: list[dict[str, Estimate]]


class CrewReport(msgspec.Struct, frozen=True):
    """Figures of the agents of a profile: `occupancy`, `staffed`."""

    total: dict[str, Estimate]
    intervals: list[dict[str, Estimate]]


class Report(msgspec.Struct, frozen=True):
    """What came of a scenario. `all`: all queues together."""

    name: str
    start: str
    interval: int
    replications: int
    service_level: float
    queues: dict[str, QueueReport]
    profiles: dict[str, CrewReport]
    all: dict[str, Estimate]


def study(
    scenario: Scenario, *, workers: int = 1, progress: Callable[[float], None] | None = None
) -> tuple[Report, list[Measures]]:
    """Play all replications, `workers` at a time in processes of their own; `progress` hears the share that is done."""
    seeds = [scenario.seed + number for number in range(scenario.replications)]
    done: list[Measures] = []

    def part(share: float) -> None:
        if progress is not None:
            progress((len(done) + share) / len(seeds))

    if workers == 1:
        for seed in seeds:
            done.append(Play(scenario, seed).run(part))
            part(0)
    else:
        with ProcessPoolExecutor(workers, initializer=memory.compute) as pool:
            for measures in pool.map(_played, [(scenario, seed) for seed in seeds]):
                done.append(measures)
                part(0)
    return report(scenario, done), done


def report(scenario: Scenario, plays: list[Measures]) -> Report:
    """The figures of plays of one scenario."""
    intervals = range(plays[0].intervals)
    return Report(
        name=scenario.name,
        start=scenario.start,
        interval=scenario.interval,
        replications=len(plays),
        service_level=scenario.service_level,
        queues={
            name: QueueReport(
                _rows(one.total(name) for one in plays),
                [_rows(one.row(name, at) for one in plays) for at in intervals],
            )
            for name in scenario.queues
        },
        profiles={
            name: CrewReport(
                _crews(one.crew(name) for one in plays),
                [_crews(one.crew(name, at) for one in plays) for at in intervals],
            )
            for name in scenario.profiles
        },
        all=_rows(one.total() for one in plays),
    )


def difference(before: list[Measures], after: list[Measures], queue: str | None = None) -> dict[str, Estimate]:
    """What a variant changes. The same customers come in both, so each replication is compared with its own."""
    pairs = [(one.total(queue), other.total(queue)) for one, other in zip(before, after, strict=True)]
    return {
        name: estimate(float(getattr(other, name)) - float(getattr(one, name)) for one, other in pairs)
        for name in FIGURES
    }


def compare(
    scenario: Scenario, before: list[Measures], after: list[Measures]
) -> tuple[dict[str, Estimate], dict[str, dict[str, Estimate]]]:
    """What a variant changes over all queues, and in each queue that both have; the fewer of the replications count."""
    pairs = min(len(before), len(after))
    first, others = before[:pairs], after[:pairs]
    shared = [name for name in scenario.queues if first and first[0].has(name)]
    return difference(first, others), {name: difference(first, others, name) for name in shared}


def estimate(values: Iterable[float]) -> Estimate:
    """Mean and 95 % confidence interval of independent values; those that are NaN do not count."""
    found = [value for value in values if not isnan(value)]
    if not found:
        return Estimate(nan, nan, nan)
    mean = sum(found) / len(found)
    if len(found) < 2:
        return Estimate(mean, nan, nan)
    spread = sqrt(sum((value - mean) ** 2 for value in found) / (len(found) - 1) / len(found))
    freedom = len(found) - 1
    half = spread * (_STUDENT[freedom] if freedom < len(_STUDENT) else 1.96)
    return Estimate(mean, mean - half, mean + half)


def _rows(rows: Iterable[Row]) -> dict[str, Estimate]:
    found = list(rows)
    return {name: estimate(float(getattr(row, name)) for row in found) for name in FIGURES}


def _crews(crews: Iterable[Crew]) -> dict[str, Estimate]:
    found = list(crews)
    return {
        "occupancy": estimate(crew.occupancy for crew in found),
        "staffed": estimate(crew.staffed for crew in found),
    }


def _played(task: tuple[Scenario, int]) -> Measures:
    return Play(*task).run()
