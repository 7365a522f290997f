"""Tags on anything that has an ARN (BASE-217, USER-55)."""

from collections.abc import Mapping
from typing import Any

from switchroom.base.errors import ServiceError, access_denied, invalid_parameter
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.search import matches
from switchroom.wire.access import require, visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, own_instance, page, repository

_TYPES = {
    "user": "user",
    "agent": "user",
    "routingprofile": "routing-profile",
    "routing-profile": "routing-profile",
    "securityprofile": "security-profile",
    "security-profile": "security-profile",
    "queue": "queue",
    "contactflow": "contact-flow",
    "contact-flow": "contact-flow",
    "flow": "contact-flow",
    "contactflowmodule": "contact-flow-module",
    "flow-module": "contact-flow-module",
    "hoursofoperation": "hours-of-operation",
    "operating-hours": "hours-of-operation",
    "prompt": "prompt",
    "quickconnect": "quick-connect",
    "transfer-destination": "quick-connect",
    "agentstatus": "agent-status",
    "agent-state": "agent-status",
    "hierarchygroup": "hierarchy-group",
    "agent-group": "hierarchy-group",
    "phonenumber": "phone-number",
    "phone-number": "phone-number",
    "tasktemplate": "task-template",
    "task-template": "task-template",
    "rule": "rule",
    "integrationassociation": "integration-association",
    "usecase": "use-case",
    "instance": "instance",
}
"""What callers name a type of resource, in small letters, to its kind."""
_UNTAGGABLE = frozenset(
    {"hierarchy-structure", "predefined-attribute", "hours-override", "storage-config", "approved-origin"}
    | {"lambda-function", "lex-bot", "lex-v2-bot", "security-key", "flow-association"}
    | {"contact-flow-version", "contact-flow-alias", "contact-flow-module-version", "contact-flow-module-alias"}
)
_EDIT: Mapping[str, str] = {
    "user": "Users",
    "routing-profile": "RoutingPolicies",
    "security-profile": "SecurityProfiles",
    "queue": "Queues",
    "contact-flow": "ContactFlows",
    "contact-flow-module": "ContactFlowModules",
    "hours-of-operation": "HoursOfOperation",
    "prompt": "Prompts",
    "quick-connect": "TransferDestinations",
    "agent-status": "AgentStates",
    "hierarchy-group": "AgentGrouping",
    "phone-number": "PhoneNumbers",
    "task-template": "TaskTemplates",
    "rule": "Rules",
}
_LONGEST_RESULT = 500


def _resource(call: Call, arn: str, action: str) -> Document:
    if not arn.startswith("arn:"):
        raise invalid_parameter("resourceArn must be an ARN")
    document = _by_arn(catalogue(call), arn)
    if document is None:
        raise ServiceError("ResourceNotFoundException", f"{arn} was not found", ResourceId=arn)
    own_instance(call, document.instance)
    if document.kind in _UNTAGGABLE:
        raise invalid_parameter(f"{arn} cannot have tags")
    resource = _EDIT.get(document.kind)
    if call.caller.kind == "person" and (resource is None or not call.caller.may(f"{resource}.{action}")):
        raise access_denied(f"This needs the permission {resource or document.kind}.{action}")
    require(call, document, f"{resource}.{action}")
    return document


def _by_arn(found: Catalogue, arn: str) -> Document | None:
    document = found.by_arn(arn)
    if document is None and "/phone-number/" in arn:
        head, _, identifier = arn.rpartition("/phone-number/")
        return found.find(head.rpartition("/")[2], "phone-number", identifier)
    return document


@operation("connect", "TagResource")
async def tag_resource(call: Call, request: dict[str, Any]) -> None:
    """Add tags; equal keys get the new value."""
    await repository(call).tag(_resource(call, request["resourceArn"], "Edit"), request["tags"], actor=actor(call))


@operation("connect", "UntagResource")
async def untag_resource(call: Call, request: dict[str, Any]) -> None:
    """Remove tags by key; keys that are not there do not matter."""
    await repository(call).untag(_resource(call, request["resourceArn"], "Edit"), request["tagKeys"], actor=actor(call))


@operation("connect", "ListTagsForResource")
def list_tags_for_resource(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The tags of one resource."""
    return {"tags": _resource(call, request["resourceArn"], "View").tags}


def _kinds(request: dict[str, Any]) -> set[str] | None:
    if not request.get("ResourceTypes"):
        return None
    kinds = set()
    for name in request["ResourceTypes"]:
        kind = _TYPES.get(name.casefold().replace("_", "").replace(" ", "")) or _TYPES.get(name.casefold())
        if kind is None:
            raise invalid_parameter(f"{name} is not a type of resource with tags")
        kinds.add(kind)
    return kinds


@operation("connect", "SearchResourceTags", permission=tuple(f"{name}.View" for name in _EDIT.values()))
def search_resource_tags(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The different tags in use in the instance, sorted."""
    instance, kinds = instance_of(call, request), _kinds(request)
    condition = (request.get("SearchCriteria") or {}).get("TagSearchCondition") or {}
    found = {
        (key, value)
        for document in catalogue(call).everything(instance)
        if (kinds is None or document.kind in kinds) and _seen(call, document)
        for key, value in document.tags.items()
        if _holds(condition, "tagKey", key) and _holds(condition, "tagValue", value)
    }
    if len(found) > _LONGEST_RESULT and not condition:
        raise ServiceError(
            "MaximumResultReturnedException", f"There are more than {_LONGEST_RESULT} tags; narrow the search"
        )
    items = [{"key": key, "value": value} for key, value in sorted(found)]
    return page(call, request, "Tags", items, key=lambda tag: (tag["key"], tag["value"]))


def _seen(call: Call, document: Document) -> bool:
    """People find the tags of what they may view."""
    if call.caller.kind != "person":
        return True
    resource = _EDIT.get(document.kind)
    if resource is None or not call.caller.may(f"{resource}.View"):
        return False
    return bool(visible(call, document.kind, [document], f"{resource}.View"))


def _holds(condition: dict[str, Any], member: str, text: str) -> bool:
    wanted = condition.get(member)
    return wanted is None or matches(text, wanted, condition.get(f"{member}ComparisonType") or "EXACT")
