"""Filling in a task template (ROUT-86, ROUT-88): what is given, what the template gives, what is missing."""

from typing import Any

import msgspec

from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core.contact import Reference

REFERENCE_TYPES = {
    "URL": "URL",
    "NUMBER": "NUMBER",
    "DATE_TIME": "DATE",
    "EMAIL": "EMAIL",
    "TEXT": "STRING",
    "TEXT_AREA": "STRING",
    "BOOLEAN": "STRING",
    "SINGLE_SELECT": "STRING",
}
"""The kind of reference that carries the value of a field of the template's own, by the field's type."""


class Form(msgspec.Struct, kw_only=True):
    """A task as it is asked for. `scheduled_at` in epoch milliseconds."""

    name: str = ""
    description: str | None = None
    references: dict[str, Reference] = {}
    scheduled_at: int | None = None
    quick_connect: str | None = None
    flow: str | None = None


def fill(template: dict[str, Any], form: Form) -> Form:
    """`form` with the template's defaults and its flow; `template` is its body.

    Raises InvalidRequestException for an inactive template, InvalidParameterException when required fields are
    missing (all are named) or a read-only field has another value than its default.
    """
    if template.get("Status") == "INACTIVE":
        raise invalid_request("The task template is inactive")
    constraints = template.get("Constraints") or {}
    required, fixed = _names(constraints, "RequiredFields"), _names(constraints, "ReadOnlyFields")
    defaults = {
        item["Id"]["Name"]: item.get("DefaultValue") or ""
        for item in (template.get("Defaults") or {}).get("DefaultFieldValues") or []
    }
    values = _Values(form)
    missing = []
    for field in template.get("Fields") or []:
        name, kind = field["Id"]["Name"], field.get("Type") or "TEXT"
        given, default = values.get(name, kind), defaults.get(name, "")
        if name in fixed and given and given != default:
            raise invalid_parameter(f"Field {name} of the task template is read-only")
        if not given and default:
            values.put(name, kind, default)
        elif not given and name in required:
            missing.append(name)
        elif given and kind == "SINGLE_SELECT" and given not in (field.get("SingleSelectOptions") or ()):
            raise invalid_parameter(f"{given!r} is not an option of field {name}")
    if missing:
        raise invalid_parameter(f"Required fields of the task template are missing: {', '.join(missing)}")
    filled = values.form
    flow = template.get("ContactFlowId")
    if flow is not None and form.flow is not None and form.flow != flow:
        raise invalid_request("The task template has a flow of its own")
    filled.flow = flow or form.flow
    return filled


class _Values:
    """The values of a form by field of a template."""

    def __init__(self, form: Form) -> None:
        self.form = msgspec.structs.replace(form, references=dict(form.references))

    def get(self, name: str, kind: str) -> str:
        form = self.form
        match kind:
            case "NAME":
                return form.name
            case "DESCRIPTION":
                return form.description or ""
            case "SCHEDULED_TIME":
                return str(form.scheduled_at or "")
            case "QUICK_CONNECT":
                return form.quick_connect or ""
            case _:
                reference = form.references.get(name)
                return reference.value if reference is not None else ""

    def put(self, name: str, kind: str, value: str) -> None:
        match kind:
            case "NAME":
                self.form.name = value
            case "DESCRIPTION":
                self.form.description = value
            case "QUICK_CONNECT":
                self.form.quick_connect = value
            case _ if kind in REFERENCE_TYPES:
                self.form.references[name] = Reference(REFERENCE_TYPES[kind], value)


def _names(constraints: dict[str, Any], group: str) -> set[str]:
    return {item["Id"]["Name"] for item in constraints.get(group) or []}
