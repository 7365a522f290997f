"""The four machines of RFC 3261 section 17, each timer at its moment."""

from switchroom.sip.call import Call
from switchroom.sip.events import Ended, Failed, Incoming, Pinged
from switchroom.sip.screening import Accept
from switchroom.sip.uri import Address
from tests.sip.peer import BODY, Peer
from tests.sip.wire import Side, sdp


def invite(peer: Peer) -> Call:
    """The agent calls the peer."""
    call = peer.agent.invite(
        "sip:callee@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now
    )
    peer.listen()
    return call


def moments(peer: Peer, method: str, seconds: float) -> list[float]:
    """When the agent said a request within the next seconds, counted from now."""
    start, found = peer.now, []
    peer.listen()
    known = len(peer.heard)
    while (moment := peer.agent.next_timer()) is not None and moment <= start + seconds:
        peer.now = moment
        peer.agent.tick(moment)
        peer.listen()
        found += [round(moment - start, 3) for one in peer.heard[known:] if one.start_line.startswith(method)]
        known = len(peer.heard)
    peer.now = start + seconds
    return found


def trusting() -> Side:
    """An agent that knows the peer's address."""
    return Side("192.0.2.1", screen=lambda *_: Accept())


def test_timers_a_and_b() -> None:
    """An INVITE over UDP is repeated after T1, doubling, and given up after 64 T1."""
    peer = Peer()
    invite(peer)
    assert moments(peer, "INVITE", 40) == [0.5, 1.5, 3.5, 7.5, 15.5, 31.5]
    assert peer.side.last(Failed).code == 408
    assert peer.agent.state_size == 0


def test_timer_b_over_tcp() -> None:
    """Over TCP nothing is repeated."""
    peer = Peer(transport="tcp")
    invite(peer)
    assert moments(peer, "INVITE", 31.9) == []
    assert not peer.side.events
    peer.run(0.2)
    assert peer.side.last(Failed).code == 408


def test_a_provisional_response_stops_timers_a_and_b() -> None:
    """In Proceeding the client only waits."""
    peer = Peer()
    invite(peer)
    peer.reply(peer.request, 100, tag="")
    assert moments(peer, "INVITE", 100) == []
    assert not peer.side.events


def test_timer_d() -> None:
    """A refusal that is repeated is acknowledged again for 32 s, and only then."""
    peer = Peer()
    invite(peer)
    request = peer.request
    for _ in range(3):
        peer.reply(request, 486)
    assert peer.methods == ["INVITE", "ACK", "ACK", "ACK"]
    assert peer.side.count(Failed) == 1
    ack = peer.request
    assert ack.via.branch == request.via.branch and ack.to.tag == "t1" and ack.cseq == (1, "ACK")
    peer.run(32.1)
    peer.reply(request, 486)
    assert peer.methods.count("ACK") == 3
    assert peer.agent.state_size == 0


def test_timer_m_takes_answers_of_other_forks() -> None:
    """For 64 T1 after a 2xx further 2xx are taken: of the same fork acknowledged again, of others ended."""
    peer = Peer()
    call = invite(peer)
    request = peer.request
    peer.reply(request, 200, body=BODY)
    peer.reply(request, 200, body=BODY)
    assert peer.methods == ["INVITE", "ACK", "ACK"]
    peer.reply(request, 200, tag="other", body=BODY)
    assert peer.methods[3:] == ["ACK", "BYE"]
    assert peer.request.to.tag == "other"
    peer.reply(peer.request, 481)
    assert not call.over
    peer.run(33)
    peer.reply(request, 200, tag="late", body=BODY)
    assert len(peer.methods) == 5


def test_timers_e_and_f() -> None:
    """Another request is repeated after T1, doubling up to T2, and given up after 64 T1."""
    peer = Peer()
    peer.agent.options("sip:192.0.2.7", peer.way, now=peer.now)
    assert moments(peer, "OPTIONS", 40) == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert peer.side.last(Pinged).code == 0
    assert peer.agent.state_size == 0


def test_timer_e_after_a_provisional_response() -> None:
    """In Proceeding the pause is T2."""
    peer = Peer()
    peer.agent.options("sip:192.0.2.7", peer.way, now=peer.now)
    peer.listen()
    peer.reply(peer.request, 100)
    assert moments(peer, "OPTIONS", 13) == [0.5, 4.5, 8.5, 12.5]


def test_timer_k() -> None:
    """A repeated final response is absorbed for T4; the owner hears of one."""
    peer = Peer()
    peer.agent.options("sip:192.0.2.7", peer.way, now=peer.now)
    peer.listen()
    peer.now += 0.25
    for _ in range(2):
        peer.reply(peer.request, 404)
    assert [(event.code, event.rtt) for event in peer.side.events if isinstance(event, Pinged)] == [(404, 0.25)]
    peer.run(4.9)
    assert peer.agent.state_size > 0
    peer.run(0.2)
    assert peer.agent.state_size == 0


def test_trying_is_said_when_the_owner_takes_its_time() -> None:
    """100 after 200 ms; a repeated INVITE gets it at once, then the last provisional response."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.run(0.1)
    assert peer.codes == []
    peer.run(0.15)
    assert peer.codes == [100]
    peer.side.last(Incoming).call.ring(now=peer.now)
    peer.ask("INVITE", body=BODY)
    assert peer.codes == [100, 180, 180]
    assert peer.side.count(Incoming) == 1


def test_timers_g_and_h() -> None:
    """A refusal to a known address is repeated until the ACK, for 64 T1 at most."""
    peer = Peer(trusting())
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.reject(486, now=peer.now)
    assert moments(peer, "SIP/2.0 486", 40) == [0.5, 1.5, 3.5, 7.5, 11.5, 15.5, 19.5, 23.5, 27.5, 31.5]
    assert peer.agent.state_size == 0


def test_timer_i() -> None:
    """The ACK stops timer G; further ACKs are absorbed for T4."""
    peer = Peer(trusting())
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.reject(486, now=peer.now)
    peer.run(1)
    tag = peer.response.to.tag
    peer.ask("ACK", branch="INVITE1", to_tag=tag)
    assert moments(peer, "SIP/2.0", 4.9) == []
    assert peer.agent.state_size > 0
    peer.run(0.2)
    assert peer.agent.state_size == 0


def test_a_stranger_over_udp_is_answered_once_for_each_datagram() -> None:
    """Without trust in the source address a refusal is repeated only when the INVITE is."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.reject(404, now=peer.now)
    peer.run(20)
    assert peer.codes == [404]
    peer.ask("INVITE", body=BODY)
    assert peer.codes == [404, 404]
    peer.run(20)
    assert peer.agent.state_size == 0


def test_timer_l() -> None:
    """After a 2xx a repeated INVITE is absorbed; the 2xx is repeated by its own timer."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
    peer.ask("INVITE", body=BODY)
    assert peer.codes == [200]
    assert peer.side.count(Incoming) == 1
    peer.ask("ACK", to_tag=peer.response.to.tag)
    peer.run(33)
    assert peer.codes == [200]
    assert peer.side.count(Ended) == 0


def test_timer_j() -> None:
    """A repeated BYE is answered again for 64 T1."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
    peer.listen()
    tag = peer.response.to.tag
    peer.ask("ACK", to_tag=tag)
    for _ in range(3):
        peer.ask("BYE", to_tag=tag, cseq=2)
    assert peer.codes == [200, 200, 200, 200]
    assert peer.side.count(Ended) == 1
    peer.run(32.1)
    peer.ask("BYE", to_tag=tag, cseq=2)
    assert peer.codes[-1] == 481
    assert peer.agent.state_size == 0


def test_peers_without_the_magic_cookie() -> None:
    """RFC 2543: no branch at all; the ACK of a refusal still finds its INVITE."""
    peer = Peer(trusting())
    text = (
        "{method} sip:a@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.7:5070\nFrom: <sip:b@192.0.2.7>;tag=1\n"
        "To: <sip:a@192.0.2.1>{tag}\nCall-ID: old\nCSeq: 5 {method}\nContact: <sip:b@192.0.2.7>\nContent-Length: 0\n\n"
    )
    peer.say(text.format(method="INVITE", tag=""))
    peer.say(text.format(method="INVITE", tag=""))
    assert peer.side.count(Incoming) == 1
    peer.side.last(Incoming).call.reject(486, now=peer.now)
    peer.listen()
    peer.say(text.format(method="ACK", tag=f";tag={peer.response.to.tag}"))
    peer.run(6)
    assert peer.codes.count(486) == 1
    assert peer.agent.state_size == 0


def test_memory_returns_to_zero_after_a_storm() -> None:
    """A thousand calls that come, are answered and end leave nothing but a few seconds of transactions."""
    peer = Peer()
    for number in range(1000):
        call_id, branch = f"storm{number}", f"s{number}"
        peer.ask("INVITE", body=BODY, call_id=call_id, branch=branch)
        peer.side.last(Incoming).call.answer(sdp(), now=peer.now)
        peer.listen()
        tag = peer.response.to.tag
        peer.ask("ACK", to_tag=tag, call_id=call_id, branch=branch + "a")
        peer.ask("BYE", to_tag=tag, call_id=call_id, branch=branch + "b", cseq=2)
        peer.side.events.clear()
    assert not peer.agent.calls()
    peer.run(33)
    assert peer.agent.state_size == 0
