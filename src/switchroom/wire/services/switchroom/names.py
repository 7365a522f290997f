"""What identifiers in records are called, also those of what was deleted (USER-27)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import invalid_parameter
from switchroom.resources.access import RIGHTS
from switchroom.resources.resource import declared
from switchroom.storage import documents
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.contact_access import SEEING

READING = (*SEEING, "AccessMetrics", "HistoricalChanges.View", "Users.View", "Users.Edit")
"""Who reads records."""


@operation("switchroom", "ListResourceNames", permission=READING)
async def list_resource_names(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Of a kind that the caller sees only in part, only those that are there and seen."""
    instance, kind = instance_of(call, request), request["ResourceType"]
    if kind not in {resource.kind for resource in declared()}:
        raise invalid_parameter(f"{kind} is not a type of resource")
    wanted = list(dict.fromkeys(parse_id(identifier) for identifier in request["ResourceIds"]))
    there = [document for one in wanted if (document := catalogue(call).find(instance, kind, one))]
    seen = visible(call, kind, there, f"{RIGHTS[kind]}.View") if restricted(call, kind) else there
    names = [{"Id": one.id, "Name": one.name, "Deleted": False} for one in seen]
    missing = set(wanted) - {document.id for document in there}
    if missing and not restricted(call, kind):
        async with call.services.database.pool.acquire() as connection:
            gone = await documents.last_names(connection, instance, kind, sorted(missing))
        names += [{"Id": one, "Name": name, "Deleted": True} for one, name in gone.items()]
    return {"Names": names}
