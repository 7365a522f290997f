"""The decision itself, still pure: commands and due timers in, a finished `Turn` out."""

import logging
from collections.abc import Callable
from random import Random
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError
from switchroom.centre.directory import Directory
from switchroom.centre.flowing import Flowing, decide_audio, decide_signal
from switchroom.centre.library import Flows
from switchroom.centre.plans import Planner
from switchroom.core import describe, realtime, snapshots
from switchroom.core import voice_events as v
from switchroom.core.calls import arriving, dialing, leaving, monitoring, parties, quality, recording, web
from switchroom.core.commands import Command, SignalFlow
from switchroom.core.config import Configuration
from switchroom.core.dispatch import Dispatch
from switchroom.core.evolve import Fold
from switchroom.core.lifecycle import (
    assigning,
    conversing,
    criteria,
    details,
    ending,
    offering,
    queueing,
    starting,
    statuses,
    tasks,
    transferring,
)
from switchroom.core.media import CallPlan, SendPlan
from switchroom.core.state import State
from switchroom.core.turn import HANDLERS, TIMERS, Turn
from switchroom.core.voice_commands import AudioEnded, PressKeys

log = logging.getLogger(__name__)

BOUND = (
    *(assigning, conversing, criteria, details, ending, offering, queueing, starting, statuses, tasks, transferring),
    *(arriving, dialing, leaving, monitoring, parties, quality, recording, web),
    *(describe, realtime, snapshots),
)
"""Everything that decides; importing it binds its commands and timers."""


class Decider:
    """State, configuration, matcher and flows of an instance, and the turns that are taken on them."""

    def __init__(
        self,
        state: State,
        config: Configuration,
        library: Flows,
        directory: Directory,
        *,
        new_id: Callable[[], str],
        random: Random,
    ) -> None:
        self.fold = Fold(state)
        self.config = config
        self._dispatch = Dispatch(state, config)
        self._flowing = Flowing(library, directory)
        self._planner = Planner(
            config.instance, self._flowing.awaiting, directory.sound, lambda: self.config.voice.best_voices
        )
        self._new_id = new_id
        self._random = random
        self._resuming = False
        self.firing: str | None = None
        self.poisoned: set[str] = set()
        """Timers whose firing broke the centre once; they are dropped instead of breaking it again."""

    @property
    def state(self) -> State:
        """The state with everything decided so far."""
        return self.fold.state

    def turn(self, now: int) -> Turn:
        """Begin a turn at `now`."""
        return Turn(self.fold, self.config, now, self._new_id, self._random)

    def resume(self, turn: Turn) -> None:
        """The first turn after a start: effects that were under way are released again."""
        self._flowing.pending(turn)
        self._resuming = True

    def decide(self, turn: Turn, command: Command) -> Any:
        """Decide one command and everything that follows from it; its answer. Raises ServiceError when refused."""
        if isinstance(command, SignalFlow):
            answer = decide_signal(self._flowing, turn, command)
        elif isinstance(command, AudioEnded):
            answer = decide_audio(self._flowing, turn, command)
        else:
            if isinstance(command, PressKeys) and self._planner.secret(self.state, command.call):
                command = msgspec.structs.replace(command, secret=True)
            handler = HANDLERS.get(type(command))
            if handler is None:
                raise ServiceError("InternalServiceException", f"Nothing decides {type(command).__name__}")
            answer = handler(turn, command)
        self.settle(turn)
        return answer

    def settle(self, turn: Turn) -> None:
        """Run flows and offer contacts until nothing moves any more."""
        self._flowing.settle(turn)
        self._dispatch.settle(turn)
        while turn.intents:
            self._flowing.settle(turn)
            self._dispatch.settle(turn)

    def finish(self, turn: Turn, version: int) -> None:
        """The turn is decided: everybody on a changed call sees it, and the media plane gets the new plan.

        `version` is the sequence of the turn's last event.
        """
        calls = dict.fromkeys(self.state.calls) if self._resuming else self._changed_calls(turn)
        self._resuming = False
        for identifier, media in calls.items():
            call = self.state.calls.get(identifier)
            if call is None:
                if media is not None:
                    plan = CallPlan(instance=self.config.instance, call=identifier, version=version)
                    turn.effects.append(SendPlan(media, plan))
                continue
            for leg in call.legs.values():
                if leg.user is not None:
                    turn.touched_agents[leg.user] = None
            turn.effects.append(SendPlan(call.media, self._planner.plan(self.state, call, version)))

    def _changed_calls(self, turn: Turn) -> dict[str, str | None]:
        """Calls the turn has touched; of those that are over, the media process that held them."""
        changed: dict[str, str | None] = {}
        for contact in turn.touched.values():
            if contact.call is not None:
                changed[contact.call] = None
        for event in turn.events:
            call = getattr(event, "call", None)
            if isinstance(call, str):
                changed.setdefault(call, None)
            if isinstance(event, v.CallClosed):
                changed[event.call] = event.media
        return changed

    def fire_due(self, turn: Turn, limit: int = 1_000) -> None:
        """Fire the timers that are due, each followed by what it causes; `firing` names the one under way."""
        for _ in range(limit):
            due = self.fold.indexes.next_due()
            if due is None or due[0] > turn.now:
                break
            self.firing = due[1]
            self.state.timers.pop(due[1], None)
            if due[1] not in self.poisoned:
                self._fire(turn, due[1])
            self.settle(turn)
        self.firing = None
        self.settle(turn)

    def wake_at(self) -> int | None:
        """When to look again without being asked: the next timer, or a queue delay that ends. Epoch milliseconds."""
        due = self.fold.indexes.next_due()
        delay = self._dispatch.matcher.wake_at()
        moments = [moment for moment in (due[0] if due else None, delay) if moment is not None]
        return min(moments) if moments else None

    def configure(self, config: Configuration) -> None:
        """The configuration has changed; the next settle goes by it."""
        before, self.config = self.config, config
        self._dispatch.configured(self.state, config, before)

    def _fire(self, turn: Turn, key: str) -> None:
        kind, *words = key.split(" ")
        if kind == "flow":
            self._flowing.timed_out(turn, words[0])
            return
        fire = TIMERS.get(kind)
        if fire is not None:
            fire(turn, words)
