"""The voice channel of a node."""

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.channels.voice.plans import PlanSender
from switchroom.channels.voice.presence import MediaPresence
from switchroom.channels.voice.trunk_states import TrunkStates
from switchroom.core.media import SendKeys, SendPlan
from switchroom.media.wire import ECHO, Join, Joined, join_subject
from switchroom.storage.bus import Bus, NoResponders, RemoteError

JOIN_WITHIN = 5.0


class Voice:
    """Plans out, heartbeats in, and offers of browsers brought to where the leg is."""

    def __init__(self, bus: Bus, centres: Centres) -> None:
        """Before the centres are opened."""
        self._bus = bus
        self.presence = MediaPresence(bus, centres, centres.led, centres.media_of)
        self.trunks = TrunkStates(bus)
        sender = PlanSender(bus)
        centres.perform(SendPlan, sender.perform)
        centres.perform(SendKeys, sender.press)

    async def start(self) -> None:
        """Begin to hear media processes."""
        await self.presence.start()
        await self.trunks.start()

    async def stop(self) -> None:
        """Hear no more."""
        await self.trunks.stop()
        await self.presence.stop()

    async def join(self, media: str, instance: str, call: str, leg: str, offer: str) -> str:
        """Bring a browser's media to its leg: the answer (SDP) to its offer. Raises ServiceError."""
        return await self._offer(join_subject(media), msgspec.msgpack.encode(Join(instance, call, leg, offer)))

    async def echo(self, offer: str) -> str:
        """Connect a browser to a leg that says back what it hears (DESK-166): the answer. Raises ServiceError."""
        return await self._offer(ECHO, offer.encode())

    async def _offer(self, subject: str, payload: bytes) -> str:
        try:
            reply = await self._bus.request(subject, payload, JOIN_WITHIN)
        except (NoResponders, TimeoutError, RemoteError):
            raise ServiceError("InternalServiceException", "The media process does not answer; try again") from None
        joined = msgspec.msgpack.decode(reply, type=Joined)
        if joined.code:
            raise ServiceError(joined.code, joined.message)
        return joined.answer
