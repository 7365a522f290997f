"""Records and events for the streams consumers read: written with the journal, sent after it."""

from typing import TYPE_CHECKING, Any

import msgspec

from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.storage import agent_snapshots, contacts, outbox
from switchroom.storage.bus import Bus
from switchroom.storage.outbox import Message
from switchroom.views.agent_events import AgentState, agent_events, agents_in
from switchroom.views.contact_events import contact_events
from switchroom.views.contacts import rows_of
from switchroom.views.facts import Facts, facts_of
from switchroom.views.records import contact_record

if TYPE_CHECKING:
    from switchroom.centre.batch import Connection

CONTACT_RECORDS = "contact-records"
CONTACT_EVENTS = "contact-events"
AGENT_EVENTS = "agent-events"
FLOW_LOG_ALERTS = "flow-log-alerts"
STREAMS = {
    "CONTACT_RECORDS": CONTACT_RECORDS,
    "CONTACT_EVENTS": CONTACT_EVENTS,
    "AGENT_EVENTS": AGENT_EVENTS,
    "FLOW_LOG_ALERTS": FLOW_LOG_ALERTS,
}
"""JetStream streams, and the first word of their subjects `WORD.INSTANCE`."""
KEPT_SECONDS = 7 * 86_400.0


async def ensure_streams(bus: Bus) -> None:
    """Create the streams; messages are kept for seven days."""
    for name, word in STREAMS.items():
        await bus.ensure_stream(name, [f"{word}.*"], max_age_seconds=KEPT_SECONDS)


def record_message(facts: Facts, cause: int | str) -> Message:
    """A contact record for its stream; a later copy has a later LastUpdateTimestamp (REC-27, REC-28).

    `cause` tells copies apart: the sequence number of the event, or what else it is sent for.
    """
    name = f"record/{facts.instance}/{facts.contact.id}/{cause}"
    return message(CONTACT_RECORDS, facts.instance, name, contact_record(facts))


def message(stream: str, instance: str, name: str, value: dict[str, Any]) -> Message:
    """A JSON message of a stream."""
    return Message(f"{stream}.{instance}", name, msgspec.json.encode(value))


class Streams:
    """Contact events, agent events and completed records of a commit, in one row of the outbox."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[int, dict[str, AgentState]]] = {}
        """By instance: the sequence number up to which the snapshots in memory are right, and they."""

    def forget(self, instance: str) -> None:
        """Read the snapshots of an instance again: they may be changed outside its commits."""
        self._known.pop(instance, None)

    async def project(self, connection: "Connection", batch: Batch) -> None:
        """One row of messages, and the snapshots of the agents who moved."""
        instance = batch.instance
        messages = [
            message(CONTACT_EVENTS, instance, f"contact/{instance}/{seq}", event)
            for seq, event in contact_events(batch)
        ]
        messages += await self._agents(connection, batch)
        messages += await self._records(connection, batch)
        if messages:
            await outbox.put(connection, messages)

    async def _agents(self, connection: "Connection", batch: Batch) -> list[Message]:
        first, last = batch.events[0][0], batch.events[-1][0]
        upto, known = self._known.get(batch.instance, (-1, {}))
        if upto != first - 1:
            known = {}
        agents = agents_in(batch)
        states = {agent: msgspec.structs.replace(known[agent]) for agent in agents if agent in known}
        missing = [agent for agent in agents if agent not in known]
        if missing:
            for agent, at, logout_at, stored in await agent_snapshots.load(connection, batch.instance, missing):
                states[agent] = AgentState(at, logout_at, msgspec.json.decode(stored))
        changes = agent_events(batch, states)
        moved = {change.agent for change in changes}
        if moved:
            rows = [
                (agent, states[agent].at, states[agent].logout_at, msgspec.json.encode(states[agent].snapshot))
                for agent in moved
            ]
            await agent_snapshots.save(connection, batch.instance, rows)
        self._known[batch.instance] = (last, {**known, **states} if states else known)
        return [
            message(AGENT_EVENTS, batch.instance, f"agent/{batch.instance}/{change.seq}/{change.agent}", change.event)
            for change in changes
        ]

    async def _records(self, connection: "Connection", batch: Batch) -> list[Message]:
        completed = {event.contact: seq for seq, event in batch.events if isinstance(event, e.Completed)}
        if not completed:
            return []
        recordings = await contacts.recordings(connection, batch.instance, list(completed))
        facts = [facts_of(batch.config.site, row) for row in rows_of(batch) if row.id in completed]
        return [
            record_message(
                msgspec.structs.replace(known, recordings=recordings.get(known.contact.id, [])),
                completed[known.contact.id],
            )
            for known in facts
        ]
