"""The agent hierarchy: its levels and groups (ROUT-72)."""

from itertools import pairwise
from typing import Any

from switchroom.base.arns import parse_id
from switchroom.base.clock import seconds
from switchroom.base.errors import ServiceError, access_denied, invalid_parameter
from switchroom.base.ids import new_id
from switchroom.resources.catalogue import Catalogue
from switchroom.resources.document import Document
from switchroom.resources.kinds import hierarchy
from switchroom.resources.kinds.hierarchy import LEVELS, STRUCTURE_ID
from switchroom.resources.repository import Write
from switchroom.resources.search import Field
from switchroom.wire.call import Call
from switchroom.wire.operation import operation
from switchroom.wire.services.connect.common import actor, catalogue, instance_of, modified, repository
from switchroom.wire.services.connect.family import Family, Update, fields


@operation("connect", "DescribeUserHierarchyStructure", permission="AgentGrouping.View")
def describe_user_hierarchy_structure(call: Call, request: dict[str, Any]) -> dict[str, Any]:
    """The levels in use; a new instance has none."""
    structure = hierarchy.structure(catalogue(call), instance_of(call, request))
    return {
        "HierarchyStructure": {level: _level(value) for level, value in structure.body.items()} if structure else {}
    }


def _level(value: dict[str, Any]) -> dict[str, Any]:
    return {**value, "LastModifiedTime": seconds(value["LastModifiedTime"])}


@operation("connect", "UpdateUserHierarchyStructure", permission=("AgentGrouping.Edit", "AgentGrouping.Create"))
async def update_user_hierarchy_structure(call: Call, request: dict[str, Any]) -> None:
    """Name, add or remove levels. A level left out is removed; one with groups cannot be.

    Who may create but not edit can only add levels.
    """
    instance = instance_of(call, request)
    wanted = {level: request["HierarchyStructure"].get(level) for level in LEVELS}
    names = [wanted[level]["Name"] for level in LEVELS if wanted[level]]
    if any(wanted[level] and not wanted[above] for above, level in pairwise(LEVELS)):
        raise invalid_parameter("A level needs all levels above it")
    if len({name.casefold() for name in names}) != len(names) or any(not 1 <= len(name) <= 50 for name in names):
        raise invalid_parameter("Level names have 1 to 50 characters and differ from each other")
    async with repository(call).write(instance, actor(call), call.now) as write:
        before = hierarchy.structure(write, instance)
        known = before.body if before else {}
        kept = all((wanted[level] or {}).get("Name") == old["Name"] for level, old in known.items())
        if not kept and not call.caller.may("AgentGrouping.Edit"):
            raise access_denied("To rename or remove levels takes the permission AgentGrouping.Edit")
        body = _levels(call, write, instance, known, wanted)
        if before:
            await write.update(before, body=body)
        else:
            await write.create("hierarchy-structure", instance, "structure", body, identifier=STRUCTURE_ID)


def _levels(
    call: Call, write: Write, instance: str, before: dict[str, Any], wanted: dict[str, dict[str, Any] | None]
) -> dict[str, Any]:
    used = {group.body["LevelId"] for group in write.all(instance, "hierarchy-group")}
    body: dict[str, Any] = {}
    for level in LEVELS:
        old, new = before.get(level), wanted[level]
        if old and not new and old["Id"] in used:
            raise ServiceError("ResourceInUseException", f"Level {old['Name']} still has groups")
        if new:
            identifier = old["Id"] if old else new_id()
            body[level] = {
                "Id": identifier,
                "Arn": call.services.site.resource(instance, "agent-group-level", identifier),
                "Name": new["Name"],
                "LastModifiedTime": old["LastModifiedTime"] if old and old["Name"] == new["Name"] else call.now,
                "LastModifiedRegion": call.services.site.region,
            }
    return body


def _summary(group: Document) -> dict[str, Any]:
    return {"Id": group.id, "Arn": group.arn, "Name": group.name, **modified(group)}


def _path(found: Catalogue, group: Document) -> dict[str, Any]:
    groups = hierarchy.path(found, group)
    return {"HierarchyPath": {level: _summary(one) for level, one in zip(LEVELS, groups, strict=False)}}


def _new_group(write: Write, instance: str, body: dict[str, Any], request: dict[str, Any]) -> dict[str, Any]:
    if not 1 <= len(request["Name"]) <= 100:
        raise invalid_parameter("Name must have 1 to 100 characters")
    depth = 0
    if body.get("ParentGroupId"):
        body = {**body, "ParentGroupId": parse_id(body["ParentGroupId"])}
        depth = len(hierarchy.path(write, write.get(instance, "hierarchy-group", body["ParentGroupId"])))
    structure = hierarchy.structure(write, instance)
    level = structure.body.get(LEVELS[depth]) if structure and depth < len(LEVELS) else None
    return {**body, "LevelId": level["Id"] if level else None}


_SEARCH: dict[str, Field] = {**fields(parentid="ParentGroupId", levelid="LevelId")}

GROUPS = Family(
    kind="hierarchy-group",
    noun="UserHierarchyGroup",
    plural="UserHierarchyGroups",
    permission="AgentGrouping",
    identity="HierarchyGroupId",
    arn="HierarchyGroupArn",
    shape_id="Id",
    shape_arn="Arn",
    described="HierarchyGroup",
    summary_list="UserHierarchyGroupSummaryList",
    members=("ParentGroupId",),
    prepare=_new_group,
    search_fields=_SEARCH,
    details=_path,
    implied=("Users.View", "Users.Edit"),
    updates={"UpdateUserHierarchyGroupName": Update(("Name",))},
    without=frozenset({"DeleteUserHierarchyGroup"}),
).register()


@operation("connect", "DeleteUserHierarchyGroup", permission="AgentGrouping.Edit")
async def delete_user_hierarchy_group(call: Call, request: dict[str, Any]) -> None:
    """Refused while the group has users or groups below it."""
    await GROUPS.delete(call, request)
