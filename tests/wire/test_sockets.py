"""WebSocket routes and slow clients, over real sockets."""

import asyncio
import socket
import time
from collections.abc import Iterator

import pytest
import websockets
from starlette.websockets import WebSocket

from switchroom.base.clock import now_ms
from switchroom.wire import door
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from tests.wire.doors import bind, make_app, make_services
from tests.wire.serving import Serving


async def tell(websocket: WebSocket) -> None:
    """Says who is there."""
    await websocket.accept(subprotocol=next(iter(websocket.scope.get("subprotocols", ())), None))
    caller = websocket.scope["caller"]
    await websocket.send_text(f"{caller.kind} {caller.id}")
    await websocket.close()


def nothing(call: Call, request: dict[str, object]) -> dict[str, object]:
    return {}


@pytest.fixture
def services() -> Services:
    services = make_services()
    services.sockets = [("/participant/ws", tell, "bearer"), ("/agent/ws", tell, "session"), ("/open/ws", tell)]
    return services


@pytest.fixture
def serving(services: Services) -> Iterator[Serving]:
    serving = Serving(make_app(bind("connect", "CreateQueue", nothing), services))
    yield serving
    serving.stop()


async def hear(serving: Serving, path: str) -> str:
    async with websockets.connect(f"ws://127.0.0.1:{serving.port}{path}") as connection:
        return str(await connection.recv())


async def test_a_connection_token_opens_the_socket_of_a_participant(serving: Serving, services: Services) -> None:
    assert services.tokens is not None
    soon = now_ms() + 60_000
    token = services.tokens.mint("connection", "i", "c", "p", "CUSTOMER", soon)
    assert await hear(serving, f"/participant/ws?token={token}") == "participant p"
    assert await hear(serving, "/open/ws") == "anonymous anonymous"
    other = services.tokens.mint("participant", "i", "c", "p", "CUSTOMER", soon)
    expired = services.tokens.mint("connection", "i", "c", "p", "CUSTOMER", 1)
    wrong = (
        f"/participant/ws?token={other}",
        f"/participant/ws?token={expired}",
        "/participant/ws",
        "/agent/ws",
        "/no/ws",
    )
    for path in wrong:
        with pytest.raises(websockets.exceptions.InvalidStatus) as refused:
            await hear(serving, path)
        assert refused.value.response.status_code == 403


async def test_a_session_opens_the_socket_of_a_person(site: Services) -> None:
    assert site.sessions is not None
    session = await site.sessions.sign_in("demo", "agent1", "Passw0rd-of-the-tests")
    site.sockets = [("/agent/ws", tell, "session")]
    app = make_app({}, site)
    sent: list[dict[str, object]] = []

    async def open_socket(
        headers: list[tuple[bytes, bytes]], query: bytes = b"", protocols: tuple[str, ...] = ()
    ) -> str:
        sent.clear()
        messages = [{"type": "websocket.connect"}]

        async def receive() -> dict[str, object]:
            return dict(messages.pop(0)) if messages else {"type": "websocket.disconnect", "code": 1000}

        async def send(message: dict[str, object]) -> None:
            sent.append(message)

        scope = {
            "type": "websocket", "path": "/agent/ws", "raw_path": b"/agent/ws", "query_string": query,
            "headers": [(b"host", b"desk:8080"), *headers], "subprotocols": list(protocols), "scheme": "ws",
        }  # fmt: skip
        await app(scope, receive, send)
        return str(sent[1]["text"]) if len(sent) > 1 else str(sent[0].get("code"))

    cookie = (b"cookie", f"switchroom-session={session.token}".encode())
    person = f"person {session.user_id}"
    assert await open_socket([cookie, (b"origin", b"http://desk:8080")]) == person
    assert await open_socket([cookie, (b"origin", b"http://evil:8080")]) == "1008"
    assert await open_socket([cookie]) == "1008"
    assert await open_socket([], query=f"token={session.token}".encode()) == person
    assert await open_socket([], protocols=(f"switchroom.bearer.{session.token}",)) == person
    assert await open_socket([], query=b"token=forged") == "1008"


async def test_a_body_that_does_not_come_is_given_up(serving: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "BODY_SECONDS", 0.3)

    def talk() -> bytes:
        with socket.create_connection(("127.0.0.1", serving.port), timeout=10) as connection:
            head = b"PUT /queues/i HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer x\r\nContent-Length: 100\r\n\r\n{"
            connection.sendall(head)
            started = time.monotonic()
            answer = connection.recv(65536)
            assert time.monotonic() - started < 8
            return answer

    answer = await asyncio.to_thread(talk)
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b"x-amzn-errortype: RequestTimeoutException" in answer
