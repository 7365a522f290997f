"""Security profiles (USER-36..55): named sets of permissions, optionally narrowed by tags or hierarchy."""

import re

from switchroom.base.errors import invalid_parameter
from switchroom.resources import permissions
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import MAX_TAG_PROFILES
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

MAX_ACCESS_TAGS = 4
RESTRICTABLE = frozenset({"User", "SecurityProfile", "RoutingProfile", "Queue"})
_NAME = re.compile(r"[ a-zA-Z0-9_@-]+")


def _check(view: View, document: Document, before: Document | None) -> None:
    body = document.body
    if before is None and not _NAME.fullmatch(document.name):
        raise invalid_parameter("A security profile name has letters, digits, blanks and _ - @ only")
    if before is None or before.body.get("Permissions") != body.get("Permissions"):
        kept = set(before.body.get("Permissions", []) if before else ())
        unknown = [name for name in body.get("Permissions", []) if name not in kept and not permissions.known(name)]
        if unknown:
            raise invalid_parameter(f"Permission {unknown[0]} does not exist")
    tags, resources = body.get("AllowedAccessControlTags") or {}, body.get("TagRestrictedResources") or []
    if len(tags) > MAX_ACCESS_TAGS:
        raise invalid_parameter(f"A security profile has at most {MAX_ACCESS_TAGS} access control tags")
    if bool(tags) != bool(resources):
        raise invalid_parameter(
            "To restrict access using tags, select at least one resource and add at least one access control tag."
        )
    for resource in resources:
        if resource not in RESTRICTABLE:
            raise invalid_parameter(f"Access to {resource} cannot be restricted by tags")
    for resource in body.get("HierarchyRestrictedResources") or []:
        if resource != "User":
            raise invalid_parameter("Only access to User can be restricted by hierarchy")
    if tags and before is not None and not before.body.get("AllowedAccessControlTags"):
        _check_holders(view, document)


def _check_holders(view: View, document: Document) -> None:
    """A profile that gets tags must not be the third one with tags of a user (USER-49)."""
    tagged = {
        profile.id
        for profile in view.all(document.instance, "security-profile")
        if profile.id != document.id and profile.body.get("AllowedAccessControlTags")
    }
    for user in view.all(document.instance, "user"):
        held = user.body["SecurityProfileIds"]
        if document.id in held and len(tagged.intersection(held)) >= MAX_TAG_PROFILES:
            raise invalid_parameter(
                f"User {user.name} has {MAX_TAG_PROFILES} security profiles with access control tags already"
            )


SECURITY_PROFILE = declare(
    Resource(
        kind="security-profile",
        label="Security profile",
        arn="security-profile/{id}",
        names=Names.FOLDED,
        references=(Reference("AllowedAccessControlHierarchyGroupId", "hierarchy-group", optional=True),),
        quota=Quota("SECURITY_PROFILES"),
        check=_check,
    )
)
