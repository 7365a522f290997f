"""The voice channel of a node."""

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.channels.voice.plans import PlanSender
from switchroom.channels.voice.presence import MediaPresence
from switchroom.core.media import SendPlan
from switchroom.media.wire import Join, Joined, join_subject
from switchroom.storage.bus import Bus, NoResponders, RemoteError

JOIN_WITHIN = 5.0


class Voice:
    """Plans out, heartbeats in, and offers of browsers brought to where the leg is."""

    def __init__(self, bus: Bus, centres: Centres) -> None:
        """Before the centres are opened."""
        self._bus = bus
        self.presence = MediaPresence(bus, centres, centres.led, centres.media_of)
        centres.perform(SendPlan, PlanSender(bus).perform)

    async def start(self) -> None:
        """Begin to hear media processes."""
        await self.presence.start()

    async def stop(self) -> None:
        """Hear no more."""
        await self.presence.stop()

    async def join(self, media: str, instance: str, call: str, leg: str, offer: str) -> str:
        """Bring a browser's media to its leg: the answer (SDP) to its offer. Raises ServiceError."""
        payload = msgspec.msgpack.encode(Join(instance, call, leg, offer))
        try:
            reply = await self._bus.request(join_subject(media), payload, JOIN_WITHIN)
        except (NoResponders, TimeoutError, RemoteError):
            raise ServiceError("InternalServiceException", "The media process does not answer; try again") from None
        joined = msgspec.msgpack.decode(reply, type=Joined)
        if joined.code:
            raise ServiceError(joined.code, joined.message)
        return joined.answer
