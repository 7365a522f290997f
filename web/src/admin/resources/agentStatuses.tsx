import { connect } from "../../api";
import type { AgentStatus } from "../../api/connect";
import { contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface AgentStatusDraft extends Draft {
  Name: string;
  Description: string;
  State: "ENABLED" | "DISABLED";
  Type?: string;
  DisplayOrder?: number;
}

export const agentStatuses: Resource<AgentStatus, AgentStatusDraft> = {
  key: "agent-statuses",
  kind: "agent-status",
  title: "agentStatuses.title",
  one: "agentStatuses.add",
  permission: "AgentStates",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchAgentStatuses", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 50 });
    const items = [...(page.AgentStatuses ?? [])].sort((a, b) => (a.DisplayOrder ?? 99) - (b.DisplayOrder ?? 99));
    return { items, nextToken: page.NextToken };
  },
  id: (status) => status.AgentStatusId!,
  name: (status) => status.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (status) => status.Name },
    { id: "description", header: "field.description", cell: (status) => status.Description },
    { id: "type", header: "field.type", cell: (status) => status.Type, codes: "statusType" },
    { id: "state", header: "field.status", cell: (status) => status.State, codes: "state" },
    { id: "order", header: "agentStatuses.order", cell: (status) => status.DisplayOrder },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    { name: "State", label: "field.status", help: "agentStatuses.stateHelp", kind: "select", required: true, options: [{ value: "ENABLED", label: "state.ENABLED" }, { value: "DISABLED", label: "state.DISABLED" }] },
    { name: "DisplayOrder", label: "agentStatuses.order", kind: "number", min: 1, max: 50 },
  ],
  blank: () => ({ Name: "", Description: "", State: "ENABLED", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { AgentStatus: status } = await connect("DescribeAgentStatus", { InstanceId: instanceId, AgentStatusId: id });
    return {
      Name: status!.Name!, Description: status!.Description ?? "", State: status!.State ?? "ENABLED", Type: status!.Type,
      DisplayOrder: status!.DisplayOrder, Tags: status!.Tags ?? {}, Arn: status!.AgentStatusARN,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateAgentStatus", {
      InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), State: draft.State, DisplayOrder: draft.DisplayOrder, Tags: tagsOrNone(draft.Tags),
    });
    return made.AgentStatusId;
  },
  update: async ({ instanceId }, id, draft) => {
    await connect("UpdateAgentStatus", {
      InstanceId: instanceId, AgentStatusId: id, Name: draft.Name, Description: draft.Description, State: draft.State, DisplayOrder: draft.DisplayOrder,
      ResetOrderNumber: draft.DisplayOrder === undefined,
    });
  },
};
