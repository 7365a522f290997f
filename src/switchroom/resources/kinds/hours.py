"""Hours of operation with their overrides and parents (ROUT-33..36)."""

from datetime import date
from zoneinfo import ZoneInfo

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare


def _check(view: View, document: Document, before: Document | None) -> None:
    zone = document.body.get("TimeZone", "")
    if before is None or before.body.get("TimeZone") != zone:
        try:
            ZoneInfo(zone)
        except (ValueError, OSError, KeyError):
            raise invalid_parameter(f"{zone or 'An empty text'} is not the name of a time zone") from None
    for slot in document.body.get("Config", []):
        start = slot["StartTime"]["Hours"] * 60 + slot["StartTime"]["Minutes"]
        end = slot["EndTime"]["Hours"] * 60 + slot["EndTime"]["Minutes"]
        if end and start >= end:
            raise invalid_parameter(f"{slot['Day']}: the start time must be before the end time")
    parents = {parent["HoursOfOperationId"] for parent in document.body.get("ParentHoursOfOperationConfigs", [])}
    if document.id in parents:
        raise invalid_parameter("Hours of operation cannot be their own parent")
    for parent in parents:
        if view.get(document.instance, "hours-of-operation", parent).body.get("ParentHoursOfOperationConfigs"):
            raise invalid_parameter(f"Hours of operation {parent} have parents themselves and cannot be a parent")


HOURS = declare(
    Resource(
        kind="hours-of-operation",
        label="Hours of operation",
        arn="operating-hours/{id}",
        names=Names.EXACT,
        references=(Reference("ParentHoursOfOperationConfigs[].HoursOfOperationId", "hours-of-operation"),),
        quota=Quota("HOURS_OF_OPERATION"),
        check=_check,
        in_use="InvalidRequestException",
    )
)


def _check_override(view: View, document: Document, before: Document | None) -> None:
    try:
        first, last = (date.fromisoformat(document.body[name]) for name in ("EffectiveFrom", "EffectiveTill"))
    except ValueError:
        raise invalid_parameter("EffectiveFrom and EffectiveTill are dates of the form YYYY-MM-DD") from None
    if first > last:
        raise invalid_parameter("EffectiveFrom must not be after EffectiveTill")
    if before is None:
        hours = document.body["HoursOfOperationId"]
        others = [
            other
            for other in view.all(document.instance, "hours-override")
            if other.body["HoursOfOperationId"] == hours
        ]
        limit = quotas.applied(view, document.instance, "HOURS_OVERRIDES")
        if len(others) >= limit:
            raise ServiceError("LimitExceededException", f"Hours of operation can have at most {limit} overrides")


OVERRIDE = declare(
    Resource(
        kind="hours-override",
        label="Hours of operation override",
        arn="operating-hours-override/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["HoursOfOperationId"]),
        references=(Reference("HoursOfOperationId", "hours-of-operation"),),
        check=_check_override,
    )
)
