"""A small contact centre for one contact, to drive flows without the rest: tests, and `flows.testing`.

`ScenarioWorld` is a complete `World` over plain lists and dictionaries.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from switchroom.core.hours import Hours, is_open
from switchroom.flows.blocks.step import Step
from switchroom.flows.shelf import FlowShelf
from switchroom.flows.state import Message
from switchroom.flows.world import (
    AgentCounts,
    AgentView,
    CallbackRequest,
    ContactView,
    Endpoint,
    FlowError,
    Named,
    QueueCounts,
    ReferenceView,
    TaskRequest,
    ThirdPartyRequest,
)

INSTANCE_ARN = "arn:aws:connect:us-east-1:123456789012:instance/00000000-0000-4000-8000-000000000001"
_PATHS = {"user": "agent", "hours-of-operation": "operating-hours", "contact-flow-module": "flow-module"}


@dataclass
class Resource:
    """A configured thing of the scenario. `type` is the flow type of a flow; `open` or `schedule` of hours."""

    kind: str
    id: str
    name: str
    type: str = ""
    open: bool = True
    schedule: Hours | None = None
    hours: str | None = None
    maximum: int | None = None
    user: str | None = None
    counts: QueueCounts = field(default_factory=lambda: QueueCounts(0, 0, AgentCounts()))

    @property
    def arn(self) -> str:
        """Its ARN in the scenario's instance."""
        return f"{INSTANCE_ARN}/{_PATHS.get(self.kind, self.kind)}/{self.id}"


@dataclass
class Contact:
    """The contact of the scenario."""

    id: str = "contact-1"
    initial_id: str = "contact-1"
    previous_id: str | None = None
    task_id: str | None = None
    channel: str = "CHAT"
    initiation_method: str = "API"
    attributes: dict[str, str] = field(default_factory=dict)
    customer_endpoint: Endpoint | None = None
    system_endpoint: Endpoint | None = None
    customer_id: str | None = None
    language: str | None = None
    name: str | None = None
    description: str | None = None
    references: dict[str, ReferenceView] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    segment_attributes: dict[str, Any] = field(default_factory=dict)
    queue: Named | None = None
    outbound_caller_id: Endpoint | None = None
    callback_number: str | None = None
    agent: AgentView | None = None
    voice: tuple[str, str, str] = ("Joanna", "Standard", "None")
    initial_message: str | None = None
    sip_headers: dict[str, str] = field(default_factory=dict)
    media_streams: dict[str, Any] | None = None


class ScenarioWorld:
    """A `World` for one contact. What blocks do is done to `person` and noted in `done` as (action, details)."""

    def __init__(self, contact: Contact | None = None, *, now: int = 1_700_000_000_000, seed: int = 1) -> None:
        self.person = contact or Contact()
        self.shelf = FlowShelf()
        self.resources: list[Resource] = []
        self.clock = now
        self.logs: list[dict[str, Any]] = []
        self.said: list[Message] = []
        self.done: list[tuple[str, Any]] = []
        self.hooks: dict[str, str] = {}
        self.related: dict[str, str] | None = None
        self.log_switch = True
        self.priority = 5
        self.age_s = 0
        self.queued: str | None = None
        self.paused = False
        self.blocked_prefixes: tuple[str, ...] = ("+447",)
        self.security_keys: dict[str, str] = {}
        self._random = random.Random(seed)

    def add(self, kind: str, name: str, **more: Any) -> Resource:
        """Configure a resource; its id is made from its name unless given."""
        made = Resource(kind, more.pop("id", f"{kind}-{name}".lower().replace(" ", "-")), name, **more)
        self.resources.append(made)
        return made

    @property
    def now(self) -> int:
        return self.clock

    @property
    def region(self) -> str:
        return "us-east-1"

    @property
    def instance_arn(self) -> str:
        return INSTANCE_ARN

    @property
    def contact(self) -> ContactView:
        return self.person

    @property
    def logging(self) -> bool:
        return self.log_switch

    def random(self) -> float:
        return self._random.random()

    def find(self, kind: str, reference: str) -> Resource | None:
        identifier = reference.rsplit("/", 1)[-1]
        for resource in self.resources:
            if resource.kind == kind and (resource.id == identifier or (kind == "user" and resource.name == reference)):
                return resource
        return None

    def flow_type(self, flow: Named) -> str:
        return self._own(flow).type

    def agent_queue(self, user: Named) -> Resource | None:
        return next((r for r in self.resources if r.kind == "queue" and r.user == user.id), None)

    def is_agent_queue(self, queue: Named) -> bool:
        return self._own(queue).user is not None

    def security_key(self, id: str) -> str | None:
        return self.security_keys.get(id)

    def queue_hours(self, queue: Named) -> str | None:
        return self._own(queue).hours

    def hours_open(self, hours_id: str) -> bool:
        hours = self.find("hours-of-operation", hours_id)
        if hours is None:
            raise FlowError(f"There are no hours of operation {hours_id}")
        return hours.open if hours.schedule is None else is_open(hours.schedule, self.clock)

    def queue_counts(self, queue: Named, channel: str | None) -> QueueCounts:
        return self._own(queue).counts

    def set_attributes(self, attributes: Mapping[str, str], related: bool) -> None:
        if related:
            if self.related is None:
                raise FlowError("There is no related contact")
            self.related.update(attributes)
        else:
            self.person.attributes.update(attributes)
        self.done.append(("set_attributes", dict(attributes)))

    def set_contact_data(self, data: Mapping[str, Any], related: bool) -> None:
        fields = {"Name": "name", "Description": "description", "LanguageCode": "language", "CustomerId": "customer_id"}
        for key, value in data.items():
            if key == "References":
                self.person.references.update(value)
            else:
                setattr(self.person, fields[key], value)
        self.done.append(("set_contact_data", dict(data)))

    def set_queue(self, queue: Named) -> None:
        self.person.queue = queue
        self.done.append(("set_queue", queue.name))

    def set_event_hook(self, hook: str, flow: Named) -> None:
        self.hooks[hook] = flow.id
        self.done.append(("set_event_hook", (hook, flow.name)))

    def set_priority(self, priority: int) -> None:
        self.priority = priority

    def adjust_age(self, seconds: int) -> None:
        self.age_s += seconds

    def set_routing_criteria(self, criteria: Mapping[str, Any]) -> None:
        self.done.append(("set_routing_criteria", dict(criteria)))

    def tag(self, tags: Mapping[str, str]) -> None:
        merged = {**self.person.tags, **tags}
        if len(merged) > 6:
            raise FlowError("A contact has six tags at most")
        self.person.tags = merged

    def untag(self, keys: Sequence[str]) -> None:
        self.person.tags = {k: v for k, v in self.person.tags.items() if k not in keys}

    def set_logging(self, on: bool) -> None:
        self.log_switch = on

    def set_recording(self, participants: Sequence[str], analytics: Mapping[str, Any] | None) -> None:
        self.done.append(("set_recording", (list(participants), dict(analytics) if analytics else None)))

    def set_voice(self, voice: str, engine: str, style: str) -> None:
        self.person.voice = (voice, engine, style)

    def set_callback_number(self, number: str) -> None:
        if number.startswith(self.blocked_prefixes):
            raise FlowError("This number may not be dialled", "CallbackNumberNotDialable")
        self.person.callback_number = number

    def say(self, message: Message, *, bot: bool = False) -> None:
        self.said.append(message)

    def enqueue(self) -> None:
        queue = self.person.queue
        if queue is None:
            raise FlowError("No working queue is set")
        self._place(self._own(queue))

    def requeue(self, queue: Named) -> None:
        self._place(self._own(queue))
        self.person.queue = queue

    def transfer_to_agent(self) -> None:
        self.done.append(("transfer_to_agent", self.person.agent))

    def create_task(self, request: TaskRequest) -> str:
        self.done.append(("create_task", request))
        self.person.task_id = f"task-{len(self.done)}"
        return self.person.task_id

    def create_callback(self, request: CallbackRequest) -> str:
        self.done.append(("create_callback", request))
        return f"callback-{len(self.done)}"

    def place_in_queue(self) -> int | None:
        return 1

    def call_third_party(self, call: ThirdPartyRequest) -> None:
        self.done.append(("call_third_party", call))

    def send_keys(self, keys: str) -> None:
        self.done.append(("send_keys", keys))

    def hold_participants(self, state: str) -> None:
        self.done.append(("hold_participants", state))

    def stream_media(self, on: bool, from_customer: bool, to_customer: bool) -> None:
        self.done.append(("stream_media", (on, from_customer, to_customer)))

    def continue_chat(self, source: str) -> None:
        if any(what == "continue_chat" for what, _ in self.done):
            raise FlowError("The chat already continues a past one")
        self.done.append(("continue_chat", source))

    def resume_contact(self) -> None:
        if not self.paused:
            raise FlowError("The contact is not paused")
        self.paused = False

    def walked(self, step: Step, outcome: str, entry: dict[str, Any] | None) -> None:
        if entry is not None:
            self.logs.append(entry)

    def path(self) -> list[str]:
        """The identifiers of the blocks that ran, in order, as the flow log has them."""
        return [entry["Identifier"] for entry in self.logs]

    def _own(self, resource: Named) -> Resource:
        return next(r for r in self.resources if r.id == resource.id)

    def _place(self, queue: Resource) -> None:
        if queue.maximum is not None and queue.counts.size >= queue.maximum:
            raise FlowError(f"The queue {queue.name} is full", "QueueAtCapacity")
        self.queued = queue.name
        self.done.append(("queued", queue.name))
