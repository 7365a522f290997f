"""`DescribeContact` and the rows of `SearchContacts`, made from a contact's row. Times are epoch seconds."""

from typing import Any

from switchroom.base.clock import from_iso, seconds
from switchroom.core.contact import Endpoint
from switchroom.core.routing.criteria import RoutingCriteria
from switchroom.views.facts import Facts
from switchroom.views.forms import at, criteria_form, numbered, present, whole
from switchroom.views.records import disconnect_details, quality_metrics

_KNOWN_STEP_STATUS = {"ACTIVE", "INACTIVE", "JOINED", "EXPIRED"}


def describe_contact(facts: Facts) -> dict[str, Any]:
    """The `Contact` of DescribeContact; members that do not apply are left out."""
    contact = facts.contact
    task = contact.channel == "TASK"
    form = {
        **_common(facts),
        "Description": contact.description,
        "RelatedContactId": contact.related_id,
        "ContactAssociationId": contact.initial_id,
        "AgentInfo": _agent(facts),
        "LastUpdateTimestamp": seconds(max(facts.updated_at, contact.updated_at)),
        "LastPausedTimestamp": at(seconds, contact.last_paused_at),
        "LastResumedTimestamp": at(seconds, contact.last_resumed_at),
        "TotalPauseCount": contact.pause_count if task else None,
        "TotalPauseDurationInSeconds": whole(contact.pause_ms) if task else None,
        "ConnectedToSystemTimestamp": at(seconds, contact.connected_to_system_at),
        "CustomerId": contact.customer_id,
        "CustomerEndpoint": _endpoint(contact.customer_endpoint),
        "SystemEndpoint": _endpoint(contact.system_endpoint),
        "QueueTimeAdjustmentSeconds": contact.age_adjustment,
        "QueuePriority": contact.priority,
        "DisconnectReason": contact.disconnect_reason,
        "RoutingCriteria": _criteria(contact.criteria),
        "Recordings": _recordings(facts) or None,
        "QualityMetrics": quality_metrics(contact),
        "DisconnectDetails": disconnect_details(contact),
        "ContactDetails": present({"Name": contact.name, "Description": contact.description}) or None,
        "Attributes": facts.attributes or None,
        "TaskTemplateInfo": _template(facts),
    }
    return present(form)


def search_summary(facts: Facts) -> dict[str, Any]:
    """A contact in the answer of SearchContacts."""
    return present({**_common(facts), "RoutingCriteria": _criteria(facts.contact.criteria)})


def _common(facts: Facts) -> dict[str, Any]:
    contact = facts.contact
    agent, stay = contact.agent, contact.stay
    segment = {key: {"ValueString": value} for key, value in contact.segment_attributes.items()}
    return {
        "Arn": facts.arn,
        "Id": contact.id,
        "InitialContactId": contact.initial_id,
        "PreviousContactId": contact.previous_id,
        "InitiationMethod": contact.initiation_method,
        "Name": contact.name,
        "Channel": contact.channel,
        "QueueInfo": {"Id": stay.queue, "EnqueueTimestamp": seconds(stay.enqueued_at)} if stay else None,
        "AgentInfo": (
            present({"Id": agent.user, "ConnectedToAgentTimestamp": at(seconds, agent.connected_at)}) if agent else None
        ),
        "InitiationTimestamp": seconds(contact.initiated_at),
        "DisconnectTimestamp": at(seconds, contact.disconnected_at),
        "ScheduledTimestamp": at(seconds, contact.scheduled_at),
        "SegmentAttributes": segment or None,
        "Tags": contact.tags or None,
    }


def _agent(facts: Facts) -> dict[str, Any] | None:
    stay = facts.contact.agent
    if stay is None:
        return None
    work = stay.cleared_at - stay.left_at if stay.cleared_at is not None and stay.left_at is not None else None
    groups = numbered([{"Arn": arn} for arn, _ in stay.hierarchy])
    return present(
        {
            "Id": stay.user,
            "AcceptedByAgentTimestamp": at(seconds, stay.accepted_at or None),
            "ConnectedToAgentTimestamp": at(seconds, stay.connected_at),
            "AgentPauseDurationInSeconds": whole(stay.paused_ms) if facts.contact.channel == "TASK" else None,
            "HierarchyGroups": groups or None,
            "DeviceInfo": facts.contact.device or None,
            "AfterContactWorkStartTimestamp": at(seconds, stay.left_at),
            "AfterContactWorkEndTimestamp": at(seconds, stay.cleared_at),
            "AfterContactWorkDuration": whole(work),
            "AgentInitiatedHoldDuration": whole(stay.hold_ms) if facts.contact.channel == "VOICE" else None,
        }
    )


def _criteria(history: list[RoutingCriteria]) -> dict[str, Any] | None:
    """The set in force; the public model knows four step statuses, the others are left out."""
    if not history:
        return None
    form = criteria_form(history[-1], seconds)
    for step in form["Steps"]:
        if step["Status"] not in _KNOWN_STEP_STATUS:
            del step["Status"]
    return form


def _endpoint(endpoint: Endpoint | None) -> dict[str, Any] | None:
    return {"Type": endpoint.type, "Address": endpoint.address} if endpoint is not None else None


def _recordings(facts: Facts) -> list[dict[str, Any]]:
    """FLOW-90: on the record once after contact work is over; the public model knows audio and video."""
    if facts.completed_at is None:
        return []
    return [_recording(entry) for entry in facts.recordings if entry["MediaStreamType"] != "CHAT"]


def _recording(entry: dict[str, Any]) -> dict[str, Any]:
    form = {name: value for name, value in entry.items() if value is not None}
    for name in ("StartTimestamp", "StopTimestamp"):
        if name in form:
            form[name] = seconds(from_iso(form[name]))
    return form


def _template(facts: Facts) -> dict[str, Any] | None:
    template = facts.contact.template
    return {"Arn": facts.site.resource(facts.instance, "task-template", template)} if template else None
