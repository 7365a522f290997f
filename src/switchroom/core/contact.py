"""A contact: one segment of a customer's conversation, from its start until its record is complete."""

from typing import Literal

import msgspec

from switchroom.core.routing.criteria import RoutingCriteria

Channel = Literal["VOICE", "CHAT", "TASK"]
InitiationMethod = Literal[
    "INBOUND",
    "OUTBOUND",
    "TRANSFER",
    "QUEUE_TRANSFER",
    "CALLBACK",
    "API",
    "DISCONNECT",
    "MONITOR",
    "EXTERNAL_OUTBOUND",
    "WEBRTC_API",
]

Place = Literal["created", "scheduled", "flow", "queue", "agent", "ended"]
"""Where a contact is. It is in exactly one place; in `queue` it may at the same time be offered to one agent.

created: waits for the customer's connection (chat); scheduled: waits for its time (task); flow: a flow has it;
queue: waits for an agent; agent: accepted, until the conversation ends; ended: disconnected.
"""

FlowPurpose = Literal[
    "customer_queue",
    "customer_hold",
    "customer_whisper",
    "outbound_whisper",
    "agent_hold",
    "agent_whisper",
    "disconnect",
    "pause",
    "resume",
]


class Endpoint(msgspec.Struct, frozen=True, omit_defaults=True):
    """An address on the wire, `TELEPHONE_NUMBER` in E.164."""

    address: str
    type: str = "TELEPHONE_NUMBER"


class Reference(msgspec.Struct, frozen=True, omit_defaults=True):
    """A named link carried by a contact (ROUT-100)."""

    type: str
    value: str = ""
    status: str | None = None


class QueueStay(msgspec.Struct, omit_defaults=True):
    """A contact's stay in its queue; it is over when `dequeued_at` is set."""

    queue: str
    enqueued_at: int
    dequeued_at: int | None = None


class AgentStay(msgspec.Struct, omit_defaults=True):
    """What the agent's side of a contact's record needs, with the profile and hierarchy of that moment."""

    user: str
    username: str
    profile: str
    profile_name: str = ""
    hierarchy: list[tuple[str, str]] = []
    accepted_at: int = 0
    connected_at: int | None = None
    left_at: int | None = None
    cleared_at: int | None = None
    paused_ms: int = 0
    holds: int = 0
    hold_ms: int = 0
    longest_hold_ms: int = 0


class CallbackTerms(msgspec.Struct, omit_defaults=True):
    """How often and when a queued callback is tried (CB1)."""

    maximum: int = 1
    retry_seconds: int = 60
    attempts: int = 0
    """Calls to the customer so far."""


class MonitorStay(msgspec.Struct, omit_defaults=True):
    """A supervisor's state for a time (REC-40)."""

    mode: str
    started_at: int
    ended_at: int | None = None


class Contact(msgspec.Struct, kw_only=True, omit_defaults=True):
    """A contact. Times are epoch milliseconds; `age_adjustment` and `priority` are those of routing (ROUT-10)."""

    id: str
    initial_id: str
    channel: Channel
    subtype: str
    initiation_method: InitiationMethod
    initiated_at: int
    place: Place = "created"
    previous_id: str | None = None
    next_id: str | None = None
    related_id: str | None = None
    continued_from: str | None = None
    arrival_at: int | None = None
    sequence: int = 0
    """Order of arrival among contacts of the same moment."""
    name: str | None = None
    description: str | None = None
    references: dict[str, Reference] = {}
    tags: dict[str, str] = {}
    segment_attributes: dict[str, str] = {}
    customer_endpoint: Endpoint | None = None
    system_endpoint: Endpoint | None = None
    customer_id: str | None = None
    customer_name: str | None = None
    language: str = "en-US"
    voice: tuple[str, str, str] = ("Joanna", "Standard", "None")
    """Text-to-speech voice, engine and style."""
    flow: str | None = None
    flows: dict[str, str] = {}
    logging: bool = False
    recording: dict[str, object] | None = None
    queue: str | None = None
    stay: QueueStay | None = None
    priority: int = 5
    age_adjustment: int = 0
    criteria: list[RoutingCriteria] = []
    offered_to: str | None = None
    attempts: int = 0
    missed_by: list[str] = []
    """Agents who still show this contact as missed."""
    agent: AgentStay | None = None
    target_agent: str | None = None
    created_by: str | None = None
    connected_to_system_at: int | None = None
    disconnected_at: int | None = None
    disconnect_reason: str | None = None
    scheduled_at: int | None = None
    reschedules: int = 0
    expires_at: int | None = None
    paused_at: int | None = None
    last_paused_at: int | None = None
    last_resumed_at: int | None = None
    pause_count: int = 0
    pause_ms: int = 0
    queue_transfers: int = 0
    transfers: int = 0
    links: int = 0
    task_contact: str | None = None
    template: str | None = None
    callback_number: str | None = None
    callback: CallbackTerms | None = None
    call: str | None = None
    """The call it is a segment of."""
    party: str | None = None
    """The leg that its flows speak to: the customer's, or in a consultation that of the agent who asks."""
    caller_id: tuple[str | None, str | None] = (None, None)
    """Number and name a flow chose to be shown to the called party."""
    sip_headers: dict[str, str] = {}
    qualities: dict[str, dict[str, object]] = {}
    """Media quality by `Agent`, `Customer` and (the agent's) `Browser` (REC-37)."""
    device: dict[str, str] = {}
    """The agent's browser and system (REC-38)."""
    agent_lost: bool = False
    """The agent's connection was gone when the agent's part ended (REC-37)."""
    recordings: list[dict[str, object]] = []
    transferred_to: str | None = None
    transferred_at: int | None = None
    monitored: str | None = None
    """The contact that a supervisor's contact listens to."""
    monitor_stays: list[MonitorStay] = []
    third_party_ms: int = 0
    updated_at: int = 0

    @property
    def waiting(self) -> bool:
        """In a queue, and neither paused nor being offered: the matcher may choose it."""
        return self.place == "queue" and self.offered_to is None and self.paused_at is None

    @property
    def recorded(self) -> tuple[str, ...]:
        """Whose side a flow wants recorded: any of `Agent`, `Customer` (FLOW-86)."""
        asked = (self.recording or {}).get("Participants")
        return tuple(str(one) for one in asked) if isinstance(asked, list | tuple) else ()

    @property
    def rank(self) -> int:
        """Routing age as a moment: the smaller, the earlier served (ROUT-06, ROUT-10)."""
        arrival = self.arrival_at if self.arrival_at is not None else self.initiated_at
        return arrival - self.age_adjustment * 1000
