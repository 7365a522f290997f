"""The whole way of an event: decided, appended to the journal with all views written in the same commit."""

import asyncio
import json
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.report import Line, Report
from switchroom.app.engines import PostgresEngine
from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.centre.batch import Batch
from switchroom.centre.centre import Centre
from switchroom.centre.library import DEFAULTS
from switchroom.core import commands as c
from switchroom.core.events import Offered
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.views.views import Views

SITE = Site()
SMALL, LARGE = 100, 5_000
QUEUES = 20
SECONDS = 4.0
ROUNDS = 4
AT_ONCE = 64
"""Customers that are served at the same time; their commands share commits."""


def measure(report: Report) -> None:
    """Events a second with few and with many agents, and commits a second beside plain inserts."""
    with tempfile.TemporaryDirectory(prefix="sw-") as name:
        directory = Path(name)
        directory.chmod(0o711)
        engine = PostgresEngine(directory / "postgres", directory / "postgres.log")
        child = engine.start()
        engine.wait(child)
        try:
            asyncio.run(_measure(report, engine.url, directory))
        finally:
            engine.stop(child)


async def _measure(report: Report, url: str, directory: Path) -> None:
    database = Database(url)
    await database.open()
    await database.migrate()
    views = Views(
        site=SITE,
        database=database,
        bus=Bus("nats://127.0.0.1:1"),
        objects=ObjectStore(directory / "objects", b"0" * 32),
        catalogue=Catalogue(),
    )
    houses = {agents: await House.open(agents, database, views) for agents in (SMALL, LARGE)}
    runs: dict[int, list[Run]] = {SMALL: [], LARGE: []}
    for _ in range(ROUNDS):
        for agents, house in houses.items():
            runs[agents].append(await house.serve())
    _events(report, runs)
    await _commits(report, database, houses[SMALL])
    for house in houses.values():
        await house.centre.close()
    await database.close()


def _events(report: Report, runs: "dict[int, list[Run]]") -> None:
    for agents, measured in runs.items():
        best = max(measured, key=lambda run: run.per_second)
        report.add(Line(f"through journal and views, {agents:,} agents", best.per_second, "events/s"))
        report.add(Line(f"  events of a task from start to cleared, {agents:,} agents", best.per_task, ""))
    wall = max(run.per_second for run in runs[SMALL]) / max(run.per_second for run in runs[LARGE])
    cpu = {agents: min(run.cpu for run in measured) for agents, measured in runs.items()}
    report.add(Line("cost of an event, 5,000 agents (elapsed)", 1e6 / max(run.per_second for run in runs[LARGE]), "us",
                    wall, "that with 100 agents", at_most=1.5))  # fmt: skip
    report.add(Line("cost of an event, 5,000 agents (our processor time)", cpu[LARGE] * 1e6, "us",
                    cpu[LARGE] / cpu[SMALL], "that with 100 agents", at_most=1.5))  # fmt: skip


async def _commits(report: Report, database: Database, house: "House") -> None:
    await database.pool.execute("CREATE TABLE bench_floor (id bigint PRIMARY KEY, body text)")
    floor = await _floor(database)
    report.add(Line("plain inserts of one row, one writer", floor, "commits/s"))
    alone = await house.edits(1)
    report.add(Line("centre, one command at a time", alone, "commits/s", alone / floor, "plain inserts"))
    together = await house.edits(AT_ONCE)
    report.add(Line(f"centre, {AT_ONCE} commands at a time", together, "commands/s", together / floor, "plain inserts"))


async def _floor(database: Database) -> float:
    count, end = 0, time.monotonic() + SECONDS
    async with database.pool.acquire() as connection:
        while time.monotonic() < end:
            await connection.execute("INSERT INTO bench_floor VALUES ($1, $2)", count, "x" * 300)
            count += 1
    return count / SECONDS


@dataclass(frozen=True, slots=True)
class Run:
    """What one measurement saw; `cpu` is seconds of our own processor time an event."""

    per_second: float
    per_task: float
    cpu: float


class House:
    """An instance with so many available agents and its centre."""

    def __init__(self, agents: int, centre: Centre) -> None:
        self.agents = agents
        self.centre = centre
        self.last = 0
        self._offers: dict[str, asyncio.Future[str]] = {}

    @classmethod
    async def open(cls, agents: int, database: Database, views: Views) -> "House":
        instance = new_id()
        listeners: list[Callable[[Batch], None]] = []
        centre = Centre(
            instance,
            site=SITE,
            database=database,
            catalogue=_catalogue(instance, agents),
            projections=views.projections,
            listeners=listeners,
        )
        house = cls(agents, centre)
        listeners.append(house.committed)
        await centre.open()
        names = [f"a{number}" for number in range(agents)]
        await asyncio.gather(*(centre.submit(c.SetStatus(agent=name, status="available")) for name in names))
        return house

    def committed(self, batch: Batch) -> None:
        """Tell the customers whom they were offered to."""
        self.last = batch.events[-1][0]
        for _, event in batch.events:
            if isinstance(event, Offered):
                self._offer(event.contact).set_result(event.agent)

    def _offer(self, contact: str) -> "asyncio.Future[str]":
        if contact not in self._offers:
            self._offers[contact] = asyncio.get_running_loop().create_future()
        return self._offers[contact]

    async def serve(self) -> Run:
        """Serve tasks for some seconds."""
        before, cpu, began = self.last, time.process_time(), time.monotonic()
        served = sum(await asyncio.gather(*(self._customers(began + SECONDS) for _ in range(AT_ONCE))))
        events, elapsed = self.last - before, time.monotonic() - began
        return Run(events / elapsed, events / served, (time.process_time() - cpu) / events)

    async def _customers(self, end: float) -> int:
        served = 0
        while time.monotonic() < end:
            flow = f"to-queue-{served % QUEUES}"
            contact = (await self.centre.submit(c.StartTask(name="T", flow=flow, attributes={"tier": "gold"})))[
                "contact"
            ]
            agent = await self._offer(contact)
            del self._offers[contact]
            await self.centre.submit(c.AcceptContact(agent=agent, contact=contact))
            await self.centre.submit(c.EndContact(agent=agent, contact=contact))
            await self.centre.submit(c.ClearContact(agent=agent, contact=contact))
            served += 1
        return served

    async def edits(self, at_once: int) -> float:
        """Commands of one event each, so many under way; how many a second are durable."""
        later = time.time_ns() // 1_000_000 + 86_400_000
        made = [
            (await self.centre.submit(c.StartTask(name="T", flow="to-queue-0", scheduled_at=later)))["contact"]
            for _ in range(at_once)
        ]
        end = time.monotonic() + SECONDS

        async def edit(contact: str) -> int:
            count = 0
            while time.monotonic() < end:
                await self.centre.submit(c.UpdateContact(contact=contact, description=f"edit {count}"))
                count += 1
            return count

        return sum(await asyncio.gather(*(edit(contact) for contact in made))) / SECONDS


def _catalogue(instance: str, agents: int) -> Catalogue:
    """20 queues, 10 routing profiles with 10 of them each, and the agents."""
    catalogue = Catalogue()

    def put(kind: str, identifier: str, **body: Any) -> None:
        arn = SITE.resource(instance, kind, identifier)
        catalogue.apply(Document(
            instance=instance, kind=kind, id=identifier, arn=arn, name=identifier, body=body, tags={}, version=1,
            revision=1, created_at=0, modified_at=0, modified_by="bench", modified_region=SITE.region,
        ))  # fmt: skip

    put("instance", instance, Attributes={})
    put("agent-status", "available", Type="ROUTABLE", State="ENABLED")
    put("agent-status", "offline", Type="OFFLINE", State="ENABLED")
    for number in range(QUEUES):
        put("queue", f"q{number}", Status="ENABLED", QueueType="STANDARD")
        put("contact-flow", f"to-queue-{number}", **_flow("CONTACT_FLOW", _to_queue(f"q{number}")))
    put("contact-flow", DEFAULTS["customer_queue"], **_flow("CUSTOMER_QUEUE", [_wait(), _end()]))
    for number in range(10):
        entries = [
            {"QueueId": f"q{(number + step * 2) % QUEUES}", "Channel": "TASK", "Priority": 1 + step % 3, "Delay": 0}
            for step in range(10)
        ]
        media = [{"Channel": channel, "Concurrency": 2} for channel in ("CHAT", "TASK")]
        put("routing-profile", f"p{number}", MediaConcurrencies=media, QueueConfigs=entries)
    for number in range(agents):
        put("queue", f"own{number}", Status="ENABLED", QueueType="AGENT", UserId=f"a{number}")
        put("user", f"a{number}", RoutingProfileId=f"p{number % 10}", PhoneConfig={}, IdentityInfo={"FirstName": "Ann"})
    return catalogue


def _to_queue(queue: str) -> list[dict[str, Any]]:
    return [
        _action("set", "UpdateContactTargetQueue", "put", QueueId=queue),
        _action("put", "TransferContactToQueue", "end"),
        _end(),
    ]


def _wait() -> dict[str, Any]:
    wait = _action("wait", "Wait", "end", TimeLimitSeconds="3600")
    over = {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}}
    wait["Transitions"]["Conditions"] = [over]
    return wait


def _end() -> dict[str, Any]:
    return {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}}


def _action(identifier: str, kind: str, following: str, **parameters: Any) -> dict[str, Any]:
    errors = [{"NextAction": "end", "ErrorType": error} for error in ("NoMatchingError", "QueueAtCapacity")]
    transitions: dict[str, Any] = {"NextAction": following, "Conditions": [], "Errors": errors}
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def _flow(kind: str, actions: list[dict[str, Any]]) -> dict[str, Any]:
    start = actions[0]["Identifier"]
    content = {"Version": "2019-10-30", "StartAction": start, "Metadata": {}, "Actions": actions}
    return {"Type": kind, "State": "ACTIVE", "Content": json.dumps(content), "Version": 1}
