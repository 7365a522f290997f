"""Plans on their way to the media processes: of each call the newest, until it was taken."""

import asyncio
import logging

import msgspec

from switchroom.core.media import CallPlan, SendKeys, SendPlan
from switchroom.media.wire import Keys, keys_subject, plan_subject
from switchroom.storage.bus import Bus, NoResponders, RemoteError

log = logging.getLogger(__name__)

TAKEN_WITHIN = 2.0
AGAIN = 0.2
PATIENCE = 12.0
"""Seconds after which a media process that takes nothing is dead, or new calls have other plans."""


class PlanSender:
    """Performs `SendPlan`. A plan that is overtaken by a newer one before it was taken is not sent."""

    def __init__(self, bus: Bus) -> None:
        self._bus = bus
        self._newest: dict[tuple[str, str, str], CallPlan] = {}
        self._sending: set[tuple[str, str, str]] = set()

    async def perform(self, effect: SendPlan) -> None:
        """Bring the plan to its media process."""
        key = (effect.media, effect.plan.instance, effect.plan.call)
        known = self._newest.get(key)
        if known is None or known.version <= effect.plan.version:
            self._newest[key] = effect.plan
        if key in self._sending:
            return
        self._sending.add(key)
        try:
            await self._send(key)
        finally:
            self._sending.discard(key)
            self._newest.pop(key, None)

    async def press(self, effect: SendKeys) -> None:
        """Bring keys to where they are collected; nothing of them is kept."""
        keys = Keys(effect.instance, effect.call, effect.leg, effect.digits)
        try:
            await self._bus.request(keys_subject(effect.media), msgspec.msgpack.encode(keys), TAKEN_WITHIN)
        except (NoResponders, TimeoutError, RemoteError) as error:
            log.warning("keys of call %s are lost: %s", effect.call, type(error).__name__)

    async def _send(self, key: tuple[str, str, str]) -> None:
        deadline = asyncio.get_running_loop().time() + PATIENCE
        sent = None
        while (plan := self._newest[key]) is not sent:
            if await self._taken(key[0], plan):
                sent = plan
                deadline = asyncio.get_running_loop().time() + PATIENCE
            elif asyncio.get_running_loop().time() > deadline:
                log.warning("media process %s does not take the plan of call %s", key[0], key[2])
                return
            else:
                await asyncio.sleep(AGAIN)

    async def _taken(self, media: str, plan: CallPlan) -> bool:
        try:
            await self._bus.request(plan_subject(media), msgspec.msgpack.encode(plan), TAKEN_WITHIN)
        except RemoteError as error:
            log.error("media process %s could not carry out the plan of call %s: %s", media, plan.call, error)
        except (NoResponders, TimeoutError):
            return False
        return True
