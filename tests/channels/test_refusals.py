"""What participants and callers must not do: each refused with its modelled error."""

import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest
from botocore.exceptions import ClientError
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.channels.people import EVENT, Agent, Centre, Participant, Socket, participant_service


def code(call: Callable[[], Any]) -> str:
    """The code of the error a call raises."""
    with pytest.raises(ClientError) as refused:
        call()
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] < 500
    return str(refused.value.response["Error"]["Code"])


def test_starting_a_chat(centre: Centre, flow: str) -> None:
    """CHAT-60, CHAT-62: unknown flows, flows of other types, bad members."""
    whisper = centre.id_of("flow", "Default agent whisper")
    cases: list[tuple[str, str, dict[str, Any]]] = [
        ("ResourceNotFoundException", "00000000-0000-4000-8000-000000000000", {}),
        ("InvalidRequestException", whisper, {}),
        ("InvalidRequestException", flow, {"SupportedMessagingContentTypes": ["text/markdown"]}),
        ("InvalidRequestException", flow, {"SupportedMessagingContentTypes": ["text/plain", "text/html"]}),
        ("InvalidRequestException", flow, {"InitialMessage": {"ContentType": "text/markdown", "Content": "x"}}),
        ("InvalidRequestException", flow, {"InitialMessage": {"ContentType": "text/plain", "Content": "x" * 1025}}),
        ("InvalidRequestException", flow, {"Attributes": {"a": "x" * 32_760, "b": "x" * 100}}),
        ("ResourceNotFoundException", flow, {"RelatedContactId": "nobody"}),
        ("InvalidParameterException", flow, {"SegmentAttributes": {"connect:Subtype": {"ValueString": "mine"}}}),
        ("InvalidParameterException", flow, {"ChatDurationInMinutes": 10_081}),
    ]
    for expected, which, more in cases:
        assert code(lambda w=which, m=more: centre.start_chat(w, **m)) == expected, more  # type: ignore[misc]


def test_a_repeated_request_starts_one_chat(centre: Centre, flow: str) -> None:
    """CHAT-60: the same ClientToken gets the same ids and token; the flow's ARN does as well as its id."""
    arn = centre.connect.describe_contact_flow(InstanceId=centre.instance, ContactFlowId=flow)["ContactFlow"]["Arn"]
    token = f"t{time.monotonic_ns()}"
    first = centre.start_chat(arn, ClientToken=token)
    second = centre.start_chat(arn, ClientToken=token)
    members = ("ContactId", "ParticipantId", "ParticipantToken")
    assert [first[m] for m in members] == [second[m] for m in members]
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=first["ContactId"])


def test_tokens(centre: Centre, flow: str) -> None:
    """CHAT-63: forged, exchanged and foreign tokens are refused, by the calls and by the socket."""
    contact, customer = centre.customer(flow)
    service = participant_service(centre.server)
    denied = "AccessDeniedException"
    kinds = ["WEBSOCKET"]
    for token in ("forged", customer.token[:-4] + "AAAA", customer.connection):
        assert code(lambda t=token: service.create_participant_connection(Type=kinds, ParticipantToken=t)) == denied  # type: ignore[misc]
    for token in ("forged", customer.token):
        assert code(lambda t=token: service.get_transcript(ConnectionToken=t)) == denied  # type: ignore[misc]
    for url in (
        customer.url.partition("?")[0],
        customer.url[:-4] + "AAAA",
        customer.url.partition("=")[0] + "=" + customer.token,
    ):
        with pytest.raises(InvalidStatus):
            connect(url, legacy=True)
    answer = httpx.post(f"{centre.server.url}/participant/transcript", json={})
    assert answer.status_code == 403 and answer.headers["x-amzn-errortype"] == denied
    assert customer.socket.subscribed
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_messages_and_events(centre: Centre, flow: str) -> None:
    """CHAT-62, CHAT-65, CHAT-66: types, lengths, receipts."""
    contact, customer = centre.customer(flow)
    invalid = "ValidationException"
    assert code(lambda: customer.say("**x**", "text/markdown")) == invalid
    assert code(lambda: customer.say("x" * 1025)) == invalid
    assert code(lambda: customer.say("x" * 16_385)) == invalid
    assert code(lambda: customer.say("x", "text/html")) == invalid
    assert code(lambda: customer.signal("participant.joined")) == invalid
    assert code(lambda: customer.signal("message.read", {"id": "x"})) == invalid
    assert code(lambda: customer.transcript(MaxResults=101)) == invalid
    assert code(lambda: customer.transcript(StartPosition={"Id": "unknown"})) == invalid
    assert code(lambda: customer.transcript(StartPosition={"AbsoluteTime": "yesterday"})) == invalid
    customer.say("x" * 1024)
    assert customer.service.send_event(
        ConnectionToken=customer.connection, ContentType=EVENT + "connection.acknowledged"
    )["Id"]
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)


def test_calls_of_browsers(centre: Centre, flow: str) -> None:
    """CHAT-75: an SDK in a page of any origin may call the participant service."""
    started = centre.start_chat(flow)
    url = f"{centre.server.url}/participant/connection"
    origin = {"Origin": "https://shop.example"}
    asked = httpx.options(
        url,
        headers={
            **origin,
            "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type,x-amz-bearer,x-amz-user-agent",
        },
    )
    assert asked.headers["access-control-allow-origin"] in ("*", "https://shop.example")
    assert "x-amz-bearer" in asked.headers["access-control-allow-headers"]
    answer = httpx.post(
        url, json={"Type": ["WEBSOCKET"]}, headers={**origin, "X-Amz-Bearer": started["ParticipantToken"]}
    )
    assert answer.status_code == 200 and answer.headers["access-control-allow-origin"] == "*"
    assert answer.json()["Websocket"]["Url"].startswith("ws://127.0.0.1:")
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=started["ContactId"])


def test_timeouts_by_request(centre: Centre, flow: str) -> None:
    """CHAT-100: a doubled timer, minutes out of range, neither minutes nor Unset."""
    started = centre.start_chat(flow)

    def put(*timers: tuple[str, str, dict[str, Any]]) -> None:
        listed = [{"ParticipantRole": r, "TimerType": k, "TimerValue": v} for r, k, v in timers]
        centre.connect.update_participant_role_config(
            InstanceId=centre.instance,
            ContactId=started["ContactId"],
            ChannelConfiguration={"Chat": {"ParticipantTimerConfigList": listed}},
        )

    five = {"ParticipantTimerDurationInMinutes": 5}
    put(("CUSTOMER", "IDLE", five), ("CUSTOMER", "DISCONNECT_NONCUSTOMER", five), ("AGENT", "IDLE", five))
    put(("AGENT", "IDLE", {"ParticipantTimerAction": "Unset"}))
    assert code(lambda: put(("AGENT", "IDLE", five), ("AGENT", "IDLE", five))) == "InvalidRequestException"
    long = {"ParticipantTimerDurationInMinutes": 481}
    assert code(lambda: put(("AGENT", "IDLE", long))) == "InvalidParameterException"
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=started["ContactId"])


def test_contacts_that_are_not_there(centre: Centre, flow: str) -> None:
    """ROUT-95: unknown contacts are not found; what has ended cannot be stopped again."""
    who = {"InstanceId": centre.instance, "ContactId": "00000000-0000-4000-8000-000000000000"}
    missing = "ResourceNotFoundException"
    assert code(lambda: centre.connect.stop_contact(**who)) == missing
    assert code(lambda: centre.connect.update_contact(**who, Name="x")) == missing
    assert code(lambda: centre.connect.pause_contact(**who)) == missing
    assert code(lambda: centre.connect.tag_contact(**who, Tags={"a": "b"})) == missing
    started = centre.start_chat(flow)
    known = {"InstanceId": centre.instance, "ContactId": started["ContactId"]}
    centre.connect.stop_contact(**known)
    assert code(lambda: centre.connect.stop_contact(**known)) == "InvalidRequestException"
    assert code(lambda: Participant(centre.server, started["ParticipantToken"])) == "AccessDeniedException"


def test_desks(centre: Centre, flow: str, agent1: Agent) -> None:
    """ROUT-16: only what is offered can be accepted, only what is connected ended, only what is over cleared."""
    contact, _ = centre.customer(flow)
    agent1.contact("INCOMING", contact)
    invalid = "InvalidRequestException"
    assert code(lambda: agent1.do("end_contact", ContactId=contact)) == invalid
    assert code(lambda: agent1.do("clear_contact", ContactId=contact)) == invalid
    conflict = ("ResourceConflictException", invalid)
    assert code(lambda: agent1.do("create_agent_participant_connection", ContactId=contact)) in conflict
    agent1.accept(contact)
    assert code(lambda: agent1.do("accept_contact", ContactId=contact)) == invalid
    assert code(lambda: agent1.do("pause_agent_contact", ContactId=contact)) == invalid
    assert code(lambda: agent1.do("accept_contact", ContactId="unknown")) == "ResourceNotFoundException"
    assert code(lambda: agent1.do("transfer_agent_contact", ContactId=contact, QuickConnectId="unknown")) == (
        "ResourceNotFoundException"
    )
    assert code(lambda: centre.server.boto("switchroom").get_agent_snapshot()) == "InvalidParameterException"


def test_a_socket_of_a_chat_that_is_over(centre: Centre, flow: str) -> None:
    """CHAT-64: the URL of an ended chat opens nothing."""
    contact, customer = centre.customer(flow)
    spare = Participant(centre.server, customer.token)
    centre.connect.stop_contact(InstanceId=centre.instance, ContactId=contact)
    customer.socket.event("chat.ended")
    with pytest.raises(InvalidStatus):
        Socket(spare.url)
