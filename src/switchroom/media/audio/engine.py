"""The audio engine: legs, rooms, playing, digits, recordings, taps. Everything here returns at once."""

import asyncio
import contextlib
import logging
import os
import random
import resource
import socket
import sys
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from pathlib import Path

from switchroom.media.audio import net
from switchroom.media.audio.api import (
    TICK,
    Address,
    AudioEvent,
    Direction,
    EngineLoad,
    LateTicks,
    LegMedia,
    LegStats,
    NoPortsError,
    Pcm,
    RecordingMode,
    RecordingStopped,
    UnknownLegError,
)
from switchroom.media.audio.core import Core
from switchroom.media.audio.leg import Leg
from switchroom.media.audio.play import Player
from switchroom.media.audio.record import Recording, Writer
from switchroom.media.audio.rooms import Place
from switchroom.media.audio.srtp import Srtp
from switchroom.media.audio.tap import FrameQueue
from switchroom.media.audio.tones import KEYS

log = logging.getLogger(__name__)

OnEvents = Callable[[list[AudioEvent]], None]

_LATE = 0.01
_MOST_BEHIND = 5
"""Ticks the engine catches up; what is more is left out."""
_STOP = 2.0
_SECOND = 50
"""Ticks."""
_DESCRIPTORS = 16384
_PRIORITY = -11
"""Of the audio thread, where the system lets it."""
_SWITCH_INTERVAL = 0.001
"""Seconds another busy thread may keep the interpreter from the audio thread."""


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
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`loop`: the one in which `on_events` is called; default: the running one. `clock`: monotonic seconds."""
        self._on_events = on_events
        self._loop = loop or asyncio.get_running_loop()
        self._bind = bind
        pairs = [port for port in ports if port % 2 == 0 and port + 1 in ports]
        self._ports = deque(random.sample(pairs, len(pairs)))
        self._free = list(range(max_legs - 1, -1, -1))
        self._legs: dict[str, Leg] = {}
        self._writer = Writer(self._recorded)
        self._core = Core(max_legs, v6=":" in bind, writer=self._writer, released=self._released, clock=clock)
        self._thread = threading.Thread(target=self._run, name="audio", daemon=True)
        self._stopping = False
        self._ticks = self._late = self._skipped = 0
        self._busy = 0.0
        self._measured = (0.0, time.monotonic(), 0, 0)

    def start(self) -> None:
        """Start the thread."""
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_INTERVAL))
        _many_descriptors()
        self._thread.start()

    def tick(self, now: float) -> None:
        """20 ms of everything; what the thread does when its time has come. Only for an engine that was not started."""
        self._guarded(self._core.tick, now)
        self._flush()

    def skip(self, ticks: int) -> None:
        """So many ticks were not made; time goes on in streams and recordings all the same."""
        self._skipped += ticks
        self._core.skip(ticks)

    def half_tick(self, wait: float = 0.0) -> None:
        """What the thread does between two ticks when there are legs with other codecs; `wait` seconds for them."""
        self._guarded(self._core.half, wait)

    def stop(self) -> None:
        """Close all legs, finish all recordings, end the thread; returns when done (bounded by 2 s)."""
        self._stopping = True
        if self._thread.is_alive():
            self._thread.join(_STOP)
        else:
            self._end()
        self._writer.stop(_STOP)

    @property
    def load(self) -> EngineLoad:
        """How busy the engine is."""
        return EngineLoad(len(self._legs), self._ticks, self._late, self._skipped, self._busy)

    def open_leg(self, leg: str) -> int:
        """Bind a pair of UDP ports; the even one (RTP). Nothing is sent or heard before `connect_leg`.

        Until then STUN and DTLS that arrives is reported already. `NoPortsError` when there is no pair left;
        `ValueError` when the leg is open.
        """
        if leg in self._legs:
            raise ValueError(f"leg {leg} is open")
        try:
            slot = self._free.pop()
        except IndexError:
            raise NoPortsError("as many legs as there may be") from None
        try:
            rtp, rtcp, port = self._sockets()
        except NoPortsError:
            self._free.append(slot)
            raise
        made = Leg(leg, slot, port, rtp, rtcp)
        self._legs[leg] = made
        self._do(partial(self._core.open, made))
        return port

    def connect_leg(self, leg: str, media: LegMedia) -> None:
        """What was agreed on; again after each re-INVITE. From now on sound flows, be it silence."""
        found = self._leg(leg)
        if media.srtp is None:
            srtp = None
        elif found.srtp_told is not None and found.srtp_told.keys == media.srtp:
            srtp = found.srtp_told
        else:
            srtp = Srtp(media.srtp)
        found.srtp_told = srtp
        self._do(partial(self._core.connect, found, media, srtp))

    def close_leg(self, leg: str) -> None:
        """RTCP BYE, close the sockets; out of its room; a play ends without event; then `LegClosed`."""
        found = self._leg(leg)
        del self._legs[leg]
        self._do(partial(self._core.close, found))

    def stats(self, leg: str) -> LegStats:
        """Figures of now."""
        return self._core.stats(self._leg(leg))

    def ssrc(self, leg: str) -> int:
        """The SSRC our packets of the leg carry (for `a=ssrc`)."""
        return self._leg(leg).ssrc

    def place(self, leg: str, room: str | None, *, talk: bool = True, hear: bool = True) -> None:
        """Put the leg into a room (any name; rooms exist while somebody is in), or take it out (None: hold).

        `hear` without `talk`: silent monitor. A leg is in one room at most.
        """
        where = None if room is None else Place(room, talk, hear)
        self._do(partial(self._core.place, self._leg(leg), where))

    def mute(self, leg: str, muted: bool) -> None:
        """What the leg says is not heard, recorded or tapped. It goes on hearing."""
        self._do(partial(self._core.mute, self._leg(leg), muted))

    def gain(self, leg: str, decibels: float) -> None:
        """How loud the leg is for others; 0 is unchanged."""
        self._do(partial(self._core.gain, self._leg(leg), decibels))

    def play(self, leg: str, id: str, sounds: Sequence[Pcm], *, loop: bool = False, mix: bool = False) -> None:
        """Play int16 8 kHz mono sounds one after another; replaces what plays. `PlayEnded(leg, id)` at the end.

        Instead of what the leg hears from its room, or over it with `mix`. Keep the arrays unchanged: they are not
        copied, so one prompt is in memory once however many hear it.
        """
        self._do(partial(self._core.play, self._leg(leg), Player(id, sounds, loop=loop, mix=mix)))

    def stop_playing(self, leg: str) -> None:
        """Silence, or the room again. No event."""
        self._do(partial(self._core.stop_playing, self._leg(leg)))

    def send_digits(self, leg: str, digits: str, *, duration_ms: int = 100, gap_ms: int = 70) -> None:
        """Keys 0-9 * # A-D, `,` for a pause of 500 ms. RFC 4733, or as tones without it. Queued; then `DigitsSent`."""
        digits = digits.upper()
        if any(digit not in KEYS + "," for digit in digits):
            raise ValueError(f"not keys: {digits!r}")
        self._do(partial(self._core.send_digits, self._leg(leg), digits, duration_ms, gap_ms))

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
        recording = Recording(id, path, right, left, mode, mulaw)
        self._do(partial(self._core.recorder.start, recording))

    def update_recording(self, id: str, *, right: Iterable[str], left: Iterable[str]) -> None:
        """Other legs from now on."""
        self._do(partial(self._core.recorder.update, id, frozenset(right), frozenset(left)))

    def pause_recording(self, id: str) -> None:
        """Write silence, so that time stays aligned."""
        self._do(partial(self._core.recorder.pause, id, True))

    def resume_recording(self, id: str) -> None:
        """Write sound again."""
        self._do(partial(self._core.recorder.pause, id, False))

    def stop_recording(self, id: str) -> None:
        """Finish the file; `RecordingStopped` when it is on disk."""
        self._do(partial(self._core.recorder.stop, id))

    def tap(self, leg: str, direction: Direction, queue: FrameQueue) -> None:
        """Copy every frame of one direction into the queue, until `untap` or the leg closes."""
        self._do(partial(self._core.tap, self._leg(leg), direction, queue))

    def untap(self, leg: str, queue: FrameQueue) -> None:
        """No more frames into it; the queue ends for its reader."""
        self._do(partial(self._core.untap, self._leg(leg), queue))

    def send_raw(self, leg: str, data: bytes, address: Address) -> None:
        """Send as it is out of the leg's RTP socket, now (STUN, DTLS)."""
        made = self._leg(leg).rtp
        with contextlib.suppress(OSError):
            made.sendto(data, net.through(made, address))

    def send_rtp(self, leg: str, data: bytes) -> None:
        """Protect one RTP or RTCP (second byte 192..223) packet with the leg's keys, send it to where its sound goes.

        For video beside the sound; the SSRC must not be `ssrc(leg)`.
        """
        self._do(partial(self._core.send_rtp, self._leg(leg), data))

    def _leg(self, leg: str) -> Leg:
        try:
            return self._legs[leg]
        except KeyError:
            raise UnknownLegError(leg) from None

    def _do(self, command: Callable[[], None]) -> None:
        self._core.commands.append(command)

    def _sockets(self) -> tuple[socket.socket, socket.socket, int]:
        """A bound pair, and the even port; ports others have taken are tried again much later."""
        for _ in range(len(self._ports)):
            try:
                port = self._ports.popleft()
            except IndexError:
                break
            try:
                rtp = net.udp(self._bind, port)
            except OSError:
                self._ports.append(port)
                continue
            try:
                return rtp, net.udp(self._bind, port + 1), port
            except OSError:
                rtp.close()
                self._ports.append(port)
        raise NoPortsError("every RTP port is in use")

    def _released(self, leg: Leg) -> None:
        """Audio thread: a leg is closed."""
        self._ports.append(leg.port)
        self._free.append(leg.slot)

    def _recorded(self, event: RecordingStopped) -> None:
        """Writer thread: a file is complete."""
        self._tell([event])

    def _tell(self, events: list[AudioEvent]) -> None:
        try:
            self._loop.call_soon_threadsafe(self._on_events, events)
        except RuntimeError:
            log.debug("%d events after the end of the loop", len(events))

    def _run(self) -> None:
        """The audio thread: a tick every 20 ms by the clock; late ones are made up for, up to five."""
        _hurry()
        core = self._core
        due = time.monotonic()
        while not self._stopping:
            now = time.monotonic()
            behind = int((now - due) / TICK)
            if behind > _MOST_BEHIND:
                due += behind * TICK
                self.skip(behind)
            self._late += now - due > _LATE
            self.tick(now)
            self._ticks += 1
            if self._ticks % _SECOND == 0:
                self._measure()
            due += TICK
            if core.sender.edge and (rest := due - TICK / 2 - time.monotonic()) > 0:
                time.sleep(rest)
                self.half_tick()
            if (rest := due - time.monotonic()) > 0:
                time.sleep(rest)
        self._end()

    def _end(self) -> None:
        self._core.obey()
        self._core.stop()
        self._flush()

    def _guarded(self, step: Callable[[float], None], now: float) -> None:
        try:
            step(now)
        except Exception:
            log.exception("audio tick failed")

    def _measure(self) -> None:
        """Once a second: how much of the core was used, and whether ticks were late."""
        cpu, now = time.thread_time(), time.monotonic()
        used, at, late, skipped = self._measured
        self._busy += (min(1.0, (cpu - used) / max(now - at, TICK)) - self._busy) / 3
        if self._late > late or self._skipped > skipped:
            self._core.events.append(LateTicks(_SECOND, self._late - late, self._skipped - skipped))
        self._measured = (cpu, now, self._late, self._skipped)

    def _flush(self) -> None:
        if self._core.events:
            events, self._core.events = self._core.events, []
            self._tell(events)


def _hurry() -> None:
    """Let this thread go before others, as far as the system allows: in real time, else with a higher priority."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR | os.SCHED_RESET_ON_FORK, os.sched_param(1))
    except OSError:
        with contextlib.suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _PRIORITY)


def _many_descriptors() -> None:
    """Two sockets a leg: use as many descriptors as this process may have."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = _DESCRIPTORS if hard == resource.RLIM_INFINITY else min(hard, _DESCRIPTORS)
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
