import { useCallback, useMemo, useRef, useState, type RefObject } from "react";
import { useReactFlow, type CoordinateExtent } from "@xyflow/react";
import { entryPosition, type Point } from "../model/document";
import { BLOCK_WIDTH } from "../model/layout";
import { nodeElement } from "./elements";
import type { CanvasEdge, CanvasNode } from "./nodes";
import type { Graph } from "./useGraph";

const FIT = { padding: 0.08, maxZoom: 1, duration: 250 };
const GLIDE = { duration: 250 };
const ENTRY_FROM_LEFT = 48;
const MARGIN = 24;
const GAP = 16;
const NEW_HEIGHT = 120;
const RING = 40;
const RINGS = 9;
/** With more nodes than this, only those in view are in the page. */
const MANY = 400;

export interface View {
  centre: (id: string) => void;
  fit: () => void;
  fitSoon: () => void;
  reset: () => void;
  start: () => void;
  focusOn: (id: string) => void;
  reveal: (id: string) => void;
  showSoon: (id: string) => void;
  middle: () => Point;
  freePlace: () => Point;
  extent: CoordinateExtent | undefined;
  sparse: boolean;
}

/** Where one looks at on the canvas, and how far one can go. */
export function useView(root: RefObject<HTMLElement | null>, graph: Graph): View {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const [extent, setExtent] = useState<CoordinateExtent>();
  const latest = useRef(graph);
  latest.current = graph;
  const size = useCallback((): { width: number; height: number } => root.current?.getBoundingClientRect() ?? { width: 800, height: 600 }, [root]);

  const api = useMemo(() => {
    const boxOf = (id: string): (Point & { width: number; height: number }) | null => {
      const node = flow.getInternalNode(id);
      return node ? { ...node.internals.positionAbsolute, width: node.measured.width ?? BLOCK_WIDTH, height: node.measured.height ?? 0 } : null;
    };
    const element = (id: string): HTMLElement | null => nodeElement(root.current, id);
    const glideTo = (id: string): void => {
      const box = boxOf(id);
      if (box) void flow.setCenter(box.x + box.width / 2, box.y + box.height / 2, { zoom: Math.max(flow.getZoom(), 0.6), ...GLIDE });
    };
    const reveal = (id: string): void => {
      const box = boxOf(id);
      const { x, y, zoom } = flow.getViewport();
      const { width, height } = size();
      if (!box) return;
      const left = box.x * zoom + x;
      const top = box.y * zoom + y;
      if (left < MARGIN || top < MARGIN || left + box.width * zoom > width - MARGIN || top + box.height * zoom > height - MARGIN) glideTo(id);
    };
    const focus = (id: string): void => element(id)?.focus({ preventScroll: true });
    /** The whole content with room for a view around it, so that one cannot get lost. */
    const trim = (): void => {
      const { nodes } = latest.current;
      const { x, y, width, height } = flow.getNodesBounds(nodes);
      const around = { x: 1600, y: 1200 };
      setExtent(nodes.length ? [[x - around.x, y - around.y], [x + width + around.x, y + height + around.y]] : undefined);
    };
    const toEntry = (options?: { duration: number }): void => {
      const entry = entryPosition(latest.current.drawn);
      const { height } = size();
      const { y, height: tall } = flow.getNodesBounds(latest.current.nodes);
      const top = tall < height - MARGIN * 2 ? (height - tall) / 2 - y : Math.min(height * 0.4 - entry.y, MARGIN * 2 - y);
      void flow.setViewport({ x: ENTRY_FROM_LEFT - entry.x, y: Math.max(top, MARGIN * 2 - entry.y), zoom: 1 }, options);
      trim();
    };
    const middle = (): Point => {
      const { x, y, zoom } = flow.getViewport();
      const { width, height } = size();
      return { x: (width / 2 - x) / zoom, y: (height / 2 - y) / zoom };
    };
    return {
      reveal,
      middle,
      centre: (id: string): void => {
        glideTo(id);
        requestAnimationFrame(() => focus(id));
      },
      focusOn: (id: string): void => {
        reveal(id);
        if (element(id)) focus(id);
        else setTimeout(() => focus(id), GLIDE.duration);
      },
      showSoon: (id: string): void => void setTimeout(() => reveal(id), 60),
      fit: (): void => void flow.fitView(FIT),
      fitSoon: (): void => void setTimeout(() => flow.fitView(FIT), 60),
      reset: (): void => toEntry(GLIDE),
      start: (): void => void requestAnimationFrame(() => toEntry()),
      freePlace: (): Point => {
        const at = middle();
        const boxes = latest.current.nodes.map((node) => ({ ...node.position, width: node.measured?.width ?? BLOCK_WIDTH, height: node.measured?.height ?? 0 }));
        const free = (place: Point): boolean =>
          boxes.every((box) => place.x + BLOCK_WIDTH + GAP < box.x || box.x + box.width + GAP < place.x || place.y + NEW_HEIGHT + GAP < box.y || box.y + box.height + GAP < place.y);
        const place = rings().map((way) => ({ x: Math.round(at.x - BLOCK_WIDTH / 2 + way.x), y: Math.round(at.y - NEW_HEIGHT / 2 + way.y) })).find(free)
          ?? { x: Math.round(at.x - BLOCK_WIDTH / 2 + latest.current.nodes.length), y: Math.round(at.y - NEW_HEIGHT / 2 + latest.current.nodes.length) };
        return place;
      },
    };
  }, [flow, root, size]);
  return { ...api, extent, sparse: graph.nodes.length > MANY };
}

/** Ways from a middle outwards, the nearest first. */
function rings(): Point[] {
  const steps = Array.from({ length: RINGS * 2 + 1 }, (_, at) => (at - RINGS) * RING);
  return steps.flatMap((x) => steps.map((y) => ({ x, y }))).sort((one, other) => Math.hypot(one.x, one.y) - Math.hypot(other.x, other.y));
}
