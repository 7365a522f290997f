"""The table of blocks. Each file of this folder declares the blocks of its family and the functions that run them.

@block(LOOP, "Loop", Field("LoopCount", ...), ways=(condition("ContinueLooping", ...), ...))
def loop(step: Step) -> Move: ...

@resumes("Wait")
def waited(step: Step, signal: Signal) -> Move: ...
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Any, Protocol

from switchroom.flows.blocks.declare import (
    CHANNELS,
    ERROR,
    FAILS,
    OLD_ERROR,
    PASSES,
    Companion,
    Face,
    Field,
    Rows,
    Tell,
    Way,
    Words,
)
from switchroom.flows.blocks.step import Begin, Move, Resume, Step
from switchroom.flows.language import NO_MATCHING_ERROR, Action
from switchroom.flows.state import MODULE, Signal

GROUPS = ("INTERACT", "SET", "CHECK", "INTEGRATE", "END")


class Spot(Protocol):
    """An action under the checker's eyes."""

    @property
    def parameters(self) -> Mapping[str, Any]: ...
    @property
    def action(self) -> Action: ...
    def problem(self, code: str, where: str = "", /, *, warning: bool = False, **values: object) -> None:
        """Note a problem at a place in the action; `code` and `values` give the message (flows/messages.py)."""


Check = Callable[[Spot], None]


@dataclass(slots=True)
class Form:
    """One form of a block: an action type, and the parameters that tell it from others of that type.

    `types`: where it is offered, if not everywhere the face is. `waits`: it takes time, or counts, so that a ring
    of blocks with it is not endless. `twice`: the flow log has an entry when it begins and one when it ends.
    """

    face: Face
    key: str
    name: Words | None
    type: str
    aliases: tuple[str, ...]
    tells: tuple[Tell, ...]
    preset: Mapping[str, Any]
    fields: tuple[Field, ...]
    ways: tuple[Way, ...]
    rows: Rows | None
    types: tuple[str, ...]
    companion: Companion | None
    letters: str
    log: str
    begin: Begin
    resume: Resume
    check: Check | None = None
    available: bool = True
    waits: bool = False
    twice: bool = False
    serial: int = 0
    places: frozenset[str] = frozenset()
    channels: Mapping[str, str] | None = None

    def __post_init__(self) -> None:
        self.places = frozenset((*self.face.places, *self.face.also))
        self.channels = dict(zip(CHANNELS, self.letters, strict=True))

    def ways_of(self, parameters: Mapping[str, Any]) -> Iterator[Way]:
        """The ways that the block has with these parameters."""
        return (way for way in self.ways if not way.when or way.open(parameters))

    def told(self, parameters: Mapping[str, Any]) -> bool:
        """Whether an action of the type with these parameters is of this form."""
        return all(tell.holds(parameters) for tell in self.tells)


_serials = count()
FACES: dict[str, Face] = {}
FORMS: dict[str, list[Form]] = {}
"""The forms of an action type, in the order of the catalogue."""


def block(
    face: Face,
    type: str,
    *fields: Field,
    ways: tuple[Way, ...] = (),
    rows: Rows | None = None,
    key: str = "",
    name: Words | None = None,
    tells: tuple[Tell, ...] = (),
    preset: Mapping[str, Any] | None = None,
    types: tuple[str, ...] = (),
    companion: Companion | None = None,
    letters: str = "",
    log: str = "",
    aliases: tuple[str, ...] = (),
    check: Check | None = None,
    available: bool = True,
    waits: bool = False,
    twice: bool = False,
) -> Callable[[Begin], Begin]:
    """Declare a form of a block, and register the function that runs it. Of several on one, the lowest comes first."""

    def register(begin: Begin) -> Begin:
        form = Form(
            face,
            key or face.key,
            name,
            type,
            aliases,
            tells,
            preset or {},
            fields,
            ways,
            rows,
            types,
            companion,
            letters or face.letters,
            log or face.log,
            begin,
            _go_on,
            check,
            available,
            waits,
            twice,
            next(_serials),
        )
        if FACES.setdefault(face.key, face) is not face:
            raise ValueError(f"Two blocks are called {face.key}")
        for each in (type, *aliases):
            FORMS.setdefault(each, []).append(form)
            FORMS[each].sort(key=place_of)
        return begin

    return register


def resumes(type: str, block: str = "") -> Callable[[Resume], Resume]:
    """Register the function that takes an action type (of one block only, if named) on when its signal comes."""

    def register(resume: Resume) -> Resume:
        for form in FORMS[type]:
            if block in ("", form.face.key):
                form.resume = resume
        return resume

    return register


def later(
    face: Face, type: str, *fields: Field, ways: tuple[Way, ...] = (), rows: Rows | None = None, **more: Any
) -> None:
    """Declare a form that is understood but whose capability this centre does not have: it takes Error."""

    def begin(step: Step) -> Move:
        return step.fail(face.failure or NO_MATCHING_ERROR, f"{face.name[0]} is switched off in this contact centre")

    block(face, type, *fields, ways=ways, rows=rows, available=False, **more)(begin)


def place_of(form: Form) -> tuple[int, str, int]:
    """Where a form stands in the catalogue: by group, then by name; forms of a block as they were declared."""
    return GROUPS.index(form.face.group), form.face.name[0].casefold(), form.serial


def form_of(type: str, parameters: Mapping[str, Any]) -> Form | None:
    """The form an action is of: the first that is told, else the first of its type; None for an unknown type."""
    forms = FORMS.get(type)
    if forms is None:
        return None
    if len(forms) > 1:
        for form in forms:
            if form.told(parameters):
                return form
    return forms[0]


def forms() -> list[Form]:
    """Every form, in the order of the catalogue."""
    found = {id(form): form for of_type in FORMS.values() for form in of_type}
    return sorted(found.values(), key=place_of)


def begin(step: Step) -> Move:
    """Run a block, if it may stand in a flow of this type and works for the channel (BLK-003, BLK-004)."""
    action = step.action
    form = form_of(action.type, action.parameters)
    if form is None:
        return step.fail(NO_MATCHING_ERROR, f"The action type {action.type} is not known")
    place = MODULE if step.frame.module else step.run.type
    if place not in form.places:
        return _refuse(step, form, f"{form.face.name[0]} may not be used in a flow of type {place}")
    channel = step.world.contact.channel
    rule = form.channels.get(channel, FAILS) if form.channels else FAILS
    if rule == PASSES:
        return step.next()
    if rule == FAILS:
        return _refuse(step, form, f"{form.face.name[0]} does not work for the channel {channel}")
    return form.begin(step)


def resume(step: Step, signal: Signal) -> Move:
    """Take a waiting block on."""
    form = form_of(step.action.type, step.action.parameters)
    if form is None:
        return step.fail(NO_MATCHING_ERROR, f"The action type {step.action.type} is not known")
    return form.resume(step, signal)


def log_name(action: Action) -> str:
    """`ContactFlowModuleType` of the flow log; of an unknown action its type."""
    form = form_of(action.type, action.parameters)
    return action.type if form is None else form.log


def logs_exit(type: str) -> bool:
    """Functions and input are logged on entry and exit, with what was sent and what came back; others once."""
    found = FORMS.get(type)
    return found is not None and found[0].twice


def _refuse(step: Step, form: Form, text: str) -> Move:
    if form.face.failure is None:
        step.results, step.failed = text, True
        return step.end("failed", text)
    move = step.fail(form.face.failure, text)
    if move.target is None and OLD_ERROR in form.ways:
        return step.end("resumed", text)
    return move


def _go_on(step: Step, signal: Signal) -> Move:
    if signal.kind == "done":
        return step.next()
    return step.fail(ERROR.outcome, str(signal.value or signal.kind))
