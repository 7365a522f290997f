"""Agents whose desktop is not heard of any more: nothing is offered to them until it comes back (ROUT-111).

The leader of an instance calls the roll: every node names the agents it has heard of lately. Who keeps a connection
and is named by nobody, twice in a row, is lost; who is lost and named again is back. So it does not matter which node
the desktops were at, nor whether that node still lives.
"""

import asyncio
import logging
from collections.abc import Callable
from uuid import uuid4

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.centres import Centres
from switchroom.core.commands import Command, LogIn, LoseAgent
from switchroom.live import subjects
from switchroom.storage.bus import Bus, Subscription

log = logging.getLogger(__name__)

HEARD_WITHIN = 75.0
"""Seconds: pages in the background send a sign of life every minute."""
ROLL_EVERY = 20.0
"""Seconds; so an agent is lost 75 to 115 seconds after the last sign of life."""
_AT_ONCE = 5_000

Heard = Callable[[], float]
"""Loop time of a socket's last sign of life."""


class _Asked(msgspec.Struct):
    instance: str


class _Here(msgspec.Struct):
    instance: str
    node: str
    users: list[str]


class AgentPresence:
    """The agent sockets of this node, and the roll of the instances it leads."""

    def __init__(
        self, bus: Bus, centres: Centres, *, every: float = ROLL_EVERY, heard_within: float = HEARD_WITHIN
    ) -> None:
        self._bus = bus
        self._centres = centres
        self._every = every
        self._heard_within = heard_within
        self._node = str(uuid4())
        self._open: dict[tuple[str, str], list[Heard]] = {}
        self._last: dict[tuple[str, str], float] = {}
        self._named: dict[str, set[str]] = {}
        self._nodes: dict[str, set[str]] = {}
        self._missing: dict[str, set[str]] = {}
        self._subscriptions: list[Subscription] = []
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Answer the rolls of others, and call those of the instances led here."""
        self._subscriptions = [
            await self._bus.subscribe(subjects.AGENTS_ASKED, self._asked),
            await self._bus.subscribe(subjects.AGENTS_HERE, self._hear),
        ]
        self._task = asyncio.create_task(self._call(), name="agent presence")

    async def stop(self) -> None:
        """Call no more rolls."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for subscription in self._subscriptions:
            await subscription.stop()

    def opened(self, instance: str, user: str, heard: Heard) -> Callable[[], None]:
        """An agent's socket opened here; call the answer when it is closed."""
        key = instance, user
        self._open.setdefault(key, []).append(heard)

        def closed() -> None:
            sockets = self._open[key]
            sockets.remove(heard)
            self._last[key] = max(heard(), self._last.get(key, 0.0))
            if not sockets:
                del self._open[key]

        return closed

    async def _call(self) -> None:
        while True:
            await asyncio.sleep(self._every)
            led = self._centres.led()
            for gone in self._named.keys() - set(led):
                for known in (self._named, self._nodes, self._missing):
                    known.pop(gone, None)
            for instance in led:
                try:
                    await self._judge(instance)
                except (ServiceError, OSError) as problem:
                    log.info("the agents of %s are looked for again later: %s", instance, problem)
                self._named[instance], self._nodes[instance] = set(), set()
                await self._bus.publish(subjects.AGENTS_ASKED, msgspec.json.encode(_Asked(instance)))

    async def _judge(self, instance: str) -> None:
        """Compare the answers to the last roll with the agents who should be there."""
        if self._node not in self._nodes.get(instance, ()):
            return  # the bus did not carry even our own answer
        named, before = self._named[instance], self._missing.get(instance, set())
        missing = set()
        for user, link in self._centres.links_of(instance).items():
            if link == "lost" and user in named:
                await self._submit(instance, LogIn(agent=user))
            elif link == "open" and user not in named:
                missing.add(user)
                if user in before:
                    log.info("agent %s of %s is not heard of any more", user, instance)
                    await self._submit(instance, LoseAgent(agent=user))
        self._missing[instance] = missing

    async def _submit(self, instance: str, command: Command) -> None:
        try:
            await self._centres.submit(instance, command)
        except ServiceError as refusal:
            log.info("%s: %s", command, refusal)

    async def _asked(self, payload: bytes, _: str) -> None:
        instance = msgspec.json.decode(payload, type=_Asked).instance
        users = self._here(instance)
        for start in range(0, max(1, len(users)), _AT_ONCE):
            answer = _Here(instance, self._node, users[start : start + _AT_ONCE])
            await self._bus.publish(subjects.AGENTS_HERE, msgspec.json.encode(answer))

    def _here(self, instance: str) -> list[str]:
        since = asyncio.get_running_loop().time() - self._heard_within
        self._last = {key: at for key, at in self._last.items() if at >= since}
        alive = {user for (where, user) in self._last if where == instance}
        for (where, user), sockets in self._open.items():
            if where == instance and any(heard() >= since for heard in sockets):
                alive.add(user)
        return list(alive)

    async def _hear(self, payload: bytes, _: str) -> None:
        answer = msgspec.json.decode(payload, type=_Here)
        if answer.instance in self._named:
            self._named[answer.instance].update(answer.users)
            self._nodes[answer.instance].add(answer.node)
