"""What is refused, with which code, and that a refusal leaves nothing behind."""

import pytest

from switchroom.sip.events import Incoming
from switchroom.sip.message import Request
from switchroom.sip.screening import Challenge, Drop, FloodGate, Reject, Verdict, known_scanner
from switchroom.sip.transport import Flow
from tests.sip.peer import BODY, Peer
from tests.sip.wire import Side


@pytest.mark.parametrize(
    ("method", "lines", "code", "header"),
    [
        ("SUBSCRIBE", ["Event: presence"], 405, ("Allow", "INVITE, ACK")),
        ("MESSAGE", [], 405, ("Allow", "INVITE, ACK")),
        ("DANCE", [], 501, None),
        ("INVITE", ["Require: teleport, 100rel"], 420, ("Unsupported", "teleport")),
        ("INVITE", ["Content-Type: application/xml"], 415, ("Accept", "application/sdp")),
        ("INVITE", ["Content-Encoding: gzip"], 415, ("Accept-Encoding", "identity")),
        ("INVITE", ["Accept: text/nobodyKnowsThis"], 406, None),
        ("BYE", [], 481, None),
        ("CANCEL", [], 481, None),
        ("PRACK", ["RAck: 1 1 INVITE"], 481, None),
        ("REFER", ["Refer-To: <sip:x@y>"], 481, None),
    ],
)
def test_requests_that_cannot_be_served(
    method: str, lines: list[str], code: int, header: tuple[str, str] | None
) -> None:
    """Section 8.2, in its order; nothing is remembered."""
    peer = Peer()
    peer.ask(method, *lines, body=BODY)
    assert peer.codes == [code]
    if header is not None:
        assert (peer.response.headers.get(header[0]) or "").startswith(header[1])
    assert peer.agent.state_size == 0
    first = peer.response.to.tag
    peer.ask(method, *lines, body=BODY)
    assert peer.response.to.tag == first


def test_an_invite_without_sense() -> None:
    """No Contact, or a body that is no session description: 400."""
    peer = Peer()
    peer.ask("INVITE", body=b"v=7\r\nwhat")
    assert peer.codes == [400]
    peer.say(
        "INVITE sip:a@192.0.2.1 SIP/2.0\nVia: SIP/2.0/UDP 192.0.2.7;branch=z9hG4bKx\nFrom: <sip:b@x>;tag=1\n"
        "To: <sip:a@y>\nCall-ID: x\nCSeq: 1 INVITE\nContent-Length: 0\n\n"
    )
    assert peer.codes == [400, 400]
    assert peer.agent.state_size == 0


def test_one_invite_by_two_ways_is_merged() -> None:
    """482 for the second copy of a forked request (section 8.2.2.2)."""
    peer = Peer()
    peer.ask("INVITE", body=BODY, branch="one")
    peer.ask("INVITE", body=BODY, branch="two")
    assert peer.codes == [482]
    assert peer.side.count(Incoming) == 1


def test_requests_of_an_unknown_dialog_and_stray_acks() -> None:
    """481 for the one, silence for the other; responses nobody waits for are dropped."""
    peer = Peer()
    peer.ask("BYE", to_tag="nobody")
    peer.ask("ACK", to_tag="nobody")
    peer.say(
        "SIP/2.0 200 OK\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKq\nFrom: <sip:a@x>;tag=1\nTo: <sip:b@y>;tag=2\n"
        "Call-ID: q\nCSeq: 1 INVITE\nContent-Length: 0\n\n"
    )
    assert peer.codes == [481]
    assert peer.agent.state_size == 0


def test_a_cancel_of_someone_elses_call_is_not_heard() -> None:
    """From another address than the INVITE came from."""
    peer = Peer()
    peer.ask("INVITE", body=BODY)
    peer.flow = Flow("udp", ("192.0.2.66", 5070), ("192.0.2.1", 5060))
    peer.ask("CANCEL", branch="INVITE1")
    assert peer.codes == [481]
    assert not peer.side.last(Incoming).call.over


def test_the_screen_is_asked_before_anything_is_remembered() -> None:
    """Drop says nothing, Reject once, Challenge 401; none of them leaves state."""
    verdicts: dict[str, Verdict] = {"drop": Drop(), "no": Reject(403, "Go", (("X-A", "b"),)), "prove": Challenge()}
    peer = Peer(Side("192.0.2.1", screen=lambda request, *_: verdicts.get(request.target.user), accounts={}))
    for number in range(200):
        peer.ask("INVITE", uri="sip:drop@192.0.2.1", body=BODY, branch=f"d{number}", call_id=f"d{number}")
    assert peer.heard == []
    peer.ask("INVITE", uri="sip:no@192.0.2.1", body=BODY, branch="n", call_id="n")
    assert peer.codes == [403] and peer.response.headers.get("X-A") == "b"
    peer.ask("INVITE", uri="sip:prove@192.0.2.1", body=BODY, branch="p", call_id="p")
    (challenge,) = peer.response.headers.all("WWW-Authenticate")
    assert challenge.startswith('Digest realm="test", nonce="') and 'algorithm=MD5, qop="auth"' in challenge
    peer.run(60)
    assert peer.codes == [403, 401]
    assert peer.agent.state_size == 0


def test_a_scan_of_a_telephone_system_yields_nothing() -> None:
    """OPTIONS, REGISTER and INVITE as scanners send them: silence for the known ones, no state for any."""

    def screen(request: Request, _flow: Flow, _now: float) -> Verdict:
        return Drop() if known_scanner(request) else Reject(404)

    peer = Peer(Side("192.0.2.1", screen=screen, accounts={}))
    for name in ("friendly-scanner", "sipvicious", "VaxSIPUserAgent/3.1", "sipcli/v1.8", "SIPPing"):
        for method in ("OPTIONS", "REGISTER", "INVITE"):
            peer.ask(method, f"User-Agent: {name}", uri="sip:100@192.0.2.1", branch=f"{name}{method}", call_id=name)
    assert peer.codes == [404, 404, 404]
    assert peer.agent.state_size == 0
    assert not peer.side.events


def test_an_answer_to_a_stranger_is_no_larger_than_the_question_needs() -> None:
    """Nothing is said twice and little at a time: a forged address gains nothing."""
    peer = Peer(Side("192.0.2.1", screen=lambda *_: Reject(404)))
    for number in range(50):
        peer.ask("INVITE", body=BODY, branch=f"a{number}", call_id=f"a{number}")
    peer.run(60)
    assert len(peer.sends) == 50
    assert max(len(send.data) for send in peer.sends) < 400


def test_the_flood_gate_counts_each_source_alone_and_forgets_the_quiet() -> None:
    """A burst, then a rate; memory has a limit."""
    gate = FloodGate(rate=2, burst=5, sources=100)
    flow = Flow("udp", ("192.0.2.1", 1))
    assert [gate.admit(flow, 10.0) for _ in range(7)] == [True] * 5 + [False] * 2
    assert gate.admit(Flow("udp", ("192.0.2.2", 1)), 10.0)
    assert [gate.admit(flow, 11.0) for _ in range(3)] == [True, True, False]
    for number in range(1000):
        gate.admit(Flow("udp", (f"198.51.{number // 256}.{number % 256}", 1)), 12.0)
    assert len(gate) <= 100
