"""Words of the audio engine: what a leg's media is, what is known about it, what the engine reports.

Everything here is data. Sound is mono int16 at 8 kHz; a frame is 160 samples (20 ms).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np
import numpy.typing as npt

RATE = 8000
FRAME = 160
"""Samples of one tick of 20 ms."""
TICK = 0.02

Pcm: TypeAlias = npt.NDArray[np.int16]
Address: TypeAlias = tuple[str, int]
Codec: TypeAlias = Literal["PCMU", "PCMA", "G722", "opus"]
SrtpProfile: TypeAlias = Literal[
    "AES_CM_128_HMAC_SHA1_80", "AES_CM_128_HMAC_SHA1_32", "AEAD_AES_128_GCM", "AEAD_AES_256_GCM"
]
Direction: TypeAlias = Literal["from_leg", "to_leg"]
"""Of a tap: what the leg says, as others hear it; or what is sent to the leg."""
RecordingMode: TypeAlias = Literal["both", "agent", "customer"]
DigitSource: TypeAlias = Literal["rfc4733", "inband"]


class AudioError(Exception):
    """Something asked of the engine cannot be done."""


class NoPortsError(AudioError):
    """Every port of the range is in use."""


class UnknownLegError(AudioError, KeyError):
    """No such leg, or it is closed."""


@dataclass(frozen=True, slots=True)
class SrtpKeys:
    """Master key followed by master salt, of both directions (SDES or exported from DTLS).

    30 bytes each for the AES_CM profiles, 28 for AEAD_AES_128_GCM, 44 for AEAD_AES_256_GCM.
    """

    local: bytes
    """Protects what is sent."""
    remote: bytes
    """Unprotects what arrives."""
    profile: SrtpProfile = "AES_CM_128_HMAC_SHA1_80"


@dataclass(frozen=True, slots=True)
class LegMedia:
    """What offer and answer agreed on for one leg. Given again after a re-INVITE: what changed is applied."""

    codec: Codec = "PCMU"
    payload_type: int = 0
    dtmf_payload_type: int | None = None
    """telephone-event/8000; None: keys are sent and looked for in the sound."""
    remote: Address | None = None
    """Where to send, an IP address; None (or a name): wait for the first valid packet and send to its source."""
    remote_rtcp: Address | None = None
    """None: RTCP shares the RTP port (rtcp-mux)."""
    srtp: SrtpKeys | None = None
    send: bool = True
    receive: bool = True
    latch: bool = True
    """Symmetric RTP: send to where valid packets come from. False where ICE has chosen the remote address."""
    other_rtp: bool = False
    """Hand RTP of other payload types, and all RTCP, to the owner as `OtherRtp` (video on the same port)."""
    inband_digits: bool | None = None
    """Look for keys in the sound; None: only without `dtmf_payload_type`."""
    silent_after: float = 30.0
    """Seconds without any RTP until `LegSilent`; 0: never. Not counted while `receive` is off."""


@dataclass(frozen=True, slots=True)
class LegStats:
    """Figures of a leg since it was opened. Times in seconds unless the name says otherwise."""

    leg: str
    codec: str = ""
    ssrc: int = 0
    """Ours."""
    port: int = 0
    remote: Address | None = None
    received: int = 0
    bytes_received: int = 0
    sent: int = 0
    bytes_sent: int = 0
    lost: int = 0
    late: int = 0
    """Packets that came after their moment."""
    duplicate: int = 0
    invalid: int = 0
    """Packets thrown away: not RTP, failed authentication, from a wrong source."""
    concealed: float = 0.0
    """Share of the played frames that had to be made up."""
    jitter_ms: float = 0.0
    delay_ms: float = 0.0
    """What the jitter buffer holds back on average."""
    rtt_ms: float | None = None
    remote_lost: float | None = None
    """Share the peer lost of what we sent, as its last report says."""
    first_packet: float | None = None
    """From `connect_leg` to the first RTP packet."""
    silent_for: float | None = None
    mos: float = 0.0
    """Estimate by the E-model, 1 to 4.5; 0 when nothing was received."""


@dataclass(frozen=True, slots=True)
class EngineLoad:
    """How busy the engine is, since its start."""

    legs: int
    ticks: int
    late: int
    """Ticks that began more than 10 ms late."""
    skipped: int
    busy: float
    """Share of one core the audio thread used in the last seconds."""


@dataclass(frozen=True, slots=True)
class PlayEnded:
    """All sounds of a `play` without loop were heard. Not sent for a play that was stopped or replaced."""

    leg: str
    id: str


@dataclass(frozen=True, slots=True)
class Digit:
    """A key was pressed: one of 0-9 * # A-D. Reported once, at its start."""

    leg: str
    digit: str
    source: DigitSource


@dataclass(frozen=True, slots=True)
class DigitsSent:
    """The last key of one `send_digits` is out."""

    leg: str
    digits: str


@dataclass(frozen=True, slots=True)
class LegSilent:
    """No RTP at all for `seconds`. Reported once; again only after sound came back."""

    leg: str
    seconds: float


@dataclass(frozen=True, slots=True)
class LegClosed:
    """The leg is gone, its ports are free again."""

    leg: str
    stats: LegStats


@dataclass(frozen=True, slots=True)
class PeerBye:
    """The peer said RTCP BYE."""

    leg: str


@dataclass(frozen=True, slots=True)
class RawPacket:
    """Not RTP: STUN (first byte 0..3) or DTLS (20..63) arrived on the leg's RTP port."""

    leg: str
    data: bytes
    address: Address


@dataclass(frozen=True, slots=True)
class OtherRtp:
    """RTP of another payload type, or RTCP (second byte 192..223), unprotected. Only with `LegMedia.other_rtp`."""

    leg: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Latched:
    """Sound is sent to this address from now on."""

    leg: str
    address: Address


@dataclass(frozen=True, slots=True)
class RecordingStopped:
    """The file is complete on disk. `samples` per channel; `error` when writing failed (what there is, is kept)."""

    id: str
    path: str
    samples: int
    error: str | None = None


@dataclass(frozen=True, slots=True)
class LateTicks:
    """In the last second `late` of `ticks` ticks began more than 10 ms late; `skipped` were left out altogether."""

    ticks: int
    late: int
    skipped: int


AudioEvent: TypeAlias = (
    PlayEnded
    | Digit
    | DigitsSent
    | LegSilent
    | LegClosed
    | PeerBye
    | RawPacket
    | OtherRtp
    | Latched
    | RecordingStopped
    | LateTicks
)
Sounds: TypeAlias = Sequence[Pcm]
