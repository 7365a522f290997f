"""Flows (FLOW-30..46)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.errors import access_denied, invalid_parameter
from switchroom.flows.state import FLOW_TYPES
from switchroom.resources import flows
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.search import Leaf
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, instance_of, modified, repository
from switchroom.wire.services.connect.family import Family, fields
from switchroom.wire.services.connect.flow_check import require_publishable, require_readable, stored_form
from switchroom.wire.services.connect.flow_versions import Topic

TOPIC = Topic(flows.FLOWS, "ContactFlow", "ContactFlowId", "ContactFlows", "FlowContentSha256")
TOPIC.register()


def _leaves(found: Catalogue, instance: str) -> Mapping[str, Leaf]:
    return {
        "TypeCondition": lambda wanted: lambda flow: flow.body["Type"] == wanted,
        "StateCondition": lambda wanted: lambda flow: flow.body["State"] == wanted,
        "StatusCondition": lambda wanted: lambda flow: flow.body["Status"] == wanted,
        "ContactFlowTypeCondition": lambda wanted: lambda flow: flow.body["Type"] == wanted.get("ContactFlowType"),
    }


def _shape(found: Catalogue, document: Document) -> dict[str, Any]:
    content = document.body.get("Content") or document.body.get("SavedContent") or ""
    return {"Content": content, "FlowContentSha256": flows.digest(content), "Version": document.body["Version"] or None}


def _summary(document: Document) -> dict[str, Any]:
    return {
        "ContactFlowType": document.body["Type"],
        "ContactFlowState": document.body["State"],
        "ContactFlowStatus": document.body["Status"],
    }


def _selected(document: Document, request: dict[str, Any]) -> bool:
    return not request.get("ContactFlowTypes") or document.body["Type"] in request["ContactFlowTypes"]


FLOWS = Family(
    kind="contact-flow",
    noun="ContactFlow",
    plural="ContactFlows",
    permission="ContactFlows",
    identity="ContactFlowId",
    arn="ContactFlowArn",
    shape_id="Id",
    shape_arn="Arn",
    members=(),
    summary=_summary,
    select=_selected,
    selectors=("ContactFlowTypes",),
    search_fields=fields(type="Type", state="State", status="Status"),
    leaves=_leaves,
    details=_shape,
    implied=("TransferDestinations.View", "PhoneNumbers.View", "PhoneNumbers.Edit", "TaskTemplates.View"),
    without=frozenset({"CreateContactFlow", "DescribeContactFlow", "DeleteContactFlow"}),
).register()


@operation("connect", "CreateContactFlow", permission="ContactFlows.Create")
async def create_contact_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Published unless Status is SAVED; a draft may be incomplete."""
    instance = instance_of(call, request)
    type_ = request["Type"]
    if type_ not in FLOW_TYPES:
        raise invalid_parameter(f"Flows of type {type_} do not run here")
    content = stored_form(request["Content"], type_)
    published = request.get("Status") != "SAVED"
    body = {"Type": type_, "Description": request.get("Description") or "", "IsDefault": False}
    async with repository(call).write(instance, actor(call), call.now) as write:
        if published:
            require_publishable(write, instance, content, type_)
        else:
            require_readable(content, type_)
        flow = await flows.create(
            write, flows.FLOWS, instance, request["Name"], body, content, published=published, tags=request.get("Tags")
        )
    return {"ContactFlowId": flow.id, "ContactFlowArn": flow.arn, "FlowContentSha256": flows.digest(content)}


@operation("connect", "DescribeContactFlow", permission="ContactFlows.View")
def describe_contact_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What runs; behind the id, `:$SAVED` asks for the draft, `:3` for a version, `:name` for an alias."""
    document, qualifier = TOPIC.find(call, request)
    content, status, version, description = flows.resolve(call.services.catalogue, flows.FLOWS, document, qualifier)
    shape = {
        "Arn": f"{document.arn}:{qualifier}" if qualifier else document.arn,
        "Id": document.id,
        "Name": document.name,
        "Type": document.body["Type"],
        "State": document.body["State"],
        "Status": status,
        "Description": document.body.get("Description"),
        "Content": content,
        "Tags": document.tags,
        "FlowContentSha256": flows.digest(content),
        "Version": version,
        "VersionDescription": description,
        **modified(document),
    }
    return {"ContactFlow": shape}


@operation("connect", "UpdateContactFlowContent", permission=("ContactFlows.Publish", "ContactFlows.Edit"))
async def update_contact_flow_content(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Publish; with `:$SAVED` behind the id, save the draft. Saving needs Edit, publishing Publish (FLOW-34)."""
    known, qualifier = TOPIC.find(call, request)
    require_right(call, "ContactFlows", qualifier)
    type_ = known.body["Type"]
    content = stored_form(request["Content"], type_)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        if qualifier == flows.SAVED:
            require_readable(content, type_)
            await flows.save(write, document, content)
        else:
            require_publishable(write, known.instance, content, type_)
            await flows.publish(write, flows.FLOWS, document, content)
    return {}


def require_right(call: Call, permission: str, qualifier: str) -> None:
    """Edit to save a draft, Publish to publish."""
    needed = f"{permission}.Edit" if qualifier == flows.SAVED else f"{permission}.Publish"
    if not call.caller.may(needed):
        raise access_denied(f"This needs the permission {needed}")


async def _update(call: Call, request: dict[str, Any], state: str | None) -> dict[str, Any]:
    known, _ = TOPIC.find(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        if request.get("Name") is not None or request.get("Description") is not None:
            description = request.get("Description")
            body = document.body if description is None else {**document.body, "Description": description}
            document = await write.update(document, name=request.get("Name"), body=body)
        if state is not None:
            await flows.set_state(write, flows.FLOWS, document, state)
    return {}


@operation("connect", "UpdateContactFlowMetadata", permission="ContactFlows.Edit")
async def update_contact_flow_metadata(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Name, description, and archive or restore (FLOW-43, FLOW-44)."""
    return await _update(call, request, request.get("ContactFlowState"))


@operation("connect", "UpdateContactFlowName", permission="ContactFlows.Edit")
async def update_contact_flow_name(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Name and description."""
    return await _update(call, request, None)


@operation("connect", "DeleteContactFlow", permission="ContactFlows.Delete")
async def delete_contact_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Archived flows only (FLOW-45)."""
    known, _ = TOPIC.find(call, request)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        await flows.delete(write, flows.FLOWS, document)
    return {}
