"""The bots that flows talk to: the centre's effect in, the answer back as a command."""

import asyncio
import logging
from typing import Any

from switchroom.base.clock import now_ms
from switchroom.centre.centres import Centres
from switchroom.centre.flowing import CallBot
from switchroom.channels.bots.bot import BotFailed, Turn
from switchroom.channels.bots.runner import BotRunner
from switchroom.core.commands import SignalFlow
from switchroom.resources import bots
from switchroom.resources.catalogue import Catalogue

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10
"""How long a bot may take for an answer in a chat; on a call it has 30 s."""
_SPOKEN_SECONDS = 30


class BotCalls:
    """Performs `CallBot`. A turn may be taken twice when the centre moved while it was under way."""

    def __init__(self, runner: BotRunner, catalogue: Catalogue, centres: Centres) -> None:
        self._runner = runner
        self._catalogue = catalogue
        self._centres = centres

    async def perform(self, effect: CallBot) -> None:
        """Take the turn, and tell the flow what came of it (FLOW-105)."""
        try:
            value: Any = await self._answer(effect)
            kind = "done"
        except BotFailed as failed:
            kind, value = "failed", failed.text
        except TimeoutError:
            kind, value = "failed", "The bot did not answer in time"
        except Exception:
            log.exception("a turn with the bot %s failed", effect.call.alias)
            kind, value = "failed", "The bot broke down"
        await self._centres.submit(effect.instance, SignalFlow(key=effect.key, id=effect.id, kind=kind, value=value))

    async def _answer(self, effect: CallBot) -> dict[str, Any]:
        call = effect.call
        if not bots.associated(self._catalogue, effect.instance, call.alias):
            raise BotFailed(f"The bot {call.alias} is not associated with the instance")
        turn = Turn(
            session=call.session,
            locale=call.locale,
            text=call.text,
            now=now_ms(),
            mode=call.mode,
            state=call.state,
            request_attributes=call.request_attributes,
        )
        async with asyncio.timeout(ANSWER_SECONDS if call.mode == "Text" else _SPOKEN_SECONDS):
            return await self._runner.recognize(effect.instance, call.alias, turn)
