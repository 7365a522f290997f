import { connect } from "../../api";
import type { HierarchyGroup } from "../../api/connect";
import { HierarchyPage } from "../hierarchy/HierarchyPage";
import { pathOf } from "../hierarchy/tree";
import { changed, contains, tagsOrNone, type Draft, type Resource } from "../resource";

interface HierarchyGroupDraft extends Draft {
  Name: string;
  ParentGroupId?: string;
}

export const hierarchyGroups: Resource<HierarchyGroup, HierarchyGroupDraft> = {
  key: "hierarchy",
  kind: "hierarchy-group",
  title: "hierarchy.title",
  one: "hierarchy.add",
  permission: "AgentGrouping",
  deletePermission: "AgentGrouping.Edit",
  listPage: () => <HierarchyPage />,
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchUserHierarchyGroups", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 50 });
    return { items: page.UserHierarchyGroups ?? [], nextToken: page.NextToken };
  },
  id: (group) => group.Id!,
  name: (group) => group.Name!,
  columns: [{ id: "name", header: "field.name", cell: (group) => group.Name }],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 100 },
    { name: "ParentGroupId", label: "hierarchy.parent", help: "hierarchy.parentHelp", kind: "reference", source: "hierarchyGroups", fixed: true },
  ],
  blank: () => ({ Name: "", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { HierarchyGroup: group } = await connect("DescribeUserHierarchyGroup", { InstanceId: instanceId, HierarchyGroupId: id });
    return { Name: group!.Name!, ParentGroupId: pathOf(group!).at(-2)?.Id, Tags: group!.Tags ?? {}, Arn: group!.Arn };
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
