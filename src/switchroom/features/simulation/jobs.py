"""Simulations asked for by people: queued in the database, played one at a time a node in a process of low priority.

A node says by its beats that it plays one. If it dies another node, or itself when it is back, begins anew; what
takes its node down twice is given up.
"""

import asyncio
import contextlib
import logging
import sys
from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import SECOND, now_ms
from switchroom.base.errors import invalid_request, not_found
from switchroom.base.ids import new_id
from switchroom.features.simulation.worker import Line, Task
from switchroom.storage import simulations as store
from switchroom.storage.postgres import Database
from switchroom.storage.simulations import Simulation
from switchroom.views.follower import Follower

log = logging.getLogger(__name__)

WAITING = 20
"""How many of one instance may wait or run."""
KEPT = 500
"""How many of one instance are kept; the oldest go first."""
BEAT = 1.0
"""Seconds between two notes of progress, which also find out whether it was cancelled."""
STALE = 30 * SECOND
ATTEMPTS = 2
LONGEST = 3_600.0
"""Seconds that one may take."""
_LINE = 256 * 1024 * 1024

NODE_DIED = "The node that played it ended unexpectedly, twice. Try a smaller scenario: fewer contacts or intervals."
PROCESS_DIED = "The process that played it ended unexpectedly. Try a smaller scenario: fewer contacts or intervals."
TOO_LONG = "It took longer than an hour. Try fewer replications, or fewer variants."


class Simulations:
    """Queues simulations and plays them. `start` begins to play, where this node does so."""

    def __init__(self, database: Database, site: Site, clock: Callable[[], int] = now_ms) -> None:
        self._database = database
        self._site = site
        self._clock = clock
        self._node = new_id()
        self._follower = Follower("simulations", self.work, pause=5.0)

    def start(self) -> None:
        """Play what is queued, from now on."""
        self._follower.start()

    async def stop(self) -> None:
        """Stop; what is being played is queued again."""
        await self._follower.stop()

    async def add(self, new: Simulation) -> None:
        """Queue one. Raises InvalidRequestException when too many wait already."""
        if await store.open_ones(self._database, new.instance) >= WAITING:
            raise invalid_request(f"{WAITING} simulations are waiting already: cancel one, or wait until one is over")
        await store.add(self._database, new)
        await store.forget_oldest(self._database, new.instance, KEPT)
        self._follower.wake()

    async def cancel(self, instance: str, identifier: str) -> None:
        """Stop one; one that is over stays as it is. Raises ResourceNotFoundException."""
        if not await store.cancel(self._database, instance, identifier, self._clock()):
            await self.get(instance, identifier)

    async def delete(self, instance: str, identifier: str) -> None:
        """Forget one. Raises ResourceNotFoundException."""
        if not await store.delete(self._database, instance, identifier):
            raise not_found("Simulation", identifier)

    async def get(self, instance: str, identifier: str) -> tuple[Simulation, Any]:
        """One with its results. Raises ResourceNotFoundException."""
        found = await store.get(self._database, instance, identifier)
        if found is None:
            raise not_found("Simulation", identifier)
        simulation, results = found
        return simulation, msgspec.json.decode(results) if results is not None else None

    async def newest(self, instance: str, before: int | None, limit: int) -> list[Simulation]:
        """Those of an instance, newest first, from below a `seq` on."""
        return await store.newest(self._database, instance, before, limit)

    async def work(self) -> bool:
        """Play the oldest that waits; whether there may be more."""
        now = self._clock()
        row = await store.claim(self._database, self._node, now, now - STALE)
        if row is None:
            return False
        if row.attempts > ATTEMPTS:
            await self._finish(row, error=NODE_DIED)
            return True
        try:
            await self._play(row)
        except asyncio.CancelledError:
            with contextlib.suppress(Exception):
                await store.put_back(self._database, row, self._node)
            raise
        return True

    async def _play(self, row: Simulation) -> None:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "switchroom.features.simulation.worker"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_LINE,
        )
        heard = _Heard()
        reading = asyncio.create_task(self._read(process, row, heard))
        try:
            finished = await self._accompany(row, reading, heard)
        finally:
            reading.cancel()
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await asyncio.gather(reading, process.wait(), return_exceptions=True)
        if finished:
            failed = heard.results is None and heard.error is None
            await self._finish(row, results=heard.results, error=PROCESS_DIED if failed else heard.error)

    async def _accompany(self, row: Simulation, reading: "asyncio.Task[None]", heard: "_Heard") -> bool:
        """Note progress until it is over; false if it is not wanted any more."""
        deadline = asyncio.get_running_loop().time() + LONGEST
        while not reading.done():
            await asyncio.wait({reading}, timeout=BEAT)
            if not await store.beat(self._database, row, self._node, self._clock(), heard.progress):
                return False
            if asyncio.get_running_loop().time() > deadline:
                heard.error, heard.results = TOO_LONG, None
                return True
        reading.result()
        return True

    async def _read(self, process: asyncio.subprocess.Process, row: Simulation, heard: "_Heard") -> None:
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the process has no pipes")
        task = Task(
            kind=row.kind,
            scenario=row.scenario,
            replications=row.replications,
            database_url=self._database.url if row.kind == "REPLAY" else "",
            instance=row.instance,
            region=self._site.region,
            account=self._site.account,
            span=(row.span_from or 0, row.span_to or 0),
        )
        with contextlib.suppress(ConnectionError):
            process.stdin.write(msgspec.json.encode(task) + b"\n")
            await process.stdin.drain()
        while text := await process.stdout.readline():
            line = msgspec.json.decode(text, type=Line)
            heard.progress = line.progress if line.progress is not None else heard.progress
            heard.error = line.error or heard.error
            if line.results:
                heard.results = bytes(line.results).decode()

    async def _finish(self, row: Simulation, *, results: str | None = None, error: str | None = None) -> None:
        await store.finish(self._database, row, self._node, self._clock(), results=results, error=error)


class _Heard:
    """What the process has said so far."""

    def __init__(self) -> None:
        self.progress = 0.0
        self.results: str | None = None
        self.error: str | None = None
