"""The table of simulations: who asked for what, who plays it, and what came of it."""

from typing import Any

import asyncpg
import msgspec

from switchroom.storage.postgres import Database


class Simulation(msgspec.Struct, frozen=True, kw_only=True):
    """A row without its results. Times are epoch ms; `state` is QUEUED, RUNNING, DONE, FAILED or CANCELLED.

    `scenario` is the YAML of a study, or the changes of a replay (empty: none) of the span.
    """

    instance: str
    id: str
    name: str
    kind: str
    state: str = "QUEUED"
    progress: float = 0.0
    started_by: str | None = None
    started_at: int
    ended_at: int | None = None
    scenario: str = ""
    replications: int | None = None
    span_from: int | None = None
    span_to: int | None = None
    error: str | None = None
    attempts: int = 0
    seq: int = 0


_COLUMNS = ", ".join(Simulation.__struct_fields__)
_BRIEF = _COLUMNS.replace("scenario", "'' AS scenario")


def _row(record: asyncpg.Record) -> Simulation:
    return Simulation(**dict(record))


async def add(database: Database, new: Simulation) -> None:
    """Queue a simulation behind the others."""
    await database.pool.execute(
        "INSERT INTO simulations (instance, id, name, kind, state, started_by, started_at, scenario, replications,"
        " span_from, span_to) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *(new.instance, new.id, new.name, new.kind, new.state, new.started_by, new.started_at, new.scenario),
        *(new.replications, new.span_from, new.span_to),
    )


async def forget_oldest(database: Database, instance: str, kept: int) -> None:
    """Forget those of an instance that are over, beyond the newest."""
    await database.pool.execute(
        "DELETE FROM simulations WHERE instance = $1 AND ended_at IS NOT NULL AND seq <= coalesce("
        "(SELECT seq FROM simulations WHERE instance = $1 ORDER BY seq DESC OFFSET $2 LIMIT 1), 0)",
        *(instance, kept),
    )


async def open_ones(database: Database, instance: str) -> int:
    """How many of an instance wait or run."""
    found: int = await database.pool.fetchval(
        "SELECT count(*) FROM simulations WHERE instance = $1 AND ended_at IS NULL", instance
    )
    return found


async def newest(database: Database, instance: str, before: int | None, limit: int) -> list[Simulation]:
    """Simulations of an instance, newest first and without scenarios, from below a `seq` on."""
    rows = await database.pool.fetch(
        f"SELECT {_BRIEF} FROM simulations WHERE instance = $1 AND ($2::bigint IS NULL OR seq < $2)"
        " ORDER BY seq DESC LIMIT $3",
        *(instance, before, limit),
    )
    return [_row(row) for row in rows]


async def get(database: Database, instance: str, identifier: str) -> tuple[Simulation, str | None] | None:
    """A simulation with its results (JSON), if it has any."""
    record = await database.pool.fetchrow(
        f"SELECT {_COLUMNS}, results FROM simulations WHERE instance = $1 AND id = $2", instance, identifier
    )
    if record is None:
        return None
    values: dict[str, Any] = dict(record)
    results = values.pop("results")
    return Simulation(**values), results


async def claim(database: Database, node: str, now: int, stale: int) -> Simulation | None:
    """The oldest that waits, or whose node has not been heard of since `stale`, for this node to play."""
    record = await database.pool.fetchrow(
        "UPDATE simulations SET state = 'RUNNING', node = $1, beat = $2, progress = 0, attempts = attempts + 1"
        " WHERE (instance, id) = (SELECT instance, id FROM simulations"
        " WHERE ended_at IS NULL AND (state = 'QUEUED' OR beat < $3) ORDER BY seq LIMIT 1 FOR UPDATE SKIP LOCKED)"
        f" RETURNING {_COLUMNS}",
        *(node, now, stale),
    )
    return _row(record) if record else None


async def beat(database: Database, row: Simulation, node: str, now: int, progress: float) -> bool:
    """Note that it is being played; false if it is not to be any more: cancelled, deleted, or another node's."""
    changed: str = await database.pool.execute(
        "UPDATE simulations SET beat = $4, progress = $5"
        " WHERE instance = $1 AND id = $2 AND node = $3 AND state = 'RUNNING'",
        *(row.instance, row.id, node, now, progress),
    )
    return changed == "UPDATE 1"


async def finish(
    database: Database, row: Simulation, node: str, now: int, *, results: str | None = None, error: str | None = None
) -> None:
    """Note the results, or why there are none."""
    await database.pool.execute(
        "UPDATE simulations SET state = $5, ended_at = $4, results = $6, error = $7,"
        " progress = CASE WHEN $6::text IS NULL THEN progress ELSE 1 END"
        " WHERE instance = $1 AND id = $2 AND node = $3 AND ended_at IS NULL",
        *(row.instance, row.id, node, now, "FAILED" if results is None else "DONE", results, error),
    )


async def put_back(database: Database, row: Simulation, node: str) -> None:
    """This node stops in an orderly way: another, or this one later, begins anew."""
    await database.pool.execute(
        "UPDATE simulations SET state = 'QUEUED', node = NULL, progress = 0, attempts = attempts - 1"
        " WHERE instance = $1 AND id = $2 AND node = $3 AND ended_at IS NULL",
        *(row.instance, row.id, node),
    )


async def cancel(database: Database, instance: str, identifier: str, now: int) -> bool:
    """Stop one that waits or runs; false if it was over."""
    changed: str = await database.pool.execute(
        "UPDATE simulations SET state = 'CANCELLED', ended_at = $3"
        " WHERE instance = $1 AND id = $2 AND ended_at IS NULL",
        *(instance, identifier, now),
    )
    return changed == "UPDATE 1"


async def delete(database: Database, instance: str, identifier: str) -> bool:
    """Forget one; whether there was one. A node that plays it notices at its next beat."""
    changed: str = await database.pool.execute(
        "DELETE FROM simulations WHERE instance = $1 AND id = $2", instance, identifier
    )
    return changed == "DELETE 1"
