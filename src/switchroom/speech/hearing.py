"""The hearing service: `speech.hear` takes what a caller said and answers with the words (FLOW-106).

A request is msgpack {"audio": 16-bit samples at 8 kHz, "language": ISO 639 code}; without audio it only has the ear
made ready. The answer is {"text", "confidence"}, or {"error": text} where there are no ears, or none for the language.
"""

import asyncio
import logging
from concurrent.futures import ThreadPoolExecutor

import msgspec
import numpy as np

from switchroom.speech import ear as ears
from switchroom.speech.ear import Ear, Heard
from switchroom.storage.bus import Bus, Subscription

log = logging.getLogger(__name__)

SUBJECT = "speech.hear"
GROUP = "speech"
MOST_WAITING = 16
"""Utterances that wait for a worker; whoever says more is not understood and asked again."""
LONGEST_SECONDS = 30


class Said(msgspec.Struct, omit_defaults=True):
    """What somebody said: little-endian int16 samples at 8 kHz."""

    audio: bytes = b""
    language: str = "en"


class Understood(msgspec.Struct, omit_defaults=True):
    """The words, or why there are none."""

    text: str = ""
    confidence: float = 0.0
    error: str = ""


class Hearing:
    """Answers on the bus between `start` and `stop`. The ear is loaded when it is first needed, and then kept."""

    def __init__(self, bus: Bus, *, workers: int = 2, ear: Ear | None = None) -> None:
        """`ear`: instead of the one of the extra `listen`."""
        self._bus = bus
        self._ear = ear if ear is not None or not ears.installed() else ears.Whisper(workers)
        self._pool = ThreadPoolExecutor(workers, thread_name_prefix="hearing")
        self._waiting = 0
        self._loading: asyncio.Future[None] | None = None
        self._complained: set[str] = set()
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Answer requests from now on."""
        self._subscription = await self._bus.respond(SUBJECT, self._answer, queue=GROUP)

    async def stop(self) -> None:
        """Answer nothing any more."""
        if self._subscription is not None:
            await self._subscription.stop()
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def hear(self, said: Said) -> Understood:
        """The words of an utterance."""
        if self._ear is None:
            return self._none("nothing listens: the extra switchroom[listen] is not installed")
        if said.language not in self._ear.languages:
            return self._none(f"{self._ear.name} does not understand {said.language!r}")
        if not said.audio:
            self._prepare(self._ear)
            return Understood()
        if self._waiting >= MOST_WAITING:
            return Understood(error="too many speak at once")
        self._waiting += 1
        try:
            heard = await asyncio.get_running_loop().run_in_executor(self._pool, _hear, self._ear, said)
        except Exception:
            log.exception("an utterance was not understood")
            return Understood(error="the ear failed")
        finally:
            self._waiting -= 1
        return Understood(heard.text, round(heard.confidence, 3))

    def _prepare(self, ear: Ear) -> None:
        """Have the model read, once, while nobody waits for it."""
        if self._loading is None:
            self._loading = asyncio.get_running_loop().run_in_executor(self._pool, ear.load)
            self._loading.add_done_callback(lambda done: done.cancelled() or done.exception())

    def _none(self, why: str) -> Understood:
        if why not in self._complained:
            self._complained.add(why)
            log.warning("what callers say to bots is not understood, keys are: %s", why)
        return Understood(error=why)

    async def _answer(self, payload: bytes) -> bytes:
        try:
            said = msgspec.msgpack.decode(payload, type=Said)
        except msgspec.DecodeError as error:
            return msgspec.msgpack.encode(Understood(error=str(error)))
        return msgspec.msgpack.encode(await self.hear(said))


def _hear(ear: Ear, said: Said) -> Heard:
    ear.load()
    return ear.hear(np.frombuffer(said.audio[: LONGEST_SECONDS * 16_000], "<i2"), said.language)
