"""Reliable provisional responses, session timers, transfers, UPDATE before the answer."""

from switchroom.sip.call import Call
from switchroom.sip.events import (
    Answered,
    Cancelled,
    Confirmed,
    Ended,
    Failed,
    Incoming,
    Reanswered,
    ReferProgress,
    Referred,
    Reoffer,
    Replaces,
    Ringing,
)
from switchroom.sip.message import Request
from switchroom.sip.uri import Address
from tests.sip.peer import BODY, Peer
from tests.sip.test_calls import connect, dial
from tests.sip.wire import Side, Wire, sdp


def test_provisional_responses_are_made_reliable_when_the_caller_asks() -> None:
    """RFC 3262 between two agents: each 1xx is acknowledged before the next is sent."""
    wire = Wire()
    dial(wire, headers=[("Require", "100rel")])
    into = wire.b.last(Incoming).call
    into.ring(180, now=wire.now)
    into.ring(183, sdp=sdp(port=5000), now=wire.now)
    into.answer(None, now=wire.now)
    wire.run()
    assert wire.talk == [
        "1>INVITE", "2>180", "1>PRACK", "2>200", "2>183", "1>PRACK", "2>200", "2>200", "1>ACK",
    ]  # fmt: skip
    assert [event.code for event in wire.a.events if isinstance(event, Ringing)] == [180, 183]
    assert wire.a.last(Answered).sdp == sdp(port=5000)


def test_a_reliable_response_is_repeated_until_its_prack() -> None:
    """And when none comes the INVITE is refused with 504."""
    peer = Peer()
    peer.ask("INVITE", "Require: 100rel", body=BODY)
    peer.side.last(Incoming).call.ring(183, sdp=sdp(), now=peer.now)
    peer.run(33)
    assert peer.codes.count(183) == 7
    assert peer.codes[-1] == 504
    assert peer.side.count(Cancelled) == 1


def test_a_prack_for_something_else_is_481() -> None:
    """RAck has to name the response that waits."""
    peer = Peer()
    peer.ask("INVITE", "Require: 100rel", body=BODY)
    peer.side.last(Incoming).call.ring(180, now=peer.now)
    peer.listen()
    tag, number = peer.response.to.tag, peer.response.headers.get("RSeq")
    peer.ask("PRACK", "RAck: 77 1 INVITE", cseq=2, to_tag=tag)
    assert peer.codes[-1] == 481
    peer.ask("PRACK", f"RAck: {number} 1 INVITE", cseq=3, to_tag=tag)
    assert peer.codes[-1] == 200
    peer.run(20)
    assert peer.codes.count(180) == 1


def test_repeated_reliable_responses_are_reported_once() -> None:
    """The caller's side: a copy is no news and out of order it waits for its turn."""
    peer = Peer()
    peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    for number in (1, 1, 3, 2):
        peer.reply(invite, 183, "Require: 100rel", f"RSeq: {number}")
    assert peer.side.count(Ringing) == 2
    assert peer.methods == ["INVITE", "PRACK", "PRACK"]
    assert peer.request.headers.get("RAck") == "2 1 INVITE"


def test_an_offer_may_come_in_a_reliable_response_and_its_answer_in_the_prack() -> None:
    """An INVITE without SDP, early media before the answer."""
    peer = Peer()
    peer.ask("INVITE", "Require: 100rel")
    peer.side.last(Incoming).call.ring(183, sdp=sdp(), now=peer.now)
    peer.listen()
    peer.ask("PRACK", "RAck: 1 1 INVITE", cseq=2, to_tag=peer.response.to.tag, body=BODY)
    assert peer.side.last(Confirmed).sdp == sdp()


def test_the_session_is_changed_before_the_answer_by_update() -> None:
    """UPDATE within an early dialog (RFC 3311)."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    into = peer.side.last(Incoming).call
    into.ring(183, sdp=sdp(port=5000), now=peer.now)
    peer.listen()
    peer.ask("UPDATE", cseq=2, to_tag=peer.response.to.tag, body=sdp(port=4444).encode())
    assert peer.side.last(Reoffer).sdp == sdp(port=4444)
    into.accept_offer(sdp(port=5000), now=peer.now)
    peer.listen()
    assert peer.response.cseq[1] == "UPDATE" and peer.response.code == 200


def timed(refresher: str = "") -> tuple[Wire, Call, Call]:
    """A call between agents that want session timers of 300 s."""
    wire = Wire(Side("192.0.2.1", session_expires=300), Side("192.0.2.2", session_expires=300))
    out, into = connect(wire)
    return wire, out, into


def test_sessions_are_refreshed_and_live_on() -> None:
    """The caller is made the refresher; it shows that it lives with an UPDATE at half time (RFC 4028)."""
    wire, out, into = timed()
    assert (
        next(m for _, m in wire.said if str(m.start_line).startswith("SIP/2.0 200")).headers.get("Session-Expires")
        == "300;refresher=uac"
    )
    wire.run(1000)
    assert wire.count("UPDATE") == 6
    assert not out.over and not into.over
    assert wire.a.count(Reanswered) == wire.b.count(Reoffer) == 0


def test_a_session_whose_refresher_is_gone_expires() -> None:
    """The other side ends it a little before its time is up."""
    wire, _, into = timed()
    wire.lose = lambda message: True
    wire.run(300 - 32 - 1)
    assert not into.over
    wire.run(2)
    assert wire.b.last(Ended).by == "expired"
    assert wire.a.last(Ended).by == "lost"


def test_the_called_side_refreshes_for_callers_who_cannot() -> None:
    """A peer without the timer extension is refreshed by us: with UPDATE if it allows that, else re-INVITE."""
    for allow, method in (("INVITE, ACK, BYE, UPDATE", "UPDATE"), ("INVITE, ACK, BYE", "INVITE")):
        peer = Peer(Side("192.0.2.1", session_expires=300))
        peer.ask("INVITE", f"Allow: {allow}", body=BODY)
        peer.side.last(Incoming).call.answer(sdp(port=5000), now=peer.now)
        peer.listen()
        assert peer.response.headers.get("Session-Expires") == "300;refresher=uas"
        assert "timer" not in peer.response.headers.tokens("Require")
        peer.ask("ACK", to_tag=peer.response.to.tag)
        peer.run(150)
        assert peer.methods == [method]
        assert bool(peer.request.body) == (method == "INVITE")
        peer.reply(peer.request, 200, "Session-Expires: 300;refresher=uac", body=BODY if method == "INVITE" else b"")
        assert (peer.methods[-1] == "ACK") == (method == "INVITE")
        peer.run(149)
        assert not peer.side.count(Ended)
        peer.run(2)
        assert peer.methods[-1] == method
        peer.reply(peer.request, 481)
        assert peer.side.last(Ended).by == "lost"


def test_a_refresh_that_is_refused_is_tried_again() -> None:
    """With UPDATE, then (405) with a re-INVITE, and after a 500 once more."""
    peer = Peer(Side("192.0.2.1", session_expires=400))
    peer.ask("INVITE", "Allow: INVITE, UPDATE", body=BODY)
    call = peer.side.last(Incoming).call
    call.answer(sdp(port=5000), now=peer.now)
    peer.listen()
    peer.ask("ACK", to_tag=peer.response.to.tag)
    peer.run(200)
    peer.reply(peer.request, 405)
    peer.reply(peer.request, 500)
    peer.run(49)
    assert peer.methods == ["UPDATE", "INVITE", "ACK"]
    peer.run(1.3)
    assert peer.methods == ["UPDATE", "INVITE", "ACK", "INVITE"]
    assert not call.over


def test_ringing_is_said_every_minute() -> None:
    """So that nobody on the way thinks that the call is forgotten."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    call = peer.side.last(Incoming).call
    call.ring(now=peer.now)
    peer.run(185)
    assert peer.codes == [180] * 4
    call.answer(sdp(), now=peer.now)
    peer.listen()
    peer.ask("ACK", to_tag=peer.response.to.tag)
    peer.run(120)
    assert peer.codes == [180] * 4 + [200]


def test_the_peer_refreshes_with_what_it_offered_before() -> None:
    """A re-INVITE that changes nothing is answered without asking the owner."""
    peer = Peer(Side("192.0.2.1", session_expires=300))
    supported = "Supported: timer"
    peer.ask("INVITE", supported, "Session-Expires: 200;refresher=uac", body=BODY)
    peer.side.last(Incoming).call.answer(sdp(port=5000), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    assert peer.response.headers.get("Session-Expires") == "200;refresher=uac"
    assert "timer" in peer.response.headers.tokens("Require")
    peer.ask("ACK", to_tag=tag)
    for cseq in (2, 3):
        peer.run(100)
        peer.ask("INVITE", supported, "Session-Expires: 200;refresher=uac", body=BODY, to_tag=tag, cseq=cseq)
        peer.ask("ACK", to_tag=tag, cseq=cseq)
    assert peer.codes == [200, 200, 200]
    assert peer.side.count(Reoffer) == 0
    peer.run(200 - 32 + 1)
    assert peer.side.last(Ended).by == "expired"
    assert peer.methods[-1] == "BYE"


def test_intervals_that_are_too_small_are_refused_and_ours_is_raised_on_demand() -> None:
    """422 with Min-SE in both directions."""
    peer = Peer(Side("192.0.2.1", session_expires=300))
    peer.ask("INVITE", "Supported: timer", "Session-Expires: 30", body=BODY)
    assert peer.codes == [422] and peer.response.headers.get("Min-SE") == "90"
    assert peer.agent.state_size == 0
    peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    assert peer.request.headers.get("Session-Expires") == "300"
    peer.reply(peer.request, 422, "Min-SE: 1200")
    assert peer.request.method == "INVITE" and peer.request.cseq[0] == 2
    assert peer.request.headers.get("Session-Expires") == "1200"
    peer.reply(peer.request, 422, "Min-SE: 1200")
    assert peer.side.last(Failed).code == 422


def test_a_blind_transfer() -> None:
    """REFER, 202, and NOTIFYs up to the last word."""
    wire = Wire()
    out, into = connect(wire)
    into.refer("sip:+15550199@192.0.2.9", now=wire.now)
    wire.run()
    referred = wire.a.last(Referred)
    assert referred.call is out and referred.target.number == "+15550199" and referred.replaces is None
    assert referred.referred_by == "<sip:+15550123@192.0.2.2>"
    out.accept_refer(now=wire.now)
    wire.run()
    out.notify_refer(180, now=wire.now)
    out.notify_refer(200, now=wire.now)
    wire.run()
    told = [(event.code, event.final) for event in wire.b.events if isinstance(event, ReferProgress)]
    assert sorted(told) == [(100, False), (180, False), (200, True), (202, False)]
    out.notify_refer(486, now=wire.now)
    wire.run()
    assert wire.count("NOTIFY") == 3


def test_an_attended_transfer_names_the_other_call() -> None:
    """REFER with Replaces, then the INVITE that replaces."""
    wire = Wire()
    out, into = connect(wire)
    assert into.replaces is not None
    named = Replaces(into.replaces.call_id, "their", "ours")
    into.refer("sip:+15550199@192.0.2.9", replaces=named, now=wire.now)
    wire.run()
    assert wire.a.last(Referred).replaces == named
    out.refuse_refer(603, now=wire.now)
    wire.run()
    assert (wire.b.last(ReferProgress).code, wire.b.last(ReferProgress).final) == (603, True)
    dial(wire, replaces=out.replaces)
    replaces = wire.b.last(Incoming).replaces
    assert replaces is not None and wire.b.agent.find(replaces) is into
    assert wire.a.agent.find(Replaces("no", "such", "call")) is None


def test_a_transfer_without_subscription() -> None:
    """Refer-Sub: false (RFC 4488): nobody is notified."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    into = peer.side.last(Incoming).call
    into.answer(sdp(), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    peer.ask("ACK", to_tag=tag)
    peer.ask("REFER", "Refer-To: <sip:x@192.0.2.9>", "Refer-Sub: false", to_tag=tag, cseq=2)
    into.accept_refer(now=peer.now)
    into.notify_refer(200, now=peer.now)
    peer.listen()
    assert peer.response.headers.get("Refer-Sub") == "false"
    assert peer.methods == []


def test_bad_transfers_and_notifications() -> None:
    """REFER without a target is 400; NOTIFY that nobody asked for is 481; another event package is 489."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    peer.ask("ACK", to_tag=tag)
    for cseq, (method, line, code) in enumerate(
        [
            ("REFER", "X-Y: z", 400),
            ("REFER", "Refer-To: <not a uri>", 400),
            ("NOTIFY", "Event: refer", 481),
            ("NOTIFY", "Event: presence", 489),
            ("INFO", "Info-Package: g.3gpp.mid-call", 469),
            ("MESSAGE", "X-Y: z", 405),
        ],
        2,
    ):
        peer.ask(method, line, to_tag=tag, cseq=cseq)
        assert peer.codes[-1] == code
    assert not isinstance(peer.heard[-1], Request)
