"""Sign-in of people, their sessions, and what their security profiles let them do."""

import asyncio
import hmac
import logging
import os
from base64 import urlsafe_b64encode
from collections.abc import Callable
from contextlib import suppress
from hashlib import sha256
from typing import Any

import asyncpg
import msgspec

from switchroom.base.arns import Site
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources.access import access_of
from switchroom.resources.permissions import defaults, granted
from switchroom.storage.postgres import Database
from switchroom.storage.security import CHANNEL, OPERATOR_MS, SESSION_MS, Passwords, SessionRow, SessionStore
from switchroom.wire.caller import Caller

log = logging.getLogger(__name__)

COOKIE = "switchroom-session"
CSRF_HEADER = "x-switchroom-csrf"
OPERATOR_ID = "operator"
"""Stands for the user in the session of an operator who came in by an emergency link."""
_ADMINISTRATION = frozenset(defaults("Admin")) - {"BasicAgentAccess", "OutboundCallAccess"}
"""What the operator may do: all that an administrator may, without being an agent."""
_REMEMBERED = 20_000
_RETRY_SECONDS = 1.0


class Session(msgspec.Struct, frozen=True):
    """A new session. `token` is shown once; `expires_at` in epoch milliseconds."""

    token: str
    csrf: str
    instance: str
    user_id: str
    expires_at: int


class Sessions:
    """Sessions of people on this node. Those in memory are forgotten at once when one ends on any node."""

    def __init__(
        self,
        site: Site,
        catalogue: Any,
        database: Database,
        clock: Callable[[], int],
        *,
        default_alias: str | None = None,
    ) -> None:
        """`default_alias` names the instance of those who name none while there are several."""
        self.passwords = Passwords(database)
        self._default_alias = default_alias
        self._site = site
        self._catalogue = catalogue
        self._database = database
        self._store = SessionStore(database)
        self._clock = clock
        self._known: dict[bytes, SessionRow] = {}
        self._callers: dict[bytes, Caller] = {}
        self._listening = False
        self._generation = 0
        self._task: asyncio.Task[None] | None = None
        self._on_keys: Callable[[], Any] | None = None

    async def sign_in(self, alias: str | None, username: str, password: str, language: str | None = None) -> Session:
        """A session for the right password. Raises SignInFailedException, the same whatever was wrong.

        InvalidRequestException when the instance must be named.
        """
        now = self._clock()
        instance = self.instance_of(alias)
        user = self._catalogue.by_name(instance, "user", username) if instance else None
        right = await self.passwords.check(instance or "", user.id if user else None, password, now)
        if not right or user is None or instance is None:
            raise ServiceError("SignInFailedException", "The user name or the password is not right")
        return await self._begin(instance, user.id, now, SESSION_MS, language)

    async def begin(self, instance: str, user: str, language: str | None = None) -> Session:
        """A session for somebody who has shown who they are; a short one for the operator, no user (USER-31)."""
        length = OPERATOR_MS if user == OPERATOR_ID else SESSION_MS
        return await self._begin(instance, user, self._clock(), length, language)

    async def _begin(self, instance: str, user: str, now: int, length: int, language: str | None) -> Session:
        token = urlsafe_b64encode(os.urandom(32)).decode().rstrip("=")
        row = SessionRow(sha256(token.encode()).digest(), instance, user, now, now + length, language)
        await self._store.add(row)
        return Session(token, csrf_token(token), instance, user, row.expires_at)

    async def sign_out(self, token: str) -> None:
        """End the session of a token."""
        digest = sha256(token.encode()).digest()
        await self._store.end(digest)
        self.forget()

    async def authenticate(self, token: str) -> Caller:
        """Who a session token belongs to. Raises ExpiredTokenException if it is not good, or no longer."""
        row = await self.row(token)
        caller = self._callers.get(row.token_hash)
        if caller is None:
            caller = self._callers[row.token_hash] = self._caller(row)
        return caller

    async def row(self, token: str) -> SessionRow:
        """The session of a token. Raises ExpiredTokenException."""
        digest = sha256(token.encode("utf-8", "replace")).digest()
        row = self._known.get(digest) or await self._load(digest)
        if row is None:
            raise ServiceError("ExpiredTokenException", "You are not signed in")
        if row.expires_at <= self._clock():
            raise ServiceError("ExpiredTokenException", "The session has expired; sign in again")
        return row

    async def set_language(self, token: str, language: str) -> None:
        """Keep the language of the pages for the rest of the session."""
        await self._store.set_language(sha256(token.encode()).digest(), language)
        self.forget()

    async def start(self, on_keys: Callable[[], Any] | None = None) -> None:
        """Follow what ends on other nodes. `on_keys` is awaited when API keys change."""
        self._on_keys = on_keys
        self._catalogue.on_change(self._configuration_changed)
        self._task = asyncio.create_task(self._listen(), name="sessions")

    async def stop(self) -> None:
        """Stop following."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
            self._task = None

    async def _load(self, digest: bytes) -> SessionRow | None:
        generation = self._generation
        row = await self._store.get(digest)
        if row is not None and self._listening and generation == self._generation:
            if len(self._known) >= _REMEMBERED:
                self.forget()
            self._known[digest] = row
        return row

    def permissions(self, row: SessionRow) -> frozenset[str]:
        """What the holder of a session may do."""
        if row.user_id == OPERATOR_ID:
            return _ADMINISTRATION
        return granted(self._catalogue, self._catalogue.get(row.instance, "user", row.user_id))

    def _caller(self, row: SessionRow) -> Caller:
        if row.user_id == OPERATOR_ID:
            return Caller(
                kind="person",
                id=OPERATOR_ID,
                name=OPERATOR_ID,
                arn=self._site.resource(row.instance, "agent", OPERATOR_ID),
                instance=row.instance,
                permissions=_ADMINISTRATION,
                session=row.token_hash.hex()[:16],
                since=row.created_at,
            )
        user = self._catalogue.find(row.instance, "user", row.user_id)
        if user is None:
            raise ServiceError("ExpiredTokenException", "The user of this session is no more")
        return Caller(
            kind="person",
            id=row.user_id,
            name=user.name,
            arn=user.arn,
            instance=row.instance,
            permissions=granted(self._catalogue, user),
            session=row.token_hash.hex()[:16],
            since=row.created_at,
            access=access_of(self._catalogue, user),
        )

    def instance_of(self, alias: str | None) -> str | None:
        """The instance of an alias or id, None if there is none; InvalidRequestException if one must be named."""
        instances = self._catalogue.instances()
        wanted = alias or (self._default_alias if len(instances) > 1 else None)
        if wanted:
            found = [document for document in instances if wanted in (document.id, document.name)]
            return found[0].id if found else None
        if len(instances) > 1:
            raise invalid_request("This site has several instances: give the alias of yours as InstanceAlias")
        return instances[0].id if instances else None

    def _configuration_changed(self, change: Any) -> None:
        if change.kind in ("user", "security-profile", "instance"):
            self._callers.clear()

    def forget(self) -> None:
        """Read sessions anew: some have ended."""
        self._generation += 1
        self._known.clear()
        self._callers.clear()

    async def _listen(self) -> None:
        while True:
            with suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                await self._listen_once()
            self._listening = False
            self.forget()
            await asyncio.sleep(_RETRY_SECONDS)

    async def _listen_once(self) -> None:
        connection = await self._database.connect()
        ended = asyncio.Event()
        changed: asyncio.Queue[str] = asyncio.Queue()

        def lost(_: Any) -> None:
            ended.set()
            changed.put_nowait("")

        connection.add_termination_listener(lost)
        try:
            await connection.add_listener(CHANNEL, lambda *notice: changed.put_nowait(str(notice[3])))
            self.forget()
            if self._on_keys is not None:
                await self._on_keys()
            self._listening = True
            while not ended.is_set():
                if await changed.get() == "api_keys" and self._on_keys is not None:
                    await self._on_keys()
                else:
                    self.forget()
        finally:
            self._listening = False
            await connection.close(timeout=2)


def csrf_token(token: str) -> str:
    """What pages must send as `X-Switchroom-CSRF` beside the cookie that holds `token`."""
    return hmac.digest(token.encode("utf-8", "replace"), b"csrf", "sha256").hex()[:32]


def right_csrf(token: str, given: str | None) -> bool:
    """Whether `given` is the CSRF token of a session token."""
    return given is not None and hmac.compare_digest(csrf_token(token).encode(), given.encode("utf-8", "replace"))


def cookie_token(header: str | None) -> str | None:
    """The session token of a Cookie header."""
    if header is None or COOKIE not in header:
        return None
    for part in header.split(";"):
        name, _, value = part.strip().partition("=")
        if name == COOKIE:
            return value or None
    return None
