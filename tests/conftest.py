"""Real engines and a real server for the tests; nothing of Switchroom is imitated."""

import asyncio
import contextlib
import itertools
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import asyncpg
import hypothesis
import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from switchroom.app.engines import NatsEngine, PostgresEngine
from switchroom.storage.bus import Bus
from switchroom.storage.postgres import Database
from tests.missing import missing
from tests.server import Server, phones_ready

_numbers = itertools.count(1)
_spare: list[str] = []
"""Databases that tests have left, emptied: making one anew takes forty times as long."""
_EMPTY = """
DO $$
DECLARE one record;
BEGIN
  PERFORM pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid();
  SET LOCAL session_replication_role = replica;
  FOR one IN SELECT relname FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' AND relname <> 'alembic_version'
  LOOP
    EXECUTE format('DELETE FROM %I', one.relname);
  END LOOP;
  PERFORM setval(oid, 1, false) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'S';
END $$
"""
_CHROMIUM_OPTIONS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
]


@pytest.fixture(scope="session")
def engine_directory() -> Iterator[Path]:
    """A short path: sockets live below it."""
    directory = Path(tempfile.mkdtemp(prefix="sw-"))
    directory.chmod(0o711)
    yield directory
    shutil.rmtree(directory, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_url(engine_directory: Path) -> Iterator[str]:
    """One PostgreSQL a worker of the test run; its database `template` carries the schema."""
    engine = PostgresEngine(engine_directory / "postgres", engine_directory / "postgres.log", durable=False)
    child = engine.start()
    engine.wait(child)
    asyncio.run(_prepare_template(engine.url))
    yield engine.url
    engine.stop(child)
    engine.destroy()


@pytest.fixture(scope="session")
def nats_url(engine_directory: Path) -> Iterator[str]:
    """One NATS with JetStream a worker of the test run."""
    engine = NatsEngine(engine_directory / "nats", engine_directory / "nats.log")
    child = engine.start()
    engine.wait(child)
    yield engine.url
    engine.stop(child)


@pytest.fixture
async def database_url(postgres_url: str) -> AsyncIterator[str]:
    """An empty, migrated database; several `Database` objects (nodes) may open it."""
    if not _spare:
        _spare.append(f"test_{next(_numbers)}")
        await _execute(postgres_url, f"CREATE DATABASE {_spare[-1]} TEMPLATE template STRATEGY FILE_COPY")
    name = _spare.pop()
    yield _database(postgres_url, name)
    await _execute(_database(postgres_url, name), _EMPTY)
    _spare.append(name)


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    """An open pool on a fresh, migrated database."""
    database = Database(database_url, min_size=1)
    await database.open()
    yield database
    await database.close()


@pytest.fixture
async def bus(nats_url: str) -> AsyncIterator[Bus]:
    """An open connection to NATS; use subjects of your own, the server is shared by the tests of a worker."""
    bus = Bus(nats_url)
    await bus.open()
    yield bus
    await bus.close()


@pytest.fixture
def make_server() -> Iterator[Callable[..., Server]]:
    """Starts `switchroom up` as users do; for tests that kill what they started. All stop with the test."""
    with _servers() as make:
        yield make


@pytest.fixture(scope="module")
def make_module_server() -> Iterator[Callable[..., Server]]:
    """Like `make_server`, for a server that the tests of one file share."""
    with _servers() as make:
        yield make


@pytest.fixture(scope="session")
def switchroom_server() -> Iterator[Server]:
    """A demo centre, `switchroom up --demo`, ready; one a worker of the test run, with room for the flows of many."""
    with _servers() as make:
        server = make("--demo").ready()
        (instance,) = server.boto("connect").list_instances()["InstanceSummaryList"]
        server.boto("switchroom").update_instance_settings(InstanceId=instance["Id"], Quotas={"FLOWS": 10_000})
        yield server


@pytest.fixture(scope="session")
def telephone_server() -> Iterator[Server]:
    """A demo centre with its media and speech processes, ready to be called; one a worker of the test run."""
    with _servers() as make:
        yield phones_ready(make("--demo", voice=True).ready())


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the system's Chromium, without its windows if there is one. With none the test is skipped, in CI it
    fails."""
    found = next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium", "google-chrome"))), None)
    if found is None:
        message = "Chromium is missing: run scripts/install-test-tools"
        missing(message)
    return found


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def _running(chromium: str) -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium, args=_CHROMIUM_OPTIONS)
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browser(_running: Browser) -> AsyncIterator[Browser]:
    """A headless Chromium, which is empty again after the test; make a context a person."""
    yield _running
    for context in _running.contexts:
        await context.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What starts a server is a process test, what opens pages a browser test, what needs PostgreSQL or NATS an
    engine test, marked or not."""
    for item in items:
        fixtures = set(getattr(item, "fixturenames", ()))
        if "_running" in fixtures:
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if {"make_server", "make_module_server", "switchroom_server", "telephone_server"} & fixtures:
            item.add_marker(pytest.mark.process)
        if {"browser", "chromium"} & fixtures:
            item.add_marker(pytest.mark.browser)
        if {"postgres_url", "nats_url"} & fixtures:
            item.add_marker(pytest.mark.engine)


@contextlib.contextmanager
def _servers() -> Iterator[Callable[..., Server]]:
    started: list[Server] = []

    def make(*options: str, data: Path | None = None, user: str | None = None, voice: bool = False) -> Server:
        server = Server(*options, data=data, user=user, voice=voice)
        started.append(server)
        return server

    try:
        yield make
    finally:
        for server in started:
            server.destroy()


async def _prepare_template(url: str) -> None:
    await _execute(url, "CREATE DATABASE template")
    database = Database(_database(url, "template"))
    await database.migrate()


async def _execute(url: str, statement: str) -> None:
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def _database(url: str, name: str) -> str:
    return url.replace("@/postgres?", f"@/{name}?")


hypothesis.settings.register_profile(
    "switchroom", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow], print_blob=True
)
hypothesis.settings.load_profile("switchroom")
os.environ.setdefault("AWS_EC2_METADATA_DISABLED", "true")
