"""A chat session: the participants and settings that stay while contact segments come and go."""

from typing import Literal

import msgspec

from switchroom.core.call import MonitorMode

Role = Literal["CUSTOMER", "AGENT", "SYSTEM", "CUSTOM_BOT", "SUPERVISOR"]
Visibility = Literal["ALL", "CUSTOMER", "AGENT"]


class Participant(msgspec.Struct, omit_defaults=True):
    """Someone in a chat. `present` is false before the first connection and after leaving."""

    id: str
    role: Role
    name: str
    contact: str
    user: str | None = None
    present: bool = False
    joined_at: int | None = None
    left_at: int | None = None
    invited_at: int | None = None
    """When a custom participant was announced (CHAT-135)."""
    mode: MonitorMode | None = None
    """Of a supervisor: reads unseen, or takes part (QUAL-123)."""
    capabilities: tuple[MonitorMode, ...] = ()

    @property
    def unseen(self) -> bool:
        """Nobody is told of this participant."""
        return self.mode == "SILENT_MONITOR"


class Item(msgspec.Struct, omit_defaults=True, kw_only=True):
    """One message or event of a chat, as the participant service gives it. `at` rises strictly within a session."""

    id: str
    session: str
    contact: str
    at: int
    type: str
    content_type: str
    content: str | None = None
    participant: str | None = None
    role: Role | None = None
    name: str | None = None
    attachments: list[dict[str, str]] = []
    visibility: Visibility = "ALL"
    stored: bool = True
    """Typing, receipts and timeout notices are delivered and not kept."""
    metadata: dict[str, object] | None = None
    to: list[str] = []
    """Participant ids whose connections it is pushed to."""


class Timers(msgspec.Struct, omit_defaults=True):
    """Chat timeouts of one role in minutes (CHAT-100), and how far they have run."""

    idle: int | None = None
    disconnect: int | None = None
    pending_idle: int | None = None
    pending_disconnect: int | None = None
    spoke_at: int | None = None
    idled: bool = False


class Chat(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A chat session, named by the id of its first contact."""

    id: str
    contact: str
    """The present segment: new items belong to it."""
    created_at: int
    expires_at: int
    content_types: list[str]
    participants: dict[str, Participant] = {}
    customer: str | None = None
    """Participant id of the customer."""
    connected: bool = False
    """The customer's connection was acknowledged once, so the flow has started."""
    initial_message: tuple[str, str] | None = None
    """(content type, content) that waits for that moment."""
    connect_by: int | None = None
    last_at: int = 0
    attachments: int = 0
    uploads: dict[str, dict[str, str | int]] = {}
    timers: dict[str, Timers] = {}
    receipts: dict[str, tuple[int, int | None]] = {}
    """(delivered, read) of the latest receipts by `MESSAGE/PARTICIPANT`: the first time of each counts."""
    system: str = ""
    """Participant id of the system's own voice."""

    def customer_present(self) -> bool:
        """Whether the customer is in the chat now."""
        customer = self.participants.get(self.customer or "")
        return customer is not None and customer.present
