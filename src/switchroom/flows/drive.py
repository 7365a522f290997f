"""`switchroom flow test`: take a flow through a described drive and compare what happened with what was expected.

    flow: support.json                  # beside the description; or the name of a shipped flow
    contact: {channel: CHAT, attributes: {plan: gold}, customer: "+14255550100"}
    queues:
      BasicQueue: {hours: open, waiting: 0, oldest: 0, online: 2, staffed: 2, available: 1, limit: 10}
    hours: {Holidays: closed}
    functions:
      lookup: {name: Jane}              # the answer; `fail` or `timeout` instead of an answer
    customer: ["1", returns, waits]     # keys, a message in a chat, letting the time pass
    expect: {path: [...], said: [...], attributes: {...}, queue: BasicQueue, end: queued}

Resources are found by ARN or id as in the flow; give `id:` where it is not the name. In a flow written for the test,
`{queue:BasicQueue}` and the like stand for them too.
"""

from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
import yaml

from switchroom.flows.language import CompiledFlow, FlowSyntaxError, parse, text_of
from switchroom.flows.library import fill, index, load_library
from switchroom.flows.run import Outcome, advance, start
from switchroom.flows.scenario import Contact, Resource, ScenarioWorld
from switchroom.flows.state import (
    Await,
    CallCustomer,
    CallThirdParty,
    Collect,
    Ended,
    FunctionCall,
    LoopPrompts,
    Pause,
    Play,
    Signal,
)
from switchroom.flows.world import AgentCounts, AgentView, Endpoint, QueueCounts

MAXIMUM_WAITS = 500
_KINDS = {"flows": "contact-flow", "modules": "contact-flow-module"}
_LISTS = {"prompts": "prompt", "users": "user", "templates": "task-template", "functions": "lambda-function"}


class DescriptionError(Exception):
    """The description of a drive cannot be used; the text tells why."""


class Result(msgspec.Struct, frozen=True):
    """What happened, and `failures`: one line for each expectation that was not met."""

    path: list[str]
    said: list[str]
    attributes: dict[str, str]
    queue: str | None
    end: str
    text: str
    failures: list[str]


def drive(description: str, folder: Path) -> Result:
    """Play a description (YAML); files it names are looked for in `folder`. Raises DescriptionError."""
    try:
        plan = yaml.safe_load(description)
    except yaml.YAMLError as wrong:
        raise DescriptionError(f"The description is not YAML: {wrong}") from None
    if not isinstance(plan, dict) or "flow" not in plan:
        raise DescriptionError("A description is a mapping with at least `flow`")
    try:
        return _Drive(plan, folder).play()
    except (AttributeError, TypeError, ValueError, KeyError) as wrong:
        raise DescriptionError(f"The description cannot be read: {wrong!r}") from None


class _Drive:
    def __init__(self, plan: dict[str, Any], folder: Path) -> None:
        self.plan = plan
        self.folder = folder
        self.world = ScenarioWorld(_contact(plan.get("contact") or {}), seed=int(plan.get("seed", 1)))
        self.said: list[str] = []
        self.moves: Iterator[Any] = iter(plan.get("customer") or [])
        self._resources()
        self.flow = self._flows()

    def play(self) -> Result:
        run, outcome = start("drive", self.flow, self.world.shelf, self.world)
        for _ in range(MAXIMUM_WAITS):
            if isinstance(outcome, Ended):
                break
            signal = self._answer(outcome)
            if signal is None:
                break
            run, outcome = advance(run, self.world.shelf, self.world, signal)
        return self._result(outcome)

    def _resources(self) -> None:
        world = self.world
        for name, state in (self.plan.get("hours") or {}).items():
            world.add("hours-of-operation", name, id=name, open=_open(state))
        for name, given in (self.plan.get("queues") or {}).items():
            facts = dict(given or {})
            hours = world.add("hours-of-operation", f"hours of {name}", open=_open(facts.get("hours", "open")))
            agents = AgentCounts(**{k: int(facts.get(k, 0)) for k in ("online", "staffed", "available", "busy")})
            counts = QueueCounts(int(facts.get("waiting", 0)), int(facts.get("oldest", 0)) * 1000, agents)
            identifier = str(facts.get("id", name))
            world.add("queue", name, id=identifier, hours=hours.id, maximum=facts.get("limit"), counts=counts)
        for key, kind in _LISTS.items():
            for name in self.plan.get(key) or ():
                made = world.add(kind, name, id=name)
                if kind == "user":
                    world.add("queue", name, id=f"agent/{name}", user=made.id)

    def _flows(self) -> CompiledFlow:
        named = {key: dict(self.plan.get(key) or {}) for key in _KINDS}
        files = {(kind, name): file for key, kind in _KINDS.items() for name, file in named[key].items()}
        shipped = {(_kind(entry.type), entry.name): entry.type for entry in index()}
        for kind, name in (*files, *shipped):
            if not any(r.kind == kind and r.name == name for r in self.world.resources):
                self.world.add(kind, name, id=name, type=shipped.get((kind, name), "CONTACT_FLOW"))
        for entry in load_library(self._arn):
            if (_kind(entry.type), entry.name) not in files:
                self._publish(_kind(entry.type), entry.name, entry.content, entry.type)
        for (kind, name), file in files.items():
            self._publish(kind, name, fill(self._read(str(file)), self._arn), _type_of(kind))
        main = str(self.plan["flow"])
        if ("contact-flow", main) in shipped:
            return self._published(main)
        self.world.add("contact-flow", main, id="main", type=self.plan.get("type", "CONTACT_FLOW"))
        return self._publish(
            "contact-flow", main, fill(self._read(main), self._arn), self.plan.get("type", "CONTACT_FLOW")
        )

    def _publish(self, kind: str, name: str, content: str, type: str) -> CompiledFlow:
        own = self._named(kind, name)
        try:
            flow = parse(content, id=own.id, arn=own.arn, name=name, type=type)
        except FlowSyntaxError as wrong:
            raise DescriptionError(f"{name}: {wrong}") from None
        self.world.shelf.put(flow)
        return flow

    def _published(self, name: str) -> CompiledFlow:
        flow = self.world.shelf.flow(self._named("contact-flow", name).id)
        if flow is None:
            raise DescriptionError(f"There is no flow {name}")
        return flow

    def _named(self, kind: str, name: str) -> Resource:
        for resource in self.world.resources:
            if resource.kind == kind and resource.name == name:
                return resource
        return self.world.add(kind, name, id=name)

    def _arn(self, kind: str, name: str) -> str:
        if kind == "lambda-function":
            return f"arn:aws:lambda:us-east-1:123456789012:function:{name}"
        return self._named(kind, name).arn

    def _read(self, file: str) -> str:
        try:
            return (self.folder / file).read_text(encoding="utf-8")
        except OSError as wrong:
            raise DescriptionError(f"{file} cannot be read: {wrong.strerror}") from None

    def _answer(self, awaiting: Await) -> Signal | None:
        """What comes back for a wait; None when the description has nothing more."""
        effect = awaiting.effect
        if isinstance(effect, Play):
            self.said.append(effect.message.written or effect.message.prompt_id or effect.message.uri or "")
            return Signal(awaiting.id, "done")
        if isinstance(effect, FunctionCall):
            return self._function(awaiting.id, effect)
        if isinstance(effect, Collect) and effect.message is not None:
            self.said.append(effect.message.written or effect.message.prompt_id or "")
        move = next(self.moves, None)
        if move is None:
            return None
        if move == "waits":
            self.world.clock = max(self.world.clock, awaiting.until or self.world.clock)
            return Signal(awaiting.id, "timeout")
        if isinstance(effect, CallCustomer):
            return Signal(awaiting.id, "answered")
        if isinstance(effect, CallThirdParty):
            return Signal(awaiting.id, "third_party_left")
        if isinstance(effect, Pause):
            return Signal(awaiting.id, "customer_returned") if effect.customer else None
        if isinstance(effect, LoopPrompts):
            return None
        return Signal(awaiting.id, "done", text_of(move))

    def _function(self, id: int, call: FunctionCall) -> Signal:
        answers = self.plan.get("functions") or {}
        name = call.arn.rsplit(":", 1)[-1]
        answer = answers.get(name, "fail")
        if answer in ("fail", "timeout"):
            self.world.clock += call.timeout_ms if answer == "timeout" else 0
            return Signal(id, "failed", f"The function {name} gave no answer")
        return Signal(id, "done", answer)

    def _result(self, outcome: Outcome) -> Result:
        ended = isinstance(outcome, Ended)
        written = [message.written or "" for message in self.world.said]
        result = Result(
            path=[block for block, _ in groupby(self.world.path())],
            said=written or self.said,
            attributes=dict(self.world.person.attributes),
            queue=self.world.queued,
            end=outcome.reason if isinstance(outcome, Ended) else f"waiting:{outcome.kind}",
            text=outcome.text if isinstance(outcome, Ended) and ended else "",
            failures=[],
        )
        return msgspec.structs.replace(result, failures=list(_compare(self.plan.get("expect") or {}, result)))


def _compare(expected: Mapping[str, Any], result: Result) -> Iterator[str]:
    for key, wanted in expected.items():
        if key not in ("path", "said", "attributes", "queue", "end"):
            raise DescriptionError(f"There is nothing called `{key}` to expect")
        found = getattr(result, key)
        if key == "attributes":
            found = {name: found.get(name) for name in wanted}
        hoped = {name: text_of(value) for name, value in wanted.items()} if key == "attributes" else wanted
        if found != hoped:
            yield f"{key}: expected {hoped!r}, got {found!r}"


def _contact(given: dict[str, Any]) -> Contact:
    facts = dict(given)
    contact = Contact(channel=str(facts.pop("channel", "CHAT")))
    contact.attributes = {key: text_of(value) for key, value in (facts.pop("attributes", None) or {}).items()}
    for key, name in (("customer", "customer_endpoint"), ("system", "system_endpoint")):
        if key in facts:
            setattr(contact, name, Endpoint(str(facts.pop(key))))
    if "agent" in facts:
        name = str(facts.pop("agent"))
        contact.agent = AgentView(name, name, "", f"arn:agent/{name}")
    for key in ("id", "name", "description", "language", "customer_id", "initiation_method"):
        if key in facts:
            setattr(contact, key, str(facts.pop(key)))
    if facts:
        raise DescriptionError(f"A contact has no {', '.join(map(str, facts))}")
    return contact


def _open(state: Any) -> bool:
    if state in ("open", "closed"):
        return bool(state == "open")
    raise DescriptionError(f"Hours are `open` or `closed`, not {state!r}")


def _kind(type: str) -> str:
    return "contact-flow-module" if type == "MODULE" else "contact-flow"


def _type_of(kind: str) -> str:
    return "MODULE" if kind == "contact-flow-module" else "CONTACT_FLOW"
