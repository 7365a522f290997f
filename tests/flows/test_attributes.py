"""Namespaces, JSONPath and references in text."""

from typing import Any

import pytest

from switchroom.flows.attributes import MISSING, interpolate, path_of, resolve, value_of
from switchroom.flows.scenario import INSTANCE_ARN, Contact, ScenarioWorld
from switchroom.flows.state import Frame
from switchroom.flows.world import AgentView, Endpoint, FlowError, ReferenceView

WORLD = ScenarioWorld(
    Contact(
        id="c2",
        initial_id="c1",
        previous_id="c1",
        task_id="t1",
        channel="VOICE",
        initiation_method="INBOUND",
        attributes={"FirstName": "Jane", "user attribute name": "spaced", "company": "GGG", "attributes_Plan": "gold"},
        customer_endpoint=Endpoint("+14255550100"),
        system_endpoint=Endpoint("+18005550100"),
        customer_id="cust-1",
        language="ja-JP",
        name="a task",
        description="what to do",
        references={"site": ReferenceView("https://example.com", "URL")},
        tags={"team": "blue"},
        outbound_caller_id=Endpoint("+18005550199"),
        agent=AgentView("maria", "Maria", "Silva", "arn:agent"),
        sip_headers={"P-Asserted-Identity": "sip:+14255550100@carrier.example"},
        media_streams={"Customer": {"Audio": {"StreamARN": "arn:stream", "StartTimestamp": "1571360125131"}}},
    )
)
WORLD.person.queue = WORLD.add("queue", "Support", id="q1")
FRAME = Frame(
    "f",
    1,
    "a",
    external={"FirstName": "Jane", "LastName": "Doe", "Name": {"First": "John"}, "OrderIds": ["x", "y"], "Age": 10},
    lex={
        "IntentName": "Book",
        "IntentConfidence": {"Score": 0.91},
        "Slots": {"city": "Rome"},
        "SessionAttributes": {"vip": "yes"},
        "SentimentResponse": {"Label": "POSITIVE", "Scores": {"Positive": 0.9}},
        "AlternateIntents": {"fraud": {"IntentName": "fraud", "IntentConfidence": 0.8}},
        "DialogState": "Fulfilled",
    },
    customer={"FirstName": "Ann", "Order": {"Name": "Boots"}, "CalculatedAttributes": {"z": "5"}},
    case={"case_id": "k1", "status": "open"},
    metrics={"Queue": {"Size": 4}, "Agents": None},
    stored_input="1234",
    flow_attributes={"step": "two"},
)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("$.AwsRegion", "us-east-1"),
        ("$['AwsRegion']", "us-east-1"),
        ("$.CustomerEndpoint.Address", "+14255550100"),
        ("$.CustomerEndpoint.Type", "TELEPHONE_NUMBER"),
        ("$.CustomerId", "cust-1"),
        ("$.SystemEndpoint.Address", "+18005550100"),
        ("$.StoredCustomerInput", "1234"),
        ("$.CustomerCallbackNumber", "+14255550100"),
        ("$.Queue.Name", "Support"),
        ("$.Queue.ARN", f"{INSTANCE_ARN}/queue/q1"),
        ("$.Queue.OutboundCallerId.Address", "+18005550199"),
        ("$.Queue.OutboundCallerId.Type", "TELEPHONE_NUMBER"),
        ("$.TextToSpeechVoiceId", "Joanna"),
        ("$.ContactId", "c2"),
        ("$.InitialContactId", "c1"),
        ("$.PreviousContactId", "c1"),
        ("$.Task.ContactId", "t1"),
        ("$.Channel", "VOICE"),
        ("$.InstanceARN", INSTANCE_ARN),
        ("$.InitiationMethod", "INBOUND"),
        ("$.Name", "a task"),
        ("$.Description", "what to do"),
        ("$.References.site.Value", "https://example.com"),
        ("$.References.site.Type", "URL"),
        ("$.LanguageCode", "ja-JP"),
        ("$.Tags.team", "blue"),
        ("$.Agent.UserName", "maria"),
        ("$.Agent.FirstName", "Maria"),
        ("$.Agent.LastName", "Silva"),
        ("$.Agent.ARN", "arn:agent"),
        ("$.Metrics.Queue.Size", 4),
        ("$.Metrics.Agents.Online.Count", MISSING),
        ("$.Media.Sip.Headers.P-Asserted-Identity", "sip:+14255550100@carrier.example"),
        ("$.Media.Sip.Headers.JIP", MISSING),
        ("$.MediaStreams.Customer.Audio.StreamARN", "arn:stream"),
        ("$.Lex.IntentName", "Book"),
        ("$.Lex.IntentConfidence.Score", 0.91),
        ("$.Lex.Slots.city", "Rome"),
        ("$.Lex.SessionAttributes.vip", "yes"),
        ("$.Lex.SentimentResponse.Scores.Positive", 0.9),
        ("$.Lex.AlternateIntents.fraud.IntentConfidence", 0.8),
        ("$.Lex.DialogState", "Fulfilled"),
        ("$.Case.case_id", "k1"),
        ("$.Case.status", "open"),
        ("$.External.FirstName", "Jane"),
        ("$.External.firstname", MISSING),
        ("$.External.Name.First", "John"),
        ("$.External.ContactId", MISSING),
        ("$.Attributes.FirstName", "Jane"),
        ("$.Attributes.attributes_Plan", "gold"),
        ("$.FlowAttributes.step", "two"),
        ("$.Customer.FirstName", "Ann"),
        ("$.Customer.Order.Name", "Boots"),
        ("$.Customer.CalculatedAttributes.z", "5"),
    ],
)
def test_every_namespace_resolves(path: str, value: Any) -> None:
    """FLOW-138: the attributes of tables A1 to A10 by their JSONPath."""
    keys = path_of(path)
    assert keys is not None
    assert resolve(keys, FRAME, WORLD) == value


@pytest.mark.parametrize(
    "path",
    [
        "$.Attributes.['user attribute name']",
        "$.Attributes['user attribute name']",
        "$['Attributes']['user attribute name']",
        '$["Attributes"]["user attribute name"]',
    ],
)
def test_bracket_notation(path: str) -> None:
    """FLOW-146: names with spaces in brackets, with and without the dot."""
    assert value_of(path, FRAME, WORLD) == "spaced"


def test_names_outside_ascii() -> None:
    world = ScenarioWorld(Contact(attributes={"名前": "花子", "a b": "1"}))
    assert value_of("$.Attributes.名前", FRAME, world) == "花子"
    assert interpolate("$.Attributes['名前']様、$.Attributes['a b']番です。", FRAME, world) == "花子様、1番です。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            "Hello $.External.FirstName $.External.LastName, thank you for calling.",
            "Hello Jane Doe, thank you for calling.",
        ),
        ("You are $.Attributes.FirstName.", "You are Jane."),
        ("$.Attributes.company inc.", "GGG inc."),
        ("$.Attributes.company.inc.", "GGG.inc."),
        ("$.External.Name.First!", "John!"),
        ("It costs $5, or $.50 each", "It costs $5, or $.50 each"),
        ("You are $.External.Age years old", "You are 10 years old"),
        ('<say-as interpret-as="cardinal">$.External.Age</say-as>', '<say-as interpret-as="cardinal">10</say-as>'),
        ("plain", "plain"),
    ],
)
def test_references_in_text(text: str, expected: str) -> None:
    """FLOW-65, BLK-006: references in running text; the longest path that exists wins."""
    assert interpolate(text, FRAME, WORLD) == expected


@pytest.mark.parametrize("text", ["Hi $.External.Nobody", "$.Attributes.none", "Orders: $.External.OrderIds"])
def test_a_reference_that_leads_nowhere_is_an_error(text: str) -> None:
    """FLOW-142: the block leaves by Error; a list cannot be referenced in text."""
    with pytest.raises(FlowError):
        interpolate(text, FRAME, WORLD)


def test_values_are_not_read_again() -> None:
    world = ScenarioWorld(Contact(attributes={"a": "$.Attributes.b", "b": "secret"}))
    assert interpolate("x $.Attributes.a", FRAME, world) == "x $.Attributes.b"


def test_whole_references_keep_their_type() -> None:
    parameters = {"ids": "$.External.OrderIds", "age": "$.External.Age", "text": "n=$.External.Age", "deep": [{"n": 1}]}
    assert value_of(parameters, FRAME, WORLD) == {"ids": ["x", "y"], "age": 10, "text": "n=10", "deep": [{"n": 1}]}


@pytest.mark.parametrize(
    "text", ["", "$", "$.", "$.Nowhere.x", "x$.Attributes.a", "$.Attributes.a b", "$[0]", "$.Attributes."]
)
def test_what_is_no_reference(text: str) -> None:
    assert path_of(text) is None
