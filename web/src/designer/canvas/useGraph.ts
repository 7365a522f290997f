import { useLayoutEffect, useMemo, useRef, useState, type Dispatch, type SetStateAction } from "react";
import type { FlowProblem } from "../../api/switchroom";
import { isTextKey, useI18n, type I18n } from "../../i18n";
import { blocksOf, ends, ownersOf, type Block } from "../model/blocks";
import { entryPosition, type FlowDocument, type FlowNote } from "../model/document";
import { ENTRY_ID } from "../model/edits";
import { faceOf, type FaceWords } from "../model/face";
import { placed } from "../model/layout";
import { NOTE_SIZE, notePosition, notesOf } from "../model/notes";
import { edgeKey, ENTRY_EDGE } from "./marks";
import { inOrder, reconciled, reconciledEdges, steady, type CanvasEdge, type CanvasNode } from "./nodes";
import type { CanvasProps } from "./props";

const NO_PROBLEMS: readonly FlowProblem[] = [];
const FOLDED = { width: 170, height: 32 };

export interface Graph {
  /** The document with a place for every block. */
  drawn: FlowDocument;
  blocks: ReadonlyMap<string, Block>;
  /** The block the flow begins with. */
  start: string | null;
  notes: readonly FlowNote[];
  nodes: CanvasNode[];
  setNodes: Dispatch<SetStateAction<CanvasNode[]>>;
  edges: CanvasEdge[];
}

/** Notes that were folded or unfolded only to be read. */
export type Folds = ReadonlyMap<string, boolean>;

/** What is drawn for a document. Nodes and edges that did not change stay the objects they were. */
export function useGraph(props: CanvasProps, readOnly: boolean, selectedEdge: string | null, folds: Folds): Graph {
  const { document, catalogue, selection, problems, marks, edgeMarks, hits, names } = props;
  const { t } = useI18n();
  const drawn = useMemo(() => placed(document, catalogue), [document, catalogue]);
  const lastBlocks = useRef<Map<string, Block>>(new Map());
  const blocks = useMemo(() => (lastBlocks.current = steady(lastBlocks.current, blocksOf(drawn, catalogue))), [drawn, catalogue]);
  const start = useMemo(() => ownersOf([...blocks.values()]).get(drawn.StartAction) ?? null, [blocks, drawn.StartAction]);
  const notes = useMemo(() => notesOf(drawn).map((note) => (folds.has(note.id) ? { ...note, isFolded: folds.get(note.id) } : note)), [drawn, folds]);
  const faces = useMemo(() => {
    const words = wordsOf(t, names);
    return new Map([...blocks.values()].map((block) => [block.id, faceOf(block, words).join("\n")]));
  }, [blocks, names, t]);

  const wanted = useMemo<CanvasNode[]>(() => {
    const entry: CanvasNode = {
      id: ENTRY_ID, type: "entry", position: entryPosition(drawn), selectable: false, draggable: !readOnly, data: { connected: start !== null, readOnly },
      ariaLabel: start ? t("canvas.entryTo", { name: blocks.get(start)?.title ?? "" }) : t("canvas.entryOpen"), domAttributes: { "aria-roledescription": t("canvas.role.entry") },
    };
    const counts = new Map<string, number>();
    for (const note of notes) if (note.actionId) counts.set(note.actionId, (counts.get(note.actionId) ?? 0) + 1);
    const drawnBlocks = inOrder([...blocks.values()], start).map((block): CanvasNode => {
      const own = problems?.get(block.id) ?? NO_PROBLEMS;
      const face = faces.get(block.id) ?? "";
      return {
        id: block.id, type: "block", position: block.position, selected: selection.has(block.id), draggable: !readOnly,
        ariaLabel: labelOf(block, face, own, t), domAttributes: { "aria-roledescription": t("canvas.role.block") },
        data: { block, face, problems: own, mark: marks?.get(block.id), hit: hits?.has(block.id) ?? false, readOnly, notes: counts.get(block.id) ?? 0, ends: ends(block) },
      };
    });
    const drawnNotes = notes.map((note): CanvasNode => ({
      id: note.id, type: "note", position: notePosition(drawn, note), selected: selection.has(note.id), draggable: !readOnly, zIndex: 2000,
      ...(note.isFolded ? FOLDED : { width: note.size?.width ?? NOTE_SIZE.width, height: note.size?.height ?? NOTE_SIZE.height }),
      ariaLabel: t("canvas.noteLabel", { text: note.content || t("canvas.emptyNote") }), domAttributes: { "aria-roledescription": t("canvas.role.note") },
      data: { note, attachedTo: note.actionId ? (blocks.get(note.actionId)?.title ?? "") : "", hit: hits?.has(note.id) ?? false, readOnly },
    }));
    return [entry, ...drawnBlocks, ...drawnNotes];
  }, [drawn, blocks, start, notes, faces, selection, problems, marks, hits, readOnly, t]);
  const [nodes, setNodes] = useState<CanvasNode[]>(wanted);
  const lastWanted = useRef(wanted);
  useLayoutEffect(() => {
    const last = lastWanted.current;
    lastWanted.current = wanted;
    setNodes((now) => reconciled(now, wanted, last));
  }, [wanted]);

  const lastEdges = useRef<Map<string, CanvasEdge>>(new Map());
  const edges = useMemo(() => {
    const made = reconciledEdges(lastEdges.current, edgesOf(blocks, start, notes, edgeMarks, selectedEdge, readOnly, t));
    lastEdges.current = new Map(made.map((edge) => [edge.id, edge]));
    return made;
  }, [blocks, start, notes, edgeMarks, selectedEdge, readOnly, t]);
  return { drawn, blocks, start, notes, nodes, setNodes, edges };
}

function wordsOf(t: I18n["t"], names: ReadonlyMap<string, string> | undefined): FaceWords {
  return {
    amount: (value, unit) => {
      const key = [Math.abs(Number(value)) === 1 ? `canvas.unitOne.${unit}` : "", `canvas.unit.${unit}`].find(isTextKey);
      return key ? t(key, { count: value }) : value;
    },
    more: (count) => t("canvas.moreItems", { count }),
    nameOf: (reference) => names?.get(reference) ?? names?.get(reference.split("/").at(-1) ?? reference),
  };
}

function labelOf(block: Block, face: string, problems: readonly FlowProblem[], t: I18n["t"]): string {
  const said = [t("canvas.blockLabel", { name: block.title, type: block.type?.Name ?? block.main.Type, face: face.replaceAll("\n", ", ") })];
  if (block.outcomes.length) said.push(t("canvas.outcomesLabel", { count: block.outcomes.filter((one) => one.target).length, all: block.outcomes.length }));
  if (problems.length) said.push(t("canvas.problemsLabel", { count: problems.length }), ...problems.map((one) => one.Message));
  return said.join(" ");
}

function edgesOf(
  blocks: ReadonlyMap<string, Block>, start: string | null, notes: readonly FlowNote[], marks: CanvasProps["edgeMarks"], selected: string | null, readOnly: boolean, t: I18n["t"],
): CanvasEdge[] {
  const edge = (source: string, handle: string, key: string, target: string, kind: string, label: string): CanvasEdge => {
    const id = source === ENTRY_ID ? ENTRY_EDGE : edgeKey(source, key);
    const mark = marks?.get(id);
    return {
      id, type: "flow", source, sourceHandle: handle, target, targetHandle: "in", selected: id === selected, reconnectable: readOnly ? false : "target", ariaLabel: label, domAttributes: { "aria-roledescription": t("canvas.role.edge") },
      className: `flow-edge flow-edge-${kind}${mark ? ` flow-edge-${mark}` : ""}`, data: { outcomeKey: key, mark, readOnly },
    };
  };
  const titleOf = (id: string): string => blocks.get(id)?.title ?? id;
  const first = start ? [edge(ENTRY_ID, "start", "start", start, "next", t("canvas.entryTo", { name: titleOf(start) }))] : [];
  const others = [...blocks.values()].flatMap((block) =>
    block.outcomes.flatMap((outcome) => {
      if (!outcome.target) return [];
      const label = t("canvas.edgeLabel", { from: block.title, outcome: outcome.label, to: titleOf(outcome.target) });
      return [edge(block.id, outcome.place, outcome.key, outcome.target, outcome.kind, label)];
    }),
  );
  const tethers = notes.flatMap((note): CanvasEdge[] =>
    note.actionId && blocks.has(note.actionId) ? [{ id: `note|${note.id}`, type: "tether", source: note.id, sourceHandle: "thread", target: note.actionId, targetHandle: "in", selectable: false, focusable: false }] : [],
  );
  return [...first, ...others, ...tethers];
}
