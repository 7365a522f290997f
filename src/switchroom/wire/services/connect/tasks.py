"""StartTaskContact, pause, resume and reschedule (foundations.md B6 and B7, routing.md section 12)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import from_seconds
from switchroom.base.errors import invalid_parameter, invalid_request
from switchroom.core.commands import LinkedContact, PauseContact, RescheduleContact, ResumeContact, StartTask
from switchroom.core.task_templates import Form, fill
from switchroom.live.desk import RESTRICT_TASK_CREATION
from switchroom.resources.kinds.task_template import LONGEST
from switchroom.views.facts import facts_of
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.contact_access import reached
from switchroom.wire.services.connect.contact_common import (
    flow,
    record,
    references,
    segment_attributes,
    submit,
    submit_unfinished,
)

MOST_NAME = LONGEST["NAME"]
EXPIRY = "connect:ContactExpiry"


@operation("connect", "StartTaskContact", permission="BasicAgentAccess", unless=RESTRICT_TASK_CREATION)
async def start_task_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-99: by flow, quick connect or template."""
    instance = instance_of(call, request)
    if request.get("Attachments"):
        raise invalid_request("Attachments of tasks are not available")
    return await start(call, instance, request, by=call.caller.id)


async def start(call: Call, instance: str, request: dict[str, Any], by: str) -> dict[str, Any]:
    """Start the task that a request with the members of StartTaskContact describes.

    `SelfAssign` and `ExpiryDurationInMinutes` are members of the agents' own operation (ROUT-85).
    """
    form = _filled(call, instance, request, _form(request))
    _check(form, request)
    previous, related = request.get("PreviousContactId"), request.get("RelatedContactId")
    if previous and related:
        raise invalid_request("PreviousContactId and RelatedContactId cannot both be given")
    command = StartTask(
        name=form.name,
        flow=flow(call, instance, form.flow) if form.flow else None,
        quick_connect=form.quick_connect if not form.flow else None,
        description=form.description,
        attributes=request.get("Attributes") or {},
        references=form.references,
        scheduled_at=form.scheduled_at,
        previous=parse_id(previous) if previous else None,
        related=parse_id(related) if related else None,
        linked=await _linked(call, instance, previous or related),
        template=parse_id(request["TaskTemplateId"]) if request.get("TaskTemplateId") else None,
        segment_attributes=segment_attributes(_without_expiry(request)),
        by=by,
        token=request.get("ClientToken") or None,
        assignee=by if form.self_assign else None,
        expires_in=form.expires_in,
    )
    return {"ContactId": (await submit(call, instance, command))["contact"]}


def _check(form: Form, request: dict[str, Any]) -> None:
    targets = [form.flow, form.quick_connect]
    if targets.count(None) == 2:
        raise invalid_request("One of ContactFlowId, QuickConnectId and TaskTemplateId must be given")
    if targets.count(None) == 0 and request.get("TaskTemplateId") is None:
        raise invalid_request("ContactFlowId and QuickConnectId cannot both be given")
    if not form.name:
        raise invalid_parameter("Name must not be empty")
    if len(form.name) > MOST_NAME:
        raise invalid_parameter(f"Name may have at most {MOST_NAME} characters")


def _form(request: dict[str, Any]) -> Form:
    scheduled = request.get("ScheduledTime")
    quick_connect = request.get("QuickConnectId")
    return Form(
        name=request.get("Name") or "",
        description=request.get("Description"),
        references=references(request),
        scheduled_at=from_seconds(scheduled) if scheduled is not None else None,
        quick_connect=parse_id(quick_connect) if quick_connect else None,
        flow=parse_id(request["ContactFlowId"]) if request.get("ContactFlowId") else None,
        expires_in=_expires_in(request),
        self_assign=bool(request.get("SelfAssign")),
    )


def _expires_in(request: dict[str, Any]) -> int | None:
    """Minutes of life, from the segment attribute that the public API has for it."""
    attribute = (request.get("SegmentAttributes") or {}).get(EXPIRY)
    if attribute is None:
        minutes: int | None = request.get("ExpiryDurationInMinutes")
        return minutes
    found = ((attribute.get("ValueMap") or {}).get("ExpiryDuration") or {}).get("ValueInteger")
    if not isinstance(found, int):
        raise invalid_parameter(f"{EXPIRY} needs ValueMap with ExpiryDuration as ValueInteger")
    return found


def _without_expiry(request: dict[str, Any]) -> dict[str, Any]:
    given = request.get("SegmentAttributes") or {}
    return {"SegmentAttributes": {name: value for name, value in given.items() if name != EXPIRY}}


def _filled(call: Call, instance: str, request: dict[str, Any], form: Form) -> Form:
    if form.self_assign and not request.get("TaskTemplateId"):
        raise invalid_request("Only a task from a template can be self-assigned")
    if not request.get("TaskTemplateId"):
        return form
    template = catalogue(call).get(instance, "task-template", parse_id(request["TaskTemplateId"]))
    return fill(template.body, form)


async def _linked(call: Call, instance: str, identifier: str | None) -> LinkedContact | None:
    if not identifier:
        return None
    row = await record(call, instance, identifier)
    return LinkedContact(
        initial_id=row.initial_id,
        attributes=row.attributes,
        tags={key: value for key, value in row.tags.items() if not key.startswith("aws:")},
        links=facts_of(call.services.site, row).contact.links,
    )


@operation("connect", "PauseContact", permission="BasicAgentAccess")
async def pause_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-84."""
    instance, contact = await reached(call, request)
    event_flow = _event_flow(call, instance, request)
    await submit_unfinished(call, instance, contact, PauseContact(contact=contact, flow=event_flow, by=call.caller.id))
    return {}


@operation("connect", "ResumeContact", permission="BasicAgentAccess")
async def resume_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-84."""
    instance, contact = await reached(call, request)
    event_flow = _event_flow(call, instance, request)
    await submit_unfinished(call, instance, contact, ResumeContact(contact=contact, flow=event_flow, by=call.caller.id))
    return {}


def _event_flow(call: Call, instance: str, request: dict[str, Any]) -> str | None:
    given = request.get("ContactFlowId")
    return flow(call, instance, given) if given else None


@operation("connect", "UpdateContactSchedule", permission="UpdateContactSchedule.Enabled")
async def update_contact_schedule(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-93."""
    instance, contact = await reached(call, request)
    moment = from_seconds(request["ScheduledTime"])
    await submit_unfinished(call, instance, contact, RescheduleContact(contact=contact, scheduled_at=moment))
    return {}
