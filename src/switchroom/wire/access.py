"""Access control over single records, for people whose security profiles are limited (USER-48..50, USER-59).

The door asks `check` for every record a request names. Lists and searches show what `visible` leaves. What is written
has to stay within reach of who writes it (`resources.access.guarded`). API keys, and people without limits, pass all.
"""

from collections.abc import Iterable

from switchroom.base.errors import ServiceError, access_denied
from switchroom.resources.access import RIGHTS, Access
from switchroom.resources.document import Document
from switchroom.resources.resource import declaration
from switchroom.wire.call import Call

__all__ = ["Access", "check", "require", "restricted", "visible"]

Permission = str | Iterable[str]


def visible(call: Call, kind: str, documents: list[Document], permission: Permission) -> list[Document]:
    """The documents that the caller may see under any of the permissions."""
    access = call.caller.access
    return documents if access is None else access.filter(permission, kind, documents)


def require(call: Call, document: Document, permission: Permission) -> None:
    """Raises ResourceNotFoundException for a record that the caller cannot see, AccessDeniedException for one that
    the caller can only see."""
    if call.caller.access is not None:
        check(call.caller.access, document, permission)


def restricted(call: Call, kind: str, permission: Permission | None = None) -> bool:
    """Whether the caller reaches only some records of a kind; its change history is then closed (USER-50)."""
    return call.caller.access is not None and call.caller.access.restricted(kind, permission)


def check(access: Access, document: Document, permission: Permission) -> None:
    """`require` for an access."""
    if document.kind not in RIGHTS or access.allows(permission, document.kind, document):
        return
    if access.allows(f"{RIGHTS[document.kind]}.View", document.kind, document):
        raise access_denied(f"Your security profiles do not allow this with {document.name}")
    label = declaration(document.kind).label
    raise ServiceError("ResourceNotFoundException", f"{label} {document.id} was not found", ResourceId=document.id)
