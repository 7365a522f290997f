"""Chats through the real decisions: who hears what, timeouts, leaving and coming back."""

from typing import Any

import pytest

from switchroom.base.errors import ServiceError
from switchroom.core import commands as c
from switchroom.core import events as e
from switchroom.core.chat import Item
from switchroom.core.contact import Contact
from switchroom.flows.language import CompiledFlow
from tests.core.stage import Stage, action, configuration, flow

MINUTE = 60
EVENT = "application/vnd.amazonaws.connect.event."


class Talk:
    """A chat on a stage, with its customer connected unless told otherwise."""

    def __init__(self, stage: Stage, flow: str = "to-queue", connect: bool = True, **members: Any) -> None:
        self.stage = stage
        answer = stage.do(c.StartChat(flow=flow, customer_name="Jane", **members))
        self.id: str = answer["contact"]
        self.customer: str = answer["participant"]
        if connect:
            self.come()

    def come(self) -> None:
        self.stage.do(c.ConnectParticipant(session=self.id, participant=self.customer))

    @property
    def contact(self) -> Contact:
        """The present segment."""
        return self.stage.contact(self.stage.state.chats[self.id].contact)

    def agent(self, user: str = "a1") -> str:
        """An agent takes the contact; the agent's participant id."""
        self.stage.do(c.SetStatus(agent=user, status="available"))
        self.stage.do(c.AcceptContact(agent=user, contact=self.contact.id))
        found = self.stage.do(c.AgentParticipant(agent=user, contact=self.contact.id))
        return str(found["participant"])

    def say(self, participant: str, text: str = "hi", **more: Any) -> dict[str, Any]:
        sent: dict[str, Any] = self.stage.do(
            c.SendMessage(session=self.id, participant=participant, content_type="text/plain", content=text, **more)
        )
        return sent

    def signal(self, participant: str, kind: str, content: str | None = None) -> dict[str, Any]:
        sent: dict[str, Any] = self.stage.do(
            c.SendEvent(session=self.id, participant=participant, content_type=EVENT + kind, content=content)
        )
        return sent

    def items(self) -> list[Item]:
        return [event.item for event in self.stage.events if isinstance(event, e.ItemSent)]

    def times(self, kind: str) -> list[int]:
        """When an event was announced, in seconds since the start of the stage."""
        return [(i.at - 1_700_000_000_000) // 1000 for i in self.items() if i.content_type == EVENT + kind]

    def disconnect_flow(self, identifier: str) -> None:
        turn = self.stage.decider.turn(self.stage.now)
        turn.emit(
            e.FlowSettingChanged(at=self.stage.now, contact=self.contact.id, purpose="disconnect", flow=identifier)
        )


def waiting_flow(seconds: int = 900) -> CompiledFlow:
    """Play prompt, Wait for the customer, then back to the queue; at the timeout Disconnect (S-CHAT-WAIT)."""
    return flow(
        "wait-for-customer",
        [
            action("say", "MessageParticipant", "wait", Text="Are you there?"),
            {
                "Identifier": "wait",
                "Type": "Wait",
                "Parameters": {"TimeLimitSeconds": str(seconds), "Events": ["CustomerReturned"]},
                "Transitions": {
                    "NextAction": "end",
                    "Conditions": [
                        {"NextAction": "end", "Condition": {"Operator": "Equals", "Operands": ["WaitCompleted"]}},
                        {"NextAction": "set", "Condition": {"Operator": "Equals", "Operands": ["CustomerReturned"]}},
                    ],
                    "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
                },
            },
            action("set", "UpdateContactTargetQueue", "queue", QueueId="Q1"),
            {
                "Identifier": "queue",
                "Type": "TransferContactToQueue",
                "Parameters": {},
                "Transitions": {
                    "NextAction": "end",
                    "Conditions": [],
                    "Errors": [
                        {"NextAction": "end", "ErrorType": kind} for kind in ("QueueAtCapacity", "NoMatchingError")
                    ],
                },
            },
            action("end", "DisconnectParticipant"),
        ],
    )


def test_a_customer_has_five_minutes_to_connect() -> None:
    """CHAT-63: who has not connected by then finds the chat over; its flow never ran."""
    stage = Stage()
    late = Talk(stage, connect=False)
    stage.wait(299)
    assert late.id in stage.state.chats
    stage.wait(1)
    assert stage.state.chats == {} and stage.state.contacts == {}
    assert not any(isinstance(event, e.FlowStepped) for event in stage.events)
    with pytest.raises(ServiceError) as refused:
        late.come()
    assert refused.value.code == "AccessDeniedException"


def test_writing_connects_a_customer_who_has_no_socket() -> None:
    stage = Stage()
    talk = Talk(stage, connect=False)
    talk.say(talk.customer, "hello")
    assert talk.contact.place == "queue"
    assert next(i.content for i in talk.items() if i.type == "MESSAGE") == "hello"


def test_the_duration_ends_a_chat_whatever_happens() -> None:
    """CHAT-70: waits count; a customer who returns at 24 h 58 min is cut off two minutes later."""
    stage = Stage(flows=[waiting_flow(100_000)])
    talk = Talk(stage, duration_minutes=1500)
    talk.disconnect_flow("wait-for-customer")
    talk.agent()
    stage.do(c.EndContact(agent="a1", contact=talk.contact.id))
    assert talk.contact.initiation_method == "DISCONNECT"
    stage.wait((24 * 60 + 58) * MINUTE)
    talk.say(talk.customer, "I am back")
    assert talk.contact.place == "queue"
    stage.wait(2 * MINUTE - 1)
    assert talk.id in stage.state.chats
    stage.wait(1)
    assert stage.state.chats == {}
    assert talk.items()[-1].content_type == EVENT + "chat.ended"


def test_silence_after_an_agent_joins() -> None:
    """CHAT-100, the vector: customer idle 5, disconnect 10; returned at 7:00, so idle 12:00 and disconnect 22:00."""
    stage = Stage()
    talk = Talk(stage)
    stage.do(
        c.SetChatTimers(contact=talk.id, timers=[("CUSTOMER", "IDLE", 5), ("CUSTOMER", "DISCONNECT_NONCUSTOMER", 10)])
    )
    talk.agent()
    stage.wait(7 * MINUTE)
    assert talk.times("participant.idle") == [5 * MINUTE]
    talk.say(talk.customer)
    assert talk.times("participant.returned") == [7 * MINUTE]
    stage.wait(15 * MINUTE)
    assert talk.times("participant.idle") == [5 * MINUTE, 12 * MINUTE]
    assert talk.times("participant.autodisconnection") == [22 * MINUTE]
    assert stage.slot("a1", talk.id) == "ENDED" and stage.state.chats == {}
    notices = ("participant.idle", "participant.returned", "participant.autodisconnection")
    kept = [i.stored for i in talk.items() if i.content_type.removeprefix(EVENT) in notices]
    assert kept == [False] * 4


def test_a_disconnect_time_alone_starts_at_once() -> None:
    """CHAT-100: only d = 10: disconnect at 10:00."""
    stage = Stage()
    talk = Talk(stage)
    stage.do(c.SetChatTimers(contact=talk.id, timers=[("CUSTOMER", "DISCONNECT_NONCUSTOMER", 10)]))
    talk.agent()
    stage.wait(20 * MINUTE)
    assert talk.times("participant.idle") == []
    assert talk.times("participant.autodisconnection") == [10 * MINUTE]


def test_timeouts_stand_still_without_an_agent_and_hold_for_the_next() -> None:
    """CHAT-100: the agent leaves at 4:00, nothing happens; a new agent joins at 20:00, idle at 25:00."""
    stage = Stage(flows=[waiting_flow(100_000)])
    talk = Talk(stage)
    talk.disconnect_flow("wait-for-customer")
    stage.do(c.SetChatTimers(contact=talk.id, timers=[("CUSTOMER", "IDLE", 5)]))
    talk.agent()
    stage.wait(4 * MINUTE)
    stage.do(c.SetStatus(agent="a1", status="offline"))
    stage.do(c.EndContact(agent="a1", contact=talk.contact.id))
    stage.wait(15 * MINUTE)
    talk.say(talk.customer)
    stage.wait(MINUTE)
    talk.agent("a2")
    stage.wait(6 * MINUTE)
    assert talk.times("participant.idle") == [25 * MINUTE]


def test_the_disconnect_flow_has_the_customer_after_a_timeout() -> None:
    """CHAT-100: everyone but the customer is removed, the contact goes to the disconnect flow."""
    stage = Stage(flows=[waiting_flow()])
    talk = Talk(stage)
    talk.disconnect_flow("wait-for-customer")
    stage.do(c.SetChatTimers(contact=talk.id, timers=[("AGENT", "DISCONNECT_NONCUSTOMER", 2)]))
    agent = talk.agent()
    stage.wait(2 * MINUTE)
    chat = stage.state.chats[talk.id]
    assert not chat.participants[agent].present and chat.customer_present()
    assert talk.contact.initiation_method == "DISCONNECT" and talk.contact.previous_id == talk.id


def test_timers_are_checked() -> None:
    """CHAT-100: one timer of a kind and role in a request, 2 to 480 minutes; Unset removes one."""
    stage = Stage()
    talk = Talk(stage)
    twice: list[Any] = [("AGENT", "IDLE", 5), ("AGENT", "IDLE", 6)]
    wrong: list[list[Any]] = [twice, [("AGENT", "IDLE", 1)], [("AGENT", "IDLE", 481)]]
    for timers in wrong:
        with pytest.raises(ServiceError) as refused:
            stage.do(c.SetChatTimers(contact=talk.id, timers=timers))
        assert refused.value.code == "InvalidRequestException"
    stage.do(c.SetChatTimers(contact=talk.id, timers=[("CUSTOMER", "IDLE", 2)]))
    stage.do(c.SetChatTimers(contact=talk.id, timers=[("CUSTOMER", "IDLE", None)]))
    talk.agent()
    stage.wait(60 * MINUTE)
    assert talk.times("participant.idle") == []


def test_the_agent_leaves_and_the_customer_returns() -> None:
    """BASE-63: the disconnect flow waits; a message of the customer takes its branch, silence the other."""
    stage = Stage(flows=[waiting_flow()])
    talk = Talk(stage)
    talk.disconnect_flow("wait-for-customer")
    agent = talk.agent()
    stage.do(c.LeaveChat(session=talk.id, participant=agent))
    waiting = talk.contact
    assert waiting.initiation_method == "DISCONNECT" and waiting.place == "flow" and waiting.agent is None
    assert stage.slot("a1", talk.id) == "ENDED"
    talk.say(talk.customer, "I am back")
    assert talk.contact.place == "queue" and talk.contact.id == waiting.id

    silent = Talk(stage)
    silent.disconnect_flow("wait-for-customer")
    stage.do(c.LeaveChat(session=silent.id, participant=silent.agent("a2")))
    stage.wait(900)
    assert silent.id not in stage.state.chats


def test_a_customer_leaves_and_comes_back_while_a_flow_waits() -> None:
    """CHAT-71, BASE-65: as often as they like."""
    stage = Stage(flows=[waiting_flow()])
    talk = Talk(stage)
    talk.disconnect_flow("wait-for-customer")
    for _ in range(3):
        stage.do(c.LeaveChat(session=talk.id, participant=talk.customer))
        assert talk.contact.place == "flow" and not stage.state.chats[talk.id].customer_present()
        with pytest.raises(ServiceError) as refused:
            talk.say(talk.customer)
        assert refused.value.code == "AccessDeniedException"
        stage.wait(10)
        talk.come()
        assert stage.state.chats[talk.id].customer_present()
    talk.say(talk.customer, "here again")
    assert talk.contact.place == "queue"


def test_who_is_gone_for_good_ends_the_chat() -> None:
    """CHAT-78: an unreachable customer as if they had left; an agent's chat without a disconnect flow stays."""
    stage = Stage(flows=[waiting_flow()])
    talk = Talk(stage)
    agent = talk.agent()
    stage.do(c.LoseParticipant(session=talk.id, participant=agent))
    assert stage.slot("a1", talk.id) == "CONNECTED"
    talk.disconnect_flow("wait-for-customer")
    stage.do(c.LoseParticipant(session=talk.id, participant=agent))
    assert stage.slot("a1", talk.id) == "ENDED" and talk.contact.initiation_method == "DISCONNECT"
    other = Talk(stage)
    stage.do(c.LoseParticipant(session=other.id, participant=other.customer))
    assert other.id not in stage.state.chats


def test_everyone_who_is_there_hears_an_item() -> None:
    stage = Stage()
    talk = Talk(stage)
    agent = talk.agent()
    talk.say(agent)
    assert set(talk.items()[-1].to) == {agent, talk.customer}
    talk.signal(agent, "typing")
    assert talk.items()[-1].to == [talk.customer] and not talk.items()[-1].stored
    stage.do(c.EndContact(agent="a1", contact=talk.id))
    ended = talk.items()[-1]
    assert ended.content_type == EVENT + "chat.ended" and set(ended.to) == {agent, talk.customer}


def test_times_rise_strictly_within_a_session() -> None:
    """CHAT-64: clients sort by time."""
    stage = Stage()
    talk = Talk(stage)
    for _ in range(5):
        talk.say(talk.customer)
    times = [item.at for item in talk.items()]
    assert times == sorted(set(times))


def test_the_first_receipt_counts() -> None:
    """CHAT-95: read implies delivered, the first time of each stays, both spellings of the id are understood."""
    stage = Stage()
    talk = Talk(stage)
    agent = talk.agent()
    message = talk.say(agent)["id"]
    start = stage.now
    talk.signal(talk.customer, "message.delivered", f'{{"MessageId":"{message}"}}')
    stage.wait(5)
    talk.signal(talk.customer, "message.read", f'{{"messageId":"{message}","ignored":1}}')
    stage.wait(5)
    told = len(talk.items())
    talk.signal(talk.customer, "message.read", f'{{"messageId":"{message}"}}')
    talk.signal(talk.customer, "message.delivered", f'{{"messageId":"{message}"}}')
    assert len(talk.items()) == told
    metadata: Any = talk.items()[-1].metadata
    assert metadata["MessageId"] == message and talk.items()[-1].to == [agent]
    (receipt,) = metadata["Receipts"]
    assert receipt["DeliveredTimestamp"].endswith("20.000Z") and receipt["ReadTimestamp"].endswith("25.000Z")
    assert start % 60_000 == 20_000 and receipt["RecipientParticipantId"] == talk.customer
    with pytest.raises(ServiceError) as refused:
        talk.signal(talk.customer, "message.read", "not json")
    assert refused.value.code == "InvalidRequestException"


def test_a_transfer_keeps_the_session() -> None:
    """CHAT-73: the session and its times go on; the first agent is told that it is over for them."""
    stage = Stage()
    talk = Talk(stage)
    first = talk.agent()
    stage.do(c.SetStatus(agent="a1", status="lunch"))
    stage.do(c.TransferAgentContact(agent="a1", contact=talk.id, quick_connect="to-q2"))
    assert stage.slot("a1", talk.id) == "ENDED"
    assert talk.contact.previous_id == talk.id and talk.contact.initial_id == talk.id
    assert stage.state.chats[talk.id].customer_present()
    told = [(i.content_type.removeprefix(EVENT), first in i.to) for i in talk.items() if i.type == "EVENT"]
    assert ("transfer.succeeded", True) in told and ("chat.ended", True) in told
    second = talk.agent("a2")
    talk.say(second, "hello from Q2")
    assert talk.items()[-1].contact == talk.contact.id and first not in talk.items()[-1].to


def test_messages_are_checked() -> None:
    """CHAT-65: only negotiated types, within their lengths."""
    stage = Stage()
    talk = Talk(stage, content_types=("text/plain", "application/json"))
    send = {"session": talk.id, "participant": talk.customer}
    for kind, content in (
        ("text/markdown", "**bold**"),
        ("audio/dtmf", "1"),
        ("text/plain", "x" * 1025),
        ("application/json", "x" * 12_001),
        ("text/html", "<p>"),
    ):
        with pytest.raises(ServiceError) as refused:
            stage.do(c.SendMessage(**send, content_type=kind, content=content))
        assert refused.value.code == "InvalidRequestException"
    stage.do(c.SendMessage(**send, content_type="text/plain", content="x" * 1024))
    stage.do(c.SendMessage(**send, content_type="application/json", content="x" * 12_000))


def test_the_same_client_token_sends_once() -> None:
    stage = Stage()
    talk = Talk(stage)
    first = talk.say(talk.customer, "once", token="t1")
    assert talk.say(talk.customer, "once", token="t1") == first
    assert talk.say(talk.customer, "once", token="t2") != first
    assert len([i for i in talk.items() if i.content == "once"]) == 2


def test_the_quota_of_chats() -> None:
    """BASE-37: waiting chats count; one too many is refused."""
    quotas = configuration().quotas
    stage = Stage(configuration(quotas=type(quotas)(chats=2)))
    Talk(stage)
    Talk(stage, connect=False)
    with pytest.raises(ServiceError) as refused:
        Talk(stage)
    assert refused.value.code == "LimitExceededException"


def test_a_custom_participant() -> None:
    """CHAT-135: one of them, within 15 s, not beside an agent, gone when an agent joins."""
    stage = Stage()
    talk = Talk(stage)
    bot = stage.do(c.AddParticipant(contact=talk.id, name="Bot"))["participant"]
    with pytest.raises(ServiceError) as refused:
        stage.do(c.AddParticipant(contact=talk.id, name="Another"))
    assert refused.value.code == "ServiceQuotaExceededException"
    stage.wait(16)
    with pytest.raises(ServiceError) as refused:
        stage.do(c.ConnectParticipant(session=talk.id, participant=bot))
    assert refused.value.code == "ResourceNotFoundException"
    bot = stage.do(c.AddParticipant(contact=talk.id, name="Bot"))["participant"]
    stage.do(c.ConnectParticipant(session=talk.id, participant=bot))
    talk.say(bot, "How can I help?")
    assert talk.items()[-1].role == "CUSTOM_BOT" and talk.customer in talk.items()[-1].to
    talk.agent()
    assert not stage.state.chats[talk.id].participants[bot].present
    with pytest.raises(ServiceError) as refused:
        stage.do(c.AddParticipant(contact=talk.id, name="Bot"))
    assert refused.value.code == "ConflictException"


def test_35_attachments() -> None:
    """CHAT-110: an announced file counts; only an approved one is shown, and once."""
    stage = Stage()
    talk = Talk(stage)
    who = {"session": talk.id, "participant": talk.customer}
    for number in range(35):
        stage.do(c.StartUpload(**who, upload=f"u{number}", name="a.txt", content_type="text/plain", size=1, key="k"))
    with pytest.raises(ServiceError) as refused:
        stage.do(c.StartUpload(**who, upload="u35", name="a.txt", content_type="text/plain", size=1, key="k"))
    assert refused.value.code == "ServiceQuotaExceededException"
    stage.do(c.FinishUpload(**who, upload="u0", approved=False))
    stage.do(c.FinishUpload(**who, upload="u1", approved=True))
    shown = [i.attachments[0]["AttachmentId"] for i in talk.items() if i.type == "ATTACHMENT"]
    assert shown == ["u1"]
    with pytest.raises(ServiceError) as refused:
        stage.do(c.FinishUpload(**who, upload="u1", approved=True))
    assert refused.value.code == "ConflictException"
