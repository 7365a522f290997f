"""Session descriptions, and what an offer and an answer agree on (RFC 8866, RFC 3264, RFC 4568)."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from switchroom.sip.offers import Agreed, Capabilities, NotAcceptable, Srtps, conclude, make_answer, make_offer
from switchroom.sip.sdp import (
    EVENTS,
    EVENTS_48,
    G722,
    OPUS,
    PCMA,
    PCMU,
    BadSdp,
    Codec,
    Crypto,
    Direction,
    Session,
    parse_crypto,
    parse_sdp,
)

KEY_A, KEY_B = bytes(range(30)), bytes(range(30, 60))
PHONE = """v=0
o=phone 123 7 IN IP4 198.51.100.4
s=call
c=IN IP4 198.51.100.4
b=AS:100
t=0 0
a=tool:x
m=video 5004 RTP/AVP 96
a=rtpmap:96 H264/90000
m=audio 4000 RTP/AVP 18 8 0 97 98
c=IN IP4 198.51.100.5
a=rtpmap:97 telephone-event/8000
a=fmtp:97 0-15
a=rtpmap:98 opus/48000/2
a=fmtp:98 useinbandfec=1;stereo=0
a=ptime:30
a=maxptime:60
a=rtcp:4007 IN IP4 198.51.100.5
a=rtcp-mux
a=sendonly
a=x-own:thing
"""


def phone() -> Session:
    """The offer of a telephone with a camera."""
    return parse_sdp(PHONE.replace("\n", "\r\n").encode())


def test_everything_in_a_description_is_read() -> None:
    """Media, codecs static and mapped, addresses of the section and of the session, attributes."""
    session = phone()
    assert (session.user, session.session_id, session.version, session.host) == ("phone", 123, 7, "198.51.100.4")
    audio = session.audio
    assert audio is not None
    assert [(one.name, one.payload) for one in audio.codecs] == [
        ("G729", 18),
        ("PCMA", 8),
        ("PCMU", 0),
        ("telephone-event", 97),
        ("opus", 98),
    ]
    assert audio.codecs[4] == Codec("opus", 48000, 2, 98, "useinbandfec=1;stereo=0")
    assert session.host_of(audio) == "198.51.100.5" and session.host_of(session.media[0]) == "198.51.100.4"
    assert (audio.ptime, audio.maxptime, audio.rtcp_mux, audio.rtcp_port) == (30, 60, True, 4007)
    assert session.direction_of(audio) == "sendonly" and session.direction_of(session.media[0]) == "sendrecv"
    assert audio.attributes == (("x-own", "thing"),)


def test_what_is_written_is_read_again_as_the_same() -> None:
    """encode and parse_sdp, SRTP and IPv6 included."""
    mine = Capabilities("2001:db8::1", 4000, (OPUS, G722, PCMU, EVENTS_48, EVENTS), "required", KEY_A, "recvonly")
    offer = make_offer(mine, session_id=5, version=3)
    assert parse_sdp(offer.encode()) == offer
    assert b"m=audio 4000 RTP/SAVP 107 9 0 110 101\r\n" in offer.encode()
    assert b"o=switchroom 5 3 IN IP6 2001:db8::1\r\n" in offer.encode()
    assert b"a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:" + base64.b64encode(KEY_A) + b"\r\n" in offer.encode()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "v=1\n",
        "v=0\ns=x\n",
        "v=0\no=a b c IN IP4 x\n",
        "v=0\no=- 1 1 IN IP4 x\nm=audio 1 RTP/AVP 0\n",
        "v=0\no=- 1 1 IN IP4 x\nc=IN IP4 y\nm=audio 99999 RTP/AVP 0\n",
        "v=0\no=- 1 1 IN IP4 x\nc=IN IP4\nm=audio 9 RTP/AVP 0\n",
        "v=0\no=- 1 1 IN IP4 x\nc=ATM x y\n",
        "v=0\nnonsense\n",
        "v=0\no=- 1 1 IN IP4 x\n" + "m=audio 0 RTP/AVP 0\n" * 40,
        "v=0\no=- 1 1 IN IP4 x\n" + "a=b\n" * 1000,
        "v=0\no=- 1 1 IN IP4 x\nm=audio 0 RTP/AVP " + "0 " * 200,
        "v=0\no=- ² 1 IN IP4 x\n",
    ],
)
def test_what_is_no_description(text: str) -> None:
    """BadSdp, whatever is wrong."""
    with pytest.raises(BadSdp):
        parse_sdp(text.encode())


@given(st.binary(max_size=400))
def test_noise_raises_nothing_else(noise: bytes) -> None:
    """Any bytes, alone and inside a good description."""
    for body in (noise, b"v=0\r\n" + noise, PHONE.encode()[:200] + noise, PHONE.encode() + b"a=" + noise):
        try:
            parse_sdp(body).encode()
        except BadSdp:
            continue


@given(st.data())
def test_damaged_descriptions_never_break_an_answer(data: st.DataObject) -> None:
    """Characters of a good offer replaced: an answer, NotAcceptable or BadSdp."""
    body = bytearray(
        make_offer(Capabilities("h", 4000, (OPUS, PCMU, EVENTS), "optional", KEY_A), session_id=1).encode()
    )
    for _ in range(data.draw(st.integers(1, 6))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.sampled_from(b"09 :/=\r\nam"))
    try:
        answer, _ = make_answer(parse_sdp(bytes(body)), Capabilities("x", 2), session_id=1)
        parse_sdp(answer.encode())
    except (BadSdp, NotAcceptable):
        pass


def agree(theirs: Capabilities, mine: Capabilities) -> tuple[Agreed, Agreed]:
    """What both sides believe after an offer of `theirs` and an answer of `mine`."""
    offer = make_offer(theirs, session_id=1)
    answer, answered = make_answer(parse_sdp(offer.encode()), mine, session_id=2)
    return conclude(offer, parse_sdp(answer.encode())), answered


def test_the_first_codec_of_the_offer_that_we_speak_is_chosen() -> None:
    """With the numbers of the offer, and the digits beside it."""
    theirs = Capabilities(
        "192.0.2.1", 4000, (OPUS, Codec("pcma", payload=8), PCMU, Codec("telephone-event", payload=96))
    )
    one, other = agree(theirs, Capabilities("192.0.2.2", 5000, (PCMU, PCMA, EVENTS)))
    for agreed in (one, other):
        assert agreed.codec.name.upper() == "PCMA" and agreed.codec.payload == agreed.receive_payload == 8
        assert agreed.events is not None and agreed.events.payload == agreed.receive_events == 96
        assert agreed.srtp is None and agreed.direction == "sendrecv" and agreed.rtcp_mux
    assert one.remote == ("192.0.2.2", 5000) and other.remote == ("192.0.2.1", 4000)


def test_dynamic_numbers_may_differ_in_both_directions() -> None:
    """We send with their number and they with ours."""
    offer = make_offer(Capabilities("a", 1, (Codec("opus", 48000, 2, 107), EVENTS)), session_id=1)
    answer = parse_sdp(
        b"v=0\r\no=- 1 1 IN IP4 b\r\ns=-\r\nc=IN IP4 b\r\nt=0 0\r\nm=audio 2 RTP/AVP 120 121\r\n"
        b"a=rtpmap:120 opus/48000/2\r\na=rtpmap:121 telephone-event/8000\r\n"
    )
    agreed = conclude(offer, answer)
    assert (agreed.codec.payload, agreed.receive_payload) == (120, 107)
    assert agreed.events is not None and (agreed.events.payload, agreed.receive_events) == (121, 101)


def test_digits_have_the_clock_of_the_codec_when_they_can() -> None:
    """telephone-event/48000 beside Opus."""
    theirs = Capabilities("a", 1, (OPUS, EVENTS, EVENTS_48))
    _, agreed = agree(theirs, Capabilities("b", 2, (OPUS, EVENTS, EVENTS_48)))
    assert agreed.events is not None and agreed.events.rate == 48000


@pytest.mark.parametrize(
    ("offered", "wanted", "answered"),
    [
        ("sendrecv", "sendrecv", "sendrecv"),
        ("sendonly", "sendrecv", "recvonly"),
        ("recvonly", "sendrecv", "sendonly"),
        ("inactive", "sendrecv", "inactive"),
        ("sendrecv", "sendonly", "sendonly"),
        ("sendonly", "sendonly", "inactive"),
        ("sendonly", "recvonly", "recvonly"),
        ("recvonly", "inactive", "inactive"),
    ],
)
def test_directions(offered: Direction, wanted: Direction, answered: Direction) -> None:
    """Nobody sends what the other does not want; both sides see the mirror of each other."""
    mirror = {"sendrecv": "sendrecv", "sendonly": "recvonly", "recvonly": "sendonly", "inactive": "inactive"}
    one, other = agree(Capabilities("a", 1, direction=offered), Capabilities("b", 2, direction=wanted))
    assert other.direction == answered and one.direction == mirror[answered]
    assert one.sends == other.receives and one.receives == other.sends


def test_an_address_of_zeros_holds() -> None:
    """As RFC 2543 had it: the peer may talk, we may not."""
    text = b"v=0\r\no=- 1 1 IN IP4 b\r\ns=-\r\nc=IN IP4 0.0.0.0\r\nt=0 0\r\nm=audio 2 RTP/AVP 0\r\n"
    answer, agreed = make_answer(parse_sdp(text), Capabilities("b", 2), session_id=1)
    assert answer.media[0].direction == agreed.direction == "recvonly"


def test_hold_is_the_next_version_of_a_description() -> None:
    """with_direction."""
    offer = make_offer(Capabilities("a", 1), session_id=1)
    held = offer.with_direction("sendonly")
    assert held.version == 2 and held.audio is not None and held.audio.direction == "sendonly"
    assert held.with_direction("sendrecv").with_direction("sendonly").media == held.media


def test_srtp_when_both_can() -> None:
    """Keys of both directions; optional meets off without them, required does not."""
    secure = Capabilities("a", 1, srtp="required", key=KEY_A)
    optional = Capabilities("b", 2, srtp="optional", key=KEY_B)
    one, other = agree(secure, optional)
    assert one.srtp == Srtps("AES_CM_128_HMAC_SHA1_80", KEY_A, KEY_B)
    assert other.srtp == Srtps("AES_CM_128_HMAC_SHA1_80", KEY_B, KEY_A)
    assert agree(optional, Capabilities("c", 3))[0].srtp is None
    for theirs, mine in ((secure, Capabilities("c", 3)), (Capabilities("c", 3), secure)):
        with pytest.raises(NotAcceptable):
            agree(theirs, mine)


def test_crypto_attributes_that_are_not_for_us() -> None:
    """Other suites, short keys, MKI, unencrypted streams; a lifetime is let pass."""
    good = base64.b64encode(KEY_A).decode()
    assert parse_crypto(f"1 AES_CM_128_HMAC_SHA1_32 inline:{good}|2^20") == Crypto(1, "AES_CM_128_HMAC_SHA1_32", KEY_A)
    for bad in (
        f"1 AES_256_CM_HMAC_SHA1_80 inline:{good}",
        "1 AES_CM_128_HMAC_SHA1_80 inline:QUJD",
        f"1 AES_CM_128_HMAC_SHA1_80 inline:{good}|2^20|1:4",
        f"1 AES_CM_128_HMAC_SHA1_80 inline:{good} UNENCRYPTED_SRTP",
        "nonsense",
    ):
        assert parse_crypto(bad) is None


def test_an_answer_has_a_section_for_each_of_the_offer() -> None:
    """Everything but the audio that was chosen is refused with port 0."""
    answer, agreed = make_answer(phone(), Capabilities("192.0.2.2", 5000), session_id=9)
    assert [(one.kind, one.port) for one in answer.media] == [("video", 0), ("audio", 5000)]
    assert answer.media[1].formats == ("8", "97")
    assert agreed.remote == ("198.51.100.5", 4000) and agreed.direction == "recvonly" and agreed.ptime == 30


@pytest.mark.parametrize(
    "text",
    [
        "m=audio 0 RTP/AVP 0",
        "m=audio 4 RTP/AVP 18",
        "m=audio 4 TCP/X 0",
        "m=image 4 udptl t38",
        "m=audio 4 RTP/AVP 101",
    ],
)
def test_offers_with_nothing_for_us(text: str) -> None:
    """NotAcceptable."""
    with pytest.raises(NotAcceptable):
        offer = parse_sdp(f"v=0\no=- 1 1 IN IP4 x\ns=-\nc=IN IP4 x\nt=0 0\n{text}\n".encode())
        make_answer(offer, Capabilities("h", 2), session_id=1)


def test_refused_answers() -> None:
    """No section, port 0, another codec."""
    offer = make_offer(Capabilities("a", 1, (PCMU,)), session_id=1)
    for line in ("", "m=audio 0 RTP/AVP 0\r\n", "m=audio 2 RTP/AVP 8\r\n", "m=video 2 RTP/AVP 0\r\n"):
        answer = parse_sdp(b"v=0\r\no=- 1 1 IN IP4 b\r\ns=-\r\nc=IN IP4 b\r\nt=0 0\r\n" + line.encode())
        with pytest.raises(NotAcceptable):
            conclude(offer, answer)
