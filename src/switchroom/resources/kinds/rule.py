"""Rules (ROUT-106, ROUT-107): an event source, a function over its facts, and actions."""

import re

from switchroom.base.errors import invalid_request
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, OnDelete, Reference, Resource, View, declare

NAMED_WRONGLY = "Name can contain characters A-Z, 0-9, or '.', '-', '_'. It cannot contain spaces."
_NAME = re.compile(r"[0-9a-zA-Z._-]{1,200}").fullmatch


def is_name(text: str) -> bool:
    """Whether a rule, a category or an event may be named so."""
    return _NAME(text) is not None


def event_source(rule: Document) -> str:
    """What triggers a rule."""
    name: str = rule.body["TriggerEventSource"]["EventSourceName"]
    return name


def _check(view: View, document: Document, before: Document | None) -> None:
    if not is_name(document.name):
        raise invalid_request(NAMED_WRONGLY)
    if before is None:
        source = event_source(document)
        others = [one for one in view.all(document.instance, "rule") if event_source(one) == source]
        known = sum(1 for one in others if one.id != document.id)
        label = f"rules of {source}"
        quotas.require_room(view, document.instance, "RULES", known, "ServiceQuotaExceededException", label)


RULE = declare(
    Resource(
        kind="rule",
        label="Rule",
        arn="rule/{id}",
        names=Names.EXACT,
        duplicate="ResourceConflictException",
        references=(
            Reference(
                "TriggerEventSource.IntegrationAssociationId", "integration-association", OnDelete.ORPHAN, optional=True
            ),
            Reference("Actions[].TaskAction.ContactFlowId", "contact-flow"),
        ),
        check=_check,
    )
)
"""Rules of a connection that was removed stay, and do nothing."""
