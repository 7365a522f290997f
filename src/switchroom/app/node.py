"""One node: opens the storage, brings the schema up to date, composes its roles and serves HTTP until told to stop.

Started as `python -m switchroom.app.node` with its settings in `SWITCHROOM_...`.
"""

import asyncio
import contextlib
import logging
import os
import signal
import sys
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from typing import Any

from switchroom.app.compose import compose
from switchroom.app.files import make_data_directory
from switchroom.app.server import Gate, HttpServer, PortInUse
from switchroom.app.supervisor import EXIT_DO_NOT_RESTART
from switchroom.base import logs
from switchroom.base.environment import from_environment
from switchroom.base.settings import Settings

log = logging.getLogger("switchroom.app.node")


async def serve(settings: Settings) -> None:
    """Run the node until SIGTERM or SIGINT. Raises PortInUse, and whatever keeps a part from starting."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    gate = Gate()
    server = HttpServer(gate, settings.host, settings.port)
    server.start()
    async with AsyncExitStack() as stack:
        stack.push_async_callback(server.stop)
        application = await _unless(stopping, compose(stack, settings))
        if application is not None:
            stack.push_async_callback(gate.close)
            gate.open(application)
            log.info("ready on http://%s:%d", settings.host, settings.port)
            await stopping.wait()
    log.info("stopped")


async def _unless(stopping: asyncio.Event, work: Coroutine[Any, Any, Any]) -> Any:
    """The result of `work`, or None when the stop comes first."""
    task = asyncio.create_task(work)
    stop = asyncio.create_task(stopping.wait())
    await asyncio.wait({task, stop}, return_when=asyncio.FIRST_COMPLETED)
    stop.cancel()
    if task.done():
        return task.result()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    return None


def run(settings: Settings) -> int:
    """Serve in an event loop of its own; returns the exit code."""
    make_data_directory(settings.data)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(serve(settings))
    except PortInUse as error:
        log.error("%s", error)
        return EXIT_DO_NOT_RESTART
    return 0


def _loop_factory() -> Any:
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def main() -> None:
    """Entry of the process."""
    logs.configure()
    sys.exit(run(from_environment(os.environ)))


if __name__ == "__main__":
    main()
