"""The first user of an instance."""

from switchroom.resources.document import Document
from switchroom.resources.repository import SYSTEM
from switchroom.resources.seed import NEW_INSTANCES, Administrator
from tests.resources.conftest import BODY, Node


async def test_an_instance_begins_with_an_administrator_or_without(node: Node, instance: Document) -> None:
    """USER-68: the first user is optional and holds the profile Admin."""
    assert node.catalogue.all(instance.id, "user") == []
    async with node.repository.write(NEW_INSTANCES, SYSTEM) as write:
        other = await node.seeder.begin(write, "other", dict(BODY))
    await node.seeder.finish(other.id, Administrator("first", "Ada", "Min", "hash", "ada@example.com"))
    (user,) = node.catalogue.all(other.id, "user")
    admin = node.catalogue.by_name(other.id, "security-profile", "Admin")
    assert admin is not None and user.body["SecurityProfileIds"] == [admin.id]
    assert (user.name, user.body["IdentityInfo"]["Email"]) == ("first", "ada@example.com")
    assert await node.database.pool.fetchval("SELECT hash FROM passwords WHERE user_id = $1", user.id) == "hash"
