import type { Reference, Rule, RuleAction } from "../../api/connect";
import type { RuleField, RuleTrigger } from "../../api/switchroom";

export const VERSION = "2022-11-25";
export const MOST_CONDITIONS = 20;
export const NAME = /^[0-9a-zA-Z._-]{1,200}$/;

/** A condition of a list whose parts are all, or any, to hold. */
export interface Condition {
  /** The field's reference; a free one goes on with a dot and `own`. */
  field: string;
  own: string;
  operator: string;
  /** One value a line where the operator takes several. */
  value: string;
  negate: boolean;
}

export interface ReferenceDraft {
  name: string;
  type: Reference["Type"];
  value: string;
}

export interface ActionDraft {
  key: string;
  action: RuleAction;
  /** The references of a task, in their order. */
  references: ReferenceDraft[];
}

export interface RuleDraft {
  name: string;
  trigger: string;
  connection: string;
  any: boolean;
  conditions: Condition[];
  /** The function as text, where it says more than the list can. */
  text?: string;
  actions: ActionDraft[];
}

export const SEVERAL = "CONTAINS_ANY";

export function emptyRule(): RuleDraft {
  return { name: "", trigger: "", connection: "", any: false, conditions: [], actions: [newAction("CREATE_TASK")] };
}

let made = 0;

export function newAction(type: RuleAction["ActionType"]): ActionDraft {
  made += 1;
  const key = `${type} ${made}`;
  if (type === "CREATE_TASK") return { key, action: { ActionType: type, TaskAction: { Name: "", ContactFlowId: "" } }, references: [{ name: "taskRef", type: "URL", value: "" }] };
  if (type === "GENERATE_EVENTBRIDGE_EVENT") return { key, action: { ActionType: type, EventBridgeAction: { Name: "" } }, references: [] };
  if (type === "SEND_NOTIFICATION") return { key, action: { ActionType: type, SendNotificationAction: { DeliveryMethod: "EMAIL", ContentType: "PLAIN_TEXT", Subject: "", Content: "", Recipient: { UserIds: [] } } }, references: [] };
  return { key, action: { ActionType: type }, references: [] };
}

export function newCondition(trigger: RuleTrigger | undefined): Condition {
  const field = trigger?.Fields[0];
  return { field: field?.ComparisonValue ?? "", own: "", operator: field?.Operators[0] ?? "EQUALS", value: "", negate: false };
}

export function fieldOf(trigger: RuleTrigger | undefined, reference: string): RuleField | undefined {
  return trigger?.Fields.find((one) => (one.Free ? reference.startsWith(`${one.ComparisonValue}.`) || reference === one.ComparisonValue : reference === one.ComparisonValue));
}

/** The draft of a stored rule. */
export function readRule(rule: Rule, trigger: RuleTrigger | undefined): RuleDraft {
  const list = readFunction(rule.Function, trigger);
  return {
    name: rule.Name,
    trigger: rule.TriggerEventSource.EventSourceName,
    connection: rule.TriggerEventSource.IntegrationAssociationId ?? "",
    any: list?.any ?? false,
    conditions: list?.conditions ?? [],
    ...(list ? {} : { text: pretty(rule.Function) }),
    actions: rule.Actions.map((action) => {
      const named = Object.entries(action.TaskAction?.References ?? {});
      return { ...newAction(action.ActionType), action, references: named.map(([name, one]) => ({ name, type: one.Type, value: one.Value ?? "" })) };
    }),
  };
}

/** The list a function is, or null where it has groups in groups, filters, or fields that are not known. */
export function readFunction(text: string, trigger: RuleTrigger | undefined): { any: boolean; conditions: Condition[] } | null {
  let group: { Operator?: string; Operands?: Record<string, unknown>[] };
  try {
    group = (JSON.parse(text) as { RuleFunction: typeof group }).RuleFunction;
  } catch {
    return null;
  }
  const conditions: Condition[] = [];
  for (const part of group.Operands ?? []) {
    const field = typeof part.ComparisonValue === "string" ? fieldOf(trigger, part.ComparisonValue) : undefined;
    const operands = part.Operands;
    if (!field || part.FilterClause || !Array.isArray(operands) || (operands.length !== 1 && part.Operator !== SEVERAL)) return null;
    conditions.push({
      field: field.ComparisonValue,
      own: field.Free ? (part.ComparisonValue as string).slice(field.ComparisonValue.length + 1) : "",
      operator: String(part.Operator),
      value: operands.map(String).join("\n"),
      negate: part.Negate === true,
    });
  }
  return { any: group.Operator === "OR", conditions };
}

export function writeFunction(draft: RuleDraft, trigger: RuleTrigger | undefined): string {
  if (draft.text !== undefined) return draft.text;
  const parts = draft.conditions.map((one) => ({
    Operator: one.operator,
    Operands: one.operator === SEVERAL ? one.value.split("\n").map((line) => line.trim()).filter(Boolean) : [one.value.trim()],
    ComparisonValue: fieldOf(trigger, one.field)?.Free ? `${one.field}.${one.own.trim()}` : one.field,
    Negate: one.negate,
  }));
  return JSON.stringify({ Version: VERSION, RuleFunction: { Operator: draft.any && parts.length ? "OR" : "AND", Operands: parts } });
}

export function writeActions(draft: RuleDraft): RuleAction[] {
  return draft.actions.map(({ action, references }) => {
    if (!action.TaskAction) return action;
    const given = references.filter((one) => one.name.trim());
    const References = Object.fromEntries(given.map((one) => [one.name.trim(), { Type: one.type, Value: one.value.trim() }]));
    const { References: _, Description, ...task } = action.TaskAction;
    return { ...action, TaskAction: { ...task, ...(Description && { Description }), ...(given.length && { References }) } };
  });
}

export function isConditionReady(one: Condition, trigger: RuleTrigger | undefined): boolean {
  return Boolean(one.field && one.value.trim() && (!fieldOf(trigger, one.field)?.Free || one.own.trim()));
}

export function isActionReady({ action, references }: ActionDraft): boolean {
  if (action.TaskAction) return Boolean(action.TaskAction.Name.trim() && action.TaskAction.ContactFlowId) && references.every((one) => !one.value.trim() || one.name.trim() !== "");
  if (action.EventBridgeAction) return NAME.test(action.EventBridgeAction.Name);
  if (action.SendNotificationAction) {
    const { Content, Recipient } = action.SendNotificationAction;
    return Boolean(Content.trim() && (Recipient.UserIds?.length || Object.keys(Recipient.UserTags ?? {}).length));
  }
  return true;
}

export function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
