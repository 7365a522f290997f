"""Bots that flows talk to: our own engine, Amazon Lex, or a language model, all in the words of the Lex V2 runtime."""

from switchroom.channels.bots.bot import Bot, BotFailed, Turn
from switchroom.channels.bots.runner import BotRunner

__all__ = ["Bot", "BotFailed", "BotRunner", "Turn"]
