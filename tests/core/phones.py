"""A stage with telephones: the real decisions and plans, with a media plane that the test plays by hand."""

from collections.abc import Iterable
from typing import Any

from msgspec.structs import replace

from switchroom.core import commands as c
from switchroom.core import voice_commands as vc
from switchroom.core.call import Call
from switchroom.core.config import NumberSettings, QueueSettings, QuickConnectSettings, VoiceSettings
from switchroom.core.media import CallPlan, LegPlan, SendPlan
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.flows.language import CompiledFlow
from tests.core.stage import Stage, action, configuration, end_flow, flow

NUMBER = "+15550100"
CALLER = "+12065550123"


def says(id: str, text: str, type: str) -> CompiledFlow:
    """Says one thing."""
    return flow(
        id,
        [action("say", "MessageParticipant", "end", Text=text), action("end", "EndFlowExecution")],
        type,
    )


def loops(id: str, text: str, type: str) -> CompiledFlow:
    """Says one thing again and again."""
    transitions = {"Conditions": [], "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}]}
    loop = {
        "Identifier": "loop",
        "Type": "MessageParticipantIteratively",
        "Parameters": {"Messages": [{"Text": text}]},
        "Transitions": transitions,
    }
    return flow(id, [loop, action("end", "EndFlowExecution")], type)


class Phones(Stage):
    """Agents a1 and a2 (and supervisor s1) on voice; number +15550100 leads to `entry`."""

    def __init__(self, entry: str = "to-queue", flows: Iterable[CompiledFlow] = (), **voice: Any) -> None:
        settings: dict[str, Any] = {
            "countries": frozenset({"US", "GB"}),
            "blocked_prefixes": ("+447",),
            "recordings": "connect/demo/CallRecordings",
            **voice,
        }
        config = configuration()
        entries = tuple(Entry(queue, channel) for queue in ("Q1", "Q2") for channel in ("VOICE", "CHAT", "TASK"))
        routing = Profile(
            "P", {"VOICE": 1, "CHAT": 2, "TASK": 2}, dict.fromkeys(("VOICE", "CHAT", "TASK"), False), entries
        )
        config.profiles = {"P": replace(config.profiles["P"], routing=routing, default_outbound_queue="Q1")}
        for queue in ("Q1", "Q2"):
            config.queues[queue] = replace(
                config.queues[queue], outbound_caller_number=NUMBER, outbound_caller_name="Support"
            )
        config.queues["own-s1"] = QueueSettings(id="own-s1", arn="arn/queue/own-s1", name="s1", agent="s1")
        config.users["s1"] = replace(config.users["a1"], id="s1", arn="arn/agent/s1", username="s1", queue="own-s1")
        config.quick_connects["out"] = QuickConnectSettings("out", "arn/out", "Expert", "PHONE_NUMBER", "+12065550199")
        config.numbers = {NUMBER: NumberSettings(NUMBER, entry, "DID", "US")}
        config.voice = VoiceSettings(**settings)
        standard = [
            says("agent-whisper", "whisper to agent", "AGENT_WHISPER"),
            says("customer-whisper", "whisper to customer", "CUSTOMER_WHISPER"),
            says("outbound-whisper", "whisper to called", "OUTBOUND_WHISPER"),
            loops("customer-hold", "held customer", "CUSTOMER_HOLD"),
            loops("agent-hold", "held agent", "AGENT_HOLD"),
            loops("queue-loop", "you are in line", "CUSTOMER_QUEUE"),
            end_flow("hang-up"),
        ]
        super().__init__(config, [*standard, *flows])
        self.shelf.defaults |= {
            one.replace("-", "_"): one
            for one in ("agent-whisper", "customer-whisper", "outbound-whisper", "customer-hold", "agent-hold")
        } | {"customer_queue": "queue-loop"}
        self._legs = 0
        self.do(vc.MediaJoined(media="m1"))
        for agent in ("a1", "a2"):
            self.do(c.LogIn(agent=agent))

    # ------------------------------------------------------------------ the outside

    def arrive(self, number: str = NUMBER, caller: str | None = CALLER) -> str:
        """Somebody calls; the contact."""
        self._legs += 1
        answer = self.do(vc.CallArrived(media="m1", leg=f"in-{self._legs}", number=number, caller=caller))
        contact: str = answer["contact"]
        return contact

    def available(self, *agents: str) -> None:
        for agent in agents:
            self.do(c.SetStatus(agent=agent, status="available"))

    def connected(self, *, agent: str = "a1", whispers: bool = True) -> str:
        """A call that an agent has: the contact."""
        self.available(agent)
        contact = self.arrive()
        self.take(contact, agent)
        if whispers:
            self.hear_out()
        return contact

    def take(self, contact: str, agent: str) -> str:
        """Accept and bring the browser's media; the leg."""
        self.do(c.AcceptContact(agent=agent, contact=contact))
        leg = self.leg(contact, agent)
        self.answer(contact, leg)
        return leg

    def call(self, contact: str) -> Call:
        found = self.state.contacts[contact]
        return self.state.calls[found.call or ""]

    def leg(self, contact: str, who: str) -> str:
        """The id of an agent's leg (by user id), or of the `customer` or `third` party."""
        call = self.call(contact)
        if who == "customer":
            return str(call.customer)
        if who == "third":
            return next(leg.id for leg in call.legs.values() if leg.kind == "THIRD_PARTY")
        return next(leg.id for leg in call.legs.values() if leg.user == who)

    def answer(self, contact: str, leg: str) -> None:
        self.do(vc.LegAnswered(call=self.call(contact).id, leg=leg))

    def hang_up(self, contact: str, who: str = "customer", cause: Any = "hangup") -> None:
        self.do(vc.LegGone(call=self.call(contact).id, leg=self.leg(contact, who), cause=cause))

    # ------------------------------------------------------------------ the plan

    def plan(self, call: str) -> CallPlan:
        """The newest plan of a call."""
        return next(e.plan for e in reversed(self.effects) if isinstance(e, SendPlan) and e.plan.call == call)

    def planned(self, contact: str, who: str) -> LegPlan:
        leg = self.leg(contact, who)
        return next(one for one in self.plan(self.call(contact).id).legs if one.id == leg)

    def hears(self, contact: str, who: str) -> str:
        """What a leg hears: the words said to it, `room`, a tone, or `silence`."""
        leg = self.planned(contact, who)
        if leg.audio is not None:
            sound = leg.audio.sounds[0] if leg.audio.sounds else None
            return (sound.text or sound.tone or sound.object or "?") if sound is not None else "collect"
        return "room" if leg.hear else "silence"

    def hear_out(self) -> None:
        """Let everything that is being played end."""
        for _ in range(20):
            playing = [
                (call, leg.id, leg.audio.id)
                for call in self.state.calls
                for leg in self.plan(call).legs
                if leg.audio is not None and leg.audio.kind == "play"
            ]
            if not playing:
                return
            call, leg, audio = playing[0]
            self.do(vc.AudioEnded(call=call, leg=leg, audio=audio, kind="done"))

    def played(self, contact: str, who: str) -> None:
        """What a leg is hearing is over."""
        leg = self.planned(contact, who)
        assert leg.audio is not None
        self.do(vc.AudioEnded(call=self.call(contact).id, leg=leg.id, audio=leg.audio.id, kind="done"))

    def press(self, contact: str, keys: str, who: str = "customer") -> None:
        """Answer what is being collected."""
        leg = self.planned(contact, who)
        assert leg.audio is not None and leg.audio.kind == "collect"
        self.do(vc.AudioEnded(call=self.call(contact).id, leg=leg.id, audio=leg.audio.id, kind="done", value=keys))
