"""The engine of historical metrics: adds up what is asked of contacts, by group and interval."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from typing import Any
from zoneinfo import ZoneInfo

import msgspec

from switchroom.core.routing.criteria import Expression
from switchroom.core.tallies import step_text
from switchroom.storage import figures
from switchroom.storage.figures import Conditions
from switchroom.storage.postgres import Database
from switchroom.views.history.intervals import bounds
from switchroom.views.history.metric import (
    DISCONNECT,
    FEATURE,
    HIERARCHY,
    INITIATION,
    STEP,
    SUBTYPE,
    Category,
    Metric,
)

COMPARISONS = {"LT": "<", "LTE": "<="}

_COLUMNS: Mapping[str, str] = {
    "QUEUE": "f.queue",
    "CHANNEL": "f.channel",
    "ROUTING_PROFILE": "f.routing_profile",
    "AGENT": "f.agent",
    SUBTYPE: "f.subtype",
    STEP: "step.expression",
    **{key: f"f.hierarchy[{level}]" for level, key in enumerate(HIERARCHY, start=1)},
}
_NARROWED: Mapping[str, str] = {INITIATION: "f.initiation_method", DISCONNECT: "f.disconnect_reason"}

Group = tuple[str, ...]
Part = tuple[int, Group, list[float | None]]
"""Interval (from 0), group, values."""


class Narrowing(msgspec.Struct, frozen=True):
    """A metric's own filter: the contacts with one of the values, or (`negate`) all others."""

    key: str
    values: tuple[str, ...]
    negate: bool = False


class Asked(msgspec.Struct, frozen=True):
    """A metric as a request wants it; `threshold` is a comparison of `COMPARISONS` and seconds."""

    metric: Metric
    narrowed: tuple[Narrowing, ...] = ()
    threshold: tuple[str, float] | None = None


class Question(msgspec.Struct, frozen=True, kw_only=True):
    """What is asked of an instance for `begin` to before `end` (epoch ms). `filters` are alternatives by key."""

    instance: str
    begin: int
    end: int
    period: str
    zone: ZoneInfo
    filters: Mapping[str, Sequence[str]]
    groupings: Sequence[str]
    metrics: Sequence[Asked]

    @property
    def by_step(self) -> bool:
        """Whether stays in routing steps are counted, not contacts."""
        return STEP in self.groupings or STEP in self.filters


class Report(msgspec.Struct, frozen=True):
    """Values by (interval, group), in the order of `metrics`; None where there is nothing to calculate.

    A group that has anything in the whole span has a value in each interval.
    """

    bounds: list[int]
    groups: list[Group]
    values: dict[tuple[int, Group], dict[int, float | None]]
    empty: list[float | None]

    @property
    def places(self) -> list[tuple[int, Group]]:
        """The rows: interval by interval."""
        return [(interval, group) for interval in range(len(self.bounds) - 1) for group in self.groups]

    def row(self, interval: int, group: Group) -> list[float | None]:
        """The values of a row."""
        known = self.values.get((interval, group), {})
        return [known.get(position, nothing) for position, nothing in enumerate(self.empty)]


Source = Callable[[Database, Question, list[int], list[Asked]], Awaitable[list[Part]]]


async def _contacts(
    database: Database, question: Question, limits: list[int], asked: list[Asked], *, moment: str
) -> list[Part]:
    """Contacts, whole, in the interval of one of their moments."""
    conditions = Conditions(question.instance)
    parts = await figures.add_up(
        database,
        conditions,
        moment=moment,
        bounds=limits,
        where=[_filter(conditions, key, values) for key, values in question.filters.items()],
        groupings={grouping: _COLUMNS[grouping] for grouping in question.groupings},
        values=[_value(conditions, one, question.by_step) for one in asked],
        by_step=question.by_step,
    )
    return [(interval, _named(question, group), values) for interval, group, values in parts]


SOURCES: dict[Category, Source] = {
    "CR": partial(_contacts, moment="disconnected_at"),
    "CE": partial(_contacts, moment="connected_at"),
}
"""Where the values of a category come from."""


async def report(database: Database, question: Question) -> Report:
    """Every value that a question asks for."""
    limits = bounds(question.begin, question.end, question.period, question.zone)
    values: dict[tuple[int, Group], dict[int, float | None]] = {}
    for category in dict.fromkeys(one.metric.category for one in question.metrics):
        positions = [place for place, one in enumerate(question.metrics) if one.metric.category == category]
        found = await SOURCES[category](database, question, limits, [question.metrics[place] for place in positions])
        for interval, group, row in found:
            values.setdefault((interval, group), {}).update(zip(positions, row, strict=True))
    return Report(
        bounds=limits,
        groups=sorted({group for _, group in values}),
        values=values,
        empty=[one.metric.value.nothing for one in question.metrics],
    )


def _filter(conditions: Conditions, key: str, values: Sequence[str]) -> str:
    if key == FEATURE:
        return "false"
    if key == STEP:
        return conditions.write("step.expression = ANY(?::text[]::jsonb[])", list(values))
    return conditions.write(f"{_COLUMNS[key]} = ANY(?::text[])", list(values))


def _value(conditions: Conditions, asked: Asked, by_step: bool) -> str:
    formula = (asked.metric.per_step if by_step else None) or asked.metric.value
    narrow = "".join(f" AND {_narrowing(conditions, one)}" for one in asked.narrowed)
    within = ""
    if asked.threshold is not None:
        comparison, limit = asked.threshold
        within = conditions.write(f"{COMPARISONS[comparison]} ?::float8", limit)
    return formula.bound(narrow, within)


def _narrowing(conditions: Conditions, narrowing: Narrowing) -> str:
    met = conditions.write(f"coalesce({_NARROWED[narrowing.key]} = ANY(?::text[]), false)", list(narrowing.values))
    return f"NOT {met}" if narrowing.negate else met


def _named(question: Question, group: Group) -> Group:
    """A group with its routing step named as everywhere on the wire."""
    if STEP not in question.groupings:
        return group
    place = list(question.groupings).index(STEP)
    named: list[Any] = list(group)
    named[place] = step_text(msgspec.json.decode(named[place], type=Expression))
    return tuple(named)
