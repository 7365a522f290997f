"""Video between browser legs: packets are passed on as they are, under the receiver's numbers. Nothing is decoded.

Each browser sends one video stream and is shown one. RTP and RTCP come in unprotected, and go out to be protected.
"""

import struct
from collections import OrderedDict
from collections.abc import Callable, Sequence

from switchroom.media.webrtc import rtcp
from switchroom.media.webrtc.sdp import VideoChoice

KEPT = 512
"""Packets kept for a browser that asks for them again: two to four seconds."""
PLI_S = 0.4
"""A sender is asked for a whole picture at most this often."""
REMB_S = 1.0
START_BITS, MOST_BITS = 600_000, 1_500_000
"""Bits a second a sender is allowed until its receiver has estimated, and at most."""
_RTP = struct.Struct("!BBHII")

Send = Callable[[str, bytes], None]
"""Called with a leg and an RTP or RTCP packet for it."""


class _Port:
    """One browser: what it sends, what it is shown, and how the two are numbered."""

    def __init__(self, choice: VideoChoice, ssrc: int) -> None:
        self.choice, self.ssrc = choice, ssrc
        self.source: str | None = None
        """The leg whose video it is shown."""
        self.origin: int | None = None
        """SSRC the browser itself sends under."""
        self.asked_at = -1e9
        self.remb_at = -1e9
        self.allowance = START_BITS
        self._shift: tuple[int, int] | None = None
        self._last = (0, 0)
        self._kept: OrderedDict[int, bytes] = OrderedDict()

    def turn_to(self, source: str | None) -> bool:
        """Show another leg from now on; True if that is a change."""
        if source == self.source:
            return False
        self.source, self._shift = source, None
        return True

    def shown(self, data: bytes) -> bytes:
        """A packet of the source as this browser is to see it."""
        first, second, sequence, time, _ = _RTP.unpack_from(data)
        if self._shift is None:
            self._shift = (self._last[0] + 1 - sequence, self._last[1] + 3000 - time) if self._kept else (0, 0)
        sequence, time = (sequence + self._shift[0]) & 0xFFFF, (time + self._shift[1]) & 0xFFFFFFFF
        head = _RTP.pack(first, second & 0x80 | self.choice.codec.payload, sequence, time, self.ssrc)
        packet = head + data[12:]
        self._last = (sequence, time)
        self._kept[sequence] = packet
        while len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        return packet

    def kept(self, sequence: int) -> bytes | None:
        """A packet that was sent a moment ago."""
        return self._kept.get(sequence)

    def original(self, sequence: int) -> int:
        """The number the source gave to what this browser knows as `sequence`."""
        return (sequence - (self._shift[0] if self._shift else 0)) & 0xFFFF

    def report(self, body: bytes) -> bytes | None:
        """A sender report of the source, as this browser is to see it."""
        if len(body) < 24 or self._shift is None:
            return None
        time = (int.from_bytes(body[12:16]) + self._shift[1]) & 0xFFFFFFFF
        return self.ssrc.to_bytes(4) + body[4:12] + time.to_bytes(4) + body[16:24]


class VideoSwitch:
    """Passes the video of the legs of this process to whoever is to see it."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self._ports: dict[str, _Port] = {}
        self._rooms: dict[str, tuple[tuple[str, bool], ...]] = {}

    def speaks(self, leg: str, choice: VideoChoice | None, ssrc: int, now: float, *, fresh: bool) -> None:
        """What a leg agreed on; `ssrc` is what it is shown under, `fresh`: it is a new connection."""
        if choice is None:
            self._forget(leg)
        elif fresh or leg not in self._ports:
            self._forget(leg)
            self._ports[leg] = _Port(choice, ssrc)
        else:
            self._ports[leg].choice = choice
        for legs in self._rooms.values():
            if any(leg == one for one, _ in legs):
                self._turn(legs, now)

    def _forget(self, leg: str) -> None:
        self._ports.pop(leg, None)
        for _, viewer in self._viewers(leg):
            viewer.turn_to(None)

    def remove(self, leg: str, now: float) -> None:
        """A leg is over."""
        self._forget(leg)
        for room, legs in list(self._rooms.items()):
            left = tuple(one for one in legs if one[0] != leg)
            if len(left) < len(legs):
                self.show(room, left, now)

    def show(self, room: str, legs: Sequence[tuple[str, bool]], now: float) -> None:
        """The browser legs that are in a room, in order, each with whether it may send. Empty: forget the room.

        Everybody is shown the first other leg that may send and speaks the same codec; who may not send is not shown.
        """
        before = self._rooms.pop(room, ())
        if legs:
            self._rooms[room] = tuple(legs)
        for leg, _ in before:
            if leg in self._ports and all(leg != one for one, _ in legs):
                self._ports[leg].turn_to(None)
        self._turn(legs, now)

    def _turn(self, legs: Sequence[tuple[str, bool]], now: float) -> None:
        for leg, _ in legs:
            port = self._ports.get(leg)
            if port is None:
                continue
            others = (other for other, allowed in legs if allowed and other != leg and self._fits(port, other))
            source = next(others, None)
            if port.turn_to(source) and source is not None:
                self._ask(source, now)

    def _fits(self, port: _Port, other: str) -> bool:
        theirs = self._ports.get(other)
        return theirs is not None and theirs.choice.codec.same(port.choice.codec)

    def _viewers(self, leg: str) -> list[tuple[str, _Port]]:
        return [(other, port) for other, port in self._ports.items() if port.source == leg]

    def take(self, leg: str, data: bytes, now: float) -> None:
        """An RTP packet of another payload type than sound, or RTCP, from a leg."""
        port = self._ports.get(leg)
        if port is None or len(data) < 8 or data[0] >> 6 != 2:
            return
        if 192 <= data[1] <= 223:
            for packet in rtcp.packets(data):
                self._control(leg, port, packet, now)
        elif len(data) >= 12 and data[1] & 0x7F == port.choice.codec.payload:
            self._picture(leg, port, data, now)

    def _picture(self, leg: str, port: _Port, data: bytes, now: float) -> None:
        viewers = self._viewers(leg)
        ssrc = int.from_bytes(data[8:12])
        if ssrc != port.origin:
            port.origin = ssrc
            for _, viewer in viewers:
                viewer.turn_to(None)
                viewer.turn_to(leg)
        for other, viewer in viewers:
            self._send(other, viewer.shown(data))
        if viewers and now - port.remb_at >= REMB_S:
            port.remb_at = now
            allowance = min([MOST_BITS, *(viewer.allowance for _, viewer in viewers)])
            self._feedback(leg, port, rtcp.remb(port.ssrc, ssrc, allowance))

    def _control(self, leg: str, port: _Port, packet: rtcp.Packet, now: float) -> None:
        body = packet.body
        if packet.kind == rtcp.SENDER_REPORT and body[:4] == (port.origin or 0).to_bytes(4):
            for other, viewer in self._viewers(leg):
                report = viewer.report(body)
                if report is not None:
                    self._send(other, rtcp.write(0, rtcp.SENDER_REPORT, report))
        if packet.kind in (rtcp.SENDER_REPORT, rtcp.RECEIVER_REPORT):
            self._received(port, packet)
        elif packet.kind == rtcp.PAYLOAD_FEEDBACK:
            self._picture_feedback(port, packet, now)
        elif packet.kind == rtcp.TRANSPORT_FEEDBACK and packet.count == rtcp.NACK:
            self._again(leg, port, packet)

    def _received(self, port: _Port, packet: rtcp.Packet) -> None:
        """How a viewer gets its pictures: told to the source, so that it paces itself."""
        source = self._ports.get(port.source or "")
        start = 24 if packet.kind == rtcp.SENDER_REPORT else 4
        blocks = [packet.body[at : at + 24] for at in range(start, start + 24 * packet.count, 24)]
        for block in blocks:
            if source is None or source.origin is None or len(block) < 24 or block[:4] != port.ssrc.to_bytes(4):
                continue
            highest = port.original(int.from_bytes(block[10:12])).to_bytes(2)
            told = source.origin.to_bytes(4) + block[4:10] + highest + block[12:]
            report = rtcp.write(1, rtcp.RECEIVER_REPORT, source.ssrc.to_bytes(4) + told)
            self._send(port.source or "", report)

    def _picture_feedback(self, port: _Port, packet: rtcp.Packet, now: float) -> None:
        if packet.count in (rtcp.PLI, rtcp.FIR) and port.source is not None:
            self._ask(port.source, now)
        elif packet.count == rtcp.APPLICATION:
            bits = rtcp.remb_of(packet.body)
            if bits is not None:
                port.allowance = max(50_000, bits)

    def _ask(self, source: str, now: float) -> None:
        """Have a source send a whole picture."""
        port = self._ports.get(source)
        if port is not None and port.origin is not None and now - port.asked_at >= PLI_S:
            port.asked_at = now
            self._feedback(source, port, rtcp.pli(port.ssrc, port.origin))

    def _again(self, leg: str, port: _Port, packet: rtcp.Packet) -> None:
        """Packets a viewer misses: from what was kept, or from the source if they never came here."""
        if packet.body[4:8] != port.ssrc.to_bytes(4):
            return
        missing = []
        for sequence in rtcp.nacked(packet.body)[:64]:
            kept = port.kept(sequence)
            if kept is not None:
                self._send(leg, kept)
            else:
                missing.append(port.original(sequence))
        source = self._ports.get(port.source or "")
        if missing and source is not None and source.origin is not None:
            self._feedback(port.source or "", source, rtcp.nack(source.ssrc, source.origin, missing))

    def _feedback(self, leg: str, port: _Port, packet: bytes) -> None:
        self._send(leg, rtcp.compound(port.ssrc, packet))
