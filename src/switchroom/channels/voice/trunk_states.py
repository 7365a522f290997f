"""How trunks fare, as the media processes tell it."""

import msgspec

from switchroom.base.clock import now_ms
from switchroom.media.trunks import STATE, TrunkState
from switchroom.storage.bus import Bus, Subscription

STALE = 30_000
"""Milliseconds after which a media process that tells nothing more is not believed any more."""

_decoder = msgspec.msgpack.Decoder(list[TrunkState])


class TrunkStates:
    """The newest state of each trunk by media process."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._states: dict[tuple[str, str], TrunkState] = {}
        self._subscription: Subscription | None = None

    async def start(self) -> None:
        """Begin to listen."""
        self._subscription = await self._bus.subscribe(STATE, self._hear)

    async def stop(self) -> None:
        """Listen no more."""
        if self._subscription is not None:
            await self._subscription.stop()

    def of(self, trunk: str) -> list[TrunkState]:
        """What is known of a trunk, by media process."""
        fresh = now_ms() - STALE
        self._states = {key: state for key, state in self._states.items() if state.at >= fresh}
        return [state for (identifier, _), state in sorted(self._states.items()) if identifier == trunk]

    async def _hear(self, payload: bytes, subject: str) -> None:
        for state in _decoder.decode(payload):
            self._states[(state.trunk, state.media)] = state
