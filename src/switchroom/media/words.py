"""Words of callers, understood by the speech process."""

import asyncio
import logging

import msgspec

from switchroom.media.audio.api import Pcm
from switchroom.speech.hearing import SUBJECT, Said, Understood
from switchroom.storage.bus import Bus, NoResponders, RemoteError

log = logging.getLogger(__name__)

WITHIN = 10.0
"""Seconds that a caller waits to be understood."""


class Words:
    """Asks for the words of utterances."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._complained = False
        self._preparing: set[asyncio.Task[Understood]] = set()

    def prepare(self, locale: str) -> None:
        """Somebody may soon speak: the ear is loaded by then."""
        task = asyncio.create_task(self._ask(Said(language=_language(locale))))
        self._preparing.add(task)
        task.add_done_callback(self._preparing.discard)

    async def of(self, samples: Pcm, locale: str) -> tuple[str, float]:
        """(text, confidence 0..1) of an utterance; no text when it is not understood or nobody can listen."""
        found = await self._ask(Said(samples.astype("<i2").tobytes(), _language(locale)))
        return found.text, found.confidence

    async def _ask(self, said: Said) -> Understood:
        try:
            reply = await self._bus.request(SUBJECT, msgspec.msgpack.encode(said), WITHIN)
            return msgspec.msgpack.decode(reply, type=Understood)
        except (NoResponders, TimeoutError, RemoteError, OSError, msgspec.DecodeError) as error:
            level = logging.DEBUG if self._complained else logging.WARNING
            self._complained = True
            log.log(level, "callers are not understood: %s", str(error) or type(error).__name__)
            return Understood(error=str(error))


def _language(locale: str) -> str:
    """The ISO 639 code of `en_US` or `en-US`."""
    return locale.replace("_", "-").partition("-")[0].lower()
