"""Web calls on a whole server: the API starts one, two WebRTC peers are the customer and the agent."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from botocore.exceptions import ClientError

from tests.browser.people import client, instance_of
from tests.media.webrtc.peers import Browser
from tests.media.webrtc.people import Caller, Desk
from tests.media.webrtc.test_engine import hears
from tests.server import Server

pytestmark = pytest.mark.process
SEVEN = {
    "Version": "2019-10-30",
    "StartAction": "ask",
    "Metadata": {},
    "Actions": [
        {
            "Identifier": "ask",
            "Type": "GetParticipantInput",
            "Parameters": {"Text": "Press seven.", "StoreInput": "False", "InputTimeLimitSeconds": "20"},
            "Transitions": {
                "NextAction": "end",
                "Conditions": [{"NextAction": "seven", "Condition": {"Operator": "Equals", "Operands": ["7"]}}],
                "Errors": [
                    {"NextAction": "end", "ErrorType": kind}
                    for kind in ("InputTimeLimitExceeded", "NoMatchingCondition", "NoMatchingError")
                ],
            },
        },
        {
            "Identifier": "seven",
            "Type": "UpdateContactAttributes",
            "Parameters": {"Attributes": {"key": "seven"}, "TargetContact": "Current"},
            "Transitions": {"NextAction": "end", "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]},
        },
        {"Identifier": "end", "Type": "DisconnectParticipant", "Parameters": {}, "Transitions": {}},
    ],
}
"""A flow that notes the key 7."""


@pytest.fixture
def server(site: Server) -> Server:
    return site


@pytest.fixture
async def desk(server: Server) -> AsyncIterator[Desk]:
    desk = Desk(server)
    await desk.status("Available")
    yield desk
    await desk.close()


def test_what_a_client_is_given(server: Server) -> None:
    """CHAT-04: the answer has the shape of the public model; the same request is the same call."""
    caller = Caller(server, ClientToken="once", AllowedCapabilities={"Customer": {"Video": "SEND"}})
    started = caller.started
    meeting = started["ConnectionData"]["Meeting"]
    assert meeting["MeetingId"] == caller.contact
    assert set(meeting["MediaPlacement"]) == {
        "AudioHostUrl", "AudioFallbackUrl", "SignalingUrl", "TurnControlUrl", "EventIngestionUrl",
    }  # fmt: skip
    assert meeting["MeetingFeatures"]["Audio"]["EchoReduction"] in ("AVAILABLE", "UNAVAILABLE")
    assert started["ConnectionData"]["Attendee"]["AttendeeId"] == started["ParticipantId"]
    again = Caller(server, ClientToken="once", AllowedCapabilities={"Customer": {"Video": "SEND"}}).started
    assert (again["ContactId"], again["ParticipantId"]) == (caller.contact, started["ParticipantId"])
    connection = caller.participant.create_participant_connection(
        ParticipantToken=started["ParticipantToken"], Type=["WEBRTC_CONNECTION"]
    )
    assert connection["WebRTCConnection"]["Attendee"]["AttendeeId"] == started["ParticipantId"]
    caller.participant.disconnect_participant(ConnectionToken=caller.credentials())


async def test_a_customer_calls_and_talks_with_an_agent(server: Server, desk: Desk) -> None:
    """CHAT-02, CHAT-08, CHAT-12: the call is queued and routed like any other, and both hear each other."""
    caller, page = Caller(server, Attributes={"tier": "gold"}), Browser(440)
    try:
        await caller.join(page)
        await asyncio.sleep(1.0)
        caller.press("1")
        contact = await desk.take()
        await hears(page, 1000)
        await hears(desk.headset, 440)
        assert contact["Channel"] == "VOICE"
        found = caller.connect.describe_contact(InstanceId=caller.instance, ContactId=caller.contact)["Contact"]
        assert found["SegmentAttributes"]["connect:Subtype"]["ValueString"] == "connect:WebRTC"
        assert found["InitiationMethod"] == "WEBRTC_API"
        attributes = caller.connect.get_contact_attributes(InstanceId=caller.instance, InitialContactId=caller.contact)
        assert attributes["Attributes"]["tier"] == "gold"
        token = caller.credentials()
        caller.participant.disconnect_participant(ConnectionToken=token)
        await desk.contact("ENDED")
        assert (await caller.over())["DisconnectReason"] == "CUSTOMER_DISCONNECT"
    finally:
        await page.close()


async def test_a_page_that_is_loaded_again_keeps_its_call(server: Server, desk: Desk) -> None:
    """CHAT-05: leave the audio and join it again within a minute: the call goes on, on another connection."""
    caller, page, later = Caller(server), Browser(440), Browser(600)
    try:
        await caller.join(page)
        await asyncio.sleep(1.0)
        caller.press("1")
        await desk.take()
        await hears(desk.headset, 440)
        await page.close()
        await asyncio.sleep(1.0)
        await caller.join(later)
        await hears(desk.headset, 600)
        await hears(later, 1000)
        await desk.contact("CONNECTED")
    finally:
        await later.close()
        caller.participant.disconnect_participant(ConnectionToken=caller.credentials())


async def test_who_may_not_join(server: Server) -> None:
    """Tokens of others, and of calls that are over, lead nowhere."""
    caller, page = Caller(server), Browser()
    offer = await page.offer()
    await page.close()
    for token in ("forged", caller.started["ParticipantToken"]):
        with pytest.raises(ClientError, match="AccessDenied"):
            caller.own.join_web_call(ConnectionToken=token, Offer=offer)
    with pytest.raises(ClientError, match="InvalidRequest"):
        caller.own.join_web_call(ConnectionToken=caller.join_token, Offer="v=0")
    caller.participant.disconnect_participant(ConnectionToken=caller.credentials())
    with pytest.raises(ClientError, match="ResourceNotFound"):
        caller.own.join_web_call(ConnectionToken=caller.join_token, Offer=offer)


async def test_messages_of_a_web_call_are_keys(server: Server) -> None:
    """CHAT-07: `audio/dtmf` is keypad input of the flow; other contents are refused."""
    made = client(server, "connect").create_contact_flow(
        InstanceId=instance_of(server), Name="Seven", Type="CONTACT_FLOW", Content=json.dumps(SEVEN)
    )
    assert made["ContactFlowId"]
    caller, page = Caller(server, flow="Seven"), Browser()
    try:
        await caller.join(page)
        token = caller.credentials()
        for kind, content in (("text/plain", "hello"), ("audio/dtmf", "x")):
            with pytest.raises(ClientError):
                caller.participant.send_message(ConnectionToken=token, ContentType=kind, Content=content)
        await asyncio.sleep(1.0)
        assert caller.press("7")["Id"]
        await caller.over()
        attributes = caller.connect.get_contact_attributes(InstanceId=caller.instance, InitialContactId=caller.contact)
        assert attributes["Attributes"]["key"] == "seven"
    finally:
        await page.close()
