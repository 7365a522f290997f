"""Which records a person reaches: access control by tags and by hierarchy (users-security.md, sections 5 to 7).

Each security profile of a user gives its permissions on all records, or on those that its limits leave. A record is
reached when one profile with the permission reaches it: AND inside a profile, OR between profiles, and a profile
without limits lifts those of all others that give the same permission.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Protocol

from switchroom.base.errors import access_denied, not_found
from switchroom.resources import permissions
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.resources.kinds.queue import is_agent_queue
from switchroom.resources.repository import Repository
from switchroom.resources.resource import View, declaration

RESTRICTABLE: Mapping[str, str] = {
    "User": "user",
    "SecurityProfile": "security-profile",
    "RoutingProfile": "routing-profile",
    "Queue": "queue",
}
"""What a security profile calls the types it can restrict, and their kinds."""

RIGHTS: Mapping[str, str] = {
    "user": "Users",
    "security-profile": "SecurityProfiles",
    "routing-profile": "RoutingPolicies",
    "queue": "Queues",
}
"""By kind, the beginning of its permissions."""

UNLIMITED = frozenset(
    {"BasicAgentAccess", "OutboundCallAccess", "ManagerListenIn", "ManagerBargeIn"}
    | {"ContactSearch.View", "MyContacts.View"}
)
"""Permissions that no tag narrows: the agent's own desk, and contacts, which follow the hierarchy of their agents."""


class Record(Protocol):
    """What limits look at: a document, or one that may become one."""

    @property
    def instance(self) -> str: ...
    @property
    def id(self) -> str: ...
    @property
    def tags(self) -> dict[str, str]: ...
    @property
    def body(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Limit:
    """A record must carry all `tags`; where `by_hierarchy`, it must be in `group` or below as well.

    A `group` of None is that of a holder who has none: such a holder reaches nobody else.
    """

    tags: tuple[tuple[str, str], ...]
    by_hierarchy: bool = False
    group: str | None = None

    @property
    def words(self) -> str:
        """What it asks of a record."""
        parts = [f"the tag {key}={value}" for key, value in self.tags]
        return " and ".join([*parts, "a hierarchy group within reach"] if self.by_hierarchy else parts)


@dataclass(frozen=True, slots=True)
class Grant:
    """What one security profile gives: permissions, and the limits by kind."""

    profile: Document
    permissions: frozenset[str]
    limits: Mapping[str, Limit]


class Access:
    """What the security profiles of one user reach. It follows changes of the hierarchy, not those of profiles."""

    def __init__(self, view: View, user: Document) -> None:
        self.view = view
        self._user = user
        self.grants = tuple(_grants(view, user))

    @property
    def limited(self) -> bool:
        """Whether any profile has limits."""
        return any(grant.limits for grant in self.grants)

    def allows(self, permission: str | Iterable[str], kind: str, document: Record) -> bool:
        """Whether a profile with any of the permissions reaches the record."""
        found = self._giving(_names(permission), kind)
        return any(limit is None or self._within(limit, document) for _, limit in found)

    def filter(self, permission: str | Iterable[str], kind: str, documents: Iterable[Document]) -> list[Document]:
        """The records reached with any of the permissions, in their order."""
        wanted = _names(permission)
        return [document for document in documents if self.allows(wanted, kind, document)]

    def restricted(self, kind: str, permission: str | Iterable[str] | None = None) -> bool:
        """Whether only some records of a kind are reached with any of the permissions; without one, those to view it.

        The change history of such a kind is closed (USER-50).
        """
        if kind not in RIGHTS or not any(kind in grant.limits for grant in self.grants):
            return False
        found = self._giving(_names(permission or f"{RIGHTS[kind]}.View"), kind)
        return all(limit is not None for _, limit in found)

    def lifted_by(self, grant: Grant, kind: str) -> Grant | None:
        """The grant that makes a limit of another one void for viewing records."""
        view = f"{RIGHTS[kind]}.View"
        if view not in grant.permissions:
            return None
        return next((other for other, limit in self._giving(_names(view), kind) if limit is None), None)

    def wanted(self, kind: str) -> str:
        """What a record needs to be within reach, in words."""
        limits = (grant.limits.get(kind) for grant in self.grants)
        return " or ".join(filter(None, (limit.words for limit in limits if limit)))

    def _giving(self, wanted: frozenset[str], kind: str) -> Iterator[tuple[Grant, Limit | None]]:
        """The grants of any of the permissions, each with the limit that it sets to them."""
        for grant in self.grants:
            given = wanted & grant.permissions
            if given:
                yield grant, grant.limits.get(kind) if UNLIMITED.isdisjoint(given) else None

    def _within(self, limit: Limit, document: Record) -> bool:
        if any(document.tags.get(key) != value for key, value in limit.tags):
            return False
        if not limit.by_hierarchy:
            return True
        if limit.group is None:
            return document.id == self._user.id
        return hierarchy.descends(self.view, document.instance, document.body.get("HierarchyGroupId"), limit.group)


def access_of(view: View, user: Document) -> Access | None:
    """The access of a user whose profiles have limits; None for all others, who reach every record."""
    access = Access(view, user)
    return access if access.limited else None


def _grants(view: View, user: Document) -> Iterator[Grant]:
    for identifier in user.body.get("SecurityProfileIds") or ():
        profile = view.find(user.instance, "security-profile", identifier)
        if profile is not None:
            held = frozenset(permissions.closed(profile.body.get("Permissions") or ()))
            yield Grant(profile, held, limits(profile, user))


def limits(profile: Document, holder: Document) -> dict[str, Limit]:
    """By kind, what a profile limits a holder to."""
    tags = tuple((profile.body.get("AllowedAccessControlTags") or {}).items())
    found = {
        RESTRICTABLE[name]: Limit(tags)
        for name in profile.body.get("TagRestrictedResources") or ()
        if tags and name in RESTRICTABLE
    }
    if "User" in (profile.body.get("HierarchyRestrictedResources") or ()):
        group = profile.body.get("AllowedAccessControlHierarchyGroupId") or holder.body.get("HierarchyGroupId")
        tagged = found["user"].tags if "user" in found else ()
        found["user"] = Limit(tagged, by_hierarchy=True, group=group)
    return found


def _names(permission: str | Iterable[str]) -> frozenset[str]:
    return frozenset((permission,)) if isinstance(permission, str) else frozenset(permission)


def guarded(repository: Repository, access: Access | None) -> Repository:
    """A repository that writes only what stays within reach of a person (USER-48)."""
    return repository if access is None else repository.guarded(partial(_guard, access))


def _guard(access: Access, after: Document, before: Document | None) -> None:
    """A new record must be within reach, one that is changed must stay there, and so must all that it newly refers to.

    Personal queues go with their users.
    """
    rights = RIGHTS.get(after.kind)
    if rights is None or (after.kind == "queue" and is_agent_queue(after)):
        return
    needed = f"{rights}.Create" if before is None else f"{rights}.Edit"
    stays = before is None or access.allows(needed, before.kind, before)
    if stays and not access.allows(needed, after.kind, after):
        raise access_denied(f"{declaration(after.kind).label} {after.name} has to have {access.wanted(after.kind)}")
    _guard_references(access, needed, after, before)


def _guard_references(access: Access, needed: str, after: Document, before: Document | None) -> None:
    resource = declaration(after.kind)
    known = set(resource.targets(before.body)) if before else set()
    for reference, target in resource.targets(after.body):
        named = access.view.find(after.instance, reference.kind, target)
        if named is None or reference.kind not in RIGHTS or (reference, target) in known:
            continue
        if not access.allows((needed, f"{RIGHTS[reference.kind]}.View"), reference.kind, named):
            raise not_found(declaration(reference.kind).label, target)
