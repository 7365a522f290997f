"""The speech process: `python -m switchroom.speech`, with its settings in `SWITCHROOM_...`."""

import asyncio
import logging
import os
import signal
import sys

from switchroom.base import logs
from switchroom.base.environment import from_environment
from switchroom.base.settings import Settings
from switchroom.speech.hearing import Hearing
from switchroom.speech.settings import speech_settings
from switchroom.speech.sounds import Sounds
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore

log = logging.getLogger("switchroom.speech")

_CANNOT_RUN = 78
"""The exit code of a process that cannot run as configured; the supervisor does not start it again."""

_NICE = 5
"""Calls that are under way go before words that are yet to be said."""


async def serve(settings: Settings) -> None:
    """Render sounds, understand callers; until SIGTERM or SIGINT. ValueError for settings that make no sense."""
    if settings.nats_url is None:
        raise ValueError("the speech process needs --nats-url")
    chosen = speech_settings(settings)
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    bus = Bus(settings.nats_url)
    await bus.open()
    sounds = Sounds(bus, ObjectStore(chosen.objects, b""), chosen)
    hearing = Hearing(bus, workers=min(2, chosen.workers))
    try:
        await sounds.start()
        await hearing.start()
        log.info("speech is ready: %s", ", ".join(engine.name for engine in sounds.voices.engines))
        await stopping.wait()
    finally:
        await hearing.stop()
        await sounds.stop()
        await bus.close()


def main() -> None:
    """Entry of the process."""
    logs.configure()
    os.nice(_NICE)
    try:
        asyncio.run(serve(from_environment(os.environ)))
    except ValueError as error:
        log.error("%s", error)
        sys.exit(_CANNOT_RUN)


if __name__ == "__main__":
    main()
