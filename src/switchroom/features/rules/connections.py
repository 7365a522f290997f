"""Connections to applications outside: set up, looked at, given other secrets, removed (ROUT-101, ROUT-104, ROUT-105).

A connection is an integration association of type EVENT with the use case RULES_EVALUATION, as the API makes them, and
a secret that its events are signed with.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

import msgspec

from switchroom.base.clock import now_ms
from switchroom.base.errors import invalid_parameter, invalid_request, not_found
from switchroom.base.ids import new_id
from switchroom.features.rules.applications import APPLICATIONS, Application, of_source
from switchroom.features.rules.evaluation import USE_CASE, used_for_rules
from switchroom.features.rules.intake import Intake
from switchroom.features.rules.secrets import OVERLAP, Sealed
from switchroom.features.rules.signatures import new_secret
from switchroom.features.rules.triggers import TRIGGERS
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Repository, Write
from switchroom.storage import external_events as store
from switchroom.storage.documents import Actor
from switchroom.storage.external_events import EventConnection, StoredEvent
from switchroom.storage.postgres import Database

KIND = "integration-association"
ENVIRONMENTS = ("PRODUCTION", "SANDBOX")


class Wanted(msgspec.Struct, frozen=True):
    """What to connect: an address with a friendly name, or an association that exists."""

    application: str
    url: str = ""
    name: str = ""
    environment: str = "PRODUCTION"
    association: str | None = None
    secret: str | None = None


class Connections:
    """The connections of the site."""

    def __init__(
        self,
        database: Database,
        catalogue: Catalogue,
        sealed: Sealed,
        intake: Intake,
        clock: Callable[[], int] = now_ms,
    ) -> None:
        self._database = database
        self._catalogue = catalogue
        self._sealed = sealed
        self._intake = intake
        self._clock = clock

    async def all(self, instance: str) -> list[EventConnection]:
        """By name, removed ones last; one that the API made and nobody gave a secret has an empty one."""
        known = await store.connections(self._database, instance)
        kept = {one.id for one in known}
        bare = [
            self._bare(one)
            for one in self._associations(instance)
            if one.id not in kept and used_for_rules(self._catalogue, instance, one.id)
        ]
        return sorted([*known, *bare], key=lambda one: (one.deleted_at is not None, one.name.casefold(), one.id))

    def reusable(self, instance: str) -> list[EventConnection]:
        """Integration associations that rules cannot hear of yet."""
        return [
            self._bare(one)
            for one in self._associations(instance)
            if not used_for_rules(self._catalogue, instance, one.id)
        ]

    async def get(self, instance: str, identifier: str) -> EventConnection:
        """A connection, removed or not. Raises ResourceNotFoundException."""
        found = next((one for one in await self.all(instance) if one.id == identifier), None)
        if found is None:
            raise not_found("Connection", identifier)
        return found

    async def last_states(self, instance: str) -> dict[str, str]:
        """What became of the latest event of each connection."""
        return await store.last_states(self._database, instance)

    async def events(self, connection: str, before: int | None, limit: int) -> list[StoredEvent]:
        """Newest first."""
        return await store.newest(self._database, connection, before, limit)

    async def connect(
        self, repository: Repository, instance: str, wanted: Wanted, actor: Actor
    ) -> tuple[EventConnection, str]:
        """The connection and its secret."""
        now, secret = self._clock(), wanted.secret or new_secret()
        async with repository.write(instance, actor, now) as write:
            association = await self._association(write, instance, wanted)
            if not any(
                one.body["IntegrationAssociationId"] == association.id and one.body["UseCaseType"] == USE_CASE
                for one in write.all(instance, "use-case")
            ):
                body = {"IntegrationAssociationId": association.id, "UseCaseType": USE_CASE}
                await write.create("use-case", instance, USE_CASE, body)
            made = self._made(write, association, wanted, secret, now)
            known = await store.find(self._database, association.id)
            if known is None:
                await store.connect(write.connection, made)
            else:
                await store.rotate(write.connection, association.id, made.secret, now)
        return made if known is None else await self.get(instance, association.id), secret

    async def rotate(self, instance: str, identifier: str, secret: str | None = None) -> str:
        """Another secret; the one before stays good for an hour."""
        connection = await self.get(instance, identifier)
        if connection.deleted_at is not None:
            raise invalid_request("The connection was removed")
        fresh, now = secret or new_secret(), self._clock()
        sealed = self._sealed.seal(instance, identifier, fresh)
        async with self._database.pool.acquire() as session, session.transaction():
            if connection.secret:
                await store.rotate(session, identifier, sealed, now + OVERLAP)
            else:
                await store.connect(session, msgspec.structs.replace(connection, secret=sealed))
        return fresh

    async def remove(self, repository: Repository, instance: str, identifier: str, actor: Actor) -> None:
        """With its use cases; rules and events stay, and nothing comes of them any more."""
        async with repository.write(instance, actor, self._clock()) as write:
            association = await repository.newest(write, instance, KIND, identifier)
            for one in write.users(association):
                if one.kind == "use-case":
                    await write.delete(one)
            await write.delete(association)
            await store.disconnect(write.connection, identifier, self._clock())

    async def send_test(
        self, instance: str, identifier: str, trigger: str | None, values: dict[str, str]
    ) -> StoredEvent:
        """Hand in an example, as if the application had sent it (ROUT-108)."""
        connection = await self.get(instance, identifier)
        if connection.deleted_at is not None:
            raise invalid_request("The connection was removed")
        if not connection.secret:
            raise invalid_request("Give the connection a secret first")
        application = APPLICATIONS[connection.application]
        names = [one.name for one in TRIGGERS.values() if one.application == application.key]
        if trigger is not None and trigger not in names:
            raise invalid_parameter(f"EventSourceName must be one of {', '.join(names)}")
        payload = application.example(trigger or names[0], values, self._clock(), f"test-{new_id()}")
        accepted = await self._intake.hand_in(connection, msgspec.json.encode(payload), "TEST")
        return next(one for one in await self.events(connection.id, None, 100) if one.id == accepted.id)

    # ------------------------------------------------------------------ parts

    def _associations(self, instance: str) -> list[Document]:
        every = self._catalogue.all(instance, KIND)
        return [
            one
            for one in every
            if one.body["IntegrationType"] == "EVENT" and of_source(one.body.get("SourceType")) is not None
        ]

    def _bare(self, association: Document) -> EventConnection:
        application = _application(association)
        url = association.body.get("SourceApplicationUrl") or ""
        return EventConnection(
            instance=association.instance,
            id=association.id,
            application=application.key,
            name=association.name,
            url=url,
            environment="PRODUCTION",
            event_source=association.body["IntegrationArn"],
            secret=b"",
            created_at=association.created_at,
        )

    async def _association(self, write: Write, instance: str, wanted: Wanted) -> Document:
        if wanted.association is not None:
            found = write.get(instance, KIND, wanted.association)
            if found.body["IntegrationType"] != "EVENT" or _application(found).key != wanted.application:
                raise invalid_request(f"{found.name} is no connection to {wanted.application}")
            return found
        if not wanted.name.strip():
            raise invalid_parameter("Name: give the connection a name; rules refer to it")
        application = APPLICATIONS[wanted.application]
        url = _checked_url(wanted.url, application)
        site = write.site
        suffix = "-sandbox" if wanted.environment == "SANDBOX" else ""
        arn = f"arn:aws:app-integrations:{site.region}:{site.account}:event-integration/"
        body: dict[str, Any] = {
            "IntegrationType": "EVENT",
            "IntegrationArn": f"{arn}{application.integration(url)}{suffix}",
            "SourceApplicationUrl": url,
            "SourceApplicationName": wanted.name,
        }
        if application.source_type:
            body["SourceType"] = application.source_type
        return await write.create(KIND, instance, wanted.name, body)

    def _made(self, write: Write, association: Document, wanted: Wanted, secret: str, now: int) -> EventConnection:
        bare = self._bare(association)
        application = APPLICATIONS[wanted.application]
        return msgspec.structs.replace(
            bare,
            environment=wanted.environment,
            event_source=application.event_source(write.site, bare.url, association.id),
            secret=self._sealed.seal(association.instance, association.id, secret),
            created_at=now,
        )


def _application(association: Document) -> Application:
    found = of_source(association.body.get("SourceType"))
    if found is None:
        raise invalid_request(f"No rule can hear of {association.body.get('SourceType')}")
    return found


def _checked_url(url: str, application: Application) -> str:
    """An address that links can begin with, without what follows the host's path."""
    parts = urlsplit(url.strip())
    secure = parts.scheme == "https" or (parts.scheme == "http" and not application.domain)
    if not secure or not parts.hostname or parts.username or parts.query or parts.fragment:
        example = f"https://example.{application.domain or 'com'}"
        raise invalid_parameter(f"Url must be the address of the application, such as {example}")
    return f"{parts.scheme}://{parts.netloc}{parts.path.rstrip('/')}"
