"""The way to the centres of instances that another process leads: NATS request/reply."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.core.commands import Command
from switchroom.storage.bus import Bus, NoResponders, Subscription

PATIENCE = 15.0
"""Seconds a command waits for an instance to have a leader."""
ANSWER_WITHIN = 30.0
LEADS = "centre-leads"
"""Subject of the notice that a node has begun to lead the instance named in it."""
AGAIN = 0.1
GRACE = 1.0
"""Seconds a reply may still take once another node leads: it may be the new leader that was asked."""

Submit = Callable[[Command], Awaitable[Any]]


class Answer(msgspec.Struct, omit_defaults=True):
    """What a leader sends back: a value, or a refusal."""

    value: Any = None
    code: str | None = None
    message: str = ""
    fields: dict[str, Any] = {}


class RemoteCentre:
    """Submit commands to any instance. `open` before use.

    `local` finds the centre of an instance that this very process leads, if there is one.
    """

    def __init__(self, bus: Bus, local: Callable[[str], Submit | None] = lambda _instance: None) -> None:
        self._bus = bus
        self._local = local
        self._changes: dict[str, asyncio.Event] = {}
        self._notices: Subscription | None = None

    async def open(self) -> None:
        """Begin to hear who leads."""
        self._notices = await self._bus.subscribe(LEADS, self._on_lead)

    async def close(self) -> None:
        """Hear no more."""
        if self._notices is not None:
            await self._notices.stop()

    async def submit(self, instance: str, command: Command) -> Any:
        """Decide a command where the instance is led. Answers are plain data. Raises ServiceError."""
        deadline = asyncio.get_running_loop().time() + PATIENCE
        payload = msgspec.msgpack.encode(command)
        while True:
            try:
                return _value(await self._request(instance, payload))
            except NoResponders:
                local = self._local(instance)
                if local is not None:
                    return await local(command)
                if asyncio.get_running_loop().time() > deadline:
                    raise moving() from None
                await asyncio.sleep(AGAIN)
            except TimeoutError:
                raise moving() from None

    async def _request(self, instance: str, payload: bytes) -> bytes:
        """The leader's reply. Raises TimeoutError as well when another node leads before the reply came.

        Whether the old leader had decided the command is not known then, so it is not sent again from here.
        """
        request = asyncio.create_task(self._bus.request(subject(instance), payload, ANSWER_WITHIN))
        changed = asyncio.create_task(self._changes.setdefault(instance, asyncio.Event()).wait())
        try:
            await asyncio.wait((request, changed), return_when=asyncio.FIRST_COMPLETED)
            return await asyncio.wait_for(request, GRACE)
        finally:
            request.cancel()
            changed.cancel()

    async def _on_lead(self, payload: bytes, _subject: str) -> None:
        """Some process began to lead an instance: whoever waits for the one before need not wait on."""
        event = self._changes.pop(payload.decode(), None)
        if event is not None:
            event.set()


def moving() -> ServiceError:
    """The instance is between two leaders: trying again helps."""
    return ServiceError("InternalServiceException", "The centre of this instance is moving; try again")


def subject(instance: str) -> str:
    """Where the leader of an instance answers commands."""
    return f"centre.{instance}"


def _value(reply: bytes) -> Any:
    answer = msgspec.msgpack.decode(reply, type=Answer)
    if answer.code is not None:
        raise ServiceError(answer.code, answer.message, **answer.fields)
    return answer.value
