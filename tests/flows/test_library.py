"""The shipped flows: every one passes the checker, and does what its table says."""

import json
from typing import Any

import pytest

from switchroom.flows.check import check, errors_of
from switchroom.flows.language import parse
from switchroom.flows.library import index, load_library, names_used
from switchroom.flows.run import advance, start
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import Await, Collect, Ended, FunctionCall, LoopPrompts, Play, Signal
from switchroom.flows.world import AgentCounts, AgentView, Endpoint, QueueCounts
from tests.certificates import owner

DEFAULTS = {
    "Default agent hold": ("AGENT_HOLD", "Audio played for the agent when on hold"),
    "Default agent transfer": ("AGENT_TRANSFER", "Default flow to transfer to an agent."),
    "Default agent whisper": ("AGENT_WHISPER", "Default whisper played to the agent."),
    "Default customer hold": ("CUSTOMER_HOLD", "Default audio the customer hears while on hold."),
    "Default customer queue": ("CUSTOMER_QUEUE", "Default audio played when a customer is waiting in queue."),
    "Default customer whisper": ("CUSTOMER_WHISPER", "Default whisper played to the customer"),
    "Default outbound": ("OUTBOUND_WHISPER", "Default flow for outbound calls."),
    "Default queue transfer": ("QUEUE_TRANSFER", "Default flow used to transfer to a queue."),
}
QUEUE_FLOW = "Sample queue configurations flow"


KEY = owner()
"""Whose certificate and key id are put into the samples that encrypt."""


class Centre:
    """A scenario world with the whole library published, BasicQueue, its hours, two agents and the prompts."""

    def __init__(self, *, open: bool = True, oldest_s: int = 0, staffed: int = 1, **contact: Any) -> None:
        self.world = ScenarioWorld(Contact(**contact), seed=3)
        self.world.add("hours-of-operation", "Basic Hours", open=open)
        agents = AgentCounts(online=staffed, available=staffed, staffed=staffed)
        self.queue = self.world.add(
            "queue",
            "BasicQueue",
            hours="hours-of-operation-basic-hours",
            counts=QueueCounts(1, oldest_s * 1000, agents),
        )
        self.world.add("queue", "maria", id="queue-maria", user="user-maria")
        self.world.add("user", "maria", id="user-maria")
        self.world.security_keys["your-key-id"] = KEY.public
        for kind, name in names_used():
            if kind in ("prompt", "lambda-function", "bot-alias"):
                self.world.add(kind, name)
        for entry in index():
            kind = "contact-flow-module" if entry.type == "MODULE" else "contact-flow"
            self.world.add(kind, entry.name, type=entry.type)
        for entry in load_library(self.arn):
            kind = "contact-flow-module" if entry.type == "MODULE" else "contact-flow"
            own = self.resource(kind, entry.name)
            content = entry.content.replace("your-certificate", json.dumps(KEY.certificate)[1:-1])
            self.world.shelf.put(parse(content, id=own.id, arn=own.arn, name=own.name, type=entry.type))

    def resource(self, kind: str, name: str) -> Any:
        return next(r for r in self.world.resources if r.kind == kind and r.name == name)

    def arn(self, kind: str, name: str) -> str:
        return str(self.resource(kind, name).arn)

    def start(self, name: str) -> "Centre":
        flow = self.world.shelf.flow(self.resource("contact-flow", name).id)
        assert flow is not None
        self.run, self.outcome = start("run", flow, self.world.shelf, self.world)
        return self

    def signal(self, kind: Any = "done", value: Any = None) -> "Centre":
        assert isinstance(self.outcome, Await)
        signal = Signal(self.outcome.id, kind, value)
        self.run, self.outcome = advance(self.run, self.world.shelf, self.world, signal)
        return self

    def press(self, keys: str) -> "Centre":
        """Hear prompts to their end, then press keys at the next request."""
        self.listen()
        assert isinstance(self.effect, Collect), self.outcome
        return self.signal("done", keys).listen()

    def listen(self) -> "Centre":
        """Hear prompts to their end; they are in `heard`."""
        self.heard: list[str | None] = []
        while isinstance(self.effect, Play):
            self.heard.append(self.effect.message.text)
            self.signal()
        return self

    @property
    def effect(self) -> Any:
        return self.outcome.effect if isinstance(self.outcome, Await) else None

    @property
    def ended(self) -> str:
        assert isinstance(self.outcome, Ended), self.outcome
        return self.outcome.reason

    @property
    def said(self) -> list[str | None]:
        return [m.written for m in self.world.said]

    @property
    def flow_name(self) -> str:
        return str(self.world.logs[-1]["ContactFlowName"])


VOICE: dict[str, Any] = {"channel": "VOICE", "customer_endpoint": Endpoint("+12065550100")}


@pytest.mark.parametrize("entry", load_library(lambda kind, name: f"arn:{kind}/{name}"), ids=lambda entry: entry.name)
def test_shipped_flows_pass_the_checker(entry: Any) -> None:
    assert errors_of(check(entry.content, entry.type)) == []
    unclear = [p for p in check(entry.content, entry.type) if p.code != "unavailable"]
    assert unclear == []


def test_default_flows() -> None:
    """FLOW-01: the eight default flows with exactly these names, types and descriptions."""
    assert {e.name: (e.type, e.description) for e in index() if e.group == "default"} == DEFAULTS


def test_sample_flows() -> None:
    """FLOW-16: the sample flows of table S1."""
    names = {e.name for e in index() if e.group == "sample" and e.name.startswith("Sample")}
    assert names == {
        "Sample inbound flow (first contact experience)",
        "Sample AB test",
        "Sample customer queue priority",
        "Sample disconnect flow",
        QUEUE_FLOW,
        "Sample queue customer",
        "Sample queued callback",
        "Sample interruptible queue flow with callback",
        "Sample Lambda integration",
        "Sample recording behavior",
        "Sample note for screenpop",
        "Sample secure input with agent",
        "Sample secure input with no agent",
    }


@pytest.mark.parametrize("channel", ["CHAT", "TASK"])
def test_inbound_chat_and_task_are_queued(channel: str) -> None:
    """FLOW-17, FLOW-21: a chat and a task go through the queue configurations flow into BasicQueue."""
    centre = Centre(channel=channel).start("Sample inbound flow (first contact experience)")
    assert centre.ended == "queued"
    assert centre.world.queued == "BasicQueue"
    assert centre.flow_name == QUEUE_FLOW
    assert centre.said == (["An agent will be with you shortly."] if channel == "CHAT" else [])
    assert centre.world.hooks["CustomerQueue"] == centre.resource("contact-flow", "Default customer queue").id


def test_closed_hours() -> None:
    """FLOW-21: out of hours the customer is told and the chat ends."""
    centre = Centre(open=False, channel="CHAT").start(QUEUE_FLOW)
    assert (centre.said, centre.ended) == (["We are closed right now. Goodbye."], "disconnect")


def test_inbound_call_chooses_a_sample() -> None:
    """FLOW-17: each key leads to another sample, one makes a task."""
    names = {"1": QUEUE_FLOW, "2": "Sample Lambda integration", "3": "Sample AB test", "5": "Sample note for screenpop"}
    for key, name in names.items():
        centre = Centre(**VOICE).start("Sample inbound flow (first contact experience)").press(key)
        assert name in {entry["ContactFlowName"] for entry in centre.world.logs}
    centre = Centre(**VOICE).start("Sample inbound flow (first contact experience)").press("7")
    assert dict(centre.world.done)["create_task"].name == "Call back +12065550100"
    assert centre.ended == "disconnect"


def test_queue_configurations_for_a_call() -> None:
    """FLOW-21: front of the queue, then wait; or the end of the queue, then a callback to the number typed in."""
    centre = Centre(**VOICE).start(QUEUE_FLOW).press("1").press("1")
    assert (centre.ended, centre.world.priority, centre.world.queued) == ("queued", 1, "BasicQueue")
    centre = Centre(oldest_s=400, **VOICE).start(QUEUE_FLOW).press("2").press("2").press("4255550100")
    assert (centre.ended, centre.world.priority, centre.world.queued) == ("disconnect", 10, None)
    request = dict(centre.world.done)["create_callback"]
    assert (request.number, request.initial_delay_s, request.retry_delay_s, request.attempts) == (
        "+14255550100",
        5,
        600,
        1,
    )


def test_rolling_dice() -> None:
    """FLOW-18: the dice come down on every number about as often as two dice do."""
    counts = dict.fromkeys(range(2, 13), 0)
    centre = Centre(channel="CHAT")
    for _ in range(300):
        centre.world.said.clear()
        centre.start("Sample AB test")
        rolled = next(text for text in centre.said if text and text.startswith("You rolled"))
        counts[int(rolled.rstrip(".").rsplit(" ", 1)[-1])] += 1
    assert all(counts.values())
    assert counts[7] > counts[2]


def test_disconnect_flow_of_a_chat() -> None:
    """FLOW-20, BASE-63: the agent left; the customer returns within 15 minutes and is queued, or the chat ends."""
    for kind, reason in (("customer_returned", "queued"), ("timeout", "disconnect")):
        centre = Centre(channel="CHAT")
        centre.world.person.queue = centre.queue
        centre.start("Sample disconnect flow")
        assert centre.said[0] is not None
        assert "agent has disconnected" in centre.said[0]
        assert isinstance(centre.outcome, Await)
        assert centre.outcome.until == centre.world.now + 900_000
        assert centre.signal(kind).ended == reason


def test_disconnect_flow_of_call_and_task() -> None:
    """FLOW-20: a caller is asked once; a task without an agent goes back to its queue."""
    centre = Centre(**VOICE).start("Sample disconnect flow").press("1")
    assert centre.world.person.attributes == {"DisconnectFlowRun": "Y", "Satisfied": "Yes"}
    assert centre.start("Sample disconnect flow").ended == "disconnect"
    task = Centre(channel="TASK")
    task.world.person.queue = task.queue
    assert task.start("Sample disconnect flow").ended == "queued"
    task.world.person.agent = AgentView("maria", "Maria", "Silva", "arn:aws:connect:agent")
    assert task.start("Sample disconnect flow").ended == "disconnect"


def test_lambda_sample() -> None:
    """FLOW-25: a chat reads the fun fact, a caller hears the state; a failure is said."""
    answer = {"State": "Washington", "FunFact": "Octothorpe."}
    centre = Centre(channel="CHAT").start("Sample Lambda integration")
    assert isinstance(centre.effect, FunctionCall)
    assert centre.effect.timeout_ms == 4_000
    assert "Here is a fun fact. Octothorpe." in centre.signal("done", answer).said
    failed = Centre(channel="CHAT").start("Sample Lambda integration").signal("failed", "over time")
    assert "Sorry, we failed to find the state for your phone number's area code." in failed.said
    call = Centre(**VOICE).start("Sample Lambda integration").listen().signal("done", answer)
    assert call.effect.message.text.startswith("You are calling from Washington")


def test_recording_sample() -> None:
    """FLOW-26: chat records both sides; a caller chooses."""
    chat = Centre(channel="CHAT").start("Sample recording behavior")
    assert ("set_recording", (["Agent", "Customer"], None)) in chat.world.done
    for key, who in (("1", ["Agent", "Customer"]), ("2", ["Agent"]), ("3", ["Customer"]), ("4", [])):
        centre = Centre(**VOICE).start("Sample recording behavior").press(key)
        assert ("set_recording", (who, None)) in centre.world.done


def test_other_samples() -> None:
    """FLOW-22, FLOW-27, FLOW-29, FLOW-19."""
    assert Centre(channel="CHAT").start("Sample queue customer").ended == "queued"
    closed = Centre(channel="CHAT", open=False).start("Sample queue customer")
    assert closed.said == ["We are not able to take your call right now. Goodbye."]
    note = Centre(channel="CHAT").start("Sample note for screenpop")
    assert note.ended == "queued"
    assert note.world.person.attributes["screenPopNote"]
    card = Centre(**VOICE).start("Sample secure input with no agent").press("ciphertext")
    assert card.world.person.attributes["EncryptedCreditCard"] == "ciphertext"
    older = Centre(**VOICE).start("Sample customer queue priority").press("2")
    assert (older.world.age_s, older.ended) == (600, "queued")


def test_interruptible_queue() -> None:
    """FLOW-24: music interrupted every 30 s by the offer of a callback."""
    centre = Centre(**VOICE)
    centre.world.person.queue = centre.queue
    centre.start("Sample interruptible queue flow with callback")
    assert isinstance(centre.outcome, Await)
    assert centre.outcome.until == centre.world.now + 30_000
    assert centre.signal("timeout").press("2").ended == "resumed"
    centre.start("Sample interruptible queue flow with callback").signal("timeout").press("1").press("4255550100")
    assert dict(centre.world.done)["create_callback"].number == "+14255550100"


def test_module_sample() -> None:
    """FLOW-59: the module keeps the function's fact in an attribute, and the flow tells it."""
    centre = Centre(channel="CHAT").start("FunFactSampleFlow").signal("done", {"FunFact": "Octothorpe.", "State": "x"})
    assert centre.said == ["Octothorpe."]


def test_default_customer_queue() -> None:
    """FLOW-07: the message, then queue music, until an agent answers; a chat just waits."""
    centre = Centre(**VOICE).start("Default customer queue")
    assert isinstance(centre.effect, LoopPrompts)
    first, second = centre.effect.messages
    assert first.text is not None
    assert first.text.startswith("Thank you for calling.")
    assert second.prompt_id == "prompt-customerqueue.wav"
    assert Centre(channel="CHAT").start("Default customer queue").ended == "resumed"


def test_default_whispers() -> None:
    """FLOW-05, FLOW-08: the agent hears or reads the queue's name, the customer a beep."""
    chat = Centre(channel="CHAT")
    chat.world.person.queue = chat.queue
    assert (chat.start("Default agent whisper").said, chat.ended) == (["BasicQueue"], "resumed")
    call = Centre(**VOICE).start("Default customer whisper")
    assert call.effect.message.prompt_id == "prompt-beep.wav"
    assert call.signal().ended == "resumed"


def test_default_holds_and_outbound() -> None:
    """FLOW-03, FLOW-06, FLOW-09."""
    agent = Centre(**VOICE).start("Default agent hold")
    assert agent.effect.messages[0].ssml == '<speak>You are on hold <break time="10s"/></speak>'
    assert Centre(**VOICE).start("Default customer hold").effect.messages[0].prompt_id == "prompt-customerhold.wav"
    outbound = Centre(**VOICE).start("Default outbound")
    assert outbound.effect.message.text == "This call is not being recorded."
    assert outbound.signal().ended == "resumed"


def test_default_queue_transfer() -> None:
    """FLOW-10: hours, then staffing, then the queue; otherwise a message and the end."""

    def transfer(**options: Any) -> Centre:
        centre = Centre(channel="CHAT", **options)
        centre.world.person.queue = centre.queue
        return centre.start("Default queue transfer")

    assert transfer().ended == "queued"
    for options in ({"open": False}, {"staffed": 0}):
        refused = transfer(**options)
        assert (refused.ended, refused.world.queued, len(refused.said)) == ("disconnect", None, 1)


def test_default_agent_transfer() -> None:
    """FLOW-04, FLOW-79: "Transferring now.", then a call goes to the agent, a chat or task into the agent's queue."""
    target = AgentView("maria", "Maria", "Silva", "arn")
    call = Centre(agent=target, **VOICE).start("Default agent transfer")
    assert call.effect.message.text == "Transferring now."
    assert call.signal().ended == "agent"
    for channel in ("CHAT", "TASK"):
        centre = Centre(agent=target, channel=channel).start("Default agent transfer")
        assert (centre.ended, centre.world.queued) == ("queued", "maria")


def test_demo_flow() -> None:
    """The demo greets, asks, sets attributes, checks hours and staffing, and queues."""
    centre = Centre(channel="CHAT").start("Demo inbound flow")
    assert centre.said == ["Welcome to Switchroom! What can we help you with?"]
    assert centre.signal("customer_returned").ended == "queued"
    assert centre.world.person.attributes == {"source": "demo", "channel": "CHAT"}
    assert centre.world.hooks["AgentWhisper"]
    assert Centre(channel="TASK").start("Demo inbound flow").ended == "queued"
    busy = Centre(channel="TASK", staffed=0).start("Demo inbound flow")
    assert busy.ended == "queued"


def test_queued_callback() -> None:
    """FLOW-23: the wait is told; stay takes the queue flow with the offer along; a callback goes to the number."""
    short = Centre(oldest_s=30, **VOICE).start("Sample queued callback").listen()
    assert any("less than five minutes" in (text or "") for text in short.heard)
    centre = Centre(oldest_s=400, **VOICE).start("Sample queued callback").listen()
    assert any("five minutes or more" in (text or "") for text in centre.heard)
    stay = centre.signal("done", "1")
    offer = centre.resource("contact-flow", "Sample interruptible queue flow with callback").id
    assert (stay.ended, stay.world.hooks["CustomerQueue"]) == ("queued", offer)
    call = Centre(**VOICE).start("Sample queued callback").press("2").press("4255550100")
    made = dict(call.world.done)["create_callback"]
    assert (made.number, made.initial_delay_s, made.retry_delay_s, made.attempts) == ("+14255550100", 5, 600, 1)
    assert call.ended == "disconnect"
    wrong = Centre(**VOICE).start("Sample queued callback").press("2").press("12")
    assert wrong.ended == "queued"


def test_secure_input_with_agent() -> None:
    """FLOW-28: the agent is on hold while the customer keys the card, and all are in conference again afterwards."""
    centre = Centre(**VOICE).start("Sample secure input with agent").listen()
    held = [what for name, what in centre.world.done if name == "hold_participants"]
    assert held == ["AgentOnHold"]
    assert isinstance(centre.effect, Collect)
    assert centre.effect.encryption_key_id == "your-key-id"
    assert centre.effect.maximum == 20
    centre.signal("done", "ciphertext")
    assert [what for name, what in centre.world.done if name == "hold_participants"] == ["AgentOnHold", "OffHold"]
    assert centre.ended == "resumed"
    failed = Centre(**VOICE).start("Sample secure input with agent").listen().signal("failed", "no key").listen()
    assert failed.heard == ["We are sorry, this did not work."]
    chat = Centre(channel="CHAT")
    chat.world.person.queue = chat.queue
    assert chat.start("Sample secure input with agent").ended == "queued"
