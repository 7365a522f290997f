"""API keys for programs, with identity policies (USER-56). Only keys may manage keys."""

import secrets
import string
from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import access_denied, not_found
from switchroom.storage.security import ApiKey, ApiKeys
from switchroom.wire.call import Call
from switchroom.wire.keys import Keys
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.policies import parse_policy

_ALPHABET = string.ascii_uppercase + string.digits


@operation("switchroom", "CreateApiKey", permission=OPERATOR)
async def create_api_key(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A key with a policy, or one that may do everything."""
    keys, store = _keys(call)
    policy = request.get("Policy")
    if policy is not None:
        parse_policy(policy)
    identifier = "AKIA" + "".join(secrets.choice(_ALPHABET) for _ in range(16))
    key = ApiKey(identifier, secrets.token_urlsafe(30), request["Name"], policy)
    await store.put(key, call.now)
    keys.add(key)
    return {"AccessKeyId": key.access_key_id, "SecretAccessKey": key.secret}


@operation("switchroom", "ListApiKeys", permission=OPERATOR)
async def list_api_keys(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Without secrets."""
    _, store = _keys(call)
    found = sorted(await store.all(), key=lambda key: (key.name.casefold(), key.access_key_id))
    return {
        "ApiKeys": [
            {
                "AccessKeyId": key.access_key_id,
                "Name": key.name,
                "Policy": key.policy,
                "CreatedAt": seconds(key.created_at),
            }
            for key in found
        ]
    }


@operation("switchroom", "DeleteApiKey", permission=OPERATOR)
async def delete_api_key(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The key opens nothing any more, on any node."""
    keys, store = _keys(call)
    identifier = request["AccessKeyId"]
    if all(key.access_key_id != identifier for key in await store.all()):
        raise not_found("Access key", identifier)
    await store.delete(identifier)
    await keys.refresh()
    return {}


def _keys(call: Call) -> tuple[Keys, ApiKeys]:
    keys = call.services.keys
    if keys is None or keys.store is None:
        raise access_denied("This node keeps no keys")
    return keys, keys.store
