"""Which contacts a caller may see and act on (quality.md, Permission effect on rows; users-security.md, section 7)."""

from collections.abc import Callable
from typing import Any

from switchroom.base.errors import access_denied
from switchroom.storage.contacts import ContactRow, Query
from switchroom.wire.call import Call
from switchroom.wire.services.connect.contact_common import contact_of, record

ALL = "ContactSearch.View"
OWN = "MyContacts.View"
BY_HIERARCHY = "RestrictContactAccessByHierarchy.View"
SEEING = (ALL, OWN)
"""Either lets a person see contacts (QUAL-108)."""


def restriction(call: Call) -> Callable[[Query], None] | None:
    """What a search of this caller is limited to; None: nothing (QUAL-108, QUAL-109)."""
    caller = call.caller
    if not _limited(call):
        return None
    if not caller.may(ALL):
        return lambda query: query.where("agent = ?", caller.id)
    group = _group(call)
    return lambda query: query.where("agent = ? OR ? = ANY(hierarchy)", caller.id, group or "")


def check(call: Call, row: ContactRow) -> None:
    """Refuse a contact that a search of this caller would not find for the lack of permission."""
    caller = call.caller
    if not _limited(call) or row.agent == caller.id:
        return
    if not caller.may(ALL):
        raise access_denied("Only contacts you have handled yourself can be seen")
    if out_of_reach(row, caller.permissions, _group(call)):
        raise access_denied("This contact was not handled by your hierarchy group")


async def reached(call: Call, request: dict[str, Any], member: str = "ContactId") -> tuple[str, str]:
    """(instance, contact id) of a request, about a contact that the caller may see."""
    instance, contact = contact_of(call, request, member)
    if _limited(call):
        check(call, await record(call, instance, contact))
    return instance, contact


async def check_logs(call: Call, request: dict[str, Any]) -> None:
    """Refuse the logs of a contact that the caller may not see; authors of flows see all, unless restricted."""
    if not call.caller.may("ContactFlows.View") or call.caller.may(BY_HIERARCHY):
        await reached(call, request)


def out_of_reach(row: ContactRow, held: frozenset[str], group: str | None) -> bool:
    """Whether permissions that are restricted to a hierarchy group do not reach a contact. Without a group of one's
    own they reach no contact of others."""
    return BY_HIERARCHY in held and (group is None or group not in row.hierarchy)


def _limited(call: Call) -> bool:
    return call.caller.kind != "key" and (not call.caller.may(ALL) or call.caller.may(BY_HIERARCHY))


def _group(call: Call) -> str | None:
    if call.caller.instance is None:
        return None
    user = call.services.catalogue.find(call.caller.instance, "user", call.caller.id)
    group: str | None = user.body.get("HierarchyGroupId") if user is not None else None
    return group
