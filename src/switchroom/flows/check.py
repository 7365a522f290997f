"""The flow checker: everything that can be known of a flow before it runs.

Errors refuse publishing; warnings do not. The same list is answered by `switchroom flow check`, by the problems of
`InvalidContactFlowException`, and by the flow page.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any, Literal

import msgspec

from switchroom.flows import graph
from switchroom.flows.attributes import path_of
from switchroom.flows.blocks import registry
from switchroom.flows.blocks.declare import Face, Way, at
from switchroom.flows.blocks.registry import Form
from switchroom.flows.blocks.step import OPERATORS, number
from switchroom.flows.fields import check_fields
from switchroom.flows.language import (
    NO_MATCHING_CONDITION,
    NO_MATCHING_ERROR,
    Action,
    CompiledFlow,
    FlowSyntaxError,
    parse,
    text_of,
)
from switchroom.flows.messages import render

MAXIMUM_CHARACTERS = 1_000_000
"""What a flow to be published may have; see `language` for what is read at all."""

MAXIMUM_NESTING = 5
MAXIMUM_PARTS = 50
"""Conditions inside the And and Or of one action, and how deep they go (table D2)."""

MAXIMUM_ACTIONS = 250
MAXIMUM_IDENTIFIER = 50
FORBIDDEN_CHARACTERS = "%:(\\/)=$,;[]{}"
FORBIDDEN_NAMES = (
    "__proto__",
    "constructor",
    "__defineGetter__",
    "__defineSetter__",
    "toString",
    "hasOwnProperty",
    "isPrototypeOf",
    "propertyIsEnumerable",
    "toLocaleString",
    "valueOf",
)
_LOOSE_REFERENCE = re.compile(r"\$\.[A-Za-z][^\s]*")

Exists = Callable[[str, str], bool]
"""Whether a resource of a kind (`queue`, `contact-flow`, ...) is there, by id or ARN."""


class Problem(msgspec.Struct, frozen=True, omit_defaults=True):
    """One finding. `path` goes from the document to the spot, `message` is in the language asked for."""

    severity: Literal["error", "warning"]
    code: str
    message: str
    action: str = ""
    path: str = ""


class ActionSpot:
    """An action under the checker's eyes; see `registry.Spot`."""

    def __init__(self, checker: "Checker", action: Action) -> None:
        self.checker = checker
        self.action = action

    @property
    def parameters(self) -> Mapping[str, Any]:
        """As stored."""
        return self.action.parameters

    def problem(self, code: str, where: str = "", /, *, warning: bool = False, **values: object) -> None:
        """Note a problem at a place in the action."""
        self.checker.add(code, self.action, where, warning=warning, **values)

    def exists(self, kind: str, reference: str) -> bool:
        """Whether a resource is there; True when nobody can tell."""
        return self.checker.exists is None or self.checker.exists(kind, reference)


class Checker:
    """Collects the problems of one flow."""

    def __init__(self, flow: CompiledFlow, exists: Exists | None, language: str) -> None:
        self.flow = flow
        self.exists = exists
        self.language = language
        self.japanese = language.startswith("ja")
        self.problems: list[Problem] = []
        self.raw: list[dict[str, Any]] = flow.document["Actions"]
        self.indexes: dict[str, int] = {}
        for index, raw in enumerate(self.raw):
            self.indexes.setdefault(raw["Identifier"], index)

    def add(
        self, code: str, action: Action | None = None, where: str = "", /, *, warning: bool = False, **values: object
    ) -> None:
        """Note a problem at a place inside an action, or of the whole flow; `values` go into the message."""
        index = "" if action is None else f"Actions[{self.indexes[action.id]}]"
        self.problems.append(
            Problem(
                "warning" if warning else "error",
                code,
                render(code, self.language, values),
                "" if action is None else action.id,
                ".".join(part for part in (index, where) if part),
            )
        )

    def run(self) -> list[Problem]:
        """All problems, those of the document first, then by action."""
        self._document()
        for action in self.flow.actions.values():
            self._identifier(action)
            self._shape(action)
            form = registry.form_of(action.type, action.parameters)
            if form is None:
                self.add("unknown-type", action, "Type", warning=True, type=action.type)
                self._targets(action)
                continue
            self._block(action, form)
        self._paths()
        return self.problems

    def _block(self, action: Action, form: Form) -> None:
        spot = ActionSpot(self, action)
        self._place(action, form)
        self._outcomes(action, form)
        self._targets(action)
        self._told(spot, form)
        check_fields(spot, form.fields, action.parameters, "Parameters")
        if form.check is not None:
            form.check(spot)
        self._conditions(action, form)
        self._references(action)

    def _document(self) -> None:
        raw = self.flow.document["Actions"]
        if not raw:
            self.add("no-actions")
        if len(raw) > MAXIMUM_ACTIONS:
            self.add("too-many-actions", count=len(raw), maximum=MAXIMUM_ACTIONS)
        if raw and self.flow.start not in self.flow.actions:
            self.add("unknown-start", None, "StartAction")
        seen: set[str] = set()
        for item in raw:
            if item["Identifier"] in seen:
                self.add("duplicate-identifier", self.flow.actions[item["Identifier"]], "Identifier")
            seen.add(item["Identifier"])

    def _identifier(self, action: Action) -> None:
        if len(action.id) > MAXIMUM_IDENTIFIER:
            self.add("identifier-too-long", action, "Identifier", maximum=MAXIMUM_IDENTIFIER)
        for code, text in (("forbidden-identifier", action.id), ("forbidden-name", action.name)):
            found = next((c for c in FORBIDDEN_CHARACTERS if c in text), None) or next(
                (name for name in FORBIDDEN_NAMES if name in text), None
            )
            if found is not None and (code == "forbidden-identifier" or text != action.id):
                self.add(code, action, "Identifier", found=found)

    def _shape(self, action: Action) -> None:
        """What has the wrong JSON type, and was left aside when the flow was read."""
        raw = self.raw[self.indexes[action.id]]
        transitions = raw.get("Transitions")
        wanted: tuple[tuple[str, Any, type, str], ...] = (
            ("Parameters", raw.get("Parameters"), dict, "{...}"),
            ("Transitions", transitions, dict, "{...}"),
        )
        if isinstance(transitions, dict):
            wanted += (
                ("Transitions.NextAction", transitions.get("NextAction"), str, '"..."'),
                ("Transitions.Conditions", transitions.get("Conditions"), list, "[...]"),
                ("Transitions.Errors", transitions.get("Errors"), list, "[...]"),
            )
        for where, value, type_, expected in wanted:
            if value is not None and not isinstance(value, type_):
                self.add("wrong-shape", action, where, parameter=where, expected=expected)

    def _place(self, action: Action, form: Form) -> None:
        face = form.face
        name = face.name[self.japanese]
        if self.flow.type not in face.places:
            self.add(
                "wrong-flow-type", action, "Type", warning=self.flow.type in face.also, name=name, type=self.flow.type
            )
        if not form.available:
            self.add("unavailable", action, "Type", warning=True, name=name)

    def _told(self, spot: ActionSpot, form: Form) -> None:
        """The parameters tell no form of the block."""
        if form.told(spot.parameters):
            return
        path = form.tells[0].path
        forms = registry.FORMS[spot.action.type]
        allowed = [value for one in forms for tell in one.tells if tell.path == path for value in tell.values]
        given = at(spot.parameters, path)
        if given in (None, ""):
            spot.problem("missing-parameter", f"Parameters.{path}", parameter=path)
        elif allowed:
            choices = ", ".join(dict.fromkeys(value for value in allowed if value))
            spot.problem("not-allowed-value", f"Parameters.{path}", parameter=path, choices=choices, value=given)

    def _outcomes(self, action: Action, form: Form) -> None:
        present = {condition.operand for condition in action.conditions}
        for way in form.ways_of(action.parameters):
            if self._connected(action, way, present) or _asks_nothing(action, form, way):
                continue
            where = {"NEXT": "NextAction", "ERROR": "Errors", "CONDITION": "Conditions"}[way.kind]
            outcome = way.label[self.japanese]
            if way.required:
                self.add("unconnected", action, f"Transitions.{where}", outcome=outcome)
            elif way.outcome == NO_MATCHING_ERROR and way.outcome not in action.errors:
                self.add("no-error-branch", action, f"Transitions.{where}", warning=True, outcome=outcome)

    def _connected(self, action: Action, way: Way, present: set[str]) -> bool:
        if way.kind == "NEXT":
            return action.next is not None
        return bool(action.errors.get(way.outcome)) if way.kind == "ERROR" else way.outcome in present

    def _targets(self, action: Action) -> None:
        for outcome, target, path in _ways(action):
            if not target:
                self.add("unconnected", action, path, outcome=outcome)
            elif target not in self.flow.actions:
                self.add("unknown-target", action, path, outcome=outcome, target=target)

    def _conditions(self, action: Action, form: Form) -> None:
        transitions = self.raw[self.indexes[action.id]].get("Transitions")
        given = transitions.get("Conditions") if isinstance(transitions, dict) else None
        allowed = {way.operator for way in form.ways if way.kind == "CONDITION"}
        allowed |= {operator.value for operator in form.rows.operators} if form.rows is not None else set()
        for index, raw in enumerate(given if isinstance(given, list) else ()):
            where = f"Transitions.Conditions[{index}].Condition"
            condition = raw.get("Condition") if isinstance(raw, dict) else None
            parts = self._condition(action, condition, where, allowed, 1)
            if parts - 1 > MAXIMUM_PARTS:
                self.add("too-many-conditions", action, where, maximum=MAXIMUM_PARTS)

    def _condition(self, action: Action, raw: Any, where: str, allowed: set[str], depth: int) -> int:
        """Check a condition and those inside it; how many there are."""
        operator = raw.get("Operator") if isinstance(raw, dict) else None
        operands = raw.get("Operands") if isinstance(raw, dict) else None
        if not isinstance(operator, str) or not isinstance(operands, list):
            self.add("wrong-shape", action, where, parameter="Condition", expected='{"Operator", "Operands": [...]}')
            return 1
        if operator in ("And", "Or"):
            if depth > MAXIMUM_NESTING:
                self.add("nested-too-deep", action, where, maximum=MAXIMUM_NESTING)
                return 1
            inner = [part.get("Condition", part) if isinstance(part, dict) else part for part in operands]
            return 1 + sum(
                self._condition(action, part, f"{where}.Operands[{index}]", allowed, depth + 1)
                for index, part in enumerate(inner)
            )
        if operator not in OPERATORS:
            self.add("unknown-operator", action, where, operator=operator)
        elif allowed and operator not in allowed:
            self.add("operator-not-allowed", action, where, operator=operator, allowed=", ".join(sorted(allowed)))
        if len(operands) != 1 or isinstance(operands[0], (dict, list)) or operands[0] is None:
            self.add("one-operand", action, where, operator=operator)
        elif operator.startswith("Number") and not _numeric(text_of(operands[0])):
            self.add("not-a-number", action, where, operator=operator, value=text_of(operands[0]))
        return 1

    def _references(self, action: Action) -> None:
        for where, text in _texts(action.parameters, "Parameters"):
            for found in _LOOSE_REFERENCE.findall(text):
                root = re.split(r"[.\[]", found[2:], maxsplit=1)[0]
                if path_of(f"$.{root}") is None:
                    self.add("bad-reference", action, where, warning=True, value=found)

    def _paths(self) -> None:
        if self.flow.start not in self.flow.actions or len(self.raw) > MAXIMUM_ACTIONS:
            return
        edges = {
            action.id: list(dict.fromkeys(target for _, target, _ in _ways(action) if target in self.flow.actions))
            for action in self.flow.actions.values()
        }
        reached = graph.reachable(edges, self.flow.start)
        for action in self.flow.actions.values():
            if action.id not in reached:
                self.add("unreachable", action, warning=True)
        self._order(edges)
        circling = self._circles(reached)
        for ring in graph.rings(edges, [node for node in edges if node in reached and node not in circling]):
            members = [self.flow.actions[identifier] for identifier in ring]
            path = " > ".join(action.name for action in members)
            inside = set(ring)
            leaves = any(target not in inside for action in members for target in edges[action.id])
            if not leaves:
                self.add("no-way-out", members[0], warning=True, path=path)
            elif graph.rings(edges, [a.id for a in members if not _holds_up(a)]):
                self.add("endless-loop", members[0], warning=True, path=path)

    def _circles(self, reached: set[str]) -> set[str]:
        """Blocks that follow each other for ever, whatever is asked: none waits, none branches. Refused."""
        always = {
            action.id: [action.next] if action.next in self.flow.actions and _goes_straight_on(action) else []
            for action in self.flow.actions.values()
        }
        circling: set[str] = set()
        for ring in graph.rings(always, [node for node in always if node in reached]):
            members = [self.flow.actions[identifier] for identifier in ring]
            self.add("circle", members[0], "Transitions.NextAction", path=" > ".join(one.name for one in members))
            circling.update(ring)
        return circling

    def _order(self, edges: Mapping[str, list[str]]) -> None:
        """BLK-099: blocks that stand on the way to the block they have to come behind."""
        faces = {identifier: _face_of(action) for identifier, action in self.flow.actions.items()}
        for first in dict.fromkeys(face.behind for face in faces.values() if face is not None and face.behind):
            firsts = {identifier for identifier, face in faces.items() if face is not None and face.key == first}
            if not firsts:
                continue
            ahead = graph.reachable({k: [] if k in firsts else v for k, v in edges.items()}, self.flow.start)
            for identifier in ahead:
                face = faces[identifier]
                if face is not None and face.behind == first and firsts & graph.reachable(edges, identifier):
                    name, other = face.name[self.japanese], registry.FACES[first].name[self.japanese]
                    self.add("comes-before", self.flow.actions[identifier], warning=True, name=name, first=other)


def _face_of(action: Action) -> Face | None:
    form = registry.form_of(action.type, action.parameters)
    return form.face if form is not None else None


def check(
    content: str | bytes,
    type: str = "CONTACT_FLOW",
    *,
    exists: Exists | None = None,
    language: str = "en",
) -> list[Problem]:
    """The problems of a flow document of a type (`state.FLOW_TYPES` or `MODULE`).

    With `exists`, references to resources are looked up: an unknown one is an error where the block needs it.
    """
    try:
        flow = parse(content, type=type)
    except FlowSyntaxError as wrong:
        return [_refusal("not-a-flow", language, detail=str(wrong))]
    if len(content) > MAXIMUM_CHARACTERS:
        return [_refusal("too-large", language, size=len(content), maximum=MAXIMUM_CHARACTERS)]
    return Checker(flow, exists, language).run()


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Those that refuse publishing."""
    return [problem for problem in problems if problem.severity == "error"]


def _refusal(code: str, language: str, **values: object) -> Problem:
    return Problem("error", code, render(code, language, values))


def _ways(action: Action) -> Iterator[tuple[str, str, str]]:
    """Every outcome of an action: its name, where it leads, and where that is written."""
    if action.next is not None:
        yield "Success", action.next, "Transitions.NextAction"
    for index, condition in enumerate(action.conditions):
        yield condition.operand or condition.operator, condition.next, f"Transitions.Conditions[{index}]"
    for kind, target in action.errors.items():
        yield kind, target, "Transitions.Errors"


def _asks_nothing(action: Action, form: Form, way: Way) -> bool:
    """A bot without intents to branch on goes on by Success; exported flows then have no Default."""
    return way.outcome == NO_MATCHING_CONDITION and form.key == "bot" and not action.conditions and bool(action.next)


def _numeric(operand: str) -> bool:
    return "$" in operand or number(operand) is not None


def _goes_straight_on(action: Action) -> bool:
    """It has one way on, and takes no time: audio takes some."""
    sounds = any(action.parameters.get(name) for name in ("PromptId", "Media"))
    return not action.conditions and not sounds and not _holds_up(action)


def _holds_up(action: Action) -> bool:
    """A block that waits, counts, or asks, so that a ring through it is not endless."""
    form = registry.form_of(action.type, action.parameters)
    return form is None or form.waits


def _texts(value: Any, where: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        if "$." in value:
            yield where, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _texts(item, f"{where}.{key}")
    elif isinstance(value, list):
        for index, item in enumerate(value):
            yield from _texts(item, f"{where}[{index}]")
