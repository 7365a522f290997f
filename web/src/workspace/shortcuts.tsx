import { useEffect, useRef, type ReactNode } from "react";
import Modal from "@cloudscape-design/components/modal";
import Table from "@cloudscape-design/components/table";
import { useI18n, type TextKey } from "../i18n";

export type ShortcutName =
  | "accept"
  | "reject"
  | "mute"
  | "hold"
  | "keypad"
  | "dial"
  | "next"
  | "previous"
  | "end"
  | "clear"
  | "transfer"
  | "task"
  | "status"
  | "message"
  | "help";

const KEYS: { name: ShortcutName; shown: string; code: string; alt: boolean }[] = [
  { name: "accept", shown: "Alt + A", code: "KeyA", alt: true },
  { name: "reject", shown: "Alt + R", code: "KeyR", alt: true },
  { name: "mute", shown: "M", code: "m", alt: false },
  { name: "hold", shown: "Alt + H", code: "KeyH", alt: true },
  { name: "keypad", shown: "Alt + K", code: "KeyK", alt: true },
  { name: "dial", shown: "Alt + N", code: "KeyN", alt: true },
  { name: "next", shown: "Alt + ↓", code: "ArrowDown", alt: true },
  { name: "previous", shown: "Alt + ↑", code: "ArrowUp", alt: true },
  { name: "message", shown: "Alt + M", code: "KeyM", alt: true },
  { name: "transfer", shown: "Alt + Q", code: "KeyQ", alt: true },
  { name: "end", shown: "Alt + E", code: "KeyE", alt: true },
  { name: "clear", shown: "Alt + C", code: "KeyC", alt: true },
  { name: "task", shown: "Alt + T", code: "KeyT", alt: true },
  { name: "status", shown: "Alt + S", code: "KeyS", alt: true },
  { name: "help", shown: "?", code: "?", alt: false },
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || ["INPUT", "TEXTAREA", "SELECT"].includes(target.tagName));
}

/** Calls `run` for each shortcut. Those without Alt count only outside of fields. */
export function useShortcuts(run: (name: ShortcutName) => void): void {
  const latest = useRef(run);
  latest.current = run;
  useEffect(() => {
    const pressed = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey) return;
      const found = KEYS.find((key) =>
        key.alt ? event.altKey && event.code === key.code : event.key.toLowerCase() === key.code && !event.altKey && !event.repeat && !isTyping(event.target),
      );
      if (!found) return;
      event.preventDefault();
      latest.current(found.name);
    };
    window.addEventListener("keydown", pressed);
    return () => window.removeEventListener("keydown", pressed);
  }, []);
}

export function ShortcutsDialog({ onClose }: { onClose: () => void }): ReactNode {
  const { t } = useI18n();
  return (
    <Modal visible onDismiss={onClose} header={t("shortcuts.title")}>
      <Table
        variant="embedded"
        items={KEYS}
        columnDefinitions={[
          { id: "keys", header: t("shortcuts.keys"), cell: (key) => <kbd>{key.shown}</kbd>, width: 140, isRowHeader: true },
          { id: "does", header: t("shortcuts.does"), cell: (key) => t(`shortcut.${key.name}` as TextKey) },
        ]}
      />
    </Modal>
  );
}
