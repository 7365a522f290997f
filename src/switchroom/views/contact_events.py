"""Contact events for the bus: `Amazon Connect Contact Event` (REC-01, 06..12, 14..19). Member names begin small."""

import uuid
from collections.abc import Iterator
from typing import Any

from switchroom.base.clock import iso_ms, iso_s
from switchroom.centre.batch import Batch
from switchroom.core import events as e
from switchroom.core.analytics import is_on
from switchroom.core.contact import Contact
from switchroom.core.routing.criteria import RoutingCriteria
from switchroom.views.facts import label
from switchroom.views.forms import at, criteria_form, lowered, numbered, present

TYPES: dict[type[e.Event], str] = {
    e.ContactInitiated: "INITIATED",
    e.ConnectedToSystem: "CONNECTED_TO_SYSTEM",
    e.Queued: "QUEUED",
    e.ConnectedToAgent: "CONNECTED_TO_AGENT",
    e.Disconnected: "DISCONNECTED",
    e.Paused: "PAUSED",
    e.Resumed: "RESUMED",
}
UPDATED = "CONTACT_DATA_UPDATED"
WITH_HIERARCHY = (UPDATED, "CONNECTED_TO_AGENT", "DISCONNECTED")
_SPACE = uuid.UUID("6f0a3a53-6b39-4b3c-9a54-0a2f6a1f3b7d")


def contact_events(batch: Batch) -> list[tuple[int, dict[str, Any]]]:
    """The events of a batch with the sequence numbers of what caused them.

    Each tells what was known when it happened: facts that a later event of the batch brought are not in it.
    """
    found: list[tuple[int, dict[str, Any]]] = []
    later: dict[str, set[type[e.Event]]] = {}
    for seq, event in reversed(batch.events):
        identifier = e.contact_of(event)
        contact = batch.contacts.get(identifier or "")
        if contact is None or identifier is None:
            continue
        unknown = later.setdefault(identifier, set())
        kind = TYPES.get(type(event))
        updated = [] if kind else _updated(event, contact, unknown)
        if kind or updated:
            found.append((seq, _envelope(batch, seq, event, contact, kind or UPDATED, updated, unknown)))
        unknown.add(type(event))
    found.reverse()
    return found


def revised(batch: Batch, seq: int, event: e.RecordRevised, contact: Contact) -> dict[str, Any]:
    """The event of a change to the record of a contact that is over."""
    updated = ["UserDefinedAttributes"] if event.attributes is not None else []
    if event.tags is not None:
        updated.append("Tags")
    return _envelope(batch, seq, event, contact, UPDATED, updated, set())


def _updated(event: e.Event, contact: Contact, unknown: set[type[e.Event]]) -> list[str]:
    """`updatedProperties` of an event that changed a contact's data (REC-08); what it began with is no change."""
    if isinstance(event, e.AttributesSet):
        connected = contact.connected_to_system_at is not None and e.ConnectedToSystem not in unknown
        return ["UserDefinedAttributes"] if connected or event.at != contact.initiated_at else []
    if isinstance(event, e.CriteriaChanged):
        return _criteria_updated(event)
    if isinstance(event, e.RecordingSet):
        return ["ContactLens.ConversationalAnalytics.Configuration"] if _analytics(event.recording) else []
    return [event.updates] if event.updates else []


def _criteria_updated(event: e.CriteriaChanged) -> list[str]:
    """Replaced criteria, or a step whose time is over; other moves of steps show in the events they come with."""
    if not event.steps:
        return ["RoutingCriteria"]
    states = {step.status for step in event.criteria[-1].steps}
    expired = "EXPIRED" in states and not states & {"JOINED", "DEACTIVATED", "INTERRUPTED"}
    return ["RoutingCriteria.Step.Status"] if expired else []


def _envelope(
    batch: Batch,
    seq: int,
    event: e.Event,
    contact: Contact,
    kind: str,
    updated: list[str],
    unknown: set[type[e.Event]],
) -> dict[str, Any]:
    site = batch.config.site
    instance = site.instance(batch.instance)
    return {
        "version": "0",
        "id": str(uuid.uuid5(_SPACE, f"{batch.instance}/{seq}")),
        "detail-type": "Amazon Connect Contact Event",
        "source": "aws.connect",
        "account": site.account,
        "time": iso_s(event.at),
        "region": site.region,
        "resources": [site.resource(batch.instance, "contact", contact.id), instance],
        "detail": present(
            {
                "eventType": kind,
                "contactId": contact.id,
                "initialContactId": contact.initial_id if contact.initial_id != contact.id else None,
                "previousContactId": contact.previous_id,
                "relatedContactId": contact.related_id,
                "channel": contact.channel,
                "instanceArn": instance,
                "initiationMethod": contact.initiation_method,
                **dict(_times(contact, unknown)),
                "agentInfo": _agent(batch, contact, kind, unknown),
                "queueInfo": _queue(batch, contact, unknown),
                "updatedProperties": updated or None,
                "contactLens": None if e.RecordingSet in unknown else _contact_lens(contact),
                "routingCriteria": _criteria(event, contact, unknown),
                "segmentAttributes": {k: {"valueString": v} for k, v in contact.segment_attributes.items()} or None,
                "tags": event.tags if isinstance(event, e.TagsSet) else contact.tags,
            }
        ),
    }


def _times(contact: Contact, unknown: set[type[e.Event]]) -> Iterator[tuple[str, Any]]:
    yield "initiationTimestamp", iso_ms(contact.initiated_at)
    yield "scheduledTimestamp", at(iso_ms, contact.scheduled_at)
    if e.ConnectedToSystem not in unknown:
        yield "connectedToSystemTimestamp", at(iso_ms, contact.connected_to_system_at)
    if e.Disconnected not in unknown:
        yield "disconnectTimestamp", at(iso_ms, contact.disconnected_at)
    if contact.pause_count and e.Paused not in unknown:
        yield "lastPausedTimestamp", at(iso_ms, contact.last_paused_at)
        if e.Resumed not in unknown:
            yield "lastResumedTimestamp", at(iso_ms, contact.last_resumed_at)
        yield "totalPauseCount", contact.pause_count


def _agent(batch: Batch, contact: Contact, kind: str, unknown: set[type[e.Event]]) -> dict[str, Any] | None:
    stay = contact.agent
    if stay is None or stay.connected_at is None or e.ConnectedToAgent in unknown:
        return None
    groups = numbered([{"arn": arn} for arn, _ in stay.hierarchy], "level")
    return present(
        {
            "agentArn": batch.config.site.resource(batch.instance, "agent", stay.user),
            "connectedToAgentTimestamp": iso_ms(stay.connected_at),
            "hierarchyGroups": groups if groups and kind in WITH_HIERARCHY else None,
        }
    )


def _queue(batch: Batch, contact: Contact, unknown: set[type[e.Event]]) -> dict[str, Any] | None:
    """Nothing for calls an agent dialled (REC-15)."""
    stay = contact.stay
    if stay is None or e.Queued in unknown or contact.initiation_method == "OUTBOUND":
        return None
    queue = label(batch.config, stay.queue)
    return {
        "queueType": "AGENT" if queue is not None and queue.agent else "STANDARD",
        "queueArn": queue.arn if queue else batch.config.site.resource(batch.instance, "queue", stay.queue),
        "enqueueTimestamp": iso_ms(stay.enqueued_at),
    }


def _criteria(event: e.Event, contact: Contact, unknown: set[type[e.Event]]) -> Any:
    history: list[RoutingCriteria] = contact.criteria
    if isinstance(event, e.CriteriaChanged):
        history = event.criteria
    elif e.CriteriaChanged in unknown and isinstance(event, e.ContactInitiated | e.ConnectedToSystem):
        return None
    return lowered(criteria_form(history[-1], iso_ms)) if history else None


def _analytics(recording: dict[str, object] | None) -> dict[str, Any] | None:
    """The analytics part of Set recording and analytics behavior, where it is switched on."""
    behavior = (recording or {}).get("Analytics")
    return behavior if isinstance(behavior, dict) and is_on(behavior) else None


def _contact_lens(contact: Contact) -> dict[str, Any] | None:
    """REC-17: the settings as the flow gave them."""
    behavior = _analytics(contact.recording)
    if behavior is None:
        return None
    redaction = behavior.get("AnalyticsRedactionBehavior")
    modes = (behavior.get("ChannelConfiguration") or {}).get(contact.channel.title(), {}).get("AnalyticsModes")
    configuration = {
        "enabled": True,
        "channelConfiguration": {"analyticsModes": modes or ["PostContact"]},
        "languageLocale": behavior.get("AnalyticsLanguage"),
        "redactionConfiguration": (
            {
                "behavior": "Enable",
                "policy": behavior.get("AnalyticsRedactionResults"),
                **lowered(behavior.get("AnalyticsRedactionConfiguration") or {}),
            }
            if redaction == "Enabled"
            else None
        ),
    }
    return {"conversationalAnalytics": {"configuration": present(configuration)}}
