"""Signing in and out, and what a page needs to know about who is signed in."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.storage.security import SESSION_MS, SessionRow
from switchroom.wire.authenticate import session_token
from switchroom.wire.call import Call
from switchroom.wire.embedding import end_session
from switchroom.wire.operation import operation
from switchroom.wire.sessions import COOKIE, OPERATOR_ID, Sessions, csrf_token


@operation("switchroom", "SignIn", auth="none")
async def sign_in(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A session for user name and password; also set as cookie (BASE-171, BASE-182)."""
    sessions = sessions_of(call)
    session = await sessions.sign_in(
        request.get("InstanceAlias"), request["Username"], request["Password"], request.get("Language")
    )
    call.response_headers.append(("Set-Cookie", cookie(call, session.token, SESSION_MS // 1000)))
    row = await sessions.row(session.token)
    return {"Token": session.token, **description(call, row, session.token)}


@operation("switchroom", "SignOut", auth="none")
async def sign_out(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Ends the session of the request, if it has one (BASE-183); an agent becomes Offline (ROUT-66)."""
    token, _ = session_token(call.headers)
    if token is not None:
        await end_session(call.services, token)
    call.response_headers.append(("Set-Cookie", cookie(call, "", 0)))
    return {}


@operation("switchroom", "GetSession", auth="session")
async def get_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Who is signed in, with which permissions, until when."""
    token = _token(call)
    return description(call, await sessions_of(call).row(token), token)


@operation("switchroom", "UpdateSession", auth="session")
async def update_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Keeps the language of the pages."""
    token = _token(call)
    sessions = sessions_of(call)
    if "Language" in request:
        await sessions.set_language(token, request["Language"])
    return description(call, await sessions.row(token), token)


def description(call: Call, row: SessionRow, token: str) -> dict[str, Any]:
    """Who a session belongs to, and what the pages need with it."""
    catalogue = call.services.catalogue
    instance = catalogue.get(row.instance, "instance", row.instance)
    operator = row.user_id == OPERATOR_ID
    return {
        "User": _operator(call, row.instance) if operator else _user(catalogue, row),
        "Instance": {
            "InstanceId": instance.id,
            "Arn": instance.arn,
            "Alias": instance.name,
            "Region": call.services.site.region,
        },
        "Permissions": sorted(sessions_of(call).permissions(row)),
        "Language": row.language,
        "ExpiresAt": seconds(row.expires_at),
        "CsrfToken": csrf_token(token),
    }


def _user(catalogue: Any, row: SessionRow) -> dict[str, Any]:
    user = catalogue.get(row.instance, "user", row.user_id)
    names = user.body.get("IdentityInfo") or {}
    full_name = " ".join(name for name in (names.get("FirstName"), names.get("LastName")) if name)
    return {
        "UserId": user.id,
        "Arn": user.arn,
        "Username": user.name,
        "FirstName": names.get("FirstName"),
        "LastName": names.get("LastName"),
        "DisplayName": full_name or user.name,
    }


def _operator(call: Call, instance: str) -> dict[str, Any]:
    arn = call.services.site.resource(instance, "agent", OPERATOR_ID)
    return {"UserId": OPERATOR_ID, "Arn": arn, "Username": OPERATOR_ID, "DisplayName": OPERATOR_ID}


def sessions_of(call: Call) -> Sessions:
    """The sessions of this node. Raises AccessDeniedException where there are none."""
    if call.services.sessions is None:
        raise ServiceError("AccessDeniedException", "Nobody can sign in on this node")
    return call.services.sessions


def _token(call: Call) -> str:
    token, _ = session_token(call.headers)
    assert token is not None
    return token


def cookie(call: Call, token: str, seconds_to_live: int) -> str:
    """The header that gives the browser a session token, or takes it away."""
    secure = "; Secure" if call.origin.startswith("https:") else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds_to_live}; HttpOnly; SameSite=Strict{secure}"
