"""Agent statuses (ROUT-60..63). There is no operation to delete one."""

from typing import Any

from switchroom.resources.document import Document
from switchroom.resources.kinds.agent_status import next_order
from switchroom.resources.repository import Write
from switchroom.wire.services.connect.family import Family, Update, fields


def _new(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    if body.get("DisplayOrder") is None and body["State"] == "ENABLED":
        body = {**body, "DisplayOrder": next_order(write, instance)}
    return {**body, "Type": "CUSTOM"}


def _edit(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """ResetOrderNumber puts the status behind all others."""
    if request.get("ResetOrderNumber") or (body["State"] == "ENABLED" and body.get("DisplayOrder") is None):
        orders = [one.body.get("DisplayOrder") or 0 for one in write.all(instance, "agent-status")]
        last = max(orders, default=0)
        return {**body, "DisplayOrder": last + 1 if last < 50 else next_order(write, instance)}
    return body


def _selected(document: Document, request: dict[str, Any]) -> bool:
    return not request.get("AgentStatusTypes") or document.body["Type"] in request["AgentStatusTypes"]


AGENT_STATUSES = Family(
    kind="agent-status",
    noun="AgentStatus",
    plural="AgentStatuses",
    permission="AgentStates",
    identity="AgentStatusId",
    arn="AgentStatusARN",
    members=("Description", "State", "DisplayOrder"),
    prepare=_new,
    summary=lambda document: {"Type": document.body["Type"]},
    select=_selected,
    selectors=("AgentStatusTypes",),
    search_fields=fields(state="State", type="Type", displayorder="DisplayOrder"),
    implied=("AccessMetrics.RealTimeMetrics.Access", "BasicAgentAccess"),
    updates={"UpdateAgentStatus": Update(("Name", "Description", "State", "DisplayOrder"), prepare=_edit)},
    without=frozenset({"DeleteAgentStatus"}),
).register()
