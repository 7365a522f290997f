"""Two real node processes on the same engines: one is killed, the other carries on."""

import asyncio
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from tests.boto import boto_client
from tests.server import free_port, healthy

pytestmark = pytest.mark.process

KEY, SECRET, PASSWORD = "AKIATAKEOVERTAKEOVER", "a-secret-of-this-test-alone", "Demo-Password-1"


class Node:
    """`switchroom node` as a process."""

    def __init__(self, database_url: str, nats_url: str, data: Path) -> None:
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        arguments = ["--port", str(self.port), "--data", str(data), "--roles", "api,centre,worker"]
        engines = ["--database-url", database_url, "--nats-url", nats_url]
        self._environment = {
            **os.environ,
            "SWITCHROOM_ACCESS_KEY_ID": KEY,
            "SWITCHROOM_SECRET_ACCESS_KEY": SECRET,
            "SWITCHROOM_DEMO": "1",
            "SWITCHROOM_DEMO_PASSWORD": PASSWORD,
        }
        self._command = [sys.executable, "-m", "switchroom", "node", *arguments, *engines]
        self.process: subprocess.Popen[bytes]
        self.start()

    def start(self) -> "Node":
        self.process = subprocess.Popen(self._command, env=self._environment, stdin=subprocess.DEVNULL, cwd="/")
        return self

    def end(self, request: signal.Signals = signal.SIGKILL) -> None:
        self.process.send_signal(request)
        self.process.wait(30)

    def ready(self) -> "Node":
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "the node ended"
            if healthy(self.url):
                return self
            time.sleep(0.1)
        raise AssertionError("the node was not ready in time")

    def boto(self, service: str) -> Any:
        return boto_client(self.url, service, KEY, SECRET, config=Config(read_timeout=40))


@pytest.fixture
def nodes(database_url: str, nats_url: str, tmp_path: Path) -> Iterator[tuple[Node, Node]]:
    first = Node(database_url, nats_url, tmp_path).ready()
    second = Node(database_url, nats_url, tmp_path).ready()
    yield first, second
    for node in (first, second):
        node.end()


async def test_a_second_node_takes_over(nodes: tuple[Node, Node]) -> None:
    """Everything acknowledged by the node that is killed is there when the other answers."""
    first, second = nodes
    connect, other = first.boto("connect"), second.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    flows = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    flow = next(f["Id"] for f in flows if f["Name"] == "Sample inbound flow (first contact experience)")
    agent = next(u for u in connect.list_users(InstanceId=instance)["UserSummaryList"] if u["Username"] == "agent1")

    def start(client: Any, name: str) -> str:
        answer = client.start_task_contact(InstanceId=instance, ContactFlowId=flow, Name=name)
        contact: str = answer["ContactId"]
        return contact

    acknowledged = [start(connect, f"to the leader {n}") for n in range(3)]
    acknowledged += [start(other, f"by way of the bus {n}") for n in range(3)]
    desk = second.boto("switchroom")
    available = next(
        s["StatusId"]
        for s in desk.get_agent_snapshot(InstanceId=instance, UserId=agent["Id"])["Snapshot"]["Statuses"]
        if s["Type"] == "ROUTABLE"
    )
    desk.set_agent_status(InstanceId=instance, UserId=agent["Id"], StatusId=available)

    first.end()
    acknowledged.append(await asyncio.to_thread(start, other, "after the kill"))

    names = {other.describe_contact(InstanceId=instance, ContactId=c)["Contact"]["Name"] for c in acknowledged}
    assert len(names) == 7
    snapshot = desk.get_agent_snapshot(InstanceId=instance, UserId=agent["Id"])["Snapshot"]
    assert snapshot["Status"]["Type"] == "ROUTABLE"
    offered = [c for c in snapshot["Contacts"] if c["State"] == "INCOMING"]
    assert offered and offered[0]["ContactId"] == acknowledged[0]
    desk.accept_contact(InstanceId=instance, UserId=agent["Id"], ContactId=offered[0]["ContactId"])
