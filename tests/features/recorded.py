"""A few hours of a real centre on a real database, on a clock of the test: customers and agents as chance has it."""

import heapq
import json
from collections.abc import Callable
from functools import partial
from random import Random
from typing import Any

from switchroom.base.clock import MINUTE, SECOND
from switchroom.base.errors import ServiceError
from switchroom.centre.batch import Batch
from switchroom.centre.centre import Centre
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core.command import Command
from switchroom.resources.repository import SYSTEM, Write
from switchroom.views.contacts import ContactRows
from switchroom.wire.context import Services

BEGIN = 1_767_600_000_000
"""Monday, 5 January 2026, 08:00 UTC."""
AGENTS = ("agent1", "agent2", "supervisor", "analyst")


def _flow(name: str, queue: str) -> dict[str, Any]:
    def action(identifier: str, kind: str, following: str, **parameters: Any) -> dict[str, Any]:
        errors = [{"NextAction": "end", "ErrorType": kind} for kind in ("NoMatchingError", "QueueAtCapacity")]
        transitions = {"NextAction": following, "Errors": errors}
        return {"Identifier": identifier, "Type": kind, "Parameters": parameters, "Transitions": transitions}

    actions = [
        action("set", "UpdateContactTargetQueue", "put", QueueId=queue),
        action("put", "TransferContactToQueue", "end"),
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ]
    content = {"Version": "2019-10-30", "StartAction": "set", "Metadata": {}, "Actions": actions}
    return {"Type": "CONTACT_FLOW", "State": "ACTIVE", "Content": json.dumps(content), "Version": 1, "Name": name}


class Past:
    """Furnishes the instance of `site` with two queues, and lives a few hours of it."""

    def __init__(self, services: Services, seed: int) -> None:
        self.services = services
        self.catalogue = services.catalogue
        (self.instance,) = (one.id for one in self.catalogue.instances())
        self.queues: dict[str, str] = {}
        self.users: dict[str, str] = {}
        self.now = BEGIN
        self._random = Random(seed)
        self._heap: list[tuple[int, int, Callable[[], Command | None]]] = []
        self._pushed = 0
        self._wrapping: set[tuple[str, str]] = set()
        self._chats: dict[str, str] = {}
        self.accepted: dict[str, str] = {}

    async def furnish(self) -> None:
        async with self.services.repository.write(self.instance, SYSTEM) as write:
            for name, kind in (("Available", "ROUTABLE"), ("Offline", "OFFLINE"), ("Break", "CUSTOM")):
                await write.create("agent-status", self.instance, name, {"Type": kind, "State": "ENABLED"})
            end = {"Identifier": "end", "Type": "EndFlowExecution", "Parameters": {}, "Transitions": {}}
            content = {"Version": "2019-10-30", "StartAction": "end", "Metadata": {}, "Actions": [end]}
            body = {"Type": "CUSTOMER_QUEUE", "IsDefault": True, "State": "ACTIVE", "Version": 1}
            await write.create("contact-flow", self.instance, "Wait", {**body, "Content": json.dumps(content)})
            for name in ("Claims", "Orders"):
                await self._queue(write, name)
            await self._profile(write, "First", {"Claims": (1, 0), "Orders": (2, 20)})
            await self._profile(write, "Second", {"Orders": (1, 0), "Claims": (1, 10)})
        for number, name in enumerate(AGENTS):
            user = self.catalogue.by_name(self.instance, "user", name)
            profile = self.catalogue.by_name(self.instance, "routing-profile", ("First", "Second")[number % 2])
            self.users[name] = user.id
            await self.services.repository.update(
                self.instance,
                "user",
                user.id,
                lambda before, chosen=profile.id: {**before.body, "RoutingProfileId": chosen},
                actor=SYSTEM,
            )

    async def _queue(self, write: Write, name: str) -> None:
        hours = self.catalogue.by_name(self.instance, "hours-of-operation", "Hours")
        body = {"HoursOfOperationId": hours.id, "Status": "ENABLED", "QueueType": "STANDARD", "QuickConnectIds": []}
        queue = await write.create("queue", self.instance, name, body)
        self.queues[name] = queue.id
        await write.create("contact-flow", self.instance, f"To {name}", _flow(name, queue.id))

    async def _profile(self, write: Write, name: str, places: dict[str, tuple[int, int]]) -> None:
        body = {
            "MediaConcurrencies": [{"Channel": "CHAT", "Concurrency": 2}, {"Channel": "TASK", "Concurrency": 1}],
            "QueueConfigs": [
                {"QueueId": self.queues[queue], "Channel": channel, "Priority": priority, "Delay": delay}
                for queue, (priority, delay) in places.items()
                for channel in ("CHAT", "TASK")
            ],
            "DefaultOutboundQueueId": self.queues["Claims"],
            "ManualAssignmentQueueConfigs": [],
        }
        await write.create("routing-profile", self.instance, name, body)

    # ------------------------------------------------------------------ living

    async def live(self, customers: int, minutes: int) -> None:
        """So many customers come within so many minutes; then it goes on until all is done."""
        self.centre = Centre(
            self.instance,
            site=self.services.site,
            database=self.services.database,
            catalogue=self.catalogue,
            projections=[ContactRows()],
            listeners=[self._heard],
            clock=lambda: self.now,
        )
        await self.centre.open()
        available, pause = (self._status(name) for name in ("Available", "Break"))
        for user in self.users.values():
            away = self._random.randrange(minutes * MINUTE)
            for delay, status in ((self._random.randrange(10 * SECOND), available), (away, pause)):
                self._at(delay, partial(self._set, user, status))
            self._at(away + 12 * MINUTE, partial(self._set, user, available))
        for _ in range(customers):
            self._at(self._random.randrange(minutes * MINUTE), self._comes)
        while self._heap:
            await self._step()
        await self.centre.close()

    async def _step(self) -> None:
        at, _, act = self._heap[0]
        due = self.centre.decider.wake_at()
        if due is not None and due < at:
            self.now = max(self.now, min(at, due + self._random.randrange(30)))
            await self.centre.submit(c.LogIn(agent=self.users["agent1"]))
            return
        heapq.heappop(self._heap)
        self.now = max(self.now, at)
        command = act()
        if command is None:
            return
        try:
            answer = await self.centre.submit(command)
        except ServiceError:
            return
        if isinstance(command, c.StartChat):
            await self.centre.submit(c.ConnectParticipant(session=answer["contact"], participant=answer["participant"]))
            patience = self._random.randrange(20 * SECOND, 400 * SECOND)
            leave = c.LeaveChat(session=answer["contact"], participant=answer["participant"])
            self._at(patience, lambda: leave if answer["contact"] not in self.accepted else None)

    def _comes(self) -> Command:
        flow = self.catalogue.by_name(self.instance, "contact-flow", self._random.choice(("To Claims", "To Orders"))).id
        if self._random.random() < 0.5:
            return c.StartTask(name="Task", flow=flow)
        return c.StartChat(flow=flow, customer_name="Jane")

    def _heard(self, batch: Batch) -> None:
        for _, event in batch.events:
            self._react(event)

    def _react(self, event: e.Event) -> None:
        chance = self._random.random()
        if isinstance(event, e.Queued) and chance < 0.15:
            priority = c.SetRoutingData(contact=event.contact, priority=self._random.randrange(1, 9))
            self._at(self._random.randrange(20 * SECOND), lambda: priority)
        elif isinstance(event, e.Offered):
            accept = c.AcceptContact(agent=event.agent, contact=event.contact)
            reject = c.RejectContact(agent=event.agent, contact=event.contact)
            if chance < 0.9:
                self._at(self._random.randrange(6 * SECOND), lambda: accept if chance < 0.82 else reject)
        elif isinstance(event, e.OfferMissed):
            put_away = c.ClearContact(agent=event.agent, contact=event.contact)
            self._at(self._random.randrange(8 * SECOND), lambda: put_away)
        elif isinstance(event, e.Accepted):
            self.accepted[event.contact] = event.agent
            self._served(event, chance)
        elif isinstance(event, e.WrapUpStarted):
            clear = c.ClearContact(agent=event.agent, contact=event.contact)
            self._at(self._random.randrange(40 * SECOND), lambda: clear)

    def _served(self, event: e.Accepted, chance: float) -> None:
        talk = self._random.randrange(10 * SECOND, 200 * SECOND)
        end: Command = c.EndContact(agent=event.agent, contact=event.contact)
        if chance < 0.1:
            flow = self.catalogue.by_name(self.instance, "contact-flow", "To Orders").id
            end = c.TransferContact(contact=event.contact, flow=flow, queue=self.queues["Orders"], by=event.agent)
        elif chance < 0.2:
            self._at(talk // 3, lambda: c.PauseContact(contact=event.contact, holder=event.agent, by=event.agent))
            self._at(talk // 2, lambda: c.ResumeContact(contact=event.contact, by=event.agent))
        self._at(talk, lambda: end)

    def _set(self, user: str, status: str) -> Command:
        return c.SetStatus(agent=user, status=status, by=user)

    def _status(self, name: str) -> str:
        found: str = self.catalogue.by_name(self.instance, "agent-status", name).id
        return found

    def _at(self, delay: int, act: Callable[[], Command | None]) -> None:
        self._pushed += 1
        heapq.heappush(self._heap, (self.now + delay, self._pushed, act))
