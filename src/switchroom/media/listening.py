"""What one leg hears, says and presses: its part of a plan, carried out on the audio engine."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Literal

from switchroom.core.media import Audio, Encryption, LegPlan
from switchroom.media.answer import Answer
from switchroom.media.audio.api import AudioError, Pcm
from switchroom.media.audio.engine import AudioEngine
from switchroom.media.collect import BotKeys, Collector, Entry, Outcome
from switchroom.media.encryption import NotANumber, encrypted
from switchroom.media.sounds import SoundFailed, SoundLibrary
from switchroom.media.words import Words

log = logging.getLogger(__name__)

KeySource = Literal["rfc4733", "inband", "info"]
AudioOutcome = Literal["done", "timeout", "failed"]
SAME_KEY_MS = 400
"""A key told twice in this time, in two ways, was pressed once."""
COMMA_SECONDS = 0.75
"""BLK-169: the pause of a comma in keys to be sent."""

AudioValue = str | dict[str, Any]
Ended = Callable[[Audio, AudioOutcome, AudioValue], None]


class LegSound:
    """Carries out the sound of one leg; nothing reaches the engine before `connect`. `ended` hears how audios end."""

    def __init__(
        self, leg: str, room: str, engine: AudioEngine, sounds: SoundLibrary, words: Words, ended: Ended
    ) -> None:
        self.leg = leg
        self._room = room
        self._engine = engine
        self._sounds = sounds
        self._words = words
        self._ended = ended
        self._plan: LegPlan | None = None
        self._connected = False
        self._placed: tuple[bool, bool] | None = None
        self._muted = False
        self._audio: Audio | None = None
        self._over = False
        self._playing = False
        self._entry: Entry | None = None
        self._answer: Answer | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._fetching: asyncio.Task[None] | None = None
        self._encrypting: asyncio.Task[None] | None = None
        self._last_key: tuple[str, KeySource, float] = ("", "rfc4733", 0.0)
        self._digits_sent = 0
        self._sending: asyncio.Task[None] | None = None
        self._sent = asyncio.Event()
        self._loop = asyncio.get_running_loop()

    # ------------------------------------------------------------------ from outside

    def apply(self, plan: LegPlan) -> None:
        """This is wanted now."""
        self._plan = plan
        if plan.audio is not None:
            self._sounds.prefetch(plan.audio.sounds)
        if self._connected:
            self._carry_out(plan)

    def connect(self) -> None:
        """The leg has media, for the first time or again on a new engine leg."""
        self._connected = True
        self._placed, self._muted = None, False
        if (self._playing or self._answer is not None) and self._audio is not None:
            self._audio = None
        if self._plan is not None:
            self._carry_out(self._plan)

    def disconnect(self) -> None:
        """The media is gone, perhaps for now."""
        self._connected = False

    def close(self) -> None:
        """No more."""
        self._connected = False
        self._stop_audio()
        if self._sending is not None:
            self._sending.cancel()

    def play_ended(self, identifier: str) -> None:
        """The engine played everything."""
        audio = self._audio
        if audio is None or audio.id != identifier or self._over:
            return
        self._playing = False
        if audio.kind == "collect":
            self._await_answer()
        elif audio.kind == "play":
            self._end("done", "")

    def key(self, key: str, source: KeySource) -> bool:
        """A key was pressed. True if it was a new one."""
        last, before, at = self._last_key
        now = self._loop.time()
        if key == last and source != before and (now - at) * 1000 < SAME_KEY_MS:
            return False
        self._last_key = (key, source, now)
        if self._entry is not None and not self._over:
            self._stop_playing()
            self._stop_listening()
            self._settle(self._entry.press(key, self._now()))
        return True

    @property
    def collecting(self) -> bool:
        """Whether keys are waited for."""
        return self._entry is not None and not self._over

    def digits_sent(self) -> None:
        """The engine has sent what it was given."""
        self._sent.set()

    def send(self, digits: str) -> None:
        """Send keys now."""
        if self._connected:
            self._engine.send_digits(self.leg, digits)

    # ------------------------------------------------------------------ an answer in words (`AnswerOwner`)

    def speech_began(self) -> None:
        """They speak: what is played is over."""
        self._stop_playing()

    def speech_understood(self, text: str, confidence: float) -> None:
        """What they said; no text when nobody understands it."""
        if not self._over:
            self._end("done", {"mode": "Speech", "text": text, "confidence": confidence})

    def nothing_said(self) -> None:
        """No word in time."""
        if not self._over:
            self._end("timeout", "")

    def cannot_listen(self) -> None:
        """Only keys are heard."""
        self._answer = None
        if not self._over and not self._playing:
            self._await_answer()

    # ------------------------------------------------------------------ the parts of a plan

    def _carry_out(self, plan: LegPlan) -> None:
        try:
            self._place(plan)
            self._play(plan.audio)
            if plan.digits is not None and plan.digits[0] > self._digits_sent:
                new, self._digits_sent = plan.digits[0] - self._digits_sent, plan.digits[0]
                self._queue_digits(plan.digits[1][-new:])
        except AudioError:
            log.debug("leg %s has no media any more", self.leg)

    def _place(self, plan: LegPlan) -> None:
        wanted = (plan.talk, plan.hear and plan.audio is None)
        if wanted != self._placed:
            self._placed = wanted
            talk, hear = wanted
            self._engine.place(self.leg, self._room if talk or hear else None, talk=talk, hear=hear)
        if plan.mute != self._muted:
            self._muted = plan.mute
            self._engine.mute(self.leg, plan.mute)

    def _play(self, audio: Audio | None) -> None:
        if audio is None:
            if self._audio is not None:
                self._stop_audio()
            return
        if self._audio is not None and self._audio.id == audio.id:
            return
        self._stop_audio()
        self._audio, self._over = audio, False
        if audio.kind == "collect":
            self._entry = _entry(audio)
        ready = self._sounds.at_hand(audio.sounds)
        if ready is not None:
            self._start(audio, ready)
        else:
            self._fetching = self._loop.create_task(self._fetch(audio))

    async def _fetch(self, audio: Audio) -> None:
        try:
            sounds = await self._sounds.fetch(audio.sounds)
        except SoundFailed as error:
            log.info("leg %s: a sound cannot be had: %s", self.leg, error)
            if self._audio is audio and not self._over:
                self._end("failed", str(error))
            return
        if self._audio is audio and not self._over and self._connected:
            self._start(audio, sounds)

    def _start(self, audio: Audio, sounds: list[Pcm]) -> None:
        sounds = [sound for sound in sounds if len(sound)]
        if self._entry is not None and self._entry.due is not None:
            return
        if audio.listen is not None:
            self._answer = Answer(self.leg, audio.listen, self._engine, self._words, self)
            self._answer.begin(prompt=bool(sounds))
        if not sounds:
            self.play_ended(audio.id)
            return
        self._playing = True
        try:
            self._engine.play(self.leg, audio.id, sounds, loop=audio.kind in ("loop", "tone"))
        except AudioError:
            log.debug("leg %s has no media any more", self.leg)

    # ------------------------------------------------------------------ ends

    def _await_answer(self) -> None:
        """What was played is over: the time to begin runs, kept by whoever listens, else for the first key."""
        if self._answer is not None:
            self._answer.prompt_ended()
        elif self._entry is not None:
            self._entry.sounds_ended(self._now())
            self._arm()

    def _settle(self, outcome: Outcome | None) -> None:
        audio = self._audio
        if outcome is not None and audio is not None and outcome.kind == "done" and audio.listen is not None:
            self._end("done", {"mode": "DTMF", "keys": outcome.value})
        elif outcome is not None and audio is not None and outcome.kind == "done" and audio.encryption is not None:
            self._over = True
            self._disarm()
            self._encrypting = self._loop.create_task(self._encrypt(audio, outcome.value, audio.encryption))
        elif outcome is not None:
            self._end(outcome.kind, outcome.value)
        else:
            self._arm()

    async def _encrypt(self, audio: Audio, keys: str, wanted: Encryption) -> None:
        """What was keyed leaves this process as its owner alone can read it."""
        try:
            value, outcome = await encrypted(keys, wanted), "done"
        except NotANumber as error:
            value, outcome = str(error), "failed"
        except Exception as error:
            log.error("leg %s: an entry was not encrypted: %s", self.leg, type(error).__name__)
            value, outcome = "The entry could not be encrypted", "failed"
        if self._audio is audio:
            self._end("done" if outcome == "done" else "failed", value)

    def _arm(self) -> None:
        self._disarm()
        if self._entry is not None and self._entry.due is not None:
            delay = max(0, self._entry.due - self._now()) / 1000
            self._timer = self._loop.call_later(delay, self._expire)

    def _expire(self) -> None:
        self._timer = None
        if self._entry is not None and not self._over:
            now = max(self._now(), self._entry.due or 0)
            self._settle(self._entry.expire(now))

    def _end(self, outcome: AudioOutcome, value: AudioValue) -> None:
        audio = self._audio
        self._over = True
        self._disarm()
        self._stop_playing()
        self._stop_listening()
        if audio is not None:
            self._ended(audio, outcome, value)

    def _stop_audio(self) -> None:
        self._disarm()
        if self._fetching is not None:
            self._fetching.cancel()
            self._fetching = None
        self._stop_playing()
        self._stop_listening()
        self._audio, self._entry = None, None

    def _stop_listening(self) -> None:
        if self._answer is not None:
            self._answer.stop()
            self._answer = None

    def _stop_playing(self) -> None:
        if self._playing:
            self._playing = False
            if self._connected:
                self._engine.stop_playing(self.leg)

    def _disarm(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _now(self) -> int:
        return int(self._loop.time() * 1000)

    # ------------------------------------------------------------------ keys to send

    def _queue_digits(self, digits: str) -> None:
        before = self._sending
        self._sending = self._loop.create_task(self._send_digits(digits, before))

    async def _send_digits(self, digits: str, before: asyncio.Task[None] | None) -> None:
        if before is not None and not before.done():
            await asyncio.wait({before})
        for number, part in enumerate(digits.split(",")):
            if number:
                await asyncio.sleep(COMMA_SECONDS)
            if part and self._connected:
                self._sent.clear()
                try:
                    self._engine.send_digits(self.leg, part)
                    await asyncio.wait_for(self._sent.wait(), 1.0 + 0.4 * len(part))
                except (AudioError, TimeoutError):
                    return


def _entry(audio: Audio) -> Entry:
    listen = audio.listen
    if listen is not None:
        return BotKeys(
            start_ms=listen.start_ms,
            timeout_ms=listen.key_timeout_ms,
            most=listen.maximum_keys,
            end=listen.end_key,
            delete=listen.delete_key,
        )
    return Collector(
        first_timeout_ms=audio.first_timeout_ms,
        digit_timeout_ms=audio.digit_timeout_ms,
        maximum=audio.maximum,
        terminator=audio.terminator,
        cancel_key=audio.cancel_key,
    )
