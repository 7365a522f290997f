"""Task templates (ROUT-86..90): the form agents fill to create a task."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

SYSTEM_FIELDS = frozenset({"NAME", "DESCRIPTION", "SCHEDULED_TIME", "QUICK_CONNECT", "SELF_ASSIGN", "EXPIRY_DURATION"})
"""Types of which a template has at most one field."""
LONGEST = {"NAME": 512, "DESCRIPTION": 4_096, "TEXT": 512, "TEXT_AREA": 4_096}
"""Characters of a value by type of field (routing.md, Limits and quotas); others have 4,096."""
MOST_MINUTES = 7 * 24 * 60
"""A task lives no longer (ROUT-95)."""
_EXCEEDED = "ServiceQuotaExceededException"
_MAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_GROUPS = ("RequiredFields", "ReadOnlyFields", "InvisibleFields")


def invalid_property(path: str, reason: str, message: str) -> ServiceError:
    """`PropertyValidationException` about one property."""
    return ServiceError(
        "PropertyValidationException",
        f"{path}: {message}",
        PropertyList=[{"PropertyPath": path, "Reason": reason, "Message": message}],
    )


def value_problem(field: dict[str, Any], value: str) -> str | None:
    """Why a value does not fit a field of a template, as the end of a sentence about it; None if it does.

    Times are epoch seconds or ISO 8601, EXPIRY_DURATION is whole minutes, BOOLEAN and SELF_ASSIGN true or false.
    """
    kind = field.get("Type") or "TEXT"
    most = LONGEST.get(kind, 4_096)
    if len(value) > most:
        return f"has more than {most} characters"
    if kind == "SINGLE_SELECT" and value not in (field.get("SingleSelectOptions") or ()):
        return f"is {value}, which is not one of the options"
    fits, wanted = _FORMS.get(kind, (None, ""))
    return None if fits is None or fits(value) else f"is {value}, which is not {wanted}"


def _is_number(text: str) -> bool:
    return re.fullmatch(r"[+-]?(\d+(\.\d*)?|\.\d+)", text, re.ASCII) is not None


def _is_link(text: str) -> bool:
    parts = urlsplit(text)
    return parts.scheme in ("http", "https") and bool(parts.netloc) and not re.search(r"\s", text)


def _is_time(text: str) -> bool:
    if _is_number(text):
        return True
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _is_duration(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 6 and 1 <= int(text) <= MOST_MINUTES


def _is_mark(text: str) -> bool:
    return text in ("true", "false")


_FORMS: dict[str, tuple[Callable[[str], bool], str]] = {
    "NUMBER": (_is_number, "a number"),
    "URL": (_is_link, "an http or https address"),
    "EMAIL": (lambda text: _MAIL.fullmatch(text) is not None, "an e-mail address"),
    "DATE_TIME": (_is_time, "a time"),
    "BOOLEAN": (_is_mark, "true or false"),
    "SELF_ASSIGN": (_is_mark, "true or false"),
    "EXPIRY_DURATION": (_is_duration, f"a number of minutes from 1 to {MOST_MINUTES}"),
}


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
    if "QUICK_CONNECT" not in types and not document.body.get("ContactFlowId"):
        raise invalid_property(
            "ContactFlowId", "REQUIRED_PROPERTY_MISSING", "without a field of type QUICK_CONNECT a flow is needed"
        )
    if "SELF_ASSIGN" in types and not (document.body.get("SelfAssignFlowId") or document.body.get("ContactFlowId")):
        raise invalid_property("SelfAssignFlowId", "REQUIRED_PROPERTY_MISSING", "self-assigned tasks need a flow")
    by_name = dict(zip(names, fields, strict=True))
    filled = _check_defaults(view, document, by_name)
    _check_constraints(document.body.get("Constraints") or {}, by_name, filled)
    _check_custom_fields(view, document)


def _check_constraints(constraints: dict[str, Any], fields: dict[str, dict[str, Any]], filled: set[str]) -> None:
    members: dict[str, set[str]] = {}
    for group in _GROUPS:
        listed = [item.get("Id", {}).get("Name", "") for item in constraints.get(group) or []]
        members[group] = set(listed)
        for position, name in enumerate(listed):
            if name not in fields:
                path = f"Constraints.{group}[{position}].Id.Name"
                raise invalid_property(path, "REFERENCED_RESOURCE_NOT_FOUND", f"there is no field {name}")
    both = members["RequiredFields"] & members["InvisibleFields"]
    if both:
        raise invalid_property("Constraints", "NOT_SUPPORTED", f"{min(both)} cannot be required and invisible")
    for group in ("ReadOnlyFields", "InvisibleFields"):
        for name in sorted(members[group] - filled):
            if fields[name]["Type"] == "NAME":
                raise invalid_property(f"Constraints.{group}", "NOT_SUPPORTED", f"{name} needs a default value then")


def _check_defaults(view: View, document: Document, fields: dict[str, dict[str, Any]]) -> set[str]:
    """The names of fields that have a default value."""
    defaults = document.body.get("Defaults") or {}
    filled = set()
    for position, item in enumerate(defaults.get("DefaultFieldValues") or []):
        path = f"Defaults.DefaultFieldValues[{position}]"
        field = fields.get(item.get("Id", {}).get("Name", ""))
        value = item.get("DefaultValue") or ""
        if field is None:
            raise invalid_property(f"{path}.Id.Name", "REFERENCED_RESOURCE_NOT_FOUND", "there is no such field")
        kind, path = field["Type"], f"{path}.DefaultValue"
        if not value:
            continue
        filled.add(field["Id"]["Name"])
        if kind == "SCHEDULED_TIME":
            raise invalid_property(path, "NOT_SUPPORTED", "a time to start at has no default")
        if kind == "QUICK_CONNECT" and view.find(document.instance, "quick-connect", parse_id(value)) is None:
            raise invalid_property(path, "REFERENCED_RESOURCE_NOT_FOUND", f"quick connect {value} was not found")
        problem = value_problem(field, value)
        if problem is not None:
            reason = "INVALID_FORMAT" if kind in ("SINGLE_SELECT", *LONGEST) else "TYPE_MISMATCH"
            raise invalid_property(path, reason, f"{field['Id']['Name']} {problem}")
    return filled


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
