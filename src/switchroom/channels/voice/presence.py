"""Which media processes are alive, told to every instance that this node leads."""

import asyncio
import logging
from collections.abc import Callable

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.core.command import Command
from switchroom.core.voice_commands import MediaAlive, MediaJoined, MediaLost
from switchroom.media.wire import ALIVE
from switchroom.storage.bus import Bus, Subscription

log = logging.getLogger(__name__)

MISSING = 5.0
"""Seconds without a heartbeat after which a media process is lost with its calls."""
LOOK_EVERY = 1.0


class MediaPresence:
    """Hears the heartbeats. `led` names the instances that this node leads now, `known` the media processes that the
    state of one of them names: after a takeover those that stay silent are lost too."""

    def __init__(
        self,
        bus: Bus,
        centres: Centres,
        led: Callable[[], list[str]],
        known: Callable[[str], list[str]],
    ) -> None:
        self._bus = bus
        self._centres = centres
        self._led = led
        self._known = known
        self._alive: dict[str, tuple[MediaAlive, float]] = {}
        self._told: dict[str, set[str]] = {}
        """By instance: the media processes that were announced."""
        self._led_since: dict[str, float] = {}
        self._subscription: Subscription | None = None
        self._task: asyncio.Task[None] | None = None
        self._heard = asyncio.Event()
        self._looked_at = 0.0

    async def start(self) -> None:
        """Begin to listen."""
        self._subscription = await self._bus.subscribe(ALIVE, self._on_alive)
        self._task = asyncio.create_task(self._watch(), name="media presence")

    async def stop(self) -> None:
        """Listen no more."""
        if self._subscription is not None:
            await self._subscription.stop()
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def processes(self) -> list[MediaAlive]:
        """Those that are alive, with their last heartbeat."""
        return [alive for alive, _ in self._alive.values()]

    async def _on_alive(self, payload: bytes, _subject: str) -> None:
        alive = msgspec.msgpack.decode(payload, type=MediaAlive)
        if alive.id not in self._alive:
            log.info("media process %s is there", alive.id)
            self._heard.set()
        self._alive[alive.id] = (alive, asyncio.get_running_loop().time())

    async def _watch(self) -> None:
        while True:
            try:
                await self._look()
            except ServiceError as error:
                log.info("media processes are announced again later: %s", error)
            except Exception:
                log.exception("media processes could not be announced")
            self._heard.clear()
            try:
                await asyncio.wait_for(self._heard.wait(), LOOK_EVERY)
            except TimeoutError:
                continue

    def _forgive(self, now: float) -> None:
        """Time in which nothing could be heard does not count: the bus was away, or this process stood still."""
        deaf = now - self._looked_at if self._looked_at else 0.0
        if not self._bus.connected or deaf > MISSING / 2:
            self._alive = {media: (alive, seen + deaf) for media, (alive, seen) in self._alive.items()}
        self._looked_at = now

    async def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        self._forgive(now)
        for media, (_, seen) in list(self._alive.items()):
            if now - seen > MISSING:
                log.warning("media process %s is lost", media)
                del self._alive[media]
        led = self._led()
        for instance in [one for one in self._told if one not in led]:
            del self._told[instance], self._led_since[instance]
        for instance in led:
            self._led_since.setdefault(instance, now)
            await self._announce(instance, self._told.setdefault(instance, set()), now)

    async def _announce(self, instance: str, told: set[str], now: float) -> None:
        for media in self._alive.keys() - told:
            await self._submit(instance, MediaJoined(media=media))
            told.add(media)
        gone = told - self._alive.keys()
        if now - self._led_since[instance] > MISSING:
            gone |= set(self._known(instance)) - self._alive.keys()
        for media in gone:
            await self._submit(instance, MediaLost(media=media))
            told.discard(media)

    async def _submit(self, instance: str, command: Command) -> None:
        await self._centres.submit(instance, command)
