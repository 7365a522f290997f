"""What the designer's pages need of flows and modules besides the public operations (FLOW-46, FLOW-55)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, access_denied
from switchroom.resources import flows
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository
from switchroom.wire.services.connect.flow_check import MODULE, require_readable, stored_form

_SHELVES = ((flows.FLOWS, "ContactFlows.View"), (flows.MODULES, "ContactFlowModules.View"))


@operation("switchroom", "ListFlowVersions", permission=("ContactFlows.View", "ContactFlowModules.View"))
def list_flow_versions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The published versions of a flow or module, newest first, with who published them."""
    instance, identifier = instance_of(call, request), parse_id(request["FlowId"])
    for shelf, permission in _SHELVES:
        document = catalogue(call).find(instance, shelf.kind, identifier)
        if document is None:
            continue
        if not call.caller.may(permission):
            raise access_denied(f"This needs the permission {permission}")
        versions = [
            {
                "Version": one.body["Version"],
                "At": seconds(one.created_at),
                "ByName": one.modified_by or None,
                "Description": one.body.get("Description"),
            }
            for one in flows.versions(catalogue(call), shelf, document)
        ]
        return {"Versions": versions}
    raise ServiceError("ResourceNotFoundException", f"Flow {identifier} was not found", ResourceId=identifier)


@operation("switchroom", "CreateFlowModuleDraft", permission="ContactFlowModules.Create")
async def create_flow_module_draft(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A module that nothing can invoke before it is published (the public operation publishes at once)."""
    instance, content = instance_of(call, request), stored_form(request["Content"], MODULE)
    body = {"Description": request.get("Description") or "", "Settings": None, "ExternalInvocationConfiguration": None}
    async with repository(call).write(instance, actor(call), call.now) as write:
        require_readable(content, MODULE)
        module = await flows.create(write, flows.MODULES, instance, request["Name"], body, content, published=False)
    return {"ModuleId": module.id, "Arn": module.arn}
