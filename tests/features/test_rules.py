"""The rule function language, the events of applications, and signatures: decided without a database."""

import json
from typing import Any

import msgspec
import pytest

from switchroom.base.arns import Site
from switchroom.base.errors import ServiceError
from switchroom.features.rules.actions import ACTIONS
from switchroom.features.rules.applications import APPLICATIONS
from switchroom.features.rules.checking import checked
from switchroom.features.rules.happening import Happening, filled
from switchroom.features.rules.intake import MOST_DEPTH, decoded
from switchroom.features.rules.language import VERSION, BadFunction, conditions, holds, parse
from switchroom.features.rules.signatures import WINDOW, sign, verify
from switchroom.features.rules.triggers import TRIGGERS
from switchroom.wire.service_model import load_service

TICKET = "$.ThirdParty.Zendesk.TicketCreate."
NOW = 1_700_000_000_000
SECRET = "dGhpc19zZWNyZXRfaXNfZm9yX3Rlc3Rpbmdfb25seQ=="


def condition(operator: str, value: str, *operands: Any, **more: Any) -> dict[str, Any]:
    return {"Operator": operator, "Operands": list(operands), "ComparisonValue": value, **more}


def function(*parts: dict[str, Any], logic: str = "AND") -> str:
    return json.dumps({"Version": VERSION, "RuleFunction": {"Operator": logic, "Operands": list(parts)}})


def fits(text: str, facts: dict[str, Any]) -> bool:
    return holds(parse(text), lambda one: facts.get(one.value))


# the language


@pytest.mark.parametrize(
    ("part", "value", "expected"),
    [
        (condition("EQUALS", "$.a", "question"), "QUESTION", True),
        (condition("EQUALS", "$.a", "question"), "incident", False),
        (condition("EQUALS", "$.a", "question"), None, False),
        (condition("EQUALS", "$.a"), None, True),
        (condition("EQUALS", "$.a"), "x", False),
        (condition("EQUALS", "$.a", 7), 7.0, True),
        (condition("EQUALS", "$.a", "true"), True, True),
        (condition("CONTAINS", "$.a", "refund"), "I want a Refund now", True),
        (condition("CONTAINS", "$.a", "vip"), ["gold", "VIP"], True),
        (condition("CONTAINS", "$.a", "vi"), ["gold", "VIP"], False),
        (condition("CONTAINS_ANY", "$.a", "cancel", "refund"), "please refund", True),
        (condition("CONTAINS_ANY", "$.a", "q1", "q2"), "q2", True),
        (condition("CONTAINS_ANY", "$.a", "q1"), None, False),
        (condition("NumberLessOrEqualTo", "$.a", 5), "5", True),
        (condition("NumberGreaterOrEqualTo", "$.a", 5), 4.9, False),
        (condition("NumberGreaterOrEqualTo", "$.a", "2024-01-01T00:00:00Z"), "2024-05-01", True),
        (condition("NumberLessOrEqualTo", "$.a", 5), "five", False),
        (condition("NumberLessOrEqualTo", "$.a", 5), "nan", False),
        (condition("NumberLessOrEqualTo", "$.a", 5, Negate=True), None, True),
        (condition("EQUALS", "$.a", "x", Negate=True), "y", True),
    ],
)
def test_a_condition_is_decided(part: dict[str, Any], value: Any, expected: bool) -> None:
    """Each operator, without regard to case; what the event lacks fits nothing but its negation."""
    assert fits(function(part), {"$.a": value}) is expected


def test_groups_nest_and_filters_are_kept() -> None:
    """LENS-111: AND and OR in each other, and the sample of the field's own documentation with its filter."""
    inner = {"Operator": "OR", "Operands": [condition("EQUALS", "$.b", "1"), condition("EQUALS", "$.b", "2")]}
    text = function(condition("EQUALS", "$.a", "x"), inner)
    assert fits(text, {"$.a": "x", "$.b": "2"})
    assert not fits(text, {"$.a": "x", "$.b": "3"})
    assert not fits(text, {"$.b": "1"})
    clause = {"LogicOperator": "AND", "Filters": [{"Type": "ParticipantRole", "Data": "CUSTOMER"}]}
    said = "$.ContactLens.RealTimeCall.ExactMatch.Transcript"
    group = parse(function(condition("CONTAINS_ANY", said, "refund", Negate=False, FilterClause=clause)))
    (one,) = conditions(group)
    assert (one.filters[0].type, one.filters[0].data) == ("ParticipantRole", "CUSTOMER")
    assert fits(function(), {})


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("nothing", "$"),
        ("[]", "$"),
        (json.dumps({"RuleFunction": {}}), "Version"),
        (json.dumps({"Version": VERSION}), "RuleFunction"),
        (json.dumps({"Version": VERSION, "RuleFunction": {"Operator": "AND", "Operands": []}, "More": 1}), "$.More"),
        (function(logic="XOR"), "RuleFunction.Operator"),
        (function(logic="OR"), "RuleFunction.Operands"),
        (function(condition("LIKE", "$.a", "x")), "RuleFunction.Operands[0].Operator"),
        (function(condition("EQUALS", "a", "x")), "RuleFunction.Operands[0].ComparisonValue"),
        (function(condition("EQUALS", "$.a", {"x": 1})), "RuleFunction.Operands[0].Operands"),
        (function(condition("CONTAINS", "$.a", "x", "y")), "RuleFunction.Operands[0].Operands"),
        (function(condition("NumberLessOrEqualTo", "$.a", "many")), "RuleFunction.Operands[0].Operands"),
        (function(condition("EQUALS", "$.a", "x", Negate="yes")), "RuleFunction.Operands[0].Negate"),
        (function(condition("EQUALS", "$.a", "x", FilterClause={})), "RuleFunction.Operands[0].FilterClause.Logic"),
        (function(condition("EQUALS", "$.a"), {"Operator": "OR"}), "RuleFunction.Operands[1].Operands"),
        (function(*[condition("EQUALS", "$.a", "x")] * 21), "RuleFunction"),
    ],
)
def test_a_function_that_is_none_says_where(text: str, place: str) -> None:
    """Every refusal names a place and a reason; 21 conditions are one too many."""
    with pytest.raises(BadFunction) as wrong:
        parse(text)
    assert wrong.value.path.startswith(place) and wrong.value.reason


def test_a_function_nested_without_end_is_refused() -> None:
    """Neither the reader nor the walk breaks."""
    part: dict[str, Any] = condition("EQUALS", "$.a", "x")
    for _ in range(10):
        part = {"Operator": "OR", "Operands": [part]}
    with pytest.raises(BadFunction, match="10 deep"):
        parse(function(part))
    with pytest.raises(BadFunction):
        parse('{"Version":' + "[" * 50_000)


@pytest.mark.parametrize(
    "part",
    [
        condition("EQUALS", TICKET + "Colour", "red"),
        condition("CONTAINS", TICKET + "Priority", "h"),
        condition("EQUALS", "$.ThirdParty.Salesforce.CaseCreate.Type", "x"),
        condition("EQUALS", TICKET + "Type", "question", "incident"),
    ],
)
def test_a_trigger_knows_its_fields(part: dict[str, Any]) -> None:
    """An unknown field, an operator that does not suit it, or too many operands are refused."""
    with pytest.raises(BadFunction):
        checked(function(part), TRIGGERS["OnZendeskTicketCreate"])


def test_every_event_source_and_action_of_the_api_is_known() -> None:
    """Those of the model are all declared; which run is stated, the rest is kept by name."""
    shapes = load_service("connect").shapes
    assert set(shapes["EventSourceName"]["enum"]) == set(TRIGGERS)
    assert set(shapes["ActionType"]["enum"]) == set(ACTIONS)
    for action in ACTIONS.values():
        assert action.member in shapes["RuleAction"]["members"]
    assert {kind for trigger in TRIGGERS.values() for kind in trigger.actions} <= set(ACTIONS)
    runs = {name for name, trigger in TRIGGERS.items() if trigger.runs}
    assert runs == {
        *("OnZendeskTicketCreate", "OnZendeskTicketStatusUpdate", "OnSalesforceCaseCreate", "OnExternalEvent"),
    }
    assert all(ACTIONS[kind].perform for name in runs for kind in TRIGGERS[name].actions)


# events of applications


def test_a_ticket_of_zendesk_is_read() -> None:
    """ROUT-103: its webhook and its connector for event buses say the same."""
    zendesk = APPLICATIONS["ZENDESK"]
    webhook = zendesk.example("OnZendeskTicketCreate", {"ticket_id": "77", "type": "INCIDENT"}, NOW, "event-1")
    bus = {
        "id": "event-2",
        "detail-type": "Support Ticket: Ticket Created",
        "source": "aws.partner/zendesk.com/123/default",
        "detail": {
            "ticket_event": {
                "type": "Ticket Created",
                "meta": {"ref": "1-123", "sequence": {"id": "CE4A"}},
                "ticket": {
                    "id": 77,
                    "type": "incident",
                    "tags": ["enterprise", "other_tag"],
                    "via": {"channel": "web"},
                },
            }
        },
    }
    for payload in (webhook, bus):
        (one,) = zendesk.read(payload, "https://acme.zendesk.com/").happenings
        assert one.trigger == "OnZendeskTicketCreate" and one.about == "ticket 77"
        assert one.facts["Type"] == "incident" and one.facts["Tags"] == ["enterprise", "other_tag"]
        assert one.fact("ticket_id") == "77" and one.fact("channel") == "web"
        assert one.fact("ticket_url") == "https://acme.zendesk.com/agent/tickets/77"
    changed = zendesk.example("OnZendeskTicketStatusUpdate", {"status": "SOLVED"}, NOW, "event-3")
    (one,) = zendesk.read(changed, "https://acme.zendesk.com").happenings
    assert one.trigger == "OnZendeskTicketStatusUpdate"
    assert (one.fact("status"), one.fact("previous_status")) == ("solved", "new")


@pytest.mark.parametrize(
    "payload",
    [
        {"type": "zen:event-type:ticket.comment_added", "id": "1", "detail": {"id": "7"}, "event": {"comment": {}}},
        {"type": "zen:event-type:user.created", "id": "1", "detail": {"id": "7"}},
        {"type": "zen:event-type:ticket.created", "id": "1", "detail": {}},
        {"ticket_event": {"type": "Ticket Created", "ticket": None}},
    ],
)
def test_another_event_of_zendesk_triggers_nothing(payload: dict[str, Any]) -> None:
    """It is an event all the same, and is kept."""
    assert APPLICATIONS["ZENDESK"].read(payload, "https://acme.zendesk.com").happenings == ()


def test_a_case_of_salesforce_is_read() -> None:
    """ROUT-102: a change event of Change Data Capture, bare, in a stream's envelope, in a bus's."""
    salesforce = APPLICATIONS["SALESFORCE"]
    stream = salesforce.example("OnSalesforceCaseCreate", {"case_number": "00001026"}, NOW, "000537ab-34")
    stream["payload"] |= {"Region__c": "EU", "CreatedDate": 1_700_000_000_000}
    change = stream["payload"]
    for payload in (stream, change, {"id": "x", "detail-type": "CaseChangeEvent", "detail": change}):
        arrived = salesforce.read(payload, "https://acme.my.salesforce.com")
        assert arrived.id == "000537ab-34/1"
        (one,) = arrived.happenings
        assert one.trigger == "OnSalesforceCaseCreate"
        assert one.fact("case_number") == "00001026" and one.fact("Email") == "efrank@genepoint.example"
        assert one.fact("CreatedDate") == "2023-11-14T22:13:20Z"
        assert one.fact("CustomAttribute.Region") == one.fact("CustomAttribute.Region__c") == "EU"
        assert one.fact("case_url") == "https://acme.my.salesforce.com/lightning/r/Case/500RM000003c6yYAAQ/view"
    header = {**change["ChangeEventHeader"], "recordIds": ["500A", "500B"]}
    assert len(salesforce.read({**change, "ChangeEventHeader": header}, "https://x.example").happenings) == 2
    for other in ({"changeType": "UPDATE"}, {"entityName": "Account"}):
        assert not salesforce.read({"ChangeEventHeader": header | other}, "https://x.example").happenings
    with pytest.raises(ValueError, match="ChangeEventHeader"):
        salesforce.read({"Subject": "x"}, "https://x.example")


def test_an_event_of_ones_own_is_read() -> None:
    """Its members are facts by their path."""
    payload = {"id": 9, "type": "order.late", "order": {"total": 120.5, "tags": ["a"], "lines": [{"sku": 1}]}}
    arrived = APPLICATIONS["CUSTOM"].read(payload, "https://shop.example")
    (one,) = arrived.happenings
    assert arrived.id == "9" and one.fact("order.total") == 120.5
    assert one.facts == {"id": 9, "type": "order.late", "order.total": 120.5, "order.tags": ["a"]}
    group = checked(
        function(condition("NumberGreaterOrEqualTo", "$.ThirdParty.Custom.Event.order.total", 100)),
        TRIGGERS["OnExternalEvent"],
    )
    trigger = TRIGGERS["OnExternalEvent"]
    assert holds(group, lambda part: one.fact(trigger.name_of(part.value) or ""))


def test_placeholders_are_filled() -> None:
    """ROUT-106, LENS-119: braces, brackets and references; what names nothing stays as it is."""
    facts = {"Id": "77", "Subject": "Printer {ticket_id}", "AssigneeId": None, "Tags": ["a", "b"], "RuleName": "r"}
    one = Happening("OnZendeskTicketCreate", facts, "ticket 77", "ticket")
    prefixes = TRIGGERS["OnZendeskTicketCreate"].prefixes

    def text(template: str) -> str:
        return filled(template, one, prefixes)

    assert text("Zendesk-[ticket_id]") == "Zendesk-77"
    assert text("{Subject}: {tags} [RuleName]") == "Printer {ticket_id}: a, b r"
    assert text("<{assignee_id}>") == "<>"
    assert text("[urgent] {colour} {} [x y]") == "[urgent] {colour} {} [x y]"
    assert text("Ticket $.ThirdParty.Zendesk.TicketCreate.Id.") == "Ticket 77."
    assert text("$.ThirdParty.Salesforce.CaseCreate.Id") == "$.ThirdParty.Salesforce.CaseCreate.Id"


def test_the_source_of_an_event_is_named_as_the_field_does() -> None:
    """Partner event sources and the names of generated links."""
    site = Site("us-east-1", "123456789012")
    zendesk, salesforce = APPLICATIONS["ZENDESK"], APPLICATIONS["SALESFORCE"]
    assert zendesk.event_source(site, "https://acme.zendesk.com", "c").startswith("aws.partner/zendesk.com/")
    assert salesforce.event_source(site, "https://a.b", "c").startswith("aws.partner/appflow/salesforce.com/")
    name = "amazon-connect-salesforce-to-eventbridge-acme"
    assert salesforce.integration("https://acme.my.salesforce.com") == name


# signatures


def signed(body: bytes, at: str, secret: str = SECRET, form: str = "switchroom") -> dict[str, str]:
    if form == "zendesk":
        beginning = "x-zendesk-webhook-signature"
        return {beginning: sign(secret, at, body), f"{beginning}-timestamp": at}
    return {"x-switchroom-signature": sign(secret, at, body), "x-switchroom-timestamp": at}


def test_a_signature_is_taken() -> None:
    """Ours in base64 or digits, Zendesk's with its own time, an old secret as long as it is known."""
    body = b'{"id":"1"}'
    verify([SECRET], signed(body, str(NOW // 1000)), body, NOW)
    verify(["new-secret-of-ours", SECRET], signed(body, "2023-11-14T22:13:20Z", form="zendesk"), body, NOW)
    digits = signed(body, str(NOW))
    digits["x-switchroom-signature"] = "sha256=" + _hex(digits["x-switchroom-signature"])
    verify([SECRET], digits, body, NOW)
    verify([SECRET], {"authorization": f"Bearer {SECRET}"}, body, NOW, shared_secret=True)
    verify([SECRET], {"x-switchroom-secret": SECRET}, body, NOW, shared_secret=True)


def _hex(text: str) -> str:
    return msgspec.convert(text, bytes).hex()


def test_the_signature_of_zendesk_is_made_as_zendesk_makes_it() -> None:
    """base64(HMAC-SHA256(secret, timestamp + body)), computed with another tool."""
    assert sign(SECRET, "2021-03-25T05:09:27Z", b'{"hello":"world"}') == "y9gOnFFwlMu0aTsuxNi9B7V4WQ6w8SIJfgCbG94PGO8="


@pytest.mark.parametrize("form", ["switchroom", "zendesk"])
@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"secret": "another secret"}, "another secret"),
        ({"at": str((NOW - WINDOW) // 1000 - 1)}, "minutes away"),
        ({"at": str((NOW + WINDOW) // 1000 + 2)}, "minutes away"),
        ({"at": "yesterday"}, "time of the signature"),
        ({"at": ""}, "time of the signature"),
        ({"body": b'{"id":"2"}'}, "does not fit"),
    ],
)
def test_another_signature_is_refused(form: str, change: dict[str, Any], reason: str) -> None:
    """A wrong secret, a replay after the window, a changed body."""
    body = b'{"id":"1"}'
    headers = signed(body, change.get("at", str(NOW // 1000)), change.get("secret", SECRET), form)
    with pytest.raises(ServiceError, match=reason) as refusal:
        verify([SECRET], headers, change.get("body", body), NOW)
    assert refusal.value.code == "UnauthorizedException"


@pytest.mark.parametrize("headers", [{}, {"x-switchroom-signature": "ü"}, {"authorization": "Bearer wrong"}])
def test_nothing_unsigned_is_taken(headers: dict[str, str]) -> None:
    """Also from an application that may send the secret itself; one that signs may not."""
    with pytest.raises(ServiceError):
        verify([SECRET], headers, b"{}", NOW, shared_secret=True)
    with pytest.raises(ServiceError, match="not signed"):
        verify([SECRET], {"x-switchroom-secret": SECRET}, b"{}", NOW)


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b"\xff{}", b'{"a":' + b"[" * 100_000, b'{"a":' * MOST_DEPTH + b"{}" + b"}" * MOST_DEPTH],
)
def test_a_body_that_is_no_event_is_refused(body: bytes) -> None:
    """No JSON, no object, or nested beyond measure."""
    with pytest.raises(ValueError, match=r"it (is|has)"):
        decoded(body)


def test_a_body_as_deep_as_possible_is_read() -> None:
    """One level less than what is refused."""
    assert decoded(b'{"a":' * (MOST_DEPTH - 1) + b"{}" + b"}" * (MOST_DEPTH - 1))
