import { useEffect, useSyncExternalStore } from "react";

let shown: string | undefined;
const listeners = new Set<() => void>();

function show(name: string | undefined): void {
  shown = name;
  listeners.forEach((one) => one());
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Says what the page is about, once it is known: its name takes the place of the identifier in the breadcrumbs. */
export function useCrumb(name: string | undefined): void {
  useEffect(() => {
    show(name);
    return () => show(undefined);
  }, [name]);
}

/** The name of what the page is about. */
export function useCrumbName(): string | undefined {
  return useSyncExternalStore(listen, () => shown);
}
