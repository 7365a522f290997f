"""baresip, a telephone built on another stack, over UDP, TCP and TLS."""

import asyncio
from pathlib import Path

import pytest

from switchroom.media.sip_sockets import Listen, Tls
from switchroom.sip.events import (
    Answered,
    BindingChanged,
    Confirmed,
    Ended,
    Failed,
    Incoming,
    Pinged,
    Reanswered,
    ReferProgress,
    Referred,
    Reoffer,
)
from switchroom.sip.transport import Destination, Transport
from switchroom.sip.uri import Address
from tests.sip.interop.answering import Answering
from tests.sip.interop.baresip import Baresip

TRANSPORTS: list[Transport] = ["udp", "tcp", "tls"]


def telephone(phone: Answering, transport: Transport, folder: Path, files: Tls, *options: str) -> Baresip:
    """A baresip whose account lives at `phone`."""
    home = f"sip:alice@127.0.0.1:{phone.sockets.ports[transport]};transport={transport}"
    more = "".join(f";{option}" for option in ("answermode=auto", *options))
    return Baresip(folder, f"<{home}>;auth_user=alice;auth_pass=secret;regint=600{more}", files)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_a_telephone_registers_calls_and_is_called(
    phone: Answering, certificates: Tls, tmp_path: Path, transport: Transport
) -> None:
    """Digest registration; a call each way; each side hangs up once; hold and resume by both."""
    async with telephone(phone, transport, tmp_path, certificates) as baresip:
        agent, now = phone.sockets.agent, phone.sockets.now
        changed = await phone.until(BindingChanged)
        assert isinstance(changed, BindingChanged)
        (binding,) = changed.bindings
        assert binding.flow.transport == transport and binding.user == "alice"

        baresip.command("dial", f"sip:answer@127.0.0.1:{phone.sockets.ports[transport]}")
        await baresip.until("CALL_ESTABLISHED")
        incoming = await phone.until(Incoming)
        assert isinstance(incoming, Incoming) and incoming.request.target.user == "answer"
        await phone.until(Confirmed)
        baresip.command("hold")
        held = await phone.until(Reoffer)
        assert isinstance(held, Reoffer) and held.sdp is not None and held.sdp.audio is not None
        assert held.sdp.direction_of(held.sdp.audio) in ("sendonly", "inactive")
        baresip.command("resume")
        await phone.until(Reoffer, 2)
        call, local = incoming.call, incoming.call.local_sdp
        assert local is not None
        call.reoffer(local.with_direction("sendonly"), now=now())
        await phone.until(Reanswered)
        call.reoffer(local.with_direction("sendrecv"), now=now())
        await phone.until(Reanswered, 2)
        baresip.command("hangup")
        await phone.until(Ended)

        call = agent.invite(
            binding.contact, binding.flow, from_=Address("sip:desk@127.0.0.1", "Desk"), sdp=phone.offer(), now=now()
        )
        await phone.until(Answered)
        call.hangup(now=now())
        await baresip.until("CALL_CLOSED", 2)
        ping = agent.options(binding.contact, binding.flow, now=now())
        answered = await phone.until(Pinged)
        assert isinstance(answered, Pinged) and answered.ping == ping and answered.code in (200, 404)


@pytest.mark.parametrize("transport", TRANSPORTS)
async def test_transfers_both_ways(phone: Answering, certificates: Tls, tmp_path: Path, transport: Transport) -> None:
    """REFER and its NOTIFYs."""
    async with telephone(phone, transport, tmp_path, certificates) as baresip:
        home = f"127.0.0.1:{phone.sockets.ports[transport]}"
        await phone.until(BindingChanged)
        baresip.command("dial", f"sip:answer@{home}")
        await phone.until(Confirmed)
        baresip.command("transfer", f"sip:other@{home};transport={transport}")
        referred = await phone.until(Referred)
        assert isinstance(referred, Referred) and referred.target.user == "other"
        await baresip.until("CALL_CLOSED")
        await phone.until(Ended)

        baresip.command("dial", f"sip:answer@{home}")
        await phone.until(Confirmed, 2)
        incoming = await phone.until(Incoming, 2)
        assert isinstance(incoming, Incoming)
        incoming.call.refer(f"sip:third@{home};transport={transport}", now=phone.sockets.now())
        third = await phone.until(Incoming, 3)
        assert isinstance(third, Incoming) and third.request.target.user == "third"
        async with asyncio.timeout(10):
            while not any(isinstance(event, ReferProgress) and event.code == 200 for event in phone.events):
                await asyncio.sleep(0.02)


async def test_srtp_is_agreed_with_a_telephone_that_insists(certificates: Tls, tmp_path: Path) -> None:
    """SDES keys both ways; a phone that wants none of it gets a plain answer."""
    phone = Answering(Listen("127.0.0.1", udp=0, tcp=0), srtp=True)
    await phone.sockets.open()
    try:
        async with telephone(phone, "udp", tmp_path, certificates, "mediaenc=srtp-mand") as baresip:
            await phone.until(BindingChanged)
            baresip.command("dial", f"sip:answer@127.0.0.1:{phone.sockets.ports['udp']}")
            await baresip.until("CALL_ESTABLISHED")
            incoming = await phone.until(Incoming)
            assert isinstance(incoming, Incoming) and incoming.sdp is not None and incoming.sdp.audio is not None
            assert incoming.sdp.audio.secure and incoming.sdp.audio.crypto
    finally:
        await phone.sockets.close()


async def test_a_wrong_password_and_a_certificate_nobody_vouches_for(
    phone: Answering, certificates: Tls, tmp_path: Path
) -> None:
    """A registration that fails; a TLS server we do not know is not called."""
    home = f"sip:alice@127.0.0.1:{phone.sockets.ports['udp']}"
    async with Baresip(tmp_path, f"<{home}>;auth_user=alice;auth_pass=wrong;regint=600", certificates) as baresip:
        async with asyncio.timeout(10):
            while "401 Unauthorized" not in baresip.log:
                await asyncio.sleep(0.02)
    assert not [event for event in phone.events if isinstance(event, BindingChanged)]
    other = Answering(Listen("127.0.0.1", udp=0, tcp=None))
    await other.sockets.open()
    try:
        other.sockets.agent.invite(
            "sip:x@localhost", Destination("tls", "localhost", phone.sockets.ports["tls"]),
            from_=Address("sip:me@h"), sdp=other.offer(), now=other.sockets.now(),
        )  # fmt: skip
        failed = await other.until(Failed)
        assert isinstance(failed, Failed) and failed.code == 503
    finally:
        await other.sockets.close()
