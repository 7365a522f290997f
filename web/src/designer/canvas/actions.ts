import { createContext, useContext } from "react";

export interface Anchor {
  x: number;
  y: number;
}

/** What the parts of the canvas ask for. The object is the same for as long as the canvas lives. */
export interface CanvasActions {
  open: (id: string) => void;
  menu: (id: string, at: Anchor) => void;
  writeNote: (id: string, content: string) => void;
  foldNote: (id: string, folded: boolean) => void;
  resizeNote: (id: string, width: number, height: number) => void;
  /** True once for a note that was just added: it takes the focus. */
  isFresh: (id: string) => boolean;
  disconnect: (source: string, outcomeKey: string) => void;
}

export const ActionsContext = createContext<CanvasActions | null>(null);

export function useActions(): CanvasActions {
  const actions = useContext(ActionsContext);
  if (!actions) throw new Error("no canvas above");
  return actions;
}
