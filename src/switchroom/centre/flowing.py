"""Running flows on contacts: what the core asks for (`Intent`), what came back (`Signal`), and what an end means."""

import logging
from typing import Any, cast

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.directory import Directory
from switchroom.centre.library import Flows
from switchroom.centre.plans import audio_parts
from switchroom.centre.world import ContactWorld
from switchroom.core import events as e
from switchroom.core.calls import dialing
from switchroom.core.calls.legs import call_by_id
from switchroom.core.commands import SignalFlow
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.ending import disconnect
from switchroom.core.lifecycle.offering import whispered
from switchroom.core.state import State
from switchroom.core.turn import NudgeFlow, StartFlow, StopFlow, Turn
from switchroom.core.voice_commands import AudioEnded
from switchroom.flows.language import CompiledFlow
from switchroom.flows.run import Outcome, advance, start
from switchroom.flows.state import (
    Await,
    BotCall,
    CallCustomer,
    CallThirdParty,
    Collect,
    Ended,
    FindPast,
    FlowRun,
    FunctionCall,
    Hear,
    Pause,
    Play,
    Signal,
    SignalKind,
)

log = logging.getLogger(__name__)

WHISPERS = ("agent_whisper", "customer_whisper")
EVENT_HOOKS = {
    "agent_ui": "DefaultAgentUI",
    "disconnect_ui": "DisconnectAgentUI",
    "pause": "PauseContact",
    "resume": "ResumeContact",
}
MAXIMUM_GENERATIONS = 25
"""How many flows may follow from each other at one moment; a contact moves between queues at most 11 times."""

RETURNS = ("customer_returned", "customer_connected")
CALLS: dict[str, type] = {"answered": CallCustomer}
"""What a nudge about a call is for; those of third parties go to `CallThirdParty`."""


class CallFunction(msgspec.Struct, frozen=True):
    """An effect: call a function; the answer comes back as `SignalFlow(key, id, ...)`."""

    instance: str
    key: str
    id: int
    call: FunctionCall


class CallBot(msgspec.Struct, frozen=True):
    """An effect: one turn of a bot; its answer comes back as `SignalFlow(key, id, ...)`."""

    instance: str
    key: str
    id: int
    call: BotCall


class FindPastChat(msgspec.Struct, frozen=True):
    """An effect: look for a chat to continue; what was found comes back as `SignalFlow(key, id, ...)`."""

    instance: str
    key: str
    id: int
    wanted: FindPast


class Flowing:
    """Flow runs of an instance. Their positions are in the state; the decoded ones are kept at hand."""

    def __init__(self, library: Flows, directory: Directory) -> None:
        self._library = library
        self._directory = directory
        self._runs: dict[str, FlowRun] = {}

    def settle(self, turn: Turn) -> None:
        """Carry out everything the core wants of flows, until nothing is left.

        Flows may make flows start, by tasks for one. Those that go on with that at one moment are not started any more.
        """
        generation = 0
        while turn.intents:
            for _ in range(len(turn.intents)):
                intent = turn.intents.popleft()
                if isinstance(intent, StartFlow):
                    self._start(turn, intent, tired=generation >= MAXIMUM_GENERATIONS)
                elif isinstance(intent, StopFlow):
                    self._drop(turn, _key(intent.contact, intent.purpose))
                else:
                    self._nudge(turn, intent)
            generation += 1

    def signal(self, turn: Turn, key: str, signal: Signal) -> None:
        """Something that a run awaits has come back."""
        run = self._run(turn, key)
        identifier, purpose = _parts(key)
        contact = turn.state.contacts.get(identifier)
        if run is None or contact is None or run.awaiting is None or run.awaiting.id != signal.id:
            return
        loops = run.loops
        world = ContactWorld(turn, contact, self._directory, purpose)
        moved, outcome = advance(run, self._library, world, signal)
        world.tell()
        self._keep(turn, contact, purpose, moved, outcome, loops)

    def timed_out(self, turn: Turn, key: str) -> None:
        """The `until` of an await has passed."""
        run = self._run(turn, key)
        if run is not None and run.awaiting is not None:
            self.signal(turn, key, Signal(run.awaiting.id, "timeout"))

    def pending(self, turn: Turn) -> None:
        """After a restart: effects that were under way are asked for again."""
        for key in turn.state.runs:
            run = self._run(turn, key)
            if run is not None and run.awaiting is not None:
                self._effect(turn, key, run.awaiting)

    def _start(self, turn: Turn, intent: StartFlow, *, tired: bool) -> None:
        contact = turn.state.contacts.get(intent.contact)
        if contact is None or (contact.place == "ended" and intent.purpose not in EVENT_HOOKS):
            return
        flow = self._library.flow(intent.flow) if intent.flow else self._library.default(intent.purpose)
        key = _key(contact.id, intent.purpose)
        self._drop(turn, key)
        if flow is None:
            log.warning("contact %s: there is no published flow for %s", contact.id, intent.purpose)
            self._ended(turn, contact, intent.purpose, Ended("failed", "The flow is not published"))
            return
        self._stepped(turn, contact, flow, intent.purpose)
        if tired:
            self._ended(turn, contact, intent.purpose, Ended("failed", "Flows start each other without end"))
            return
        loops = turn.state.loops.get(contact.id, {})
        world = ContactWorld(turn, contact, self._directory, intent.purpose)
        hook = EVENT_HOOKS.get(intent.purpose, "")
        run, outcome = start(turn.new_id(), flow, self._library, world, loops=loops, hook=hook)
        world.tell()
        self._keep(turn, contact, intent.purpose, run, outcome, loops)

    def _stepped(self, turn: Turn, contact: Contact, flow: CompiledFlow, purpose: str) -> None:
        turn.emit(e.FlowStepped(at=turn.now, contact=contact.id, flow=flow.id, name=flow.name, purpose=purpose))

    def _keep(
        self, turn: Turn, contact: Contact, purpose: str, run: FlowRun, outcome: Outcome, loops: dict[str, int]
    ) -> None:
        key = _key(contact.id, purpose)
        if run.loops != loops and contact.id in turn.state.contacts:
            turn.emit(e.LoopsCounted(at=turn.now, contact=contact.id, loops=dict(run.loops)))
        if isinstance(outcome, Ended):
            self._drop(turn, key)
            if contact.id in turn.state.contacts:
                self._ended(turn, contact, purpose, outcome)
            return
        if contact.id not in turn.state.contacts:
            return
        self._stand(turn, contact.id, key, run, outcome.until)
        self._effect(turn, key, outcome)

    def awaiting(self, state: State, key: str) -> tuple[str, Await] | None:
        """(run id, what it waits for) of a run that stands still."""
        run = self._decoded(state, key)
        return (run.id, run.awaiting) if run is not None and run.awaiting is not None else None

    def _effect(self, turn: Turn, key: str, awaiting: Await) -> None:
        effect = awaiting.effect
        if isinstance(effect, FunctionCall):
            turn.effects.append(CallFunction(turn.config.instance, key, awaiting.id, effect))
        elif isinstance(effect, BotCall):
            turn.effects.append(CallBot(turn.config.instance, key, awaiting.id, effect))
        elif isinstance(effect, FindPast):
            turn.effects.append(FindPastChat(turn.config.instance, key, awaiting.id, effect))
        elif isinstance(effect, Play | Collect | CallCustomer) and key.endswith("/outbound_whisper"):
            chosen = effect.caller_id if isinstance(effect, CallCustomer) else None
            self._dial(turn, turn.contact(_parts(key)[0]), chosen)

    def _dial(self, turn: Turn, contact: Contact, chosen: str | None) -> None:
        """The first thing that is for the customer's ear dials the customer (BLK-013)."""
        try:
            dialing.call_customer(turn, contact, chosen)
        except ServiceError as refusal:
            log.info("contact %s cannot be dialled: %s", contact.id, refusal.message)
            dialing.could_not_dial(turn, contact)

    def _ended(self, turn: Turn, contact: Contact, purpose: str, ended: Ended) -> None:
        """What the end of a flow means for its contact."""
        if ended.reason == "failed":
            log.warning("contact %s: its %s flow failed: %s", contact.id, purpose, ended.text)
        if purpose in WHISPERS:
            whispered(turn, contact, purpose)
        elif purpose == "outbound_whisper":
            dialing.whisper_over(turn, contact)
        elif ended.reason == "disconnect" or (
            ended.reason == "failed" and contact.place == "flow" and purpose == "main"
        ):
            reason = "CONTACT_FLOW_DISCONNECT" if contact.channel != "CHAT" else None
            disconnect(turn, contact, reason, by_party=contact.channel == "TASK")

    def _nudge(self, turn: Turn, intent: NudgeFlow) -> None:
        wanted = CALLS.get(intent.kind, CallThirdParty if intent.kind.startswith("third_party") else None)
        if wanted is not None:
            self._nudge_call(turn, intent, wanted)
            return
        for purpose in ("main", "customer_queue"):
            key = _key(intent.contact, purpose)
            run = self._run(turn, key)
            awaiting = run.awaiting if run is not None else None
            if run is not None and awaiting is not None and isinstance(awaiting.effect, Hear | BotCall):
                self._tell_bot(turn, key, run, awaiting, intent.value)
                continue
            if awaiting is None or not isinstance(awaiting.effect, Pause):
                continue
            kind = "customer_returned" if intent.kind in RETURNS else intent.kind
            heard = awaiting.effect.customer if kind == "customer_returned" else awaiting.effect.bot
            if heard:
                self.signal(turn, key, Signal(awaiting.id, cast(SignalKind, kind), intent.value))

    def _tell_bot(self, turn: Turn, key: str, run: FlowRun, awaiting: Await, value: Any) -> None:
        """What the customer of a chat wrote goes to the bot now, or when the bot has done with what came before."""
        if value is None:
            return
        if isinstance(awaiting.effect, Hear):
            self.signal(turn, key, Signal(awaiting.id, "heard", value))
        elif run.talk is not None:
            kept = run.copy()
            kept.talk = msgspec.structs.replace(run.talk, pending=(*run.talk.pending, value["text"]))
            self._stand(turn, _parts(key)[0], key, kept, awaiting.until)

    def _stand(self, turn: Turn, contact: str, key: str, run: FlowRun, until: int | None) -> None:
        self._runs[key] = run
        turn.emit(e.FlowMoved(at=turn.now, contact=contact, key=key, run=msgspec.msgpack.encode(run), until=until))

    def _nudge_call(self, turn: Turn, intent: NudgeFlow, wanted: type) -> None:
        for purpose in ("main", "customer_queue", "outbound_whisper"):
            key = _key(intent.contact, purpose)
            run = self._run(turn, key)
            if run is not None and run.awaiting is not None and isinstance(run.awaiting.effect, wanted):
                self.signal(turn, key, Signal(run.awaiting.id, cast(SignalKind, intent.kind), intent.value))

    def _run(self, turn: Turn, key: str) -> FlowRun | None:
        return self._decoded(turn.state, key)

    def _decoded(self, state: State, key: str) -> FlowRun | None:
        run = self._runs.get(key)
        if run is None and key in state.runs:
            run = self._runs[key] = msgspec.msgpack.decode(state.runs[key], type=FlowRun)
        return run if key in state.runs else None

    def _drop(self, turn: Turn, key: str) -> None:
        self._runs.pop(key, None)
        if key in turn.state.runs:
            turn.emit(e.FlowMoved(at=turn.now, contact=_parts(key)[0], key=key))


def decide_signal(flowing: Flowing, turn: Turn, command: SignalFlow) -> Any:
    """A worker brings what a flow waited for; too late an answer changes nothing."""
    flowing.signal(turn, command.key, Signal(command.id, cast(SignalKind, command.kind), command.value))


def decide_audio(flowing: Flowing, turn: Turn, command: AudioEnded) -> Any:
    """The media plane has played or collected; a flow that has gone on meanwhile does not hear of it."""
    call_by_id(turn, command.call)
    parts = audio_parts(command.audio)
    waiting = flowing.awaiting(turn.state, parts[0]) if parts is not None else None
    if parts is not None and waiting is not None and waiting[0] == parts[1]:
        flowing.signal(turn, parts[0], Signal(parts[2], command.kind, command.value))


def _key(contact: str, purpose: str) -> str:
    return f"{contact}/{purpose}"


def _parts(key: str) -> tuple[str, str]:
    contact, _, purpose = key.partition("/")
    return contact, purpose
