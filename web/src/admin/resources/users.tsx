import { connect } from "../../api";
import type { UserSearchSummary } from "../../api/connect";
import { SipPasswordButton } from "../editors/SipPassword";
import { changed, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface UserDraft extends Draft {
  Username: string;
  Password: string;
  FirstName: string;
  LastName: string;
  Email: string;
  SecurityProfileIds: string[];
  RoutingProfileId?: string;
  HierarchyGroupId?: string;
  PhoneType: "SOFT_PHONE" | "DESK_PHONE";
  DeskPhoneNumber: string;
  AutoAccept: boolean;
  AfterContactWorkTimeLimit: number;
}

const identity = (draft: UserDraft): { FirstName: string; LastName: string; Email?: string } => ({
  FirstName: draft.FirstName,
  LastName: draft.LastName,
  Email: optional(draft.Email),
});

const phone = (draft: UserDraft): { PhoneType: UserDraft["PhoneType"]; AutoAccept: boolean; AfterContactWorkTimeLimit: number; DeskPhoneNumber?: string } => ({
  PhoneType: draft.PhoneType,
  AutoAccept: draft.AutoAccept,
  AfterContactWorkTimeLimit: draft.AfterContactWorkTimeLimit ?? 0,
  DeskPhoneNumber: draft.PhoneType === "DESK_PHONE" ? optional(draft.DeskPhoneNumber) : undefined,
});

export const users: Resource<UserSearchSummary, UserDraft> = {
  key: "users",
  kind: "user",
  title: "users.title",
  one: "users.add",
  permission: "Users",
  list: async ({ instanceId }, { search, nextToken }) => {
    const fields = ["Username", "FirstName", "LastName"];
    const SearchCriteria = search
      ? { OrConditions: fields.map((FieldName) => ({ StringCondition: { FieldName, Value: search, ComparisonType: "CONTAINS" as const } })) }
      : undefined;
    const page = await connect("SearchUsers", { InstanceId: instanceId, SearchCriteria, NextToken: nextToken, MaxResults: 25 });
    return { items: page.Users ?? [], nextToken: page.NextToken };
  },
  id: (user) => user.Id!,
  name: (user) => user.Username!,
  columns: [
    { id: "login", header: "users.login", cell: (user) => user.Username },
    { id: "name", header: "field.name", cell: (user) => [user.IdentityInfo?.FirstName, user.IdentityInfo?.LastName].filter(Boolean).join(" ") },
    { id: "routing", header: "field.routingProfile", cell: (user) => user.RoutingProfileId, source: "routingProfiles" },
    { id: "security", header: "field.securityProfile", cell: (user) => user.SecurityProfileIds?.[0], source: "securityProfiles" },
    { id: "group", header: "field.hierarchyGroup", cell: (user) => user.HierarchyGroupId, source: "hierarchyGroups" },
  ],
  fields: [
    { name: "Username", label: "users.login", kind: "text", required: true, fixed: true, most: 64 },
    { name: "Password", label: "signin.password", help: "users.passwordHelp", kind: "password", required: true, onlyNew: true, most: 64 },
    { name: "FirstName", label: "users.firstName", kind: "text", required: true, most: 255 },
    { name: "LastName", label: "users.lastName", kind: "text", required: true, most: 300 },
    { name: "Email", label: "users.email", kind: "email" },
    { name: "RoutingProfileId", label: "field.routingProfile", kind: "reference", source: "routingProfiles", required: true },
    { name: "SecurityProfileIds", label: "securityProfiles.title", kind: "references", source: "securityProfiles", required: true },
    { name: "HierarchyGroupId", label: "field.hierarchyGroup", kind: "reference", source: "hierarchyGroups" },
    { name: "PhoneType", label: "users.phoneType", kind: "select", required: true, options: [{ value: "SOFT_PHONE", label: "phoneType.SOFT_PHONE" }, { value: "DESK_PHONE", label: "phoneType.DESK_PHONE" }] },
    { name: "DeskPhoneNumber", label: "users.deskPhone", help: "users.deskPhoneHelp", kind: "text", required: true, when: (draft) => draft.PhoneType === "DESK_PHONE" },
    { name: "AutoAccept", label: "users.autoAccept", kind: "toggle", when: (draft) => draft.PhoneType === "SOFT_PHONE" },
    { name: "AfterContactWorkTimeLimit", label: "users.acw", help: "users.acwHelp", kind: "number", min: 0, max: 2_000_000 },
  ],
  blank: () => ({
    Username: "", Password: "", FirstName: "", LastName: "", Email: "", SecurityProfileIds: [], PhoneType: "SOFT_PHONE",
    DeskPhoneNumber: "", AutoAccept: false, AfterContactWorkTimeLimit: 0, Tags: {},
  }),
  load: async ({ instanceId }, id) => {
    const { User: user } = await connect("DescribeUser", { InstanceId: instanceId, UserId: id });
    return {
      Username: user!.Username!,
      Password: "",
      FirstName: user!.IdentityInfo?.FirstName ?? "",
      LastName: user!.IdentityInfo?.LastName ?? "",
      Email: user!.IdentityInfo?.Email ?? "",
      SecurityProfileIds: user!.SecurityProfileIds ?? [],
      RoutingProfileId: user!.RoutingProfileId,
      HierarchyGroupId: user!.HierarchyGroupId,
      PhoneType: user!.PhoneConfig?.PhoneType ?? "SOFT_PHONE",
      DeskPhoneNumber: user!.PhoneConfig?.DeskPhoneNumber ?? "",
      AutoAccept: user!.PhoneConfig?.AutoAccept ?? false,
      AfterContactWorkTimeLimit: user!.PhoneConfig?.AfterContactWorkTimeLimit ?? 0,
      Tags: user!.Tags ?? {},
      Arn: user!.Arn,
    };
  },
  nameOf: (draft) => draft.Username,
  actions: ({ id, draft }) => <SipPasswordButton id={id} name={draft.Username} />,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateUser", {
      InstanceId: instanceId,
      Username: draft.Username,
      Password: draft.Password,
      IdentityInfo: identity(draft),
      PhoneConfig: phone(draft),
      SecurityProfileIds: draft.SecurityProfileIds,
      RoutingProfileId: draft.RoutingProfileId!,
      HierarchyGroupId: draft.HierarchyGroupId,
      Tags: tagsOrNone(draft.Tags),
    });
    return made.UserId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const at = { InstanceId: instanceId, UserId: id };
    if (changed(before, draft, "FirstName", "LastName", "Email")) await connect("UpdateUserIdentityInfo", { ...at, IdentityInfo: identity(draft) });
    if (changed(before, draft, "PhoneType", "DeskPhoneNumber", "AutoAccept", "AfterContactWorkTimeLimit")) {
      await connect("UpdateUserPhoneConfig", { ...at, PhoneConfig: phone(draft) });
    }
    if (changed(before, draft, "RoutingProfileId")) await connect("UpdateUserRoutingProfile", { ...at, RoutingProfileId: draft.RoutingProfileId! });
    if (changed(before, draft, "SecurityProfileIds")) await connect("UpdateUserSecurityProfiles", { ...at, SecurityProfileIds: draft.SecurityProfileIds });
    if (changed(before, draft, "HierarchyGroupId")) await connect("UpdateUserHierarchy", { ...at, HierarchyGroupId: draft.HierarchyGroupId });
  },
  remove: ({ instanceId }, id) => connect("DeleteUser", { InstanceId: instanceId, UserId: id }),
};
