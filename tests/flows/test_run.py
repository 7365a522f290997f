"""The step machine: modules, versions, gates, logs, circles, signals."""

from typing import Any

import msgspec
import pytest

from switchroom.flows.blocks import registry
from switchroom.flows.run import MAXIMUM_STEPS, advance
from switchroom.flows.scenario import INSTANCE_ARN, ScenarioWorld
from switchroom.flows.state import FLOW_TYPES, Ended, FlowRun, Signal
from tests.flows.build import END, HANG_UP, Drive, action, text

ERROR = action("error", "EndFlowExecution")
RETURN = action("return", "EndFlowModuleExecution")


def invoking(*after: dict[str, Any], before: tuple[dict[str, Any], ...] = (), **contact: Any) -> Drive:
    invoke = action(
        "invoke", "InvokeFlowModule", {"FlowModuleId": "module"}, after[0]["Identifier"], {"NoMatchingError": "error"}
    )
    return Drive(*before, invoke, *after, ERROR, **contact)


CALL = {"LambdaFunctionARN": "arn:aws:lambda:us-east-1:123456789012:function:f", "InvocationTimeLimitSeconds": "3"}


def test_module_returns_to_its_caller() -> None:
    """BLK-093, BLK-111, FLOW-55: a module runs inline and Return leads to the caller's Success."""
    drive = invoking(text("after", "after", "end"), END)
    assert drive.go().path[-1] == "error"
    drive.flow("module", text("inside", "inside", "return"), RETURN, type="MODULE")
    assert drive.go().said == ["inside", "after"]
    assert drive.path[-5:] == ["invoke", "inside", "return", "after", "end"]


def test_new_version_of_a_module_serves_every_caller() -> None:
    """FLOW-55: publishing a module again affects the flows that call it."""
    drive = invoking(END)
    drive.flow("module", text("inside", "one", "return"), RETURN, type="MODULE")
    drive.flow("module", text("inside", "two", "return"), RETURN, type="MODULE", version=2)
    assert drive.go().said == ["two"]


def test_module_isolation() -> None:
    """FLOW-57: function results, flow attributes and metrics neither reach into a module nor come out of it."""
    drive = invoking(
        text("vip", "still $.External.vip and $.FlowAttributes.step", "inner"),
        text("inner", "leaked $.FlowAttributes.inner", "end", "sealed"),
        text("sealed", "sealed", "passed"),
        text("passed", "passed $.Attributes.out", "end"),
        END,
        before=(
            action("call", "InvokeLambdaFunction", CALL, "flow", {"NoMatchingError": "error"}),
            action("flow", "UpdateFlowAttributes", {"FlowAttributes": {"step": {"Value": "1"}}}, "copy"),
            action("copy", "UpdateContactAttributes", {"Attributes": {"vip": "$.External.vip"}}, "invoke"),
        ),
    )
    drive.flow(
        "module",
        text("external", "sees $.External.vip", "attribute", "none"),
        text("none", "no function result", "flow"),
        text("flow", "sees $.FlowAttributes.step", "attribute", "attribute"),
        text("attribute", "vip is $.Attributes.vip", "set"),
        action("set", "UpdateFlowAttributes", {"FlowAttributes": {"inner": {"Value": "x"}}}, "out"),
        action("out", "UpdateContactAttributes", {"Attributes": {"out": "$.FlowAttributes.inner"}}, "call"),
        action("call", "InvokeLambdaFunction", CALL, "return", {"NoMatchingError": "return"}),
        RETURN,
        type="MODULE",
    )
    drive.go().signal("done", {"vip": "true"}).signal("done", {"vip": "overwritten"})
    assert drive.said == ["no function result", "vip is true", "still true and 1", "sealed", "passed x"]


def test_no_module_in_a_module_or_in_other_flows() -> None:
    """FLOW-56, FLOW-57: Invoke module takes Error inside a module and in every type but inbound."""
    drive = invoking(END)
    inner = action("inner", "InvokeFlowModule", {"FlowModuleId": "other"}, "return", {"NoMatchingError": "refused"})
    drive.flow("other", text("deep", "deep", "return"), RETURN, type="MODULE")
    drive.flow("module", inner, text("refused", "refused", "return"), RETURN, type="MODULE")
    assert drive.go().said == ["refused"]
    for type in FLOW_TYPES[1:]:
        wrong = Drive(
            action("invoke", "InvokeFlowModule", {"FlowModuleId": "module"}, "end", {"NoMatchingError": "error"}),
            END,
            ERROR,
            type=type,
        )
        wrong.flow("module", RETURN, type="MODULE")
        assert wrong.go().path[-1] == "error"


def test_return_only_in_a_module() -> None:
    """BLK-111: Return outside a module leads nowhere, and the run fails cleanly."""
    assert Drive(RETURN).go().ended == "failed"


def test_running_flow_keeps_its_version() -> None:
    """FLOW-11: who is in a flow goes on in the version he entered; the next one gets the newest."""
    ways = [("Equals", "WaitCompleted", "after")]
    wait = action("wait", "Wait", {"TimeLimitSeconds": "60"}, None, {"NoMatchingError": "after"}, ways)
    drive = Drive(wait, text("after", "old", "end"), END)
    drive.go()
    drive.flow("main", wait, text("after", "new", "end"), END, version=2)
    drive.world.shelf.keep({("main", 1)})
    drive.signal("timeout")
    assert drive.said == ["old"]
    drive.main = drive.world.shelf.flow("main")  # type: ignore[assignment]
    drive.go().signal("timeout")
    assert drive.said == ["old", "new"]


def test_version_that_nobody_kept() -> None:
    """A run whose version is lost goes on in the newest if its action is still there, else it fails."""
    ways = [("Equals", "WaitCompleted", "after")]
    wait = action("wait", "Wait", {"TimeLimitSeconds": "60"}, None, {"NoMatchingError": "after"}, ways)
    drive = Drive(wait, text("after", "old", "end"), END).go()
    drive.flow("main", wait, text("after", "new", "end"), END, version=2)
    drive.world.shelf.keep(set())
    assert drive.signal("timeout").said == ["new"]
    drive.main = drive.world.shelf.flow("main")  # type: ignore[assignment]
    drive.go()
    drive.flow("main", END, version=3)
    drive.world.shelf.keep(set())
    assert drive.signal("timeout").ended == "failed"


def test_circle_is_stopped() -> None:
    """A flow that never waits is stopped after a thousand blocks instead of hanging the centre."""
    drive = Drive(
        action("a", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "b"),
        action("b", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "a"),
    )
    assert drive.go().ended == "failed"
    assert drive.run.steps == MAXIMUM_STEPS


def test_outcome_that_leads_nowhere() -> None:
    for flow in (
        [text("say", "x", "gone")],
        [action("c", "Compare", {"ComparisonValue": "$.Channel"})],
        [action("d", "UpdateContactTargetQueue", {"QueueId": "x"})],
    ):
        assert Drive(*flow).go().ended == "failed"


def test_unknown_action_takes_error() -> None:
    """BLK-007: an action of a newer language is kept, and takes its error branch."""
    drive = Drive(action("new", "ConjureAgent", {"Spell": "x"}, "end", {"NoMatchingError": "error"}), END, ERROR)
    assert drive.go().path == ["new", "error"]
    assert drive.world.logs[0]["ContactFlowModuleType"] == "ConjureAgent"


def test_late_and_repeated_signals_change_nothing() -> None:
    ways = [("Equals", "WaitCompleted", "again"), ("Equals", "CustomerReturned", "end")]
    parameters = {"TimeLimitSeconds": "60", "Events": ["CustomerReturned"]}
    drive = Drive(
        action("wait", "Wait", parameters, None, {"NoMatchingError": "end"}, ways),
        action("again", "Wait", parameters, None, {"NoMatchingError": "end"}, ways),
        END,
    ).go()
    first = drive.awaited
    drive.signal("timeout")
    for late in (Signal(first.id, "customer_returned"), Signal(first.id, "timeout"), Signal(99, "timeout")):
        run, outcome = advance(drive.run, drive.world.shelf, drive.world, late)
        assert (run, outcome) == (drive.run, drive.outcome)
    drive.signal("customer_returned")
    run, outcome = advance(drive.run, drive.world.shelf, drive.world, Signal(99, "done"))
    assert isinstance(outcome, Ended)
    assert run.frame.action == "end"


def test_run_given_in_is_left_alone() -> None:
    ways = [("Equals", "WaitCompleted", "set")]
    drive = Drive(
        action("wait", "Wait", {"TimeLimitSeconds": "60"}, None, {"NoMatchingError": "end"}, ways),
        action("set", "UpdateFlowAttributes", {"FlowAttributes": {"a": {"Value": "1"}}}, "loop"),
        action(
            "loop",
            "Loop",
            {"LoopCount": "3"},
            None,
            {},
            [("Equals", "ContinueLooping", "end"), ("Equals", "DoneLooping", "end")],
        ),
        END,
    ).go()
    before = msgspec.msgpack.encode(drive.run)
    advance(drive.run, drive.world.shelf, drive.world, Signal(drive.awaited.id, "timeout"))
    assert msgspec.msgpack.encode(drive.run) == before
    assert msgspec.msgpack.decode(before, type=FlowRun) == drive.run


LETTERS = {"Y": "works", "E": "error", "S": "passes"}


@pytest.mark.parametrize(
    ("kind", "letters"),
    [
        ("MessageParticipant", "YYS"),
        ("MessageParticipantIteratively", "YEE"),
        ("Wait", "EYY"),
        ("CreateWisdomSession", "YYE"),
        ("CompleteOutboundCall", "YEE"),
        ("CheckVoiceId", "YEE"),
        ("CreatePersistentContactAssociation", "EYE"),
        ("ResumeContact", "EEY"),
        ("UpdateContactCallbackNumber", "YEE"),
        ("UpdateContactRecordingBehavior", "YYE"),
        ("UpdateContactTextToSpeechVoice", "YSS"),
        ("ShowView", "EYE"),
        ("UpdateContactMediaStreamingBehavior", "YEE"),
        ("TransferContactToAgent", "YEE"),
        ("TransferParticipantToThirdParty", "YEE"),
        ("CreateCallbackContact", "YEE"),
        ("UpdatePreviousContactParticipantState", "YEE"),
        ("StartVoiceIdStream", "YEE"),
        ("CheckOutboundCallStatus", "YEE"),
    ],
)
def test_channel_matrix(kind: str, letters: str) -> None:
    """BLK-003: blocks that do not work everywhere; every other block works for voice, chat and task."""
    assert {form.letters for form in registry.FORMS[kind]} == {letters}


TASK_BLOCKS = """
UpdateContactRoutingBehavior Compare CheckHoursOfOperation CheckMetricData CreateTask
DisconnectParticipant DistributeByPercentage EndFlowExecution GetMetricData InvokeLambdaFunction
Loop UpdateContactAttributes UpdateContactTargetQueue TransferToFlow TransferContactToQueue Wait
"""


def test_task_blocks() -> None:
    """BASE-73: the nineteen blocks that work for tasks do."""
    for kind in TASK_BLOCKS.split():
        assert {form.letters[2] for form in registry.FORMS[kind]} == {"Y"}, kind
    for hook in ("CustomerQueue", "CustomerRemaining"):
        form = registry.form_of("UpdateContactEventHooks", {"EventHooks": {hook: "x"}})
        assert form is not None
        assert form.letters[2] == "Y"


def test_flow_type_gate() -> None:
    """BLK-004: a block met in a flow of a wrong type takes Error."""
    queue = action("queue", "UpdateContactTargetQueue", {"QueueId": "q"}, "end", {"NoMatchingError": "error"})
    for type in FLOW_TYPES:
        drive = Drive(queue, END, ERROR, type=type)
        drive.world.add("queue", "Main", id="q")
        expected = "end" if type in ("CONTACT_FLOW", "AGENT_TRANSFER", "QUEUE_TRANSFER") else "error"
        assert drive.go().path[-1] == expected, type


def test_blocks_that_are_switched_off() -> None:
    """A block of a capability that is not there takes Error and says so in the flow log."""
    for kind in ("GetCase", "GetCustomerProfile", "CreateWisdomSession"):
        drive = Drive(action("block", kind, {}, "end", {"NoMatchingError": "error"}), END, ERROR, channel="VOICE").go()
        assert drive.path == ["block", "error"]
        assert "switched off" in drive.world.logs[0]["Results"]


def test_log_entry() -> None:
    """FLOW-134: the keys of an entry, in their order, with UTC milliseconds; a function is logged on entry and exit."""
    drive = Drive(
        text("Welcome the customer", "Welcome to the IT Help desk!", "call"),
        action("call", "InvokeLambdaFunction", CALL, "end", {"NoMatchingError": "end"}),
        END,
        channel="CHAT",
    )
    drive.world.clock = 1_581_591_917_780
    drive.go().signal("done", {"a": "1"})
    assert drive.world.logs[0] == {
        "ContactId": "contact-1",
        "ContactFlowId": f"{INSTANCE_ARN}/contact-flow/main",
        "ContactFlowName": "main",
        "ContactFlowModuleType": "PlayPrompt",
        "Identifier": "Welcome the customer",
        "Timestamp": "2020-02-13T11:05:17.780Z",
        "Parameters": {
            "TextToSpeechType": "text",
            "Text": "Welcome to the IT Help desk!",
            "Voice": "Joanna",
            "GlobalEngine": "Standard",
        },
    }
    assert drive.path == ["Welcome the customer", "call", "call", "end"]
    left = drive.world.logs[2]
    assert next(iter(left)) == "Results"
    assert left["Results"] == {"a": "1"}


def test_log_of_return() -> None:
    """BLK-111: the entry of Return has the keys every entry has."""
    drive = invoking(END)
    drive.flow("module", RETURN, type="MODULE")
    entry = next(e for e in drive.go().world.logs if e["ContactFlowModuleType"] == "Return")
    assert list(entry) == [
        "ContactId",
        "ContactFlowId",
        "ContactFlowName",
        "ContactFlowModuleType",
        "Identifier",
        "Timestamp",
        "Parameters",
    ]
    assert entry["ContactFlowName"] == "module"
    assert entry["Parameters"] == {}


def test_log_switch() -> None:
    """BLK-125, FLOW-135: Set logging behavior turns the log on and off from there on, into the next flow."""
    drive = Drive(
        text("loud", "a", "off"),
        action("off", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Disabled"}, "quiet"),
        text("quiet", "b", "go"),
        action("go", "TransferToFlow", {"ContactFlowId": "other"}, None, {"NoMatchingError": "end"}),
        END,
    )
    drive.flow(
        "other",
        text("still", "c", "on"),
        action("on", "UpdateFlowLoggingBehavior", {"FlowLoggingBehavior": "Enabled"}, "heard"),
        text("heard", "d", "bye"),
        {**HANG_UP, "Identifier": "bye"},
    )
    assert drive.go().path == ["loud", "on", "heard", "bye"]


def test_voice_of_messages() -> None:
    world = ScenarioWorld()
    world.person.voice = ("Matthew", "Neural", "Newscaster")
    drive = Drive(text("say", "x", "end"), END)
    drive.world.person.voice = world.person.voice
    message = drive.go().world.said[0]
    assert (message.voice, message.engine, message.style) == ("Matthew", "Neural", "Newscaster")
