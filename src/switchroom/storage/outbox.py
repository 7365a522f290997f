"""Messages that a commit owes to the streams users consume, kept until they are there."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import asyncpg
import msgspec

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record] | asyncpg.pool.PoolConnectionProxy[asyncpg.Record]

_LOCK = 0x53574F42  # "SWOB": one publisher in the whole site, so that messages keep their order


class Message(msgspec.Struct, frozen=True, array_like=True):
    """One message of a stream; the same `id` is stored once."""

    subject: str
    id: str
    payload: bytes


_decoder = msgspec.msgpack.Decoder(list[Message])


async def put(connection: "Connection", messages: Sequence[Message]) -> None:
    """Owe messages, within the caller's transaction."""
    await connection.execute("INSERT INTO outbox (messages) VALUES ($1)", msgspec.msgpack.encode(list(messages)))


async def lead(connection: "Connection") -> bool:
    """Become the one publisher until the caller's transaction ends; false while another is."""
    leads: bool = await connection.fetchval("SELECT pg_try_advisory_xact_lock($1)", _LOCK)
    return leads


async def owed(connection: "Connection", limit: int) -> list[tuple[int, list[Message]]]:
    """The oldest messages owed: (row, messages)."""
    records = await connection.fetch(f"SELECT id, messages FROM outbox ORDER BY id LIMIT {limit:d}")
    return [(record["id"], _decoder.decode(record["messages"])) for record in records]


async def paid(connection: "Connection", rows: Sequence[int]) -> None:
    """Forget rows whose messages are in their streams."""
    await connection.execute("DELETE FROM outbox WHERE id = ANY($1)", list(rows))
