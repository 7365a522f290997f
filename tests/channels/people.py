"""Customers and agents who talk to a real server: boto3 for the calls, `websockets` for the sockets."""

import json
import time
from collections.abc import Callable
from typing import Any

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from websockets.sync.client import connect

from tests.server import Server

EVENT = "application/vnd.amazonaws.connect.event."
PATIENCE = 15.0


class Socket:
    """A chat socket as the client library opens it: subscribes, and keeps what is pushed."""

    def __init__(self, url: str) -> None:
        self._socket = connect(url, open_timeout=10, legacy=True)
        self.items: list[dict[str, Any]] = []
        self.answers: list[dict[str, Any]] = []
        self.send({"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})
        self.subscribed = self.answer("aws/subscribe")["content"]["status"] == "success"

    def send(self, message: object) -> None:
        """Send a control message."""
        self._socket.send(message if isinstance(message, str) else json.dumps(message))

    def until(self, found: Callable[[], Any], patience: float = PATIENCE) -> Any:
        """Read until `found` gives something."""
        deadline = time.monotonic() + patience
        while not (result := found()):
            left = deadline - time.monotonic()
            assert left > 0, f"nothing came; pushed so far: {self.items}"
            try:
                message = json.loads(self._socket.recv(timeout=left))
            except TimeoutError:
                continue
            if message["topic"] == "aws/chat":
                self.items.append(json.loads(message["content"]))
            else:
                self.answers.append(message)
        return result

    def answer(self, topic: str) -> dict[str, Any]:
        """The first answer to a control message; waits for it."""
        return dict(self.until(lambda: next((a for a in self.answers if a["topic"] == topic), None)))

    def item(self, **members: Any) -> dict[str, Any]:
        """The first pushed item with these members; waits for it."""
        return dict(self.until(lambda: next((i for i in self.items if members.items() <= i.items()), None)))

    def event(self, kind: str) -> dict[str, Any]:
        """The first pushed event, e.g. `participant.joined`."""
        return self.item(ContentType=EVENT + kind)

    def closed(self) -> bool:
        """Whether the server closes the socket."""
        try:
            while True:
                self._socket.recv(timeout=PATIENCE)
        except TimeoutError:
            return False
        except Exception:
            return True

    def close(self) -> None:
        """Close it from here."""
        self._socket.close()


class Participant:
    """Whoever holds a participant token."""

    def __init__(self, server: Server, token: str) -> None:
        self.service = participant_service(server)
        self.token = token
        connection = self.service.create_participant_connection(
            Type=["WEBSOCKET", "CONNECTION_CREDENTIALS"], ParticipantToken=token
        )
        self.url: str = connection["Websocket"]["Url"]
        self.connection: str = connection["ConnectionCredentials"]["ConnectionToken"]
        self.expiry = (connection["Websocket"]["ConnectionExpiry"], connection["ConnectionCredentials"]["Expiry"])
        self.socket: Socket

    def open(self) -> Socket:
        """Open and subscribe the socket."""
        self.socket = Socket(self.url)
        return self.socket

    def say(self, text: str, kind: str = "text/plain", **more: Any) -> dict[str, Any]:
        """Send a message."""
        sent: dict[str, Any] = self.service.send_message(
            ConnectionToken=self.connection, ContentType=kind, Content=text, **more
        )
        return sent

    def signal(self, kind: str, content: object = None) -> dict[str, Any]:
        """Send an event, e.g. `typing`."""
        more = {} if content is None else {"Content": json.dumps(content)}
        sent: dict[str, Any] = self.service.send_event(
            ConnectionToken=self.connection, ContentType=EVENT + kind, **more
        )
        return sent

    def transcript(self, **options: Any) -> dict[str, Any]:
        """A page of the transcript."""
        page: dict[str, Any] = self.service.get_transcript(ConnectionToken=self.connection, **options)
        return page

    def leave(self) -> None:
        """Disconnect."""
        self.service.disconnect_participant(ConnectionToken=self.connection)


class Agent:
    """An agent of the demo centre, acting through a key."""

    def __init__(self, centre: "Centre", username: str) -> None:
        self._centre = centre
        self._service = centre.server.boto("switchroom")
        self.user = centre.id_of("user", username)
        self._who = {"InstanceId": centre.instance, "UserId": self.user}

    def do(self, operation: str, **members: Any) -> dict[str, Any]:
        """Call an operation of the agent desktop."""
        answer: dict[str, Any] = getattr(self._service, operation)(**self._who, **members)
        return answer

    def desk(self) -> dict[str, Any]:
        """The desk now."""
        snapshot: dict[str, Any] = self.do("get_agent_snapshot")["Snapshot"]
        return snapshot

    def become(self, status: str) -> None:
        """Choose a status by name."""
        found = next(s["StatusId"] for s in self.desk()["Statuses"] if s["Name"] == status)
        self.do("set_agent_status", StatusId=found)

    def contact(self, state: str, contact: str | None = None, channel: str | None = None) -> dict[str, Any]:
        """The contact on the desk in a state; waits for it."""

        def find() -> dict[str, Any] | None:
            for one in self.desk()["Contacts"]:
                if one["State"] == state and contact in (None, one["ContactId"]) and channel in (None, one["Channel"]):
                    return dict(one)
            return None

        return dict(wait_for(find))

    def accept(self, contact: str | None = None) -> str:
        """Take the offered contact; its id."""
        offered = self.contact("INCOMING", contact)["ContactId"]
        self.do("accept_contact", ContactId=offered)
        return str(offered)

    def join(self, contact: str) -> Participant:
        """Open the chat of a contact."""
        self.contact("CONNECTED", contact)
        given = self.do("create_agent_participant_connection", ContactId=contact)
        agent = Participant(self._centre.server, given["ParticipantToken"])
        agent.open()
        return agent

    def clear_desk(self) -> None:
        """Leave nothing behind: end and clear everything, and go offline."""
        self.become("Offline")
        for contact in self.desk()["Contacts"]:
            if contact["State"] == "INCOMING":
                self.do("reject_contact", ContactId=contact["ContactId"])
            elif contact["State"] in ("CONNECTED", "CONNECTING", "PAUSED"):
                self.do("end_contact", ContactId=contact["ContactId"])
        for contact in self.desk()["Contacts"]:
            self.do("clear_contact", ContactId=contact["ContactId"])


class Centre:
    """The demo instance of a server."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connect = server.boto("connect")
        summary = self.connect.list_instances()["InstanceSummaryList"]
        self.instance: str = next(one["Id"] for one in summary if one["InstanceAlias"] == "demo")

    def id_of(self, kind: str, name: str) -> str:
        """The id of a user, queue, flow, quick connect by its name."""
        operation, key, label = {
            "user": ("list_users", "UserSummaryList", "Username"),
            "queue": ("list_queues", "QueueSummaryList", "Name"),
            "flow": ("list_contact_flows", "ContactFlowSummaryList", "Name"),
            "profile": ("list_routing_profiles", "RoutingProfileSummaryList", "Name"),
        }[kind]
        found = getattr(self.connect, operation)(InstanceId=self.instance, MaxResults=1000)[key]
        return str(next(one["Id"] for one in found if one.get(label) == name))

    def flow(self, name: str, *actions: dict[str, Any], kind: str = "CONTACT_FLOW") -> str:
        """A published flow of actions in a row; each may leave out Identifier, Transitions and Parameters."""
        content = {"Version": "2019-10-30", "StartAction": "a0", "Metadata": {}, "Actions": chained(actions)}
        made = self.connect.create_contact_flow(
            InstanceId=self.instance, Name=f"{name} {time.monotonic_ns()}", Type=kind, Content=json.dumps(content)
        )
        return str(made["ContactFlowId"])

    def start_chat(self, flow: str, name: str = "Jane", **more: Any) -> dict[str, Any]:
        """StartChatContact."""
        started: dict[str, Any] = self.connect.start_chat_contact(
            InstanceId=self.instance, ContactFlowId=flow, ParticipantDetails={"DisplayName": name}, **more
        )
        return started

    def customer(self, flow: str, name: str = "Jane", **more: Any) -> tuple[str, Participant]:
        """A customer whose socket is open; (contact id, customer)."""
        started = self.start_chat(flow, name, **more)
        customer = Participant(self.server, started["ParticipantToken"])
        customer.open()
        return str(started["ContactId"]), customer

    def describe(self, contact: str) -> dict[str, Any]:
        """DescribeContact."""
        found: dict[str, Any] = self.connect.describe_contact(InstanceId=self.instance, ContactId=contact)["Contact"]
        return found


def chained(actions: tuple[dict[str, Any], ...]) -> list[dict[str, Any]]:
    """Actions that follow each other; the last one has no transitions."""
    linked = []
    for number, action in enumerate(actions):
        last = number == len(actions) - 1
        after = f"a{number + 1}"
        given = dict(action)
        kinds = given.pop("Errors", ("NoMatchingError",))
        errors = [{"NextAction": after, "ErrorType": kind} for kind in kinds]
        transitions = {} if last else {"NextAction": after, "Errors": errors}
        linked.append({"Identifier": f"a{number}", "Parameters": {}, "Transitions": transitions, **given})
    return linked


def participant_service(server: Server) -> Any:
    """A boto3 client of the participant service; it signs nothing."""
    config = Config(signature_version=UNSIGNED, retries={"total_max_attempts": 1}, max_pool_connections=64)
    return boto3.client("connectparticipant", endpoint_url=server.url, region_name="us-east-1", config=config)


def wait_for(found: Callable[[], Any], patience: float = PATIENCE) -> Any:
    """What `found` gives, as soon as it gives something."""
    deadline = time.monotonic() + patience
    while True:
        result = found()
        if result:
            return result
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.05)


def say(text: str) -> dict[str, Any]:
    """Play prompt."""
    return {"Type": "MessageParticipant", "Parameters": {"Text": text}}


def working_queue(queue: str) -> dict[str, Any]:
    """Set working queue."""
    return {"Type": "UpdateContactTargetQueue", "Parameters": {"QueueId": queue}}


TO_QUEUE: dict[str, Any] = {"Type": "TransferContactToQueue", "Errors": ("QueueAtCapacity", "NoMatchingError")}
DISCONNECT: dict[str, Any] = {"Type": "DisconnectParticipant"}
