import type { AgentTaskField, CreateAgentTaskRequest, Reference } from "../api/switchroom";
import { targetOf, type Desk, type Params } from "./requests";

interface TaskTemplate {
  Id: string;
  Name: string;
  Description?: string;
  Status: "ACTIVE";
  ContactFlowId?: string;
  Fields: { Id: { Name: string }; Type?: string; Description?: string; SingleSelectOptions?: string[] }[];
  Constraints: Record<"RequiredFields" | "ReadOnlyFields" | "InvisibleFields", { Id: { Name: string } }[]>;
  Defaults: { DefaultFieldValues: { Id: { Name: string }; DefaultValue: string }[] };
}

function references(given: unknown): Record<string, Reference> | undefined {
  const entries = Object.entries((given ?? {}) as Record<string, { value?: string; type?: string }>);
  if (!entries.length) return undefined;
  return Object.fromEntries(entries.map(([name, one]) => [name, { Value: String(one.value ?? ""), Type: (one.type ?? "STRING").toUpperCase() as Reference["Type"] }]));
}

function assignee(endpoint: unknown): { QuickConnectId?: string } {
  if (!endpoint) return {};
  const target = targetOf(endpoint as { endpointARN: string });
  return "QuickConnectId" in target ? target : {};
}

function scheduled(time: unknown): { ScheduledTime?: number } {
  if (time === undefined || time === null) return {};
  const at = time instanceof Date ? time.getTime() / 1000 : Number(time);
  return { ScheduledTime: at > 1e11 ? at / 1000 : at };
}

function common(params: Params): Partial<CreateAgentTaskRequest> {
  const linked = params["relatedContactId"] ?? params["previousContactId"] ?? params["linkedContactId"];
  const found = references(params["references"]);
  return {
    ...(params["description"] ? { Description: String(params["description"]) } : {}),
    ...(found ? { References: found } : {}),
    ...(linked ? { RelatedContactId: String(linked) } : {}),
    ...(params["idempotencyToken"] ? { ClientToken: String(params["idempotencyToken"]) } : {}),
    ...scheduled(params["scheduledTime"]),
  };
}

/** `agent.createTask` of the public task library. */
export async function createTask(desk: Desk, params: Params): Promise<{ contactId: string }> {
  const input = { ...common(params), ...assignee(params["endpoint"]), Name: String(params["name"] ?? "") } as CreateAgentTaskRequest;
  return { contactId: (await desk.call("CreateAgentTask", input)).ContactId };
}

/** A task from a template, with the values of its fields. */
export async function createTemplatedTask(desk: Desk, params: Params): Promise<{ contactId: string }> {
  const data = { ...params, ...((params["contactData"] ?? {}) as Params) };
  const template = (params["taskTemplate"] ?? {}) as { id?: string };
  const input = {
    ...common(data),
    ...assignee(params["endpoint"] ?? (params["quickConnectId"] && { endpointARN: `/transfer-destination/${String(params["quickConnectId"])}` })),
    Name: String(data["name"] ?? ""),
    TaskTemplateId: template.id,
  } as CreateAgentTaskRequest;
  return { contactId: (await desk.call("CreateAgentTask", input)).ContactId };
}

/** Published templates in the public model's names. */
export async function templates(desk: Desk): Promise<TaskTemplate[]> {
  const { TaskTemplates } = await desk.call("GetAgentTaskTemplates", {});
  return TaskTemplates.map((one) => {
    const named = (test: (field: AgentTaskField) => boolean | undefined): { Id: { Name: string } }[] => one.Fields.filter(test).map((field) => ({ Id: { Name: field.Name } }));
    return {
      Id: one.TaskTemplateId,
      Name: one.Name,
      Description: one.Description,
      Status: "ACTIVE",
      ContactFlowId: one.ContactFlowId,
      Fields: one.Fields.map((field) => ({
        Id: { Name: field.Name },
        Type: field.Type,
        Description: field.Description,
        SingleSelectOptions: field.SingleSelectOptions,
      })),
      Constraints: {
        RequiredFields: named((field) => field.Required),
        ReadOnlyFields: named((field) => field.ReadOnly),
        InvisibleFields: named((field) => field.Hidden),
      },
      Defaults: {
        DefaultFieldValues: one.Fields.filter((field) => field.DefaultValue).map((field) => ({ Id: { Name: field.Name }, DefaultValue: field.DefaultValue! })),
      },
    };
  });
}
