"""The centres of all instances, as a node sees them: those it leads, and the way to those that others lead.

Who leads an instance is decided by a PostgreSQL advisory lock. Every node of the role `centre` waits for every lock;
when a leader dies the database lets go of its lock and the next node takes over from snapshot and journal.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

import msgspec

from switchroom.base.arns import Site
from switchroom.base.errors import ServiceError, not_found
from switchroom.centre.batch import Batch, Projection
from switchroom.centre.centre import Centre, Listener, Performer
from switchroom.centre.remote import LEADS, Answer, RemoteCentre, Submit, subject
from switchroom.core.commands import AnyCommand, Command
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document
from switchroom.storage.bus import Bus, Subscription
from switchroom.storage.postgres import Database, connection_lost

if TYPE_CHECKING:
    import asyncpg

log = logging.getLogger(__name__)

AGAIN = 0.1

_command_decoder = msgspec.msgpack.Decoder(AnyCommand)


class Centres:
    """Submit commands to any instance; lead those whose lock this node gets."""

    def __init__(
        self,
        *,
        site: Site,
        database: Database,
        bus: Bus,
        catalogue: Catalogue,
        leads: bool = True,
        projections: Sequence[Projection] = (),
    ) -> None:
        self._site = site
        self._database = database
        self._bus = bus
        self._catalogue = catalogue
        self._leads = leads
        self._projections = list(projections)
        self._listeners: list[Listener] = []
        self._performers: dict[type, Performer] = {}
        self._led: dict[str, Centre] = {}
        self._leaderships: dict[str, asyncio.Task[None]] = {}
        self._unsubscribe: Callable[[], None] | None = None
        self._remote = RemoteCentre(bus, self._submitter)

    def on_commit(self, listener: Callable[[Batch], None]) -> None:
        """Call `listener` after every commit of an instance this node leads. Before `open`."""
        self._listeners.append(listener)

    def perform(self, effect: type, performer: Callable[[Any], Awaitable[None]]) -> None:
        """Who carries out an effect of the instances this node leads. Before `open`."""
        self._performers[effect] = performer

    def leads(self, instance: str) -> bool:
        """Whether this node leads an instance now."""
        return instance in self._led

    def led(self) -> list[str]:
        """The instances this node leads now."""
        return list(self._led)

    def media_of(self, instance: str) -> list[str]:
        """The media processes that the state of a led instance names, by its calls too."""
        centre = self._led.get(instance)
        if centre is None:
            return []
        state = centre.decider.state
        return list({*state.media, *(call.media for call in state.calls.values())})

    def links_of(self, instance: str) -> dict[str, str]:
        """The agents of a led instance whose desktop keeps a connection or has lost it, and which (ROUT-111)."""
        centre = self._led.get(instance)
        agents = centre.decider.state.agents.values() if centre is not None else ()
        return {agent.user: agent.link for agent in agents if agent.link != "none"}

    async def open(self) -> None:
        """Begin to lead, as far as the locks allow."""
        await self._remote.open()
        if not self._leads:
            return
        self._unsubscribe = self._catalogue.on_change(self._on_change)
        for instance in self._catalogue.instances():
            self._lead(instance.instance)

    async def close(self) -> None:
        """Let go of every instance: the locks are free at once."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        tasks = list(self._leaderships.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._remote.close()

    async def submit(self, instance: str, command: Command) -> Any:
        """Decide a command where the instance is led. Answers are plain data. Raises ServiceError."""
        centre = self._led.get(instance)
        if centre is not None:
            return await centre.submit(command)
        if self._catalogue.find(instance, "instance", instance) is None:
            raise not_found("Instance", instance)
        return await self._remote.submit(instance, command)

    def _submitter(self, instance: str) -> Submit | None:
        centre = self._led.get(instance)
        return centre.submit if centre is not None else None

    # ------------------------------------------------------------------ leading

    def _on_change(self, change: Document | Deleted) -> None:
        if change.kind != "instance":
            return
        if isinstance(change, Deleted):
            task = self._leaderships.pop(change.instance, None)
            if task is not None:
                task.cancel()
        elif change.instance not in self._leaderships:
            self._lead(change.instance)

    def _lead(self, instance: str) -> None:
        self._leaderships[instance] = asyncio.create_task(self._keep_leading(instance), name=f"lead {instance}")

    async def _keep_leading(self, instance: str) -> None:
        while True:
            try:
                await self._reign(instance)
            except asyncio.CancelledError:
                raise
            except Exception as error:
                if connection_lost(error):
                    log.info("instance %s: the database is away: %s", instance, error)
                else:
                    log.exception("instance %s is not led", instance)
            await asyncio.sleep(AGAIN)

    async def _reign(self, instance: str) -> None:
        """Wait for the lock, lead until it is lost."""
        connection = await self._database.connect()
        try:
            await connection.execute("SELECT pg_advisory_lock($1)", _lock(instance), timeout=None)
            ended = asyncio.Event()
            connection.add_termination_listener(lambda _: ended.set())
            await self._serve(instance, ended)
        finally:
            await _close(connection)

    async def _serve(self, instance: str, ended: asyncio.Event) -> None:
        centre = Centre(
            instance,
            site=self._site,
            database=self._database,
            catalogue=self._catalogue,
            projections=self._projections,
            listeners=self._listeners,
            performers=self._performers,
        )
        subscription: Subscription | None = None
        try:
            await centre.open()
            self._led[instance] = centre
            await self._bus.publish(LEADS, instance.encode())
            subscription = await self._bus.respond(subject(instance), lambda payload: _answer(centre, payload))
            log.info("leading instance %s", instance)
            waits = [asyncio.create_task(ended.wait()), asyncio.create_task(centre.lost.wait())]
            try:
                await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for wait in waits:
                    wait.cancel()
        finally:
            self._led.pop(instance, None)
            if subscription is not None:
                await subscription.stop()
            await centre.close()


async def _answer(centre: Centre, payload: bytes) -> bytes:
    try:
        answer = Answer(value=await centre.submit(_command_decoder.decode(payload)))
    except ServiceError as refusal:
        answer = Answer(code=refusal.code, message=refusal.message, fields=refusal.fields)
    return msgspec.msgpack.encode(answer)


async def _close(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    try:
        await connection.close(timeout=2)
    except Exception:
        connection.terminate()


def _lock(instance: str) -> int:
    return int.from_bytes(UUID(instance).bytes[:8], "big", signed=True)
