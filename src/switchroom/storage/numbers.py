"""Phone numbers that can be claimed: the site's own inventory, and what was released."""

from collections.abc import Iterable

import msgspec

from switchroom.storage.documents import Connection


class Number(msgspec.Struct, frozen=True):
    """A number of the inventory: E.164 form, ISO 3166-1 alpha-2 country, type as the API names it."""

    phone_number: str
    country: str
    type: str
    provider: str = "local"


async def stock(connection: Connection, numbers: Iterable[Number]) -> None:
    """Add numbers to the inventory; those it has stay as they are."""
    await connection.executemany(
        """INSERT INTO number_inventory (phone_number, country, type, provider, held_until, claimed)
           VALUES ($1, $2, $3, $4, 0, false) ON CONFLICT DO NOTHING""",
        [(one.phone_number, one.country, one.type, one.provider) for one in numbers],
    )


async def available(
    connection: Connection, country: str, type_: str, prefix: str, now: int, after: str, limit: int
) -> list[Number]:
    """Free numbers in order, those behind `after` only."""
    rows = await connection.fetch(
        """SELECT phone_number, country, type, provider FROM number_inventory
           WHERE country = $1 AND type = $2 AND NOT claimed AND held_until <= $3 AND starts_with(phone_number, $4)
               AND phone_number > $5
           ORDER BY phone_number LIMIT $6""",
        country,
        type_,
        now,
        prefix,
        after,
        limit,
    )
    return [Number(row[0], row[1], row[2], row[3]) for row in rows]


async def claim(connection: Connection, phone_number: str, now: int) -> Number | None:
    """Take a free number; None when it is not there, taken, or in cooldown."""
    row = await connection.fetchrow(
        """UPDATE number_inventory SET claimed = true
           WHERE phone_number = $1 AND NOT claimed AND held_until <= $2
           RETURNING phone_number, country, type, provider""",
        phone_number,
        now,
    )
    return Number(row[0], row[1], row[2], row[3]) if row else None


async def add_claimed(connection: Connection, number: Number) -> bool:
    """Take a number that need not be in the inventory; False when somebody has it."""
    row = await connection.fetchval(
        """INSERT INTO number_inventory (phone_number, country, type, provider, held_until, claimed)
           VALUES ($1, $2, $3, $4, 0, true)
           ON CONFLICT (phone_number) DO UPDATE SET claimed = true WHERE NOT number_inventory.claimed
           RETURNING phone_number""",
        number.phone_number,
        number.country,
        number.type,
        number.provider,
    )
    return row is not None


async def release(connection: Connection, instance: str, phone_number: str, now: int, held_until: int) -> None:
    """Put a number into cooldown, and remember who released it."""
    await connection.execute(
        "UPDATE number_inventory SET claimed = false, held_until = $2 WHERE phone_number = $1", phone_number, held_until
    )
    await connection.execute(
        "INSERT INTO number_releases (instance, phone_number, at) VALUES ($1, $2, $3)", instance, phone_number, now
    )


async def released_since(connection: Connection, instance: str, since: int) -> int:
    """How many numbers an instance released."""
    return int(
        await connection.fetchval(
            "SELECT count(*) FROM number_releases WHERE instance = $1 AND at >= $2", instance, since
        )
    )
