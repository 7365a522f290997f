"""Ending what a person has open, once the sessions are gone."""

import asyncio
from contextlib import suppress

from switchroom.base.errors import ServiceError
from switchroom.core.commands import LogOut
from switchroom.live import subjects
from switchroom.resources.document import Document
from switchroom.wire.context import Services

_AGAIN_SECONDS = 1.0
"""When open pages look at their session once more: a node may hear of its end a little later than of us."""


async def close_desks(services: Services, user: Document) -> None:
    """Close the live connections of a user whose sessions have ended, on all nodes; an agent becomes Offline."""
    if services.sessions is not None:
        services.sessions.forget()
    if services.centres is not None:
        with suppress(ServiceError):
            await services.centres.submit(user.instance, LogOut(agent=user.id))
    if services.bus is not None:
        subject = subjects.agent(user.instance, user.id)
        await services.bus.publish(subject, b"")
        later = asyncio.create_task(_nudge(services, subject))
        _UNDER_WAY.add(later)
        later.add_done_callback(_UNDER_WAY.discard)


async def _nudge(services: Services, subject: str) -> None:
    await asyncio.sleep(_AGAIN_SECONDS)
    with suppress(Exception):
        await services.bus.publish(subject, b"")


_UNDER_WAY: set[asyncio.Task[None]] = set()
