"""Rendered sounds: objects `speech/HASH.wav`, known by what they were made of, kept while somebody asks for them."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass

from switchroom.base.clock import now_ms
from switchroom.speech.wav import duration_ms
from switchroom.storage.objects import ObjectStore

PREFIX = "speech"
_DAY_MS = 86_400_000
_MOST_KNOWN = 20_000
_SURE_MS = 60_000
"""For how long an object that was there is taken to be there."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A WAV file at 8 kHz, mono, 16 bits in the object store: its key and length."""

    key: str
    ms: int


class Cache:
    """What is rendered already. An object is made again when half its time is over, and removed when all of it is."""

    def __init__(self, objects: ObjectStore, keep_days: float) -> None:
        self._objects = objects
        self._keep_ms = keep_days * _DAY_MS
        self._known: OrderedDict[str, tuple[float, Rendered]] = OrderedDict()

    async def find(self, what: str) -> Rendered | None:
        """The sound made of `what`, None if it must be made."""
        known = self._known.get(what)
        if known is not None and known[0] > now_ms():
            self._known.move_to_end(what)
            return known[1]
        key = key_of(what)
        facts = await self._objects.facts(key)
        if facts is None or facts.modified + self._keep_ms / 2 < now_ms():
            return None
        return self._note(what, Rendered(key, duration_ms(facts.size)), facts.modified)

    async def store(self, what: str, wav: bytes) -> Rendered:
        """Keep a sound."""
        key = key_of(what)
        await self._objects.put(key, wav, "audio/wav")
        return self._note(what, Rendered(key, duration_ms(len(wav))), now_ms())

    def remember(self, what: str, rendered: Rendered) -> Rendered:
        """A sound that is an object of its own already."""
        return self._note(what, rendered, now_ms())

    async def sweep(self) -> int:
        """Remove what nobody has asked for in its time; returns how many."""
        old = now_ms() - self._keep_ms
        removed = 0
        async for key, _ in self._objects.list(PREFIX):
            facts = await self._objects.facts(key)
            if facts is not None and facts.modified < old:
                await self._objects.delete(key)
                removed += 1
        return removed

    def _note(self, what: str, rendered: Rendered, modified: int) -> Rendered:
        now = now_ms()
        self._known[what] = (min(modified + self._keep_ms / 2, now + _SURE_MS), rendered)
        self._known.move_to_end(what)
        while len(self._known) > _MOST_KNOWN:
            self._known.popitem(last=False)
        return rendered


def key_of(what: str) -> str:
    """The object key for something that is described by `what`."""
    return f"{PREFIX}/{hashlib.sha256(what.encode()).hexdigest()}.wav"
