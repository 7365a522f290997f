"""Running flows on contacts: what the core asks for (`Intent`), what came back (`Signal`), and what an end means."""

import logging
from typing import Any, cast

import msgspec

from switchroom.centre.directory import Directory
from switchroom.centre.library import Flows
from switchroom.centre.world import ContactWorld
from switchroom.core import events as e
from switchroom.core.commands import SignalFlow
from switchroom.core.contact import Contact
from switchroom.core.lifecycle.ending import disconnect
from switchroom.core.lifecycle.offering import whispered
from switchroom.core.turn import NudgeFlow, StartFlow, StopFlow, Turn
from switchroom.flows.language import CompiledFlow
from switchroom.flows.run import Outcome, advance, start
from switchroom.flows.state import Await, Ended, FlowRun, FunctionCall, Pause, Signal, SignalKind

log = logging.getLogger(__name__)

WHISPERS = ("agent_whisper", "customer_whisper")
EVENT_HOOKS = {
    "agent_ui": "DefaultAgentUI",
    "disconnect_ui": "DisconnectAgentUI",
    "pause": "PauseContact",
    "resume": "ResumeContact",
}
RETURNS = ("customer_returned", "customer_connected")


class CallFunction(msgspec.Struct, frozen=True):
    """An effect: call a function; the answer comes back as `SignalFlow(key, id, ...)`."""

    instance: str
    key: str
    id: int
    call: FunctionCall


class Flowing:
    """Flow runs of an instance. Their positions are in the state; the decoded ones are kept at hand."""

    def __init__(self, library: Flows, directory: Directory) -> None:
        self._library = library
        self._directory = directory
        self._runs: dict[str, FlowRun] = {}

    def settle(self, turn: Turn) -> None:
        """Carry out everything the core wants of flows, until nothing is left."""
        while turn.intents:
            intent = turn.intents.popleft()
            if isinstance(intent, StartFlow):
                self._start(turn, intent)
            elif isinstance(intent, StopFlow):
                self._drop(turn, _key(intent.contact, intent.purpose))
            else:
                self._nudge(turn, intent)

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

    def _start(self, turn: Turn, intent: StartFlow) -> None:
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
        loops = turn.state.loops.get(contact.id, {})
        world = ContactWorld(turn, contact, self._directory, intent.purpose)
        hook = EVENT_HOOKS.get(intent.purpose, "")
        run, outcome = start(turn.new_id(), flow, self._library, world, loops=loops, hook=hook)
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
        self._runs[key] = run
        turn.emit(
            e.FlowMoved(at=turn.now, contact=contact.id, key=key, run=msgspec.msgpack.encode(run), until=outcome.until)
        )
        self._effect(turn, key, outcome)

    def _effect(self, turn: Turn, key: str, awaiting: Await) -> None:
        if isinstance(awaiting.effect, FunctionCall):
            turn.effects.append(CallFunction(turn.config.instance, key, awaiting.id, awaiting.effect))

    def _ended(self, turn: Turn, contact: Contact, purpose: str, ended: Ended) -> None:
        """What the end of a flow means for its contact."""
        if ended.reason == "failed":
            log.info("contact %s: its %s flow failed: %s", contact.id, purpose, ended.text)
        if purpose in WHISPERS:
            whispered(turn, contact, purpose)
        elif ended.reason == "disconnect" or (
            ended.reason == "failed" and contact.place == "flow" and purpose == "main"
        ):
            disconnect(turn, contact, "CONTACT_FLOW_DISCONNECT" if contact.channel != "CHAT" else None)

    def _nudge(self, turn: Turn, intent: NudgeFlow) -> None:
        for purpose in ("main", "customer_queue"):
            key = _key(intent.contact, purpose)
            run = self._run(turn, key)
            awaiting = run.awaiting if run is not None else None
            if awaiting is None or not isinstance(awaiting.effect, Pause):
                continue
            kind = "customer_returned" if intent.kind in RETURNS else intent.kind
            heard = awaiting.effect.customer if kind == "customer_returned" else awaiting.effect.bot
            if heard:
                self.signal(turn, key, Signal(awaiting.id, cast(SignalKind, kind), intent.value))

    def _run(self, turn: Turn, key: str) -> FlowRun | None:
        run = self._runs.get(key)
        if run is None and key in turn.state.runs:
            run = self._runs[key] = msgspec.msgpack.decode(turn.state.runs[key], type=FlowRun)
        return run if key in turn.state.runs else None

    def _drop(self, turn: Turn, key: str) -> None:
        self._runs.pop(key, None)
        if key in turn.state.runs:
            turn.emit(e.FlowMoved(at=turn.now, contact=_parts(key)[0], key=key))


def decide_signal(flowing: Flowing, turn: Turn, command: SignalFlow) -> Any:
    """A worker brings what a flow waited for; too late an answer changes nothing."""
    flowing.signal(turn, command.key, Signal(command.id, cast(SignalKind, command.kind), command.value))


def _key(contact: str, purpose: str) -> str:
    return f"{contact}/{purpose}"


def _parts(key: str) -> tuple[str, str]:
    contact, _, purpose = key.partition("/")
    return contact, purpose
