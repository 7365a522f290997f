"""Legs that answer with what they hear: a browser finds out whether its sound gets through (DESK-166)."""

import asyncio
import contextlib

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.base.ids import new_id
from switchroom.media.audio.api import AudioError, NoPortsError
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.tap import FrameQueue
from switchroom.media.webrtc.legs import BrowserLegs
from switchroom.media.webrtc.sdp import BadOffer

MOST = 20
"""Echo legs at a time on one process."""
LIFE = 30.0
"""Seconds until an echo leg is closed."""
BLOCK = 25
"""Frames of 20 ms that are said back at once: what one says is heard half a second later."""


class EchoLegs:
    """Echo legs of a media process. They belong to no call."""

    def __init__(self, engine: AudioEngine, browsers: BrowserLegs) -> None:
        self._engine = engine
        self._browsers = browsers
        self._tasks: dict[str, asyncio.Task[None]] = {}

    async def join(self, offer: str) -> str:
        """Answer a browser's offer. Raises ServiceError (too many at once, or an offer that cannot be answered)."""
        if len(self._tasks) >= MOST:
            raise ServiceError("LimitExceededException", "Too many tests are running; try again in half a minute")
        leg = f"echo-{new_id()}"
        try:
            answer = await self._browsers.join(leg, offer)
        except NoPortsError:
            raise ServiceError("LimitExceededException", "No more media fits on this node") from None
        except BadOffer as error:
            raise invalid_request(f"The offer cannot be answered: {error}") from None
        self._tasks[leg] = task = asyncio.create_task(self._answer(leg))
        task.add_done_callback(lambda _: self._tasks.pop(leg, None))
        return answer

    def closed(self, leg: str) -> None:
        """The browser closed its connection, or is not heard any more."""
        if (task := self._tasks.get(leg)) is not None:
            task.cancel()

    async def _answer(self, leg: str) -> None:
        queue = FrameQueue()
        try:
            self._engine.tap(leg, "from_leg", queue)
            async with asyncio.timeout(LIFE):
                await self._say_back(leg, queue)
        except (TimeoutError, AudioError):
            pass
        finally:
            with contextlib.suppress(AudioError):
                self._engine.untap(leg, queue)
            self._browsers.leave(leg)

    async def _say_back(self, leg: str, queue: FrameQueue) -> None:
        block = []
        async for frame in queue:
            block.append(frame)
            if len(block) == BLOCK:
                self._engine.play(leg, leg, block)
                block = []
