"""A site's configuration on a fresh database, without a server."""

from collections.abc import AsyncIterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from switchroom.base.arns import Site
from switchroom.flows import library
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import SYSTEM, Repository
from switchroom.resources.seed import NEW_INSTANCES, Library, Seeder
from switchroom.storage.objects import ObjectStore
from switchroom.storage.postgres import Database

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
