import type { AgentTaskField, AgentTaskTemplate, CreateAgentTaskRequest, Reference } from "../api/switchroom";
import type { TextKey } from "../i18n";
import { blankMoment, epochOf, momentOf, type Moment } from "../shared/zoned";

export const SCHEDULE_DAYS = 6;
const EXPIRY_MOST = 7 * 24 * 60;

type FieldType = AgentTaskField["Type"];

/** Characters of a value by type of field. */
export const MOST: Partial<Record<FieldType, number>> = { NAME: 512, DESCRIPTION: 4096, TEXT: 512, TEXT_AREA: 4096 };

export interface LinkRow {
  name: string;
  value: string;
}

/** What was entered: values and moments by name of the field. */
export interface TaskDraft {
  values: Record<string, string>;
  moments: Record<string, Moment>;
  references: LinkRow[];
}

/** The fields of a task without a template. */
export function freeFields(label: (key: TextKey) => string): AgentTaskField[] {
  return [
    { Name: label("task.name"), Type: "NAME", Required: true },
    { Name: label("task.description"), Type: "DESCRIPTION" },
    { Name: label("task.assignTo"), Type: "QUICK_CONNECT", Required: true },
    { Name: label("task.schedule"), Type: "SCHEDULED_TIME" },
  ];
}

/** The fields to show for a template: in its order, without those that are hidden. A place to assign the task to is shown wherever the task would go nowhere else. */
export function shownFields(template: AgentTaskTemplate, label: (key: TextKey) => string): AgentTaskField[] {
  const shown = template.Fields.filter((field) => !field.Hidden);
  const nowhere = !template.ContactFlowId && !template.Fields.some((field) => field.Type === "QUICK_CONNECT" && (!field.Hidden || field.DefaultValue));
  return nowhere ? [...shown, { Name: label("task.assignTo"), Type: "QUICK_CONNECT", Required: true }] : shown;
}

export function startDraft(fields: AgentTaskField[]): TaskDraft {
  const draft: TaskDraft = { values: {}, moments: {}, references: [] };
  for (const field of fields) {
    const given = field.DefaultValue ?? "";
    if (field.Type === "DATE_TIME" || field.Type === "SCHEDULED_TIME") {
      const at = /^\d+$/.test(given) ? Number(given) : Date.parse(given) / 1000;
      draft.moments[field.Name] = given && !Number.isNaN(at) ? momentOf(at) : blankMoment();
    } else {
      draft.values[field.Name] = field.Type === "QUICK_CONNECT" ? (given.split("/").pop() ?? "") : field.Type === "BOOLEAN" ? given || "false" : given;
    }
  }
  return draft;
}

export function isSelfAssigned(fields: AgentTaskField[], draft: TaskDraft): boolean {
  return fields.some((field) => field.Type === "SELF_ASSIGN" && draft.values[field.Name] === "true");
}

/** Whether the form insists on a value. */
export function isNeeded(field: AgentTaskField, fields: AgentTaskField[], template: AgentTaskTemplate | null, draft: TaskDraft): boolean {
  if (field.Type === "QUICK_CONNECT") return !isSelfAssigned(fields, draft) && (field.Required || !template?.ContactFlowId);
  return field.Required === true || field.Type === "NAME";
}

/** What is wrong with a value that was entered. */
export function problemOf(field: AgentTaskField, draft: TaskDraft, now: number): TextKey | undefined {
  const moment = draft.moments[field.Name];
  if (moment) {
    if (!moment.date && !moment.time) return undefined;
    const at = epochOf(moment);
    if (at === undefined) return "task.dateAndTime";
    if (field.Type === "SCHEDULED_TIME" && (at < now || at > now + SCHEDULE_DAYS * 86400)) return "task.scheduleRange";
    return undefined;
  }
  const value = (draft.values[field.Name] ?? "").trim();
  if (!value) return undefined;
  if (field.Type === "NUMBER" && !/^[+-]?(\d+(\.\d*)?|\.\d+)$/.test(value)) return "task.notNumber";
  if (field.Type === "URL" && !/^https?:\/\/[^\s/]+\S*$/i.test(value)) return "task.notUrl";
  if (field.Type === "EMAIL" && !/^[^@\s]+@[^@\s.]+(\.[^@\s.]+)+$/.test(value)) return "task.notEmail";
  if (field.Type === "EXPIRY_DURATION" && !(/^\d{1,5}$/.test(value) && Number(value) >= 1 && Number(value) <= EXPIRY_MOST)) return "task.notDuration";
  return undefined;
}

export function isEmpty(field: AgentTaskField, draft: TaskDraft): boolean {
  const moment = draft.moments[field.Name];
  return moment ? !moment.date && !moment.time : !(draft.values[field.Name] ?? "").trim();
}

/** The request that makes the task. */
export function requestOf(fields: AgentTaskField[], template: AgentTaskTemplate | null, draft: TaskDraft): CreateAgentTaskRequest {
  const request: CreateAgentTaskRequest = { TaskTemplateId: template?.TaskTemplateId };
  const references: Record<string, Reference> = {};
  for (const row of draft.references) if (row.name && row.value) references[row.name] = { Type: "URL", Value: row.value };
  const self = isSelfAssigned(fields, draft);
  for (const field of fields) {
    if (isEmpty(field, draft)) continue;
    const moment = draft.moments[field.Name];
    const at = moment && epochOf(moment);
    const value = (draft.values[field.Name] ?? "").trim();
    if (field.Type === "NAME") request.Name = value;
    else if (field.Type === "DESCRIPTION") request.Description = value;
    else if (field.Type === "QUICK_CONNECT") request.QuickConnectId = self ? undefined : value;
    else if (field.Type === "SCHEDULED_TIME") request.ScheduledTime = at;
    else if (field.Type === "EXPIRY_DURATION") request.ExpiryDurationInMinutes = Number(value);
    else if (field.Type === "SELF_ASSIGN") request.SelfAssign = self || undefined;
    else references[field.Name] = { Type: referenceType(field.Type), Value: moment ? String(at) : value };
  }
  return { ...request, References: Object.keys(references).length ? references : undefined };
}

function referenceType(type: FieldType): Reference["Type"] {
  if (type === "URL" || type === "NUMBER" || type === "EMAIL") return type;
  return type === "DATE_TIME" ? "DATE" : "STRING";
}
