"""Phone numbers (NUM-01..16)."""

import re
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import numbers
from switchroom.resources.document import Document
from switchroom.resources.kinds.flow import is_published
from switchroom.storage import numbers as inventory
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import (
    actor,
    catalogue,
    instance_of,
    once,
    own_instance,
    page,
    repository,
)

_KIND = "phone-number"
LISTING = ("PhoneNumbers.View", "Queues.View")
"""The editor of queues offers the numbers (USER-44)."""
_OLD_TYPES = {"UIFN": "TOLL_FREE", "SHARED": "DID", "THIRD_PARTY_TF": "TOLL_FREE", "THIRD_PARTY_DID": "DID"}
_PREFIX = re.compile(r"\+[0-9]{1,11}")
_TOKEN = re.compile(r"\+[0-9]{1,15}")


def _instance_of_target(call: Call, request: dict[str, Any]) -> str:
    """The instance from TargetArn or InstanceId, of which there must be exactly one."""
    arn, identifier = request.get("TargetArn"), request.get("InstanceId")
    if bool(arn) == bool(identifier):
        raise invalid_parameter("Exactly one of TargetArn and InstanceId is required")
    if arn and ":traffic-distribution-group/" in arn:
        raise ServiceError("ResourceNotFoundException", f"Traffic distribution group {arn} was not found")
    return instance_of(call, {"InstanceId": arn or identifier})


def _number(call: Call, identifier: str) -> Document:
    wanted = parse_id(identifier)
    for document in catalogue(call).site_wide(_KIND):
        if document.id == wanted:
            own_instance(call, document.instance)
            return document
    raise ServiceError("ResourceNotFoundException", f"Phone number {wanted} was not found", ResourceId=wanted)


def _shape(call: Call, document: Document) -> dict[str, Any]:
    return {
        "PhoneNumberId": document.id,
        "PhoneNumberArn": document.arn,
        "PhoneNumber": document.name,
        "TargetArn": call.services.site.instance(document.instance),
        "InstanceId": document.instance,
        **document.body,
        "Tags": document.tags,
    }


def _checked_prefix(request: dict[str, Any]) -> str:
    prefix = request.get("PhoneNumberPrefix") or ""
    if prefix and not _PREFIX.fullmatch(prefix):
        raise invalid_parameter("PhoneNumberPrefix must begin with + and the country code")
    return prefix


@operation("connect", "SearchAvailablePhoneNumbers", permission="PhoneNumbers.Claim")
async def search_available_phone_numbers(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Up to ten free numbers a page (NUM-01)."""
    try:
        _instance_of_target(call, request)
    except ServiceError as problem:
        raise invalid_parameter(problem.message) from None
    size = request.get("MaxResults") or 10
    after = request.get("NextToken") or ""
    if after and not _TOKEN.fullmatch(after):
        raise invalid_parameter("NextToken is not one that this request gave")
    country, type_ = request["PhoneNumberCountryCode"], request["PhoneNumberType"]
    async with call.services.database.pool.acquire() as connection:
        found = await inventory.available(
            connection, country, type_, _checked_prefix(request), call.now, after, size + 1
        )
    items = [
        {"PhoneNumber": one.phone_number, "PhoneNumberCountryCode": one.country, "PhoneNumberType": one.type}
        for one in found[:size]
    ]
    return {"AvailableNumbersList": items, "NextToken": found[size - 1].phone_number if len(found) > size else None}


@operation("connect", "ClaimPhoneNumber", permission="PhoneNumbers.Claim")
async def claim_phone_number(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Whether it worked is in the status that DescribePhoneNumber answers (NUM-03). The first number of an instance
    gets the sample inbound flow (FLOW-17)."""
    instance = _instance_of_target(call, request)
    async with repository(call).write(instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            first = not write.all(instance, _KIND)
            description, tags = request.get("PhoneNumberDescription"), request.get("Tags")
            number = await numbers.claim(write, instance, request["PhoneNumber"], description, tags)
            flow = write.by_name(instance, "contact-flow", "Sample inbound flow (first contact experience)")
            if first and flow and is_published(flow) and number.body["PhoneNumberStatus"] == numbers.CLAIMED:
                await write.update(number, body={**number.body, "ContactFlowId": flow.id})
            return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

        return await once(call, write, request, instance, produce)


@operation("connect", "ImportPhoneNumber", permission="PhoneNumbers.Claim")
async def import_phone_number(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A number of a text message service; the end of its ARN must be the number in E.164 form here."""
    instance = instance_of(call, request)
    phone_number = parse_id(request["SourcePhoneNumberArn"])
    if not _TOKEN.fullmatch(phone_number):
        raise ServiceError("ResourceNotFoundException", f"{request['SourcePhoneNumberArn']} was not found")
    async with repository(call).write(instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            description = request.get("PhoneNumberDescription") or ""
            number = await numbers.hold(write, instance, phone_number, "US", "DID", description, None)
            body = {**number.body, "SourcePhoneNumberArn": request["SourcePhoneNumberArn"]}
            number = await write.update(number, body=body, tags=request.get("Tags"))
            return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

        return await once(call, write, request, instance, produce)


@operation("connect", "DescribePhoneNumber", permission="PhoneNumbers.View")
def describe_phone_number(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A number with its status."""
    return {"ClaimedPhoneNumberSummary": _shape(call, _number(call, request["PhoneNumberId"]))}


@operation("connect", "UpdatePhoneNumber", permission="PhoneNumbers.Edit")
async def update_phone_number(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Move a number to another instance (NUM-15)."""
    instance = _instance_of_target(call, request)
    number = _number(call, request["PhoneNumberId"])
    async with repository(call).write(number.instance, actor(call), call.now) as write:

        async def produce() -> dict[str, Any]:
            current = await repository(call).newest(write, number.instance, _KIND, number.id)
            if instance != number.instance:
                await numbers.move(write, current, instance)
            return {"PhoneNumberId": number.id, "PhoneNumberArn": number.arn}

        return await once(call, write, request, number.id, produce)


@operation("connect", "UpdatePhoneNumberMetadata", permission="PhoneNumbers.Edit")
async def update_phone_number_metadata(call: Call, request: dict[str, Any]) -> None:
    """The description (NUM-06)."""
    number = _number(call, request["PhoneNumberId"])
    description = request.get("PhoneNumberDescription")
    if description is not None:
        await repository(call).update(
            number.instance,
            _KIND,
            number.id,
            lambda one: {**one.body, "PhoneNumberDescription": description},
            actor=actor(call),
        )


@operation("connect", "ReleasePhoneNumber", permission="PhoneNumbers.Release", also="PhoneNumbers.View")
async def release_phone_number(call: Call, request: dict[str, Any]) -> None:
    """The number is in cooldown for 30 days (NUM-11)."""
    number = _number(call, request["PhoneNumberId"])
    async with repository(call).write(number.instance, actor(call), call.now) as write:
        await numbers.release(write, await repository(call).newest(write, number.instance, _KIND, number.id))


def _matching(call: Call, request: dict[str, Any], found: list[Document]) -> list[Document]:
    types, countries = request.get("PhoneNumberTypes"), request.get("PhoneNumberCountryCodes")
    prefix = _checked_prefix(request)
    return [
        one
        for one in sorted(found, key=lambda one: (one.name, one.id))
        if (not types or one.body["PhoneNumberType"] in types)
        and (not countries or one.body["PhoneNumberCountryCode"] in countries)
        and one.name.startswith(prefix)
    ]


@operation("connect", "ListPhoneNumbers", permission=LISTING)
def list_phone_numbers(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The older listing, with ARNs below the instance and two types only."""
    instance = instance_of(call, request)
    items = [
        {
            "Id": number.id,
            "Arn": call.services.site.resource(instance, _KIND, number.id),
            "PhoneNumber": number.name,
            "PhoneNumberType": _OLD_TYPES.get(number.body["PhoneNumberType"], number.body["PhoneNumberType"]),
            "PhoneNumberCountryCode": number.body["PhoneNumberCountryCode"],
        }
        for number in _matching(call, request, catalogue(call).all(instance, _KIND))
    ]
    return page(call, request, "PhoneNumberSummaryList", items)


@operation("connect", "ListPhoneNumbersV2", permission=LISTING)
def list_phone_numbers_v2(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Numbers of an instance, or without a target of all instances the caller may see."""
    if request.get("TargetArn") or request.get("InstanceId"):
        found = catalogue(call).all(_instance_of_target(call, request), _KIND)
    elif call.caller.instance is not None:
        found = catalogue(call).all(call.caller.instance, _KIND)
    else:
        found = catalogue(call).site_wide(_KIND)
    items = [_shape(call, number) for number in _matching(call, request, found)]
    return page(call, request, "ListPhoneNumbersSummaryList", items)


# flows of numbers


def _of_instance(call: Call, request: dict[str, Any]) -> Document:
    instance = instance_of(call, request)
    return catalogue(call).get(instance, _KIND, parse_id(request["PhoneNumberId"]))


@operation("connect", "AssociatePhoneNumberContactFlow", permission="PhoneNumbers.Edit")
async def associate_phone_number_contact_flow(call: Call, request: dict[str, Any]) -> None:
    """Calls to the number enter this flow, which must be published (NUM-07)."""
    number = _of_instance(call, request)
    flow = catalogue(call).get(number.instance, "contact-flow", parse_id(request["ContactFlowId"]))
    if not is_published(flow) or flow.body["State"] != "ACTIVE":
        raise invalid_parameter(f"Flow {flow.name} is not published")
    if flow.body["Type"] != "CONTACT_FLOW":
        raise invalid_parameter(f"Flow {flow.name} is not an inbound flow")
    if number.body["PhoneNumberStatus"]["Status"] != "CLAIMED":
        raise invalid_parameter(f"Phone number {number.name} is not claimed")
    await repository(call).update(
        number.instance, _KIND, number.id, lambda one: {**one.body, "ContactFlowId": flow.id}, actor=actor(call)
    )


@operation("connect", "DisassociatePhoneNumberContactFlow", permission="PhoneNumbers.Edit")
async def disassociate_phone_number_contact_flow(call: Call, request: dict[str, Any]) -> None:
    """Calls to the number are rejected until it has a flow again (NUM-08)."""
    number = _of_instance(call, request)
    await repository(call).update(
        number.instance, _KIND, number.id, lambda one: {**one.body, "ContactFlowId": None}, actor=actor(call)
    )
