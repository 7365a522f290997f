"""Figures of a leg: for its owner, for the peer (RTCP), and how good the call probably sounded."""

import time

from switchroom.media.audio import rtcp
from switchroom.media.audio.api import Codec, LegStats
from switchroom.media.audio.leg import Leg
from switchroom.media.audio.send import Sender
from switchroom.media.audio.slots import Slots

_IMPAIRMENT: dict[str, tuple[float, float]] = {
    "PCMU": (0.0, 25.1),
    "PCMA": (0.0, 25.1),
    "G722": (13.0, 20.0),
    "opus": (5.0, 20.0),
}
"""Equipment impairment and robustness against loss (ITU-T G.113 for narrow-band, with concealment)."""
_BEST = 93.2
_OWN_MS = 30.0
"""Frame and tick."""


def mos(codec: Codec, loss: float, one_way_ms: float) -> float:
    """Mean opinion score by the E-model (ITU-T G.107): share of frames lost or late, delay one way."""
    equipment, robustness = _IMPAIRMENT[codec]
    percent = 100 * min(1.0, max(0.0, loss))
    equipment += (95 - equipment) * percent / (percent + robustness)
    delay = 0.024 * one_way_ms + (0.11 * (one_way_ms - 177.3) if one_way_ms > 177.3 else 0.0)
    rating = max(0.0, min(100.0, _BEST - delay - equipment))
    return round(min(4.5, max(1.0, 1 + 0.035 * rating + rating * (rating - 60) * (100 - rating) * 7e-6)), 2)


def one_way_ms(round_trip_ms: float | None, jitter_buffer_ms: float) -> float:
    """Mouth to ear, as far as it can be known from here."""
    return (round_trip_ms or 0.0) / 2 + jitter_buffer_ms + _OWN_MS


def report(s: Slots, sender: Sender, leg: Leg, *, bye: bool = False) -> bytes:
    """Our RTCP of now; what was lost is counted from the report before."""
    slot, wall = leg.slot, time.time()
    sent = None
    if sender.packets[slot]:
        clock = sender.clock(slot) & 0xFFFFFFFF
        sent = rtcp.Sent(clock, int(sender.packets[slot]), int(sender.octets[slot]))
    return rtcp.compose(leg.ssrc, wall, sent, _reception(s, leg, wall) if s.heard[slot] else None, bye)


def _reception(s: Slots, leg: Leg, wall: float) -> rtcp.Reception:
    slot, peer = leg.slot, leg.reports
    expected, lost = int(s.sequence[slot] - s.base[slot] + 1), s.lost_now(slot)
    more, missing = expected - peer.expected_before, lost - peer.lost_before
    peer.expected_before, peer.lost_before = expected, lost
    return rtcp.Reception(
        ssrc=int(s.ssrc[slot]),
        fraction=max(0.0, missing / more) if more > 0 else 0.0,
        lost=lost,
        highest=int(s.sequence[slot]) & 0xFFFFFFFF,
        jitter=int(s.jitter[slot] * s.unit_ticks[slot] * 100),
        last_report=peer.sender_time,
        since_report=max(0.0, wall - peer.sender_at) if peer.sender_time else 0.0,
    )


def stats(s: Slots, sender: Sender, leg: Leg, now: float) -> LegStats:
    """Figures of a leg; any thread, each number on its own."""
    slot, media = leg.slot, leg.media
    received, played = int(s.received[slot]), int(s.played[slot])
    concealed = int(s.concealed[slot]) / played if played else 0.0
    delay = max(0.0, float(s.delay[slot] + s.lead[slot]) * 10)
    trip = None if leg.reports.round_trip is None else leg.reports.round_trip * 1000
    first = None
    if received and leg.connected_at is not None:
        first = max(0.0, float(s.first_packet[slot]) - leg.connected_at)
    return LegStats(
        leg=leg.name,
        codec=media.codec if media is not None else "",
        ssrc=leg.ssrc,
        port=leg.port,
        remote=leg.remote,
        received=received,
        bytes_received=int(s.octets[slot]),
        sent=int(sender.packets[slot]),
        bytes_sent=int(sender.octets[slot]),
        lost=max(0, int(s.lost_before[slot]) + s.lost_now(slot) + int(s.duplicate[slot])),
        late=int(s.late[slot]),
        duplicate=int(s.duplicate[slot]),
        invalid=int(s.invalid[slot]),
        concealed=concealed,
        jitter_ms=float(s.jitter[slot]) * 1000,
        delay_ms=delay,
        rtt_ms=trip,
        remote_lost=leg.reports.lost,
        first_packet=first,
        silent_for=now - float(s.last_packet[slot]) if received else None,
        mos=mos(media.codec, concealed, one_way_ms(trip, delay)) if received and media is not None else 0.0,
    )
