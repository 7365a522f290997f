"""Flows and flow modules with their published versions and aliases (FLOW-34, 43..46, 55)."""

from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, declare

FLOW = declare(
    Resource(
        kind="contact-flow",
        label="Flow",
        arn="contact-flow/{id}",
        names=Names.EXACT,
        quota=Quota("FLOWS"),
        in_use="InvalidRequestException",
    )
)
"""Body: `Type`, `Description`, `State` ACTIVE/ARCHIVED, `Status` PUBLISHED/SAVED, `Content` (what runs; None before
the first publication), `SavedContent` (a draft newer than that, or None), `Version` (of `Content`, 0 before the first
publication), `IsDefault`."""

MODULE = declare(
    Resource(
        kind="contact-flow-module",
        label="Flow module",
        arn="flow-module/{id}",
        names=Names.EXACT,
        quota=Quota("FLOW_MODULES"),
        in_use="InvalidRequestException",
    )
)
"""Body as of a flow, without `Type` and `IsDefault`, with `Settings` and `ExternalInvocationConfiguration`."""

FLOW_VERSION = declare(
    Resource(
        kind="contact-flow-version",
        label="Flow version",
        arn="contact-flow-version/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["FlowId"]),
        references=(Reference("FlowId", "contact-flow"),),
    )
)
"""Named by its number. Body: `FlowId`, `Version`, `Content`, `Description`. Never changes."""

MODULE_VERSION = declare(
    Resource(
        kind="contact-flow-module-version",
        label="Flow module version",
        arn="flow-module-version/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["FlowId"]),
        references=(Reference("FlowId", "contact-flow-module"),),
    )
)

FLOW_ALIAS = declare(
    Resource(
        kind="contact-flow-alias",
        label="Flow alias",
        arn="contact-flow-alias/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["FlowId"]),
        references=(Reference("FlowId", "contact-flow"),),
    )
)
"""Body: `FlowId`, `Version`, `Description`."""

MODULE_ALIAS = declare(
    Resource(
        kind="contact-flow-module-alias",
        label="Flow module alias",
        arn="flow-module-alias/{id}",
        names=Names.EXACT,
        scope=lambda body: str(body["FlowId"]),
        references=(Reference("FlowId", "contact-flow-module"),),
    )
)


def is_published(document: Document) -> bool:
    """True if the flow or module has content that runs."""
    return document.body.get("Content") is not None
