import { connect } from "../../api";
import type { Queue } from "../../api/connect";
import { changed, contains, difference, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface QueueDraft extends Draft {
  Name: string;
  Description: string;
  HoursOfOperationId?: string;
  MaxContacts?: number;
  Status: "ENABLED" | "DISABLED";
  OutboundCallerIdName: string;
  OutboundCallerIdNumberId?: string;
  OutboundFlowId?: string;
  QuickConnectIds: string[];
}

const caller = (draft: QueueDraft): object => ({
  OutboundCallerIdName: optional(draft.OutboundCallerIdName),
  OutboundCallerIdNumberId: draft.OutboundCallerIdNumberId,
  OutboundFlowId: draft.OutboundFlowId,
});

export const queues: Resource<Queue, QueueDraft> = {
  key: "queues",
  kind: "queue",
  title: "queues.title",
  one: "queues.add",
  permission: "Queues",
  accessType: "Queue",
  deletePermission: "Queues.Edit",
  list: async ({ instanceId }, { search, nextToken }) => {
    const SearchCriteria = { AndConditions: [{ QueueTypeCondition: "STANDARD" as const }, ...(search ? [contains(search)!] : [])] };
    const page = await connect("SearchQueues", { InstanceId: instanceId, SearchCriteria, NextToken: nextToken, MaxResults: 25 });
    return { items: page.Queues ?? [], nextToken: page.NextToken };
  },
  id: (queue) => queue.QueueId!,
  name: (queue) => queue.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (queue) => queue.Name },
    { id: "description", header: "field.description", cell: (queue) => queue.Description },
    { id: "hours", header: "field.hours", cell: (queue) => queue.HoursOfOperationId, source: "hours" },
    { id: "status", header: "field.status", cell: (queue) => queue.Status, codes: "state" },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 256 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    { name: "Status", label: "field.status", kind: "select", required: true, when: (draft) => Boolean(draft.Arn), options: [{ value: "ENABLED", label: "state.ENABLED" }, { value: "DISABLED", label: "state.DISABLED" }] },
    { name: "HoursOfOperationId", label: "field.hours", kind: "reference", source: "hours", required: true },
    { name: "MaxContacts", label: "queues.maxContacts", help: "queues.maxContactsHelp", kind: "number", min: 0 },
    { name: "QuickConnectIds", label: "quickConnects.title", help: "queues.quickConnectsHelp", kind: "references", source: "quickConnects" },
    { name: "OutboundCallerIdName", label: "queues.callerName", kind: "text", most: 255 },
    { name: "OutboundCallerIdNumberId", label: "queues.callerNumber", kind: "reference", source: "phoneNumbers" },
    { name: "OutboundFlowId", label: "queues.whisper", kind: "reference", source: "whisperFlows" },
  ],
  blank: () => ({ Name: "", Description: "", Status: "ENABLED", OutboundCallerIdName: "", QuickConnectIds: [], Tags: {} }),
  load: async ({ instanceId }, id) => {
    const [{ Queue: queue }, connects] = await Promise.all([
      connect("DescribeQueue", { InstanceId: instanceId, QueueId: id }),
      connect("ListQueueQuickConnects", { InstanceId: instanceId, QueueId: id, MaxResults: 100 }),
    ]);
    return {
      Name: queue!.Name!,
      Description: queue!.Description ?? "",
      HoursOfOperationId: queue!.HoursOfOperationId,
      MaxContacts: queue!.MaxContacts,
      Status: queue!.Status ?? "ENABLED",
      OutboundCallerIdName: queue!.OutboundCallerConfig?.OutboundCallerIdName ?? "",
      OutboundCallerIdNumberId: queue!.OutboundCallerConfig?.OutboundCallerIdNumberId,
      OutboundFlowId: queue!.OutboundCallerConfig?.OutboundFlowId,
      QuickConnectIds: (connects.QuickConnectSummaryList ?? []).map((one) => one.Id!),
      Tags: queue!.Tags ?? {},
      Arn: queue!.QueueArn,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateQueue", {
      InstanceId: instanceId,
      Name: draft.Name,
      Description: optional(draft.Description),
      HoursOfOperationId: draft.HoursOfOperationId!,
      MaxContacts: draft.MaxContacts,
      OutboundCallerConfig: Object.values(caller(draft)).some(Boolean) ? caller(draft) : undefined,
      QuickConnectIds: draft.QuickConnectIds.length ? draft.QuickConnectIds : undefined,
      Tags: tagsOrNone(draft.Tags),
    });
    return made.QueueId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    const at = { InstanceId: instanceId, QueueId: id };
    if (changed(before, draft, "Name", "Description")) await connect("UpdateQueueName", { ...at, Name: draft.Name, Description: draft.Description });
    if (changed(before, draft, "Status")) await connect("UpdateQueueStatus", { ...at, Status: draft.Status });
    if (changed(before, draft, "HoursOfOperationId")) await connect("UpdateQueueHoursOfOperation", { ...at, HoursOfOperationId: draft.HoursOfOperationId! });
    if (changed(before, draft, "MaxContacts")) await connect("UpdateQueueMaxContacts", { ...at, MaxContacts: draft.MaxContacts });
    if (changed(before, draft, "OutboundCallerIdName", "OutboundCallerIdNumberId", "OutboundFlowId")) {
      await connect("UpdateQueueOutboundCallerConfig", { ...at, OutboundCallerConfig: caller(draft) });
    }
    const { added, removed } = difference(before.QuickConnectIds, draft.QuickConnectIds);
    if (added.length) await connect("AssociateQueueQuickConnects", { ...at, QuickConnectIds: added });
    if (removed.length) await connect("DisassociateQueueQuickConnects", { ...at, QuickConnectIds: removed });
  },
  remove: ({ instanceId }, id) => connect("DeleteQueue", { InstanceId: instanceId, QueueId: id }),
};
