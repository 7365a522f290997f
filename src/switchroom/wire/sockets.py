"""WebSocket routes: the door tells who it is, `live/` keeps the connection."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Literal, NamedTuple

from starlette.websockets import WebSocket

from switchroom.base.errors import ServiceError
from switchroom.wire.caller import ANONYMOUS, Caller
from switchroom.wire.context import Services
from switchroom.wire.sessions import Sessions, cookie_token

Endpoint = Callable[[WebSocket], Awaitable[None]]

_BEARER_PROTOCOL = "switchroom.bearer."


class SocketRoute(NamedTuple):
    """A WebSocket path and its endpoint, for `Services.sockets`; a plain (path, endpoint, auth) tuple will do.

    The endpoint finds the Caller in `websocket.scope["caller"]`. `auth`: "bearer" wants a connection token in the
    query (`?token=`), its claims are in `caller.claims`; "session" wants the session cookie of a page of ours, or a
    session token in the query or as sub-protocol `switchroom.bearer.TOKEN`; "none" lets anyone in. With "session",
    a person needs `permission`, and `websocket.scope["renew"]` is an async function that raises ServiceError once the
    session has ended or the permission is gone.
    """

    path: str
    endpoint: Endpoint
    auth: Literal["bearer", "session", "none"] = "none"
    permission: str | None = None


async def run_socket(services: Services, route: SocketRoute, websocket: WebSocket) -> None:
    """Authenticate a connection and hand it over; a refused one is closed with code 4401 (1008 before ours)."""
    try:
        websocket.scope["caller"] = await _authenticate(services, route, websocket)
    except ServiceError:
        await websocket.close(code=1008)
        return
    await route.endpoint(websocket)


async def _authenticate(services: Services, route: SocketRoute, websocket: WebSocket) -> Caller:
    if route.auth == "none":
        return ANONYMOUS
    token = websocket.query_params.get("token") or ""
    if route.auth == "bearer":
        return participant(services, token, "connection")
    if not token:
        token = next((name.removeprefix(_BEARER_PROTOCOL) for name in websocket.scope.get("subprotocols", ())
                      if name.startswith(_BEARER_PROTOCOL)), "")  # fmt: skip
    if not token and _own_origin(websocket):
        token = cookie_token(websocket.headers.get("cookie")) or ""
    if services.sessions is None or not token:
        raise ServiceError("AccessDeniedException", "You are not signed in")
    websocket.scope["renew"] = partial(_person, services.sessions, token, route.permission)
    return await _person(services.sessions, token, route.permission)


async def _person(sessions: Sessions, token: str, permission: str | None) -> Caller:
    caller = await sessions.authenticate(token)
    if permission is not None and not caller.may(permission):
        raise ServiceError("AccessDeniedException", f"This needs the permission {permission}")
    return caller


def participant(services: Services, token: str, kind: Literal["participant", "connection"]) -> Caller:
    """The participant a token belongs to. Raises AccessDeniedException."""
    if services.tokens is None:
        raise ServiceError("AccessDeniedException", "Participant tokens are not set up")
    claims = services.tokens.verify(token, kind)
    arn = f"{services.site.instance(claims.instance)}/contact/{claims.contact}/participant/{claims.participant}"
    return Caller("participant", claims.participant, claims.role, arn, instance=claims.instance, claims=claims)


def _own_origin(websocket: WebSocket) -> bool:
    """A cookie counts only for pages of our own origin."""
    origin = websocket.headers.get("origin", "")
    return origin.partition("://")[2] == websocket.headers.get("host")
