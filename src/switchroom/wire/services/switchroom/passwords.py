"""Passwords of others and one's own lost one, login names, and the operator's way in (USER-21, USER-29..31)."""

from typing import Any

from switchroom.base.clock import SECOND, seconds
from switchroom.base.errors import ServiceError
from switchroom.features.passwords import LostPasswords
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import actor, catalogue, repository, target
from switchroom.wire.services.switchroom.session import cookie, description, sessions_of
from switchroom.wire.signing_out import close_desks


@operation("switchroom", "ResetUserPassword", permission=("Users.Edit", "Users.Create"))
async def reset_user_password(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """An administrator sets a password; the user is signed out everywhere at once (USER-29)."""
    user = target(call, request, "user", "UserId")
    await _lost(call).set(user, request["Password"])
    await close_desks(call.services, user)
    return {}


@operation("switchroom", "RenameUser", permission="Users.Edit")
async def rename_user(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Another login name; the personal queue goes by it too (USER-21)."""
    known = target(call, request, "user", "UserId")
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        user = await repository(call).newest(write, known.instance, "user", known.id)
        await write.update(user, name=request["Username"])
        queue = write.find(known.instance, "queue", known.id)
        if queue is not None:
            queue = await repository(call).newest(write, known.instance, "queue", known.id)
            await write.update(queue, name=request["Username"])
    return {}


@operation("switchroom", "RequestPasswordReset", auth="none")
def request_password_reset(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The same answer, as fast, for whatever name (USER-30)."""
    instance = sessions_of(call).instance_of(request.get("InstanceAlias"))
    _lost(call).ask(instance, request["Username"], call.source_ip, request.get("Language") or "en")
    return {}


@operation("switchroom", "CompletePasswordReset", auth="none")
async def complete_password_reset(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The new password by the link of the mail; the user is signed out everywhere (USER-30)."""
    user = await _lost(call).complete(request["Token"], request["Password"])
    await close_desks(call.services, user)
    return {}


@operation("switchroom", "CreatePasswordResetLink", permission=OPERATOR, auth="signed")
async def create_password_reset_link(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """For the operator, where there is no mail."""
    user = catalogue(call).by_name(_instance(call, request), "user", request["Username"])
    if user is None:
        raise ServiceError("ResourceNotFoundException", f"User {request['Username']} was not found")
    ends_at = _lost(call).ends_at()
    return {"Url": await _lost(call).link(user), "ExpiresAt": seconds(ends_at)}


@operation("switchroom", "CreateEmergencySignIn", permission=OPERATOR, auth="signed")
async def create_emergency_sign_in(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The operator's way in when no administrator is left (USER-31); it stands in the audit log."""
    ends_at = _lost(call).ends_at()
    return {"Url": await _lost(call).emergency_link(_instance(call, request)), "ExpiresAt": seconds(ends_at)}


@operation("switchroom", "CompleteEmergencySignIn", auth="none")
async def complete_emergency_sign_in(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A session by a link: of the operator for an hour, with all rights of an administrator (USER-31); or of a user
    whom an identity provider vouches for (USER-71)."""
    sessions = sessions_of(call)
    session = await sessions.begin(*await _lost(call).whom(request["Token"]), request.get("Language"))
    seconds_left = (session.expires_at - call.now) // SECOND
    call.response_headers.append(("Set-Cookie", cookie(call, session.token, seconds_left)))
    row = await sessions.row(session.token)
    return {"Token": session.token, **description(call, row, session.token)}


def _lost(call: Call) -> LostPasswords:
    found: LostPasswords = call.services.lost_passwords
    return found


def _instance(call: Call, request: dict[str, Any]) -> str:
    alias = request.get("InstanceAlias")
    instance = sessions_of(call).instance_of(alias)
    if instance is None:
        raise ServiceError("ResourceNotFoundException", f"Instance {alias or ''} was not found")
    return instance
