"""A bot of one's own in a chat, and the page that plays the customer."""

import httpx
import pytest
from botocore.exceptions import ClientError

from tests.channels.people import Agent, Centre, Participant


def test_a_bot_talks_until_an_agent_comes(centre: Centre, flow: str, agent1: Agent) -> None:
    """CHAT-135: it joins by its token, both hear each other, it is gone when the agent joins and sees no files."""
    agent1.become("Offline")
    contact, customer = centre.customer(flow)
    details = {"ParticipantRole": "CUSTOM_BOT", "DisplayName": "Robbie"}
    who = {"InstanceId": centre.instance, "ContactId": contact}
    made = centre.connect.create_participant(**who, ParticipantDetails=details, ClientToken=contact)
    again = centre.connect.create_participant(**who, ParticipantDetails=details, ClientToken=contact)
    assert again["ParticipantId"] == made["ParticipantId"]
    with pytest.raises(ClientError, match="ServiceQuotaExceededException"):
        centre.connect.create_participant(**who, ParticipantDetails=details)
    with pytest.raises(ClientError, match="InvalidRequestException"):
        centre.connect.create_participant(**who, ParticipantDetails={**details, "ParticipantRole": "AGENT"})
    bot = Participant(centre.server, made["ParticipantCredentials"]["ParticipantToken"])
    bot.open()
    bot.say("How can I help?")
    heard = customer.socket.item(Content="How can I help?")
    assert (heard["ParticipantRole"], heard["DisplayName"]) == ("CUSTOM_BOT", "Robbie")
    customer.say("An agent, please")
    assert bot.socket.item(Content="An agent, please")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        bot.service.get_attachment(ConnectionToken=bot.connection, AttachmentId="any")
    agent1.become("Available")
    agent1.accept(contact)
    assert bot.socket.event("chat.ended")
    with pytest.raises(ClientError, match="AccessDeniedException"):
        bot.say("still here?")
    with pytest.raises(ClientError, match="ConflictException"):
        centre.connect.create_participant(**who, ParticipantDetails=details)
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_the_test_chat_is_open_in_the_demo(centre: Centre) -> None:
    """CHAT-53: flows to choose from, and a chat by anyone; the one that is chosen by itself is published."""
    url = f"{centre.server.url}/switchroom/test-chat"
    settings = httpx.get(url).json()
    assert settings["InstanceAlias"] == "demo"
    assert settings["DefaultContactFlowId"] in [one["Id"] for one in settings["Flows"]]
    answer = httpx.put(url, json={"DisplayName": "Yuki", "Attributes": {"city": "Kyoto"}, "InitialMessage": "Hello"})
    assert answer.status_code == 200
    customer = Participant(centre.server, answer.json()["ParticipantToken"])
    customer.open()
    assert customer.socket.item(Content="Hello")["DisplayName"] == "Yuki"
    contact = answer.json()["ContactId"]
    found = centre.connect.get_contact_attributes(InstanceId=centre.instance, InitialContactId=contact)
    assert found["Attributes"]["city"] == "Kyoto"
    assert httpx.put(url, json={"ContactFlowId": "unknown"}).status_code == 404
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)
