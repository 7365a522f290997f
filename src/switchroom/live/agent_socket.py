"""The agent desktop's socket: pushes the whole desk whenever it changes (DESK-11)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress

import msgspec
from starlette.websockets import WebSocket

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.core.commands import LogIn
from switchroom.live import subjects
from switchroom.live.agent_presence import AgentPresence
from switchroom.live.connection import Connection
from switchroom.live.desk import Desks
from switchroom.live.hub import Hub
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Deleted, Document

log = logging.getLogger(__name__)

LIFE = 12 * 3_600.0
"""Seconds a socket lives: as long as a session."""
SILENCE = 90.0
"""Seconds without a ping after which a client that has sent them is gone."""
PATIENT = LIFE
RENEW = 60.0
"""Seconds between looks at the session while nothing changes."""
SETTLE = 0.1
"""Seconds from a change of configuration to the snapshot that shows it."""
SHOWN = frozenset({"user", "agent-status", "routing-profile", "queue", "security-profile", "task-template"})


class AgentSockets:
    """The agent sockets of this node."""

    def __init__(self, hub: Hub, centres: Centres, desks: Desks, catalogue: Catalogue, presence: AgentPresence) -> None:
        self._hub = hub
        self._presence = presence
        self._centres = centres
        self._desks = desks
        self._open: set[_AgentSocket] = set()
        self._stop_following = catalogue.on_change(self._configured)

    def close(self) -> None:
        """Stop following the configuration."""
        self._stop_following()

    async def serve(self, websocket: WebSocket) -> None:
        """One socket of a signed-in agent."""
        caller = websocket.scope["caller"]
        offered = websocket.scope.get("subprotocols") or []
        await websocket.accept(subprotocol=offered[0] if offered else None)
        renew = websocket.scope["renew"]
        socket = _AgentSocket(self._desks, Connection(websocket), caller.instance, caller.id, renew)
        self._open.add(socket)
        closed = self._presence.opened(caller.instance, caller.id, socket.heard_at)
        leave = await self._hub.join(subjects.agent(caller.instance, caller.id), socket.changed)
        try:
            await self._centres.submit(caller.instance, LogIn(agent=caller.id))
            await socket.run()
        except ServiceError as refusal:
            log.info("the desk of %s is closed: %s", caller.id, refusal)
        finally:
            leave()
            closed()
            self._open.discard(socket)

    def _configured(self, change: Document | Deleted) -> None:
        if change.kind in SHOWN:
            for socket in self._open:
                if socket.instance == change.instance:
                    asyncio.get_running_loop().call_later(SETTLE, socket.changed, b"")


class _AgentSocket:
    def __init__(
        self, desks: Desks, connection: Connection, instance: str, user: str, renew: Callable[[], Awaitable[object]]
    ) -> None:
        self.instance = instance
        self._desks = desks
        self._connection = connection
        self._user = user
        self._renew = renew
        self._changed = asyncio.Event()
        self._changed.set()
        self._pings = False

    def heard_at(self) -> float:
        """Loop time of the last sign of life; a client that sends none lives as long as its socket."""
        return self._connection.heard_at if self._pings else asyncio.get_running_loop().time()

    def changed(self, _: bytes) -> None:
        """Something on the desk changed; several changes make one snapshot."""
        self._changed.set()

    async def run(self) -> None:
        pushing = asyncio.create_task(self._push())
        pushing.add_done_callback(lambda _: self._connection.close_soon(1011))
        try:
            await self._connection.run(self._handle, seconds=LIFE, silence=lambda: SILENCE if self._pings else PATIENT)
        finally:
            pushing.cancel()
            await asyncio.gather(pushing, return_exceptions=True)

    async def _push(self) -> None:
        """After each change; a session that has ended is noticed then, or within `RENEW` seconds."""
        while True:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), RENEW)
            try:
                await self._renew()
                if not self._changed.is_set():
                    continue
                self._changed.clear()
                snapshot = await self._desks.snapshot(self.instance, self._user)
            except ServiceError as refusal:
                if refusal.code != "InternalServiceException":
                    self._connection.close_soon(1008)
                    return
                await asyncio.sleep(1.0)
                self._changed.set()
                continue
            self._connection.send_json({"topic": "agent", "snapshot": snapshot})

    async def _handle(self, text: str) -> None:
        try:
            message = msgspec.json.decode(text)
        except msgspec.DecodeError:
            return
        if isinstance(message, dict) and message.get("topic") == "ping":
            self._pings = True
            self._connection.send_json({"topic": "pong"})
