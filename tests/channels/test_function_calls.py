"""Functions that flows call on a running server: who may be called, what they are told, what they leave in the log."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.channels.people import DISCONNECT, Centre, say, wait_for
from tests.server import Server

pytestmark = pytest.mark.process

LOOKUP = """
import json, logging
log = logging.getLogger()
def handler(event, context):
    data, given = event["Details"]["ContactData"], event["Details"]["Parameters"]
    print("contact", data["ContactId"], "asks for", json.dumps(given))
    log.warning("request %s", context.aws_request_id)
    if given.get("fail"):
        raise ValueError("no such customer")
    return {"greeting": f"Good day {given['name']}", "tier": {"level": 3}}
"""
OURS = "arn:aws:lambda:us-east-1:123456789012:function:lookup"
THEIRS = "arn:aws:lambda:eu-west-1:210987654321:function:elsewhere"


@pytest.fixture(scope="module")
def functions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("functions")
    (folder / "lookup.py").write_text(LOOKUP)
    return folder


@pytest.fixture(scope="module")
def centre(functions: Path) -> Iterator[Centre]:
    server = Server("--demo", "--functions", str(functions)).ready()
    try:
        yield Centre(server)
    finally:
        server.destroy()


def invoke(arn: str, **parameters: Any) -> dict[str, Any]:
    """Invoke AWS Lambda function."""
    rule = {"ResponseType": "JSON"}
    given = {"LambdaFunctionARN": arn, "InvocationTimeLimitSeconds": "8", "ResponseValidation": rule}
    return {"Type": "InvokeLambdaFunction", "Parameters": given | {"LambdaInvocationAttributes": parameters}}


def run(centre: Centre, name: str, *actions: dict[str, Any]) -> tuple[str, list[str]]:
    """A chat through a flow to its end: the contact, and what the customer read."""
    flow = centre.flow(name, *actions, DISCONNECT)
    contact, customer = centre.customer(flow, Attributes={"name": "Jane"})
    wait_for(lambda: centre.describe(contact).get("DisconnectTimestamp"))
    customer.socket.close()
    page = centre.server.boto("switchroom").get_contact_transcript(InstanceId=centre.instance, ContactId=contact)
    return contact, [item["Content"] for item in page["Transcript"] if item.get("Type") == "MESSAGE"]


def calls(centre: Centre, count: int, **of: str) -> list[dict[str, Any]]:
    """The log of calls, once there are so many."""
    own = centre.server.boto("switchroom")

    def found() -> list[dict[str, Any]]:
        listed: list[dict[str, Any]] = own.list_function_logs(InstanceId=centre.instance, **of)["Calls"]
        return listed if len(listed) >= count else []

    shown: list[dict[str, Any]] = wait_for(found)
    return shown


def test_only_added_functions_are_called(centre: Centre) -> None:
    """BLK-092, FLOW-123: a function of this site answers only contacts of instances that it was added to."""
    refused, said = run(centre, "Not added", invoke(OURS, name="$.Attributes.name"), say("Good day $.External.name"))
    assert said == []
    entries = centre.server.boto("switchroom").list_flow_logs(InstanceId=centre.instance, ContactId=refused)["Entries"]
    assert all("Good day" not in entry["Entry"] for entry in entries)
    centre.connect.associate_lambda_function(InstanceId=centre.instance, FunctionArn=OURS)
    contact, said = run(centre, "Added", invoke(OURS, name="$.Attributes.name"), say("$.External.greeting"))
    assert said == ["Good day Jane"]
    assert [one["ContactId"] for one in calls(centre, 1, FunctionArn=OURS)] == [contact]


def test_functions_of_the_installation(centre: Centre) -> None:
    """FLOW-123: those that are here and those that were added, by name, with what flows may call."""
    own = centre.server.boto("switchroom")

    def listed() -> dict[str, tuple[str, bool]]:
        found = own.list_functions(InstanceId=centre.instance)["Functions"]
        return {one["Name"]: (one["Kind"], one["Added"]) for one in found}

    elsewhere = {"InstanceId": centre.instance, "FunctionArn": THEIRS}
    centre.connect.associate_lambda_function(**elsewhere)
    assert (
        listed().items()
        >= {
            "elsewhere": ("ELSEWHERE", True),
            "lookup": ("LOCAL", True),
            "sampleLambdaFlowFunction": ("SAMPLE", True),
        }.items()
    )
    centre.connect.disassociate_lambda_function(**elsewhere)
    assert "elsewhere" not in listed()


def test_functions_elsewhere(centre: Centre, functions: Path) -> None:
    """FLOW-123: the ARN of another region and account is accepted as typed, where a handler here stands in for it."""
    _, said = run(centre, "Nobody there", invoke(THEIRS, name="x"), say("$.External.greeting"))
    assert said == []
    (functions / "elsewhere.json").write_text(json.dumps({"Arn": THEIRS, "Handler": "lookup"}))
    _, said = run(centre, "Somebody there", invoke(THEIRS, name="$.Attributes.name"), say("$.External.greeting"))
    assert said == ["Good day Jane"]


def test_log_of_functions(centre: Centre) -> None:
    """FLOW-124, FLOW-125: what a handler prints, with its request id, contact and time; a failure with its reason."""
    contact, said = run(
        centre,
        "Logged",
        invoke(OURS, name="Jo", more={"n": 1, "list": ["a", True]}),
        say("$.External.tier.level"),
        invoke(OURS, fail="yes"),
        say("never $.External.greeting"),
    )
    assert said == ["3"]
    first, second = calls(centre, 2, ContactId=contact)
    assert first["Lines"] == [
        f'contact {contact} asks for {{"name": "Jo", "more": {{"n": 1, "list": ["a", true]}}}}',
        f"request {first['RequestId']}",
    ]
    assert (first["FunctionArn"], first["ContactId"], first.get("Fault")) == (OURS, contact, None)
    assert first["DurationMs"] >= 0
    assert "no such customer" in second["Fault"]
    assert "ValueError: no such customer" in second["Lines"][-1]


def test_handlers_are_loaded_anew(centre: Centre, functions: Path) -> None:
    """FLOW-124: a changed handler answers the next call."""
    (functions / "lookup.py").write_text("def handler(event, context):\n    return {'greeting': 'Changed'}\n")
    _, said = run(centre, "Changed", invoke(OURS), say("$.External.greeting"))
    assert said == ["Changed"]
