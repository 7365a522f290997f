"""Bots: making, building, trying, publishing, importing and exporting them (FLOW-104, FLOW-148)."""

import asyncio
import json
from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, access_denied, invalid_parameter, invalid_request
from switchroom.channels.bots import checking, files
from switchroom.channels.bots.bot import BotFailed, NoSuchBot, Turn
from switchroom.channels.bots.engine.definition import mapping
from switchroom.channels.bots.secrets import seal
from switchroom.resources import bots
from switchroom.resources.document import Document
from switchroom.resources.kinds.bot import DRAFT, TEST_ALIAS_ID
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, repository

VIEW, EDIT, PUBLISH = "ContactFlows.View", "ContactFlows.Edit", "ContactFlows.Publish"
"""Bots are part of flows, and so are the rights to them."""
ADMINISTRATOR = "SecurityProfiles.Edit"
"""Needed besides to say which services outside a bot talks to, and to let flows use a bot."""
_ENGINE = ("Type", "Url", "Model", "TimeoutSeconds", "AliasArn")


@operation("switchroom", "ListBots", permission=VIEW)
def list_bots(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name."""
    instance = instance_of(call, request)
    return {"Bots": [_summary(call, bot) for bot in catalogue(call).all(instance, bots.BOT)]}


@operation("switchroom", "CreateBot", permission="ContactFlows.Create")
async def create_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """With its test alias, which answers once the bot is built."""
    instance, name = instance_of(call, request), request["Name"]
    draft = _definition(request) or bots.empty_definition(name)
    body = {"Engine": _engine(call, instance, {}, request), "Draft": _named(draft, name)}
    if request.get("Description"):
        body["Description"] = request["Description"]
    async with repository(call).write(instance, actor(call), call.now) as write:
        bot = await bots.create(write, instance, name, body)
    return {"Bot": _shape(bot)}


@operation("switchroom", "DescribeBot", permission=VIEW)
def describe_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """With the definition of its draft."""
    return {"Bot": _shape(_bot(call, request))}


@operation("switchroom", "UpdateBotDraft", permission=EDIT)
async def update_bot_draft(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What runs stays as it was built."""
    known = _bot(call, request)
    definition = _definition(request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        bot = await repository(call).newest(write, known.instance, bots.BOT, known.id)
        if request.get("Revision") is not None and request["Revision"] != bot.version:
            raise ServiceError(
                "ResourceConflictException",
                f"The bot {bot.name} was changed by {bot.modified_by} meanwhile; load it again and repeat the change",
            )
        body = dict(bot.body)
        if request.get("Description") is not None:
            body["Description"] = request["Description"]
        if request.get("Engine") is not None:
            body["Engine"] = _engine(call, bot.instance, body.get("Engine") or {}, request)
        name = request.get("Name") or bot.name
        body["Draft"] = _named(definition or body["Draft"], name)
        bot = await write.update(bot, name=name, body=body)
    return {"Bot": _shape(bot)}


@operation("switchroom", "DeleteBot", permission="ContactFlows.Delete")
async def delete_bot(call: Call, request: dict[str, Any]) -> None:
    """With its versions and aliases."""
    known = _bot(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        await bots.delete(write, await repository(call).newest(write, known.instance, bots.BOT, known.id))


@operation("switchroom", "CheckBot", permission=VIEW)
async def check_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Nothing is stored."""
    instance_of(call, request)
    return {"Problems": await _problems(_definition(request) or {}, request)}


@operation("switchroom", "BuildBot", permission=PUBLISH)
async def build_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """From then on the test alias runs it; with an error the bot stays as it was built before."""
    known = _bot(call, request)
    problems = await _problems(known.body["Draft"], request)
    if any(one["Severity"] == "ERROR" for one in problems):
        return {"Bot": _shape(known), "Problems": problems}
    built = {"Built": known.body["Draft"], "BuiltAt": call.now}
    bot = await repository(call).update(
        known.instance, bots.BOT, known.id, lambda one: {**one.body, **built}, actor=actor(call)
    )
    return {"Bot": _shape(bot), "Problems": problems}


@operation("switchroom", "TestBotText", permission=VIEW)
async def test_bot_text(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One turn with what an alias runs; the test alias runs what was built last."""
    bot = _bot(call, request)
    alias = _alias(call, bot, request.get("AliasId") or TEST_ALIAS_ID)
    turn = Turn(
        session=request["SessionId"],
        locale=request["LocaleId"],
        text=request["Text"],
        now=call.now,
        mode=request.get("Mode") or "Text",
        state=_json(request["SessionState"], "SessionState") if request.get("SessionState") else None,
        request_attributes=request.get("RequestAttributes") or {},
    )
    try:
        answer = await call.services.bots.recognize(bot.instance, alias.arn, turn)
    except NoSuchBot as missing:
        raise ServiceError("ResourceNotFoundException", missing.text) from None
    except BotFailed as failed:
        raise invalid_request(failed.text) from None
    return {"Response": json.dumps(answer, ensure_ascii=False, default=str)}


@operation("switchroom", "CreateBotVersion", permission=PUBLISH)
async def create_bot_version(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Of what was built last."""
    known = _bot(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        bot = await repository(call).newest(write, known.instance, bots.BOT, known.id)
        made = await bots.create_version(write, bot, request.get("Description"))
    return {"Version": _version(call, known, made)}


@operation("switchroom", "ListBotVersions", permission=VIEW)
def list_bot_versions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Newest first."""
    bot = _bot(call, request)
    return {"Versions": [_version(call, bot, one) for one in bots.versions(catalogue(call), bot)]}


@operation("switchroom", "DeleteBotVersion", permission="ContactFlows.Delete")
async def delete_bot_version(call: Call, request: dict[str, Any]) -> None:
    """Refused while an alias runs it."""
    bot, number = _bot(call, request), request["Version"]
    found = catalogue(call).by_name(bot.instance, bots.VERSION, number, {"BotId": bot.id})
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"The bot {bot.name} has no version {number}")
    async with repository(call).write(bot.instance, actor(call), call.now) as write:
        user = next((one for one in bots.aliases(write, bot) if one.body["Version"] == number), None)
        if user is not None:
            raise ServiceError("ResourceConflictException", f"Version {number} is run by the alias {user.name}")
        await write.delete(found)


@operation("switchroom", "ImportBot", permission="ContactFlows.Create")
async def import_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A new bot, or another draft of one."""
    instance = instance_of(call, request)
    try:
        definition = await asyncio.to_thread(files.read_file, request["File"])
    except files.BadFile as wrong:
        raise invalid_request(str(wrong)) from None
    if request.get("BotId"):
        change = {"InstanceId": instance, "BotId": request["BotId"], "Name": request.get("Name")}
        answer = await update_bot_draft(call, {**change, "Definition": json.dumps(definition)})
    else:
        name = request.get("Name") or str(mapping(definition.get("bot")).get("name") or "Imported")
        about = mapping(definition.get("bot")).get("description")
        made = {"InstanceId": instance, "Name": name, "Definition": json.dumps(definition)}
        answer = await create_bot(call, {**made, "Description": str(about)[:200] if about else None})
    return {**answer, "Problems": await _problems(definition, request)}


@operation("switchroom", "ExportBot", permission=VIEW)
async def export_bot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The draft, or a version."""
    bot, version = _bot(call, request), request.get("Version") or DRAFT
    definition = bot.body["Draft"]
    if version != DRAFT:
        found = catalogue(call).by_name(bot.instance, bots.VERSION, version, {"BotId": bot.id})
        if found is None or found.body.get("Definition") is None:
            raise ServiceError("ResourceNotFoundException", f"The bot {bot.name} has no version {version}")
        definition = found.body["Definition"]
    data = await asyncio.to_thread(files.write_file, definition, version)
    return {"FileName": f"{bot.name}_{version}_LexJson.zip", "File": data}


def _bot(call: Call, request: dict[str, Any]) -> Document:
    return catalogue(call).get(instance_of(call, request), bots.BOT, request["BotId"])


def _alias(call: Call, bot: Document, identifier: str) -> Document:
    return catalogue(call).get(bot.instance, bots.ALIAS, f"{bot.id}{identifier}")


def _definition(request: dict[str, Any]) -> dict[str, Any] | None:
    """The definition of a request with one name for every member; None where there is none."""
    if request.get("Definition") is None:
        return None
    return dict(files.canonical(_json(request["Definition"], "Definition")))


def _json(text: str, member: str) -> dict[str, Any]:
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        raise invalid_parameter(f"{member} is not JSON") from None
    if not isinstance(found, dict):
        raise invalid_parameter(f"{member} must be a JSON object")
    return found


def _named(definition: dict[str, Any], name: str) -> dict[str, Any]:
    """The definition under the name of the bot."""
    if not isinstance(definition.get("locales", {}), dict):
        raise invalid_parameter("Definition.locales must be an object")
    return {**definition, "bot": {**mapping(definition.get("bot")), "name": name}}


def _engine(call: Call, instance: str, before: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """The engine a request asks for. Services outside are the business of administrators."""
    given = request.get("Engine")
    if given is None:
        return before or {"Type": "OWN"}
    engine = {name: given[name] for name in _ENGINE if given.get(name) is not None}
    if given.get("Key"):
        if call.services.envelope is None:
            raise ServiceError("InternalServiceException", "This node keeps no secrets")
        engine["Key"] = seal(call.services.envelope, instance, given["Key"])
    elif before.get("Key") and engine.get("Url") == before.get("Url"):
        engine["Key"] = before["Key"]
    if engine != (before or {"Type": "OWN"}) and engine["Type"] != "OWN" and not call.caller.may(ADMINISTRATOR):
        raise access_denied(f"This needs the permission {ADMINISTRATOR}")
    return engine


async def _problems(definition: dict[str, Any], request: dict[str, Any]) -> list[dict[str, Any]]:
    found = await asyncio.to_thread(checking.problems_of, definition)
    language = request.get("Language") or "en"
    return [
        {"Severity": one.severity, "Code": one.code, "Place": one.place, "Message": one.message(language)}
        for one in found[:500]
    ]


def _status(bot: Document) -> str:
    if bot.body.get("Built") is None:
        return "NOT_BUILT"
    return "BUILT" if bot.body["Built"] == bot.body["Draft"] else "CHANGED"


def _locales(definition: Any) -> list[str]:
    return sorted(str(one) for one in mapping(mapping(definition).get("locales")))


def _summary(call: Call, bot: Document) -> dict[str, Any]:
    found = catalogue(call)
    own = bots.aliases(found, bot)
    return {
        "BotId": bot.id,
        "BotArn": bot.arn,
        "Name": bot.name,
        "Description": bot.body.get("Description"),
        "Status": _status(bot),
        "Engine": (bot.body.get("Engine") or {}).get("Type") or "OWN",
        "Locales": _locales(bot.body["Draft"]),
        "Associated": any(bots.associated(found, bot.instance, alias.arn) for alias in own),
        "LastModifiedTime": modified(bot)["LastModifiedTime"],
    }


def _shape(bot: Document) -> dict[str, Any]:
    engine = bot.body.get("Engine") or {"Type": "OWN"}
    built = bot.body.get("BuiltAt")
    return {
        "BotId": bot.id,
        "BotArn": bot.arn,
        "Name": bot.name,
        "Description": bot.body.get("Description"),
        "Status": _status(bot),
        "Engine": {**{name: engine.get(name) for name in _ENGINE}, "KeySet": bool(engine.get("Key"))},
        "Definition": json.dumps(bot.body["Draft"], ensure_ascii=False),
        "BuiltTimestamp": seconds(built) if built is not None else None,
        "Revision": bot.version,
        "LastModifiedTime": modified(bot)["LastModifiedTime"],
    }


def _version(call: Call, bot: Document, version: Document) -> dict[str, Any]:
    running = [one.name for one in bots.aliases(catalogue(call), bot) if one.body["Version"] == version.name]
    return {
        "Version": version.name,
        "Description": version.body.get("Description"),
        "Locales": _locales(version.body.get("Definition")),
        "CreatedTimestamp": seconds(version.created_at),
        "Aliases": running,
    }
