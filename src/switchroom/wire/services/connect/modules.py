"""Flow modules (FLOW-55..58)."""

from collections.abc import Mapping
from typing import Any

from switchroom.resources import flows
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.search import Leaf
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, instance_of, modified, once, repository
from switchroom.wire.services.connect.family import Family, fields
from switchroom.wire.services.connect.flow_check import MODULE, require_publishable, require_readable, stored_form
from switchroom.wire.services.connect.flow_versions import Topic
from switchroom.wire.services.connect.flows import require_right

TOPIC = Topic(
    flows.MODULES, "ContactFlowModule", "ContactFlowModuleId", "ContactFlowModules", "FlowModuleContentSha256"
)
TOPIC.register()
_SETTINGS = ("Settings", "ExternalInvocationConfiguration")


def _leaves(found: Catalogue, instance: str) -> Mapping[str, Leaf]:
    return {
        "StateCondition": lambda wanted: lambda module: module.body["State"] == wanted,
        "StatusCondition": lambda wanted: lambda module: module.body["Status"] == wanted,
    }


def _shape(found: Catalogue, document: Document) -> dict[str, Any]:
    content = document.body.get("Content") or document.body.get("SavedContent") or ""
    return {
        "Content": content,
        "FlowModuleContentSha256": flows.digest(content),
        "Version": document.body["Version"] or None,
    }


def _selected(document: Document, request: dict[str, Any]) -> bool:
    return request.get("ContactFlowModuleState") in (None, document.body["State"])


MODULES = Family(
    kind="contact-flow-module",
    noun="ContactFlowModule",
    plural="ContactFlowModules",
    permission="ContactFlowModules",
    identity="ContactFlowModuleId",
    arn="ContactFlowModuleArn",
    shape_id="Id",
    shape_arn="Arn",
    summary_list="ContactFlowModulesSummaryList",
    members=(),
    summary=lambda document: {"State": document.body["State"]},
    select=_selected,
    selectors=("ContactFlowModuleState",),
    search_fields=fields(state="State", status="Status"),
    leaves=_leaves,
    details=_shape,
    implied=("ContactFlows.View",),
    without=frozenset({"CreateContactFlowModule", "DescribeContactFlowModule", "DeleteContactFlowModule"}),
).register()


@operation("connect", "CreateContactFlowModule", permission="ContactFlowModules.Create")
async def create_contact_flow_module(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A module, published at once."""
    instance = instance_of(call, request)
    body = {"Description": request.get("Description") or "", **{name: request.get(name) for name in _SETTINGS}}
    async with repository(call).write(instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            content = stored_form(request["Content"], MODULE)
            require_publishable(write, instance, content, MODULE)
            module = await flows.create(
                write,
                flows.MODULES,
                instance,
                request["Name"],
                body,
                content,
                published=True,
                tags=request.get("Tags"),
            )
            return {"Id": module.id, "Arn": module.arn}

        return await once(call, write, request, instance, produce)


@operation("connect", "DescribeContactFlowModule", permission="ContactFlowModules.View")
def describe_contact_flow_module(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What runs; behind the id, `:$SAVED` asks for the draft, `:3` for a version, `:name` for an alias."""
    document, qualifier = TOPIC.find(call, request)
    content, status, version, description = flows.resolve(call.services.catalogue, flows.MODULES, document, qualifier)
    shape = {
        "Arn": f"{document.arn}:{qualifier}" if qualifier else document.arn,
        "Id": document.id,
        "Name": document.name,
        "Content": content,
        "Description": document.body.get("Description"),
        "State": document.body["State"],
        "Status": status,
        "Tags": document.tags,
        "FlowModuleContentSha256": flows.digest(content),
        "Version": version,
        "VersionDescription": description,
        **{name: document.body.get(name) for name in _SETTINGS},
        **modified(document),
    }
    return {"ContactFlowModule": shape}


@operation(
    "connect", "UpdateContactFlowModuleContent", permission=("ContactFlowModules.Publish", "ContactFlowModules.Edit")
)
async def update_contact_flow_module_content(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Publish, at once for every flow that invokes the module; with `:$SAVED` behind the id, save the draft."""
    known, qualifier = TOPIC.find(call, request)
    require_right(call, "ContactFlowModules", qualifier)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        settings = {"Settings": request["Settings"]} if request.get("Settings") is not None else {}
        content = None if request.get("Content") is None else stored_form(request["Content"], MODULE)
        if content is None:
            await write.update(document, body={**document.body, **settings})
        elif qualifier == flows.SAVED:
            require_readable(content, MODULE)
            await flows.save(write, document, content)
        else:
            require_publishable(write, known.instance, content, MODULE)
            await flows.publish(write, flows.MODULES, document, content, changes=settings)
    return {}


@operation("connect", "UpdateContactFlowModuleMetadata", permission="ContactFlowModules.Edit")
async def update_contact_flow_module_metadata(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Name, description, and archive or restore."""
    known, _ = TOPIC.find(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        description = request.get("Description")
        body = document.body if description is None else {**document.body, "Description": description}
        document = await write.update(document, name=request.get("Name"), body=body)
        if request.get("State") is not None:
            await flows.set_state(write, flows.MODULES, document, request["State"])
    return {}


@operation("connect", "DeleteContactFlowModule", permission="ContactFlowModules.Delete")
async def delete_contact_flow_module(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Archived modules only."""
    known, _ = TOPIC.find(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        await flows.delete(write, flows.MODULES, document)
    return {}
