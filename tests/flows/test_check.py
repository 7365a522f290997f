"""The checker."""

import json
import string
from typing import Any

import pytest

from switchroom.flows.blocks import registry
from switchroom.flows.check import check, errors_of
from switchroom.flows.language import FlowSyntaxError, dump, parse
from switchroom.flows.messages import MESSAGES
from tests.flows.build import END, HANG_UP, action, document, text

KINDS = """
CreateWisdomSession CompleteOutboundCall GetCase UpdateCase CreateCase UpdateContactRoutingBehavior
CheckOutboundCallStatus Compare CheckHoursOfOperation CheckMetricData CheckVoiceId TagContact
UntagContact UnTagContact CreatePersistentContactAssociation CreateTask GetCustomerProfile
CreateCustomerProfile UpdateCustomerProfile GetCustomerProfileObject
GetCalculatedAttributesForCustomerProfile AssociateContactToCustomerProfile DisconnectParticipant
DistributeByPercentage EndFlowExecution GetParticipantInput ConnectParticipantWithLexBot
GetMetricData UpdatePreviousContactParticipantState InvokeLambdaFunction InvokeFlowModule Loop
MessageParticipantIteratively MessageParticipant ResumeContact EndFlowModuleExecution
UpdateContactCallbackNumber UpdateContactAttributes UpdateFlowAttributes UpdateContactData
UpdateContactEventHooks UpdateFlowLoggingBehavior UpdateContactRecordingBehavior
UpdateRoutingCriteria UpdateContactRoutingCriteria StartVoiceIdStream UpdateContactTextToSpeechVoice
UpdateContactTargetQueue ShowView UpdateContactMediaStreamingBehavior TransferContactToAgent
TransferToFlow TransferParticipantToThirdParty TransferContactToQueue
DequeueContactAndTransferToQueue CreateCallbackContact Wait
"""


def codes(*actions: dict[str, Any], type: str = "CONTACT_FLOW", **options: Any) -> list[tuple[str, str]]:
    """(code, action) of every problem."""
    return [(p.code, p.action) for p in check(document(*actions), type, **options)]


def test_flow_without_problems() -> None:
    assert codes(text("say", "Hello $.Attributes.name", "bye", "bye"), {**HANG_UP, "Identifier": "bye"}) == []


@pytest.mark.parametrize(
    "content",
    [
        "",
        "not json",
        "[]",
        "{}",
        '{"Version":"2019-10-30"}',
        '{"Version":"2016","StartAction":"a","Actions":[]}',
        "[" * 9999,
        '{"Version":"2019-10-30","StartAction":"a","Actions":[1]}',
    ],
)
def test_what_is_no_flow(content: str) -> None:
    """A file that is no flow is refused as a whole."""
    assert [p.code for p in check(content)] == ["not-a-flow"]
    with pytest.raises(FlowSyntaxError):
        parse(content)


def test_unconnected_outcomes() -> None:
    """FLOW-35: publishing is refused while an outcome is not connected."""
    assert codes(action("say", "MessageParticipant", {"Text": "x"})) == [
        ("unconnected", "say"),
        ("no-error-branch", "say"),
    ]
    hours = action("hours", "CheckHoursOfOperation", {}, None, {"NoMatchingError": "end"}, [("Equals", "True", "end")])
    assert codes(hours, END) == [("unconnected", "hours")]
    queue = action("queue", "TransferContactToQueue", {}, None, {"NoMatchingError": "end"})
    assert codes(queue, END) == [("unconnected", "queue")]
    assert codes(text("say", "x", "nowhere", "end"), END)[0] == ("unknown-target", "say")


def test_input_outcomes_depend_on_the_form() -> None:
    menu = {"Text": "x", "StoreInput": "False", "InputTimeLimitSeconds": "5"}
    block = action("menu", "GetParticipantInput", menu, None, {"NoMatchingError": "end"}, [("Equals", "1", "end")])
    assert codes(block, END) == [("unconnected", "menu"), ("unconnected", "menu")]
    stored = {**menu, "StoreInput": "True"}
    assert codes(action("menu", "GetParticipantInput", stored, "end", {"NoMatchingError": "end"}), END) == []
    phone = {**stored, "InputValidation": {"PhoneNumberValidation": {"NumberFormat": "E164"}}}
    block = action("menu", "GetParticipantInput", phone, "end", {"NoMatchingError": "end"})
    assert codes(block, END) == [("unconnected", "menu")]


@pytest.mark.parametrize(
    ("kind", "parameters", "code"),
    [
        ("UpdateContactTargetQueue", {}, "missing-one-of"),
        ("UpdateContactTargetQueue", {"QueueId": "a", "AgentId": "b"}, "only-one-of"),
        ("InvokeLambdaFunction", {"InvocationTimeLimitSeconds": "3"}, "missing-parameter"),
        ("InvokeLambdaFunction", {"LambdaFunctionARN": "a", "InvocationTimeLimitSeconds": "9"}, "out-of-range"),
        ("UpdateContactCallbackNumber", {"CallbackNumber": "+14255550100"}, "must-be-dynamic"),
        ("UpdateContactAttributes", {"Attributes": {"a.b": "1"}}, "forbidden-key"),
        ("UpdateContactAttributes", {"Attributes": {"a": "1"}, "TargetContact": "Nobody"}, "not-allowed-value"),
        ("UpdateContactEventHooks", {"EventHooks": {"Sunrise": "f"}}, "bad-hook"),
        ("UpdateRoutingCriteria", {"RoutingCriteria": {"Steps": []}}, "bad-criteria"),
        ("MessageParticipant", {"Text": "x" * 6001}, "text-too-long"),
    ],
)
def test_parameters(kind: str, parameters: dict[str, Any], code: str) -> None:
    """FLOW-35: missing, contradictory and impossible parameters."""
    errors = {"NoMatchingError": "end", "InvalidCallbackNumber": "end", "CallbackNumberNotDialable": "end"}
    assert (code, "block") in codes(action("block", kind, parameters, "end", errors), END)


def test_flow_type_gate() -> None:
    """BLK-004, FLOW-31: blocks only in flows of their types."""
    assert codes(text("say", "x", "end", "end"), END, type="CUSTOMER_HOLD") == [("wrong-flow-type", "say")]
    module = action("invoke", "InvokeFlowModule", {"FlowModuleId": "m"}, "return", {"NoMatchingError": "return"})
    end = action("return", "EndFlowModuleExecution")
    assert codes(module, end, type="MODULE") == [("wrong-flow-type", "invoke")]
    assert codes(end) == [("wrong-flow-type", "return")]


def test_references_to_resources() -> None:
    """FLOW-35: unknown resources are errors where they are needed, warnings where they are not."""
    hours = action(
        "hours",
        "CheckHoursOfOperation",
        {"HoursOfOperationId": "h"},
        None,
        {"NoMatchingError": "queue"},
        [("Equals", "True", "queue"), ("Equals", "False", "queue")],
    )
    queue = action("queue", "UpdateContactTargetQueue", {"QueueId": "q"}, "hook", {"NoMatchingError": "end"})
    hook = action(
        "hook", "UpdateContactEventHooks", {"EventHooks": {"CustomerQueue": "f"}}, "dynamic", {"NoMatchingError": "end"}
    )
    dynamic = action(
        "dynamic", "UpdateContactTargetQueue", {"QueueId": "$.Attributes.q"}, "end", {"NoMatchingError": "end"}
    )
    asked: list[tuple[str, str]] = []

    def exists(kind: str, reference: str) -> bool:
        asked.append((kind, reference))
        return False

    problems = check(document(hours, queue, hook, dynamic, END), exists=exists)
    assert [(p.severity, p.action) for p in problems] == [("warning", "hours"), ("error", "queue"), ("error", "hook")]
    assert asked == [("hours-of-operation", "h"), ("queue", "q"), ("contact-flow", "f")]


def test_names() -> None:
    """FLOW-38: identifiers of at most 50 characters, without the forbidden characters and names."""
    assert ("forbidden-identifier", "a:b") in codes({**END, "Identifier": "a:b"})
    assert ("forbidden-identifier", "my toString") in codes({**END, "Identifier": "my toString"})
    assert ("identifier-too-long", "x" * 51) in codes({**END, "Identifier": "x" * 51})
    assert ("duplicate-identifier", "end") in codes(END, END)
    assert ("unknown-start", "") in [(p.code, p.action) for p in check(document(END, start="other"))]
    named = json.loads(document(END))
    named["Metadata"] = {"ActionMetadata": {"end": {"friendlyName": "bye = now"}}}
    assert [p.code for p in check(json.dumps(named))] == ["forbidden-name"]


def test_two_hundred_and_fifty_actions() -> None:
    many = [{**END, "Identifier": f"e{n}"} for n in range(251)]
    assert ("too-many-actions", "") in codes(*many)


def test_warnings() -> None:
    """BASE-228: unhandled Error branches, circles without a wait, ways without an end, blocks nothing leads to."""
    on = {"FlowLoggingBehavior": "Enabled"}
    circle = [
        action(
            "c",
            "Compare",
            {"ComparisonValue": "$.Channel"},
            None,
            {"NoMatchingCondition": "a"},
            [("Equals", "CHAT", "end")],
        ),
        action("a", "UpdateFlowLoggingBehavior", on, "c"),
        END,
    ]
    assert codes(*circle) == [("endless-loop", "c")]
    ways = [("Equals", "WaitCompleted", "c")]
    waits = action("a", "Wait", {"TimeLimitSeconds": "5"}, None, {"NoMatchingError": "end"}, ways)
    assert codes(circle[0], waits, END) == []
    assert codes(
        action("a", "UpdateFlowLoggingBehavior", on, "b"), action("b", "UpdateFlowLoggingBehavior", on, "a")
    ) == [("circle", "a")]
    waits = [("Equals", "WaitCompleted", "a")]
    assert codes(action("a", "Wait", {"TimeLimitSeconds": "5"}, None, {"NoMatchingError": "a"}, waits)) == [
        ("no-way-out", "a")
    ]
    assert codes(END, {**END, "Identifier": "lonely"}) == [("unreachable", "lonely")]
    assert codes(text("say", "x", "end"), END) == [("no-error-branch", "say")]
    assert all(p.severity == "warning" for p in check(document(*circle)))


def test_unknown_actions_and_references() -> None:
    """BLK-007: unknown action types are reported, not refused; a path to an unknown namespace is a warning."""
    problems = check(document(action("new", "ConjureAgent", {}, "end", {"NoMatchingError": "end"}), END))
    assert [(p.code, p.severity) for p in problems] == [("unknown-type", "warning")]
    assert codes(text("say", "Hi $.Atributes.name", "end", "end"), END) == [("bad-reference", "say")]
    assert errors_of(problems) == []


def test_conditions() -> None:
    block = action(
        "c",
        "Compare",
        {"ComparisonValue": "$.Channel"},
        None,
        {"NoMatchingCondition": "end"},
        [("Is", "a", "end"), ("NumberLessThan", "ten", "end")],
    )
    assert codes(block, END) == [("unknown-operator", "c"), ("not-a-number", "c")]


def test_messages_in_japanese() -> None:
    english = check(document(text("say", "x", "nowhere", "end"), END))[0]
    japanese = check(document(text("say", "x", "nowhere", "end"), END), language="ja")[0]
    assert (english.path, japanese.path) == ("Actions[0].Transitions.NextAction",) * 2
    assert english.message == "The outcome Success leads to nowhere, which is not an action of the flow."
    assert "フロー" in japanese.message
    for english_text, japanese_text in MESSAGES.values():
        assert set(_fields(english_text)) == set(_fields(japanese_text))


def _fields(template: str) -> list[str]:
    return [name for _, name, _, _ in string.Formatter().parse(template) if name]


def test_nothing_is_lost() -> None:
    """BLK-007: a document comes back with every key it had, known or not."""
    given = json.loads(document(action("new", "ConjureAgent", {"Spell": {"deep": [1, None]}}, "end"), END))
    given["Metadata"] = {"entryPointPosition": {"x": 1.5, "y": 2}, "Annotations": [{"text": "注"}]}
    given["Extra"] = True
    given["Actions"][0]["Unknown"] = "kept"
    assert json.loads(dump(parse(json.dumps(given)))) == given


def test_every_action_of_the_catalogue_is_known() -> None:
    """BLK-001: every action type of the block table parses and has a name in both languages."""
    for kind in KINDS.split():
        form = registry.form_of(kind, {})
        assert form is not None
        assert all(form.face.name), kind
