"""Instances and their switches (BASE-170, BASE-185..196)."""

import asyncio
import logging
from typing import Any

from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.kinds.instance import ATTRIBUTES
from switchroom.resources.seed import NEW_INSTANCES, Seeder
from switchroom.storage import numbers as stored_numbers
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, once, page, repository

log = logging.getLogger(__name__)

_TRUTH = {"INBOUND_CALLS": "InboundCallsEnabled", "OUTBOUND_CALLS": "OutboundCallsEnabled"}
_finishing: set[asyncio.Task[Document]] = set()


def attribute(document: Document, name: str) -> str:
    """The value of a switch: `true` or `false`."""
    if name in _TRUTH:
        return str(bool(document.body[_TRUTH[name]])).lower()
    return str(document.body.get("Attributes", {}).get(name, str(ATTRIBUTES[name]).lower()))


def with_attribute(body: dict[str, Any], name: str, on: bool) -> dict[str, Any]:
    """The body of an instance with a switch turned."""
    if name in _TRUTH:
        return {**body, _TRUTH[name]: on}
    return {**body, "Attributes": {**body.get("Attributes", {}), name: str(on).lower()}}


def _shape(call: Call, document: Document) -> dict[str, Any]:
    site = call.services.site
    role = f"arn:aws:iam::{site.account}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect"
    return {
        "Id": document.id,
        "Arn": document.arn,
        "InstanceAlias": document.name or None,
        "IdentityManagementType": document.body["IdentityManagementType"],
        "CreatedTime": seconds(document.created_at),
        "ServiceRole": f"{role}_{document.id[:8]}",
        "InstanceStatus": document.body["InstanceStatus"],
        "StatusReason": document.body.get("StatusReason"),
        "InboundCallsEnabled": document.body["InboundCallsEnabled"],
        "OutboundCallsEnabled": document.body["OutboundCallsEnabled"],
        "InstanceAccessUrl": call.origin,
        "Tags": document.tags,
    }


def _checked(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    managed, alias = request["IdentityManagementType"], request.get("InstanceAlias")
    if managed == "EXISTING_DIRECTORY":
        if not request.get("DirectoryId"):
            raise invalid_request("DirectoryId is required for an existing directory")
        taken = [one for one in catalogue(call).instances() if one.body.get("DirectoryId") == request["DirectoryId"]]
        if taken:
            raise invalid_request(f"Directory {request['DirectoryId']} already belongs to an instance")
    elif not alias:
        raise invalid_request("InstanceAlias is required")
    elif request.get("DirectoryId"):
        raise invalid_request("DirectoryId is for an existing directory only")
    limit = quotas.DEFAULTS["INSTANCES"]
    if len(catalogue(call).instances()) >= limit:
        raise ServiceError("ServiceQuotaExceededException", f"You've reached the limit of instances: {limit}")
    names = ("IdentityManagementType", "DirectoryId", "InboundCallsEnabled", "OutboundCallsEnabled")
    return {name: request[name] for name in names if request.get(name) is not None}


@operation("connect", "CreateInstance", permission=OPERATOR)
async def create_instance(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Answered while the instance is CREATION_IN_PROGRESS; it is ACTIVE a moment later."""
    maker: Seeder = call.services.seeder
    alias = request.get("InstanceAlias") or request.get("DirectoryId") or ""
    async with repository(call).write(NEW_INSTANCES, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            document = await maker.begin(write, alias, _checked(call, request), request.get("Tags"))
            return {"Id": document.id, "Arn": document.arn}

        answer = await once(call, write, request, "", produce)
    task = asyncio.create_task(maker.finish(answer["Id"]), name=f"seed {answer['Id']}")
    _finishing.add(task)
    task.add_done_callback(_finished)
    return answer


def _finished(task: "asyncio.Task[Document]") -> None:
    _finishing.discard(task)
    if not task.cancelled() and (problem := task.exception()):
        log.error("an instance could not be completed: %s", problem, exc_info=problem)


@operation("connect", "DescribeInstance")
def describe_instance(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Any signed-in person of the instance may see this."""
    instance = instance_of(call, request)
    return {"Instance": _shape(call, catalogue(call).get(instance, "instance", instance))}


@operation("connect", "ListInstances")
def list_instances(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """All instances of the site; a person sees one."""
    own = call.caller.instance
    items = [_shape(call, one) for one in catalogue(call).instances() if own is None or one.id == own]
    return page(call, request, "InstanceSummaryList", items, default=10)


@operation("connect", "DeleteInstance", permission=OPERATOR)
async def delete_instance(call: Call, request: dict[str, Any]) -> None:
    """The instance goes with everything in it; its numbers return to the inventory (BASE-211, NUM-43)."""
    instance = instance_of(call, request)
    async with repository(call).write(instance, actor(call), call.now) as write:
        for number in write.all(instance, "phone-number"):
            await stored_numbers.release(write.connection, instance, number.name, call.now, call.now)
        await write.drop_instance(instance)


@operation("connect", "ListInstanceAttributes", permission=OPERATOR)
def list_instance_attributes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """All switches, in pages of seven."""
    instance = instance_of(call, request)
    document = catalogue(call).get(instance, "instance", instance)
    items = [{"AttributeType": name, "Value": attribute(document, name)} for name in ATTRIBUTES]
    return page(call, request, "Attributes", items, default=7)


@operation("connect", "DescribeInstanceAttribute", permission=OPERATOR)
def describe_instance_attribute(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One switch."""
    instance = instance_of(call, request)
    document = catalogue(call).get(instance, "instance", instance)
    name = request["AttributeType"]
    return {"Attribute": {"AttributeType": name, "Value": attribute(document, name)}}


@operation("connect", "UpdateInstanceAttribute", permission=OPERATOR)
async def update_instance_attribute(call: Call, request: dict[str, Any]) -> None:
    """Turn a switch. Chat barge needs enhanced monitoring as well (BASE-197)."""
    instance = instance_of(call, request)
    name, value = request["AttributeType"], request["Value"].lower()
    if value not in ("true", "false"):
        raise invalid_parameter("Value must be true or false")
    async with repository(call).write(instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, instance, "instance", instance)
        await write.update(document, body=with_attribute(document.body, name, value == "true"))
