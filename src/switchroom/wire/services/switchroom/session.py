"""Signing in and out, and what a page needs to know about who is signed in."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.resources.permissions import granted
from switchroom.storage.security import SESSION_MS, SessionRow
from switchroom.wire.authenticate import session_token
from switchroom.wire.call import Call
from switchroom.wire.embedding import end_session
from switchroom.wire.operation import operation
from switchroom.wire.sessions import COOKIE, Sessions, csrf_token


@operation("switchroom", "SignIn", auth="none")
async def sign_in(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A session for user name and password; also set as cookie (BASE-171, BASE-182)."""
    sessions = _sessions(call)
    session = await sessions.sign_in(
        request.get("InstanceAlias"), request["Username"], request["Password"], request.get("Language")
    )
    call.response_headers.append(("Set-Cookie", _cookie(call, session.token, SESSION_MS // 1000)))
    row = await sessions.row(session.token)
    return {"Token": session.token, **_description(call, row, session.token)}


@operation("switchroom", "SignOut", auth="none")
async def sign_out(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Ends the session of the request, if it has one (BASE-183); an agent becomes Offline (ROUT-66)."""
    token, _ = session_token(call.headers)
    if token is not None:
        await end_session(call.services, token)
    call.response_headers.append(("Set-Cookie", _cookie(call, "", 0)))
    return {}


@operation("switchroom", "GetSession", auth="session")
async def get_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Who is signed in, with which permissions, until when."""
    token = _token(call)
    return _description(call, await _sessions(call).row(token), token)


@operation("switchroom", "UpdateSession", auth="session")
async def update_session(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Keeps the language of the pages."""
    token = _token(call)
    sessions = _sessions(call)
    if "Language" in request:
        await sessions.set_language(token, request["Language"])
    return _description(call, await sessions.row(token), token)


def _description(call: Call, row: SessionRow, token: str) -> dict[str, Any]:
    catalogue = call.services.catalogue
    user = catalogue.get(row.instance, "user", row.user_id)
    instance = catalogue.get(row.instance, "instance", row.instance)
    names = user.body.get("IdentityInfo") or {}
    full_name = " ".join(name for name in (names.get("FirstName"), names.get("LastName")) if name)
    return {
        "User": {
            "UserId": user.id,
            "Arn": user.arn,
            "Username": user.name,
            "FirstName": names.get("FirstName"),
            "LastName": names.get("LastName"),
            "DisplayName": full_name or user.name,
        },
        "Instance": {
            "InstanceId": instance.id,
            "Arn": instance.arn,
            "Alias": instance.name,
            "Region": call.services.site.region,
        },
        "Permissions": sorted(granted(catalogue, user)),
        "Language": row.language,
        "ExpiresAt": seconds(row.expires_at),
        "CsrfToken": csrf_token(token),
    }


def _sessions(call: Call) -> Sessions:
    if call.services.sessions is None:
        raise ServiceError("AccessDeniedException", "Nobody can sign in on this node")
    return call.services.sessions


def _token(call: Call) -> str:
    token, _ = session_token(call.headers)
    assert token is not None
    return token


def _cookie(call: Call, token: str, seconds_to_live: int) -> str:
    secure = "; Secure" if call.origin.startswith("https:") else ""
    return f"{COOKIE}={token}; Path=/; Max-Age={seconds_to_live}; HttpOnly; SameSite=Strict{secure}"
