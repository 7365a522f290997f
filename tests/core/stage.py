"""A stage for pure tests: the real decisions over a small configuration and a clock that the test turns."""

from collections.abc import Iterable
from random import Random
from types import SimpleNamespace
from typing import Any

from switchroom.base.arns import Site
from switchroom.centre.decider import Decider
from switchroom.core.commands import Command
from switchroom.core.config import (
    Configuration,
    ProfileSettings,
    QueueSettings,
    QuickConnectSettings,
    StatusSettings,
    UserSettings,
)
from switchroom.core.contact import Contact
from switchroom.core.events import Event
from switchroom.core.routing.matcher import Entry, Profile
from switchroom.core.state import State
from switchroom.core.turn import Turn
from switchroom.flows.language import CompiledFlow, parse
from switchroom.flows.world import Named

SITE = Site()
START = 1_700_000_000_000


class Shelf:
    """Flows by id; defaults by purpose."""

    def __init__(self, flows: Iterable[CompiledFlow] = (), defaults: dict[str, str] | None = None) -> None:
        self.flows = {flow.id: flow for flow in flows}
        self.defaults = defaults or {}

    def flow(self, id: str, version: int | None = None) -> CompiledFlow | None:
        return self.flows.get(id)

    def default(self, purpose: str) -> CompiledFlow | None:
        return self.flows.get(self.defaults.get(purpose, ""))


class Rooms:
    """A directory over the configuration itself and the flows of the shelf."""

    def __init__(self, config: Configuration, flows: dict[str, CompiledFlow], keys: dict[str, str]) -> None:
        self.config = config
        self.flows = flows
        self.keys = keys

    def find(self, kind: str, reference: str) -> Named | None:
        tables: dict[str, dict[str, Any]] = {
            "queue": self.config.queues,
            "user": self.config.users,
            "contact-flow": self.flows,
            "security-key": {key: SimpleNamespace(id=key, arn=f"arn/{key}", name=key) for key in self.keys},
        }
        table = tables.get(kind, {})
        return table.get(reference.rsplit("/", 1)[-1])

    def body(self, kind: str, identifier: str) -> dict[str, Any]:
        if kind == "security-key":
            return {"Key": self.keys[identifier]}
        return {"Type": self.flows[identifier].type if kind == "contact-flow" else ""}

    def sound(self, prompt: str) -> str | None:
        return f"prompts/{prompt}.wav"


class Stage:
    """`do` a command, `wait` for time to pass, look at `state` and at the `events` so far."""

    def __init__(self, config: Configuration | None = None, flows: Iterable[CompiledFlow] = ()) -> None:
        self.config = config or configuration()
        self.now = START
        self._count = 0
        self.events: list[Event] = []
        self.effects: list[Any] = []
        self.keys: dict[str, str] = {}
        """Security keys by id."""
        standard = [to_queue_flow(), wait_flow("queue-flow", "CUSTOMER_QUEUE"), end_flow("bye")]
        self.shelf = Shelf([*standard, *flows], {"customer_queue": "queue-flow"})
        self.decider = self.fresh(State())

    def fresh(self, state: State) -> Decider:
        """A decider over a state, as after a restart."""
        rooms = Rooms(self.config, self.shelf.flows, self.keys)
        return Decider(state, self.config, self.shelf, rooms, new_id=self.new_id, random=Random(7))

    def new_id(self) -> str:
        self._count += 1
        return f"id-{self._count:04}"

    @property
    def state(self) -> State:
        return self.decider.state

    def do(self, command: Command) -> Any:
        turn = self.decider.turn(self.now)
        try:
            return self.decider.decide(turn, command)
        finally:
            self._end(turn)

    def wait(self, seconds: float) -> None:
        """Let time pass, firing what comes due at its own moment."""
        end = self.now + round(seconds * 1000)
        while True:
            due = self.decider.wake_at()
            self.now = end if due is None or due > end else max(self.now, due)
            turn = self.decider.turn(self.now)
            self.decider.fire_due(turn)
            self._end(turn)
            if due is None or due > end:
                return

    def contact(self, identifier: str) -> Contact:
        return self.state.contacts[identifier]

    def slot(self, agent: str, contact: str) -> str | None:
        found = self.state.slot(agent, contact)
        return found.state if found else None

    def _end(self, turn: Turn) -> None:
        self.decider.finish(turn, len(self.events) + len(turn.events))
        self.events += turn.events
        self.effects += turn.effects


def configuration(**changes: Any) -> Configuration:
    """Queues Q1 and Q2, agents a1 and a2 with personal queues on one profile for chat and task, four statuses."""
    entries = tuple(Entry(queue, channel) for queue in ("Q1", "Q2") for channel in ("CHAT", "TASK"))
    profile = Profile("P", {"VOICE": 1, "CHAT": 2, "TASK": 2}, {"CHAT": False, "TASK": False}, entries)
    queues = [QueueSettings(id=q, arn=f"arn/queue/{q}", name=q) for q in ("Q1", "Q2")]
    queues += [QueueSettings(id=f"own-{a}", arn=f"arn/queue/own-{a}", name=a, agent=a) for a in ("a1", "a2")]
    users = [
        UserSettings(id=a, arn=f"arn/agent/{a}", username=a, first_name=a.upper(), profile="P", queue=f"own-{a}")
        for a in ("a1", "a2")
    ]
    statuses = [
        StatusSettings("available", "arn/available", "Available", "ROUTABLE"),
        StatusSettings("offline", "arn/offline", "Offline", "OFFLINE"),
        StatusSettings("lunch", "arn/lunch", "Lunch", "CUSTOM"),
        StatusSettings("training", "arn/training", "Training", "CUSTOM", enabled=False),
    ]
    connects = [
        QuickConnectSettings("to-q2", "arn/to-q2", "To Q2", "QUEUE", "Q2", "to-queue"),
        QuickConnectSettings("to-a2", "arn/to-a2", "To a2", "USER", "a2", "to-queue"),
    ]
    members: dict[str, Any] = {
        "site": SITE,
        "instance": "11111111-1111-4111-8111-111111111111",
        "queues": {q.id: q for q in queues},
        "profiles": {"P": ProfileSettings("P", "arn/P", "P", profile)},
        "users": {u.id: u for u in users},
        "statuses": {s.id: s for s in statuses},
        "quick_connects": {q.id: q for q in connects},
        **changes,
    }
    return Configuration(**members)


def flow(id: str, actions: list[dict[str, Any]], type: str = "CONTACT_FLOW") -> CompiledFlow:
    """A flow from its actions, the first of which starts it."""
    import json

    document = {"Version": "2019-10-30", "StartAction": actions[0]["Identifier"], "Metadata": {}, "Actions": actions}
    return parse(json.dumps(document), id=id, arn=f"arn/contact-flow/{id}", name=id, type=type)


def action(id: str, kind: str, next: str | None = None, error: str | None = "end", **parameters: Any) -> dict[str, Any]:
    """One action with a plain success and error branch."""
    transitions: dict[str, Any] = {}
    if next is not None:
        transitions["NextAction"] = next
        transitions["Errors"] = [{"NextAction": error, "ErrorType": "NoMatchingError"}] if error else []
        transitions["Conditions"] = []
    return {"Identifier": id, "Type": kind, "Parameters": parameters, "Transitions": transitions}


def end_flow(id: str, type: str = "CONTACT_FLOW") -> CompiledFlow:
    """Ends the contact at once."""
    return flow(id, [action("end", "DisconnectParticipant")], type)


def to_queue_flow(id: str = "to-queue", queue: str = "Q1") -> CompiledFlow:
    """Sets the working queue unless a transfer has set one, and queues."""
    actions = [
        action("check", "Compare", "queue", "set", ComparisonValue="$.Queue.Name"),
        action("set", "UpdateContactTargetQueue", "queue", QueueId=queue),
        {
            "Identifier": "queue",
            "Type": "TransferContactToQueue",
            "Parameters": {},
            "Transitions": {
                "NextAction": "end",
                "Conditions": [],
                "Errors": [
                    {"NextAction": "end", "ErrorType": "QueueAtCapacity"},
                    {"NextAction": "end", "ErrorType": "NoMatchingError"},
                ],
            },
        },
        action("end", "DisconnectParticipant"),
    ]
    actions[0]["Transitions"] = {
        "NextAction": "queue",
        "Conditions": [{"NextAction": "queue", "Condition": {"Operator": "TextContains", "Operands": ["Q"]}}],
        "Errors": [{"NextAction": "set", "ErrorType": kind} for kind in ("NoMatchingCondition", "NoMatchingError")],
    }
    return flow(id, actions)


def wait_flow(id: str, type: str = "CONTACT_FLOW", seconds: int = 3600) -> CompiledFlow:
    """Waits and ends."""
    return flow(
        id,
        [
            {
                "Identifier": "wait",
                "Type": "MessageParticipantIteratively",
                "Parameters": {"Messages": [{"Text": "Please wait"}]},
                "Transitions": {
                    "Conditions": [],
                    "Errors": [{"NextAction": "end", "ErrorType": "NoMatchingError"}],
                },
            },
            action("end", "EndFlowExecution"),
        ],
        type,
    )
