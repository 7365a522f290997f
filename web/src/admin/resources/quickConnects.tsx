import { connect } from "../../api";
import type { QuickConnect, QuickConnectConfig } from "../../api/connect";
import { changed, contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface QuickConnectDraft extends Draft {
  Name: string;
  Description: string;
  Type: "USER" | "QUEUE" | "PHONE_NUMBER";
  UserId?: string;
  QueueId?: string;
  ContactFlowId?: string;
  PhoneNumber: string;
}

function config(draft: QuickConnectDraft): QuickConnectConfig {
  if (draft.Type === "PHONE_NUMBER") return { QuickConnectType: "PHONE_NUMBER", PhoneConfig: { PhoneNumber: draft.PhoneNumber } };
  if (draft.Type === "USER") return { QuickConnectType: "USER", UserConfig: { UserId: draft.UserId!, ContactFlowId: draft.ContactFlowId! } };
  return { QuickConnectType: "QUEUE", QueueConfig: { QueueId: draft.QueueId!, ContactFlowId: draft.ContactFlowId! } };
}

export const quickConnects: Resource<QuickConnect, QuickConnectDraft> = {
  key: "quick-connects",
  kind: "quick-connect",
  title: "quickConnects.title",
  one: "quickConnects.add",
  permission: "TransferDestinations",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchQuickConnects", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 25 });
    return { items: page.QuickConnects ?? [], nextToken: page.NextToken };
  },
  id: (one) => one.QuickConnectId!,
  name: (one) => one.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (one) => one.Name },
    { id: "type", header: "field.type", cell: (one) => one.QuickConnectConfig?.QuickConnectType, codes: "quickConnectType" },
    { id: "description", header: "field.description", cell: (one) => one.Description },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    {
      name: "Type", label: "field.type", kind: "select", required: true,
      options: [{ value: "USER", label: "quickConnectType.USER" }, { value: "QUEUE", label: "quickConnectType.QUEUE" }, { value: "PHONE_NUMBER", label: "quickConnectType.PHONE_NUMBER" }],
    },
    { name: "UserId", label: "quickConnectType.USER", kind: "reference", source: "users", required: true, when: (draft) => draft.Type === "USER" },
    { name: "QueueId", label: "field.queue", kind: "reference", source: "queues", required: true, when: (draft) => draft.Type === "QUEUE" },
    { name: "ContactFlowId", label: "quickConnects.flow", kind: "reference", source: "transferFlows", required: true, when: (draft) => draft.Type !== "PHONE_NUMBER" },
    { name: "PhoneNumber", label: "field.phoneNumber", help: "users.deskPhoneHelp", kind: "text", required: true, when: (draft) => draft.Type === "PHONE_NUMBER" },
  ],
  blank: () => ({ Name: "", Description: "", Type: "QUEUE", PhoneNumber: "", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { QuickConnect: one } = await connect("DescribeQuickConnect", { InstanceId: instanceId, QuickConnectId: id });
    const { QuickConnectType, UserConfig, QueueConfig, PhoneConfig } = one!.QuickConnectConfig!;
    return {
      Name: one!.Name!,
      Description: one!.Description ?? "",
      Type: QuickConnectType as QuickConnectDraft["Type"],
      UserId: UserConfig?.UserId,
      QueueId: QueueConfig?.QueueId,
      ContactFlowId: UserConfig?.ContactFlowId ?? QueueConfig?.ContactFlowId,
      PhoneNumber: PhoneConfig?.PhoneNumber ?? "",
      Tags: one!.Tags ?? {},
      Arn: one!.QuickConnectARN,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateQuickConnect", {
      InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), QuickConnectConfig: config(draft), Tags: tagsOrNone(draft.Tags),
    });
    return made.QuickConnectId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const at = { InstanceId: instanceId, QuickConnectId: id };
    if (changed(before, draft, "Name", "Description")) await connect("UpdateQuickConnectName", { ...at, Name: draft.Name, Description: draft.Description });
    if (changed(before, draft, "Type", "UserId", "QueueId", "ContactFlowId", "PhoneNumber")) await connect("UpdateQuickConnectConfig", { ...at, QuickConnectConfig: config(draft) });
  },
  remove: ({ instanceId }, id) => connect("DeleteQuickConnect", { InstanceId: instanceId, QuickConnectId: id }),
};
