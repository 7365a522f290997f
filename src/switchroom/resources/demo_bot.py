"""The bot of the demo: finds orders, tells the opening hours and gets a person, in English and Japanese."""

import json
from importlib.resources import files
from typing import Any

from switchroom.resources import bots
from switchroom.resources.document import Document
from switchroom.resources.repository import Write

NAME = "DemoSupport"
ALIAS = "live"


def definition() -> dict[str, Any]:
    """As Lex V2 exports one."""
    found: dict[str, Any] = json.loads(files(__package__).joinpath("demo_bot.json").read_text(encoding="utf-8"))
    return found


async def seed(write: Write, instance: str) -> Document:
    """The bot, built, with a version, an alias of it, and the association with the instance. Returns the alias."""
    content = definition()
    body = {"Description": content["bot"]["description"], "Draft": content, "Built": content, "BuiltAt": write.now}
    bot = await bots.create(write, instance, NAME, {**body, "Engine": {"Type": "OWN"}})
    version = await bots.create_version(write, bot, "As it comes with the demo")
    settings = {locale: {"Enabled": True} for locale in content["locales"]}
    alias = await bots.create_alias(write, bot, ALIAS, {"Version": version.name, "LocaleSettings": settings})
    await write.create("lex-v2-bot", instance, alias.arn, {"AliasArn": alias.arn})
    return alias
