"""What has happened in an instance, for the simulator: contacts as they were served, and the journal of a span."""

from collections.abc import AsyncIterator, Sequence
from uuid import UUID

import msgspec

from switchroom.storage.postgres import Database


class Served(msgspec.Struct, frozen=True):
    """A contact that was queued. Times are epoch ms. `accepted_at`: it left the queue for an agent."""

    queue: str
    channel: str
    enqueued_at: int
    accepted_at: int | None
    connected_at: int | None
    left_at: int | None
    cleared_at: int | None
    dequeued_at: int | None
    disconnected_at: int | None
    moved: bool
    priority: int
    attempts: int
    needs: bool


_SERVED = """
SELECT queue, channel, enqueued_at,
  (body->'contact'->'agent'->>'accepted_at')::bigint AS accepted_at,
  (body->'contact'->'agent'->>'connected_at')::bigint AS connected_at,
  (body->'contact'->'agent'->>'left_at')::bigint AS left_at,
  (body->'contact'->'agent'->>'cleared_at')::bigint AS cleared_at,
  (body->'contact'->'stay'->>'dequeued_at')::bigint AS dequeued_at,
  disconnected_at,
  next_id IS NOT NULL AS moved,
  coalesce((body->'contact'->>'priority')::int, 5) AS priority,
  coalesce((body->'contact'->>'attempts')::int, 0) AS attempts,
  coalesce(jsonb_array_length(body->'contact'->'criteria'), 0) > 0 AS needs
FROM contacts
WHERE instance = $1 AND enqueued_at >= $2 AND enqueued_at < $3 AND queue = ANY($4)
ORDER BY enqueued_at DESC, id LIMIT $5
"""


async def served(
    database: Database, instance: str, begin: int, end: int, queues: Sequence[str], most: int
) -> list[Served]:
    """The contacts that entered queues in a span, newest first; the newest `most` of them."""
    rows = await database.pool.fetch(_SERVED, instance, begin, end, list(queues), most, timeout=120)
    return [Served(**row) for row in rows]


async def sequence_at(database: Database, instance: str, moment: int) -> int:
    """The first sequence number of the journal at or after a moment (epoch ms), or one past its end.

    Time never runs backwards in a journal, so halving finds it in some twenty looks.
    """
    key = UUID(instance)
    low: int = await database.pool.fetchval("SELECT coalesce(min(seq), 1) FROM journal WHERE instance = $1", key)
    high: int = await database.pool.fetchval("SELECT coalesce(max(seq), 0) + 1 FROM journal WHERE instance = $1", key)
    while low < high:
        middle = (low + high) // 2
        row = await database.pool.fetchrow(
            "SELECT seq, at FROM journal WHERE instance = $1 AND seq >= $2 ORDER BY seq LIMIT 1", key, middle
        )
        if row is None or row["at"] >= moment:
            high = middle
        else:
            low = row["seq"] + 1
    return low


async def events(
    database: Database, instance: str, first: int, beyond: int, kinds: Sequence[str], page: int = 5_000
) -> AsyncIterator[tuple[int, bytes]]:
    """Events of some kinds with sequence numbers from `first` to before `beyond`: (seq, body as JSON)."""
    while True:
        rows = await database.pool.fetch(
            "SELECT seq, body::text AS body FROM journal WHERE instance = $1 AND seq >= $2 AND seq < $3"
            " AND kind = ANY($4) ORDER BY seq LIMIT $5",
            *(UUID(instance), first, beyond, list(kinds), page),
        )
        for row in rows:
            first = row["seq"] + 1
            yield row["seq"], row["body"].encode()
        if len(rows) < page:
            return


async def last_of_agents(
    database: Database, instance: str, before: int, kinds: Sequence[str]
) -> list[tuple[int, bytes]]:
    """Of each agent and kind the last event before a sequence number, in order: (seq, body as JSON)."""
    rows = await database.pool.fetch(
        "SELECT DISTINCT ON (agent, kind) seq, body::text AS body FROM journal"
        " WHERE instance = $1 AND agent IS NOT NULL AND seq < $2 AND kind = ANY($3) ORDER BY agent, kind, seq DESC",
        *(UUID(instance), before, list(kinds)),
        timeout=120,
    )
    return sorted((row["seq"], row["body"].encode()) for row in rows)
