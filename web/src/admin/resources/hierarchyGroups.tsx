import { connect } from "../../api";
import type { HierarchyGroup } from "../../api/connect";
import { HierarchyLevels } from "../editors/HierarchyLevels";
import { changed, contains, tagsOrNone, type Draft, type Resource } from "../resource";

interface HierarchyGroupDraft extends Draft {
  Name: string;
  ParentGroupId?: string;
}

const path = (group: HierarchyGroup): { Name?: string; Id?: string }[] => {
  const { LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive } = group.HierarchyPath ?? {};
  return [LevelOne, LevelTwo, LevelThree, LevelFour, LevelFive].filter((level) => level !== undefined && level !== null);
};

export const hierarchyGroups: Resource<HierarchyGroup, HierarchyGroupDraft> = {
  key: "hierarchy",
  kind: "hierarchy-group",
  title: "hierarchy.title",
  one: "hierarchy.add",
  permission: "AgentGrouping",
  deletePermission: "AgentGrouping.Edit",
  above: () => <HierarchyLevels />,
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchUserHierarchyGroups", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 50 });
    const place = (group: HierarchyGroup): string => path(group).map((level) => level.Name).join(" / ");
    return { items: [...(page.UserHierarchyGroups ?? [])].sort((a, b) => place(a).localeCompare(place(b))), nextToken: page.NextToken };
  },
  id: (group) => group.Id!,
  name: (group) => group.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (group) => group.Name },
    { id: "path", header: "hierarchy.path", cell: (group) => path(group).map((level) => level.Name).join(" / ") },
    { id: "level", header: "hierarchy.level", cell: (group) => path(group).length },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 100 },
    { name: "ParentGroupId", label: "hierarchy.parent", help: "hierarchy.parentHelp", kind: "reference", source: "hierarchyGroups", fixed: true },
  ],
  blank: () => ({ Name: "", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { HierarchyGroup: group } = await connect("DescribeUserHierarchyGroup", { InstanceId: instanceId, HierarchyGroupId: id });
    return { Name: group!.Name!, ParentGroupId: path(group!).at(-2)?.Id, Tags: group!.Tags ?? {}, Arn: group!.Arn };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateUserHierarchyGroup", { InstanceId: instanceId, Name: draft.Name, ParentGroupId: draft.ParentGroupId, Tags: tagsOrNone(draft.Tags) });
    return made.HierarchyGroupId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    if (changed(before, draft, "Name")) await connect("UpdateUserHierarchyGroupName", { InstanceId: instanceId, HierarchyGroupId: id, Name: draft.Name });
  },
  remove: ({ instanceId }, id) => connect("DeleteUserHierarchyGroup", { InstanceId: instanceId, HierarchyGroupId: id }),
};
