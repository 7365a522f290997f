"""A local function: a few processes of its own that are started when needed and killed when they take too long."""

import asyncio
import contextlib
import logging
import os
import sys
import time
from pathlib import Path
from typing import Any

import msgspec

from switchroom.channels.functions.failure import FunctionFailed, Retriable

log = logging.getLogger(__name__)

PROCESSES = 4
"""Processes at most of one function: as many invocations run at once, the others wait."""
ANSWER_LIMIT = 1 << 20
_CHILD = Path(__file__).with_name("child.py")


class _Process:
    """One running child and the task that logs what it prints."""

    def __init__(self, child: asyncio.subprocess.Process, name: str, modified: int) -> None:
        self.child = child
        self.modified = modified
        self._printing = asyncio.create_task(self._log_prints(name))

    async def call(self, line: bytes) -> bytes:
        assert self.child.stdin is not None
        assert self.child.stdout is not None
        self.child.stdin.write(line)
        await self.child.stdin.drain()
        answer = await self.child.stdout.readline()
        if not answer:
            raise ConnectionResetError("the process of the function ended")
        return answer

    async def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.child.kill()
        await self.child.wait()
        await self._printing

    async def _log_prints(self, name: str) -> None:
        assert self.child.stderr is not None
        while True:
            try:
                line = await self.child.stderr.readline()
            except ValueError:
                continue
            if not line:
                return
            log.info("function %s: %s", name, line.decode(errors="replace").rstrip())


class LocalFunction:
    """A file `NAME.py` with `handler(event, context)`. A changed file is loaded anew at the next call."""

    def __init__(self, name: str, arn: str, path: Path) -> None:
        self.name = name
        self.arn = arn
        self.path = path
        self._idle: list[_Process] = []
        self._busy: set[_Process] = set()
        self._room = asyncio.Semaphore(PROCESSES)

    async def call(self, event: str, timeout_ms: int) -> bytes:
        """The answer as JSON text. FunctionFailed when the handler raised or took too long; Retriable when it died."""
        try:
            async with asyncio.timeout(timeout_ms / 1000):
                async with self._room:
                    return await self._call(event, time.time() + timeout_ms / 1000)
        except TimeoutError:
            raise FunctionFailed(f"The function {self.name} did not answer in time") from None

    async def close(self) -> None:
        """Kill what runs, with the calls that are under way."""
        for process in (*self._idle, *self._busy):
            await process.kill()
        self._idle.clear()

    async def _call(self, event: str, deadline: float) -> bytes:
        process = await self._process()
        self._busy.add(process)
        try:
            return await self._ask(process, event, deadline)
        finally:
            self._busy.discard(process)

    async def _ask(self, process: _Process, event: str, deadline: float) -> bytes:
        request: dict[str, Any] = {"event": msgspec.Raw(event.encode()), "deadline": deadline}
        try:
            answer = msgspec.json.decode(await process.call(msgspec.json.encode(request) + b"\n"))
        except ValueError:
            await process.kill()
            raise FunctionFailed(f"The answer of the function {self.name} is larger than 32 KB") from None
        except OSError as error:
            await process.kill()
            raise Retriable(f"The function {self.name} broke down: {error}") from None
        except BaseException:
            await asyncio.shield(process.kill())
            raise
        self._idle.append(process)
        if "error" in answer:
            raise FunctionFailed(f"The function {self.name} failed: {answer['error']}")
        return str(answer["result"]).encode()

    async def _process(self) -> _Process:
        modified = self.path.stat().st_mtime_ns
        while self._idle:
            process = self._idle.pop()
            if process.modified == modified and process.child.returncode is None:
                return process
            await process.kill()
        child = await asyncio.create_subprocess_exec(
            sys.executable,
            "-B",
            str(_CHILD),
            str(self.path),
            self.name,
            self.arn,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=ANSWER_LIMIT,
            env=_environment(),
        )
        return _Process(child, self.name, modified)


def _environment() -> dict[str, str]:
    """A function sees the operator's environment, but none of Switchroom's own settings and keys."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("SWITCHROOM_")}
    return kept | {"PYTHONUNBUFFERED": "1", "PYTHONIOENCODING": "utf-8"}
