import { useEffect, useRef, type RefObject } from "react";
import { isTyping } from "./useKeys";
import type { Anchor } from "./actions";

export interface ClipboardActions {
  /** The JSON of what is selected, empty for nothing. */
  copy: (cut: boolean) => string;
  /** `at` is where the pointer is, if it is over the canvas. */
  paste: (text: string, at: Anchor | undefined) => void;
}

/** Ctrl+C, Ctrl+X and Ctrl+V over the clipboard of the system, while the canvas has the focus. */
export function useClipboardKeys(root: RefObject<HTMLElement | null>, actions: ClipboardActions): void {
  const latest = useRef(actions);
  const pointer = useRef<Anchor | undefined>(undefined);
  useEffect(() => {
    latest.current = actions;
  });
  useEffect(() => {
    const canvas = root.current!;
    const here = (): boolean => canvas.contains(document.activeElement) && !isTyping(document.activeElement);
    const take = (event: ClipboardEvent): void => {
      if (!here()) return;
      const text = latest.current.copy(event.type === "cut");
      if (!text) return;
      event.preventDefault();
      event.clipboardData?.setData("text/plain", text);
    };
    const put = (event: ClipboardEvent): void => {
      if (!here() || !event.clipboardData) return;
      event.preventDefault();
      latest.current.paste(event.clipboardData.getData("text/plain"), pointer.current);
    };
    const moved = (event: PointerEvent): void => {
      pointer.current = { x: event.clientX, y: event.clientY };
    };
    const left = (): void => {
      pointer.current = undefined;
    };
    document.addEventListener("copy", take);
    document.addEventListener("cut", take);
    document.addEventListener("paste", put);
    canvas.addEventListener("pointermove", moved);
    canvas.addEventListener("pointerleave", left);
    return () => {
      document.removeEventListener("copy", take);
      document.removeEventListener("cut", take);
      document.removeEventListener("paste", put);
      canvas.removeEventListener("pointermove", moved);
      canvas.removeEventListener("pointerleave", left);
    };
  }, [root]);
}
