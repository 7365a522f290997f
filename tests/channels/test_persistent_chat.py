"""Chats that continue past ones: what they continue from, and how far back one can read (chat.md section 7)."""

from typing import Any, NamedTuple

import pytest
from botocore.exceptions import ClientError

from tests.channels.people import DISCONNECT, TO_QUEUE, Agent, Centre, Participant, say, wait_for, working_queue


class Past(NamedTuple):
    """The past session of the vectors: C1, transferred to C2, then the disconnect flow's survey C3."""

    c1: str
    c2: str
    c3: str


@pytest.fixture
def past(centre: Centre, agent1: Agent, agent2: Agent) -> Past:
    """A session of three contacts that is over."""
    queue = centre.id_of("queue", "BasicQueue")
    survey = centre.flow("Survey", say("How was it?"), DISCONNECT)
    hook = {"Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {"CustomerRemaining": survey}}}
    flow = centre.flow("Past", say("Welcome"), hook, working_queue(queue), TO_QUEUE, DISCONNECT)
    c1, customer = centre.customer(flow, Attributes={"tier": "gold"})
    agent1.accept(c1)
    agent1.join(c1).say("first agent")
    agent1.become("Offline")
    agent2.become("Available")
    c2 = centre.connect.transfer_contact(InstanceId=centre.instance, ContactId=c1, QueueId=queue, ContactFlowId=flow)
    agent2.accept(c2["ContactId"])
    second = agent2.join(c2["ContactId"])
    second.say("second agent")
    second.leave()
    c3 = customer.socket.item(Content="How was it?")["ContactId"]
    assert customer.socket.event("chat.ended")
    return Past(c1, c2["ContactId"], c3)


def continued(centre: Centre, flow: str, kind: str, source: str) -> tuple[dict[str, Any], Participant]:
    """A chat that continues another."""
    started = centre.start_chat(flow, PersistentChat={"RehydrationType": kind, "SourceContactId": source})
    customer = Participant(centre.server, started["ParticipantToken"])
    customer.open()
    return started, customer


def everything(who: Participant) -> list[dict[str, Any]]:
    """All messages that can be read, newest first, page by page."""
    items: list[dict[str, Any]] = []
    more: dict[str, Any] = {}
    while True:
        page = who.transcript(MaxResults=2, ScanDirection="BACKWARD", **more)
        items += page["Transcript"]
        if "NextToken" not in page:
            return [item for item in items if item["Type"] == "MESSAGE"]
        more = {"NextToken": page["NextToken"]}


def test_what_a_chat_continues(centre: Centre, flow: str, past: Past) -> None:
    """CHAT-105, CHAT-107, CHAT-108, CHAT-109: the vectors P1, P2 and P3."""
    started, customer = continued(centre, flow, "FROM_SEGMENT", past.c2)
    assert started["ContinuedFromContactId"] == past.c2
    customer.socket.item(Content="Hello")
    found = everything(customer)
    assert [item["Content"] for item in found][-4:] == ["second agent", "Welcome", "first agent", "Welcome"]
    assert "How was it?" not in [item["Content"] for item in found]
    assert [item.get("RelatedContactId") for item in found][-4:] == [past.c2, past.c2, past.c1, past.c1]
    assert centre.describe(started["ContactId"])["RelatedContactId"] == past.c2
    members = {"InstanceId": centre.instance, "InitialContactId": started["ContactId"]}
    assert centre.connect.get_contact_attributes(**members)["Attributes"] == {"tier": "gold"}
    customer.leave()
    wait_for(lambda: "DisconnectTimestamp" in centre.describe(started["ContactId"]))

    whole, reader = continued(centre, flow, "ENTIRE_PAST_SESSION", past.c1)
    assert whole["ContinuedFromContactId"] == past.c3
    assert "How was it?" in [item["Content"] for item in everything(reader)]
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=whole["ContactId"])

    third, again = continued(centre, flow, "FROM_SEGMENT", started["ContactId"])
    again.socket.item(Content="Hello")
    texts = [item["Content"] for item in everything(again)]
    assert texts.count("Hello") == 2 and texts[-2:] == ["first agent", "Welcome"]
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=third["ContactId"])


def test_a_chat_is_tied_to_a_past_one_later(centre: Centre, flow: str, past: Past) -> None:
    """CHAT-106: by CreatePersistentContactAssociation, once."""
    contact, customer = centre.customer(flow)
    members = {"InstanceId": centre.instance, "InitialContactId": contact, "SourceContactId": past.c1}
    answer = centre.connect.create_persistent_contact_association(**members, RehydrationType="ENTIRE_PAST_SESSION")
    assert answer["ContinuedFromContactId"] == past.c3
    assert "first agent" in [item["Content"] for item in everything(customer)]
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.connect.create_persistent_contact_association(**members, RehydrationType="FROM_SEGMENT")
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_a_flow_ties_a_chat_to_a_past_one(centre: Centre, past: Past) -> None:
    """BLK-048, BLK-049: by its block, from an attribute; once, and not what cannot be restored."""
    whole = {"RehydrationType": "ENTIRE_PAST_SESSION", "SourceContactId": "$.Attributes.past"}
    tie = {"Type": "CreatePersistentContactAssociation", "Parameters": whole}
    queue = working_queue(centre.id_of("queue", "BasicQueue"))
    flow = centre.flow("Continuing", tie, say("There you are"), queue, TO_QUEUE, DISCONNECT)
    contact, customer = centre.customer(flow, Attributes={"past": past.c1})
    assert customer.socket.item(Content="There you are")
    assert "first agent" in [item["Content"] for item in everything(customer)]
    assert centre.describe(contact)["RelatedContactId"] == past.c3
    members = {"InstanceId": centre.instance, "InitialContactId": contact, "SourceContactId": past.c1}
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.connect.create_persistent_contact_association(**members, RehydrationType="FROM_SEGMENT")
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)
    for wrong in ("unknown", past.c2):
        contact, customer = centre.customer(flow, Attributes={"past": wrong})
        assert customer.socket.item(Content="There you are")
        assert "RelatedContactId" not in centre.describe(contact)
        centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_what_cannot_be_continued(centre: Centre, flow: str, past: Past) -> None:
    """CHAT-107: unknown contacts, chats that go on, a session by another than its first contact."""
    contact, _ = centre.customer(flow)
    for kind, source, code in (
        ("FROM_SEGMENT", "unknown", "ResourceNotFoundException"),
        ("FROM_SEGMENT", contact, "InvalidRequestException"),
        ("ENTIRE_PAST_SESSION", past.c2, "InvalidRequestException"),
    ):
        with pytest.raises(ClientError, match=code):
            continued(centre, flow, kind, source)
    persistent = {"RehydrationType": "FROM_SEGMENT", "SourceContactId": past.c1}
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.start_chat(flow, PersistentChat=persistent, RelatedContactId=past.c1)
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)
