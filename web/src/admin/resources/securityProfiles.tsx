import { connect } from "../../api";
import type { SecurityProfileSearchSummary } from "../../api/connect";
import { AccessControl } from "../editors/AccessControl";
import { incomplete, NO_LIMITS, type Limits } from "../editors/limits";
import { NewPermissions } from "../editors/NewPermissions";
import { PermissionGrid } from "../editors/PermissionGrid";
import { tagFilter } from "../tags";
import { contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface SecurityProfileDraft extends Draft, Limits {
  SecurityProfileName: string;
  Description: string;
  Permissions: string[];
}

async function permissionsOf(instanceId: string, id: string): Promise<string[]> {
  const found: string[] = [];
  let next: string | undefined;
  do {
    const page = await connect("ListSecurityProfilePermissions", { InstanceId: instanceId, SecurityProfileId: id, NextToken: next, MaxResults: 1000 });
    found.push(...(page.Permissions ?? []));
    next = page.NextToken;
  } while (next);
  return found;
}

function limits(draft: SecurityProfileDraft): Limits {
  const { AllowedAccessControlTags, TagRestrictedResources, HierarchyRestrictedResources, AllowedAccessControlHierarchyGroupId } = draft;
  return { AllowedAccessControlTags, TagRestrictedResources, HierarchyRestrictedResources, AllowedAccessControlHierarchyGroupId };
}

export const securityProfiles: Resource<SecurityProfileSearchSummary, SecurityProfileDraft> = {
  key: "security-profiles",
  kind: "security-profile",
  title: "securityProfiles.title",
  one: "securityProfiles.add",
  permission: "SecurityProfiles",
  accessType: "SecurityProfile",
  tagType: "SECURITY_PROFILE",
  above: () => <NewPermissions />,
  list: async ({ instanceId }, { search, tags, nextToken }) => {
    const page = await connect("SearchSecurityProfiles", { InstanceId: instanceId, SearchCriteria: contains(search), SearchFilter: tagFilter(tags), NextToken: nextToken, MaxResults: 25 });
    return { items: page.SecurityProfiles ?? [], nextToken: page.NextToken };
  },
  id: (profile) => profile.Id!,
  name: (profile) => profile.SecurityProfileName!,
  columns: [
    { id: "name", header: "field.name", cell: (profile) => profile.SecurityProfileName },
    { id: "description", header: "field.description", cell: (profile) => profile.Description },
  ],
  fields: [
    { name: "SecurityProfileName", label: "field.name", kind: "text", required: true, fixed: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    {
      name: "Permissions",
      label: "securityProfiles.permissions",
      section: "securityProfiles.permissions",
      kind: "custom",
      render: ({ draft, change, disabled }) => <PermissionGrid held={draft.Permissions} disabled={disabled} onChange={(Permissions) => change({ Permissions })} />,
    },
    {
      name: "TagRestrictedResources",
      label: "accessControl.title",
      section: "accessControl.options",
      advanced: true,
      kind: "custom",
      wrong: (draft) => (incomplete(draft) ? "accessControl.hint" : undefined),
      render: ({ draft, change, disabled, problem }) => <AccessControl limits={draft} permissions={draft.Permissions} disabled={disabled} problem={problem} change={change} />,
    },
  ],
  blank: () => ({ SecurityProfileName: "", Description: "", Permissions: [], ...NO_LIMITS, Tags: {} }),
  load: async ({ instanceId }, id) => {
    const [{ SecurityProfile: profile }, Permissions] = await Promise.all([
      connect("DescribeSecurityProfile", { InstanceId: instanceId, SecurityProfileId: id }),
      permissionsOf(instanceId, id),
    ]);
    return {
      SecurityProfileName: profile!.SecurityProfileName!,
      Description: profile!.Description ?? "",
      Permissions,
      AllowedAccessControlTags: profile!.AllowedAccessControlTags ?? {},
      TagRestrictedResources: profile!.TagRestrictedResources ?? [],
      HierarchyRestrictedResources: profile!.HierarchyRestrictedResources ?? [],
      AllowedAccessControlHierarchyGroupId: profile!.AllowedAccessControlHierarchyGroupId,
      Tags: profile!.Tags ?? {},
      Arn: profile!.Arn,
    };
  },
  nameOf: (draft) => draft.SecurityProfileName,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateSecurityProfile", {
      InstanceId: instanceId,
      SecurityProfileName: draft.SecurityProfileName,
      Description: optional(draft.Description),
      Permissions: draft.Permissions,
      ...limits(draft),
      Tags: tagsOrNone(draft.Tags),
    });
    return made.SecurityProfileId;
  },
  update: async ({ instanceId }, id, draft) => {
    await connect("UpdateSecurityProfile", { InstanceId: instanceId, SecurityProfileId: id, Description: draft.Description, Permissions: draft.Permissions, ...limits(draft) });
  },
  remove: ({ instanceId }, id) => connect("DeleteSecurityProfile", { InstanceId: instanceId, SecurityProfileId: id }),
};
