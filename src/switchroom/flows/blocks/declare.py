"""How a block is declared: what it is called, where it may stand, what is set on it, and by which ways it is left.

The runner, the checker, the designer and the reference page all read these declarations, and nothing else tells them
about blocks. Texts stand in English and Japanese beside each other.

    CHECK_HOURS = Face("check-hours", ("Check hours of operation", "..."), ("Tells ...", "..."), "CHECK", MOST)

    @block(
        CHECK_HOURS,
        "CheckHoursOfOperation",
        Field("HoursOfOperationId", ("Hours of operation", "..."), "RESOURCE", resource="hours-of-operation"),
        ways=(condition("True", ("In hours", "...")), condition("False", ("Out of hours", "...")), ERROR),
    )
    def check_hours(step: Step) -> Move: ...
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from switchroom.flows.language import NO_MATCHING_CONDITION, NO_MATCHING_ERROR, text_of
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
)

Words = tuple[str, str]
"""A text in English and in Japanese."""

IN, CQ, CH, CW, OW = CONTACT_FLOW, CUSTOMER_QUEUE, CUSTOMER_HOLD, CUSTOMER_WHISPER, OUTBOUND_WHISPER
AH, AW, TA, TQ = AGENT_HOLD, AGENT_WHISPER, AGENT_TRANSFER, QUEUE_TRANSFER
ALL = (IN, CQ, CH, CW, OW, AH, AW, TA, TQ)
MOST = (IN, CQ, TA, TQ)

WORKS, FAILS, PASSES = "Y", "E", "S"
CHANNELS = ("VOICE", "CHAT", "TASK")

Group = Literal["INTERACT", "SET", "CHECK", "INTEGRATE", "END"]
Kind = Literal[
    "TEXT",
    "LONG_TEXT",
    "SSML",
    "NUMBER",
    "FLAG",
    "CHOICE",
    "CHOICES",
    "RESOURCE",
    "PAIRS",
    "NAMES",
    "PROMPT",
    "MESSAGES",
    "REFERENCES",
    "CRITERIA",
    "JSON",
    "REFERENCE",
    "PHONE",
    "DURATION",
    "KEYS",
    "CERTIFICATE",
    "TIME",
    "ROWS",
]
Mode = Literal["MD", "M", "D"]
"""Set manually, dynamically, or either way."""


def at(parameters: Any, path: str) -> Any:
    """What stands at a path of names joined by dots; None when nothing does. The empty path is all of it."""
    value = parameters
    for name in path.split(".") if path else ():
        value = value.get(name) if isinstance(value, dict) else None
    return value


@dataclass(frozen=True, slots=True)
class Tell:
    """Something that parameters show: one of `values` stands at `path`, or anything at all, or (`absent`) nothing.

    Values are compared as text without regard to case; nothing and the empty list count as the empty text; of a list
    one item is enough.
    """

    path: str
    values: tuple[str, ...] = ()
    absent: bool = False

    def holds(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the parameters show it."""
        value = at(parameters, self.path)
        if self.absent:
            return value is None
        if not self.values:
            return value is not None
        wanted = [one.lower() for one in self.values]
        if isinstance(value, list) and value:
            return any(text_of(item).lower() in wanted for item in value)
        return ("" if value in (None, []) else text_of(value).lower()) in wanted


def has(path: str) -> Tell:
    """Something stands at the path, if only an empty text."""
    return Tell(path)


def lacks(path: str) -> Tell:
    """Nothing stands at the path."""
    return Tell(path, absent=True)


def shows(path: str, *values: str) -> Tell:
    """One of the values stands at the path."""
    return Tell(path, values)


def on(path: str) -> Tell:
    """A flag is set."""
    return Tell(path, ("true",))


def off(path: str) -> Tell:
    """A flag is not set."""
    return Tell(path, ("false", ""))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to choose, and how it is called."""

    value: str
    label: Words


def choices(**labels: Words) -> tuple[Choice, ...]:
    """Choices whose values are names: `choices(Enabled=("On", "..."))`."""
    return tuple(Choice(value, label) for value, label in labels.items())


@dataclass(frozen=True, slots=True)
class Field:
    """A property of a block, at a path of its parameters.

    `one_of`: at most one field of the group is filled, and one has to be where one of them is required. `when`: the
    field is there only when all hold. `low`, `high`: least and greatest number, `high` also the most characters of a
    text. `fields`: the columns of rows; of pairs, what the value is wrapped in. `attribute_keys`: the keys of the pairs
    are keys of attributes.
    """

    path: str
    label: Words
    kind: Kind = "TEXT"
    mode: Mode = "MD"
    required: bool = False
    help: Words | None = None
    default: str | None = None
    choices: tuple[Choice, ...] = ()
    resource: str | None = None
    types: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None
    unit: str | None = None
    one_of: str | None = None
    when: tuple[Tell, ...] = ()
    fields: tuple["Field", ...] = ()
    attribute_keys: bool = False

    def shown(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the field is there."""
        return all(tell.holds(parameters) for tell in self.when)


@dataclass(frozen=True, slots=True)
class Way:
    """A way out of a block: `NextAction`, an error type, or a condition whose operand is `outcome`.

    Old flows may lack a way that is not `required`.
    """

    kind: Literal["NEXT", "ERROR", "CONDITION"]
    outcome: str
    label: Words
    required: bool = True
    operator: str = "Equals"
    when: tuple[Tell, ...] = ()

    def open(self, parameters: Mapping[str, Any]) -> bool:
        """Whether the block has it with these parameters."""
        return all(tell.holds(parameters) for tell in self.when)


def error(type: str, label: Words, *when: Tell, required: bool = True) -> Way:
    """The way of an error type."""
    return Way("ERROR", type, label, required, when=when)


def condition(operand: str, label: Words, *when: Tell, operator: str = "Equals", required: bool = True) -> Way:
    """The way of a condition that the block itself asks."""
    return Way("CONDITION", operand, label, required, operator, when)


SUCCESS = Way("NEXT", "", ("Success", "成功"))
ERROR = error(NO_MATCHING_ERROR, ("Error", "エラー"))
OLD_ERROR = error(NO_MATCHING_ERROR, ("Error", "エラー"), required=False)
"""An Error branch that came to the block later: old flows lack it and go on by Success."""
NO_MATCH = error(NO_MATCHING_CONDITION, ("No match", "一致なし"))
BOTH = (SUCCESS, ERROR)

EQUALS = Choice("Equals", ("Equals", "等しい"))
NUMBER_OPERATORS = (
    Choice("NumberGreaterThan", ("Is greater than", "より大きい")),
    Choice("NumberGreaterOrEqualTo", ("Is greater or equal", "以上")),
    Choice("NumberLessThan", ("Is less than", "より小さい")),
    Choice("NumberLessOrEqualTo", ("Is less or equal", "以下")),
)
OPERATORS = (
    EQUALS,
    *NUMBER_OPERATORS,
    Choice("TextStartsWith", ("Starts with", "で始まる")),
    Choice("TextEndsWith", ("Ends with", "で終わる")),
    Choice("TextContains", ("Contains", "を含む")),
)


@dataclass(frozen=True, slots=True)
class Rows:
    """Ways that the author adds, in order; the first that holds is taken. `{}` in `label` stands for the operand."""

    label: Words
    operators: tuple[Choice, ...] = (EQUALS,)
    operand: Literal["TEXT", "NUMBER", "KEY", "INTENT", "PERCENT", "CHOICE"] = "TEXT"
    choices: tuple[Choice, ...] = ()
    dynamic: bool = False
    unit: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Companion:
    """A second action that is drawn with the first: behind it, or `before` it. There when a field of it is filled."""

    type: str
    fields: tuple[Field, ...]
    preset: Mapping[str, Any] = field(default_factory=dict)
    before: bool = False


@dataclass(frozen=True, slots=True)
class Face:
    """A block of the palette (table D1).

    `letters` is for voice, chat and task: Y works, E takes the error branch, S succeeds without effect. A block of
    inbound flows may stand in a module too unless `module` says otherwise. `also`: flow types that the public
    descriptions add to those of the table; there the block works and the checker warns. `failure` is the branch of what
    it is refused for; None: the flow ends. `behind`: the block that comes first in a flow that has both.
    """

    key: str
    name: Words
    about: Words
    group: Group
    types: tuple[str, ...]
    letters: str = "YYY"
    log: str = ""
    module: bool | None = None
    also: tuple[str, ...] = ()
    failure: str | None = NO_MATCHING_ERROR
    behind: str = ""

    @property
    def places(self) -> tuple[str, ...]:
        """Flow types, with `MODULE`, that the block is offered in."""
        inside = IN in self.types if self.module is None else self.module
        return (*self.types, MODULE) if inside else self.types


def queue_fields(*, required: bool = False, help: Words | None = None) -> tuple[Field, Field]:
    """By queue or by agent."""
    return (
        Field(
            "QueueId",
            ("By queue", "キュー別"),
            "RESOURCE",
            resource="queue",
            one_of="queue",
            required=required,
            help=help,
        ),
        Field(
            "AgentId", ("By agent", "エージェント別"), "RESOURCE", resource="user", one_of="queue", required=required
        ),
    )


WORKING_QUEUE: Words = ("Empty: the working queue.", "空の場合は作業キューが使われます。")


def prompt_field(*, required: bool = True) -> Field:
    """A library prompt, a text, SSML, or an audio file; see `PROMPT_PATHS`."""
    return Field("", ("Prompt", "プロンプト"), "PROMPT", required=required)


PROMPT_PATHS = ("PromptId", "Text", "SSML", "Media")
