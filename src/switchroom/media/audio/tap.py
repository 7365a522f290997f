"""Where a tap puts its frames: a bounded queue between the audio thread and a task."""

import asyncio
from collections import deque

from switchroom.media.audio.api import Pcm


class FrameQueue:
    """Frames of 160 int16 samples, 20 ms each, for one reader in one event loop: `async for frame in queue`.

    The audio thread never waits: when the reader is behind by `limit` frames the oldest is dropped and counted.
    """

    def __init__(self, limit: int = 500, loop: asyncio.AbstractEventLoop | None = None) -> None:
        """`limit` frames of 20 ms; `loop` of the reader, default the running one."""
        self._loop = loop or asyncio.get_running_loop()
        self._frames: deque[Pcm] = deque(maxlen=limit)
        self._ready = asyncio.Event()
        self.dropped = 0
        self._ended = False

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        """The reader's."""
        return self._loop

    def put(self, frame: Pcm) -> None:
        """Audio thread: one frame more; the engine calls `wake` in the reader's loop after the tick."""
        if len(self._frames) == self._frames.maxlen:
            self.dropped += 1
        self._frames.append(frame)

    def end(self) -> None:
        """Any thread: no more frames."""
        self._ended = True

    def wake(self) -> None:
        """Reader's loop: there is something to read, or the end."""
        self._ready.set()

    def take(self) -> list[Pcm]:
        """Reader: everything that waits, without waiting."""
        return [self._frames.popleft() for _ in range(len(self._frames))]

    @property
    def ended(self) -> bool:
        """Whether nothing more will come and nothing waits."""
        return self._ended and not self._frames

    def __aiter__(self) -> "FrameQueue":
        return self

    async def __anext__(self) -> Pcm:
        while not self._frames:
            if self._ended:
                raise StopAsyncIteration
            self._ready.clear()
            if not self._frames and not self._ended:
                await self._ready.wait()
        return self._frames.popleft()
