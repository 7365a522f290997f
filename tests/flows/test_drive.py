"""`switchroom flow test` and `switchroom flow check`."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from switchroom.app.flow_commands import flow
from switchroom.flows.drive import DescriptionError, drive
from tests.flows.build import END, HANG_UP, action, document, text

SHIPPED = """
flow: Sample queue configurations flow
contact: {channel: VOICE, customer: "+14255550100"}
queues:
  BasicQueue: {hours: open, waiting: 3, oldest: 400, staffed: 2}
customer: ["2", "2", "4255550123"]
expect:
  end: disconnect
  queue: null
"""
OWN = """
flow: support.json
contact: {channel: CHAT, attributes: {plan: gold}}
queues: {Gold: {hours: open, limit: 1}, Basic: {}}
functions: {lookup: {name: Jane}}
customer: [returns]
expect:
  path: [call, greet, wait, plan, gold, to-queue]
  said: ["Hello Jane"]
  attributes: {plan: gold}
  queue: Gold
  end: queued
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    call = {"LambdaFunctionARN": "{function:lookup}", "InvocationTimeLimitSeconds": "3"}
    ways = [("Equals", "WaitCompleted", "bye"), ("Equals", "CustomerReturned", "plan")]
    wait = {"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}
    full = {"QueueAtCapacity": "bye", "NoMatchingError": "bye"}
    flow = document(
        action("call", "InvokeLambdaFunction", call, "greet", {"NoMatchingError": "bye"}),
        text("greet", "Hello $.External.name", "wait", "bye"),
        action("wait", "Wait", wait, None, {"NoMatchingError": "bye"}, ways),
        action(
            "plan",
            "Compare",
            {"ComparisonValue": "$.Attributes.plan"},
            None,
            {"NoMatchingCondition": "bye"},
            [("Equals", "gold", "gold")],
        ),
        action("gold", "UpdateContactTargetQueue", {"QueueId": "{queue:Gold}"}, "to-queue", {"NoMatchingError": "bye"}),
        action("to-queue", "TransferContactToQueue", {}, None, full),
        {**HANG_UP, "Identifier": "bye"},
    )
    (tmp_path / "support.json").write_text(flow)
    (tmp_path / "own.yaml").write_text(OWN)
    return tmp_path


def test_drive_of_an_own_flow(folder: Path) -> None:
    result = drive(OWN, folder)
    assert result.failures == []
    assert result.path == ["call", "greet", "wait", "plan", "gold", "to-queue"]


def test_drive_of_a_shipped_flow(folder: Path) -> None:
    result = drive(SHIPPED, folder)
    assert result.failures == []
    assert "callback" in result.path


def test_unmet_expectations(folder: Path) -> None:
    result = drive(OWN.replace("gold}}", "basic}}").replace("lookup: {name: Jane}", "lookup: fail"), folder)
    assert [line.split(":")[0] for line in result.failures] == ["path", "said", "attributes", "queue", "end"]
    assert result.end == "disconnect"


def test_nothing_more_to_come(folder: Path) -> None:
    assert drive(OWN.replace("[returns]", "[]"), folder).end == "waiting:wait"
    assert drive(OWN.replace("[returns]", "[waits]"), folder).end == "disconnect"


@pytest.mark.parametrize(
    "description",
    [
        ": : :",
        "[]",
        "flow: nowhere.json",
        "flow: support.json\nqueues: 3",
        OWN.replace("hours: open", "hours: maybe"),
        OWN + "  nonsense: 1\n",
    ],
)
def test_bad_descriptions(folder: Path, description: str) -> None:
    with pytest.raises(DescriptionError):
        drive(description, folder)


def test_command_line(folder: Path) -> None:
    """BASE-228: the checker from the command line; problems end it with 1."""
    run = CliRunner().invoke
    assert run(flow, ["test", str(folder / "own.yaml")]).exit_code == 0
    (folder / "bad.yaml").write_text(OWN.replace("end: queued", "end: disconnect"))
    failed = run(flow, ["test", str(folder / "bad.yaml")])
    assert failed.exit_code == 1
    assert "end: expected 'disconnect', got 'queued'" in failed.output
    assert run(flow, ["check", str(folder / "support.json")]).exit_code == 0
    (folder / "open.json").write_text(document(action("say", "MessageParticipant", {"Text": "x"}), END))
    found = run(flow, ["check", "--json", str(folder / "open.json")])
    assert found.exit_code == 1
    assert [p["code"] for p in next(iter(json.loads(found.output).values()))] == [
        "unconnected",
        "no-error-branch",
        "unreachable",
    ]
