"""Networks as they are: loss, disorder, doubles, jitter, clocks that differ, streams that begin anew."""

import random

import numpy as np
import pytest

from switchroom.media.audio import g711
from switchroom.media.audio.api import LegMedia
from tests.media.audio.phones import Exchange, Phone, frames, pieces, speech

SOUND = speech(5, 3.0)


def pair(exchange: Exchange) -> tuple[Phone, Phone]:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    return a, b


def deliver(exchange: Exchange, phone: Phone, arrivals: list[tuple[float, bytes]]) -> None:
    """Each packet at its tick, in the order of arrival."""
    arrivals.sort(key=lambda arrival: arrival[0])
    tick = 0
    while arrivals:
        while arrivals and arrivals[0][0] <= tick:
            phone.send(arrivals.pop(0)[1])
        exchange.tick()
        tick += 1
    exchange.run(12)


def test_loss_of_five_percent_is_concealed(exchange: Exchange) -> None:
    a, b = pair(exchange)
    chance = random.Random(1)
    sent = [(float(tick), a.frame(frame)) for tick, frame in enumerate(frames(SOUND))]
    kept = [one for one in sent if one[0] in (0, len(sent) - 1) or chance.random() > 0.05]
    lost = len(sent) - len(kept)
    deliver(exchange, a, kept)
    stats = exchange.engine.stats("a")
    assert stats.lost == lost > 3
    assert pieces(b.sound(), SOUND) > 0.95
    assert 0 < stats.concealed < 0.2
    assert 1 < stats.mos < 4.3


def test_packets_out_of_order_are_put_in_order(exchange: Exchange) -> None:
    a, b = pair(exchange)
    sent = [(float(tick), a.frame(frame)) for tick, frame in enumerate(frames(SOUND))]
    swapped = [(tick + (1.1 if tick % 10 == 3 else 0.0), wire) for tick, wire in sent]
    deliver(exchange, a, swapped)
    assert pieces(b.sound(), SOUND) > 0.99
    assert exchange.engine.stats("a").lost == 0


def test_doubles_are_heard_once(exchange: Exchange) -> None:
    a, b = pair(exchange)
    sent = [(float(tick), a.frame(frame)) for tick, frame in enumerate(frames(SOUND))]
    deliver(exchange, a, sent + sent[::3])
    stats = exchange.engine.stats("a")
    assert pieces(b.sound(), SOUND) > 0.99
    assert stats.duplicate == len(sent[::3])
    assert stats.lost == 0


def test_jitter_of_50_ms_is_evened_out(exchange: Exchange) -> None:
    a, b = pair(exchange)
    chance = random.Random(2)
    sent = [(tick + chance.random() * 2.5, a.frame(frame)) for tick, frame in enumerate(frames(SOUND))]
    deliver(exchange, a, sent)
    stats = exchange.engine.stats("a")
    assert stats.late <= 2
    assert 20 <= stats.delay_ms <= 100
    assert pieces(b.sound(), SOUND) > 0.9


def test_without_jitter_the_buffer_becomes_short(exchange: Exchange) -> None:
    a, _ = pair(exchange)
    exchange.talk((a, speech(6, 8.0)), after=0)
    assert exchange.engine.stats("a").delay_ms <= 40


@pytest.mark.parametrize("drift", [0.996, 1.004])
def test_a_clock_that_runs_differently_is_followed(exchange: Exchange, drift: float) -> None:
    a, b = pair(exchange)
    quiet = speech(7, 20.0)
    quiet[np.arange(len(quiet)) % 8000 > 5000] = 0
    sent = [(tick * drift, a.frame(frame)) for tick, frame in enumerate(frames(quiet))]
    deliver(exchange, a, sent)
    stats = exchange.engine.stats("a")
    assert stats.late <= 2
    assert stats.delay_ms <= 100
    assert pieces(b.sound(), quiet[-16000:]) > 0.6


def test_a_stall_does_not_leave_a_delay(exchange: Exchange) -> None:
    a, b = pair(exchange)
    sent = [(float(tick), a.frame(frame)) for tick, frame in enumerate(frames(SOUND))]
    stalled = [(max(tick, 70.0) if tick >= 40 else tick, wire) for tick, wire in sent]
    deliver(exchange, a, stalled)
    b.hush()
    exchange.talk((a, speech(8, 6.0)))
    assert exchange.engine.stats("a").delay_ms <= 100


def test_a_stream_that_stood_still_goes_on_at_once(exchange: Exchange) -> None:
    a, b = pair(exchange)
    exchange.talk((a, SOUND), after=50)
    b.hush()
    exchange.talk((a, SOUND))
    assert pieces(b.sound(), SOUND) > 0.99


def test_another_ssrc_and_another_timestamp_begin_anew(exchange: Exchange) -> None:
    a, b = pair(exchange)
    exchange.talk((a, SOUND))
    a.ssrc, a.sequence, a.time = 99, 5, 123_456_789
    b.hush()
    exchange.talk((a, SOUND))
    assert pieces(b.sound(), SOUND) > 0.99
    a.time += 8000 * 3600
    b.hush()
    exchange.talk((a, SOUND))
    assert pieces(b.sound(), SOUND) > 0.99
    assert exchange.engine.stats("a").lost == 0


@pytest.mark.parametrize("milliseconds", [10, 20, 30, 40, 60])
def test_packets_of_other_lengths_are_heard(exchange: Exchange, milliseconds: int) -> None:
    a, b = pair(exchange)
    size = milliseconds * 8
    sent = [(at / 160, a.frame(SOUND[at : at + size])) for at in range(0, len(SOUND) - size + 1, size)]
    deliver(exchange, a, sent)
    assert pieces(b.sound(), SOUND[: len(SOUND) // 480 * 480 - 960]) > 0.98


def test_header_extension_contributing_sources_and_padding_are_skipped(exchange: Exchange) -> None:
    a, b = pair(exchange)
    for frame in frames(SOUND):
        wire = a.frame(frame)
        extra = bytes(4) + b"\xbe\xde\x00\x01" + b"\x10\xff\x00\x00"
        a.send(bytes([0x80 | 0x20 | 0x10 | 1]) + wire[1:12] + extra + wire[12:] + b"\0\0\0\4")
        exchange.tick()
    exchange.run(10)
    assert pieces(b.sound(), SOUND) > 0.99


def test_comfort_noise_is_silence(exchange: Exchange) -> None:
    a, b = pair(exchange)
    exchange.talk((a, SOUND))
    for _ in range(20):
        a.send(a.packet(b"\x40", 13, a.time))
        a.time += 160
        exchange.tick()
    b.hush()
    exchange.run(5)
    assert not b.sound().any()
    assert exchange.engine.stats("a").invalid == 0


def test_a_leg_that_announced_one_law_may_send_the_other(exchange: Exchange) -> None:
    a, b = exchange.phone("a", LegMedia("PCMU", 0)), exchange.phone("b")
    exchange.room("a", "b")
    a.law, a.payload_type = g711.A, 8
    exchange.talk((a, SOUND))
    assert pieces(b.sound(), SOUND) > 0.99
