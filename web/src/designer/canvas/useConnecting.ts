import { useMemo, useRef, type RefObject } from "react";
import type { Connection, Edge, FinalConnectionState, HandleType } from "@xyflow/react";
import { ENTRY_ID } from "../model/edits";
import type { CanvasEdge } from "./nodes";
import type { Editing } from "./useEditing";
import type { Graph } from "./useGraph";

type Release = MouseEvent | TouchEvent;

export interface Connecting {
  isValid: (connection: Connection | Edge) => boolean;
  connect: (connection: Connection) => void;
  end: (event: Release, state: FinalConnectionState) => void;
  reconnectStart: () => void;
  reconnect: (edge: CanvasEdge, connection: Connection) => void;
  reconnectEnd: (event: Release, edge: CanvasEdge, handle: HandleType, state: FinalConnectionState) => void;
}

/** Connecting by mouse: an outcome dragged to a block, its arrow taken elsewhere, or dropped on nothing. */
export function useConnecting(now: RefObject<{ graph: Graph }>, editing: Editing): Connecting {
  const reconnecting = useRef<"no" | "begun" | "done">("no");
  return useMemo<Connecting>(() => {
    const isBlock = (id: string | null | undefined): id is string => typeof id === "string" && now.current.graph.blocks.has(id);
    const connectTo = (source: string | null | undefined, place: string | null | undefined, target: string | null): void => {
      if (source && place && (source === ENTRY_ID || isBlock(source))) editing.connectTo(source, place, target);
    };
    return {
      isValid: ({ source, target }) => isBlock(target) && (source === ENTRY_ID || isBlock(source)),
      connect: ({ source, sourceHandle, target }) => connectTo(source, sourceHandle, target),
      end: (event, state) => {
        if (state.isValid || reconnecting.current !== "no" || state.fromHandle?.type !== "source") return;
        const under = blockUnder(event);
        if (isBlock(under)) connectTo(state.fromHandle.nodeId, state.fromHandle.id, under);
      },
      reconnectStart: () => {
        reconnecting.current = "begun";
      },
      reconnect: (edge, { source, sourceHandle, target }) => {
        reconnecting.current = "done";
        if (source === edge.source && sourceHandle === edge.sourceHandle) connectTo(source, sourceHandle, target);
      },
      reconnectEnd: (event, edge, _, state) => {
        const done = reconnecting.current === "done" || state.isValid;
        reconnecting.current = "no";
        if (done) return;
        const under = blockUnder(event);
        connectTo(edge.source, edge.sourceHandle, isBlock(under) ? under : null);
      },
    };
  }, [now, editing]);
}

/** The node that a connection was dropped on, anywhere on it. */
function blockUnder(event: Release): string | undefined {
  const point = "changedTouches" in event ? event.changedTouches[0]! : event;
  return document.elementFromPoint(point.clientX, point.clientY)?.closest<HTMLElement>(".react-flow__node-block")?.dataset["id"];
}
