"""Queues (ROUT-20..31): standard ones, and the personal one of each user, whose id is the user's."""

from typing import Any

from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.kinds.flow import is_published
from switchroom.resources.resource import Names, OnDelete, Quota, Reference, Resource, View, declare

AGENT_QUEUE_LIMIT = 10
"""Contacts an agent queue holds."""


def is_agent_queue(document: Document) -> bool:
    """True for the personal queue of a user."""
    return document.body.get("QueueType") == "AGENT"


def require_standard(document: Document) -> Document:
    """Refuse a personal queue, which follows its user and cannot be changed."""
    if is_agent_queue(document):
        raise invalid_request("The personal queue of a user cannot be changed")
    return document


def _check(view: View, document: Document, before: Document | None) -> None:
    limit = document.body.get("MaxContacts")
    if limit is not None and (before is None or before.body.get("MaxContacts") != limit):
        most = quotas.queued_contacts(view, document.instance) - 1
        if limit > most:
            raise invalid_parameter(
                "You cannot have more contacts in the queue than your total queued contacts per instance quota, "
                f"which is currently {most}."
            )
    whisper = (document.body.get("OutboundCallerConfig") or {}).get("OutboundFlowId")
    flow = view.find(document.instance, "contact-flow", whisper) if whisper else None
    if flow and flow.body["Type"] != "OUTBOUND_WHISPER":
        raise invalid_parameter("OutboundFlowId must name a flow of type OUTBOUND_WHISPER")
    if flow and not is_published(flow):
        raise invalid_parameter(f"OutboundFlowId must name a published flow; {flow.name} has never been published")
    connects = document.body.get("QuickConnectIds") or []
    allowed = quotas.applied(view, document.instance, "QUICK_CONNECTS_PER_QUEUE")
    if len(connects) > allowed:
        raise ServiceError("LimitExceededException", f"A queue can have at most {allowed} quick connects")


def _scope(body: dict[str, Any]) -> str:
    return str(body.get("QueueType", "STANDARD"))


QUEUE = declare(
    Resource(
        kind="queue",
        label="Queue",
        arn="queue/{id}",
        names=Names.EXACT,
        scope=_scope,
        references=(
            Reference("HoursOfOperationId", "hours-of-operation"),
            Reference("OutboundCallerConfig.OutboundCallerIdNumberId", "phone-number", OnDelete.DETACH, optional=True),
            Reference("OutboundCallerConfig.OutboundFlowId", "contact-flow", optional=True),
            Reference("QuickConnectIds[]", "quick-connect", OnDelete.DETACH),
            Reference("UserId", "user", OnDelete.ORPHAN),
        ),
        quota=Quota("QUEUES"),
        counted=lambda document: not is_agent_queue(document),
        check=_check,
    )
)
