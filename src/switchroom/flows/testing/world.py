"""The world of a played scenario: it remembers each step with everything that `$.` reads before and after it."""

from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.flows.attributes import MISSING, ROOTS, resolve
from switchroom.flows.blocks.step import Step
from switchroom.flows.run import entry
from switchroom.flows.scenario import Contact, ScenarioWorld
from switchroom.flows.state import Frame, Message
from switchroom.flows.testing.modules import CALLER
from switchroom.flows.testing.played import Line, Played, PlayedStep, Speaker


class PlayedWorld(ScenarioWorld):
    """A `ScenarioWorld` that writes down what happens. `watch` is called at each step and may stop the play."""

    def __init__(
        self, contact: Contact | None = None, *, now: int, seed: int = 1, watch: Callable[[int], None] | None = None
    ) -> None:
        super().__init__(contact, now=now, seed=seed)
        self.played = Played()
        self.size = 0
        """Bytes of what has been written down."""
        self.watch = watch
        self._known: dict[str, int] = {}
        self._last = 0
        self._saying: list[str] = []

    def begin(self, frame: Frame) -> None:
        """Remember how everything was before the first step."""
        self._last = self._state(frame)

    def walked(self, step: Step, outcome: str, logged: dict[str, Any] | None) -> None:
        """See `World.walked`."""
        super().walked(step, outcome, logged)
        steps = self.played.steps
        after = self._state(step.run.frames[-1])
        if step.flow.id == CALLER:
            self._last = after
            return
        told = entry(step)
        self.size += len(msgspec.json.encode(told))
        steps.append(
            PlayedStep(
                flow=step.flow.id,
                version=step.flow.version,
                action=step.action.id,
                name=step.action.name,
                type=step.action.type,
                outcome=outcome,
                at=self.clock,
                before=self._last,
                after=after,
                said=self._saying,
                entry=told,
            )
        )
        self._saying = []
        self._last = after
        if self.watch is not None:
            self.watch(len(steps))

    def say(self, message: Message, *, bot: bool = False) -> None:
        """See `World.say`."""
        super().say(message, bot=bot)
        self._saying.append(self.note("bot" if bot else "flow", message))

    def note(self, who: Speaker, message: Message) -> str:
        """Write down a message; the text it is known by."""
        kind, text = self._written(message)
        self.line(who, kind, text)
        return text

    def line(self, who: Speaker, kind: str, text: str) -> None:
        """Write down what somebody said or did."""
        self.played.lines.append(Line(who, kind, text, len(self.played.steps)))

    def _written(self, message: Message) -> tuple[str, str]:
        if message.interactive is not None:
            return "interactive", message.interactive
        if message.written is not None:
            return "text", message.written
        if message.prompt_id is not None:
            prompt = self.find("prompt", message.prompt_id)
            return "prompt", prompt.name if prompt is not None else message.prompt_id
        return "audio", message.uri or message.prompt_arn or message.tone or ""

    def _state(self, frame: Frame) -> int:
        """The number of a state: everything that can be read by `$.`, as JSON."""
        found = {root: value for root in ROOTS if (value := resolve((root,), frame, self)) is not MISSING}
        text = msgspec.json.encode(found, order="sorted").decode()
        if text not in self._known:
            self._known[text] = len(self.played.states)
            self.played.states.append(text)
            self.size += len(text)
        return self._known[text]
