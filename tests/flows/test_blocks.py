"""The catalogue of blocks against table D1, and how forms of a block are told from each other."""

import json
from typing import Any

import pytest

from switchroom.flows.attributes import ROOTS, path_of
from switchroom.flows.blocks import registry
from switchroom.flows.blocks.declare import Tell, at, has, lacks, off, on, shows
from switchroom.flows.catalogue import catalogue
from switchroom.flows.check import check, errors_of
from switchroom.flows.namespaces import NAMESPACES
from tests.flows.build import END, Drive, action, document, text

MOST = "IN CQ TA TQ"
ALL = "IN CQ CH CW OW AH AW TA TQ"
CODES = {
    "CONTACT_FLOW": "IN",
    "CUSTOMER_QUEUE": "CQ",
    "CUSTOMER_HOLD": "CH",
    "CUSTOMER_WHISPER": "CW",
    "OUTBOUND_WHISPER": "OW",
    "AGENT_HOLD": "AH",
    "AGENT_WHISPER": "AW",
    "AGENT_TRANSFER": "TA",
    "QUEUE_TRANSFER": "TQ",
    "MODULE": "MOD",
}
TABLE = f"""
Amazon Q in Connect | IN CQ OW TA TQ | YYE | Success, Error
Call phone number | OW | YEE | Success
Cases | {ALL} | YYY | Success, Contact not linked, Multiple found, None found, Error
Change routing priority / age | IN CQ OW TA TQ | YYY | Success
Check call progress | {ALL} | YEE | Call answered, Voicemail (beep), Voicemail (no beep), Not detected, Error
Check contact attributes | {ALL} | YYY | No match
Check hours of operation | {MOST} | YYY | In hours, Out of hours, Error
Check queue status | {MOST} | YYY | No match, Error
Check Voice ID | IN CQ CW OW AW TA TQ | YEE | Enrolled, Not enrolled, Opted out, Authenticated, Not authenticated, \
Inconclusive, High risk, Low risk, Error
Check staffing | {MOST} | YYY | True, False, Error
Contact tags | {ALL} | YYY | Success, Error
Create persistent contact association | {ALL} | EYE | Success, Error
Create task | {ALL} | YYY | Success, Error
Customer profiles | {ALL} | YYY | Success, Error, Multiple found, None found
Disconnect / hang up | {MOST} | YYY |
Distribute by percentage | IN CQ OW TA TQ | YYY | Default
End flow / Resume | {ALL} | YYY |
Get customer input | {MOST} | YYE | Timeout, Default, Error, Negative sentiment, Positive sentiment
Get queue metrics | {ALL} | YYY | Success, Error
Hold customer or agent | IN OW TA TQ | YEE | Success, Error
Invoke AWS Lambda function | IN CQ CH CW AH AW TA TQ | YYY | Success, Error
Invoke module | IN | YYY | Success, Error
Loop | {ALL} | YYY | Looping, Complete
Loop prompts | CQ CH AH | YEE | Timeout, Error
Play prompt | IN CQ CW OW AW TA TQ | YYS | Success, Error
Resume contact | {ALL} | EEY | Success, Error
Return | | YYY |
Set callback number | {MOST} | YEE | Success, Invalid number, Not dialable
Set contact attributes | {ALL} | YYY | Success, Error
Set customer queue flow | IN TA TQ | YYY | Success, Error
Set disconnect flow | {ALL} | YYY | Success, Error
Set event flow | {ALL} | YYY | Success, Error
Set hold flow | IN CQ OW TA TQ | YEE | Success, Error
Set logging behavior | {ALL} | YYY | Success
Set recording and analytics behavior | IN CQ OW TA TQ | YYE | Success
Set routing criteria | {MOST} | YYY | Success, Error
Set Voice ID | IN CQ CW OW AW TA TQ | YEE | Success, Error
Set voice | {ALL} | YSS | Success
Set whisper flow | {MOST} | YYY | Success, Error
Set working queue | IN TA TQ | YYY | Success, Error
Show view | IN | EYE | No match, Error, Timeout
Start media streaming | IN CQ CW OW TA TQ | YEE | Success, Error
Stop media streaming | IN CQ CW OW AW TA TQ | YEE | Success, Error
Store customer input | {MOST} | YEE | Success, Invalid number, Error
Transfer to agent (beta) | TA TQ | YEE | Error
Transfer to flow | IN TA TQ | YYY | Error
Transfer to phone number | {MOST} | YEE | Success, Call failed, Timeout, Error
Transfer to queue | {MOST} | YYY | At capacity, Error, Success
Wait | IN CQ | EYY | Bot participant disconnected, Participant not found, Time expired, Customer returned, Error
"""
ROWS = [[cell.strip() for cell in line.split("|")] for line in TABLE.strip().splitlines()]


@pytest.fixture(scope="module")
def blocks() -> dict[str, dict[str, Any]]:
    return {block["Name"]: block for block in catalogue()["Blocks"]}


def test_palette(blocks: dict[str, dict[str, Any]]) -> None:
    """BLK-001: all 49 blocks, each with a name, one line about it, and at least one form, in both languages."""
    assert sorted(blocks) == sorted(name for name, *_ in ROWS)
    for language in (False, True):
        for block in catalogue(language)["Blocks"]:
            assert block["Name"] and block["About"] and block["Variants"]
            keys = [variant["Key"] for variant in block["Variants"]]
            assert len(keys) == len(set(keys))
            assert len(keys) == 1 or all(variant["Name"] for variant in block["Variants"])
    assert all(block["About"][-2] >= "あ" for block in catalogue(True)["Blocks"])


@pytest.mark.parametrize(("name", "types", "letters", "branches"), ROWS, ids=[row[0] for row in ROWS])
def test_table(blocks: dict[str, dict[str, Any]], name: str, types: str, letters: str, branches: str) -> None:
    """BLK-001, BLK-003, BLK-004: flow types, channels and branches of table D1."""
    block = blocks[name]
    inside = (["MOD"] if "IN" in types.split() else []) if name not in ("Invoke module", "Return") else []
    expected = {*types.split(), *inside, *(["MOD"] if name == "Return" else [])}
    assert {CODES[type] for type in block["FlowTypes"]} == expected
    assert "".join(block["Channels"][channel] for channel in ("VOICE", "CHAT", "TASK")) == letters
    labels = {branch["Label"] for variant in block["Variants"] for branch in variant["Branches"]}
    assert labels == {label.strip() for label in branches.split(",") if label.strip()}


def test_rows(blocks: dict[str, dict[str, Any]]) -> None:
    """BLK-032, BLK-065, BLK-068: branches that the author adds."""
    rows = {name: [v["Rows"] for v in block["Variants"] if "Rows" in v] for name, block in blocks.items()}
    assert [row["Label"] for row in rows["Get customer input"]] == ["Pressed {}", "{}"]
    (compare,) = rows["Check contact attributes"]
    assert {"Equals", "Is greater than", "Starts with", "Contains"} < {o["Label"] for o in compare["Operators"]}
    assert compare["Dynamic"] is True
    (shares,) = rows["Distribute by percentage"]
    assert (shares["Operand"], [o["Value"] for o in shares["Operators"]]) == ("PERCENT", ["NumberLessThan"])
    assert sorted(name for name, found in rows.items() if found) == [
        "Check contact attributes",
        "Check queue status",
        "Distribute by percentage",
        "Get customer input",
        "Show view",
    ]


def test_fields(blocks: dict[str, dict[str, Any]]) -> None:
    """BLK-005: what is set manually and what dynamically; lowest and highest numbers."""
    fields = {
        (name, variant["Key"], field["Path"]): field
        for name, block in blocks.items()
        for variant in block["Variants"]
        for field in variant["Fields"]
    }
    timeout = fields["Get customer input", "dtmf", "InputTimeLimitSeconds"]
    assert (timeout["Low"], timeout["High"], timeout["Default"], timeout["Dynamic"]) == (1, 179, "5", False)
    callback = fields["Set callback number", "set-callback-number", "CallbackNumber"]
    assert (callback["Manual"], callback["Dynamic"], callback["Required"]) == (False, True, True)
    queue = fields["Set working queue", "set-working-queue", "QueueId"]
    assert (queue["Manual"], queue["Dynamic"], queue["Resource"]) == (True, True, "queue")
    assert fields["Set whisper flow", "AgentWhisper", "EventHooks.AgentWhisper"]["FlowTypes"] == ["AGENT_WHISPER"]
    assert fields["Invoke AWS Lambda function", "invoke-function", "InvocationTimeLimitSeconds"]["High"] == 8
    assert fields["Wait", "default", "TimeLimitSeconds"]["High"] == 604_800
    for field in fields.values():
        assert field["Manual"] or field["Dynamic"]
        assert field["Kind"] not in ("CHOICE", "CHOICES") or field["Choices"]
        assert field["Kind"] != "RESOURCE" or field["Resource"]


def test_two_actions_of_a_block(blocks: dict[str, dict[str, Any]]) -> None:
    """BLK-143: Set voice writes the language too, by a second action behind it; Set Voice ID has one before it."""
    (voice,) = blocks["Set voice"]["Variants"]
    assert voice["Companion"]["ActionType"] == "UpdateContactData"
    assert [field["Path"] for field in voice["Companion"]["Fields"]] == ["LanguageCode"]
    assert voice["Companion"]["Before"] is False
    stream = blocks["Set Voice ID"]["Variants"][0]
    assert stream["Companion"]["Before"] is True
    assert json.loads(stream["Companion"]["Preset"]) == {"IsVoiceIdStreamingEnabled": "TRUE"}


def test_capabilities_that_are_not_there(blocks: dict[str, dict[str, Any]]) -> None:
    """Their blocks are offered, and take Error with a line in the flow log that says why."""
    missing = sorted(name for name, block in blocks.items() if not block["Available"])
    assert missing == [
        "Amazon Q in Connect",
        "Cases",
        "Check Voice ID",
        "Check call progress",
        "Customer profiles",
        "Set Voice ID",
        "Show view",
    ]
    for form in registry.forms():
        if not form.available:
            channel = "CHAT" if form.letters == "EYE" else "VOICE"
            block = action("off", form.type, dict(form.preset), "end", {"NoMatchingError": "error"})
            drive = Drive(block, END, {**END, "Identifier": "error"}, channel=channel).go()
            assert drive.path == ["off", "error"], form.type
            assert "switched off" in drive.world.logs[0]["Results"]


@pytest.mark.parametrize("form", registry.forms(), ids=lambda form: f"{form.face.key} {form.key}")
def test_new_blocks_are_of_their_form(form: registry.Form) -> None:
    """A block that the designer has just made is told as what it is, with its preset and its defaults."""
    parameters = json.loads(json.dumps(form.preset))
    for field in form.fields:
        if field.default is not None and field.shown(parameters):
            place = parameters
            *above, last = field.path.split(".")
            for name in above:
                place = place.setdefault(name, {})
            place.setdefault(last, field.default)
    assert registry.form_of(form.type, parameters) is form


@pytest.mark.parametrize(
    ("type", "parameters", "form"),
    [
        ("GetParticipantInput", {}, "dtmf"),
        ("GetParticipantInput", {"StoreInput": "False"}, "dtmf"),
        ("GetParticipantInput", {"StoreInput": True}, "digits"),
        (
            "GetParticipantInput",
            {"StoreInput": "True", "InputValidation": {"PhoneNumberValidation": {}}},
            "phone-number",
        ),
        ("CheckMetricData", {"MetricType": "NumberOfAgentsStaffed"}, "check-staffing"),
        ("CheckMetricData", {"MetricType": "NumberOfContactsInQueue"}, "capacity"),
        ("UpdateContactEventHooks", {"EventHooks": {"AgentHold": "f"}}, "AgentHold"),
        ("UpdateContactMediaStreamingBehavior", {"MediaStreamingState": "disabled"}, "stop-media-streaming"),
        ("UpdateContactData", {"LanguageCode": "ja-JP"}, "system"),
        ("UpdateContactData", {"IsVoiceIdStreamingEnabled": "TRUE"}, "settings"),
        ("Wait", {"TimeLimitSeconds": "5"}, "default"),
        ("Wait", {"TimeLimitSeconds": "5", "Events": []}, "default"),
        ("Wait", {"Events": ["BotParticipantDisconnected"]}, "bot"),
        ("UpdateContactRoutingBehavior", {"QueueTimeAdjustmentSeconds": -8}, "age"),
        ("CreateTask", {"TaskTemplateId": "t"}, "template"),
        ("UnTagContact", {"TagKeys": ["a"]}, "untag"),
        ("UpdateContactRoutingCriteria", {}, "set-routing-criteria"),
    ],
)
def test_forms(type: str, parameters: dict[str, Any], form: str) -> None:
    """BLK-007: an action of a flow is drawn as the block it was made with, whatever the encoding of its flags."""
    found = registry.form_of(type, parameters)
    assert found is not None
    assert found.key == form


def test_tells() -> None:
    assert at({"a": {"b": 1}}, "a.b") == 1
    assert at({"a": []}, "a.b") is None
    assert has("a").holds({"a": ""}) and not has("a").holds({})
    assert lacks("a").holds({}) and not lacks("a").holds({"a": ""})
    assert on("a").holds({"a": True}) and on("a").holds({"a": "TRUE"}) and not on("a").holds({})
    assert off("a").holds({}) and off("a").holds({"a": "False"}) and not off("a").holds({"a": "true"})
    assert shows("a", "x").holds({"a": ["y", "X"]})
    assert Tell("a", ("",)).holds({"a": []})


def test_namespaces() -> None:
    """Every attribute of tables A1 to A10 that is offered can be read; the agent's only where there is one."""
    for namespace in NAMESPACES:
        for name, label in namespace.attributes:
            path = path_of(namespace.key + name)
            assert path is not None and path[0] in ROOTS, namespace.key + name
            assert all(label)
    offered = {one["Path"] for namespace in catalogue()["Namespaces"] for one in namespace["Attributes"]}
    assert {"$.CustomerEndpoint.Address", "$.Metrics.Agents.Online.Count", "$.Media.Sip.Headers.JIP"} < offered
    assert {"$.Customer.MailingAddress4", "$.Customer.Order.BillingState", "$.Case.case_id"} < offered
    (agent,) = (one for one in catalogue()["Namespaces"] if one["Key"] == "$.Agent.")
    assert sorted(CODES[type] for type in agent["FlowTypes"]) == ["AH", "AW", "CH", "CW", "OW", "TA"]


def test_old_blocks_without_error_branch() -> None:
    """BLK-009: Play prompt goes on by Okay; Loop prompts in a chat stops the queue flow and the contact waits on."""
    bad = action("say", "MessageParticipant", {"Text": "$.Attributes.nothing"}, "end")
    assert Drive(bad, END, channel="VOICE").go().path == ["say", "end"]
    music = action("music", "MessageParticipantIteratively", {"Messages": [{"Text": "la"}]})
    assert Drive(music, type="CUSTOMER_QUEUE", channel="CHAT").go().ended == "resumed"


def test_blocks_without_error_branch_on_other_channels() -> None:
    """BLK-003: Call phone number ends the flow, Set callback number has Invalid number, Set recording goes on."""
    call = action("call", "CompleteOutboundCall", {}, "end")
    drive = Drive(call, END, type="OUTBOUND_WHISPER", channel="CHAT").go()
    assert (drive.ended, drive.path) == ("failed", ["call"])
    number = action("number", "UpdateContactCallbackNumber", {}, "end", {"InvalidCallbackNumber": "invalid"})
    assert Drive(number, END, {**END, "Identifier": "invalid"}, channel="TASK").go().path == ["number", "invalid"]
    record = action("record", "UpdateContactRecordingBehavior", {}, "end")
    drive = Drive(record, END, channel="TASK").go()
    assert (drive.path, drive.world.done) == (["record", "end"], [])
    assert "TASK" in drive.world.logs[0]["Results"]


def test_failed_call_ends_the_flow() -> None:
    """BLK-015: there is no Error branch; the flow ends."""
    call = action("call", "CompleteOutboundCall", {}, "end")
    drive = Drive(call, END, type="OUTBOUND_WHISPER", channel="VOICE").go().signal("failed", "no route")
    assert drive.ended == "failed"


def test_key_timeout() -> None:
    """BLK-069: 1 to 179 s for a menu."""
    for seconds, fine in ((1, True), ("179", True), (0, False), (180, False), ("five", False)):
        menu = {"Text": "x", "StoreInput": "False", "InputTimeLimitSeconds": seconds}
        errors = {"NoMatchingError": "end", "InputTimeLimitExceeded": "end", "NoMatchingCondition": "end"}
        block = action("menu", "GetParticipantInput", menu, None, errors, [("Equals", "1", "end")])
        assert (errors_of(check(document(block, END))) == []) is fine
        drive = Drive(block, END, channel="VOICE").go()
        assert (drive.run.awaiting is not None) is fine


def test_before_loop_prompts() -> None:
    """BLK-099, BLK-098: blocks that must not come before Loop prompts, and an interrupt shorter than a join."""
    music = action(
        "music",
        "MessageParticipantIteratively",
        {"Messages": [{"Text": "la"}], "InterruptFrequencySeconds": "15"},
        None,
        {"NoMatchingError": "end"},
        [("Equals", "MessagesInterrupted", "offer")],
    )
    offer = text("offer", "Still waiting", "music", "music")
    first = text("first", "Welcome", "music", "music")
    found = check(document(first, music, offer, END), "CUSTOMER_QUEUE")
    assert [(p.code, p.action, p.severity) for p in found] == [
        ("short-interrupt", "music", "warning"),
        ("comes-before", "first", "warning"),
    ]
