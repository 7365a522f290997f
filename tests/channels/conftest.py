"""The demo centre, its agents, and a flow that leads to them."""

from collections.abc import Iterator

import pytest

from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, say, working_queue
from tests.server import Server


@pytest.fixture(scope="session")
def centre(switchroom_server: Server) -> Centre:
    """The demo instance."""
    return Centre(switchroom_server)


@pytest.fixture(scope="session")
def flow(centre: Centre) -> str:
    """Greets and queues in a queue that nobody else uses."""
    queue = centre.id_of("queue", "BasicQueue")
    return centre.flow("Greeting", say("Hello"), working_queue(queue), TO_QUEUE, DISCONNECT)


@pytest.fixture
def agent1(centre: Centre) -> Iterator[Agent]:
    """agent1, Available; the desk is cleared afterwards."""
    agent = Agent(centre, "agent1")
    agent.clear_desk()
    agent.become("Available")
    yield agent
    agent.clear_desk()


@pytest.fixture
def agent2(centre: Centre) -> Iterator[Agent]:
    """agent2, Offline; the desk is cleared afterwards."""
    agent = Agent(centre, "agent2")
    agent.clear_desk()
    yield agent
    agent.clear_desk()
