"""Integration associations with their use cases, and flows of what is not a phone number."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError
from switchroom.resources.document import Document
from switchroom.storage import external_events
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import (
    actor,
    catalogue,
    instance_of,
    modified,
    page,
    repository,
    target,
)

_KIND, _ID = "integration-association", "IntegrationAssociationId"
_MEMBERS = ("IntegrationType", "IntegrationArn", "SourceApplicationUrl", "SourceApplicationName", "SourceType")


@operation("connect", "CreateIntegrationAssociation", permission=OPERATOR)
async def create_integration_association(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """An application, a domain or a scanner the instance works with."""
    instance = instance_of(call, request)
    body = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    if body["IntegrationType"] == "EVENT" and not body.get("SourceApplicationName"):
        raise ServiceError("InvalidRequestException", "SourceApplicationName is required for type EVENT")
    name = body.get("SourceApplicationName") or body["IntegrationType"]
    made = await repository(call).create(_KIND, instance, name, body, actor=actor(call), tags=request.get("Tags"))
    return {"IntegrationAssociationId": made.id, "IntegrationAssociationArn": made.arn}


@operation("connect", "DeleteIntegrationAssociation", permission=OPERATOR)
async def delete_integration_association(call: Call, request: dict[str, Any]) -> None:
    """Refused while it has use cases. Rules that listen to it do nothing any more (ROUT-105)."""
    known = target(call, request, _KIND, _ID)
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        await write.delete(await repository(call).newest(write, known.instance, _KIND, known.id))
        await external_events.disconnect(write.connection, known.id, call.now)


@operation("connect", "ListIntegrationAssociations", permission=(OPERATOR, "Rules.View"))
def list_integration_associations(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """All, or those of a type or ARN."""
    instance = instance_of(call, request)
    wanted = {name: request[name] for name in ("IntegrationType", "IntegrationArn") if request.get(name)}
    items = [
        {
            "IntegrationAssociationId": one.id,
            "IntegrationAssociationArn": one.arn,
            "InstanceId": one.instance,
            **one.body,
            **modified(one),
        }
        for one in catalogue(call).all(instance, _KIND)
        if all(one.body.get(name) == value for name, value in wanted.items())
    ]
    return page(call, request, "IntegrationAssociationSummaryList", items)


def _use_cases(call: Call, association: Document) -> list[Document]:
    every = catalogue(call).all(association.instance, "use-case")
    return [one for one in every if one.body[_ID] == association.id]


@operation("connect", "CreateUseCase", permission=OPERATOR)
async def create_use_case(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One of each type for an association."""
    association = target(call, request, _KIND, _ID)
    type_ = request["UseCaseType"]
    body = {_ID: association.id, "UseCaseType": type_}
    made = await repository(call).create(
        "use-case", association.instance, type_, body, actor=actor(call), tags=request.get("Tags")
    )
    return {"UseCaseId": made.id, "UseCaseArn": made.arn}


@operation("connect", "DeleteUseCase", permission=OPERATOR)
async def delete_use_case(call: Call, request: dict[str, Any]) -> None:
    """The association stays."""
    association = target(call, request, _KIND, _ID)
    known = target(call, request, "use-case", "UseCaseId")
    if known.body[_ID] != association.id:
        raise ServiceError("ResourceNotFoundException", f"Use case {known.id} belongs to something else")
    await repository(call).delete(known.instance, "use-case", known.id, actor=actor(call))


@operation("connect", "ListUseCases", permission=OPERATOR)
def list_use_cases(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Those of one association."""
    association = target(call, request, _KIND, _ID)
    items = [
        {"UseCaseId": one.id, "UseCaseArn": one.arn, "UseCaseType": one.body["UseCaseType"]}
        for one in _use_cases(call, association)
    ]
    return page(call, request, "UseCaseSummaryList", items)


# flows of other things

_VOICE = "VOICE_PHONE_NUMBER"


def _name(type_: str, resource: str) -> str:
    return f"{type_} {resource}"


def _summary(document: Document) -> dict[str, Any]:
    type_, _, resource = document.name.partition(" ")
    return {"ResourceId": resource, "FlowId": document.body["FlowId"], "ResourceType": type_}


def _numbers(call: Call, instance: str) -> list[dict[str, Any]]:
    return [
        {"ResourceId": number.id, "FlowId": number.body["ContactFlowId"], "ResourceType": _VOICE}
        for number in catalogue(call).all(instance, "phone-number")
        if number.body.get("ContactFlowId")
    ]


@operation("connect", "AssociateFlow", permission="PhoneNumbers.Edit")
async def associate_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The flow of a text number, a mail address or the like; replaces the one before."""
    instance = instance_of(call, request)
    name = _name(request["ResourceType"], request["ResourceId"])
    body = {"FlowId": parse_id(request["FlowId"])}
    async with repository(call).write(instance, actor(call), call.now) as write:
        known = write.by_name(instance, "flow-association", name)
        if known:
            await write.update(known, body=body)
        else:
            await write.create("flow-association", instance, name, body)
    return {}


def _association(call: Call, request: dict[str, Any]) -> Document:
    name = _name(request["ResourceType"], request["ResourceId"])
    found = catalogue(call).by_name(instance_of(call, request), "flow-association", name)
    if found is None:
        raise ServiceError("ResourceNotFoundException", f"{request['ResourceId']} has no flow")
    return found


@operation("connect", "DisassociateFlow", permission="PhoneNumbers.Edit")
async def disassociate_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Nothing runs for it any more."""
    known = _association(call, request)
    await repository(call).delete(known.instance, known.kind, known.id, actor=actor(call))
    return {}


@operation("connect", "GetFlowAssociation", permission="PhoneNumbers.View")
def get_flow_association(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The flow of one thing."""
    return _summary(_association(call, request))


def _all(call: Call, instance: str, type_: str | None) -> list[dict[str, Any]]:
    others = [_summary(one) for one in catalogue(call).all(instance, "flow-association")]
    found = [*_numbers(call, instance), *others]
    return [one for one in found if type_ in (None, one["ResourceType"])]


@operation("connect", "ListFlowAssociations", permission="PhoneNumbers.View")
def list_flow_associations(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Which flow each number or other thing has."""
    items = _all(call, instance_of(call, request), request.get("ResourceType"))
    return page(call, request, "FlowAssociationSummaryList", items)


@operation("connect", "BatchGetFlowAssociation", permission="PhoneNumbers.View")
def batch_get_flow_association(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The flows of up to 100 numbers or other things; those without a flow are left out (NUM-09)."""
    wanted = {parse_id(identifier) for identifier in request["ResourceIds"]}
    found = _all(call, instance_of(call, request), request.get("ResourceType"))
    return {"FlowAssociationSummaryList": [one for one in found if one["ResourceId"] in wanted]}
