"""Reading and writing messages: headers, URIs, Via, bodies, streams."""

import pytest

from switchroom.sip.context import put_body
from switchroom.sip.headers import Headers, canonical, split_outside
from switchroom.sip.message import Request, Response
from switchroom.sip.multipart import split_parts
from switchroom.sip.parser import Malformed, parse
from switchroom.sip.transport import BrokenStream, StreamFramer
from switchroom.sip.uri import Address, BadUri, Uri, parse_address, parse_uri
from switchroom.sip.via import parse_via
from tests.sip.wire import sdp


def test_header_names_have_one_spelling() -> None:
    """Compact forms, any case, names nobody knows."""
    pairs = {
        "v": "Via",
        "CALL-ID": "Call-ID",
        "i": "Call-ID",
        "cseq": "CSeq",
        "x-my-THING": "X-My-Thing",
        "L": "Content-Length",
    }
    assert {name: canonical(name) for name in pairs} == pairs


def test_lists_are_split_outside_of_quotes_and_brackets() -> None:
    """Commas inside do not count; unclosed quotes run to the end, in linear time."""
    value = '"A, B" <sip:a@x;y=1,2>;q=1, <sip:b@x>, plain'
    assert split_outside(value, ",") == ['"A, B" <sip:a@x;y=1,2>;q=1', "<sip:b@x>", "plain"]
    assert split_outside('a, "b, c', ",") == ["a", '"b, c']
    assert len(split_outside('\\"' * 30000 + ",<" * 3000, ",")) >= 1


def test_a_value_cannot_break_out_of_its_line() -> None:
    """Header injection is refused."""
    for name, value in (("X-A", "b\r\nX-C: d"), ("X-A", "b\nc"), ("X-A: b\r\nX-C", "d"), ("", "x"), ("X:Y", "z")):
        with pytest.raises(ValueError, match="header line"):
            Headers([(name, value)])


@pytest.mark.parametrize(
    ("text", "uri"),
    [
        ("sip:+15550100@192.0.2.1:5060", Uri("sip", "+15550100", "192.0.2.1", 5060)),
        ("SIP:%2B15550100@EXAMPLE.com", Uri("sip", "+15550100", "example.com")),
        (
            "sips:a:pw@[2001:db8::1]:5061;transport=tcp;LR",
            Uri("sips", "a", "2001:db8::1", 5061, {"transport": "tcp", "lr": ""}, "", "pw"),
        ),
        ("sip:host?Subject=x%20y&Replaces=z", Uri("sip", "", "host", None, {}, "Subject=x%20y&Replaces=z")),
        ("sip:1;ext=2@h;p=1", Uri("sip", "1;ext=2", "h", None, {"p": "1"})),
        ("tel:+1-555-0100;ext=5", Uri("tel", "+1-555-0100", params={"ext": "5"})),
        ("urn:service:sos", Uri("urn", "service:sos")),
    ],
)  # fmt: skip
def test_uris(text: str, uri: Uri) -> None:
    """Read, and written so that they are read as the same."""
    assert parse_uri(text) == uri
    assert parse_uri(str(uri)) == uri


@pytest.mark.parametrize(
    "text", ["", "sip:", "sip:@h", "sip:a b@h", "sip:h:99999", "sip:h:0", "1:x", "sip:a@[::1", "sip:a@h\n", "<sip:a@h>"]
)
def test_no_uris(text: str) -> None:
    """BadUri."""
    with pytest.raises(BadUri):
        parse_uri(text)


def test_numbers_without_their_dressing() -> None:
    """Visual separators and user parameters are not part of a number; names stay."""
    dressed = (
        "sip:+1(555)01-00@x",
        "tel:+1-555.0100",
        "sip:+15550100;phone-context=x@y",
        "sip:anna-b.c@x",
        "sip:*72@x",
    )
    assert [parse_uri(one).number for one in dressed] == ["+15550100", "+15550100", "+15550100", "anna-b.c", "*72"]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ('"Anna \\"A\\" B" <sip:a@x>;tag=1', Address("sip:a@x", 'Anna "A" B', {"tag": "1"})),
        ("Anna B <sip:a@x;p>;tag=1", Address("sip:a@x;p", "Anna B", {"tag": "1"})),
        ("sip:a@x;tag=1", Address("sip:a@x", "", {"tag": "1"})),
        ('<sip:a@x>;x="a;b>c"', Address("sip:a@x", "", {"x": "a;b>c"})),
        ('""<sip:a@x>', Address("sip:a@x")),
        ("日本 <sip:a@x>", Address("sip:a@x", "日本")),
    ],
)
def test_addresses(text: str, address: Address) -> None:
    """Read, and written so that they are read as the same."""
    assert parse_address(text) == address
    assert parse_address(str(address)) == address


@pytest.mark.parametrize(
    "text", ["", "<sip:a@x", '"a <sip:a@x>', '"a" sip:a@x', "a, b <sip:a@x>", "<sip:a@x> y", "sip:a@x?h=1", "<>"]
)
def test_no_addresses(text: str) -> None:
    """BadUri."""
    with pytest.raises(BadUri):
        parse_address(text)


def test_vias() -> None:
    """White space is allowed almost everywhere; quoted parameters keep their quotes."""
    assert (
        str(parse_via("SIP / 2.0 / UDP  h.example : 5070 ; branch=z9 ; RPORT"))
        == "SIP/2.0/UDP h.example:5070;branch=z9;rport"
    )
    assert str(parse_via('SIP/2.0/TLS [2001:db8::1];x="a b"')) == 'SIP/2.0/TLS [2001:db8::1];x="a b"'
    for bad in ("", "SIP/3.0/UDP h", "SIP/2.0/UDP", "UDP h", "SIP/2.0/UDP h:0"):
        with pytest.raises(BadUri):
            parse_via(bad)


TEXT = (
    "INVITE sip:a@x SIP/2.0\r\nv: SIP/2.0/UDP h;branch=z9hG4bK1\r\nf: sip:b@x;tag=1\r\nt: sip:a@x\r\ni: c\r\n"
    "CSeq: 1 INVITE\r\nSubject: one\r\n two\r\n\tthree\r\nl: 3\r\n\r\nabcdef"
)


def test_a_message_is_read_and_written() -> None:
    """Compact names, folded lines, a body longer than it says."""
    request = parse(TEXT.encode())
    assert isinstance(request, Request)
    assert (request.method, request.uri, request.body) == ("INVITE", "sip:a@x", b"abc")
    assert request.headers.get("Subject") == "one two three"
    assert request.from_.tag == "1" and request.to.tag == "" and request.via.branch == "z9hG4bK1"
    again = parse(request.encode())
    assert list(again.headers.items()) == list(request.headers.items())


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("i: c", "x: c", None),
        ("v: SIP/2.0/UDP h", "v: nonsense", None),
        ("CSeq: 1 INVITE", "CSeq: 1 BYE", 400),
        ("CSeq: 1 INVITE", "CSeq: 9999999999 INVITE", 400),
        ("f: sip:b@x", 'f: "b <sip:b@x>', 400),
        ("l: 3", "l: 4000", 400),
        ("l: 3", "l: -3", 400),
        ("l: 3", "l: 3\r\nContent-Length: 3", 400),
        ("SIP/2.0\r", "SIP/9.1\r", 505),
        ("INVITE sip:a@x", "INVITE http://a.example/", 416),
        ("INVITE sip:a@x", "INVITE <sip:a@x>", 400),
        ("INVITE sip:a@x", "INVITE  sip:a@x", 400),
        ("Subject: one", "Max-Forwards: 300", 400),
        ("Subject: one", "Max-Forwards: many", 400),
        ("Subject: one", "no colon", 400),
        ("Subject: one", "\r\n".join(f"X-{number}: 1" for number in range(300)), None),
        ("Subject: one", "X: " + "x" * 9000, 400),
        ("Subject: one", "X: a\nb", None),
        ("Subject: one", "X: a\0b", None),
    ],
)
def test_damaged_messages(old: str, new: str, code: int | None) -> None:
    """Malformed, with a request to answer where an answer could find its way."""
    assert old in TEXT
    with pytest.raises(Malformed) as caught:
        parse(TEXT.replace(old, new, 1).encode())
    assert (caught.value.code if caught.value.request is not None else None) == code


def test_bodies_of_several_parts() -> None:
    """multipart/mixed: written by us and read again; one part stands alone."""
    request = Request("INVITE", "sip:a@x")
    location = b"<presence>--switchroom-part</presence>"
    put_body(request, sdp(), [("application/pidf+xml", location)])
    assert request.part("application/sdp") == sdp().encode()
    assert request.part("application/pidf+xml") == location
    assert request.part("text/plain") is None
    alone = Response(200, "OK")
    put_body(alone, sdp())
    assert list(alone.parts()) == [("application/sdp", sdp().encode())]


def test_parts_as_others_write_them() -> None:
    """A preamble, parts without headers, folded case, no end; and what is none."""
    body = b"hello\r\n--b\r\nCONTENT-TYPE: Application/SDP;x=y\r\nA: b\r\n\r\nv=0\r\n--b \r\n\r\nplain\r\n--b"
    assert list(split_parts(body, "b")) == [("application/sdp", b"v=0"), ("text/plain", b"plain"), ("text/plain", b"")]
    assert list(split_parts(body, "")) == list(split_parts(body, "c")) == []
    assert len(list(split_parts(b"\r\n--b" * 20_000, "b"))) <= 64


def test_a_stream_is_cut_into_messages_however_it_arrives() -> None:
    """Byte by byte, all at once, with keepalives in between."""
    message = TEXT[:-3].encode()
    for size in (1, 7, 100, 10_000):
        framer = StreamFramer()
        stream = b"\r\n\r\n" + message * 3 + b"\r\n\r\n" + message
        found = [one for at in range(0, len(stream), size) for one in framer.feed(stream[at : at + size])]
        assert found == [message] * 4
    assert framer.pings == 2


def test_streams_that_are_no_sip() -> None:
    """A head without end, a body without measure."""
    for data in (b"x" * 40_000, b"INVITE sip:a SIP/2.0\r\nContent-Length: 99999999\r\n\r\n"):
        with pytest.raises(BrokenStream):
            list(StreamFramer().feed(data))
