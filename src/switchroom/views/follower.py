"""Workers that follow the journal's commits: each does what is due, then sleeps until it is told or its time comes."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

log = logging.getLogger(__name__)


class Follower:
    """Calls `work` again and again; `work` returns True while there is more to do at once.

    `pause` is the longest sleep in seconds. A failure is logged and tried again after up to `patience` seconds.
    """

    def __init__(self, name: str, work: Callable[[], Awaitable[bool]], *, pause: float, patience: float = 5.0) -> None:
        self._name = name
        self._work = work
        self._pause = pause
        self._patience = patience
        self._due = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def wake(self) -> None:
        """There may be something to do."""
        self._due.set()

    def start(self) -> None:
        """Begin to follow."""
        self._task = asyncio.create_task(self._run(), name=self._name)

    async def stop(self) -> None:
        """Stop, in the middle of its work if it has to be; what it had not finished is done at the next start."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _run(self) -> None:
        failures = 0
        while True:
            self._due.clear()
            try:
                while await self._work():
                    failures = 0
                failures = 0
            except asyncio.CancelledError:
                raise
            except Exception as error:
                failures += 1
                log.warning("%s: %s: %s", self._name, type(error).__name__, error)
                await asyncio.sleep(min(0.1 * 2**failures, self._patience))
                continue
            try:
                await asyncio.wait_for(self._due.wait(), self._pause)
            except TimeoutError:
                continue
