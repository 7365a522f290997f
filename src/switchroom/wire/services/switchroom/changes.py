"""The change history of configuration (USER-22, ROUT-75, FLOW-47)."""

from typing import Any

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import access_denied, invalid_parameter
from switchroom.resources.access import RIGHTS
from switchroom.resources.change_texts import Gone, changed_fields, missing
from switchroom.resources.resource import declared
from switchroom.storage.documents import HistoryFilter, HistoryRow, last_names
from switchroom.wire.access import restricted
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of, repository

_ACTIONS = {"CREATE": "CREATED", "UPDATE": "UPDATED", "DELETE": "DELETED"}
_KINDS = {"person": "PERSON", "key": "KEY"}


def _text(state: dict[str, Any] | None) -> str | None:
    return None if state is None else msgspec.json.encode(_without_secrets(state), order="sorted").decode()


def _without_secrets(value: Any) -> Any:
    """Passwords are sealed where they are kept; nobody need see them even so."""
    if not isinstance(value, dict):
        return value
    return {name: "***" if name.endswith("Secret") else _without_secrets(one) for name, one in value.items()}


def _action(row: HistoryRow) -> str:
    if row.before is not None and row.after is not None:
        changed = {name for name in {*row.before, *row.after} if row.before.get(name) != row.after.get(name)}
        if changed == {"Tags"}:
            return "UNTAGGED" if len(row.after["Tags"]) < len(row.before["Tags"]) else "TAGGED"
    return _ACTIONS[row.action]


async def _gone(call: Call, instance: str, rows: list[HistoryRow]) -> Gone:
    """The last names of what the changes mention and is no more."""
    found: dict[tuple[str, str], str] = {}
    for kind, identifiers in missing(catalogue(call), rows).items():
        async with call.services.database.pool.acquire() as connection:
            names = await last_names(connection, instance, kind, sorted(identifiers))
        found |= {(kind, identifier): name for identifier, name in names.items()}
    return found


def _shape(call: Call, row: HistoryRow, gone: Gone) -> dict[str, Any]:
    fields = changed_fields(catalogue(call), row, gone)
    return {
        "ChangeId": str(row.seq),
        "At": seconds(row.at),
        "Action": _action(row),
        "ResourceType": row.kind,
        "ResourceId": row.id,
        "ResourceName": row.name,
        "Version": row.version,
        "ByKind": _KINDS.get(row.actor_kind, "SYSTEM"),
        "ById": row.actor_id,
        "ByName": row.actor,
        "Before": _text(row.before),
        "After": _text(row.after),
        "Fields": [{"Field": one.field, "Before": one.before, "After": one.after} for one in fields],
    }


def _open_kinds(call: Call, kind: str | None) -> tuple[str, ...] | None:
    """The kinds to show, None for all. Of a kind that the caller sees only in part there is no history (USER-50)."""
    closed = {one for one in RIGHTS if restricted(call, one)}
    if kind in closed:
        raise access_denied("Your security profiles restrict this type of resource, so its history cannot be shown")
    if kind is not None:
        return (kind,)
    return tuple(one.kind for one in declared() if one.kind not in closed) if closed else None


@operation("switchroom", "ListChanges", permission=("HistoricalChanges.View", "Users.Edit"))
async def list_changes(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Who changed what, and what it was before; newest first."""
    instance, kind = instance_of(call, request), request.get("ResourceType")
    if kind is not None and kind not in {resource.kind for resource in declared()}:
        raise invalid_parameter(f"{kind} is not a type of resource")
    token = request.get("NextToken")
    if token is not None and not token.isdecimal():
        raise invalid_parameter("NextToken is not one that this request gave")
    size = request.get("MaxResults") or 100
    rows = await repository(call).history(
        HistoryFilter(
            instance=instance,
            kinds=_open_kinds(call, kind),
            id=parse_id(request["ResourceId"]) if request.get("ResourceId") else None,
            since=None if request.get("Since") is None else request["Since"] * 1000,
            until=None if request.get("Until") is None else request["Until"] * 1000,
            actor=request.get("ByName"),
            before_seq=None if token is None else int(token),
            limit=size + 1,
        )
    )
    shown = rows[:size]
    gone = await _gone(call, instance, shown)
    return {
        "Changes": [_shape(call, row, gone) for row in shown],
        "NextToken": str(shown[-1].seq) if len(rows) > size else None,
    }
