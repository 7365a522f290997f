"""Whether a known caller may do what it asks."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.resources.resource import declaration
from switchroom.wire.access import Access, check
from switchroom.wire.caller import Caller
from switchroom.wire.context import Services
from switchroom.wire.endpoint import Endpoint
from switchroom.wire.identifiers import named
from switchroom.wire.policies import Policy


class Authorizer:
    """Security profiles for people, policies for API keys, the own instance for people and participants."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def check(self, endpoint: Endpoint, caller: Caller, request: dict[str, Any]) -> None:
        """Raises AccessDeniedException unless `caller` may do this."""
        if caller.kind == "key":
            policy = self._services.keys.policy(caller.id) if self._services.keys else None
            if policy is not None:
                self._check_policy(policy, endpoint, caller, request)
        elif caller.kind == "person":
            self._check_person(endpoint, caller, request)

    def _check_person(self, endpoint: Endpoint, caller: Caller, request: dict[str, Any]) -> None:
        binding, held = endpoint.binding, caller.permissions
        assert binding is not None
        wanted = binding.permissions
        if (wanted and held.isdisjoint(wanted)) or not binding.also <= held or not binding.unless.isdisjoint(held):
            raise _denied(caller, endpoint.action)
        instance = self._instance(endpoint, request)
        if instance is not None and instance != caller.instance:
            raise _denied(caller, endpoint.action)
        if caller.access is not None and wanted:
            self._check_records(caller.access, wanted, endpoint, caller.instance or "", request)

    def _check_records(
        self, access: Access, wanted: frozenset[str], endpoint: Endpoint, instance: str, request: dict[str, Any]
    ) -> None:
        """Every record that the request names must be within reach; those that are not there are the handler's."""
        for kind, identifier in named(endpoint.places, request):
            document = self._services.catalogue.find(instance, kind, identifier)
            if document is not None:
                check(access, document, wanted)

    def _check_policy(self, policy: Policy, endpoint: Endpoint, caller: Caller, request: dict[str, Any]) -> None:
        instance = self._instance(endpoint, request)
        context: dict[str, tuple[str, ...]] = {"aws:principalarn": (caller.arn,), "aws:username": (caller.name,)}
        if instance is not None:
            context["connect:instanceid"] = (instance,)
        tags = request.get("Tags") or request.get("tags")
        if isinstance(tags, dict):
            context["aws:tagkeys"] = tuple(tags)
            context |= {f"aws:requesttag/{key.lower()}": (value,) for key, value in tags.items()}
        elif request.get("tagKeys"):
            context["aws:tagkeys"] = tuple(request["tagKeys"])
        resources = self._resources(endpoint, request, instance)
        for resource in resources:
            document = self._services.catalogue.by_arn(resource) if self._services.catalogue else None
            owned = self._owned(document) if document else {}
            if not policy.allows(endpoint.action, [resource], context | owned):
                raise _denied(caller, endpoint.action)

    def _owned(self, document: Document) -> dict[str, tuple[str, ...]]:
        """What a policy can ask of a record: its tags, and the hierarchy groups of a user by level (USER-59)."""
        owned: dict[str, tuple[str, ...]] = {
            f"aws:resourcetag/{key.lower()}": (value,) for key, value in document.tags.items()
        }
        group = document.body.get("HierarchyGroupId") if document.kind == "user" else None
        if group is not None:
            found = self._services.catalogue
            groups = hierarchy.path(found, found.get(document.instance, "hierarchy-group", group))
            for level, one in enumerate(groups, 1):
                owned[f"connect:hierarchygroupl{level}id/hierarchygroupid"] = (one.id,)
        return owned

    def _instance(self, endpoint: Endpoint, request: dict[str, Any]) -> str | None:
        if endpoint.instance_member is not None and request.get(endpoint.instance_member):
            return parse_id(request[endpoint.instance_member])
        if endpoint.arn_member is not None:
            _, found, rest = request.get(endpoint.arn_member, "").partition("instance/")
            return rest.split("/")[0] if found else None
        return None

    def _resources(self, endpoint: Endpoint, request: dict[str, Any], instance: str | None) -> list[str]:
        """ARNs the request touches: those of identifiers in it, however written, else the instance, else everything."""
        if endpoint.arn_member is not None and request.get(endpoint.arn_member):
            return [request[endpoint.arn_member]]
        if instance is None:
            return ["*"]
        site = self._services.site
        found = [
            site.resource(instance, kind, parse_id(value))
            for member, kind in _KINDS.items()
            for value in _listed(request.get(member))
        ]
        found += [declaration(kind).make_arn(site, instance, one) for kind, one in named(endpoint.places, request)]
        return list(dict.fromkeys(found)) or [site.instance(instance)]


_KINDS = {
    "QueueId": "queue",
    "UserId": "agent",
    "RoutingProfileId": "routing-profile",
    "SecurityProfileId": "security-profile",
    "SecurityProfileIds": "security-profile",
    "HierarchyGroupId": "agent-group",
    "HoursOfOperationId": "operating-hours",
    "ContactFlowId": "contact-flow",
    "ContactFlowModuleId": "flow-module",
    "PromptId": "prompt",
    "QuickConnectId": "transfer-destination",
    "AgentStatusId": "agent-state",
    "TaskTemplateId": "task-template",
    "ContactId": "contact",
    "InitialContactId": "contact",
}


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    return [item for item in value if isinstance(item, str)] if isinstance(value, list) else []


def _denied(caller: Caller, action: str) -> ServiceError:
    return ServiceError("AccessDeniedException", f"User: {caller.arn} is not authorized to perform: {action}")
