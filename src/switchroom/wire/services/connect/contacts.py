"""Operations that end contacts and change their data, while they last and (attributes, tags) after they are over."""

from typing import Any

from switchroom.base.clock import HOUR, seconds
from switchroom.base.errors import ServiceError, access_denied, invalid_parameter, invalid_request
from switchroom.core.commands import (
    Command,
    ReviseRecord,
    SetAttributes,
    SetRoutingData,
    StopContact,
    TagContact,
    UntagContact,
    UpdateContact,
)
from switchroom.core.lifecycle.details import check_attributes, merge_tags
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow
from switchroom.views.facts import facts_of
from switchroom.wire.call import Call
from switchroom.wire.operation import OPERATOR, operation
from switchroom.wire.services.connect.common import page
from switchroom.wire.services.connect.contact_access import SEEING, check, reached
from switchroom.wire.services.connect.contact_common import (
    contact_of,
    record,
    references,
    segment_attributes,
    submit,
)

NOT_STOPPED = ("DISCONNECT", "TRANSFER", "QUEUE_TRANSFER")
"""Calls that began so go on until somebody hangs up (quality.md, Contact actions)."""
TAGS_AFTER = 3 * HOUR
"""How long after the end tags may still change (BASE-222)."""
SUMMARIES = {"URL": "Url", "ATTACHMENT": "Attachment", "NUMBER": "Number", "STRING": "String", "DATE": "Date",
             "EMAIL": "Email"}  # fmt: skip


@operation("connect", "StopContact", permission="StopContact.Enabled")
async def stop_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-95. What has ended cannot be stopped: InvalidRequestException."""
    instance, contact = await reached(call, request)
    row = await record(call, instance, contact)
    if row.channel == "VOICE" and row.initiation_method in NOT_STOPPED:
        raise invalid_request(f"A call that began by {row.initiation_method} cannot be ended")
    if not await _decided(call, instance, StopContact(contact=contact, by=call.caller.id)):
        raise invalid_request(f"Contact {contact} has already ended")
    return {}


@operation("connect", "UpdateContactAttributes", permission="BasicAgentAccess")
async def update_contact_attributes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """FLOW-139, REC-28: user-defined attributes of a contact's chain, for as long as its record is kept.

    Of people, only the agents of the chain may: to see attributes of others is not to change them.
    """
    instance, contact = contact_of(call, request, "InitialContactId")
    if call.caller.kind != "key":
        await _require_part(call, instance, contact)
    attributes = request["Attributes"]
    if not await _decided(call, instance, SetAttributes(contact=contact, attributes=attributes)):
        row = await record(call, instance, contact)
        check_attributes(row.attributes, attributes)
        await submit(call, instance, ReviseRecord(contact=row.id, attributes=attributes))
    return {}


async def _require_part(call: Call, instance: str, contact: str) -> None:
    row = await record(call, instance, contact)
    chain = await contacts.chain(call.services.database, instance, row.initial_id)
    if all(one.agent != call.caller.id for one in chain):
        raise access_denied("Only agents who had a part in a contact can change its attributes")


@operation("connect", "GetContactAttributes", permission="ContactAttributes.View")
async def get_contact_attributes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """User-defined attributes of a contact's chain."""
    instance, contact = await reached(call, request, "InitialContactId")
    row = await record(call, instance, contact)
    return {"Attributes": await contacts.attributes(call.services.database, instance, row.initial_id) or {}}


@operation("connect", "UpdateContact", permission=OPERATOR)
async def update_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Name, description, references and segment attributes of an unfinished contact."""
    instance, contact = await reached(call, request)
    for member in ("QueueInfo", "UserInfo", "CustomerEndpoint", "SystemEndpoint", "AdditionalRecipients"):
        if request.get(member):
            raise invalid_request(f"{member} can be changed only of contacts that another system routes")
    command = UpdateContact(
        contact=contact,
        name=request.get("Name"),
        description=request.get("Description"),
        references=references(request) or None,
        segment_attributes=segment_attributes(request) or None,
    )
    if not await _decided(call, instance, command):
        await record(call, instance, contact)
        raise invalid_request(f"Contact {contact} has ended")
    return {}


@operation("connect", "ListContactReferences", permission=SEEING)
async def list_contact_references(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-100: references of the types asked for, by name."""
    instance, contact = await reached(call, request)
    wanted = request["ReferenceTypes"]
    if not wanted:
        raise invalid_parameter("ReferenceTypes must not be empty")
    found = facts_of(call.services.site, await record(call, instance, contact)).contact.references
    items = []
    for name in sorted(found):
        reference = found[name]
        if reference.type in wanted and reference.type in SUMMARIES:
            summary = {"Name": name, "Value": reference.value}
            if reference.type == "ATTACHMENT":
                summary["Status"] = reference.status or "APPROVED"
            items.append({SUMMARIES[reference.type]: summary})
    return page(call, request, "ReferenceSummaryList", items, key=lambda item: next(iter(item.values()))["Name"])


@operation("connect", "ListAssociatedContacts", permission=SEEING)
async def list_associated_contacts(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-94: the contact's chain and what is linked with it as related contact, oldest first."""
    instance, contact = await reached(call, request)
    row = await record(call, instance, contact)
    database = call.services.database
    found = [*await contacts.chain(database, instance, row.initial_id)]
    found += await contacts.associated(database, instance, contact)
    if row.related_id is not None and (related := await contacts.get(database, instance, row.related_id)) is not None:
        found.append(related)
    known = {one.id: one for one in found if _sees(call, one)}
    items = [_associated(call, one) for one in sorted(known.values(), key=lambda one: (one.initiated_at, one.id))]
    return page(call, request, "ContactSummaryList", items)


def _sees(call: Call, row: ContactRow) -> bool:
    try:
        check(call, row)
    except ServiceError:
        return False
    return True


def _associated(call: Call, row: ContactRow) -> dict[str, Any]:
    return {
        "ContactId": row.id,
        "ContactArn": call.services.site.resource(row.instance, "contact", row.id),
        "InitiationTimestamp": seconds(row.initiated_at),
        "DisconnectTimestamp": seconds(row.disconnected_at) if row.disconnected_at is not None else None,
        "InitialContactId": row.initial_id,
        "PreviousContactId": row.previous_id,
        "RelatedContactId": row.related_id,
        "InitiationMethod": row.initiation_method,
        "Channel": row.channel,
    }


@operation("connect", "UpdateContactRoutingData", permission=OPERATOR)
async def update_contact_routing_data(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-10, ROUT-52: priority, age or routing criteria of a waiting contact."""
    instance, contact = await reached(call, request)
    command = SetRoutingData(
        contact=contact,
        priority=request.get("QueuePriority"),
        age_adjustment=request.get("QueueTimeAdjustmentSeconds"),
        criteria=request.get("RoutingCriteria"),
    )
    if not await _decided(call, instance, command):
        await record(call, instance, contact)
        raise ServiceError("ResourceConflictException", f"Contact {contact} has ended")
    return {}


@operation("connect", "TagContact", permission=OPERATOR)
async def tag_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-220, BASE-222."""
    instance, contact = await reached(call, request)
    tags = request["Tags"]
    row = await _taggable(call, instance, contact)
    if not await _decided(call, instance, TagContact(contact=contact, tags=tags)):
        await submit(call, instance, ReviseRecord(contact=contact, tags=merge_tags(row.tags, tags)))
    return {}


@operation("connect", "UntagContact", permission=OPERATOR)
async def untag_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-220, BASE-222."""
    instance, contact = await reached(call, request)
    keys = request["TagKeys"]
    row = await _taggable(call, instance, contact)
    if not await _decided(call, instance, UntagContact(contact=contact, keys=keys)):
        kept = {key: value for key, value in row.tags.items() if key not in keys}
        await submit(call, instance, ReviseRecord(contact=contact, tags=kept))
    return {}


async def _taggable(call: Call, instance: str, contact: str) -> ContactRow:
    row = await record(call, instance, contact)
    if row.disconnected_at is not None and call.now - row.disconnected_at > TAGS_AFTER:
        raise invalid_request("Tags can be changed up to 3 hours after the contact has ended")
    return row


async def _decided(call: Call, instance: str, command: Command) -> bool:
    """Whether the centre has the contact, so that it has decided the command; refusals of other kinds are raised."""
    try:
        await submit(call, instance, command)
    except ServiceError as refusal:
        if refusal.code != "ResourceNotFoundException":
            raise
        return False
    return True
