"""Instances where nobody hands on rights that they lack (users-security.md, Bad input and faults)."""

from functools import partial

from switchroom.base.errors import access_denied
from switchroom.resources import permissions
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.repository import Repository

SETTING = "GrantOnlyHeld"
"""The member of an instance that says so; without it, as in the public product, who may give profiles gives any."""


def within_own_rights(repository: Repository, instance: str, user: str) -> Repository:
    """A repository whose writes, where the instance says so, give nobody a permission that a user does not hold.

    The operator of the installation is no user and gives everything.
    """
    found = repository.catalogue
    owner, person = found.find(instance, "instance", instance), found.find(instance, "user", user)
    if owner is None or person is None or not owner.body.get(SETTING):
        return repository
    return repository.guarded(partial(_guard, found, permissions.granted(found, person)))


def _guard(found: Catalogue, held: frozenset[str], after: Document, before: Document | None) -> None:
    gained = _gives(found, after) - (_gives(found, before) if before else frozenset()) - permissions.RESTRICTIONS
    lacking = sorted(gained - held)
    if lacking:
        raise access_denied(f"You cannot grant what you do not hold yourself: {', '.join(lacking[:5])}")


def _gives(found: Catalogue, document: Document) -> frozenset[str]:
    if document.kind == "user":
        return permissions.granted(found, document)
    if document.kind == "security-profile":
        return frozenset(permissions.closed(document.body.get("Permissions") or ()))
    return frozenset()
