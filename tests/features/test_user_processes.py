"""A real server that dies in the middle of a batch, and people who lose what they have open."""

import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import httpx
import pytest
from botocore.exceptions import BotoCoreError, ClientError
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from tests.server import PASSWORD, Server

USERS = 20
HEADER = "first name,last name,email address,password,user login,routing profile name,security profile\n"


def switchroom(server: Server, *words: str) -> str:
    """What a command prints."""
    node = ("--port", str(server.port), "--data", str(server.data))
    command = [sys.executable, "-m", "switchroom", *words, *node]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=Path("/")).stdout.strip()


def until(found: Callable[[], Any], patience: float = 60.0) -> Any:
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        with suppress(BotoCoreError, ClientError):  # while the node is away
            if result := found():
                return result
        time.sleep(0.05)
    raise AssertionError("it did not happen")


def test_a_batch_goes_on_after_a_kill(make_server: Callable[..., Server]) -> None:
    """USER-12, USER-13: killed with -9 in the middle of an import; the next node creates the rest, each once."""
    server = make_server("--demo").ready()
    own, desk = server.boto("switchroom"), server.boto("connect")
    instance = desk.list_instances()["InstanceSummaryList"][0]["Id"]
    rows = [f"A,B,u{n}@example.com,Abcdefg1,new{n:02},Basic Routing Profile,Agent\n" for n in range(USERS)]
    at = {"InstanceId": instance}
    at |= {"BatchId": own.start_user_batch(**at, Kind="IMPORT", Csv=HEADER + "".join(rows))["BatchId"]}

    def batch() -> dict[str, Any]:
        return dict(own.describe_user_batch(**at)["Batch"])

    until(lambda: batch()["Succeeded"] >= 3)
    server.kill("node")
    done = until(lambda: (found := batch())["State"] == "DONE" and found)
    assert (done["Total"], done["Succeeded"], done["Failed"]) == (USERS, USERS, 0)
    users = desk.list_users(InstanceId=instance, MaxResults=1000)["UserSummaryList"]
    assert sum(user["Username"].startswith("new") for user in users) == USERS
    last = {"InstanceAlias": "demo", "Username": f"NEW{USERS - 1}", "Password": "Abcdefg1"}
    assert own.sign_in(**last)["User"]["Username"] == f"new{USERS - 1}"


def test_a_reset_closes_the_open_desk(switchroom_server: Server) -> None:
    """USER-29: the agent's live connection ends at once; USER-31: the command prints an address that lets in once."""
    server = switchroom_server
    own, desk = server.boto("switchroom"), server.boto("connect")
    instance = desk.list_instances()["InstanceSummaryList"][0]["Id"]
    (agent,) = [
        user["Id"] for user in desk.list_users(InstanceId=instance)["UserSummaryList"] if user["Username"] == "agent2"
    ]
    token = own.sign_in(InstanceAlias="demo", Username="agent2", Password=PASSWORD)["Token"]
    with connect(f"{server.url.replace('http', 'ws', 1)}/switchroom/agent/ws?token={token}", legacy=True) as socket:
        socket.recv(timeout=10)
        own.reset_user_password(InstanceId=instance, UserId=agent, Password=PASSWORD)
        with pytest.raises(ConnectionClosed) as closed:
            while True:
                socket.recv(timeout=10)
    assert closed.value.rcvd is not None and closed.value.rcvd.code == 1008
    address = switchroom(server, "emergency-sign-in", "--instance", "demo")
    assert address.startswith(f"{server.url}/#/emergency/")
    secret = address.rpartition("/")[2]
    replies = [httpx.post(f"{server.url}/switchroom/emergency-session", json={"Token": secret}) for _ in range(2)]
    assert [reply.status_code for reply in replies] == [200, 400]
    operator = {"Authorization": f"Bearer {replies[0].json()['Token']}"}
    session = httpx.get(f"{server.url}/switchroom/session", headers=operator).json()
    assert session["User"]["UserId"] == "operator" and "Users.EditPermission" in session["Permissions"]
    assert httpx.get(f"{server.url}/switchroom/home/{instance}", headers=operator).status_code == 200
    ways = [getattr(httpx, way)(f"{server.url}/switchroom/session", headers=operator) for way in ("delete", "get")]
    assert [(reply.status_code, reply.headers.get("x-amzn-errortype")) for reply in ways] == [
        (200, None),
        (403, "ExpiredTokenException"),
    ]
    link = switchroom(server, "user", "reset-link", "AGENT2", "--instance", "demo")
    assert link.startswith(f"{server.url}/#/password-reset/")
