"""What a node is made of."""

from contextlib import AsyncExitStack
from importlib.metadata import version

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from switchroom.app.server import Application
from switchroom.base.settings import Settings
from switchroom.storage.bus import Bus
from switchroom.storage.postgres import Database


async def compose(stack: AsyncExitStack, settings: Settings) -> Application:
    """Open every part in order and return the application; `stack` closes them in the opposite order."""
    if settings.database_url is None or settings.nats_url is None:
        raise ValueError("a node needs --database-url and --nats-url")
    database = Database(settings.database_url)
    await database.open()
    stack.push_async_callback(database.close)
    await database.migrate()
    bus = Bus(settings.nats_url)
    await bus.open()
    stack.push_async_callback(bus.close)

    async def health(_: Request) -> JSONResponse:
        return JSONResponse({"status": "ok", "version": version("switchroom"), "roles": sorted(settings.roles)})

    return Starlette(routes=[Route("/health", health)])
