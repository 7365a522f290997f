"""Two agents whose owners do anything at any time over a network that loses messages, and what is true all the same."""

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from switchroom.sip.call import Call
from switchroom.sip.events import Cancelled, Ended, Failed, Incoming, Referred, Reoffer
from switchroom.sip.uri import Address
from tests.sip.wire import Side, Wire, sdp

NAMES = [
    "dial", "dial late", "dial reliable", "ring", "early", "answer", "reject", "hangup", "reoffer", "update", "ask",
    "take", "refuse", "acknowledge", "digit", "refer", "accept refer", "notify", "wait", "wait long", "break",
]  # fmt: skip
DOINGS = st.tuples(st.sampled_from(NAMES), st.sampled_from("ab"), st.integers(0, 3))


def do(wire: Wire, side: Side, name: str, calls: list[Call], choice: int) -> None:
    """One thing an owner does."""
    now = wire.now
    if name.startswith("dial"):
        wire.a.agent.invite(
            "sip:b@192.0.2.2", wire.to_b, from_=Address("sip:a@192.0.2.1"), sdp=None if name == "dial late" else sdp(),
            headers=[("Require", "100rel")] if name == "dial reliable" else (), timeout=60.0, now=now,
        )  # fmt: skip
        return
    if name in ("wait", "wait long"):
        wire.run(choice * (0.3 if name == "wait" else 20.0))
        return
    if name == "break":
        side.agent.transport_failed(wire.to_b, now)
        return
    if not calls:
        return
    call = calls[choice % len(calls)]
    match name:
        case "ring":
            call.ring(now=now)
        case "early":
            call.ring(183, sdp=sdp(port=5000), now=now)
        case "answer":
            call.answer(sdp(port=5000), now=now)
        case "reject":
            call.reject(486, now=now)
        case "hangup":
            call.hangup(now=now)
        case "reoffer" | "update":
            call.reoffer(sdp(port=6000 + 2 * choice), update=name == "update", now=now)
        case "ask":
            call.reoffer(None, now=now)
        case "take":
            call.accept_offer(sdp(port=7000), now=now)
        case "refuse":
            call.refuse_offer(now=now)
        case "acknowledge":
            call.acknowledge(sdp(port=8000), now=now)
        case "digit":
            call.send_digit("5", now=now)
        case "refer":
            call.refer("sip:c@192.0.2.9", now=now)
        case "accept refer":
            call.accept_refer(now=now)
        case "notify":
            call.notify_refer(200, now=now)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([["dial"], ["dial", "answer"], ["dial late", "answer", "acknowledge"], ["dial reliable", "early"]]),
    st.lists(DOINGS, max_size=30),
    st.integers(0, 2**32),
    st.sampled_from([0.0, 0.1, 0.4]),
    st.booleans(),
)
def test_every_call_ends_once_and_leaves_nothing(
    start: list[str], doings: list[tuple[str, str, int]], seed: int, loss: float, timers: bool
) -> None:
    """No exception, one last event a call on each side, no memory kept once all is over."""
    expires = 300 if timers else 0
    wire = Wire(Side("192.0.2.1", session_expires=expires), Side("192.0.2.2", session_expires=expires))
    for name in start:
        side = wire.b if name in ("answer", "early") else wire.a
        do(wire, side, name, side.agent.calls(), 0)
        wire.run()
    chance = random.Random(seed)
    wire.lose = lambda message: chance.random() < loss
    for name, who, choice in doings:
        side = wire.a if who == "a" else wire.b
        do(wire, side, name, side.agent.calls(), choice)
        wire.run()
    wire.lose = lambda message: False
    for _ in range(3):
        for side in (wire.a, wire.b):
            for call in side.agent.calls():
                call.hangup(now=wire.now)
        wire.run(70)
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0
    for side in (wire.a, wire.b):
        known = {event.call.id for event in side.events if hasattr(event, "call")}
        last = [event.call.id for event in side.events if isinstance(event, Cancelled | Failed | Ended)]
        assert sorted(last) == sorted(known)
        over = set()
        for event in side.events:
            assert not (isinstance(event, Incoming | Reoffer | Referred) and event.call.id in over)
            if isinstance(event, Cancelled | Failed | Ended):
                over.add(event.call.id)
