"""One instance's centre while this node leads it: drain, decide, append, release.

Commands that wait together are decided together and committed in one transaction. Nothing is answered, shown or
performed before it is durable. What breaks a decision breaks that decision only: the state is read again from the
journal and the others are decided anew.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from random import Random
from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.base.clock import now_ms
from switchroom.base.errors import ServiceError
from switchroom.base.ids import new_id
from switchroom.centre import configuration
from switchroom.centre.batch import Batch, Projection
from switchroom.centre.decider import Decider
from switchroom.centre.directory import CatalogueDirectory
from switchroom.centre.library import FLOW_KINDS, FlowLibrary
from switchroom.centre.remote import moving
from switchroom.core.commands import Command
from switchroom.core.events import AnyEvent, Event, agent_of, contact_of
from switchroom.core.evolve import Fold
from switchroom.core.state import State
from switchroom.core.turn import Turn
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document
from switchroom.storage import journal
from switchroom.storage.journal import LostLead
from switchroom.storage.postgres import Database, connection_lost

log = logging.getLogger(__name__)

GROUP = 256
"""Commands decided in one turn at most."""
SNAPSHOT_EVERY = 5_000
"""Events between two snapshots."""
STOP_WITHIN = 10.0
"""Seconds that a turn under way gets at the end."""
RECONNECT = 0.1
"""Seconds between tries while the database is away."""

Listener = Callable[[Batch], None]
Performer = Callable[[Any], Awaitable[None]]

_event_decoder = msgspec.json.Decoder(AnyEvent)


class Centre:
    """The single writer of an instance. `open` before use; `lost` is set when it may no longer write."""

    def __init__(
        self,
        instance: str,
        *,
        site: Site,
        database: Database,
        catalogue: Catalogue,
        projections: Sequence[Projection] = (),
        listeners: Sequence[Listener] = (),
        performers: dict[type, Performer] | None = None,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self.instance = instance
        self.lost = asyncio.Event()
        self._site = site
        self._database = database
        self._catalogue = catalogue
        self._projections = projections
        self._listeners = listeners
        self._performers = performers or {}
        self._clock = clock
        self._inbox: deque[tuple[Command, asyncio.Future[Any]]] = deque()
        self._answering: list[asyncio.Future[Any]] = []
        self._wake = asyncio.Event()
        self._changed: set[str] = set()
        self._tasks: set[asyncio.Task[None]] = set()
        self._library = FlowLibrary(catalogue, instance)
        self._directory = CatalogueDirectory(catalogue, instance)
        self._decider: Decider | None = None
        self._stopping = False
        self._seq = 0
        self._snapshot_seq = 0
        self._now = 0
        self._loop: asyncio.Task[None] | None = None
        self._unsubscribe: Callable[[], None] | None = None

    # ------------------------------------------------------------------ outside

    async def open(self) -> None:
        """Read the state and begin to work."""
        self._unsubscribe = self._catalogue.on_change(self._on_change)
        await self._recover()
        turn = self._begin()
        self.decider.resume(turn)
        await self._finish(turn, [])
        self._loop = asyncio.create_task(self._run(), name=f"centre {self.instance}")

    async def close(self) -> None:
        """Stop after the turn under way, keep a snapshot, refuse what still waits."""
        if self._unsubscribe is not None:
            self._unsubscribe()
        clean = await self._stop()
        for task in self._tasks:
            task.cancel()
        if clean and self._decider is not None and self._seq > self._snapshot_seq:
            try:
                await self._save(self._seq, msgspec.msgpack.encode(self.decider.state))
            except Exception as error:
                log.warning("no snapshot at the end: %s", error)
        self._refuse_waiting()

    async def _stop(self) -> bool:
        """Let the turn under way end; true when the state in memory is what is durable."""
        if self._loop is None:
            return False
        clean = not self.lost.is_set()
        self._stopping = True
        self._wake.set()
        done, _ = await asyncio.wait({self._loop}, timeout=STOP_WITHIN)
        if not done:
            self._loop.cancel()
        await asyncio.gather(self._loop, return_exceptions=True)
        return clean and bool(done)

    async def submit(self, command: Command) -> Any:
        """Decide a command; the answer comes when its events are durable. Raises ServiceError."""
        if self.lost.is_set():
            raise moving()
        answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._inbox.append((command, answer))
        self._wake.set()
        return await answer

    @property
    def decider(self) -> Decider:
        """The decisions and their state; RuntimeError before `open`."""
        if self._decider is None:
            raise RuntimeError("the centre is not open")
        return self._decider

    # ------------------------------------------------------------------ the loop

    async def _run(self) -> None:
        try:
            while not self._stopping:
                await self._sleep()
                await self._work()
        except LostLead as error:
            log.warning("instance %s: %s", self.instance, error)
        except asyncio.CancelledError:
            raise
        except Exception:
            log.exception("the centre of %s stopped", self.instance)
        finally:
            self.lost.set()
            self._refuse_waiting()

    async def _sleep(self) -> None:
        """Until a command, a change of configuration or a due timer."""
        if self._inbox or self._changed or self._stopping:
            return
        self._wake.clear()
        due = self.decider.wake_at()
        if due is None:
            await self._wake.wait()
            return
        delay = (due - self._clock()) / 1000
        if delay > 0:
            try:
                await asyncio.wait_for(self._wake.wait(), delay)
            except TimeoutError:
                return

    async def _work(self) -> None:
        """One turn: decide what waits, fire what is due, commit, release."""
        group = [self._inbox.popleft() for _ in range(min(GROUP, len(self._inbox)))]
        self._answering = [future for _, future in group]
        self._reconfigure()
        turn = self._begin()
        answers: list[tuple[asyncio.Future[Any], Any]] = []
        culprit = -1
        try:
            for number, (command, future) in enumerate(group):
                culprit = number
                try:
                    answers.append((future, self.decider.decide(turn, command)))
                except ServiceError as refusal:
                    answers.append((future, refusal))
            culprit = -1
            self.decider.fire_due(turn)
        except Exception:
            log.exception("a decision of %s broke", self.instance)
            await self._heal(group, culprit)
            return
        await self._finish(turn, answers)

    async def _heal(self, group: list[tuple[Command, asyncio.Future[Any]]], culprit: int) -> None:
        """Back to what is durable; the command (or timer) that broke the turn is put aside, the others come again."""
        poisoned = self.decider.poisoned
        if culprit >= 0:
            _, future = group.pop(culprit)
            _resolve(future, ServiceError("InternalServiceException", "The request could not be decided"))
        elif self.decider.firing is not None:
            poisoned = poisoned | {self.decider.firing}
        self._inbox.extendleft(reversed(group))
        await self._recover()
        self.decider.poisoned = poisoned

    async def _finish(self, turn: Turn, answers: list[tuple[asyncio.Future[Any], Any]]) -> None:
        self.decider.finish(turn, self._seq + len(turn.events))
        if turn.events:
            batch = self._batch(turn)
            await self._commit(batch)
            self._seq = batch.events[-1][0]
            for listener in self._listeners:
                try:
                    listener(batch)
                except Exception:
                    log.exception("a listener failed")
        for future, answer in answers:
            _resolve(future, answer)
        for effect in turn.effects:
            self._perform(effect)
        if self._seq - self._snapshot_seq >= SNAPSHOT_EVERY:
            state = msgspec.msgpack.encode(self.decider.state)
            self._snapshot_seq = self._seq
            self._spawn(self._save(self._seq, state))

    def _begin(self) -> Turn:
        """Time never runs backwards within an instance, whatever the wall clock does."""
        self._now = max(self._now, self._clock())
        return self.decider.turn(self._now)

    def _batch(self, turn: Turn) -> Batch:
        chains = {contact.initial_id for contact in turn.touched.values()}
        state = turn.state
        return Batch(
            instance=self.instance,
            events=list(enumerate(turn.events, start=self._seq + 1)),
            contacts=turn.touched,
            attributes={chain: turn.chains.get(chain) or state.attributes.get(chain, {}) for chain in chains},
            agents=list(turn.touched_agents),
            state=state,
            indexes=turn.indexes,
            config=turn.config,
        )

    # ------------------------------------------------------------------ durability

    async def _commit(self, batch: Batch) -> None:
        """Append and project in one transaction; a database that is away is waited for."""
        rows = [_row(seq, event) for seq, event in batch.events]
        while True:
            try:
                async with self._database.pool.acquire() as connection, connection.transaction():
                    await journal.append(connection, self.instance, rows)
                    for projection in self._projections:
                        await projection.project(connection, batch)
                return
            except Exception as error:
                if not connection_lost(error):
                    raise
                log.warning("the database went away during a commit: %s", error)
            if await self._committed(batch):
                return

    async def _committed(self, batch: Batch) -> bool:
        """After a lost connection: whether the commit had happened. Raises LostLead when somebody else has appended."""
        while True:
            await asyncio.sleep(RECONNECT)
            try:
                found = await journal.last(self._database, self.instance)
            except Exception as error:
                if not connection_lost(error):
                    raise
                continue
            if found == self._seq:
                return False
            if found == batch.events[-1][0] and await self._is_ours(batch):
                return True
            raise LostLead(f"the journal of {self.instance} goes on elsewhere")

    async def _is_ours(self, batch: Batch) -> bool:
        stored = [msgspec.json.decode(body) async for _, body in journal.tail(self._database, self.instance, self._seq)]
        return stored == [msgspec.json.decode(msgspec.json.encode(event)) for _, event in batch.events]

    async def _recover(self) -> None:
        """The last snapshot and the events after it."""
        found = await journal.load_snapshot(self._database, self.instance)
        self._seq, state = (found[0], msgspec.msgpack.decode(found[1], type=State)) if found else (0, State())
        self._snapshot_seq = self._seq
        fold = Fold(state)
        async for seq, body in journal.tail(self._database, self.instance, self._seq):
            event: Event = _event_decoder.decode(body)
            fold.apply(event)
            self._seq, self._now = seq, max(self._now, event.at)
        config = configuration.read(self._catalogue, self.instance, self._site)
        self._changed.clear()
        self._decider = Decider(state, config, self._library, self._directory, new_id=new_id, random=Random(new_id()))

    async def _save(self, seq: int, state: bytes) -> None:
        await journal.save_snapshot(self._database, self.instance, seq, self._clock(), state)
        self._snapshot_seq = max(self._snapshot_seq, seq)

    # ------------------------------------------------------------------ the rest

    def _reconfigure(self) -> None:
        if not self._changed:
            return
        changed, self._changed = self._changed, set()
        self.decider.configure(configuration.update(self._catalogue, self.decider.config, changed))

    def _on_change(self, change: Document | Deleted) -> None:
        if change.instance != self.instance:
            return
        if change.kind in FLOW_KINDS:
            self._library.changed(change)
        elif change.kind in configuration.RELEVANT:
            self._changed.add(change.kind)
            self._wake.set()

    def _perform(self, effect: object) -> None:
        performer = self._performers.get(type(effect))
        if performer is None:
            log.error("nobody performs %s", type(effect).__name__)
            return
        self._spawn(_guarded(performer, effect))

    def _spawn(self, work: Any) -> None:
        task: asyncio.Task[None] = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _refuse_waiting(self) -> None:
        for future in self._answering:
            _resolve(future, moving())
        while self._inbox:
            _resolve(self._inbox.popleft()[1], moving())


def _resolve(future: asyncio.Future[Any], answer: Any) -> None:
    if future.done():
        return
    if isinstance(answer, BaseException):
        future.set_exception(answer)
    else:
        future.set_result(answer)


def _row(seq: int, event: Event) -> journal.Row:
    body = msgspec.json.encode(event).decode()
    return seq, event.at, type(event).__name__, contact_of(event), agent_of(event), body


async def _guarded(performer: Performer, effect: object) -> None:
    try:
        await performer(effect)
    except Exception:
        log.exception("%s could not be performed", type(effect).__name__)
