"""Many calls at once with sipp, and a second media process beside the first."""

import asyncio
import os
import signal
import sys
import time

import msgspec

from bench.voice.run import raise_quota
from bench.voice.sipp import call
from switchroom.app import process
from switchroom.core.voice_commands import MediaAlive
from switchroom.media.wire import ALIVE
from switchroom.storage.bus import Bus
from tests.media.caller import Telephone
from tests.media.conftest import until
from tests.server import Server, free_port
from tests.sip.interop.sipp import found

DEMO = "+15550100"


async def alive(server: Server, seconds: float) -> dict[str, MediaAlive]:
    """The heartbeats of some seconds, the last of each process."""
    places = msgspec.json.decode((server.data / "endpoints.json").read_bytes())
    bus = Bus(places["nats_url"])
    await bus.open()
    heard: dict[str, MediaAlive] = {}

    async def hear(payload: bytes, _subject: str) -> None:
        one = msgspec.msgpack.decode(payload, type=MediaAlive)
        heard[one.id] = one

    await bus.subscribe(ALIVE, hear)
    await asyncio.sleep(seconds)
    await bus.close()
    return heard


async def test_fifty_calls_a_second_leave_nothing_behind(site: Server) -> None:
    found("sipp")
    await raise_quota(site)
    done = await asyncio.to_thread(call, site.sip_port, DEMO, rate=50, calls=150, hold=0.3)
    assert (done.succeeded, done.failed) == (150, 0)
    deadline = time.monotonic() + 15
    while any(one.calls for one in (await alive(site, 2.5)).values()):
        assert time.monotonic() < deadline, "calls are left"


async def test_a_second_media_process(site: Server) -> None:
    """`switchroom node --roles media` takes calls on ports of its own, and ends without the calls of others."""
    places = msgspec.json.decode((site.data / "endpoints.json").read_bytes())
    port = free_port()
    options = ["--roles", "media", "--sip-port", str(port), "--sip-tls-port", "0", "--rtp-ports", "37000-37199"]
    urls = ["--database-url", places["database_url"], "--nats-url", places["nats_url"], "--data", str(site.data)]
    with site.log.open("ab") as output:
        second = process.spawn(
            [sys.executable, "-m", "switchroom", "node", "--demo", *options, *urls],
            output=output,
            environment=dict(os.environ),
        )
    first = await Telephone(number="+15550151").open(site.sip_port)
    other = await Telephone(number="+15550152").open(port)
    try:
        await until(lambda: f"udp {port}" in site.output(), 60)
        assert len(await alive(site, 3.0)) == 2
        assert (await first.call(DEMO)).code == 200
        assert (await other.call(DEMO)).code == 200
        await until(lambda: other.heard.loud() > 100 and first.heard.loud() > 100, 20)
        second.terminate()
        await until(other.over.is_set, 20)
        assert not first.over.is_set()
        await first.hang_up()
    finally:
        await asyncio.to_thread(process.stop, second, signal.SIGTERM, 20.0)
        await first.close()
        await other.close()
