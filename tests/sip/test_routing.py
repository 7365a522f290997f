"""Ways: Via, Record-Route, Contact, forks, NAT, and connections that come and go."""

import pytest

from switchroom.sip.events import Answered, Ended, Failed, Incoming, Ringing
from switchroom.sip.transport import Destination, Flow
from switchroom.sip.uri import Address, BadUri
from tests.sip.peer import BODY, Peer
from tests.sip.wire import sdp

RR = ("Record-Route: <sip:p2.example;lr>, <sip:p1.example:5080;lr>",)


def answered(peer: Peer, *lines: str) -> str:
    """The peer calls and is answered; our tag."""
    peer.ask("INVITE", *lines, body=BODY)
    peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    peer.ask("ACK", to_tag=tag)
    return tag


def test_the_route_set_of_a_call_that_came_in() -> None:
    """Record-Route in order; the next hop is the first of them (section 12.1.1)."""
    peer = Peer()
    answered(peer, *RR)
    assert peer.response.headers.listed("Record-Route") == ["<sip:p2.example;lr>", "<sip:p1.example:5080;lr>"]
    peer.side.last(Incoming).call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.uri == "sip:caller@192.0.2.7:5070"
    assert peer.request.headers.listed("Route") == ["<sip:p2.example;lr>", "<sip:p1.example:5080;lr>"]
    assert peer.sends[-1].to == Destination("udp", "p2.example", 5060)


def test_the_route_set_of_a_call_of_ours() -> None:
    """Record-Route in reverse order (section 12.1.2), from the 2xx even when an early dialog had another."""
    peer = Peer()
    call = peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    peer.reply(invite, 180, "Record-Route: <sip:early.example;lr>")
    peer.reply(invite, 200, *RR, body=BODY)
    assert peer.request.method == "ACK"
    assert peer.request.headers.listed("Route") == ["<sip:p1.example:5080;lr>", "<sip:p2.example;lr>"]
    assert peer.sends[-1].to == Destination("udp", "p1.example", 5080)
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.uri == "sip:callee@192.0.2.7:5070"


def test_a_strict_router_gets_its_uri_in_the_request_line() -> None:
    """A route without lr (section 12.2.1.1)."""
    peer = Peer()
    answered(peer, "Record-Route: <sip:strict.example>", "Record-Route: <sip:loose.example;lr>")
    peer.side.last(Incoming).call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.uri == "sip:strict.example"
    assert peer.request.headers.listed("Route") == ["<sip:loose.example;lr>", "<sip:caller@192.0.2.7:5070>"]


@pytest.mark.parametrize(
    ("via", "port", "shown"),
    [
        ("192.0.2.7:5070", 5070, ""),
        ("192.0.2.7", 5060, ""),
        ("10.0.0.9:6000", 6000, ";received=192.0.2.7"),
        ("10.0.0.9:6000;rport", 5070, ";rport=5070;received=192.0.2.7"),
        ("phone.invalid;maddr=203.0.113.9", 5060, ";received=192.0.2.7"),
    ],
)
def test_responses_go_back_where_the_request_came_from(via: str, port: int, shown: str) -> None:
    """received and rport (RFC 3581); never to another address, whatever the Via says."""
    peer = Peer()
    sent_by, _, params = via.partition(";")
    peer.say(
        f"OPTIONS sip:192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP {sent_by};branch=z9hG4bKo{';' if params else ''}{params}\n"
        "From: <sip:b@x.example>;tag=1\nTo: <sip:192.0.2.1>\nCall-ID: o\nCSeq: 1 OPTIONS\nContent-Length: 0\n\n"
    )
    to = peer.sends[-1].to
    assert isinstance(to, Flow) and to.remote == ("192.0.2.7", port)
    assert (peer.response.headers.get("Via") or "").endswith(shown)
    assert peer.codes == [200]


def test_two_forks_ring_and_the_first_answer_wins() -> None:
    """Early dialogs side by side; the second answer is acknowledged and ended."""
    peer = Peer()
    call = peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    peer.reply(invite, 180, "Contact: <sip:one@192.0.2.7>", tag="one")
    peer.reply(invite, 183, "Contact: <sip:two@192.0.2.7>", tag="two", body=BODY)
    assert peer.side.count(Ringing) == 2
    peer.reply(invite, 200, "Contact: <sip:two@192.0.2.7>", tag="two", body=BODY)
    peer.reply(invite, 200, "Contact: <sip:one@192.0.2.7>", tag="one", body=BODY)
    assert peer.side.count(Answered) == 1
    assert peer.methods == ["INVITE", "ACK", "ACK", "BYE"]
    assert peer.request.uri == "sip:one@192.0.2.7"
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.uri == "sip:two@192.0.2.7"


def test_answers_of_a_losing_fork_are_acknowledged_each_time_and_ended_once() -> None:
    """Copies of its 200 are no reason for another BYE."""
    peer = Peer()
    peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    for tag in ("one", "two", "two", "two"):
        peer.reply(invite, 200, tag=tag, body=BODY)
    assert peer.methods == ["INVITE", "ACK", "ACK", "BYE", "ACK", "ACK"]


def test_an_answer_without_a_tag() -> None:
    """Peers older than RFC 3261."""
    peer = Peer()
    call = peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    for _ in range(2):
        peer.reply(invite, 200, tag="", body=BODY)
    assert peer.methods == ["INVITE", "ACK", "ACK"]
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.method == "BYE"


def test_answers_that_would_lead_nowhere() -> None:
    """A route that is no URI, a number no one could count to: dropped or ended, never an exception."""
    peer = Peer()
    peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    peer.reply(invite, 183, "Require: 100rel", "RSeq: " + "9" * 5000)
    assert peer.side.count(Ringing) == 0
    peer.reply(invite, 180)
    peer.reply(invite, 200, "Record-Route: <nonsense>", body=BODY)
    assert peer.side.last(Failed).code == 488
    peer.run(70)
    assert peer.agent.state_size == 0


def test_an_answer_that_makes_no_sense_is_ended() -> None:
    """No session description, none that can be read, or no Contact: Failed with 488."""
    for lines, body in (([], b""), ([], b"v=1\r\n"), (["Contact: <tel:123>"], BODY)):
        peer = Peer()
        peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
        peer.listen()
        peer.reply(peer.request, 200, *lines, body=body)
        assert peer.side.last(Failed).code == 488
        peer.run(70)
        assert peer.agent.state_size == 0


def test_a_phone_behind_nat_is_reached_where_it_called_from() -> None:
    """A private Contact of a peer with a public address is not used over UDP."""
    peer = Peer()
    peer.flow = Flow("udp", ("203.0.113.5", 31234), ("192.0.2.1", 5060))
    peer.flow = peer.flow._replace(remote=("8.8.8.8", 31234))
    peer.say(
        "INVITE sip:a@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKn;rport\nMax-Forwards: 70\n"
        "From: <sip:b@x.example>;tag=1\nTo: <sip:a@192.0.2.1>\nCall-ID: n\nCSeq: 1 INVITE\n"
        f"Contact: <sip:b@10.0.0.5:5060>\nContent-Type: application/sdp\nContent-Length: {len(BODY)}\n\n"
        + BODY.decode()
    )
    call = peer.side.last(Incoming).call
    call.answer(sdp(), now=peer.now)
    peer.listen()
    peer.say(
        f"ACK sip:a@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 10.0.0.5:5060;branch=z9hG4bKn2;rport\n"
        f"From: <sip:b@x.example>;tag=1\nTo: <sip:a@192.0.2.1>;tag={peer.response.to.tag}\nCall-ID: n\nCSeq: 1 ACK\n"
        "Content-Length: 0\n\n"
    )
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.request.method == "BYE"
    assert peer.request.uri == "sip:b@10.0.0.5:5060"
    assert peer.sends[-1].to == peer.flow


def test_a_connection_is_used_again_and_replaced_when_it_is_gone() -> None:
    """Requests inside a dialog take the connection the peer came by; the Contact is the way when it is closed."""
    peer = Peer(transport="tcp")
    answered(peer)
    peer.side.last(Incoming).call.hangup(now=peer.now)
    peer.listen()
    assert peer.sends[-1].to == peer.flow
    assert peer.sends[-1].fallback == Destination("tcp", "192.0.2.7", 5070)


def test_the_peer_may_move_with_a_reinvite() -> None:
    """A new Contact is the target from then on."""
    peer = Peer()
    tag = answered(peer)
    call = peer.side.last(Incoming).call
    body = sdp(port=4100).encode()
    peer.say(
        f"INVITE sip:a@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKm\n"
        f"From: <sip:caller@192.0.2.7>;tag=f1\nTo: <sip:+15550100@192.0.2.1>;tag={tag}\nCall-ID: c1\nCSeq: 2 INVITE\n"
        f"Contact: <sip:moved@192.0.2.8:5062>\nContent-Type: application/sdp\nContent-Length: {len(body)}\n\n"
        + body.decode()
    )
    call.accept_offer(sdp(), now=peer.now)
    peer.ask("ACK", to_tag=tag, cseq=2)
    call.hangup(now=peer.now)
    peer.listen()
    assert peer.sends[-1].to == Destination("udp", "192.0.2.8", 5062)
    assert peer.side.last(Ended).by == "local"


def test_what_a_stranger_dials_cannot_write_our_headers() -> None:
    """Escaped line breaks in a Request-URI stay escaped where we repeat them."""
    peer = Peer()
    peer.ask("INVITE", uri="sip:a%0d%0aX-Evil:%201%3e;@192.0.2.1", body=BODY)
    peer.side.last(Incoming).call.ring(now=peer.now)
    peer.side.last(Incoming).call.reject(486, "Busy\r\nX-Evil: 2", now=peer.now)
    peer.listen()
    assert peer.codes == [180, 486]
    assert all("X-Evil" not in message.headers for message in peer.heard)
    assert peer.response.reason == "Busy X-Evil: 2"


@pytest.mark.parametrize(
    ("target", "from_"),
    [("sip:a b@h", "sip:me@h"), ("sip:a@h\r\nX: y", "sip:me@h"), ("sip:a@h", "sip:m\n@h"), ("", "sip:me@h")],
)
def test_calls_to_nowhere_are_not_begun(target: str, from_: str) -> None:
    """BadUri for what is no URI; a name with line breaks loses them."""
    peer = Peer()
    with pytest.raises(BadUri):
        peer.agent.invite(target, peer.way, from_=Address(from_), sdp=sdp(), now=peer.now)
    peer.agent.invite("sip:a@h", peer.way, from_=Address("sip:me@h", 'A\r\nX-Evil: 1 "B"'), sdp=sdp(), now=peer.now)
    peer.listen()
    assert peer.request.from_.display == 'A  X-Evil: 1 "B"' and "X-Evil" not in peer.request.headers
