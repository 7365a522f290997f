"""Filling in a task template (ROUT-86, ROUT-88): what is given, what the template gives, what is missing."""

from typing import Any

import msgspec

from switchroom.base.arns import parse_id
from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core.contact import Reference
from switchroom.resources.kinds.task_template import value_problem

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
    """A task as it is asked for. `scheduled_at` in epoch milliseconds, `expires_in` in minutes; with `self_assign`
    the one who makes the task takes it."""

    name: str = ""
    description: str | None = None
    references: dict[str, Reference] = {}
    scheduled_at: int | None = None
    quick_connect: str | None = None
    flow: str | None = None
    expires_in: int | None = None
    self_assign: bool = False


def fill(template: dict[str, Any], form: Form) -> Form:
    """`form` with the template's defaults and its flow; `template` is its body.

    The flow is the template's own: SelfAssignFlowId where the task is self-assigned, none where a quick connect was
    chosen in the template's field for it. Raises InvalidRequestException for an inactive template or another flow,
    InvalidParameterException when required fields are missing (all are named), a value does not fit its field's type
    or a read-only field has another value than its default.
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
        if kind == "QUICK_CONNECT":
            default = parse_id(default)
        if name in fixed and given and given != default:
            raise invalid_parameter(f"Field {name} of the task template is read-only")
        if given:
            problem = value_problem(field, given)
            if problem is not None:
                raise invalid_parameter(f"Field {name} {problem}")
        if given or default:
            values.put(name, kind, given or default)
        elif name in required or kind == "NAME":
            missing.append(name)
    if missing:
        raise invalid_parameter(f"Required fields of the task template are missing: {', '.join(missing)}")
    values.arrange([field["Id"]["Name"] for field in template.get("Fields") or []])
    return _directed(template, values.form)


def _directed(template: dict[str, Any], form: Form) -> Form:
    """Where the task goes: the form's quick connect or flow, or the template's flow."""
    own = template.get("ContactFlowId")
    kinds = {field.get("Type") for field in template.get("Fields") or []}
    if own is not None and form.flow is not None and form.flow != own:
        raise invalid_request("The task template has a flow of its own")
    if own is not None and form.quick_connect is not None and "QUICK_CONNECT" not in kinds:
        raise invalid_request("The task template has a flow of its own and does not let the task be assigned")
    if form.self_assign:
        if "SELF_ASSIGN" not in kinds:
            raise invalid_request("The task template does not let tasks be self-assigned")
        form.quick_connect, form.flow = None, template.get("SelfAssignFlowId") or own or form.flow
    elif form.quick_connect is None:
        form.flow = own or form.flow
    return form


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
            case "EXPIRY_DURATION":
                return str(form.expires_in or "")
            case "SELF_ASSIGN":
                return "true" if form.self_assign else ""
            case _:
                reference = form.references.get(name)
                return reference.value if reference is not None else ""

    def put(self, name: str, kind: str, value: str) -> None:
        form = self.form
        match kind:
            case "NAME":
                form.name = value
            case "DESCRIPTION":
                form.description = value
            case "QUICK_CONNECT":
                form.quick_connect = value
            case "EXPIRY_DURATION":
                form.expires_in = int(value)
            case _ if kind in REFERENCE_TYPES:
                form.references[name] = Reference(REFERENCE_TYPES[kind], value)

    def arrange(self, names: list[str]) -> None:
        """References in the order of the template's fields, others behind them."""
        references = self.form.references
        self.form.references = {name: references[name] for name in (*names, *references) if name in references}


def _names(constraints: dict[str, Any], group: str) -> set[str]:
    return {item["Id"]["Name"] for item in constraints.get(group) or []}
