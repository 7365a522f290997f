"""What pages that embed the panel ask for by path: who is signed in, which origins may embed, and leaving (DESK-153,
DESK-154, DESK-157). The paths are those the public embedding library and its older versions use."""

import re
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

import msgspec

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, access_denied, invalid_parameter
from switchroom.core.commands import LogOut
from switchroom.wire.authenticate import session_token
from switchroom.wire.context import Services
from switchroom.wire.cors import Cors, Headers
from switchroom.wire.door import Answer, refusal
from switchroom.wire.request_id import random_uuid
from switchroom.wire.sessions import COOKIE

_ORIGIN = re.compile(r"(https?)://([a-z0-9.-]+|\[[0-9a-f:]+\])(?::([0-9]{1,5}))?", re.IGNORECASE)
_LOOPBACK = re.compile(r"localhost|.+\.localhost|127(?:\.[0-9]{1,3}){3}|\[::1\]", re.IGNORECASE)
_LEGACY = "/connect"


def check_origin(origin: str) -> None:
    """Whether an origin may be approved: scheme, host and port alone. Raises InvalidParameterException.

    https, except on the machine itself, where browsers trust http as well.
    """
    found = _ORIGIN.fullmatch(origin)
    if found is None or int(found[3] or 1) not in range(1, 65536):
        raise invalid_parameter(
            f"{origin} is not an origin: give scheme, host and port, such as https://crm.example.com"
        )
    if found[1].lower() == "http" and not _LOOPBACK.fullmatch(found[2]):
        raise invalid_parameter(f"{origin} must begin with https://; http is for localhost alone")


def frame_ancestors(origins: set[str]) -> str:
    """The sources of a `frame-ancestors` directive: our own pages and approved origins."""
    return " ".join(["'self'", *sorted(origin for origin in origins if _ORIGIN.fullmatch(origin))])


async def end_session(services: Services, token: str) -> None:
    """End a session; an agent becomes Offline (ROUT-66), unless the centre is just moving."""
    if services.sessions is None:
        return
    with suppress(ServiceError):
        row = await services.sessions.row(token)
        await services.sessions.sign_out(token)  # first, so that the agent's open pages notice when the status changes
        if services.centres is not None:
            await services.centres.submit(row.instance, LogOut(agent=row.user_id))


class Embedding:
    """`/auth/authorize`, `/whitelisted-origins` and `/logout`, each also below `/connect`."""

    def __init__(self, services: Services, cors: Cors) -> None:
        self._services = services
        self._cors = cors
        self._paths: dict[str, Callable[[dict[str, str]], Awaitable[Answer]]] = {
            "/auth/authorize": self._authorize,
            "/whitelisted-origins": self._origins,
            "/logout": self._leave,
        }

    async def serve(self, path: str, headers: dict[str, str]) -> Answer | None:
        """The answer; None if the path is none of these."""
        handler = self._paths.get(path.removeprefix(_LEGACY).rstrip("/"))
        if handler is None:
            return None
        try:
            answer = await handler(headers)
        except ServiceError as error:
            answer = refusal(None, error, random_uuid())
        if "origin" in headers:
            answer.headers.extend(self._cors.answer(headers["origin"], True))
        return answer

    async def _authorize(self, headers: dict[str, str]) -> Answer:
        """Whether the session is still good, and for how long."""
        services = self._services
        token = _token(headers)
        if token is None or services.sessions is None:
            raise ServiceError("ExpiredTokenException", "You are not signed in")
        row = await services.sessions.row(token)
        return _json({"region": services.site.region, "instanceId": row.instance, "expiresAt": seconds(row.expires_at)})

    async def _origins(self, headers: dict[str, str]) -> Answer:
        """The approved origins of the instance of the person who is signed in."""
        services = self._services
        token = _token(headers)
        if token is None or services.sessions is None:
            raise access_denied("You are not signed in")
        row = await services.sessions.row(token)
        return _json({"whitelistedOrigins": sorted(self._cors.origins(row.instance))})

    async def _leave(self, headers: dict[str, str]) -> Answer:
        """Signs out; a person who opens the address comes to the sign-in page."""
        token = _token(headers)
        if token is not None:
            await end_session(self._services, token)
        forget = (b"set-cookie", f"{COOKIE}=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict".encode())
        if headers.get("sec-fetch-mode") == "navigate":
            return Answer(302, b"", [(b"location", b"/"), (b"cache-control", b"no-store"), forget])
        answer = _json({})
        answer.headers.append(forget)
        return answer


def _token(headers: dict[str, str]) -> str | None:
    return session_token(headers)[0] or headers.get("x-amz-bearer")


def _json(body: dict[str, Any]) -> Answer:
    headers: Headers = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]
    return Answer(200, msgspec.json.encode(body), headers)
