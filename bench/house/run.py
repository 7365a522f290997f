"""Seconds from `switchroom up` to `/health` 200, on new and on existing data; commits and requests of the engines."""

import asyncio
import tempfile
import time
from pathlib import Path

from bench.report import Line, Report
from switchroom.app.engines import NatsEngine, PostgresEngine
from switchroom.storage.bus import Bus
from switchroom.storage.postgres import Database
from tests.server import Server

_SECONDS = 3.0
_ROW = b"x" * 300


def run() -> Report:
    """The bench."""
    report = Report("the house")
    _start(report)
    with tempfile.TemporaryDirectory(prefix="sw-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        postgres = PostgresEngine(directory / "postgres", directory / "postgres.log")
        nats = NatsEngine(directory / "nats", directory / "nats.log")
        children = [(engine, engine.start()) for engine in (postgres, nats)]
        for engine, child in children:
            engine.wait(child)
        asyncio.run(_engines(report, postgres.url, nats.url))
        for engine, child in reversed(children):
            engine.stop(child)
    return report


def _start(report: Report) -> None:
    server = Server("--demo")
    began = time.monotonic()
    server.ready()
    report.add(Line("first start to ready, with the demo", time.monotonic() - began, "s"))
    warm = []
    for _ in range(3):
        server.stop()
        began = time.monotonic()
        server.start().ready()
        warm.append(time.monotonic() - began)
    server.destroy()
    report.add(Line("start to ready on existing data", sorted(warm)[1], "s", at_most=6.0))


async def _engines(report: Report, database_url: str, nats_url: str) -> None:
    database = Database(database_url)
    await database.open()
    await database.pool.execute("CREATE TABLE bench (at bigint, body bytea)")
    for rows in (1, 10, 100):
        commits = await _commits(database, rows)
        report.add(Line(f"PostgreSQL, durable commits of {rows} rows, one writer", commits, "/s"))
    await database.close()
    bus = Bus(nats_url)
    await bus.open()
    report.add(Line("NATS, request and reply", await _round_trip(bus) * 1000, "ms"))
    await bus.close()


async def _commits(database: Database, rows: int) -> float:
    values = [(number, _ROW) for number in range(rows)]
    count, end = 0, time.monotonic() + _SECONDS
    async with database.pool.acquire() as connection:
        while time.monotonic() < end:
            async with connection.transaction():
                await connection.copy_records_to_table("bench", records=values)
            count += 1
    return count / _SECONDS


async def _round_trip(bus: Bus) -> float:
    async def echo(payload: bytes) -> bytes:
        return payload

    await bus.respond("bench.echo", echo)
    times = []
    for _ in range(2000):
        began = time.perf_counter()
        await bus.request("bench.echo", _ROW, 2)
        times.append(time.perf_counter() - began)
    return sorted(times)[len(times) // 2]
