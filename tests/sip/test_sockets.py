"""The sockets under a user agent: two phones of ours, limits, and connections that come and go."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack

import pytest

from switchroom.media.sip_sockets import Listen, SipSockets, Tls
from switchroom.sip.agent import UserAgent
from switchroom.sip.events import Answered, Ended, Failed, Incoming, Pinged
from switchroom.sip.transport import Destination, Transport
from switchroom.sip.uri import Address
from tests.sip.interop.answering import Answering

OpenPhone = Callable[[Listen], Awaitable[Answering]]


@pytest.fixture
async def open_phone() -> AsyncIterator[OpenPhone]:
    """Opens phones that close with the test."""
    async with AsyncExitStack() as stack:

        async def make(listen: Listen) -> Answering:
            phone = Answering(listen)
            await phone.sockets.open()
            stack.push_async_callback(phone.sockets.close)
            return phone

        yield make


@pytest.mark.parametrize("transport", ["udp", "tcp", "tls"])
async def test_a_call_between_two_phones(open_phone: OpenPhone, certificates: Tls, transport: Transport) -> None:
    """Set up, answered and ended over each transport, to a name that has to be looked up."""
    called = await open_phone(Listen("127.0.0.1", udp=0, tcp=0, tls=0, files=certificates))
    caller = await open_phone(Listen("127.0.0.1", udp=0, tcp=0, tls=0, files=certificates))
    port = called.sockets.ports[transport]
    call = caller.sockets.agent.invite(
        f"sip:answer@localhost:{port};transport={transport}", Destination(transport, "localhost", port),
        from_=Address("sip:me@127.0.0.1"), sdp=caller.offer(), now=caller.sockets.now(),
    )  # fmt: skip
    await caller.until(Answered)
    incoming = await called.until(Incoming)
    assert incoming.flow.transport == transport
    call.hangup(now=caller.sockets.now())
    await called.until(Ended)


async def test_a_certificate_for_another_name_is_not_accepted(open_phone: OpenPhone, certificates: Tls) -> None:
    """The authority is right, the name is not."""
    called = await open_phone(Listen("127.0.0.1", udp=0, tcp=None, tls=0, files=certificates))
    caller = await open_phone(Listen("127.0.0.1", udp=0, tcp=None, tls=None, files=certificates))
    other = socket.gethostname()
    caller.sockets._names._keep(other, called.sockets.ports["tls"], ("127.0.0.1", called.sockets.ports["tls"]), 1e12)
    caller.sockets.agent.invite(
        "sip:answer@x", Destination("tls", other, called.sockets.ports["tls"]), from_=Address("sip:me@127.0.0.1"),
        sdp=caller.offer(), now=caller.sockets.now(),
    )  # fmt: skip
    assert (await caller.until(Failed)).code == 503
    assert not called.events


async def test_clients_without_a_certificate_are_kept_out_when_asked_for(
    open_phone: OpenPhone, certificates: Tls
) -> None:
    """`clients`: who shows one that the authority vouches for is let in, and named."""
    files = Tls(certificates.certificate, certificates.key, certificates.ca, clients=True)
    called = await open_phone(Listen("127.0.0.1", udp=0, tcp=None, tls=0, files=files))
    way = Destination("tls", "localhost", called.sockets.ports["tls"])
    known = await open_phone(Listen("127.0.0.1", udp=0, tcp=None, tls=None, files=certificates))
    known.sockets.agent.invite(
        "sip:answer@x", way, from_=Address("sip:me@127.0.0.1"), sdp=known.offer(), now=known.sockets.now()
    )
    await known.until(Answered)
    assert (await called.until(Incoming)).flow.peer_name == "localhost"


async def test_connections_have_limits(open_phone: OpenPhone) -> None:
    """Too many from one address are cut off, and so is who never says anything."""
    phone = await open_phone(Listen("127.0.0.1", udp=None, tcp=0, connections_per_source=3, first=0.2))
    opened = [await asyncio.open_connection("127.0.0.1", phone.sockets.ports["tcp"]) for _ in range(5)]
    async with asyncio.timeout(5):
        for reader, _ in opened:
            assert await reader.read(10) == b""
    for _, writer in opened:
        writer.close()
    reader, writer = await asyncio.open_connection("127.0.0.1", phone.sockets.ports["tcp"])
    writer.write(b"\r\n\r\n")
    async with asyncio.timeout(5):
        assert await reader.readexactly(2) == b"\r\n"
    writer.close()


async def test_a_taken_port_leaves_nothing_open(open_phone: OpenPhone) -> None:
    """OSError, and the ports that were free are free again."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        sockets = SipSockets(
            Listen("127.0.0.1", udp=0, tcp=taken.getsockname()[1]),
            lambda local: UserAgent(local=local, ids=lambda: "x" * 16),
            lambda event: None,
        )
        with pytest.raises(OSError, match="in use"):
            await sockets.open()
        again = await open_phone(Listen("127.0.0.1", udp=sockets.ports["udp"], tcp=None))
        assert again.sockets.ports["udp"] == sockets.ports["udp"]


async def test_ipv6(open_phone: OpenPhone) -> None:
    """Where the machine has it."""
    try:
        phone = await open_phone(Listen("::1", udp=0, tcp=0))
    except OSError:
        pytest.skip("no IPv6 here")
    for transport in ("udp", "tcp"):
        agent, port = phone.sockets.agent, phone.sockets.ports[transport]
        agent.options(f"sip:[::1]:{port}", Destination(transport, "::1", port), now=phone.sockets.now())
    assert [(await phone.until(Pinged, number)).code for number in (1, 2)] == [200, 200]
