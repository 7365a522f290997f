"""A leg against aiortc: real ICE, real DTLS, on sockets. Losses, wrong certificates, other roles, damaged datagrams."""

import asyncio
import random
import re
from collections.abc import AsyncIterator

import pylibsrtp
import pytest

from switchroom.media.webrtc.dtls import MTU, Certificate, Dtls, Fingerprint
from switchroom.media.webrtc.leg import Changed, Closed, Connected, Lost
from switchroom.media.webrtc.sdp import BadOffer, read_offer
from tests.media.webrtc.peers import Browser, Plug
from tests.media.webrtc.test_stun import request

PATIENCE = 20


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    found = Browser()
    yield found
    await found.close()


@pytest.fixture
async def plug() -> AsyncIterator[Plug]:
    found = await Plug().open()
    yield found
    found.close()


async def meet(plug: Plug, browser: Browser) -> Connected:
    async with asyncio.timeout(PATIENCE):
        offer = await browser.offer()
        await browser.answered(plug.leg.join(offer, asyncio.get_running_loop().time()))
        event = await plug.seen(Connected)
        while browser.connection.connectionState != "connected":
            await asyncio.sleep(0.01)
    assert isinstance(event, Connected)
    return event


async def test_the_keys_open_what_the_browser_sends(plug: Plug, browser: Browser) -> None:
    """CHAT-05: the browser's sound arrives encrypted under the keys of the handshake."""
    event = await meet(plug, browser)
    media = event.media
    assert (media.codec, media.payload_type, media.latch, event.again) == ("PCMU", 0, False, False)
    assert media.srtp is not None
    async with asyncio.timeout(PATIENCE):
        while len(plug.rtp) < 20:
            await asyncio.sleep(0.02)
    profile = {"AEAD_AES_128_GCM": 7, "AES_CM_128_HMAC_SHA1_80": 1}[media.srtp.profile]
    policy = pylibsrtp.Policy(key=media.srtp.remote, ssrc_type=pylibsrtp.Policy.SSRC_ANY_INBOUND, srtp_profile=profile)
    session = pylibsrtp.Session(policy)
    opened = [session.unprotect(data) for data in plug.rtp if not 192 <= data[1] <= 223]
    assert all(len(packet) == 172 and packet[1] & 0x7F == 0 for packet in opened)


@pytest.mark.process
async def test_a_lost_flight_is_sent_again() -> None:
    """Whatever DTLS says first, in each direction, gets lost."""
    lost: set[int] = set()

    def passes(data: bytes) -> bool:
        if 20 <= data[0] < 64 and len(lost) < 2 and hash(data) not in lost:
            lost.add(hash(data))
            return False
        return True

    plug, browser = await Plug(passes).open(), Browser()
    try:
        await meet(plug, browser)
        assert len(lost) == 2
    finally:
        await browser.close()
        plug.close()


async def test_a_certificate_that_was_not_offered_is_refused(plug: Plug, browser: Browser) -> None:
    async with asyncio.timeout(PATIENCE):
        offer = await browser.offer()
        forged = re.sub(r"(a=fingerprint:sha-256 )(..)", lambda found: found[1] + f"{int(found[2], 16) ^ 1:02X}", offer)
        assert forged != offer
        forged = re.sub(r"a=fingerprint:sha-(384|512).*\r\n", "", forged)
        await browser.answered(plug.leg.join(forged, asyncio.get_running_loop().time()))
        event = await plug.seen(Lost)
    assert isinstance(event, Lost)
    assert "certificate" in event.reason
    assert plug.leg.state == "lost"
    assert not any(isinstance(one, Connected) for one in plug.events)


async def test_a_browser_that_closes_is_noticed(plug: Plug, browser: Browser) -> None:
    await meet(plug, browser)
    await browser.close()
    async with asyncio.timeout(PATIENCE):
        await plug.seen(Closed)


async def test_silence_is_a_loss_and_a_sign_of_life_a_return(plug: Plug, browser: Browser) -> None:
    await meet(plug, browser)
    leg, now = plug.leg, asyncio.get_running_loop().time()
    plug.events.clear()
    leg.tick(now + 30)
    kinds = [type(event) for event in leg.events]
    assert kinds == [Changed, Lost]
    stopped = leg.events[0]
    assert isinstance(stopped, Changed)
    assert not stopped.media.send, "nothing is sent without consent"
    leg.events.clear()
    async with asyncio.timeout(PATIENCE):
        event = await plug.seen(Connected)
    assert isinstance(event, Connected)
    assert event.again
    assert not event.fresh


async def test_another_connection_takes_the_leg_over(plug: Plug, browser: Browser) -> None:
    first = await meet(plug, browser)
    await browser.close()
    other = Browser()
    try:
        async with asyncio.timeout(PATIENCE):
            await plug.seen(Closed)
            plug.events.clear()
            second = await meet(plug, other)
        assert second.again
        assert second.fresh
        assert second.media.srtp != first.media.srtp
    finally:
        await other.close()


async def test_a_further_offer_of_the_same_connection_keeps_the_keys(plug: Plug, browser: Browser) -> None:
    first = await meet(plug, browser)
    offer = await browser.offer()
    plug.leg.join(offer, asyncio.get_running_loop().time())
    async with asyncio.timeout(PATIENCE):
        event = await plug.seen(Changed)
    assert isinstance(event, Changed)
    assert event.media.srtp is first.media.srtp
    assert plug.leg.state == "connected"


async def test_offers_that_cannot_be_answered(browser: Browser) -> None:
    offer = await browser.offer()
    for damage in ("m=audio", "a=ice-ufrag", "a=fingerprint", "a=rtcp-mux"):
        with pytest.raises(BadOffer):
            read_offer(offer.replace(damage, "a=x"))
    with pytest.raises(BadOffer):
        read_offer("")
    with pytest.raises(BadOffer):
        read_offer(offer, ("PCMA",))


def handshake(server: Dtls, client: Dtls) -> None:
    server.start()
    flight = client.start()
    for _ in range(10):
        back = [answer for data in flight for answer in server.receive(data)]
        flight = [answer for data in back for answer in client.receive(data)]


def test_both_roles_and_the_size_of_datagrams() -> None:
    ours, theirs = Certificate(), Certificate()
    server = Dtls(ours, server=True, fingerprints=(theirs.fingerprint,))
    client = Dtls(theirs, server=False, fingerprints=(Fingerprint("sha-1", "AA"), ours.fingerprint))
    handshake(server, client)
    assert server.keys is not None
    assert client.keys is not None
    assert (server.keys.local, server.keys.remote) == (client.keys.remote, client.keys.local)
    assert all(len(data) <= MTU for data in client.close())


def test_damaged_datagrams_do_no_harm_to_a_handshake() -> None:
    """Whatever a stranger throws in, the state is one of ours and nothing is raised."""
    chance = random.Random(11)
    ours, theirs = Certificate(), Certificate()
    for _ in range(60):
        server = Dtls(ours, server=True, fingerprints=(theirs.fingerprint,))
        client = Dtls(theirs, server=False, fingerprints=(ours.fingerprint,))
        server.start()
        flight = client.start()
        for _ in range(4):
            back: list[bytes] = []
            for data in flight:
                damaged = bytearray(data)
                damaged[chance.randrange(len(damaged))] = chance.randrange(256)
                for one in (bytes(damaged), chance.randbytes(chance.randint(1, 200)), data[: chance.randint(0, 60)]):
                    back += server.receive(one)
            flight = [answer for data in back for answer in client.receive(data)]
            flight += client.tick()
        assert server.state in ("handshaking", "failed", "connected")
        assert (server.keys is not None) == (server.state == "connected")


async def test_another_network_moves_the_address(plug: Plug, browser: Browser) -> None:
    """A nomination from elsewhere is followed at once, under the same keys; a stranger's is not."""
    first = await meet(plug, browser)
    ours, theirs = (
        dict(line[2:].split(":", 1) for line in sdp.splitlines() if line.startswith(("a=ice-ufrag", "a=ice-pwd")))
        for sdp in (browser.connection.remoteDescription.sdp, browser.connection.localDescription.sdp)
    )
    user = f"{ours['ice-ufrag']}:{theirs['ice-ufrag']}"
    elsewhere = ("198.51.100.20", 4444)
    forged = request(user, "w" * 24, nominate=True)
    plug.leg.receive(forged, elsewhere, asyncio.get_running_loop().time())
    assert plug.leg.events == []
    plug.leg.receive(request(user, ours["ice-pwd"], nominate=True), elsewhere, asyncio.get_running_loop().time())
    moved = plug.leg.events.pop()
    assert isinstance(moved, Changed)
    assert moved.media.remote == elsewhere
    assert moved.media.srtp is first.media.srtp
