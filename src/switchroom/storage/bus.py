"""NATS: messages between processes, and JetStream streams that users consume."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import nats
import nats.errors
import nats.js.errors
from nats.aio.client import Client
from nats.aio.msg import Msg
from nats.aio.subscription import Subscription as NatsSubscription
from nats.js.api import DiscardPolicy, RetentionPolicy, StorageType, StreamConfig

log = logging.getLogger(__name__)

_ERROR_HEADER = "Switchroom-Error"

Handler = Callable[[bytes, str], Awaitable[None]]
Responder = Callable[[bytes], Awaitable[bytes]]


class NoResponders(ConnectionError):
    """Nobody answers requests on that subject."""


class RemoteError(RuntimeError):
    """The other side raised while it handled a request; the text is its error."""


class Subscription:
    """Interest in a subject, until `stop`."""

    def __init__(self, subscription: NatsSubscription, tasks: set[asyncio.Task[None]]) -> None:
        self._subscription = subscription
        self._tasks = tasks

    async def stop(self) -> None:
        """No message is handed over any more; handlers under way are cancelled."""
        if not self._subscription._closed and not self._subscription._conn.is_closed:
            await self._subscription.unsubscribe()
        for task in tuple(self._tasks):
            task.cancel()


class Bus:
    """One connection to NATS. It reconnects by itself and restores subscriptions; publishing meanwhile is buffered."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._client: Client | None = None

    async def open(self, patience: float = 60.0) -> None:
        """Connect; waits up to `patience` seconds for a server that is still starting."""
        deadline = asyncio.get_running_loop().time() + patience
        while True:
            try:
                self._client = await self._connect()
                return
            except (OSError, nats.errors.NoServersError, TimeoutError):
                if asyncio.get_running_loop().time() > deadline:
                    raise
                await asyncio.sleep(0.05)

    async def close(self) -> None:
        """Send what is buffered and disconnect."""
        client, self._client = self._client, None
        if client is not None and not client.is_closed:
            if client.is_connected:
                try:
                    await client.flush(2)
                except (nats.errors.Error, TimeoutError):
                    log.debug("the bus closed before everything was sent")
            await client.close()

    @property
    def connected(self) -> bool:
        """Whether the server is there at this moment."""
        return self._client is not None and self._client.is_connected

    async def publish(self, subject: str, payload: bytes) -> None:
        """Send to whoever listens now; nothing is kept."""
        await self._open.publish(subject, payload)

    async def flush(self, patience: float = 5.0) -> None:
        """Return when the server has seen everything sent so far, subscriptions included."""
        await self._open.flush(int(patience) or 1)

    async def subscribe(self, subject: str, handler: Handler, queue: str = "") -> Subscription:
        """Call `handler(payload, subject)` for each message, one after the other, in order.

        `subject` may hold wildcards; of the subscribers that share a `queue`, one gets each message.
        A handler that raises is logged and loses only that message.
        """

        async def receive(message: Msg) -> None:
            try:
                await handler(message.data, message.subject)
            except Exception:
                log.exception("a message on %s was not handled", message.subject)

        subscription = await self._open.subscribe(subject, queue=queue, cb=receive)
        await self._open.flush()
        return Subscription(subscription, set())

    async def request(self, subject: str, payload: bytes, timeout: float) -> bytes:
        """Ask and wait for one answer. Raises TimeoutError (seconds), NoResponders or RemoteError."""
        try:
            answer = await self._open.request(subject, payload, timeout=timeout)
        except nats.errors.NoRespondersError as error:
            raise NoResponders(subject) from error
        except nats.errors.TimeoutError as error:
            raise TimeoutError(f"no answer on {subject} within {timeout} s") from error
        if answer.headers and _ERROR_HEADER in answer.headers:
            raise RemoteError(answer.headers[_ERROR_HEADER])
        return answer.data

    async def respond(self, subject: str, handler: Responder, queue: str | None = None) -> Subscription:
        """Answer requests with what `handler(payload)` returns; requests are handled side by side."""
        tasks: set[asyncio.Task[None]] = set()

        async def answer(message: Msg) -> None:
            try:
                await message.respond(await handler(message.data))
            except Exception as error:
                log.exception("a request on %s was not answered", message.subject)
                text = f"{type(error).__name__}: {error}".replace("\r", " ").replace("\n", " ")
                if message.reply:
                    await self._open.publish(message.reply, b"", headers={_ERROR_HEADER: text})

        async def receive(message: Msg) -> None:
            task = asyncio.create_task(answer(message))
            tasks.add(task)
            task.add_done_callback(tasks.discard)

        subscription = await self._open.subscribe(subject, queue=queue or "", cb=receive)
        await self._open.flush()
        return Subscription(subscription, tasks)

    async def ensure_stream(
        self,
        name: str,
        subjects: Sequence[str],
        *,
        max_age_seconds: float = 0.0,
        max_bytes: int = -1,
        duplicate_window_seconds: float = 120.0,
    ) -> None:
        """Create or update a stream kept in files. An age of 0 and -1 bytes mean no limit; the oldest goes first."""
        config = StreamConfig(
            name=name,
            subjects=list(subjects),
            retention=RetentionPolicy.LIMITS,
            storage=StorageType.FILE,
            discard=DiscardPolicy.OLD,
            max_age=max_age_seconds,
            max_bytes=max_bytes,
            duplicate_window=duplicate_window_seconds,
        )
        stream = self._open.jetstream()
        try:
            await stream.update_stream(config)
        except nats.js.errors.NotFoundError:
            await stream.add_stream(config)

    async def append(self, subject: str, payload: bytes, message_id: str) -> int:
        """Store in the stream that covers `subject`; the same `message_id` within the window is stored once.

        Returns the sequence number in the stream. Raises NoResponders when no stream covers the subject.
        """
        try:
            stored = await self._open.jetstream().publish(subject, payload, headers={"Nats-Msg-Id": message_id})
        except nats.js.errors.NoStreamResponseError as error:
            raise NoResponders(subject) from error
        except nats.errors.TimeoutError as error:
            raise TimeoutError(f"{subject} was not stored in time") from error
        return stored.seq

    @property
    def jetstream(self) -> Any:
        """nats-py's JetStream context, for consumers."""
        return self._open.jetstream()

    @property
    def _open(self) -> Client:
        if self._client is None:
            raise RuntimeError("the bus is not open")
        return self._client

    async def _connect(self) -> Client:
        async def note(error: Exception) -> None:
            log.debug("bus: %s", error)

        return await nats.connect(
            self.url,
            name="switchroom",
            max_reconnect_attempts=-1,
            reconnect_time_wait=0.1,
            allow_reconnect=True,
            connect_timeout=2,
            ping_interval=10,
            pending_size=16 * 1024 * 1024,
            error_cb=note,
        )
