import type { FlowBlockVariant } from "../../api/switchroom";
import { edgeKey, ENTRY_EDGE, type Mark } from "../canvas/marks";
import { blockOf, blocksOf, ownersOf, type Block, type Outcome } from "../model/blocks";
import type { Catalogue } from "../model/catalogue";
import { metadataOf, withMetadata, type FlowAction, type FlowDocument, type Point } from "../model/document";
import { connect } from "../model/edits";
import { notesOf } from "../model/notes";
import { leavesOf, textOf, valueAt } from "../model/paths";

export interface PropertyChange {
  label: string;
  /** Empty: it was not there. */
  before: string;
  after: string;
}

export type ChangeKind = "added" | "removed" | "changed" | "moved";

export interface BlockChanges {
  /** In the merged document. */
  id: string;
  kind: ChangeKind;
  title: string;
  /** What kind of block it is, where its title does not say so. */
  type: string;
  settings: PropertyChange[];
  /** Where outcomes lead. */
  connections: PropertyChange[];
}

export interface NoteChanges {
  id: string;
  kind: ChangeKind;
  before: string;
  after: string;
}

/** What differs between two versions of a flow, and one document that shows both. */
export interface Comparison {
  blocks: BlockChanges[];
  notes: NoteChanges[];
  /** Where the flow begins, if that changed. */
  start: PropertyChange | null;
  /** The later version with the blocks and notes that were taken out of the earlier one. */
  document: FlowDocument;
  marks: ReadonlyMap<string, Mark>;
  edgeMarks: ReadonlyMap<string, Mark>;
}

export interface Words {
  name: string;
  type: string;
  /** Name of a resource by ARN or id. */
  resource: (value: string) => string | undefined;
}

interface Side {
  document: FlowDocument;
  blocks: Block[];
  byId: Map<string, Block>;
}

/** Compares two versions block by block: by identifier, then by what they are where they were renamed. */
export function compare(before: FlowDocument, after: FlowDocument, catalogue: Catalogue, words: Words): Comparison {
  const [old, now] = [sideOf(before, catalogue), sideOf(after, catalogue)];
  const pairs = pairsOf(old, now);
  const newIds = new Map([...pairs].map(([later, earlier]) => [earlier.id, later]));
  const meant = (id: string | null): string | null => (id === null ? null : (newIds.get(id) ?? id));
  const titleOf = (id: string | null): string => (id ? (now.byId.get(id)?.title ?? old.byId.get(id)?.title ?? id) : "");

  const marks = new Map<string, Mark>();
  const edgeMarks = new Map<string, Mark>();
  const changes: BlockChanges[] = [];
  const cut: Cut[] = [];
  for (const block of now.blocks) {
    const earlier = pairs.get(block.id);
    if (!earlier) {
      changes.push({ ...headOf(block, "added"), settings: [], connections: [] });
      marks.set(block.id, "added");
      markAll(block, "added", edgeMarks);
      continue;
    }
    const settings = settingsOf(earlier, block, words);
    const connections = connectionsOf(earlier, block, { meant, titleOf, edgeMarks, cut });
    if (settings.length || connections.length) {
      changes.push({ ...headOf(block, "changed"), settings, connections });
      marks.set(block.id, "changed");
    } else if (movedFar(earlier.position, block.position)) changes.push({ ...headOf(block, "moved"), settings, connections });
  }
  const gone = old.blocks.filter((block) => !newIds.has(block.id));
  for (const block of gone) {
    changes.push({ ...headOf(block, "removed"), settings: [], connections: [] });
    marks.set(block.id, "removed");
    markAll(block, "removed", edgeMarks);
  }
  const notes = noteChanges(before, after);
  for (const note of notes) if (note.kind !== "moved") marks.set(note.id, note.kind);

  const [from, to] = [meant(startOf(old)), startOf(now)];
  if (from !== to && to) edgeMarks.set(ENTRY_EDGE, from ? "changed" : "added");
  const order: ChangeKind[] = ["added", "changed", "removed", "moved"];
  return {
    blocks: changes.sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind)),
    notes,
    start: from === to ? null : { label: "", before: titleOf(from), after: titleOf(to) },
    document: withCut(merged(before, after, gone, newIds), cut, catalogue, edgeMarks),
    marks,
    edgeMarks,
  };
}

export function isEmpty({ blocks, notes, start }: Comparison): boolean {
  return !blocks.length && !notes.length && !start;
}

function sideOf(document: FlowDocument, catalogue: Catalogue): Side {
  const blocks = blocksOf(document, catalogue);
  return { document, blocks, byId: new Map(blocks.map((block) => [block.id, block])) };
}

function startOf(side: Side): string | null {
  return ownersOf(side.blocks).get(side.document.StartAction) ?? null;
}

function headOf(block: Block, kind: ChangeKind): Pick<BlockChanges, "id" | "kind" | "title" | "type"> {
  const type = block.type?.Name ?? block.main.Type;
  return { id: block.id, kind, title: block.title, type: type === block.title ? "" : type };
}

/** Earlier blocks by the id of the later one. */
function pairsOf(old: Side, now: Side): Map<string, Block> {
  const pairs = new Map<string, Block>();
  for (const block of now.blocks) {
    const same = old.byId.get(block.id);
    if (same) pairs.set(block.id, same);
  }
  const left = new Set(old.blocks.filter((block) => !pairs.has(block.id)));
  const open = (): Block[] => now.blocks.filter((block) => !pairs.has(block.id));
  const settle = (alike: (earlier: Block, later: Block) => boolean): void => {
    for (const later of open()) {
      const earlier = [...left].find((one) => alike(one, later));
      if (!earlier) continue;
      pairs.set(later.id, earlier);
      left.delete(earlier);
    }
  };
  const sameText = (a: Block, b: Block): boolean => JSON.stringify(a.main.Parameters) === JSON.stringify(b.main.Parameters);
  const samePlace = (a: Block, b: Block): boolean => a.placed && b.placed && !movedFar(a.position, b.position);
  settle((a, b) => a.main.Type === b.main.Type && sameText(a, b) && samePlace(a, b));
  settle((a, b) => a.main.Type === b.main.Type && samePlace(a, b));
  return pairs;
}

function movedFar(a: Point, b: Point): boolean {
  return Math.abs(a.x - b.x) > 1 || Math.abs(a.y - b.y) > 1;
}

function settingsOf(earlier: Block, later: Block, words: Words): PropertyChange[] {
  const found: PropertyChange[] = [];
  if (earlier.name !== later.name) found.push({ label: words.name, before: earlier.name, after: later.name });
  const type = (block: Block): string => [block.type?.Name ?? block.main.Type, block.variant?.Name].filter(Boolean).join(" · ");
  if (type(earlier) !== type(later)) found.push({ label: words.type, before: type(earlier), after: type(later) });
  found.push(...parametersOf(earlier.main, later.main, earlier.variant, later.variant, words));
  if (earlier.companion || later.companion) {
    const [a, b] = [earlier.companion ?? NO_ACTION, later.companion ?? NO_ACTION];
    found.push(...parametersOf(a, b, companionOf(earlier.variant), companionOf(later.variant), words));
  }
  const [rowsBefore, rowsAfter] = [rowsText(earlier), rowsText(later)];
  if (rowsBefore !== rowsAfter) found.push({ label: later.variant?.Rows?.Label.replace("{}", "").trim() || words.type, before: rowsBefore, after: rowsAfter });
  return found;
}

const NO_ACTION: FlowAction = { Identifier: "", Type: "", Parameters: {}, Transitions: {} };

function companionOf(variant: FlowBlockVariant | null): Pick<FlowBlockVariant, "Fields"> | null {
  return variant?.Companion ? { Fields: variant.Companion.Fields } : null;
}

function rowsText(block: Block): string {
  return block.outcomes.filter((one) => one.kind === "row").map((one) => one.label).join(", ");
}

type Labelled = Pick<FlowBlockVariant, "Fields"> | null;

function parametersOf(earlier: FlowAction, later: FlowAction, oldForm: Labelled, newForm: Labelled, words: Words): PropertyChange[] {
  const paths = [...new Set([...leavesOf(earlier.Parameters), ...leavesOf(later.Parameters)])];
  const show = (action: FlowAction, path: string): string => {
    const value = textOf(valueAt(action.Parameters, path));
    return words.resource(value) ?? value;
  };
  return paths
    .map((path) => ({ label: labelOf(path, newForm) ?? labelOf(path, oldForm) ?? path, before: show(earlier, path), after: show(later, path) }))
    .filter((one) => one.before !== one.after);
}

/** The label of the field the path belongs to, with what is left of the path. */
function labelOf(path: string, form: Labelled): string | undefined {
  const fields = (form?.Fields ?? []).filter((field) => field.Path && (path === field.Path || path.startsWith(`${field.Path}.`)));
  const field = fields.sort((a, b) => b.Path.length - a.Path.length)[0];
  if (!field) return undefined;
  const rest = path.slice(field.Path.length + 1);
  return rest ? `${field.Label} · ${rest}` : field.Label;
}

/** A connection that is no more. */
interface Cut {
  id: string;
  outcome: Outcome;
  target: string;
}

interface Edges {
  cut: Cut[];
  meant: (id: string | null) => string | null;
  titleOf: (id: string | null) => string;
  edgeMarks: Map<string, Mark>;
}

function connectionsOf(earlier: Block, later: Block, { meant, titleOf, edgeMarks, cut }: Edges): PropertyChange[] {
  const found: PropertyChange[] = [];
  const old = new Map(earlier.outcomes.map((one) => [nameOf(one), one]));
  for (const outcome of later.outcomes) {
    const from = meant(old.get(nameOf(outcome))?.target ?? null);
    old.delete(nameOf(outcome));
    if (from === outcome.target) continue;
    found.push({ label: outcome.label, before: titleOf(from), after: titleOf(outcome.target) });
    if (outcome.target) edgeMarks.set(edgeKey(later.id, outcome.key), from ? "changed" : "added");
    else if (from) cut.push({ id: later.id, outcome, target: from });
  }
  for (const outcome of old.values()) {
    if (outcome.target) found.push({ label: outcome.label, before: titleOf(meant(outcome.target)), after: "" });
  }
  return found;
}

/** What an outcome is, whatever its place among the conditions. */
function nameOf(outcome: Outcome): string {
  return outcome.key === "next" || outcome.kind === "error" ? outcome.key : `${outcome.kind}:${outcome.label}`;
}

function markAll(block: Block, mark: Mark, edgeMarks: Map<string, Mark>): void {
  for (const outcome of block.outcomes) if (outcome.target) edgeMarks.set(edgeKey(block.id, outcome.key), mark);
}

function noteChanges(before: FlowDocument, after: FlowDocument): NoteChanges[] {
  const old = new Map(notesOf(before).map((note) => [note.id, note]));
  const found: NoteChanges[] = [];
  for (const note of notesOf(after)) {
    const earlier = old.get(note.id);
    old.delete(note.id);
    if (!earlier) found.push({ id: note.id, kind: "added", before: "", after: note.content });
    else if (earlier.content !== note.content) found.push({ id: note.id, kind: "changed", before: earlier.content, after: note.content });
  }
  return [...found, ...[...old.values()].map((note) => ({ id: note.id, kind: "removed" as const, before: note.content, after: "" }))];
}

/** Draws the connections that are no more, for the eye. */
function withCut(document: FlowDocument, cut: readonly Cut[], catalogue: Catalogue, edgeMarks: Map<string, Mark>): FlowDocument {
  let drawn = document;
  for (const { id, outcome, target } of cut) {
    drawn = connect(drawn, catalogue, id, outcome.key, target);
    const stored = blockOf(drawn, catalogue, id)?.outcomes.find((one) => nameOf(one) === nameOf(outcome));
    if (stored) edgeMarks.set(edgeKey(id, stored.key), "removed");
  }
  return drawn;
}

/** The later document with what is gone put back where it was, leading to what is there now. */
function merged(before: FlowDocument, after: FlowDocument, gone: readonly Block[], newIds: ReadonlyMap<string, string>): FlowDocument {
  const notes = notesOf(after);
  const lost = notesOf(before).filter((note) => !notes.some((one) => one.id === note.id));
  if (!gone.length && !lost.length) return after;
  const redirected = (action: FlowAction): FlowAction => {
    const to = (id: string): string => newIds.get(id) ?? id;
    const { NextAction, Errors, Conditions } = action.Transitions;
    return {
      ...action,
      Transitions: {
        ...action.Transitions,
        ...(NextAction === undefined ? {} : { NextAction: to(NextAction) }),
        ...(Errors ? { Errors: Errors.map((one) => ({ ...one, NextAction: to(one.NextAction) })) } : {}),
        ...(Conditions ? { Conditions: Conditions.map((one) => ({ ...one, NextAction: to(one.NextAction) })) } : {}),
      },
    };
  };
  const actions = gone.flatMap((block) => block.actions);
  const metadata = Object.fromEntries(actions.map((action) => [action.Identifier, metadataOf(before, action.Identifier)]));
  const whole = withMetadata(after, {
    ActionMetadata: { ...metadata, ...after.Metadata?.ActionMetadata },
    Annotations: [...notes, ...lost.map((note) => ({ ...note, actionId: note.actionId && (newIds.get(note.actionId) ?? note.actionId) }))],
  });
  return { ...whole, Actions: [...after.Actions, ...actions.map(redirected)] };
}
