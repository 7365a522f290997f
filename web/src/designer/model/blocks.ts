import type { FlowBlock, FlowBlockVariant, FlowBranch, FlowCompanion } from "../../api/switchroom";
import { formOf, holds, type Catalogue, type Form } from "./catalogue";
import { givenName, metadataOf, positionOf, type ActionMetadata, type FlowAction, type FlowCondition, type FlowDocument, type Point } from "./document";
import { leavesOf, textOf } from "./paths";

export type OutcomeKind = "next" | "error" | "condition" | "row";

/** One way out of a block. */
export interface Outcome {
  /** `next`, `error:TYPE`, `condition:INDEX`, or `branch:OPERAND` for a condition that is not stored yet. */
  key: string;
  /** As `key`, but the same whether it is stored or not: `next`, `error:TYPE`, `branch:OPERAND`, `condition:INDEX`. */
  place: string;
  kind: OutcomeKind;
  label: string;
  /** The block it leads to; null where it is not connected, or leads to nothing that exists. */
  target: string | null;
  required: boolean;
}

/** What is drawn as one block: an action, or two that are stored behind each other. */
export interface Block {
  /** Identifier of the first action. */
  id: string;
  actions: FlowAction[];
  /** The action that the variant describes. */
  main: FlowAction;
  companion: FlowAction | null;
  /** Null for an action type that the catalogue does not know. */
  type: FlowBlock | null;
  variant: FlowBlockVariant | null;
  /** The name a person gave; empty where there is none. */
  name: string;
  /** What to call it: its name, else its type. */
  title: string;
  position: Point;
  /** False where the document holds no position. */
  placed: boolean;
  /** What the document says about the main action besides what runs. */
  metadata: ActionMetadata;
  outcomes: Outcome[];
}

const ORIGIN: Point = { x: 0, y: 0 };

/** The blocks of a document in the order of its actions. */
export function blocksOf(document: FlowDocument, catalogue: Catalogue): Block[] {
  const byId = new Map(document.Actions.map((action) => [action.Identifier, action]));
  const pairs = pairsOf(document, catalogue, byId);
  const tails = new Map([...pairs.values()].map((pair) => [pair.tail.Identifier, pair.head.Identifier]));
  const owner = (id: string | undefined): string | null => (id && byId.has(id) ? (tails.get(id) ?? id) : null);
  return document.Actions.filter((action) => !tails.has(action.Identifier)).map((action) => {
    const pair = pairs.get(action.Identifier);
    const main = pair?.main ?? action;
    const companion = pair ? (pair.main === pair.head ? pair.tail : pair.head) : null;
    const form = pair?.form ?? formOf(catalogue, main.Type, main.Parameters);
    const position = positionOf(document, action.Identifier);
    const name = givenName(document, action.Identifier);
    const metadata = metadataOf(document, main.Identifier);
    const parts = { main, companion, last: pair?.tail ?? action, variant: form?.variant ?? null };
    return {
      id: action.Identifier,
      actions: pair ? [pair.head, pair.tail] : [action],
      main,
      companion,
      type: form?.block ?? null,
      variant: parts.variant,
      name,
      title: name || form?.block.Name || main.Type,
      position: position ?? ORIGIN,
      placed: position !== null,
      metadata,
      outcomes: outcomesOf(parts, owner, metadata),
    };
  });
}

export function blockOf(document: FlowDocument, catalogue: Catalogue, id: string): Block | undefined {
  return blocksOf(document, catalogue).find((block) => block.actions.some((action) => action.Identifier === id));
}

/** The block that holds an action: its own, or the one it is drawn with. */
export function ownersOf(blocks: readonly Block[]): Map<string, string> {
  return new Map(blocks.flatMap((block) => block.actions.map((action) => [action.Identifier, block.id] as const)));
}

export interface ConditionRow {
  operator: string;
  operand: string;
  /** Place it had among the author's conditions; where any row tells it, rows without one are new. */
  was?: number;
}

/** The conditions that the author of the block added, in order. */
export function rowsOf(block: Block): ConditionRow[] {
  if (!block.variant?.Rows) return [];
  const fixed = fixedOf(block.variant, block.main.Parameters);
  return (block.main.Transitions.Conditions ?? []).filter((one) => !fixed.some((branch) => isOf(one, branch))).map(rowOf);
}

export function rowOf(condition: FlowCondition): ConditionRow {
  return { operator: condition.Condition?.Operator ?? "", operand: textOf(condition.Condition?.Operands?.[0]) };
}

/** The branches that exist with these parameters. */
export function branchesOf(variant: FlowBlockVariant | null, parameters: Record<string, unknown>): FlowBranch[] {
  return (variant?.Branches ?? []).filter((branch) => holds(branch.When, parameters));
}

export function fixedOf(variant: FlowBlockVariant | null, parameters: Record<string, unknown>): FlowBranch[] {
  return branchesOf(variant, parameters).filter((branch) => branch.Kind === "CONDITION");
}

/** The condition a declared branch is stored as. */
export function conditionOf(branch: FlowBranch): { Operator: string; Operands: string[] } {
  return { Operator: branch.Operator ?? "Equals", Operands: [branch.Outcome ?? ""] };
}

export function isOf(condition: FlowCondition, branch: FlowBranch): boolean {
  const { operator, operand } = rowOf(condition);
  return operand.toLowerCase() === (branch.Outcome ?? "").toLowerCase() && operator === (branch.Operator ?? "Equals");
}

interface Pair {
  head: FlowAction;
  tail: FlowAction;
  main: FlowAction;
  form: Form;
}

/** By first action: the two actions that are one block. */
function pairsOf(document: FlowDocument, catalogue: Catalogue, byId: Map<string, FlowAction>): Map<string, Pair> {
  const pairs = new Map<string, Pair>();
  const taken = new Set<string>();
  const arrivals = arrivalsOf(document);
  for (const main of document.Actions) {
    const form = formOf(catalogue, main.Type, main.Parameters);
    const companion = form?.variant.Companion;
    if (!form || !companion || taken.has(main.Identifier)) continue;
    const other = companion.Before ? before(document, main, companion) : byId.get(main.Transitions.NextAction ?? "");
    if (!other || other === main || other.Type !== companion.ActionType || taken.has(other.Identifier)) continue;
    const [head, tail] = companion.Before ? [other, main] : [main, other];
    if (!joined(document, head, tail) && !(suits(other, companion) && arrivals.get(tail.Identifier) === head.Identifier)) continue;
    pairs.set(head.Identifier, { head, tail, main, form });
    taken.add(head.Identifier).add(tail.Identifier);
  }
  return pairs;
}

function before(document: FlowDocument, main: FlowAction, companion: FlowCompanion): FlowAction | undefined {
  const leading = document.Actions.filter((one) => one.Type === companion.ActionType && one.Transitions.NextAction === main.Identifier);
  return leading.find((one) => joined(document, one, main)) ?? (leading.length === 1 ? leading[0] : undefined);
}

/** True if the document says that the second action is a part of the first. */
function joined(document: FlowDocument, head: FlowAction, tail: FlowAction): boolean {
  const { fragments, children } = metadataOf(document, head.Identifier);
  return Object.values(fragments ?? {}).includes(tail.Identifier) || (Array.isArray(children) && children.includes(tail.Identifier));
}

function suits(action: FlowAction, companion: FlowCompanion): boolean {
  const known = [...companion.Fields.map((field) => field.Path), ...presetPaths(companion)];
  const leaves = leavesOf(action.Parameters);
  return leaves.length > 0 && leaves.every((leaf) => known.some((path) => leaf === path || leaf.startsWith(`${path}.`)));
}

export function presetOf(preset: string | undefined): Record<string, unknown> {
  if (!preset) return {};
  const parsed: unknown = JSON.parse(preset);
  return typeof parsed === "object" && parsed !== null ? (parsed as Record<string, unknown>) : {};
}

function presetPaths(companion: FlowCompanion): string[] {
  return leavesOf(presetOf(companion.Preset));
}

/** By action: the one action that leads to it; empty where the flow begins with it or several lead to it. */
function arrivalsOf(document: FlowDocument): Map<string, string> {
  const from = new Map<string, string>([[document.StartAction, ""]]);
  for (const action of document.Actions) {
    for (const target of targetsOf(action)) {
      const known = from.get(target);
      from.set(target, known === undefined || known === action.Identifier ? action.Identifier : "");
    }
  }
  return from;
}

/** Identifiers that the action leads to, with repeats. */
export function targetsOf(action: FlowAction): string[] {
  const { NextAction, Errors, Conditions } = action.Transitions;
  const all = [NextAction, ...(Errors ?? []).map((one) => one.NextAction), ...(Conditions ?? []).map((one) => one.NextAction)];
  return all.filter((target): target is string => typeof target === "string" && target !== "");
}

interface Parts {
  main: FlowAction;
  companion: FlowAction | null;
  /** The action whose `NextAction` leaves the block. */
  last: FlowAction;
  variant: FlowBlockVariant | null;
}

type Owner = (id: string | undefined) => string | null;

function outcomesOf(parts: Parts, owner: Owner, metadata: ActionMetadata): Outcome[] {
  const { main, variant } = parts;
  const branches = branchesOf(variant, main.Parameters);
  const conditions = main.Transitions.Conditions ?? [];
  const fixed = fixedOf(variant, main.Parameters);
  const labels = rowLabels(conditions, variant, metadata);
  const added = conditions.flatMap((condition, at): Outcome[] => {
    if (fixed.some((branch) => isOf(condition, branch))) return [];
    return [{ key: `condition:${at}`, place: `condition:${at}`, kind: "row", label: labels[at]!, target: owner(condition.NextAction), required: true }];
  });
  return [...added, ...branches.map((branch) => declared(branch, parts, owner)), ...undeclared(parts, branches, owner)];
}

function declared(branch: FlowBranch, parts: Parts, owner: Owner): Outcome {
  const about = { label: branch.Label, required: branch.Required };
  if (branch.Kind === "NEXT") return { key: "next", place: "next", kind: "next", target: owner(parts.last.Transitions.NextAction), ...about };
  if (branch.Kind === "ERROR") {
    const type = branch.Outcome ?? "NoMatchingError";
    const key = `error:${type}`;
    return { key, place: key, kind: "error", target: owner(errorTarget(parts.main, type) ?? (parts.companion ? errorTarget(parts.companion, type) : undefined)), ...about };
  }
  const at = (parts.main.Transitions.Conditions ?? []).findIndex((one) => isOf(one, branch));
  const place = `branch:${branch.Outcome ?? ""}`;
  if (at < 0) return { key: place, place, kind: "condition", target: null, ...about };
  return { key: `condition:${at}`, place, kind: "condition", target: owner(parts.main.Transitions.Conditions![at]!.NextAction), ...about };
}

function errorTarget(action: FlowAction, type: string): string | undefined {
  return action.Transitions.Errors?.find((one) => one.ErrorType === type)?.NextAction;
}

/**
 * What is stored although the catalogue does not declare it: of unknown action types, and of flows of other makers.
 * The original stores a `NextAction` with every action that branches, too; where a block has no way of that kind, it means nothing.
 */
function undeclared(parts: Parts, branches: readonly FlowBranch[], owner: Owner): Outcome[] {
  const found: Outcome[] = [];
  if (!parts.variant) found.push({ key: "next", place: "next", kind: "next", label: "Success", target: owner(parts.last.Transitions.NextAction), required: false });
  for (const action of parts.companion ? [parts.main, parts.companion] : [parts.main]) {
    for (const { ErrorType, NextAction: target } of action.Transitions.Errors ?? []) {
      const key = `error:${ErrorType}`;
      const shown = branches.some((branch) => branch.Kind === "ERROR" && branch.Outcome === ErrorType) || found.some((one) => one.key === key);
      if (shown || (parts.companion && target === action.Transitions.NextAction)) continue;
      found.push({ key, place: key, kind: "error", label: ErrorType, target: owner(target), required: true });
    }
  }
  return found;
}

/** Labels of all conditions; shares of a percentage are told by their size, not by the sum that is stored. */
function rowLabels(conditions: readonly FlowCondition[], variant: FlowBlockVariant | null, metadata: ActionMetadata): string[] {
  const rows = variant?.Rows;
  let sum = 1;
  return conditions.map((condition, at) => {
    const { operator, operand } = rowOf(condition);
    if (!rows) return operator === "Equals" ? operand : `${operator} ${operand}`;
    if (rows.Operand === "PERCENT") {
      const share = Number(operand) - sum;
      sum = Number(operand);
      const name = shareName(metadata, at);
      return `${rows.Label.includes("{}") ? rows.Label.replace("{}", String(share)) : share}${name ? ` ${name}` : ""}`;
    }
    const choice = rows.Choices?.find((one) => one.Value === operand)?.Label ?? operand;
    const sign = rows.Operators.length > 1 ? signOf(operator, variant) : "";
    const text = [sign, withUnit(choice, rows.Unit)].filter(Boolean).join(" ");
    return rows.Label.includes("{}") ? rows.Label.replace("{}", () => text) : text;
  });
}

const SIGNS: Record<string, string> = { Equals: "=", NumberGreaterThan: ">", NumberGreaterOrEqualTo: "≥", NumberLessThan: "<", NumberLessOrEqualTo: "≤" };
const MILLISECONDS: Record<string, number> = { MILLISECONDS: 1, SECONDS: 1_000, MINUTES: 60_000 };

/** A time in the largest of minutes, seconds and milliseconds that is whole. */
function withUnit(value: string, unit: string | undefined): string {
  const time = Number(value) * (MILLISECONDS[unit ?? ""] ?? NaN);
  if (!value || !Number.isFinite(time)) return value;
  const [size, name] = ([[60_000, "min"], [1_000, "s"]] as const).find(([one]) => time > 0 && time % one === 0) ?? [1, "ms"];
  return `${time / size} ${name}`;
}

/** An operator in as few characters as can be. */
export function signOf(operator: string, variant: FlowBlockVariant | null): string {
  return SIGNS[operator] ?? variant?.Rows?.Operators.find((one) => one.Value === operator)?.Label ?? operator;
}

function shareName(metadata: ActionMetadata, at: number): string {
  const name = metadata.conditionMetadata?.[at]?.["name"];
  return typeof name === "string" ? name : "";
}

/** True for a block that no contact leaves to another block of the flow. */
export function ends(block: Block): boolean {
  return block.type?.Group === "END" || (block.variant !== null && block.outcomes.length === 0);
}
