"""Signing in people whom an identity provider vouches for (USER-71)."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources.kinds.user import managed_by
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of


@operation("connect", "GetFederationToken", auth="signed")
async def get_federation_token(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A session of the user whom the API key is named after, and an address that begins another one in a browser.

    The name must be that of the user exactly (BASE-174). There is no renewal: a session ends when it ends.
    """
    instance, services = instance_of(call, request), call.services
    if managed_by(catalogue(call), instance) != "SAML":
        raise invalid_request("Users of this instance do not sign in by SAML")
    user = catalogue(call).by_name(instance, "user", call.caller.name)
    if user is None or user.name != call.caller.name:
        raise ServiceError("UserNotFoundException", f"No user of this instance is called {call.caller.name}")
    assert services.sessions is not None
    session = await services.sessions.begin(instance, user.id)
    ends = seconds(session.expires_at)
    return {
        "UserId": user.id,
        "UserArn": user.arn,
        "SignInUrl": await services.lost_passwords.federation_link(user),
        "Credentials": {
            "AccessToken": session.token,
            "AccessTokenExpiration": ends,
            "RefreshToken": session.token,
            "RefreshTokenExpiration": ends,
        },
    }
