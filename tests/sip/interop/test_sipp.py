"""sipp calls us and is called: an implementation that shares nothing with ours."""

import asyncio
import os
import socket
from collections import Counter
from pathlib import Path

import pytest

from switchroom.sip.events import (
    Answered,
    BindingChanged,
    Cancelled,
    Confirmed,
    Digit,
    Ended,
    Failed,
    Incoming,
    Reanswered,
    Reoffer,
)
from switchroom.sip.transport import Destination
from switchroom.sip.uri import Address
from tests.sip.interop import sipp as scenes
from tests.sip.interop.answering import Answering
from tests.sip.interop.sipp import found, sipp


def kinds(phone: Answering) -> Counter[str]:
    """How often each event came."""
    return Counter(type(event).__name__ for event in phone.events)


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
async def test_fifty_calls_a_second(phone: Answering, tmp_path: Path, tcp: bool) -> None:
    """sipp's own caller: INVITE, 180, 200, ACK, BYE."""
    await sipp(tmp_path, phone.sockets.ports["tcp" if tcp else "udp"], "answer", None, calls=150, rate=50, tcp=tcp)
    assert kinds(phone) == {"Incoming": 150, "Confirmed": 150, "Ended": 150}
    assert phone.sockets.agent.calls() == []


@pytest.mark.parametrize("tcp", [False, True], ids=["udp", "tcp"])
@pytest.mark.parametrize(
    ("service", "steps", "event", "count"),
    [
        ("ring", scenes.RINGS_THEN_CANCELLED, Cancelled, 3),
        ("answer", scenes.HOLDS, Reoffer, 9),
        ("answer", scenes.OFFERS_LATE, Confirmed, 3),
        ("early", scenes.PRACKS, Confirmed, 3),
        ("answer", scenes.PRESSES_KEYS, Digit, 6),
        ("busy", scenes.IS_BUSY, Ended, 3),
        ("bye", scenes.IS_LEFT, Ended, 3),
        ("private", scenes.PROVES_ITSELF, Ended, 3),
    ],
    ids=["cancel", "hold", "late-offer", "prack", "info", "busy", "bye", "digest"],
)
async def test_scenes(
    phone: Answering, tmp_path: Path, service: str, steps: list[str], event: type[object], count: int, tcp: bool
) -> None:
    """Each of sipp's scenarios ends as it wants, three times."""
    await sipp(tmp_path, phone.sockets.ports["tcp" if tcp else "udp"], service, steps, calls=3, tcp=tcp)
    await asyncio.sleep(0.05)
    assert sum(isinstance(one, event) for one in phone.events) == count
    assert phone.sockets.agent.calls() == []
    if service == "private":
        assert {one.user for one in phone.events if isinstance(one, Incoming)} == {"alice"}


async def test_a_registration_with_digest(phone: Answering, tmp_path: Path) -> None:
    """REGISTER, 401, REGISTER, 200, as sipp computes it."""
    await sipp(tmp_path, phone.sockets.ports["udp"], "alice", scenes.REGISTERS)
    changed = next(event for event in phone.events if isinstance(event, BindingChanged))
    assert changed.user == "alice" and changed.bindings[0].flow.remote[0] == "127.0.0.1"


async def uas(tmp_path: Path) -> tuple[asyncio.subprocess.Process, int]:
    """sipp's own answering side."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = await asyncio.create_subprocess_exec(
        found("sipp"), "-sn", "uas", "-i", "127.0.0.1", "-p", str(port), "-nostdin",
        stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL, stdin=asyncio.subprocess.DEVNULL,
        cwd=tmp_path,
    )  # fmt: skip
    return process, port


async def test_we_call_sipp(phone: Answering, tmp_path: Path) -> None:
    """Answered, hung up by us; the first INVITE may come before sipp is up and is repeated."""
    process, port = await uas(tmp_path)
    try:
        agent, now = phone.sockets.agent, phone.sockets.now
        calls = [
            agent.invite(
                f"sip:service@127.0.0.1:{port}", Destination("udp", "localhost", port),
                from_=Address("sip:me@127.0.0.1", "Me"), sdp=phone.offer(), now=now(),
            )
            for _ in range(20)
        ]  # fmt: skip
        await phone.until(Answered, 20)
        for call in calls:
            call.hangup(now=now())
        await phone.until(Ended, 20)
        assert kinds(phone)["Failed"] == 0
    finally:
        process.kill()
        await process.wait()


async def test_noise_on_the_wire_does_not_disturb(phone: Answering, tmp_path: Path) -> None:
    """Random datagrams and broken streams, then a call as if nothing had been."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as noise:
        for size in (0, 1, 4, 100, 1400, 9000):
            for _ in range(20):
                noise.sendto(os.urandom(size), ("127.0.0.1", phone.sockets.ports["udp"]))
            noise.sendto(b"INVITE sip:a@b SIP/2.0\r\n" + os.urandom(size), ("127.0.0.1", phone.sockets.ports["udp"]))
    for port in (phone.sockets.ports["tcp"], phone.sockets.ports["tls"]):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(os.urandom(70_000))
        async with asyncio.timeout(5):
            while await reader.read(4096):
                pass
        writer.close()
    await sipp(tmp_path, phone.sockets.ports["udp"], "answer", None)
    assert kinds(phone) == {"Incoming": 1, "Confirmed": 1, "Ended": 1}


async def test_a_keepalive_is_answered(phone: Answering) -> None:
    """Double CRLF gets one back, on a connection and by datagram (RFC 5626)."""
    reader, writer = await asyncio.open_connection("127.0.0.1", phone.sockets.ports["tcp"])
    writer.write(b"\r\n\r\n")
    async with asyncio.timeout(5):
        assert await reader.readexactly(2) == b"\r\n"
    writer.close()


async def test_nobody_listens_there(phone: Answering) -> None:
    """A refused connection and a name that is none end a call with 503, at once."""
    for destination in (Destination("tcp", "127.0.0.1", 1), Destination("udp", "no.such.host.invalid", 5060)):
        phone.sockets.agent.invite(
            "sip:x@127.0.0.1", destination, from_=Address("sip:me@h"), sdp=phone.offer(), now=phone.sockets.now()
        )
    assert [(await phone.until(Failed, 1)).code, (await phone.until(Failed, 2)).code] == [503, 503]
    assert not [one for one in phone.events if isinstance(one, Reanswered)]
