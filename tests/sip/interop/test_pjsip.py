"""PJSIP, the stack inside many telephones, over UDP, TCP and TLS."""

import asyncio
import importlib.util
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from switchroom.media.sip_sockets import Listen
from switchroom.sip.events import Answered, BindingChanged, Confirmed, Digit, Ended, Incoming, Referred, Reoffer
from switchroom.sip.transport import Transport
from switchroom.sip.uri import Address
from tests.missing import missing
from tests.sip.interop.answering import Answering

TRANSPORTS: list[Transport] = ["udp", "tcp", "tls"]
PROGRAM = Path(__file__).with_name("pjsip_phone.py")


@pytest.fixture(autouse=True)
def _installed() -> None:
    if importlib.util.find_spec("pjsua2") is None:
        message = "pjsua2-python is missing: uv sync --group interop"
        missing(message)


class Pjsip:
    """The program and the lines it has said."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.lines: list[str] = []

    async def until(self, start: str, count: int = 1) -> str:
        """Wait for the `count`-th line that begins so."""
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(10):
                while len(found := [line for line in self.lines if line.startswith(start)]) < count:
                    line = await self._process.stdout.readline()
                    assert line, f"it ended; {self.lines}"
                    self.lines.append(line.decode().strip())
        except TimeoutError:
            raise AssertionError(f"no {start!r} in {self.lines}") from None
        return found[count - 1]

    def do(self, line: str) -> None:
        """One command."""
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n".encode())


@asynccontextmanager
async def pjsip(*options: str) -> AsyncIterator[tuple[Pjsip, str]]:
    """A running telephone and its address."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, str(PROGRAM), *options,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        telephone = Pjsip(process)
        ready = await telephone.until("ready")
        yield telephone, ready.split()[1]
    finally:
        process.kill()
        await process.wait()


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_calls_both_ways(phone: Answering, transport: Transport) -> None:
    """PJSIP calls, holds, resumes, sends a key, transfers; then it is called."""
    async with pjsip(transport) as (telephone, address):
        here = f"127.0.0.1:{phone.sockets.ports[transport]};transport={transport}"
        telephone.do(f"call sip:answer@{here}")
        await telephone.until("state CONFIRMED")
        await phone.until(Confirmed)
        telephone.do("hold")
        held = await phone.until(Reoffer)
        assert isinstance(held, Reoffer) and held.sdp is not None and held.sdp.audio is not None
        assert held.sdp.direction_of(held.sdp.audio) in ("sendonly", "inactive")
        await telephone.until("media 2")
        telephone.do("resume")
        await phone.until(Reoffer, 2)
        await telephone.until("media 1", 2)
        telephone.do("digit 8")
        digit = await phone.until(Digit)
        assert isinstance(digit, Digit) and digit.digit == "8"
        telephone.do(f"transfer sip:other@{here}")
        referred = await phone.until(Referred)
        assert isinstance(referred, Referred) and referred.target.user == "other"
        await telephone.until("transfer 200")
        if not any(isinstance(event, Ended) for event in phone.events):
            telephone.do("hangup")
        await phone.until(Ended)

        agent, now = phone.sockets.agent, phone.sockets.now
        incoming = phone.events[0]
        assert isinstance(incoming, Incoming)
        suffix = "" if transport == "udp" else f";transport={transport}"
        call = agent.invite(
            f"sip:pj@{address}{suffix}", incoming.flow, from_=Address("sip:me@127.0.0.1", "Me"), sdp=phone.offer(),
            now=now(),
        )  # fmt: skip
        await phone.until(Answered)
        call.hangup(now=now())
        await telephone.until("state DISCONNECTED", 2)


async def test_it_registers_with_digest(phone: Answering) -> None:
    """REGISTER as PJSIP does it."""
    async with pjsip("udp") as (telephone, _):
        telephone.do(f"register sip:127.0.0.1:{phone.sockets.ports['udp']} alice secret")
        await telephone.until("registered 200")
        changed = await phone.until(BindingChanged)
        assert isinstance(changed, BindingChanged) and changed.user == "alice"


async def test_it_proves_itself_when_it_calls(phone: Answering) -> None:
    """INVITE, 401, INVITE with digest."""
    async with pjsip("udp") as (telephone, _):
        here = f"127.0.0.1:{phone.sockets.ports['udp']}"
        telephone.do(f"register sip:{here} alice secret")
        await telephone.until("registered 200")
        telephone.do(f"call sip:private@{here}")
        await telephone.until("state CONFIRMED")
        incoming = await phone.until(Incoming)
        assert isinstance(incoming, Incoming) and incoming.user == "alice"


async def test_srtp_with_keys_in_the_description() -> None:
    """PJSIP insists on SRTP and takes our answer."""
    phone = Answering(Listen("127.0.0.1", udp=0, tcp=0), srtp=True)
    await phone.sockets.open()
    try:
        async with pjsip("udp", "srtp") as (telephone, _):
            telephone.do(f"call sip:answer@127.0.0.1:{phone.sockets.ports['udp']}")
            await telephone.until("state CONFIRMED")
            await telephone.until("media 1")
    finally:
        await phone.sockets.close()
