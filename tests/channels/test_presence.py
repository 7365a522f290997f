"""Lost connections, on a real bus between two nodes; and a reader who does not read."""

import asyncio
from typing import Any

import pytest
from starlette.websockets import WebSocket

from switchroom.live.connection import QUEUE, TOO_SLOW, Connection
from switchroom.live.hub import Hub
from switchroom.live.presence import Presence, Who
from switchroom.storage.bus import Bus

WHO = Who("instance", "session", "participant-of-presence")
SHORT = 0.3


class Node:
    """One node's presence, with those it has given up."""

    def __init__(self, bus: Bus) -> None:
        self.lost: list[Who] = []
        self.presence = Presence(bus, self._lost, patience=SHORT)

    async def _lost(self, who: Who) -> None:
        self.lost.append(who)


async def until(found: Any) -> None:
    """Wait until `found()` is true."""
    for _ in range(500):
        if found():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not happen")


@pytest.fixture
async def nodes(bus: Bus) -> Any:
    """Two nodes."""
    pair = Node(bus), Node(bus)
    for node in pair:
        await node.presence.start()
    yield pair
    for node in pair:
        await node.presence.stop()


async def test_who_has_no_socket_left_is_given_up(nodes: tuple[Node, Node]) -> None:
    """CHAT-78: not while one of several sockets is open."""
    first, _ = nodes
    await first.presence.opened(WHO)
    await first.presence.opened(WHO)
    await first.presence.closed(WHO)
    await asyncio.sleep(2 * SHORT)
    assert first.lost == []
    await first.presence.closed(WHO)
    await until(lambda: first.lost == [WHO])


async def test_who_comes_back_in_time_is_kept(nodes: tuple[Node, Node]) -> None:
    """CHAT-78: here, on another node, or by a call of the service."""
    first, second = nodes
    await first.presence.opened(WHO)
    await first.presence.closed(WHO)
    await second.presence.opened(WHO)
    await asyncio.sleep(2 * SHORT)
    await first.presence.opened(WHO)
    await first.presence.closed(WHO)
    await asyncio.sleep(2 * SHORT)
    assert first.lost == second.lost == []
    await second.presence.closed(WHO)
    await asyncio.sleep(SHORT * 0.6)
    second.presence.seen(WHO)
    await asyncio.sleep(SHORT * 0.6)
    assert second.lost == []
    await until(lambda: second.lost == [WHO])


async def test_a_subject_is_shared_by_its_connections(bus: Bus) -> None:
    hub = Hub(bus)
    first: list[bytes] = []
    second: list[bytes] = []
    leave = await hub.join("live.test.hub", first.append)
    await hub.join("live.test.hub", second.append)
    await bus.publish("live.test.hub", b"1")
    await until(lambda: second == [b"1"])
    leave()
    await bus.publish("live.test.hub", b"2")
    await until(lambda: second == [b"1", b"2"])
    assert first == [b"1"]
    await hub.close()


async def test_a_slow_reader_is_dropped() -> None:
    """CHAT-64: what it cannot take is not kept for it, nobody waits."""
    sent: list[dict[str, Any]] = []
    stuck = asyncio.Event()

    async def send(message: Any) -> None:
        if message["type"] == "websocket.send":
            await stuck.wait()
        sent.append(message)

    async def receive() -> Any:
        await asyncio.Event().wait()

    websocket = WebSocket({"type": "websocket"}, receive, send)
    websocket.application_state = websocket.client_state = websocket.client_state.CONNECTED
    connection = Connection(websocket)

    async def ignore(text: str) -> None:
        raise AssertionError(text)

    running = asyncio.create_task(connection.run(ignore, seconds=60, silence=lambda: 60.0))
    await asyncio.sleep(0)
    for number in range(QUEUE + 10):
        connection.send(f"m{number}")
        if number == 0:
            await asyncio.sleep(0)
    stuck.set()
    await asyncio.wait_for(running, 5)
    assert sent[-1] == {"type": "websocket.close", "code": TOO_SLOW, "reason": ""}
    assert len(sent) < 10
