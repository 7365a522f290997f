"""What stands before the door: 503 until the node is ready, and when it stops calls under way come to their end."""

import asyncio
from typing import Any

from switchroom.app.server import Gate
from tests.wire.asgi import ask


async def test_a_node_that_stops_lets_calls_end() -> None:
    """While a call is under way the gate stays in `close`, so that nothing the call needs is taken from it; new calls
    are refused meanwhile."""
    gate, held, let_go = Gate(), asyncio.Event(), asyncio.Event()

    async def application(scope: Any, receive: Any, send: Any) -> None:
        held.set()
        await let_go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"done"})

    assert (await ask(gate, "GET", "/")).status == 503
    gate.open(application)
    call = asyncio.create_task(ask(gate, "GET", "/"))
    await held.wait()
    closing = asyncio.create_task(gate.close())
    await asyncio.sleep(0)
    assert (await ask(gate, "GET", "/")).status == 503
    assert not closing.done()
    let_go.set()
    assert (await call).status == 200
    await closing
