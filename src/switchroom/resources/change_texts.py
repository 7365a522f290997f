"""What changed, field by field, as people read it: names for identifiers, words for switches (users-security.md 8)."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import msgspec

from switchroom.resources import paths
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.kinds import hierarchy
from switchroom.resources.resource import Resource, declaration
from switchroom.storage.documents import HistoryRow

NEW = "New field"
"""Before, where something was created."""
ACTIVE, INACTIVE = "Active", "Not active"
LONGEST = 2_000
"""Characters of one value; longer ones are cut."""

_WORDS = {True: "Enabled", False: "Not enabled", "ENABLED": "Enabled", "DISABLED": "Not enabled"}
_STEP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_UNNAMED = frozenset({"LevelId", "LastModifiedTime"})


class FieldChange(msgspec.Struct, frozen=True):
    """One field; both texts may be empty."""

    field: str
    before: str
    after: str


Gone = Mapping[tuple[str, str], str]
"""Last names of what is no more, by kind and id."""


def missing(found: Catalogue, rows: Iterable[HistoryRow]) -> dict[str, set[str]]:
    """The identifiers by kind that changes mention and that are no more."""
    gone: dict[str, set[str]] = {}
    for row in rows:
        for state in filter(None, (row.before, row.after)):
            for reference, target in declaration(row.kind).targets(state):
                if found.find(row.instance, reference.kind, target) is None:
                    gone.setdefault(reference.kind, set()).add(target)
    return gone


def changed_fields(found: Catalogue, row: HistoryRow, gone: Gone | None = None) -> list[FieldChange]:
    """The fields that one change of a record changed. A deletion shows as one field."""
    names = _Names(found, row, gone or {})
    if row.after is None:
        return [FieldChange("Is Active", ACTIVE, INACTIVE)]
    read = _READERS.get(row.kind, _plain)
    after = dict(read(names, row.after))
    if row.before is None:
        created = [FieldChange(name, NEW, text) for name, text in after.items() if text]
        return [*created, FieldChange("Is Active", NEW, ACTIVE)]
    before = dict(read(names, row.before))
    return [
        FieldChange(name, before.get(name, ""), after.get(name, ""))
        for name in {**before, **after}
        if before.get(name, "") != after.get(name, "")
    ]


class _Names:
    """What identifiers of one record are called now, or were last."""

    def __init__(self, found: Catalogue, row: HistoryRow, gone: Gone) -> None:
        self._found = found
        self._gone = gone
        self._instance = row.instance
        self.resource: Resource = declaration(row.kind)

    def of(self, kind: str, identifier: str | None) -> str:
        document = self._found.find(self._instance, kind, identifier) if identifier else None
        return document.name if document else self._gone.get((kind, identifier or ""), identifier or "")

    def path(self, group: str | None) -> str:
        """A hierarchy group with those above it."""
        document = self._found.find(self._instance, "hierarchy-group", group) if group else None
        if document is None:
            return self.of("hierarchy-group", group)
        return " / ".join(one.name for one in hierarchy.path(self._found, document))

    def resolved(self, state: dict[str, Any]) -> dict[str, Any]:
        """A state with names in place of identifiers."""
        for reference in self.resource.references:
            state = paths.replace(state, reference.path, partial(self.of, reference.kind))
        return state


Fields = Iterator[tuple[str, str]]


def _user(names: _Names, state: Mapping[str, Any]) -> Fields:
    info, phone = state.get("IdentityInfo") or {}, state.get("PhoneConfig") or {}
    yield "Login", str(state["Name"])
    yield "Display name", " ".join(filter(None, (info.get("FirstName"), info.get("LastName"))))
    yield "Email", info.get("Email") or ""
    yield "Secondary email", info.get("SecondaryEmail") or ""
    yield "Mobile", info.get("Mobile") or ""
    yield "Softphone", _WORDS[phone.get("PhoneType") != "DESK_PHONE"]
    yield "Desk phone number", phone.get("DeskPhoneNumber") or ""
    yield "Softphone auto answer", _WORDS[bool(phone.get("AutoAccept"))]
    yield "ACW Timeout", str(phone.get("AfterContactWorkTimeLimit") or 0)
    yield "Profile", names.of("routing-profile", state.get("RoutingProfileId"))
    yield "Security Profiles", ", ".join(names.of("security-profile", one) for one in state["SecurityProfileIds"])
    yield "Agent hierarchy", names.path(state.get("HierarchyGroupId"))
    yield (
        "Proficiencies",
        ", ".join(
            f"{one['AttributeName']}: {one['AttributeValue']} {one['Level']:g}"
            for one in state.get("Proficiencies") or ()
        ),
    )
    yield "Tags", _text(state.get("Tags") or {})


def _structure(names: _Names, state: Mapping[str, Any]) -> Fields:
    for level in hierarchy.LEVELS:
        yield _title(level), (state.get(level) or {}).get("Name") or ""


def _plain(names: _Names, state: Mapping[str, Any]) -> Fields:
    yield from _flat("", names.resolved(dict(state)))


def _flat(prefix: str, state: Mapping[str, Any]) -> Fields:
    for member, value in state.items():
        if member in _UNNAMED:
            continue
        title = f"{prefix}: {_title(member)}" if prefix else _title(member)
        if member.endswith("Secret"):
            yield title, "***" if value else ""
        elif isinstance(value, dict) and member != "Tags" and all(key[:1].isupper() for key in value):
            yield from _flat(title, value)
        else:
            yield title, _text(value)


_READERS: dict[str, Callable[[_Names, Mapping[str, Any]], Fields]] = {
    "user": _user,
    "hierarchy-structure": _structure,
}


def _title(member: str) -> str:
    """`HoursOfOperationId` is `Hours of operation`."""
    words = _STEP.split(member)
    if len(words) > 1 and words[-1] in ("Id", "Ids", "Arn"):
        words.pop()
    return " ".join([words[0], *(word if word.isupper() else word.lower() for word in words[1:])])


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or value in ("ENABLED", "DISABLED"):
        return _WORDS[value]
    if isinstance(value, dict) and all(isinstance(one, str) for one in value.values()):
        text = ", ".join(f"{key}:{one}" for key, one in sorted(value.items()))
    elif isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        text = ", ".join(str(one) for one in value)
    elif isinstance(value, list | dict):
        text = msgspec.json.encode(_hidden(value), order="sorted").decode()
    else:
        text = str(value)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _hidden(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: "***" if name.endswith("Secret") else _hidden(one) for name, one in value.items()}
    return [_hidden(one) for one in value] if isinstance(value, list) else value
