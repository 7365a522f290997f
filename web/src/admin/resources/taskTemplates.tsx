import { connect } from "../../api";
import type { TaskTemplateField, TaskTemplateMetadata } from "../../api/connect";
import { TemplateFields, type TemplateRow } from "../editors/TemplateFields";
import { optional, type Draft, type Resource } from "../resource";

interface TaskTemplateDraft extends Draft {
  Name: string;
  Description: string;
  Status: "ACTIVE" | "INACTIVE";
  ContactFlowId?: string;
  Rows: TemplateRow[];
}

function body(draft: TaskTemplateDraft): object {
  const rows = draft.Rows.filter((row) => row.Name);
  const marked = (test: (row: TemplateRow) => boolean): { Id: { Name: string } }[] => rows.filter(test).map((row) => ({ Id: { Name: row.Name } }));
  return {
    Name: draft.Name,
    Description: optional(draft.Description),
    Status: draft.Status,
    ContactFlowId: draft.ContactFlowId,
    Fields: rows.map((row) => ({ Id: { Name: row.Name }, Description: optional(row.Description), Type: row.Type, SingleSelectOptions: row.Type === "SINGLE_SELECT" ? row.Options : undefined })),
    Constraints: { RequiredFields: marked((row) => row.Required), ReadOnlyFields: marked((row) => row.ReadOnly), InvisibleFields: marked((row) => row.Hidden) },
    Defaults: { DefaultFieldValues: rows.filter((row) => row.Default).map((row) => ({ Id: { Name: row.Name }, DefaultValue: row.Default })) },
  };
}

export const taskTemplates: Resource<TaskTemplateMetadata, TaskTemplateDraft> = {
  key: "task-templates",
  kind: "task-template",
  title: "taskTemplates.title",
  one: "taskTemplates.add",
  permission: "TaskTemplates",
  list: async ({ instanceId }, { search, nextToken }) => {
    const page = await connect("ListTaskTemplates", { InstanceId: instanceId, Name: search || undefined, NextToken: nextToken, MaxResults: 25 });
    return { items: page.TaskTemplates ?? [], nextToken: page.NextToken };
  },
  id: (template) => template.Id!,
  name: (template) => template.Name!,
  columns: [
    { id: "name", header: "field.name", cell: (template) => template.Name },
    { id: "description", header: "field.description", cell: (template) => template.Description },
    { id: "status", header: "field.status", cell: (template) => template.Status, codes: "templateStatus" },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 100 },
    { name: "Description", label: "field.description", kind: "textarea", most: 255 },
    { name: "Status", label: "field.status", help: "taskTemplates.statusHelp", kind: "select", required: true, options: [{ value: "ACTIVE", label: "templateStatus.ACTIVE" }, { value: "INACTIVE", label: "templateStatus.INACTIVE" }] },
    { name: "ContactFlowId", label: "taskTemplates.flow", help: "taskTemplates.flowHelp", kind: "reference", source: "flows" },
    { name: "Rows", label: "taskTemplates.fields", kind: "custom", render: ({ draft, change, disabled }) => <TemplateFields rows={draft.Rows} disabled={disabled} onChange={(Rows) => change({ Rows })} /> },
  ],
  blank: () => ({
    Name: "", Description: "", Status: "ACTIVE", Tags: {},
    Rows: [
      { Name: "Name", Description: "", Type: "NAME", Options: [], Required: true, ReadOnly: false, Hidden: false, Default: "" },
      { Name: "Description", Description: "", Type: "DESCRIPTION", Options: [], Required: false, ReadOnly: false, Hidden: false, Default: "" },
      { Name: "Assign to", Description: "", Type: "QUICK_CONNECT", Options: [], Required: false, ReadOnly: false, Hidden: false, Default: "" },
    ],
  }),
  load: async ({ instanceId }, id) => {
    const template = await connect("GetTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id });
    const has = (list: { Id?: { Name?: string } }[] | undefined, field: TaskTemplateField): boolean => (list ?? []).some((one) => one.Id?.Name === field.Id.Name);
    const { RequiredFields, ReadOnlyFields, InvisibleFields } = template.Constraints ?? {};
    return {
      Name: template.Name, Description: template.Description ?? "", Status: template.Status ?? "ACTIVE", ContactFlowId: template.ContactFlowId?.split("/").pop(), Tags: template.Tags ?? {}, Arn: template.Arn,
      Rows: (template.Fields ?? []).map((field) => ({
        Name: field.Id.Name ?? "", Description: field.Description ?? "", Type: field.Type ?? "TEXT", Options: field.SingleSelectOptions ?? [],
        Required: has(RequiredFields, field), ReadOnly: has(ReadOnlyFields, field), Hidden: has(InvisibleFields, field),
        Default: template.Defaults?.DefaultFieldValues?.find((one) => one.Id?.Name === field.Id.Name)?.DefaultValue ?? "",
      })),
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateTaskTemplate", { InstanceId: instanceId, ClientToken: crypto.randomUUID(), ...(body(draft) as { Name: string; Fields: TaskTemplateField[] }) });
    return made.Id;
  },
  update: async ({ instanceId }, id, draft) => {
    await connect("UpdateTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id, ...body(draft) });
  },
  remove: ({ instanceId }, id) => connect("DeleteTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id }),
};
