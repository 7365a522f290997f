"""What the centre can be asked to do. A command is a request, not a fact: it may be refused with a `ServiceError`.

Commands arrive from the door, the channels and the workers, on this node or another; so they are plain structs.
`by` is the user or key that asks. `token` is the request's ClientToken: the same token gets the same answer.
"""

from typing import Any, Literal

import msgspec

from switchroom.core.command import Command as Command
from switchroom.core.contact import Reference
from switchroom.core.voice_commands import AnyVoiceCommand

# ------------------------------------------------------------------ contacts


class StartChat(Command):
    """Start a chat (CHAT-60). Answer: `{"contact", "participant", "continued_from", "expires_at"}`."""

    flow: str
    customer_name: str
    attributes: dict[str, str] = {}
    initial_message: tuple[str, str] | None = None
    """(content type, content)"""
    duration_minutes: int = 1500
    content_types: tuple[str, ...] = ("text/plain",)
    related: str | None = None
    continued_from: str | None = None
    segment_attributes: dict[str, str] = {}
    customer_id: str | None = None
    token: str | None = None


class LinkedContact(msgspec.Struct, omit_defaults=True, kw_only=True):
    """What a new task takes from the contact it is linked to, read from its record: that contact may be over."""

    initial_id: str
    attributes: dict[str, str] = {}
    tags: dict[str, str] = {}
    links: int = 0


class StartTask(Command):
    """Start a task (ROUT-99). One of `flow` and `quick_connect`. Answer: `{"contact"}`.

    `assignee` is the user to whose personal queue `flow` brings it (ROUT-85); `expires_in` the minutes after its start
    when it is over, at most seven days (ROUT-95). `linked` describes the contact that `previous` or `related` names;
    without it that contact must be unfinished.
    """

    name: str
    flow: str | None = None
    quick_connect: str | None = None
    description: str | None = None
    attributes: dict[str, str] = {}
    references: dict[str, Reference] = {}
    scheduled_at: int | None = None
    previous: str | None = None
    related: str | None = None
    linked: LinkedContact | None = None
    template: str | None = None
    segment_attributes: dict[str, str] = {}
    by: str | None = None
    token: str | None = None
    assignee: str | None = None
    expires_in: int | None = None


class StopContact(Command):
    """End a contact wherever it is (ROUT-95)."""

    contact: str
    by: str | None = None


class SetAttributes(Command):
    """Set user-defined attributes of a contact's chain (FLOW-139)."""

    contact: str
    attributes: dict[str, str]


class AssignContact(Command):
    """Offer a waiting contact to one agent, whatever the agent's status and capacity."""

    contact: str
    user: str
    by: str | None = None


class UpdateContact(Command):
    """Change name, description, references, segment attributes of a contact."""

    contact: str
    name: str | None = None
    description: str | None = None
    references: dict[str, Reference] | None = None
    segment_attributes: dict[str, str] | None = None
    customer_id: str | None = None


class TagContact(Command):
    """Add tags (BASE-220)."""

    contact: str
    tags: dict[str, str]


class UntagContact(Command):
    """Remove tags."""

    contact: str
    keys: list[str]


class TransferContact(Command):
    """Transfer by API: through `flow`, to `queue` or to an agent's queue. Answer: `{"contact"}`."""

    contact: str
    flow: str
    queue: str | None = None
    user: str | None = None
    by: str | None = None
    token: str | None = None


class SetRoutingData(Command):
    """Change priority, routing age (seconds) or routing criteria of a contact (ROUT-10, ROUT-52)."""

    contact: str
    priority: int | None = None
    age_adjustment: int | None = None
    criteria: dict[str, Any] | None = None


class PauseContact(Command):
    """Pause a task (ROUT-81); `flow` replaces the flow at contact pause."""

    contact: str
    flow: str | None = None
    holder: str | None = None
    """The agent who must have it on the desk."""
    by: str | None = None


class ResumeContact(Command):
    """Resume a paused task; `flow` replaces the flow at contact resume."""

    contact: str
    flow: str | None = None
    holder: str | None = None
    """The agent who must have it on the desk."""
    by: str | None = None


class RescheduleContact(Command):
    """Move a scheduled task (ROUT-93)."""

    contact: str
    scheduled_at: int


class ReviseRecord(Command):
    """Change the record of a contact that is over; it was read from the records before (REC-28, BASE-222)."""

    contact: str
    attributes: dict[str, str] | None = None
    tags: dict[str, str] | None = None
    """All tags, after the change."""


class DescribeContact(Command):
    """The state of an unfinished contact. Answer: None when it is over or unknown."""

    contact: str


# ------------------------------------------------------------------ agents


class SetStatus(Command):
    """Set an agent's status, or the next one while busy (ROUT-64, ROUT-65).

    `unattended`: a program sets it for the agent, who needs no desktop from now on (ROUT-111).
    """

    agent: str
    status: str
    by: str | None = None
    unattended: bool = False


class LogIn(Command):
    """The agent opened the workspace."""

    agent: str


class LogOut(Command):
    """The agent signed out: Offline (ROUT-66)."""

    agent: str


class LoseAgent(Command):
    """No desktop of an agent has been heard of for too long (ROUT-111)."""

    agent: str


class AcceptContact(Command):
    """Take an offered contact."""

    agent: str
    contact: str


class RejectContact(Command):
    """Decline an offered contact: as missed (routing.md section 4)."""

    agent: str
    contact: str


class EndContact(Command):
    """End the conversation for the agent: after contact work begins."""

    agent: str
    contact: str


class ClearContact(Command):
    """Close after contact work, or clear a missed contact."""

    agent: str
    contact: str


class TransferAgentContact(Command):
    """Send a contact on by quick connect (ROUT-96). Answer: `{"contact"}`."""

    agent: str
    contact: str
    quick_connect: str


class AgentSnapshot(Command):
    """What an agent's desktop shows. Answer: the snapshot as plain data."""

    agent: str


class QueueSize(Command):
    """How many contacts wait in a queue. Answer: the number."""

    queue: str


class RealTimeView(Command):
    """Queues and agents now, for the real-time metrics. Answer: plain data."""


# ------------------------------------------------------------------ chat


class ConnectParticipant(Command):
    """A participant's connection was acknowledged: its socket subscribed, or it asked so without one (CHAT-63)."""

    session: str
    participant: str


class ParticipantView(Command):
    """Who a participant token speaks for now. Answer: `{"contact", "role", ...}`; None when the chat is over."""

    session: str
    participant: str


class ContinueChat(Command):
    """Tie a chat to a contact of a past one, once (CHAT-106)."""

    contact: str
    source: str


class AddParticipant(Command):
    """Let a custom participant join a chat (CHAT-135). Answer: `{"session", "participant"}`."""

    contact: str
    name: str
    token: str | None = None


class AgentParticipant(Command):
    """The agent's place in a chat on the desk. Answer: `{"session", "participant", "name", "expires_at"}`."""

    agent: str
    contact: str


class SendMessage(Command):
    """Say something in a chat (CHAT-65). Answer: `{"id", "at"}`."""

    session: str
    participant: str
    content_type: str
    content: str
    token: str | None = None


class SendEvent(Command):
    """Typing, delivered, read (CHAT-66). Answer: `{"id", "at"}`."""

    session: str
    participant: str
    content_type: str
    content: str | None = None
    token: str | None = None


class LeaveChat(Command):
    """A participant disconnects (CHAT-69)."""

    session: str
    participant: str
    token: str | None = None


class LoseParticipant(Command):
    """A participant's connection has been gone for too long (CHAT-78)."""

    session: str
    participant: str


class StartUpload(Command):
    """Announce an attachment (CHAT-110). Answer: `{"upload", "key"}`."""

    session: str
    participant: str
    upload: str
    name: str
    content_type: str
    size: int
    key: str
    token: str | None = None


class FinishUpload(Command):
    """An attachment was checked: share it, or drop it."""

    session: str
    participant: str
    upload: str
    approved: bool
    token: str | None = None


class SetChatTimers(Command):
    """Chat timeouts by role: minutes, or None to unset (CHAT-100)."""

    contact: str
    timers: list[tuple[Literal["CUSTOMER", "AGENT"], Literal["IDLE", "DISCONNECT_NONCUSTOMER"], int | None]]


# ------------------------------------------------------------------ flows


class SignalFlow(Command):
    """What a flow waited for has come back (a function's answer, ...)."""

    key: str
    id: int
    kind: str
    value: Any = None


AnyCommand = (
    StartChat
    | StartTask
    | StopContact
    | SetAttributes
    | UpdateContact
    | TagContact
    | UntagContact
    | TransferContact
    | AssignContact
    | SetRoutingData
    | PauseContact
    | ResumeContact
    | RescheduleContact
    | ReviseRecord
    | DescribeContact
    | SetStatus
    | LogIn
    | LogOut
    | LoseAgent
    | AcceptContact
    | RejectContact
    | EndContact
    | ClearContact
    | TransferAgentContact
    | AgentSnapshot
    | QueueSize
    | RealTimeView
    | ConnectParticipant
    | ParticipantView
    | ContinueChat
    | AddParticipant
    | AgentParticipant
    | SendMessage
    | SendEvent
    | LeaveChat
    | LoseParticipant
    | StartUpload
    | FinishUpload
    | SetChatTimers
    | SignalFlow
    | AnyVoiceCommand
)
"""Every command, for the way between nodes."""
