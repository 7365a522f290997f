"""Bots as configuration: made, built, published as versions, reached by aliases, associated with instances."""

import secrets
import string
from typing import Any

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.bot import DRAFT, TEST_ALIAS, TEST_ALIAS_ID
from switchroom.resources.repository import Write
from switchroom.resources.resource import View

BOT, VERSION, ALIAS = "bot", "bot-version", "bot-alias"
CLASSIC_LATEST = "$LATEST"
_LETTERS = string.ascii_uppercase + string.digits
_SHORT = 10


def short_id() -> str:
    """An identifier as the bot service makes them: ten letters and digits."""
    return "".join(secrets.choice(_LETTERS) for _ in range(_SHORT))


def short_alias_id(alias: Document) -> str:
    """The identifier of an alias inside its bot."""
    return alias.id[_SHORT:]


def empty_definition(name: str, seconds: int = 300) -> dict[str, Any]:
    """A bot that cannot do anything yet."""
    return {
        "bot": {"name": name, "dataPrivacy": {"childDirected": False}, "idleSessionTTLInSeconds": seconds},
        "locales": {},
    }


async def create(
    write: Write,
    instance: str,
    name: str,
    body: dict[str, Any],
    tags: dict[str, str] | None = None,
    functions: dict[str, str] | None = None,
) -> Document:
    """A bot with its test alias, which runs what was built last."""
    bot = await write.create(BOT, instance, name, body, tags, short_id())
    settings = {locale: {"Enabled": True, "FunctionArn": arn} for locale, arn in (functions or {}).items()}
    alias = {"BotId": bot.id, "Version": DRAFT, "LocaleSettings": settings}
    await write.create(ALIAS, instance, TEST_ALIAS, alias, identifier=f"{bot.id}{TEST_ALIAS_ID}")
    return bot


async def create_version(write: Write, bot: Document, description: str | None) -> Document:
    """A copy of what was built last that never changes; raises InvalidRequestException where nothing was built."""
    if bot.body.get("Built") is None and (bot.body.get("Engine") or {}).get("Type") != "LEX":
        raise invalid_request(f"The bot {bot.name} must be built before it gets a version")
    number = bot.body.get("NewestVersion", 0) + 1
    await write.update(bot, body={**bot.body, "NewestVersion": number})
    body = {
        "BotId": bot.id,
        "Definition": bot.body.get("Built"),
        "Engine": bot.body.get("Engine"),
        **({"Description": description} if description else {}),
    }
    return await write.create(VERSION, bot.instance, str(number), body)


async def create_alias(
    write: Write, bot: Document, name: str, body: dict[str, Any], tags: dict[str, str] | None = None
) -> Document:
    """An alias of a version."""
    return await write.create(ALIAS, bot.instance, name, {**body, "BotId": bot.id}, tags, f"{bot.id}{short_id()}")


async def delete(write: Write, bot: Document) -> None:
    """A bot with its versions and aliases. Refused while an instance is associated with one of them."""
    own = aliases(write, bot)
    for alias in own:
        require_unassociated(write.catalogue, alias)
    for one in [*own, *versions(write, bot)]:
        await write.delete(one)
    await write.delete(bot)


def require_unassociated(catalogue: Catalogue, alias: Document) -> None:
    """Refuse while an instance is associated with the alias."""
    if any(one.name == alias.arn for one in catalogue.site_wide("lex-v2-bot")):
        raise ServiceError("ResourceConflictException", f"Flows may use the alias {alias.name}: disassociate it first")


def versions(view: View, bot: Document) -> list[Document]:
    """The versions of a bot, newest first."""
    found = [one for one in view.all(bot.instance, VERSION) if one.body["BotId"] == bot.id]
    return sorted(found, key=lambda one: -int(one.name))


def aliases(view: View, bot: Document) -> list[Document]:
    """The aliases of a bot, by name."""
    return [one for one in view.all(bot.instance, ALIAS) if one.body["BotId"] == bot.id]


def find_alias(catalogue: Catalogue, arn: str) -> Document | None:
    """The alias of this site that has an ARN, or stands for one of another site."""
    found = catalogue.by_arn(arn)
    if found is not None:
        return found if found.kind == ALIAS else None
    every = catalogue.site_wide(ALIAS)
    return next((one for one in every if arn in (one.body.get("StandsFor") or ())), None)


def alias_named(catalogue: Catalogue, instance: str, alias: str) -> Document | None:
    """The alias of ours that a flow names: by ARN, or as `name:alias`, `$LATEST` being what was built last."""
    if alias.startswith("arn:"):
        return find_alias(catalogue, alias)
    name, _, short = alias.partition(":")
    bot = catalogue.by_name(instance, BOT, name)
    if bot is None:
        return None
    wanted = TEST_ALIAS if short in ("", CLASSIC_LATEST) else short
    return catalogue.by_name(instance, ALIAS, wanted, {"BotId": bot.id})


def classic_association(catalogue: Catalogue, instance: str, name: str) -> Document | None:
    """The association of a bot of the first generation."""
    return next((one for one in catalogue.all(instance, "lex-bot") if one.body.get("Name") == name), None)


def associated(catalogue: Catalogue, instance: str, alias: str) -> bool:
    """Whether flows of an instance may use the bot that an alias names (FLOW-104)."""
    if alias.startswith("arn:"):
        own = find_alias(catalogue, alias)
        names = {alias, own.arn} if own is not None else {alias}
        return any(catalogue.by_name(instance, "lex-v2-bot", name) is not None for name in names)
    if classic_association(catalogue, instance, alias.partition(":")[0]) is not None:
        return True
    own = alias_named(catalogue, instance, alias)
    return own is not None and catalogue.by_name(instance, "lex-v2-bot", own.arn) is not None


def runs(catalogue: Catalogue, bot: Document, alias: Document) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """(engine, definition) behind an alias; the definition is None where the draft was never built."""
    wanted = alias.body["Version"]
    if wanted == DRAFT:
        return bot.body.get("Engine") or {}, bot.body.get("Built")
    found = catalogue.by_name(bot.instance, VERSION, wanted, {"BotId": bot.id})
    if found is None:
        return bot.body.get("Engine") or {}, None
    return found.body.get("Engine") or {}, found.body.get("Definition")


def ready(catalogue: Catalogue, alias: Document) -> bool:
    """Whether something built stands behind an alias: only then flows may use it (FLOW-104)."""
    engine, content = runs(catalogue, catalogue.get(alias.instance, BOT, alias.body["BotId"]), alias)
    return content is not None or engine.get("Type") == "LEX"
