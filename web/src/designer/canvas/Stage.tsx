import { useCallback, useEffect, useImperativeHandle, useMemo, useRef, useState, type Dispatch, type DragEvent, type FocusEvent, type MouseEvent as ReactMouseEvent, type ReactNode, type RefObject, type SetStateAction } from "react";
import { Background, ReactFlow, SelectionMode, useReactFlow, useStore, type NodeTypes, type OnNodesChange, type ReactFlowState } from "@xyflow/react";
import { useI18n, type I18n } from "../../i18n";
import { ENTRY_ID } from "../model/edits";
import { ActionsContext, type CanvasActions } from "./actions";
import { BlockNode } from "./BlockNode";
import { Arrows, FlowEdge, Tether } from "./edges";
import { focusAfterDialog, nodeElement } from "./elements";
import { EntryNode } from "./EntryNode";
import { MiniMapPanel } from "./MiniMapPanel";
import { NoteNode } from "./NoteNode";
import type { CanvasEdge, CanvasNode } from "./nodes";
import { Overlays, type Overlay } from "./Overlays";
import { BLOCK_MIME } from "./Palette";
import type { CanvasProps } from "./props";
import { useClipboardKeys } from "./useClipboardKeys";
import { menuPlace, useCommands } from "./useCommands";
import { useConnecting } from "./useConnecting";
import { useDragging } from "./useDragging";
import { folded, useEditing, type Editing } from "./useEditing";
import { useGraph, type Folds, type Graph } from "./useGraph";
import { isTyping, useKeys, type KeyTargets } from "./useKeys";
import { useView } from "./useView";
import { ZoomPanel } from "./ZoomPanel";

const NODE_TYPES: NodeTypes = { block: BlockNode, note: NoteNode, entry: EntryNode };
const EDGE_TYPES = { flow: FlowEdge, tether: Tether };
const NO_FOLDS: Folds = new Map();
const MULTI_KEYS = ["Control", "Meta", "Shift"];
const HIDDEN_CREDIT = { hideAttribution: true };
/** A dialog that closes gives the focus back to where it was, which may be gone. */

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
  const [folds, setFolds] = useState<Folds>(NO_FOLDS);
  const graph = useGraph(props, readOnly, selectedEdge, readOnly ? folds : NO_FOLDS);
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

  const actions = useActionsOf(now, editing, setOverlay, setSelectedEdge, setFolds);
  const commands = useCommands({ root, props, graph, editing, view, readOnly, selection, selectedEdge });

  const onNodesChange = useCallback<OnNodesChange<CanvasNode>>((changes) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length) {
      const next = existing(now.current.props.selection, now.current.graph);
      for (const change of chosen) if (change.selected) next.add(change.id); else next.delete(change.id);
      if (next.size !== now.current.props.selection.size || [...next].some((id) => !now.current.props.selection.has(id))) now.current.props.onSelect(next);
    }
    setNodes((nodes) => dragging.applied(nodes, changes));
  }, [setNodes, dragging]);

  const targets = (): KeyTargets => ({
    focused: commands.focused(),
    readOnly,
    positions: new Map(graph.nodes.map((node) => [node.id, { ...node.position, width: node.measured?.width ?? 0, height: node.measured?.height ?? 0 }])),
  });
  const onKeyDown = useKeys({
    ...commands,
    remove: commands.removeSelected,
    open: (id) => (graph.blocks.has(id) ? props.onOpen(id) : nodeElement(root.current, id)?.querySelector("textarea")?.focus()),
    rename: (id) => graph.blocks.has(id) && setOverlay({ kind: "rename", id }),
    connect: (id) => (id === ENTRY_ID || graph.blocks.get(id)?.outcomes.length) && setOverlay({ kind: "connect", id }),
    menu: (id) => {
      const at = menuPlace(root.current, id);
      if (at) setOverlay({ kind: "menu", id, at });
    },
    focus: view.focusOn,
    clear: () => {
      onSelect(new Set());
      setSelectedEdge(null);
    },
    undo: () => props.onUndo?.(),
    redo: () => props.onRedo?.(),
    find: () => props.onFind?.(),
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

  useClipboardKeys(root, { copy: commands.copied, paste: commands.pasted });

  useImperativeHandle(props.handle, () => ({
    centre: view.centre,
    reveal: view.showSoon,
    fit: view.fit,
    reset: view.reset,
    add: (key) => editing.add(key, view.freePlace()),
    annotate: commands.annotate,
    cut: () => commands.copy(true),
    copy: () => commands.copy(false),
    paste: () => void commands.paste(),
    removeSelected: commands.removeSelected,
    selectAll: commands.selectAll,
    arrange: commands.arrange,
    focus: () => root.current?.focus(),
  }));

  const onFocus = (event: FocusEvent): void => {
    const id = (event.target as HTMLElement).matches(".react-flow__node:focus-visible") ? commands.focused() : null;
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
      if (next) focusAfterDialog(root.current, next);
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
          edgesFocusable={false} panOnScroll zoomOnDoubleClick={false} minZoom={0.1} maxZoom={2} translateExtent={view.extent} proOptions={HIDDEN_CREDIT} elevateNodesOnSelect={false} elevateEdgesOnSelect onlyRenderVisibleElements={view.sparse}
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
        onOpen={props.onOpen} onCopy={commands.copy} onMove={(id) => {
          closeOverlay(id);
          requestAnimationFrame(() => nodeElement(root.current, id)?.dispatchEvent(new KeyboardEvent("keydown", { key: "m", bubbles: true })));
        }} onRemove={commands.removeSelected} onNote={commands.annotate} />}
    </ActionsContext.Provider>
  );
}

type Now = RefObject<{ props: CanvasProps; graph: Graph; readOnly: boolean; t: I18n["t"] }>;

/** What nodes and edges ask for; the same object always, so that they need not be drawn again. */
function useActionsOf(
  now: Now, editing: Editing, setOverlay: (overlay: Overlay) => void, setSelectedEdge: (id: null) => void, setFolds: Dispatch<SetStateAction<Folds>>,
): CanvasActions {
  return useMemo<CanvasActions>(() => ({
    open: (id) => now.current.props.onOpen(id),
    menu: (id, at) => {
      if (!now.current.props.selection.has(id)) now.current.props.onSelect(new Set([id]));
      setOverlay({ kind: "menu", id, at });
    },
    writeNote: (id, content) => editing.note(now.current.t("canvas.did.noteText"), id, { content }),
    foldNote: (id, fold) => {
      if (now.current.readOnly) setFolds((folds) => new Map(folds).set(id, fold));
      else now.current.props.onEdit?.("", (document) => folded(document, id, fold));
    },
    resizeNote: (id, width, height) => editing.note(now.current.t("canvas.did.noteSize"), id, { size: { width: Math.round(width), height: Math.round(height) } }),
    isFresh: (id) => {
      const fresh = editing.fresh.current === id;
      if (fresh) editing.fresh.current = null;
      return fresh;
    },
    disconnect: (source, key) => {
      editing.disconnect(source, key);
      setSelectedEdge(null);
    },
  }), [now, editing, setOverlay, setSelectedEdge, setFolds]);
}

/** From far away, what could not be seen anyway is not drawn. */
function distanceOf({ transform: [, , zoom] }: ReactFlowState): string {
  return zoom < 0.3 ? "flow-far flow-distant" : zoom < 0.5 ? "flow-far" : "";
}

/** A selection without what an undo took away. */
function existing(ids: ReadonlySet<string>, { blocks, notes }: Pick<Graph, "blocks" | "notes">): Set<string> {
  return new Set([...ids].filter((id) => blocks.has(id) || notes.some((note) => note.id === id)));
}
