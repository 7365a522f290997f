"""One bus subscription for each participant or agent that is connected here, shared by all its connections."""

import asyncio
from collections.abc import Callable

from switchroom.storage.bus import Bus, Subscription

Receiver = Callable[[bytes], None]


class _Topic:
    def __init__(self) -> None:
        self.receivers: dict[int, Receiver] = {}
        self.subscribing: asyncio.Task[Subscription] | None = None


class Hub:
    """Fans out bus messages to the connections of this node. Receivers must not block."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._topics: dict[str, _Topic] = {}
        self._stopping: set[asyncio.Task[None]] = set()

    async def join(self, subject: str, receiver: Receiver) -> Callable[[], None]:
        """Hear a subject; on return nothing published from now on is missed. The answer ends that."""
        topic = self._topics.get(subject)
        if topic is None:
            topic = self._topics[subject] = _Topic()
            topic.subscribing = asyncio.create_task(self._subscribe(subject, topic))
        key = id(receiver)
        topic.receivers[key] = receiver
        assert topic.subscribing is not None
        try:
            await asyncio.shield(topic.subscribing)
        except BaseException:
            self._leave(subject, topic, key)
            raise
        return lambda: self._leave(subject, topic, key)

    async def close(self) -> None:
        """End every subscription."""
        topics, self._topics = list(self._topics.values()), {}
        for topic in topics:
            await _end(topic)
        await asyncio.gather(*self._stopping, return_exceptions=True)

    async def _subscribe(self, subject: str, topic: _Topic) -> Subscription:
        async def deliver(payload: bytes, _: str) -> None:
            for receiver in tuple(topic.receivers.values()):
                receiver(payload)

        return await self._bus.subscribe(subject, deliver)

    def _leave(self, subject: str, topic: _Topic, key: int) -> None:
        topic.receivers.pop(key, None)
        if topic.receivers or self._topics.get(subject) is not topic:
            return
        del self._topics[subject]
        task = asyncio.create_task(_end(topic))
        self._stopping.add(task)
        task.add_done_callback(self._stopping.discard)


async def _end(topic: _Topic) -> None:
    if topic.subscribing is None:
        return
    result = await asyncio.gather(topic.subscribing, return_exceptions=True)
    if isinstance(result[0], Subscription):
        await result[0].stop()
