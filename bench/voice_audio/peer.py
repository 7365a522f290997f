"""The peer measured beside the engine: baresip-python answering calls and echoing every frame."""

import asyncio
import json
import os
import socket
import subprocess
import sys
import time
import uuid
from typing import Any

from bench.voice_audio.load import Callers


class Echo:
    """The measured process, from outside: a SIP server on a port of its own."""

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "bench.voice_audio.peer", str(self.port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        self.ask()

    def ask(self) -> float:
        """CPU seconds used so far."""
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        while not (line := self._process.stdout.readline()).startswith("{"):
            pass
        return float(json.loads(line)["cpu"])

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        self._process.wait(10)


def echoed(calls: int, seconds: float = 8.0) -> float:
    """Share of a core that so many echoed calls use (plain RTP, PCMU, no recording)."""
    echo, callers = Echo(), Callers(calls, secure=False)
    try:
        ports = [_invite(echo.port, int(str(leg["port"]))) for leg in callers.legs()]
        callers.call(ports)
        callers.talk(2.0)
        before, begun = echo.ask(), time.monotonic()
        callers.talk(seconds)
        return (echo.ask() - before) / (time.monotonic() - begun)
    finally:
        echo.close()
        callers.close()


def _invite(server: int, rtp: int) -> int:
    """One call; the RTP port of the other side."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind(("127.0.0.1", 0))
        made.settimeout(10)
        local = made.getsockname()[1]
        call = uuid.uuid4().hex
        sdp = (
            f"v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
            f"m=audio {rtp} RTP/AVP 0\r\na=rtpmap:0 PCMU/8000\r\na=ptime:20\r\n"
        )
        made.sendto(_request("INVITE", server, local, call, sdp).encode(), ("127.0.0.1", server))
        while True:
            answer = made.recv(4096).decode()
            if answer.startswith("SIP/2.0 200"):
                break
        to = next(line for line in answer.split("\r\n") if line.lower().startswith("to:"))
        made.sendto(_request("ACK", server, local, call, "", to).encode(), ("127.0.0.1", server))
        time.sleep(0.1)
        media = next(line for line in answer.split("\r\n") if line.startswith("m=audio"))
        return int(media.split()[1])


def _request(method: str, server: int, local: int, call: str, body: str, to: str = "") -> str:
    kind = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} sip:echo@127.0.0.1:{server} SIP/2.0\r\n"
        f"Via: SIP/2.0/UDP 127.0.0.1:{local};branch=z9hG4bK{uuid.uuid4().hex};rport\r\n"
        f"Max-Forwards: 70\r\nFrom: <sip:caller@127.0.0.1:{local}>;tag={call[:8]}\r\n"
        f"{to or f'To: <sip:echo@127.0.0.1:{server}>'}\r\nCall-ID: {call}\r\nCSeq: 1 {method}\r\n"
        f"Contact: <sip:caller@127.0.0.1:{local}>\r\n{kind}Content-Length: {len(body)}\r\n\r\n{body}"
    )


async def _serve(port: int) -> None:
    from baresip import Account, AudioNotActive, AudioRestarted, CallState, Config, Runtime, UserAgent

    runtime = Runtime()
    config = f"sip_listen 127.0.0.1:{port}\nrtp_ports 40000-49998\n"
    await runtime.start(
        Config(net_interface="127.0.0.1", max_concurrent_calls=120, rtp_timeout=30, extra_config_text=config)
    )
    account = Account(
        user="inbound",
        domain=f"127.0.0.1:{port}",
        password="",
        reg_interval=0,
        audio_codecs=("pcmu",),
        extra_params=("catchall=yes", "video_codecs=none"),
    )
    agent = await UserAgent.create(runtime, account)
    tasks: set[asyncio.Task[None]] = set()

    async def echo(call: Any) -> None:
        await call.answer()
        while call.state is not CallState.CLOSED:
            try:
                if sound := call.audio.read(1280):
                    call.audio.write(sound)
            except (AudioNotActive, AudioRestarted):
                pass
            await asyncio.sleep(0.02)

    agent.on_incoming(lambda call: tasks.add(asyncio.ensure_future(echo(call))))
    loop = asyncio.get_running_loop()
    while await loop.run_in_executor(None, sys.stdin.readline):
        used = os.times()
        print(json.dumps({"cpu": used.user + used.system}), flush=True)


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1])))
