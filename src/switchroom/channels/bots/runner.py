"""Which bot an alias names, and taking a turn with it."""

from collections import OrderedDict
from typing import Any

import httpx
import msgspec

from switchroom.base.arns import Site
from switchroom.channels.bots.bot import Bot, BotFailed, NoSuchBot, Turn
from switchroom.channels.bots.engine.definition import mapping, read
from switchroom.channels.bots.lex import ALIAS_ARN, ClassicLexBot, LexBot
from switchroom.channels.bots.llm import DEFAULT_SECONDS, LanguageModel, ModelSettings
from switchroom.channels.bots.own import About, AliasSettings, EngineBot, Likeness, Understanding
from switchroom.channels.bots.secrets import unseal
from switchroom.channels.bots.sessions import Sessions
from switchroom.channels.functions.runner import FunctionFailed, FunctionRunner
from switchroom.resources import bots
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.storage.envelope import Envelope

_KEPT = 100
_NOBODY = Site().account
"""The account of documentation, which this site has unless it is told another: Amazon Lex knows no bots of it."""


class BotRunner:
    """Takes turns with bots by alias.

    An alias ARN of this site is a bot of ours: led by our engine, and understood by it or by a language model, or else
    standing for a bot of Amazon Lex. Any other alias ARN is a bot of Amazon Lex V2. `name:alias` is a bot of ours by
    its name, or of the first generation of Amazon Lex (FLOW-107).
    """

    def __init__(
        self,
        catalogue: Catalogue,
        functions: FunctionRunner,
        sessions: Sessions,
        envelope: Envelope | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._functions = functions
        self.sessions = sessions
        self._envelope = envelope
        self._client = httpx.AsyncClient(follow_redirects=False)
        self._open: OrderedDict[tuple[str, int, int], Bot] = OrderedDict()
        self._foreign: dict[str, Bot] = {}

    async def recognize(self, instance: str, alias: str, turn: Turn) -> dict[str, Any]:
        """The answer of RecognizeText to one turn with the bot that `alias` names. Raises BotFailed."""
        try:
            return await self.bot(instance, alias, turn).recognize(turn)
        except FunctionFailed as failed:
            raise BotFailed(failed.text) from None

    def bot(self, instance: str, alias: str, turn: Turn | None = None) -> Bot:
        """The bot; raises NoSuchBot."""
        document = bots.alias_named(self._catalogue, instance, alias)
        if document is not None:
            return self.of(document, classic=not alias.startswith("arn:"))
        named = ALIAS_ARN.fullmatch(alias)
        if named is not None and named[3] != _NOBODY:
            return self._foreign.setdefault(alias, LexBot(alias))
        name, _, short = alias.partition(":")
        association = bots.classic_association(self._catalogue, instance, name)
        if association is None:
            raise NoSuchBot(f"There is no bot {alias}")
        region = str(association.body["LexRegion"])
        return self._foreign.setdefault(f"{region}/{alias}", ClassicLexBot(name, short or "$LATEST", region))

    def of(self, alias: Document, *, classic: bool = False) -> Bot:
        """The bot of one of our aliases."""
        bot = self._catalogue.get(alias.instance, bots.BOT, alias.body["BotId"])
        key = (f"{alias.id}{'/' * classic}", alias.revision, bot.revision)
        known = self._open.get(key)
        if known is None:
            known = self._open[key] = self._made(bot, alias, classic)
            if len(self._open) > _KEPT:
                self._open.popitem(last=False)
        self._open.move_to_end(key)
        return known

    async def close(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    def _made(self, bot: Document, alias: Document, classic: bool) -> Bot:
        engine, content = bots.runs(self._catalogue, bot, alias)
        if engine.get("Type") == "LEX":
            return LexBot(str(engine.get("AliasArn") or ""))
        if content is None:
            raise NoSuchBot(f"The bot {bot.name} is not built")
        about = About(bot.id, bot.name, alias.body["Version"], bots.short_alias_id(alias), alias.name)
        made = OnlyLocale if classic else EngineBot
        understanding = self._understanding(bot, engine)
        return made(read(content), about, understanding, self.sessions, self._functions.invoke, _settings(alias))

    def _understanding(self, bot: Document, engine: dict[str, Any]) -> Understanding:
        if engine.get("Type") != "LLM":
            return Likeness()
        sealed = engine.get("Key")
        key = unseal(self._envelope, bot.instance, sealed) if sealed and self._envelope is not None else None
        settings = ModelSettings(
            url=str(engine.get("Url") or ""),
            model=str(engine.get("Model") or ""),
            key=key,
            seconds=float(engine.get("TimeoutSeconds") or DEFAULT_SECONDS),
        )
        return LanguageModel(settings, self._client)


class OnlyLocale(EngineBot):
    """A bot called by its name as those of the first generation are: with one locale it answers in any language."""

    async def recognize(self, turn: Turn) -> dict[str, Any]:
        """One turn."""
        if turn.locale not in self.definition.locales and len(self.definition.locales) == 1:
            turn = msgspec.structs.replace(turn, locale=next(iter(self.definition.locales)))
        return await super().recognize(turn)


def _settings(alias: Document) -> AliasSettings:
    settings = {name: mapping(one) for name, one in mapping(alias.body.get("LocaleSettings")).items()}
    return AliasSettings(
        disabled=frozenset(name for name, one in settings.items() if one.get("Enabled") is False),
        functions={name: str(one["FunctionArn"]) for name, one in settings.items() if one.get("FunctionArn")},
    )
