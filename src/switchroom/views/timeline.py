"""What happened to a contact, in words that people know."""

from collections.abc import Callable
from typing import Any

import msgspec

from switchroom.base.clock import iso_s, seconds
from switchroom.core import events as e
from switchroom.core import voice_events as v
from switchroom.core.events import AnyEvent
from switchroom.storage import timelines
from switchroom.storage.postgres import Database
from switchroom.views.forms import present

_decoder = msgspec.json.Decoder(AnyEvent)

Entry = dict[str, Any]
_RECORDING = {"recording": "RESUMED", "suspended": "SUSPENDED", "stopped": "STOPPED"}
_SHOWN: dict[type[e.Event], Callable[[Any], Entry]] = {
    e.ContactInitiated: lambda event: {"Type": "INITIATED", "Details": _beginning(event)},
    e.ContactScheduled: lambda event: {"Type": "SCHEDULED", "Details": {"ScheduledTime": iso_s(event.scheduled_at)}},
    e.ConnectedToSystem: lambda event: {"Type": "CONNECTED_TO_SYSTEM"},
    e.FlowStepped: lambda event: {
        "Type": "FLOW_STARTED",
        "FlowId": event.flow.rpartition("/")[2],
        "FlowName": event.name,
        "Details": {"Purpose": event.purpose},
    },
    e.Queued: lambda event: {"Type": "QUEUED", "QueueId": event.queue},
    e.Offered: lambda event: {"Type": "OFFERED", "AgentId": event.agent},
    e.OfferMissed: lambda event: {"Type": "REJECTED" if event.rejected else "MISSED", "AgentId": event.agent},
    e.OfferWithdrawn: lambda event: {"Type": "WITHDRAWN", "AgentId": event.agent},
    e.Accepted: lambda event: {"Type": "AGENT_ACCEPTED", "AgentId": event.agent},
    e.ConnectedToAgent: lambda event: {"Type": "CONNECTED_TO_AGENT", "AgentId": event.agent},
    e.Paused: lambda event: {"Type": "PAUSED"},
    e.Resumed: lambda event: {"Type": "RESUMED"},
    e.Disconnected: lambda event: {
        "Type": "TRANSFERRED" if event.next else "DISCONNECTED",
        "Details": present({"Reason": event.reason, "NextContactId": event.next}),
    },
    e.WrapUpStarted: lambda event: {"Type": "ACW_STARTED", "AgentId": event.agent},
    e.SlotCleared: lambda event: {"Type": "CLEARED", "AgentId": event.agent},
    v.OutboundPlaced: lambda event: {"Type": "MONITORED" if event.monitoring else "DIALLED", "AgentId": event.agent},
    v.LegAdded: lambda event: {"Type": "PARTY_CALLED", "Details": present({"Number": event.leg.number})},
    v.HoldStarted: lambda event: {"Type": "ON_HOLD", "AgentId": event.agent},
    v.HoldEnded: lambda event: {"Type": "OFF_HOLD", "AgentId": event.agent},
    v.SlotFailed: lambda event: {"Type": "FAILED", "AgentId": event.agent, "Details": {"Error": event.error}},
    v.CallbackScheduled: lambda event: {
        "Type": "CALLBACK_SCHEDULED",
        "Details": {"DueTime": iso_s(event.due_at), "Attempts": str(event.terms.attempts)},
    },
    v.RecordingStarted: lambda event: {"Type": "RECORDING_STARTED"},
    v.RecordingStateChanged: lambda event: {"Type": f"RECORDING_{_RECORDING[event.state]}"},
    v.RecordingKept: lambda event: {"Type": "RECORDING_FAILED" if event.failed else "RECORDING_STORED"},
    v.MonitorModeSet: lambda event: {"Type": event.mode, "AgentId": event.agent},
    v.TransferredOut: lambda event: {"Type": "TRANSFERRED_OUT", "Details": {"Number": event.number}},
}


def _beginning(event: e.ContactInitiated) -> dict[str, str]:
    contact = event.contact
    known = {
        "Channel": contact.channel,
        "InitiationMethod": contact.initiation_method,
        "PreviousContactId": contact.previous_id,
        "RelatedContactId": contact.related_id,
        "ScheduledTime": iso_s(contact.scheduled_at) if contact.scheduled_at is not None else None,
    }
    return {name: value for name, value in known.items() if value is not None}


async def timeline(
    database: Database, instance: str, contact: str, after: int, limit: int
) -> tuple[list[Entry], int | None]:
    """Up to `limit` entries from behind journal position `after`, oldest first, and where to go on (None: the end)."""
    kinds = [kind.__name__ for kind in _SHOWN]
    rows = await timelines.of_contact(database, instance, contact, kinds, after, limit + 1)
    shown = rows[:limit]
    events = [_decoder.decode(body) for _, body in shown]
    entries = [_entry(event, contact) for event in events if not _of_its_own(event)]
    _name_clearing(entries)
    return entries, shown[-1][0] if len(rows) > limit else None


def _of_its_own(event: e.Event) -> bool:
    """A leg whose coming is told by another event: only parties that are called show."""
    return isinstance(event, v.LegAdded) and (event.leg.dial is None or event.leg.kind == "AGENT")


def _name_clearing(entries: list[Entry]) -> None:
    """Clearing ends after contact work where that had begun, else it only takes a missed contact away."""
    working: set[str] = set()
    for entry in entries:
        if entry["Type"] == "ACW_STARTED":
            working.add(entry["AgentId"])
        elif entry["Type"] == "CLEARED" and entry["AgentId"] in working:
            entry["Type"] = "ACW_ENDED"


def _entry(event: e.Event, contact: str) -> Entry:
    entry = {"At": seconds(event.at), "ContactId": contact, **_SHOWN[type(event)](event)}
    if not entry.get("Details"):
        entry.pop("Details", None)
    return entry
