"""What a scenario did: its steps with everything `$.` reads before and after each, and who said what."""

from typing import Any, Literal

import msgspec

from switchroom.flows.state import Await, Ended

Speaker = Literal["flow", "bot", "customer"]


class PlayedStep(msgspec.Struct):
    """A block that ran: `before` and `after` count in `Played.states`, `outcome` is as in `run.way`."""

    flow: str
    version: int
    action: str
    name: str
    type: str
    outcome: str
    at: int
    before: int
    after: int
    said: list[str] = []
    entry: dict[str, Any] | None = None


class Line(msgspec.Struct, frozen=True):
    """Something said or done. `kind`: `text`, `prompt` (its name), `audio` (its place), `interactive` (JSON), `keys`,
    or what the customer did. `step`: how many steps had been made then."""

    who: Speaker
    kind: str
    text: str
    step: int


class FunctionUse(msgspec.Struct, frozen=True):
    """A call of a function: the event it got, and its answer or why there was none."""

    name: str
    event: Any
    answer: Any
    failed: str | None
    step: int


class Played(msgspec.Struct):
    """A played scenario. `states` are JSON objects as text; `awaiting` is what the flow waits for, if it does."""

    steps: list[PlayedStep] = []
    states: list[str] = []
    lines: list[Line] = []
    functions: list[FunctionUse] = []
    ended: Ended | None = None
    left: bool = False
    """The customer has hung up."""
    awaiting: Await | None = None
    now: int = 0

    @property
    def end(self) -> str:
        """`disconnect`, `resumed`, `queued`, `agent`, `failed`, `left`, or `waiting:` and what for."""
        if self.left:
            return "left"
        if self.ended is not None:
            return self.ended.reason
        return f"waiting:{self.awaiting.kind}" if self.awaiting is not None else "failed"
