"""An instance with the parts of rules and external events, on a real database, message bus and centre."""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from typing import Any

import msgspec

from switchroom.centre.centres import Centres
from switchroom.core.contact import Contact
from switchroom.features.mail import Letter, Mailer
from switchroom.features.rules import language
from switchroom.features.rules.connections import Connections
from switchroom.features.rules.evaluation import Evaluation
from switchroom.features.rules.intake import Intake
from switchroom.features.rules.secrets import Sealed
from switchroom.features.rules.signatures import sign
from switchroom.resources.repository import SYSTEM
from switchroom.storage import outbox
from switchroom.storage.bus import Bus
from switchroom.wire.app import App, create_app
from switchroom.wire.context import Services
from tests.wire.asgi import Reply, ask
from tests.wire.doors import Clock
from tests.wire.people import Client

TICKET = "$.ThirdParty.Zendesk.TicketCreate."
FLOW_CONTENT = {
    "Version": "2019-10-30",
    "StartAction": "wait",
    "Metadata": {},
    "Actions": [
        {
            "Identifier": "wait",
            "Type": "Wait",
            "Parameters": {"TimeLimitSeconds": "600"},
            "Transitions": {"NextAction": "end", "Errors": [], "Conditions": []},
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ],
}


class Written(Mailer):
    """A mail server that keeps the letters."""

    def __init__(self) -> None:
        super().__init__("smtp://127.0.0.1:9", None)
        self.letters: list[Letter] = []

    def send(self, letter: Letter) -> None:
        self.letters.append(letter)


class House:
    """The demo instance with a flow, an operator at the door, and the parts of rules with a clock of their own."""

    def __init__(self, site: Services, bus: Bus, clock: Clock) -> None:
        self.site, self.clock = site, Clock()
        self.instance = site.catalogue.instances()[0].instance
        self.centres = Centres(site=site.site, database=site.database, bus=bus, catalogue=site.catalogue)
        self.mailer = Written()
        sealed = Sealed(site.envelope)
        self.intake = site.event_intake = Intake(site.database, sealed, self.clock.now)
        connections = Connections(site.database, site.catalogue, sealed, self.intake, self.clock.now)
        site.centres, site.event_connections = self.centres, connections
        self.rules = self.evaluation()
        self.app: App = create_app(site, clock=clock.now, timer=clock.timer)
        self.key = Client(self.app, self.instance)
        self.flow = ""

    def evaluation(self) -> Evaluation:
        """What evaluates events on one more node."""
        site = self.site
        return Evaluation(site.site, site.database, site.catalogue, self.centres, self.mailer, self.clock.now)

    async def furnish(self) -> None:
        body = {"Type": "CONTACT_FLOW", "State": "ACTIVE", "Status": "PUBLISHED", "Content": json.dumps(FLOW_CONTENT)}
        made = await self.site.repository.create("contact-flow", self.instance, "Tasks", body, actor=SYSTEM)
        self.flow = made.id
        await self.led()

    async def led(self) -> None:
        for _ in range(200):
            if self.centres.leads(self.instance):
                return
            await asyncio.sleep(0.02)
        raise AssertionError("nobody leads the instance")

    async def connect(self, application: str = "ZENDESK", **more: Any) -> tuple[str, str]:
        """A connection: (id, secret)."""
        given = {"Url": "https://acme.zendesk.com", "Name": "Zendesk - Test instance", **more}
        made = await self.key.own("CreateEventConnection", Application=application, **given)
        return made["Connection"]["ConnectionId"], made["Secret"]

    def task(self, **more: Any) -> dict[str, Any]:
        settings = {"Name": "Zendesk-[ticket_id]", "ContactFlowId": self.flow, **more}
        return {"ActionType": "CREATE_TASK", "TaskAction": settings}

    async def rule(
        self, connection: str, name: str = "Account_creation", *, of: Client | None = None, **more: Any
    ) -> str:
        source = {"EventSourceName": "OnZendeskTicketCreate", "IntegrationAssociationId": connection}
        given = {
            "TriggerEventSource": source,
            "Function": function(condition("EQUALS", TICKET + "Type", "question")),
            "Actions": [self.task()],
            "PublishStatus": "PUBLISHED",
            **more,
        }
        made = await (of or self.key)("CreateRule", Name=name, **given)
        identifier: str = made["RuleId"]
        return identifier

    async def webhook(self, connection: str, secret: str, payload: Any, at: int | None = None, **more: str) -> Reply:
        body = payload if isinstance(payload, bytes) else msgspec.json.encode(payload)
        moment = str((self.clock.now() if at is None else at) // 1000)
        headers = {"x-switchroom-signature": sign(secret, moment, body), "x-switchroom-timestamp": moment, **more}
        return await ask(self.app, "POST", f"/events/{connection}", headers=headers, body=body)

    async def work(self) -> None:
        while await self.rules.work():
            pass

    async def events(self, connection: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.key.own("ListExternalEvents", ConnectionId=connection))["Events"]
        return found

    def tasks(self) -> list[Contact]:
        contacts = self.centres._led[self.instance].decider.state.contacts.values()
        return sorted((one for one in contacts if one.channel == "TASK"), key=lambda one: one.name or "")

    async def owed(self) -> list[dict[str, Any]]:
        """Events of rules that wait to be sent."""
        async with self.site.database.pool.acquire() as connection:
            rows = await outbox.owed(connection, 100)
        return [
            msgspec.json.decode(message.payload)
            for _, messages in rows
            for message in messages
            if message.subject == f"rule-events.{self.instance}"
        ]


@contextlib.asynccontextmanager
async def opened(site: Services, bus: Bus, clock: Clock) -> AsyncIterator[House]:
    """The house with its centre at work."""
    house = House(site, bus, clock)
    await house.centres.open()
    await house.furnish()
    try:
        yield house
    finally:
        await house.centres.close()


def condition(operator: str, value: str, *operands: Any, **more: Any) -> dict[str, Any]:
    return {"Operator": operator, "Operands": list(operands), "ComparisonValue": value, **more}


def function(*parts: dict[str, Any]) -> str:
    return json.dumps({"Version": language.VERSION, "RuleFunction": {"Operator": "AND", "Operands": list(parts)}})


def ticket(identifier: str, **detail: Any) -> dict[str, Any]:
    detail = {"id": "77", "type": "QUESTION", "subject": "Hello & goodbye", "priority": "high", **detail}
    kind = "zen:event-type:ticket.created"
    return {"id": identifier, "type": kind, "subject": "zen:ticket:77", "detail": detail, "event": {}}
