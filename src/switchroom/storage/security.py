"""Tables of API keys, passwords, sessions and one-time links."""

import asyncio
import os
from base64 import urlsafe_b64encode
from functools import cache
from hashlib import sha256
from typing import Protocol

import msgspec
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from switchroom.base.clock import HOUR, MINUTE
from switchroom.storage.postgres import Database

CHANNEL = "switchroom_security"
"""Notified when sessions end or API keys change; the payload is the name of the table."""

SESSION_MS = 12 * HOUR
"""A session ends this long after sign-in, whatever happens (BASE-182)."""

OPERATOR_MS = HOUR
"""How long the operator stays in by an emergency link (USER-31)."""

LINK_MS = HOUR
"""How long a one-time link is good (USER-30)."""

FAILURES_BEFORE_LOCK = 10
LOCK_MS = 15 * MINUTE


class Sealer(Protocol):
    """Envelope encryption (`storage.envelope.Envelope`)."""

    def seal(self, plain: bytes, context: bytes = b"") -> bytes: ...
    def open(self, sealed: bytes, context: bytes = b"") -> bytes: ...


class ApiKey(msgspec.Struct, frozen=True):
    """An API key; `policy` is an identity policy document (JSON text) or None for no restriction."""

    access_key_id: str
    secret: str
    name: str
    policy: str | None
    created_at: int = 0


class SessionRow(msgspec.Struct, frozen=True):
    """A session of a person. Times in epoch milliseconds."""

    token_hash: bytes
    instance: str
    user_id: str
    created_at: int
    expires_at: int
    language: str | None = None


class ApiKeys:
    """API keys beside the root key."""

    def __init__(self, database: Database, sealer: Sealer) -> None:
        self._database = database
        self._sealer = sealer

    async def all(self) -> list[ApiKey]:
        """Every key, with its secret."""
        rows = await self._database.pool.fetch(
            "SELECT access_key_id, sealed_secret, name, policy, created_at FROM api_keys"
        )
        return [ApiKey(row[0], self._sealer.open(row[1], row[0].encode()).decode(), *row[2:]) for row in rows]

    async def put(self, key: ApiKey, now: int) -> None:
        """Add a key or replace it."""
        await self._database.pool.execute(
            "INSERT INTO api_keys VALUES ($1, $2, $3, $4, $5) ON CONFLICT (access_key_id) DO UPDATE"
            " SET sealed_secret = excluded.sealed_secret, name = excluded.name, policy = excluded.policy",
            key.access_key_id,
            self._sealer.seal(key.secret.encode(), key.access_key_id.encode()),
            key.name,
            key.policy,
            now,
        )

    async def delete(self, access_key_id: str) -> None:
        """Remove a key."""
        await self._database.pool.execute("DELETE FROM api_keys WHERE access_key_id = $1", access_key_id)


@cache
def _hash_of_nobody() -> str:
    """What the password of an unknown user is compared with, so that it takes as long as another."""
    return PasswordHasher().hash(os.urandom(16).hex())


class Passwords:
    """Passwords of local users. Hashing runs in threads, two at a time: it is slow and hungry by intention."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._hasher = PasswordHasher()
        self._turns = asyncio.Semaphore(2)
        self._nobody = _hash_of_nobody()

    async def hash(self, password: str) -> str:
        """The argon2id hash of a password, for `store`."""
        async with self._turns:
            return await asyncio.to_thread(self._hasher.hash, password)

    async def set(self, instance: str, user_id: str, password: str, now: int) -> None:
        """Set a user's password, lift a lock and end all sessions of the user."""
        hashed = await self.hash(password)
        async with self._database.pool.acquire() as connection, connection.transaction():
            await connection.execute(
                "INSERT INTO passwords (instance, user_id, hash, changed_at) VALUES ($1, $2, $3, $4)"
                " ON CONFLICT (instance, user_id) DO UPDATE"
                " SET hash = excluded.hash, changed_at = excluded.changed_at, failures = 0, locked_until = 0",
                instance,
                user_id,
                hashed,
                now,
            )
            await connection.execute("DELETE FROM sessions WHERE instance = $1 AND user_id = $2", instance, user_id)
            await connection.execute(
                "DELETE FROM one_time_links WHERE instance = $1 AND user_id = $2", instance, user_id
            )

    async def check(self, instance: str, user_id: str | None, password: str, now: int) -> bool:
        """Whether the password is right; `user_id` of None (no such user) takes as long and is wrong.

        Ten failures in a row lock the user out for 15 minutes, the right password included.
        """
        row = None
        if user_id is not None:
            row = await self._database.pool.fetchrow(
                "SELECT hash, locked_until FROM passwords WHERE instance = $1 AND user_id = $2", instance, user_id
            )
        async with self._turns:
            right = await asyncio.to_thread(self._verify, row[0] if row else self._nobody, password)
        if row is None or row[1] > now:
            return False
        if right:
            await self._database.pool.execute(
                "UPDATE passwords SET failures = 0 WHERE instance = $1 AND user_id = $2 AND failures > 0",
                instance,
                user_id,
            )
            return True
        await self._database.pool.execute(
            "UPDATE passwords SET failures = CASE WHEN failures + 1 >= $3 THEN 0 ELSE failures + 1 END,"
            " locked_until = CASE WHEN failures + 1 >= $3 THEN $4 ELSE locked_until END"
            " WHERE instance = $1 AND user_id = $2",
            instance,
            user_id,
            FAILURES_BEFORE_LOCK,
            now + LOCK_MS,
        )
        return False

    def _verify(self, hashed: str, password: str) -> bool:
        try:
            return self._hasher.verify(hashed, password)
        except (VerificationError, InvalidHashError):
            return False


class Links:
    """One-time links of people, to set a password or to come in without one; only a hash of each is stored."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, purpose: str, instance: str, user_id: str, now: int, *, pause: int = 0) -> str | None:
        """The token of a new link; links made before for the same are void.

        None if the last one is younger than `pause` milliseconds, and then that one stays good.
        """
        token = urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        key = (instance, user_id, purpose)
        async with self._database.pool.acquire() as connection, connection.transaction():
            await connection.execute("SELECT pg_advisory_xact_lock(hashtextextended($1, 78))", f"{instance}/{user_id}")
            last = await connection.fetchval(
                "SELECT max(made_at) FROM one_time_links WHERE instance = $1 AND user_id = $2 AND purpose = $3", *key
            )
            if last is not None and last > now - pause:
                return None
            await connection.execute(
                "DELETE FROM one_time_links"
                " WHERE expires_at <= $4 OR (instance = $1 AND user_id = $2 AND purpose = $3)",
                *(*key, now),
            )
            await connection.execute(
                "INSERT INTO one_time_links VALUES ($1, $2, $3, $4, $5, $6)",
                *(_hash(token), purpose, instance, user_id, now, now + LINK_MS),
            )
        return token

    async def use(self, purpose: str, token: str, now: int) -> tuple[str, str] | None:
        """The instance and user of a link, which is void from now on; None if it is not good (any more)."""
        row = await self._database.pool.fetchrow(
            "DELETE FROM one_time_links WHERE token_hash = $1 AND purpose = $2 AND expires_at > $3"
            " RETURNING instance, user_id",
            *(_hash(token), purpose, now),
        )
        return (row[0], row[1]) if row else None


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()


class SessionStore:
    """Sessions of people."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, row: SessionRow) -> None:
        """Keep a new session; sessions that ended long ago go at the same time."""
        await self._database.pool.execute(
            "INSERT INTO sessions VALUES ($1, $2, $3, $4, $5, $6)",
            row.token_hash,
            row.instance,
            row.user_id,
            row.created_at,
            row.expires_at,
            row.language,
        )
        await self._database.pool.execute(
            "DELETE FROM sessions WHERE expires_at < $1 AND EXISTS (SELECT FROM sessions WHERE expires_at < $1)",
            row.created_at - SESSION_MS,
        )

    async def get(self, token_hash: bytes) -> SessionRow | None:
        """The session of a token, expired or not."""
        row = await self._database.pool.fetchrow(
            "SELECT token_hash, instance, user_id, created_at, expires_at, language FROM sessions"
            " WHERE token_hash = $1",
            token_hash,
        )
        return SessionRow(*row) if row else None

    async def end(self, token_hash: bytes) -> None:
        """End one session."""
        await self._database.pool.execute("DELETE FROM sessions WHERE token_hash = $1", token_hash)

    async def set_language(self, token_hash: bytes, language: str) -> None:
        """Keep the language a person chose for the pages."""
        await self._database.pool.execute(
            "UPDATE sessions SET language = $2 WHERE token_hash = $1", token_hash, language
        )
