import { connect, switchroom } from "../../api";
import { ServiceError } from "../../api/client";
import type { CreateContactFlowRequest } from "../../api/connect";

export type Kind = "flow" | "module";
export type FlowType = CreateContactFlowRequest["Type"];

export const FLOW_TYPES = [
  "CONTACT_FLOW", "CUSTOMER_QUEUE", "CUSTOMER_HOLD", "CUSTOMER_WHISPER", "OUTBOUND_WHISPER", "AGENT_HOLD", "AGENT_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER",
] as const satisfies readonly FlowType[];
export const MODULE = "MODULE";

/** A flow or module as one reading of it: its draft, what runs, or a version. */
export interface Held {
  id: string;
  arn: string;
  name: string;
  description: string;
  /** One of FLOW_TYPES, or MODULE. */
  type: string;
  archived: boolean;
  /** The content is a draft that is newer than what runs. */
  draft: boolean;
  content: string;
  version?: number;
  versionDescription?: string;
  modifiedAt?: number;
}

/** The same operations for flows and for modules. */
export interface Shelf {
  kind: Kind;
  /** Place of its list in the address. */
  key: "flows" | "flow-modules";
  permission: "ContactFlows" | "ContactFlowModules";
  /** Kind in the change history. */
  resource: string;
  describe: (instanceId: string, id: string) => Promise<Held>;
  create: (instanceId: string, made: { name: string; description: string; type: string; content: string }) => Promise<string>;
  saveDraft: (instanceId: string, id: string, content: string) => Promise<unknown>;
  publish: (instanceId: string, id: string, content: string) => Promise<unknown>;
  rename: (instanceId: string, id: string, name: string, description: string) => Promise<unknown>;
  setArchived: (instanceId: string, id: string, archived: boolean) => Promise<unknown>;
  remove: (instanceId: string, id: string) => Promise<unknown>;
  /** Active or archived ones whose name contains a text. */
  search: (instanceId: string, wanted: Wanted) => Promise<{ items: Held[]; next?: string }>;
}

export interface Wanted {
  text: string;
  archived: boolean;
  next?: string;
}

const state = (archived: boolean): "ARCHIVED" | "ACTIVE" => (archived ? "ARCHIVED" : "ACTIVE");

const PAGE = 50;
const condition = (text: string): { StringCondition?: { FieldName: string; Value: string; ComparisonType: "CONTAINS" } } =>
  text ? { StringCondition: { FieldName: "name", Value: text, ComparisonType: "CONTAINS" } } : {};

const flows: Shelf = {
  kind: "flow",
  key: "flows",
  permission: "ContactFlows",
  resource: "contact-flow",
  describe: async (InstanceId, ContactFlowId) => {
    const one = (await connect("DescribeContactFlow", { InstanceId, ContactFlowId })).ContactFlow!;
    return held(one, one.Type ?? "CONTACT_FLOW", one.State);
  },
  create: async (InstanceId, { name, description, type, content }) => {
    const Type = FLOW_TYPES.find((one) => one === type) ?? "CONTACT_FLOW";
    const made = await connect("CreateContactFlow", { InstanceId, Name: name, Type, Description: description || undefined, Content: content, Status: "SAVED" });
    return made.ContactFlowId!;
  },
  saveDraft: (InstanceId, id, Content) => connect("UpdateContactFlowContent", { InstanceId, ContactFlowId: `${id}:$SAVED`, Content }),
  publish: (InstanceId, ContactFlowId, Content) => connect("UpdateContactFlowContent", { InstanceId, ContactFlowId, Content }),
  rename: (InstanceId, ContactFlowId, Name, Description) => connect("UpdateContactFlowMetadata", { InstanceId, ContactFlowId, Name, Description }),
  setArchived: (InstanceId, ContactFlowId, archived) => connect("UpdateContactFlowMetadata", { InstanceId, ContactFlowId, ContactFlowState: state(archived) }),
  remove: (InstanceId, ContactFlowId) => connect("DeleteContactFlow", { InstanceId, ContactFlowId }),
  search: async (InstanceId, { text, archived, next }) => {
    const SearchCriteria = { AndConditions: [{ StateCondition: state(archived) }, ...(text ? [condition(text)] : [])] };
    const page = await connect("SearchContactFlows", { InstanceId, SearchCriteria, NextToken: next, MaxResults: PAGE });
    return { items: (page.ContactFlows ?? []).map((one) => held(one, one.Type ?? "CONTACT_FLOW", one.State)), next: page.NextToken };
  },
};

const modules: Shelf = {
  kind: "module",
  key: "flow-modules",
  permission: "ContactFlowModules",
  resource: "contact-flow-module",
  describe: async (InstanceId, ContactFlowModuleId) => {
    const one = (await connect("DescribeContactFlowModule", { InstanceId, ContactFlowModuleId })).ContactFlowModule!;
    return held(one, MODULE, one.State);
  },
  create: async (InstanceId, { name, description, content }) => {
    const made = await switchroom("CreateFlowModuleDraft", { InstanceId, Name: name, Description: description || undefined, Content: content });
    return made.ModuleId;
  },
  saveDraft: (InstanceId, id, Content) => connect("UpdateContactFlowModuleContent", { InstanceId, ContactFlowModuleId: `${id}:$SAVED`, Content }),
  publish: (InstanceId, ContactFlowModuleId, Content) => connect("UpdateContactFlowModuleContent", { InstanceId, ContactFlowModuleId, Content }),
  rename: (InstanceId, ContactFlowModuleId, Name, Description) => connect("UpdateContactFlowModuleMetadata", { InstanceId, ContactFlowModuleId, Name, Description }),
  setArchived: (InstanceId, ContactFlowModuleId, archived) => connect("UpdateContactFlowModuleMetadata", { InstanceId, ContactFlowModuleId, State: state(archived) }),
  remove: (InstanceId, ContactFlowModuleId) => connect("DeleteContactFlowModule", { InstanceId, ContactFlowModuleId }),
  search: async (InstanceId, { text, archived, next }) => {
    const SearchCriteria = { AndConditions: [{ StateCondition: state(archived) }, ...(text ? [condition(text)] : [])] };
    const page = await connect("SearchContactFlowModules", { InstanceId, SearchCriteria, NextToken: next, MaxResults: PAGE });
    return { items: (page.ContactFlowModules ?? []).map((one) => held(one, MODULE, one.State)), next: page.NextToken };
  },
};

export const shelves: Record<Kind, Shelf> = { flow: flows, module: modules };

/** What is worked on (the draft, else what runs) and what runs (null: never published). */
export async function readBoth(shelf: Shelf, instanceId: string, id: string): Promise<{ working: Held; live: Held | null }> {
  const [working, live] = await Promise.all([
    shelf.describe(instanceId, `${id}:$SAVED`),
    shelf.describe(instanceId, id).catch((error: unknown) => {
      if (error instanceof ServiceError && error.code === "ContactFlowNotPublishedException") return null;
      throw error;
    }),
  ]);
  return { working: { ...working, id, arn: working.arn.replace(/:\$SAVED$/, "") }, live };
}

interface Described {
  Id?: string;
  Arn?: string;
  Name?: string;
  Description?: string;
  Status?: string;
  Content?: string;
  Version?: number;
  VersionDescription?: string;
  LastModifiedTime?: number;
}

function held(one: Described, type: string, itsState: string | undefined): Held {
  return {
    id: one.Id!, arn: one.Arn ?? "", name: one.Name ?? "", description: one.Description ?? "", type, archived: itsState === "ARCHIVED", draft: one.Status === "SAVED",
    content: one.Content ?? "", version: one.Version, versionDescription: one.VersionDescription, modifiedAt: one.LastModifiedTime,
  };
}
