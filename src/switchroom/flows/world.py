"""The world as one contact's flow sees it: everything a block may read, and everything it may do.

The centre implements `World` over its own state; `flows.scenario` implements it for tests and `switchroom flow test`.
A `World` stands for one contact at one moment: `now` does not move during a run of `advance`.
"""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

import msgspec

from switchroom.core.contact import Endpoint
from switchroom.core.realtime import AgentCounts, QueueCounts
from switchroom.flows.state import Message

if TYPE_CHECKING:
    from switchroom.flows.blocks.step import Step

__all__ = [
    "AgentCounts",
    "AgentView",
    "CallbackRequest",
    "ContactView",
    "Endpoint",
    "FlowError",
    "Named",
    "QueueCounts",
    "ReferenceView",
    "TaskRequest",
    "World",
]


class FlowError(Exception):
    """An action could not be done; the block leaves by the branch of `kind`, else by `NoMatchingError`.

    Kinds: `NoMatchingError`, `QueueAtCapacity`, `InvalidCallbackNumber`, `CallbackNumberNotDialable`,
    `InvalidPhoneNumber`, `ParticipantNotFound`, ...
    """

    def __init__(self, text: str, kind: str = "NoMatchingError") -> None:
        super().__init__(text)
        self.text = text
        self.kind = kind


class Named(Protocol):
    """Any configured resource (`resources.document.Document` is one)."""

    @property
    def id(self) -> str: ...
    @property
    def arn(self) -> str: ...
    @property
    def name(self) -> str: ...


class ReferenceView(msgspec.Struct, frozen=True):
    """A reference of a contact; `type` as on the wire (`URL`, `STRING`, `NUMBER`, `DATE`, `EMAIL`, `ATTACHMENT`)."""

    value: str
    type: str


class AgentView(msgspec.Struct, frozen=True):
    """The agent of table A2; in a transfer-to-agent flow it is the target agent."""

    user_name: str
    first_name: str
    last_name: str
    arn: str


class ContactView(Protocol):
    """The contact as attributes see it (tables A1, A2, A4, A5)."""

    @property
    def id(self) -> str: ...
    @property
    def initial_id(self) -> str: ...
    @property
    def previous_id(self) -> str | None: ...
    @property
    def task_id(self) -> str | None:
        """The task the last Create task block made (`$.Task.ContactId`)."""

    @property
    def channel(self) -> str:
        """`VOICE`, `CHAT` or `TASK`."""

    @property
    def initiation_method(self) -> str: ...
    @property
    def attributes(self) -> Mapping[str, str]: ...
    @property
    def customer_endpoint(self) -> Endpoint | None: ...
    @property
    def system_endpoint(self) -> Endpoint | None: ...
    @property
    def customer_id(self) -> str | None: ...
    @property
    def language(self) -> str | None: ...
    @property
    def name(self) -> str | None: ...
    @property
    def description(self) -> str | None: ...
    @property
    def references(self) -> Mapping[str, ReferenceView]: ...
    @property
    def tags(self) -> Mapping[str, str]: ...
    @property
    def segment_attributes(self) -> Mapping[str, Any]: ...
    @property
    def queue(self) -> Named | None:
        """The working queue."""

    @property
    def outbound_caller_id(self) -> Endpoint | None:
        """The outbound caller ID of the working queue."""

    @property
    def callback_number(self) -> str | None:
        """Set by Set callback number; else None (the customer's number is used)."""

    @property
    def agent(self) -> AgentView | None: ...
    @property
    def voice(self) -> tuple[str, str, str]:
        """Text-to-speech voice, engine, style: (`Joanna`, `Standard`, `None`) unless set."""

    @property
    def sip_headers(self) -> Mapping[str, str]: ...
    @property
    def initial_message(self) -> str | None:
        """What the customer of a chat began with (`$.Media.InitialMessage`)."""

    @property
    def media_streams(self) -> Mapping[str, Any] | None:
        """`{"Customer": {"Audio": {"StreamARN": ...}}}` of table A5."""


class TaskRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What Create task asks for. `scheduled_at` in epoch ms; `related`: linked to this contact (`RelatedContactId`)."""

    name: str | None
    description: str | None = None
    flow_id: str | None = None
    template_id: str | None = None
    attributes: Mapping[str, str] = {}
    references: Mapping[str, ReferenceView] = {}
    scheduled_at: int | None = None
    related: bool = False


class CallbackRequest(msgspec.Struct, frozen=True, kw_only=True):
    """What the callback tab of Transfer to queue asks for. `queue` None: the working queue. `attempts`: all dials."""

    number: str
    queue: Named | None
    initial_delay_s: int
    retry_delay_s: int
    attempts: int


class ThirdPartyRequest(msgspec.Struct, frozen=True, kw_only=True):
    """Whom to call for the customer, how long to let it ring, and what to show."""

    number: str
    timeout_s: int
    caller_number: str | None = None
    caller_name: str | None = None


class World(Protocol):
    """Everything a block may read or do. A method that cannot do what it is asked raises `FlowError`."""

    @property
    def now(self) -> int:
        """Epoch milliseconds."""

    @property
    def region(self) -> str: ...
    @property
    def instance_arn(self) -> str: ...
    @property
    def contact(self) -> ContactView:
        """The contact as it is now, with what earlier blocks of this turn have done to it."""

    @property
    def logging(self) -> bool:
        """True when the instance keeps flow logs and the contact's Set logging behavior is on."""

    def random(self) -> float:
        """The next of the centre's seeded random numbers, 0 <= r < 1."""

    def find(self, kind: str, reference: str) -> Named | None:
        """A resource of this instance by id, ARN, ARN tail (`prompt/ID`) or, for users, user name.

        Kinds: `queue`, `user`, `hours-of-operation`, `prompt`, `contact-flow`, `contact-flow-module`, `task-template`,
        `phone-number`. None when there is no such, it is archived, or (flows, modules) it was never published.
        """

    def flow_type(self, flow: Named) -> str:
        """The type of a flow found by `find("contact-flow", ...)`, e.g. `CONTACT_FLOW`."""

    def agent_queue(self, user: Named) -> Named | None:
        """The personal queue of a user."""

    def is_agent_queue(self, queue: Named) -> bool: ...

    def security_key(self, id: str) -> str | None:
        """The public key (PEM) that is associated with the instance under an id."""

    def queue_hours(self, queue: Named) -> str | None:
        """The id of a queue's hours of operation; None for an agent queue."""

    def hours_open(self, hours_id: str) -> bool:
        """Whether hours of operation are open now, overrides included."""

    def queue_counts(self, queue: Named, channel: str | None) -> QueueCounts:
        """Counts of a queue for one channel (`VOICE`, `CHAT`, `TASK`), or of all channels."""

    def set_attributes(self, attributes: Mapping[str, str], related: bool) -> None:
        """Set contact attributes, all or none; `related`: of the contact named by `RelatedContactId`."""

    def set_contact_data(self, data: Mapping[str, Any], related: bool) -> None:
        """Set `Name`, `Description`, `LanguageCode`, `CustomerId` (texts), `References` (dict of `ReferenceView`)."""

    def set_queue(self, queue: Named) -> None:
        """Set the working queue."""

    def set_event_hook(self, hook: str, flow: Named) -> None:
        """Remember the flow of an event.

        `CustomerQueue`, `CustomerRemaining` (disconnect flow), `CustomerWhisper`, `AgentWhisper`, `CustomerHold`,
        `AgentHold`, `DefaultAgentUI`, `DisconnectAgentUI`, `PauseContact`, `ResumeContact`.
        """

    def set_priority(self, priority: int) -> None: ...

    def adjust_age(self, seconds: int) -> None:
        """Add to (or take from) the age by which routing orders the contact."""

    def set_routing_criteria(self, criteria: Mapping[str, Any]) -> None:
        """Criteria in the form of table D4, already checked: `{"Steps": [{"Expression": ..., "Expiry": ...}]}`."""

    def tag(self, tags: Mapping[str, str]) -> None:
        """Add contact tags, all or none (six user tags at most)."""

    def untag(self, keys: Sequence[str]) -> None: ...

    def set_logging(self, on: bool) -> None: ...

    def set_recording(self, participants: Sequence[str], analytics: Mapping[str, Any] | None) -> None:
        """`participants`: any of `Agent`, `Customer` (none: off); `analytics`: AnalyticsBehavior as stored, or None."""

    def set_voice(self, voice: str, engine: str, style: str) -> None: ...

    def set_callback_number(self, number: str) -> None:
        """Raises FlowError `InvalidCallbackNumber` or `CallbackNumberNotDialable`."""

    def say(self, message: Message, *, bot: bool = False) -> None:
        """Write a message into the chat: to customer and agent, in a whisper flow to the one who is whispered to.

        `bot`: in the name of a bot.
        """

    def enqueue(self) -> None:
        """Put the contact in its working queue. Raises FlowError, `QueueAtCapacity` when full."""

    def requeue(self, queue: Named) -> None:
        """Move the queued contact to another queue (customer queue flow). FlowError `QueueAtCapacity` when full."""

    def transfer_to_agent(self) -> None:
        """Send a call to the target agent of a transfer flow."""

    def create_task(self, request: TaskRequest) -> str:
        """The contact id of the new task."""

    def create_callback(self, request: CallbackRequest) -> str:
        """The contact id of the new callback."""

    def place_in_queue(self) -> int | None:
        """How many contacts are served before this one, and itself; None when it does not wait."""

    def call_third_party(self, call: "ThirdPartyRequest") -> None:
        """Dial somebody outside for the customer. Raises FlowError when it may not be."""

    def send_keys(self, keys: str) -> None:
        """Tones to the third party."""

    def hold_participants(self, state: str) -> None:
        """`AgentOnHold`, `CustomerOnHold` or `OffHold` (all together). Raises FlowError when they are not there."""

    def stream_media(self, on: bool, from_customer: bool, to_customer: bool) -> None:
        """Start or stop live media streaming. Raises FlowError when the instance has it off."""

    def resume_contact(self) -> None:
        """Resume a paused task."""

    def continue_chat(self, source: str) -> None:
        """Continue this chat from a contact of a past one. Raises FlowError when it continues one already."""

    def walked(self, step: "Step", outcome: str, entry: dict[str, Any] | None) -> None:
        """A block has been left by an outcome (see `run.way`), or (empty) waits.

        `entry` is its flow log entry (the exact JSON of the flow log), None while `logging` is false.
        """
