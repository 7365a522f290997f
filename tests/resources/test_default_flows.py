"""The default flow of each purpose, as the centre finds it."""

from switchroom.centre.library import DEFAULTS, FlowLibrary
from switchroom.resources import flows
from switchroom.resources.document import Document
from switchroom.resources.repository import SYSTEM
from tests.resources.conftest import Node

NAMES = {
    "customer_queue": "Default customer queue",
    "customer_hold": "Default customer hold",
    "customer_whisper": "Default customer whisper",
    "outbound_whisper": "Default outbound",
    "agent_hold": "Default agent hold",
    "agent_whisper": "Default agent whisper",
}


async def test_each_purpose_has_its_default(node: Node, instance: Document) -> None:
    """FLOW-02, FLOW-11: queue, holds and whispers; what is published of one runs from then on, by any name."""
    library = FlowLibrary(node.catalogue, instance.id)
    assert set(DEFAULTS) == set(NAMES)
    for purpose, name in NAMES.items():
        found = library.default(purpose)
        assert found is not None
        assert (found.type, found.name, found.version) == (DEFAULTS[purpose], name, 1)
    queue = node.catalogue.by_name(instance.id, "contact-flow", "Default customer queue")
    assert queue is not None
    async with node.repository.write(instance.id, SYSTEM) as write:
        await flows.save(write, queue, queue.body["Content"].replace("Thank you", "Thanks"))
    drafted = node.catalogue.get(instance.id, "contact-flow", queue.id)
    library.changed(drafted)
    assert "Thank you" in str(library.default("customer_queue"))
    async with node.repository.write(instance.id, SYSTEM) as write:
        published = await flows.publish(write, flows.FLOWS, drafted, drafted.body["SavedContent"])
        await write.update(published, name="Our queue")
    library.changed(node.catalogue.get(instance.id, "contact-flow", queue.id))
    edited = library.default("customer_queue")
    assert edited is not None and edited.version == 2
    assert "Thanks" in str(edited.document)
