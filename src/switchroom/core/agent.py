"""An agent at work: status, next status and the slots that contacts occupy."""

from typing import Literal

import msgspec

from switchroom.core.contact import Channel

SlotState = Literal[
    "INCOMING", "CONNECTING", "CONNECTED", "CONNECTED_ONHOLD", "ENDED", "MISSED", "REJECTED", "ERROR", "PAUSED"
]
"""The contact states of events-records.md (REC-52); `ENDED` is after contact work, `REJECTED` a declined task."""

StatusType = Literal["ROUTABLE", "CUSTOM", "OFFLINE"]

Link = Literal["none", "open", "lost"]
"""The connection of an agent's desktop: `none` while nothing that keeps one is used, `lost` once it was silent for too
long (ROUT-111)."""


class Slot(msgspec.Struct, omit_defaults=True):
    """One contact at one agent, from the offer until it is cleared."""

    contact: str
    channel: Channel
    state: SlotState
    since: int
    deadline: int | None = None
    """When the present state ends by itself: the offer's timeout, or the after contact work limit."""
    connected_at: int | None = None
    queued_at: int | None = None
    queue: str | None = None
    outbound: bool = False
    monitoring: bool = False
    """A supervisor listens: nothing is routed to this slot, and no after contact work follows."""
    error: str | None = None
    """Why it is in ERROR: `MissedCallCustomer`, `FailedConnectCustomer`, ..."""

    @property
    def occupies(self) -> bool:
        """Counts against the channel's capacity (ROUT-17); a paused task does not (ROUT-81)."""
        return self.state != "PAUSED"

    @property
    def live(self) -> bool:
        """There is still a conversation (or an offer) that a change of status must wait for (ROUT-65)."""
        return self.state not in ("ENDED", "MISSED", "REJECTED", "ERROR")


class Agent(msgspec.Struct, omit_defaults=True):
    """Run state of a user who takes contacts. `idle_since*` are the availability timers of routing.md section 3."""

    user: str
    status: str
    status_type: StatusType
    status_since: int
    next_status: str | None = None
    next_status_type: StatusType | None = None
    slots: dict[str, Slot] = {}
    idle_since: int = 0
    idle_since_inbound: int = 0
    logged_in_at: int | None = None
    link: Link = "none"

    @property
    def routable(self) -> bool:
        """May be offered contacts: Available, no other status waits (ROUT-65), and the desktop is there (ROUT-111)."""
        return self.status_type == "ROUTABLE" and self.next_status is None and self.link != "lost"

    @property
    def busy(self) -> bool:
        """Has a conversation or an offer going on."""
        return any(slot.live for slot in self.slots.values())
