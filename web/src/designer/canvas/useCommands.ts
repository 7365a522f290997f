import { useReactFlow } from "@xyflow/react";
import type { RefObject } from "react";
import { ENTRY_ID } from "../model/edits";
import type { Size } from "../model/layout";
import { NOTE_SIZE } from "../model/notes";
import type { Anchor } from "./actions";
import { nodeElement } from "./elements";
import type { CanvasEdge, CanvasNode } from "./nodes";
import type { CanvasProps } from "./props";
import type { Editing } from "./useEditing";
import type { Graph } from "./useGraph";
import type { View } from "./useView";

export interface Stagehands {
  root: RefObject<HTMLElement | null>;
  props: CanvasProps;
  graph: Graph;
  editing: Editing;
  view: View;
  readOnly: boolean;
  /** What is selected and exists. */
  selection: ReadonlySet<string>;
  selectedEdge: string | null;
}

export interface Commands {
  /** The node that has the focus. */
  focused: () => string | null;
  annotate: () => void;
  /** To the clipboard of the system; the JSON comes back too. */
  copy: (cut: boolean) => void;
  copied: (cut: boolean) => string;
  paste: () => Promise<void>;
  /** With its corner at a point of the window, or beside where it was. */
  pasted: (text: string, at?: Anchor) => void;
  removeSelected: () => void;
  selectAll: () => void;
  toggle: (id: string) => void;
  arrange: () => void;
}

/** Space between a block and what opens or is put beside it. */
export const ROOM = 28;

/** What keys, menus and the toolbar ask for, on what is selected, or else on what has the focus. */
export function useCommands({ root, props, graph, editing, view, readOnly, selection, selectedEdge }: Stagehands): Commands {
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const focused = (): string | null => {
    const active = document.activeElement;
    return root.current?.contains(active) ? (active?.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? null) : null;
  };
  const acting = (): ReadonlySet<string> => {
    const id = focused();
    return selection.size || !id || id === ENTRY_ID ? selection : new Set([id]);
  };
  const copied = (cut: boolean): string => {
    const ids = acting();
    const text = editing.copied(ids);
    if (text && cut && !readOnly) {
      editing.removeItems(ids, true);
      root.current?.focus();
    }
    return text;
  };
  const pasted = (text: string, at?: Anchor): void => {
    const ids = editing.pasted(text, at && flow.screenToFlowPosition(at));
    if (ids) view.showSoon([...ids][0]!);
  };
  return {
    focused,
    copied,
    pasted,
    copy: (cut) => {
      const text = copied(cut);
      if (text) editing.toClipboard(text);
    },
    paste: async () => pasted(await editing.fromClipboard()),
    annotate: () => {
      const [only] = selection.size === 1 ? selection : [];
      const block = only ? graph.blocks.get(only) : undefined;
      const centre = view.middle();
      const over = block && { x: block.position.x, y: block.position.y - NOTE_SIZE.height - ROOM };
      editing.annotate(over ?? { x: centre.x - NOTE_SIZE.width / 2, y: centre.y - NOTE_SIZE.height / 2 }, block?.id);
    },
    removeSelected: () => {
      const edge = graph.edges.find((one) => one.id === selectedEdge);
      if (edge?.type === "flow" && edge.data && !selection.size) editing.disconnect(edge.source, edge.data.outcomeKey);
      else editing.removeItems(acting());
      root.current?.focus();
    },
    selectAll: () => props.onSelect(new Set([...graph.blocks.keys(), ...graph.notes.map((note) => note.id)])),
    toggle: (id) => {
      const next = new Set(selection);
      if (!next.delete(id)) next.add(id);
      props.onSelect(next);
    },
    arrange: () => {
      const sizes = new Map<string, Size>(graph.nodes.flatMap(({ id, measured }) => (measured?.width && measured.height ? [[id, { width: measured.width, height: measured.height }]] : [])));
      const chosen = new Set([...selection].filter((id) => graph.blocks.has(id)));
      editing.arrange(chosen.size > 1 ? chosen : undefined, sizes);
      if (chosen.size < 2) view.fitSoon();
    },
  };
}

/** Where the menu of a node opens that was asked for by key. */
export function menuPlace(root: HTMLElement | null, id: string): Anchor | null {
  const box = nodeElement(root, id)?.getBoundingClientRect();
  return box && id !== ENTRY_ID ? { x: box.left + ROOM, y: box.top + ROOM } : null;
}
