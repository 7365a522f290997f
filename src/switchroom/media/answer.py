"""A caller's answer in words (FLOW-106, BLK-076, BLK-078): what a leg says is listened to, from a tap to the text.

Only a leg that is asked something costs anything: a copy of its frames, and 0.1 ms of the detector each 32 ms.
"""

import asyncio
import logging
from typing import Protocol

from switchroom.core.media import Listen
from switchroom.flows.turns import Turn
from switchroom.media.audio.api import AudioError, Pcm
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.audio.tap import FrameQueue
from switchroom.media.words import Words
from switchroom.speech.listening import Event, Listening, NoInput, SpeechEnded, SpeechStarted, TooLong
from switchroom.speech.vad import Silero

log = logging.getLogger(__name__)


class AnswerOwner(Protocol):
    """Hears what becomes of an answer."""

    def speech_began(self) -> None: ...
    def speech_understood(self, text: str, confidence: float) -> None: ...
    def nothing_said(self) -> None: ...
    def cannot_listen(self) -> None: ...


class Answer:
    """One answer of one leg, from `begin` to `stop` or the last call of the owner."""

    def __init__(self, leg: str, listen: Listen, engine: AudioEngine, words: Words, owner: AnswerOwner) -> None:
        self._leg = leg
        self._listen = listen
        self._engine = engine
        self._words = words
        self._owner = owner
        self._queue: FrameQueue | None = None
        self._listening: Listening | None = None
        self._prompt = False
        self._task: asyncio.Task[None] | None = None

    def begin(self, prompt: bool) -> None:
        """Listen from now on; `prompt`: while something is played."""
        self._prompt = prompt
        self._words.prepare(self._listen.locale)
        self._queue = FrameQueue()
        try:
            self._engine.tap(self._leg, "from_leg", self._queue)
        except AudioError:
            log.debug("leg %s has no media any more", self._leg)
            return
        self._task = asyncio.create_task(self._run(self._queue))

    def prompt_ended(self) -> None:
        """What was played is over."""
        self._prompt = False
        if self._listening is not None:
            self._listening.prompt_ended()

    def stop(self) -> None:
        """Listen no more; the owner hears nothing."""
        self._untap()
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _untap(self) -> None:
        queue, self._queue = self._queue, None
        if queue is not None:
            try:
                self._engine.untap(self._leg, queue)
            except AudioError:
                log.debug("leg %s has no media any more", self._leg)

    async def _run(self, queue: FrameQueue) -> None:
        try:
            await self._follow(queue)
        except Exception:
            log.exception("what leg %s says cannot be heard; keys are", self._leg)
            self._untap()
            self._owner.cannot_listen()

    async def _follow(self, queue: FrameQueue) -> None:
        detector = await asyncio.to_thread(Silero)
        wanted = self._listen
        turn = Turn(wanted.max_ms, wanted.start_ms, wanted.end_ms, wanted.interruptible)
        self._listening = Listening(turn, detector, prompt=self._prompt)
        async for frame in queue:
            for event in self._listening.feed(frame):
                said = self._heard(event)
                if said is not None:
                    self._owner.speech_understood(*await self._words.of(said, wanted.locale))
            if self._listening.over:
                return

    def _heard(self, event: Event) -> Pcm | None:
        """Samples to be understood."""
        match event:
            case SpeechStarted():
                self._owner.speech_began()
            case NoInput():
                self._untap()
                self._owner.nothing_said()
            case SpeechEnded(samples=samples) | TooLong(samples=samples):
                self._untap()
                return samples
        return None
