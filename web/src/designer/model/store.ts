import { useCallback, useMemo, useRef, useState } from "react";
import type { FlowDocument } from "./document";
import { amend, historyOf, record, redo, redoables, undo, undoables, type History } from "./history";

export interface Designer {
  document: FlowDocument;
  /** Makes an edit; done when it returns. With an empty label it cannot be undone by itself (folding a note). */
  edit: (label: string, edit: (document: FlowDocument) => FlowDocument) => void;
  undo: () => void;
  redo: () => void;
  /** Labels, newest first. */
  undoables: string[];
  /** Labels, next first. */
  redoables: string[];
  /** Takes back this many steps. */
  undoTo: (count: number) => void;
  redoTo: (count: number) => void;
  /** Blocks and notes. */
  selection: ReadonlySet<string>;
  select: (ids: ReadonlySet<string>) => void;
  /** True if the document differs from the one that was loaded or saved last. */
  dirty: boolean;
  markSaved: () => void;
  /** Another document (a version, an import); the history begins anew. */
  load: (document: FlowDocument) => void;
}

const NOBODY: ReadonlySet<string> = new Set();

/** The state of a designer page: document, history and selection. Its functions never change. */
export function useDesigner(initial: FlowDocument): Designer {
  const [history, show] = useState<History<FlowDocument>>(() => historyOf(initial));
  const [saved, setSaved] = useState<FlowDocument>(initial);
  const [selection, select] = useState<ReadonlySet<string>>(NOBODY);
  const latest = useRef(history);

  const change = useCallback((next: History<FlowDocument>): void => {
    latest.current = next;
    show(next);
  }, []);
  const edit = useCallback((label: string, by: (document: FlowDocument) => FlowDocument): void => {
    const now = latest.current;
    const document = by(now.present);
    change(label ? record(now, label, document) : amend(now, document));
  }, [change]);
  const undoTo = useCallback((count: number): void => change(undo(latest.current, count)), [change]);
  const redoTo = useCallback((count: number): void => change(redo(latest.current, count)), [change]);
  const undoOne = useCallback((): void => undoTo(1), [undoTo]);
  const redoOne = useCallback((): void => redoTo(1), [redoTo]);
  const markSaved = useCallback((): void => setSaved(latest.current.present), []);
  const load = useCallback((document: FlowDocument): void => {
    change(historyOf(document));
    setSaved(document);
    select(NOBODY);
  }, [change]);

  return useMemo(
    () => ({
      document: history.present,
      edit,
      undo: undoOne,
      redo: redoOne,
      undoables: undoables(history),
      redoables: redoables(history),
      undoTo,
      redoTo,
      selection,
      select,
      dirty: history.present !== saved,
      markSaved,
      load,
    }),
    [history, saved, selection, edit, undoOne, redoOne, undoTo, redoTo, markSaved, load],
  );
}
