"""kill -9 of every process while chats go on: whatever was acknowledged is there afterwards, in its order."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.server import Server

pytestmark = [pytest.mark.process, pytest.mark.timeout(240)]


class Talker(threading.Thread):
    """A customer who writes numbered messages and notes which were acknowledged."""

    def __init__(self, server: Server, instance: str, flow: str, name: str) -> None:
        super().__init__(daemon=True)
        chat = server.boto("connect").start_chat_contact(
            InstanceId=instance, ContactFlowId=flow, ParticipantDetails={"DisplayName": name}
        )
        self.contact: str = chat["ContactId"]
        self._participant = server.boto("connectparticipant")
        connection = self._participant.create_participant_connection(
            Type=["CONNECTION_CREDENTIALS"], ParticipantToken=chat["ParticipantToken"], ConnectParticipant=True
        )
        self._token: str = connection["ConnectionCredentials"]["ConnectionToken"]
        self._done = threading.Event()
        self.acknowledged: list[str] = []
        self.failures = 0

    def run(self) -> None:
        number = 0
        while not self._done.is_set():
            number += 1
            text = f"message {number}"
            try:
                self._participant.send_message(ContentType="text/plain", Content=text, ConnectionToken=self._token)
                self.acknowledged.append(text)
            except Exception:
                self.failures += 1
                time.sleep(0.05)

    def finish(self) -> None:
        self._done.set()
        self.join(60)

    def transcript(self) -> list[str]:
        found: list[str] = []
        page: dict[str, Any] = {}
        while True:
            answer = self._participant.get_transcript(
                ConnectionToken=self._token, ScanDirection="FORWARD", SortOrder="ASCENDING", MaxResults=100,
                StartPosition={"AbsoluteTime": "2000-01-01T00:00:00.000Z"}, **page,
            )  # fmt: skip
            found += [
                i["Content"] for i in answer["Transcript"] if i["ParticipantRole"] == "CUSTOMER" and "Content" in i
            ]
            if not answer.get("NextToken"):
                return found
            page = {"NextToken": answer["NextToken"]}


def test_nothing_acknowledged_is_lost(make_server: Callable[..., Server]) -> None:
    server = make_server("--demo").ready()
    connect = server.boto("connect")
    instance = connect.list_instances()["InstanceSummaryList"][0]["Id"]
    flows = connect.list_contact_flows(InstanceId=instance)["ContactFlowSummaryList"]
    flow = next(f["Id"] for f in flows if f["Name"] == "Demo inbound flow")
    talkers = [Talker(server, instance, flow, f"customer {n}") for n in range(3)]
    for talker in talkers:
        talker.start()
    for kind in ("node", "postgres", "nats-server", "node", "up"):
        _until_more(talkers)
        server.kill(kind)
        if kind == "up":
            server.start().ready()
    _until_more(talkers)
    for talker in talkers:
        talker.finish()
    server.ready()
    for talker in talkers:
        assert talker.failures, "the kills were felt"
        kept = [text for text in talker.transcript() if text.startswith("message ")]
        acknowledged = set(talker.acknowledged)
        assert [text for text in kept if text in acknowledged] == talker.acknowledged
        assert connect.describe_contact(InstanceId=instance, ContactId=talker.contact)["Contact"]["Channel"] == "CHAT"


def _until_more(talkers: list[Talker]) -> None:
    """Everybody has been acknowledged a few times more."""
    wanted = [len(talker.acknowledged) + 5 for talker in talkers]
    deadline = time.monotonic() + 60
    while any(len(t.acknowledged) < w for t, w in zip(talkers, wanted, strict=True)):
        assert time.monotonic() < deadline, "the server did not come back"
        time.sleep(0.05)
