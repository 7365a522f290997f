"""A local function: a few processes that run its calls side by side in threads, and are replaced when threads hang."""

import asyncio
import contextlib
import json
import logging
import os
import sys
import time
from collections.abc import Coroutine, Iterator
from pathlib import Path
from typing import cast

from switchroom.channels.functions.failure import CallLog, FunctionFailed, Retriable

log = logging.getLogger(__name__)

PROCESSES = max(1, min(4, os.cpu_count() or 1))
THREADS = 512
"""Calls at most that run at once in a process; a handler's module may say `CONCURRENT_CALLS = 1`."""
CROWD = 16
"""With as many calls under way in every process, a further process is started."""
HANG_SECONDS = 1.0
"""How much longer than its time a call may keep its thread before the process gets no more calls."""
MOST_HANGING = 64
_CHILD = Path(__file__).with_name("child.py")


class _Call:
    """A call under way: its answer, and where its prints go."""

    __slots__ = ("answer", "log")

    def __init__(self, answer: "asyncio.Future[str]", log: CallLog) -> None:
        self.answer = answer
        self.log = log


class _Process(asyncio.SubprocessProtocol):
    """One running child."""

    def __init__(self, name: str, modified: int) -> None:
        self.name = name
        self.modified = modified
        self.room = 1
        self.calls: dict[str, _Call] = {}
        self.hanging: set[str] = set()
        self.retired = False
        self.ready: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.exited: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._transport: asyncio.SubprocessTransport | None = None
        self._partial = {1: b"", 2: b""}

    # what the child says

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.SubprocessTransport, transport)

    def pipe_data_received(self, fd: int, data: bytes) -> None:
        *lines, self._partial[fd] = (self._partial[fd] + data).split(b"\n")
        for line in lines:
            text = line.decode("utf-8", "replace")
            if fd == 1:
                self._hear(text)
            else:
                log.info("function %s: %s", self.name, text.rstrip())

    def process_exited(self) -> None:
        self.retired = True
        broken = ConnectionResetError("the process of the function ended")
        for call in self.calls.values():
            if not call.answer.done():
                call.answer.set_exception(broken)
        self.calls.clear()
        for future in (self.ready, self.exited):
            if not future.done():
                future.set_result(None)

    def _hear(self, line: str) -> None:
        kind, _, rest = line.partition(" ")
        if kind == "ready":
            self.room = int(rest)
            if not self.ready.done():
                self.ready.set_result(None)
            return
        request, _, text = rest.partition(" ")
        call = self.calls.get(request)
        if kind == "print":
            printed = str(json.loads(text))
            log.info("function %s: %s", self.name, printed)
            if call is not None:
                call.log.lines.append(printed)
            return
        self.hanging.discard(request)
        if call is not None and not call.answer.done():
            if kind == "done":
                call.answer.set_result(text)
            else:
                call.answer.set_exception(FunctionFailed(f"The function {self.name} failed: {json.loads(text)}"))

    # what it is told

    @property
    def load(self) -> int:
        return len(self.calls) + len(self.hanging)

    async def ask(self, event: str, deadline: float, call_log: CallLog) -> str:
        """The answer to an event; the JSON text of it."""
        call = self.calls[call_log.request] = _Call(asyncio.get_running_loop().create_future(), call_log)
        asked = False
        try:
            await asyncio.shield(self.ready)
            if self._transport is None or self.exited.done():
                raise ConnectionResetError("the process of the function ended")
            stdin = cast(asyncio.WriteTransport, self._transport.get_pipe_transport(0))
            asked = True
            stdin.write(f"{call_log.request} {deadline} {event}".replace("\n", " ").encode() + b"\n")
            return await call.answer
        except asyncio.CancelledError:
            if asked:
                self.hanging.add(call_log.request)
            raise
        finally:
            self.calls.pop(call_log.request, None)

    def kill(self) -> None:
        if self._transport is not None:
            with contextlib.suppress(ProcessLookupError):
                self._transport.kill()

    def end_when_done(self) -> None:
        """Give it no more calls, and end it after those it has."""
        self.retired = True
        if not self.calls:
            self.kill()


class LocalFunction:
    """A file `NAME.py` with `handler(event, context)`. A changed file is loaded anew at the next call."""

    def __init__(self, name: str, arn: str, path: Path) -> None:
        self.name = name
        self.arn = arn
        self.path = path
        self._processes: list[_Process] = []
        self._starting = asyncio.Lock()
        self._freed = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    async def call(self, event: str, timeout_ms: int, call_log: CallLog) -> bytes:
        """The answer as JSON text. FunctionFailed when the handler raised or took too long; Retriable when it died."""
        deadline = time.time() + timeout_ms / 1000
        process: _Process | None = None
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                process = await self._process()
                return (await process.ask(event, deadline, call_log)).encode()
        except TimeoutError:
            if process is not None:
                self._watch(process)
            raise FunctionFailed(f"The function {self.name} did not answer in time") from None
        except OSError as error:
            raise Retriable(f"The function {self.name} broke down: {error}") from None
        finally:
            self._freed.set()
            if process is not None and process.retired:
                process.end_when_done()

    async def close(self) -> None:
        """Kill what runs, with the calls that are under way."""
        self._closed = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for process in self._processes:
            process.kill()
        await asyncio.gather(*(process.exited for process in self._processes))
        self._processes.clear()

    async def _process(self) -> _Process:
        """The process with the fewest calls; more are started while all are crowded."""
        while True:
            if self._closed:
                raise ConnectionResetError("the function is closed")
            modified = self.path.stat().st_mtime_ns
            fit = list(self._fit(modified))
            best = min(fit, key=lambda process: process.load, default=None)
            if best is None:
                await asyncio.shield(self._later(self._start(modified, 0)))
                continue
            if len(fit) < PROCESSES and best.load >= min(CROWD, best.room):
                self._later(self._start(modified, len(fit)))
            if best.load < best.room:
                return best
            self._freed.clear()
            await self._freed.wait()

    def _fit(self, modified: int) -> Iterator[_Process]:
        """Those that may take calls. Those of an older file finish what they have."""
        for process in list(self._processes):
            if process.exited.done():
                self._processes.remove(process)
            elif process.modified != modified:
                process.end_when_done()
            elif not process.retired:
                yield process

    async def _start(self, modified: int, known: int) -> None:
        """One more process, unless somebody else started one meanwhile."""
        async with self._starting:
            if self._closed or len(list(self._fit(modified))) > known:
                return
            process = _Process(self.name, modified)
            arguments = (str(_CHILD), str(self.path), self.name, self.arn, str(THREADS))
            await asyncio.get_running_loop().subprocess_exec(
                lambda: process, sys.executable, "-B", *arguments, env=_environment()
            )
            self._processes.append(process)
            await process.ready
            self._freed.set()

    def _watch(self, process: _Process) -> None:
        """Replace a process whose threads do not come back soon after their calls were given up."""

        async def look() -> None:
            await asyncio.sleep(HANG_SECONDS)
            if given_up & process.hanging:
                process.end_when_done()

        given_up = set(process.hanging)
        if len(given_up) > MOST_HANGING:
            process.end_when_done()
        else:
            self._later(look())

    def _later(self, work: Coroutine[None, None, None]) -> "asyncio.Task[None]":
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _environment() -> dict[str, str]:
    """A function sees the operator's environment, but none of Switchroom's own settings and keys."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SWITCHROOM_")}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
