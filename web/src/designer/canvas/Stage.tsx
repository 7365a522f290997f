import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type DragEvent, type FocusEvent, type MouseEvent as ReactMouseEvent, type ReactNode } from "react";
import { Background, ReactFlow, SelectionMode, useReactFlow, useStore, type NodeTypes, type OnNodesChange, type ReactFlowState } from "@xyflow/react";
import { useI18n } from "../../i18n";
import { ENTRY_ID } from "../model/edits";
import type { Size } from "../model/layout";
import { NOTE_SIZE } from "../model/notes";
import { ActionsContext, type CanvasActions } from "./actions";
import { BlockNode } from "./BlockNode";
import { Arrows, FlowEdge, Tether } from "./edges";
import { EntryNode } from "./EntryNode";
import { MiniMapPanel } from "./MiniMapPanel";
import { NoteNode } from "./NoteNode";
import type { CanvasEdge, CanvasNode } from "./nodes";
import { Overlays, type Overlay } from "./Overlays";
import { BLOCK_MIME } from "./Palette";
import type { CanvasProps } from "./props";
import { useClipboardKeys } from "./useClipboardKeys";
import { useConnecting } from "./useConnecting";
import { useDragging } from "./useDragging";
import { folded, useEditing } from "./useEditing";
import { useGraph, type Graph } from "./useGraph";
import { isTyping, useKeys, type KeyTargets } from "./useKeys";
import { useView } from "./useView";
import { ZoomPanel } from "./ZoomPanel";

const NODE_TYPES: NodeTypes = { block: BlockNode, note: NoteNode, entry: EntryNode };
const EDGE_TYPES = { flow: FlowEdge, tether: Tether };
const MULTI_KEYS = ["Control", "Meta", "Shift"];
const HIDDEN_CREDIT = { hideAttribution: true };
const ROOM = 28;
/** A dialog that closes gives the focus back to where it was, which may be gone. */
const AFTER_DIALOG_MS = 50;

/** The canvas inside its provider. */
export function Stage(props: CanvasProps): ReactNode {
  const { onSelect } = props;
  const { t } = useI18n();
  const readOnly = (props.readOnly ?? false) || !props.onEdit;
  const root = useRef<HTMLDivElement>(null);
  const [selectedEdge, setSelectedEdge] = useState<string | null>(null);
  const [overlay, setOverlay] = useState<Overlay | null>(null);
  const [said, say] = useState("");
  const flow = useReactFlow<CanvasNode, CanvasEdge>();
  const graph = useGraph(props, readOnly, selectedEdge);
  const editing = useEditing(props, graph, readOnly, say);
  const view = useView(root, graph);
  const distance = useStore(distanceOf);
  const { setNodes } = graph;
  const selection = useMemo(() => existing(props.selection, graph), [props.selection, graph.blocks, graph.notes]);
  const now = useRef({ props, graph, readOnly, selectedEdge, t });
  useEffect(() => {
    now.current = { props, graph, readOnly, selectedEdge, t };
  });
  const dragging = useDragging(now, editing, flow);
  const connecting = useConnecting(now, editing);

  const actions = useMemo<CanvasActions>(() => ({
    open: (id) => now.current.props.onOpen(id),
    menu: (id, at) => {
      if (!now.current.props.selection.has(id)) now.current.props.onSelect(new Set([id]));
      setOverlay({ kind: "menu", id, at });
    },
    writeNote: (id, content) => editing.note(now.current.t("canvas.did.noteText"), id, { content }),
    foldNote: (id, fold) => now.current.props.onEdit?.("", (document) => folded(document, id, fold)),
    resizeNote: (id, width, height) => editing.note(now.current.t("canvas.did.noteSize"), id, { size: { width: Math.round(width), height: Math.round(height) } }),
    removeNote: (id) => editing.removeItems(new Set([id])),
    isFresh: (id) => {
      const fresh = editing.fresh.current === id;
      if (fresh) editing.fresh.current = null;
      return fresh;
    },
    disconnect: (source, key) => {
      editing.disconnect(source, key);
      setSelectedEdge(null);
    },
  }), [editing]);

  const onNodesChange = useCallback<OnNodesChange<CanvasNode>>((changes) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length) {
      const next = existing(now.current.props.selection, now.current.graph);
      for (const change of chosen) if (change.selected) next.add(change.id); else next.delete(change.id);
      if (next.size !== now.current.props.selection.size || [...next].some((id) => !now.current.props.selection.has(id))) now.current.props.onSelect(next);
    }
    setNodes((nodes) => dragging.applied(nodes, changes));
  }, [setNodes, dragging]);

  const focusedId = (): string | null => document.activeElement?.closest<HTMLElement>(".react-flow__node")?.dataset["id"] ?? null;
  const targets = (): KeyTargets => ({
    focused: root.current?.contains(document.activeElement) ? focusedId() : null,
    readOnly,
    positions: new Map(graph.nodes.map((node) => [node.id, { ...node.position, width: node.measured?.width ?? 0, height: node.measured?.height ?? 0 }])),
  });
  const acting = (id: string | null): ReadonlySet<string> => (selection.size || !id || id === ENTRY_ID ? selection : new Set([id]));
  const openMenu = (id: string): void => {
    const box = nodeElement(root.current, id)?.getBoundingClientRect();
    if (box && id !== ENTRY_ID) setOverlay({ kind: "menu", id, at: { x: box.left + ROOM, y: box.top + ROOM } });
  };
  const annotate = (): void => {
    const [only] = selection.size === 1 ? selection : [];
    const block = only ? graph.blocks.get(only) : undefined;
    const centre = view.middle();
    editing.annotate(block ? { x: block.position.x, y: block.position.y - NOTE_SIZE.height - ROOM } : { x: centre.x - NOTE_SIZE.width / 2, y: centre.y - NOTE_SIZE.height / 2 }, block?.id);
  };
  const copy = (cut: boolean): void => {
    const ids = acting(targets().focused);
    const text = editing.copied(ids);
    if (!text) return;
    editing.toClipboard(text);
    if (cut) editing.removeItems(ids, true);
  };
  const paste = async (): Promise<void> => {
    const ids = editing.pasted(await editing.fromClipboard());
    if (ids) view.showSoon([...ids][0]!);
  };
  const removeSelected = (): void => {
    const edge = graph.edges.find((one) => one.id === selectedEdge);
    if (edge?.type === "flow" && edge.data && !selection.size) actions.disconnect(edge.source, edge.data.outcomeKey);
    else editing.removeItems(acting(targets().focused));
    root.current?.focus();
  };
  const selectAll = (): void => onSelect(new Set([...graph.blocks.keys(), ...graph.notes.map((note) => note.id)]));
  const arrange = (): void => {
    const sizes = new Map<string, Size>(graph.nodes.flatMap((node) => (node.measured?.height ? [[node.id, { width: node.measured.width!, height: node.measured.height }]] : [])));
    const chosen = new Set([...selection].filter((id) => graph.blocks.has(id)));
    editing.arrange(chosen.size > 1 ? chosen : undefined, sizes);
    if (chosen.size < 2) view.fitSoon();
  };

  const onKeyDown = useKeys({
    open: (id) => graph.blocks.has(id) ? props.onOpen(id) : nodeElement(root.current, id)?.querySelector("textarea")?.focus(),
    rename: (id) => graph.blocks.has(id) && setOverlay({ kind: "rename", id }),
    connect: (id) => (id === ENTRY_ID || graph.blocks.get(id)?.outcomes.length) && setOverlay({ kind: "connect", id }),
    menu: openMenu,
    focus: view.focusOn,
    toggle: (id) => {
      const next = new Set(selection);
      if (!next.delete(id)) next.add(id);
      onSelect(next);
    },
    remove: removeSelected,
    selectAll,
    clear: () => {
      onSelect(new Set());
      setSelectedEdge(null);
    },
    undo: () => props.onUndo?.(),
    redo: () => props.onRedo?.(),
    find: () => props.onFind?.(),
    annotate,
    zoom: (step) => void (step > 0 ? flow.zoomIn() : flow.zoomOut()),
    moveBegin: (id) => {
      const ids = selection.has(id) ? selection : new Set([id]);
      dragging.begin(ids);
      say(t("canvas.said.moving", { name: ids.size > 1 ? t("canvas.said.selected", { count: ids.size }) : (graph.blocks.get(id)?.title ?? t("canvas.role.note")) }));
      return true;
    },
    moveBy: dragging.shift,
    moveEnd: (keep) => {
      dragging.end(keep);
      say(t(keep ? "canvas.said.dropped" : "canvas.said.back"));
    },
    keepFocus: () => document.activeElement === document.body && root.current?.focus(),
  }, targets);

  useClipboardKeys(root, {
    copy: (cut) => {
      const ids = acting(targets().focused);
      const text = editing.copied(ids);
      if (text && cut && !readOnly) {
        editing.removeItems(ids, true);
        root.current?.focus();
      }
      return text;
    },
    paste: (text, at) => {
      const ids = editing.pasted(text, at && flow.screenToFlowPosition(at));
      if (ids) view.showSoon([...ids][0]!);
    },
    remember: editing.toClipboard,
  });

  useImperativeHandle(props.handle, () => ({
    centre: view.centre,
    reveal: view.showSoon,
    fit: view.fit,
    reset: view.reset,
    add: (key) => editing.add(key, view.freePlace()),
    annotate,
    cut: () => copy(!readOnly),
    copy: () => copy(false),
    paste: () => void paste(),
    removeSelected,
    selectAll,
    arrange,
    focus: () => root.current?.focus(),
  }));

  const onFocus = (event: FocusEvent): void => {
    const id = (event.target as HTMLElement).matches(".react-flow__node:focus-visible") ? focusedId() : null;
    if (!id || overlay) return;
    view.reveal(id);
    if (id !== ENTRY_ID && !selection.has(id)) onSelect(new Set([id]));
  };
  const onDrop = (event: DragEvent): void => {
    const key = event.dataTransfer.getData(BLOCK_MIME);
    if (!key || readOnly) return;
    event.preventDefault();
    const at = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    editing.add(key, { x: Math.round(at.x - 60), y: Math.round(at.y - 20) });
    root.current?.focus();
  };
  const onContextMenu = useCallback((event: ReactMouseEvent, node: CanvasNode): void => {
    event.preventDefault();
    if (node.id === ENTRY_ID) return;
    if (!now.current.props.selection.has(node.id)) now.current.props.onSelect(new Set([node.id]));
    setOverlay({ kind: "menu", id: node.id, at: { x: event.clientX, y: event.clientY } });
  }, []);
  const closeOverlay = useCallback((id?: string): void => {
    setOverlay((shown) => {
      const next = id ?? shown?.id;
      if (next) setTimeout(() => (nodeElement(root.current, next) ?? root.current)?.focus({ preventScroll: true }), AFTER_DIALOG_MS);
      return null;
    });
  }, []);

  return (
    <ActionsContext.Provider value={actions}>
      <div
        ref={root} className={`flow-canvas ${distance}${readOnly ? " flow-read-only" : ""}`} tabIndex={-1} role="application" aria-label={t("canvas.label")}
        onKeyDown={onKeyDown} onFocus={onFocus} onDrop={onDrop} onPointerDown={(event) => !isTyping(event.target) && root.current?.contains(document.activeElement) === false && root.current.focus()}
        onDragOver={(event) => {
          if (readOnly || !event.dataTransfer.types.includes(BLOCK_MIME)) return;
          event.preventDefault();
          event.dataTransfer.dropEffect = "copy";
        }}
      >
        <ReactFlow<CanvasNode, CanvasEdge>
          nodes={graph.nodes} edges={graph.edges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES} onNodesChange={onNodesChange}
          onEdgesChange={(changes) => {
            for (const change of changes) if (change.type === "select") setSelectedEdge((edge) => (change.selected ? change.id : edge === change.id ? null : edge));
          }}
          onInit={view.start} onNodeDragStart={dragging.start} onNodeDragStop={dragging.stop} onSelectionDragStart={dragging.startMany} onSelectionDragStop={dragging.stopMany} onNodeContextMenu={onContextMenu}
          onConnect={connecting.connect} onConnectEnd={connecting.end} onReconnectStart={connecting.reconnectStart} onReconnect={connecting.reconnect} onReconnectEnd={connecting.reconnectEnd}
          isValidConnection={connecting.isValid} connectionRadius={24} nodesConnectable={!readOnly} edgesReconnectable={!readOnly} nodeDragThreshold={3} reconnectRadius={9}
          selectionKeyCode={MULTI_KEYS} multiSelectionKeyCode={MULTI_KEYS} selectionMode={SelectionMode.Partial} deleteKeyCode={null} disableKeyboardA11y
          edgesFocusable={false} panOnScroll zoomOnDoubleClick={false} minZoom={0.1} maxZoom={2} translateExtent={view.extent} proOptions={HIDDEN_CREDIT} elevateNodesOnSelect={false} onlyRenderVisibleElements={view.sparse}
        >
          <Arrows />
          <Background gap={20} size={1.4} />
          <MiniMapPanel onReset={view.reset} />
          <ZoomPanel onFit={view.fit} />
        </ReactFlow>
        {!graph.blocks.size && <p className="flow-empty">{t(readOnly ? "canvas.emptyReadOnly" : "canvas.empty")}</p>}
        <div role="status" className="visually-hidden">{said}</div>
      </div>
      {overlay && <Overlays overlay={overlay} graph={graph} editing={editing} readOnly={readOnly} onOverlay={setOverlay} onClose={closeOverlay}
        onOpen={props.onOpen} onCopy={copy} onMove={(id) => {
          closeOverlay(id);
          requestAnimationFrame(() => nodeElement(root.current, id)?.dispatchEvent(new KeyboardEvent("keydown", { key: "m", bubbles: true })));
        }} onRemove={removeSelected} onNote={annotate} />}
    </ActionsContext.Provider>
  );
}

/** From far away, what could not be seen anyway is not drawn. */
function distanceOf({ transform: [, , zoom] }: ReactFlowState): string {
  return zoom < 0.3 ? "flow-far flow-distant" : zoom < 0.5 ? "flow-far" : "";
}

/** A selection without what an undo took away. */
function existing(ids: ReadonlySet<string>, { blocks, notes }: Pick<Graph, "blocks" | "notes">): Set<string> {
  return new Set([...ids].filter((id) => blocks.has(id) || notes.some((note) => note.id === id)));
}

function nodeElement(root: HTMLElement | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ?? null;
}
