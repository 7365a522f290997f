"""Figures of a leg, and how good the call probably sounded."""

from switchroom.media.audio.api import Codec

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
