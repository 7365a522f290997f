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
from switchroom.flows.blocks.change import HOOKS
from switchroom.flows.blocks.criteria import checked_criteria
from switchroom.flows.blocks.prompt import MAXIMUM_TEXT
from switchroom.flows.blocks.registry import Block, Parameter
from switchroom.flows.blocks.step import OPERATORS, number, truth
from switchroom.flows.language import Action, CompiledFlow, Condition, FlowSyntaxError, parse, text_of
from switchroom.flows.messages import render
from switchroom.flows.world import FlowError

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


class Checker:
    """Collects the problems of one flow."""

    def __init__(self, flow: CompiledFlow, exists: Exists | None, language: str) -> None:
        self.flow = flow
        self.exists = exists
        self.language = language
        self.problems: list[Problem] = []

    def add(
        self, code: str, action: Action | None = None, where: str = "", /, *, warning: bool = False, **values: object
    ) -> None:
        """Note a problem at a place inside an action, or of the whole flow; `values` go into the message."""
        index = "" if action is None else f"Actions[{self._index(action)}]"
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
            block = registry.BLOCKS.get(action.type)
            if block is None:
                self.add("unknown-type", action, "Type", warning=True, type=action.type)
                self._targets(action)
                continue
            self._gate(action, block)
            self._outcomes(action, block)
            self._targets(action)
            for parameter in block.parameters:
                self._parameter(action, parameter)
            self._groups(action, block)
            self._particulars(action)
            self._conditions(action, action.conditions)
            self._references(action)
        self._paths()
        return self.problems

    def _index(self, action: Action) -> int:
        actions = self.flow.document["Actions"]
        return next(i for i, raw in enumerate(actions) if raw["Identifier"] == action.id)

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

    def _gate(self, action: Action, block: Block) -> None:
        gate = block.gate(action.parameters)
        name = gate.japanese if self.language.startswith("ja") else gate.name
        if self.flow.type not in gate.types:
            self.add("wrong-flow-type", action, "Type", name=name, type=self.flow.type)
        if not block.available:
            self.add("unavailable", action, "Type", warning=True, name=name)

    def _outcomes(self, action: Action, block: Block) -> None:
        if block.next and action.next is None:
            self.add("unconnected", action, "Transitions.NextAction", outcome="Success")
        for error in (*block.errors, *_more_errors(action)):
            if not action.errors.get(error):
                self.add("unconnected", action, "Transitions.Errors", outcome=error)
        for error in block.optional_errors:
            if error == "NoMatchingError" and error not in action.errors:
                self.add("no-error-branch", action, "Transitions.Errors", warning=True, outcome=error)
        present = {condition.operand for condition in action.conditions}
        for operand in (*block.conditions, *_more_conditions(action)):
            if operand not in present:
                self.add("unconnected", action, "Transitions.Conditions", outcome=operand)

    def _targets(self, action: Action) -> None:
        for outcome, target, path in _ways(action):
            if not target:
                self.add("unconnected", action, path, outcome=outcome)
            elif target not in self.flow.actions:
                self.add("unknown-target", action, path, outcome=outcome, target=target)

    def _parameter(self, action: Action, parameter: Parameter) -> None:
        value = _at(action.parameters, parameter.path)
        where = f"Parameters.{parameter.path}"
        if value is None or value == "" or value == {}:
            if parameter.required:
                self.add("missing-parameter", action, where, parameter=parameter.path)
            return
        dynamic = isinstance(value, str) and "$" in value
        if parameter.dynamic_only and not (isinstance(value, str) and path_of(value) is not None):
            self.add("must-be-dynamic", action, where, parameter=parameter.path)
            return
        if dynamic or isinstance(value, dict):
            return
        text = text_of(value)
        if parameter.choices and text not in parameter.choices and text.capitalize() not in parameter.choices:
            choices = ", ".join(parameter.choices)
            self.add("not-allowed-value", action, where, parameter=parameter.path, choices=choices, value=text)
        if parameter.low is not None and parameter.high is not None:
            found = number(text)
            if found is None or found != int(found) or not parameter.low <= found <= parameter.high:
                low, high = parameter.low, parameter.high
                self.add("out-of-range", action, where, parameter=parameter.path, low=low, high=high, value=text)
        if parameter.reference is not None:
            mandatory = parameter.required or bool(parameter.one_of)
            self._resource(action, where, parameter.path, parameter.reference, text, mandatory)

    def _resource(self, action: Action, where: str, name: str, kind: str, value: str, mandatory: bool) -> None:
        if self.exists is not None and not self.exists(kind, value):
            self.add("unknown-reference", action, where, warning=not mandatory, parameter=name, kind=kind, value=value)

    def _groups(self, action: Action, block: Block) -> None:
        groups: dict[str, list[str]] = {}
        for parameter in block.parameters:
            if parameter.one_of:
                groups.setdefault(parameter.one_of, []).append(parameter.path)
        for group, names in groups.items():
            given = [name for name in names if action.parameters.get(name) not in (None, "")]
            optional = group == "prompt" and action.type == "GetParticipantInput"
            if not given and not optional:
                self.add("missing-one-of", action, "Parameters", parameters=", ".join(names))
            if len(given) > 1 and group != "time":
                self.add("only-one-of", action, "Parameters", parameters=", ".join(names))

    def _particulars(self, action: Action) -> None:
        parameters = action.parameters
        if action.type == "UpdateContactEventHooks":
            for hook, reference in _mapping(parameters.get("EventHooks")).items():
                if hook not in HOOKS:
                    self.add("bad-hook", action, "Parameters.EventHooks", hook=hook)
                elif isinstance(reference, str) and "$" not in reference:
                    self._resource(action, f"Parameters.EventHooks.{hook}", hook, "contact-flow", reference, True)
        if action.type in ("UpdateRoutingCriteria", "UpdateContactRoutingCriteria"):
            criteria = parameters.get("RoutingCriteria")
            if isinstance(criteria, dict) and "$" not in text_of(criteria):
                try:
                    checked_criteria(criteria, dynamic=False)
                except FlowError as wrong:
                    self.add("bad-criteria", action, "Parameters.RoutingCriteria", detail=wrong.text)
        for key in ("Attributes", "FlowAttributes"):
            for name in _mapping(parameters.get(key)):
                if not name or "$" in name or "." in name:
                    self.add("forbidden-key", action, f"Parameters.{key}", key=repr(name))
        for key in ("Text", "SSML"):
            if len(text_of(parameters.get(key, ""))) > MAXIMUM_TEXT:
                self.add("text-too-long", action, f"Parameters.{key}", maximum=MAXIMUM_TEXT)
        for index, message in enumerate(_list(parameters.get("Messages"))):
            prompt = _mapping(message).get("PromptId")
            if isinstance(prompt, str) and "$" not in prompt:
                self._resource(action, f"Parameters.Messages[{index}]", "PromptId", "prompt", prompt, True)

    def _conditions(self, action: Action, conditions: tuple[Condition, ...]) -> None:
        for condition in conditions:
            where = "Transitions.Conditions"
            if condition.operator in ("And", "Or"):
                self._conditions(action, condition.nested)
            elif condition.operator not in OPERATORS:
                self.add("unknown-operator", action, where, operator=condition.operator)
            elif condition.operator.startswith("Number") and not _numeric(condition.operand):
                self.add("not-a-number", action, where, operator=condition.operator, value=condition.operand)

    def _references(self, action: Action) -> None:
        for where, text in _texts(action.parameters, "Parameters"):
            for found in _LOOSE_REFERENCE.findall(text):
                root = re.split(r"[.\[]", found[2:], maxsplit=1)[0]
                if path_of(f"$.{root}") is None:
                    self.add("bad-reference", action, where, warning=True, value=found)

    def _paths(self) -> None:
        if self.flow.start not in self.flow.actions:
            return
        edges = {
            action.id: [target for _, target, _ in _ways(action) if target in self.flow.actions]
            for action in self.flow.actions.values()
        }
        reached = graph.reachable(edges, self.flow.start)
        for action in self.flow.actions.values():
            if action.id not in reached:
                self.add("unreachable", action, warning=True)
        for ring in graph.rings(edges, [node for node in edges if node in reached]):
            members = [self.flow.actions[identifier] for identifier in ring]
            path = " > ".join(action.name for action in members)
            inside = set(ring)
            leaves = any(target not in inside for action in members for target in edges[action.id])
            if not leaves:
                self.add("no-way-out", members[0], warning=True, path=path)
            elif graph.rings(edges, [a.id for a in members if not _holds_up(a)]):
                self.add("endless-loop", members[0], warning=True, path=path)


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
        return [Problem("error", "not-a-flow", render("not-a-flow", language, {"detail": str(wrong)}))]
    return Checker(flow, exists, language).run()


def errors_of(problems: list[Problem]) -> list[Problem]:
    """Those that refuse publishing."""
    return [problem for problem in problems if problem.severity == "error"]


def _more_errors(action: Action) -> tuple[str, ...]:
    """Outcomes that a parameter opens."""
    parameters = action.parameters
    if action.type == "GetParticipantInput":
        if not truth(parameters.get("StoreInput")):
            return ("InputTimeLimitExceeded", "NoMatchingCondition")
        if _at(parameters, "InputValidation.PhoneNumberValidation") is not None:
            return ("InvalidPhoneNumber",)
    if action.type == "TransferParticipantToThirdParty" and truth(parameters.get("ContinueFlowExecution")):
        return ("ConnectionTimeLimitExceeded", "CallFailed")
    if action.type == "Wait" and "BotParticipantDisconnected" in _list(parameters.get("Events")):
        return ("ParticipantNotFound",)
    return ()


def _more_conditions(action: Action) -> tuple[str, ...]:
    parameters = action.parameters
    if action.type == "Wait":
        return tuple(event for event in _list(parameters.get("Events")) if isinstance(event, str))
    if action.type == "MessageParticipantIteratively" and number(parameters.get("InterruptFrequencySeconds")):
        return ("MessagesInterrupted",)
    return ()


def _ways(action: Action) -> Iterator[tuple[str, str, str]]:
    """Every outcome of an action: its name, where it leads, and where that is written."""
    if action.next is not None:
        yield "Success", action.next, "Transitions.NextAction"
    for index, condition in enumerate(action.conditions):
        yield condition.operand or condition.operator, condition.next, f"Transitions.Conditions[{index}]"
    for kind, target in action.errors.items():
        yield kind, target, "Transitions.Errors"


def _numeric(operand: str) -> bool:
    return "$" in operand or number(operand) is not None


def _holds_up(action: Action) -> bool:
    """A block that waits, counts, or asks, so that a ring through it is not endless."""
    block = registry.BLOCKS.get(action.type)
    return block is None or block.waits or action.type == "Loop"


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


def _at(parameters: Mapping[str, Any], path: str) -> Any:
    value: Any = parameters
    for key in path.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
