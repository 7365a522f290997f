import { useState, type ReactNode } from "react";
import Toggle from "@cloudscape-design/components/toggle";
import { connect } from "../../api";
import type { TaskTemplateField, TaskTemplateMetadata } from "../../api/connect";
import { useI18n } from "../../i18n";
import { useNotices } from "../../shared/notices";
import { useSession } from "../../shared/session";
import { APART, blankRow, rowsProblem, TemplateFields, type FieldType, type TemplateRow } from "../editors/TemplateFields";
import { optional, tagsOrNone, type Draft, type Resource } from "../resource";

const LONGEST_MINUTES = 10_080;
/** What the fields that stand apart are called when a template first gets them. */
const NAMES: Partial<Record<FieldType, string>> = { QUICK_CONNECT: "Assign to", SELF_ASSIGN: "Assign to me", SCHEDULED_TIME: "Schedule", EXPIRY_DURATION: "Expires after" };

interface TaskTemplateDraft extends Draft {
  Name: string;
  Description: string;
  Status: "ACTIVE" | "INACTIVE";
  /** Every field in its order, also those of the parts below. */
  Rows: TemplateRow[];
  /** Who says where a task goes: the agent, or a flow. */
  Assignment: "AGENT" | "FLOW";
  Assignee?: string;
  ContactFlowId?: string;
  SelfAssign: boolean;
  SelfAssignFlowId?: string;
  Schedule: boolean;
  Expires: boolean;
  ExpiryMinutes?: number;
}

/** The rows to save: those that stand apart are there when their part says so. */
export function rowsToSave(draft: TaskTemplateDraft): TemplateRow[] {
  const wanted: Partial<Record<FieldType, boolean>> = { QUICK_CONNECT: draft.Assignment === "AGENT", SELF_ASSIGN: draft.SelfAssign, SCHEDULED_TIME: draft.Schedule, EXPIRY_DURATION: draft.Expires };
  const rows = draft.Rows.filter((row) => wanted[row.Type] ?? true);
  for (const type of APART) {
    if (!wanted[type] || rows.some((row) => row.Type === type)) continue;
    const taken = rows.some((row) => row.Name === NAMES[type]);
    rows.push(blankRow(type, taken ? `${NAMES[type]} (${type})` : NAMES[type]));
  }
  const given: Partial<Record<FieldType, string>> = { QUICK_CONNECT: draft.Assignee ?? "", EXPIRY_DURATION: draft.ExpiryMinutes === undefined ? "" : String(draft.ExpiryMinutes) };
  return rows.map((row) => ({ ...row, Name: row.Name.trim(), Default: given[row.Type] ?? row.Default }));
}

function body(draft: TaskTemplateDraft): object {
  const rows = rowsToSave(draft);
  const marked = (test: (row: TemplateRow) => boolean): { Id: { Name: string } }[] => rows.filter(test).map((row) => ({ Id: { Name: row.Name } }));
  return {
    Name: draft.Name,
    Description: optional(draft.Description),
    Status: draft.Status,
    ContactFlowId: draft.ContactFlowId,
    SelfAssignFlowId: draft.SelfAssign ? draft.SelfAssignFlowId : undefined,
    Fields: rows.map((row) => ({ Id: { Name: row.Name }, Description: optional(row.Description), Type: row.Type, SingleSelectOptions: row.Type === "SINGLE_SELECT" ? row.Options : undefined })),
    Constraints: { RequiredFields: marked((row) => row.Required), ReadOnlyFields: marked((row) => row.ReadOnly), InvisibleFields: marked((row) => row.Hidden) },
    Defaults: { DefaultFieldValues: rows.filter((row) => row.Default).map((row) => ({ Id: { Name: row.Name }, DefaultValue: row.Default })) },
  };
}

const idOf = (arn: string | undefined): string | undefined => arn?.split("/").pop() || undefined;

/** Publishes a template from the list, or takes it back (ROUT-90). */
function PublishToggle({ template }: { template: TaskTemplateMetadata }): ReactNode {
  const { t, code } = useI18n();
  const { instanceId, may } = useSession();
  const notices = useNotices();
  const [status, setStatus] = useState(template.Status ?? "ACTIVE");
  const [busy, setBusy] = useState(false);
  const put = async (next: "ACTIVE" | "INACTIVE"): Promise<void> => {
    setBusy(true);
    try {
      await connect("UpdateTaskTemplate", { InstanceId: instanceId, TaskTemplateId: template.Id!, Status: next });
      setStatus(next);
    } catch (error) {
      notices.failure(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Toggle checked={status === "ACTIVE"} disabled={busy || !may("TaskTemplates.Edit")} ariaLabel={t("taskTemplates.publishOf", { name: template.Name ?? "" })} onChange={({ detail }) => void put(detail.checked ? "ACTIVE" : "INACTIVE")}>
      {code("templateStatus", status)}
    </Toggle>
  );
}

function LastUpdated({ at }: { at: number | undefined }): ReactNode {
  const { dateTime } = useI18n();
  return dateTime(at);
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
    { id: "updated", header: "taskTemplates.updated", cell: (template) => <LastUpdated at={template.LastModifiedTime} /> },
    { id: "status", header: "field.status", cell: (template) => <PublishToggle key={`${template.Id} ${template.Status}`} template={template} /> },
  ],
  fields: [
    { name: "Name", label: "field.name", kind: "text", required: true, most: 100 },
    { name: "Description", label: "field.description", help: "taskTemplates.descriptionHelp", kind: "textarea", most: 255 },
    { name: "Status", label: "field.status", help: "taskTemplates.statusHelp", kind: "select", required: true, options: [{ value: "ACTIVE", label: "templateStatus.ACTIVE" }, { value: "INACTIVE", label: "templateStatus.INACTIVE" }] },
    {
      name: "Rows", label: "taskTemplates.fields", section: "taskTemplates.fields", kind: "custom", wrong: (draft) => rowsProblem(draft.Rows),
      render: ({ draft, change, disabled, problem }) => <TemplateFields rows={draft.Rows} disabled={disabled} problem={problem} onChange={(Rows) => change({ Rows })} />,
    },
    {
      name: "Assignment", label: "taskTemplates.whoAssigns", section: "taskTemplates.assignment", kind: "select", required: true,
      options: [{ value: "AGENT", label: "taskTemplates.byAgent" }, { value: "FLOW", label: "taskTemplates.byFlow" }],
    },
    { name: "Assignee", label: "taskTemplates.assignee", section: "taskTemplates.assignment", kind: "reference", source: "quickConnects", when: (draft) => draft.Assignment === "AGENT" },
    { name: "ContactFlowId", label: "taskTemplates.flow", help: "taskTemplates.flowElse", section: "taskTemplates.assignment", kind: "reference", source: "flows", when: (draft) => draft.Assignment === "AGENT" },
    { name: "ContactFlowId", label: "taskTemplates.flow", help: "taskTemplates.flowHelp", section: "taskTemplates.assignment", kind: "reference", source: "flows", required: true, when: (draft) => draft.Assignment === "FLOW" },
    { name: "SelfAssign", label: "taskTemplates.selfAssign", help: "taskTemplates.selfAssignHelp", section: "taskTemplates.assignment", kind: "toggle" },
    { name: "SelfAssignFlowId", label: "taskTemplates.selfFlow", help: "taskTemplates.selfFlowHelp", section: "taskTemplates.assignment", kind: "reference", source: "flows", when: (draft) => draft.SelfAssign, needed: (draft) => !draft.SelfAssignFlowId && !draft.ContactFlowId },
    { name: "Schedule", label: "taskTemplates.schedule", help: "taskTemplates.scheduleHelp", section: "taskTemplates.time", kind: "toggle" },
    { name: "Expires", label: "taskTemplates.expires", help: "taskTemplates.expiresHelp", section: "taskTemplates.time", kind: "toggle" },
    {
      name: "ExpiryMinutes", label: "taskTemplates.expiryMinutes", section: "taskTemplates.time", kind: "number", min: 1, max: LONGEST_MINUTES, when: (draft) => draft.Expires,
      wrong: ({ ExpiryMinutes: minutes }) => (minutes !== undefined && !(Number.isInteger(minutes) && minutes >= 1 && minutes <= LONGEST_MINUTES) ? "task.notDuration" : undefined),
    },
  ],
  blank: () => ({
    Name: "", Description: "", Status: "ACTIVE", Tags: {}, Assignment: "AGENT", SelfAssign: false, Schedule: true, Expires: false,
    Rows: [blankRow("NAME", "Name", true), blankRow("DESCRIPTION", "Description")],
  }),
  load: async ({ instanceId }, id) => {
    const template = await connect("GetTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id });
    const has = (list: { Id?: { Name?: string } }[] | undefined, field: TaskTemplateField): boolean => (list ?? []).some((one) => one.Id?.Name === field.Id.Name);
    const { RequiredFields, ReadOnlyFields, InvisibleFields } = template.Constraints ?? {};
    const Rows = (template.Fields ?? []).map((field): TemplateRow => ({
      Name: field.Id.Name ?? "", Description: field.Description ?? "", Type: field.Type ?? "TEXT", Options: field.SingleSelectOptions ?? [],
      Required: field.Type === "NAME" || has(RequiredFields, field), ReadOnly: has(ReadOnlyFields, field), Hidden: has(InvisibleFields, field),
      Default: template.Defaults?.DefaultFieldValues?.find((one) => one.Id?.Name === field.Id.Name)?.DefaultValue ?? "",
    }));
    const row = (type: FieldType): TemplateRow | undefined => Rows.find((one) => one.Type === type);
    const minutes = row("EXPIRY_DURATION")?.Default;
    return {
      Name: template.Name, Description: template.Description ?? "", Status: template.Status ?? "ACTIVE", Tags: template.Tags ?? {}, Arn: template.Arn, Rows,
      Assignment: row("QUICK_CONNECT") ? "AGENT" : "FLOW", Assignee: idOf(row("QUICK_CONNECT")?.Default), ContactFlowId: idOf(template.ContactFlowId),
      SelfAssign: row("SELF_ASSIGN") !== undefined, SelfAssignFlowId: idOf(template.SelfAssignFlowId),
      Schedule: row("SCHEDULED_TIME") !== undefined, Expires: row("EXPIRY_DURATION") !== undefined, ExpiryMinutes: minutes ? Number(minutes) : undefined,
    };
  },
  nameOf: (draft) => draft.Name,
  create: async ({ instanceId }, draft) => {
    const made = await connect("CreateTaskTemplate", { InstanceId: instanceId, ClientToken: crypto.randomUUID(), ...(body(draft) as { Name: string; Fields: TaskTemplateField[] }) });
    const tags = tagsOrNone(draft.Tags);
    if (tags) await connect("TagResource", { resourceArn: made.Arn, tags });
    return made.Id;
  },
  update: async ({ instanceId }, id, draft) => {
    await connect("UpdateTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id, ...body(draft) });
  },
  remove: ({ instanceId }, id) => connect("DeleteTaskTemplate", { InstanceId: instanceId, TaskTemplateId: id }),
};
