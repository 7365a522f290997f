"""PostgreSQL: one pool of connections a process, and the schema it expects."""

import asyncio
import logging
import time
from pathlib import Path

import asyncpg

log = logging.getLogger(__name__)

_MIGRATIONS = Path(__file__).with_name("migrations")
_MIGRATION_LOCK = 0x53575243  # "SWRC": nodes that start together migrate one after the other
_RETRY_SECONDS = 0.05

_NOT_YET = (
    OSError,
    asyncpg.CannotConnectNowError,
    asyncpg.ConnectionDoesNotExistError,
    asyncpg.TooManyConnectionsError,
)
_LOST = (
    OSError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.InterfaceError,
)


def connection_lost(error: BaseException) -> bool:
    """Whether `error` says that the server went away, so that the transaction may be tried again on a new connection.

    A lost COMMIT may or may not have happened: only what can be repeated safely may be tried again.
    """
    if isinstance(error, asyncpg.InterfaceError):
        return "closed" in str(error) or "released" in str(error)
    return isinstance(error, _LOST)


class Database:
    """A pool on one database. Statements are plain SQL in the modules that own the tables.

    JSONB values travel as text: pass `msgspec.json.encode(value).decode()`, decode what comes back.
    """

    def __init__(self, url: str, *, min_size: int = 2, max_size: int = 12) -> None:
        self.url = url
        self._sizes = (min_size, max_size)
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None

    @property
    def pool(self) -> "asyncpg.Pool[asyncpg.Record]":
        """The pool. A connection that died is replaced when it is next acquired. RuntimeError before `open`."""
        if self._pool is None:
            raise RuntimeError("the database is not open")
        return self._pool

    async def open(self, patience: float = 60.0) -> None:
        """Connect; waits up to `patience` seconds for a server that is still starting."""
        deadline = time.monotonic() + patience
        while True:
            try:
                low, high = self._sizes
                self._pool = await asyncpg.create_pool(self.url, min_size=low, max_size=high, command_timeout=60)
                return
            except _NOT_YET as error:
                if time.monotonic() > deadline:
                    raise
                log.debug("the database is not there yet: %s", error)
                await asyncio.sleep(_RETRY_SECONDS)

    async def close(self) -> None:
        """Close every connection; those in use get five seconds."""
        pool, self._pool = self._pool, None
        if pool is not None:
            try:
                await asyncio.wait_for(pool.close(), 5)
            except TimeoutError:
                pool.terminate()

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection outside the pool, for what must keep one: LISTEN, advisory locks. The caller closes it."""
        connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(self.url)
        return connection

    async def migrate(self) -> None:
        """Bring the schema to the newest revision. Safe when several nodes do it at once."""
        guard = await self.connect()
        try:
            await guard.execute("SELECT pg_advisory_lock($1)", _MIGRATION_LOCK)
            if await _revision(guard) != _newest_revision():
                await _upgrade(self.url)
        finally:
            await guard.close()


def _newest_revision() -> str:
    return max(file.name.partition("_")[0] for file in (_MIGRATIONS / "versions").glob("[0-9]*_*.py"))


async def _revision(connection: "asyncpg.Connection[asyncpg.Record]") -> str | None:
    """What the database holds; asked without Alembic, whose import alone takes a second of every start."""
    try:
        revision: str | None = await connection.fetchval("SELECT version_num FROM alembic_version")
    except asyncpg.UndefinedTableError:
        return None
    return revision


async def _upgrade(url: str) -> None:
    from alembic import command
    from alembic.config import Config
    from sqlalchemy import Connection
    from sqlalchemy.ext.asyncio import create_async_engine
    from sqlalchemy.pool import NullPool

    def upgrade(connection: Connection) -> None:
        config = Config()
        config.set_main_option("script_location", str(_MIGRATIONS))
        config.attributes["connection"] = connection
        command.upgrade(config, "head")

    async def connect() -> "asyncpg.Connection[asyncpg.Record]":
        connection: asyncpg.Connection[asyncpg.Record] = await asyncpg.connect(url)
        return connection

    engine = create_async_engine("postgresql+asyncpg://", async_creator=connect, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            await connection.run_sync(upgrade)
    finally:
        await engine.dispose()
