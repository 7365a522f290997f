import { blocksOf } from "./blocks";
import { mayStand, type Catalogue } from "./catalogue";
import { FLOW_VERSION, isGenerated, isRecord, metadataOf, newIdentifier, parseDocument, withMetadata, type FlowDocument, type FlowNote, type Point } from "./document";
import { remove } from "./edits";
import { renamed, severed } from "./identifiers";
import { freeName } from "./names";
import { notePosition, notesOf, NOTES_OF_A_FLOW, trimmedNote } from "./notes";

export interface Pasted {
  document: FlowDocument;
  /** The new blocks and notes. */
  ids: ReadonlySet<string>;
  /** Blocks that may not stand in this type of flow, by title. */
  refused: string[];
}

/**
 * The blocks and notes as a small flow of their own: settings, places, the connections among them, and the notes on them.
 * Empty where nothing is selected.
 */
export function copy(document: FlowDocument, catalogue: Catalogue, ids: ReadonlySet<string>): string {
  const others = blocksOf(document, catalogue).filter((block) => !ids.has(block.id)).map((block) => block.id);
  const left = remove(document, catalogue, new Set(others));
  const chosen = new Set(left.Actions.map((action) => action.Identifier));
  const notes = notesOf(left).filter((note) => ids.has(note.id) || (note.actionId && chosen.has(note.actionId)));
  if (!chosen.size && !notes.length) return "";
  const ActionMetadata = Object.fromEntries([...chosen].map((id) => [id, metadataOf(left, id)]));
  const clip: FlowDocument = { Version: FLOW_VERSION, StartAction: left.StartAction, Metadata: { ActionMetadata, Annotations: notes }, Actions: left.Actions };
  return JSON.stringify(clip, null, 2);
}

/** Takes the blocks out of the document; `text` is what goes to the clipboard. */
export function cut(document: FlowDocument, catalogue: Catalogue, ids: ReadonlySet<string>): { document: FlowDocument; text: string } {
  return { document: remove(document, catalogue, ids), text: copy(document, catalogue, ids) };
}

/**
 * Puts what was copied into a flow, under fresh identifiers, its corner at `at` or a little beside where it was.
 * Null where the text is not a flow: damaged JSON, several values, an old format.
 */
export function paste(document: FlowDocument, catalogue: Catalogue, flowType: string, text: string, at?: Point): Pasted | null {
  const clip = parseDocument(text);
  if (!clip) return null;
  const { allowed, refused } = admitted(clip, catalogue, flowType);
  const fresh = refreshed(sound(allowed), document);
  const room = Math.max(0, NOTES_OF_A_FLOW - notesOf(document).length);
  const notes = notesOf(fresh).slice(0, room);
  if (!fresh.Actions.length && !notes.length && !refused.length) return null;
  const moved = shifted(fresh, notes, shiftOf(fresh, notes, document, at));
  const start = !document.StartAction && fresh.StartAction ? { StartAction: fresh.StartAction } : {};
  const merged = withMetadata(
    { ...document, ...start, Actions: [...document.Actions, ...fresh.Actions] },
    {
      ActionMetadata: { ...document.Metadata?.ActionMetadata, ...moved.metadata },
      Annotations: [...notesOf(document), ...moved.notes],
    },
  );
  const blocks = blocksOf({ ...merged, Actions: fresh.Actions }, catalogue).map((block) => block.id);
  return { document: merged, ids: new Set([...blocks, ...notes.map((note) => note.id)]), refused };
}

function admitted(clip: FlowDocument, catalogue: Catalogue, flowType: string): { allowed: FlowDocument; refused: string[] } {
  const wrong = blocksOf(clip, catalogue).filter((block) => block.type && !mayStand(block.type, flowType));
  return { allowed: remove(clip, catalogue, new Set(wrong.map((block) => block.id))), refused: wrong.map((block) => block.title) };
}

/** Without connections to what was not copied. */
function sound(clip: FlowDocument): FlowDocument {
  const known = new Set(clip.Actions.map((action) => action.Identifier));
  return {
    ...clip,
    StartAction: known.has(clip.StartAction) ? clip.StartAction : "",
    Actions: clip.Actions.map((action) => severed(action, (id) => !known.has(id))),
  };
}

function refreshed(clip: FlowDocument, target: FlowDocument): FlowDocument {
  const taken = new Set(target.Actions.map((action) => action.Identifier));
  const names = new Map<string, string>();
  for (const { Identifier: id } of clip.Actions) {
    const name = isGenerated(id) ? newIdentifier() : freeName(id, taken);
    taken.add(name);
    names.set(id, name);
  }
  const known = withMetadata(clip, {
    ActionMetadata: Object.fromEntries(clip.Actions.map(({ Identifier: id }) => [id, metadataOf(clip, id)])),
    Annotations: notesOf(clip).map((note) => ({ ...note, id: newIdentifier(), content: trimmedNote(String(note.content ?? "")) })),
  });
  return renamed(known, names);
}

const BESIDE = 40;

function shiftOf(clip: FlowDocument, notes: readonly FlowNote[], target: FlowDocument, at: Point | undefined): Point {
  const points = [...Object.values(clip.Metadata?.ActionMetadata ?? {}).map((one) => one.position), ...notes.map((note) => note.position)].filter(isPoint);
  if (at) return { x: at.x - Math.min(...points.map((one) => one.x), Infinity), y: at.y - Math.min(...points.map((one) => one.y), Infinity) };
  const occupied = new Set(Object.values(target.Metadata?.ActionMetadata ?? {}).map((one) => one.position).filter(isPoint).map((one) => `${one.x}|${one.y}`));
  let shift = 0;
  while (points.some((one) => occupied.has(`${one.x + shift}|${one.y + shift}`))) shift += BESIDE;
  return { x: shift, y: shift };
}

function isPoint(value: unknown): value is Point {
  return isRecord(value) && Number.isFinite(value["x"]) && Number.isFinite(value["y"]);
}

function shifted(clip: FlowDocument, notes: readonly FlowNote[], by: Point): { metadata: Record<string, Record<string, unknown>>; notes: FlowNote[] } {
  const to = (point: Point): Point => (Number.isFinite(by.x) && Number.isFinite(by.y) ? { x: point.x + by.x, y: point.y + by.y } : point);
  const metadata = Object.entries(clip.Metadata?.ActionMetadata ?? {}).map(([id, one]) => [id, isPoint(one.position) ? { ...one, position: to(one.position) } : one]);
  return {
    metadata: Object.fromEntries(metadata),
    notes: notes.map((note) => ({ ...note, position: to(note.position && isPoint(note.position) ? note.position : notePosition(clip, note)) })),
  };
}
