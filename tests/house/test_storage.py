"""PostgreSQL and NATS through the storage floor, on real engines."""

import asyncio
from pathlib import Path

import pytest

from switchroom.storage import migrations
from switchroom.storage.bus import Bus, NoResponders, RemoteError
from switchroom.storage.postgres import Database


async def test_every_database_is_fresh_and_migrated(database: Database) -> None:
    newest = max(file.name.partition("_")[0] for file in (Path(migrations.__file__).parent / "versions").glob("0*.py"))
    assert await database.pool.fetchval("SELECT version_num FROM alembic_version") == newest


async def test_nodes_that_start_together_migrate_once(postgres_url: str) -> None:
    guard = Database(postgres_url)
    await guard.open()
    await guard.pool.execute("CREATE DATABASE raced")
    url = postgres_url.replace("/postgres?", "/raced?")
    await asyncio.gather(*(Database(url).migrate() for _ in range(4)))
    await guard.close()


async def test_a_pool_survives_the_loss_of_its_connections(database: Database) -> None:
    async with database.pool.acquire() as connection:
        own = await connection.fetchval("SELECT pg_backend_pid()")
    killer = await database.connect()
    await killer.fetch("SELECT pg_terminate_backend($1)", own)
    await killer.close()
    await asyncio.sleep(0.05)
    assert await database.pool.fetchval("SELECT 1") == 1


async def test_messages_reach_subscribers_in_order(bus: Bus) -> None:
    seen: list[tuple[str, bytes]] = []

    async def note(payload: bytes, subject: str) -> None:
        seen.append((subject, payload))

    subscription = await bus.subscribe("order.*", note)
    for number in range(100):
        await bus.publish("order.x", b"%d" % number)
    await bus.flush()
    while len(seen) < 100:
        await asyncio.sleep(0.01)
    assert seen == [("order.x", b"%d" % number) for number in range(100)]
    await subscription.stop()
    await bus.publish("order.x", b"late")
    await bus.flush()
    assert len(seen) == 100


async def test_a_handler_that_raises_loses_only_its_message(bus: Bus) -> None:
    seen: list[bytes] = []

    async def fail_once(payload: bytes, _: str) -> None:
        if payload == b"bad":
            raise ValueError(payload)
        seen.append(payload)

    await bus.subscribe("fragile", fail_once)
    await bus.publish("fragile", b"bad")
    await bus.publish("fragile", b"good")
    await bus.flush()
    while not seen:
        await asyncio.sleep(0.01)
    assert seen == [b"good"]


async def test_requests_are_answered_side_by_side(bus: Bus) -> None:
    gate = asyncio.Event()

    async def answer(payload: bytes) -> bytes:
        if payload == b"slow":
            await gate.wait()
        else:
            gate.set()
        return payload.upper()

    subscription = await bus.respond("shout", answer)
    assert await asyncio.gather(bus.request("shout", b"slow", 5), bus.request("shout", b"fast", 5)) == [
        b"SLOW",
        b"FAST",
    ]
    await subscription.stop()
    with pytest.raises(NoResponders):
        await bus.request("shout", b"anyone", 1)


async def test_an_error_of_the_other_side_comes_back(bus: Bus) -> None:
    async def refuse(_: bytes) -> bytes:
        raise LookupError("no such\nthing")

    await bus.respond("refuse", refuse)
    with pytest.raises(RemoteError, match="LookupError: no such thing"):
        await bus.request("refuse", b"", 5)


async def test_a_stream_keeps_one_copy_of_a_message(bus: Bus) -> None:
    await bus.ensure_stream("KEPT", ["kept.>"])
    await bus.ensure_stream("KEPT", ["kept.>"], max_bytes=1_000_000)
    first = await bus.append("kept.a", b"one", "id-1")
    assert await bus.append("kept.a", b"one", "id-1") == first
    assert await bus.append("kept.a", b"two", "id-2") == first + 1
    with pytest.raises(NoResponders):
        await bus.append("elsewhere", b"", "id-3")
