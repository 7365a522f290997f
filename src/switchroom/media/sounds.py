"""Sounds of plans as samples: rendered by the speech process, kept in memory once however many hear them."""

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Sequence
from functools import cache

import msgspec
import numpy as np

from switchroom.base.errors import ServiceError
from switchroom.core.media import Sound, Tone
from switchroom.media.audio.api import RATE, Pcm
from switchroom.media.audio.tones import progress
from switchroom.resources.audio import form_of
from switchroom.storage.bus import Bus, NoResponders, RemoteError
from switchroom.storage.objects import ObjectStore

log = logging.getLogger(__name__)

RENDER = "sounds.render"
RENDER_WITHIN = 20.0
KEEP_BYTES = 128 * 1024 * 1024
FRESH = 300.0
"""Seconds for which the sound behind an address is taken to be the same."""
AGAIN = 0.25
PATIENCE = 10.0
"""Seconds a sound waits for a speech process."""


class SoundFailed(Exception):
    """A sound cannot be had; the text says why."""


class Rendered(msgspec.Struct):
    """The answer of `sounds.render`: the object key of a WAV of 8 kHz, mono, 16 bits; or an error."""

    key: str = ""
    ms: int = 0
    error: str = ""


class SoundLibrary:
    """Sounds by what describes them, least recently used forgotten first."""

    def __init__(self, bus: Bus, objects: ObjectStore, *, keep_bytes: int = KEEP_BYTES) -> None:
        self._bus = bus
        self._objects = objects
        self._keep = keep_bytes
        self._bytes = 0
        self._kept: OrderedDict[Sound, tuple[Pcm, float]] = OrderedDict()
        self._under_way: dict[Sound, asyncio.Task[Pcm]] = {}

    def at_hand(self, sounds: Sequence[Sound]) -> list[Pcm] | None:
        """The sounds, if none has to be fetched."""
        found = [self._find(sound) for sound in sounds]
        return None if any(one is None for one in found) else [one for one in found if one is not None]

    async def fetch(self, sounds: Sequence[Sound]) -> list[Pcm]:
        """The sounds. Raises SoundFailed."""
        return list(await asyncio.gather(*(self._get(sound) for sound in sounds)))

    def prefetch(self, sounds: Sequence[Sound]) -> None:
        """Have them ready; what goes wrong is told to whoever wants to hear them."""
        for sound in sounds:
            if self._find(sound) is None:
                self._begin(sound)

    async def _get(self, sound: Sound) -> Pcm:
        found = self._find(sound)
        return found if found is not None else await asyncio.shield(self._begin(sound))

    def _find(self, sound: Sound) -> Pcm | None:
        if sound.tone is not None:
            return _tone(sound.tone)
        kept = self._kept.get(sound)
        if kept is None or (sound.uri is not None and asyncio.get_running_loop().time() - kept[1] > FRESH):
            return None
        self._kept.move_to_end(sound)
        return kept[0]

    def _begin(self, sound: Sound) -> asyncio.Task[Pcm]:
        task = self._under_way.get(sound)
        if task is None:
            task = self._under_way[sound] = asyncio.create_task(self._load(sound))
            task.add_done_callback(lambda done: self._done(sound, done))
        return task

    def _done(self, sound: Sound, task: asyncio.Task[Pcm]) -> None:
        self._under_way.pop(sound, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.debug("a sound cannot be had: %s", error)

    async def _load(self, sound: Sound) -> Pcm:
        rendered = await self._render(sound)
        if rendered.error:
            raise SoundFailed(rendered.error)
        try:
            pcm = samples(await self._objects.get(rendered.key))
        except (ServiceError, ValueError, OSError) as error:
            raise SoundFailed(str(error)) from None
        self._keep_it(sound, pcm)
        return pcm

    async def _render(self, sound: Sound) -> Rendered:
        payload = msgspec.msgpack.encode(sound)
        deadline = asyncio.get_running_loop().time() + PATIENCE
        while True:
            try:
                reply = await self._bus.request(RENDER, payload, RENDER_WITHIN)
                return msgspec.msgpack.decode(reply, type=Rendered)
            except NoResponders:
                if asyncio.get_running_loop().time() > deadline:
                    raise SoundFailed("no speech process is there") from None
                await asyncio.sleep(AGAIN)
            except (TimeoutError, RemoteError, msgspec.DecodeError) as error:
                raise SoundFailed(str(error)) from None

    def _keep_it(self, sound: Sound, pcm: Pcm) -> None:
        before = self._kept.pop(sound, None)
        if before is not None:
            self._bytes -= before[0].nbytes
        self._kept[sound] = (pcm, asyncio.get_running_loop().time())
        self._bytes += pcm.nbytes
        while self._bytes > self._keep and len(self._kept) > 1:
            self._bytes -= self._kept.popitem(last=False)[1][0].nbytes


def samples(data: bytes) -> Pcm:
    """The samples of a WAV of 8 kHz, mono, 16 bits. Raises ValueError for any other."""
    form = form_of(data)
    if (form.encoding, form.channels, form.rate, form.bits) != ("pcm", 1, RATE, 16):
        raise ValueError("a rendered sound has 8 kHz, one channel, 16 bits")
    return np.frombuffer(data, np.dtype("<i2"), form.size // 2, form.start).astype(np.int16, copy=False)


@cache
def _tone(name: Tone) -> Pcm:
    """One period of a call progress tone."""
    return progress(name)
