"""What a bulk edit does to one user: each field by itself, in a fixed order (USER-17)."""

from collections.abc import Callable
from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.resources.document import Document
from switchroom.resources.people import with_phone
from switchroom.resources.repository import Write

Values = dict[str, Any]
"""Members of a change, or of `Document` to replace."""


def _member(user: Document, given: Values) -> Values:
    return {"body": {**user.body, **given}}


def _phone(user: Document, given: Values) -> Values:
    return {"body": with_phone(user.body, **given)}


def _tags(user: Document, given: Values) -> Values:
    return {"tags": given["Tags"]}


_FIELDS: tuple[tuple[str, tuple[str, ...], Callable[[Document, Values], Values]], ...] = (
    ("Routing profile", ("RoutingProfileId",), _member),
    ("Security profiles", ("SecurityProfileIds",), _member),
    ("Phone type", ("PhoneType", "DeskPhoneNumber"), _phone),
    ("Soft phone auto accept", ("AutoAccept",), _phone),
    ("ACW timeout", ("AfterContactWorkTimeLimit",), _phone),
    ("Agent hierarchy", ("HierarchyGroupId",), _member),
    ("Tags", ("Tags",), _tags),
)
"""Names of the fields, the members of a change they are made of, and what these do; in the order of writes."""


async def edit(write: Write, user: Document, changes: Values) -> list[str]:
    """Set what `changes` says; the fields that could not be set, each with its reason."""
    failed = []
    for name, members, values in _FIELDS:
        given = {member: changes[member] for member in members if member in changes}
        if not given:
            continue
        try:
            user = await write.update(user, **values(user, given))
        except ServiceError as error:
            failed.append(f"{name}: {_reason(error)}")
    return failed


def _reason(error: ServiceError) -> str:
    return "Not found" if error.code == "ResourceNotFoundException" else error.message
