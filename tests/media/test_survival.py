"""What is left of calls when a process dies: without the node they go on, without the media process they end."""

import asyncio
import time
from collections.abc import Callable

from tests.media.caller import Telephone
from tests.media.conftest import Desk, until
from tests.server import Server, phones_ready

DEMO = "+15550100"


async def test_a_call_goes_on_while_the_node_is_killed(make_server: Callable[..., Server]) -> None:
    """The sound does not stop; the node that comes back goes on with the call where it was."""
    server = phones_ready(make_server("--demo", voice=True).ready())
    caller = await Telephone(number="+15550140").open(server.sip_port)
    try:
        assert (await caller.call(DEMO)).code == 200
        desk = Desk(server)
        caller.press("1")
        await until(lambda: desk.in_queue() == 1)
        await until(lambda: caller.heard.loud(time.monotonic() - 0.5) > 100, 20)
        server.kill("node")
        killed = time.monotonic()
        await asyncio.to_thread(server.ready)
        heard = len(caller.heard.since(killed)) / 8000
        assert heard > 0.9 * (time.monotonic() - killed)
        assert not caller.over.is_set()
        await until(lambda: caller.heard.loud(time.monotonic() - 1.0) > 100, 20)
        await caller.hang_up()
        contact = await until(lambda: Desk(server).caller_contact("+15550140"), 30)
        assert contact["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    finally:
        await caller.close()


async def test_calls_of_a_media_process_that_dies_have_their_records(make_server: Callable[..., Server]) -> None:
    """The contact ends; the next media process takes calls on the same port."""
    server = phones_ready(make_server("--demo", voice=True).ready())
    caller = await Telephone(number="+15550141").open(server.sip_port)
    again = await Telephone(number="+15550142").open(server.sip_port)
    try:
        assert (await caller.call(DEMO)).code == 200
        await until(lambda: caller.heard.loud() > 100, 20)
        server.kill("media")
        contact = await until(lambda: Desk(server).caller_contact("+15550141"), 30)
        assert contact["DisconnectTimestamp"]
        await asyncio.to_thread(phones_ready, server, 2)
        assert (await again.call(DEMO)).code == 200
        await until(lambda: again.heard.loud() > 100, 20)
        await again.hang_up()
    finally:
        await caller.close()
        await again.close()


async def test_the_end_says_goodbye(make_server: Callable[..., Server]) -> None:
    """A media process that is told to stop hangs its calls up."""
    server = phones_ready(make_server("--demo", voice=True).ready())
    caller = await Telephone(number="+15550143").open(server.sip_port)
    try:
        assert (await caller.call(DEMO)).code == 200
        await until(lambda: caller.heard.loud() > 100, 20)
        server.process.terminate()
        await until(caller.over.is_set, 20)
        assert server.stop() == 0
    finally:
        await caller.close()
