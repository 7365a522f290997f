"""Security profiles (USER-36..47)."""

from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.resources import permissions
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Write
from switchroom.resources.search import Field
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, page, repository, target
from switchroom.wire.services.connect.family import Family, Update, fields

_MEMBERS = (
    "Description",
    "Permissions",
    "AllowedAccessControlTags",
    "TagRestrictedResources",
    "Applications",
    "HierarchyRestrictedResources",
    "AllowedAccessControlHierarchyGroupId",
    "AllowedFlowModules",
    "AllowedAIAgents",
    "GranularAccessControlConfiguration",
)


def _closed(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    """Permissions bring along what they need (USER-42); names nobody knows are refused by the kind's check, unless the
    profile has them already."""
    if request.get("Permissions") is None:
        return body
    return {**body, "Permissions": permissions.closed(request["Permissions"])}


def _owner(found: Catalogue, document: Document) -> dict[str, Any]:
    return {"OrganizationResourceId": document.instance, "Type": "CUSTOMER_MANAGED"}


_SEARCH: dict[str, Field] = {**fields(), "securityprofilename": lambda document: (document.name,)}

SECURITY_PROFILES = Family(
    kind="security-profile",
    noun="SecurityProfile",
    plural="SecurityProfiles",
    permission="SecurityProfiles",
    identity="SecurityProfileId",
    arn="SecurityProfileArn",
    name="SecurityProfileName",
    shape_id="Id",
    shape_arn="Arn",
    members=_MEMBERS,
    defaults={"Permissions": []},
    prepare=_closed,
    summary=lambda document: {"Type": "CUSTOMER_MANAGED"},
    search_fields=_SEARCH,
    details=_owner,
    implied=("Users.View", "Users.Edit"),
    updates={"UpdateSecurityProfile": Update(_MEMBERS, prepare=_closed)},
).register()


def _listed(call: Call, request: dict[str, Any], member: str) -> dict[str, Any]:
    profile = target(call, request, "security-profile", "SecurityProfileId")
    items = profile.body.get(member) or []
    return {**page(call, request, member, items, default=1000), **modified(profile)}


@operation("connect", "ListSecurityProfilePermissions", permission="SecurityProfiles.View")
def list_security_profile_permissions(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """USER-45."""
    return _listed(call, request, "Permissions")


@operation("connect", "ListSecurityProfileApplications", permission="SecurityProfiles.View")
def list_security_profile_applications(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Third-party applications holders may use."""
    return _listed(call, request, "Applications")


@operation("connect", "ListSecurityProfileFlowModules", permission="SecurityProfiles.View")
def list_security_profile_flow_modules(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Flow modules holders may invoke."""
    return _listed(call, request, "AllowedFlowModules")


@operation("connect", "ListSecurityProfileAIAgents", permission="SecurityProfiles.View")
def list_security_profile_ai_agents(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """Assistants holders may use."""
    return _listed(call, request, "AllowedAIAgents")


# profiles of an entity


def _user(call: Call, request: dict[str, Any]) -> Document:
    instance = instance_of(call, request)
    if request["EntityType"] != "USER":
        raise invalid_parameter("Security profiles can be associated with users only")
    return catalogue(call).get(instance, "user", parse_id(request["EntityArn"]))


async def _set_profiles(call: Call, request: dict[str, Any], remove: bool) -> None:
    known = _user(call, request)
    given = [parse_id(profile["Id"]) for profile in request["SecurityProfiles"] if profile.get("Id")]
    async with repository(call).write(known.instance, actor(call), call.now) as write:
        user = await repository(call).newest(write, known.instance, "user", known.id)
        held: list[str] = user.body["SecurityProfileIds"]
        if remove:
            missing = set(given) - set(held)
            if missing:
                raise ServiceError("ResourceNotFoundException", f"The user has no security profile {min(missing)}")
            wanted = [profile for profile in held if profile not in given]
        else:
            wanted = list(dict.fromkeys([*held, *given]))
        await write.update(user, body={**user.body, "SecurityProfileIds": wanted})


@operation("connect", "AssociateSecurityProfiles", permission="Users.EditPermission", also="Users.Edit")
async def associate_security_profiles(call: Call, request: dict[str, Any]) -> None:
    """Give a user more profiles."""
    await _set_profiles(call, request, remove=False)


@operation("connect", "DisassociateSecurityProfiles", permission="Users.EditPermission", also="Users.Edit")
async def disassociate_security_profiles(call: Call, request: dict[str, Any]) -> None:
    """Take profiles from a user, who keeps at least one."""
    await _set_profiles(call, request, remove=True)


@operation("connect", "ListEntitySecurityProfiles", permission="Users.View")
def list_entity_security_profiles(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The profiles of a user."""
    user = _user(call, request)
    items = [{"Id": identifier} for identifier in user.body["SecurityProfileIds"]]
    return page(call, request, "SecurityProfiles", items)
