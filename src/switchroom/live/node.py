"""Everything live of a node, put together."""

from collections.abc import Awaitable, Callable
from typing import Literal

from starlette.websockets import WebSocket

from switchroom.centre.batch import Batch
from switchroom.centre.centres import Centres
from switchroom.core.commands import LoseParticipant
from switchroom.live.agent_presence import AgentPresence
from switchroom.live.agent_socket import AgentSockets
from switchroom.live.chat_socket import ChatSockets
from switchroom.live.desk import Desks
from switchroom.live.hub import Hub
from switchroom.live.presence import Presence, Who
from switchroom.live.publisher import Publisher
from switchroom.resources.catalogue import Catalogue
from switchroom.storage.bus import Bus

CHAT_PATH = "/participant/ws"
AGENT_PATH = "/switchroom/agent/ws"
AGENT_PERMISSION = "BasicAgentAccess"

Route = tuple[str, Callable[[WebSocket], Awaitable[None]], Literal["bearer", "session", "none"], str | None]


class Live:
    """The live part of a node. Give `committed` to `Centres.on_commit`, and `routes` to the door."""

    def __init__(self, bus: Bus, centres: Centres, catalogue: Catalogue) -> None:
        self._centres = centres
        self.hub = Hub(bus)
        self.presence = Presence(bus, self._lost)
        self.desks = Desks(centres, catalogue)
        self._publisher = Publisher(bus)
        self._chat = ChatSockets(self.hub, centres, self.presence)
        self._agent_presence = AgentPresence(bus, centres)
        self._agents = AgentSockets(self.hub, centres, self.desks, catalogue, self._agent_presence)

    @property
    def routes(self) -> list[Route]:
        """(path, endpoint, how the door authenticates, permission of people) of the sockets."""
        chat, agents = self._chat.serve, self._agents.serve
        return [(CHAT_PATH, chat, "bearer", None), (AGENT_PATH, agents, "session", AGENT_PERMISSION)]

    def committed(self, batch: Batch) -> None:
        """A centre of this node has committed."""
        self._publisher.committed(batch)

    async def start(self) -> None:
        """Begin to publish and to listen."""
        await self._publisher.start()
        await self.presence.start()
        await self._agent_presence.start()

    async def stop(self) -> None:
        """Stop; sockets are closed by the server."""
        self._agents.close()
        await self._agent_presence.stop()
        await self.presence.stop()
        await self.hub.close()
        await self._publisher.stop()

    async def _lost(self, who: Who) -> None:
        await self._centres.submit(who.instance, LoseParticipant(session=who.session, participant=who.participant))
