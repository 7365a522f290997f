import { blocksOf, type Block } from "./blocks";
import type { Catalogue } from "./catalogue";
import { metadataOf, type FlowDocument } from "./document";
import { searchNotes } from "./notes";

export interface Hit {
  id: string;
  kind: "block" | "note";
  title: string;
  /** The place where the words were found, shortened. */
  excerpt: string;
}

const EXCERPT = 80;

/** Blocks and notes that hold every word of the text, in any case: names, types, settings, outcomes, names of resources. */
export function search(document: FlowDocument, catalogue: Catalogue, text: string): Hit[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const hits = blocksOf(document, catalogue).flatMap((block): Hit[] => {
    const lines = linesOf(block, document);
    const all = lines.join("\n").toLowerCase();
    if (!words.every((word) => all.includes(word))) return [];
    const [title, ...rest] = lines as [string, ...string[]];
    return [{ id: block.id, kind: "block", title, excerpt: excerptOf(rest, words) }];
  });
  const notes = searchNotes(document, text).map((note): Hit => ({ id: note.id, kind: "note", title: note.content.slice(0, EXCERPT), excerpt: "" }));
  return [...hits, ...notes];
}

function linesOf(block: Block, document: FlowDocument): string[] {
  const types = [block.type?.Name ?? "", block.variant?.Name ?? ""];
  const actions = block.actions.flatMap((action) => [action.Type, action.Identifier, ...textsOf(action.Parameters), ...textsOf(metadataOf(document, action.Identifier).parameters)]);
  return [block.title, ...types, ...block.outcomes.map((outcome) => outcome.label), ...actions].filter(Boolean);
}

/** Every text in a value, with the names of what holds it. */
function textsOf(value: unknown, name = ""): string[] {
  if (typeof value !== "object" || value === null) return value === undefined || value === null ? [] : [name ? `${name}: ${value}` : String(value)];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, Array.isArray(value) ? name : key));
}

function excerptOf(lines: readonly string[], words: readonly string[]): string {
  const line = lines.find((one) => words.some((word) => one.toLowerCase().includes(word))) ?? "";
  const first = Math.min(...words.map((word) => line.toLowerCase().indexOf(word)).filter((found) => found >= 0), line.length);
  const at = line.length > EXCERPT ? Math.max(0, first - 20) : 0;
  return `${at > 0 ? "…" : ""}${line.slice(at, at + EXCERPT)}${line.length > at + EXCERPT ? "…" : ""}`;
}
