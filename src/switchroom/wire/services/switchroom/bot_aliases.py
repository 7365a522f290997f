"""Aliases of bots, and letting flows use them (FLOW-104, FLOW-107)."""

from typing import Any

from switchroom.base.errors import invalid_request
from switchroom.resources import bots
from switchroom.resources.document import Document
from switchroom.resources.kinds.bot import TEST_ALIAS_ID
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.associations import associate_alias, disassociate_alias
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository
from switchroom.wire.services.switchroom.bots import ADMINISTRATOR, PUBLISH, VIEW


@operation("switchroom", "ListBotAliases", permission=VIEW)
def list_bot_aliases(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name."""
    bot = catalogue(call).get(instance_of(call, request), bots.BOT, request["BotId"])
    return {"Aliases": [_shape(call, one) for one in bots.aliases(catalogue(call), bot)]}


@operation("switchroom", "CreateBotAlias", permission=PUBLISH)
async def create_bot_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Of a version, or of the draft as it was built last."""
    instance = instance_of(call, request)
    bot = catalogue(call).get(instance, bots.BOT, request["BotId"])
    async with repository(call).write(instance, actor(call), call.now) as write:
        alias = await bots.create_alias(write, bot, request["Name"], _body({"LocaleSettings": {}}, request))
    return {"Alias": _shape(call, alias)}


@operation("switchroom", "UpdateBotAlias", permission=PUBLISH)
async def update_bot_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Flows talk to the other version from their next turn on."""
    known = _alias(call, request)
    if bots.short_alias_id(known) == TEST_ALIAS_ID and (request.get("Version") or request.get("Name")):
        raise invalid_request("The test alias always runs the draft as it was built last")
    alias = await repository(call).update(
        known.instance,
        bots.ALIAS,
        known.id,
        lambda one: _body(one.body, request),
        name=request.get("Name"),
        actor=actor(call),
    )
    return {"Alias": _shape(call, alias)}


@operation("switchroom", "DeleteBotAlias", permission="ContactFlows.Delete")
async def delete_bot_alias(call: Call, request: dict[str, Any]) -> None:
    """Refused while an instance is associated with it."""
    known = _alias(call, request)
    if bots.short_alias_id(known) == TEST_ALIAS_ID:
        raise invalid_request("The test alias stays with its bot")
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        bots.require_unassociated(catalogue(call), known)
        await write.delete(await repository(call).newest(write, known.instance, bots.ALIAS, known.id))


@operation("switchroom", "AssociateBotAlias", permission=ADMINISTRATOR)
async def associate_bot_alias(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """As AssociateBot does."""
    alias = _alias(call, request)
    if not bots.associated(catalogue(call), alias.instance, alias.arn):
        await associate_alias(call, alias.instance, {"AliasArn": alias.arn})
    return {"Alias": _shape(call, alias)}


@operation("switchroom", "DisassociateBotAlias", permission=ADMINISTRATOR)
async def disassociate_bot_alias(call: Call, request: dict[str, Any]) -> None:
    """As DisassociateBot does."""
    alias = _alias(call, request)
    await disassociate_alias(call, alias.instance, alias.arn)


def _alias(call: Call, request: dict[str, Any]) -> Document:
    identifier = f"{request['BotId']}{request['AliasId']}"
    return catalogue(call).get(instance_of(call, request), bots.ALIAS, identifier)


def _body(before: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    body = {**before, **{name: request[name] for name in ("Version", "Description") if request.get(name) is not None}}
    if request.get("LocaleSettings") is not None:
        body["LocaleSettings"] = {
            one["LocaleId"]: {
                "Enabled": one.get("Enabled") is not False,
                **({"FunctionArn": one["FunctionArn"]} if one.get("FunctionArn") else {}),
            }
            for one in request["LocaleSettings"]
        }
    if request.get("StandsFor") is not None:
        body["StandsFor"] = list(dict.fromkeys(request["StandsFor"]))
    return body


def _shape(call: Call, alias: Document) -> dict[str, Any]:
    settings = alias.body.get("LocaleSettings") or {}
    return {
        "AliasId": bots.short_alias_id(alias),
        "AliasArn": alias.arn,
        "Name": alias.name,
        "Description": alias.body.get("Description"),
        "Version": alias.body["Version"],
        "LocaleSettings": [{"LocaleId": name, **one} for name, one in sorted(settings.items())],
        "StandsFor": alias.body.get("StandsFor") or [],
        "Associated": bots.associated(catalogue(call), alias.instance, alias.arn),
        "Ready": bots.ready(catalogue(call), alias),
    }
