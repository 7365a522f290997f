import { useEffect } from "react";

/** Unsaved work as the browser keeps it against loss. */
export interface Kept {
  at: number;
  name: string;
  description: string;
  content: string;
}

const PREFIX = "switchroom-flow:";
const AFTER_MS = 800;

export function keptKey(instanceId: string, user: string, place: string): string {
  return `${PREFIX}${instanceId}:${user}:${place}`;
}

export function readKept(key: string): Kept | null {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(key) ?? "null");
    return typeof kept === "object" && kept !== null && "content" in kept ? (kept as Kept) : null;
  } catch {
    return null;
  }
}

export function forgetKept(key: string): void {
  try {
    localStorage.removeItem(key);
  } catch {
    /* private mode: there is nothing */
  }
}

/** Keeps the work a moment after each change while it is unsaved; null forgets it. */
export function useKeeper(key: string, work: Omit<Kept, "at"> | null, ready: boolean): void {
  const { name, description, content } = work ?? {};
  useEffect(() => {
    if (!ready) return;
    if (content === undefined) return forgetKept(key);
    const timer = setTimeout(() => {
      try {
        localStorage.setItem(key, JSON.stringify({ at: Date.now() / 1000, name, description, content }));
      } catch {
        /* full or forbidden: the work is kept as long as the page is open */
      }
    }, AFTER_MS);
    return () => clearTimeout(timer);
  }, [key, ready, name, description, content]);
}
