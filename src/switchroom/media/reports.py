"""What happened, told to the centre: of each call in order, again and again until it was taken."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.core.command import Command

log = logging.getLogger(__name__)

Submit = Callable[[str, Command], Awaitable[Any]]
AGAIN = (0.1, 0.2, 0.5, 1.0, 2.0)
"""Seconds between tries; the last from then on."""
_RETRY = frozenset({"InternalServiceException", "ThrottlingException", "TooManyRequestsException"})


class Reports:
    """One queue a call. `on_unknown(instance, call)` hears of calls that the centre does not know."""

    def __init__(self, submit: Submit, on_unknown: Callable[[str, str], None]) -> None:
        self._submit = submit
        self._on_unknown = on_unknown
        self._waiting: dict[tuple[str, str], deque[Command]] = {}
        self._tasks: dict[tuple[str, str], asyncio.Task[None]] = {}

    def tell(self, instance: str, call: str, report: Command) -> None:
        """Queue a report; `call` may be any name under which order matters."""
        key = (instance, call)
        self._waiting.setdefault(key, deque()).append(report)
        if key not in self._tasks:
            self._tasks[key] = asyncio.create_task(self._send(key), name=f"reports {call}")

    async def drain(self, within: float) -> None:
        """Wait until everything is told, at most so many seconds; give up what is not."""
        tasks = list(self._tasks.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=within)
            for task in late:
                task.cancel()

    async def _send(self, key: tuple[str, str]) -> None:
        queue = self._waiting[key]
        while queue:
            await self._tell(key, queue[0])
            queue.popleft()
        del self._waiting[key], self._tasks[key]

    async def _tell(self, key: tuple[str, str], report: Command) -> None:
        tries = 0
        while True:
            try:
                await self._submit(key[0], report)
                return
            except ServiceError as refusal:
                if refusal.code == "ResourceNotFoundException":
                    self._on_unknown(*key)
                    return
                if refusal.code not in _RETRY:
                    log.warning("%s of call %s was refused: %s", type(report).__name__, key[1], refusal)
                    return
                log.info("%s of call %s waits: %s", type(report).__name__, key[1], refusal.message)
            except Exception as error:
                log.warning("%s of call %s waits: %s", type(report).__name__, key[1], error)
            await asyncio.sleep(AGAIN[min(tries, len(AGAIN) - 1)])
            tries += 1
