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

/** The part of the address after `#`, as path segments. */
export function useHashRoute(): string[] {
  const [hash, setHash] = useState(location.hash);
  useEffect(() => {
    const changed = (): void => setHash(location.hash);
    window.addEventListener("hashchange", changed);
    return () => window.removeEventListener("hashchange", changed);
  }, []);
  return hash.replace(/^#\/?/, "").split("/").filter(Boolean).map(decodeURIComponent);
}

export function goTo(...segments: string[]): void {
  location.hash = `#/${segments.map(encodeURIComponent).join("/")}`;
}
