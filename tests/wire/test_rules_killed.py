"""Events of applications outlive the process that took them."""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import msgspec
from botocore.exceptions import BotoCoreError, ClientError

from switchroom.features.rules.language import VERSION
from switchroom.features.rules.signatures import sign
from tests.server import Server

EVENTS = 60


def test_every_event_becomes_one_task_though_the_node_is_killed(make_server: Callable[..., Server]) -> None:
    """ROUT-106: `kill -9` while events pour in and are evaluated: what was accepted becomes exactly one task."""
    server = make_server("--demo").ready()
    connect, own = server.boto("connect"), server.boto("switchroom")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    given = {"Application": "CUSTOM", "Url": "https://shop.example", "Name": "Shop"}
    made = own.create_event_connection(InstanceId=instance, **given)
    connection, secret = made["Connection"]["ConnectionId"], made["Secret"]
    flow = connect.list_contact_flows(InstanceId=instance, ContactFlowTypes=["CONTACT_FLOW"])
    task = {"Name": "order {id}", "ContactFlowId": flow["ContactFlowSummaryList"][0]["Id"]}
    connect.create_rule(
        InstanceId=instance,
        Name="Orders",
        TriggerEventSource={"EventSourceName": "OnExternalEvent", "IntegrationAssociationId": connection},
        Function=msgspec.json.encode(
            {"Version": VERSION, "RuleFunction": {"Operator": "AND", "Operands": []}}
        ).decode(),
        Actions=[{"ActionType": "CREATE_TASK", "TaskAction": task}],
        PublishStatus="PUBLISHED",
    )
    sent = threading.Event()
    sender = threading.Thread(target=_send, args=(f"{server.url}/events/{connection}", secret, sent))
    sender.start()
    assert sent.wait(30)
    server.kill("node")
    sender.join(60)
    names = _patiently(lambda: _tasks(connect, instance) if _done(own, instance, connection) else None)
    assert sorted(names) == sorted(f"order {number}" for number in range(EVENTS))


def _send(url: str, secret: str, sent: threading.Event) -> None:
    """Each event until it is accepted, as applications do; `sent` after a third of them."""
    for number in range(EVENTS):
        body = msgspec.json.encode({"id": str(number)})
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            at = str(int(time.time()))
            headers = {"x-switchroom-signature": sign(secret, at, body), "x-switchroom-timestamp": at}
            try:
                if httpx.post(url, content=body, headers=headers, timeout=5).status_code == 202:
                    break
            except httpx.HTTPError:
                time.sleep(0.1)
        if number == EVENTS // 3:
            sent.set()


def _done(own: Any, instance: str, connection: str) -> bool:
    events = own.list_external_events(InstanceId=instance, ConnectionId=connection, MaxResults=100)["Events"]
    return len(events) == EVENTS and all(one["State"] == "DONE" for one in events)


def _tasks(connect: Any, instance: str) -> list[str]:
    now = datetime.now(UTC)
    span = {"Type": "INITIATION_TIMESTAMP", "StartTime": now - timedelta(hours=1), "EndTime": now + timedelta(hours=1)}
    criteria = {"Channels": ["TASK"]}
    found = connect.search_contacts(InstanceId=instance, TimeRange=span, SearchCriteria=criteria, MaxResults=100)
    return [one["Name"] for one in found["Contacts"]]


def _patiently(ask: Callable[[], Any]) -> Any:
    """The answer, once there is one."""
    deadline = time.monotonic() + 60
    while True:
        try:
            found = ask()
        except (ClientError, BotoCoreError):
            found = None
        if found is not None:
            return found
        assert time.monotonic() < deadline
        time.sleep(0.1)
