"""The sounds service: `sounds.render` takes a `Sound` and answers with the object that holds it, ready to be played.

Requests of the same sound are made once. A long text is made sentence by sentence, and sentences of all texts take
turns, so that nobody waits for the end of another's story.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import msgspec
import numpy as np

from switchroom.core.media import Sound
from switchroom.speech import wav
from switchroom.speech.cache import Cache, Rendered
from switchroom.speech.settings import SpeechSettings
from switchroom.speech.sources import Source, Sources
from switchroom.speech.speaking import Part, Speaking
from switchroom.speech.voices import Speaker, Voices, speaker_of
from switchroom.storage.bus import Bus, Subscription
from switchroom.storage.objects import ObjectStore

log = logging.getLogger(__name__)

SUBJECT = "sounds.render"
ALIVE = "sounds.alive"
GROUP = "sounds"
MAX_SOUND_SECONDS = 600
_ALIVE_SECONDS = 2.0
_RENDER_SECONDS = 60.0
_SWEEP_SECONDS = 3_600.0
_SHORTEST_MS = 20
_AHEAD = 2
_AT_ONCE = 32
_VERSION = 1
"""Part of what a cached sound is known by: raise it when the same request shall sound otherwise."""

_decode = msgspec.msgpack.Decoder(Sound).decode
_encode = msgspec.msgpack.Encoder().encode


class NoSound(ValueError):
    """A request names nothing that can be heard, or takes too long; the message says why."""


class Sounds:
    """Renders sounds; also answers on the bus between `start` and `stop`."""

    def __init__(self, bus: Bus, objects: ObjectStore, settings: SpeechSettings, voices: Voices | None = None) -> None:
        self._bus = bus
        self._settings = settings
        self._sources = Sources(objects, settings)
        self._objects = objects
        self._cache = Cache(objects, settings.keep_days)
        self.voices = voices or Voices()
        self._speaking = Speaking(self.voices)
        self._pool = ThreadPoolExecutor(settings.workers, thread_name_prefix="sounds")
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._making: dict[str, asyncio.Task[Rendered]] = {}
        self._background: list[asyncio.Task[None]] = []
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Answer requests from now on; engines are loaded meanwhile."""
        self._subscription = await self._bus.respond(SUBJECT, self._answer, queue=GROUP)
        work = (self._stay_alive(), self._warm(), self._sweep())
        self._background = [asyncio.create_task(each) for each in work]

    async def stop(self) -> None:
        """Answer nothing any more; sounds being made are given up."""
        if self._subscription is not None:
            await self._subscription.stop()
        tasks = [*self._background, *self._making.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def render(self, sound: Sound) -> Rendered:
        """The object that holds a sound. Raises ValueError, whose text says what is wrong with it (BLK-108)."""
        if sound.object is not None:
            return await self._audio(await self._sources.object(sound.object))
        if sound.uri is not None:
            return await self._audio(await self._sources.uri(sound.uri))
        text = sound.ssml if sound.ssml is not None else sound.text
        if text is None:
            raise NoSound("a sound is an object, a uri, text or ssml")
        speaker = speaker_of(sound.voice, sound.language, sound.engine, sound.style)
        return await self._spoken(text, sound.ssml is not None, speaker)

    async def _audio(self, source: Source) -> Rendered:
        what = f"{_VERSION}\naudio\n{source.identity}"

        async def make() -> Rendered:
            data = await source.read()
            normal = bytes(await self._in_pool(wav.normalised, data))
            if normal == data and source.key is not None:
                return self._cache.remember(what, Rendered(source.key, wav.duration_ms(len(data))))
            return await self._cache.store(what, normal)

        return await self._once(what, make)

    async def _spoken(self, text: str, marked: bool, speaker: Speaker) -> Rendered:
        engine = self.voices.engine(speaker.language).name
        kind = "ssml" if marked else "text"
        colour = f"{speaker.tone}" if speaker.rate == 1.0 else f"{speaker.tone} {speaker.rate}"
        what = f"{_VERSION}\n{kind}\n{engine}\n{speaker.language}\n{colour}\n{text}"

        async def make() -> Rendered:
            parts = await self._in_pool(self._speaking.parts, text, marked, speaker)
            return await self._cache.store(what, await self._joined(parts))

        return await self._once(what, make)

    async def _once(self, what: str, make: Callable[[], Awaitable[Rendered]]) -> Rendered:
        """What is cached, what is being made already, or what `make` returns."""
        found = await self._cache.find(what)
        if found is not None:
            return found
        task = self._making.get(what)
        if task is None:
            task = self._making[what] = asyncio.create_task(self._make(make))
            task.add_done_callback(lambda _: self._making.pop(what, None))
        return await asyncio.shield(task)

    async def _make(self, make: Callable[[], Awaitable[Rendered]]) -> Rendered:
        async with self._room:
            try:
                async with asyncio.timeout(_RENDER_SECONDS):
                    return await make()
            except TimeoutError:
                raise NoSound(f"the sound was not ready within {_RENDER_SECONDS:g} s") from None

    async def _joined(self, parts: Sequence[Part]) -> bytes:
        """The parts one after the other, with some made ahead."""
        made: list[wav.Floats] = []
        ahead: list[asyncio.Future[wav.Floats]] = []
        left = iter(parts)
        samples = 0
        try:
            while True:
                while len(ahead) < _AHEAD and (part := next(left, None)) is not None:
                    ahead.append(asyncio.ensure_future(self._in_pool(part)))
                if not ahead:
                    break
                made.append(await ahead.pop(0))
                samples += len(made[-1])
                if samples > MAX_SOUND_SECONDS * wav.RATE:
                    raise NoSound(f"the text takes more than {MAX_SOUND_SECONDS // 60} minutes to say")
        finally:
            for rest in ahead:
                rest.cancel()
        if samples < _SHORTEST_MS * wav.RATE // 1_000:
            made.append(np.zeros(_SHORTEST_MS * wav.RATE // 1_000, np.float32))
        return wav.pack(wav.to_samples(np.concatenate(made)))

    async def _in_pool(self, function: Any, *arguments: Any) -> Any:
        return await asyncio.get_running_loop().run_in_executor(self._pool, function, *arguments)

    async def _answer(self, payload: bytes) -> bytes:
        try:
            rendered = await self.render(_decode(payload))
        except ValueError as error:
            return _encode({"error": str(error)})
        except Exception as error:
            log.exception("a sound was not rendered")
            return _encode({"error": f"{type(error).__name__}: {error}"})
        return _encode({"key": rendered.key, "ms": rendered.ms})

    async def _stay_alive(self) -> None:
        while True:
            engines = [engine.name for engine in self.voices.engines]
            state = {"id": self._settings.id, "engines": engines, "making": len(self._making)}
            with contextlib.suppress(Exception):
                await self._bus.publish(ALIVE, _encode(state))
            await asyncio.sleep(_ALIVE_SECONDS)

    async def _warm(self) -> None:
        for engine in self.voices.engines:
            try:
                await self._in_pool(engine.load)
            except Exception:
                log.exception("the engine %s does not start", engine.name)

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(_SWEEP_SECONDS)
            try:
                removed = await self._cache.sweep()
            except Exception:
                log.exception("old sounds were not removed")
            else:
                log.debug("%d old sounds removed", removed)
