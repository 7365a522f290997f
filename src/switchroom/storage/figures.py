"""Figures of contacts, one narrow row each, and what is added up from them (metrics.md).

The table `contact_figures` is a copy, row by row, of the view `contact_figures_now` over the table of contacts: made
anew in the transaction that changes a contact, and at any time by emptying the table and copying the view again.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import asyncpg
import msgspec

from switchroom.storage.postgres import Database

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

_COPIED = (
    *("channel", "subtype", "initiation_method", "disconnect_reason", "queue", "routing_profile", "agent", "hierarchy"),
    *("connected_at", "disconnected_at", "abandoned", "queue_s", "interaction_s", "hold_s", "holds", "pause_s"),
    *("paused", "work_s", "handle_s", "duration_s", "resolution_s", "next_method", "sent_outside", "steps"),
)
_REFRESH = (
    "INSERT INTO contact_figures SELECT * FROM contact_figures_now WHERE instance = $1 AND contact = $2 "
    f"ON CONFLICT (instance, contact) DO UPDATE SET {', '.join(f'{name} = excluded.{name}' for name in _COPIED)}"
)
_STEPS = (
    " CROSS JOIN LATERAL jsonb_to_recordset(f.steps)"
    " AS step (expression jsonb, joined boolean, expired boolean, dropped boolean)"
)


async def refresh(connection: "Connection", contacts: Iterable[tuple[str, str]]) -> None:
    """Make the figures of some contacts, given as (instance, contact), anew from their rows.

    One by one: so PostgreSQL keeps the plan, whose making costs several times what it does.
    """
    await connection.executemany(_REFRESH, list(contacts))


class Formula(msgspec.Struct, frozen=True):
    """A value of a group of contacts, as SQL over `contact_figures f`.

    `{narrow}` stands where the conditions of a metric's own filters go, `{within}` where a threshold goes. `nothing`
    is the value of no contacts at all.
    """

    sql: str
    nothing: float | None = None

    def bound(self, narrow: str, within: str) -> str:
        """With the conditions of one request."""
        return self.sql.replace("{narrow}", narrow).replace("{within}", within)


def count(condition: str) -> Formula:
    """How many meet a condition."""
    return Formula(f"count(*) FILTER (WHERE {condition}{{narrow}})", 0.0)


def total(column: str, condition: str) -> Formula:
    """The sum of a column; 0 for no contacts."""
    return Formula(f"coalesce(sum({column}) FILTER (WHERE {condition}{{narrow}}), 0)", 0.0)


def mean(column: str, condition: str) -> Formula:
    """The mean of a column where it is known; null for no contacts."""
    return Formula(f"avg({column}) FILTER (WHERE {condition}{{narrow}})")


def largest(column: str, condition: str) -> Formula:
    """The largest value of a column; null for no contacts."""
    return Formula(f"max({column}) FILTER (WHERE {condition}{{narrow}})")


def percent(part: str, whole: str) -> Formula:
    """Of those that meet `whole`, how many of a hundred meet `part` as well; null for no contacts."""
    some, every = f"{whole} AND {part}", whole
    return Formula(f"100.0 * ({count(some).sql}) / nullif({count(every).sql}, 0)")


def unless_only(value: Formula, condition: str, others: str) -> Formula:
    """`value`, or 0 where all that meets `condition` is of a kind to which the value does not apply (not `others`)."""
    none = f"({count(f'{condition} AND {others}').sql}) = 0 AND ({count(condition).sql}) > 0"
    return Formula(f"CASE WHEN {none} THEN 0 ELSE {value.sql} END")


class Conditions:
    """Conditions with numbered parameters: each `?` stands for the next value."""

    def __init__(self, *values: Any) -> None:
        self.values: list[Any] = list(values)

    def write(self, sql: str, *values: Any) -> str:
        """SQL with the numbers of its parameters."""
        for value in values:
            self.values.append(value)
            sql = sql.replace("?", f"${len(self.values)}", 1)
        return sql


async def add_up(
    database: Database,
    conditions: Conditions,
    *,
    moment: str,
    bounds: Sequence[int],
    where: Sequence[str],
    groupings: Mapping[str, str],
    values: Sequence[str],
    by_step: bool,
) -> list[tuple[int, tuple[str, ...], list[float | None]]]:
    """(interval from 0, group, values) of the contacts whose `moment` (a column) lies within `bounds`.

    `bounds` are the epoch milliseconds at which intervals begin, and the end of the last. `groupings` and `where` are
    SQL; a contact without a value for a grouping is in no group. `by_step`: what is counted are not contacts but
    their stays in a routing step, as `step`. The first parameter of `conditions` is the instance.
    """
    inside = conditions.write(f"f.{moment} >= ? AND f.{moment} < ?", bounds[0], bounds[-1])
    place = conditions.write(f"width_bucket(f.{moment}, ?::bigint[])", list(bounds))
    names = [f"({sql})::text" for sql in groupings.values()]
    present = [f"{sql} IS NOT NULL" for sql in groupings.values()]
    sql = (
        f"SELECT {', '.join([place, *names, *(f'({value})::float8' for value in values)])}"
        f" FROM contact_figures f{_STEPS if by_step else ''}"
        f" WHERE f.instance = $1 AND {' AND '.join([inside, *where, *present])}"
        f" GROUP BY {', '.join(str(number) for number in range(1, len(names) + 2))}"
    )
    rows = await database.pool.fetch(sql, *conditions.values, timeout=60)
    return [(row[0] - 1, tuple(row[1 : len(names) + 1]), list(row[len(names) + 1 :])) for row in rows]
