import { useEffect, useRef } from "react";
import { isTyping } from "../canvas/useKeys";

export interface PageKeys {
  save: () => void;
  undo: () => void;
  redo: () => void;
  find: () => void;
  help: () => void;
}

/** Keys that work wherever the focus is on the page; what the canvas or a field takes does not come here. */
export function usePageKeys(actions: PageKeys): void {
  const latest = useRef(actions);
  latest.current = actions;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      const action = actionOf(event);
      if (!action || event.defaultPrevented || (action !== "save" && (isTyping(event.target) || document.querySelector('[role="dialog"]')))) return;
      event.preventDefault();
      latest.current[action]();
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

function actionOf(event: KeyboardEvent): keyof PageKeys | null {
  if (event.altKey) return null;
  if (!event.ctrlKey && !event.metaKey) return event.key === "?" ? "help" : null;
  switch (event.key.toLowerCase()) {
    case "s": return "save";
    case "z": return event.shiftKey ? "redo" : "undo";
    case "y": return "redo";
    case "f": return "find";
    default: return null;
  }
}
