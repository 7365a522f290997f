"""Where conversations are kept between their turns, for every node of the site."""

import hashlib
import logging
from typing import Any, Protocol

import msgspec
import nats.js.errors
from nats.js.api import KeyValueConfig, StorageType

from switchroom.channels.bots.engine.session import Session
from switchroom.storage.bus import Bus

log = logging.getLogger(__name__)

BUCKET = "bot-sessions"
LONGEST_SECONDS = 86_400
"""The longest session timeout a bot can have."""


class Sessions(Protocol):
    """Conversations by key."""

    async def load(self, key: str) -> Session | None:
        """The conversation, or None."""
        ...

    async def save(self, key: str, session: Session) -> None:
        """Keep it for a day at most."""
        ...

    async def drop(self, key: str) -> None:
        """Forget it."""
        ...


class LocalSessions:
    """Conversations in the memory of one process."""

    def __init__(self) -> None:
        self._kept: dict[str, bytes] = {}

    async def load(self, key: str) -> Session | None:
        """The conversation, or None."""
        return _read(self._kept.get(key))

    async def save(self, key: str, session: Session) -> None:
        """Keep it as long as the process lives."""
        self._kept[key] = msgspec.msgpack.encode(session)

    async def drop(self, key: str) -> None:
        """Forget it."""
        self._kept.pop(key, None)


class BusSessions:
    """Conversations in the memory of the message bus, which every node reaches."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._bucket: Any = None

    async def load(self, key: str) -> Session | None:
        """The conversation, or None."""
        try:
            entry = await (await self._open()).get(_name(key))
        except nats.js.errors.KeyNotFoundError:
            return None
        return _read(entry.value)

    async def save(self, key: str, session: Session) -> None:
        """Keep it for a day at most."""
        await (await self._open()).put(_name(key), msgspec.msgpack.encode(session))

    async def drop(self, key: str) -> None:
        """Forget it."""
        await (await self._open()).delete(_name(key))

    async def _open(self) -> Any:
        if self._bucket is None:
            stream = self._bus.jetstream
            try:
                self._bucket = await stream.key_value(BUCKET)
            except nats.js.errors.NotFoundError:
                config = KeyValueConfig(bucket=BUCKET, ttl=LONGEST_SECONDS, storage=StorageType.MEMORY, history=1)
                self._bucket = await stream.create_key_value(config)
        return self._bucket


def _name(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def _read(stored: bytes | None) -> Session | None:
    if not stored:
        return None
    try:
        return msgspec.msgpack.decode(stored, type=Session)
    except msgspec.DecodeError as wrong:
        log.warning("a conversation with a bot cannot be read: %s", wrong)
        return None
