"""The catalogue of permissions, and what a user may do by all security profiles together (USER-45, 49, 63, 64)."""

from collections.abc import Iterable, Iterator
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.resources import permissions
from switchroom.resources.access import RESTRICTABLE, Access, Grant, Limit
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.wire.access import visible
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, repository, target

APPLICATIONS = "Agent applications"
REVIEWED = "ReviewedPermissions"


@operation("switchroom", "ListPermissionCatalogue")
def list_permission_catalogue(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Every permission, in the groups of the editor of security profiles."""
    found, instance = catalogue(call), _instance(call, request)
    document = found.find(instance, "instance", instance) if instance else None
    new = permissions.added(document.body.get(REVIEWED) if document else None)
    profiles: list[Document] = []
    if instance and new and call.caller.may("SecurityProfiles.View"):
        known = found.all(instance, "security-profile")
        profiles = visible(call, "security-profile", known, "SecurityProfiles.View")
    groups = dict(permissions.catalogue())
    if instance:
        groups[APPLICATIONS] = (*groups[APPLICATIONS], *applications(found, instance))
    return {"Groups": [_group(name, list(names), new, profiles) for name, names in groups.items()]}


@operation("switchroom", "ReviewPermissions", permission="SecurityProfiles.Edit")
async def review_permissions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """USER-64: what a release added is no longer new to this instance."""
    instance = instance_of(call, request)
    known = sorted(permissions.names())
    await repository(call).update(
        instance, "instance", instance, lambda document: {**document.body, REVIEWED: known}, actor=actor(call)
    )
    return {}


@operation("switchroom", "GetEffectiveAccess", permission="Users.View")
def get_effective_access(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """What limits a user's profiles set, and which of them another profile makes void."""
    user = target(call, request, "user", "UserId")
    found = catalogue(call)
    access = Access(found, user)
    limits = [(name, grant) for name, kind in RESTRICTABLE.items() for grant in access.grants if kind in grant.limits]
    lifts = {(name, grant.profile.id): access.lifted_by(grant, RESTRICTABLE[name]) for name, grant in limits}
    return {
        "Permissions": permissions.closed(_held(access)),
        "Restrictions": [
            _restriction(found, name, grant) for name, grant in limits if lifts[name, grant.profile.id] is None
        ],
        "Unrestricted": [name for name, kind in RESTRICTABLE.items() if not access.restricted(kind)],
        "Lifted": [
            {"ResourceType": name, "Profile": grant.profile.name, "By": other.profile.name}
            for name, grant in limits
            if (other := lifts[name, grant.profile.id]) is not None
        ],
    }


def applications(found: Catalogue, instance: str) -> list[str]:
    """The access permissions of the applications that the instance knows (USER-47)."""
    known = (
        one for one in found.all(instance, "integration-association") if one.body["IntegrationType"] == "APPLICATION"
    )
    return sorted(
        {f"{one.body.get('SourceApplicationName') or parse_id(one.body['IntegrationArn'])}.Access" for one in known}
    )


def _instance(call: Call, request: dict[str, Any]) -> str | None:
    return instance_of(call, request) if request.get("InstanceId") else call.caller.instance


def _group(name: str, names: list[str], new: frozenset[str], profiles: list[Document]) -> dict[str, Any]:
    return {
        "Key": name.split(" (")[0].lower().replace(" ", "-"),
        "Name": name,
        "Permissions": names,
        "Details": [_detail(one, one in new, profiles) for one in names],
    }


def _detail(name: str, new: bool, profiles: list[Document]) -> dict[str, Any]:
    return {
        "Permission": name,
        "Brings": permissions.brings(name),
        "Suggests": list(permissions.SUGGESTS.get(name, ())),
        "Risky": name in permissions.RISKY,
        "Restricts": name in permissions.RESTRICTIONS,
        "New": new,
        "Lacking": [one.name for one in profiles if name not in one.body["Permissions"]] if new else [],
    }


def _held(access: Access) -> Iterator[str]:
    return (name for grant in access.grants for name in grant.permissions)


def _restriction(found: Catalogue, name: str, grant: Grant) -> dict[str, Any]:
    limit: Limit = grant.limits[RESTRICTABLE[name]]
    group = found.find(grant.profile.instance, "hierarchy-group", limit.group) if limit.group else None
    return {
        "ResourceType": name,
        "Tags": _tags(limit.tags),
        "HierarchyGroupId": limit.group,
        "HierarchyGroupName": group.name if group else None,
        "WithoutGroup": limit.by_hierarchy and limit.group is None,
        "Profile": grant.profile.name,
        "ProfileId": grant.profile.id,
    }


def _tags(tags: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags]
