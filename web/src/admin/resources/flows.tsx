import { connect } from "../../api";
import type { ContactFlow } from "../../api/connect";
import { FlowPage } from "../pages/FlowPage";
import { contains, optional, tagsOrNone, type Draft, type Resource } from "../resource";

interface FlowDraft extends Draft {
  Name: string;
  Description: string;
  Type: NonNullable<ContactFlow["Type"]>;
}

const TYPES = [
  "CONTACT_FLOW", "CUSTOMER_QUEUE", "CUSTOMER_HOLD", "CUSTOMER_WHISPER", "AGENT_HOLD", "AGENT_WHISPER", "OUTBOUND_WHISPER", "AGENT_TRANSFER", "QUEUE_TRANSFER",
] as const;

/** The smallest flow there is: it hangs up. New flows begin with it, as drafts. */
const EMPTY = {
  Version: "2019-10-30",
  StartAction: "end",
  Metadata: { entryPointPosition: { x: 40, y: 40 }, ActionMetadata: { end: { position: { x: 280, y: 40 } } } },
  Actions: [{ Identifier: "end", Type: "DisconnectParticipant", Parameters: {}, Transitions: {} }],
};

export const flows: Resource<ContactFlow, FlowDraft> = {
  key: "flows",
  kind: "contact-flow",
  title: "flows.title",
  one: "flows.add",
  permission: "ContactFlows",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("SearchContactFlows", { InstanceId: instanceId, SearchCriteria: contains(search), NextToken: nextToken, MaxResults: 50 });
    return { items: page.ContactFlows ?? [], nextToken: page.NextToken };
  },
  id: (flow) => flow.Id!,
  name: (flow) => flow.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (flow) => flow.Name },
    { id: "type", header: "field.type", cell: (flow) => flow.Type, codes: "flowType" },
    { id: "status", header: "field.status", cell: (flow) => flow.Status, codes: "flowStatus" },
    { id: "description", header: "field.description", cell: (flow) => flow.Description },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 127 },
    { name: "Type", label: "field.type", kind: "select", required: true, options: TYPES.map((value) => ({ value, label: `flowType.${value}` as const })) },
    { name: "Description", label: "field.description", kind: "textarea", most: 500 },
  ],
  blank: () => ({ Name: "", Description: "", Type: "CONTACT_FLOW", Tags: {} }),
  load: () => Promise.reject(new Error("flows have a page of their own")),
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateContactFlow", {
      InstanceId: instanceId, Name: draft.Name, Type: draft.Type, Description: optional(draft.Description), Content: JSON.stringify(EMPTY), Status: "SAVED", Tags: tagsOrNone(draft.Tags),
    });
    return made.ContactFlowId;
  },
  update: () => Promise.resolve(),
  remove: ({ instanceId }, id) => connect("DeleteContactFlow", { InstanceId: instanceId, ContactFlowId: id }),
  page: ({ id }) => <FlowPage id={id} />,
};
