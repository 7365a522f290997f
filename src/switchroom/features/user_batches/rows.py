"""The rows of an import, checked against the instance without writing anything (USER-08, USER-10)."""

import unicodedata
from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from switchroom.base.errors import ServiceError, invalid_parameter
from switchroom.features.user_batches.files import REQUIRED, TITLES, Row
from switchroom.resources import quotas
from switchroom.resources.access import RIGHTS, Access
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds.user import (
    E164,
    LONGEST_FIRST_NAME,
    LONGEST_LAST_NAME,
    LONGEST_OWN_LAST_NAME,
    MAX_AFTER_CONTACT_WORK,
    MAX_PROFILES,
    OWN,
    RULE_OF_PASSWORDS,
    check_login,
    check_password,
    check_tag_profiles,
    is_mail,
    managed_by,
)
from switchroom.resources.tagging import checked_tags

FIELDS = {**TITLES, "security_profiles": "security profile", "hierarchy": "agent hierarchy"}
"""What problems call the columns."""

_CREATING = "Users.Create"
_PHONE_TYPES = {"soft": "SOFT_PHONE", "desk": "DESK_PHONE"}
_SWITCH = {"yes": True, "no": False, "": False}


class Problem(msgspec.Struct, frozen=True):
    """What is wrong with one cell."""

    field: str
    reason: str


class NewUser(msgspec.Struct, frozen=True):
    """A user as a valid row describes it. `body` as of the kind `user`."""

    login: str
    body: dict[str, Any]
    tags: dict[str, str]
    password: str | None


class Checked(msgspec.Struct, frozen=True):
    """A row with its problems; `user` is there when it has none."""

    row: Row
    problems: list[Problem]
    user: NewUser | None


class _Candidate(msgspec.Struct, frozen=True):
    instance: str
    id: str
    tags: dict[str, str]
    body: dict[str, Any]


def check(found: Catalogue, instance: str, rows: Sequence[Row], access: Access | None = None) -> list[Checked]:
    """Every row against the instance as it is now, and against the rows above it.

    `access` is that of a person who is limited: what is out of reach is not there, and new users must be within reach.
    """
    seen: dict[str, int] = {}
    room = quotas.applied(found, instance, "USERS") - len(found.all(instance, "user"))
    checked = []
    for row in rows:
        reading = _Reading(found, instance, row, access)
        user = reading.user()
        login = row.cells.get("login", "").casefold()
        if login and seen.setdefault(login, row.number) != row.number:
            reading.refuse("login", f"Row {seen[login]} has the same login")
        if user is not None and not reading.problems:
            room -= 1
            if room < 0:
                reading.refuse("login", "The instance has no room for more users")
        checked.append(Checked(row, reading.problems, None if reading.problems else user))
    return checked


class _Reading:
    """Reads the cells of one row; what is wrong gathers in `problems`."""

    def __init__(self, found: Catalogue, instance: str, row: Row, access: Access | None) -> None:
        self.problems: list[Problem] = []
        self._access = access
        self._found = found
        self._instance = instance
        self._cells = row.cells
        self._own = managed_by(found, instance) == OWN
        if row.surplus:
            self.problems.append(Problem("row", "The row has more cells than the file has columns"))

    def refuse(self, name: str, reason: str) -> None:
        """Note a problem of a column."""
        self.problems.append(Problem(FIELDS[name], reason))

    def user(self) -> NewUser | None:
        """The user, if nothing is wrong."""
        body: dict[str, Any] = {
            "IdentityInfo": self._identity(),
            "PhoneConfig": self._phone(),
            "RoutingProfileId": self._one("routing_profile", self._routing_profile),
            "SecurityProfileIds": self._one("security_profiles", self._security_profiles),
            "HierarchyGroupId": self._one("hierarchy", self._hierarchy),
        }
        tags = self._one("tags", self._tags) or {}
        login = self._one("login", self._login)
        password = self._one("password", _password) if self._own else None
        body = {name: value for name, value in body.items() if value is not None}
        candidate = _Candidate(self._instance, "", tags, body)
        if self._access is not None and not self._access.allows(_CREATING, "user", candidate):
            self.refuse("tags", f"The user has to have {self._access.wanted('user')}")
        if self.problems:
            return None
        return NewUser(str(login), body, tags, password)

    def _named(self, kind: str, name: str) -> Document | None:
        document = self._found.by_name(self._instance, kind, name)
        if document is None or self._access is None:
            return document
        return document if self._access.allows((_CREATING, f"{RIGHTS[kind]}.View"), kind, document) else None

    def _one(self, name: str, read: Callable[[str], Any]) -> Any:
        """What `read` makes of a cell; None for an empty one, and when it refuses."""
        cell = self._cells.get(name, "")
        if not cell:
            if name in REQUIRED:
                self.refuse(name, "Required")
            return None
        try:
            return read(cell)
        except ServiceError as error:
            self.refuse(name, error.message)
            return None

    def _identity(self) -> dict[str, str]:
        last = LONGEST_OWN_LAST_NAME if self._own else LONGEST_LAST_NAME
        members = {
            "FirstName": self._one("first_name", _name(LONGEST_FIRST_NAME)),
            "LastName": self._one("last_name", _name(last)),
            "Email": self._one("mail", _mail) if self._own else None,
            "SecondaryEmail": self._one("secondary_mail", _mail),
            "Mobile": self._one("mobile", _number),
        }
        return {name: value for name, value in members.items() if value is not None}

    def _phone(self) -> dict[str, Any]:
        kind = self._one("phone_type", _phone_type) or "SOFT_PHONE"
        number = self._one("phone_number", _number)
        if kind == "DESK_PHONE" and not self._cells.get("phone_number"):
            self.refuse("phone_number", "A desk phone needs a number in E.164 form, such as +15550100")
        return {
            "PhoneType": kind,
            "DeskPhoneNumber": number or "",
            "AutoAccept": bool(self._one("auto_accept", _switch)),
            "AfterContactWorkTimeLimit": self._one("acw", _seconds) or 0,
        }

    def _login(self, cell: str) -> str:
        check_login(cell, managed_by(self._found, self._instance))
        if self._found.by_name(self._instance, "user", cell) is not None:
            raise invalid_parameter("A user with this login exists already")
        return cell

    def _routing_profile(self, cell: str) -> str:
        profile = self._named("routing-profile", cell)
        if profile is None:
            raise invalid_parameter(f"Routing profile {cell} was not found")
        return profile.id

    def _security_profiles(self, cell: str) -> list[str]:
        names = [name.strip() for name in cell.split("|") if name.strip()]
        profiles = [self._named("security-profile", name) for name in names]
        missing = [name for name, profile in zip(names, profiles, strict=True) if profile is None]
        if missing:
            noun = "Security profile" if len(missing) == 1 else "Security profiles"
            raise invalid_parameter(f"{noun} {', '.join(missing)} {'was' if len(missing) == 1 else 'were'} not found")
        identifiers = list(dict.fromkeys(profile.id for profile in profiles if profile))
        if not 1 <= len(identifiers) <= MAX_PROFILES:
            raise invalid_parameter(f"A user has 1 to {MAX_PROFILES} different security profiles")
        check_tag_profiles(self._found, self._instance, identifiers)
        return identifiers

    def _hierarchy(self, cell: str) -> str | None:
        parent: str | None = None
        for name in (part.strip() for part in cell.split("|")):
            if not name:
                continue
            group = self._found.by_name(self._instance, "hierarchy-group", name, {"ParentGroupId": parent})
            if group is None:
                raise invalid_parameter(f"Hierarchy group {name} was not found at this place of the hierarchy")
            parent = group.id
        return parent

    def _tags(self, cell: str) -> dict[str, str]:
        tags: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in cell.split("|"))):
            key, colon, value = part.partition(":")
            if not colon:
                raise invalid_parameter(f"{part} is not in the form key:value")
            if key.strip() in tags:
                raise invalid_parameter(f"The key {key.strip()} is there more than once")
            tags[key.strip()] = value.strip()
        return checked_tags(tags)


def _password(cell: str) -> str:
    try:
        check_password(cell)
    except ServiceError:
        raise invalid_parameter(f"The password does not meet the requirements. {RULE_OF_PASSWORDS}") from None
    return cell


def _name(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        text = unicodedata.normalize("NFC", cell)
        if len(text) > longest:
            raise invalid_parameter(f"At most {longest} characters")
        return text

    return read


def _mail(cell: str) -> str:
    if not is_mail(cell):
        raise invalid_parameter("Not a mail address")
    return cell


def _number(cell: str) -> str:
    if not E164.fullmatch(cell):
        raise invalid_parameter("Not a number in E.164 form, such as +15550100")
    return cell


def _phone_type(cell: str) -> str:
    kind = _PHONE_TYPES.get(cell.casefold())
    if kind is None:
        raise invalid_parameter("Must be soft or desk")
    return kind


def _switch(cell: str) -> bool:
    switch = _SWITCH.get(cell.casefold())
    if switch is None:
        raise invalid_parameter("Must be yes or no")
    return switch


def _seconds(cell: str) -> int:
    if not (cell.isascii() and cell.isdecimal() and len(cell) <= 9 and int(cell) <= MAX_AFTER_CONTACT_WORK):
        raise invalid_parameter(f"Must be a whole number from 0 to {MAX_AFTER_CONTACT_WORK}")
    return int(cell)
