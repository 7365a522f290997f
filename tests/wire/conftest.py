"""A demo instance in a real database, and the parts of the door that need one."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher

from switchroom.base.ids import new_id
from switchroom.base.settings import Settings
from switchroom.resources import permissions
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.people import create_user
from switchroom.resources.repository import SYSTEM, Repository
from switchroom.storage.audit import AuditStore
from switchroom.storage.envelope import Envelope
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from switchroom.storage.security import ApiKeys
from switchroom.wire.audit import Audit
from switchroom.wire.context import Services
from switchroom.wire.keys import Keys
from switchroom.wire.sessions import Sessions
from switchroom.wire.tokens import Tokens
from tests.wire.doors import Clock
from tests.wire.serving import ACCESS_KEY, SECRET_KEY

PASSWORD = "Passw0rd-of-the-tests"
PEOPLE = {"admin": "Admin", "supervisor": "CallCenterManager", "agent1": "Agent", "agent2": "Agent"}
PEOPLE |= {"analyst": "QualityAnalyst"}

_HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
"""A cheap one: people sign in in every other test."""


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def site(database: Database, tmp_path: Path, clock: Clock) -> AsyncIterator[Services]:
    """Services over an instance `demo` with the users admin, supervisor, agent1, agent2 and analyst.

    The audit log is not started: a test flushes it.
    """
    settings = Settings(data=tmp_path)
    envelope = Envelope(tmp_path / "root.key")
    catalogue = Catalogue()
    await catalogue.open(database)
    repository = Repository(database, catalogue, settings.site)
    sessions = Sessions(settings.site, catalogue, database, clock.now)
    await make_instance(repository, _HASH)
    keys = Keys(settings.site, ApiKeys(database, envelope))
    keys.add_root(ACCESS_KEY, SECRET_KEY)
    await sessions.start(keys.refresh)
    yield Services(
        settings,
        settings.site,
        database=database,
        envelope=envelope,
        objects=ObjectStore(tmp_path / "objects", envelope.derive("objects")),
        catalogue=catalogue,
        repository=repository,
        keys=keys,
        sessions=sessions,
        tokens=Tokens(envelope.derive("tokens")),
        audit=Audit(settings.site, AuditStore(database)),
    )
    await sessions.stop()
    await catalogue.close()


async def make_instance(repository: Repository, password_hash: str) -> None:
    instance = new_id()
    body: dict[str, Any] = {"IdentityManagementType": "CONNECT_MANAGED", "InstanceStatus": "ACTIVE"}
    body |= {"InboundCallsEnabled": True, "OutboundCallsEnabled": True, "Attributes": {}, "Quotas": {}}
    async with repository.write(instance, SYSTEM) as write:
        await write.create("instance", instance, "demo", body, identifier=instance)
        for name in permissions.DEFAULT_PROFILES:
            await write.create("security-profile", instance, name, {"Permissions": permissions.defaults(name)})
        body = {"TimeZone": "UTC", "Config": []}
        hours = await write.create("hours-of-operation", instance, "Hours", body)
        body = {"HoursOfOperationId": hours.id, "Status": "ENABLED", "QueueType": "STANDARD", "QuickConnectIds": []}
        queue = await write.create("queue", instance, "BasicQueue", body)
        body = {"MediaConcurrencies": [{"Channel": "CHAT", "Concurrency": 2}], "QueueConfigs": []}
        body |= {"DefaultOutboundQueueId": queue.id, "ManualAssignmentQueueConfigs": []}
        routing = await write.create("routing-profile", instance, "Basic", body)
        for name, profile in PEOPLE.items():
            found = write.by_name(instance, "security-profile", profile)
            assert found is not None
            body = {
                "IdentityInfo": {"FirstName": name, "LastName": "Test"},
                "SecurityProfileIds": [found.id],
                "RoutingProfileId": routing.id,
            }
            await create_user(write, instance, name, body, password_hash=password_hash)
