import dagre from "@dagrejs/dagre";
import { blocksOf, type Block } from "./blocks";
import type { Catalogue } from "./catalogue";
import { entryPosition, withMetadata, type FlowDocument, type Point } from "./document";
import { ENTRY_ID, move } from "./edits";

/** Sizes of what is drawn, in pixels at full size; blocks of other makers' flows stand about 230 apart. */
export const BLOCK_WIDTH = 200;
export const ENTRY_SIZE = { width: 100, height: 36 };
const HEAD = 66;
const ROW = 24;
const GAP = { ranks: 70, rows: 32 };

export interface Size {
  width: number;
  height: number;
}

/** About how large a block is drawn. */
export function sizeOf(block: Block): Size {
  return { width: BLOCK_WIDTH, height: HEAD + ROW * block.outcomes.length };
}

/** Lays the blocks out from left to right as the contact goes; only some of them where ids are given. `sizes` are what was measured. */
export function arrange(document: FlowDocument, catalogue: Catalogue, only?: ReadonlySet<string>, sizes?: ReadonlyMap<string, Size>): FlowDocument {
  const blocks = blocksOf(document, catalogue);
  const chosen = only ? blocks.filter((block) => only.has(block.id)) : blocks;
  if (chosen.length < (only ? 2 : 1)) return document;
  const points = laidOut(chosen, only ? "" : document.StartAction, sizes);
  const from = only ? cornerOf(chosen.map((block) => block.position)) : entryPosition(document);
  const drawn = [...points.values()];
  const anchor = only ? cornerOf(drawn) : (points.get(ENTRY_ID) ?? cornerOf(drawn));
  const placed = [...points].map(([id, point]): [string, Point] => [id, { x: from.x + point.x - anchor.x, y: from.y + point.y - anchor.y }]);
  return move(document, catalogue, Object.fromEntries(placed.map(([id, { x, y }]) => [id, { x: Math.round(x), y: Math.round(y) }])));
}

/** The document with a place for every block that has none. */
export function placed(document: FlowDocument, catalogue: Catalogue): FlowDocument {
  const blocks = blocksOf(document, catalogue);
  const homeless = blocks.filter((block) => !block.placed);
  if (!homeless.length) return document;
  if (homeless.length === blocks.length) return arrange(withMetadata(document, { entryPointPosition: entryPosition(document) }), catalogue);
  const settled = blocks.filter((block) => block.placed);
  const left = Math.min(...settled.map((block) => block.position.x));
  const below = Math.max(...settled.map((block) => block.position.y + sizeOf(block).height)) + GAP.rows * 2;
  const points = laidOut(homeless, "", undefined);
  return move(document, catalogue, Object.fromEntries([...points].map(([id, { x, y }]) => [id, { x: left + Math.round(x), y: below + Math.round(y) }])));
}

/** What pulls blocks together: the ways a contact should go, and errors only to what nothing else leads to. */
function waysOf(blocks: readonly Block[], known: ReadonlySet<string>): { source: string; target: string; weight: number }[] {
  const all = blocks.flatMap((block) => block.outcomes.flatMap(({ kind, target }) => (target && target !== block.id && known.has(target) ? [{ source: block.id, target, isError: kind === "error" }] : [])));
  const meant = new Set(all.filter((way) => !way.isError).map((way) => way.target));
  const reached = new Set<string>();
  return all.flatMap(({ source, target, isError }) => {
    if (isError && (meant.has(target) || reached.has(target))) return [];
    if (isError) reached.add(target);
    return [{ source, target, weight: isError ? 1 : 3 }];
  });
}

function cornerOf(points: readonly Point[]): Point {
  return { x: Math.min(...points.map((one) => one.x)), y: Math.min(...points.map((one) => one.y)) };
}

/** Upper left corners; with a start, the entry point stands first. */
function laidOut(blocks: readonly Block[], start: string, sizes: ReadonlyMap<string, Size> | undefined): Map<string, Point> {
  const graph = new dagre.graphlib.Graph();
  graph.setGraph({ rankdir: "LR", ranksep: GAP.ranks, nodesep: GAP.rows, marginx: 0, marginy: 0 });
  graph.setDefaultEdgeLabel(() => ({}));
  const known = new Set(blocks.map((block) => block.id));
  if (known.has(start)) {
    graph.setNode(ENTRY_ID, { ...ENTRY_SIZE });
    graph.setEdge(ENTRY_ID, start, { weight: 4 });
  }
  for (const block of blocks) graph.setNode(block.id, { ...(sizes?.get(block.id) ?? sizeOf(block)) });
  for (const { source, target, weight } of waysOf(blocks, known)) graph.setEdge(source, target, { weight });
  dagre.layout(graph);
  return new Map(graph.nodes().map((id) => {
    const { x = 0, y = 0, width = 0, height = 0 } = graph.node(id) as Partial<Point & Size>;
    return [id, { x: x - width / 2, y: y - height / 2 }];
  }));
}
