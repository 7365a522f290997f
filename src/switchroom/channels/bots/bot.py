"""What answers customers: a `Bot` takes a turn in the words of the Lex V2 runtime and answers in them."""

from typing import Any, Protocol

from switchroom.channels.bots.engine.session import Mode, Turn

__all__ = ["Bot", "BotFailed", "Mode", "NoSuchBot", "Turn"]


class BotFailed(Exception):
    """The bot gave no answer; the block leaves by Error. `text` tells why."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.text = text


class NoSuchBot(BotFailed):
    """There is no such bot, alias or locale."""


class Bot(Protocol):
    """One version of a bot behind one of its aliases."""

    async def recognize(self, turn: Turn) -> dict[str, Any]:
        """The answer of RecognizeText: `messages`, `sessionState`, `interpretations`, `requestAttributes`,
        `sessionId`. Raises BotFailed."""
        ...
