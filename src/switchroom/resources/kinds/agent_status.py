"""Agent statuses (ROUT-60..63): two that every instance has, and custom ones that never route."""

from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Resource, View, declare


def _check(view: View, document: Document, before: Document | None) -> None:
    if document.body["Type"] != "CUSTOM" and document.body["State"] != "ENABLED":
        raise invalid_request(f"Agent status {document.name} is always enabled")
    order = document.body.get("DisplayOrder")
    if order is None or document.body["State"] != "ENABLED":
        return
    for other in view.all(document.instance, "agent-status"):
        if other.id != document.id and other.body["State"] == "ENABLED" and other.body.get("DisplayOrder") == order:
            raise invalid_parameter(f"Agent status {other.name} already has display order {order}")


def next_order(view: View, instance: str) -> int:
    """The first display order nobody has; raises LimitExceededException when all 50 are taken."""
    taken = {
        status.body.get("DisplayOrder")
        for status in view.all(instance, "agent-status")
        if status.body["State"] == "ENABLED"
    }
    free = next((order for order in range(1, 51) if order not in taken), None)
    if free is None:
        raise ServiceError("LimitExceededException", "All 50 display orders are taken")
    return free


AGENT_STATUS = declare(
    Resource(
        kind="agent-status",
        label="Agent status",
        arn="agent-state/{id}",
        names=Names.FOLDED,
        quota=Quota("AGENT_STATUSES"),
        check=_check,
    )
)
