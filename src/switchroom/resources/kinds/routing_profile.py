"""Routing profiles (ROUT-38..42): channels, capacity and queue entries of a group of agents."""

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

MOST = {"VOICE": 1, "CHAT": 10, "TASK": 10, "EMAIL": 10}
"""Contacts of a channel an agent may handle at once, at most."""


def _check(view: View, document: Document, before: Document | None) -> None:
    _check_channels(document)
    for member in ("QueueConfigs", "ManualAssignmentQueueConfigs"):
        entries = [(entry["QueueId"], entry["Channel"]) for entry in document.body.get(member, [])]
        if len(entries) != len(set(entries)):
            raise invalid_parameter("A queue and channel can be in a routing profile only once")
        for queue in {queue for queue, _ in entries}:
            found = view.find(document.instance, "queue", queue)
            if found and found.body.get("QueueType") == "AGENT":
                raise invalid_parameter(f"Agent queue {queue} cannot be in a routing profile")
    limit = quotas.applied(view, document.instance, "QUEUES_PER_ROUTING_PROFILE")
    if len(document.body.get("QueueConfigs", [])) > limit:
        raise ServiceError(
            "LimitExceededException", f"A routing profile can have at most {limit} queues, counted for each channel"
        )


def _check_channels(document: Document) -> None:
    channels = [media["Channel"] for media in document.body.get("MediaConcurrencies", [])]
    if len(channels) != len(set(channels)):
        raise invalid_parameter("A channel can be in MediaConcurrencies only once")
    for media in document.body.get("MediaConcurrencies", []):
        channel, most = media["Channel"], MOST[media["Channel"]]
        value = media.get("Concurrency")
        if value is None and media.get("WorkloadTypeConcurrencies"):
            continue
        if value is None or not 1 <= value <= most:
            allowed = "exactly 1" if most == 1 else f"1 to {most}"
            raise invalid_parameter(f"Concurrency of {channel} must be {allowed}")


ROUTING_PROFILE = declare(
    Resource(
        kind="routing-profile",
        label="Routing profile",
        arn="routing-profile/{id}",
        names=Names.EXACT,
        references=(
            Reference("DefaultOutboundQueueId", "queue"),
            Reference("QueueConfigs[].QueueId", "queue"),
            Reference("ManualAssignmentQueueConfigs[].QueueId", "queue"),
        ),
        quota=Quota("ROUTING_PROFILES"),
        check=_check,
    )
)
