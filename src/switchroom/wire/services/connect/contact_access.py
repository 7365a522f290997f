"""Which contacts a caller may see (quality.md, Permission effect on rows)."""

from collections.abc import Callable

from switchroom.base.errors import access_denied
from switchroom.storage.contacts import ContactRow, Query
from switchroom.wire.call import Call

ALL = "ContactSearch.View"
OWN = "MyContacts.View"
BY_HIERARCHY = "RestrictContactAccessByHierarchy.View"
SEEING = (ALL, OWN)
"""Either lets a person see contacts (QUAL-108)."""


def restriction(call: Call) -> Callable[[Query], None] | None:
    """What a search of this caller is limited to; None: nothing (QUAL-108, QUAL-109)."""
    caller = call.caller
    if caller.kind == "key":
        return None
    if not caller.may(ALL):
        return lambda query: query.where("agent = ?", caller.id)
    if caller.may(BY_HIERARCHY) and not caller.may(OWN):
        group = _group(call)
        return lambda query: query.where("? = ANY(hierarchy)", group or "")
    return None


def check(call: Call, row: ContactRow) -> None:
    """Refuse a contact that a search of this caller would not find for the lack of permission."""
    caller = call.caller
    if caller.kind == "key" or row.agent == caller.id:
        return
    if not caller.may(ALL):
        raise access_denied("Only contacts you have handled yourself can be seen")
    if caller.may(BY_HIERARCHY) and not caller.may(OWN) and _group(call) not in row.hierarchy:
        raise access_denied("This contact was not handled by your hierarchy group")


def _group(call: Call) -> str | None:
    if call.caller.instance is None:
        return None
    user = call.services.catalogue.find(call.caller.instance, "user", call.caller.id)
    group: str | None = user.body.get("HierarchyGroupId") if user is not None else None
    return group
