"""HTTP: granian inside the node's own event loop, behind a gate that says 503 until the node is ready."""

import asyncio
import contextlib
import socket
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec
from granian.constants import HTTPModes, Interfaces
from granian.server.embed import Server as Granian

Scope = Any
Receive = Callable[[], Awaitable[Any]]
Send = Callable[[Any], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

_STOP_SECONDS = 5.0
_WHOLE_BODIES = 512


class PortInUse(RuntimeError):
    """Somebody else listens on the port."""


class Gate:
    """The application the server sees from its first moment. Without one behind it, every answer is 503."""

    def __init__(self) -> None:
        self._application: Application | None = None
        self._under_way = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def open(self, application: Application) -> None:
        """From now on requests go to `application`."""
        self._application = application

    async def close(self) -> None:
        """Refuse what comes from now on, and let calls under way end while everything they need is still there."""
        self._application = None
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), _STOP_SECONDS)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._application is not None and scope["type"] == "http":
            await self._call(self._application, scope, receive, send)
        elif self._application is not None:
            await self._application(scope, receive, send)
        elif scope["type"] == "http":
            await _unavailable(send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1013})

    async def _call(self, application: Application, scope: Scope, receive: Receive, send: Send) -> None:
        self._under_way += 1
        self._idle.clear()
        try:
            await application(scope, receive, send)
        finally:
            self._under_way -= 1
            if not self._under_way:
                self._idle.set()


class HttpServer:
    """Serves one ASGI application on one address until `stop`."""

    def __init__(self, application: Application, host: str, port: int) -> None:
        _require_free(host, port)
        self._granian = Granian(
            application,
            address=host,
            port=port,
            interface=Interfaces.ASGINL,
            http=HTTPModes.http1,
            backlog=1024,
            backpressure=_WHOLE_BODIES,
            log_enabled=False,
        )
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to listen."""
        self._task = asyncio.create_task(self._granian.serve())

    async def stop(self) -> None:
        """Stop listening and wait a little for answers under way; sockets that stay open end with the process."""
        if self._task is None:
            return
        self._granian.stop()  # type: ignore[no-untyped-call]
        try:
            await asyncio.wait_for(self._task, _STOP_SECONDS)
        except TimeoutError:
            return


async def _unavailable(send: Send) -> None:
    body = msgspec.json.encode({"status": "starting"})
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", b"%d" % len(body)),
        (b"retry-after", b"1"),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": 503, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _require_free(host: str, port: int) -> None:
    """The server shares its port with whoever asks (SO_REUSEPORT), so a second one must find out beforehand."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise PortInUse(f"cannot listen on {host} port {port}: {error.strerror}") from None
