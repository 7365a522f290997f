"""Keys, in and out: as events and in the sound."""

import itertools
import struct

import numpy as np
import pytest

from switchroom.media.audio import tones
from switchroom.media.audio.api import Digit, DigitsSent, LegMedia
from switchroom.media.audio.dtmf import EVENTS
from tests.media.audio.phones import Exchange, Phone, frames, pieces, speech

EVENT = LegMedia(dtmf_payload_type=101)


def key(phone: Phone, digit: str, *, steps: int = 5, ends: int = 3, first: int = 1) -> list[bytes]:
    """The packets of one key, lost at will: `first` step that arrives, number of ends that arrive."""
    code, wires = EVENTS.index(digit), []
    for step in range(1, steps + ends):
        last = step >= steps
        payload = struct.pack("!BBH", code, 0x8A if last else 10, min(step, steps) * 160)
        wire = phone.packet(payload, 101, phone.time, marker=step == 1)
        if step >= first:
            wires.append(wire)
    phone.time += steps * 160
    return wires


def press(exchange: Exchange, phone: Phone, wires: list[bytes]) -> None:
    for wire in wires:
        phone.send(wire)
        exchange.tick()


def test_each_key_is_reported_once_at_its_start(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    first = key(a, "5")
    press(exchange, a, first[:1])
    assert exchange.digits() == "5"
    press(exchange, a, first[1:])
    for digit in "0123456789*#ABCD":
        press(exchange, a, key(a, digit))
    assert exchange.digits() == "0123456789*#ABCD"
    assert exchange.engine.stats("a").lost == 0


def test_the_same_key_twice_without_any_end_is_two_keys(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    press(exchange, a, key(a, "7", ends=0))
    a.time += 800
    press(exchange, a, key(a, "7", ends=0))
    assert exchange.digits() == "77"


def test_a_key_whose_beginning_was_lost_is_found_by_its_end(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    press(exchange, a, key(a, "3", first=6))
    assert exchange.digits() == "3"


def test_repeated_ends_after_the_next_key_began_do_not_count_again(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    one, two = key(a, "1"), key(a, "2")
    press(exchange, a, one[:-2] + two[:1] + one[-2:] + two[1:])
    assert exchange.digits() == "12"


def test_keys_typed_fast_all_come_in_one_tick(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    for digit in "90210":
        for wire in key(a, digit, steps=2):
            a.send(wire)
    exchange.tick()
    exchange.tick()
    assert exchange.digits() == "90210"


def test_a_key_held_longer_than_an_event_may_last_is_one(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    start = a.time
    press(exchange, a, [a.packet(struct.pack("!BBH", 4, 10, 0xFFFF), 101, start, marker=True)])
    press(exchange, a, [a.packet(struct.pack("!BBH", 4, 10, 800), 101, start + 0xFFFF)])
    assert exchange.digits() == "4"


def test_no_sound_of_the_key_reaches_the_room_and_speech_goes_on_after_it(exchange: Exchange) -> None:
    a, b = exchange.phone("a", EVENT), exchange.phone("b")
    exchange.room("a", "b")
    voice = speech(3, 1.0)
    exchange.talk((a, voice), after=0)
    press(exchange, a, key(a, "1", steps=10))
    exchange.talk((a, voice))
    assert pieces(b.sound(), voice) > 0.98
    assert exchange.digits() == "1"


@pytest.mark.parametrize("codec", ["PCMU", "PCMA"])
def test_keys_in_the_sound_are_found_without_events(exchange: Exchange, codec: str) -> None:
    a = exchange.phone("a", LegMedia("PCMA", 8) if codec == "PCMA" else LegMedia())
    exchange.talk((a, tones.keys("147*2580369#ABCD", 0.06, 0.06)))
    assert exchange.digits() == "147*2580369#ABCD"


def test_with_events_agreed_on_the_sound_is_not_searched_unless_asked(exchange: Exchange) -> None:
    a, b = exchange.phone("a", EVENT), exchange.phone("b", LegMedia(dtmf_payload_type=101, inband_digits=True))
    exchange.talk((a, tones.keys("12")), (b, tones.keys("34")))
    assert [(event.leg, event.digit) for event in exchange.events(Digit) if isinstance(event, Digit)] == [
        ("b", "3"),
        ("b", "4"),
    ]


def test_speech_and_tones_are_no_keys(exchange: Exchange) -> None:
    a = exchange.phone("a")
    noise = [speech(seed, 3.0) for seed in (1, 2)]
    exchange.talk((a, np.concatenate([*noise, tones.progress("ringback"), tones.progress("busy")])))
    assert exchange.digits() == ""


def test_keys_are_sent_as_events(exchange: Exchange) -> None:
    a = exchange.phone("a", EVENT)
    exchange.run(5)
    exchange.engine.send_digits("a", "4#")
    exchange.run(40)
    events = [packet for packet in a.packets if packet.payload_type == 101]
    assert [packet.marker for packet in events] == [True, *[False] * 6] * 2
    assert len({packet.time for packet in events}) == 2
    codes = [struct.unpack("!BBH", packet.payload) for packet in events]
    assert [code[0] for code in codes] == [4] * 7 + [11] * 7
    assert [code[1] >> 7 for code in codes[:7]] == [0, 0, 0, 0, 1, 1, 1]
    assert [code[2] for code in codes[:7]] == [160, 320, 480, 640, 800, 800, 800]
    numbers = [packet.sequence for packet in a.packets]
    assert all((after - before) & 0xFFFF == 1 for before, after in itertools.pairwise(numbers))
    at = [number for number, packet in enumerate(a.packets) if packet.payload_type == 101]
    assert at[:7] == list(range(at[0], at[0] + 7)), "no sound between"
    assert exchange.events(DigitsSent) == [DigitsSent("a", "4#")]


def test_what_we_send_another_engine_understands(exchange: Exchange) -> None:
    a, b = exchange.phone("a", EVENT), exchange.phone("b", EVENT)
    exchange.engine.send_digits("a", "0123456789*#ABCD,1")
    for _ in range(250):
        exchange.tick()
        for packet in a.packets:
            if packet.payload_type == 101:
                b.send(b.packet(packet.payload, 101, packet.time, marker=packet.marker))
        a.hush()
    assert exchange.digits() == "0123456789*#ABCD1"


def test_keys_are_sent_as_sound_where_there_are_no_events(exchange: Exchange) -> None:
    a, b = exchange.phone("a"), exchange.phone("b")
    exchange.engine.send_digits("a", "159D")
    exchange.run(50)
    for frame in frames(a.sound()):
        b.say(frame)
        exchange.tick()
    assert exchange.digits() == "159D"


def test_what_is_no_key_is_refused(exchange: Exchange) -> None:
    exchange.phone("a")
    with pytest.raises(ValueError, match="not keys"):
        exchange.engine.send_digits("a", "1x")
