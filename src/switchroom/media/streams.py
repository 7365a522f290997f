"""Live streams of customers' audio (FLOW-128..131, BLK-155): frames of 200 ms on JetStream, two tracks a call.

Subject `audio.INSTANCE.CONTACT.TRACK` of the stream `AUDIO`; TRACK is `AUDIO_FROM_CUSTOMER` or `AUDIO_TO_CUSTOMER`.
Each message is one `Fragment` as msgpack. The sequence number of the stream is what a consumer starts at.
"""

import asyncio
import logging
from collections.abc import Sequence

import msgspec
import numpy as np

from switchroom.base.clock import now_ms
from switchroom.core.media import StreamPlan
from switchroom.media.audio.api import RATE, AudioError, Direction, Pcm
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.tap import FrameQueue
from switchroom.storage.bus import Bus

log = logging.getLogger(__name__)

STREAM = "AUDIO"
SUBJECTS = "audio.*.*.*"
FRAMES = 10
"""Frames of 20 ms in one fragment."""
KEEP_SECONDS = 24 * 3600.0
KEEP_BYTES = 1024 * 1024 * 1024
TRACKS: dict[Direction, str] = {"from_leg": "AUDIO_FROM_CUSTOMER", "to_leg": "AUDIO_TO_CUSTOMER"}


class Fragment(msgspec.Struct, kw_only=True, rename="pascal"):
    """A piece of one track: 16-bit samples, little-endian, mono. `produced_at`: epoch ms of its first sample."""

    instance_id: str
    contact_id: str
    track: str
    number: int
    produced_at: int
    rate: int = RATE
    audio: bytes


class Streams:
    """The streams of all calls of this process."""

    def __init__(self, bus: Bus, engine: AudioEngine) -> None:
        self._bus = bus
        self._engine = engine
        self._ready = False
        self._running: dict[str, tuple[StreamPlan, list[tuple[FrameQueue, asyncio.Task[None]]]]] = {}

    def apply(self, instance: str, call: str, plan: StreamPlan | None, legs: Sequence[str]) -> None:
        """This stream of a call is wanted, or none; it runs while its leg is among `legs`."""
        running = self._running.get(call)
        if running is not None and running[0] == plan and plan.leg in legs:
            return
        if running is not None:
            self._stop(call)
        if plan is not None and plan.leg in legs:
            self._start(instance, call, plan)

    def _start(self, instance: str, call: str, plan: StreamPlan) -> None:
        wanted: list[Direction] = []
        if plan.from_customer:
            wanted.append("from_leg")
        if plan.to_customer:
            wanted.append("to_leg")
        running = []
        for direction in wanted:
            queue = FrameQueue()
            try:
                self._engine.tap(plan.leg, direction, queue)
            except AudioError:
                continue
            task = asyncio.create_task(self._publish(instance, plan.contact, TRACKS[direction], queue))
            running.append((queue, task))
        self._running[call] = (plan, running)

    def _stop(self, call: str) -> None:
        plan, running = self._running.pop(call)
        for queue, task in running:
            try:
                self._engine.untap(plan.leg, queue)
            except AudioError:
                task.cancel()

    async def _publish(self, instance: str, contact: str, track: str, queue: FrameQueue) -> None:
        await self._prepare()
        subject = f"audio.{instance}.{contact}.{track}"
        number, frames, began = 0, list[Pcm](), now_ms()
        async for frame in queue:
            if not frames:
                began = now_ms()
            frames.append(frame)
            if len(frames) == FRAMES:
                number += 1
                await self._send(subject, instance, contact, track, number, began, frames)
                frames = []
        if frames:
            await self._send(subject, instance, contact, track, number + 1, began, frames)

    async def _send(
        self, subject: str, instance: str, contact: str, track: str, number: int, began: int, frames: list[Pcm]
    ) -> None:
        audio = np.concatenate(frames).astype("<i2").tobytes()
        fragment = Fragment(
            instance_id=instance, contact_id=contact, track=track, number=number, produced_at=began, audio=audio
        )
        try:
            await self._bus.append(subject, msgspec.msgpack.encode(fragment), f"{contact} {track} {number} {began}")
        except (OSError, TimeoutError) as error:
            log.warning("a fragment of the audio of contact %s is lost: %s", contact, error)

    async def _prepare(self) -> None:
        if not self._ready:
            await self._bus.ensure_stream(STREAM, [SUBJECTS], max_age_seconds=KEEP_SECONDS, max_bytes=KEEP_BYTES)
            self._ready = True
