"""The agent desktop: the operations behind the agents' page, for signed-in agents and for keys that act for one."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import access_denied, invalid_parameter, invalid_request
from switchroom.core import commands as c
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect import tasks
from switchroom.wire.services.connect.common import catalogue, own_instance

AGENT = "BasicAgentAccess"


def agent_of(call: Call, request: dict[str, Any]) -> tuple[str, str]:
    """(instance, user id) of the agent to act for: people act for themselves. Raises ServiceError."""
    instance, user = request.get("InstanceId"), request.get("UserId")
    if call.caller.kind == "person":
        if instance is not None:
            own_instance(call, parse_id(instance))
        if user is not None and parse_id(user) != call.caller.id:
            raise access_denied("You can act for yourself only")
        return str(call.caller.instance), call.caller.id
    if instance is None or user is None:
        raise invalid_parameter("With an access key, InstanceId and UserId are needed")
    instance = parse_id(instance)
    return instance, catalogue(call).get(instance, "user", parse_id(user)).id


async def desk_of(call: Call, instance: str, user: str) -> dict[str, Any]:
    """The `Snapshot` member of answers."""
    return {"Snapshot": await call.services.live.desks.snapshot(instance, user)}


async def act(call: Call, request: dict[str, Any], kind: Any, **members: Any) -> dict[str, Any]:
    """Decide a command about a contact on the agent's desk; the desk after it."""
    instance, user = agent_of(call, request)
    contact = parse_id(request["ContactId"])
    answer = await call.services.centres.submit(instance, kind(agent=user, contact=contact, **members))
    return {**await desk_of(call, instance, user), **_named(answer)}


def _named(answer: Any) -> dict[str, Any]:
    """The ids in the answer of a command."""
    names = {"contact": "ContactId", "leg": "LegId"}
    return {names[key]: value for key, value in answer.items() if key in names} if isinstance(answer, dict) else {}


@operation("switchroom", "GetAgentSnapshot", permission=AGENT)
async def get_agent_snapshot(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """DESK-11."""
    return await desk_of(call, *agent_of(call, request))


@operation("switchroom", "SetAgentStatus", permission=AGENT)
async def set_agent_status(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-64, ROUT-65. A program that acts for an agent needs no desktop (ROUT-111)."""
    instance, user = agent_of(call, request)
    status = catalogue(call).get(instance, "agent-status", parse_id(request["StatusId"])).id
    unattended = call.caller.kind != "person"
    await call.services.centres.submit(instance, c.SetStatus(agent=user, status=status, by=user, unattended=unattended))
    return await desk_of(call, instance, user)


@operation("switchroom", "AcceptContact", permission=AGENT)
async def accept_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Takes an offered contact."""
    return await act(call, request, c.AcceptContact)


@operation("switchroom", "RejectContact", permission=AGENT)
async def reject_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Declines an offered contact."""
    return await act(call, request, c.RejectContact)


@operation("switchroom", "EndContact", permission=AGENT)
async def end_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Ends the conversation: after contact work begins (BASE-78)."""
    return await act(call, request, c.EndContact)


@operation("switchroom", "ClearContact", permission=AGENT)
async def clear_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Frees the slot of a missed contact or of after contact work."""
    return await act(call, request, c.ClearContact)


@operation("switchroom", "TransferAgentContact", permission=AGENT)
async def transfer_agent_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-96: by quick connect."""
    instance, user = agent_of(call, request)
    quick_connect = parse_id(request["QuickConnectId"])
    require_reachable(call, instance, user, quick_connect)
    return await act(call, request, c.TransferAgentContact, quick_connect=quick_connect)


@operation("switchroom", "PauseAgentContact", permission=AGENT)
async def pause_agent_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-80: a task on the agent's own desk."""
    return await _own_task(call, request, c.PauseContact)


@operation("switchroom", "ResumeAgentContact", permission=AGENT)
async def resume_agent_contact(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """BASE-80."""
    return await _own_task(call, request, c.ResumeContact)


async def _own_task(call: Call, request: dict[str, Any], kind: Any) -> dict[str, Any]:
    instance, user = agent_of(call, request)
    contact = parse_id(request["ContactId"])
    await call.services.centres.submit(instance, kind(contact=contact, by=user, holder=user))
    return await desk_of(call, instance, user)


@operation("switchroom", "CreateAgentParticipantConnection", permission=AGENT)
async def create_agent_participant_connection(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The agent's participant token of a connected chat (CHAT-63)."""
    instance, user = agent_of(call, request)
    contact = parse_id(request["ContactId"])
    found = await call.services.centres.submit(instance, c.AgentParticipant(agent=user, contact=contact))
    assert call.services.tokens is not None
    token = call.services.tokens.mint(
        "participant", instance, found["session"], found["participant"], "AGENT", found["expires_at"]
    )
    return {"ParticipantId": found["participant"], "ParticipantToken": token, "DisplayName": found["name"]}


@operation("switchroom", "CreateAgentTask", permission=AGENT)
async def create_agent_task(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-83, ROUT-87, ROUT-89, ROUT-91: at any status; signed-in agents choose a template once one is published."""
    instance, user = agent_of(call, request)
    if call.services.live.desks.restricted(instance, user):
        raise access_denied("The security profile does not allow creating tasks")
    free = call.caller.kind == "person" and not request.get("TaskTemplateId")
    if free and published_templates(call, instance):
        raise invalid_request("Choose a task template: this instance has published ones")
    if request.get("TaskTemplateId") and request.get("ScheduledTime") is not None:
        template = catalogue(call).get(instance, "task-template", parse_id(request["TaskTemplateId"]))
        if all(field.get("Type") != "SCHEDULED_TIME" for field in template.body.get("Fields") or ()):
            raise invalid_request("The task template does not let agents schedule tasks")
    if request.get("QuickConnectId"):
        require_reachable(call, instance, user, parse_id(request["QuickConnectId"]))
    return await tasks.start(call, instance, request, by=user)


@operation("switchroom", "ListAgentQuickConnects", permission=AGENT)
async def list_agent_quick_connects(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-25, ROUT-84: those of the queues in the agent's routing profile, by name."""
    instance, user = agent_of(call, request)
    wanted = _reachable(call, instance, user)
    shown = [_quick_connect(d, user) for d in catalogue(call).all(instance, "quick-connect") if d.id in wanted]
    return {"QuickConnects": shown}


def _reachable(call: Call, instance: str, user: str) -> set[str]:
    """The quick connects on the queues of an agent's routing profile."""
    found = catalogue(call)
    profile = found.find(instance, "routing-profile", found.get(instance, "user", user).body["RoutingProfileId"])
    body = profile.body if profile is not None else {}
    queues = {entry["QueueId"]: None for entry in body.get("QueueConfigs") or ()}
    if body.get("DefaultOutboundQueueId"):
        queues[body["DefaultOutboundQueueId"]] = None
    wanted: set[str] = set()
    for identifier in queues:
        queue = found.find(instance, "queue", identifier)
        wanted.update((queue.body.get("QuickConnectIds") or ()) if queue is not None else ())
    return wanted


def require_reachable(call: Call, instance: str, user: str, quick_connect: str) -> None:
    """People send contacts only where their panel offers to (ROUT-84); an access key may name any quick connect."""
    catalogue(call).get(instance, "quick-connect", quick_connect)
    if call.caller.kind == "person" and quick_connect not in _reachable(call, instance, user):
        raise invalid_request("The quick connect is on none of the agent's queues")


def _quick_connect(document: Any, user: str) -> dict[str, Any]:
    config = document.body["QuickConnectConfig"]
    return {
        "QuickConnectId": document.id,
        "Name": document.name,
        "Description": document.body.get("Description"),
        "QuickConnectType": config["QuickConnectType"],
        "PhoneNumber": (config.get("PhoneConfig") or {}).get("PhoneNumber"),
        "Own": (config.get("UserConfig") or {}).get("UserId") == user,
    }


@operation("switchroom", "GetAgentTaskTemplates", permission=AGENT)
async def get_agent_task_templates(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """ROUT-86: published templates, by name; their descriptions are for administrators."""
    instance, _ = agent_of(call, request)
    return {"TaskTemplates": [_template(document) for document in published_templates(call, instance)]}


def published_templates(call: Call, instance: str) -> list[Any]:
    """Task templates that may be used, by name (ROUT-90)."""
    documents = catalogue(call).all(instance, "task-template")
    return [document for document in documents if document.body.get("Status") == "ACTIVE"]


def _template(document: Any) -> dict[str, Any]:
    body = document.body
    constraints = body.get("Constraints") or {}
    groups = {
        group: {item["Id"]["Name"] for item in constraints.get(group) or ()}
        for group in ("RequiredFields", "ReadOnlyFields", "InvisibleFields")
    }
    defaults = {
        item["Id"]["Name"]: item.get("DefaultValue")
        for item in (body.get("Defaults") or {}).get("DefaultFieldValues") or ()
    }
    fields = []
    for field in body.get("Fields") or ():
        name = field["Id"]["Name"]
        fields.append(
            {
                "Name": name,
                "Type": field.get("Type"),
                "Description": field.get("Description"),
                "Required": name in groups["RequiredFields"],
                "ReadOnly": name in groups["ReadOnlyFields"],
                "Hidden": name in groups["InvisibleFields"],
                "DefaultValue": defaults.get(name),
                "SingleSelectOptions": field.get("SingleSelectOptions"),
            }
        )
    return {
        "TaskTemplateId": document.id,
        "Name": document.name,
        "ContactFlowId": body.get("ContactFlowId"),
        "Fields": fields,
    }
