import type { FlowChoice, FlowConditionRows, FlowField, FlowNamespace } from "../../api/switchroom";
import type { ConditionRow } from "../model/blocks";
import type { FlowCondition } from "../model/document";

/** Parameters of an action as they are stored. */
export type Values = Record<string, unknown>;
export type Mode = "manual" | "dynamic";

const INDEX = /^\d+$/;

export function isRecord(value: unknown): value is Values {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** True for nothing, an empty text, an empty list and an empty object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isRecord(value) && Object.keys(value).length === 0;
}

function step(value: unknown, name: string): unknown {
  if (Array.isArray(value)) return INDEX.test(name) ? (value as unknown[])[Number(name)] : undefined;
  return isRecord(value) && Object.hasOwn(value, name) ? value[name] : undefined;
}

/** The value at a path of names joined by dots; a number is a place in a list; an empty path is everything. */
export function readAt(values: Values, path: string): unknown {
  return path === "" ? values : path.split(".").reduce<unknown>(step, values);
}

/**
 * The parameters with a value at a path; `undefined` takes it away, with the objects and lists that get empty by it.
 * Whatever else there is stays as it is.
 */
export function writeAt(values: Values, path: string, value: unknown): Values {
  if (path === "") return isRecord(value) ? value : {};
  const made = put(values, path.split("."), value);
  return isRecord(made) ? made : {};
}

function put(into: unknown, [name, ...rest]: string[], value: unknown): unknown {
  if (name === undefined) return value;
  const below = put(step(into, name), rest, value);
  if (INDEX.test(name) && !isRecord(into)) {
    const list = Array.isArray(into) ? [...(into as unknown[])] : [];
    if (below === undefined) list.splice(Number(name), 1);
    else list[Number(name)] = below;
    return list.length ? list : undefined;
  }
  const record = isRecord(into) ? { ...into } : {};
  if (below === undefined) delete record[name];
  else record[name] = below;
  return Object.keys(record).length ? record : undefined;
}

/** True for a value that is one whole reference, `$.Attributes.tier` or `$['Attributes']['tier']`. */
export function isReference(value: unknown): value is string {
  return typeof value === "string" && /^\$[.[]/.test(value.trim());
}

const TRUE = ["true", "yes", "1"];

/** Flags are stored as `"True"` and `"False"`; real booleans are understood too. */
export function truth(value: unknown): boolean {
  return value === true || (typeof value === "string" && TRUE.includes(value.toLowerCase()));
}

/** A flag in the form the one before it had. */
export function flag(checked: boolean, before: unknown): unknown {
  if (typeof before === "boolean") return checked;
  return checked ? "True" : "False";
}

/** A number in the form the one before it had: text, unless it was stored as a number. */
export function numeric(text: string, before: unknown): unknown {
  if (text === "") return undefined;
  return typeof before === "number" && Number.isFinite(Number(text)) ? Number(text) : text;
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (typeof value === "boolean") return value ? "True" : "False";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

// references

export interface ReferenceParts {
  /** Label of the namespace; empty where the path is typed as it is. */
  namespace: string;
  /** Known attribute: its whole path. In a free namespace: the key. Otherwise the path as typed. */
  key: string;
}

const PLAIN_KEY = /^[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+|\[\d+\])*$/;
const QUOTED = /^\[(['"])(.*)\1\]$/;

function stemOf(namespace: FlowNamespace): string {
  return namespace.Key.replace(/\.$/, "");
}

/** A reference as namespace and key, so that it can be chosen again. */
export function splitReference(reference: string, namespaces: readonly FlowNamespace[]): ReferenceParts {
  const text = reference.trim();
  for (const one of namespaces) {
    if (one.Attributes.some((known) => known.Path === text)) return { namespace: one.Label, key: text };
  }
  const free = namespaces.filter((one) => one.Free).sort((a, b) => b.Key.length - a.Key.length);
  for (const one of free) {
    if (!text.startsWith(stemOf(one))) continue;
    const rest = text.slice(stemOf(one).length);
    const quoted = QUOTED.exec(rest);
    if (quoted) return { namespace: one.Label, key: quoted[2]! };
    if (rest.startsWith(".") && PLAIN_KEY.test(rest.slice(1))) return { namespace: one.Label, key: rest.slice(1) };
  }
  return { namespace: "", key: text };
}

/** The reference to a key of a namespace; keys that are no plain names stand in brackets. */
export function joinReference({ namespace, key }: ReferenceParts, namespaces: readonly FlowNamespace[]): string {
  const found = namespaces.find((one) => one.Label === namespace);
  if (!found || !key) return key;
  if (found.Attributes.some((known) => known.Path === key)) return key;
  if (PLAIN_KEY.test(key)) return `${stemOf(found)}.${key}`;
  const quote = key.includes("'") ? '"' : "'";
  return `${stemOf(found)}[${quote}${key}${quote}]`;
}

/** Namespaces with values in a type of flow. */
export function namespacesFor(namespaces: readonly FlowNamespace[], flowType: string): FlowNamespace[] {
  return namespaces.filter((one) => !one.FlowTypes?.length || one.FlowTypes.includes(flowType));
}

// pairs, names, references of a task

export interface Pair {
  key: string;
  value: string;
}

/** Objects whose values are wrapped as `{"Value": ...}`. */
const WRAPPED = "FlowAttributes";

export function pairsOf(value: unknown): Pair[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([key, one]) => ({ key, value: textOf(isRecord(one) && "Value" in one ? one["Value"] : one) }));
}

/** A text in the type the value before it had: a number, a flag, an object or a list where it still is one. */
function likeBefore(text: string, before: unknown): unknown {
  if (before === undefined || before === null || typeof before === "string") return text;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === typeof before && Array.isArray(value) === Array.isArray(before) ? value : text;
  } catch {
    return text;
  }
}

/** What is stored for pairs; numbers, flags and objects keep their types. */
export function storedPairs(pairs: readonly Pair[], path: string, before: unknown): Values | undefined {
  const old = isRecord(before) ? before : {};
  const known = new Map(pairsOf(old).map((one) => [one.key, one.value]));
  const made: Values = {};
  for (const { key, value } of pairs) {
    if (!key) continue;
    if (Object.hasOwn(old, key) && known.get(key) === value) made[key] = old[key];
    else made[key] = path.split(".").at(-1) === WRAPPED ? { Value: value } : likeBefore(value, old[key]);
  }
  return Object.keys(made).length ? made : undefined;
}

export function namesOf(value: unknown): string[] {
  if (Array.isArray(value)) return value.map(textOf);
  return typeof value === "string" && value ? [value] : [];
}

export interface TaskReference {
  name: string;
  type: string;
  value: string;
}

export function taskReferencesOf(value: unknown): TaskReference[] {
  if (!isRecord(value)) return [];
  return Object.entries(value).map(([name, one]) =>
    isRecord(one) ? { name, type: textOf(one["Type"]).toUpperCase() || "URL", value: textOf(one["Value"]) } : { name, type: "URL", value: textOf(one) },
  );
}

export function storedTaskReferences(rows: readonly TaskReference[]): Values | undefined {
  const made = Object.fromEntries(rows.filter((one) => one.name).map(({ name, type, value }) => [name, { Type: type, Value: value }]));
  return Object.keys(made).length ? made : undefined;
}

// prompts

export type PromptSource = "library" | "s3" | "text";

export interface PromptValue {
  source: PromptSource;
  /** Prompt, address or text; a reference in any of them. */
  value: string;
  ssml: boolean;
}

export const PROMPT_KEYS = ["PromptId", "Text", "SSML", "Media"] as const;

export function promptOf(values: unknown): PromptValue | null {
  if (!isRecord(values)) return null;
  const media = values["Media"];
  if (isRecord(media)) return { source: "s3", value: textOf(media["Uri"]), ssml: false };
  if (values["PromptId"] !== undefined) return { source: "library", value: textOf(values["PromptId"]), ssml: false };
  if (values["SSML"] !== undefined) return { source: "text", value: textOf(values["SSML"]), ssml: true };
  if (values["Text"] !== undefined) return { source: "text", value: textOf(values["Text"]), ssml: false };
  return null;
}

/** The object with the prompt in it; its other keys stay. */
export function withPrompt(values: Values, prompt: PromptValue | null): Values {
  const { PromptId: _1, Text: _2, SSML: _3, Media: media, ...rest } = values;
  if (!prompt?.value) return rest;
  if (prompt.source === "library") return { ...rest, PromptId: prompt.value };
  if (prompt.source === "s3") {
    return { ...rest, Media: { SourceType: "S3", MediaType: "Audio", ...(isRecord(media) ? media : {}), Uri: prompt.value } };
  }
  return prompt.ssml ? { ...rest, SSML: prompt.value } : { ...rest, Text: prompt.value };
}

// durations

export const UNITS = { SECONDS: 1, MINUTES: 60, HOURS: 3600, DAYS: 86_400 } as const;
export type Unit = keyof typeof UNITS;

/** Seconds as the greatest unit that leaves no rest. */
export function durationOf(seconds: number): { amount: number; unit: Unit } {
  const size = Math.abs(seconds);
  const unit = (["DAYS", "HOURS", "MINUTES"] as const).find((one) => size >= UNITS[one] && size % UNITS[one] === 0) ?? "SECONDS";
  return { amount: seconds / UNITS[unit], unit };
}

// condition rows

/** Rows of the author's own branches; what belongs to fixed branches is left out, shares are parts and not thresholds. */
export function rowsOf(conditions: readonly FlowCondition[], kind: FlowConditionRows["Operand"], isFixed: (condition: FlowCondition) => boolean): ConditionRow[] {
  const found = conditions.filter((one) => !isFixed(one)).map(({ Condition }, was) => ({ operator: Condition.Operator, operand: textOf(Condition.Operands[0]), was }));
  if (kind !== "PERCENT") return found;
  let before = 1;
  return found.map((row) => {
    const until = Number(row.operand);
    const share = until - before;
    before = until;
    return { ...row, operand: Number.isFinite(share) ? String(share) : row.operand };
  });
}

/** The conditions of rows: shares become thresholds, 1 and all shares up to it. */
export function conditionsOf(rows: readonly ConditionRow[], kind: FlowConditionRows["Operand"]): ConditionRow[] {
  if (kind !== "PERCENT") return [...rows];
  let sum = 1;
  return rows.map((row) => {
    sum += Number(row.operand) || 0;
    return { ...row, operator: "NumberLessThan", operand: String(sum) };
  });
}

export function sharesOf(rows: readonly ConditionRow[]): number {
  return rows.reduce((sum, row) => sum + (Number(row.operand) || 0), 0);
}

export function labelOf(choices: readonly FlowChoice[] | undefined, value: string): string {
  return choices?.find((one) => one.Value.toLowerCase() === value.toLowerCase())?.Label ?? value;
}

/** Paths of the parameters a field writes. */
export function pathsOf(field: FlowField): string[] {
  if (field.Kind !== "PROMPT") return [field.Path];
  return PROMPT_KEYS.map((key) => (field.Path ? `${field.Path}.${key}` : key));
}
