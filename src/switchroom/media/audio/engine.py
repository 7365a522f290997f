"""The audio engine: legs, rooms, playing, digits, recordings, taps. Everything here returns at once."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from switchroom.media.audio.api import (
    Address,
    AudioEvent,
    Direction,
    LegMedia,
    LegStats,
    Pcm,
    RecordingMode,
)
from switchroom.media.audio.tap import FrameQueue

OnEvents = Callable[[list[AudioEvent]], None]


class AudioEngine:
    """Carries the sound of all legs of this process in one thread of its own, which ticks every 20 ms.

    Call from any thread. A call puts a command on a queue which the next tick takes (at most 20 ms later), in order;
    unknown legs raise `UnknownLegError` at once. Events come in batches, in the event loop's thread, in order.
    """

    def __init__(
        self,
        *,
        on_events: OnEvents,
        loop: asyncio.AbstractEventLoop | None = None,
        bind: str = "0.0.0.0",  # noqa: S104
        ports: Sequence[int] = range(20000, 30000),
        max_legs: int = 2048,
    ) -> None:
        """`loop`: the one in which `on_events` is called; default: the running one."""
        raise NotImplementedError

    def start(self) -> None:
        """Start the thread."""
        raise NotImplementedError

    def stop(self) -> None:
        """Close all legs, finish all recordings, end the thread; returns when done (bounded by 2 s)."""
        raise NotImplementedError

    def open_leg(self, leg: str) -> int:
        """Bind a pair of UDP ports; the even one (RTP). Nothing is sent or heard before `connect_leg`.

        Until then STUN and DTLS that arrives is reported already. `NoPortsError` when there is no pair left;
        `ValueError` when the leg is open.
        """
        raise NotImplementedError

    def connect_leg(self, leg: str, media: LegMedia) -> None:
        """What was agreed on; again after each re-INVITE. From now on sound flows, be it silence."""
        raise NotImplementedError

    def close_leg(self, leg: str) -> None:
        """RTCP BYE, close the sockets; out of its room; a play ends without event; then `LegClosed`."""
        raise NotImplementedError

    def stats(self, leg: str) -> LegStats:
        """Figures of now."""
        raise NotImplementedError

    def ssrc(self, leg: str) -> int:
        """The SSRC our packets of the leg carry (for `a=ssrc`)."""
        raise NotImplementedError

    def place(self, leg: str, room: str | None, *, talk: bool = True, hear: bool = True) -> None:
        """Put the leg into a room (any name; rooms exist while somebody is in), or take it out (None: hold).

        `hear` without `talk`: silent monitor. A leg is in one room at most.
        """
        raise NotImplementedError

    def mute(self, leg: str, muted: bool) -> None:
        """What the leg says is not heard, recorded or tapped. It goes on hearing."""
        raise NotImplementedError

    def gain(self, leg: str, decibels: float) -> None:
        """How loud the leg is for others; 0 is unchanged."""
        raise NotImplementedError

    def play(self, leg: str, id: str, sounds: Sequence[Pcm], *, loop: bool = False, mix: bool = False) -> None:
        """Play int16 8 kHz mono sounds one after another; replaces what plays. `PlayEnded(leg, id)` at the end.

        Instead of what the leg hears from its room, or over it with `mix`. Keep the arrays unchanged: they are not
        copied, so one prompt is in memory once however many hear it.
        """
        raise NotImplementedError

    def stop_playing(self, leg: str) -> None:
        """Silence, or the room again. No event."""
        raise NotImplementedError

    def send_digits(self, leg: str, digits: str, *, duration_ms: int = 100, gap_ms: int = 70) -> None:
        """Keys 0-9 * # A-D, `,` for a pause of 500 ms. RFC 4733, or as tones without it. Queued; then `DigitsSent`."""
        raise NotImplementedError

    def start_recording(
        self,
        id: str,
        path: Path,
        *,
        right: Iterable[str],
        left: Iterable[str],
        mode: RecordingMode = "both",
        mulaw: bool = False,
    ) -> None:
        """Begin a stereo WAV of what legs `right` (agents) and `left` (all others) say while in a room and not muted.

        Mode `agent`: the left channel stays silent; `customer`: the right one. Legs may come later and go earlier.
        """
        raise NotImplementedError

    def update_recording(self, id: str, *, right: Iterable[str], left: Iterable[str]) -> None:
        """Other legs from now on."""
        raise NotImplementedError

    def pause_recording(self, id: str) -> None:
        """Write silence, so that time stays aligned."""
        raise NotImplementedError

    def resume_recording(self, id: str) -> None:
        """Write sound again."""
        raise NotImplementedError

    def stop_recording(self, id: str) -> None:
        """Finish the file; `RecordingStopped` when it is on disk."""
        raise NotImplementedError

    def tap(self, leg: str, direction: Direction, queue: FrameQueue) -> None:
        """Copy every frame of one direction into the queue, until `untap` or the leg closes."""
        raise NotImplementedError

    def untap(self, leg: str, queue: FrameQueue) -> None:
        """No more frames into it; the queue ends for its reader."""
        raise NotImplementedError

    def send_raw(self, leg: str, data: bytes, address: Address) -> None:
        """Send as it is out of the leg's RTP socket, now (STUN, DTLS)."""
        raise NotImplementedError

    def send_rtp(self, leg: str, data: bytes) -> None:
        """Protect one RTP or RTCP (second byte 192..223) packet with the leg's keys, send it to where its sound goes.

        For video beside the sound; the SSRC must not be `ssrc(leg)`.
        """
        raise NotImplementedError
