"""What an instance is associated with: storage, origins, functions, bots, keys (BASE-199..204)."""

from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError
from switchroom.resources import bots
from switchroom.resources.document import Document
from switchroom.wire.call import Call
from switchroom.wire.embedding import check_origin
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, label, once, page, repository

_SMALL_PAGE = 25
ADMINISTRATOR = "SecurityProfiles.Edit"
"""Who may change the instance in the pages."""


async def _associate(
    call: Call, request: dict[str, Any], kind: str, name: str, body: dict[str, Any], answer: str | None = None
) -> dict[str, Any]:
    instance = instance_of(call, request)
    async with repository(call).write(instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            document = await write.create(kind, instance, name, body)
            return {answer: document.id} if answer else {}

        return await once(call, write, request, instance, produce)


async def _disassociate(call: Call, request: dict[str, Any], kind: str, name: str) -> None:
    instance = instance_of(call, request)
    document = catalogue(call).by_name(instance, kind, name)
    if document is None:
        raise ServiceError("ResourceNotFoundException", f"{label(kind)} {name} is not associated with the instance")
    await repository(call).delete(instance, kind, document.id, actor=actor(call))


def _names(call: Call, request: dict[str, Any], kind: str, member: str) -> dict[str, Any]:
    items = [document.name for document in catalogue(call).all(instance_of(call, request), kind)]
    return page(call, request, member, items, default=_SMALL_PAGE)


# storage


def _config(document: Document) -> dict[str, Any]:
    rest = {name: value for name, value in document.body.items() if name != "ResourceType"}
    return {"AssociationId": document.id, **rest}


def _stored(call: Call, request: dict[str, Any]) -> Document:
    instance = instance_of(call, request)
    document = catalogue(call).get(instance, "storage-config", request["AssociationId"])
    if document.body["ResourceType"] != request["ResourceType"]:
        raise ServiceError("ResourceNotFoundException", f"{document.id} is not storage of {request['ResourceType']}")
    return document


def _body(request: dict[str, Any]) -> dict[str, Any]:
    config = {name: value for name, value in request["StorageConfig"].items() if name != "AssociationId"}
    return {"ResourceType": request["ResourceType"], **config}


@operation("connect", "AssociateInstanceStorageConfig", permission=OPERATOR)
async def associate_instance_storage_config(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One for each resource type; a second one is a conflict."""
    return await _associate(
        call, request, "storage-config", request["ResourceType"], _body(request), answer="AssociationId"
    )


@operation("connect", "DescribeInstanceStorageConfig", permission=OPERATOR)
def describe_instance_storage_config(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Where a type of data is kept."""
    return {"StorageConfig": _config(_stored(call, request))}


@operation("connect", "UpdateInstanceStorageConfig", permission=OPERATOR)
async def update_instance_storage_config(call: Call, request: dict[str, Any]) -> None:
    """Replaces the whole configuration."""
    known, body = _stored(call, request), _body(request)
    await repository(call).update(known.instance, known.kind, known.id, lambda _: body, actor=actor(call))


@operation("connect", "DisassociateInstanceStorageConfig", permission=OPERATOR)
async def disassociate_instance_storage_config(call: Call, request: dict[str, Any]) -> None:
    """What is stored stays where it is."""
    known = _stored(call, request)
    await repository(call).delete(known.instance, known.kind, known.id, actor=actor(call))


@operation("connect", "ListInstanceStorageConfigs", permission=OPERATOR)
def list_instance_storage_configs(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Those of one resource type."""
    found = catalogue(call).all(instance_of(call, request), "storage-config")
    items = [_config(one) for one in found if one.body["ResourceType"] == request["ResourceType"]]
    return page(call, request, "StorageConfigs", items, default=10)


# origins


@operation("connect", "AssociateApprovedOrigin", permission=OPERATOR)
async def associate_approved_origin(call: Call, request: dict[str, Any]) -> None:
    """DESK-153: pages of this origin may embed ours."""
    check_origin(request["Origin"])
    await _associate(call, request, "approved-origin", request["Origin"], {})


@operation("connect", "DisassociateApprovedOrigin", permission=OPERATOR)
async def disassociate_approved_origin(call: Call, request: dict[str, Any]) -> None:
    """They may no longer."""
    await _disassociate(call, request, "approved-origin", request["Origin"])


@operation("connect", "ListApprovedOrigins", permission=OPERATOR)
def list_approved_origins(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """All origins."""
    return _names(call, request, "approved-origin", "Origins")


# functions


@operation("connect", "AssociateLambdaFunction", permission=(OPERATOR, ADMINISTRATOR))
async def associate_lambda_function(call: Call, request: dict[str, Any]) -> None:
    """Flows may invoke the function."""
    await _associate(call, request, "lambda-function", request["FunctionArn"], {})


@operation("connect", "DisassociateLambdaFunction", permission=(OPERATOR, ADMINISTRATOR))
async def disassociate_lambda_function(call: Call, request: dict[str, Any]) -> None:
    """Flows may no longer invoke it."""
    await _disassociate(call, request, "lambda-function", request["FunctionArn"])


@operation("connect", "ListLambdaFunctions", permission=(OPERATOR, "ContactFlows.View"))
def list_lambda_functions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """All functions flows may invoke."""
    return _names(call, request, "lambda-function", "LambdaFunctions")


# bots


def _v1(bot: dict[str, Any]) -> str:
    return f"{bot['LexRegion']}/{bot['Name']}"


async def associate_alias(call: Call, instance: str, bot: dict[str, Any]) -> None:
    """Flows of the instance may use the alias. One of ours must have something built behind it (FLOW-104)."""
    _require_ready(call, bot["AliasArn"])
    await repository(call).create("lex-v2-bot", instance, bot["AliasArn"], bot, actor=actor(call))


async def disassociate_alias(call: Call, instance: str, arn: str) -> None:
    """Flows of the instance may no longer use the alias."""
    await _disassociate(call, {"InstanceId": instance}, "lex-v2-bot", arn)


def _require_ready(call: Call, arn: str) -> None:
    """Whether an alias that is not of ours exists, a turn with it will show."""
    alias = bots.find_alias(catalogue(call), arn)
    if alias is not None and not bots.ready(catalogue(call), alias):
        raise ServiceError("InvalidRequestException", f"The bot behind the alias {alias.name} is not built")


@operation("connect", "AssociateLexBot", permission=OPERATOR)
async def associate_lex_bot(call: Call, request: dict[str, Any]) -> None:
    """A bot of the first version of the bot service."""
    await _associate(call, request, "lex-bot", _v1(request["LexBot"]), request["LexBot"])


@operation("connect", "DisassociateLexBot", permission=OPERATOR)
async def disassociate_lex_bot(call: Call, request: dict[str, Any]) -> None:
    """Flows may no longer use it."""
    await _disassociate(call, request, "lex-bot", f"{request['LexRegion']}/{request['BotName']}")


@operation("connect", "ListLexBots", permission=(OPERATOR, "ContactFlows.View"))
def list_lex_bots(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Bots of the first version."""
    known = [bot.body for bot in catalogue(call).all(instance_of(call, request), "lex-bot")]
    return page(call, request, "LexBots", known, default=_SMALL_PAGE)


def _bot(request: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    first, second = request.get("LexBot"), request.get("LexV2Bot")
    if bool(first) == bool(second):
        raise ServiceError("InvalidRequestException", "Exactly one of LexBot and LexV2Bot is required")
    if first:
        return "lex-bot", _v1(first), first
    if not second or not second.get("AliasArn"):
        raise ServiceError("InvalidRequestException", "LexV2Bot needs AliasArn")
    return "lex-v2-bot", second["AliasArn"], second


@operation("connect", "AssociateBot", permission=OPERATOR)
async def associate_bot(call: Call, request: dict[str, Any]) -> None:
    """A bot of either version: of ours, or of Amazon Lex (FLOW-104)."""
    kind, name, body = _bot(request)
    if kind == "lex-v2-bot":
        _require_ready(call, name)
    await _associate(call, request, kind, name, body)


@operation("connect", "DisassociateBot", permission=OPERATOR)
async def disassociate_bot(call: Call, request: dict[str, Any]) -> None:
    """Flows may no longer use it."""
    kind, name, _ = _bot(request)
    await _disassociate(call, request, kind, name)


@operation("connect", "ListBots", permission=(OPERATOR, "ContactFlows.View"))
def list_bots(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Bots of one version."""
    kind, member = ("lex-bot", "LexBot") if request["LexVersion"] == "V1" else ("lex-v2-bot", "LexV2Bot")
    known = [{member: bot.body} for bot in catalogue(call).all(instance_of(call, request), kind)]
    return page(call, request, "LexBots", known, default=_SMALL_PAGE)


# keys


@operation("connect", "AssociateSecurityKey", permission=(OPERATOR, ADMINISTRATOR))
async def associate_security_key(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A public key that customer input may be encrypted with; at most two."""
    return await _associate(call, request, "security-key", "key", {"Key": request["Key"]}, answer="AssociationId")


@operation("connect", "DisassociateSecurityKey", permission=(OPERATOR, ADMINISTRATOR))
async def disassociate_security_key(call: Call, request: dict[str, Any]) -> None:
    """Nothing is encrypted with it any more."""
    instance = instance_of(call, request)
    known = catalogue(call).get(instance, "security-key", request["AssociationId"])
    await repository(call).delete(instance, "security-key", known.id, actor=actor(call))


@operation("connect", "ListSecurityKeys", permission=(OPERATOR, ADMINISTRATOR, "ContactFlows.View"))
def list_security_keys(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Both keys, oldest first."""
    keys = sorted(catalogue(call).all(instance_of(call, request), "security-key"), key=lambda key: key.created_at)
    items = [{"AssociationId": key.id, "Key": key.body["Key"], "CreationTime": seconds(key.created_at)} for key in keys]
    return page(call, request, "SecurityKeys", items, default=2)
