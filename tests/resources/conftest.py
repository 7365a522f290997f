"""A site's configuration on a fresh database without a server, and instances on a real server."""

import time
from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from switchroom.base.arns import Site
from switchroom.base.ids import new_id
from switchroom.flows import library
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import SYSTEM, Repository
from switchroom.resources.seed import NEW_INSTANCES, Library, Seeder
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database
from tests.server import Server

BODY = {"IdentityManagementType": "CONNECT_MANAGED", "InboundCallsEnabled": True, "OutboundCallsEnabled": True}


class Node(SimpleNamespace):
    """The configuration part of a node."""

    database: Database
    catalogue: Catalogue
    repository: Repository
    seeder: Seeder


async def open_node(database_url: str, objects: Path) -> Node:
    """A node on a database that others may be on as well."""
    database = Database(database_url, min_size=1)
    await database.open()
    catalogue = Catalogue()
    await catalogue.open(database)
    repository = Repository(database, catalogue, Site())
    seeder = Seeder(repository, ObjectStore(objects, b"secret"), cast(Library, library))
    return Node(database=database, catalogue=catalogue, repository=repository, seeder=seeder)


async def close_node(node: Node) -> None:
    """Stop a node."""
    await node.catalogue.close()
    await node.database.close()


@pytest.fixture
async def node(database_url: str, tmp_path: Path) -> AsyncIterator[Node]:
    """One node."""
    node = await open_node(database_url, tmp_path)
    yield node
    await close_node(node)


@pytest.fixture
async def instance(node: Node) -> Document:
    """A seeded instance."""
    async with node.repository.write(NEW_INSTANCES, SYSTEM) as write:
        document = await node.seeder.begin(write, "unit", dict(BODY))
    return await node.seeder.finish(document.id)


# a real server


class Centre:
    """An instance of its own on the shared server, and a boto3 client that fills in `InstanceId`."""

    def __init__(self, server: Server, alias: str | None = None) -> None:
        self.server = server
        self.connect = server.boto("connect")
        self.alias = alias or f"t-{new_id()[:8]}"
        made = self.connect.create_instance(
            IdentityManagementType="CONNECT_MANAGED",
            InstanceAlias=self.alias,
            InboundCallsEnabled=True,
            OutboundCallsEnabled=True,
        )
        self.id: str = made["Id"]
        self.arn: str = made["Arn"]
        deadline = time.monotonic() + 60
        while self.status() == "CREATION_IN_PROGRESS":
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def status(self) -> str:
        return str(self.connect.describe_instance(InstanceId=self.id)["Instance"]["InstanceStatus"])

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.connect, name)

        def call(**request: Any) -> Any:
            answer = method(InstanceId=self.id, **request)
            answer.pop("ResponseMetadata")
            return answer

        return call

    def refused(self, code: str, operation: str, **request: Any) -> dict[str, Any]:
        """Call and expect this error; the parsed error."""
        with pytest.raises(ClientError) as refused:
            getattr(self, operation)(**request)
        assert refused.value.response["Error"]["Code"] == code, refused.value
        answer: dict[str, Any] = dict(refused.value.response)
        return answer

    def named(self, operation: str, member: str, name: str) -> str:
        """The id of what a List operation shows under a name."""
        items = getattr(self, operation)()[member]
        return str(next(item["Id"] for item in items if item.get("Name", item.get("Username")) == name))

    def queue(self) -> str:
        items = self.list_queues(QueueTypes=["STANDARD"])["QueueSummaryList"]
        return str(next(item["Id"] for item in items if item["Name"] == "BasicQueue"))

    def hours(self) -> str:
        return self.named("list_hours_of_operations", "HoursOfOperationSummaryList", "Basic Hours")

    def flow(self, name: str) -> str:
        return self.named("list_contact_flows", "ContactFlowSummaryList", name)

    def routing_profile(self) -> str:
        return self.named("list_routing_profiles", "RoutingProfileSummaryList", "Basic Routing Profile")

    def security_profile(self, name: str = "Agent") -> str:
        return self.named("list_security_profiles", "SecurityProfileSummaryList", name)

    def user(self, login: str, **more: Any) -> str:
        request: dict[str, Any] = {
            "Username": login,
            "Password": "Password1",
            "IdentityInfo": {"FirstName": "First", "LastName": "Last"},
            "PhoneConfig": {"PhoneType": "SOFT_PHONE"},
            "SecurityProfileIds": [self.security_profile()],
            "RoutingProfileId": self.routing_profile(),
        } | more
        return str(self.create_user(**request)["UserId"])


@pytest.fixture(scope="module")
def centre(switchroom_server: Server) -> Centre:
    """A fresh instance for the tests of a module."""
    return Centre(switchroom_server)
