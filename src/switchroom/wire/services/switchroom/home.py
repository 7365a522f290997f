"""The home page, and the checker behind the flow editor."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import DAY
from switchroom.base.errors import invalid_parameter
from switchroom.resources.catalogue import Catalogue
from switchroom.storage import contacts
from switchroom.views.realtime import Board
from switchroom.wire.access import restricted, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import catalogue, instance_of
from switchroom.wire.services.connect.current_metrics import WATCHING
from switchroom.wire.services.connect.flow_check import problems_of

COUNTED = {
    "user": "Users.View",
    "queue": "Queues.View",
    "routing-profile": "RoutingPolicies.View",
    "contact-flow": "ContactFlows.View",
    "hours-of-operation": "HoursOfOperation.View",
    "phone-number": "PhoneNumbers.View",
    "quick-connect": "TransferDestinations.View",
    "security-profile": "SecurityProfiles.View",
    "agent-status": "AgentStates.View",
    "task-template": "TaskTemplates.View",
}
"""What is counted, and the permission that shows it."""


@operation("switchroom", "DescribeHome")
async def describe_home(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """How much of what there is, the steps of setting up, and the moment in numbers for those who may see metrics."""
    instance = instance_of(call, request)
    found = catalogue(call)
    shown = [kind for kind, permission in COUNTED.items() if call.caller.may(permission)]
    counts = [{"ResourceType": kind, "Count": _count(call, instance, kind)} for kind in shown]
    tried = await contacts.any_of(call.services.database, instance)
    answer: dict[str, Any] = {"Counts": counts, "Checklist": _checklist(found, instance, tried)}
    if call.caller.may(*WATCHING) and not any(restricted(call, kind, WATCHING) for kind in ("queue", "user")):
        answer["Live"] = await _live(call, instance)
    return answer


def _count(call: Call, instance: str, kind: str) -> int:
    """Documents of a kind that the caller sees; the personal queues of agents are not queues to people."""
    every = visible(call, kind, catalogue(call).all(instance, kind), COUNTED[kind])
    return sum(d.body.get("QueueType") != "AGENT" for d in every) if kind == "queue" else len(every)


def _checklist(found: Catalogue, instance: str, tried: bool) -> list[dict[str, Any]]:
    """A step is done when there is more than a new instance begins with."""
    flows = found.all(instance, "contact-flow")
    steps = {
        "CLAIM_NUMBER": bool(found.all(instance, "phone-number")),
        "HOURS": bool(found.all(instance, "hours-of-operation")),
        "QUEUE": any(queue.body.get("QueueType") != "AGENT" for queue in found.all(instance, "queue")),
        "FLOW": any(flow.body.get("Type") == "CONTACT_FLOW" and flow.body.get("Content") for flow in flows),
        "ROUTING_PROFILE": bool(found.all(instance, "routing-profile")),
        "USERS": len(found.all(instance, "user")) > 1,
        "TEST_CHAT": tried,
    }
    return [{"Key": key, "Done": done} for key, done in steps.items()]


async def _live(call: Call, instance: str) -> dict[str, Any]:
    board: Board = await call.services.views.realtime.board(instance)
    moment = board.moment
    oldest = [queue.oldest for queue in moment.queues if queue.oldest is not None]
    today = call.now - call.now % DAY
    return {
        "ContactsInQueue": sum(queue.size for queue in moment.queues),
        "OldestContactAge": (moment.at - min(oldest)) // 1000 if oldest else 0,
        "ContactsActive": sum(
            slot.state in ("CONNECTED", "CONNECTED_ONHOLD") for agent in moment.agents for slot in agent.slots
        ),
        "AgentsOnline": sum(agent.status_type != "OFFLINE" for agent in moment.agents),
        "AgentsAvailable": sum(bool(agent.open) for agent in moment.agents),
        "ContactsToday": await contacts.count_since(call.services.database, instance, today),
    }


@operation("switchroom", "CheckFlow", permission=("ContactFlows.View", "ContactFlowModules.View"))
def check_flow(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """FLOW-35: problems of a flow that is not saved yet, against the resources of its instance."""
    reference = request.get("InstanceId") or call.caller.instance
    if reference is None:
        raise invalid_parameter("InstanceId is needed")
    instance = instance_of(call, {"InstanceId": parse_id(reference)})
    type_, language = request.get("Type") or "CONTACT_FLOW", request.get("Language") or "en"
    problems = problems_of(catalogue(call), instance, request["Content"], type_, language)
    return {
        "Problems": [
            {
                "Severity": problem.severity.upper(),
                "Code": problem.code,
                "Message": problem.message,
                "Path": problem.path or None,
                "ActionId": problem.action or None,
            }
            for problem in problems
        ]
    }
