"""From the centre's commits to the bus: chat items to their participants, changes to agents' desks."""

import asyncio
import logging

from switchroom.centre.batch import Batch
from switchroom.channels.chat.items import push
from switchroom.core import events as e
from switchroom.live import subjects
from switchroom.storage.bus import Bus

log = logging.getLogger(__name__)

WAITING = 100_000
"""Messages that may wait for a slow bus before new ones are dropped; clients fetch what they missed."""


class Publisher:
    """Listens to the commits of the instances this node leads. Publishing never holds up a commit."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._queue: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue(WAITING)
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin to publish."""
        self._task = asyncio.create_task(self._run(), name="live publisher")

    async def stop(self) -> None:
        """Stop; what is waiting is not sent."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    def committed(self, batch: Batch) -> None:
        """Tell what a commit changed; for `Centres.on_commit`."""
        for _, event in batch.events:
            if isinstance(event, e.ItemSent):
                payload = push(event.item)
                for participant in event.item.to:
                    self._tell(subjects.participant(batch.instance, participant), payload)
        for agent in batch.agents:
            self._tell(subjects.agent(batch.instance, agent), b"")

    def _tell(self, subject: str, payload: bytes) -> None:
        try:
            self._queue.put_nowait((subject, payload))
        except asyncio.QueueFull:
            log.warning("the bus is slow: a message on %s is dropped", subject)

    async def _run(self) -> None:
        while True:
            subject, payload = await self._queue.get()
            try:
                await self._bus.publish(subject, payload)
            except Exception as error:
                log.warning("nothing could be told on %s: %s", subject, error)
