"""Flows of the old language become flows of the current one."""

import json
from pathlib import Path
from typing import Any

import pytest

from switchroom.flows.check import check, errors_of
from switchroom.flows.language import current, load, parse
from switchroom.flows.legacy import convert, is_legacy
from switchroom.flows.run import advance, start
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import Await, Collect, Ended, FunctionCall, Play, Signal
from switchroom.flows.world import Endpoint

LEGACY = Path(__file__).with_name("documents") / "legacy"
FILES = sorted(LEGACY.glob("*.json"))


def read(name: str) -> dict[str, Any]:
    return load((LEGACY / f"{name}.json").read_text(encoding="utf-8"))


def of(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {action["Identifier"]: action for action in document["Actions"]}


def errors(action: dict[str, Any]) -> dict[str, str]:
    return {one["ErrorType"]: one["NextAction"] for one in action["Transitions"]["Errors"]}


def conditions(action: dict[str, Any]) -> list[tuple[str, str, str]]:
    return [
        (one["Condition"]["Operator"], one["Condition"]["Operands"][0], one["NextAction"])
        for one in action["Transitions"]["Conditions"]
    ]


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_converted_flows(file: Path) -> None:
    """FLOW-51: what is stored is the current language, with every block, position and piece of metadata kept."""
    content = file.read_text(encoding="utf-8")
    old, new = json.loads(content), json.loads(current(content))
    assert is_legacy(old)
    assert not is_legacy(new)
    assert current(json.dumps(new)) == json.dumps(new)
    assert {module["id"] for module in old["modules"]} <= set(of(new))
    assert new["StartAction"] == old["start"]
    metadata = new["Metadata"]
    assert metadata["entryPointPosition"] == old["metadata"]["entryPointPosition"]
    assert metadata["name"] == old["metadata"]["name"]
    for module in old["modules"]:
        assert metadata["ActionMetadata"][module["id"]].items() >= module["metadata"].items()
    kind = {"customerQueue": "CUSTOMER_QUEUE"}.get(metadata["type"], "CONTACT_FLOW")
    known_by_name = [
        problem
        for problem in errors_of(check(content, kind))
        if problem.code not in ("missing-one-of", "missing-parameter")
    ]
    assert known_by_name == []


def test_blocks_of_an_inbound_flow() -> None:
    """FLOW-51: parameters with namespaces, branches as errors and conditions, resources by ARN and name."""
    new = read("bakery_inbound")
    actions, metadata = of(new), new["Metadata"]["ActionMetadata"]
    assert actions["log"]["Parameters"] == {"FlowLoggingBehavior": "Enabled"}
    assert actions["voice"]["Parameters"] == {"TextToSpeechVoice": "Joanna"}
    assert actions["channel"]["Parameters"] == {"ComparisonValue": "$.Channel"}
    assert errors(actions["channel"]) == {"NoMatchingCondition": "hello"}
    assert actions["hello"]["Parameters"] == {"Text": "Welcome to the bakery, $.Attributes.name."}
    assert actions["lookup"]["Type"] == "InvokeLambdaFunction"
    assert actions["lookup"]["Parameters"]["InvocationTimeLimitSeconds"] == "8"
    assert actions["lookup"]["Parameters"]["LambdaInvocationAttributes"] == {
        "phone": "$.CustomerEndpoint.Address",
        "shop": "bread",
        "card": "$.Attributes['card number']",
    }
    assert actions["keep"]["Parameters"]["Attributes"] == {"tier": "$.External.tier", "known": "true"}
    assert conditions(actions["tier"]) == [
        ("NumberGreaterOrEqualTo", "3", "front"),
        ("TextContains", "gold", "front"),
    ]
    assert actions["front"]["Parameters"] == {"QueuePriority": "1"}
    assert actions["menu"]["Parameters"] == {
        "Text": "Press 1 to wait, 2 for a callback.",
        "StoreInput": "False",
        "InputTimeLimitSeconds": "5",
    }
    assert errors(actions["menu"]) == {
        "InputTimeLimitExceeded": "queue",
        "NoMatchingCondition": "again",
        "NoMatchingError": "sorry",
    }
    assert conditions(actions["again"]) == [
        ("Equals", "ContinueLooping", "menu"),
        ("Equals", "DoneLooping", "queue"),
    ]
    assert actions["number"]["Parameters"]["InputValidation"] == {
        "PhoneNumberValidation": {"NumberFormat": "Local", "CountryCode": "US"}
    }
    assert errors(actions["number"]) == {"InvalidPhoneNumber": "number", "NoMatchingError": "sorry"}
    assert actions["set-number"]["Parameters"] == {"CallbackNumber": "$.StoredCustomerInput"}
    assert actions["callback"]["Parameters"] == {
        "InitialCallDelaySeconds": "5",
        "RetryDelaySeconds": "600",
        "MaximumConnectionAttempts": "2",
    }
    assert metadata["queue-2"]["parameters"] == {"QueueId": {"displayName": "BasicQueue"}}
    assert conditions(actions["hours"]) == [("Equals", "True", "staff"), ("Equals", "False", "sorry")]
    assert conditions(actions["staff"]) == [("NumberGreaterThan", "0", "wait-time")]
    assert errors(actions["staff"]) == {"NoMatchingCondition": "sorry", "NoMatchingError": "sorry"}
    assert conditions(actions["wait-time"]) == [("NumberLessThan", "300000", "music")]
    assert actions["whisper"]["Parameters"]["EventHooks"]["AgentWhisper"].endswith("/contact-flow/5e")
    assert metadata["music"]["parameters"] == {
        "EventHooks": {"CustomerQueue": {"displayName": "Default customer queue"}}
    }
    assert actions["record"]["Parameters"] == {"RecordingBehavior": {"RecordedParticipants": ["Agent", "Customer"]}}
    assert errors(actions["go"]) == {"QueueAtCapacity": "sorry", "NoMatchingError": "sorry"}
    assert actions["sorry"]["Parameters"] == {"SSML": "<speak>Sorry.</speak>"}
    assert actions["bye"]["Transitions"] == {}


def test_blocks_of_a_queue_flow() -> None:
    """FLOW-51: prompts in order, two metrics as two blocks, transfers out of a queue, references, media streams."""
    actions = of(read("bakery_queue"))
    assert [*actions["loop"]["Parameters"]["Messages"][0]] == ["PromptId"]
    assert actions["loop"]["Parameters"]["Messages"][1:] == [
        {"SSML": '<speak><break time="5s"/></speak>'},
        {"Text": "Thank you for waiting."},
    ]
    assert conditions(actions["loop"]) == [("Equals", "MessagesInterrupted", "offer")]
    assert errors(actions["offer"])["NoMatchingCondition"] == "offer-2"
    assert (actions["offer"]["Parameters"], actions["offer-2"]["Parameters"]) == (
        {"MetricType": "OldestContactInQueueAgeSeconds"},
        {"MetricType": "NumberOfContactsInQueue"},
    )
    assert conditions(actions["offer"]) == [("NumberLessThan", "60000", "loop")]
    assert conditions(actions["offer-2"]) == [("NumberGreaterThan", "10", "move")]
    assert actions["move"]["Type"] == "DequeueContactAndTransferToQueue"
    assert actions["pause"]["Parameters"] == {
        "TimeLimitSeconds": "$.External.url_timeout",
        "Events": ["CustomerReturned"],
    }
    assert actions["stream"]["Parameters"]["Participants"][0]["MediaDirections"] == ["From"]
    assert actions["data"]["Parameters"]["References"] == {"View mail": {"Type": "URL", "Value": "$.External.mail_url"}}


def test_unknown_block_is_kept() -> None:
    """FLOW-51: a block that nothing knows stays visible with its data and its branches; unread parameters are kept."""
    old = json.loads((LEGACY / "bakery_queue.json").read_text(encoding="utf-8"))
    new = convert(old)
    magic = of(new)["magic"]
    assert magic["Type"] == "ReadTheStars"
    assert magic["Parameters"]["LegacyModule"] == next(one for one in old["modules"] if one["id"] == "magic")
    assert errors(magic) == {"Retrograde": "loop", "NoMatchingError": "end"}
    assert [problem.code for problem in check(json.dumps(old), "CUSTOMER_QUEUE")].count("unknown-type") == 1
    old["modules"][0]["parameters"].append({"name": "Novelty", "value": 1})
    assert convert(old)["Metadata"]["ActionMetadata"]["loop"]["legacyParameters"] == [{"name": "Novelty", "value": 1}]


def test_older_blocks() -> None:
    """FLOW-51: the oldest spellings, bots, agents, encryption, shares as thresholds, transfers to numbers."""
    actions = of(read("bakery_odds"))
    assert actions["a"]["Parameters"] == {"Text": "$.Attributes.message"}
    assert actions["c"]["Parameters"]["LexBot"] == {"Name": "Baker", "Region": "us-east-1", "Alias": "$LATEST"}
    assert actions["c"]["Parameters"]["LexSessionAttributes"] == {"callType": "VOICE"}
    assert conditions(actions["d"]) == [("NumberLessThan", "21", "e"), ("NumberLessThan", "61", "f")]
    assert actions["e"]["Parameters"]["InputEncryption"] == {"EncryptionKeyId": "key-1", "Key": "cert"}
    assert actions["f"]["Parameters"]["Attributes"] == {"card": "$.StoredCustomerInput"}
    assert actions["g"]["Parameters"] == {"AgentId": "$.Attributes.agentId"}
    assert actions["h"]["Parameters"] == {"QueueTimeAdjustmentSeconds": "600"}
    assert actions["i"]["Parameters"] == {"PreviousContactParticipantState": "CustomerOnHold"}
    assert errors(actions["j"]) == {"CallFailed": "z", "ConnectionTimeLimitExceeded": "k", "NoMatchingError": "z"}
    assert actions["k"]["Parameters"]["ContactFlowId"].endswith("/contact-flow/7a")


def test_old_flow_runs() -> None:
    """FLOW-51: an old export is answered by a caller: greeted by name, looked up, asked, entered for a callback."""
    contact = Contact(channel="VOICE", customer_endpoint=Endpoint("+12065550100"), attributes={"name": "Jane"})
    world = ScenarioWorld(contact)
    world.add("queue", "BasicQueue", id="3c")
    content = (LEGACY / "bakery_inbound.json").read_text(encoding="utf-8").replace('"value": ""', '"value": "3c"')
    flow = parse(content.replace("card number", "name"), id="f")
    world.shelf.put(flow)
    run, outcome = start("run", flow, world.shelf, world)
    answers: list[tuple[type, Any]] = [
        (Play, None),
        (FunctionCall, {"tier": "silver"}),
        (Collect, "2"),
        (Collect, "4255550100"),
    ]
    for kind, value in answers:
        assert isinstance(outcome, Await)
        assert isinstance(outcome.effect, kind)
        run, outcome = advance(run, world.shelf, world, Signal(outcome.id, "done", value))
    assert isinstance(outcome, Ended)
    assert dict(world.done)["create_callback"].number == "+14255550100"
    assert contact.attributes == {"name": "Jane", "tier": "silver", "known": "true"}
