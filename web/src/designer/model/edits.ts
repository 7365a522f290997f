import type { FlowBlockVariant, FlowField } from "../../api/switchroom";
import { blockOf, blocksOf, branchesOf, conditionOf, fixedOf, isOf, presetOf, rowOf, type Block, type ConditionRow } from "./blocks";
import { holds, variantsFor, type Catalogue } from "./catalogue";
import { companionChanged } from "./companion";
import {
  entryPosition,
  metadataOf,
  newIdentifier,
  positionOf,
  withActionMetadata,
  withActions,
  withMetadata,
  type FlowAction,
  type FlowCondition,
  type FlowDocument,
  type FlowTransitions,
  type Point,
} from "./document";
import { conditionsRefreshed, parametersRefreshed } from "./metadata";
import { notePosition, notesOf, withNotes } from "./notes";
import { valueAt, withValueAt } from "./paths";
import { renamed, severed } from "./identifiers";

/** Stands for the entry point among the ids that are moved. */
export const ENTRY_ID = "\u0000entry";

export interface Made {
  document: FlowDocument;
  id: string;
}

export interface BlockChange {
  /** Key of the variant. */
  variant: string;
  /** All parameters, those that the panel does not know included. */
  parameters: Record<string, unknown>;
  /** Parameters of the second action; empty for none. Absent: as they are. */
  companion?: Record<string, unknown>;
  /** The conditions that the author added, in order. Absent: as they are. */
  conditions?: ConditionRow[];
  /** The custom name; empty takes it away. Absent: as it is. */
  name?: string;
  /** What resources chosen are called, by path of the parameter. */
  labels?: Record<string, string>;
}

/** Adds a block of the catalogue with what a new one begins with. The id of the new block is its identifier. */
export function addBlock(document: FlowDocument, catalogue: Catalogue, flowType: string, blockKey: string, variantKey: string | undefined, at: Point): Made {
  const block = catalogue.byKey.get(blockKey);
  if (!block) throw new Error(`no block ${blockKey}`);
  const variants = variantsFor(block, flowType);
  const variant = variants.find((one) => one.Key === variantKey) ?? variants[0] ?? block.Variants[0]!;
  const id = newIdentifier();
  const action: FlowAction = { Identifier: id, Type: variant.ActionType, Parameters: begun(presetOf(variant.Preset), variant.Fields), Transitions: {} };
  const added = withActionMetadata({ ...document, Actions: [...document.Actions, action] }, { [id]: { position: at } });
  const companion = variant.Companion;
  if (!companion) return { document: added, id };
  const parameters = begun({}, companion.Fields);
  if (companion.Fields.length && !Object.keys(parameters).length) return { document: added, id };
  return companionChanged(added, blockOf(added, catalogue, id)!, variant, parameters);
}

/** The parameters with the defaults of the fields that are shown. */
export function begun(preset: Record<string, unknown>, fields: readonly FlowField[]): Record<string, unknown> {
  return fields.reduce((parameters, field) => {
    const wanted = field.Default !== undefined && field.Path !== "" && valueAt(parameters, field.Path) === undefined && holds(field.When, parameters);
    return wanted ? withValueAt(parameters, field.Path, defaultOf(field)) : parameters;
  }, preset);
}

const STRUCTURED = ["CHOICES", "PAIRS", "NAMES", "PROMPT", "MESSAGES", "REFERENCES", "CRITERIA", "ROWS"];

/** Numbers and flags are stored as text, as the original does; lists and records as what their JSON says. */
function defaultOf(field: FlowField): unknown {
  return STRUCTURED.includes(field.Kind) ? JSON.parse(field.Default!) : field.Default;
}

/** Leads an outcome to a block; null takes its connection away. */
export function connect(document: FlowDocument, catalogue: Catalogue, id: string, outcomeKey: string, target: string | null): FlowDocument {
  const block = blockOf(document, catalogue, id);
  if (!block) return document;
  const actions = new Map(block.actions.map((action) => [action.Identifier, { ...action, Transitions: settled(block, action, connected(block, action, outcomeKey, target)) }]));
  return withActions(document, (action) => actions.get(action.Identifier) ?? action);
}

/** Leads the entry point to a block, or nowhere. */
export function connectStart(document: FlowDocument, target: string | null): FlowDocument {
  return { ...document, StartAction: target ?? "" };
}

function connected(block: Block, action: FlowAction, outcomeKey: string, target: string | null): FlowTransitions {
  const [kind, name = ""] = splitKey(outcomeKey);
  const { Transitions } = action;
  if (kind === "next") return action === block.actions[block.actions.length - 1] ? following(block, Transitions, target) : Transitions;
  if (kind === "error") return withError(block, action, name, target);
  if (action !== block.main) return Transitions;
  const conditions = Transitions.Conditions ?? [];
  if (kind === "branch") {
    const branch = fixedOf(block.variant, block.main.Parameters).find((one) => (one.Outcome ?? "") === name);
    return target === null || !branch ? Transitions : { ...Transitions, Conditions: [...conditions, { NextAction: target, Condition: conditionOf(branch) }] };
  }
  return { ...Transitions, Conditions: conditions.map((one, at) => (at === Number(name) ? { ...one, NextAction: target ?? "" } : one)) };
}

/** The original repeats a target of a branching action as its `NextAction`: it stays one of the targets there are. */
function settled(block: Block, action: FlowAction, transitions: FlowTransitions): FlowTransitions {
  const { NextAction, ...others } = transitions;
  if (!block.variant || action !== block.main || NextAction === undefined || block.actions.length > 1) return transitions;
  if (branchesOf(block.variant, action.Parameters).some((branch) => branch.Kind === "NEXT")) return transitions;
  const targets = [...(others.Errors ?? []), ...(others.Conditions ?? [])].map((one) => one.NextAction).filter(Boolean);
  if (targets.includes(NextAction)) return transitions;
  return targets.length ? { ...others, NextAction: targets[0]! } : others;
}

function splitKey(key: string): [string, string?] {
  const at = key.indexOf(":");
  return at < 0 ? [key] : [key.slice(0, at), key.slice(at + 1)];
}

/** Moves `NextAction`, and the errors of a joined action that went the same way without being an outcome. */
function following(block: Block, transitions: FlowTransitions, target: string | null): FlowTransitions {
  const { NextAction: before, ...others } = transitions;
  const moved = target === null ? others : { ...others, NextAction: target };
  if (!block.companion || !before || !transitions.Errors) return moved;
  const shown = new Set(block.outcomes.map((outcome) => outcome.key));
  const errors = transitions.Errors.map((one) => (one.NextAction === before && !shown.has(`error:${one.ErrorType}`) ? { ...one, NextAction: target ?? "" } : one));
  return { ...moved, Errors: errors };
}

function withError(block: Block, action: FlowAction, type: string, target: string | null): FlowTransitions {
  const { Transitions } = action;
  const errors = Transitions.Errors ?? [];
  const stored = errors.some((one) => one.ErrorType === type);
  if (!stored && (target === null || action !== block.main)) return Transitions;
  if (!stored) return { ...Transitions, Errors: [...errors, { NextAction: target!, ErrorType: type }] };
  const isDeclared = branchesOf(block.variant, block.main.Parameters).some((branch) => branch.Kind === "ERROR" && branch.Outcome === type);
  if (target === null && isDeclared) return { ...Transitions, Errors: errors.filter((one) => one.ErrorType !== type) };
  return { ...Transitions, Errors: errors.map((one) => (one.ErrorType === type ? { ...one, NextAction: target ?? "" } : one)) };
}

/** Moves blocks, notes and the entry point; notes attached to a block go with it. */
export function move(document: FlowDocument, catalogue: Catalogue, positions: Readonly<Record<string, Point>>): FlowDocument {
  const changes: Record<string, Record<string, unknown>> = {};
  const shifts = new Map<string, Point>();
  for (const block of blocksOf(document, catalogue)) {
    const to = positions[block.id];
    if (!to) continue;
    shifts.set(block.id, { x: to.x - block.position.x, y: to.y - block.position.y });
    for (const action of block.actions) {
      const { Position: _, ...kept } = metadataOf(document, action.Identifier);
      changes[action.Identifier] = { ...kept, position: rounded(to) };
    }
  }
  const notes = notesOf(document).map((note) => {
    const shift = note.actionId ? shifts.get(note.actionId) : undefined;
    const from = notePosition(document, note);
    const to = positions[note.id] ?? (shift && { x: from.x + shift.x, y: from.y + shift.y });
    return to ? { ...note, position: rounded(to) } : note;
  });
  const moved = withActionMetadata(document, changes);
  const annotated = notes.some((note, at) => note !== notesOf(document)[at]) ? withNotes(moved, notes) : moved;
  const entry = positions[ENTRY_ID];
  return entry ? withMetadata(annotated, { entryPointPosition: rounded(entry) }) : annotated;
}

function rounded({ x, y }: Point): Point {
  return { x: Math.round(x * 10) / 10, y: Math.round(y * 10) / 10 };
}

/** Deletes blocks with their notes, and notes; what led to a block leads nowhere. */
export function remove(document: FlowDocument, catalogue: Catalogue, ids: ReadonlySet<string>): FlowDocument {
  const gone = new Set(blocksOf(document, catalogue).filter((block) => ids.has(block.id)).flatMap((block) => block.actions.map((action) => action.Identifier)));
  let result = document;
  if (gone.size) {
    for (const block of blocksOf(document, catalogue)) {
      if (gone.has(block.id)) continue;
      for (const outcome of block.outcomes) if (outcome.target && gone.has(outcome.target)) result = connect(result, catalogue, block.id, outcome.key, null);
    }
    result = withActions(result, (action) => (gone.has(action.Identifier) ? null : severed(action, (id) => gone.has(id))));
    result = withActionMetadata(result, Object.fromEntries([...gone].map((id) => [id, null])));
    if (gone.has(result.StartAction)) result = { ...result, StartAction: "" };
  }
  const notes = notesOf(result);
  const kept = notes.filter((note) => !ids.has(note.id) && !(note.actionId && gone.has(note.actionId)));
  return kept.length === notes.length ? result : withNotes(result, kept);
}

/** Gives a block a custom name, or takes it away with an empty one; the block's id changes with it. */
export function rename(document: FlowDocument, id: string, name: string): Made {
  const next = name || newIdentifier();
  if (name === id) return { document: withActionMetadata(document, { [id]: { ...metadataOf(document, id), isFriendlyName: true } }), id };
  const { friendlyName: _, isFriendlyName: __, ...kept } = metadataOf(document, id);
  const flagged = withActionMetadata(document, { [id]: name ? { ...kept, isFriendlyName: true } : kept });
  return { document: renamed(flagged, new Map([[id, next]])), id: next };
}

/** Applies what the panel of a block gives back. The connections of outcomes that stay are kept; the id changes with the name. */
export function applyChange(document: FlowDocument, catalogue: Catalogue, id: string, change: BlockChange): Made {
  const block = blockOf(document, catalogue, id);
  if (!block) return { document, id };
  const variant = block.type?.Variants.find((one) => one.Key === change.variant) ?? block.variant;
  const main: FlowAction = {
    ...block.main,
    Type: variant && variant !== block.variant ? variant.ActionType : block.main.Type,
    Parameters: change.parameters,
    Transitions: transitionsAfter(block, variant, change),
  };
  let changed = withActions(document, (action) => (action === block.main ? main : action));
  const metadata = parametersRefreshed(metadataOf(document, main.Identifier), block.main.Parameters, change.parameters, change.labels ?? {});
  const refreshed = change.conditions ? conditionsRefreshed(metadata, main, variant) : metadata;
  if (refreshed !== metadataOf(document, main.Identifier)) changed = withActionMetadata(changed, { [main.Identifier]: refreshed });
  let now: Made = { document: changed, id: block.id };
  if (change.companion !== undefined || (variant !== block.variant && block.companion)) {
    now = companionChanged(changed, { ...block, main, actions: block.actions.map((action) => (action === block.main ? main : action)) }, variant, change.companion ?? {});
  }
  return change.name === undefined || change.name === block.name ? now : rename(now.document, now.id, change.name);
}

function transitionsAfter(block: Block, variant: FlowBlockVariant | null, change: BlockChange): FlowTransitions {
  const before = block.main.Transitions;
  if (!variant) return before;
  const branches = branchesOf(variant, change.parameters);
  const once = block.variant?.Branches ?? [];
  const isGone = (kind: string, outcome?: string): boolean => {
    const same = (one: { Kind: string; Outcome?: string }): boolean => one.Kind === kind && (kind === "NEXT" || one.Outcome === outcome);
    return !branches.some(same) && (variant !== block.variant || once.some(same));
  };
  const after: FlowTransitions = { ...before };
  if (isGone("NEXT") && block.main === block.actions[block.actions.length - 1]) delete after.NextAction;
  if (before.Errors) after.Errors = before.Errors.filter((one) => !isGone("ERROR", one.ErrorType));
  const conditions = conditionsAfter(block, variant, change);
  if (conditions.length || before.Conditions) after.Conditions = conditions;
  return after;
}

/** The author's conditions in their order, each with the connection it had, then the fixed ones that stay. */
function conditionsAfter(block: Block, variant: FlowBlockVariant, change: BlockChange): FlowCondition[] {
  const before = block.main.Transitions.Conditions ?? [];
  const fixedNow = fixedOf(variant, change.parameters);
  const fixedBefore = fixedOf(block.variant, block.main.Parameters);
  const isFixed = (one: FlowCondition): boolean => fixedBefore.some((branch) => isOf(one, branch)) || fixedNow.some((branch) => isOf(one, branch));
  const rows = before.filter((one) => !isFixed(one));
  const fixed = before.filter((one) => fixedNow.some((branch) => isOf(one, branch)));
  if (!change.conditions) return variant === block.variant ? before.filter((one) => !isFixed(one) || fixed.includes(one)) : fixed;
  return [...rowsAfter(rows, variant.Rows ? change.conditions : []), ...fixed];
}

function rowsAfter(before: readonly FlowCondition[], wanted: readonly ConditionRow[]): FlowCondition[] {
  const told = wanted.some((row) => row.was !== undefined);
  const free = new Set(told ? [] : before);
  const same = (one: FlowCondition, row: ConditionRow): boolean => rowOf(one).operand === row.operand && rowOf(one).operator === row.operator;
  const found = wanted.map((row) => {
    if (told) return row.was === undefined ? undefined : before[row.was];
    const match = [...free].find((one) => same(one, row));
    if (match) free.delete(match);
    return match;
  });
  return wanted.map((row, at) => {
    const inPlace = before[at];
    const old = found[at] ?? (inPlace && free.has(inPlace) ? inPlace : undefined);
    if (old) free.delete(old);
    if (old && same(old, row)) return old;
    return { ...old, NextAction: old?.NextAction ?? "", Condition: { ...old?.Condition, Operator: row.operator, Operands: [row.operand] } };
  });
}

/** Where a block stands that leaves no gap: the entry point for a document without blocks. */
export function cornerOf(document: FlowDocument): Point {
  return document.Actions.reduce((corner, action) => {
    const at = positionOf(document, action.Identifier);
    return at ? { x: Math.min(corner.x, at.x), y: Math.min(corner.y, at.y) } : corner;
  }, entryPosition(document));
}
