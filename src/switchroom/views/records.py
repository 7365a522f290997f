"""The contact record (`ContactTraceRecord`): REC-24..36, 42, 47, 92. Times in whole seconds of UTC."""

from typing import Any

from switchroom.base.clock import iso_s
from switchroom.core.contact import AgentStay, Contact, Endpoint
from switchroom.views.facts import Facts
from switchroom.views.forms import at, criteria_form, numbered, whole

FORMAT_VERSION = "2017-03-10"
MEDIA = {"VOICE": ["AUDIO"], "CHAT": ["CHAT"], "TASK": []}


def contact_record(facts: Facts) -> dict[str, Any]:
    """The record as it is now. Members that do not apply are None; durations are whole seconds."""
    contact = facts.contact
    audio = next((entry for entry in facts.recordings if entry.get("MediaStreamType") == "AUDIO"), None)
    return {
        "AWSAccountId": facts.site.account,
        "AWSContactTraceRecordFormatVersion": FORMAT_VERSION,
        "InstanceARN": facts.instance_arn,
        "ContactId": contact.id,
        "InitialContactId": contact.initial_id if contact.initial_id != contact.id else None,
        "PreviousContactId": contact.previous_id,
        "NextContactId": contact.next_id,
        "RelatedContactId": contact.related_id,
        "Channel": contact.channel,
        "InitiationMethod": contact.initiation_method,
        "InitiationTimestamp": iso_s(contact.initiated_at),
        "ConnectedToSystemTimestamp": at(iso_s, contact.connected_to_system_at),
        "DisconnectTimestamp": at(iso_s, contact.disconnected_at),
        "LastUpdateTimestamp": iso_s(max(facts.updated_at, contact.updated_at)),
        "ScheduledTimestamp": at(iso_s, contact.scheduled_at),
        "DisconnectReason": contact.disconnect_reason,
        "DisconnectDetails": disconnect_details(contact),
        "AnsweringMachineDetectionStatus": None,
        "AgentConnectionAttempts": contact.attempts,
        "Agent": _agent(facts),
        "Attributes": facts.attributes,
        "Queue": _queue(facts),
        "CustomerEndpoint": _endpoint(contact.customer_endpoint),
        "SystemEndpoint": _endpoint(contact.system_endpoint),
        "CustomerVoiceActivity": None,
        "TransferCompletedTimestamp": at(iso_s, contact.transferred_at),
        "TransferredToEndpoint": _endpoint(Endpoint(contact.transferred_to) if contact.transferred_to else None),
        "MediaStreams": [{"Type": kind} for kind in MEDIA[contact.channel]],
        "Recording": _recording(audio),
        "Recordings": facts.recordings,
        "References": _references(contact),
        "ContactDetails": _details(contact),
        "RoutingCriteria": [criteria_form(criteria, iso_s) for criteria in contact.criteria],
        "SegmentAttributes": {key: {"ValueString": value} for key, value in contact.segment_attributes.items()},
        "Tags": contact.tags,
        "LastPausedTimestamp": at(iso_s, contact.last_paused_at),
        "LastResumedTimestamp": at(iso_s, contact.last_resumed_at),
        "TotalPauseCount": contact.pause_count if contact.channel == "TASK" else None,
        "TotalPauseDurationInSeconds": whole(contact.pause_ms) if contact.channel == "TASK" else None,
        "Campaign": None,
        "ExternalThirdParty": third_party(contact),
        "QualityMetrics": quality_metrics(contact),
        "DeviceInfo": None,
        "VoiceIdResult": None,
    }


def abandoned(contact: Contact) -> bool:
    """Disconnected in queue, never connected to an agent (REC-47); carried on by another contact is not abandoned."""
    connected = contact.agent is not None and contact.agent.connected_at is not None
    stay = contact.stay
    return (
        stay is not None
        and not connected
        and contact.next_id is None
        and contact.disconnected_at is not None
        and stay.dequeued_at in (None, contact.disconnected_at)
    )


def interaction_ms(stay: AgentStay) -> int | None:
    """How long agent and customer were connected, without hold and pause; None while they are."""
    if stay.connected_at is None or stay.left_at is None:
        return None
    return stay.left_at - stay.connected_at - stay.hold_ms - stay.paused_ms


def _agent(facts: Facts) -> dict[str, Any] | None:
    stay = facts.contact.agent
    if stay is None or stay.connected_at is None:
        return None
    work = stay.cleared_at - stay.left_at if stay.cleared_at is not None and stay.left_at is not None else None
    groups = numbered([{"ARN": arn, "GroupName": name} for arn, name in stay.hierarchy])
    return {
        "ARN": facts.agent_arn,
        "Username": stay.username,
        "ConnectedToAgentTimestamp": iso_s(stay.connected_at),
        "AgentInteractionDuration": whole(interaction_ms(stay)),
        "AgentPauseDuration": whole(stay.paused_ms),
        "CustomerHoldDuration": whole(stay.hold_ms),
        "LongestHoldDuration": whole(stay.longest_hold_ms),
        "NumberOfHolds": stay.holds,
        "AfterContactWorkStartTimestamp": at(iso_s, stay.left_at),
        "AfterContactWorkEndTimestamp": at(iso_s, stay.cleared_at),
        "AfterContactWorkDuration": whole(work),
        "HierarchyGroups": groups or None,
        "RoutingProfile": {"ARN": stay.profile, "Name": stay.profile_name} if stay.profile else None,
        "DeviceInfo": facts.contact.device or None,
        "StateTransitions": _transitions(facts.contact),
    }


def _transitions(contact: Contact) -> list[dict[str, Any]]:
    """REC-40: what a supervisor did and when; the last state ends with the contact."""
    return [
        {
            "state": stay.mode,
            "stateStartTimestamp": iso_s(stay.started_at),
            "stateEndTimestamp": at(iso_s, stay.ended_at if stay.ended_at is not None else contact.disconnected_at),
        }
        for stay in contact.monitor_stays
    ]


def disconnect_details(contact: Contact) -> dict[str, str] | None:
    """REC-37: what may have ended the agent's part."""
    if not contact.agent_lost or contact.disconnected_at is None:
        return None
    return {"PotentialDisconnectIssue": "AGENT_CONNECTIVITY_ISSUE"}


def third_party(contact: Contact) -> dict[str, Any] | None:
    """REC-39: whole seconds that outside parties were on the call."""
    if not contact.third_party_ms:
        return None
    return {"ExternalThirdPartyInteractionDuration": whole(contact.third_party_ms)}


def quality_metrics(contact: Contact) -> dict[str, Any] | None:
    """REC-37: of each participant; what the agent's browser measured counts where it is worse."""
    sides = {
        "Agent": [contact.qualities[name] for name in ("Agent", "Browser") if name in contact.qualities],
        "Customer": [contact.qualities[name] for name in ("Customer",) if name in contact.qualities],
    }
    return {side: {"Audio": _quality(measured)} for side, measured in sides.items() if measured} or None


def _quality(measured: list[dict[str, Any]]) -> dict[str, Any]:
    issues = sorted({issue for one in measured for issue in one.get("issues") or ()})
    return {"QualityScore": min(float(one["score"]) for one in measured), "PotentialQualityIssues": issues}


def _queue(facts: Facts) -> dict[str, Any] | None:
    stay = facts.contact.stay
    if stay is None:
        return None
    queue = facts.queue
    arn = queue.arn if queue else facts.site.resource(facts.instance, "queue", stay.queue)
    left = stay.dequeued_at if stay.dequeued_at is not None else facts.contact.disconnected_at
    return {
        "ARN": arn,
        "Name": queue.name if queue else None,
        "EnqueueTimestamp": iso_s(stay.enqueued_at),
        "DequeueTimestamp": at(iso_s, left),
        "Duration": whole(left - stay.enqueued_at) if left is not None else None,
    }


def _endpoint(endpoint: Endpoint | None) -> dict[str, Any] | None:
    return {"Address": endpoint.address, "Type": endpoint.type} if endpoint is not None else None


def _references(contact: Contact) -> list[dict[str, Any]]:
    return [
        {
            "Name": name,
            "Type": reference.type,
            "Value": reference.value,
            **({"Status": reference.status} if reference.type == "ATTACHMENT" else {}),
        }
        for name, reference in contact.references.items()
    ]


def _details(contact: Contact) -> dict[str, str]:
    """Name and description of a task (REC-36); voice and chat have attributes only."""
    if contact.channel != "TASK":
        return {}
    named = {"Name": contact.name, "Description": contact.description}
    return {key: value for key, value in named.items() if value is not None}


def _recording(audio: dict[str, Any] | None) -> dict[str, Any] | None:
    if audio is None:
        return None
    members = ("DeletionReason", "Location", "Status")
    return {"Type": "AUDIO", **{name: audio.get(name) for name in members}}
