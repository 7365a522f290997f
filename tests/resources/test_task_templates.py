"""Task templates over boto3: what a template may hold, and how it is refused (ROUT-86..90)."""

from typing import Any

import pytest

from tests.resources.conftest import Centre

NAME = {"Id": {"Name": "What"}, "Type": "NAME"}


def one(kind: str, **more: Any) -> dict[str, Any]:
    """A field called One."""
    return {"Id": {"Name": "One"}, "Type": kind, **more}


def make(centre: Centre, fields: list[dict[str, Any]], **more: Any) -> str:
    request = {"Name": f"T{len(fields)}", "ContactFlowId": centre.flow("Sample queue customer"), **more}
    return str(centre.create_task_template(Fields=fields, **request)["Id"])


def refused(centre: Centre, fields: list[dict[str, Any]], **more: Any) -> tuple[str, str]:
    """(path, reason) of the property that keeps a template from being made."""
    with pytest.raises(centre.connect.exceptions.PropertyValidationException) as problem:
        make(centre, fields, **more)
    (found,) = problem.value.response["PropertyList"]
    assert found["Message"]
    return found["PropertyPath"], found["Reason"]


def default(value: str) -> dict[str, Any]:
    return {"DefaultFieldValues": [{"Id": {"Name": "One"}, "DefaultValue": value}]}


def test_every_type_of_field(centre: Centre) -> None:
    """ROUT-86: each with a default value of its kind, in order; an update of the content replaces all of it."""
    connect = centre.create_quick_connect(
        Name="Queue",
        QuickConnectConfig={
            "QuickConnectType": "QUEUE",
            "QueueConfig": {"QueueId": centre.queue(), "ContactFlowId": centre.flow("Default queue transfer")},
        },
    )["QuickConnectARN"]
    values = {
        "NAME": "Call",
        "DESCRIPTION": "Soon",
        "QUICK_CONNECT": connect,
        "URL": "https://example.com",
        "NUMBER": "1.5",
        "TEXT": "a",
        "TEXT_AREA": "b",
        "DATE_TIME": "2026-01-31T09:00:00Z",
        "BOOLEAN": "false",
        "SINGLE_SELECT": "red",
        "EMAIL": "a@example.com",
        "SELF_ASSIGN": "true",
        "EXPIRY_DURATION": "90",
        "SCHEDULED_TIME": "",
    }
    fields = [{"Id": {"Name": kind.title()}, "Type": kind} for kind in values]
    fields[9]["SingleSelectOptions"] = ["red", "blue"]
    defaults = [{"Id": {"Name": kind.title()}, "DefaultValue": value} for kind, value in values.items() if value]
    constraints = {"RequiredFields": [{"Id": {"Name": "Url"}}], "ReadOnlyFields": [{"Id": {"Name": "Text"}}]}
    template = make(centre, fields, Constraints=constraints, Defaults={"DefaultFieldValues": defaults})
    shown = centre.get_task_template(TaskTemplateId=template)
    assert (shown["Fields"], shown["Constraints"]) == (fields, constraints)
    assert shown["Defaults"]["DefaultFieldValues"] == defaults
    assert centre.update_task_template(TaskTemplateId=template, Status="INACTIVE")["Fields"] == fields
    updated = centre.update_task_template(TaskTemplateId=template, Fields=[NAME, one("QUICK_CONNECT")])
    assert updated["Status"] == "INACTIVE" and not {"Constraints", "Defaults", "ContactFlowId"} & updated.keys()


@pytest.mark.parametrize(
    ("kind", "value", "reason"),
    [
        ("NUMBER", "many", "TYPE_MISMATCH"),
        ("URL", "example.com", "TYPE_MISMATCH"),
        ("EMAIL", "ana", "TYPE_MISMATCH"),
        ("DATE_TIME", "tomorrow", "TYPE_MISMATCH"),
        ("BOOLEAN", "yes", "TYPE_MISMATCH"),
        ("EXPIRY_DURATION", "10081", "TYPE_MISMATCH"),
        ("TEXT", "x" * 513, "INVALID_FORMAT"),
        ("SINGLE_SELECT", "green", "INVALID_FORMAT"),
        ("QUICK_CONNECT", "nothing", "REFERENCED_RESOURCE_NOT_FOUND"),
        ("SCHEDULED_TIME", "1679609303", "NOT_SUPPORTED"),
    ],
)
def test_default_values_of_another_kind(centre: Centre, kind: str, value: str, reason: str) -> None:
    """ROUT-86: the property is named by its path."""
    more = {"SingleSelectOptions": ["red"]} if kind == "SINGLE_SELECT" else {}
    found = refused(centre, [NAME, one(kind, **more)], Defaults=default(value))
    assert found == ("Defaults.DefaultFieldValues[0].DefaultValue", reason)


def test_what_does_not_fit_together(centre: Centre) -> None:
    """ROUT-86, ROUT-88: a flow or a field to assign the task in, constraints that can be met, published flows."""
    missing = "REQUIRED_PROPERTY_MISSING"
    assert refused(centre, [NAME], ContactFlowId="") == ("ContactFlowId", missing)
    both = [NAME, one("QUICK_CONNECT"), {"Id": {"Name": "Me"}, "Type": "SELF_ASSIGN"}]
    assert refused(centre, both, ContactFlowId="") == ("SelfAssignFlowId", missing)
    hidden = {"InvisibleFields": [{"Id": {"Name": "What"}}]}
    assert refused(centre, [NAME], Constraints=hidden) == ("Constraints.InvisibleFields", "NOT_SUPPORTED")
    clash = {group: [{"Id": {"Name": "One"}}] for group in ("RequiredFields", "InvisibleFields")}
    assert refused(centre, [NAME, one("TEXT")], Constraints=clash) == ("Constraints", "NOT_SUPPORTED")
    unknown = {"ReadOnlyFields": [{"Id": {"Name": "Nothing"}}]}
    path = "Constraints.ReadOnlyFields[0].Id.Name"
    assert refused(centre, [NAME], Constraints=unknown) == (path, "REFERENCED_RESOURCE_NOT_FOUND")
    saved = centre.create_contact_flow(
        Name="Saved only", Type="CONTACT_FLOW", Status="SAVED", Content=_content(centre)
    )["ContactFlowId"]
    assert refused(centre, [NAME], ContactFlowId=saved) == ("ContactFlowId", "NOT_SUPPORTED")


def test_limits_of_templates(centre: Centre) -> None:
    """ROUT-86: 50 templates, and 50 fields of their own, an instance."""
    many = [{"Id": {"Name": f"F{number}"}, "Type": "TEXT"} for number in range(51)]
    request: dict[str, Any] = {"Name": "Wide", "ContactFlowId": centre.flow("Sample queue customer")}
    exceeded = "ServiceQuotaExceededException"
    centre.refused(exceeded, "create_task_template", Fields=[NAME, *many], **request)
    make(centre, [NAME, *many[:50]])
    centre.refused(exceeded, "create_task_template", Fields=[NAME, many[50]], **request)
    there = len(centre.list_task_templates(MaxResults=100)["TaskTemplates"])
    for number in range(there, 50):
        make(centre, [NAME], Name=f"Template {number}")
    centre.refused(exceeded, "create_task_template", Fields=[NAME], **request)


def _content(centre: Centre) -> str:
    flow = centre.describe_contact_flow(ContactFlowId=centre.flow("Sample queue customer"))["ContactFlow"]
    return str(flow["Content"])
