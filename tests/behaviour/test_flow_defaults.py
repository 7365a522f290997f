"""Default flows where nothing else is set, and what archiving does to contacts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

from tests.behaviour.blocks import action, attributes, note, outcome, publish, queue_in, task
from tests.channels.people import Agent, Centre, wait_for


@contextmanager
def edited(centre: Centre, name: str, content: str) -> Iterator[None]:
    """A default flow with other content for a while; then the shipped one again."""
    flow = {"InstanceId": centre.instance, "ContactFlowId": centre.id_of("flow", name)}
    centre.connect.update_contact_flow_content(**flow, Content=content)
    try:
        yield
    finally:
        shipped = {**flow, "ContactFlowId": f"{flow['ContactFlowId']}:1"}
        content = centre.connect.describe_contact_flow(**shipped)["ContactFlow"]["Content"]
        centre.connect.update_contact_flow_content(**flow, Content=content)


def _noting(**values: str) -> str:
    """A flow that sets attributes and goes back to what the contact was doing."""
    given = {"Attributes": values, "TargetContact": "Current"}
    first = action("start", "UpdateContactAttributes", given, "resume", NoMatchingError="resume")
    actions = [first, action("resume", "EndFlowExecution")]
    return json.dumps({"Version": "2019-10-30", "StartAction": "start", "Metadata": {}, "Actions": actions})


def test_defaults_run_where_nothing_is_set(centre: Centre, agent1: Agent) -> None:
    """FLOW-02, FLOW-11: a contact without a flow of its own for the queue runs the default one there; a published edit
    runs for the next contact."""
    queue = centre.id_of("queue", "BasicQueue")
    flow = publish(centre, *queue_in("start", queue))
    agent1.become("Offline")
    with edited(centre, "Default customer queue", _noting(queued="by default")):
        contact = task(centre, flow)
        wait_for(lambda: attributes(centre, contact) == {"queued": "by default"})
    again = task(centre, flow)
    wait_for(lambda: centre.describe(again).get("QueueInfo"))
    agent1.become("Available")
    for offered in (contact, again):
        agent1.accept(offered)
        agent1.contact("CONNECTED", offered)
        agent1.clear_desk()
        agent1.become("Available")
    assert attributes(centre, again) == {}


def test_transfer_to_an_archived_flow(centre: Centre) -> None:
    """FLOW-43: an archived flow takes no new contacts; the block leaves by Error. Restored, it does again (FLOW-44)."""
    target = publish(centre, note("start", reached="yes"))
    where = {"InstanceId": centre.instance, "ContactFlowId": target}
    transfer = action("start", "TransferToFlow", {"ContactFlowId": target}, None, NoMatchingError="archived")
    blocks = (transfer, note("archived", reached="no"))
    centre.connect.update_contact_flow_metadata(**where, ContactFlowState="ARCHIVED")
    assert outcome(centre, *blocks) == {"reached": "no"}
    centre.connect.update_contact_flow_metadata(**where, ContactFlowState="ACTIVE")
    assert outcome(centre, *blocks) == {"reached": "yes"}
