"""An exchange whose time the test makes."""

import asyncio
from collections.abc import Iterator
from typing import cast

import pytest

from switchroom.media.audio.api import AudioEvent
from switchroom.media.audio.engine import AudioEngine
from tests.media.audio.phones import Exchange


class Immediately:
    """Takes the events at once, in the test's own thread."""

    def call_soon_threadsafe(self, call: object, *args: object) -> None:
        assert callable(call)
        call(*args)


@pytest.fixture
def exchange() -> Iterator[Exchange]:
    clock, events = [1000.0], list[AudioEvent]()
    loop = cast("asyncio.AbstractEventLoop", Immediately())
    engine = AudioEngine(
        on_events=events.extend, loop=loop, bind="127.0.0.1", ports=range(36000, 39000), clock=lambda: clock[0]
    )
    made = Exchange(engine, clock, events)
    yield made
    engine.stop()
    for phone in made.phones.values():
        phone.wire.close()
