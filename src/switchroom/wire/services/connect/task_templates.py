"""Task templates (ROUT-86..90)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.kinds.flow import is_published
from switchroom.resources.kinds.task_template import invalid_property
from switchroom.resources.repository import Write
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    catalogue,
    instance_of,
    modified,
    once,
    page,
    repository,
    target,
)

_KIND, _ID = "task-template", "TaskTemplateId"
_FLOWS = ("ContactFlowId", "SelfAssignFlowId")
_KEPT = ("Status",)
"""What an update of the content leaves when it does not give it."""
_MEMBERS = ("Description", *_FLOWS, "ContactHooks", "Constraints", "Defaults", "Status", "Fields")


def _times(document: Document) -> dict[str, Any]:
    return {"LastModifiedTime": seconds(document.modified_at), "CreatedTime": seconds(document.created_at)}


def _shape(document: Document) -> dict[str, Any]:
    return {
        "InstanceId": document.instance,
        "Id": document.id,
        "Arn": document.arn,
        "Name": document.name,
        **document.body,
        "Tags": document.tags,
        **_times(document),
    }


def _given(write: Write, instance: str, request: dict[str, Any]) -> dict[str, Any]:
    given = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    for member in _FLOWS:
        flow_id = parse_id(given.get(member) or "")
        if not flow_id:
            continue
        flow = write.find(instance, "contact-flow", flow_id)
        if flow is None:
            raise invalid_property(member, "REFERENCED_RESOURCE_NOT_FOUND", f"flow {flow_id} was not found")
        if not is_published(flow):
            raise invalid_property(member, "NOT_SUPPORTED", f"flow {flow.name} is not published")
    return given


def _named_once(problem: ServiceError) -> ServiceError:
    if problem.code == "PropertyValidationException" and not problem.fields:
        return invalid_property("Name", "RESOURCE_NAME_ALREADY_EXISTS", problem.message)
    return problem


@operation("connect", "CreateTaskTemplate", permission="TaskTemplates.Create")
async def create_task_template(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A form; ACTIVE unless stated."""
    instance = instance_of(call, request)
    try:
        async with repository(call).write(instance, actor(call), call.now) as write:

            async def produce() -> dict[str, Any]:
                body = {"Status": "ACTIVE", **_given(write, instance, request)}
                template = await write.create(_KIND, instance, request["Name"], body)
                return {"Id": template.id, "Arn": template.arn}

            return await once(call, write, request, instance, produce)
    except ServiceError as problem:
        raise _named_once(problem) from None


@operation("connect", "UpdateTaskTemplate", permission="TaskTemplates.Edit")
async def update_task_template(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """With fields, the whole content of the template is replaced; without, members left out stay."""
    known = target(call, request, _KIND, _ID)
    try:
        async with repository(call).write(known.instance, actor(call), call.now) as write:
            document = await repository(call).newest(write, known.instance, _KIND, known.id)
            kept = _KEPT if request.get("Fields") is not None else document.body.keys()
            before = {name: value for name, value in document.body.items() if name in kept}
            body = {**before, **_given(write, known.instance, request)}
            return _shape(await write.update(document, name=request.get("Name"), body=body))
    except ServiceError as problem:
        raise _named_once(problem) from None


@operation("connect", "GetTaskTemplate", permission=("TaskTemplates.View", "BasicAgentAccess"))
def get_task_template(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The template as it is now. Snapshots of earlier versions are not kept apart."""
    document = target(call, request, _KIND, _ID)
    if request.get("SnapshotVersion") not in (None, "", str(document.version)):
        raise invalid_parameter("SnapshotVersion names no version of this template")
    return _shape(document)


@operation("connect", "ListTaskTemplates", permission=("TaskTemplates.View", "BasicAgentAccess"))
def list_task_templates(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By status and by name, which may stand anywhere in the template's name."""
    templates = catalogue(call).all(instance_of(call, request), _KIND)
    status, name = request.get("Status"), (request.get("Name") or "").casefold()
    items = [
        {
            "Id": template.id,
            "Arn": template.arn,
            "Name": template.name,
            "Description": template.body.get("Description"),
            "Status": template.body["Status"],
            **modified(template),
            **_times(template),
        }
        for template in templates
        if (status is None or template.body["Status"] == status) and name in template.name.casefold()
    ]
    return page(call, request, "TaskTemplates", items, key=lambda one: (one["Name"].casefold(), one["Id"]))


@operation("connect", "DeleteTaskTemplate", permission="TaskTemplates.Delete")
async def delete_task_template(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Tasks made from the template stay as they are."""
    known = target(call, request, _KIND, _ID)
    await repository(call).delete(known.instance, _KIND, known.id, actor=actor(call))
    return {}
