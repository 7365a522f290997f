"""Reading and checking of inputs, writing of outputs, with the messages of the public services."""

from typing import Any

import pytest

from switchroom.wire.app import App
from switchroom.wire.call import Call
from switchroom.wire.operation import make_binding
from switchroom.wire.service_model import build_service
from switchroom.wire.shapes.checker import CheckerCompiler, Problems
from switchroom.wire.shapes.patterns import matcher
from switchroom.wire.shapes.serializer import SerializerCompiler
from tests.wire.asgi import Reply, ask
from tests.wire.doors import MODELS, bind, make_app
from tests.wire.signing import sign

SHAPES: dict[str, dict[str, Any]] = {
    "Name": {"type": "string", "min": 1, "max": 5},
    "Color": {"type": "string", "enum": ["RED", "GREEN"]},
    "Code": {"type": "string", "pattern": "^[a-z]+$"},
    "Secret": {"type": "string", "max": 3, "sensitive": True},
    "Count": {"type": "integer", "min": 1, "max": 10},
    "Big": {"type": "long"},
    "Share": {"type": "double", "max": 1.0},
    "Flag": {"type": "boolean"},
    "Bytes": {"type": "blob", "max": 4},
    "When": {"type": "timestamp"},
    "WhenText": {"type": "timestamp", "timestampFormat": "iso8601"},
    "Names": {"type": "list", "member": {"shape": "Name"}, "min": 1, "max": 2},
    "Tags": {"type": "map", "key": {"shape": "Name"}, "value": {"shape": "Code"}, "max": 2},
    "Choice": {"type": "structure", "union": True, "members": {"A": {"shape": "Name"}, "B": {"shape": "Count"}}},
    "Tree": {"type": "structure", "members": {"Name": {"shape": "Name"}, "Children": {"shape": "Trees"}}},
    "Trees": {"type": "list", "member": {"shape": "Tree"}},
    "Inner": {"type": "structure", "required": ["Name"], "members": {"Name": {"shape": "Name"}}},
    "Inners": {"type": "list", "member": {"shape": "Inner"}},
    "All": {
        "type": "structure",
        "members": {
            name: {"shape": name}
            for name in (
                "Name",
                "Color",
                "Code",
                "Secret",
                "Count",
                "Big",
                "Share",
                "Flag",
                "Bytes",
                "When",
                "WhenText",
                "Names",
                "Tags",
                "Choice",
                "Tree",
                "Inners",
            )
        },
    },
}
METADATA = {"endpointPrefix": "test", "protocol": "rest-json"}
MODEL = build_service("test", {"metadata": METADATA, "shapes": SHAPES, "operations": {}})


def check(value: Any) -> tuple[Any, Problems]:
    problems = Problems()
    return CheckerCompiler(MODEL).compile("All")(value, problems, ""), problems


@pytest.mark.parametrize(
    ("value", "shown", "path", "constraint"),
    [
        ({"Name": ""}, "''", "name", "have length greater than or equal to 1"),
        ({"Name": "123456"}, "'123456'", "name", "have length less than or equal to 5"),
        ({"Color": "BLUE"}, "'BLUE'", "color", "satisfy enum value set: [RED, GREEN]"),
        ({"Code": "A1"}, "'A1'", "code", "satisfy regular expression pattern: ^[a-z]+$"),
        ({"Count": 0}, "'0'", "count", "have value greater than or equal to 1"),
        ({"Share": 1.5}, "'1.5'", "share", "have value less than or equal to 1.0"),
        ({"Names": []}, "'[]'", "names", "have length greater than or equal to 1"),
        ({"Inners": [{"Name": "x"}, {}]}, "null", "inners.2.member.name", "not be null"),
        ({"Tags": {"k": "V"}}, "'V'", "tags.k.member", "satisfy regular expression pattern: ^[a-z]+$"),
        ({"Secret": "abcd"}, "***", "secret", "have length less than or equal to 3"),
    ],
)
def test_a_broken_constraint_is_worded_as_the_public_services_word_it(
    value: Any, shown: str, path: str, constraint: str
) -> None:
    _, problems = check(value)
    expected = f"Value {shown} at '{path}' failed to satisfy constraint: Member must {constraint}"
    assert problems.message() == f"1 validation error detected: {expected}"


def test_all_violations_are_told_together() -> None:
    _, problems = check({"Name": "", "Count": 11})
    assert problems.message().startswith("2 validation errors detected: Value '' at 'name'")
    assert "; Value '11' at 'count'" in problems.message()


@pytest.mark.parametrize("value", [{"A": "x", "B": 1}, {}, {"C": 1}, {"A": None}])
def test_a_union_has_exactly_one_member(value: Any) -> None:
    assert "exactly one of: A, B" in check({"Choice": value})[1].message()


@pytest.mark.parametrize(
    "value",
    [
        {"Name": 1}, {"Names": "x"}, {"Names": [None]}, {"Tags": []}, {"Tree": "x"}, {"Flag": "true"}, {"Count": "1"},
        {"Count": 1.5}, {"Count": True}, {"Count": 2**31}, {"Big": 2**63}, {"Share": "1"}, {"Bytes": "***"},
        {"Bytes": 5}, {"When": "soon"}, {"When": True}, {"When": 1e300}, [], "x", 1, None,
    ],
)  # fmt: skip
def test_values_of_a_wrong_type(value: Any) -> None:
    assert check(value)[1].malformed


def test_values_come_out_as_handlers_want_them() -> None:
    value, problems = check(
        {
            "Count": 2.0, "Share": 1, "Bytes": "AQI=", "When": 1.5, "WhenText": "2024-03-01T10:00:00Z", "Name": None,
            "Unknown": 1, "Choice": {"A": "x", "B": None}, "Tags": {"a": None}, "Tree": {"Children": [{"Name": "x"}]},
        }
    )  # fmt: skip
    assert not problems.malformed
    assert not problems.violations
    assert value == {
        "Count": 2, "Share": 1.0, "Bytes": b"\1\2", "When": 1.5, "WhenText": 1709287200.0, "Choice": {"A": "x"},
        "Tags": {}, "Tree": {"Children": [{"Name": "x"}]},
    }  # fmt: skip
    assert type(value["Count"]) is int
    assert type(value["Share"]) is float


def test_outputs_lose_what_is_none_or_not_modelled() -> None:
    serialize = SerializerCompiler(MODEL).compile("All")
    assert serialize is not None
    output = {
        "Name": "x", "Code": None, "Bogus": 1, "Bytes": b"\1\2", "When": 1.5, "WhenText": 1709287200.25,
        "Tree": {"Bogus": 1, "Children": [{"Name": "a", "Other": 2}]}, "Tags": {"a": "b", "c": None}, "Inners": [],
    }  # fmt: skip
    assert serialize(output) == {
        "Name": "x", "Bytes": "AQI=", "When": 1.5, "WhenText": "2024-03-01T10:00:00.250Z",
        "Tree": {"Children": [{"Name": "a"}]}, "Tags": {"a": "b"}, "Inners": [],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("pattern", "good", "bad"),
    [
        (r"^(?!aws:)[\p{L}\p{Z}\p{N}_.:/=+\-@]*$", "日本 Ärger_1", "aws:x"),
        (r"^(?!\\.$)(?!\\.\\.$)[\\p{L}\\p{Z}\\p{N}\\-_.:=@'|]+$", "a.b", ".."),
        (r"/^(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}$/", "Passw0rd", "password"),
        (r"\\+[1-9]\\d{1,14}$", "+15550100", "15550100"),
        (r"^[\\P{C}]*$", "text", "a\u0007b"),
        (r".*\S.*", "a\nb", "   "),
        (r"[a-z]{2}(-[a-z]+){1,2}(-[0-9])?", "us-east-1", "us-east-1; drop"),
    ],
)
def test_patterns_of_the_models(pattern: str, good: str, bad: str) -> None:
    assert matcher(pattern)(good)
    assert not matcher(pattern)(bad)


def test_every_pattern_of_every_model_compiles_and_is_quick_on_hostile_text() -> None:
    patterns = {shape["pattern"] for model in MODELS for shape in model.shapes.values() if "pattern" in shape}
    assert len(patterns) > 40
    for pattern in patterns:
        for text in ("a" * 5000 + "!", "-" * 5000, "a-" * 2500 + "\0", "1" * 5000, " " * 5000, ""):
            assert matcher(pattern)(text) in (True, False)


@pytest.fixture
def app() -> App:
    def echo(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"QueueId": request["Name"], "QueueArn": str(sorted(request))}

    def fail(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        raise RuntimeError("secret detail")

    def lists(call: Call, request: dict[str, Any]) -> dict[str, Any]:
        return {"QueueSummaryList": [{"Name": str(request)}]}

    bindings = bind("connect", "CreateQueue", echo) | bind("connect", "DescribeQueue", fail)
    bindings |= bind("connect", "ListQueues", lists)
    bindings |= {
        ("connectparticipant", "SendMessage"): make_binding("connectparticipant", "SendMessage", fail, auth="none")
    }
    return make_app(bindings)


async def put_queue(app: App, body: bytes) -> Reply:
    return await ask(app, "PUT", "/queues/i", headers=sign("PUT", "/queues/i", body=body), body=body)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"{", "InvalidRequestException"),
        (b"", "InvalidParameterException"),
        (b"\xff\xfe", "InvalidRequestException"),
        (b"[]", "InvalidRequestException"),
        (b"null", "InvalidRequestException"),
        (b"[" * 100_000, "InvalidRequestException"),
        (b'{"Name":' * 5000, "InvalidRequestException"),
        (b'{"Name":5,"HoursOfOperationId":"h"}', "InvalidRequestException"),
        (b'{"Name":"a\\u0000","HoursOfOperationId":"h"}', "InvalidRequestException"),
        (b'{"Name":"","HoursOfOperationId":"h"}', "InvalidParameterException"),
        (b'{"Name":"a"}', "InvalidParameterException"),
    ],
)
async def test_bad_bodies_get_the_modelled_error(app: App, body: bytes, error: str) -> None:
    reply = await put_queue(app, body)
    assert (reply.status, reply.error, reply.json()["__type"]) == (400, error, error)
    assert reply.json()["Message"]
    assert len(reply.headers["x-amzn-requestid"]) == 36


async def test_a_service_without_that_error_gives_its_own(app: App) -> None:
    for body in (b"{", b'{"Content":1}', b'{"Content":"x"}'):
        reply = await ask(app, "POST", "/participant/message", body=body)
        assert (reply.status, reply.error) == (400, "ValidationException")


async def test_numbers_and_lists_of_the_query(app: App) -> None:
    query = "maxResults=7&nextToken=a%20b&queueTypes=AGENT&queueTypes=STANDARD&other=1"
    reply = await ask(
        app, "GET", "/queues-summary/i", query=query, headers=sign("GET", "/queues-summary/i", query=query)
    )
    wanted = {"InstanceId": "i", "MaxResults": 7, "NextToken": "a b", "QueueTypes": ["AGENT", "STANDARD"]}
    assert eval(reply.json()["QueueSummaryList"][0]["Name"]) == wanted
    wrong = {
        "maxResults=x": "InvalidRequestException",
        "maxResults=0": "InvalidParameterException",
        "nextToken=%ff": "InvalidRequestException",
    }
    for query, error in wrong.items():
        headers = sign("GET", "/queues-summary/i", query=query)
        reply = await ask(app, "GET", "/queues-summary/i", query=query, headers=headers)
        assert (reply.status, reply.error) == (400, error)


async def test_oversized_bodies(app: App) -> None:
    body = b'{"Name":"' + b"x" * 2_200_000 + b'"}'
    reply = await put_queue(app, body)
    assert (reply.status, reply.error) == (413, "RequestEntityTooLargeException")
    reply = await ask(app, "PUT", "/queues/i", headers=sign("PUT", "/queues/i"), pieces=[b"x" * 300_000] * 8)
    assert reply.status == 413


async def test_headers_that_are_too_long(app: App) -> None:
    reply = await ask(app, "GET", "/queues/i/q", headers={"x-long": "y" * 40_000})
    assert (reply.status, reply.error) == (431, "RequestHeaderFieldsTooLargeException")


async def test_unknown_and_unbound_operations(app: App) -> None:
    for method, path in (("GET", "/no/such/thing"), ("DELETE", "/workspace"), ("PATCH", "/queues/i")):
        reply = await ask(app, method, path, headers=sign(method, path))
        assert (reply.status, reply.error) == (404, "UnknownOperationException")
    reply = await ask(app, "GET", "/rules/i", headers=sign("GET", "/rules/i"))
    assert (reply.status, reply.error) == (501, "NotImplementedException")
    assert "connect:ListRules" in reply.json()["message"]


async def test_a_fault_of_ours_tells_nothing_but_the_request_id(app: App, caplog: pytest.LogCaptureFixture) -> None:
    reply = await ask(app, "GET", "/queues/i/q", headers=sign("GET", "/queues/i/q"))
    assert (reply.status, reply.error) == (500, "InternalServiceException")
    assert "secret detail" not in reply.body.decode()
    assert reply.headers["x-amzn-requestid"] in reply.json()["Message"]
    assert reply.headers["x-amzn-requestid"] in caplog.text
