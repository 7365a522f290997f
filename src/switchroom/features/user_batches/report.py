"""What people download: failures of a batch, and users as they are (USER-19, USER-23, USER-26)."""

from collections.abc import Sequence

from switchroom.base.clock import iso_s
from switchroom.features.user_batches.files import export, write
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.storage.user_batches import Record

_HEADERS = {
    "IMPORT": ("Row", "Login", "Failed reason", "Failed fields"),
    "EDIT": ("Login", "Failed reason", "Failed fields"),
    "DELETE": ("Login", "Failed reason"),
}


def failures_csv(kind: str, failures: Sequence[Record]) -> str:
    """The failures of a batch as a file."""
    header = _HEADERS[kind]
    rows: list[Sequence[object]] = []
    for record in failures:
        cells = (record.row, record.login, record.reason or "", "; ".join(record.fields))
        rows.append(cells if kind == "IMPORT" else cells[1 : 1 + len(header)])
    return write([header, *rows])


def users_csv(found: Catalogue, users: Sequence[Document]) -> str:
    """Users as a file, with names in place of identifiers."""
    return export(_cells(found, user) for user in users)


def _cells(found: Catalogue, user: Document) -> list[object]:
    info, phone = user.body.get("IdentityInfo") or {}, user.body["PhoneConfig"]
    profiles = [_name(found, user, "security-profile", one) for one in user.body["SecurityProfileIds"]]
    return [
        user.name,
        *(info.get(name) or "" for name in ("FirstName", "LastName", "Email", "SecondaryEmail", "Mobile")),
        _name(found, user, "routing-profile", user.body["RoutingProfileId"]),
        "|".join(profiles),
        hierarchy_path(found, user),
        "desk" if phone["PhoneType"] == "DESK_PHONE" else "soft",
        phone.get("DeskPhoneNumber") or "",
        "yes" if phone.get("AutoAccept") else "no",
        phone.get("AfterContactWorkTimeLimit") or 0,
        "|".join(f"{key}:{value}" for key, value in sorted(user.tags.items())),
        iso_s(user.modified_at),
    ]


def hierarchy_path(found: Catalogue, user: Document) -> str:
    """The names of a user's hierarchy groups from level 1 down."""
    identifier = user.body.get("HierarchyGroupId")
    group = found.find(user.instance, "hierarchy-group", identifier) if identifier else None
    return "|".join(one.name for one in hierarchy.path(found, group)) if group else ""


def _name(found: Catalogue, user: Document, kind: str, identifier: str) -> str:
    document = found.find(user.instance, kind, identifier)
    return document.name if document else identifier
