import type { FlowBlockVariant, FlowField, FlowProblem } from "../../api/switchroom";
import type { TextKey } from "../../i18n";
import { fixedOf, isOf, presetOf, type Block, type ConditionRow } from "../model/blocks";
import { holds } from "../model/catalogue";
import { begun, type BlockChange } from "../model/edits";
import { FORBIDDEN_CHARACTERS, NAME_LENGTH, nameFault, type NameFault } from "../model/names";
import {
  conditionsOf,
  isEmpty,
  isRecord,
  isReference,
  pathsOf,
  promptOf,
  readAt,
  rowsOf,
  sharesOf,
  textOf,
  withPrompt,
  writeAt,
  type Values,
} from "./values";

/** What the panel edits, until it is saved. */
export interface Draft {
  variant: string;
  parameters: Values;
  companion: Values;
  rows: ConditionRow[];
  name: string;
}

export interface Issue {
  text: TextKey;
  values?: Record<string, string | number>;
}

/** Issues by place: `field:PATH`, `companion:PATH`, `row:INDEX`, `rows`, `name`. */
export type Issues = Record<string, Issue>;

export type Part = "field" | "companion";

const EMPTY: Issue = { text: "panel.empty" };
const NAME_FAULTS: Record<NameFault, Issue> = {
  characters: { text: "panel.nameCharacters", values: { characters: FORBIDDEN_CHARACTERS } },
  word: { text: "panel.nameWord" },
  long: { text: "panel.tooLong", values: { most: NAME_LENGTH } },
  taken: { text: "panel.nameTaken" },
};

export type Opened = Pick<Block, "main" | "companion" | "variant" | "name">;

export function draftOf({ main, companion, variant, name }: Opened): Draft {
  const fixed = fixedOf(variant, main.Parameters);
  const rows = variant?.Rows ? rowsOf(main.Transitions.Conditions ?? [], variant.Rows.Operand, (one) => fixed.some((branch) => isOf(one, branch))) : [];
  return { variant: variant?.Key ?? "", parameters: main.Parameters, companion: companion?.Parameters ?? {}, rows, name };
}

/** A draft in another form of the block: its preset, and what both forms have a field for. */
export function inVariant(draft: Draft, before: FlowBlockVariant | null, after: FlowBlockVariant): Draft {
  const telling = new Set(after.Tells.map((one) => one.Path));
  const known = new Set((before?.Fields ?? []).flatMap(pathsOf));
  let parameters = presetOf(after.Preset);
  for (const path of after.Fields.flatMap(pathsOf)) {
    const value = readAt(draft.parameters, path);
    if (known.has(path) && !telling.has(path) && !isEmpty(value)) parameters = writeAt(parameters, path, value);
  }
  const rows = before?.Rows?.Operand === after.Rows?.Operand ? draft.rows : [];
  return { ...draft, variant: after.Key, parameters: begun(parameters, after.Fields), rows };
}

/** Values after a change: fields that come to be shown by it begin with their defaults. */
export function settled(fields: readonly FlowField[], before: Values, after: Values): Values {
  const shown = new Set(shownFields(fields, before));
  return begun(after, fields.filter((one) => !shown.has(one)));
}

export function shownFields(fields: readonly FlowField[], values: Values): FlowField[] {
  return fields.filter((one) => holds(one.When, values));
}

/** Fields that stand together: those of which exactly one is filled make a group. */
export function grouped(fields: readonly FlowField[]): FlowField[][] {
  const groups = new Map<string, FlowField[]>();
  for (const [at, field] of fields.entries()) {
    const key = field.OneOf ? `one of ${field.OneOf}` : String(at);
    groups.set(key, [...(groups.get(key) ?? []), field]);
  }
  return [...groups.values()];
}

/** The value a field shows: for a prompt the object it lies in. */
export function valueOf(field: FlowField, values: Values): unknown {
  return readAt(values, field.Path);
}

export function isFilled(field: FlowField, values: Values): boolean {
  const value = valueOf(field, values);
  if (field.Kind === "PROMPT") return promptOf(value) !== null;
  return !isEmpty(value);
}

/** Takes a field's value away. What tells the variant stays, empty. */
export function cleared(field: FlowField, values: Values, variant: FlowBlockVariant | null): Values {
  if (field.Kind === "PROMPT") {
    const rest = withPrompt(isRecord(valueOf(field, values)) ? (valueOf(field, values) as Values) : {}, null);
    return field.Path === "" ? rest : writeAt(values, field.Path, isEmpty(rest) ? undefined : rest);
  }
  const tells = variant?.Tells.some((one) => one.Path === field.Path && !one.Absent) ?? false;
  return writeAt(values, field.Path, tells ? "" : undefined);
}

export function written(field: FlowField, values: Values, value: unknown, variant: FlowBlockVariant | null): Values {
  if (isEmpty(value) && value !== null) return cleared(field, values, variant);
  return writeAt(values, field.Path, value);
}

function inRange(field: FlowField, number: number): Issue | null {
  const { Low: low, High: high } = field;
  if ((low === undefined || number >= low) && (high === undefined || number <= high)) return null;
  if (low !== undefined && high !== undefined) return { text: "panel.between", values: { low, high } };
  return low === undefined ? { text: "panel.atMost", values: { high: high! } } : { text: "panel.atLeast", values: { low } };
}

const KEYS = /^[0-9#*]+$/;
const DIGITS = /^[0-9#*,]+$/;
const CERTIFICATE = /^-----BEGIN CERTIFICATE-----\s[\s\S]+-----END CERTIFICATE-----$/;

/** What is wrong with the form of a value that is there. */
export function formIssue(field: FlowField, value: unknown): Issue | null {
  if (isReference(value)) return field.Dynamic || field.Kind === "REFERENCE" ? null : { text: "panel.noReference" };
  const text = textOf(value);
  switch (field.Kind) {
    case "NUMBER":
    case "DURATION":
      return /^-?\d+$/.test(text) ? inRange(field, Number(text)) : { text: "panel.notANumber" };
    case "KEYS": {
      const most = field.High ?? 5;
      if (text.length > most) return { text: "panel.tooLong", values: { most } };
      return (most > 5 ? DIGITS : KEYS).test(text) ? null : { text: most > 5 ? "panel.badDigits" : "panel.badKeys" };
    }
    case "PHONE":
      return field.Resource || /^\+[1-9]\d{1,14}$/.test(text) ? null : { text: "panel.badPhone" };
    case "REFERENCE":
      return { text: "panel.needsReference" };
    case "CERTIFICATE":
      return CERTIFICATE.test(text.trim()) ? null : { text: "panel.badCertificate" };
    case "TEXT":
    case "LONG_TEXT":
    case "SSML":
      return field.High !== undefined && text.length > field.High ? { text: "panel.tooLong", values: { most: field.High } } : null;
    case "JSON":
      return typeof value === "string" && !isJson(value) ? { text: "panel.badJson" } : null;
    case "ROWS":
      return null;
    default:
      return null;
  }
}

export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function fieldIssues(part: Part, fields: readonly FlowField[], values: Values): Issues {
  const issues: Issues = {};
  for (const group of grouped(shownFields(fields, values))) {
    const filled = group.filter((one) => isFilled(one, values));
    if (!filled.length && group.some((one) => one.Required)) {
      for (const one of group) issues[`${part}:${one.Path}`] = EMPTY;
    }
    for (const one of filled) {
      const issue = formIssue(one, valueOf(one, values)) ?? rowsIssue(part, one, values, issues);
      if (issue) issues[`${part}:${one.Path}`] = issue;
    }
  }
  return issues;
}

/** Issues in the columns of a table of rows, noted at `PATH.INDEX.COLUMN`. */
function rowsIssue(part: Part, field: FlowField, values: Values, into: Issues): null {
  const rows = valueOf(field, values);
  if (field.Kind !== "ROWS" || !Array.isArray(rows)) return null;
  rows.forEach((row, at) => {
    const found = fieldIssues(part, field.Fields ?? [], isRecord(row) ? row : {});
    for (const [place, issue] of Object.entries(found)) into[`${part}:${field.Path}.${at}.${place.slice(part.length + 1)}`] = issue;
  });
  return null;
}

function conditionIssues(draft: Draft, variant: FlowBlockVariant): Issues {
  const rows = variant.Rows;
  const issues: Issues = {};
  if (!rows) return issues;
  draft.rows.forEach(({ operand, operator }, at) => {
    const place = `row:${at}`;
    if (operand === "") issues[place] = EMPTY;
    else if (isReference(operand)) {
      if (!rows.Dynamic) issues[place] = { text: "panel.noReference" };
    } else if (rows.Operand === "KEY" && !/^[0-9#*]$/.test(operand)) issues[place] = { text: "panel.oneKey" };
    else if (rows.Operand === "PERCENT" && !(Number.isInteger(Number(operand)) && Number(operand) >= 1 && Number(operand) <= 100)) {
      issues[place] = { text: "panel.between", values: { low: 1, high: 100 } };
    } else if ((rows.Operand === "NUMBER" || operator.startsWith("Number")) && !Number.isFinite(Number(operand))) {
      issues[place] = { text: "panel.notANumber" };
    } else if (rows.Operand !== "PERCENT" && draft.rows.findIndex((one) => one.operator === operator && one.operand === operand) < at) {
      issues[place] = { text: "panel.twice" };
    }
  });
  if (rows.Operand === "PERCENT" && sharesOf(draft.rows) > 100) issues["rows"] = { text: "panel.over100" };
  return issues;
}

export function nameIssue(name: string, taken: ReadonlySet<string>): Issue | null {
  const fault = nameFault(name, taken);
  return fault && NAME_FAULTS[fault];
}

/** Everything that keeps a draft from being saved; `taken` are the names of other blocks. */
export function issuesOf(draft: Draft, variant: FlowBlockVariant, taken: ReadonlySet<string> = new Set()): Issues {
  const companion = variant.Companion;
  const name = nameIssue(draft.name, taken);
  return {
    ...(name ? { name } : {}),
    ...fieldIssues("field", variant.Fields, draft.parameters),
    ...(companion ? fieldIssues("companion", companion.Fields, draft.companion) : {}),
    ...conditionIssues(draft, variant),
  };
}

/** Fields that came to be hidden give up their values, unless a field that is shown has the same place. */
export function withoutHidden(fields: readonly FlowField[], opened: Values, values: Values, variant: FlowBlockVariant | null): Values {
  const kept = new Set(shownFields(fields, values).flatMap(pathsOf));
  const before = new Set(shownFields(fields, opened));
  let made = values;
  for (const field of fields) {
    if (holds(field.When, values) || pathsOf(field).some((one) => [...kept].some((path) => path === one || path.startsWith(`${one}.`)))) continue;
    const same = JSON.stringify(valueOf(field, opened)) === JSON.stringify(valueOf(field, made));
    if (before.has(field) || !same) made = cleared(field, made, variant);
  }
  return made;
}

/** What a saved draft changes; `opened` is the draft as the panel opened. */
export function changeOf(draft: Draft, opened: Draft, variant: FlowBlockVariant): BlockChange {
  const change: BlockChange = {
    variant: variant.Key,
    parameters: withoutHidden(variant.Fields, opened.variant === draft.variant ? opened.parameters : {}, draft.parameters, variant),
  };
  if (variant.Companion) {
    const companion = withoutHidden(variant.Companion.Fields, opened.companion, draft.companion, null);
    change.companion = variant.Companion.Fields.some((one) => isFilled(one, companion)) ? companion : {};
  }
  if (variant.Rows) change.conditions = conditionsOf(draft.rows, variant.Rows.Operand);
  if (draft.name !== opened.name) change.name = draft.name;
  return change;
}

// findings of the checker

const PLACE = /^Actions\[\d+\]\.?/;

/** Where a finding belongs: the path of a field, the place of a row, or nowhere (null). */
export function placeOf(problem: FlowProblem, part: Part, fields: readonly FlowField[], values: Values): string | null {
  const path = (problem.Path ?? "").replace(PLACE, "");
  if (path === "Identifier") return "name";
  const condition = /^Transitions\.Conditions(?:\[(\d+)\])?/.exec(path);
  if (condition) return condition[1] === undefined ? "rows" : `condition:${condition[1]}`;
  if (!path.startsWith("Parameters.")) return null;
  const inside = path.slice("Parameters.".length).replace(/\[(\d+)\]/g, ".$1");
  const shown = shownFields(fields, values);
  const fits = (one: FlowField): boolean => pathsOf(one).some((own) => inside === own || inside.startsWith(`${own}.`) || own.startsWith(`${inside}.`));
  const found = shown.filter(fits).sort((a, b) => b.Path.length - a.Path.length)[0];
  return found ? `${part}:${found.Path}` : null;
}
