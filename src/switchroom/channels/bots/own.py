"""Bots of our own: the engine, with its sessions and the functions it calls."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

import msgspec

from switchroom.channels.bots.bot import BotFailed, NoSuchBot
from switchroom.channels.bots.engine.definition import Definition, Locale
from switchroom.channels.bots.engine.dialog import converse
from switchroom.channels.bots.engine.matching import Matcher, Reading
from switchroom.channels.bots.engine.resolving import Resolver, SlotValue
from switchroom.channels.bots.engine.session import MOST_TEXT, HookFault, Session, Turn
from switchroom.channels.bots.sessions import Sessions
from switchroom.channels.bots.vectors import Embedder, word_vectors

CallHook = Callable[[str, str, int], Awaitable[Any]]
"""(ARN, event as JSON text, milliseconds) -> the parsed answer; raises `FunctionFailed`."""
HOOK_MS = 8_000


class Understanding(Protocol):
    """Tells what a sentence means."""

    async def read(
        self, locale: Locale, session: Session, turn: Turn, resolver: Resolver
    ) -> tuple[list[Reading], dict[str, SlotValue]]:
        """(readings, the likeliest first; values for slots of the intent under way). Raises BotFailed."""
        ...


class Likeness:
    """Understanding by the sample utterances of the bot."""

    def __init__(self, embedder: Embedder | None = None) -> None:
        self._embedder = embedder or word_vectors()
        self._matchers: dict[str, Matcher] = {}

    async def read(
        self, locale: Locale, session: Session, turn: Turn, resolver: Resolver
    ) -> tuple[list[Reading], dict[str, SlotValue]]:
        """By patterns, letters and meaning."""
        matcher = self._matchers.get(locale.id)
        if matcher is None:
            matcher = Matcher(locale, self._embedder.embed)
            await asyncio.to_thread(matcher.prepare)
            self._matchers[locale.id] = matcher
        if not turn.text.strip():
            return [], {}
        return matcher.readings(turn.text, resolver, session.open_contexts()), {}


class AliasSettings(msgspec.Struct, frozen=True):
    """What an alias says: the locales that answer, and the function of each."""

    disabled: frozenset[str] = frozenset()
    functions: dict[str, str] = {}


class About(msgspec.Struct, frozen=True):
    """Who a bot is to its functions."""

    id: str
    name: str
    version: str = "DRAFT"
    alias_id: str = "TSTALIASID"
    alias_name: str = "TestBotAlias"

    def written(self, locale: str) -> dict[str, str]:
        """`bot` of a function's event."""
        return {
            "id": self.id,
            "name": self.name,
            "localeId": locale,
            "version": self.version,
            "aliasId": self.alias_id,
            "aliasName": self.alias_name,
        }


class EngineBot:
    """A bot whose dialog is led by our engine, whoever understands the words."""

    def __init__(
        self,
        definition: Definition,
        about: About,
        understanding: Understanding,
        sessions: Sessions,
        hook: CallHook,
        settings: AliasSettings | None = None,
    ) -> None:
        self.definition = definition
        self.about = about
        self._understanding = understanding
        self._sessions = sessions
        self._hook = hook
        self._settings = settings or AliasSettings()

    async def recognize(self, turn: Turn) -> dict[str, Any]:
        """One turn (FLOW-105, FLOW-108, FLOW-109)."""
        locale = self.locale(turn.locale)
        turn = msgspec.structs.replace(turn, text=turn.text[:MOST_TEXT])
        key = self.key(turn.locale, turn.session)
        session = await self.session(key, turn.now)
        if turn.state is not None:
            session.take(turn.state, turn.now)
        session.age(turn.now)
        resolver = Resolver(locale, turn.today)
        readings, slots = await self._understanding.read(locale, session, turn, resolver)
        answer = await self._converse(locale, session, turn, readings, slots)
        await self._sessions.save(key, session)
        return answer

    def locale(self, identifier: str) -> Locale:
        """A language of the bot; raises NoSuchBot for one it does not have (FLOW-108)."""
        locale = self.definition.locales.get(identifier)
        if locale is None or identifier in self._settings.disabled:
            raise NoSuchBot(f"The bot {self.about.name} has no locale {identifier}")
        return locale

    def key(self, locale: str, session: str) -> str:
        """What a conversation is kept under."""
        return f"{self.about.id}/{self.about.alias_id}/{locale}/{session}"

    async def session(self, key: str, now: int) -> Session:
        """The conversation so far; a new one when there is none, or it rested for longer than the bot's timeout."""
        known = await self._sessions.load(key)
        if known is None or (now - known.at) / 1000 > self.definition.ttl_seconds:
            return Session(at=now)
        return known

    async def _converse(
        self, locale: Locale, session: Session, turn: Turn, readings: list[Reading], slots: dict[str, SlotValue]
    ) -> dict[str, Any]:
        talking = converse(self.definition, locale, session, turn, readings, self.about.written(locale.id), slots)
        reply: Any = None
        try:
            while True:
                event = talking.send(reply)
                reply = await self._ask(locale, event)
        except StopIteration as over:
            answer: dict[str, Any] = over.value
            return answer
        except HookFault as fault:
            raise BotFailed(str(fault)) from None

    async def _ask(self, locale: Locale, event: dict[str, Any]) -> Any:
        arn = self._settings.functions.get(locale.id)
        if arn is None:
            raise BotFailed(f"The alias {self.about.alias_name} has no function for {locale.id}")
        return await self._hook(arn, json.dumps(event, ensure_ascii=False), HOOK_MS)
