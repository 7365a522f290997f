"""SRTP of a leg, and packets beside the sound on the same port."""

import os
import struct

import pytest

from switchroom.media.audio.api import AudioError, LegMedia, OtherRtp, RawPacket, SrtpKeys, SrtpProfile
from switchroom.media.audio.srtp import Srtp
from tests.media.audio.phones import Exchange, likeness, pieces, speech

A, B = speech(1, 1.0), speech(2, 1.0)
SIZES: dict[SrtpProfile, int] = {
    "AES_CM_128_HMAC_SHA1_80": 30,
    "AES_CM_128_HMAC_SHA1_32": 30,
    "AEAD_AES_128_GCM": 28,
    "AEAD_AES_256_GCM": 44,
}


def both(profile: SrtpProfile = "AES_CM_128_HMAC_SHA1_80") -> tuple[SrtpKeys, Srtp]:
    """Keys of the leg, and the phone's session."""
    ours, theirs = os.urandom(SIZES[profile]), os.urandom(SIZES[profile])
    return SrtpKeys(ours, theirs, profile), Srtp(SrtpKeys(theirs, ours, profile))


@pytest.mark.parametrize("profile", list(SIZES))
def test_sound_both_ways(exchange: Exchange, profile: SrtpProfile) -> None:
    keys, session = both(profile)
    a, b = exchange.phone("a", LegMedia(srtp=keys), srtp=session), exchange.phone("b")
    exchange.room("a", "b")
    exchange.talk((a, A), (b, B))
    assert likeness(a.sound(), B) > 0.99
    assert likeness(b.sound(), A) > 0.99
    assert exchange.engine.stats("a").invalid == 0


def test_in_the_clear_or_forged_nothing_is_heard(exchange: Exchange) -> None:
    keys, session = both()
    a, b = exchange.phone("a", LegMedia(srtp=keys), srtp=session), exchange.phone("b")
    exchange.room("a", "b")
    exchange.phones.clear()
    a.srtp = None
    exchange.talk((a, A))
    exchange.phones["b"] = b
    exchange.talk((a, A))
    a.srtp = both()[1]
    for at in range(0, len(A), 160):
        a.say(A[at : at + 160])
    a.srtp = session
    exchange.run(5)
    assert not b.sound().any()
    assert exchange.engine.stats("a").invalid == 150
    exchange.phones["a"] = a


def test_a_packet_sent_again_is_not_taken_again(exchange: Exchange) -> None:
    keys, session = both()
    a = exchange.phone("a", LegMedia(srtp=keys), srtp=session)
    wire = a.frame(A[:160])
    a.send(wire)
    a.send(wire)
    exchange.tick()
    stats = exchange.engine.stats("a")
    assert (stats.received, stats.invalid) == (1, 1)


def test_a_reinvite_with_the_same_keys_goes_on_and_with_others_changes(exchange: Exchange) -> None:
    keys, session = both()
    a, b = exchange.phone("a", LegMedia(srtp=keys), srtp=session), exchange.phone("b")
    exchange.room("a", "b")
    exchange.talk((a, A))
    exchange.engine.connect_leg("a", LegMedia(remote=a.address, srtp=keys))
    b.hush()
    exchange.talk((a, A))
    assert pieces(b.sound(), A) > 0.99
    keys, a.srtp = both()
    exchange.engine.connect_leg("a", LegMedia(remote=a.address, srtp=keys))
    b.hush()
    exchange.talk((a, A), (b, B))
    assert pieces(b.sound(), A) > 0.99
    assert pieces(a.sound(), B) > 0.99


def test_keys_that_do_not_fit_are_refused(exchange: Exchange) -> None:
    exchange.phone("a", connect=False)
    with pytest.raises(AudioError, match="30 bytes"):
        exchange.engine.connect_leg("a", LegMedia(srtp=SrtpKeys(b"short", b"short")))


def test_stun_and_dtls_are_handed_out_and_answered_before_and_after_connecting(exchange: Exchange) -> None:
    a = exchange.phone("a", connect=False)
    stun, dtls = b"\x00\x01" + bytes(18), b"\x16\xfe\xfd" + bytes(30)
    a.send(stun)
    a.send(dtls)
    exchange.tick()
    assert exchange.events(RawPacket) == [RawPacket("a", stun, a.address), RawPacket("a", dtls, a.address)]
    exchange.engine.send_raw("a", b"\x01\x01answer", a.address)
    assert a.wire.recv(100) == b"\x01\x01answer"
    exchange.engine.connect_leg("a", LegMedia(remote=a.address))
    exchange.run(1)
    a.send(stun)
    exchange.tick()
    assert len(exchange.events(RawPacket)) == 1


def test_video_on_the_same_port_goes_through_the_owner(exchange: Exchange) -> None:
    keys, session = both()
    a = exchange.phone("a", LegMedia(srtp=keys, other_rtp=True, latch=False), srtp=session)
    plain = struct.pack("!BBHII", 0x80, 96, 1, 2, 3) + b"video" * 200
    wire = session.protect(plain)
    assert wire is not None
    a.send(wire)
    control = session.protect_rtcp(struct.pack("!BBHII", 0x81, 206, 2, 3, 4))
    assert control is not None
    a.send(control)
    exchange.tick()
    found = [event.data for event in exchange.events(OtherRtp) if isinstance(event, OtherRtp)]
    assert sorted(found) == sorted([plain, struct.pack("!BBHII", 0x81, 206, 2, 3, 4)])
    exchange.engine.send_rtp("a", plain)
    exchange.run(1)
    assert any(packet.payload_type == 96 and packet.payload == plain[12:] for packet in a.packets)
