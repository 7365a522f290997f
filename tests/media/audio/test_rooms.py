"""Who hears whom."""

import numpy as np

from switchroom.media.audio.api import LegMedia
from switchroom.media.audio.rooms import soft_clip
from tests.media.audio.phones import Exchange, likeness, pieces, speech

A, B, C = speech(1, 1.2), speech(2, 1.2), speech(3, 1.2)


def test_two_legs_hear_each_other_and_not_themselves(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b", LegMedia("PCMA", 8))
    exchange.room("a", "b")
    exchange.talk((a, A), (b, B))
    assert likeness(a.sound(), B) > 0.99
    assert likeness(b.sound(), A) > 0.99
    assert likeness(a.sound(), A) < 0.2


def test_of_three_each_hears_the_sum_of_the_others(exchange: Exchange) -> None:
    a, b, c = (exchange.phone(name) for name in "abc")
    exchange.room("a", "b", "c")
    exchange.talk((a, A), (b, B), (c, C))
    both = (A.astype(int) + B) // 2
    assert likeness(c.sound(), both.astype(np.int16)) > 0.97
    assert likeness(c.sound(), C) < 0.2


def test_rooms_are_apart_and_a_leg_out_of_its_room_is_on_hold(exchange: Exchange) -> None:
    a, b, c = (exchange.phone(name) for name in "abc")
    exchange.room("a", "b")
    exchange.room("c", name="other")
    exchange.talk((a, A))
    assert likeness(c.sound(), A) < 0.2
    exchange.engine.place("b", None)
    b.hush()
    exchange.talk((a, A))
    assert b.packets, "silence is sent"
    assert not b.sound().any()


def test_a_silent_monitor_hears_both_and_is_heard_by_nobody(exchange: Exchange) -> None:
    a, b, monitor = exchange.phone("a"), exchange.phone("b"), exchange.phone("m")
    exchange.room("a", "b")
    exchange.engine.place("m", "room", talk=False)
    exchange.talk((a, A), (b, B), (monitor, C))
    assert likeness(monitor.sound(), ((A.astype(int) + B) // 2).astype(np.int16)) > 0.97
    assert likeness(a.sound(), B) > 0.99, "nothing of the monitor"


def test_who_does_not_hear_still_talks(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.engine.place("a", "room", hear=False)
    exchange.room("b")
    exchange.talk((a, A), (b, B))
    assert not a.sound().any()
    assert likeness(b.sound(), A) > 0.99


def test_a_muted_leg_hears_and_is_not_heard(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.engine.mute("a", True)
    exchange.talk((a, A), (b, B))
    assert not b.sound().any()
    assert likeness(a.sound(), B) > 0.99
    exchange.engine.mute("a", False)
    exchange.talk((a, A))
    assert pieces(b.sound(), A) > 0.99


def test_gain_makes_a_leg_quieter_for_others(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.engine.gain("a", -12)
    exchange.talk((a, A))
    heard = b.sound()
    assert likeness(heard, A) > 0.98
    assert np.abs(heard).max() < np.abs(A).max() / 3


def test_too_loud_together_is_pressed_not_wrapped() -> None:
    ramp = np.arange(-200_000, 200_000, 100, dtype=np.int32)[None]
    pressed = soft_clip(ramp)[0].astype(int)
    assert (np.diff(pressed) >= 0).all()
    quiet = np.abs(ramp[0]) < 20_000
    assert (pressed[quiet] == ramp[0][quiet]).all()
