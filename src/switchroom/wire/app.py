"""The ASGI application of a node: operations first, then pages, objects, health and sockets."""

import logging
from collections.abc import Iterable
from typing import Any

from starlette.websockets import WebSocket

from switchroom.base.errors import ServiceError
from switchroom.wire.context import Services
from switchroom.wire.door import MOST_HEADER_BYTES, Door, Receive, Scope, Send, Visit, refusal, respond
from switchroom.wire.operation import Binding, load_bindings
from switchroom.wire.pages import Pages
from switchroom.wire.request_id import random_uuid
from switchroom.wire.service_model import ServiceModel
from switchroom.wire.sockets import SocketRoute, run_socket

log = logging.getLogger(__name__)

_header_names: dict[bytes, str] = {}


class App:
    """`app(scope, receive, send)`. Starting and stopping of parts belongs to who made the services."""

    def __init__(self, services: Services, door: Door) -> None:
        self.services = services
        self.door = door
        self._pages = Pages(services, door.cors)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._http(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(scope, receive, send)
        elif scope["type"] == "lifespan":
            await _lifespan(receive, send)

    async def _http(self, scope: Scope, receive: Receive, send: Send) -> None:
        pairs = scope["headers"]
        headers = {_header_names.get(name) or _name(name): value.decode("latin-1") for name, value in pairs}
        if len(headers) != len(pairs):
            headers = _joined(pairs)
        method = scope["method"]
        raw_path = scope.get("raw_path")
        path = raw_path.decode("latin-1") if raw_path else scope["path"]
        query = scope["query_string"].decode("latin-1")
        if sum(map(len, headers.values())) + len(path) + len(query) > MOST_HEADER_BYTES:
            error = ServiceError("RequestHeaderFieldsTooLargeException", "The headers or the URL are too long")
            await respond(send, refusal(None, error, random_uuid()))
            return
        found = self.door.route(method, path, query, headers)
        if found is not None:
            visit = Visit(found[0], found[1], headers, path, query, scope, self.door.clock())
            await self.door.serve(visit, receive, send)
        else:
            await self._pages.serve(scope, receive, send, headers, path)

    async def _websocket(self, scope: Scope, receive: Receive, send: Send) -> None:
        websocket = WebSocket(scope, receive, send)  # type: ignore[arg-type]
        for entry in self.services.sockets:
            route = SocketRoute(*entry)
            if route.path == scope["path"]:
                await run_socket(self.services, route, websocket)
                return
        await websocket.close(code=1008)


def create_app(
    services: Services,
    *,
    bindings: dict[tuple[str, str], Binding] | None = None,
    models: Iterable[ServiceModel] | None = None,
    **clocks: Any,
) -> App:
    """The application over `services`, with every binding below `wire/services` unless `bindings` are given."""
    return App(services, Door(services, load_bindings() if bindings is None else bindings, models=models, **clocks))


def _name(raw: bytes) -> str:
    name = raw.decode("latin-1").lower()
    if len(_header_names) < 1000:
        _header_names[raw] = name
    return name


def _joined(pairs: list[tuple[bytes, bytes]]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for raw, value in pairs:
        name, text = _name(raw), value.decode("latin-1")
        separator = "; " if name == "cookie" else ","
        headers[name] = f"{headers[name]}{separator}{text}" if name in headers else text
    return headers


async def _lifespan(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return
