import type { Edge, Node } from "@xyflow/react";
import type { FlowProblem } from "../../api/switchroom";
import type { Block } from "../model/blocks";
import type { FlowNote, Point } from "../model/document";
import type { Mark } from "./marks";

export interface BlockData extends Record<string, unknown> {
  block: Block;
  face: string;
  /** Joined by line breaks in `face`; how many notes hang on it. */
  notes: number;
  problems: readonly FlowProblem[];
  mark: Mark | undefined;
  hit: boolean;
  readOnly: boolean;
  ends: boolean;
}

export interface NoteData extends Record<string, unknown> {
  note: FlowNote;
  attachedTo: string;
  hit: boolean;
  readOnly: boolean;
}

export interface EntryData extends Record<string, unknown> {
  connected: boolean;
  readOnly: boolean;
}

export type BlockNodeType = Node<BlockData, "block">;
export type NoteNodeType = Node<NoteData, "note">;
export type EntryNodeType = Node<EntryData, "entry">;
export type CanvasNode = BlockNodeType | NoteNodeType | EntryNodeType;

export interface EdgeData extends Record<string, unknown> {
  outcomeKey: string;
  mark: Mark | undefined;
  readOnly: boolean;
}

export type FlowEdgeType = Edge<EdgeData, "flow">;
export type TetherType = Edge<Record<string, never>, "tether">;
export type CanvasEdge = FlowEdgeType | TetherType;

/** Blocks as they were where nothing about them changed, so that what draws them rests. */
export function steady(before: ReadonlyMap<string, Block>, blocks: readonly Block[]): Map<string, Block> {
  return new Map(blocks.map((block) => {
    const old = before.get(block.id);
    return [block.id, old && sameBlock(old, block) ? old : block];
  }));
}

function sameBlock(one: Block, other: Block): boolean {
  return (
    one.type === other.type && one.variant === other.variant && one.title === other.title && one.metadata === other.metadata &&
    one.actions.length === other.actions.length && one.actions.every((action, at) => action === other.actions[at]) &&
    samePoint(one.position, other.position) && one.outcomes.length === other.outcomes.length &&
    one.outcomes.every((outcome, at) => sameFields(outcome, other.outcomes[at]!))
  );
}

function samePoint(one: Point, other: Point): boolean {
  return one.x === other.x && one.y === other.y;
}

function sameFields(one: object, other: object): boolean {
  const names = Object.keys(one);
  return names.length === Object.keys(other).length && names.every((name) => (one as Record<string, unknown>)[name] === (other as Record<string, unknown>)[name]);
}

/**
 * The nodes that are wanted, each the very object it was where nothing about it changed; what was measured is kept.
 * A node that is just being moved stays where it is unless another place is wanted for it than `last`.
 */
export function reconciled(before: readonly CanvasNode[], wanted: readonly CanvasNode[], last: readonly CanvasNode[]): CanvasNode[] {
  const known = new Map(before.map((node) => [node.id, node]));
  const places = new Map(last.map((node) => [node.id, node.position]));
  return wanted.map((asked) => {
    const old = known.get(asked.id);
    if (!old) return asked;
    const place = places.get(asked.id);
    const node = place && samePoint(place, asked.position) ? { ...asked, position: old.position } : asked;
    const same = samePoint(old.position, node.position) && (old.selected ?? false) === (node.selected ?? false) && old.ariaLabel === node.ariaLabel &&
      old.draggable === node.draggable && sameSize(old, node) && sameFields(old.data, node.data);
    return same ? old : ({ ...old, ...node, data: sameFields(old.data, node.data) ? old.data : node.data } as CanvasNode);
  });
}

function sameSize(one: CanvasNode, other: CanvasNode): boolean {
  return other.width === undefined || (one.width === other.width && one.height === other.height);
}

export function reconciledEdges(before: ReadonlyMap<string, CanvasEdge>, wanted: readonly CanvasEdge[]): CanvasEdge[] {
  return wanted.map((edge) => {
    const old = before.get(edge.id);
    if (!old || old.source !== edge.source || old.target !== edge.target || old.sourceHandle !== edge.sourceHandle || old.selected !== edge.selected) return edge;
    return old.ariaLabel === edge.ariaLabel && old.className === edge.className && sameFields(old.data ?? {}, edge.data ?? {}) ? old : edge;
  });
}

/** Blocks in the order a contact may meet them, for the way of the Tab key. */
export function inOrder(blocks: readonly Block[], start: string | null): Block[] {
  const byId = new Map(blocks.map((block) => [block.id, block]));
  const seen = new Set<string>();
  const order: Block[] = [];
  const todo = [start, ...blocks.map((block) => block.id)].filter((id): id is string => id !== null);
  const visit = (first: string): void => {
    const stack = [first];
    while (stack.length) {
      const block = byId.get(stack.pop()!);
      if (!block || seen.has(block.id)) continue;
      seen.add(block.id);
      order.push(block);
      const next = block.outcomes.map((outcome) => outcome.target).filter((target): target is string => target !== null && !seen.has(target));
      stack.push(...next.reverse());
    }
  };
  todo.forEach(visit);
  return order;
}
