/** The element of a node, which takes the focus. */
export function nodeElement(root: HTMLElement | null, id: string): HTMLElement | null {
  return root?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(id)}"]`) ?? null;
}

const RESTED_FRAMES = 10;
const LONGEST_MS = 2_000;

/**
 * Gives the focus to an item once the dialog about it has let go; a dialog that closes may still move the focus a few
 * frames later. Whoever has gone on to something else keeps the focus there.
 */
export function focusAfterDialog(root: HTMLElement | null, id: string): void {
  const until = performance.now() + LONGEST_MS;
  let rested = 0;
  const look = (): void => {
    const wanted = nodeElement(root, id) ?? root;
    const active = document.activeElement;
    rested = active === wanted ? rested + 1 : 0;
    const free = !active || active === document.body || active === root;
    if (!rested && !free) return;
    if (!rested) wanted?.focus({ preventScroll: true });
    if (rested < RESTED_FRAMES && performance.now() < until) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}
