"""Predefined attributes, known by their name (ROUT-43..45)."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_request
from switchroom.resources import search
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.predefined_attribute import SYSTEM, values
from switchroom.resources.people import require_attribute_unused
from switchroom.resources.search import Field
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    by_name,
    catalogue,
    instance_of,
    modified,
    page,
    repository,
)

_KIND = "predefined-attribute"
_MEMBERS = ("Values", "Purposes", "AttributeConfiguration")
_SEARCH: dict[str, Field] = {"name": lambda document: (document.name,), "values": values, "value": values}


def _shape(document: Document) -> dict[str, Any]:
    configuration = {
        "EnableValueValidationOnAssociation": False,
        **document.body.get("AttributeConfiguration", {}),
        "IsReadOnly": document.name == "connect:Subtype",
    }
    return {
        "Name": document.name,
        "Values": document.body.get("Values"),
        "Purposes": document.body.get("Purposes"),
        "AttributeConfiguration": configuration,
        **modified(document),
    }


def _named(found: Catalogue, instance: str, name: str) -> Document:
    document = found.by_name(instance, _KIND, name)
    if document is None:
        raise ServiceError("ResourceNotFoundException", f"Predefined attribute {name} was not found")
    return document


@operation("connect", "CreatePredefinedAttribute", permission="PredefinedAttributes.Create")
async def create_predefined_attribute(call: Call, request: dict[str, Any]) -> None:
    """ROUT-43."""
    instance = instance_of(call, request)
    body = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    await repository(call).create(_KIND, instance, request["Name"], body, actor=actor(call))


@operation("connect", "UpdatePredefinedAttribute", permission="PredefinedAttributes.Edit")
async def update_predefined_attribute(call: Call, request: dict[str, Any]) -> None:
    """Values and the rest are replaced where given. The values of system attributes stay."""
    instance = instance_of(call, request)
    known = _named(catalogue(call), instance, request["Name"])
    given = {name: request[name] for name in _MEMBERS if request.get(name) is not None}
    await repository(call).update(
        instance, _KIND, known.id, lambda document: {**document.body, **given}, actor=actor(call)
    )


@operation("connect", "DeletePredefinedAttribute", permission="PredefinedAttributes.Delete")
async def delete_predefined_attribute(call: Call, request: dict[str, Any]) -> None:
    """Refused for system attributes, and while a user has the attribute."""
    instance = instance_of(call, request)
    known = _named(catalogue(call), instance, request["Name"])
    if known.name in SYSTEM:
        raise invalid_request(f"{known.name} is a system attribute and cannot be deleted")
    async with repository(call).write(instance, actor(call), call.now) as write:
        require_attribute_unused(write, known)
        await write.delete(known)


@operation("connect", "DescribePredefinedAttribute", permission=("PredefinedAttributes.View", "Users.View"))
def describe_predefined_attribute(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One attribute with its values."""
    return {"PredefinedAttribute": _shape(_named(catalogue(call), instance_of(call, request), request["Name"]))}


@operation("connect", "ListPredefinedAttributes", permission=("PredefinedAttributes.View", "Users.View"))
def list_predefined_attributes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Names only."""
    attributes = catalogue(call).all(instance_of(call, request), _KIND)
    items = [{"Name": attribute.name, **modified(attribute)} for attribute in attributes]
    return page(call, request, "PredefinedAttributeSummaryList", items, key=lambda one: one["Name"].casefold())


@operation("connect", "SearchPredefinedAttributes", permission=("PredefinedAttributes.View", "Users.View"))
def search_predefined_attributes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """By name or value."""
    instance = instance_of(call, request)
    wanted = search.criteria(request.get("SearchCriteria") or {}, _SEARCH, {})
    matching = [document for document in catalogue(call).all(instance, _KIND) if wanted(document)]
    answer = page(call, request, "PredefinedAttributes", matching, key=by_name)
    shapes = [_shape(document) for document in answer["PredefinedAttributes"]]
    return {**answer, "PredefinedAttributes": shapes, "ApproximateTotalCount": len(matching)}
