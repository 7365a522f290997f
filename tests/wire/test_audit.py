"""The audit log of real calls in a real database."""

from typing import Any

import msgspec
import pytest

from switchroom.base.errors import ServiceError
from switchroom.wire.app import App
from switchroom.wire.call import Call
from switchroom.wire.context import Services
from switchroom.wire.operation import load_bindings, make_binding
from switchroom.wire.redaction import HIDDEN
from tests.wire.asgi import ask
from tests.wire.conftest import PASSWORD
from tests.wire.doors import Clock, bind, make_app
from tests.wire.signing import sign


@pytest.fixture
def app(site: Services, clock: Clock) -> App:
    def describe(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"Queue": {"Name": "secret of a read"}}

    def create(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"UserId": "new-user", "UserArn": "arn"}

    def refuse(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        raise ServiceError("ResourceNotFoundException", "no such queue")

    def chat(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"ContactId": "c", "ParticipantToken": "token-of-the-customer"}

    def send(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"Id": "m", "AbsoluteTime": "2024-03-01T10:00:00.000Z"}

    bindings = {key: value for key, value in load_bindings().items() if key[1] == "SignIn"}
    bindings |= bind("connect", "DescribeQueue", describe) | bind("connect", "CreateUser", create)
    bindings |= bind("connect", "UpdateQueueName", refuse) | bind("connect", "StartChatContact", chat)
    bindings["connectparticipant", "SendMessage"] = make_binding("connectparticipant", "SendMessage", send)
    return make_app(bindings, site, clock)


async def put(app: App, path: str, body: dict[str, Any], method: str = "PUT") -> int:
    encoded = msgspec.json.encode(body)
    reply = await ask(app, method, path, headers=sign(method, path, body=encoded), body=encoded)
    return reply.status


async def entries(site: Services) -> list[dict[str, Any]]:
    assert site.audit is not None
    await site.audit.flush()
    rows = await site.audit.store.read(limit=50)
    return [msgspec.json.decode(row.entry) for row in reversed(rows)]


async def test_every_call_makes_one_entry(app: App, site: Services) -> None:
    """REC-84."""
    headers = sign("GET", "/queues/i-1/q-1", headers={"User-Agent": "test/1"})
    await ask(app, "GET", "/queues/i-1/q-1", headers=headers)
    await put(app, "/queues/i-1/q-1/name", {"Name": "x"}, "POST")
    await ask(app, "GET", "/queues/i-1/q-1")
    await ask(app, "GET", "/rules/i-1", headers=sign("GET", "/rules/i-1"))
    read, refused, unsigned, unbound = await entries(site)
    assert read["eventSource"] == "connect.amazonaws.com"
    assert read["eventName"] == "DescribeQueue"
    assert read["requestParameters"] == {"InstanceId": "i-1", "QueueId": "q-1"}
    assert (read["readOnly"], read["responseElements"]) == (True, None)
    assert (read["sourceIPAddress"], read["userAgent"]) == ("192.0.2.7", "test/1")
    assert (read["awsRegion"], read["recipientAccountId"], read["eventType"]) == (
        "us-east-1",
        "123456789012",
        "AwsApiCall",
    )
    assert read["userIdentity"]["type"] == "Root"
    assert len(read["eventTime"]) == 20
    assert (refused["errorCode"], refused["errorMessage"]) == ("ResourceNotFoundException", "no such queue")
    assert refused["readOnly"] is False
    assert unsigned["errorCode"] == "MissingAuthenticationTokenException"
    assert unsigned["userIdentity"]["type"] == "Unknown"
    assert unbound["errorCode"] == "NotImplementedException"
    assert len({entry["requestID"] for entry in (read, refused, unsigned, unbound)}) == 4


async def test_what_is_secret_or_personal_is_hidden(app: App, site: Services) -> None:
    """REC-86."""
    identity = {"FirstName": "Ada", "LastName": "Lovelace", "Email": "ada@example.com"}
    user = {"Username": "ada", "Password": "Sup3rSecret", "IdentityInfo": identity, "PhoneConfig": {}}
    assert await put(app, "/users/i", user | {"SecurityProfileIds": ["s"], "RoutingProfileId": "r"}) == 200
    chat = {
        "InstanceId": "i",
        "ContactFlowId": "f",
        "ParticipantDetails": {"DisplayName": "Ada"},
        "Attributes": {"ssn": "123-45"},
        "InitialMessage": {"ContentType": "text/plain", "Content": "my card is 4111"},
    }
    assert await put(app, "/contact/chat", chat) == 200
    await ask(app, "POST", "/switchroom/session", body=msgspec.json.encode({"Username": "admin", "Password": PASSWORD}))
    assert site.tokens is not None
    token = site.tokens.mint("connection", "i", "c", "p", "CUSTOMER", 1 << 50)
    body = b'{"ContentType":"text/plain","Content":"hush"}'
    reply = await ask(app, "POST", "/participant/message", headers={"X-Amz-Bearer": token}, body=body)
    assert reply.status == 200, reply
    created, started, signed_in, message = await entries(site)
    text = str([created, started, signed_in, message])
    for secret in ("Sup3rSecret", "Lovelace", "ada@example", "123-45", "4111", "token-of", PASSWORD, "hush", token):
        assert secret not in text
    assert created["requestParameters"]["Password"] == HIDDEN
    assert created["requestParameters"]["Username"] == "ada"
    assert created["responseElements"] == {"UserId": "new-user", "UserArn": "arn"}
    assert started["responseElements"] == {"ContactId": "c", "ParticipantToken": HIDDEN}
    assert signed_in["responseElements"]["Token"] == HIDDEN
    assert message["userIdentity"]["principalId"] == "p"
    assert message["responseElements"]["Id"] == "m"


async def test_people_are_told_apart(app: App, site: Services) -> None:
    assert site.sessions is not None
    session = await site.sessions.sign_in("demo", "agent1", PASSWORD)
    path = f"/queues/{session.instance}/q"
    await ask(app, "GET", path, headers={"Authorization": f"Bearer {session.token}"})
    (entry,) = await entries(site)
    assert entry["userIdentity"]["type"] == "AssumedRole"
    assert entry["userIdentity"]["sessionContext"]["sessionIssuer"]["userName"] == "agent1"
    assert site.audit is not None
    assert len(await site.audit.store.read(instance=session.instance, operation="DescribeQueue", read_only=True)) == 1
    assert await site.audit.store.read(instance="other") == []


async def test_an_odd_parameter_does_not_stop_the_log(app: App, site: Services) -> None:
    await put(app, "/users/i", {"Username": "\ud800".encode("utf-8", "surrogatepass").decode("utf-8", "replace")})
    await put(app, "/queues/i/q/name", {"Name": "x" * 900_000, "Description": "y" * 1000}, "POST")
    await ask(app, "GET", "/queues/i/q", headers=sign("GET", "/queues/i/q"))
    found = await entries(site)
    assert [entry["eventName"] for entry in found] == ["CreateUser", "UpdateQueueName", "DescribeQueue"]


async def test_a_full_queue_drops_and_counts(site: Services) -> None:
    assert site.audit is not None
    record: Any = None
    for _ in range(50_003):
        site.audit.note(record)
    assert site.audit.dropped == 3
    site.audit._queue.clear()
