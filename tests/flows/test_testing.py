"""`switchroom flow test` and `switchroom flow check`: scenarios of flows."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from switchroom.app.flow_commands import flow
from switchroom.flows.testing.description import read
from switchroom.flows.testing.inputs import DescriptionError
from switchroom.flows.testing.stage import reader
from switchroom.flows.testing.suite import Result, play
from switchroom.flows.testing.suite import run as run_files
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


def drive(description: str, folder: Path) -> Result:
    (scenario,) = read(description)
    return play(scenario, reader(folder))


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


CALL = """
flow: ivr.json
contact: {channel: VOICE, customer: "+14255550100"}
at: 2026-03-02T08:58:00+00:00
hours: {Office: "Mon-Fri 09:00-17:00 Europe/London"}
functions:
  lookup: [fail, {returns: {tier: gold}, takes: 1500ms}]
bots:
  "*":
    Orders: {says: [order, parcel], asks: ["Which number?"], answers: "It is on its way", slots: {Number: "7"}}
scenarios:
  - name: before the office opens
    at: 2026-03-02T08:50:00+00:00
    customer: [silence]
    expect: {through: [hours, closed], end: queued}
  - name: opens while the caller waits
    customer: [{waits: 170s}, {keys: "12*3#"}, my parcel, "7"]
    expect:
      through: [hours, ask, first, second, bot, done]
      hears: [please, Which number, on its way]
      avoids: [closed]
      values: {$.StoredCustomerInput: "3", $.External.tier: gold, $.Lex.Slots.Number: "7"}
      functions: {lookup: {pin: "3"}}
      end: disconnect
  - name: says nothing
    customer: [{waits: 170s}, silence]
    expect: {values: {$.StoredCustomerInput: Timeout}}
  - name: hangs up
    customer: [{waits: 170s}, hangs up]
    expect: {end: left, queue: null}
"""


def ivr(folder: Path) -> None:
    errors = {"NoMatchingError": "closed"}
    hours = [("Equals", "True", "ask"), ("Equals", "False", "closed")]
    patient = {"StoreInput": "False", "InputTimeLimitSeconds": "170", "Text": "One moment"}
    pin = {"StoreInput": "True", "InputTimeLimitSeconds": "5", "Text": "Your PIN please"}
    keyed = {**pin, "DTMFConfiguration": {"InputTerminationSequence": "#"}}
    call = {
        "LambdaFunctionARN": "{function:lookup}",
        "InvocationTimeLimitSeconds": "3",
        "LambdaInvocationAttributes": {"pin": "$.StoredCustomerInput"},
    }
    bot = {"Text": "How can I help?", "LexV2Bot": {"AliasArn": "arn:aws:lex:us-east-1:1:bot-alias/B/A"}}
    flow = document(
        action("wait", "GetParticipantInput", patient, None, {"InputTimeLimitExceeded": "hours", **errors}),
        action("hours", "CheckHoursOfOperation", {"HoursOfOperationId": "{hours:Office}"}, None, errors, hours),
        action("ask", "GetParticipantInput", keyed, "first", errors),
        action("first", "InvokeLambdaFunction", call, "closed", {"NoMatchingError": "second"}),
        action("second", "InvokeLambdaFunction", call, "bot", errors),
        action("bot", "ConnectParticipantWithLexBot", bot, None, errors, [("Equals", "Orders", "done")]),
        {**HANG_UP, "Identifier": "done"},
        {**HANG_UP, "Identifier": "closed"},
    )
    (folder / "ivr.json").write_text(flow)
    (folder / "ivr.yaml").write_text(CALL)


def test_a_call_with_time_functions_and_a_bot(tmp_path: Path) -> None:
    """Several scenarios in a file: hours by the moving clock, keys and their ends, stand-ins of functions and bots."""
    ivr(tmp_path)
    suite = run_files([tmp_path])
    found = {one.name: one for file in suite.files for one in file.results}
    assert [one.failures for one in found.values()][1:] == [[], [], []]
    assert found["before the office opens"].failures == ["end: expected 'queued', got 'disconnect'"]
    called = found["opens while the caller waits"].played
    assert [use.failed is None for use in called.functions] == [False, True]
    assert called.now == called.steps[0].at + 170_000 + 1_500


def test_steps_with_what_they_read_and_wrote(tmp_path: Path) -> None:
    ivr(tmp_path)
    played = run_files([tmp_path / "ivr.yaml"]).files[0].results[1].played
    ask = [step for step in played.steps if step.action == "ask"]
    assert [step.outcome for step in ask] == ["", "next"]
    assert ask[0].said == ["Your PIN please"]
    before, after = (json.loads(played.states[n]) for n in (ask[1].before, ask[1].after))
    assert "StoredCustomerInput" not in before
    assert after["StoredCustomerInput"] == "3"
    assert [step.outcome for step in played.steps if step.action == "hours"] == ["condition:0"]
    assert [line.who for line in played.lines if line.text == "my parcel"] == ["customer"]


def test_coverage_and_junit(tmp_path: Path) -> None:
    ivr(tmp_path)
    (tmp_path / "other.yaml").write_text("nothing: of ours")
    done = CliRunner().invoke(flow, ["test", str(tmp_path), "--junit", str(tmp_path / "report.xml")])
    assert done.exit_code == 1
    assert "ivr.json: 8 of 8 blocks, 7 of 13 branches" in done.output
    assert "not taken: hours NoMatchingError" in done.output
    assert "4 scenarios, 1 failed" in done.output
    top = ElementTree.parse(tmp_path / "report.xml").getroot()
    (suite,) = top
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("4", "1", "0")
    assert [len(case.findall("failure")) for case in suite] == [1, 0, 0, 0]


def test_a_scenario_that_cannot_be_played(tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("flow: nowhere.json")
    done = CliRunner().invoke(flow, ["test", str(tmp_path), "--junit", str(tmp_path / "report.xml")])
    assert done.exit_code == 2
    assert "nowhere.json cannot be read" in done.output
    assert ElementTree.parse(tmp_path / "report.xml").find(".//error") is not None


def test_a_flow_that_goes_in_a_circle(tmp_path: Path) -> None:
    """A circle without a wait is stopped and told; one with a wait ends by the limit of the play."""
    around = document(text("a", "Hello", "b"), text("b", "again", "a"))
    (tmp_path / "support.json").write_text(around)
    stopped = drive("flow: support.json\nexpect: {end: failed}", tmp_path)
    assert stopped.failures == []
    assert "goes in a circle" in stopped.text
    assert stopped.played.steps[-1].outcome == "failed"
    assert "goes in a circle" in str(stopped.played.steps[-1].entry)


def test_modules_and_other_flows(tmp_path: Path) -> None:
    """FLOW-55: a module and a flow beside the first one; the block that invoked the module is left when it returns."""
    invoke = action("ask", "InvokeFlowModule", {"FlowModuleId": "{module:Fun}"}, "more", {"NoMatchingError": "more"})
    more = action("more", "TransferToFlow", {"ContactFlowId": "{flow:Next}"}, None, {"NoMatchingError": "more"})
    (tmp_path / "support.json").write_text(document(invoke, more))
    (tmp_path / "fun.json").write_text(
        document(text("joke", "Ha", "back", "back"), action("back", "EndFlowModuleExecution"))
    )
    (tmp_path / "next.json").write_text(document(text("hi", "Next", "disconnect"), HANG_UP))
    result = drive(
        "flow: support.json\nmodules: {Fun: fun.json}\nflows: {Next: next.json}\n"
        "expect: {path: [ask, joke, back, more, hi, disconnect], said: [Ha, Next]}",
        tmp_path,
    )
    assert result.failures == []
    assert [step.outcome for step in result.played.steps] == [
        "",
        "next",
        "return",
        "next",
        "flow",
        "next",
        "end:disconnect",
    ]
