"""Takes a flow through what a customer does."""

import json
from collections.abc import Iterable

from switchroom.flows.language import CompiledFlow
from switchroom.flows.run import Outcome, advance, start
from switchroom.flows.state import (
    MODULE,
    Await,
    BotCall,
    CallCustomer,
    CallThirdParty,
    Collect,
    Converse,
    Ended,
    FindPast,
    Frame,
    FunctionCall,
    Hear,
    LoopPrompts,
    Message,
    Pause,
    Play,
    Signal,
    SignalKind,
)
from switchroom.flows.testing.inputs import Input
from switchroom.flows.testing.modules import caller_of
from switchroom.flows.testing.played import FunctionUse, Played, Speaker
from switchroom.flows.testing.stubs import Bots, Functions, NoAnswer, function_name
from switchroom.flows.testing.world import PlayedWorld

MAXIMUM_WAITS = 500
KEYS = frozenset("0123456789*#")

_THIRD_PARTY: dict[str, SignalKind] = {
    "answers": "third_party_answered",
    "leaves": "third_party_left",
    "busy": "third_party_failed",
    "no answer": "third_party_timeout",
}

_BOT: dict[str, SignalKind] = {"leaves": "bot_left", "no answer": "bot_missing"}


class Player:
    """One play. Time moves only when the customer waits, keeps silent, or a function takes its time."""

    def __init__(
        self, world: PlayedWorld, flow: CompiledFlow, inputs: Iterable[Input], functions: Functions, bots: Bots
    ) -> None:
        self._world = world
        self._flow = flow
        self._inputs = list(inputs)
        self._functions = functions
        self._bots = bots
        self.frame: Frame | None = None
        """The flow or module that ran last, with its own data."""

    def play(self, hook: str = "") -> Played:
        """Play to the end, or until there is nothing more to come."""
        world, flow = self._world, self._flow
        if flow.type == MODULE:
            flow = caller_of(flow)
            world.shelf.put(flow)
        world.begin(Frame(flow.id, flow.version, flow.start))
        run, outcome = start("play", flow, world.shelf, world, hook=hook)
        for _ in range(MAXIMUM_WAITS):
            self.frame = run.frame
            if isinstance(outcome, Ended):
                break
            signal = self._signal(outcome)
            if signal is None:
                break
            run, outcome = advance(run, world.shelf, world, signal)
        else:
            outcome = Ended("failed", f"The test was stopped after {MAXIMUM_WAITS} waits")
        return self._finished(outcome)

    def _finished(self, outcome: Outcome) -> Played:
        played = self._world.played
        played.now = self._world.clock
        if isinstance(outcome, Ended):
            returned = self._flow.type == MODULE and played.steps and played.steps[-1].outcome == "return"
            played.ended = Ended("resumed", "The module has returned") if returned else outcome
        else:
            played.awaiting = outcome
        return played

    def _signal(self, awaiting: Await) -> Signal | None:
        """What comes back for a wait; None when nothing more happens."""
        effect = awaiting.effect
        if isinstance(effect, FunctionCall):
            return self._function(awaiting.id, effect)
        if isinstance(effect, BotCall):
            return self._bot(awaiting.id, effect)
        if isinstance(effect, FindPast):
            return Signal(awaiting.id, "done", effect.source)
        self._hear(awaiting)
        if isinstance(effect, Play):
            return Signal(awaiting.id, "done")
        while self._inputs:
            given = self._inputs.pop(0)
            if given.kind == "hangs up":
                self._world.line("customer", "hangs up", "")
                self._world.played.left = True
                return None
            signal = self._wait(awaiting, given) if given.kind == "waits" else self._respond(awaiting, given)
            if signal is not None:
                return signal
        return None

    def _hear(self, awaiting: Await) -> None:
        """What a caller is told while the flow waits."""
        effect, world = awaiting.effect, self._world
        messages: tuple[Message, ...] = ()
        if isinstance(effect, Play):
            messages = (effect.message, *effect.more)
        elif isinstance(effect, LoopPrompts | Converse):
            messages = effect.messages
        elif isinstance(effect, Collect) and effect.message is not None:
            messages = (effect.message,)
        who: Speaker = "bot" if self._by_bot() else "flow"
        texts = [world.note(who, message) for message in messages]
        if world.played.steps:
            world.played.steps[-1].said.extend(texts)

    def _by_bot(self) -> bool:
        steps = self._world.played.steps
        return bool(steps) and steps[-1].type == "ConnectParticipantWithLexBot"

    def _wait(self, awaiting: Await, given: Input) -> Signal | None:
        """Time passes: to the moment the wait is over, or as far as the customer waits."""
        world = self._world
        due = self._due(awaiting)
        if given.ms is None:
            world.line("customer", "waits", "")
            world.clock = due if due is not None else world.clock
            return Signal(awaiting.id, "timeout")
        end = world.clock + given.ms
        world.line("customer", "waits", f"{given.ms // 1_000}")
        if due is None or due > end:
            world.clock = end
            return None
        world.clock = max(world.clock, due)
        if world.clock < end:
            self._inputs.insert(0, Input("waits", ms=end - world.clock))
        return Signal(awaiting.id, "timeout")

    def _due(self, awaiting: Await) -> int | None:
        """When nothing has come for so long that the flow goes on."""
        effect = awaiting.effect
        if isinstance(effect, Collect):
            return self._world.clock + effect.first_timeout_ms
        if isinstance(effect, Converse):
            return self._world.clock + effect.listen.start_ms
        return awaiting.until

    def _respond(self, awaiting: Await, given: Input) -> Signal | None:
        effect, world = awaiting.effect, self._world
        if isinstance(effect, CallCustomer | CallThirdParty):
            world.line("customer", given.kind, given.text)
            third = _THIRD_PARTY.get(given.kind, "third_party_left")
            return Signal(awaiting.id, "answered" if isinstance(effect, CallCustomer) else third)
        if given.kind == "silence":
            return self._wait(awaiting, Input("waits"))
        self._world.line("customer", "keys" if self._keyed(awaiting, given) else "text", given.text or given.kind)
        if isinstance(effect, Collect):
            keys = _entered(effect, given.text)
            return Signal(awaiting.id, "done", "(encrypted)" if effect.encryption_key_id else keys)
        if isinstance(effect, Hear):
            return Signal(awaiting.id, "heard", {"text": given.text, "content_type": "text/plain"})
        if isinstance(effect, Converse):
            if self._keyed(awaiting, given):
                return Signal(awaiting.id, "done", {"mode": "DTMF", "keys": given.text})
            return Signal(awaiting.id, "done", {"mode": "Speech", "text": given.text, "confidence": 1.0})
        if isinstance(effect, Pause) and effect.bot and given.kind in _BOT:
            return Signal(awaiting.id, _BOT[given.kind])
        if isinstance(effect, Pause) and effect.customer:
            return Signal(awaiting.id, "customer_returned")
        return None

    def _keyed(self, awaiting: Await, given: Input) -> bool:
        if given.kind == "any":
            keyed = isinstance(awaiting.effect, Converse | Collect)
            return keyed and bool(given.text) and set(given.text) <= KEYS
        return given.kind == "keys"

    def _function(self, id: int, call: FunctionCall) -> Signal:
        world, name = self._world, function_name(call.arn)
        failed, answer = None, None
        try:
            answer, took = self._functions.call(call)
        except NoAnswer as wrong:
            failed, took = str(wrong), wrong.ms
        world.clock += took
        used = FunctionUse(name, json.loads(call.event), answer, failed, len(world.played.steps))
        world.played.functions.append(used)
        return Signal(id, "done", answer) if failed is None else Signal(id, "failed", failed)

    def _bot(self, id: int, call: BotCall) -> Signal:
        try:
            return Signal(id, "done", self._bots.recognize(call))
        except NoAnswer as wrong:
            self._world.clock += wrong.ms
            return Signal(id, "failed", str(wrong))


def _entered(effect: Collect, typed: str) -> str:
    """What the telephone hands over of the keys that are typed: cancelled ones, the terminator and the rest are not.

    They are typed at once: a terminator ends them when it is not part of a later one (BLK-163).
    """
    entered = ""
    for position, key in enumerate(typed):
        if effect.cancel_key and key == effect.cancel_key:
            entered = ""
            continue
        entered += key
        following = typed[position + 1 : position + 2]
        goes_on = bool(following) and (entered + following).endswith(effect.terminator)
        if effect.terminator and entered.endswith(effect.terminator) and not goes_on:
            return entered[: -len(effect.terminator)]
        if len(entered) >= effect.maximum:
            break
    return entered
