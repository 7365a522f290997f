"""The side that is measured: `python -m bench.voice_browser.plane ours|aiortc`. Offers in, answers out, as JSON lines.

`cpu` on standard input is answered with the CPU seconds this process has used.
"""

import asyncio
import json
import os
import sys
from typing import Any

from switchroom.media.audio.api import AudioEvent
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.webrtc.legs import BrowserLegs


class Ours:
    """The audio engine with browser legs, two in a room."""

    def __init__(self) -> None:
        self.engine = AudioEngine(on_events=self._events, bind="127.0.0.1", ports=range(42000, 43000))
        self.legs = BrowserLegs(self.engine, self, addresses=["127.0.0.1"])
        self.engine.start()
        self.made = 0

    def _events(self, events: list[AudioEvent]) -> None:
        for event in events:
            self.legs.handle(event)

    def connected(self, leg: str, again: bool) -> None:
        self.engine.place(leg, str(int(leg) // 2))

    def lost(self, leg: str, reason: str) -> None:
        """Nothing."""

    def closed(self, leg: str) -> None:
        """Nothing."""

    async def answer(self, offer: str) -> str:
        self.made += 1
        return await self.legs.join(str(self.made - 1), offer)


class Aiortc:
    """aiortc's own objects, which send back what they hear; PCMU."""

    def __init__(self) -> None:
        self.connections: list[Any] = []

    async def answer(self, offer: str) -> str:
        from aiortc import RTCConfiguration, RTCPeerConnection, RTCSessionDescription

        connection = RTCPeerConnection(RTCConfiguration(iceServers=[]))
        self.connections.append(connection)
        connection.on("track", connection.addTrack)
        await connection.setRemoteDescription(RTCSessionDescription(offer, "offer"))
        await connection.setLocalDescription(await connection.createAnswer())
        return str(connection.localDescription.sdp)


async def main() -> None:
    """Until standard input ends."""
    loop = asyncio.get_running_loop()
    if sys.argv[1] == "aiortc":
        import aioice.ice

        aioice.ice.get_host_addresses = lambda **_: ["127.0.0.1"]
    plane = Ours() if sys.argv[1] == "ours" else Aiortc()
    print(json.dumps("ready"), flush=True)
    while text := await loop.run_in_executor(None, sys.stdin.readline):
        asked = json.loads(text)
        if asked == "cpu":
            times = os.times()
            print(json.dumps(times.user + times.system), flush=True)
        else:
            print(json.dumps(await plane.answer(asked)), flush=True)
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main())
