"""The agent desktop's socket: the whole desk at once, and again after each change."""

import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from tests.channels.people import Agent, Centre, wait_for
from tests.server import PASSWORD


@pytest.fixture
def session(centre: Centre, agent1: Agent) -> Iterator[str]:
    """agent1's session token."""
    service = centre.server.boto("switchroom")
    yield str(service.sign_in(InstanceAlias="demo", Username="agent1", Password=PASSWORD)["Token"])


def open_socket(centre: Centre, token: str) -> ClientConnection:
    """The agent socket of a session."""
    url = centre.server.url.replace("http", "ws", 1)
    return connect(f"{url}/switchroom/agent/ws?token={token}", legacy=True)


def pushed(socket: ClientConnection) -> dict[str, Any]:
    """The next snapshot."""
    while True:
        message = json.loads(socket.recv(timeout=10))
        if message["topic"] == "agent":
            snapshot: dict[str, Any] = message["snapshot"]
            return snapshot


def test_the_desk_is_pushed(centre: Centre, flow: str, agent1: Agent, session: str) -> None:
    """DESK-11: at the beginning, when a contact is offered, when it changes, when it is gone."""
    socket = open_socket(centre, session)
    first = pushed(socket)
    assert first["UserId"] == agent1.user and first["Status"]["Type"] == "ROUTABLE" and first["Contacts"] == []
    assert [row["Channel"] for row in first["Channels"]] == ["VOICE", "CHAT", "TASK"]
    socket.send(json.dumps({"topic": "ping"}))
    contact, customer = centre.customer(flow)

    def state() -> Any:
        shown = pushed(socket)["Contacts"]
        return shown[0]["State"] if shown else "none"

    assert wait_for(lambda: state() == "INCOMING")
    agent1.accept(contact)
    assert wait_for(lambda: state() == "CONNECTED")
    customer.leave()
    assert wait_for(lambda: state() == "ENDED")
    agent1.do("clear_contact", ContactId=contact)
    assert wait_for(lambda: state() == "none")
    socket.close()


def test_signing_out_makes_offline(centre: Centre, agent1: Agent, session: str) -> None:
    """ROUT-66: closing the socket does not, signing out does."""
    socket = open_socket(centre, session)
    assert pushed(socket)["Status"]["Name"] == "Available"
    socket.close()
    assert agent1.desk()["Status"]["Name"] == "Available"
    socket = open_socket(centre, session)
    assert pushed(socket)["Status"]["Name"] == "Available"
    answer = httpx.delete(f"{centre.server.url}/switchroom/session", headers={"Authorization": f"Bearer {session}"})
    assert answer.status_code == 200
    assert agent1.desk()["Status"]["Name"] == "Offline"
    agent1.become("Available")
    with pytest.raises(ConnectionClosed):
        while True:
            assert pushed(socket)


def test_who_is_not_signed_in_gets_no_socket(centre: Centre) -> None:
    for token in ("", "forged"):
        with pytest.raises(InvalidStatus):
            open_socket(centre, token)
