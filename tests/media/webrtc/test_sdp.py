"""Offers as Chromium and Firefox write them, what is answered, and what damage does to them."""

import random

import pytest

from switchroom.media.webrtc.dtls import Fingerprint
from switchroom.media.webrtc.ice import Credentials
from switchroom.media.webrtc.sdp import Answer, AudioCodec, BadOffer, codec_order, read_offer, write_answer
from switchroom.sip.sdp import parse_sdp

OFFER = """v=0
o=- 4611731400430051336 2 IN IP4 127.0.0.1
s=-
t=0 0
a=group:BUNDLE 0 1 2
a=extmap-allow-mixed
a=msid-semantic: WMS stream
m=audio 54609 UDP/TLS/RTP/SAVPF 111 63 9 0 8 13 110 126
c=IN IP4 192.168.1.5
a=rtcp:9 IN IP4 0.0.0.0
a=candidate:1 1 udp 2122260223 d3c2.local 54609 typ host generation 0 network-id 1
a=candidate:2 1 tcp 1518280447 192.168.1.5 9 typ host tcptype active generation 0
a=ice-ufrag:9xKq
a=ice-pwd:3sVtLq9qYcVn4s5iQ8i2pQwE
a=ice-options:trickle
a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9
a=setup:actpass
a=mid:0
a=extmap:1 urn:ietf:params:rtp-hdrext:ssrc-audio-level
a=sendrecv
a=msid:stream track
a=rtcp-mux
a=rtcp-rsize
a=rtpmap:111 opus/48000/2
a=rtcp-fb:111 transport-cc
a=fmtp:111 minptime=10;useinbandfec=1
a=rtpmap:63 red/48000/2
a=fmtp:63 111/111
a=rtpmap:9 G722/8000
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:13 CN/8000
a=rtpmap:110 telephone-event/48000
a=rtpmap:126 telephone-event/8000
a=ssrc:1111 cname:x
m=video 9 UDP/TLS/RTP/SAVPF 96 97 103
c=IN IP4 0.0.0.0
a=rtcp:9 IN IP4 0.0.0.0
a=ice-ufrag:9xKq
a=ice-pwd:3sVtLq9qYcVn4s5iQ8i2pQwE
a=fingerprint:sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9
a=setup:actpass
a=mid:1
a=recvonly
a=rtcp-mux
a=rtpmap:96 VP8/90000
a=rtcp-fb:96 goog-remb
a=rtcp-fb:96 transport-cc
a=rtcp-fb:96 ccm fir
a=rtcp-fb:96 nack
a=rtcp-fb:96 nack pli
a=rtpmap:97 rtx/90000
a=fmtp:97 apt=96
a=rtpmap:103 H264/90000
m=application 9 UDP/DTLS/SCTP webrtc-datachannel
c=IN IP4 0.0.0.0
a=mid:2
a=sctp-port:5000
""".replace("\n", "\r\n")
ANSWER = Answer(
    Credentials("ourfrag1", "p" * 24),
    Fingerprint("sha-256", "AA:BB"),
    "passive",
    (("203.0.113.5", 20000), ("10.0.0.2", 20000)),
    session_id=7,
    version=3,
    audio_ssrc=11,
    video_ssrc=22,
)


def test_what_a_browser_is_answered() -> None:
    """G.711 first; VP8; sections in their order, one of them refused; candidates best first."""
    offer = read_offer(OFFER)
    assert (offer.audio.codec.name, offer.audio.codec.payload) == ("PCMU", 0)
    assert offer.audio.events is not None
    assert offer.audio.events.payload == 126
    assert offer.video is not None
    assert offer.video.feedback == ("ccm fir", "nack", "nack pli", "goog-remb")
    assert not offer.video.sending
    text = write_answer(offer, ANSWER)
    answer = parse_sdp(text.encode())
    assert [(one.kind, one.port > 0) for one in answer.media] == [
        ("audio", True),
        ("video", True),
        ("application", False),
    ]
    assert [one.direction for one in answer.media] == ["sendrecv", "sendonly", "inactive"]
    assert answer.media[0].formats == ("0", "126")
    assert answer.media[1].formats == ("96",)
    assert ("ice-lite", "") in answer.attributes
    assert ("group", "BUNDLE 0 1") in answer.attributes
    priorities = [int(value.split()[3]) for name, value in answer.media[0].attributes if name == "candidate"]
    assert priorities == sorted(priorities, reverse=True)
    assert "transport-cc" not in text
    assert "extmap" not in text


@pytest.mark.parametrize(("codecs", "payload", "events"), [(("opus",), 111, 110), (("PCMA", "PCMU"), 8, 126)])
def test_the_codec_that_is_asked_for(codecs: tuple[AudioCodec, ...], payload: int, events: int) -> None:
    offer = read_offer(OFFER, codecs)
    assert offer.audio.codec.payload == payload
    assert offer.audio.events is not None
    assert offer.audio.events.payload == events


def test_the_order_of_a_setting() -> None:
    assert codec_order("Opus, pcmu") == ("opus", "PCMU")
    for wrong in ("", "g729", "PCMU,x"):
        with pytest.raises(ValueError, match="codecs of browsers"):
            codec_order(wrong)


def test_damage_is_refused_by_name_or_does_no_harm() -> None:
    """Whatever arrives, `BadOffer` is all that is raised, and what is read can be answered."""
    chance = random.Random(3)
    lines = OFFER.split("\r\n")
    for _ in range(1500):
        damaged = list(lines)
        for _ in range(chance.randint(1, 5)):
            at = chance.randrange(len(damaged))
            match chance.randrange(4):
                case 0:
                    del damaged[at]
                case 1:
                    damaged.insert(at, chance.choice(lines))
                case 2:
                    damaged[at] = damaged[at][: chance.randint(0, len(damaged[at]))]
                case _:
                    text = damaged[at] or "x"
                    place = chance.randrange(len(text))
                    damaged[at] = (
                        text[:place] + chr(chance.choice((0, 32, 58, 0x7F, 0xD800, 0x3042))) + text[place + 1 :]
                    )
        try:
            offer = read_offer("\r\n".join(damaged))
        except BadOffer:
            continue
        assert write_answer(offer, ANSWER).startswith("v=0")
