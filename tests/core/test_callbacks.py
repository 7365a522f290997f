"""Queued callbacks through the real decisions: asked for in a flow, waiting, made, tried again, given up."""

from typing import Any

from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.flows.language import CompiledFlow
from tests.core.phones import CALLER, Phones
from tests.core.stage import action, flow


def _callback_entry(delay: int = 0, attempts: int = 2, retry: int = 60) -> list[CompiledFlow]:
    parameters: dict[str, Any] = {
        "InitialCallDelaySeconds": delay,
        "RetryDelaySeconds": retry,
        "MaximumConnectionAttempts": attempts,
        "QueueId": "Q1",
    }
    ask = action("ask", "CreateCallbackContact", "bye", **parameters)
    return [flow("entry", [ask, action("bye", "DisconnectParticipant")])]


def test_a_callback_is_asked_for_and_made() -> None:
    """FLOW-95, FLOW-97, FLOW-98, FLOW-101, BLK-176: agent first, then the customer is dialled and whispered to."""
    phones = Phones("entry", _callback_entry(delay=30))
    original = phones.arrive()
    callback = next(iter(phones.state.contacts))
    ended = next(event for event in phones.events if isinstance(event, e.Disconnected))
    assert ended.contact == original and not phones.state.calls
    waiting = phones.contact(callback)
    assert (waiting.initiation_method, waiting.previous_id, waiting.place) == ("CALLBACK", original, "scheduled")
    assert waiting.rank == phones.now
    phones.wait(30)
    assert phones.contact(callback).place == "queue"
    phones.available("a1")
    assert phones.slot("a1", callback) == "INCOMING"
    phones.do(c.AcceptContact(agent="a1", contact=callback))
    assert phones.contact(callback).place == "agent"
    phones.answer(callback, phones.leg(callback, "a1"))
    assert phones.hears(callback, "a1") == "whisper to agent"
    assert phones.call(callback).customer is None
    phones.played(callback, "a1")
    dial = phones.planned(callback, "customer").dial
    assert dial is not None and dial.number == CALLER
    phones.answer(callback, phones.leg(callback, "customer"))
    assert phones.hears(callback, "customer") == "whisper to called"
    phones.hear_out()
    assert phones.hears(callback, "customer") == "room" and phones.slot("a1", callback) == "CONNECTED"


def test_a_callback_is_tried_again_and_given_up() -> None:
    """FLOW-97: at most R+1 calls; the place in line is kept (FLOW-96)."""
    phones = Phones("entry", _callback_entry(attempts=2, retry=60))
    phones.arrive()
    callback = next(iter(phones.state.contacts))
    rank = phones.contact(callback).rank
    for attempt in (1, 2):
        phones.available("a1")
        phones.do(c.AcceptContact(agent="a1", contact=callback))
        phones.answer(callback, phones.leg(callback, "a1"))
        phones.hear_out()
        phones.hang_up(callback, cause="no_answer")
        slot = phones.state.slot("a1", callback)
        assert slot is not None and (slot.state, slot.error) == ("ERROR", "MissedCallCustomer")
        assert not phones.state.calls
        if attempt == 1:
            assert phones.contact(callback).place == "scheduled"
            phones.do(c.ClearContact(agent="a1", contact=callback))
            phones.wait(60)
            assert phones.contact(callback).rank == rank
    phones.do(c.ClearContact(agent="a1", contact=callback))
    assert not phones.state.contacts


def test_a_callback_that_is_not_accepted_is_no_failed_attempt() -> None:
    """CB1: it is offered to the next agent."""
    phones = Phones("entry", _callback_entry())
    phones.arrive()
    callback = next(iter(phones.state.contacts))
    phones.available("a1")
    phones.wait(20)
    assert phones.slot("a1", callback) == "MISSED"
    phones.available("a2")
    assert phones.slot("a2", callback) == "INCOMING"
    assert phones.contact(callback).callback.attempts == 0  # type: ignore[union-attr]


def test_a_callback_is_dropped_after_a_week() -> None:
    """FLOW-99: and `StopContact` removes it."""
    phones = Phones("entry", _callback_entry())
    phones.arrive()
    phones.wait(7 * 24 * 3600)
    assert not phones.state.contacts
    phones.arrive()
    phones.do(c.StopContact(contact=next(iter(phones.state.contacts))))
    assert not phones.state.contacts


# ------------------------------------------------------------------ flows on the line
