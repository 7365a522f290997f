"""What publishing refuses, and where it says so; broken and oversized flows."""

import json
from typing import Any

import pytest

from switchroom.flows.check import check, errors_of
from tests.flows.build import END, HANG_UP, action, document, text

ERROR = {"NoMatchingError": "end"}


def problems(*actions: dict[str, Any], type: str = "CONTACT_FLOW") -> list[tuple[str, str]]:
    """(code, path) of the errors."""
    return [(p.code, p.path) for p in errors_of(check(document(*actions), type))]


def compare(*conditions: Any, **more: Any) -> dict[str, Any]:
    """A Check contact attributes block with conditions as they are stored."""
    return {
        "Identifier": "c",
        "Type": "Compare",
        "Parameters": {"ComparisonValue": "$.Channel"},
        "Transitions": {
            "NextAction": "end",
            "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingCondition"}],
            "Conditions": [{"NextAction": "end", "Condition": condition} for condition in conditions],
            **more,
        },
    }


def equals(*operands: Any) -> dict[str, Any]:
    return {"Operator": "Equals", "Operands": list(operands)}


def nested(depth: int) -> dict[str, Any]:
    condition = equals("x")
    for _ in range(depth):
        condition = {"Operator": "And", "Operands": [{"Condition": condition}]}
    return condition


FIRST = "Actions[0].Transitions.Conditions[0].Condition"


def test_conditions() -> None:
    """FLOW-35: one operand, known operators, five deep, fifty parts (table D2)."""
    assert problems(compare(equals("a"), equals(1)), END) == []
    assert problems(compare(equals("a", "b")), END) == [("one-operand", FIRST)]
    assert problems(compare(equals()), END) == [("one-operand", FIRST)]
    assert problems(compare(equals({"a": 1})), END) == [("one-operand", FIRST)]
    assert problems(compare({"Operator": "Is", "Operands": ["a"]}), END) == [("unknown-operator", FIRST)]
    assert problems(compare({"Operands": ["a"]}), END) == [("wrong-shape", FIRST)]
    assert problems(compare(None), END) == [("wrong-shape", FIRST)]
    assert problems(compare(nested(5)), END) == []
    (deep,) = problems(compare(nested(6)), END)
    assert deep == ("nested-too-deep", FIRST + ".Operands[0]" * 5)
    many = {"Operator": "Or", "Operands": [{"Condition": equals("x")}] * 50}
    assert problems(compare(many), END) == []
    many["Operands"] = [{"Condition": equals("x")}] * 51
    assert problems(compare(many), END) == [("too-many-conditions", FIRST)]


def test_operators_of_a_block() -> None:
    """BLK-068, BLK-043, BLK-065: keys are compared by Equals, staffing with "more than none", shares ascending."""
    menu = {"Text": "x", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    errors = {**ERROR, "InputTimeLimitExceeded": "end", "NoMatchingCondition": "end"}
    block = action("menu", "GetParticipantInput", menu, None, errors, [("NumberLessThan", "5", "end")])
    assert problems(block, END) == [("operator-not-allowed", FIRST)]
    staffing = {"MetricType": "NumberOfAgentsOnline"}
    ways = {**ERROR, "NoMatchingCondition": "end"}
    at_conditions = "Actions[0].Transitions.Conditions"
    block = action("staff", "CheckMetricData", staffing, None, ways, [("NumberGreaterThan", "3", "end")])
    assert ("staffing-condition", at_conditions) in problems(block, END)
    for shares, fine in ((["21", "61"], True), (["61", "21"], False), (["0"], False), (["150"], False)):
        chain = [("NumberLessThan", share, "end") for share in shares]
        block = action("d", "DistributeByPercentage", {}, None, {"NoMatchingCondition": "end"}, chain)
        assert (problems(block, END) == []) is fine, shares


@pytest.mark.parametrize(
    ("kind", "parameters", "code", "where"),
    [
        ("MessageParticipant", {}, "missing-parameter", ""),
        ("MessageParticipant", {"Voice": "x"}, "missing-one-of", ""),
        ("MessageParticipant", {"Text": "a", "SSML": "b"}, "only-one-of", ""),
        ("InvokeLambdaFunction", {"LambdaFunctionARN": ""}, "missing-parameter", ".LambdaFunctionARN"),
        (
            "UpdateContactEventHooks",
            {"EventHooks": {"CustomerHold": ""}},
            "missing-parameter",
            ".EventHooks.CustomerHold",
        ),
        ("CheckMetricData", {}, "missing-parameter", ".MetricType"),
        ("CheckMetricData", {"MetricType": "Mood"}, "not-allowed-value", ".MetricType"),
        (
            "UpdateFlowLoggingBehavior",
            {"FlowLoggingBehavior": "$.Attributes.x"},
            "must-be-static",
            ".FlowLoggingBehavior",
        ),
        ("ShowView", {"ViewResource": {"Id": "v"}, "ViewData": "{,}"}, "invalid-json", ".ViewData"),
        ("TagContact", {"Tags": {str(n): "x" for n in range(7)}}, "too-many", ".Tags"),
        ("TagContact", {"Tags": {"a": "x;y"}}, "bad-tag", ".Tags"),
        ("TagContact", {"Tags": ["a"]}, "wrong-shape", ".Tags"),
        ("UntagContact", {"TagKeys": {"a": 1}}, "wrong-shape", ".TagKeys"),
        ("TransferParticipantToThirdParty", {"ThirdPartyPhoneNumber": "112"}, "bad-phone", ".ThirdPartyPhoneNumber"),
        (
            "TransferParticipantToThirdParty",
            {"ThirdPartyPhoneNumber": "+14255550100", "ThirdPartyDTMFDigits": "12a"},
            "bad-keys",
            ".ThirdPartyDTMFDigits",
        ),
        ("CreateCallbackContact", {"InitialCallDelaySeconds": "0"}, "out-of-range", ".InitialCallDelaySeconds"),
        ("UpdateContactRoutingBehavior", {"QueuePriority": "0"}, "out-of-range", ".QueuePriority"),
        ("UpdateContactRoutingBehavior", {"QueuePriority": 1, "QueueTimeAdjustmentSeconds": 2}, "only-one-of", None),
        ("GetParticipantInput", {"StoreInput": "Perhaps"}, "not-allowed-value", ".StoreInput"),
        ("Wait", {"TimeoutSeconds": "604801"}, "out-of-range", ".TimeoutSeconds"),
        ("MessageParticipantIteratively", {"Messages": [{"Text": "a"}, {}]}, "missing-one-of", ".Messages[1]"),
    ],
)
def test_parameters(kind: str, parameters: dict[str, Any], code: str, where: str | None) -> None:
    """BLK-008, FLOW-35: what is missing, impossible or of the wrong form, and where."""
    path = "" if where is None else f".Parameters{where}"
    assert (code, f"Actions[0]{path}") in problems(action("block", kind, parameters, "end", ERROR), END)


@pytest.mark.parametrize(
    ("terminator", "cancel", "fine"),
    [("#", None, True), ("##", None, True), ("*#", None, False), ("*#", "True", True), ("123456", None, False)],
)
def test_terminating_keys(terminator: str, cancel: str | None, fine: bool) -> None:
    """BLK-162: 1 to 5 keys, `*` only with the cancel key disabled."""
    keys = {"InputTerminationSequence": terminator, "DisableCancelKey": cancel}
    parameters = {"Text": "x", "StoreInput": "True", "InputTimeLimitSeconds": "5", "DTMFConfiguration": keys}
    assert (problems(action("keys", "GetParticipantInput", parameters, "end", ERROR), END) == []) is fine


def test_texts_under_a_field() -> None:
    """BLK-008: the texts that stand under a field."""
    empty = action("block", "InvokeLambdaFunction", {"InvocationTimeLimitSeconds": "3"}, "end", ERROR)
    view = {"ViewResource": {"Id": "v"}, "InvocationTimeLimitSeconds": "400", "ViewData": '{"a": 1,}'}
    errors = {**ERROR, "NoMatchingCondition": "end", "TimeLimitExceeded": "end"}
    show = action("block", "ShowView", view, None, errors)
    assert [p.message for p in errors_of(check(document(empty, END)))] == ["This field cannot be empty."]
    assert [p.message for p in errors_of(check(document(show, END)))] == ["Invalid JSON"]


def test_numbers_and_flags_as_texts_or_not() -> None:
    """BLK-007: the console stores numbers and booleans as texts; both forms are taken."""
    for count, continues, seconds in (("3", "False", "30"), (3, False, 30)):
        loop = action(
            *("loop", "Loop", {"LoopCount": count}, None, None),
            [("Equals", "ContinueLooping", "dial"), ("Equals", "DoneLooping", "end")],
        )
        out = {"ThirdPartyPhoneNumber": "+14255550100", "ContinueFlowExecution": continues}
        dial = action(
            *("dial", "TransferParticipantToThirdParty", {**out, "ThirdPartyConnectionTimeLimitSeconds": seconds}),
            *(None, ERROR),
        )
        assert problems(loop, dial, END) == []


def test_branches_that_a_setting_opens() -> None:
    """FLOW-35, BLK-168, BLK-179, BLK-097: Resume flow, events of Wait, and an interrupt open branches to connect."""
    out = {"ThirdPartyPhoneNumber": "+14255550100", "ContinueFlowExecution": "True"}
    found = check(document(action("dial", "TransferParticipantToThirdParty", out, None, ERROR), END))
    assert [p.message for p in errors_of(found)] == [
        "The outcome Success is not connected.",
        "The outcome Call failed is not connected.",
        "The outcome Timeout is not connected.",
    ]
    wait = {"TimeLimitSeconds": "5", "Events": ["CustomerReturned"]}
    block = action("wait", "Wait", wait, None, ERROR, [("Equals", "WaitCompleted", "end")])
    assert problems(block, END) == [("unconnected", "Actions[0].Transitions.Conditions")]
    music = {"Messages": [{"Text": "la"}], "InterruptFrequencySeconds": "60"}
    block = action("music", "MessageParticipantIteratively", music, None, ERROR)
    assert problems(block, END, type="CUSTOMER_QUEUE") == [("unconnected", "Actions[0].Transitions.Conditions")]


def test_where_public_descriptions_allow_more() -> None:
    """BLK-004: flow types that only the public descriptions name are a warning, and the block works there."""
    wait = action("wait", "Wait", {"TimeLimitSeconds": "5"}, None, ERROR, [("Equals", "WaitCompleted", "end")])
    assert [(p.code, p.severity) for p in check(document(wait, END), "AGENT_WHISPER")] == [
        ("wrong-flow-type", "warning")
    ]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"Parameters": []}, "Actions[0].Parameters"),
        ({"Parameters": "x"}, "Actions[0].Parameters"),
        ({"Transitions": []}, "Actions[0].Transitions"),
        ({"Transitions": {"NextAction": 7}}, "Actions[0].Transitions.NextAction"),
        ({"Transitions": {"NextAction": "end", "Errors": {}}}, "Actions[0].Transitions.Errors"),
        ({"Transitions": {"NextAction": "end", "Conditions": "x"}}, "Actions[0].Transitions.Conditions"),
    ],
)
def test_wrong_json_types(change: dict[str, Any], place: str) -> None:
    """FLOW-35: what is no object, no list or no text is named with its place."""
    say = {**text("say", "x", "end", "end"), **change}
    assert ("wrong-shape", place) in problems(say, END)


def test_large_documents() -> None:
    """FLOW-35: too large or too many is said at once, with the numbers."""
    blown = document({**END, "Parameters": {"x": "y" * 3_000_000}})
    (problem,) = check(blown)
    assert (problem.code, problem.severity) == ("too-large", "error")
    assert "1000000" in problem.message
    chain = [text(f"b{n}", "x", f"b{n + 1}", f"b{n + 1}") for n in range(4_000)]
    codes = {p.code for p in check(document(*chain, {**HANG_UP, "Identifier": "b4000"}))}
    assert "too-many-actions" in codes
    web = [
        compare(*[equals("x")] * 200)
        | {"Identifier": f"n{n}", "Transitions": compare(*[equals("x")] * 200)["Transitions"]}
        for n in range(30)
    ]
    assert errors_of(check(document(*web, END))) == []


@pytest.mark.parametrize("depth", [60, 99, 500, 5_000, 100_000])
@pytest.mark.parametrize("where", ["Parameters", "Transitions", "Metadata"])
def test_deep_documents(depth: int, where: str) -> None:
    """FLOW-35: deep nesting is refused with its place or read, and never too much for the checker."""
    deep = "[" * depth + "]" * depth
    if where == "Metadata":
        content = document(END).replace('"Metadata": {}', f'"Metadata": {{"x": {deep}}}')
    else:
        content = document({**END, where: "HERE"}).replace('"HERE"', f'{{"Conditions": {deep}, "x": {deep}}}')
    found = check(content)
    if depth >= 500:
        assert [p.code for p in found] == ["not-a-flow"]


def test_circles_and_lost_targets() -> None:
    """FLOW-35: a missing target is an error with its outcome; a circle without a wait is named block by block."""
    lost = check(document(text("say", "x", "nowhere", "end"), END))[0]
    assert (lost.code, lost.action, lost.path) == ("unknown-target", "say", "Actions[0].Transitions.NextAction")
    circle = [text(f"b{n}", "x", f"b{(n + 1) % 3}", "end") for n in range(3)]
    (found,) = [p for p in check(document(*circle, END)) if p.code == "circle"]
    assert "b0 > b1 > b2" in found.message
    assert (found.severity, found.path) == ("error", "Actions[0].Transitions.NextAction")
    sounds = [{**one, "Parameters": {"PromptId": "music"}} for one in circle]
    assert not errors_of(check(document(*sounds, END)))
    assert json.loads(document(*circle))["StartAction"] == found.action
