"""Short ways to write branching flows, and to see what a task did in one."""

import json
import time
from typing import Any

from tests.channels.people import Centre, wait_for

Action = dict[str, Any]


def action(
    identifier: str,
    kind: str,
    parameters: dict[str, Any] | None = None,
    then: str | None = None,
    conditions: tuple[tuple[str, str, str], ...] = (),
    **errors: str,
) -> Action:
    """One action; conditions are (operator, operand, next action), errors are ErrorType=next action."""
    transitions: dict[str, Any] = {"NextAction": then} if then else {}
    if conditions:
        transitions["Conditions"] = [
            {"NextAction": after, "Condition": {"Operator": operator, "Operands": [operand]}}
            for operator, operand, after in conditions
        ]
    if errors:
        transitions["Errors"] = [{"NextAction": after, "ErrorType": error} for error, after in errors.items()]
    return {"Identifier": identifier, "Type": kind, "Parameters": parameters or {}, "Transitions": transitions}


def note(identifier: str, then: str = "end", **attributes: str) -> Action:
    """Set contact attributes; an error is noted under `failed`."""
    parameters = {"Attributes": attributes, "TargetContact": "Current"}
    return action(identifier, "UpdateContactAttributes", parameters, then, NoMatchingError="failed")


def hook(identifier: str, event: str, flow: str, then: str) -> Action:
    """Set a flow for an event of the contact."""
    return action(identifier, "UpdateContactEventHooks", {"EventHooks": {event: flow}}, then, NoMatchingError="failed")


def queue_in(identifier: str, queue: str) -> list[Action]:
    """Set working queue and transfer to it; at capacity is noted as `full`."""
    return [
        action(identifier, "UpdateContactTargetQueue", {"QueueId": queue}, "transfer", NoMatchingError="failed"),
        action("transfer", "TransferContactToQueue", QueueAtCapacity="full", NoMatchingError="failed"),
        note("full", full="yes"),
    ]


def document(*actions: Action) -> str:
    """A flow that begins with the first action; `failed` and `end` are there."""
    ending = [
        action("failed", "UpdateContactAttributes", {"Attributes": {"failed": "yes"}, "TargetContact": "Current"},
               "end", NoMatchingError="end"),
        action("end", "DisconnectParticipant"),
    ]  # fmt: skip
    return json.dumps(
        {
            "Version": "2019-10-30",
            "StartAction": actions[0]["Identifier"],
            "Metadata": {},
            "Actions": [*actions, *ending],
        }
    )


def publish(centre: Centre, *actions: Action) -> str:
    """A published inbound flow; its id."""
    made = centre.connect.create_contact_flow(
        InstanceId=centre.instance,
        Name=f"Behaviour {time.monotonic_ns()}",
        Type="CONTACT_FLOW",
        Content=document(*actions),
    )
    return str(made["ContactFlowId"])


def task(centre: Centre, flow: str, **members: Any) -> str:
    """StartTaskContact; the contact."""
    started = centre.connect.start_task_contact(
        InstanceId=centre.instance, ContactFlowId=flow, **{"Name": "Behaviour", **members}
    )
    return str(started["ContactId"])


def attributes(centre: Centre, contact: str) -> dict[str, str]:
    """GetContactAttributes."""
    found: dict[str, str] = centre.connect.get_contact_attributes(InstanceId=centre.instance, InitialContactId=contact)[
        "Attributes"
    ]
    return found


def outcome(centre: Centre, *actions: Action, **members: Any) -> dict[str, str]:
    """The attributes of a task that has gone through the flow to its end."""
    contact = task(centre, publish(centre, *actions), **members)
    wait_for(lambda: "DisconnectTimestamp" in centre.describe(contact))
    return attributes(centre, contact)
