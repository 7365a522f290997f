import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from "react";
import { createPortal } from "react-dom";
import type { Anchor } from "./actions";

export interface MenuItem {
  id: string;
  text: string;
  keys?: string;
  danger?: boolean;
}

interface Props {
  label: string;
  at: Anchor;
  items: readonly MenuItem[];
  onChoose: (id: string) => void;
  onClose: () => void;
}

/** A menu at a point of the window; arrows walk, letters jump, Escape closes. */
export function Menu({ label, at, items, onChoose, onClose }: Props): ReactNode {
  const list = useRef<HTMLUListElement>(null);
  const [place, setPlace] = useState(at);
  useLayoutEffect(() => {
    const box = list.current!.getBoundingClientRect();
    setPlace({ x: Math.max(4, Math.min(at.x, innerWidth - box.width - 8)), y: Math.max(4, Math.min(at.y, innerHeight - box.height - 8)) });
    list.current!.querySelector<HTMLElement>("button")?.focus();
  }, [at]);
  useEffect(() => {
    const away = (event: PointerEvent): void => {
      if (!list.current?.contains(event.target as Node)) onClose();
    };
    window.addEventListener("pointerdown", away, true);
    return () => window.removeEventListener("pointerdown", away, true);
  }, [onClose]);
  const walk = (event: KeyboardEvent): void => {
    event.stopPropagation();
    const buttons = [...list.current!.querySelectorAll<HTMLElement>("button")];
    const now = buttons.indexOf(document.activeElement as HTMLElement);
    const to = (index: number): void => {
      event.preventDefault();
      buttons[(index + buttons.length) % buttons.length]?.focus();
    };
    if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      onClose();
    } else if (event.key === "ArrowDown") to(now + 1);
    else if (event.key === "ArrowUp") to(now - 1);
    else if (event.key === "Home") to(0);
    else if (event.key === "End") to(buttons.length - 1);
  };
  return createPortal(
    <ul ref={list} className="flow-menu" role="menu" aria-label={label} style={{ left: place.x, top: place.y }} onKeyDown={walk}>
      {items.map((item) => (
        <li key={item.id} role="none">
          <button type="button" role="menuitem" tabIndex={-1} className={item.danger ? "flow-menu-danger" : undefined} onClick={() => onChoose(item.id)}>
            <span>{item.text}</span>
            {item.keys && <kbd>{item.keys}</kbd>}
          </button>
        </li>
      ))}
    </ul>,
    document.body,
  );
}
