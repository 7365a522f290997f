"""One leg: its sockets, what was agreed on, and what happens rarely enough to be done leg by leg."""

import contextlib
import random
import secrets
import socket
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from switchroom.media.audio import net, rtcp
from switchroom.media.audio.api import Address, LegMedia
from switchroom.media.audio.dtmf import DigitReceiver, EventPacket
from switchroom.media.audio.edge import Coder
from switchroom.media.audio.play import Player
from switchroom.media.audio.srtp import Srtp


@dataclass(slots=True)
class Sending:
    """Keys on their way out: as events, or as a sound."""

    digits: str
    events: Iterator[EventPacket | None] | None = None
    tones: Player | None = None
    time: int = 0
    """RTP timestamp of the present event."""


@dataclass(slots=True)
class PeerReports:
    """What the peer's RTCP says, and when ours is due."""

    due: float = 0.0
    sender_time: int = 0
    sender_at: float = 0.0
    round_trip: float | None = None
    lost: float | None = None
    expected_before: int = 0
    lost_before: int = 0


@dataclass(slots=True, eq=False)
class Leg:
    """A leg that is open."""

    name: str
    slot: int
    port: int
    rtp: socket.socket
    rtcp: socket.socket
    ssrc: int = field(default_factory=lambda: secrets.randbits(32))
    media: LegMedia | None = None
    srtp: Srtp | None = None
    srtp_told: Srtp | None = None
    """The same, as the owner gave it last; only of interest to the engine's callers."""
    connected_at: float | None = None
    remote: Address | None = None
    """Where sound is sent."""
    former: Address | None = None
    """Where it was sent before the last agreement."""
    aimed_at: float = 0.0
    """When `remote` was set."""
    digit_in: DigitReceiver = field(default_factory=DigitReceiver)
    sending: deque[Sending] = field(default_factory=deque)
    coder: Coder | None = None
    reports: PeerReports = field(default_factory=PeerReports)

    @property
    def control_address(self) -> Address | None:
        """Where RTCP is sent."""
        if self.media is not None and self.media.remote_rtcp is not None:
            return self.media.remote_rtcp
        return self.remote

    def send_control(self, packet: bytes) -> None:
        """RTCP to the peer, protected if the leg is."""
        address = self.control_address
        wire = self.srtp.protect_rtcp(packet) if self.srtp is not None else packet
        if address is None or wire is None or self.media is None or not net.numeric(address):
            return
        made = self.rtp if self.media.remote_rtcp is None else self.rtcp
        with contextlib.suppress(OSError):
            made.sendto(wire, net.through(made, address))

    def next_report(self, now: float) -> None:
        """Plan our next report; spread, so that not all legs report at once (RFC 3550 section 6.3.1)."""
        self.reports.due = now + rtcp.INTERVAL * random.uniform(0.5, 1.5)

    def close(self) -> None:
        """Give the sockets back."""
        self.rtp.close()
        self.rtcp.close()
