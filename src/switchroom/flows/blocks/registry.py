"""The table of blocks. Each file of this folder registers the action types of its family.

@block("Loop", Gate("Loop", "ループ", "Loop", ALL), conditions=("ContinueLooping", "DoneLooping"), next=False)
def loop(step: Step) -> Move: ...

@resumes("Wait")
def waited(step: Step, signal: Signal) -> Move: ...
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switchroom.flows.blocks.step import Begin, Move, Resume, Step
from switchroom.flows.language import NO_MATCHING_ERROR, Action
from switchroom.flows.state import (
    AGENT_HOLD,
    AGENT_TRANSFER,
    AGENT_WHISPER,
    CONTACT_FLOW,
    CUSTOMER_HOLD,
    CUSTOMER_QUEUE,
    CUSTOMER_WHISPER,
    MODULE,
    OUTBOUND_WHISPER,
    QUEUE_TRANSFER,
    Signal,
)

WORKS, ERROR, PASS = "Y", "E", "S"
CHANNELS = ("VOICE", "CHAT", "TASK")

IN, CQ, CH, CW, OW = CONTACT_FLOW, CUSTOMER_QUEUE, CUSTOMER_HOLD, CUSTOMER_WHISPER, OUTBOUND_WHISPER
AH, AW, TA, TQ = AGENT_HOLD, AGENT_WHISPER, AGENT_TRANSFER, QUEUE_TRANSFER
ALL = (IN, CQ, CH, CW, OW, AH, AW, TA, TQ)
MOST = (IN, CQ, TA, TQ)

Reference = Literal[
    "queue",
    "user",
    "hours-of-operation",
    "prompt",
    "contact-flow",
    "contact-flow-module",
    "task-template",
    "lambda-function",
]


@dataclass(frozen=True, slots=True)
class Gate:
    """Where a block may stand (table D1): flow types, channels, and what it is called.

    `channels` has one letter for voice, chat and task: Y works, E takes the error branch, S succeeds without effect.
    A block of inbound flows may stand in a module too unless `module` says otherwise.
    """

    name: str
    japanese: str
    log: str
    types: tuple[str, ...]
    letters: str = "YYY"
    module: bool | None = None
    failure: str = NO_MATCHING_ERROR
    channels: Mapping[str, str] = field(init=False)

    def __post_init__(self) -> None:
        inside = CONTACT_FLOW in self.types if self.module is None else self.module
        object.__setattr__(self, "types", (*self.types, MODULE) if inside else self.types)
        object.__setattr__(self, "channels", dict(zip(CHANNELS, self.letters, strict=True)))


@dataclass(frozen=True, slots=True)
class Parameter:
    """What the checker knows of a parameter. `path` goes down with dots; `one_of` names alternatives of a group.

    `reference`: the value names a resource of that kind. `choices`: the only texts allowed. `low`, `high`: a number.
    """

    path: str
    required: bool = False
    reference: Reference | None = None
    choices: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    one_of: str = ""
    dynamic_only: bool = False
    static_only: bool = False


@dataclass(slots=True)
class Block:
    """An action type. `errors` must all be connected, `optional_errors` may be missing in old flows."""

    type: str
    gate_of: Callable[[Mapping[str, Any]], Gate]
    begin: Begin
    resume: Resume
    parameters: tuple[Parameter, ...] = ()
    next: bool = True
    errors: tuple[str, ...] = (NO_MATCHING_ERROR,)
    optional_errors: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    any_conditions: bool = False
    available: bool = True
    waits: bool = False

    def gate(self, parameters: Mapping[str, Any]) -> Gate:
        """The gate, which for a few action types depends on their parameters."""
        return self.gate_of(parameters)


BLOCKS: dict[str, Block] = {}
_TWICE = ("InvokeLambdaFunction", "GetParticipantInput", "ConnectParticipantWithLexBot")


def block(
    type: str,
    gate: Gate | Callable[[Mapping[str, Any]], Gate],
    *parameters: Parameter,
    next: bool = True,
    errors: tuple[str, ...] = (NO_MATCHING_ERROR,),
    optional_errors: tuple[str, ...] = (),
    conditions: tuple[str, ...] = (),
    any_conditions: bool = False,
    waits: bool = False,
) -> Callable[[Begin], Begin]:
    """Register the function that runs an action type."""

    def register(begin: Begin) -> Begin:
        gate_of = gate if callable(gate) else lambda _: gate
        BLOCKS[type] = Block(
            type,
            gate_of,
            begin,
            _go_on,
            parameters,
            next=next,
            errors=errors,
            optional_errors=optional_errors,
            conditions=conditions,
            any_conditions=any_conditions,
            waits=waits,
        )
        return begin

    return register


def resumes(type: str) -> Callable[[Resume], Resume]:
    """Register the function that takes an action type on when its signal comes."""

    def register(resume: Resume) -> Resume:
        BLOCKS[type].resume = resume
        return resume

    return register


def later(type: str, gate: Gate, *parameters: Parameter, **outcomes: Any) -> None:
    """Register an action type that is understood but whose capability this centre does not have: it takes Error."""

    def begin(step: Step) -> Move:
        return step.fail(gate.failure, f"{gate.name} is switched off in this contact centre")

    block(type, gate, *parameters, **outcomes)(begin)
    BLOCKS[type].available = False


def alias(type: str, of: str) -> None:
    """Another spelling of an action type."""
    BLOCKS[type] = BLOCKS[of]


def log_name(action: Action) -> str:
    """`ContactFlowModuleType` of the flow log; of an unknown action its type."""
    found = BLOCKS.get(action.type)
    return action.type if found is None else found.gate(action.parameters).log


def logs_exit(type: str) -> bool:
    """Functions and input are logged on entry and exit, with what was sent and what came back; others once."""
    return type in _TWICE


def _go_on(step: Step, signal: Signal) -> Move:
    return step.next() if signal.kind == "done" else step.fail(NO_MATCHING_ERROR, str(signal.value or signal.kind))
