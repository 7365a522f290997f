import { connect } from "../../api";
import type { AgentStatus } from "../../api/connect";
import { StatusesPage } from "../statuses/StatusesPage";
import { contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface AgentStatusDraft extends Draft {
  Name: string;
  Description: string;
  State: "ENABLED" | "DISABLED";
  Type?: string;
}

export const agentStatuses: Resource<AgentStatus, AgentStatusDraft> = {
  key: "agent-statuses",
  kind: "agent-status",
  title: "agentStatuses.title",
  one: "agentStatuses.add",
  permission: "AgentStates",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchAgentStatuses", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 50 });
    return { items: page.AgentStatuses ?? [], nextToken: page.NextToken };
  },
  id: (status) => status.AgentStatusId!,
  name: (status) => status.Name!,
  columns: [{ id: "name", header: "field.name", cell: (status) => status.Name }],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Description", label: "field.description", kind: "textarea", most: 250 },
    {
      name: "State", label: "field.status", help: "agentStatuses.stateHelp", kind: "select", required: true, when: (draft) => draft.Type === "CUSTOM",
      options: [{ value: "ENABLED", label: "state.ENABLED" }, { value: "DISABLED", label: "state.DISABLED" }],
    },
  ],
  listPage: () => <StatusesPage />,
  blank: () => ({ Name: "", Description: "", State: "ENABLED", Type: "CUSTOM", Tags: {} }),
  load: async ({ instanceId }, id) => {
    const { AgentStatus: status } = await connect("DescribeAgentStatus", { InstanceId: instanceId, AgentStatusId: id });
    return {
      Name: status!.Name!, Description: status!.Description ?? "", State: status!.State ?? "ENABLED", Type: status!.Type,
      Tags: status!.Tags ?? {}, Arn: status!.AgentStatusARN,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateAgentStatus", {
      InstanceId: instanceId, Name: draft.Name, Description: optional(draft.Description), State: draft.State, Tags: tagsOrNone(draft.Tags),
    });
    return made.AgentStatusId;
  },
  update: async ({ instanceId }, id, draft, before) => {
    await connect("UpdateAgentStatus", {
      InstanceId: instanceId, AgentStatusId: id, Name: draft.Name, Description: draft.Description, State: draft.State,
      ResetOrderNumber: draft.State === "ENABLED" && before.State !== "ENABLED" ? true : undefined,
    });
  },
};
