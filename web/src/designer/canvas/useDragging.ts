import { useMemo, useRef, type RefObject } from "react";
import { applyNodeChanges, type NodeChange, type ReactFlowInstance } from "@xyflow/react";
import type { Point } from "../model/document";
import type { CanvasEdge, CanvasNode } from "./nodes";
import type { Editing } from "./useEditing";
import type { Graph } from "./useGraph";

export interface Dragging {
  /** Nodes after changes; notes on a block that moves go with it. */
  applied: (nodes: CanvasNode[], changes: NodeChange<CanvasNode>[]) => CanvasNode[];
  start: (event: unknown, node: CanvasNode, nodes: CanvasNode[]) => void;
  stop: (event: unknown, node: CanvasNode, nodes: CanvasNode[]) => void;
  startMany: (event: unknown, nodes: CanvasNode[]) => void;
  stopMany: (event: unknown, nodes: CanvasNode[]) => void;
  /** Moving by keys: begins, shifts all, ends with or without an edit. */
  begin: (ids: ReadonlySet<string>) => void;
  shift: (by: Point) => void;
  end: (keep: boolean) => void;
}

/** Moves nodes on the screen, and makes one edit of it at the end. */
export function useDragging(now: RefObject<{ graph: Graph }>, editing: Editing, flow: ReactFlowInstance<CanvasNode, CanvasEdge>): Dragging {
  const from = useRef<Map<string, Point>>(new Map());
  return useMemo<Dragging>(() => {
    const started = (nodes: readonly CanvasNode[]): void => {
      from.current = new Map(nodes.map((node) => [node.id, node.position]));
    };
    const stopped = (nodes: readonly CanvasNode[]): void => {
      const moved = nodes.filter((node) => {
        const before = from.current.get(node.id);
        return before && (before.x !== node.position.x || before.y !== node.position.y);
      });
      from.current = new Map();
      if (!moved.length) return;
      const [only] = moved;
      const under = moved.length === 1 && only?.type === "note" ? flow.getIntersectingNodes(only, true).find((node) => node.type === "block") : undefined;
      if (only && under) editing.dropOn(only.id, only.position, under.id);
      else editing.moveTo(Object.fromEntries(moved.map((node) => [node.id, node.position])));
    };
    const moveAll = (place: (id: string) => Point | null): void => {
      now.current.graph.setNodes((nodes) =>
        applied(nodes, nodes.flatMap((node) => {
          const to = place(node.id);
          return to ? [{ type: "position", id: node.id, position: to } as const] : [];
        })),
      );
    };
    return {
      applied,
      start: (_, node, nodes) => started(nodes.length ? nodes : [node]),
      stop: (_, node, nodes) => stopped(nodes.length ? nodes : [node]),
      startMany: (_, nodes) => started(nodes),
      stopMany: (_, nodes) => stopped(nodes),
      begin: (ids) => started(flow.getNodes().filter((node) => ids.has(node.id))),
      shift: (by) => moveAll((id) => {
        const node = from.current.has(id) ? flow.getNode(id) : undefined;
        return node ? { x: node.position.x + by.x, y: node.position.y + by.y } : null;
      }),
      end: (keep) => {
        if (keep) return stopped(flow.getNodes().filter((node) => from.current.has(node.id)));
        const back = from.current;
        from.current = new Map();
        moveAll((id) => back.get(id) ?? null);
      },
    };
  }, [now, editing, flow]);
}

function applied(nodes: CanvasNode[], changes: NodeChange<CanvasNode>[]): CanvasNode[] {
  const own = changes.filter((change) => change.type !== "select" && change.type !== "remove");
  if (!own.length) return nodes;
  const shifts = new Map<string, Point>();
  const byId = new Map(nodes.map((node) => [node.id, node]));
  for (const change of own) {
    const node = change.type === "position" && change.position ? byId.get(change.id) : undefined;
    if (node?.type === "block" && change.type === "position") shifts.set(node.id, { x: change.position!.x - node.position.x, y: change.position!.y - node.position.y });
  }
  const named = new Set(own.map((change) => ("id" in change ? change.id : "")));
  const along = shifts.size
    ? nodes.flatMap((node): NodeChange<CanvasNode>[] => {
        const shift = node.type === "note" && node.data.note.actionId && !named.has(node.id) ? shifts.get(node.data.note.actionId) : undefined;
        return shift ? [{ type: "position", id: node.id, position: { x: node.position.x + shift.x, y: node.position.y + shift.y } }] : [];
      })
    : [];
  return applyNodeChanges([...own, ...along], nodes);
}
