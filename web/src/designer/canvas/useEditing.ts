import { useEffect, useMemo, useRef, type RefObject } from "react";
import { useI18n } from "../../i18n";
import { copy, paste } from "../model/clipboard";
import type { FlowDocument, Point } from "../model/document";
import { addBlock, connect, connectStart, ENTRY_ID, move, remove, rename } from "../model/edits";
import { arrange, placed, type Size } from "../model/layout";
import { addNote, attachNote, changeNote, mayAddNote, notesOf, withNotes } from "../model/notes";
import type { CanvasProps } from "./props";
import type { Graph } from "./useGraph";

/** Where copied blocks are kept beside the clipboard of the system, which a page cannot always read. */
let remembered = "";

export interface Editing {
  add: (blockKey: string, at: Point) => void;
  connectTo: (source: string, place: string, target: string | null) => void;
  disconnect: (source: string, outcomeKey: string) => void;
  moveTo: (positions: Record<string, Point>) => void;
  /** A note that was dropped on a block: it hangs on it from now on. */
  dropOn: (note: string, at: Point, blockId: string) => void;
  removeItems: (ids: ReadonlySet<string>, cut?: boolean) => void;
  /** The id of the block under its new name. */
  renameTo: (id: string, name: string) => string;
  annotate: (at: Point, blockId?: string) => void;
  note: (label: string, id: string, change: Parameters<typeof changeNote>[2]) => void;
  detach: (id: string) => void;
  arrange: (only: ReadonlySet<string> | undefined, sizes: ReadonlyMap<string, Size>) => void;
  /** The JSON of the items; says what happened. */
  copied: (ids: ReadonlySet<string>) => string;
  pasted: (text: string, at?: Point) => ReadonlySet<string> | null;
  toClipboard: (text: string) => void;
  fromClipboard: () => Promise<string>;
  /** The note added last, until it took the focus. */
  fresh: RefObject<string | null>;
}

/** The edits of the canvas, each with the label of its step in the history. */
export function useEditing(props: CanvasProps, graph: Graph, readOnly: boolean, say: (text: string) => void): Editing {
  const { t } = useI18n();
  const fresh = useRef<string | null>(null);
  const latest = useRef({ props, graph, readOnly, t, say });
  useEffect(() => {
    latest.current = { props, graph, readOnly, t, say };
  });
  return useMemo<Editing>(() => {
    const now = (): typeof latest.current => latest.current;
    const edit = (label: string, by: (document: FlowDocument) => FlowDocument): void => {
      const { props: { onEdit, catalogue }, readOnly: frozen } = now();
      if (!frozen) onEdit?.(label, (document) => by(placed(document, catalogue)));
    };
    const titleOf = (id: string): string => now().graph.blocks.get(id)?.title ?? now().t("canvas.role.note");
    const about = (ids: ReadonlySet<string>, one: "canvas.did.move" | "canvas.did.delete", many: "canvas.did.moveMany" | "canvas.did.deleteMany"): string =>
      ids.size === 1 ? now().t(one, { name: ids.has(ENTRY_ID) ? now().t("canvas.entry") : titleOf([...ids][0]!) }) : now().t(many, { count: ids.size });

    const add = (blockKey: string, at: Point): void => {
      const { props: { catalogue, flowType = "CONTACT_FLOW", onSelect } } = now();
      const name = catalogue.byKey.get(blockKey)?.Name;
      if (!name) return;
      let made = "";
      edit(now().t("canvas.did.add", { name }), (document) => {
        const { document: added, id } = addBlock(document, catalogue, flowType, blockKey, undefined, at);
        made = id;
        return document.Actions.length ? added : connectStart(added, id);
      });
      if (made) onSelect(new Set([made]));
    };
    const connectTo = (source: string, place: string, target: string | null): void => {
      const { props: { catalogue }, graph: { blocks, start } } = now();
      if (source === ENTRY_ID && start === target) return;
      const text = target ? "canvas.did.connect" : "canvas.did.disconnect";
      if (source === ENTRY_ID) return edit(now().t(text, { name: now().t("canvas.entry"), outcome: target ? titleOf(target) : "" }), (document) => connectStart(document, target));
      const outcome = blocks.get(source)?.outcomes.find((one) => one.place === place);
      if (!outcome || outcome.target === target) return;
      edit(now().t(text, { name: titleOf(source), outcome: outcome.label }), (document) => connect(document, catalogue, source, outcome.key, target));
    };
    return {
      fresh,
      add,
      connectTo,
      disconnect: (source, outcomeKey) => {
        const outcome = now().graph.blocks.get(source)?.outcomes.find((one) => one.key === outcomeKey);
        if (source === ENTRY_ID) connectTo(ENTRY_ID, "start", null);
        else if (outcome) connectTo(source, outcome.place, null);
      },
      moveTo: (positions) => edit(about(new Set(Object.keys(positions)), "canvas.did.move", "canvas.did.moveMany"), (document) => move(document, now().props.catalogue, positions)),
      dropOn: (note, at, blockId) => {
        const { t: text, say: tell, graph: { drawn }, props: { catalogue } } = now();
        const attached = notesOf(drawn).find((one) => one.id === note)?.actionId === blockId;
        const full = !attached && attachNote(drawn, note, blockId) === drawn;
        if (full) tell(text("canvas.said.noteLimit"));
        const label = attached || full ? text("canvas.did.move", { name: text("canvas.role.note") }) : text("canvas.did.attach", { name: titleOf(blockId) });
        edit(label, (document) => attachNote(move(document, catalogue, { [note]: at }), note, blockId));
      },
      removeItems: (ids, cut) => {
        const { props: { catalogue, onSelect } } = now();
        if (!ids.size) return;
        edit(cut ? now().t("canvas.did.cut", { count: ids.size }) : about(ids, "canvas.did.delete", "canvas.did.deleteMany"), (document) => remove(document, catalogue, ids));
        onSelect(new Set());
      },
      renameTo: (id, name) => {
        let made = id;
        edit(now().t("canvas.did.rename", { name: titleOf(id) }), (document) => {
          const renamed = rename(document, id, name);
          made = renamed.id;
          return renamed.document;
        });
        now().props.onSelect(new Set([made]));
        return made;
      },
      annotate: (at, blockId) => {
        if (now().readOnly) return;
        if (!mayAddNote(now().graph.drawn, blockId)) return now().say(now().t("canvas.said.noteLimit"));
        edit(now().t("canvas.did.note"), (document) => {
          const added = addNote(document, at, blockId);
          fresh.current = added.id;
          return added.document;
        });
        if (fresh.current) now().props.onSelect(new Set([fresh.current]));
      },
      note: (label, id, change) => {
        if (!now().readOnly) return edit(label, (document) => changeNote(document, id, change));
      },
      detach: (id) => {
        edit(now().t("canvas.did.detach"), (document) => attachNote(document, id, null));
      },
      arrange: (only, sizes) => edit(now().t("canvas.did.arrange"), (document) => arrange(document, now().props.catalogue, only, sizes)),
      copied: (ids) => {
        const { t: text, say: tell, graph: { drawn }, props: { catalogue } } = now();
        const json = copy(drawn, catalogue, ids);
        if (json) remembered = json;
        tell(json ? text("canvas.said.copied", { count: ids.size }) : text("canvas.said.nothingCopied"));
        return json;
      },
      pasted: (text, at) => {
        const { props: { catalogue, flowType = "CONTACT_FLOW", onSelect }, graph: { drawn }, t: told, say: tell, readOnly: frozen } = now();
        if (frozen) return null;
        const result = paste(drawn, catalogue, flowType, text, at);
        if (!result) {
          tell(told("canvas.said.noPaste"));
          return null;
        }
        if (result.refused.length) tell(told("canvas.said.refused", { names: result.refused.join(", ") }));
        if (!result.ids.size) return null;
        edit(told("canvas.did.paste", { count: result.ids.size }), (document) => (document === drawn ? result.document : (paste(document, catalogue, flowType, text, at)?.document ?? document)));
        onSelect(result.ids);
        return result.ids;
      },
      toClipboard: (text) => {
        void navigator.clipboard?.writeText(text).catch(() => {});
      },
      fromClipboard: async () => {
        const read = await navigator.clipboard?.readText().catch(() => "");
        return read || remembered;
      },
    };
  }, []);
}

/** Folds a note: not a step of the history (FLOW-39). */
export function folded(document: FlowDocument, id: string, isFolded: boolean): FlowDocument {
  return withNotes(document, notesOf(document).map((note) => (note.id === id ? { ...note, isFolded } : note)));
}
