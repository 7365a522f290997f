"""The configuration the core decides by: typed, resolved, in memory; made from `resources/` documents."""

from typing import Literal, TypeVar

import msgspec

from switchroom.base.arns import Site
from switchroom.base.errors import ServiceError, not_found
from switchroom.core.agent import StatusType
from switchroom.core.hours import Hours
from switchroom.core.routing.matcher import Profile

_Settings = TypeVar("_Settings")


class QueueSettings(msgspec.Struct, frozen=True):
    """A queue; `agent` is the owner of an agent queue."""

    id: str
    arn: str
    name: str
    enabled: bool = True
    hours: str | None = None
    max_contacts: int | None = None
    agent: str | None = None
    outbound_caller_number: str | None = None
    """E.164."""
    outbound_caller_name: str | None = None
    outbound_flow: str | None = None
    quick_connects: tuple[str, ...] = ()


class ProfileSettings(msgspec.Struct, frozen=True):
    """A routing profile: the matcher's part and the rest."""

    id: str
    arn: str
    name: str
    routing: Profile
    default_outbound_queue: str | None = None
    timer: Literal["TIME_SINCE_LAST_ACTIVITY", "TIME_SINCE_LAST_INBOUND"] = "TIME_SINCE_LAST_ACTIVITY"


class UserSettings(msgspec.Struct, frozen=True):
    """A user as an agent. `acw_limit` in seconds, 0 for none (ROUT-68)."""

    id: str
    arn: str
    username: str
    first_name: str = ""
    last_name: str = ""
    profile: str = ""
    acw_limit: int = 0
    auto_accept: bool = False
    desk_phone: str | None = None
    proficiencies: dict[tuple[str, str], float] = {}
    hierarchy: tuple[tuple[str, str], ...] = ()
    """(ARN, name) of the group at each level, top first."""
    queue: str | None = None
    video: bool = False
    """May be seen by web callers (CHAT-09)."""

    @property
    def display_name(self) -> str:
        """What the customer sees."""
        return self.first_name or self.username


class StatusSettings(msgspec.Struct, frozen=True):
    """An agent status."""

    id: str
    arn: str
    name: str
    type: StatusType
    enabled: bool = True
    order: int | None = None


class QuickConnectSettings(msgspec.Struct, frozen=True):
    """A quick connect: where a transfer goes (`target` is a user id, a queue id or a number) and through which flow."""

    id: str
    arn: str
    name: str
    type: Literal["USER", "QUEUE", "PHONE_NUMBER"]
    target: str
    flow: str | None = None


class VoiceSettings(msgspec.Struct, frozen=True):
    """The instance's settings of calls."""

    inbound: bool = True
    outbound: bool = True
    early_media: bool = True
    best_voices: bool = True
    """A voice speaks in the most natural way it has, unless the flow chooses one (FLOW-69)."""
    multi_party: bool = False
    """Up to six parties with equal rights (DESK-64..73); else three, by who added whom."""
    enhanced_voice_monitoring: bool = False
    enhanced_chat_monitoring: bool = False
    media_streaming: bool = False
    countries: frozenset[str] = frozenset()
    """ISO codes that may be called (NUM-52)."""
    blocked_prefixes: tuple[str, ...] = ()
    recordings: str = ""
    """Prefix of the keys of recordings; empty: none are kept."""

    @property
    def participants(self) -> int:
        """How many parties one call may have."""
        return 6 if self.multi_party else 3


class NumberSettings(msgspec.Struct, frozen=True):
    """A claimed phone number. `flow`: where calls to it go."""

    number: str
    flow: str | None = None
    type: str = "DID"
    country: str = ""


class Quotas(msgspec.Struct, frozen=True):
    """Concurrency quotas of the instance."""

    calls: int = 10
    chats: int = 100
    tasks: int = 2500

    @property
    def total(self) -> int:
        """Capacity of a queue without a limit of its own (ROUT-31)."""
        return self.calls + self.chats + self.tasks


class Configuration(msgspec.Struct, kw_only=True):
    """Everything configured in one instance that a decision may need, by id."""

    site: Site
    instance: str
    alias: str = ""
    queues: dict[str, QueueSettings] = {}
    profiles: dict[str, ProfileSettings] = {}
    users: dict[str, UserSettings] = {}
    statuses: dict[str, StatusSettings] = {}
    hours: dict[str, Hours] = {}
    quick_connects: dict[str, QuickConnectSettings] = {}
    attributes: dict[str, frozenset[str]] = {}
    """Predefined attributes and their values."""
    quotas: Quotas = Quotas()
    strict_priority_blocking: bool = False
    """A contact within its delay keeps agents from queues of lower priority (routing.md, vector V7)."""
    voice: VoiceSettings = VoiceSettings()
    numbers: dict[str, NumberSettings] = {}
    """Claimed phone numbers by E.164."""
    flow_logs: bool = True

    @property
    def arn(self) -> str:
        """The instance's ARN."""
        return self.site.instance(self.instance)

    def user(self, identifier: str) -> UserSettings:
        """The user, or ResourceNotFoundException."""
        return _get(self.users, "User", identifier)

    def queue(self, identifier: str) -> QueueSettings:
        """The queue, or ResourceNotFoundException."""
        return _get(self.queues, "Queue", identifier)

    def status(self, identifier: str) -> StatusSettings:
        """The agent status, or ResourceNotFoundException."""
        return _get(self.statuses, "Agent status", identifier)

    def status_of_type(self, kind: StatusType) -> StatusSettings:
        """The first status of a type: `OFFLINE` and `ROUTABLE` always exist (ROUT-60)."""
        for status in self.statuses.values():
            if status.type == kind:
                return status
        raise ServiceError("InternalServiceException", f"instance {self.instance} has no {kind} agent status")


def _get(table: dict[str, _Settings], what: str, identifier: str) -> _Settings:
    found = table.get(identifier)
    if found is None:
        raise not_found(what, identifier)
    return found
