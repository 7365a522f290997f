"""The world of one contact's flow (`flows.world.World`), over the centre's turn."""

from collections.abc import Mapping, Sequence
from itertools import groupby
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.centre.directory import Directory
from switchroom.core import events as e
from switchroom.core import messaging
from switchroom.core.analytics import later
from switchroom.core.call import Call
from switchroom.core.calls import admission, callbacks, holding, legs, parties, streaming
from switchroom.core.calls.recording import behaviour_changed
from switchroom.core.chat import Visibility
from switchroom.core.commands import ContinueChat, StartTask
from switchroom.core.contact import Contact, Reference
from switchroom.core.hours import is_open
from switchroom.core.lifecycle import conversing, details, queueing, starting, tasks
from switchroom.core.lifecycle.criteria import replace_criteria
from switchroom.core.realtime import queue_counts
from switchroom.core.task_templates import Form, fill
from switchroom.core.turn import Turn
from switchroom.flows.blocks.step import Step
from switchroom.flows.language import CompiledFlow
from switchroom.flows.state import Message
from switchroom.flows.world import (
    AgentView,
    CallbackRequest,
    Endpoint,
    FlowError,
    Named,
    QueueCounts,
    ReferenceView,
    TaskRequest,
    ThirdPartyRequest,
)

HOOKS = {
    "CustomerQueue": "customer_queue",
    "CustomerRemaining": "disconnect",
    "CustomerWhisper": "customer_whisper",
    "AgentWhisper": "agent_whisper",
    "OutboundWhisper": "outbound_whisper",
    "CustomerHold": "customer_hold",
    "AgentHold": "agent_hold",
    "DefaultAgentUI": "agent_ui",
    "DisconnectAgentUI": "disconnect_ui",
    "PauseContact": "pause",
    "ResumeContact": "resume",
}
"""What a contact keeps a flow for, by the event's name in the flow language."""

WHISPERED_TO: dict[str, Visibility] = {"agent_whisper": "AGENT", "customer_whisper": "CUSTOMER"}


class ContactView:
    """A contact as flow attributes see it."""

    def __init__(self, turn: Turn, contact: Contact, purpose: str) -> None:
        self._turn = turn
        self._contact = contact
        self._whispered_to = contact.offered_to if purpose == "agent_whisper" else None
        self.id = contact.id
        self.initial_id = contact.initial_id
        self.previous_id = contact.previous_id
        self.channel: str = contact.channel
        self.initiation_method: str = contact.initiation_method
        self.customer_endpoint = contact.customer_endpoint
        self.system_endpoint = contact.system_endpoint
        self.sip_headers: Mapping[str, str] = contact.sip_headers

    @property
    def media_streams(self) -> Mapping[str, Any] | None:
        """Where the customer's audio is being streamed to (BLK-155)."""
        call = self._turn.state.call_of(self._contact)
        return streaming.attributes(self._turn.config, call) if call is not None else None

    @property
    def task_id(self) -> str | None:
        """The task the last Create task block made."""
        return self._contact.task_contact

    @property
    def attributes(self) -> Mapping[str, str]:
        """User-defined attributes."""
        return self._turn.attributes(self._contact)

    @property
    def customer_id(self) -> str | None:
        """The customer's own identifier."""
        return self._contact.customer_id

    @property
    def language(self) -> str | None:
        """Language code."""
        return self._contact.language

    @property
    def name(self) -> str | None:
        """Name of a task."""
        return self._contact.name

    @property
    def description(self) -> str | None:
        """Description of a task."""
        return self._contact.description

    @property
    def references(self) -> Mapping[str, ReferenceView]:
        """References by name."""
        return {name: ReferenceView(r.value, r.type) for name, r in self._contact.references.items()}

    @property
    def tags(self) -> Mapping[str, str]:
        """Contact tags."""
        return self._contact.tags

    @property
    def segment_attributes(self) -> Mapping[str, Any]:
        """Segment attributes."""
        return self._contact.segment_attributes

    @property
    def queue(self) -> Named | None:
        """The working queue."""
        return self._turn.config.queues.get(self._contact.queue or "")

    @property
    def outbound_caller_id(self) -> Endpoint | None:
        """Caller ID number of the working queue."""
        queue = self._turn.config.queues.get(self._contact.queue or "")
        number = queue.outbound_caller_number if queue is not None else None
        return Endpoint(number) if number else None

    @property
    def callback_number(self) -> str | None:
        """Set by Set callback number."""
        return self._contact.callback_number

    @property
    def agent(self) -> AgentView | None:
        """The agent who has the contact; in a transfer flow the target agent (table A2)."""
        stay = self._contact.agent
        has = stay.user if stay else self._whispered_to or self._contact.target_agent
        user = self._turn.config.users.get(has or "")
        return AgentView(user.username, user.first_name, user.last_name, user.arn) if user else None

    @property
    def initial_message(self) -> str | None:
        """What the customer of a chat began with."""
        chat = self._turn.state.chat_of(self._contact)
        return chat.initial_message[1] if chat is not None and chat.initial_message is not None else None

    @property
    def voice(self) -> tuple[str, str, str]:
        """Text-to-speech voice, engine and style."""
        return self._contact.voice


class ContactWorld:
    """One contact at one moment, for the blocks of the flow that runs for `purpose`."""

    def __init__(self, turn: Turn, contact: Contact, directory: Directory, purpose: str) -> None:
        self._turn = turn
        self._contact = contact
        self._directory = directory
        self._purpose = purpose
        self.now = turn.now
        self.region = turn.config.site.region
        self.instance_arn = turn.config.arn
        self.contact = ContactView(turn, contact, purpose)
        self._journey: list[tuple[CompiledFlow, e.Walked]] = []

    @property
    def logging(self) -> bool:
        """The instance keeps flow logs and the contact's logging is on (FLOW-134)."""
        return self._contact.logging and self._turn.config.flow_logs

    def random(self) -> float:
        """The next random number of the turn."""
        return self._turn.random.random()

    # ------------------------------------------------------------------ reading

    def find(self, kind: str, reference: str) -> Named | None:
        """A resource of the instance."""
        return self._directory.find(kind, reference)

    def flow_type(self, flow: Named) -> str:
        """The type of a flow."""
        return str(self._directory.body("contact-flow", flow.id)["Type"])

    def agent_queue(self, user: Named) -> Named | None:
        """The personal queue of a user."""
        found = self._turn.config.users.get(user.id)
        return self._turn.config.queues.get(found.queue or "") if found else None

    def is_agent_queue(self, queue: Named) -> bool:
        """Whether a queue is a user's own."""
        found = self._turn.config.queues.get(queue.id)
        return found is not None and found.agent is not None

    def security_key(self, id: str) -> str | None:
        """The public key that customer input is encrypted with (FLOW-132)."""
        found = self.find("security-key", id)
        return str(self._directory.body("security-key", found.id)["Key"]) if found is not None else None

    def queue_hours(self, queue: Named) -> str | None:
        """The hours of a standard queue."""
        found = self._turn.config.queues.get(queue.id)
        return found.hours if found is not None and found.agent is None else None

    def hours_open(self, hours_id: str) -> bool:
        """Whether hours of operation are open now (ROUT-33)."""
        hours = self._turn.config.hours.get(hours_id)
        if hours is None:
            raise FlowError(f"Hours of operation {hours_id} were not found")
        return is_open(hours, self.now)

    def queue_counts(self, queue: Named, channel: str | None) -> QueueCounts:
        """Contacts and agents of a queue now."""
        turn = self._turn
        return queue_counts(turn.state, turn.indexes, turn.config, queue.id, channel, turn.now)

    def place_in_queue(self) -> int | None:
        """By priority, then by place in line (ROUT-02, ROUT-10)."""
        stay = self._contact.stay
        if self._contact.place != "queue" or stay is None:
            return None
        waiting = (self._turn.state.contacts[one] for one in self._turn.indexes.queues.get(stay.queue, ()))
        mine = (self._contact.priority, self._contact.rank, self._contact.sequence)
        return 1 + sum((one.priority, one.rank, one.sequence) < mine for one in waiting)

    # ------------------------------------------------------------------ doing

    def set_attributes(self, attributes: Mapping[str, str], related: bool) -> None:
        """User-defined attributes, all or none."""
        with _Refusals():
            details.change_attributes(self._turn, self._target(related), dict(attributes))

    def set_contact_data(self, data: Mapping[str, Any], related: bool) -> None:
        """Name, description, language, customer id and references."""
        references: Mapping[str, ReferenceView] | None = data.get("References")
        self._turn.emit(
            e.DetailsChanged(
                at=self.now,
                contact=self._target(related).id,
                name=data.get("Name"),
                description=data.get("Description"),
                language=data.get("LanguageCode"),
                customer_id=data.get("CustomerId"),
                references={k: Reference(v.type, v.value) for k, v in references.items()} if references else None,
            )
        )

    def set_queue(self, queue: Named) -> None:
        """Set the working queue."""
        self._turn.emit(e.WorkingQueueSet(at=self.now, contact=self._contact.id, queue=queue.id))

    def set_event_hook(self, hook: str, flow: Named) -> None:
        """Choose the flow of an event."""
        purpose = HOOKS.get(hook)
        if purpose is None:
            raise FlowError(f"There is no event {hook}")
        self._turn.emit(e.FlowSettingChanged(at=self.now, contact=self._contact.id, purpose=purpose, flow=flow.id))

    def set_priority(self, priority: int) -> None:
        """ROUT-10."""
        self._turn.emit(e.RoutingDataChanged(at=self.now, contact=self._contact.id, priority=priority))

    def adjust_age(self, seconds: int) -> None:
        """ROUT-10: adjustments add up."""
        total = self._contact.age_adjustment + seconds
        self._turn.emit(e.RoutingDataChanged(at=self.now, contact=self._contact.id, age_adjustment=total))

    def set_routing_criteria(self, criteria: Mapping[str, Any]) -> None:
        """ROUT-47, ROUT-48."""
        with _Refusals():
            replace_criteria(self._turn, self._contact, dict(criteria))

    def tag(self, tags: Mapping[str, str]) -> None:
        """BASE-220."""
        with _Refusals():
            details.add_tags(self._turn, self._contact, dict(tags))

    def untag(self, keys: Sequence[str]) -> None:
        """Remove tags."""
        with _Refusals():
            details.remove_tags(self._turn, self._contact, list(keys))

    def set_logging(self, on: bool) -> None:
        """FLOW-135."""
        self._turn.emit(e.LoggingSet(at=self.now, contact=self._contact.id, on=on))

    def set_recording(self, participants: Sequence[str], analytics: Mapping[str, Any] | None) -> None:
        """Kept with the contact for the channels that record and analyse."""
        recording: dict[str, object] = {"Participants": list(participants)}
        before = (self._contact.recording or {}).get("Analytics")
        behavior = later(before if isinstance(before, dict) else None, analytics, self._contact.channel)
        if behavior is not None:
            recording["Analytics"] = dict(behavior)
        self._turn.emit(e.RecordingSet(at=self.now, contact=self._contact.id, recording=recording))
        behaviour_changed(self._turn, self._contact, tuple(participants))

    def set_voice(self, voice: str, engine: str, style: str) -> None:
        """The voice of later prompts."""
        self._turn.emit(e.DetailsChanged(at=self.now, contact=self._contact.id, voice=(voice, engine, style)))

    def set_callback_number(self, number: str) -> None:
        """The number a queued callback will dial (FLOW-103)."""
        try:
            normal = admission.normal_number(number)
        except ServiceError as refusal:
            raise FlowError(refusal.message, "InvalidCallbackNumber") from refusal
        try:
            callbacks.admit_callback(self._turn, normal)
        except ServiceError as refusal:
            raise FlowError(refusal.message, "CallbackNumberNotDialable") from refusal
        self._turn.emit(e.DetailsChanged(at=self.now, contact=self._contact.id, callback_number=normal))

    def say(self, message: Message, *, bot: bool = False) -> None:
        """Write into the chat; a whisper is for one side only."""
        chat = self._turn.state.chat_of(self._contact)
        text = message.written or message.interactive
        if chat is None or not text:
            return
        if bot:
            messaging.dismiss_bots(self._turn, chat)
        messaging.say(
            self._turn,
            chat,
            text,
            messaging.INTERACTIVE if message.interactive else "text/plain",
            WHISPERED_TO.get(self._purpose, "ALL"),
            messaging.BOT_NAME if bot else messaging.SYSTEM_NAME,
        )

    def enqueue(self) -> None:
        """Transfer to queue."""
        with _Refusals():
            moved = self._contact.initiation_method in ("TRANSFER", "QUEUE_TRANSFER")
            queueing.enqueue(self._turn, self._contact, moved=moved)

    def requeue(self, queue: Named) -> None:
        """Move a queued contact to another queue (FLOW-83)."""
        with _Refusals():
            queueing.move(self._turn, self._contact, queue.id)

    def transfer_to_agent(self) -> None:
        """Send the contact to the personal queue of the transfer's target agent."""
        user = self._turn.config.users.get(self._contact.target_agent or "")
        if user is None or user.queue is None:
            raise FlowError("The transfer has no target agent")
        self._turn.emit(e.WorkingQueueSet(at=self.now, contact=self._contact.id, queue=user.queue))
        self.enqueue()

    def create_task(self, request: TaskRequest) -> str:
        """ROUT-98, BLK-051: what a template fixes cannot be given otherwise."""
        form = Form(
            name=request.name or "",
            description=request.description,
            references={name: Reference(given.type, given.value) for name, given in request.references.items()},
            scheduled_at=request.scheduled_at,
            flow=request.flow_id,
        )
        with _Refusals():
            if request.template_id is not None:
                form = fill(self._directory.body("task-template", request.template_id), form)
            command = StartTask(
                name=form.name,
                flow=form.flow,
                quick_connect=form.quick_connect if form.flow is None else None,
                description=form.description,
                attributes=dict(request.attributes),
                references=form.references,
                scheduled_at=form.scheduled_at,
                template=request.template_id,
                expires_in=form.expires_in,
                related=self._contact.id if request.related else None,
            )
            task = starting.create_task(self._turn, command)
        self._turn.emit(e.DetailsChanged(at=self.now, contact=self._contact.id, task_contact=task.id))
        return task.id

    def create_callback(self, request: CallbackRequest) -> str:
        """FLOW-95..102: asked for again by the same contact, it is the same callback."""
        with _Refusals():
            callback = callbacks.create_callback(
                self._turn,
                self._contact,
                queue=request.queue.id if request.queue is not None else None,
                delay_seconds=request.initial_delay_s,
                retry_seconds=request.retry_delay_s,
                maximum=request.attempts,
            )
        return callback.id

    def call_third_party(self, call: ThirdPartyRequest) -> None:
        """FLOW-81: without a caller ID the caller's own number is passed on."""
        with _Refusals():
            parties.call_third_party(
                self._turn,
                self._contact,
                call.number,
                caller=(call.caller_number, call.caller_name),
                timeout=call.timeout_s,
                pass_through=True,
            )

    def send_keys(self, keys: str) -> None:
        """To the third party that a flow called."""
        call = self._call()
        for leg in call.of_contact(self._contact.id):
            if leg.kind == "THIRD_PARTY":
                parties.dial_keys(self._turn, call, leg, keys)

    def hold_participants(self, state: str) -> None:
        """BLK-087: of the call that is being transferred, or of the contact itself."""
        with _Refusals():
            holding.set_participants(self._turn, self._contact, state)

    def stream_media(self, on: bool, from_customer: bool, to_customer: bool) -> None:
        """BLK-155, BLK-156."""
        with _Refusals():
            streaming.stream(self._turn, self._contact, on, from_customer, to_customer)

    def _call(self) -> Call:
        with _Refusals():
            return legs.call_of(self._turn, self._contact)
        raise FlowError("There is no call")

    def continue_chat(self, source: str) -> None:
        """BLK-048, BLK-049: once."""
        with _Refusals():
            conversing.continue_chat(self._turn, ContinueChat(contact=self._contact.id, source=source))

    def resume_contact(self) -> None:
        """Resume the paused task."""
        with _Refusals():
            tasks.resume_paused(self._turn, self._contact)

    def walked(self, step: Step, outcome: str, entry: dict[str, Any] | None) -> None:
        """A block of the contact's journey; `tell` makes it an event."""
        self._journey.append((step.flow, e.Walked(step.action.id, outcome, entry)))

    def tell(self) -> None:
        """The blocks that ran since the last time, one event for each flow they belong to (FLOW-134)."""
        for (flow, version), blocks in groupby(self._journey, key=lambda pair: (pair[0].id, pair[0].version)):
            self._turn.emit(
                e.FlowLogged(
                    at=self.now,
                    contact=self._contact.id,
                    flow=flow,
                    version=version,
                    purpose=self._purpose,
                    blocks=tuple(block for _, block in blocks),
                )
            )
        self._journey.clear()

    def _target(self, related: bool) -> Contact:
        if not related:
            return self._contact
        found = self._turn.state.contacts.get(self._contact.related_id or "")
        if found is None:
            raise FlowError("There is no related contact")
        return found


class _Refusals:
    """What the core refuses is a branch of the flow."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, queueing.QueueFull):
            raise FlowError(error.message, "QueueAtCapacity") from error
        if isinstance(error, ServiceError):
            raise FlowError(error.message) from error
