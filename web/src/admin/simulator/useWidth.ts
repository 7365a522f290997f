import { useCallback, useState } from "react";

/** A reference for an element, and its width in pixels as it changes. */
export function useWidth(first: number): [(element: HTMLElement | null) => (() => void) | void, number] {
  const [width, setWidth] = useState(first);
  const place = useCallback((element: HTMLElement | null) => {
    if (!element) return;
    const observer = new ResizeObserver(([entry]) => setWidth(Math.round(entry!.contentRect.width)));
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return [place, width];
}
