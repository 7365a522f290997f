"""Throttling and policies."""

from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.wire.call import Call
from switchroom.wire.operation import make_binding
from switchroom.wire.policies import arn_matches, parse_policy
from switchroom.wire.throttle import Throttle
from tests.wire.asgi import ask
from tests.wire.doors import Clock, bind, make_app, make_services
from tests.wire.signing import sign

I1 = "arn:aws:connect:us-east-1:123456789012:instance/I1"


def test_the_vector_of_the_quota_table() -> None:
    """BASE-41: 8 calls at once, the ninth fails, a second later five more."""
    clock = Clock()
    throttle = Throttle(clock.timer)
    assert [throttle.admit("connect", "GetCurrentMetricData") for _ in range(9)] == [True] * 8 + [False]
    clock.seconds = 1.0
    assert [throttle.admit("connect", "GetCurrentMetricData") for _ in range(6)] == [True] * 5 + [False]
    assert [throttle.admit("connect", "DescribeQueue") for _ in range(6)] == [True] * 5 + [False]
    clock.seconds = 1000.0
    assert [throttle.admit("connect", "DescribeQueue") for _ in range(6)] == [True] * 5 + [False]


def test_participants_of_an_instance_share_their_buckets_instances_do_not() -> None:
    """BASE-42."""
    throttle = Throttle(Clock().timer)
    assert sum(throttle.admit("connectparticipant", "SendMessage", "one") for _ in range(20)) == 15
    assert sum(throttle.admit("connectparticipant", "SendMessage", "two") for _ in range(20)) == 15
    assert sum(throttle.admit("connectparticipant", "SendEvent", "one") for _ in range(20)) == 15


def nothing(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    return {}


async def test_a_throttled_call_gets_429(clock: Clock) -> None:
    app = make_app(bind("connect", "DescribeQueue", nothing), make_services(throttling=True), clock)
    headers = sign("GET", "/queues/i/q")
    replies = [await ask(app, "GET", "/queues/i/q", headers=headers) for _ in range(6)]
    assert [reply.status for reply in replies] == [200] * 5 + [429]
    assert replies[5].error == "ThrottlingException"
    off = make_app(bind("connect", "DescribeQueue", nothing), make_services(), clock)
    assert {(await ask(off, "GET", "/queues/i/q", headers=headers)).status for _ in range(20)} == {200}


def allowed(policy: str, action: str, resource: str = "*", **context: str) -> bool:
    keys = {name.replace("__", ":").replace("_", "/").lower(): (value,) for name, value in context.items()}
    return parse_policy(policy).allows(f"connect:{action}", [resource], keys)


def test_vector_u1_an_action_must_be_allowed() -> None:
    policy = '{"Statement":[{"Effect":"Allow","Action":["connect:DescribeUser","connect:ListUsers"],"Resource":"*"}]}'
    assert allowed(policy, "DescribeUser")
    assert not allowed(policy, "UpdateUserIdentityInfo")
    assert not allowed(policy, "CreateUser")


def test_vector_t1_tags_of_the_resource() -> None:
    policy = """{"Version":"2012-10-17","Statement":{"Effect":"Allow",
      "Action":["connect:DescribeUser","connect:UpdateUser*"],"Resource":"*","Condition":{"StringEquals":{"aws:ResourceTag/Department":"Test"}}}}"""
    assert allowed(policy, "DescribeUser", aws__ResourceTag_Department="Test")
    for other in ({"aws__ResourceTag_Department": "Prod"}, {"aws__ResourceTag_Department": "test"}, {}):
        assert not allowed(policy, "DescribeUser", **other)
    assert allowed(policy, "UpdateUserIdentityInfo", aws__ResourceTag_Department="Test")
    assert not allowed(policy, "DeleteUser", aws__ResourceTag_Department="Test")


def test_vector_t5_a_denial_wins() -> None:
    policy = """{"Statement":[{"Effect":"Allow","Action":"*","Resource":"*"},
      {"Effect":"Deny","Action":"connect:DescribeInstance","Resource":"*","Condition":{"StringNotEquals":{"aws:ResourceTag/Environment":["Dev"]}}}]}"""
    assert allowed(policy, "DescribeInstance", aws__ResourceTag_Environment="Dev")
    assert not allowed(policy, "DescribeInstance", aws__ResourceTag_Environment="Prod")
    assert not allowed(policy, "DescribeInstance")
    assert allowed(policy, "ListInstances")


def test_vector_r1_and_r3_resources() -> None:
    everything = '{"Effect":"Allow","Action":"connect:*","Resource":"*"}'
    denial = f'{{"Effect":"Deny","Action":["connect:DeleteUser","connect:UpdateUser*"],"Resource":"{I1}/agent/*"}}'
    policy = f'{{"Statement":[{everything},{denial}]}}'
    assert not allowed(policy, "DeleteUser", f"{I1}/agent/u")
    assert not allowed(policy, "UpdateUserPhoneConfig", f"{I1}/agent/u")
    assert allowed(policy, "DescribeUser", f"{I1}/agent/u")
    assert allowed(policy, "DeleteUser", f"{I1[:-1]}2/agent/u")
    policy = (
        f'{{"Statement":{{"Effect":"Allow","Action":"connect:StartContactRecording","Resource":"{I1}/contact/*"}}}}'
    )
    assert allowed(policy, "StartContactRecording", f"{I1}/contact/c")
    assert not allowed(policy, "StopContactRecording", f"{I1}/contact/c")
    assert not allowed(policy, "StartContactRecording", f"{I1[:-1]}2/contact/c")


R15 = """{"Statement":[
  {"Effect":"Allow","Action":"connect:*","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"connect:InstanceId":["A","B"]}}},
  {"Effect":"Deny","Action":"connect:*","Resource":"*","Condition":{"ForAnyValue:StringEquals":{"connect:InstanceId":"C"}}}]}"""


@pytest.mark.parametrize(("instance", "status"), [("A", 200), ("B", 200), ("C", 403), ("D", 403)])
async def test_vector_r15_instances_through_the_door(clock: Clock, instance: str, status: int) -> None:
    app = make_app(bind("connect", "DescribeQueue", nothing), make_services(policy=R15), clock)
    path = f"/queues/{instance}/q"
    reply = await ask(app, "GET", path, headers=sign("GET", path, key="AKLIMITED", secret="limited"))
    assert reply.status == status
    if status == 403:
        assert reply.error == "AccessDeniedException"
        expected = "User: arn:aws:iam::123456789012:user/limited is not authorized to perform: connect:DescribeQueue"
        assert reply.json()["Message"] == expected


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"Statement":[{"Effect":"Maybe"}]}', '{"Statement":[{"Action":"*"}]}', '{"Statement":[],}',
     '{"Statement":{"Effect":"Allow","Action":"*","Resource":"*","Condition":{"NumericMagic":{"a":"b"}}}}'],
)  # fmt: skip
def test_malformed_policies(text: str) -> None:
    with pytest.raises(ServiceError, match="Malformed policy"):
        parse_policy(text)


def test_wildcards_of_arns() -> None:
    assert arn_matches(f"{I1}/*", f"{I1}/queue/q")
    assert arn_matches("arn:aws:connect:*:*:instance/I1/queue/*", f"{I1}/queue/q")
    assert not arn_matches("arn:aws:connect:*:instance/I1", "arn:aws:s3:::instance/I1")
    assert not arn_matches(f"{I1}/queue/?", f"{I1}/queue/qq")
    assert not arn_matches(I1.lower(), I1)


async def test_only_keys_may_do_what_operators_do(clock: Clock) -> None:
    binding = make_binding("connect", "ListInstances", nothing, auth="signed")
    app = make_app({("connect", "ListInstances"): binding}, clock=clock)
    assert (await ask(app, "GET", "/instance", headers=sign("GET", "/instance"))).status == 200
    for headers in ({"Authorization": "Bearer x"}, {"Cookie": "switchroom-session=x"}):
        reply = await ask(app, "GET", "/instance", headers=headers)
        assert (reply.status, reply.error) == (403, "MissingAuthenticationTokenException")
