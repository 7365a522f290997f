"""Functions: what they are given, what they may answer, and the processes they run in."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from switchroom.base.arns import Site
from switchroom.channels.functions import FunctionFailed, FunctionRunner
from switchroom.flows.function_event import function_event, function_result
from switchroom.flows.scenario import INSTANCE_ARN, Contact, ScenarioWorld
from switchroom.flows.state import FunctionCall
from switchroom.flows.world import Endpoint, FlowError, ReferenceView
from tests.flows.build import END, Drive, action, text

ARN = "arn:aws:lambda:us-east-1:123456789012:function:lookup"


def caller(response_type: str | None = None, limit: str = "8", **parameters: Any) -> Drive:
    """A flow that calls a function, then speaks `$.External.name`."""
    rule = {"ResponseValidation": {"ResponseType": response_type}} if response_type else {}
    given = {"LambdaFunctionARN": ARN, "InvocationTimeLimitSeconds": limit, "LambdaInvocationAttributes": parameters}
    return Drive(
        action("call", "InvokeLambdaFunction", given | rule, "speak", {"NoMatchingError": "error"}),
        text("speak", "$.External.name", "end", "silent"),
        END,
        action("error", "EndFlowExecution"),
        action("silent", "EndFlowExecution"),
        attributes={"plan": "gold", "$one": "two"},
    )


def call_of(drive: Drive) -> FunctionCall:
    effect = drive.awaited.effect
    assert isinstance(effect, FunctionCall)
    return effect


def test_event() -> None:
    """FLOW-124: the event of table L1 key by key; parameters keep their JSON types; `$` keys arrive as `_$...`."""
    contact = Contact(
        id="c2",
        initial_id="c1",
        previous_id="c1",
        channel="VOICE",
        initiation_method="INBOUND",
        attributes={"k": "v", "$one": "two"},
        customer_endpoint=Endpoint("+1234567890"),
        system_endpoint=Endpoint("+1234567891"),
        customer_id="someCustomerId",
        description="someDescription",
        language="en-US",
        name="ContactFlowEvent",
        references={"key1": ReferenceView("urlvalue", "URL")},
        outbound_caller_id=Endpoint("+12345678903"),
    )
    world = ScenarioWorld(contact)
    contact.queue = world.add("queue", "PasswordReset", id="q")
    parameters = {"Name": "Jane", "Age": 10, "isEnrolledInSchool": True, "hobbies": {"books": ["book1", "book2"]}}
    assert function_event(world, parameters) == {
        "Details": {
            "ContactData": {
                "Attributes": {"k": "v", "_$one": "two"},
                "Channel": "VOICE",
                "ContactId": "c2",
                "CustomerEndpoint": {"Address": "+1234567890", "Type": "TELEPHONE_NUMBER"},
                "CustomerId": "someCustomerId",
                "Description": "someDescription",
                "InitialContactId": "c1",
                "InitiationMethod": "INBOUND",
                "InstanceARN": INSTANCE_ARN,
                "LanguageCode": "en-US",
                "MediaStreams": {"Customer": {"Audio": None}},
                "Name": "ContactFlowEvent",
                "PreviousContactId": "c1",
                "Queue": {
                    "ARN": f"{INSTANCE_ARN}/queue/q",
                    "Name": "PasswordReset",
                    "OutboundCallerId": {"Address": "+12345678903", "Type": "TELEPHONE_NUMBER"},
                },
                "References": {"key1": {"Type": "url", "Value": "urlvalue"}},
                "SystemEndpoint": {"Address": "+1234567891", "Type": "TELEPHONE_NUMBER"},
            },
            "Parameters": parameters,
        },
        "Name": "ContactFlowEvent",
    }


FLAT = {"AccountId": "a12345689", "Balance": "$1000"}
NESTED = {"Name": {"First": "John", "Last": "Doe"}, "AccountId": "a12345689", "OrderIds": ["x123", "y123"]}


def test_response_rules() -> None:
    """BLK-091, FLOW-126: the vectors of the guide; STRING_MAP is flat, JSON any object, neither over 32 KB."""
    assert function_result(FLAT, "STRING_MAP") == function_result(FLAT, "JSON") == FLAT
    assert function_result(NESTED, "JSON") == NESTED
    with pytest.raises(FlowError):
        function_result(NESTED, "STRING_MAP")
    for bad in ([], "text", None, 3):
        with pytest.raises(FlowError):
            function_result(bad, "JSON")
    with pytest.raises(FlowError):
        function_result({"x": "y" * 33_000}, "JSON")
    with pytest.raises(FlowError):
        function_result({"x": None}, "STRING_MAP")
    assert function_result({"n": 12, "half": 0.5, "yes": True}, "STRING_MAP") == {
        "n": "12",
        "half": "0.5",
        "yes": "true",
    }


def test_invoke_and_use_the_answer() -> None:
    """BLK-088, FLOW-127: the answer is `$.External` until the next call; parameters are resolved."""
    drive = caller(plan="$.Attributes.plan", fixed=7, ids=["a", "$.Attributes.plan"]).go()
    assert call_of(drive).arn == ARN
    assert json.loads(call_of(drive).event)["Details"]["Parameters"] == {
        "plan": "gold",
        "fixed": 7,
        "ids": ["a", "gold"],
    }
    drive.signal("done", {"name": "Jane"})
    assert drive.said == ["Jane"]
    assert drive.run.frame.external == {"name": "Jane"}


def test_failures_take_error() -> None:
    """FLOW-125, BLK-090: a failed call and an answer against the rule leave by Error."""
    assert caller().go().signal("failed", "it raised").path[-1] == "error"
    assert caller().go().signal("timeout").path[-1] == "error"
    assert caller().go().signal("done", NESTED).path[-1] == "error"
    assert caller("JSON").go().signal("done", NESTED).path[-1] == "silent"


def test_time_limit() -> None:
    """BLK-089: 1 to 8 seconds, anything else is an error."""
    assert call_of(caller(limit="8").go()).timeout_ms == 8_000
    assert call_of(caller(limit="1").go()).timeout_ms == 1_000
    for limit in ("0", "9", "soon"):
        assert caller(limit=limit).go().path[-1] == "error"


def test_functions_in_a_row_share_twenty_seconds() -> None:
    """BASE-105: 20 s for functions in a row, then Error; a Play prompt between them starts a new window."""

    def calls(prompt: bool) -> Drive:
        given = {"LambdaFunctionARN": ARN, "InvocationTimeLimitSeconds": "8"}
        again = "prompt" if prompt else "call"
        return Drive(
            action("call", "InvokeLambdaFunction", given, again, {"NoMatchingError": "error"}),
            text("prompt", "one moment", "call"),
            action("error", "EndFlowExecution"),
        )

    drive = calls(prompt=False).go()
    for left in (8_000, 8_000, 4_000):
        assert call_of(drive).timeout_ms == left
        drive.signal("done", {}, after_ms=min(8_000, left))
    assert drive.path[-1] == "error"
    drive = calls(prompt=True).go()
    for _ in range(5):
        assert call_of(drive).timeout_ms == 8_000
        drive.signal("done", {}, after_ms=8_000)


@pytest.fixture
async def runner(tmp_path: Path) -> AsyncIterator[FunctionRunner]:
    made = FunctionRunner(tmp_path, Site())
    yield made
    await made.close()


def write(tmp_path: Path, body: str) -> str:
    (tmp_path / "lookup.py").write_text(body)
    return ARN


async def test_local_handler(runner: FunctionRunner, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """FLOW-124: a local handler gets the event and a context; what it prints goes to the log."""
    caplog.set_level("INFO")
    arn = write(
        tmp_path,
        "def handler(event, context):\n"
        "    print('seen', event['Details']['Parameters']['a'])\n"
        "    left = context.get_remaining_time_in_millis()\n"
        "    return {'name': context.function_name, 'arn': context.invoked_function_arn, 'inTime': 0 < left <= 5000}\n",
    )
    answer = await runner.invoke(arn, json.dumps({"Details": {"Parameters": {"a": "é"}}}), 5_000)
    assert answer == {"name": "lookup", "arn": ARN, "inTime": True}
    await runner.close()
    assert "function lookup: seen é" in caplog.text


async def test_process_is_kept_and_follows_the_file(runner: FunctionRunner, tmp_path: Path) -> None:
    body = "count = 0\ndef handler(event, context):\n    global count\n    count += 1\n    return {'n': count}\n"
    arn = write(tmp_path, body)
    assert [await runner.invoke(arn, "{}", 5_000) for _ in range(2)] == [{"n": 1}, {"n": 2}]
    write(tmp_path, body.replace("count = 0", "count = 10"))
    assert await runner.invoke(arn, "{}", 5_000) == {"n": 11}


async def test_handler_over_time_is_killed(runner: FunctionRunner, tmp_path: Path) -> None:
    """FLOW-125: over time is an error, and the next call gets a new process."""
    arn = write(
        tmp_path,
        "import time\ndef handler(event, context):\n    while event['slow']:\n        time.sleep(1)\n    return {}\n",
    )
    with pytest.raises(FunctionFailed, match="did not answer in time"):
        await runner.invoke(arn, '{"slow": true}', 1_500)
    assert await runner.invoke(arn, '{"slow": false}', 5_000) == {}


async def test_closing_ends_calls_under_way(runner: FunctionRunner, tmp_path: Path) -> None:
    pid = tmp_path / "pid"
    body = (
        "import os\n"
        "def handler(event, context):\n"
        "    open(event, 'w').write(str(os.getpid()))\n"
        "    while True:\n"
        "        pass\n"
    )
    call = asyncio.create_task(runner.invoke(write(tmp_path, body), json.dumps(str(pid)), 8_000))
    while not (pid.exists() and pid.read_text()):
        await asyncio.sleep(0.02)
    await runner.close()
    with pytest.raises(FunctionFailed):
        await call
    with pytest.raises(ProcessLookupError):
        os.kill(int(pid.read_text()), 0)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ("def handler(event, context):\n    raise ValueError('no such customer')\n", "ValueError: no such customer"),
        ("def handler(event, context):\n    return object()\n", "not JSON serializable"),
        ("def handler(event, context):\n    return {'x': 'y' * 40000}\n", "larger than 32 KB"),
        ("def handler(event, context):\n    return {'x': 'y' * 4000000}\n", "larger than 32 KB"),
        ("this is no python\n", "could not be loaded"),
        ("x = 1\n", "could not be loaded"),
        ("import os\ndef handler(event, context):\n    os._exit(1)\n", "broke down"),
    ],
)
async def test_bad_handlers(runner: FunctionRunner, tmp_path: Path, body: str, reason: str) -> None:
    """FLOW-126: exceptions, answers that are no JSON or too large, and crashes fail the call."""
    with pytest.raises(FunctionFailed, match=reason):
        await runner.invoke(write(tmp_path, body), "{}", 8_000)


async def test_unknown_function(runner: FunctionRunner) -> None:
    for arn in (ARN, "arn:aws:lambda:us-east-1:123456789012:function:../x", "lookup", ""):
        with pytest.raises(FunctionFailed):
            await runner.invoke(arn, "{}", 1_000)


async def test_sample_function(runner: FunctionRunner) -> None:
    """FLOW-25: the shipped function knows the state of an area code and a fun fact."""
    arn = runner.arn("sampleLambdaFlowFunction")
    assert [(f.name, f.kind) for f in runner.functions()] == [("sampleLambdaFlowFunction", "sample")]
    for address, state in (("+12065550100", "Washington"), ("+12125550100", "New York"), ("+4930123456", "Unknown")):
        world = ScenarioWorld(Contact(customer_endpoint=Endpoint(address)))
        answer = await runner.invoke(arn, json.dumps(function_event(world, {})), 5_000)
        assert answer["State"] == state
        assert answer["FunFact"]
    chat = await runner.invoke(arn, json.dumps(function_event(ScenarioWorld(), {})), 5_000)
    assert chat["State"] == "Unknown"


class Endpoint500(ThreadingHTTPServer):
    """A server on a free port that fails `failures` times with `status`, then echoes."""

    def __init__(self, failures: int, status: int) -> None:
        self.calls = 0
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                owner.calls += 1
                body = self.rfile.read(int(self.headers["Content-Length"]))
                failed = owner.calls <= failures
                answer = b"busy" if failed else b'{"echo": ' + body + b"}"
                self.send_response(status if failed else 200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, format: str, *values: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()


@pytest.mark.parametrize(
    ("failures", "status", "calls", "works"),
    [(0, 500, 1, True), (3, 500, 4, True), (3, 429, 4, True), (9, 503, 4, False), (1, 400, 1, False)],
)
async def test_http_function_and_retries(tmp_path: Path, failures: int, status: int, calls: int, works: bool) -> None:
    """FLOW-125, BLK-090: throttling and 5xx are tried again, three times at most; other refusals are final."""
    server = Endpoint500(failures, status)
    (tmp_path / "lookup.json").write_text(json.dumps({"Url": f"http://127.0.0.1:{server.server_port}/"}))
    runner = FunctionRunner(tmp_path, Site())
    if works:
        assert await runner.invoke(ARN, '{"a": 1}', 8_000) == {"echo": {"a": 1}}
    else:
        with pytest.raises(FunctionFailed):
            await runner.invoke(ARN, "{}", 8_000)
    await runner.close()
    server.shutdown()
    server.server_close()
    assert server.calls == calls


class Lambda(ThreadingHTTPServer):
    """The wire of Lambda's Invoke, answering from a list of (status, headers, body)."""

    def __init__(self, answers: list[tuple[int, dict[str, str], bytes]]) -> None:
        self.paths: list[str] = []
        owner = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                owner.paths.append(self.path)
                self.rfile.read(int(self.headers["Content-Length"]))
                status, headers, body = answers.pop(0)
                self.send_response(status)
                for name, value in {**headers, "Content-Length": str(len(body))}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, format: str, *values: Any) -> None:
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        Thread(target=self.serve_forever, daemon=True).start()


async def test_aws_lambda(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """FLOW-125: a throttled Lambda function is tried again, an exception in it is final; boto3 does the talking."""
    throttled = (429, {"x-amzn-ErrorType": "TooManyRequestsException"}, b'{"message": "Rate exceeded"}')
    raised = (200, {"X-Amz-Function-Error": "Unhandled"}, b'{"errorMessage": "no"}')
    denied = (403, {"x-amzn-ErrorType": "AccessDeniedException"}, b'{"message": "no"}')
    server = Lambda([throttled, (200, {}, b'{"name": "Jane"}'), raised, denied, (200, {}, b'{"by": "its own ARN"}')])
    monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "x")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "x")
    other = "arn:aws:lambda:eu-west-1:210987654321:function:remote"
    (tmp_path / "lookup.json").write_text(json.dumps({"LambdaArn": other}))
    runner = FunctionRunner(tmp_path, Site())
    assert [f.kind for f in runner.functions() if f.name == "lookup"] == ["aws"]
    assert await runner.invoke(ARN, "{}", 8_000) == {"name": "Jane"}
    for _ in range(2):
        with pytest.raises(FunctionFailed):
            await runner.invoke(ARN, "{}", 8_000)
    assert await runner.invoke(other, "{}", 8_000) == {"by": "its own ARN"}
    with pytest.raises(FunctionFailed, match="There is no function"):
        await runner.invoke(other + "2", "{}", 8_000)
    await runner.close()
    server.shutdown()
    server.server_close()
    assert len(server.paths) == 5
    assert all(
        "function%3Aremote/invocations" in path or "function:remote/invocations" in path for path in server.paths
    )
