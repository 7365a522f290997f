"""Queues and the quick connects on them (ROUT-20..25)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_request
from switchroom.core.commands import QueueSize
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.queue import is_agent_queue, require_standard
from switchroom.resources.repository import Write
from switchroom.resources.search import Leaf
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, change, modified, page, target
from switchroom.wire.services.connect.family import Family, Update
from switchroom.wire.services.connect.quick_connects import QUICK_CONNECTS


def _standard(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    if body.get("QueueType") == "AGENT":
        raise invalid_request("The personal queue of a user cannot be changed")
    return body


def _leaves(found: Catalogue, instance: str) -> Mapping[str, Leaf]:
    return {"QueueTypeCondition": lambda kind: lambda document: document.body["QueueType"] == kind}


def _set(*members: str, clears: tuple[str, ...] = (), permission: str | None = None) -> Update:
    return Update(members, clears, permission, prepare=_standard)


QUEUES = Family(
    kind="queue",
    noun="Queue",
    plural="Queues",
    permission="Queues",
    identity="QueueId",
    arn="QueueArn",
    members=("Description", "OutboundCallerConfig", "HoursOfOperationId", "MaxContacts", "QuickConnectIds"),
    defaults={"Status": "ENABLED", "QueueType": "STANDARD"},
    summary=lambda document: {"QueueType": document.body["QueueType"]},
    select=lambda document, request: document.body["QueueType"] in (request.get("QueueTypes") or ("STANDARD", "AGENT")),
    selectors=("QueueTypes",),
    leaves=_leaves,
    searchable=lambda document: not is_agent_queue(document),
    implied=("TransferDestinations.View", "RoutingPolicies.View", "AccessMetrics.RealTimeMetrics.Access"),
    updates={
        "UpdateQueueName": _set("Name", "Description"),
        "UpdateQueueHoursOfOperation": _set("HoursOfOperationId"),
        "UpdateQueueMaxContacts": _set("MaxContacts", clears=("MaxContacts",)),
        "UpdateQueueOutboundCallerConfig": _set("OutboundCallerConfig"),
        "UpdateQueueStatus": _set("Status", permission="Queues.EnableAndDisable"),
    },
    without=frozenset({"DeleteQueue"}),
).register()


@operation("connect", "DeleteQueue", permission="Queues.Edit")
async def delete_queue(call: Call, request: dict[str, Any]) -> None:
    """ROUT-23. Personal queues go with their user only; contacts that wait are not left without their queue."""
    queue = target(call, request, "queue", "QueueId")
    require_standard(queue)
    waiting = await call.services.centres.submit(queue.instance, QueueSize(queue=queue.id))
    if waiting:
        raise ServiceError("ResourceInUseException", f"{waiting} contacts wait in queue {queue.name}")
    await QUEUES.delete(call, request)


@operation("connect", "AssociateQueueQuickConnects", permission="Queues.Edit")
async def associate_queue_quick_connects(call: Call, request: dict[str, Any]) -> None:
    """Add quick connects; those already there stay once."""

    def body(write: Write, document: Document) -> dict[str, Any]:
        require_standard(document)
        added = [parse_id(identifier) for identifier in request["QuickConnectIds"]]
        return {
            **document.body,
            "QuickConnectIds": list(dict.fromkeys([*document.body.get("QuickConnectIds", []), *added])),
        }

    await change(call, request, "queue", "QueueId", body)


@operation("connect", "DisassociateQueueQuickConnects", permission="Queues.Edit")
async def disassociate_queue_quick_connects(call: Call, request: dict[str, Any]) -> None:
    """Take quick connects off the queue."""
    gone = {parse_id(identifier) for identifier in request["QuickConnectIds"]}

    def body(write: Write, document: Document) -> dict[str, Any]:
        kept = [identifier for identifier in document.body.get("QuickConnectIds", []) if identifier not in gone]
        return {**document.body, "QuickConnectIds": kept}

    await change(call, request, "queue", "QueueId", body)


@operation("connect", "ListQueueQuickConnects", permission="Queues.View")
def list_queue_quick_connects(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The quick connects of a queue, in the order of their names."""
    queue = target(call, request, "queue", "QueueId")
    connects = [
        catalogue(call).get(queue.instance, "quick-connect", identifier)
        for identifier in queue.body.get("QuickConnectIds", [])
    ]
    summaries = sorted(map(QUICK_CONNECTS.summarize, connects), key=lambda one: (one["Name"].casefold(), one["Id"]))
    return {**page(call, request, "QuickConnectSummaryList", summaries), **modified(queue)}
