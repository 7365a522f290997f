"""Reading the journal by contact."""

from collections.abc import Sequence
from uuid import UUID

from switchroom.storage.postgres import Database


async def of_contact(
    database: Database, instance: str, contact: str, kinds: Sequence[str], after: int, limit: int
) -> list[tuple[int, bytes]]:
    """Events of some kinds about a contact, oldest first, from behind `after`: (seq, body as JSON)."""
    records = await database.pool.fetch(
        "SELECT seq, body::text AS body FROM journal "
        "WHERE instance = $1 AND contact = $2 AND kind = ANY($3) AND seq > $4 ORDER BY seq LIMIT $5",
        UUID(instance),
        contact,
        list(kinds),
        after,
        limit,
    )
    return [(record["seq"], record["body"].encode()) for record in records]
