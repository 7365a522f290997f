"""Batches of users: import, bulk edit and deletion (USER-08..19, USER-25, USER-26)."""

from typing import Any

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, invalid_parameter, not_found
from switchroom.features.user_batches.batches import Options, UserBatches
from switchroom.features.user_batches.files import parse
from switchroom.features.user_batches.report import failures_csv
from switchroom.features.user_batches.rows import check
from switchroom.resources.kinds.user import OWN, managed_by
from switchroom.storage.user_batches import Batch, Record
from switchroom.wire.access import restricted
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of

_NEEDED = {"IMPORT": "Users.Create", "EDIT": "Users.Edit", "DELETE": "Users.Delete"}
_ANY = (*_NEEDED.values(), "Users.View")


@operation("switchroom", "CheckUserImport", permission="Users.Create")
def check_user_import(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Every row with what is wrong with it; nothing is written (USER-08)."""
    instance = instance_of(call, request)
    found = catalogue(call)
    rows = parse(request["Csv"], managed_by(found, instance) == OWN)
    checked = check(found, instance, rows, call.caller.access)
    valid = sum(one.user is not None for one in checked)
    return {
        "Rows": [
            {
                "Row": one.row.number,
                "Login": one.row.cells.get("login", ""),
                "FirstName": one.row.cells.get("first_name", ""),
                "LastName": one.row.cells.get("last_name", ""),
                "RoutingProfile": one.row.cells.get("routing_profile", ""),
                "SecurityProfiles": [
                    name.strip() for name in one.row.cells.get("security_profiles", "").split("|") if name.strip()
                ],
                "Problems": [{"Field": problem.field, "Reason": problem.reason} for problem in one.problems],
            }
            for one in checked
        ],
        "Valid": valid,
        "Invalid": len(checked) - valid,
    }


@operation("switchroom", "StartUserBatch", permission=tuple(_NEEDED.values()))
async def start_user_batch(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Queue a batch; what it needs depends on its kind."""
    instance, kind = instance_of(call, request), request["Kind"]
    _require(call, kind)
    batches, by = _batches(call), actor(call)
    if kind == "IMPORT":
        if "Csv" not in request:
            raise invalid_parameter("Csv is required")
        rows = parse(request["Csv"], managed_by(catalogue(call), instance) == OWN)
        return {"BatchId": await batches.start_import(instance, rows, by)}
    if not request.get("UserIds"):
        raise invalid_parameter("UserIds is required")
    users = [parse_id(user) for user in request["UserIds"]]
    if kind == "EDIT":
        changes = {name: value for name, value in (request.get("Changes") or {}).items() if value is not None}
        if not changes:
            raise invalid_parameter("Changes must set something")
        if "SecurityProfileIds" in changes:
            _need(call, "Users.EditPermission")
        return {"BatchId": await batches.start_edit(instance, users, changes, by)}
    if request.get("DeleteQuickConnects"):
        _need(call, "TransferDestinations.Delete")
    options = Options(force=bool(request.get("Force")), quick_connects=bool(request.get("DeleteQuickConnects")))
    return {"BatchId": await batches.start_deletion(instance, users, options, by)}


@operation("switchroom", "ListUserBatches", permission=_ANY)
async def list_user_batches(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Running, waiting and finished ones (USER-11)."""
    instance = instance_of(call, request)
    token = request.get("NextToken")
    if token is not None and not token.isdecimal():
        raise invalid_parameter("NextToken is not one that this request gave")
    size = request.get("MaxResults") or 100
    by = call.caller.id if restricted(call, "user") else None
    found = await _batches(call).newest(instance, None if token is None else int(token), size + 1, by)
    return {
        "Batches": [_shape(batch) for batch in found[:size]],
        "NextToken": str(found[size - 1].seq) if len(found) > size else None,
    }


@operation("switchroom", "DescribeUserBatch", permission=_ANY)
async def describe_user_batch(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """A batch with its failures, also as a file (USER-19, USER-26)."""
    instance, batch = await _seen(call, request)
    failures = await _batches(call).failures(instance, batch.id)
    return {
        "Batch": _shape(batch),
        "Failures": [_failure(record) for record in failures],
        "FailuresCsv": failures_csv(batch.kind, failures),
        "Changes": None if batch.changes is None else msgspec.json.decode(batch.changes),
    }


@operation("switchroom", "CancelUserBatch", permission=tuple(_NEEDED.values()))
async def cancel_user_batch(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What is done stays (USER-14)."""
    instance, batch = await _own(call, request)
    await _batches(call).cancel(instance, batch.id)
    return {}


@operation("switchroom", "RetryUserBatch", permission=tuple(_NEEDED.values()))
async def retry_user_batch(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The failed records once more, with the same values (USER-19)."""
    instance, batch = await _own(call, request)
    if batch.changes is not None and "SecurityProfileIds" in msgspec.json.decode(batch.changes):
        _need(call, "Users.EditPermission")
    if msgspec.json.decode(batch.options, type=Options).quick_connects:
        _need(call, "TransferDestinations.Delete")
    return {"BatchId": await _batches(call).retry(instance, batch.id, actor(call))}


@operation("switchroom", "DismissUserBatch", permission=tuple(_NEEDED.values()))
async def dismiss_user_batch(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The batch leaves the list, and with it what failed."""
    instance, batch = await _own(call, request)
    await _batches(call).dismiss(instance, batch.id)
    return {}


def _batches(call: Call) -> UserBatches:
    found: UserBatches = call.services.user_batches
    return found


async def _seen(call: Call, request: dict[str, Any]) -> tuple[str, Batch]:
    """The batch of the request; who reaches only some users sees only batches of one's own."""
    instance = instance_of(call, request)
    batch = await _batches(call).get(instance, request["BatchId"])
    if restricted(call, "user") and batch.actor.id != call.caller.id:
        raise not_found("Batch", batch.id)
    return instance, batch


async def _own(call: Call, request: dict[str, Any]) -> tuple[str, Batch]:
    """The batch of the request, if the caller might have started it."""
    instance, batch = await _seen(call, request)
    _require(call, batch.kind)
    return instance, batch


def _require(call: Call, kind: str) -> None:
    _need(call, _NEEDED[kind])


def _need(call: Call, permission: str) -> None:
    if not call.caller.may(permission):
        raise ServiceError("AccessDeniedException", f"This needs the permission {permission}")


def _shape(batch: Batch) -> dict[str, Any]:
    return {
        "BatchId": batch.id,
        "Kind": batch.kind,
        "State": batch.state,
        "Total": batch.total,
        "Succeeded": batch.succeeded,
        "Failed": batch.failed,
        "StartedBy": batch.actor.name,
        "StartedAt": seconds(batch.started_at),
        "EndedAt": None if batch.ended_at is None else seconds(batch.ended_at),
    }


def _failure(record: Record) -> dict[str, Any]:
    return {
        "Row": record.row,
        "UserId": record.user_id,
        "Login": record.login,
        "Reason": record.reason or "",
        "Fields": list(record.fields),
    }
