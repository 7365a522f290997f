"""Which permissions a user holds: the union of the user's security profiles, with what they bring along."""

from typing import Any

from switchroom.resources.permissions import closed


def granted(catalogue: Any, user: Any) -> frozenset[str]:
    """The permissions of a user document."""
    found: set[str] = set()
    for profile_id in user.body.get("SecurityProfileIds") or ():
        profile = catalogue.find(user.instance, "security-profile", profile_id)
        if profile is not None:
            found.update(profile.body.get("Permissions") or ())
    return frozenset(closed(found))
