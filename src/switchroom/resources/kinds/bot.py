"""Bots, their versions and aliases (FLOW-104, FLOW-107, FLOW-148), with the identifiers and ARNs of Lex V2."""

import re

from switchroom.base.arns import Site
from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

DRAFT = "DRAFT"
TEST_ALIAS = "TestBotAlias"
TEST_ALIAS_ID = "TSTALIASID"
LEAST_TIMEOUT, MOST_TIMEOUT = 60, 86_400
"""Seconds after which a conversation is over when nobody says anything."""
ENGINES = ("OWN", "LLM", "LEX")
_TAKEN = "ResourceConflictException"
_NAME = re.compile(r"(?:[0-9a-zA-Z][_-]?){1,100}")
_ALIAS_ARN = re.compile(r"arn:aws[\w-]*:lex:[\w-]+:\d*:bot-alias/\w{10}/\w{10}")


class _Bot(Resource):
    def make_arn(self, site: Site, instance: str, identifier: str) -> str:
        """`arn:aws:lex:REGION:ACCOUNT:bot/BOT`"""
        return f"arn:aws:lex:{site.region}:{site.account}:bot/{identifier}"


class _Alias(Resource):
    def make_arn(self, site: Site, instance: str, identifier: str) -> str:
        """`arn:aws:lex:REGION:ACCOUNT:bot-alias/BOT/ALIAS`; a document's id is both identifiers together."""
        return f"arn:aws:lex:{site.region}:{site.account}:bot-alias/{identifier[:10]}/{identifier[10:]}"


def _check_bot(view: View, document: Document, before: Document | None) -> None:
    check_name(document.name)
    engine = document.body.get("Engine") or {}
    kind = engine.get("Type") or "OWN"
    if kind not in ENGINES:
        raise invalid_parameter(f"Engine.Type must be one of {', '.join(ENGINES)}")
    if kind == "LLM" and not (str(engine.get("Url") or "").startswith(("http://", "https://")) and engine.get("Model")):
        raise invalid_parameter("A language model needs Engine.Url (http or https) and Engine.Model")
    if kind == "LEX" and not _ALIAS_ARN.fullmatch(str(engine.get("AliasArn") or "")):
        raise invalid_parameter("A bot that stands for one of Amazon Lex needs Engine.AliasArn, the ARN of its alias")


def _check_alias(view: View, document: Document, before: Document | None) -> None:
    check_name(document.name)
    version = document.body["Version"]
    names = [
        one.name for one in view.all(document.instance, "bot-version") if one.body["BotId"] == document.body["BotId"]
    ]
    if version != DRAFT and version not in names:
        raise invalid_parameter(f"The bot has no version {version}")
    for arn in document.body.get("StandsFor") or []:
        if not _ALIAS_ARN.fullmatch(arn):
            raise invalid_parameter(f"{arn} is not the ARN of a bot alias")


def check_name(name: str) -> None:
    """Names are of letters, digits, hyphens and underscores."""
    if not _NAME.fullmatch(name):
        raise invalid_parameter(
            "A name has 1 to 100 letters or digits, with single hyphens or underscores between them"
        )


BOT = declare(
    _Bot(
        kind="bot",
        label="Bot",
        arn="bot/{id}",
        names=Names.FOLDED,
        duplicate=_TAKEN,
        quota=Quota("BOTS"),
        check=_check_bot,
    ),
)
"""Body: `Description`, `Engine` (`Type`, `Url`, `Model`, `Key` sealed, `TimeoutSeconds`, `AliasArn`), `Draft` and
`Built` (definitions in the form of Lex V2 exports), `BuiltAt` (epoch milliseconds)."""

BOT_VERSION = declare(
    Resource(
        kind="bot-version",
        label="Bot version",
        arn="bot-version/{id}",
        names=Names.EXACT,
        duplicate=_TAKEN,
        scope=lambda body: str(body["BotId"]),
        references=(Reference("BotId", "bot"),),
    )
)
"""Named by its number. Body: `BotId`, `Description`, `Definition`, `Engine`."""

BOT_ALIAS = declare(
    _Alias(
        kind="bot-alias",
        label="Bot alias",
        arn="bot-alias/{id}",
        names=Names.EXACT,
        duplicate=_TAKEN,
        scope=lambda body: str(body["BotId"]),
        references=(Reference("BotId", "bot"),),
        check=_check_alias,
    )
)
"""Body: `BotId`, `Version` (`DRAFT` or a number), `Description`, `LocaleSettings` (by locale: `Enabled`,
`FunctionArn`), `StandsFor` (ARNs of other sites' aliases that it answers to)."""
