import { useRef, type KeyboardEvent } from "react";
import type { Point } from "../model/document";

export interface KeyTargets {
  /** The node that has the focus. */
  focused: string | null;
  positions: ReadonlyMap<string, Point & { width: number; height: number }>;
  readOnly: boolean;
}

export interface KeyActions {
  open: (id: string) => void;
  rename: (id: string) => void;
  connect: (id: string) => void;
  menu: (id: string) => void;
  focus: (id: string) => void;
  toggle: (id: string) => void;
  remove: () => void;
  selectAll: () => void;
  clear: () => void;
  undo: () => void;
  redo: () => void;
  find: () => void;
  annotate: () => void;
  zoom: (step: 1 | -1) => void;
  moveBegin: (id: string) => boolean;
  moveBy: (by: Point) => void;
  moveEnd: (keep: boolean) => void;
  /** After every key: what had the focus may be gone. */
  keepFocus: () => void;
}

const ARROWS: Record<string, Point> = { ArrowLeft: { x: -1, y: 0 }, ArrowRight: { x: 1, y: 0 }, ArrowUp: { x: 0, y: -1 }, ArrowDown: { x: 0, y: 1 } };
const STEP = 10;
const FAST = 50;

/** The keys of the canvas. While a block is moved by keys, arrows, Enter and Escape belong to that. */
export function useKeys(actions: KeyActions, targets: () => KeyTargets): (event: KeyboardEvent) => void {
  const moving = useRef(false);
  return (event) => {
    if (isTyping(event.target) || event.defaultPrevented) return;
    const now = targets();
    const handled = moving.current ? whileMoving(event, actions, moving) : withControl(event, actions, now) || plain(event, actions, now, moving);
    if (!handled) return;
    event.preventDefault();
    event.stopPropagation();
    setTimeout(actions.keepFocus, 0);
  };
}

export function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

function whileMoving(event: KeyboardEvent, actions: KeyActions, moving: { current: boolean }): boolean {
  const arrow = ARROWS[event.key];
  if (arrow) {
    const step = event.shiftKey ? FAST : STEP;
    actions.moveBy({ x: arrow.x * step, y: arrow.y * step });
    return true;
  }
  const keep = event.key === "Enter" || event.key === " " || event.key.toLowerCase() === "m";
  if (!keep && event.key !== "Escape" && event.key !== "Tab") return false;
  moving.current = false;
  actions.moveEnd(keep || event.key === "Tab");
  return event.key !== "Tab";
}

function withControl(event: KeyboardEvent, actions: KeyActions, { readOnly }: KeyTargets): boolean {
  if (!event.ctrlKey && !event.metaKey) return false;
  if (event.altKey) {
    if (event.code !== "KeyN" || readOnly) return false;
    actions.annotate();
    return true;
  }
  switch (event.key.toLowerCase()) {
    case "z":
      if (!readOnly) (event.shiftKey ? actions.redo : actions.undo)();
      return true;
    case "y":
      if (!readOnly) actions.redo();
      return true;
    case "a":
      actions.selectAll();
      return true;
    case "f":
      actions.find();
      return true;
    default:
      return false;
  }
}

function plain(event: KeyboardEvent, actions: KeyActions, { focused, positions, readOnly }: KeyTargets, moving: { current: boolean }): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.target instanceof HTMLButtonElement) return false;
  if (event.key === "Escape") {
    actions.clear();
    return true;
  }
  if (event.key === "Delete" || event.key === "Backspace") {
    if (!readOnly) actions.remove();
    return true;
  }
  if (event.key === "+" || event.key === "-") {
    actions.zoom(event.key === "+" ? 1 : -1);
    return true;
  }
  const arrow = ARROWS[event.key];
  if (arrow) {
    const next = nearest(focused, positions, arrow);
    if (next) actions.focus(next);
    return true;
  }
  return focused !== null && onBlock(event, actions, focused, readOnly, moving);
}

function onBlock(event: KeyboardEvent, actions: KeyActions, focused: string, readOnly: boolean, moving: { current: boolean }): boolean {
  if (event.key === "Enter") actions.open(focused);
  else if (event.key === " ") actions.toggle(focused);
  else if (event.key === "ContextMenu" || (event.key === "F10" && event.shiftKey)) actions.menu(focused);
  else if (readOnly) return false;
  else if (event.key === "F2") actions.rename(focused);
  else if (event.key.toLowerCase() === "c") actions.connect(focused);
  else if (event.key.toLowerCase() === "m") moving.current = actions.moveBegin(focused);
  else return false;
  return true;
}

/** The item that lies next in a direction: near, and not far off to the side. */
export function nearest(from: string | null, positions: KeyTargets["positions"], way: Point): string | null {
  const here = from === null ? undefined : positions.get(from);
  if (!here) return positions.keys().next().value ?? null;
  const centre = (one: Point & { width: number; height: number }): Point => ({ x: one.x + one.width / 2, y: one.y + one.height / 2 });
  const start = centre(here);
  let best: string | null = null;
  let least = Infinity;
  for (const [id, one] of positions) {
    if (id === from) continue;
    const at = centre(one);
    const ahead = (at.x - start.x) * way.x + (at.y - start.y) * way.y;
    const aside = Math.abs((at.x - start.x) * way.y) + Math.abs((at.y - start.y) * way.x);
    const score = ahead + 2 * aside;
    if (ahead > STEP && score < least) {
      least = score;
      best = id;
    }
  }
  return best;
}
