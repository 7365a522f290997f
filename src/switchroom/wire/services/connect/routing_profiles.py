"""Routing profiles and the queues in them (ROUT-38, 39, 42)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.search import Field
from switchroom.wire.access import visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, change, modified, page, target
from switchroom.wire.services.connect.family import Family, Update, fields

_KIND, _ID = "routing-profile", "RoutingProfileId"
_BEHAVIOUR = {"BehaviorType": "ROUTE_CURRENT_CHANNEL_ONLY"}
Entry = tuple[str, str]


def _entry(config: dict[str, Any]) -> dict[str, Any]:
    reference = config["QueueReference"]
    rest: dict[str, Any] = {name: config[name] for name in ("Priority", "Delay") if name in config}
    return {"QueueId": parse_id(reference["QueueId"]), "Channel": reference["Channel"], **rest}


def _key(entry: dict[str, Any]) -> Entry:
    return entry["QueueId"], entry["Channel"]


def _concurrencies(body: dict[str, Any]) -> dict[str, Any]:
    """Channels with the cross-channel behaviour they have unless stated."""
    channels = [{"CrossChannelBehavior": _BEHAVIOUR, **media} for media in body["MediaConcurrencies"]]
    return {**body, "MediaConcurrencies": channels}


def _prepare(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    body = _concurrencies(body)
    for member in ("QueueConfigs", "ManualAssignmentQueueConfigs"):
        body[member] = [_entry(config) for config in request.get(member) or []]
    return body


def _numbers(found: Catalogue, document: Document) -> dict[str, Any]:
    queues = list(dict.fromkeys(entry["QueueId"] for entry in document.body.get("QueueConfigs", [])))
    manual = list(dict.fromkeys(entry["QueueId"] for entry in document.body.get("ManualAssignmentQueueConfigs", [])))
    users = sum(1 for user in found.where_used(document) if user.kind == "user")
    return {
        "InstanceId": document.instance,
        "NumberOfAssociatedQueues": len(document.body.get("QueueConfigs", [])),
        "NumberOfAssociatedManualAssignmentQueues": len(document.body.get("ManualAssignmentQueueConfigs", [])),
        "NumberOfAssociatedUsers": users,
        "AssociatedQueueIds": queues,
        "AssociatedManualAssignmentQueueIds": manual,
        "IsDefault": bool(document.body.get("IsDefault")),
    }


def _queues(document: Document) -> list[str]:
    return [entry["QueueId"] for entry in document.body.get("QueueConfigs", [])]


_SEARCH: dict[str, Field] = {**fields(), "associatedqueueids": _queues}

ROUTING_PROFILES = Family(
    kind=_KIND,
    noun="RoutingProfile",
    plural="RoutingProfiles",
    permission="RoutingPolicies",
    identity=_ID,
    arn="RoutingProfileArn",
    members=("Description", "DefaultOutboundQueueId", "MediaConcurrencies", "AgentAvailabilityTimer"),
    defaults={"AgentAvailabilityTimer": "TIME_SINCE_LAST_ACTIVITY"},
    prepare=_prepare,
    search_fields=_SEARCH,
    details=_numbers,
    implied=("Users.View", "Users.Edit", "AccessMetrics.RealTimeMetrics.Access"),
    updates={
        "UpdateRoutingProfileName": Update(("Name", "Description")),
        "UpdateRoutingProfileConcurrency": Update(
            ("MediaConcurrencies",), prepare=lambda write, instance, body, request: _concurrencies(body)
        ),
        "UpdateRoutingProfileDefaultOutboundQueue": Update(("DefaultOutboundQueueId",)),
        "UpdateRoutingProfileAgentAvailabilityTimer": Update(("AgentAvailabilityTimer",)),
    },
    without=frozenset({"DeleteRoutingProfile"}),
).register()


@operation("connect", "DeleteRoutingProfile", permission="RoutingPolicies.Edit")
async def delete_routing_profile(call: Call, request: dict[str, Any]) -> None:
    """ROUT-42. Refused while a user has the profile."""
    await ROUTING_PROFILES.delete(call, request)


@operation("connect", "UpdateRoutingProfileQueues", permission="RoutingPolicies.Edit")
async def update_routing_profile_queues(call: Call, request: dict[str, Any]) -> None:
    """Priority and delay of queues that are in the profile."""
    changes = {_key(entry): entry for entry in map(_entry, request["QueueConfigs"])}

    def body(write: Write, document: Document) -> dict[str, Any]:
        entries = document.body.get("QueueConfigs", [])
        missing = set(changes) - {_key(entry) for entry in entries}
        if missing:
            queue, channel = min(missing)
            raise ServiceError("ResourceNotFoundException", f"Queue {queue} is not in the profile for {channel}")
        return {**document.body, "QueueConfigs": [changes.get(_key(entry), entry) for entry in entries]}

    await change(call, request, _KIND, _ID, body)


@operation("connect", "AssociateRoutingProfileQueues", permission="RoutingPolicies.Edit")
async def associate_routing_profile_queues(call: Call, request: dict[str, Any]) -> None:
    """Add queues, for routing or for manual assignment; those already there get the new priority and delay."""
    if not request.get("QueueConfigs") and not request.get("ManualAssignmentQueueConfigs"):
        raise invalid_parameter("QueueConfigs or ManualAssignmentQueueConfigs is required")

    def body(write: Write, document: Document) -> dict[str, Any]:
        result = dict(document.body)
        for member in ("QueueConfigs", "ManualAssignmentQueueConfigs"):
            entries = {_key(entry): entry for entry in result.get(member, [])}
            entries.update((_key(entry), entry) for entry in map(_entry, request.get(member) or []))
            result[member] = list(entries.values())
        return result

    await change(call, request, _KIND, _ID, body)


@operation("connect", "DisassociateRoutingProfileQueues", permission="RoutingPolicies.Edit")
async def disassociate_routing_profile_queues(call: Call, request: dict[str, Any]) -> None:
    """Take queues out of the profile."""
    members = {
        "QueueConfigs": request.get("QueueReferences") or [],
        "ManualAssignmentQueueConfigs": request.get("ManualAssignmentQueueReferences") or [],
    }
    if not any(members.values()):
        raise invalid_parameter("QueueReferences or ManualAssignmentQueueReferences is required")

    def body(write: Write, document: Document) -> dict[str, Any]:
        result = dict(document.body)
        for member, references in members.items():
            gone = {(parse_id(reference["QueueId"]), reference["Channel"]) for reference in references}
            result[member] = [entry for entry in result.get(member, []) if _key(entry) not in gone]
        return result

    await change(call, request, _KIND, _ID, body)


def _listed(call: Call, request: dict[str, Any], member: str, answer: str) -> dict[str, Any]:
    profile = target(call, request, _KIND, _ID)
    items = []
    for entry in profile.body.get(member, []):
        queue = catalogue(call).get(profile.instance, "queue", entry["QueueId"])
        if not visible(call, "queue", [queue], "RoutingPolicies.View"):
            continue
        items.append({**entry, "QueueArn": queue.arn, "QueueName": queue.name})
    return {**page(call, request, answer, items), **modified(profile)}


@operation("connect", "ListRoutingProfileQueues", permission="RoutingPolicies.View")
def list_routing_profile_queues(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The queues agents of the profile take contacts from."""
    return _listed(call, request, "QueueConfigs", "RoutingProfileQueueConfigSummaryList")


@operation("connect", "ListRoutingProfileManualAssignmentQueues", permission="RoutingPolicies.View")
def list_routing_profile_manual_assignment_queues(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The queues agents of the profile may pick contacts from."""
    return _listed(
        call, request, "ManualAssignmentQueueConfigs", "RoutingProfileManualAssignmentQueueConfigSummaryList"
    )
