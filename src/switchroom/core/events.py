"""Everything that can have happened. An event is appended to the journal before anyone is told of it.

`evolve` folds events into the state; it is the only thing that changes the state. Fields `contact` and `agent`
(user id) name what an event is about and become columns of the journal.
"""

import msgspec

from switchroom.core.agent import Link, StatusType
from switchroom.core.chat import Chat, Item, Participant
from switchroom.core.contact import AgentStay, Contact, Reference
from switchroom.core.event import Event as Event
from switchroom.core.routing.criteria import RoutingCriteria
from switchroom.core.voice_events import AnyVoiceEvent

# ------------------------------------------------------------------ contacts


class ContactInitiated(Event):
    """A contact (segment) exists: REC-06."""

    contact: Contact


class ConnectedToSystem(Event):
    """The customer's side is there: a chat is connected, a task begins: REC-07."""

    contact: str


class FlowEntered(Event):
    """The contact is in the hands of a flow of its own (inbound, transfer, disconnect)."""

    contact: str


class AttributesSet(Event):
    """User-defined attributes of a whole chain changed (FLOW-141); an empty value removes the attribute (BASE-145)."""

    updates = "UserDefinedAttributes"
    contact: str
    chain: str
    attributes: dict[str, str]


class DetailsChanged(Event):
    """System data of a contact changed; None leaves a member as it is."""

    contact: str
    name: str | None = None
    description: str | None = None
    references: dict[str, Reference] | None = None
    language: str | None = None
    voice: tuple[str, str, str] | None = None
    customer_id: str | None = None
    segment_attributes: dict[str, str] | None = None
    task_contact: str | None = None
    callback_number: str | None = None
    target_agent: str | None = None
    continued_from: str | None = None


class TagsSet(Event):
    """All tags of a contact, after the change (BASE-220)."""

    updates = "Tags"
    contact: str
    tags: dict[str, str]


class FlowSettingChanged(Event):
    """A flow was chosen for a purpose (`customer_queue`, `disconnect`, `agent_whisper`, ...)."""

    contact: str
    purpose: str
    flow: str


class LoggingSet(Event):
    """Set logging behavior (FLOW-135)."""

    contact: str
    on: bool


class RecordingSet(Event):
    """Set recording and analytics behavior, kept for the channels that record."""

    contact: str
    recording: dict[str, object]


class WorkingQueueSet(Event):
    """Set working queue."""

    contact: str
    queue: str


class RoutingDataChanged(Event):
    """Contact priority or routing age changed (ROUT-10); None leaves it."""

    contact: str
    priority: int | None = None
    age_adjustment: int | None = None


class CriteriaChanged(Event):
    """All criteria sets of a contact after a change (ROUT-47..52); `steps`: only a step's status moved."""

    contact: str
    criteria: list[RoutingCriteria]
    steps: bool = False


class ContactScheduled(Event):
    """The time at which a task's flow starts was changed (ROUT-93)."""

    updates = "ScheduledTimestamp"
    contact: str
    scheduled_at: int


class RecordRevised(Event):
    """The record of a contact that is over was changed (REC-28): attributes of its chain (an empty value removes the
    attribute), or all its tags as they are after the change (BASE-222)."""

    contact: str
    attributes: dict[str, str] | None = None
    tags: dict[str, str] | None = None


# ------------------------------------------------------------------ queues and agents


class Queued(Event):
    """The contact entered a queue: REC-09. `arrival_at` is the rank it competes with (ROUT-06)."""

    contact: str
    queue: str
    arrival_at: int


class Offered(Event):
    """The contact is offered to an agent until `deadline` (ROUT-16)."""

    contact: str
    agent: str
    deadline: int


class OfferMissed(Event):
    """The agent let the offer pass, or rejected it; the slot stays occupied until cleared (ROUT-17)."""

    contact: str
    agent: str
    rejected: bool = False


class OfferWithdrawn(Event):
    """The offer is void: the customer left, or the contact was taken elsewhere."""

    contact: str
    agent: str


class Answered(Event):
    """The agent took the offer and hears the agent whisper; the contact still waits in its queue (BLK-146)."""

    contact: str
    agent: str


class Accepted(Event):
    """The contact is the agent's: it leaves the queue. A customer whisper may come before the conversation."""

    contact: str
    agent: str
    stay: AgentStay


class ConnectedToAgent(Event):
    """Agent and customer are joined: REC-10."""

    contact: str
    agent: str


class Disconnected(Event):
    """The contact is over for the customer's side: REC-11. An agent that had it is in after contact work."""

    contact: str
    reason: str | None = None
    next: str | None = None
    """The contact that carries on, when this segment was transferred."""


class WrapUpStarted(Event):
    """The agent's conversation is over: after contact work until `deadline` (None: until cleared) (REC-51)."""

    contact: str
    agent: str
    deadline: int | None = None


class SlotCleared(Event):
    """The agent's slot is free again: after contact work was closed, or a missed contact cleared."""

    contact: str
    agent: str


class Completed(Event):
    """Nothing more happens to the contact: its record is complete (REC-24) and it leaves the state."""

    contact: str


class Paused(Event):
    """A task was paused: REC-12."""

    contact: str


class Resumed(Event):
    """A paused task was resumed: REC-12."""

    contact: str


class StatusSet(Event):
    """An agent's status changed (REC-48). `by` is the user or key that did it."""

    agent: str
    status: str
    status_type: StatusType
    by: str | None = None


class NextStatusSet(Event):
    """An agent's next status was chosen, or (None) cancelled (ROUT-65)."""

    agent: str
    status: str | None = None
    status_type: StatusType | None = None
    by: str | None = None


class LoggedIn(Event):
    """An agent opened the workspace: LOGIN of the agent event stream."""

    agent: str


class LoggedOut(Event):
    """An agent signed out: LOGOUT of the agent event stream."""

    agent: str


class LinkSet(Event):
    """The connection of an agent's desktop opened, was lost, or is of no importance any more (ROUT-111)."""

    agent: str
    link: Link


# ------------------------------------------------------------------ chat


class ChatOpened(Event):
    """A chat session began."""

    contact: str
    chat: Chat


class ChatContinued(Event):
    """A new segment carries the session on."""

    contact: str
    session: str


class CustomerConnected(Event):
    """The customer's first connection was acknowledged: the flow may start."""

    contact: str
    session: str


class ParticipantAdded(Event):
    """A custom participant may join the chat."""

    contact: str
    session: str
    participant: Participant


class ParticipantJoined(Event):
    """Someone is in the chat."""

    contact: str
    session: str
    participant: Participant


class ParticipantLeft(Event):
    """Someone left the chat."""

    contact: str
    session: str
    participant: str


class ItemSent(Event):
    """A chat message or event. Stored ones make the transcript."""

    contact: str
    item: Item


class ReceiptGiven(Event):
    """A participant got or read a message (CHAT-95)."""

    contact: str
    session: str
    message: str
    participant: str
    read: bool
    """Reading implies that it was delivered."""


class TimersSet(Event):
    """Chat timeouts of a role, in minutes (CHAT-100); `now` when they apply at once."""

    contact: str
    session: str
    role: str
    idle: int | None
    disconnect: int | None


class TimersStarted(Event):
    """Chat timeouts begin to run: an agent joined."""

    contact: str
    session: str


class TimersStopped(Event):
    """Chat timeouts stand still: the agent left."""

    contact: str
    session: str


class RoleSpoke(Event):
    """A role wrote, so its timeouts begin anew."""

    contact: str
    session: str
    role: str


class RoleIdled(Event):
    """A role's idle time is over."""

    contact: str
    session: str
    role: str


class UploadStarted(Event):
    """An attachment was announced; its bytes go to the staging place."""

    contact: str
    session: str
    upload: str
    details: dict[str, str | int]


class UploadFinished(Event):
    """An attachment left the staging place: shared, or rejected."""

    contact: str
    session: str
    upload: str
    approved: bool


class ChatClosed(Event):
    """The session is over."""

    contact: str
    session: str


# ------------------------------------------------------------------ flows and bookkeeping


class FlowMoved(Event):
    """A flow run started or moved; `run` is its position, None when it is over."""

    contact: str
    key: str
    run: bytes | None = None
    until: int | None = None


class FlowStepped(Event):
    """A flow started to run on a contact: what the contact's timeline shows."""

    contact: str
    flow: str
    name: str
    purpose: str


class Walked(msgspec.Struct, frozen=True, array_like=True):
    """A block that a contact came to: `outcome` is the way it left by, empty while it waits there.

    `entry` is its entry of the flow log in its exact JSON, None where there is none.
    """

    action: str
    outcome: str
    entry: dict[str, object] | None = None


class FlowLogged(Event):
    """The blocks of one flow or module that a contact went through without waiting: its journey, and its flow log."""

    contact: str
    flow: str = ""
    version: int = 0
    purpose: str = ""
    blocks: tuple[Walked, ...] = ()


class LoopsCounted(Event):
    """Rounds of Loop blocks, kept with the contact between its flows."""

    contact: str
    loops: dict[str, int]


class RequestRemembered(Event):
    """A request with a ClientToken was answered: the same token gets the same answer for a day."""

    token: str
    answer: bytes


AnyEvent = (
    ContactInitiated
    | ConnectedToSystem
    | FlowEntered
    | AttributesSet
    | DetailsChanged
    | TagsSet
    | FlowSettingChanged
    | LoggingSet
    | RecordingSet
    | WorkingQueueSet
    | RoutingDataChanged
    | CriteriaChanged
    | ContactScheduled
    | RecordRevised
    | Queued
    | Offered
    | OfferMissed
    | OfferWithdrawn
    | Answered
    | Accepted
    | ConnectedToAgent
    | Disconnected
    | WrapUpStarted
    | SlotCleared
    | Completed
    | Paused
    | Resumed
    | StatusSet
    | NextStatusSet
    | LoggedIn
    | LoggedOut
    | LinkSet
    | ChatOpened
    | ChatContinued
    | CustomerConnected
    | ParticipantAdded
    | ParticipantJoined
    | ParticipantLeft
    | ItemSent
    | ReceiptGiven
    | TimersSet
    | TimersStarted
    | TimersStopped
    | RoleSpoke
    | RoleIdled
    | UploadStarted
    | UploadFinished
    | ChatClosed
    | FlowMoved
    | FlowStepped
    | FlowLogged
    | LoopsCounted
    | RequestRemembered
    | AnyVoiceEvent
)
"""Every event, for decoding the journal."""


def contact_of(event: Event) -> str | None:
    """The id of the contact an event is about."""
    contact = getattr(event, "contact", None)
    return contact.id if isinstance(contact, Contact) else contact


def agent_of(event: Event) -> str | None:
    """The user id of the agent an event is about."""
    agent: str | None = getattr(event, "agent", None)
    return agent
