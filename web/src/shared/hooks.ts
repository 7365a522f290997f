import { useEffect, useRef, useState } from "react";

/** Seconds since the epoch on the server's clock, ticking once a second. */
export function useNow(skew = 0): number {
  const [now, setNow] = useState(() => Date.now() / 1000 + skew);
  useEffect(() => {
    setNow(Date.now() / 1000 + skew);
    const timer = setInterval(() => setNow(Date.now() / 1000 + skew), 1000);
    return () => clearInterval(timer);
  }, [skew]);
  return now;
}

/** Calls `run` at once and then every `seconds`; pauses while the page is hidden. 0 stops the repeats. */
export function usePolling(run: () => void, seconds: number): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    latest.current();
    if (!seconds) return;
    const timer = setInterval(() => !document.hidden && latest.current(), seconds * 1000);
    return () => clearInterval(timer);
  }, [seconds]);
}

/** Asked before the page follows a new address; true keeps it where it is. */
export type RouteGuard = (event: HashChangeEvent) => boolean;
const guards = new Set<RouteGuard>();

export function guardRoute(guard: RouteGuard): () => void {
  guards.add(guard);
  return () => guards.delete(guard);
}

/** The part of the address after `#`, as path segments. */
export function useHashRoute(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (event: HashChangeEvent): void => {
      if (![...guards].some((guard) => guard(event))) setHash(location.hash);
    };
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

export function goTo(...segments: string[]): void {
  location.hash = `#/${segments.map(encodeURIComponent).join("/")}`;
}
