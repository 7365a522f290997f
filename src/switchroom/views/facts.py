"""What is kept of a contact beside the journal: all that its record and its descriptions are made from."""

from typing import Any

import msgspec

from switchroom.base.arns import Site
from switchroom.core.config import Configuration
from switchroom.core.contact import Contact
from switchroom.storage.contacts import ContactRow


class QueueLabel(msgspec.Struct, frozen=True, omit_defaults=True):
    """The queue of a contact as it was called at the time; `agent` for the personal queue of an agent."""

    id: str
    arn: str
    name: str
    agent: bool = False


class Facts(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """A contact with what surrounds it. Times are epoch milliseconds; `recordings` are `RecordingsInfo` objects."""

    site: Site
    instance: str
    contact: Contact
    attributes: dict[str, str] = {}
    queue: QueueLabel | None = None
    updated_at: int = 0
    completed_at: int | None = None
    recordings: list[dict[str, Any]] = []

    @property
    def arn(self) -> str:
        """The contact's ARN."""
        return self.site.resource(self.instance, "contact", self.contact.id)

    @property
    def instance_arn(self) -> str:
        """The instance's ARN."""
        return self.site.instance(self.instance)

    @property
    def agent_arn(self) -> str | None:
        """The ARN of the agent who has or had it."""
        agent = self.contact.agent
        return self.site.resource(self.instance, "agent", agent.user) if agent is not None else None


class _Body(msgspec.Struct, omit_defaults=True):
    contact: Contact
    queue: QueueLabel | None = None


def label(config: Configuration, queue: str | None) -> QueueLabel | None:
    """How a queue is called now; None for one that is gone."""
    settings = config.queues.get(queue or "")
    if settings is None:
        return None
    return QueueLabel(settings.id, settings.arn, settings.name, settings.agent is not None)


def row_of(
    instance: str, contact: Contact, attributes: dict[str, str], queue: QueueLabel | None, completed_at: int | None
) -> ContactRow:
    """The row of a contact."""
    agent, stay = contact.agent, contact.stay
    return ContactRow(
        instance=instance,
        id=contact.id,
        initial_id=contact.initial_id,
        previous_id=contact.previous_id,
        related_id=contact.related_id,
        next_id=contact.next_id,
        channel=contact.channel,
        subtype=contact.subtype,
        initiation_method=contact.initiation_method,
        name=contact.name,
        place=contact.place,
        agent=agent.user if agent else None,
        queue=stay.queue if stay else None,
        routing_profile=agent.profile.rpartition("/")[2] if agent else None,
        hierarchy=[arn.rpartition("/")[2] for arn, _ in agent.hierarchy] if agent else [],
        initiated_at=contact.initiated_at,
        scheduled_at=contact.scheduled_at,
        enqueued_at=stay.enqueued_at if stay else None,
        connected_at=agent.connected_at if agent else None,
        disconnected_at=contact.disconnected_at,
        completed_at=completed_at,
        updated_at=contact.updated_at,
        disconnect_reason=contact.disconnect_reason,
        tags=contact.tags,
        attributes=attributes,
        segment_attributes=contact.segment_attributes,
        body=msgspec.to_builtins(_Body(contact, queue)),
    )


def facts_of(site: Site, row: ContactRow) -> Facts:
    """What a row tells; attributes, tags and the time of the last change may be newer than the contact's body."""
    body = msgspec.convert(row.body, _Body)
    body.contact.tags = row.tags
    return Facts(
        site=site,
        instance=row.instance,
        contact=body.contact,
        attributes=row.attributes,
        queue=body.queue,
        updated_at=row.updated_at,
        completed_at=row.completed_at,
        recordings=row.recordings,
    )
