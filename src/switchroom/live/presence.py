"""Who has a chat socket anywhere, and who has lost the last one for too long (CHAT-78)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

import msgspec

from switchroom.live import subjects
from switchroom.storage.bus import Bus, Subscription

log = logging.getLogger(__name__)

LOST_AFTER = 120.0
"""Seconds from the last sign of life until a participant counts as unreachable."""


class Who(msgspec.Struct, frozen=True):
    """A participant of a chat session."""

    instance: str
    session: str
    participant: str


class _Notice(msgspec.Struct):
    participant: str
    here: bool
    """True: has a socket here; False: does anybody else have one?"""


class Presence:
    """Sockets of participants on this node, compared with those of other nodes before anyone is given up."""

    def __init__(self, bus: Bus, lost: Callable[[Who], Awaitable[None]], *, patience: float = LOST_AFTER) -> None:
        self._bus = bus
        self._lost = lost
        self._patience = patience
        self._sockets: dict[str, int] = {}
        self._missing: dict[str, asyncio.Task[None]] = {}
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Listen to other nodes."""
        self._subscription = await self._bus.subscribe(subjects.PRESENCE, self._hear)

    async def stop(self) -> None:
        """Give nobody up any more."""
        if self._subscription is not None:
            await self._subscription.stop()
        for task in self._missing.values():
            task.cancel()

    async def opened(self, who: Who) -> None:
        """A socket of a participant was subscribed here."""
        self._sockets[who.participant] = self._sockets.get(who.participant, 0) + 1
        self._found(who.participant)
        await self._tell(who.participant, here=True)

    async def closed(self, who: Who, silent_for: float = 0.0) -> None:
        """A socket went away, `silent_for` seconds after the last sign of life."""
        left = self._sockets.get(who.participant, 1) - 1
        if left > 0:
            self._sockets[who.participant] = left
            return
        self._sockets.pop(who.participant, None)
        self._await(who, max(0.0, self._patience - silent_for))
        await self._tell(who.participant, here=False)

    def seen(self, who: Who) -> None:
        """The participant called the service: it is not lost."""
        if who.participant in self._missing:
            self._await(who, self._patience)

    def _found(self, participant: str) -> None:
        task = self._missing.pop(participant, None)
        if task is not None:
            task.cancel()

    def _await(self, who: Who, seconds: float) -> None:
        self._found(who.participant)
        self._missing[who.participant] = asyncio.create_task(self._give_up(who, seconds))

    async def _give_up(self, who: Who, seconds: float) -> None:
        await asyncio.sleep(seconds)
        self._missing.pop(who.participant, None)
        try:
            await self._lost(who)
        except Exception as error:
            log.info("participant %s could not be given up: %s", who.participant, error)

    async def _tell(self, participant: str, *, here: bool) -> None:
        await self._bus.publish(subjects.PRESENCE, msgspec.json.encode(_Notice(participant, here)))

    async def _hear(self, payload: bytes, _: str) -> None:
        notice = msgspec.json.decode(payload, type=_Notice)
        if notice.here:
            self._found(notice.participant)
        elif self._sockets.get(notice.participant):
            await self._tell(notice.participant, here=True)
