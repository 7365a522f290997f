"""One WebSocket with a bounded queue of what is still to be sent: a slow reader is dropped, nobody waits for it."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

import msgspec
from starlette.websockets import WebSocket, WebSocketDisconnect

QUEUE = 512
"""Messages a client may lag behind before it is dropped; it comes back and fetches the transcript."""
MOST_BYTES = 64 * 1024
TOO_SLOW = 4408
POLICY = 1008

Handler = Callable[[str], Awaitable[None]]


class Connection:
    """A WebSocket that is open. `close_soon` ends it after what is queued has gone out."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        self._queue: asyncio.Queue[str | None] = asyncio.Queue(QUEUE)
        self._closing: int | None = None
        self.heard_at = asyncio.get_running_loop().time()
        """Loop time of the last message from the client."""

    def send(self, message: bytes | str) -> None:
        """Queue a text message; a client that does not read its messages is closed."""
        if self._closing is not None:
            return
        try:
            self._queue.put_nowait(message.decode() if isinstance(message, bytes) else message)
        except asyncio.QueueFull:
            while not self._queue.empty():
                self._queue.get_nowait()
            self.close_soon(TOO_SLOW)

    def send_json(self, value: object) -> None:
        """Queue a JSON message."""
        self.send(msgspec.json.encode(value))

    def close_soon(self, code: int = 1000) -> None:
        """Close once everything queued has been sent."""
        if self._closing is None:
            self._closing = code
            with contextlib.suppress(asyncio.QueueFull):
                self._queue.put_nowait(None)

    async def run(self, handle: Handler, *, seconds: float, silence: Callable[[], float]) -> None:
        """Serve until either side closes, `seconds` have passed, or the client is silent for `silence()` seconds."""
        loop = asyncio.get_running_loop()
        self.heard_at = loop.time()
        sending = asyncio.create_task(self._send_all())
        receiving = asyncio.create_task(self._receive_all(handle))
        watching = asyncio.create_task(self._watch(loop.time() + seconds, silence))
        tasks = {sending, receiving, watching}
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            with contextlib.suppress(Exception):
                await asyncio.wait_for(self._websocket.close(self._closing or 1000), 2)

    async def _send_all(self) -> None:
        while (message := await self._queue.get()) is not None:
            await self._websocket.send_text(message)

    async def _receive_all(self, handle: Handler) -> None:
        with contextlib.suppress(WebSocketDisconnect, RuntimeError):
            while True:
                message = await self._websocket.receive()
                if message["type"] == "websocket.disconnect":
                    return
                text = message.get("text") or (message.get("bytes") or b"").decode("utf-8", "replace")
                if len(text) > MOST_BYTES:
                    self._closing = POLICY
                    return
                self.heard_at = asyncio.get_running_loop().time()
                await handle(text)

    async def _watch(self, deadline: float, silence: Callable[[], float]) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = min(deadline, self.heard_at + silence())
            wait = due - loop.time()
            if wait <= 0:
                return
            await asyncio.sleep(min(wait, 30.0))
