"""The speech process: `python -m switchroom.speech`, with its settings in `SWITCHROOM_...`."""

import asyncio
import logging
import os
import signal
import sys

from switchroom.speech.settings import SpeechSettings, from_environment
from switchroom.speech.sounds import Sounds
from switchroom.storage.bus import Bus
from switchroom.storage.objects import ObjectStore

log = logging.getLogger("switchroom.speech")

_CANNOT_RUN = 78
"""The exit code of a process that cannot run as configured; the supervisor does not start it again."""


async def serve(settings: SpeechSettings) -> None:
    """Render sounds until SIGTERM or SIGINT."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopping.set)
    bus = Bus(settings.nats_url)
    await bus.open()
    sounds = Sounds(bus, ObjectStore(settings.objects, b""), settings)
    try:
        await sounds.start()
        log.info("speech is ready: %s", ", ".join(engine.name for engine in sounds.voices.engines))
        await stopping.wait()
    finally:
        await sounds.stop()
        await bus.close()


def main() -> None:
    """Entry of the process."""
    logging.basicConfig(
        level=logging.WARNING,
        format="%(asctime)s.%(msecs)03dZ %(levelname)-7s speech: %(message)s",
        datefmt="%Y-%m-%dT%H:%M:%S",
    )
    logging.getLogger("switchroom").setLevel(os.environ.get("SWITCHROOM_LOG_LEVEL", "INFO").upper())
    try:
        settings = from_environment(os.environ)
    except ValueError as error:
        log.error("%s", error)
        sys.exit(_CANNOT_RUN)
    asyncio.run(serve(settings))


if __name__ == "__main__":
    main()
