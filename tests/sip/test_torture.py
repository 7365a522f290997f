"""The torture messages of RFC 4475, whole and in pieces.

The files of `torture_messages/` are typed after the descriptions of the RFC and named as it names them; LF in them
stands for CRLF.
"""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from switchroom.sip.events import Incoming
from switchroom.sip.parser import Malformed, parse
from switchroom.sip.transport import BrokenStream, StreamFramer
from switchroom.sip.uri import Address
from tests.sip.peer import BODY, Peer
from tests.sip.wire import Side, sdp

# What the agent is expected to do: `call` (the owner hears of a call), a code (its answer) or None (silence).
EXPECTED: list[tuple[str, str | int | None]] = [
    ("wsinv", 481),  # its To has a tag: a request of a dialog that we do not know
    ("intmeth", 501),
    ("esc01", "call"),
    ("escnull", 401),
    ("esc02", 501),
    ("lwsdisp", 200),
    ("longreq", "call"),
    ("dblreq", 401),
    ("semiuri", 200),
    ("transports", 200),
    ("mpart01", 405),
    ("unreason", None),
    ("noreason", None),
    ("badinv01", "call"),  # empty parameters and list elements are passed over
    ("clerr", 400),
    ("ncl", 400),
    ("scalar02", 400),
    ("scalarlg", None),
    ("quotbal", 400),
    ("ltgtruri", 400),
    ("lwsruri", 400),
    ("lwsstart", 400),
    ("trws", 400),
    ("escruri", "call"),  # headers in a Request-URI are passed over
    ("baddate", "call"),
    ("regbadct", 401),  # who it is comes first
    ("badaspec", 400),
    ("baddn", 400),
    ("badvers", 505),
    ("mismatch01", 400),
    ("mismatch02", 400),
    ("bigcode", None),
    ("badbranch", 200),
    ("insuf", None),  # nothing to answer with
    ("unkscm", 416),
    ("novelsc", 416),
    ("unksm2", 401),
    ("bext01", 420),
    ("invut", 415),
    ("regaut01", 401),
    ("multi01", None),  # two values of a header that an answer would have to copy
    ("mcl01", 400),
    ("bcast", None),
    ("zeromf", 200),
    ("cparam01", 401),
    ("cparam02", 401),
    ("regescrt", 401),
    ("sdp01", 406),
    ("inv2543", 400),  # section 12.1.1 wants a Contact
]
TEXTS = {name: (Path(__file__).parent / "torture_messages" / f"{name}.sip").read_text("utf-8") for name, _ in EXPECTED}
BYTES = [text.replace("\n", "\r\n").encode() for text in TEXTS.values()]
INSIDE = """{method} sip:me@192.0.2.1 SIP/2.0
Via: SIP/2.0/UDP 192.0.2.7:5070;branch=z9hG4bKz
From: <sip:x@192.0.2.7>;tag=t1
To: <sip:me@192.0.2.1>;tag={tag}
Call-ID: {call_id}
CSeq: 7 {method}
Contact: <sip:x@192.0.2.7>
Refer-To: <sip:y@z?Replaces=a%3Bto-tag%3Db%3Bfrom-tag%3Dc>
Content-Type: application/sdp
Content-Length: {length}

"""
LONG = """INVITE sip:a@b SIP/2.0
Via: SIP/2.0/UDP h;branch=z9hG4bKa
From: <sip:a@b>;tag=1
To: <sip:c@d>
Call-ID: l
CSeq: 1 INVITE
{header}: {value}

"""


@pytest.mark.parametrize(("name", "expected"), EXPECTED)
def test_torture(name: str, expected: str | int | None) -> None:
    """Answered as the RFC asks, or not at all; only calls leave state."""
    peer = Peer(Side("192.0.2.1", accounts={}))
    peer.say(TEXTS[name])
    if expected == "call":
        assert peer.side.count(Incoming) == 1 and peer.codes == []
    else:
        assert peer.codes == ([] if expected is None else [expected])
        assert not peer.side.events
        assert peer.agent.state_size == 0


def test_what_the_hard_ones_mean() -> None:
    """Escapes, white space, folding and quotes, read as they are meant."""

    def read(name: str) -> object:
        return parse(TEXTS[name].replace("\n", "\r\n").encode())

    wsinv = read("wsinv")
    assert wsinv.to.tag == "1918181833n" and wsinv.from_.display == 'J Rosenberg \\"'
    assert len(wsinv.headers.listed("Via")) == 3 and wsinv.cseq == (9, "INVITE")
    assert wsinv.contact.params == {"newparam": "newvalue", "secondparam": "", "q": "0.33"}
    esc01 = read("esc01")
    assert esc01.target.user == "sips:user@example.com" and esc01.target.host == "example.net"
    semiuri = read("semiuri")
    assert semiuri.target.user == "user;par=u@example.net"
    assert read("dblreq").body == b""


def say(peer: Peer, data: bytes) -> None:
    """Send bytes as they are."""
    peer.agent.receive(data, peer.flow, peer.now)
    peer.listen()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_damaged_messages_raise_nothing_and_leave_nothing(data: st.DataObject) -> None:
    """Torture messages with bytes changed, cut out, doubled and joined; time passes; all state is gone."""
    peer = Peer(Side("192.0.2.1", accounts={}))
    texts = st.sampled_from(BYTES)
    for _ in range(data.draw(st.integers(1, 4))):
        message = bytearray(data.draw(texts))
        for _ in range(data.draw(st.integers(0, 8))):
            at = data.draw(st.integers(0, max(0, len(message) - 1)))
            match data.draw(st.integers(0, 3)):
                case 0:
                    message[at : at + 1] = data.draw(st.binary(min_size=1, max_size=3))
                case 1:
                    del message[at : at + data.draw(st.integers(1, 40))]
                case 2:
                    message[at:at] = message[max(0, at - 30) : at]
                case _:
                    message[at:at] = data.draw(
                        st.sampled_from([b"\r\n", b'"', b"<", b">", b";", b",", b"\0", b"%", b"\xff", b" "])
                    )
        say(peer, bytes(message))
    for event in peer.side.events:
        if isinstance(event, Incoming):
            event.call.hangup(now=peer.now)
    peer.run(70)
    assert peer.agent.state_size == 0


@settings(max_examples=150, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 400), st.binary(min_size=1, max_size=2)), min_size=1, max_size=6),
    st.integers(0, 5),
)
def test_damaged_answers_and_requests_inside_a_call(changes: list[tuple[int, bytes]], kind: int) -> None:
    """The peer of a call says damaged things: no exception, and after BYE and a minute nothing is left."""
    peer = Peer(Side("192.0.2.1", session_expires=1800))
    call = peer.agent.invite("sip:x@192.0.2.7", peer.way, from_=Address("sip:me@192.0.2.1"), sdp=sdp(), now=peer.now)
    peer.listen()
    invite = peer.request
    whole = Peer(Side("192.0.2.9"))
    if kind < 3:
        whole.agent.receive = lambda data, *_: taken.append(data)
        taken: list[bytes] = []
        whole.reply(
            invite,
            (183, 200, 401)[kind],
            "Require: 100rel",
            "RSeq: 1",
            'WWW-Authenticate: Digest realm="a", nonce="b"',
            body=BODY,
        )
        data = bytearray(taken[0])
    else:
        peer.reply(invite, 200, body=BODY)
        tag = invite.from_.tag
        method = ("INVITE", "UPDATE", "REFER")[kind - 3]
        text = INSIDE.format(method=method, tag=tag, call_id=invite.call_id, length=len(BODY))
        data = bytearray(text.replace("\n", "\r\n").encode() + BODY)
    for at, new in changes:
        data[at % len(data) : at % len(data) + 1] = new
    say(peer, bytes(data))
    for one in (call, *(event.call for event in peer.side.events if isinstance(event, Incoming))):
        one.hangup(now=peer.now)
    peer.listen()
    peer.run(140)
    assert peer.agent.state_size == 0


@given(st.binary(max_size=300), st.integers(1, 50))
def test_streams_of_noise(noise: bytes, size: int) -> None:
    """The framer only ever says BrokenStream; what it cuts out is read or Malformed."""
    framer = StreamFramer()
    stream = noise + b"OPTIONS sip:a SIP/2.0\r\nl: 2\r\n\r\nok" + noise
    try:
        for at in range(0, len(stream), size):
            for message in framer.feed(stream[at : at + size]):
                parse(message)
    except (BrokenStream, Malformed):
        pass


def test_long_input_takes_linear_time() -> None:
    """Nothing in the grammar is read again and again: half a megabyte of brackets, quotes and commas ends at once."""
    for filler in ('"', "<", '\\"', ",", ";", "a=", ";a", '<"', "%", "\r\n ", "(", "=;,"):
        many = filler * (8000 // len(filler))
        for header in ("Contact", "Via", "To", "Route", "Authorization", "Refer-To", "Session-Expires", "X"):
            peer = Peer(Side("192.0.2.1", accounts={}))
            say(peer, LONG.format(header=header, value=many).replace("\n", "\r\n").encode())
