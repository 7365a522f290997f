"""Passing video on: numbers rewritten, lost packets from what was kept, requests for whole pictures, estimates."""

import struct

import pytest

from switchroom.media.webrtc import rtcp
from switchroom.media.webrtc.sdp import VideoChoice
from switchroom.media.webrtc.video import VideoSwitch
from switchroom.sip.sdp import Codec

A_SSRC, B_SSRC, C_SSRC = 0xA0, 0xB0, 0xC0
"""What each leg is shown others under."""
CAMERA = {"a": 0x1111, "b": 0x2222, "c": 0x3333}


def choice(payload: int, codec: str = "VP8") -> VideoChoice:
    return VideoChoice("1", Codec(codec, 90_000, payload=payload), ("nack", "nack pli"), True)


def picture(leg: str, sequence: int, time: int = 0, payload: int = 96) -> bytes:
    return struct.pack("!BBHII", 0x80, payload, sequence, time, CAMERA[leg]) + b"picture"


class Wire:
    """A switch with two legs that see each other, and a third; keeps what is sent to whom."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, bytes]] = []
        self.switch = VideoSwitch(lambda leg, data: self.sent.append((leg, data)))
        for leg, payload, ssrc in (("a", 96, A_SSRC), ("b", 120, B_SSRC), ("c", 96, C_SSRC)):
            self.switch.speaks(leg, choice(payload), ssrc, 0.0, fresh=True)
        self.switch.show("room", [("a", True), ("b", True)], 0.0)

    def pictures(self, leg: str) -> list[tuple[int, int, int, int]]:
        """Payload type, sequence, time, SSRC of the RTP sent to a leg."""
        rtp = [data for to, data in self.sent if to == leg and not 192 <= data[1] <= 223]
        return [(data[1] & 0x7F, *struct.unpack_from("!HII", data, 2)) for data in rtp]

    def control(self, leg: str) -> list[rtcp.Packet]:
        return [
            packet for to, data in self.sent if to == leg and 192 <= data[1] <= 223 for packet in rtcp.packets(data)
        ]


@pytest.fixture
def wire() -> Wire:
    return Wire()


def test_packets_carry_the_numbers_of_who_sees_them(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 10, 900), 1.0)
    assert wire.pictures("b") == [(120, 10, 900, B_SSRC)]
    assert wire.pictures("c") == []


def test_another_source_goes_on_where_the_first_ended(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 65535, 900), 1.0)
    wire.switch.take("c", picture("c", 5, 77), 1.0)
    wire.switch.show("room", [("b", True), ("c", True)], 2.0)
    wire.switch.take("c", picture("c", 6, 3077), 2.0)
    wire.switch.take("c", picture("c", 7, 6077), 2.1)
    assert wire.pictures("b") == [(120, 65535, 900, B_SSRC), (120, 0, 3900, B_SSRC), (120, 1, 6900, B_SSRC)]
    plis = [one for one in wire.control("c") if (one.kind, one.count) == (rtcp.PAYLOAD_FEEDBACK, rtcp.PLI)]
    assert [one.body[4:] for one in plis] == [CAMERA["c"].to_bytes(4)]


def test_who_may_not_send_is_not_seen(wire: Wire) -> None:
    wire.switch.show("room", [("a", False), ("b", True)], 1.0)
    wire.switch.take("a", picture("a", 1), 1.0)
    wire.switch.take("b", picture("b", 1, payload=120), 1.0)
    assert wire.pictures("b") == []
    assert len(wire.pictures("a")) == 1


def test_codecs_that_differ_do_not_meet(wire: Wire) -> None:
    wire.switch.speaks("b", choice(120, "H264"), B_SSRC, 1.0, fresh=True)
    wire.switch.take("a", picture("a", 1), 1.0)
    assert wire.pictures("b") == []


def test_what_is_missed_comes_again_from_here_or_from_its_source(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 10), 1.0)
    wire.sent.clear()
    wire.switch.take("b", rtcp.nack(B_SSRC, B_SSRC, [10, 11]), 1.1)
    assert [one[1] for one in wire.pictures("b")] == [10]
    asked = [one for one in wire.control("a") if one.kind == rtcp.TRANSPORT_FEEDBACK]
    assert [rtcp.nacked(one.body) for one in asked] == [[11]]
    assert asked[0].body[4:8] == CAMERA["a"].to_bytes(4)


def test_a_whole_picture_is_asked_for_once_in_a_while(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 10), 1.0)
    for moment in (1.0, 1.1, 1.2, 2.0):
        wire.switch.take("b", rtcp.pli(B_SSRC, B_SSRC), moment)
    plis = [one for one in wire.control("a") if (one.kind, one.count) == (rtcp.PAYLOAD_FEEDBACK, rtcp.PLI)]
    assert len(plis) == 2


def test_the_slowest_viewer_sets_the_pace(wire: Wire) -> None:
    wire.switch.take("b", rtcp.remb(B_SSRC, B_SSRC, 300_000), 1.0)
    wire.switch.take("a", picture("a", 10), 1.0)
    estimates = [rtcp.remb_of(one.body) for one in wire.control("a") if one.count == rtcp.APPLICATION]
    assert estimates == [pytest.approx(300_000, rel=0.01)]


def test_reports_travel_under_the_other_sides_numbers(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 10, 900), 1.0)
    report = CAMERA["a"].to_bytes(4) + struct.pack("!IIIII", 1, 2, 900, 50, 5000)
    wire.switch.take("a", rtcp.write(0, rtcp.SENDER_REPORT, report), 1.1)
    told = [one for one in wire.control("b") if one.kind == rtcp.SENDER_REPORT]
    assert [one.body for one in told] == [B_SSRC.to_bytes(4) + report[4:]]
    block = B_SSRC.to_bytes(4) + struct.pack("!IIIII", 7, 10, 3, 0, 0)
    wire.switch.take("b", rtcp.write(1, rtcp.RECEIVER_REPORT, bytes(4) + block), 1.2)
    back = [one for one in wire.control("a") if one.kind == rtcp.RECEIVER_REPORT and one.count == 1]
    assert [one.body[4:8] for one in back] == [CAMERA["a"].to_bytes(4)]


def test_damaged_packets_do_no_harm(wire: Wire) -> None:
    wire.switch.take("a", picture("a", 10, 900), 1.0)
    whole = rtcp.nack(B_SSRC, B_SSRC, [10]) + rtcp.remb(B_SSRC, B_SSRC, 1) + rtcp.write(31, 201, bytes(40))
    for length in range(len(whole)):
        wire.switch.take("b", whole[:length], 1.0)
        wire.switch.take("b", whole[:length][::-1], 1.0)
    for length in range(13):
        wire.switch.take("a", picture("a", 11)[:length], 1.0)
