"""The chat socket: the protocol of the public chat client library (chat.md, Socket protocol; CHAT-64).

`aws/subscribe`, `aws/unsubscribe`, `aws/heartbeat` and `aws/ping` come in; `aws/chat` goes out.
"""

import asyncio
from typing import Any

import msgspec
from starlette.websockets import WebSocket

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.core.commands import ConnectParticipant, ParticipantView
from switchroom.live import subjects
from switchroom.live.connection import Connection
from switchroom.live.hub import Hub
from switchroom.live.presence import Presence, Who

CHAT = "aws/chat"
ENDED = "application/vnd.amazonaws.connect.event.chat.ended"
LIFE = 3_600.0 + 120.0
"""Seconds a socket lives; the client library renews its own after 3,540."""
SILENCE = 75.0
"""Seconds without a heartbeat after which a client that has sent them is gone."""
PATIENT = 900.0
"""The same for a client that never sends one."""
GRACE = 2.0
"""Seconds between the end of a chat and the end of its sockets (CHAT-69)."""
MOST_SOCKETS = 5


class ChatSockets:
    """The chat sockets of this node."""

    def __init__(self, hub: Hub, centres: Centres, presence: Presence) -> None:
        self._hub = hub
        self._centres = centres
        self._presence = presence
        self._open: dict[str, list[Connection]] = {}

    async def serve(self, websocket: WebSocket) -> None:
        """One socket, whose token the door has checked."""
        claims = websocket.scope["caller"].claims
        who = Who(claims.instance, claims.contact, claims.participant)
        asked = ParticipantView(session=who.session, participant=who.participant)
        try:
            view = await self._centres.submit(who.instance, asked)
        except ServiceError:
            await websocket.close(code=1013)
            return
        if view is None or not view["admitted"]:
            await websocket.close(code=1008)
            return
        await websocket.accept()
        connection = Connection(websocket)
        mine = self._open.setdefault(who.participant, [])
        if len(mine) >= MOST_SOCKETS:
            mine.pop(0).close_soon(1008)
        mine.append(connection)
        try:
            await _ChatSocket(self._hub, self._centres, self._presence, connection, who).run()
        finally:
            if connection in mine:
                mine.remove(connection)
            if not mine and self._open.get(who.participant) is mine:
                del self._open[who.participant]


class _ChatSocket:
    """One socket of a participant."""

    def __init__(self, hub: Hub, centres: Centres, presence: Presence, connection: Connection, who: Who) -> None:
        self._hub = hub
        self._centres = centres
        self._presence = presence
        self._connection = connection
        self._who = who
        self._leave: Any = None
        self._held: list[bytes] | None = None
        self._beats = False
        self._over = False

    async def run(self) -> None:
        connection = self._connection
        try:
            await connection.run(self._handle, seconds=LIFE, silence=lambda: SILENCE if self._beats else PATIENT)
        finally:
            if self._leave is not None:
                self._leave()
                silent_for = asyncio.get_running_loop().time() - connection.heard_at
                if not self._over:
                    await self._presence.closed(self._who, silent_for)

    async def _handle(self, text: str) -> None:
        try:
            message = msgspec.json.decode(text)
        except msgspec.DecodeError:
            return
        topic = message.get("topic") if isinstance(message, dict) else None
        if topic == "aws/heartbeat":
            self._beats = True
            self._connection.send_json({"topic": topic})
        elif topic == "aws/ping":
            self._connection.send_json({"topic": topic, "statusCode": 200, "statusContent": "OK"})
        elif topic == "aws/subscribe":
            await self._subscribe(_topics(message))
        elif topic == "aws/unsubscribe":
            await self._unsubscribe(_topics(message))

    async def _subscribe(self, topics: list[str]) -> None:
        """Success once the participant counts as connected; what is pushed meanwhile follows the answer."""
        status = "success" if CHAT in topics and await self._connect() else "failure"
        self._connection.send_json({"topic": "aws/subscribe", "content": {"status": status, "topics": topics}})
        held, self._held = self._held, None
        for payload in held or ():
            self._push(payload)

    async def _connect(self) -> bool:
        who = self._who
        if self._leave is None:
            self._held = []
            self._leave = await self._hub.join(subjects.participant(who.instance, who.participant), self._push)
            await self._presence.opened(who)
        arrival = ConnectParticipant(session=who.session, participant=who.participant)
        try:
            await self._centres.submit(who.instance, arrival)
        except ServiceError as refusal:
            if refusal.code != "InternalServiceException":
                self._over = True
            return False
        return True

    async def _unsubscribe(self, topics: list[str]) -> None:
        if CHAT in topics and self._leave is not None:
            self._leave()
            self._leave = None
            await self._presence.closed(self._who)
        self._connection.send_json({"topic": "aws/unsubscribe", "content": {"status": "success", "topics": topics}})

    def _push(self, payload: bytes) -> None:
        if self._held is not None:
            self._held.append(payload)
            return
        self._connection.send(payload)
        if ENDED.encode() in payload and _is_end(payload):
            self._over = True
            asyncio.get_running_loop().call_later(GRACE, self._connection.close_soon)


def _topics(message: dict[str, Any]) -> list[str]:
    content = message.get("content")
    topics = content.get("topics") if isinstance(content, dict) else None
    return [topic for topic in topics if isinstance(topic, str)][:16] if isinstance(topics, list) else []


def _is_end(payload: bytes) -> bool:
    """A message may quote the content type; only an item of that type ends the chat."""
    return bool(msgspec.json.decode(msgspec.json.decode(payload)["content"]).get("ContentType") == ENDED)
