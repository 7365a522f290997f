"""The agent hierarchy (ROUT-72): one structure of up to five levels, and a tree of groups."""

from typing import Any

from switchroom.base.errors import invalid_parameter
from switchroom.resources.document import Document
from switchroom.resources.resource import Names, Quota, Reference, Resource, View, declare

LEVELS = ("LevelOne", "LevelTwo", "LevelThree", "LevelFour", "LevelFive")
STRUCTURE_ID = "structure"

STRUCTURE = declare(
    Resource(
        kind="hierarchy-structure", label="Hierarchy structure", arn="agent-group-structure/{id}", names=Names.FREE
    )
)
"""Exactly one an instance; its body has the levels in use: `LevelOne: {Id, Arn, Name, LastModifiedTime}`."""


def structure(view: View, instance: str) -> Document | None:
    """The structure of an instance; None before its first level is named."""
    return view.find(instance, "hierarchy-structure", STRUCTURE_ID)


def path(view: View, group: Document) -> list[Document]:
    """The groups from the first level down to `group`."""
    found = [group]
    while (parent := found[0].body.get("ParentGroupId")) is not None:
        found.insert(0, view.get(group.instance, "hierarchy-group", parent))
    return found


def descends(view: View, instance: str, group: str | None, ancestor: str) -> bool:
    """True if `group` is `ancestor` or somewhere below it."""
    while group is not None:
        if group == ancestor:
            return True
        found = view.find(instance, "hierarchy-group", group)
        group = found.body.get("ParentGroupId") if found else None
    return False


def _check(view: View, document: Document, before: Document | None) -> None:
    if before is not None:
        return
    levels = structure(view, document.instance)
    number = len(path(view, document))
    level: dict[str, Any] | None = levels.body.get(LEVELS[number - 1]) if levels and number <= len(LEVELS) else None
    if level is None:
        raise invalid_parameter(f"The hierarchy structure has no level {number}; add the level first")
    if document.body.get("LevelId") != level["Id"]:
        raise invalid_parameter("The group must be on the level below its parent")


GROUP = declare(
    Resource(
        kind="hierarchy-group",
        label="Hierarchy group",
        arn="agent-group/{id}",
        names=Names.FOLDED,
        scope=lambda body: str(body.get("ParentGroupId") or ""),
        references=(Reference("ParentGroupId", "hierarchy-group", optional=True),),
        quota=Quota("HIERARCHY_GROUPS"),
        check=_check,
    )
)
