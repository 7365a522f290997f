import { useCallback, useEffect, useRef, useState } from "react";
import { guardRoute } from "../../shared/hooks";

export interface LeaveGuard {
  /** Somebody wants to go elsewhere while work is unsaved. */
  asking: boolean;
  stay: () => void;
  /** Goes where they wanted to. */
  leave: () => void;
  /** Lets the next change of page pass. */
  release: () => void;
}

/** Holds people back who would lose work by going to another page, or by closing this one. */
export function useLeaveGuard(dirty: boolean): LeaveGuard {
  const [wanted, setWanted] = useState<string | null>(null);
  const open = useRef(false);

  useEffect(() => {
    if (!dirty) return;
    const closing = (event: BeforeUnloadEvent): void => event.preventDefault();
    const unguard = guardRoute((event) => {
      if (open.current) return false;
      history.replaceState(null, "", event.oldURL);
      setWanted(event.newURL);
      return true;
    });
    window.addEventListener("beforeunload", closing);
    return () => {
      window.removeEventListener("beforeunload", closing);
      unguard();
    };
  }, [dirty]);

  const leave = useCallback(() => {
    open.current = true;
    if (wanted) location.href = wanted;
  }, [wanted]);
  const stay = useCallback(() => setWanted(null), []);
  const release = useCallback(() => {
    open.current = true;
  }, []);
  return { asking: wanted !== null, stay, leave, release };
}
