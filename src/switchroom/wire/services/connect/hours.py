"""Hours of operation with overrides and parents (ROUT-33)."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.core.hours import effective_hours, read_date, read_hours
from switchroom.resources import search
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.search import Leaf, Predicate
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    by_name,
    catalogue,
    change,
    instance_of,
    modified,
    page,
    repository,
    target,
)
from switchroom.wire.services.connect.family import Family, Update, fields

_LONGEST_QUERY = 366
_OVERRIDE_MEMBERS = ("Description", "Config", "EffectiveFrom", "EffectiveTill", "RecurrenceConfig", "OverrideType")
_DATE_TESTS = {
    "GREATER_THAN": date.__gt__,
    "LESS_THAN": date.__lt__,
    "GREATER_THAN_OR_EQUAL_TO": date.__ge__,
    "LESS_THAN_OR_EQUAL_TO": date.__le__,
    "EQUAL_TO": date.__eq__,
}


def _parents(found: Catalogue, document: Document) -> dict[str, Any]:
    parents = [
        found.get(document.instance, "hours-of-operation", parent["HoursOfOperationId"])
        for parent in document.body.get("ParentHoursOfOperationConfigs", [])
    ]
    return {"ParentHoursOfOperations": [_identifier(parent) for parent in parents] or None}


def _given_parents(request: dict[str, Any]) -> list[dict[str, str]]:
    given = request.get("ParentHoursOfOperationConfigs") or []
    if not all(one.get("HoursOfOperationId") for one in given):
        raise invalid_parameter("A parent needs HoursOfOperationId")
    return [{"HoursOfOperationId": parse_id(one["HoursOfOperationId"])} for one in given]


def _new(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    return {**body, "ParentHoursOfOperationConfigs": _given_parents(request)}


def _identifier(document: Document) -> dict[str, Any]:
    return {"Name": document.name, "Id": document.id, "Arn": document.arn}


HOURS = Family(
    kind="hours-of-operation",
    noun="HoursOfOperation",
    plural="HoursOfOperations",
    permission="HoursOfOperation",
    identity="HoursOfOperationId",
    arn="HoursOfOperationArn",
    members=("Description", "TimeZone", "Config"),
    prepare=_new,
    search_fields=fields(timezone="TimeZone"),
    details=_parents,
    implied=("Queues.View", "Queues.Edit"),
    updates={"UpdateHoursOfOperation": Update(("Name", "Description", "TimeZone", "Config"))},
).register()


@operation("connect", "AssociateHoursOfOperations", permission="HoursOfOperation.Edit")
async def associate_hours_of_operations(call: Call, request: dict[str, Any]) -> None:
    """Add parents, whose overrides then count as well."""

    def body(write: Write, document: Document) -> dict[str, Any]:
        given = [one["HoursOfOperationId"] for one in _given_parents(request)]
        parents = [one["HoursOfOperationId"] for one in document.body.get("ParentHoursOfOperationConfigs", [])]
        wanted = list(dict.fromkeys([*parents, *given]))
        if len(wanted) > 3:
            raise invalid_parameter("Hours of operation can have at most 3 parents")
        return {**document.body, "ParentHoursOfOperationConfigs": [{"HoursOfOperationId": one} for one in wanted]}

    await change(call, request, "hours-of-operation", "HoursOfOperationId", body)


@operation("connect", "DisassociateHoursOfOperations", permission="HoursOfOperation.Edit")
async def disassociate_hours_of_operations(call: Call, request: dict[str, Any]) -> None:
    """Remove parents."""
    gone = {parse_id(one) for one in request["ParentHoursOfOperationIds"]}

    def body(write: Write, document: Document) -> dict[str, Any]:
        parents = document.body.get("ParentHoursOfOperationConfigs", [])
        kept = [one for one in parents if one["HoursOfOperationId"] not in gone]
        return {**document.body, "ParentHoursOfOperationConfigs": kept}

    await change(call, request, "hours-of-operation", "HoursOfOperationId", body)


@operation("connect", "ListChildHoursOfOperations", permission="HoursOfOperation.View")
def list_child_hours_of_operations(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The hours that have these as a parent."""
    hours = target(call, request, "hours-of-operation", "HoursOfOperationId")
    children = [user for user in catalogue(call).where_used(hours) if user.kind == "hours-of-operation"]
    items = [_identifier(child) for child in sorted(children, key=by_name)]
    return {**page(call, request, "ChildHoursOfOperationsSummaryList", items), **modified(hours)}


# overrides


def overrides_of(found: Catalogue, hours: Document) -> list[Document]:
    """The overrides of a set of hours, by name."""
    every = found.all(hours.instance, "hours-override")
    return [override for override in every if override.body["HoursOfOperationId"] == hours.id]


def _override(found: Catalogue, document: Document) -> dict[str, Any]:
    hours = found.get(document.instance, "hours-of-operation", document.body["HoursOfOperationId"])
    return {
        "HoursOfOperationOverrideId": document.id,
        "HoursOfOperationArn": hours.arn,
        "Name": document.name,
        **document.body,
    }


def _one(call: Call, request: dict[str, Any]) -> Document:
    hours = target(call, request, "hours-of-operation", "HoursOfOperationId")
    override = catalogue(call).get(hours.instance, "hours-override", request["HoursOfOperationOverrideId"])
    if override.body["HoursOfOperationId"] != hours.id:
        raise ServiceError("ResourceNotFoundException", f"Override {override.id} belongs to other hours of operation")
    return override


@operation("connect", "CreateHoursOfOperationOverride", permission="HoursOfOperation.Edit")
async def create_hours_of_operation_override(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Other hours on some dates."""
    hours = target(call, request, "hours-of-operation", "HoursOfOperationId")
    body = {name: request[name] for name in _OVERRIDE_MEMBERS if request.get(name) is not None}
    body = {"OverrideType": "STANDARD", **body, "HoursOfOperationId": hours.id}
    async with repository(call).write(hours.instance, actor(call), call.now) as write:
        override = await write.create("hours-override", hours.instance, request["Name"], body)
    return {"HoursOfOperationOverrideId": override.id}


@operation("connect", "UpdateHoursOfOperationOverride", permission="HoursOfOperation.Edit")
async def update_hours_of_operation_override(call: Call, request: dict[str, Any]) -> None:
    """Members left out stay."""
    known = _one(call, request)
    given = {name: request[name] for name in _OVERRIDE_MEMBERS if request.get(name) is not None}
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        document = await repository(call).newest(write, known.instance, known.kind, known.id)
        await write.update(document, name=request.get("Name"), body={**document.body, **given})


@operation("connect", "DescribeHoursOfOperationOverride", permission="HoursOfOperation.View")
def describe_hours_of_operation_override(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """One override."""
    return {"HoursOfOperationOverride": _override(catalogue(call), _one(call, request))}


@operation("connect", "DeleteHoursOfOperationOverride", permission="HoursOfOperation.Edit")
async def delete_hours_of_operation_override(call: Call, request: dict[str, Any]) -> None:
    """The weekly hours count again."""
    known = _one(call, request)
    await repository(call).delete(known.instance, known.kind, known.id, actor=actor(call))


@operation("connect", "ListHoursOfOperationOverrides", permission="HoursOfOperation.View")
def list_hours_of_operation_overrides(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The overrides of a set of hours."""
    hours = target(call, request, "hours-of-operation", "HoursOfOperationId")
    items = [_override(catalogue(call), override) for override in overrides_of(catalogue(call), hours)]
    return {**page(call, request, "HoursOfOperationOverrideList", items), **modified(hours)}


def _date_condition(condition: Mapping[str, Any]) -> Predicate:
    name = str(condition.get("FieldName")).casefold()
    member = {"effectivefrom": "EffectiveFrom", "effectivetill": "EffectiveTill"}.get(name)
    if member is None:
        raise invalid_parameter(f"{condition.get('FieldName')} is not a date to search by")
    wanted, test = read_date(condition.get("Value") or ""), _DATE_TESTS[condition.get("ComparisonType") or "EQUAL_TO"]
    return lambda document: bool(test(read_date(document.body[member]), wanted))


@operation("connect", "SearchHoursOfOperationOverrides", permission="HoursOfOperation.View")
def search_hours_of_operation_overrides(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Overrides of any hours of the instance; tag filters look at the hours."""
    instance = instance_of(call, request)
    found = catalogue(call)
    leaves: dict[str, Leaf] = {"DateCondition": _date_condition}
    names = fields(hoursofoperationid="HoursOfOperationId", type="OverrideType")
    wanted = search.criteria(request.get("SearchCriteria") or {}, names, leaves)
    left = search.search_filter(request.get("SearchFilter") or {}, {})
    matching = [
        override
        for override in found.all(instance, "hours-override")
        if wanted(override) and left(found.get(instance, "hours-of-operation", override.body["HoursOfOperationId"]))
    ]
    answer = page(call, request, "HoursOfOperationOverrides", matching, key=by_name)
    shapes = [_override(found, override) for override in answer["HoursOfOperationOverrides"]]
    return {**answer, "HoursOfOperationOverrides": shapes, "ApproximateTotalCount": len(matching)}


@operation("connect", "GetEffectiveHoursOfOperations", permission="HoursOfOperation.View")
def get_effective_hours_of_operations(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What counts on each date, overrides of the parents included."""
    hours = target(call, request, "hours-of-operation", "HoursOfOperationId")
    first, last = read_date(request["FromDate"]), read_date(request["ToDate"])
    if first > last or (last - first).days > _LONGEST_QUERY:
        raise invalid_parameter(f"FromDate must be before ToDate and at most {_LONGEST_QUERY} days apart")
    found = catalogue(call)
    parents = [
        found.get(hours.instance, "hours-of-operation", parent["HoursOfOperationId"])
        for parent in hours.body.get("ParentHoursOfOperationConfigs", [])
    ]
    overrides = [override for owner in (hours, *parents) for override in overrides_of(found, owner)]
    named = [{**override.body, "Name": override.name} for override in overrides]
    return effective_hours(read_hours(hours.body, named, identifier=hours.id), first, last)
