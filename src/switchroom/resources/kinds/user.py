"""Users (USER-01..06, ROUT-67): people who sign in; every one has a personal queue."""

import re
import unicodedata
from typing import Any

from switchroom.base.errors import ServiceError, invalid_parameter, invalid_request
from switchroom.resources import quotas
from switchroom.resources.document import Document
from switchroom.resources.kinds import predefined_attribute
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

MAX_AFTER_CONTACT_WORK = 2_000_000
MAX_PROFILES = 10
MAX_TAG_PROFILES = 2
LONGEST_FIRST_NAME = 255
LONGEST_LAST_NAME = 300
LONGEST_OWN_LAST_NAME = 256
LONGEST_MAIL = 265
RULE_OF_PASSWORDS = (
    "The password must have 8 to 64 characters, with at least one upper-case letter, one lower-case letter and "
    "one digit"
)
OWN = "CONNECT_MANAGED"
"""Identity management of instances that keep their users, with passwords, themselves (USER-33)."""
E164 = re.compile(r"\+[1-9]\d{1,14}")
_MAIL = re.compile(r"[a-zA-Z0-9._%+-]+@[a-zA-Z0-9.-]+\.[a-zA-Z]{2,63}")
_LOGIN = re.compile(r"[a-zA-Z0-9_\-.@]+")
_PASSWORD = re.compile(r"(?=.*[a-z])(?=.*[A-Z])(?=.*\d)[a-zA-Z\d\S]{8,64}")


def check_password(password: str) -> None:
    """Refuse what is not 8-64 characters with an upper-case letter, a lower-case letter and a digit (BASE-171)."""
    if not _PASSWORD.fullmatch(password):
        raise invalid_parameter(RULE_OF_PASSWORDS)


def managed_by(view: View, instance: str) -> str:
    """The identity management type of an instance (USER-33)."""
    owner = view.find(instance, "instance", instance)
    return str(owner.body["IdentityManagementType"]) if owner else OWN


def check_login(login: str, managed: str) -> None:
    """Refuse a login name that is too long for its instance or has characters it may not have."""
    longest = {OWN: 20, "SAML": 64}.get(managed, 100)
    if len(login) > longest:
        raise invalid_parameter(f"The user name has at most {longest} characters")
    if not _LOGIN.fullmatch(login):
        raise invalid_parameter("The user name has letters, digits and _ - . @ only")
    if "@" in login and not _MAIL.fullmatch(login):
        raise invalid_parameter("A user name with @ must be a complete mail address, such as testuser@example.com")


def is_mail(text: str) -> bool:
    """Whether this is a mail address."""
    return len(text) <= LONGEST_MAIL and _MAIL.fullmatch(text) is not None


def notification_address(user: Document) -> str | None:
    """Where mail about anything but a password reset goes: the secondary address if there is one (USER-04)."""
    info = user.body.get("IdentityInfo") or {}
    return info.get("SecondaryEmail") or info.get("Email") or None


def check_tag_profiles(view: View, instance: str, profiles: list[str]) -> None:
    """Refuse a third security profile with access control tags (USER-49)."""
    found = (view.find(instance, "security-profile", profile) for profile in profiles)
    limited = [profile for profile in found if profile and profile.body.get("AllowedAccessControlTags")]
    if len(limited) > MAX_TAG_PROFILES:
        raise invalid_parameter(
            f"A user can have at most {MAX_TAG_PROFILES} security profiles with access control tags"
        )


def _check(view: View, document: Document, before: Document | None) -> None:
    body = document.body
    managed = managed_by(view, document.instance)
    if before is None or before.name != document.name:
        check_login(document.name, managed)
    if before is None or before.body.get("IdentityInfo") != body.get("IdentityInfo"):
        old = (before.body.get("IdentityInfo") or {}) if before else None
        _check_identity(body.get("IdentityInfo") or {}, managed, old)
    _check_phone(body)
    profiles = body["SecurityProfileIds"]
    if len(set(profiles)) != len(profiles) or not 1 <= len(profiles) <= MAX_PROFILES:
        raise invalid_parameter(f"A user has 1 to {MAX_PROFILES} different security profiles")
    if before is None or before.body["SecurityProfileIds"] != profiles:
        check_tag_profiles(view, document.instance, profiles)
    if before is None or before.body.get("Proficiencies") != body.get("Proficiencies"):
        _check_proficiencies(view, document)


def _check_identity(info: dict[str, Any], managed: str, before: dict[str, Any] | None) -> None:
    own = managed == OWN
    names = (("FirstName", LONGEST_FIRST_NAME), ("LastName", LONGEST_OWN_LAST_NAME if own else LONGEST_LAST_NAME))
    for member, longest in names:
        value = info.get(member) or ""
        if not int(own) <= len(value) <= longest:
            raise invalid_parameter(f"IdentityInfo.{member} must have {int(own)} to {longest} characters")
        if not unicodedata.is_normalized("NFC", value):
            raise invalid_parameter(f"IdentityInfo.{member} must be in Unicode Normalization Form C")
        if managed == "EXISTING_DIRECTORY" and before is not None and value != (before.get(member) or ""):
            raise invalid_request("The names of users of this instance are those of its directory")
    if info.get("Email") and managed == "SAML":
        raise invalid_request("Users of this instance come from an identity provider and have no mail address here")
    for member in ("Email", "SecondaryEmail"):
        if info.get(member) and not is_mail(info[member]):
            raise invalid_parameter(f"IdentityInfo.{member} is not a mail address")
    if info.get("Mobile") and not E164.fullmatch(info["Mobile"]):
        raise invalid_parameter("IdentityInfo.Mobile must be in E.164 form, such as +15550100")


def _check_phone(body: dict[str, Any]) -> None:
    phone = body["PhoneConfig"]
    number = phone.get("DeskPhoneNumber")
    if number and not E164.fullmatch(number):
        raise invalid_parameter("PhoneConfig.DeskPhoneNumber must be in E.164 form, such as +15550100")
    if phone["PhoneType"] == "DESK_PHONE" and not number:
        raise invalid_parameter("PhoneConfig.DeskPhoneNumber is required for a desk phone")
    limits = [phone.get("AfterContactWorkTimeLimit") or 0]
    for config in body.get("AfterContactWorkConfigs") or []:
        limits += [part.get("AfterContactWorkTimeLimit") or 0 for part in config.values() if isinstance(part, dict)]
    if max(limits) > MAX_AFTER_CONTACT_WORK:
        raise invalid_parameter(f"AfterContactWorkTimeLimit is at most {MAX_AFTER_CONTACT_WORK} seconds")


def _check_proficiencies(view: View, document: Document) -> None:
    proficiencies = document.body.get("Proficiencies") or []
    limit = quotas.applied(view, document.instance, "PROFICIENCIES_PER_AGENT")
    if len(proficiencies) > limit:
        raise invalid_parameter(f"A user can have at most {limit} proficiencies")
    keys = {(one["AttributeName"], one["AttributeValue"]) for one in proficiencies}
    if len(keys) != len(proficiencies):
        raise invalid_parameter("A user can have an attribute value only once")
    for one in proficiencies:
        attribute = view.by_name(document.instance, "predefined-attribute", one["AttributeName"])
        if attribute is None or attribute.name != one["AttributeName"]:
            raise ServiceError(
                "ResourceNotFoundException", f"Predefined attribute {one['AttributeName']} was not found"
            )
        if one["AttributeValue"] not in predefined_attribute.values(attribute):
            raise invalid_parameter(f"{one['AttributeValue']} is not a value of {attribute.name}")
        if not 1 <= one["Level"] <= 5:
            raise invalid_parameter("The level of a proficiency is 1 to 5")


USER = declare(
    Resource(
        kind="user",
        label="User",
        arn="agent/{id}",
        names=Names.FOLDED,
        references=(
            Reference("RoutingProfileId", "routing-profile"),
            Reference("SecurityProfileIds[]", "security-profile"),
            Reference("HierarchyGroupId", "hierarchy-group", optional=True),
        ),
        quota=Quota("USERS"),
        check=_check,
        in_use="InvalidRequestException",
    )
)
