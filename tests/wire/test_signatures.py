"""Signature Version 4: what is accepted, and how each kind of wrong signature is refused."""

from typing import Any

import pytest

from switchroom.wire.app import App
from switchroom.wire.call import Call
from tests.wire.asgi import Reply, ask
from tests.wire.doors import Clock, bind, make_app
from tests.wire.signing import presign, sign

PATH = "/queues/instance/queue"
TAGS = "/tags/arn%3Aaws%3Aconnect%3Aus-east-1%3A1%3Ainstance%2Fi%2Fqueue%2Fq"


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def app(clock: Clock) -> App:
    def who(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"Queue": {"Name": call.caller.name, "QueueId": request["QueueId"]}}

    def tags(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"tags": {"arn": request["resourceArn"]}}

    def untag(call: Call, request: dict[str, Any]) -> None:
        return None

    def create(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"QueueId": request["Name"]}

    bindings = bind("connect", "DescribeQueue", who) | bind("connect", "ListTagsForResource", tags)
    bindings |= bind("connect", "UntagResource", untag) | bind("connect", "CreateQueue", create)
    return make_app(bindings, clock=clock)


def refused(reply: Reply, code: str) -> bool:
    return (
        reply.status == 403 and reply.error == code and reply.json()["__type"] == code and bool(reply.json()["message"])
    )


async def test_a_right_signature_is_known(app: App) -> None:
    reply = await ask(app, "GET", PATH, headers=sign("GET", PATH))
    assert (reply.status, reply.json()["Queue"]["Name"]) == (200, "root")


async def test_encoded_paths_and_lists_in_the_query(app: App) -> None:
    reply = await ask(app, "GET", TAGS, headers=sign("GET", TAGS))
    assert reply.json()["tags"]["arn"] == "arn:aws:connect:us-east-1:1:instance/i/queue/q"
    query = "tagKeys=b%20%2F&tagKeys=a"
    reply = await ask(app, "DELETE", TAGS, query=query, headers=sign("DELETE", TAGS, query=query))
    assert (reply.status, reply.body) == (200, b"")


async def test_a_changed_request_is_refused(app: App) -> None:
    headers = sign("GET", PATH)
    assert refused(await ask(app, "GET", PATH + "2", headers=headers), "InvalidSignatureException")
    assert refused(await ask(app, "GET", PATH, query="a=b", headers=headers), "InvalidSignatureException")
    assert refused(await ask(app, "GET", PATH, headers=headers | {"Host": "elsewhere"}), "InvalidSignatureException")
    body = b'{"Name":"a"}'
    headers = sign("PUT", "/queues/i", body=body)
    assert refused(
        await ask(app, "PUT", "/queues/i", headers=headers, body=b'{"Name":"b"}'), "InvalidSignatureException"
    )


async def test_a_body_is_covered_and_may_not_be_left_unsigned(app: App) -> None:
    body = b'{"Name":"a","HoursOfOperationId":"h"}'
    reply = await ask(app, "PUT", "/queues/i", headers=sign("PUT", "/queues/i", body=body), body=body)
    assert reply.json() == {"QueueId": "a"}
    headers = sign("PUT", "/queues/i", body=body, headers={"X-Amz-Content-SHA256": "UNSIGNED-PAYLOAD"})
    assert refused(await ask(app, "PUT", "/queues/i", headers=headers, body=body), "InvalidSignatureException")


async def test_wrong_secret_and_unknown_key(app: App) -> None:
    wrong = sign("GET", PATH, secret="wrong")
    assert refused(await ask(app, "GET", PATH, headers=wrong), "InvalidSignatureException")
    unknown = sign("GET", PATH, key="AKNOBODY")
    assert refused(await ask(app, "GET", PATH, headers=unknown), "UnrecognizedClientException")


async def test_no_signature(app: App) -> None:
    assert refused(await ask(app, "GET", PATH), "MissingAuthenticationTokenException")


@pytest.mark.parametrize("minutes", [-6, 6])
async def test_a_clock_that_is_wrong(app: App, clock: Clock, minutes: int) -> None:
    headers = sign("GET", PATH)
    clock.ahead = minutes * 60_000
    reply = await ask(app, "GET", PATH, headers=headers)
    assert refused(reply, "InvalidSignatureException")
    assert "5 min" in reply.json()["message"]
    clock.ahead = minutes * 40_000
    assert (await ask(app, "GET", PATH, headers=headers)).status == 200


@pytest.mark.parametrize(
    "header",
    [
        "AWS4-HMAC-SHA256",
        "AWS4-HMAC-SHA256 Credential=a/b/c, SignedHeaders=host, Signature=0",
        "AWS4-HMAC-SHA256 Credential=a/20260101/r/connect/aws4_request, Signature=0",
        "Basic dXNlcjpwYXNz",
        "AWS4-HMAC-SHA512 Credential=a/20260101/r/connect/aws4_request, SignedHeaders=host, Signature=0",
    ],
)
async def test_authorization_headers_that_are_incomplete(app: App, header: str) -> None:
    headers = {"Authorization": header, "X-Amz-Date": "20260101T000000Z"}
    assert refused(await ask(app, "GET", PATH, headers=headers), "IncompleteSignatureException")


async def test_dates_that_are_none(app: App) -> None:
    headers = sign("GET", PATH)
    for broken in ("yesterday", "20269999T999999Z", ""):
        assert refused(
            await ask(app, "GET", PATH, headers=headers | {"X-Amz-Date": broken}), "IncompleteSignatureException"
        )
    del headers["X-Amz-Date"]
    assert refused(await ask(app, "GET", PATH, headers=headers), "IncompleteSignatureException")


async def test_presigned_urls(app: App, clock: Clock) -> None:
    query = presign("GET", PATH, expires=60)
    assert (await ask(app, "GET", PATH, query=query)).status == 200
    assert refused(await ask(app, "GET", PATH + "2", query=query), "InvalidSignatureException")
    assert refused(
        await ask(app, "GET", PATH, query=query.replace("Expires=60", "Expires=99")), "InvalidSignatureException"
    )
    clock.ahead = 62_000
    assert refused(await ask(app, "GET", PATH, query=query), "RequestExpired")
    clock.ahead = -600_000
    assert refused(await ask(app, "GET", PATH, query=query), "InvalidSignatureException")


@pytest.mark.parametrize(
    "cut", ["X-Amz-Date", "X-Amz-Expires", "X-Amz-SignedHeaders", "X-Amz-Credential", "X-Amz-Signature"]
)
async def test_presigned_urls_that_are_incomplete(app: App, cut: str) -> None:
    query = "&".join(part for part in presign("GET", PATH).split("&") if not part.startswith(cut))
    assert refused(await ask(app, "GET", PATH, query=query), "IncompleteSignatureException")
