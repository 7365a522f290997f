"""Calls between two agents: the ordinary ways in which one begins, changes and ends."""

from switchroom.sip.call import Call
from switchroom.sip.digest import Account, Credentials
from switchroom.sip.events import (
    Answered,
    Cancelled,
    Confirmed,
    Digit,
    Ended,
    Failed,
    Incoming,
    Info,
    Reanswered,
    Reoffer,
    ReofferFailed,
    Ringing,
)
from switchroom.sip.message import Request, Response
from switchroom.sip.screening import Challenge
from switchroom.sip.uri import Address
from tests.sip.peer import BODY, Peer
from tests.sip.wire import Side, Wire, sdp

ME = Address("sip:+15550100@192.0.2.1", "Switchroom")


def dial(wire: Wire, *, offer: bool = True, **options: object) -> Call:
    """a calls b; b has the INVITE."""
    session = sdp() if offer else None
    call = wire.a.agent.invite(
        "sip:+15550123@192.0.2.2",
        wire.to_b,
        from_=ME,
        sdp=session,
        now=wire.now,
        **options,
    )
    wire.run()
    return call


def connect(wire: Wire) -> tuple[Call, Call]:
    """a calls b and b answers."""
    out = dial(wire)
    into = wire.b.last(Incoming).call
    into.answer(sdp(port=5000), now=wire.now)
    wire.run()
    return out, into


def test_a_call_rings_is_answered_and_hung_up_by_either_side() -> None:
    """A whole call, with what each side is told."""
    for ender in "ab":
        wire = Wire()
        out = dial(wire, headers=[("X-Contact", "c-1"), ("P-Asserted-Identity", "<sip:+15550100@x.example>")])
        incoming = wire.b.last(Incoming)
        into = incoming.call
        assert incoming.request.target.number == "+15550123"
        assert incoming.request.from_.display == "Switchroom"
        assert incoming.request.headers.get("x-contact") == "c-1"
        assert incoming.sdp == sdp()
        assert into.remote.uri == ME.uri and out.remote.uri == "sip:+15550123@192.0.2.2"
        into.ring(now=wire.now)
        into.ring(183, sdp=sdp(port=5000), now=wire.now)
        wire.run()
        assert [event.code for event in wire.a.events if isinstance(event, Ringing)] == [180, 183]
        assert wire.a.last(Ringing).sdp == sdp(port=5000)
        into.answer(None, now=wire.now)
        wire.run()
        assert wire.a.last(Answered).sdp == sdp(port=5000)
        assert wire.b.last(Confirmed).call is into
        (out if ender == "a" else into).hangup(headers=[("Reason", "Q.850;cause=16")], now=wire.now)
        wire.run()
        ends = [wire.a.last(Ended), wire.b.last(Ended)]
        assert {end.by for end in ends} == {"local", "remote"}
        assert next(end.reason for end in ends if end.by == "remote") == "Q.850;cause=16"
        assert wire.count("BYE") == 1
        wire.run(40)
        assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_a_call_over_tcp_leaves_nothing_behind_at_once() -> None:
    """Timers for absorbing retransmissions are 0 over a reliable transport, but for those of INVITE's 2xx."""
    wire = Wire(transport="tcp")
    out, _ = connect(wire)
    assert out.request.headers.get("Contact") == "<sip:+15550100@192.0.2.1:5060;transport=tcp>"
    out.hangup(now=wire.now)
    wire.run(33)
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_refusals_carry_any_code_and_headers() -> None:
    """reject, and what the caller hears of it; a redirect is reported with its targets, not followed."""
    for code, reason, headers in (
        (486, "", []),
        (604, "Nobody", [("Warning", '399 x "y"')]),
        (302, "", [("Contact", "<sip:a@x.example>, <sip:b@y.example>")]),
    ):
        wire = Wire()
        dial(wire)
        wire.b.last(Incoming).call.reject(code, reason, headers=headers, now=wire.now)
        wire.run()
        failed = wire.a.last(Failed)
        assert failed.code == code and (not reason or failed.reason == reason)
        assert [one.uri for one in failed.contacts] == (["sip:a@x.example", "sip:b@y.example"] if code == 302 else [])
        assert wire.b.last(Ended).by == "local"
        assert wire.talk == ["1>INVITE", f"2>{code}", "1>ACK"]
        wire.run(40)
        assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_a_caller_gives_up_while_it_rings() -> None:
    """CANCEL: 200 for itself, 487 for the INVITE."""
    wire = Wire()
    out = dial(wire)
    wire.b.last(Incoming).call.ring(now=wire.now)
    wire.run()
    out.hangup(headers=[("Reason", "SIP;cause=200")], now=wire.now)
    wire.run()
    assert wire.b.last(Cancelled).reason == "SIP;cause=200"
    assert wire.a.last(Failed).code == 487
    assert wire.talk == ["1>INVITE", "2>180", "1>CANCEL", "2>200", "2>487", "1>ACK"]
    wire.run(40)
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_giving_up_before_any_response_waits_for_one() -> None:
    """CANCEL may not overtake the INVITE (RFC 3261 section 9.1)."""
    wire = Wire()
    wire.lose = lambda message: isinstance(message, Request) and message.method == "INVITE"
    out = dial(wire)
    out.hangup(now=wire.now)
    wire.run(0.3)
    assert wire.count("CANCEL") == 0
    wire.lose = lambda message: False
    wire.run(1)
    assert wire.count("CANCEL") == 1
    assert wire.a.last(Failed).code == 487


def test_a_challenge_that_crosses_a_cancel_is_not_taken_up() -> None:
    """Who has given up does not prove itself any more."""
    peer = Peer()
    call = peer.agent.invite(
        "sip:x@192.0.2.7", peer.way, from_=ME, sdp=sdp(), credentials=Credentials("u", "p"), now=peer.now
    )
    peer.listen()
    call.hangup(now=peer.now)
    peer.reply(peer.request, 401, 'WWW-Authenticate: Digest realm="r", nonce="n", qop="auth"')
    assert peer.methods == ["INVITE", "ACK"]
    assert peer.side.last(Failed).code == 487


def test_an_answer_that_crosses_a_cancel_is_hung_up() -> None:
    """The race of 200 and CANCEL: the caller acknowledges and says BYE."""
    wire = Wire()
    out = dial(wire)
    into = wire.b.last(Incoming).call
    into.ring(now=wire.now)
    wire.run()
    out.hangup(now=wire.now)
    into.answer(sdp(), now=wire.now)
    wire.run()
    assert wire.a.last(Failed).code == 487
    assert wire.b.last(Ended).by == "remote"
    assert wire.count("BYE") == 1 and wire.count("ACK") == 1
    wire.run(40)
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_no_answer_in_time() -> None:
    """The timeout of invite: CANCEL, then Failed with 408."""
    wire = Wire()
    dial(wire, timeout=20.0)
    wire.b.last(Incoming).call.ring(now=wire.now)
    wire.run(19)
    assert wire.a.count(Failed) == 0
    wire.run(2)
    assert wire.a.last(Failed).code == 408
    assert wire.b.count(Cancelled) == 1


def test_nobody_there() -> None:
    """Timer B ends an INVITE that nobody answers, timer F a BYE."""
    wire = Wire()
    wire.lose = lambda message: True
    dial(wire)
    wire.run(31.9)
    assert wire.a.count(Failed) == 0
    wire.run(0.2)
    assert wire.a.last(Failed).code == 408
    assert wire.count("INVITE") == 7
    assert wire.a.agent.state_size == 0


def test_no_way_there() -> None:
    """A transport that fails is 503 at once."""
    wire = Wire(transport="tcp")
    wire.lose = lambda message: True
    dial(wire)
    wire.a.agent.transport_failed(wire.to_b, wire.now)
    wire.run()
    assert wire.a.last(Failed).code == 503
    assert wire.a.agent.state_size == 0


def test_hanging_up_before_the_ack_waits_for_it() -> None:
    """The called side may not say BYE before the ACK has come (section 15)."""
    wire = Wire()
    dial(wire)
    wire.lose = lambda message: isinstance(message, Request) and message.method == "ACK"
    into = wire.b.last(Incoming).call
    into.answer(sdp(), now=wire.now)
    wire.run()
    into.hangup(now=wire.now)
    wire.run()
    assert wire.count("BYE") == 0
    wire.lose = lambda message: False
    wire.run(1)
    assert wire.count("BYE") == 1
    assert wire.b.last(Ended).by == "local" and wire.a.last(Ended).by == "remote"


def test_a_200_is_repeated_until_its_ack_and_the_call_is_dropped_without() -> None:
    """Section 13.3.1.4, over both kinds of transport."""
    for transport in ("udp", "tcp"):
        wire = Wire(transport=transport)
        dial(wire)
        wire.lose = lambda message: isinstance(message, Request) and message.method == "ACK"
        wire.b.last(Incoming).call.answer(sdp(), now=wire.now)
        wire.run(33)
        assert wire.count("200") - wire.count("BYE") == 11
        assert wire.b.last(Ended).by == "lost"
        assert wire.a.last(Ended).by == "remote"


def test_the_offer_may_come_with_the_200() -> None:
    """An INVITE without SDP: the called side offers, the answer goes with the ACK."""
    wire = Wire()
    out = dial(wire, offer=False)
    incoming = wire.b.last(Incoming)
    assert incoming.sdp is None
    incoming.call.answer(sdp(port=6000), now=wire.now)
    wire.run()
    assert wire.a.last(Answered).sdp == sdp(port=6000)
    assert wire.count("ACK") == 0
    out.acknowledge(sdp(port=6002), now=wire.now)
    wire.run()
    assert wire.b.last(Confirmed).sdp == sdp(port=6002)


def test_hold_and_resume_in_both_directions() -> None:
    """re-INVITE and UPDATE, asked by either side."""
    for update in (False, True):
        for changer, other in (("a", "b"), ("b", "a")):
            wire = Wire()
            calls = dict(zip("ab", connect(wire), strict=True))
            here, there = getattr(wire, changer), getattr(wire, other)
            held = sdp().with_direction("sendonly")
            calls[changer].reoffer(held, update=update, now=wire.now)
            wire.run()
            reoffer = there.last(Reoffer)
            assert reoffer.sdp == held
            reoffer.call.accept_offer(sdp(port=5000).with_direction("recvonly"), now=wire.now)
            wire.run()
            answer = here.last(Reanswered).sdp
            assert answer.media[0].direction == "recvonly"
            assert wire.count("UPDATE") == int(update)
            calls[other].hangup(now=wire.now)
            wire.run(40)
            assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_a_refused_change_leaves_the_call_as_it_was() -> None:
    """488 to a re-INVITE."""
    wire = Wire()
    out, into = connect(wire)
    out.reoffer(sdp(port=7000), now=wire.now)
    wire.run()
    wire.b.last(Reoffer).call.refuse_offer(488, now=wire.now)
    wire.run()
    assert wire.a.last(ReofferFailed).code == 488
    assert not out.over and not into.over


def test_the_peer_may_be_asked_for_its_offer_while_talking() -> None:
    """A re-INVITE without SDP: the offer comes with the 200, the answer goes with the ACK."""
    wire = Wire()
    out, _ = connect(wire)
    out.reoffer(None, now=wire.now)
    wire.run()
    reoffer = wire.b.last(Reoffer)
    assert reoffer.sdp is None
    reoffer.call.accept_offer(sdp(port=5002), now=wire.now)
    wire.run()
    assert wire.a.last(Reanswered).sdp == sdp(port=5002)
    out.acknowledge(sdp(port=4002), now=wire.now)
    wire.run()
    assert wire.b.last(Confirmed).sdp == sdp(port=4002)


def test_offers_that_cross_are_both_made_in_the_end() -> None:
    """Glare: 491 both ways, then each tries again after its own pause (section 14.1)."""
    wire = Wire()
    out, into = connect(wire)
    wire.on_event = lambda side, event: (
        event.call.accept_offer(sdp(), now=wire.now) if isinstance(event, Reoffer) else None
    )
    out.reoffer(sdp(port=7000), now=wire.now)
    into.reoffer(sdp(port=8000), now=wire.now)
    wire.run(10)
    assert wire.count("491") == 2
    assert wire.a.count(Reanswered) == wire.b.count(Reanswered) == 1


def test_offers_of_one_side_wait_for_each_other() -> None:
    """Two changes in a row are sent one after the other."""
    wire = Wire()
    out, _ = connect(wire)
    wire.on_event = lambda side, event: (
        event.call.accept_offer(sdp(), now=wire.now) if isinstance(event, Reoffer) else None
    )
    out.reoffer(sdp(port=7000), now=wire.now)
    out.reoffer(sdp(port=7002), now=wire.now)
    wire.run(1)
    assert wire.a.count(Reanswered) == 2
    assert wire.count("491") == wire.count("500") == 0


def test_digits_and_other_bodies_by_info() -> None:
    """application/dtmf-relay, application/dtmf and the rest."""
    wire = Wire()
    out, into = connect(wire)
    out.send_digit("5", 200, now=wire.now)
    wire.run()
    assert (wire.b.last(Digit).digit, wire.b.last(Digit).duration) == ("5", 200)
    for body, digit in ((b"#", "#"), (b"11", "#"), (b" 7 \r\n", "7")):
        into.info("application/dtmf", body, now=wire.now)
        wire.run()
        assert wire.a.last(Digit).digit == digit
    into.info("application/media_control+xml", b"<x/>", now=wire.now)
    wire.run()
    assert wire.a.last(Info).body == b"<x/>"
    assert wire.count("200") == 1 + 5


def test_a_caller_proves_itself_by_digest() -> None:
    """401 without state at the server, then the INVITE again with credentials; wrong ones fail with 401."""
    for password, proven in (("secret", True), ("wrong", False)):
        callee = Side("192.0.2.2", screen=lambda *_: Challenge(), accounts={"trunk": Account("trunk", "secret")})
        wire = Wire(b=callee)
        out = dial(wire, credentials=Credentials("trunk", password))
        if not proven:
            assert wire.a.last(Failed).code == 401
            assert wire.b.agent.state_size == 0 and not wire.b.events
            continue
        incoming = wire.b.last(Incoming)
        assert incoming.user == "trunk"
        incoming.call.answer(sdp(), now=wire.now)
        wire.run()
        assert wire.a.count(Answered) == 1
        out.hangup(now=wire.now)
        wire.run()
        assert wire.b.last(Ended).by == "remote"


def test_loss_on_the_way_does_not_matter() -> None:
    """Every third message is lost; the call is set up and ended all the same."""
    wire = Wire()
    seen = 0

    def lose(_message: Request | Response) -> bool:
        nonlocal seen
        seen += 1
        return seen % 3 == 1

    wire.lose = lose
    out = dial(wire)
    wire.run(5)
    wire.b.last(Incoming).call.answer(sdp(), now=wire.now)
    wire.run(10)
    assert wire.a.count(Answered) == 1 and wire.b.count(Confirmed) == 1
    out.hangup(now=wire.now)
    wire.run(70)
    assert wire.b.last(Ended).by == "remote"
    assert wire.a.agent.state_size == wire.b.agent.state_size == 0


def test_a_change_may_have_to_be_proven_too() -> None:
    """A re-INVITE that is challenged is sent again; its ACK has the number of the second attempt."""
    peer = Peer()
    call = peer.agent.invite(
        "sip:x@192.0.2.7", peer.way, from_=ME, sdp=sdp(), credentials=Credentials("u", "p"), now=peer.now
    )
    peer.listen()
    peer.reply(peer.request, 200, body=BODY)
    call.reoffer(sdp(port=4100), now=peer.now)
    peer.listen()
    peer.reply(peer.request, 407, 'Proxy-Authenticate: Digest realm="r", nonce="n", qop="auth"')
    assert peer.methods == ["INVITE", "ACK", "INVITE", "ACK", "INVITE"]
    assert 'username="u"' in (peer.request.headers.get("Proxy-Authorization") or "")
    peer.reply(peer.request, 200, body=BODY)
    assert peer.request.cseq == (3, "ACK")
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.method == "BYE" and "nc=00000002" in (peer.request.headers.get("Proxy-Authorization") or "")


def test_a_late_copy_of_an_answer_is_not_taken_for_the_next() -> None:
    """The 200 of the first change comes again while the second is on its way: it gets its own ACK again."""
    peer = Peer()
    call = peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=ME, sdp=sdp(), now=peer.now)
    peer.listen()
    peer.reply(peer.request, 200, body=BODY)
    call.reoffer(sdp(port=4100), now=peer.now)
    peer.listen()
    first = peer.request
    peer.reply(first, 200, body=BODY)
    call.reoffer(sdp(port=4102), now=peer.now)
    peer.listen()
    second = peer.request
    peer.reply(first, 200, body=BODY)
    assert peer.request.cseq == (first.cseq[0], "ACK") and peer.side.count(Reanswered) == 1
    peer.reply(second, 200, body=BODY)
    assert peer.request.cseq == (second.cseq[0], "ACK") and peer.side.count(Reanswered) == 2


def test_requests_inside_a_call_that_are_answered_without_the_owner() -> None:
    """OPTIONS is a sign of life; unknown extensions are 420, bodies we cannot read 415, old numbers 500."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    peer.ask("ACK", to_tag=tag)
    for cseq, method, line, body, code in (
        (2, "OPTIONS", "X-Y: z", b"", 200),
        (3, "INVITE", "Require: teleport", BODY, 420),
        (4, "INVITE", "Content-Type: text/plain", b"hello", 415),
        (5, "UPDATE", "Content-Type: text/plain", b"hello", 415),
        (6, "INVITE", "X-Y: z", b"v=1", 400),
        (2, "INFO", "X-Y: z", b"", 500),
        (7, "UPDATE", "X-Y: z", b"", 200),
    ):
        peer.ask(method, line, to_tag=tag, cseq=cseq, body=body, branch=f"b{cseq}{method}")
        assert peer.codes[-1] == code
    assert peer.side.kinds == ["Incoming", "Confirmed"]
