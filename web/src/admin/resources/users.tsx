import type { ReactNode } from "react";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { connect, switchroom } from "../../api";
import type { UserProficiency, UserSearchSummary } from "../../api/connect";
import { everyPage } from "../../shared/everyPage";
import { isPassword } from "../../shared/passwordRule";
import { useSession } from "../../shared/session";
import { Denied } from "../Denied";
import { SipPasswordButton } from "../editors/SipPassword";
import { changed, optional, tagsOrNone, type Draft, type Field, type Resource } from "../resource";
import { ResourcePage } from "../ResourcePage";
import { BulkEditPage } from "../users/BulkEditPage";
import { CONTACT, contactOf, identityOf, isEmail, isNumber, saveContact, type Contact } from "../users/contact";
import { DeleteUsers } from "../users/DeleteUsers";
import { EffectiveAccess } from "../users/EffectiveAccess";
import { ImportPage } from "../users/ImportPage";
import { Proficiencies, proficiencyProblem, saveProficiencies } from "../users/Proficiencies";
import { ResetPasswordButton } from "../users/ResetPassword";
import { UsersPage } from "../users/UsersPage";

interface UserDraft extends Draft, Contact {
  Username: string;
  Password: string;
  SecurityProfileIds: string[];
  RoutingProfileId?: string;
  HierarchyGroupId?: string;
  PhoneType: "SOFT_PHONE" | "DESK_PHONE";
  DeskPhoneNumber: string;
  AutoAccept: boolean;
  AfterContactWorkTimeLimit: number;
  Proficiencies: UserProficiency[];
  /** How the instance keeps its users: only its own ones have a password and must have a mail address. */
  Managed: "CONNECT_MANAGED" | "EXISTING_DIRECTORY" | "SAML";
}

const LONGEST_ACW = 2_000_000;

const phone = (draft: UserDraft): { PhoneType: UserDraft["PhoneType"]; AutoAccept: boolean; AfterContactWorkTimeLimit: number; DeskPhoneNumber?: string } => ({
  PhoneType: draft.PhoneType,
  AutoAccept: draft.AutoAccept,
  AfterContactWorkTimeLimit: draft.AfterContactWorkTimeLimit ?? 0,
  DeskPhoneNumber: draft.PhoneType === "DESK_PHONE" ? optional(draft.DeskPhoneNumber) : undefined,
});

const isOwn = (draft: UserDraft): boolean => draft.Managed === "CONNECT_MANAGED";
const isNew = (draft: UserDraft): boolean => !draft.Arn;

async function managed(InstanceId: string): Promise<UserDraft["Managed"]> {
  const { Instance: instance } = await connect("DescribeInstance", { InstanceId });
  return instance?.IdentityManagementType ?? "CONNECT_MANAGED";
}

const IDENTITY: Field<UserDraft>[] = [
  { name: "FirstName", label: "users.firstName", kind: "text", required: true, most: 255, needed: (draft) => isOwn(draft) && !draft.FirstName },
  { name: "LastName", label: "users.lastName", kind: "text", required: true, most: 256, needed: (draft) => isOwn(draft) && !draft.LastName },
  { name: "Username", label: "users.login", kind: "text", required: true, most: 64 },
  { name: "Password", label: "signin.password", help: "users.passwordHelp", kind: "password", required: true, onlyNew: true, most: 64, when: isOwn, wrong: (draft) => (draft.Password && !isPassword(draft.Password) ? "users.passwordWeak" : undefined) },
  { name: "Email", label: "users.email", help: "users.emailHelp", kind: "email", required: true, when: (draft) => draft.Managed !== "SAML", needed: (draft) => isNew(draft) && isOwn(draft) && !draft.Email, wrong: (draft) => (isEmail(draft.Email) ? undefined : "users.emailWrong") },
  { name: "SecondaryEmail", label: "users.secondaryEmail", help: "users.secondaryEmailHelp", kind: "email", when: isOwn, wrong: (draft) => (isEmail(draft.SecondaryEmail) ? undefined : "users.emailWrong") },
  { name: "Mobile", label: "users.mobile", help: "users.deskPhoneHelp", kind: "text", wrong: (draft) => (isNumber(draft.Mobile) ? undefined : "users.numberWrong") },
];

const SETTINGS: Field<UserDraft>[] = [
  { name: "SecurityProfileIds", label: "securityProfiles.title", help: "users.securityHelp", kind: "references", source: "securityProfiles", required: true, permission: "Users.EditPermission" },
  { name: "RoutingProfileId", label: "field.routingProfile", kind: "reference", source: "routingProfiles", required: true },
  { name: "PhoneType", label: "users.phoneType", kind: "select", required: true, options: [{ value: "SOFT_PHONE", label: "phoneType.SOFT_PHONE" }, { value: "DESK_PHONE", label: "phoneType.DESK_PHONE" }] },
  { name: "DeskPhoneNumber", label: "users.deskPhone", help: "users.deskPhoneHelp", kind: "text", required: true, when: (draft) => draft.PhoneType === "DESK_PHONE", wrong: (draft) => (isNumber(draft.DeskPhoneNumber) ? undefined : "users.numberWrong") },
  { name: "AutoAccept", label: "users.autoAccept", kind: "toggle", when: (draft) => draft.PhoneType === "SOFT_PHONE" },
  {
    name: "AfterContactWorkTimeLimit", label: "users.acw", help: "users.acwHelp", kind: "number", min: 0, max: LONGEST_ACW,
    wrong: ({ AfterContactWorkTimeLimit: limit = 0 }) => (Number.isInteger(limit) && limit >= 0 && limit <= LONGEST_ACW ? undefined : "users.acwWrong"),
  },
  { name: "HierarchyGroupId", label: "field.hierarchyGroup", help: "users.groupHelp", kind: "reference", source: "hierarchyGroups" },
];

const ADVANCED: Field<UserDraft>[] = [
  {
    name: "Proficiencies",
    label: "proficiency.title",
    kind: "custom",
    wrong: (draft) => proficiencyProblem(draft.Proficiencies),
    render: ({ draft, change, disabled, problem }) => <Proficiencies held={draft.Proficiencies} disabled={disabled} problem={problem} onChange={(Proficiencies) => change({ Proficiencies })} />,
  },
];

export const users: Resource<UserSearchSummary, UserDraft> = {
  key: "users",
  kind: "user",
  title: "users.title",
  one: "users.add",
  permission: "Users",
  accessType: "User",
  list: async ({ instanceId }, { nextToken }) => {
    const page = await connect("SearchUsers", { InstanceId: instanceId, NextToken: nextToken, MaxResults: 100 });
    return { items: page.Users ?? [], nextToken: page.NextToken };
  },
  id: (user) => user.Id!,
  name: (user) => user.Username!,
  columns: [{ id: "login", header: "users.login", cell: (user) => user.Username }],
  fields: [
    ...IDENTITY.map((field) => ({ ...field, section: "users.identity" as const })),
    ...SETTINGS.map((field) => ({ ...field, section: "users.settings" as const })),
    ...ADVANCED.map((field) => ({ ...field, section: "users.advanced" as const, advanced: true })),
  ],
  blank: () => ({
    ...contactOf(undefined), Username: "", Password: "", SecurityProfileIds: [], PhoneType: "SOFT_PHONE",
    DeskPhoneNumber: "", AutoAccept: false, AfterContactWorkTimeLimit: 0, Proficiencies: [], Managed: "CONNECT_MANAGED", Tags: {},
  }),
  prepare: async ({ instanceId }) => ({ Managed: await managed(instanceId) }),
  load: async ({ instanceId }, id) => {
    const at = { InstanceId: instanceId, UserId: id };
    const [{ User: user }, held, Managed] = await Promise.all([
      connect("DescribeUser", at),
      everyPage(async (NextToken) => {
        const page = await connect("ListUserProficiencies", { ...at, NextToken, MaxResults: 100 });
        return [page.UserProficiencyList, page.NextToken];
      }),
      managed(instanceId),
    ]);
    return {
      ...contactOf(user!.IdentityInfo),
      Managed,
      Proficiencies: held,
      Username: user!.Username!,
      Password: "",
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
  actions: ({ id, draft }) => <UserActions id={id} draft={draft} />,
  below: ({ id, draft }) => <EffectiveAccess id={id} profiles={draft.SecurityProfileIds} />,
  deletion: ({ id, name, onClose }) => <DeleteUsers users={[{ id, login: name }]} onClose={onClose} />,
  listPage: () => <UsersPage />,
  page: ({ id, rest }) => <Inner id={id} rest={rest} />,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateUser", {
      InstanceId: instanceId,
      Username: draft.Username,
      Password: isOwn(draft) ? draft.Password : undefined,
      IdentityInfo: identityOf(draft),
      PhoneConfig: phone(draft),
      SecurityProfileIds: draft.SecurityProfileIds,
      RoutingProfileId: draft.RoutingProfileId!,
      HierarchyGroupId: draft.HierarchyGroupId,
      Tags: tagsOrNone(draft.Tags),
    });
    await saveProficiencies(instanceId, made.UserId!, [], draft.Proficiencies);
    return made.UserId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const at = { InstanceId: instanceId, UserId: id };
    if (changed(before, draft, "Username")) await switchroom("RenameUser", { ...at, Username: draft.Username });
    if (changed(before, draft, ...CONTACT)) await saveContact(instanceId, id, draft);
    if (changed(before, draft, "PhoneType", "DeskPhoneNumber", "AutoAccept", "AfterContactWorkTimeLimit")) {
      await connect("UpdateUserPhoneConfig", { ...at, PhoneConfig: phone(draft) });
    }
    if (changed(before, draft, "RoutingProfileId")) await connect("UpdateUserRoutingProfile", { ...at, RoutingProfileId: draft.RoutingProfileId! });
    if (changed(before, draft, "SecurityProfileIds")) await connect("UpdateUserSecurityProfiles", { ...at, SecurityProfileIds: draft.SecurityProfileIds });
    if (changed(before, draft, "HierarchyGroupId")) await connect("UpdateUserHierarchy", { ...at, HierarchyGroupId: draft.HierarchyGroupId });
    await saveProficiencies(instanceId, id, before.Proficiencies, draft.Proficiencies);
  },
  remove: ({ instanceId }, id) => connect("DeleteUser", { InstanceId: instanceId, UserId: id }),
};

function UserActions({ id, draft }: { id: string; draft: UserDraft }): ReactNode {
  const { may } = useSession();
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <SipPasswordButton id={id} name={draft.Username} />
      {isOwn(draft) && may("Users.Edit", "Users.Create") && <ResetPasswordButton id={id} name={draft.Username} />}
    </SpaceBetween>
  );
}

/** A page beneath the list: an import, a bulk edit, or one user. */
function Inner({ id, rest }: { id: string; rest: string }): ReactNode {
  const { may } = useSession();
  if (id === "import") return may("Users.Create") ? <ImportPage /> : <Denied />;
  if (id === "edit") return may("Users.Edit") ? <BulkEditPage batchId={rest} /> : <Denied />;
  return <ResourcePage resource={users} id={id} />;
}
