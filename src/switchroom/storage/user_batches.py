"""Tables of batches of users. Records of one instance are worked off one after the other, oldest batch first."""

from collections.abc import Sequence

import asyncpg
import msgspec

from switchroom.storage.documents import Actor, Connection
from switchroom.storage.postgres import Database

_BATCH = """instance, id, kind, state, total, succeeded, failed, actor_kind, actor_id, actor, changes, options,
    started_at, ended_at, seq"""
_RECORD = "position, state, row, user_id, login, sealed, reason, fields"


class Batch(msgspec.Struct, frozen=True):
    """A batch. `changes` and `options` are JSON; `state` is QUEUED, RUNNING, DONE or CANCELLED."""

    instance: str
    id: str
    kind: str
    state: str
    total: int
    succeeded: int
    failed: int
    actor: Actor
    changes: str | None
    options: str
    started_at: int
    ended_at: int | None
    seq: int = 0


class Record(msgspec.Struct, frozen=True):
    """One user of a batch; `state` is PENDING, DONE, FAILED or DROPPED. `sealed` is a row of an import."""

    position: int
    state: str
    row: int | None
    user_id: str | None
    login: str
    sealed: bytes | None = None
    reason: str | None = None
    fields: tuple[str, ...] = ()


def _batch(row: asyncpg.Record) -> Batch:
    values = dict(row)
    actor = Actor(values.pop("actor_kind"), values.pop("actor_id"), values.pop("actor"))
    return Batch(actor=actor, **values)


def _record(row: asyncpg.Record) -> Record:
    return Record(**{**row, "fields": tuple(row["fields"])})


async def add(connection: Connection, batch: Batch, records: Sequence[Record]) -> None:
    """Queue a batch behind the others of its instance."""
    await connection.execute(
        "INSERT INTO user_batches (instance, id, kind, state, total, failed, actor_kind, actor_id, actor, changes,"
        " options, started_at, ended_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        *(batch.instance, batch.id, batch.kind, batch.state, batch.total, batch.failed),
        *(batch.actor.kind, batch.actor.id, batch.actor.name),
        *(batch.changes, batch.options, batch.started_at, batch.ended_at),
    )
    await connection.executemany(
        f"INSERT INTO user_batch_records (instance, batch, {_RECORD}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        [
            (
                *(batch.instance, batch.id, one.position, one.state, one.row, one.user_id, one.login),
                *(one.sealed, one.reason, list(one.fields)),
            )
            for one in records
        ],
    )


async def get(database: Database, instance: str, identifier: str) -> Batch | None:
    """A batch, or None."""
    row = await database.pool.fetchrow(
        f"SELECT {_BATCH} FROM user_batches WHERE instance = $1 AND id = $2", instance, identifier
    )
    return _batch(row) if row else None


async def newest(
    database: Database, instance: str, before: int | None, limit: int, by: str | None = None
) -> list[Batch]:
    """Batches of an instance, newest first, from below `before` on; `by`: of one actor."""
    rows = await database.pool.fetch(
        f"SELECT {_BATCH} FROM user_batches WHERE instance = $1 AND ($2::bigint IS NULL OR seq < $2)"
        " AND ($4::text IS NULL OR actor_id = $4) ORDER BY seq DESC LIMIT $3",
        *(instance, before, limit, by),
    )
    return [_batch(row) for row in rows]


async def records(database: Database, instance: str, batch: str, state: str) -> list[Record]:
    """The records of a batch in a state, in their order."""
    rows = await database.pool.fetch(
        f"SELECT {_RECORD} FROM user_batch_records WHERE instance = $1 AND batch = $2 AND state = $3 ORDER BY position",
        *(instance, batch, state),
    )
    return [_record(row) for row in rows]


async def instances_with_work(database: Database) -> list[str]:
    """The instances that have open batches."""
    rows = await database.pool.fetch("SELECT DISTINCT instance FROM user_batches WHERE ended_at IS NULL")
    return [row[0] for row in rows]


async def next_record(database: Database, instance: str) -> tuple[Batch, Record | None] | None:
    """The oldest open batch with its first record that is not worked off, None if there is none left."""
    row = await database.pool.fetchrow(
        f"SELECT {_BATCH} FROM user_batches WHERE instance = $1 AND ended_at IS NULL ORDER BY seq LIMIT 1", instance
    )
    if row is None:
        return None
    batch = _batch(row)
    found = await database.pool.fetchrow(
        f"SELECT {_RECORD} FROM user_batch_records"
        " WHERE instance = $1 AND batch = $2 AND state = 'PENDING' ORDER BY position LIMIT 1",
        *(instance, batch.id),
    )
    return batch, _record(found) if found else None


async def claim(connection: Connection, batch: Batch, record: Record) -> bool:
    """Hold a record until the transaction ends; false if somebody has worked it off or cancelled the batch.

    The batch is locked before the record, as in `cancel`.
    """
    open_ = await connection.fetchval(
        "SELECT ended_at IS NULL FROM user_batches WHERE instance = $1 AND id = $2 FOR UPDATE", batch.instance, batch.id
    )
    state = await connection.fetchval(
        "SELECT state FROM user_batch_records WHERE instance = $1 AND batch = $2 AND position = $3",
        *(batch.instance, batch.id, record.position),
    )
    return bool(open_ and state == "PENDING")


async def settle(
    connection: Connection, batch: Batch, record: Record, reason: str | None, fields: Sequence[str] = ()
) -> None:
    """Note how a record ended: `reason` of None is success."""
    await connection.execute(
        "UPDATE user_batch_records SET state = $4, reason = $5, fields = $6,"
        " sealed = CASE WHEN $5::text IS NULL THEN NULL ELSE sealed END"
        " WHERE instance = $1 AND batch = $2 AND position = $3",
        *(batch.instance, batch.id, record.position, "DONE" if reason is None else "FAILED", reason, list(fields)),
    )
    await connection.execute(
        "UPDATE user_batches SET state = 'RUNNING', succeeded = succeeded + $3, failed = failed + $4"
        " WHERE instance = $1 AND id = $2",
        *(batch.instance, batch.id, int(reason is None), int(reason is not None)),
    )


async def end(connection: Connection, batch: Batch, now: int) -> None:
    """Note that nothing of a batch is left to do."""
    await connection.execute(
        "UPDATE user_batches SET state = 'DONE', ended_at = $3 WHERE instance = $1 AND id = $2 AND ended_at IS NULL",
        *(batch.instance, batch.id, now),
    )


async def cancel(database: Database, instance: str, identifier: str, now: int) -> bool:
    """Drop what a batch has not worked off; false if it was over."""
    async with database.pool.acquire() as connection, connection.transaction():
        changed = await connection.execute(
            "UPDATE user_batches SET state = 'CANCELLED', ended_at = $3"
            " WHERE instance = $1 AND id = $2 AND ended_at IS NULL",
            *(instance, identifier, now),
        )
        await connection.execute(
            "UPDATE user_batch_records SET state = 'DROPPED', sealed = NULL"
            " WHERE instance = $1 AND batch = $2 AND state = 'PENDING'",
            *(instance, identifier),
        )
        return changed == "UPDATE 1"


async def dismiss(database: Database, instance: str, identifier: str) -> bool:
    """Forget a batch that is over; false if it is not."""
    changed = await database.pool.execute(
        "DELETE FROM user_batches WHERE instance = $1 AND id = $2 AND ended_at IS NOT NULL", instance, identifier
    )
    return changed == "DELETE 1"


async def forget(database: Database, before: int) -> int:
    """Forget batches that were over before a time."""
    changed = await database.pool.execute("DELETE FROM user_batches WHERE ended_at < $1", before)
    return int(changed.removeprefix("DELETE "))
