"""Entering keys: prompts that are interrupted, terminators, the cancel key, and both timers."""

import pytest

from switchroom.media.collect import SETTLE_MS, Collector, Outcome


def entry(maximum: int = 20, terminator: str = "", cancel_key: str = "") -> Collector:
    return Collector(
        first_timeout_ms=5_000,
        digit_timeout_ms=3_000,
        maximum=maximum,
        terminator=terminator,
        cancel_key=cancel_key,
    )


def press(collector: Collector, keys: str, now: int = 0) -> Outcome | None:
    outcome = None
    for key in keys:
        assert outcome is None, f"{key} came after the end"
        outcome = collector.press(key, now)
    return outcome


def test_one_key_decides_a_menu() -> None:
    """BLK-068: a key during the prompt is the answer at once."""
    assert press(entry(maximum=1), "#") == Outcome("done", "#")


def test_no_time_runs_before_the_sounds_are_over() -> None:
    """BLK-159, BLK-160: the time for the first key begins after the prompt; without a key it is a timeout."""
    collector = entry()
    assert collector.due is None
    collector.sounds_ended(10_000)
    assert collector.due == 15_000
    assert collector.expire(14_999) is None
    assert collector.expire(15_000) == Outcome("timeout")


def test_between_keys_another_time_runs() -> None:
    """BLK-159: after the first key, the fixed time between keys; what is there then counts."""
    collector = entry()
    collector.sounds_ended(0)
    assert collector.press("4", 1_000) is None
    assert collector.due == 4_000
    assert collector.press("2", 3_900) is None
    assert collector.expire(4_000) is None
    assert collector.expire(6_900) == Outcome("done", "42")


def test_sounds_that_end_after_a_key_change_nothing() -> None:
    collector = entry()
    collector.press("4", 1_000)
    collector.sounds_ended(1_020)
    assert collector.due == 4_000


def test_the_maximum_ends_the_entry() -> None:
    """BLK-158: no more than so many digits; the terminator is none of them."""
    assert press(entry(maximum=3), "123") == Outcome("done", "123")
    assert press(entry(maximum=3, terminator="#"), "12#") == Outcome("done", "12")


@pytest.mark.parametrize(
    ("terminator", "keys", "value"),
    [("#", "12#", "12"), ("9*", "199*", "19"), ("*#", "1*2*#", "1*2"), ("12345", "9912345", "99"), ("#", "#", "")],
)
def test_terminators(terminator: str, keys: str, value: str) -> None:
    """BLK-162: one to five keys."""
    assert press(entry(terminator=terminator), keys) == Outcome("done", value)


def test_keys_that_only_began_the_terminator_count() -> None:
    collector = entry(maximum=3, terminator="##")
    assert press(collector, "12#") is None
    assert collector.expire(3_000) == Outcome("done", "12#")
    assert press(entry(maximum=3, terminator="##"), "12#4") == Outcome("done", "12#")


def test_the_last_place_of_a_repeated_terminator_counts() -> None:
    """BLK-163: the vector with the cancel key disabled: `1#2#3*4###` with the terminator `##` is `1#2#3*4#`."""
    collector = entry(terminator="##")
    assert press(collector, "1#2#3*4###") is None
    assert collector.expire(SETTLE_MS) == Outcome("done", "1#2#3*4#")


def test_the_cancel_key_clears_what_came_before() -> None:
    """BLK-163: `*` restarts the entry."""
    assert press(entry(terminator="#", cancel_key="*"), "12*34#") == Outcome("done", "34")
    collector = entry(cancel_key="*")
    press(collector, "12*")
    assert collector.expire(5_000) == Outcome("timeout")
