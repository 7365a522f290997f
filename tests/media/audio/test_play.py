"""Sounds played to a leg."""

import numpy as np

from switchroom.media.audio import tones
from switchroom.media.audio.api import LegClosed, PlayEnded
from tests.media.audio.phones import Exchange, likeness, pieces, speech

PROMPT, SECOND, VOICE = speech(1, 0.6), speech(2, 0.33), speech(3, 1.5)


def test_sounds_follow_one_another_and_the_end_is_told(exchange: Exchange) -> None:
    a = exchange.phone("a")
    exchange.engine.play("a", "prompt", [PROMPT, np.zeros(0, np.int16), SECOND])
    exchange.run(46)
    assert exchange.events(PlayEnded) == []
    exchange.run(2)
    assert exchange.events(PlayEnded) == [PlayEnded("a", "prompt")]
    assert likeness(a.sound(), np.concatenate((PROMPT, SECOND))) > 0.99
    a.hush()
    exchange.run(3)
    assert not a.sound().any()


def test_a_loop_goes_on_until_it_is_stopped(exchange: Exchange) -> None:
    a = exchange.phone("a")
    exchange.engine.play("a", "music", [SECOND], loop=True)
    exchange.run(100)
    assert likeness(a.sound(), np.concatenate((SECOND, SECOND, SECOND))) > 0.99
    exchange.engine.stop_playing("a")
    exchange.run(2)
    a.hush()
    exchange.run(5)
    assert not a.sound().any()
    assert exchange.events(PlayEnded) == []


def test_a_new_sound_replaces_the_old_one_whose_end_is_not_told(exchange: Exchange) -> None:
    a = exchange.phone("a")
    exchange.engine.play("a", "one", [PROMPT])
    exchange.run(5)
    exchange.engine.play("a", "two", [SECOND])
    exchange.run(30)
    assert exchange.events(PlayEnded) == [PlayEnded("a", "two")]
    assert likeness(a.sound(), SECOND) > 0.99


def test_a_sound_stands_before_the_room_or_is_mixed_with_it(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.room("a", "b")
    exchange.engine.play("a", "beep", [tones.sine((1000,), 2.0, -20)], loop=True)
    exchange.talk((b, VOICE))
    assert likeness(a.sound(), VOICE) < 0.3
    assert likeness(b.sound(), VOICE) < 0.3
    a.hush()
    exchange.engine.play("a", "beep", [tones.sine((1000,), 2.0, -30)], loop=True, mix=True)
    exchange.talk((b, VOICE))
    assert pieces(a.sound(), VOICE) > 0.85
    assert likeness(a.sound(), tones.sine((1000,), 0.5)) > 0.1


def test_nothing_to_play_ends_at_once(exchange: Exchange) -> None:
    exchange.phone("a")
    exchange.engine.play("a", "empty", [], loop=True)
    exchange.run(1)
    assert exchange.events(PlayEnded) == [PlayEnded("a", "empty")]


def test_closing_a_leg_while_it_plays_tells_no_end_of_playing(exchange: Exchange) -> None:
    a = exchange.phone("a")
    exchange.engine.play("a", "prompt", [PROMPT])
    exchange.run(5)
    exchange.engine.close_leg("a")
    exchange.run(40)
    assert exchange.events(PlayEnded) == []
    (closed,) = exchange.events(LegClosed)
    assert isinstance(closed, LegClosed)
    assert closed.stats.sent == 5
    assert a.control, "RTCP BYE"
    assert a.control[-1][-8:-6] == b"\x81\xcb"
