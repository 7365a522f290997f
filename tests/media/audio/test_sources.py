"""Where sound is sent, from whom it is taken; RTCP; what is thrown away."""

import random
import struct
from dataclasses import replace

import pytest

from switchroom.media.audio import rtcp
from switchroom.media.audio.api import Latched, LegMedia, LegSilent, PeerBye
from tests.media.audio.phones import Exchange, Phone, pieces, speech

A, B = speech(1, 1.0), speech(2, 1.0)


def test_without_an_address_sound_goes_where_it_comes_from(exchange: Exchange) -> None:
    a, b = exchange.phone("a", connect=False), exchange.phone("b")
    exchange.engine.connect_leg("a", LegMedia())
    exchange.room("a", "b")
    exchange.run(3)
    assert not a.packets
    exchange.talk((a, A), (b, B))
    assert exchange.events(Latched) == [Latched("a", a.address)]
    assert pieces(a.sound(), B) > 0.99


def test_behind_an_address_translator_the_announced_address_is_given_up(exchange: Exchange) -> None:
    a, b = exchange.phone("a", connect=False), exchange.phone("b")
    announced = Phone(0)
    exchange.engine.connect_leg("a", LegMedia(remote=announced.address))
    exchange.room("a", "b")
    exchange.run(3)
    announced.listen()
    assert len(announced.packets) == 3
    exchange.talk((a, A), (b, B))
    assert pieces(a.sound(), B) > 0.9
    announced.wire.close()


def test_a_name_is_not_looked_up_but_the_first_packet_waited_for(exchange: Exchange) -> None:
    a, b = exchange.phone("a", connect=False), exchange.phone("b")
    nowhere = ("nowhere.invalid", 4000)
    exchange.engine.connect_leg("a", LegMedia(remote=nowhere, remote_rtcp=nowhere))
    exchange.room("a", "b")
    exchange.run(3)
    assert exchange.engine.stats("a").remote is None
    exchange.talk((a, A), (b, B))
    assert pieces(a.sound(), B) > 0.9
    exchange.engine.close_leg("a")
    exchange.run(1)


def test_an_intruder_is_neither_heard_nor_sent_to(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    intruder = Phone(a.port, ssrc=666)
    exchange.talk((a, speech(3, 5.5)), after=0)
    b.hush()
    exchange.talk((a, A), (intruder, B))
    assert pieces(b.sound(), A) > 0.99
    exchange.run(100)
    b.hush()
    exchange.talk((intruder, B))
    intruder.listen()
    assert not b.sound().any(), "not even when the caller is silent"
    assert not intruder.packets
    assert exchange.engine.stats("a").invalid == 100
    intruder.wire.close()


def test_a_stream_that_moves_to_another_port_is_followed(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.talk((a, speech(3, 6.0)), after=20)
    moved = Phone(a.port, ssrc=a.ssrc, sequence=a.sequence, time=a.time)
    b.hush()
    exchange.phones["moved"] = moved
    exchange.talk((moved, A), (b, B))
    assert pieces(b.sound(), A) > 0.99
    assert pieces(moved.sound(), B) > 0.9


def test_a_new_agreement_moves_the_leg_at_once(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.talk((a, speech(3, 6.0)))
    other = Phone(a.port, ssrc=4711)
    exchange.phones["other"] = other
    exchange.engine.connect_leg("a", LegMedia(remote=other.address))
    b.hush()
    exchange.talk((a, A), (other, B), (b, A))
    assert pieces(b.sound(), B) > 0.99
    assert pieces(other.sound(), A) > 0.99


def test_on_hold_nothing_is_taken_or_sent(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.engine.connect_leg("a", LegMedia(remote=a.address, send=False, receive=False, silent_after=1))
    exchange.talk((a, A), (b, B))
    exchange.run(100)
    assert not a.packets
    assert not b.sound().any()
    assert exchange.events(LegSilent) == []
    exchange.engine.connect_leg("a", LegMedia(remote=a.address))
    exchange.talk((a, A), (b, B))
    assert pieces(a.sound(), B) > 0.99
    assert pieces(b.sound(), A) > 0.99


def test_silence_is_told_once_and_again_after_sound(exchange: Exchange) -> None:
    a = exchange.phone("a", LegMedia(silent_after=2))
    exchange.talk((a, A), after=250)
    (silent,) = exchange.events(LegSilent)
    assert isinstance(silent, LegSilent)
    assert silent.leg == "a"
    assert 2 <= silent.seconds < 3.1
    exchange.talk((a, A), after=200)
    assert len(exchange.events(LegSilent)) == 1


def test_a_leg_that_never_sends_is_silent_too(exchange: Exchange) -> None:
    exchange.phone("a", LegMedia(silent_after=2))
    exchange.phone("b", LegMedia(silent_after=0))
    exchange.run(200)
    assert [event.leg for event in exchange.events(LegSilent) if isinstance(event, LegSilent)] == ["a"]


def test_reports_are_sent_and_read(exchange: Exchange) -> None:
    a = exchange.phone("a")
    exchange.talk((a, A), after=300)
    reports = [rtcp.parse(packet) for packet in a.control]
    assert 1 <= len(reports) <= 4
    last = reports[-1]
    assert last is not None
    assert last.sender_time is not None
    (block,) = last.receptions
    assert (block.ssrc, block.lost) == (a.ssrc, 0)
    ours = exchange.engine.ssrc("a")
    about = rtcp.Reception(ours, 0.25, 3, 100, 80, last.sender_time, 0.0)
    a.send(rtcp.compose(a.ssrc, 0.0, rtcp.Sent(1, 2, 3), about, bye=True))
    exchange.tick()
    stats = exchange.engine.stats("a")
    assert stats.remote_lost == 0.25
    assert stats.rtt_ms is not None
    assert exchange.events(PeerBye) == [PeerBye("a")]


def test_reports_go_to_the_port_of_their_own_when_it_is_agreed_on(exchange: Exchange) -> None:
    a, control = exchange.phone("a"), Phone(0)
    exchange.engine.connect_leg("a", LegMedia(remote=a.address, remote_rtcp=control.address))
    control.port = a.port + 1
    exchange.talk((a, A), after=400)
    control.listen()
    assert control.control
    assert not a.control
    control.send(rtcp.compose(a.ssrc, 0.0, None, rtcp.Reception(exchange.engine.ssrc("a"), 0.5, 1, 1, 1)))
    exchange.tick()
    assert exchange.engine.stats("a").remote_lost == 0.5
    control.wire.close()


def test_a_leap_of_the_former_phone_does_not_take_the_leg_back(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    other = Phone(a.port, ssrc=5)
    exchange.room("a", "b")
    exchange.talk((a, A))
    exchange.engine.connect_leg("a", LegMedia(remote=("127.0.0.1", 9)))
    exchange.talk((a, A[:3200]), after=0)
    exchange.phones["other"] = other
    exchange.talk((other, B), (b, A))
    assert pieces(b.sound(), B) > 0.9
    assert pieces(other.sound(), A) > 0.9


def test_rubbish_never_stops_the_sound(exchange: Exchange, caplog: pytest.LogCaptureFixture) -> None:
    """Random bytes, headers cut short, wild extensions and lengths, from the phone's own address."""
    chance = random.Random(7)
    a, b = exchange.phone("a", LegMedia(dtmf_payload_type=101)), exchange.phone("b", LegMedia("opus", 111))
    c = exchange.phone("c", LegMedia("G722", 9))
    exchange.room("a", "b", "c")
    for _ in range(150):
        for phone in (a, b, c):
            for _ in range(6):
                phone.send(rubbish(chance, phone.ssrc))
        exchange.tick()
        exchange.engine.half_tick()
    exchange.run(20)
    assert not caplog.records
    exchange.engine.connect_leg("a", replace(LegMedia(), remote=a.address))
    d = exchange.phone("d")
    exchange.room("a", "d")
    d.hush()
    exchange.talk((a, A))
    exchange.talk((a, A))
    assert pieces(d.sound(), A) > 0.95


def rubbish(chance: random.Random, ssrc: int) -> bytes:
    """Mostly like RTP."""
    size = chance.choice((0, 1, 2, 3, 11, 12, 13, 16, 40, 172, 500, 1500, 3000))
    data = bytearray(chance.randbytes(size))
    if size >= 12 and chance.random() < 0.8:
        kind = chance.choice((0, 8, 9, 13, 101, 111, 96, 200, 201, 203))
        struct.pack_into("!BB", data, 0, 0x80 | chance.randrange(64), kind)
        if chance.random() < 0.7:
            struct.pack_into("!I", data, 8, ssrc)
    return bytes(data)
