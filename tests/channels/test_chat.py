"""A whole chat between a customer and an agent, by boto3 and sockets, on a running server."""

import time

import pytest
from botocore.exceptions import ClientError

from tests.channels.people import (
    DISCONNECT,
    EVENT,
    TO_QUEUE,
    Agent,
    Centre,
    Participant,
    Socket,
    say,
    wait_for,
    working_queue,
)


def test_a_whole_chat(centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-60, CHAT-61, CHAT-63, CHAT-64, CHAT-65, CHAT-66, CHAT-67, CHAT-95: from the greeting to a cleared desk."""
    contact, customer = centre.customer(
        flow,
        InitialMessage={"ContentType": "text/plain", "Content": "I need help"},
        SupportedMessagingContentTypes=["text/plain", "text/markdown"],
        Attributes={"tier": "gold"},
    )
    assert customer.socket.subscribed
    first = customer.socket.item(Type="MESSAGE")
    assert (first["Content"], first["ParticipantRole"], first["DisplayName"]) == ("I need help", "CUSTOMER", "Jane")
    assert customer.socket.item(Content="Hello")["ParticipantRole"] == "SYSTEM"

    offered = agent1.contact("INCOMING", contact)
    assert offered["Attributes"] == {"tier": "gold"} and offered["CustomerName"] == "Jane"
    assert offered["OfferExpiresAt"] > offered["StateStart"]
    agent1.accept(contact)
    agent = agent1.join(contact)
    joined = customer.socket.item(ContentType=EVENT + "participant.joined", ParticipantRole="AGENT")
    assert joined["Type"] == "EVENT"

    sent = customer.say("**hi**", "text/markdown")
    heard = agent.socket.item(Content="**hi**")
    assert heard["Id"] == sent["Id"] and heard["AbsoluteTime"] == sent["AbsoluteTime"]
    assert heard["InitialContactId"] == contact == heard["ContactId"]
    assert customer.socket.item(Content="**hi**") == heard
    agent.signal("typing")
    assert customer.socket.event("typing")["ParticipantRole"] == "AGENT"
    answer = agent.say("Good day")
    customer.socket.item(Content="Good day")
    customer.signal("message.delivered", {"messageId": answer["Id"]})
    customer.signal("message.read", {"messageId": answer["Id"]})
    receipt = agent.socket.until(
        lambda: next((i for i in agent.socket.items if "ReadTimestamp" in str(i.get("MessageMetadata"))), None)
    )
    assert receipt["Type"] == "MESSAGEMETADATA" and receipt["ContentType"] == EVENT + "message.metadata"
    assert receipt["MessageMetadata"]["MessageId"] == answer["Id"]
    assert receipt["MessageMetadata"]["Receipts"][0]["DeliveredTimestamp"]

    agent1.do("end_contact", ContactId=contact)
    assert customer.socket.event("chat.ended") and agent.socket.event("chat.ended")
    assert customer.socket.closed()
    assert agent1.contact("ENDED", contact)
    agent1.do("clear_contact", ContactId=contact)
    assert agent1.desk()["Contacts"] == []
    for call in (lambda: customer.say("?"), customer.transcript, lambda: Participant(centre.server, customer.token)):
        with pytest.raises(ClientError, match="AccessDeniedException"):
            call()


def test_the_transcript_page_by_page(centre: Centre, flow: str) -> None:
    """CHAT-68: both directions, from an item, a time, a count; events that pass are not in it."""
    contact, customer = centre.customer(flow)
    customer.socket.item(Content="Hello")
    for number in range(5):
        customer.say(f"m{number}")
    customer.signal("typing")
    everything = customer.transcript(MaxResults=100, SortOrder="ASCENDING")
    assert everything["InitialContactId"] == contact and "NextToken" not in everything
    items = everything["Transcript"]
    texts = [item.get("Content") for item in items if item["Type"] == "MESSAGE"]
    assert texts[:1] == ["Hello"] and texts[-5:] == [f"m{number}" for number in range(5)]
    assert all(item["ContentType"] != EVENT + "typing" for item in items)

    newest = customer.transcript(MaxResults=2)
    assert [item["Content"] for item in newest["Transcript"]] == ["m4", "m3"]
    older = customer.transcript(MaxResults=2, NextToken=newest["NextToken"])
    assert [item["Content"] for item in older["Transcript"]] == ["m2", "m1"]
    start = next(item for item in items if item.get("Content") == "m1")
    for position in ({"Id": start["Id"]}, {"AbsoluteTime": start["AbsoluteTime"]}, {"MostRecent": 4}):
        page = customer.transcript(StartPosition=position, SortOrder="ASCENDING", MaxResults=2)
        assert [item["Content"] for item in page["Transcript"]] == ["m1", "m2"], position
    back = customer.transcript(StartPosition={"Id": start["Id"]}, ScanDirection="BACKWARD", MaxResults=2)
    assert [item["Content"] for item in back["Transcript"]] == ["m1", "m0"]
    with pytest.raises(ClientError, match="ValidationException"):
        customer.transcript(NextToken="forged")
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_the_customer_leaves(centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-69: by DisconnectParticipant; the agent goes to after contact work, the customer's socket closes."""
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    agent = agent1.join(contact)
    customer.leave()
    left = agent.socket.event("participant.left")
    assert left["ParticipantRole"] == "CUSTOMER"
    assert customer.socket.event("chat.ended")
    assert agent1.contact("ENDED", contact)["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    assert customer.socket.closed()
    with pytest.raises(ClientError, match="AccessDeniedException"):
        customer.leave()


def test_a_transfer_keeps_the_history(centre: Centre, flow: str, agent1: Agent, agent2: Agent) -> None:
    """CHAT-73: the second agent reads the whole transcript; InitialContactId stays, ContactId changes."""
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    first = agent1.join(contact)
    first.say("I ask a colleague")
    queue = centre.id_of("queue", "BasicQueue")
    agent1.become("Offline")
    agent2.become("Available")
    moved = centre.connect.transfer_contact(
        InstanceId=centre.instance, ContactId=contact, QueueId=queue, ContactFlowId=flow
    )
    assert moved["ContactArn"].endswith(f"/contact/{moved['ContactId']}")
    assert first.socket.event("transfer.succeeded") and customer.socket.event("transfer.succeeded")
    assert agent2.accept() == moved["ContactId"]
    second = agent2.join(moved["ContactId"])
    texts = [item.get("Content") for item in second.transcript(MaxResults=100)["Transcript"]]
    assert "I ask a colleague" in texts
    second.say("Hello again")
    heard = customer.socket.item(Content="Hello again")
    assert heard["InitialContactId"] == contact and heard["ContactId"] == moved["ContactId"]
    with pytest.raises(ClientError, match="AccessDeniedException"):
        first.say("I am gone")


def test_an_agent_transfers_by_quick_connect(centre: Centre, flow: str, agent1: Agent, agent2: Agent) -> None:
    """ROUT-96: to a colleague's own queue."""
    transfer = centre.flow("To a colleague", {**TO_QUEUE}, DISCONNECT, kind="AGENT_TRANSFER")
    made = centre.connect.create_quick_connect(
        InstanceId=centre.instance,
        Name=f"Colleague {time.monotonic_ns()}",
        QuickConnectConfig={
            "QuickConnectType": "USER",
            "UserConfig": {"UserId": agent2.user, "ContactFlowId": transfer},
        },
    )
    queue = centre.id_of("queue", "BasicQueue")
    centre.connect.associate_queue_quick_connects(
        InstanceId=centre.instance, QueueId=queue, QuickConnectIds=[made["QuickConnectId"]]
    )
    offered = {one["QuickConnectId"] for one in agent1.do("list_agent_quick_connects")["QuickConnects"]}
    assert made["QuickConnectId"] in offered
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    agent1.join(contact)
    agent1.become("Offline")
    agent2.become("Available")
    moved = agent1.do("transfer_agent_contact", ContactId=contact, QuickConnectId=made["QuickConnectId"])
    assert moved["ContactId"] != contact
    assert agent2.contact("INCOMING", moved["ContactId"])["TransferredFrom"] == "agent1"
    agent2.accept(moved["ContactId"])
    own = agent2.contact("CONNECTED", moved["ContactId"])["ParticipantId"]
    assert customer.socket.item(ContentType=EVENT + "participant.joined", ParticipantId=own)
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=moved["ContactId"])


def test_a_customer_without_a_socket(centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-132: connected by ConnectParticipant, everything else by GetTranscript."""
    started = centre.start_chat(flow)
    customer = Participant(centre.server, started["ParticipantToken"])
    customer.service.create_participant_connection(
        Type=["CONNECTION_CREDENTIALS"], ParticipantToken=started["ParticipantToken"], ConnectParticipant=True
    )
    agent1.accept(started["ContactId"])
    agent = agent1.join(started["ContactId"])
    agent.say("Good day")
    assert customer.transcript(MaxResults=1)["Transcript"][0]["Content"] == "Good day"
    customer.leave()
    assert agent1.contact("ENDED", started["ContactId"])


def test_sockets_of_one_participant(centre: Centre, flow: str) -> None:
    """CHAT-64: heartbeat and ping are echoed, two sockets hear the same, unsubscribing silences one, five at most."""
    contact, customer = centre.customer(flow)
    for topic in ("aws/heartbeat", "aws/ping"):
        customer.socket.send({"topic": topic})
        assert topic != "aws/ping" or customer.socket.answer(topic)["statusCode"] == 200
    for junk in ("", "not json", "[]", '"text"', '{"topic":7}', '{"topic":"aws/subscribe","content":{"topics":"x"}}'):
        customer.socket.send(junk)
    second = Socket(Participant(centre.server, customer.token).url)
    customer.say("both")
    assert customer.socket.item(Content="both") == second.item(Content="both")
    second.send({"topic": "aws/unsubscribe", "content": {"topics": ["aws/chat"]}})
    second.answer("aws/unsubscribe")
    customer.say("one only")
    customer.socket.item(Content="one only")
    customer.socket.close()
    assert "one only" not in [item.get("Content") for item in second.items]
    others = [Socket(Participant(centre.server, customer.token).url) for _ in range(5)]
    assert second.closed()
    for socket in others:
        socket.close()
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_the_record_of_a_chat(centre: Centre, flow: str, agent1: Agent) -> None:
    """Initiation method, agent and queue are those of the conversation."""
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    agent1.join(contact)
    customer.leave()
    agent1.do("clear_contact", ContactId=contact)
    found = wait_for(lambda: (d := centre.describe(contact)).get("DisconnectTimestamp") and d)
    assert found["InitiationMethod"] == "API" and found["Channel"] == "CHAT"
    assert found["AgentInfo"]["Id"] == agent1.user and found["QueueInfo"]["Id"] == centre.id_of("queue", "BasicQueue")


def test_a_disconnect_flow_waits_for_the_customer(centre: Centre, agent1: Agent) -> None:
    """BASE-63, CHAT-71: the agent leaves, the customer writes, and is queued again with the whole history."""
    queue = centre.id_of("queue", "BasicQueue")
    wait = {
        "Type": "Wait",
        "Parameters": {"TimeLimitSeconds": "600", "Events": ["CustomerReturned"]},
        "Transitions": {
            "NextAction": "a4",
            "Conditions": [
                {"NextAction": "a4", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}},
                {"NextAction": "a2", "Condition": {"Operator": "Equals", "Operands": ["CustomerReturned"]}},
            ],
            "Errors": [{"NextAction": "a4", "ErrorType": "NoMatchingError"}],
        },
    }
    after = centre.flow("After", say("The agent has left"), wait, working_queue(queue), TO_QUEUE, DISCONNECT)
    hook = {"Type": "UpdateContactEventHooks", "Parameters": {"EventHooks": {"CustomerRemaining": after}}}
    flow = centre.flow("With disconnect flow", hook, working_queue(queue), TO_QUEUE, DISCONNECT)
    contact, customer = centre.customer(flow)
    agent1.accept(contact)
    agent1.join(contact).leave()
    customer.socket.item(Content="The agent has left")
    agent1.do("clear_contact", ContactId=contact)
    customer.say("I am back")
    again = agent1.accept()
    assert again != contact
    second = agent1.join(again)
    assert "I am back" in [item.get("Content") for item in second.transcript(MaxResults=100)["Transcript"]]
    assert centre.describe(again)["InitiationMethod"] == "DISCONNECT"
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=again)
    assert customer.socket.event("chat.ended")
