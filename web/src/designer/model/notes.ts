import { entryPosition, isRecord, newIdentifier, positionOf, withMetadata, type FlowDocument, type FlowNote, type Point } from "./document";

export const NOTE_LENGTH = 1000;
export const NOTES_OF_A_BLOCK = 5;
export const NOTES_OF_A_FLOW = 100;
export const NOTE_SIZE = { width: 220, height: 130 };

const NONE: FlowNote[] = [];

export function notesOf(document: FlowDocument): FlowNote[] {
  const notes = document.Metadata?.Annotations;
  return Array.isArray(notes) ? notes.filter((note) => isRecord(note) && typeof note.id === "string") : NONE;
}

export function notesOn(document: FlowDocument, blockId: string): FlowNote[] {
  return notesOf(document).filter((note) => note.actionId === blockId);
}

/** Characters as a person counts them, an emoji as one. */
export function noteLength(content: string): number {
  return [...content].length;
}

export function trimmedNote(content: string): string {
  return noteLength(content) > NOTE_LENGTH ? [...content].slice(0, NOTE_LENGTH).join("") : content;
}

/** Where a note without a place of its own is drawn: above its block. */
export function notePosition(document: FlowDocument, note: FlowNote): Point {
  const { x, y } = note.position ?? {};
  if (typeof x === "number" && typeof y === "number") return { x, y };
  const at = note.actionId ? positionOf(document, note.actionId) : null;
  const corner = at ?? entryPosition(document);
  return { x: corner.x, y: corner.y - NOTE_SIZE.height - 20 };
}

export function mayAddNote(document: FlowDocument, blockId?: string): boolean {
  return notesOf(document).length < NOTES_OF_A_FLOW && (!blockId || notesOn(document, blockId).length < NOTES_OF_A_BLOCK);
}

/** Adds a note at a point, attached to a block where one is given; the document as it is where the limits forbid it. */
export function addNote(document: FlowDocument, at: Point, blockId?: string, content = ""): { document: FlowDocument; id: string | null } {
  if (!mayAddNote(document, blockId)) return { document, id: null };
  const note: FlowNote = { type: "default", id: newIdentifier(), content: trimmedNote(content), isFolded: false, position: at, size: NOTE_SIZE };
  if (blockId) note.actionId = blockId;
  return { document: withNotes(document, [...notesOf(document), note]), id: note.id };
}

export function changeNote(document: FlowDocument, id: string, change: Partial<FlowNote>): FlowDocument {
  const content = change.content === undefined ? {} : { content: trimmedNote(change.content) };
  return withNotes(document, notesOf(document).map((note) => (note.id === id ? { ...note, ...change, ...content } : note)));
}

/** Attaches a note to a block, or sets it free with null; the document as it is where the block has its five. */
export function attachNote(document: FlowDocument, id: string, blockId: string | null): FlowDocument {
  const note = notesOf(document).find((one) => one.id === id);
  if (!note || (note.actionId ?? null) === blockId || (blockId && notesOn(document, blockId).length >= NOTES_OF_A_BLOCK)) return document;
  const { actionId: _, ...free } = note;
  const changed: FlowNote = blockId ? { ...free, actionId: blockId } : free;
  return withNotes(document, notesOf(document).map((one) => (one === note ? changed : one)));
}

export function withNotes(document: FlowDocument, notes: FlowNote[]): FlowDocument {
  return withMetadata(document, { Annotations: notes });
}

/** Notes that hold every word of the text, in any case. */
export function searchNotes(document: FlowDocument, text: string): FlowNote[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return notesOf(document).filter((note) => words.every((word) => note.content.toLowerCase().includes(word)));
}
