"""Trunks, and the passwords of desk phones. Passwords come in, are sealed, and never go out again."""

import secrets
from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.media.directory import SIP_SECRET
from switchroom.media.secrets import seal
from switchroom.media.trunks import TrunkState
from switchroom.resources.document import Document
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, repository

VIEW = "PhoneNumbers.View"
CHANGE = "PhoneNumbers.Release"
"""Who may give numbers away decides which lines they are reached by."""
KIND = "trunk"
SETTINGS = (
    *("Enabled", "Inbound", "Outbound", "Srtp", "Codecs", "NumberRules"),
    *("PingSeconds", "Loopback", "MaximumCalls"),
)
SIDES = ("Inbound", "Outbound")


@operation("switchroom", "ListTrunks", permission=VIEW)
def list_trunks(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name, with how they fare."""
    found = catalogue(call).all(instance_of(call, request), KIND)
    return {"Trunks": [_shape(call, document) for document in found]}


@operation("switchroom", "DescribeTrunk", permission=VIEW)
def describe_trunk(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One trunk."""
    return {"Trunk": _shape(call, catalogue(call).get(instance_of(call, request), KIND, request["TrunkId"]))}


@operation("switchroom", "CreateTrunk", permission=CHANGE)
async def create_trunk(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Used by the media processes at once."""
    instance = instance_of(call, request)
    body = _settings(call, instance, {"Enabled": True}, request)
    document = await repository(call).create(KIND, instance, request["Name"], body, actor=actor(call))
    return {"Trunk": _shape(call, document)}


@operation("switchroom", "UpdateTrunk", permission=CHANGE)
async def update_trunk(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What is left out stays; of a side (`Inbound`, `Outbound`) that is given, only its password may be left out."""
    instance = instance_of(call, request)
    document = await repository(call).update(
        instance,
        KIND,
        request["TrunkId"],
        lambda before: _settings(call, instance, before.body, request),
        name=request.get("Name"),
        actor=actor(call),
    )
    return {"Trunk": _shape(call, document)}


@operation("switchroom", "DeleteTrunk", permission=CHANGE)
async def delete_trunk(call: Call, request: dict[str, Any]) -> None:
    """Calls that are up stay up."""
    await repository(call).delete(instance_of(call, request), KIND, request["TrunkId"], actor=actor(call))


@operation("switchroom", "ResetSipPassword", permission="Users.EditPermission")
async def reset_sip_password(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What a desk phone registers with, shown once."""
    instance = instance_of(call, request)
    envelope = call.services.envelope
    if envelope is None:
        raise ServiceError("InternalServiceException", "This node keeps no secrets")
    password = secrets.token_urlsafe(15)
    sealed = seal(envelope, instance, password)
    user = await repository(call).update(
        instance, "user", request["UserId"], lambda before: {**before.body, SIP_SECRET: sealed}, actor=actor(call)
    )
    settings = call.services.settings
    address = f"{settings.public_address or settings.host}:{settings.sip_port}"
    return {"Login": {"Username": user.name, "Password": password, "Address": address}}


def _settings(call: Call, instance: str, before: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    body = {**before, **{name: request[name] for name in SETTINGS if request.get(name) is not None}}
    for side in SIDES:
        given = request.get(side)
        if given is not None:
            kept = (before.get(side) or {}).get("Secret")
            members = {name: value for name, value in given.items() if name not in ("Secret", "SecretSet")}
            secret = _sealed(call, instance, given["Secret"]) if given.get("Secret") else kept
            body[side] = {**members, **({"Secret": secret} if secret and members.get("Username") else {})}
    return body


def _sealed(call: Call, instance: str, secret: str) -> str:
    envelope = call.services.envelope
    if envelope is None:
        raise ServiceError("InternalServiceException", "This node keeps no secrets")
    return seal(envelope, instance, secret)


def _shape(call: Call, document: Document) -> dict[str, Any]:
    body = {**document.body}
    for side in SIDES:
        settings = body.get(side)
        if settings is not None:
            shown = {name: value for name, value in settings.items() if name != "Secret"}
            body[side] = {**shown, "SecretSet": bool(settings.get("Secret"))}
    voice = call.services.voice
    states = voice.trunks.of(document.id) if voice is not None else []
    return {
        "TrunkId": document.id,
        "TrunkArn": document.arn,
        "Name": document.name,
        **body,
        "States": [_state(state) for state in states],
        "LastModifiedTime": modified(document)["LastModifiedTime"],
    }


def _state(state: TrunkState) -> dict[str, Any]:
    return {
        "MediaId": state.media,
        "Registered": state.registered,
        "Reachable": state.reachable,
        "RoundTripMilliseconds": state.rtt_ms,
        "Calls": state.calls,
        "Error": state.error or None,
        "ErrorTimestamp": seconds(state.error_at) if state.error_at else None,
        "Timestamp": seconds(state.at),
    }
