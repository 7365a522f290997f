"""What the operations on contacts share: flows and contacts that a request names, members that many requests have."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.core.commands import Command
from switchroom.core.contact import Reference
from switchroom.storage import contacts
from switchroom.storage.contacts import ContactRow
from switchroom.wire.call import Call
from switchroom.wire.services.connect.common import catalogue, instance_of

INBOUND = ("CONTACT_FLOW",)
REFERENCE_TYPES = ("URL", "NUMBER", "STRING", "DATE", "EMAIL", "ATTACHMENT")


async def submit(call: Call, instance: str, command: Command) -> Any:
    """Decide a command in an instance."""
    return await call.services.centres.submit(instance, command)


async def submit_unfinished(call: Call, instance: str, contact: str, command: Command) -> Any:
    """Decide a command on a contact that must not be over. Raises InvalidRequestException when it is."""
    try:
        return await submit(call, instance, command)
    except ServiceError as refusal:
        if refusal.code != "ResourceNotFoundException" or not await _is_over(call, instance, contact):
            raise
    raise invalid_request(f"Contact {contact} has ended")


async def _is_over(call: Call, instance: str, contact: str) -> bool:
    row = await contacts.get(call.services.database, instance, contact)
    return row is not None and row.disconnected_at is not None


def flow(call: Call, instance: str, reference: str, types: tuple[str, ...] = INBOUND) -> str:
    """The id of a published flow of one of `types`, given by id or ARN, with or without a version.

    Raises ResourceNotFoundException, or InvalidRequestException when it cannot be used here.
    """
    identifier = parse_id(reference).partition(":")[0]
    document = catalogue(call).get(instance, "contact-flow", identifier)
    if document.body.get("Content") is None or document.body.get("State") == "ARCHIVED":
        raise invalid_request(f"Flow {document.name} is not published")
    if document.body["Type"] not in types:
        raise invalid_request(f"Flow {document.name} has type {document.body['Type']}, not {' or '.join(types)}")
    return identifier


async def record(call: Call, instance: str, identifier: str) -> ContactRow:
    """The row of a contact, unfinished or over. Raises ResourceNotFoundException."""
    row = await contacts.get(call.services.database, instance, parse_id(identifier))
    if row is None:
        raise ServiceError("ResourceNotFoundException", f"Contact {identifier} was not found")
    return row


def contact_of(call: Call, request: dict[str, Any], member: str = "ContactId") -> tuple[str, str]:
    """(instance, contact id) of a request."""
    return instance_of(call, request), parse_id(request[member])


def references(request: dict[str, Any]) -> dict[str, Reference]:
    """`References` of a request (ROUT-100). Raises InvalidParameterException."""
    found: dict[str, Reference] = {}
    for name, given in (request.get("References") or {}).items():
        kind = given["Type"]
        if kind not in REFERENCE_TYPES:
            raise invalid_parameter(f"Reference {name}: type {kind} cannot be set")
        if not 1 <= len(name) <= 4096:
            raise invalid_parameter("The name of a reference has 1 to 4096 characters")
        if kind == "NUMBER" and not _is_number(given.get("Value", "")):
            raise invalid_parameter(f"Reference {name}: {given.get('Value')!r} is not a number")
        found[name] = Reference(kind, given.get("Value", ""), given.get("Status"))
    return found


def segment_attributes(request: dict[str, Any]) -> dict[str, str]:
    """`SegmentAttributes` of a request: texts. Raises InvalidParameterException for other kinds of values."""
    found: dict[str, str] = {}
    for name, value in (request.get("SegmentAttributes") or {}).items():
        text = value.get("ValueString")
        if text is None and value.get("ValueInteger") is not None:
            text = str(value["ValueInteger"])
        if text is None:
            raise invalid_parameter(f"Segment attribute {name} needs ValueString")
        found[name] = text
    return found


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
