"""A chat whose sides are connected to different nodes, before and after one of the nodes is killed."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import pytest
from botocore.exceptions import ClientError

from tests.centre.test_takeover import Node
from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, Participant, say, wait_for, working_queue
from tests.server import Server

pytestmark = pytest.mark.process


@pytest.fixture
def nodes(database_url: str, nats_url: str, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    """Two nodes on the same engines; the first leads."""
    first = Node(database_url, nats_url, tmp_path).ready()
    second = Node(database_url, nats_url, tmp_path).ready()
    yield first, second
    for node in (first, second):
        node.process.kill()
        node.process.wait()


def test_a_chat_across_nodes(nodes: tuple[Node, Node]) -> None:
    """CHAT-64, CHAT-65: pushed to sockets of every node; after a kill -9 of the leader nothing that was answered is
    missing, and the chat goes on."""
    first, second = (Centre(cast(Server, node)) for node in nodes)
    flow = first.flow("Nodes", say("Hello"), working_queue(first.id_of("queue", "BasicQueue")), TO_QUEUE, DISCONNECT)

    def customer_of_second() -> Any:
        try:
            return second.customer(flow)
        except ClientError:
            return None

    contact, customer = wait_for(customer_of_second)
    customer.socket.item(Content="Hello")
    agent1 = Agent(first, "agent1")
    agent1.become("Available")
    agent1.accept(contact)
    agent = agent1.join(contact)
    agent.say("from the first node")
    customer.socket.item(Content="from the first node")
    customer.say("from the second node")
    agent.socket.item(Content="from the second node")

    nodes[0].process.kill()
    nodes[0].process.wait()

    def sent() -> Any:
        try:
            return customer.say("still here")
        except ClientError:
            return None

    assert wait_for(sent, patience=30)
    customer.socket.item(Content="still here")
    given = Agent(second, "agent1").do("create_agent_participant_connection", ContactId=contact)
    again = Participant(cast(Server, nodes[1]), given["ParticipantToken"])
    again.open()
    texts = [item.get("Content") for item in again.transcript(MaxResults=100)["Transcript"]]
    assert {"from the first node", "from the second node", "still here"} <= set(texts)
    again.say("so am I")
    assert customer.socket.item(Content="so am I")
    second.connect.stop_contact(InstanceId=second.instance, ContactId=contact)
