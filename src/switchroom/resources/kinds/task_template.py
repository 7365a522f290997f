"""Task templates (ROUT-86..90): the form agents fill to create a task."""

from typing import Any

from switchroom.base.errors import ServiceError
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

SYSTEM_FIELDS = frozenset({"NAME", "DESCRIPTION", "SCHEDULED_TIME", "QUICK_CONNECT", "SELF_ASSIGN", "EXPIRY_DURATION"})
"""Types of which a template has at most one field."""
_EXCEEDED = "ServiceQuotaExceededException"
_GROUPS = ("RequiredFields", "ReadOnlyFields", "InvisibleFields")


def invalid_property(path: str, reason: str, message: str) -> ServiceError:
    """`PropertyValidationException` about one property."""
    return ServiceError(
        "PropertyValidationException",
        f"{path}: {message}",
        PropertyList=[{"PropertyPath": path, "Reason": reason, "Message": message}],
    )


def _check(view: View, document: Document, before: Document | None) -> None:
    fields = document.body.get("Fields") or []
    names = [field["Id"].get("Name", "") for field in fields]
    types = [field.get("Type") for field in fields]
    for position, (name, kind) in enumerate(zip(names, types, strict=True)):
        path = f"Fields[{position}]"
        if not name:
            raise invalid_property(f"{path}.Id.Name", "REQUIRED_PROPERTY_MISSING", "a field needs a name")
        if names.index(name) != position:
            raise invalid_property(f"{path}.Id.Name", "UNIQUE_CONSTRAINT_VIOLATED", f"{name} is there twice")
        if kind is None:
            raise invalid_property(f"{path}.Type", "REQUIRED_PROPERTY_MISSING", "a field needs a type")
        if kind in SYSTEM_FIELDS and types.index(kind) != position:
            raise invalid_property(
                f"{path}.Type", "UNIQUE_CONSTRAINT_VIOLATED", f"only one field can be of type {kind}"
            )
        if kind == "SINGLE_SELECT" and not fields[position].get("SingleSelectOptions"):
            raise invalid_property(f"{path}.SingleSelectOptions", "REQUIRED_PROPERTY_MISSING", "options are required")
    if "NAME" not in types:
        raise invalid_property("Fields", "REQUIRED_PROPERTY_MISSING", "a template needs a field of type NAME")
    _check_constraints(document.body.get("Constraints") or {}, names)
    _check_defaults(document.body.get("Defaults") or {}, dict(zip(names, fields, strict=True)))
    _check_custom_fields(view, document)


def _check_constraints(constraints: dict[str, Any], names: list[str]) -> None:
    members: dict[str, set[str]] = {}
    for group in _GROUPS:
        listed = [item.get("Id", {}).get("Name", "") for item in constraints.get(group) or []]
        members[group] = set(listed)
        for position, name in enumerate(listed):
            if name not in names:
                path = f"Constraints.{group}[{position}].Id.Name"
                raise invalid_property(path, "REFERENCED_RESOURCE_NOT_FOUND", f"there is no field {name}")
    both = members["RequiredFields"] & members["InvisibleFields"]
    if both:
        raise invalid_property("Constraints", "NOT_SUPPORTED", f"{min(both)} cannot be required and invisible")


def _check_defaults(defaults: dict[str, Any], fields: dict[str, dict[str, Any]]) -> None:
    for position, item in enumerate(defaults.get("DefaultFieldValues") or []):
        path = f"Defaults.DefaultFieldValues[{position}]"
        field = fields.get(item.get("Id", {}).get("Name", ""))
        value = item.get("DefaultValue") or ""
        if field is None:
            raise invalid_property(f"{path}.Id.Name", "REFERENCED_RESOURCE_NOT_FOUND", "there is no such field")
        kind = field["Type"]
        if kind == "SINGLE_SELECT" and value and value not in field["SingleSelectOptions"]:
            raise invalid_property(f"{path}.DefaultValue", "INVALID_FORMAT", f"{value} is not one of the options")
        if kind == "NUMBER" and value and not _is_number(value):
            raise invalid_property(f"{path}.DefaultValue", "TYPE_MISMATCH", f"{value} is not a number")
        if kind == "BOOLEAN" and value and value not in ("true", "false"):
            raise invalid_property(f"{path}.DefaultValue", "TYPE_MISMATCH", "the value must be true or false")


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _custom_fields(document: Document) -> int:
    return sum(1 for field in document.body.get("Fields") or [] if field.get("Type") not in SYSTEM_FIELDS)


def _check_custom_fields(view: View, document: Document) -> None:
    others = [one for one in view.all(document.instance, "task-template") if one.id != document.id]
    limit = quotas.applied(view, document.instance, "TASK_TEMPLATE_CUSTOM_FIELDS")
    if sum(map(_custom_fields, others)) + _custom_fields(document) > limit:
        raise ServiceError(_EXCEEDED, f"The task templates of an instance can have {limit} fields of their own")


TASK_TEMPLATE = declare(
    Resource(
        kind="task-template",
        label="Task template",
        arn="task-template/{id}",
        names=Names.EXACT,
        references=(
            Reference("ContactFlowId", "contact-flow", optional=True),
            Reference("SelfAssignFlowId", "contact-flow", optional=True),
            Reference("ContactHooks.WrapUpFlowId", "contact-flow"),
        ),
        quota=Quota("TASK_TEMPLATES", _EXCEEDED),
        check=_check,
        in_use="InvalidRequestException",
        duplicate="PropertyValidationException",
    )
)
